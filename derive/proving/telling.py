"""A proof told line by line: what each line applies, to which part of which side, and what the side is then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sympy import S
from sympy.core.basic import Basic
from sympy.core.function import Lambda
from sympy.core.symbol import Symbol

from derive.meaning.objects import rename
from derive.meaning.printing import to_latex, to_text
from derive.proving.core import Proof
from derive.proving.places import NoSuchPlace, replace_at
from derive.proving.proof import Line, Side
from derive.proving.rule import NotAnInstance, Rule, instantiate

LETTERS = "ijklmnpqrstuvw"
OPENED = "⋄"  # the first character of the symbols of opened binders
KINDS: Mapping[str, str] = {"integer": "an integer", "natural": "a natural number"}


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a proof in LaTeX: the rule or procedure, the side it changes, the part that it replaces and what by
    (empty where that is the whole side), the side afterwards (for a comparison both sides); what the variables of a
    rule stand for, and the conditions that it demands there, in words."""

    rule: str
    side: Side
    after: str
    part: str = ""
    replacement: str = ""
    bindings: tuple[tuple[str, str], ...] = ()
    conditions: tuple[str, ...] = ()


def tell(proof: Proof, book: Mapping[str, Rule]) -> Iterator[Told]:
    """The lines of a proof, in order."""
    question = proof.question
    sides: dict[Side, Basic] = {"left": question.left, "right": question.right}
    for line in proof.lines:
        if line.side == "both" or question.relation == "⇒":
            sign = question.relation if line.side == "both" and question.relation != "⇒" else r"\Rightarrow"
            yield Told(line.rule, line.side, f"{to_latex(line.before)} {sign} {to_latex(line.after)}")
            continue
        whole = line.before == sides[line.side]
        sides[line.side] = _side_after(sides[line.side], line)
        names = _readable_names(line, sides[line.side])
        rule = book.get(line.rule)
        yield Told(
            line.rule,
            line.side,
            _latex(sides[line.side], names),
            "" if whole else _latex(line.before, names),
            "" if whole else _latex(line.after, names),
            tuple(_binding(name, value, names) for name, value in line.bindings) if rule else (),
            tuple(_conditions(rule, dict(line.bindings), names)) if rule else (),
        )


def _side_after(side: Basic, line: Line) -> Basic:
    try:
        return replace_at(side, line.place, line.before, line.after)
    except NoSuchPlace:
        return line.after


def _readable_names(line: Line, side: Basic) -> dict[Symbol, Symbol]:
    """Letters for the symbols of opened binders."""
    terms = (side, line.before, line.after, *(value for _, value in line.bindings))
    symbols = {symbol for term in terms for symbol in term.free_symbols if isinstance(symbol, Symbol)}
    taken = {symbol.name for symbol in symbols}
    free = (letter for letter in LETTERS if letter not in taken)
    opened = sorted((symbol for symbol in symbols if symbol.name.startswith(OPENED)), key=lambda s: s.name)
    return {symbol: Symbol(next(free, symbol.name)) for symbol in opened}


def _renamed(term: Basic, names: Mapping[Symbol, Symbol]) -> Basic:
    for symbol, letter in names.items():
        term = rename(term, symbol, letter)
    return term


def _latex(term: Basic, names: Mapping[Symbol, Symbol]) -> str:
    return to_latex(_renamed(term, names))


def _binding(name: str, value: Basic, names: Mapping[Symbol, Symbol]) -> tuple[str, str]:
    if isinstance(value, Lambda):
        arguments = ", ".join(to_latex(variable) for variable in value.variables)
        return f"{name}({arguments})", _latex(value.expr, names)
    return name, _latex(value, names)


def _conditions(rule: Rule, bindings: Mapping[str, Basic], names: Mapping[Symbol, Symbol]) -> Iterator[str]:
    """What the rule demands of the bindings, but for what holds by itself."""
    for condition in rule.conditions:
        try:
            made = _renamed(instantiate(condition, bindings), names)
        except NotAnInstance:
            continue
        if made != S.true:
            yield to_text(made)
    for name, kind in rule.kinds:
        value = bindings.get(name)
        if value is not None and not value.is_Number:
            yield f"{to_text(_renamed(value, names))} is {KINDS.get(kind, kind)}"
