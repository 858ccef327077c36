"""From a model that breaks a step to a counterexample for people: believed, as small as it can be made, printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from flint import acb, arb, fmpq
from sympy.core.symbol import Symbol

from derive.refuting.answers import Answer, Counterexample, Undecided
from derive.refuting.cases import Case, compare
from derive.refuting.doubts import doubt_functions, doubt_letters, lonely_names
from derive.refuting.evaluation import Evaluator
from derive.refuting.facts import satisfy, verify
from derive.refuting.inventory import Name, relevant_facts
from derive.refuting.models import SIMPLE, Model, Slot, print_values
from derive.refuting.numbers import Number, ball, differ, plain, show
from derive.refuting.undefined import Undefined

SHRINKING_WORK = 12_000  # nodes evaluated: about 15 ms


def report(case: Case, model: Model, left: Number, right: Number) -> Answer:
    """The counterexample in this model, made smaller, unless what the document leaves open could save the step."""
    definitions = case.inventory.definitions
    doubt = doubt_functions(case.question, definitions) or doubt_letters(case.question, definitions)
    if doubt is not None:
        return Undecided(doubt)
    facts = relevant_facts(case.question)
    for name in lonely_names(case.question, case.inventory, facts):
        if name not in case.explained and _matters(case, model, name):
            return Undecided(f"`{name[1]}` stands on one side only and is not defined")
    model, left, right = _shrink(case, model, left, right)
    _touch(case, model)
    digits = _digits(left, right)
    values = print_values(model, [slot for slot in model.touched if slot in model.values])
    values |= _print_defined(case, model)
    return Counterexample(values, show(left, digits), show(right, digits))


def _digits(left: Number, right: Number) -> int:
    """How many digits to print, so that the enclosures as printed are disjoint too."""
    gap = ball(left - right).abs_lower()
    size = ball(left).abs_upper().max(ball(right).abs_upper())
    if not gap > 0:
        return 5
    return next((d for d in range(5, 30) if gap > 4 * size * arb(10) ** (1 - d)), 30)


def _print_defined(case: Case, model: Model) -> dict[str, str]:
    """The values of the symbols that equations among the facts determine."""
    names = case.inventory.names
    heads = [d.head for d in case.plan.definitions if isinstance(d.head, Symbol)]
    printed = {}
    for head in heads:
        if ("symbol", head.name, 0) in names:
            try:
                printed[head.name] = show(plain(Evaluator(model).evaluate(head, {})), 8)
            except Undefined:
                continue
    return printed


def _matters(case: Case, model: Model, name: Name) -> bool:
    """Whether either side changes with the name: where it does not, the step fails whatever the name is."""
    slots = [slot for slot in model.touched if slot[: len(name)] == name]
    for slot in slots:
        if slot[0] == "function":
            return True
        value = model.values[slot]
        for change in (fmpq(1), fmpq(2), fmpq(-1, 3)):
            if isinstance(value, acb) or (case.inventory.is_integer(Symbol(name[1])) and change.q != 1):
                continue
            other = model.with_value(slot, value + change)
            try:
                for side in (case.question.left, case.question.right):
                    before = plain(Evaluator(model).evaluate(side, {}))
                    if differ(before, plain(Evaluator(other).evaluate(side, {}))):
                        return True
            except Undefined:
                return True
    return False


def _shrink(case: Case, model: Model, left: Number, right: Number) -> tuple[Model, Number, Number]:
    """Put simpler values in the place of all values at once, then of each in turn, while the step still fails and the
    facts still hold."""
    model.touched.clear()
    compare(case, model)
    limit = case.work + SHRINKING_WORK
    slots = [slot for slot in model.touched if slot in model.values]
    slots.sort(key=lambda s: (_rank(model, s), [str(part) for part in s]))
    numbers = [slot for slot in slots if _rank(model, slot) == 2]
    for value in SIMPLE:
        if len(numbers) > 1 and all(value in (model.values[slot], *model.candidates(slot)) for slot in numbers):
            smaller = _try(case, model, dict.fromkeys(numbers, value), numbers)
            if smaller is not None:
                model, left, right = smaller
                break
    pinned: list[Slot] = []
    for slot in slots:
        for value in model.candidates(slot):
            if case.work > limit:
                return model, left, right
            smaller = _try(case, model, {slot: value}, [*pinned, slot])
            if smaller is not None:
                model, left, right = smaller
                break
        pinned.append(slot)
    return model, left, right


def _try(
    case: Case, model: Model, changes: Mapping[Slot, Any], pinned: Iterable[Slot]
) -> tuple[Model, Number, Number] | None:
    """The model with these changes and both sides in it, if the facts can hold there and the step still fails."""
    trial = replace(model, values={**model.values, **changes}, touched={})
    if not satisfy(trial, case.plan, pinned) or any(trial.values[slot] != value for slot, value in changes.items()):
        return None
    try:
        verdict, left, right = compare(case, trial)
    except Undefined:
        return None
    return (trial, left, right) if verdict is False else None


def _touch(case: Case, model: Model) -> None:
    """Note as touched all that both sides and the facts make use of."""
    model.touched.clear()
    compare(case, model)
    with suppress(Undefined):
        verify(model, case.plan)


def _rank(model: Model, slot: Slot) -> int:
    """Sizes first: they decide how many other values there are."""
    if slot[0] == "symbol" and model.inventory.is_integer(Symbol(slot[1])):
        return 0
    return 1 if slot[0] == "function" else 2
