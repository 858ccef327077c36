"""`left ∝ right`: the ratio of the sides must not vary with the variables of the question."""

from __future__ import annotations

from flint import fmpq

from derive.refuting.answers import Agreement, Answer, Counterexample, Undecided
from derive.refuting.cases import Case
from derive.refuting.doubts import doubt_functions, doubt_letters
from derive.refuting.evaluation import Evaluator
from derive.refuting.facts import satisfy
from derive.refuting.models import Model, print_values
from derive.refuting.numbers import Number, differ, invert, plain, show
from derive.refuting.undefined import Undefined

SHIFTS = (fmpq(1), fmpq(1, 2), fmpq(-1, 3))
ATTEMPTS = 12


def search_proportion(case: Case, models: int) -> Answer:
    """A counterexample gives two values of a variable at which the ratio is not the same."""
    question, held = case.question, 0
    if not question.variables:
        return Undecided("in what the sides are proportional is not stated")
    for number in range(ATTEMPTS):
        model = Model(case.inventory, case.seed, number, dict(case.plan.bounds))
        for variable in question.variables:
            if not satisfy(model, case.plan):
                continue
            try:
                before = _ratio(case, model)
                slot = ("symbol", variable.name, 0)
                if slot not in model.values:
                    continue
                for shift in SHIFTS:
                    other = model.with_value(slot, model.values[slot] + shift)
                    if not other.allows(slot, other.values[slot]) or not satisfy(other, case.plan, (slot,)):
                        continue
                    if {k: v for k, v in other.values.items() if k != slot and k in model.values} != {
                        k: v for k, v in model.values.items() if k != slot
                    }:
                        continue  # the facts made something else move as well
                    after = _ratio(case, other)
                    if differ(before, after):
                        return _report(case, model, other, variable.name, before, after)
                    held += 1
            except Undefined as undefined:
                if undefined.lasting:
                    return Undecided(undefined.reason)
        if held >= models:
            break
    return Agreement(held) if held >= 2 else Undecided("no model tells whether the ratio is constant")


def _ratio(case: Case, model: Model) -> Number:
    evaluator = Evaluator(model)
    left = plain(evaluator.evaluate(case.question.left, {}))
    return left * invert(plain(evaluator.evaluate(case.question.right, {})))


def _report(case: Case, model: Model, other: Model, variable: str, before: Number, after: Number) -> Answer:
    definitions = case.inventory.definitions
    doubt = doubt_functions(case.question, definitions) or doubt_letters(case.question, case.inventory)
    if doubt is not None:
        return Undecided(doubt, otherwise=True)
    values = print_values(model, [slot for slot in model.touched if slot in model.values])
    values[variable] += f", then {show(other.values[('symbol', variable, 0)])}"
    return Counterexample(values, f"{show(before)} times the right side", f"{show(after)} times the right side")
