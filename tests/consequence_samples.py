"""Random equations with a point at which they hold, what follows from them, and slips of it that fail at the point.

Whether a slip is false is known from the point alone: nothing of the prover or the refuter takes part in it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sympy import Abs, Eq, Expr, Ge, Gt, Integer, Le, Lt, Or, Pow, Rational, cos, exp, log, sin, sqrt, symbols
from sympy.core.basic import Basic
from sympy.core.relational import Relational

x, y, z = NAMES = symbols("x y z")
Point = Mapping[Expr, Expr]
VALUES = [Rational(p, q) for p, q in [(-3, 1), (-2, 1), (-1, 1), (-1, 2), (0, 1), (1, 2), (1, 1), (2, 1), (3, 1)]]
CLOSE, FAR = 1e-18, 1e-6
DIGITS = 30


@dataclass(frozen=True)
class Sample:
    """A premise that holds at the point, and a conclusion."""

    premise: Basic
    conclusion: Basic
    point: Point
    how: str


def random_point(chance: random.Random) -> dict[Expr, Expr]:
    return {name: chance.choice(VALUES) for name in NAMES}


def random_term(chance: random.Random, depth: int = 2) -> Expr:
    if depth == 0 or chance.random() < 0.15:
        return chance.choice(NAMES) if chance.random() < 0.75 else Integer(chance.choice([-2, -1, 1, 2, 3]))
    one, other = random_term(chance, depth - 1), random_term(chance, depth - 1)
    kind = chance.choice("++-***/^eslra")
    if kind in "+-":
        return one + other if kind == "+" else one - other
    if kind == "*":
        return one * other
    if kind == "/":
        return one / other if other != 0 else one
    if kind == "^":
        return Pow(one, chance.choice([2, 3, -1, -2])) if one != 0 else one
    function = {"e": exp, "s": chance.choice([sin, cos]), "l": log, "r": sqrt, "a": Abs}[kind]
    return function(one) if one != 0 else one


def value(term: Expr, point: Point) -> float | None:
    """The value at a point, None where there is none (or it is not real)."""
    try:
        found = term.xreplace(point).evalf(DIGITS)
    except (ZeroDivisionError, TypeError, ValueError):
        return None
    if not found.is_number or not found.is_finite or found.is_real is not True:
        return None
    return found


def has_value(term: Expr, point: Point) -> bool:
    """Whether a term and all its parts have real values at the point."""
    return value(term, point) is not None and all(has_value(part, point) for part in term.args)


def holds(statement: Basic, point: Point) -> bool | None:
    """Whether a statement certainly holds (True) or fails (False) at the point; None where it has no value or is too
    close to tell."""
    if isinstance(statement, Or):
        found = [holds(part, point) for part in statement.args]
        return None if None in found else any(found)
    if not all(has_value(side, point) for side in statement.args):
        return None
    gap = value(statement.lhs - statement.rhs, point)
    if gap is None:
        return None
    if isinstance(statement, Eq):
        return True if abs(gap) < CLOSE else False if abs(gap) > FAR else None
    if abs(gap) < FAR:
        return True if abs(gap) < CLOSE and isinstance(statement, (Le, Ge)) else None
    return bool(gap < 0) == isinstance(statement, (Lt, Le))


def equation(left: Expr, right: Expr) -> Relational:
    return Eq(left, right, evaluate=False)


def random_equation(chance: random.Random, point: Point) -> Relational | None:
    """An equation that holds at the point and hardly anywhere else; the right side is bent to fit."""
    left, right = random_term(chance), random_term(chance, 1)
    if not (has_value(left, point) and has_value(right, point)):
        return None
    gap = left.xreplace(point) - right.xreplace(point)
    if gap.free_symbols or not gap.is_rational:
        return None
    made = equation(left, right + gap)
    return made if made.lhs != made.rhs else None


# ---------------------------------------------------------------- what follows, by one function on both sides


def _operation(change: Callable[[Expr, Expr], Expr]) -> Callable[[Relational, Expr], Relational]:
    return lambda premise, other: equation(change(premise.lhs, other), change(premise.rhs, other))


OPERATIONS: dict[str, Callable[[Relational, Expr], Relational]] = {
    "added": _operation(lambda side, other: side + other),
    "multiplied": _operation(lambda side, other: (side * other).expand()),
    "divided": _operation(lambda side, other: side / other if other != 0 else side),
    "squared": _operation(lambda side, _: side**2),
    "square root": _operation(lambda side, _: sqrt(side)),
    "exponential": _operation(lambda side, _: exp(side)),
    "logarithm": _operation(lambda side, _: log(side) if side != 0 else side),
    "reciprocal": _operation(lambda side, _: 1 / side if side != 0 else side),
    "all on one side": lambda premise, other: equation(premise.lhs - premise.rhs, 0),
    "exchanged": lambda premise, other: equation(premise.rhs, premise.lhs),
    "expanded": lambda premise, other: equation(premise.lhs.expand(), premise.rhs),
}


def follow(chance: random.Random, premise: Relational) -> tuple[Relational, str]:
    """An equation that follows from the premise wherever it has a value."""
    how = chance.choice(list(OPERATIONS))
    return OPERATIONS[how](premise, random_term(chance, 1)), how


# -------------------------------------------------------- steps backwards, which may lose what they start from


def random_fallacy(chance: random.Random, point: Point) -> Sample | None:
    """A premise made from an equation that fails at the point, such that it holds there: a factor that is 0 there, a
    square, a root, a magnitude taken away. The conclusion is false at the point."""
    left, right = random_term(chance, 1), random_term(chance, 1)
    conclusion = equation(left, right)
    if holds(conclusion, point) is not False:
        return None
    kind = chance.choice(["factor", "factor", "square", "magnitude", "cosine", "power", "product"])
    if kind == "factor":
        factor = random_term(chance, 1)
        if not has_value(factor, point):
            return None
        factor = factor - factor.xreplace(point)
        premise: Basic = equation(factor * left, factor * right)
        if chance.random() < 0.5:
            premise = equation((factor * (left - right)).expand(), 0)
    elif kind in ("square", "magnitude", "cosine"):
        function = {"square": lambda t: t**2, "magnitude": Abs, "cosine": cos}[kind]
        shift = value(left, point)
        if shift is None:
            return None
        right = right - right.xreplace(point) - left.xreplace(point)
        premise, conclusion = equation(function(left), function(right)), equation(left, right)
    elif kind == "power":
        name = chance.choice(NAMES)
        number = name.xreplace(point)
        premise, conclusion = equation(name**2, number**2), equation(name, -number)
    else:
        other = random_term(chance, 1)
        if not has_value(other, point):
            return None
        premise = equation((left - right) * (other - other.xreplace(point)), 0)
    if holds(premise, point) is not True or holds(conclusion, point) is not False:
        return None
    return Sample(premise, conclusion, point, kind)


def slip(chance: random.Random, statement: Relational) -> Relational:
    """The statement with one number, sign or name changed."""
    parts = [
        part for side in statement.args for part in _parts(side) if part.is_Rational or part.is_Symbol or part.is_Add
    ]
    if not parts:
        return statement
    old = chance.choice(parts)
    new: Expr
    if old.is_Symbol:
        new = chance.choice([name for name in NAMES if name != old])
    elif old.is_Add:
        term = chance.choice(old.args)
        new = old - 2 * term
    else:
        new = chance.choice([old + 1, -old, old * 2])
    left, right = statement.args
    if chance.random() < 0.5:
        left = left.xreplace({old: new})
    else:
        right = right.xreplace({old: new})
    return statement.func(left, right, evaluate=False)


def _parts(term: Expr) -> list[Expr]:
    return [term, *(part for arg in term.args for part in _parts(arg))]


# ------------------------------------------------------------------------------------------------ inequalities


def random_inequality(chance: random.Random, point: Point) -> Relational | None:
    left, right = random_term(chance), random_term(chance, 1)
    made = chance.choice([Lt, Le, Gt, Ge])(left, right, evaluate=False)
    return made if holds(made, point) else None


def doubtful(chance: random.Random, premise: Relational) -> tuple[Relational, str]:
    """A step from an inequality that holds only for some signs."""
    other = random_term(chance, 1)
    left, right = premise.args
    turned = {Lt: Gt, Gt: Lt, Le: Ge, Ge: Le}[type(premise)]
    how = chance.choice(["times", "divided", "squared", "root", "logarithm", "reciprocal", "exponential", "added"])
    changes: dict[str, Callable[[Expr], Expr]] = {
        "times": lambda side: side * other,
        "divided": lambda side: side / other if other != 0 else side,
        "squared": lambda side: side**2,
        "root": sqrt,
        "logarithm": lambda side: log(side) if side != 0 else side,
        "reciprocal": lambda side: 1 / side if side != 0 else side,
        "exponential": exp,
        "added": lambda side: side + other,
    }
    kind = turned if chance.random() < 0.4 else type(premise)
    return kind(changes[how](left), changes[how](right), evaluate=False), how
