r"""How a step is decided by a program that turns LaTeX into SymPy: `simplify(left - right) == 0`.

It is given every help that a user could give: symbols are real, and positive, integer and so on as the conditions of
the step say; `e`, `\pi` and `\Gamma` are what they are called; derivatives, sums and integrals are carried out before.
A difference that is not 0 counts as said to be different only where SymPy's own `equals` says so, and not where an
indefinite integral leaves a constant open. An inequality is decided by `simplify` of the relation; a consequence by
solving the first equation for its one unknown, or by showing that the two are the same up to a constant factor.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.core.random import seed

from ..step import CONSEQUENCE, Step
from . import Answer
from .misreading import misread

Read = Callable[[str], Any]

RELATIONS: dict[str, Callable[[sp.Expr, sp.Expr], Any]] = {
    r"\le": sp.Le, r"\leq": sp.Le, r"\ge": sp.Ge, r"\geq": sp.Ge, "<": sp.Lt, ">": sp.Gt,
}  # fmt: skip


class Unread(Exception):
    """A side that is not read as an expression."""


def decide(read: Read, step: Step) -> Answer:
    """The answer on a step, its sides read by `read` one by one."""
    try:
        sides = _equations(read, step) if step.relation == CONSEQUENCE else _sides(read, (step.left, step.right))
    except Unread as unread:
        return Answer("unread", str(unread))
    seed(0)  # `equals` tries random values
    wrong = misread(step.latex, sides)
    known = assumed([symbol for side in sides for symbol in side.atoms(sp.Symbol)], step.given)
    sides = [_known(side, known) for side in sides]
    if step.relation == CONSEQUENCE:
        return _consequence(sides[0] - sides[1], sides[2] - sides[3], wrong)
    if step.relation != "=":
        return _truth(sp.simplify(RELATIONS[step.relation](*sides)), wrong)
    answer = _zero(sp.simplify((sides[0] - sides[1]).doit()), wrong)
    open_constant = any(
        len(limits) == 1 for side in sides for part in side.atoms(sp.Integral) for limits in part.limits
    )
    return replace(answer, word="undecided") if answer.word == "different" and open_constant else answer


def _known(side: sp.Expr, known: dict[sp.Symbol, sp.Expr]) -> sp.Expr:
    """A side with what is known of its names put in."""
    bound = side.has(sp.Integral, sp.Sum, sp.Product, sp.Limit, sp.Derivative)
    return (side.subs(known) if bound else side.xreplace(known)).replace(sp.Function("Gamma"), sp.gamma)


def _sides(read: Read, texts: tuple[str, ...]) -> list[sp.Expr]:
    found = []
    for text in texts:
        try:
            side = read(text)
        except Exception as refused:
            raise Unread(f"{type(refused).__name__}: {refused}") from refused
        if not isinstance(side, sp.Expr):
            raise Unread(f"read as {type(side).__name__}")
        found.append(side)
    return found


def _equations(read: Read, step: Step) -> list[sp.Expr]:
    left, right = (side.split("=") for side in (step.left, step.right))
    if not len(left) == len(right) == 2:  # an index `i=1` stands in the equation: it is cut at the last sign
        left, right = (side.rsplit("=", 1) for side in (step.left, step.right))
    return _sides(read, (*left, *right))


def assumed(symbols: list[sp.Symbol], given: tuple[str, ...]) -> dict[sp.Symbol, sp.Expr]:
    """Symbols with what is known of them: real, and what the conditions say of a name that stands alone."""
    facts: dict[str, dict[str, bool]] = {}
    for condition in given:
        for name, said in _facts(condition):
            facts.setdefault(name, {}).update(said)
    known: dict[sp.Symbol, sp.Expr] = {}
    for symbol in symbols:
        plain = symbol.name.replace("\\", "").replace("{", "").replace("}", "")
        if plain in ("e", "pi"):
            known[symbol] = sp.E if plain == "e" else sp.pi
        elif symbol.name != "+-":
            family = re.sub(r"_.*", "_i", plain)
            known[symbol] = sp.Symbol(symbol.name, real=True, **facts.get(plain, facts.get(family, {})))
    return known


def _facts(condition: str) -> list[tuple[str, dict[str, bool]]]:
    text = condition.replace("\\", "").replace("{", "").replace("}", "")
    if found := re.match(r"^(\w+) in mathbb([NZ])$", text):
        return [(found[1], {"integer": True, **({"nonnegative": True} if found[2] == "N" else {})})]
    if found := re.match(r"^(\w+) (>|ge) ([0-9])$", text):
        positive = found[2] == ">" or found[3] != "0"
        whole = {"integer": True} if found[1] in ("n", "m", "T", "K", "t") and found[3] != "0" else {}
        return [(found[1], {"positive" if positive else "nonnegative": True, **whole})]
    if found := re.match(r"^(\w+) (<|le) 0$", text):
        return [(found[1], {"negative" if found[2] == "<" else "nonpositive": True})]
    if found := re.match(r"^(\w+) ne 0$", text):
        return [(found[1], {"nonzero": True})]
    if found := re.match(r"^0 < (\w+) < 1$", text):
        return [(found[1], {"positive": True})]
    return []


def _zero(difference: Any, wrong: str) -> Answer:
    if difference == 0:
        return Answer("equal", misread=wrong)
    different = difference.equals(0) is False
    return Answer("different" if different else "undecided", f"the difference is {difference}"[:200], wrong)


def _truth(relation: Any, wrong: str) -> Answer:
    if relation == sp.true:
        return Answer("equal", misread=wrong)
    return Answer("different" if relation == sp.false else "undecided", str(relation)[:200], wrong)


def _consequence(first: sp.Expr, second: sp.Expr, wrong: str) -> Answer:
    unknowns = first.free_symbols
    if len(unknowns) == 1 and not first.atoms(AppliedUndef):
        (unknown,) = unknowns
        solutions = sp.solveset(first, unknown, sp.S.Reals)
        if isinstance(solutions, sp.FiniteSet):
            answers = [_zero(sp.simplify(second.subs(unknown, value)), wrong) for value in solutions]
            return next((answer for answer in answers if answer.word != "equal"), Answer("equal", misread=wrong))
    ratio = sp.simplify(second / first)
    constant = ratio.is_number and ratio != 0
    return Answer("equal" if constant else "undecided", f"the ratio is {ratio}"[:200], wrong)
