"""Samples of a question: models of its facts, and what each side is worth in them.

`refute` compares both sides where both are defined. Whoever wants to replace one side by the other must also know that
the second is defined wherever the first one is, and that there is a place at all where the conditions hold.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from flint import fmpq
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from derive.meaning.question import Question
from derive.refuting.cases import PRECISIONS, Case, compare, precision, prepare
from derive.refuting.evaluation import Evaluator
from derive.refuting.facts import satisfy
from derive.refuting.models import Model, print_values
from derive.refuting.numbers import plain
from derive.refuting.undefined import Undefined

ATTEMPTS = 60
REDRAWN = 12  # times that the names in the conditions are drawn anew
WHOLE = (1, 2, 0, 3, 4, 5, -1, 6, -2)
FRACTIONS = tuple(fmpq(p, 6) for p in (3, 8, 2, 15, 4, 24, -3, 9, -10, 45, 1))
# the reasons of `Undefined` that are mathematics; the others are limits of the evaluation (and 0^0 is a convention)
NO_VALUE = (
    "division by zero",
    "a negative number",
    "outside its domain",
    "a power of 0",
    "of a negative integer",
    "no case applies",
    "an integer must stand",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A model of the facts of a question: its values for people, whether each side has a value there (None where that
    could not be evaluated), and whether the relation holds there (None where that can't be told)."""

    values: dict[str, str]
    left: bool | None
    right: bool | None
    holds: bool | None = None


def samples(question: Question, most: int = 16) -> Iterator[Sample]:
    """Models that satisfy what the question's setting states, at most so many; none where no model was found."""
    case = prepare(question)
    found = 0
    with precision(PRECISIONS[0]):
        for number in range(ATTEMPTS):
            model = _model(case, number)
            if model is None:
                continue
            model.touched.clear()
            left, right = (_has_value(model, side) for side in (question.left, question.right))
            values = print_values(model, [slot for slot in model.touched if slot in model.values])
            yield Sample(values, left, right, _holds(case, model) if left and right else None)
            found += 1
            if found >= most:
                return


def _model(case: Case, number: int) -> Model | None:
    """A model in which the facts hold: as models are drawn, or with other values for what the conditions speak of."""
    symbols = {s for condition in case.plan.conditions for s in condition.free_symbols if isinstance(s, Symbol)}
    for turn in range(REDRAWN + 1 if symbols else 1):
        model = Model(case.inventory, case.seed, number, dict(case.plan.bounds))
        chance = random.Random(f"{case.seed.hex()} {number} {turn}")
        for symbol in sorted(symbols, key=str) if turn else ():
            slot = ("symbol", symbol.name, 0)
            value = fmpq(chance.choice(WHOLE)) if case.inventory.is_integer(symbol) else chance.choice(FRACTIONS)
            if model.allows(slot, value):
                model.values[slot] = value
        if satisfy(model, case.plan):
            return model
    return None


def _has_value(model: Model, side: Expr) -> bool | None:
    if model.inventory.lasting:
        return None
    try:
        plain(Evaluator(model).evaluate(side, {}))
        return True
    except Undefined as undefined:
        certain = not (undefined.lasting or undefined.imprecise)
        return False if certain and any(reason in undefined.reason for reason in NO_VALUE) else None
    except (ArithmeticError, MemoryError, RecursionError):
        return None


def _holds(case: Case, model: Model) -> bool | None:
    try:
        return compare(case, model)[0]
    except (Undefined, ArithmeticError, MemoryError, RecursionError):
        return None
