r"""pycodemath: `check_equal` and `check_steps`, as far as its notation goes.

It reads no LaTeX: formulas without indices, sums, derivatives, integrals, limits and named functions are rewritten in
its notation (`\frac{a}{b}` as `((a)/(b))`). It takes no conditions either, and its symbols are complex, so that steps
that need a condition are no question for it, and a counterexample with a value that is not real tells nothing here. A
refuted consequence that only gains solutions is a consequence still: the second equation is implied, which it does not
prove.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..step import CONSEQUENCE, Step
from . import Answer, Ask, Word

FUNCTIONS = {
    "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "exp": "exp",
    "log": "log", "ln": "log", "arctan": "atan", "arcsin": "asin", "arccos": "acos", "max": "max", "Gamma": "gamma",
}  # fmt: skip
GREEK = frozenset({"alpha", "beta", "theta", "lambda", "mu", "sigma", "tau", "phi", "omega"})
SPACES = frozenset({r"\,", r"\;", r"\!", r"\:"})
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|[A-Za-z]|\S")


class Outside(ValueError):
    """What pycodemath has no notation for."""


def load() -> Ask:
    from pycodemath.core.errors import PycodemathError
    from pycodemath.verify import check_equal, check_steps

    words: dict[str, Word] = {"verified": "equal", "refuted": "different", "undecided": "undecided"}

    def answer(step: Step) -> Answer:
        try:
            if step.given:
                raise Outside("a condition")
            left, right = translate(step.left), translate(step.right)
            if step.relation == "=":
                verdict = check_equal(left, right)
                word = words[verdict.status.value]
                return Answer("undecided" if "*I" in verdict.detail else word, verdict.detail)
            if step.relation != CONSEQUENCE:
                raise Outside("an inequality")
            (check,) = check_steps([left, right]).checks
            if check.effect == "gains-roots":
                return Answer("undecided", check.verdict.detail)
            return Answer(words[check.verdict.status.value], check.verdict.detail)
        except (Outside, PycodemathError) as refused:
            return Answer("unread", str(refused))

    return answer


def translate(latex: str) -> str:
    """A formula in pycodemath's notation. Raises Outside."""
    tokens = [token for token in _TOKEN.findall(re.sub(r"\\(left|right)\b", "", latex)) if token not in SPACES]
    return "".join(_write(tokens))


def _write(tokens: list[str]) -> Iterator[str]:
    """The tokens up to a closing brace, which is taken off; `tokens` is used up on the way."""
    while tokens:
        token = tokens.pop(0)
        if token == "}":
            return
        yield _one(token, tokens)


def _one(token: str, tokens: list[str]) -> str:
    name = token[1:]
    if token == r"\frac":
        if tokens[:2] in (["{", "d"], ["{", r"\partial"]):
            raise Outside("a derivative")
        return f"(({_argument(tokens)})/({_argument(tokens)}))"
    if token == r"\sqrt":
        root = "".join(_bracket(tokens)) or "2"
        return f"(({_argument(tokens)})^(1/({root})))" if root != "2" else f"sqrt({_argument(tokens)})"
    if token == r"\binom":
        return f"binomial({_argument(tokens)},{_argument(tokens)})"
    if token in ("^", "_"):
        if token == "_":
            raise Outside("an index")
        return f"^({_argument(tokens)})"
    if token == "{":
        return f"({''.join(_write(tokens))})"
    if token.startswith("\\") and name in FUNCTIONS:
        return _call(FUNCTIONS[name], tokens)
    if token == "|":
        end = tokens.index("|") if "|" in tokens else -1
        if end < 0:
            raise Outside("a bar")
        inside, tokens[:] = tokens[:end], tokens[end + 1 :]
        return f" abs({''.join(_write(inside))})"
    if token == r"\cdot":
        return "*"
    if token == r"\pi" or name in GREEK:
        return " lamda " if name == "lambda" else f" {name} "
    if token == "e":
        return " E "
    if token.startswith("\\") or token in ("'", "&"):
        raise Outside(token)
    if token in ("f", "g") and tokens[:1] in (["("], ["'"]):
        raise Outside("a named function")
    return f" {token} " if token.isalpha() else token


def _argument(tokens: list[str]) -> str:
    if not tokens:
        raise Outside("an argument is missing")
    token = tokens.pop(0)
    if token == "{":
        return "".join(_write(tokens))
    if token.isdigit() and len(token) > 1:  # \frac12
        tokens.insert(0, token[1:])
        return token[0]
    return _one(token, tokens)


def _bracket(tokens: list[str]) -> Iterator[str]:
    if tokens[:1] == ["["]:
        tokens.pop(0)
        while tokens and (token := tokens.pop(0)) != "]":
            yield token


def _call(function: str, tokens: list[str]) -> str:
    """A function with its argument: in parentheses, or the next operand; `\\sin^2 x` is the square."""
    power = ""
    if tokens[:1] == ["^"]:
        tokens.pop(0)
        power = f"^({_argument(tokens)})"
    if tokens[:1] == ["_"]:
        raise Outside("a base")
    if tokens[:1] == ["("]:
        end = _closing(tokens)
        inside, tokens[:] = tokens[1:end], tokens[end + 1 :]
        written = "".join(_write(inside))
    else:
        if tokens and tokens[0].isdigit():  # \cos 2x
            raise Outside("an argument without parentheses")
        written = _argument(tokens)
        while tokens[:1] == ["^"]:
            tokens.pop(0)
            written = f"({written})^({_argument(tokens)})"
    return f" ({function}({written})){power}" if power else f" {function}({written})"


def _closing(tokens: list[str]) -> int:
    """Where the parenthesis that opens these tokens is closed."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token == "(") - (token == ")")
        if depth == 0:
            return place
    raise Outside("a parenthesis is not closed")
