"""Samples of a question: models of its facts, and what each side is worth in them.

`refute` compares both sides where both are defined. Whoever wants to replace one side by the other must also know that
the second is defined wherever the first one is, and that there is a place at all where the conditions hold. Sides lose
their values at special places (a division by zero, the end of a domain), so these are sampled too: 0, 1 and −1.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from flint import fmpq
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from derive.meaning.question import Question
from derive.refuting.approximating import agrees_nearly
from derive.refuting.cases import PRECISIONS, Case, compare, precision, prepare
from derive.refuting.evaluation import Evaluator
from derive.refuting.facts import satisfy
from derive.refuting.models import Model, print_values
from derive.refuting.numbers import plain
from derive.refuting.undefined import Undefined

ATTEMPTS = 60
REDRAWN = 12  # times that the names in the conditions are drawn anew
WHOLE = (1, 2, 0, 3, 4, 5, -1, 6, -2)
SPECIAL = (fmpq(0), fmpq(1), fmpq(-1))
MOST_SPECIAL = 27  # models at special places
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
    """Models that satisfy what the question's setting states, about so many and the special ones; none where no model
    was found."""
    case = prepare(question)
    found = 0
    with precision(PRECISIONS[0]):
        for number in range(ATTEMPTS):
            model = _model(case, number)
            if model is not None:
                yield _sample(case, model)
                found += 1
                if found >= most:
                    break
        yield from (_sample(case, model) for model in _special_models(case))


def near_samples(question: Question, most: int = 6) -> Iterator[Sample]:
    """Samples in which the sides are approximated: whether the relation seems to hold."""
    case = prepare(question)
    models = (_model(case, number) for number in range(ATTEMPTS))
    for model in itertools.islice((model for model in models if model is not None), most):
        model.touched.clear()
        holds = agrees_nearly(case, model)
        yield Sample(print_values(model, [slot for slot in model.touched if slot in model.values]), None, None, holds)


def _sample(case: Case, model: Model) -> Sample:
    model.touched.clear()
    left, right = (_has_value(model, side) for side in (case.question.left, case.question.right))
    values = print_values(model, [slot for slot in model.touched if slot in model.values])
    return Sample(values, left, right, _holds(case, model) if left and right else None)


def _model(case: Case, number: int) -> Model | None:
    """A model in which the facts hold: as models are drawn, or with other values for what the conditions speak of."""
    symbols = {s for condition in case.plan.conditions for s in condition.free_symbols if isinstance(s, Symbol)}
    for turn in range(REDRAWN + 1 if symbols else 1):
        chance = random.Random(f"{case.seed.hex()} {number} {turn}")
        values = {
            symbol: fmpq(chance.choice(WHOLE)) if case.inventory.is_integer(symbol) else chance.choice(FRACTIONS)
            for symbol in (sorted(symbols, key=str) if turn else ())
        }
        model = _with_values(case, number, values)
        if model is not None:
            return model
    return None


def _special_models(case: Case) -> Iterator[Model]:
    """Models in which plain names have special values."""
    plain = {Symbol(name[1]) for name in case.inventory.names if name[0] == "symbol"}
    symbols = sorted(plain - _bounds(case), key=str)
    choices = itertools.product(SPECIAL, repeat=len(symbols)) if symbols else ()
    for number, chosen in enumerate(itertools.islice(choices, MOST_SPECIAL)):
        model = _with_values(case, number, dict(zip(symbols, chosen, strict=True)))
        if model is not None:
            yield model


def _bounds(case: Case) -> set[Symbol]:
    """The ends of ranges: their values decide how large a model is."""
    return {*case.inventory.uppers, *case.inventory.lowers, *case.inventory.indices}


def _with_values(case: Case, number: int, values: dict[Symbol, fmpq]) -> Model | None:
    """A model with these values, where they are allowed; None where the facts do not hold in it."""
    model = Model(case.inventory, case.seed, number, dict(case.plan.bounds))
    for symbol, value in values.items():
        slot = ("symbol", symbol.name, 0)
        if model.allows(slot, value):
            model.values[slot] = value
    return model if satisfy(model, case.plan) else None


def _has_value(model: Model, side: Expr) -> bool | None:
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
