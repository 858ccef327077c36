"""What was done from one equation to the next, in words: from the lines that the core replayed."""

from __future__ import annotations

from sympy import Mul, Pow, Rational, fraction
from sympy.core.basic import Basic
from sympy.core.relational import Eq
from sympy.logic.boolalg import Or

from derive.meaning.printing import to_text
from derive.proving.core import Proof
from derive.proving.implying import conjuncts
from derive.proving.proof import Line

BEFORE = "the equation before"
_FUNCTIONS = {
    "logarithm-of-both-sides": "logarithms of both sides",
    "exponential-of-both-sides": "exponentials of both sides",
    "sine-of-both-sides": "sines of both sides",
    "cosine-of-both-sides": "cosines of both sides",
    "tangent-of-both-sides": "tangents of both sides",
    "definition": "definitions put in",
    "derivative": "derivatives carried out",
}
_POWERS = {
    Rational(2): "squares of both sides",
    Rational(1, 2): "square roots of both sides",
    Rational(-1): "reciprocals of both sides",
}
_LONG = 60


def told(proof: Proof) -> str:
    """How the conclusion of an implication follows from its premises."""
    if proof.lines[-1].rule != "combination":
        return proof.explanation()
    parts: dict[str, None] = {}
    for line in proof.lines[:-1]:
        parts.setdefault(_line(line))
    closing = _closing(proof.lines[-1], bool(parts), proof.question.left)
    if closing:
        parts.setdefault(closing)
    return ", ".join(parts)


def _line(line: Line) -> str:
    if line.rule == "power-of-both-sides":
        exponent = dict(line.bindings)["exponent"]
        return _POWERS.get(exponent) or f"both sides to the power {to_text(exponent)}"
    if line.rule == "substitution":
        return f"{to_text(dict(line.bindings)['name'])} put in"
    if line.rule == "combination":
        return f"solved for {_short(line.after.lhs)}" if isinstance(line.after, Eq) else "combined"
    return _FUNCTIONS[line.rule]


def _closing(line: Line, is_last_of_several: bool, premise: Basic) -> str:
    used = [value for name, value in line.bindings if name == "known"]
    if not used:
        return "" if is_last_of_several else "it holds by itself"
    if isinstance(line.after, Or):
        return "a product is 0 where one of its factors is"
    if any(name == "power" for name, _ in line.bindings):
        return "a power is 0 only where its base is"
    if len(used) > 1:
        return "" if is_last_of_several else f"{' and '.join(_short(one) for one in used)}, combined"
    (cofactor,) = (value for name, value in line.bindings if name == "times")
    if isinstance(line.after, Eq) and cofactor.could_extract_minus_sign():
        cofactor = -cofactor  # the sides are exchanged
    if is_last_of_several:
        return "" if cofactor.is_number else f"then {_scaled(cofactor)}"
    if isinstance(used[0], Or):
        return "it holds in either case"
    if cofactor == 1:
        return "the same equation" if isinstance(premise, Eq) else ""
    if used[0] not in conjuncts(premise):
        return ""
    return f"{BEFORE}, {_scaled(cofactor)}" if isinstance(line.after, Eq) else f"both sides {_scaled(cofactor)}"


def _scaled(cofactor: Basic) -> str:
    over, under = fraction(cofactor)
    if under != 1 and over in (1, -1):
        return f"divided by {_short(under * over)}"
    if any(isinstance(part, Pow) and part.exp.is_negative for part in Mul.make_args(cofactor)) or not under.is_number:
        return f"times {_short(over)}, divided by {_short(under)}"
    return f"times {_short(cofactor)}"


def _short(term: Basic) -> str:
    text = to_text(term)
    return text if len(text) <= _LONG else "an expression"
