"""From a model that breaks a step to a counterexample for people: believed, as small as it can be made, printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from flint import arb
from sympy.core.symbol import Symbol

from derive.meaning.matrices import AnyEntry, Array
from derive.refuting import matrices
from derive.refuting.answers import Answer, Counterexample, Undecided
from derive.refuting.cases import Case, compare
from derive.refuting.dependence import matters
from derive.refuting.doubts import doubt_functions, doubt_letters, doubt_limits, lonely_names
from derive.refuting.evaluation import Evaluator
from derive.refuting.facts import satisfy, verify
from derive.refuting.inventory import relevant_facts
from derive.refuting.models import SIMPLE, Model, Slot, print_values
from derive.refuting.numbers import Number, ball, plain, show
from derive.refuting.undefined import Undefined

SHRINKING_WORK = 16_000  # nodes evaluated: about 20 ms


def report(case: Case, model: Model, left: Number, right: Number) -> Answer:
    """The counterexample in this model, made smaller, unless what the document leaves open could save the step."""
    definitions = case.inventory.definitions
    doubt = (
        doubt_functions(case.question, definitions)
        or doubt_limits(case.question, definitions)
        or doubt_letters(case.question, case.inventory)
    )
    if doubt is not None:
        return Undecided(doubt, otherwise=True)
    facts = relevant_facts(case.question)
    for name in lonely_names(case.question, case.inventory, facts):
        if name not in case.explained and matters(case, model, name):
            return Undecided(f"`{name[1]}` stands on one side only and is not defined")
    model, left, right = _shrink(case, model, left, right)
    _touch(case, model)
    digits = _digits(left, right)
    values = print_values(model, [slot for slot in model.touched if slot in model.values])
    values |= _print_defined(case, model) | _print_formed(case, model, values)
    sides = _shown_matrices(case, model) or (show(left, digits), show(right, digits))
    return Counterexample(values, *sides)


def _print_formed(case: Case, model: Model, values: dict[str, str]) -> dict[str, str]:
    """The values of the matrices with traits, which are made from the entries that were drawn."""
    formed: dict[str, str] = {}
    for name, traits in case.question.setting.traits.items():
        if name in values and traits - matrices.NO_FORM:
            try:
                formed[name] = matrices.shown(matrices.evaluate(Evaluator(model), Array(Symbol(name), "matrix"), {}))
            except Undefined:
                continue
    return formed


def _shown_matrices(case: Case, model: Model) -> tuple[str, str] | None:
    """The sides as matrices, where they are such and print differently."""
    left, right = case.question.left, case.question.right
    if not (isinstance(left, AnyEntry) and isinstance(right, AnyEntry)):
        return None
    one, other = (matrices.shown(matrices.evaluate(Evaluator(model), side.args[0], {})) for side in (left, right))
    return None if one == other else (one, other)


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


def _shrink(case: Case, model: Model, left: Number, right: Number) -> tuple[Model, Number, Number]:
    """Put simpler values in the place of all values at once, then of each in turn, while the step still fails and the
    facts still hold."""
    limit = case.work + SHRINKING_WORK
    numbers = [slot for slot in _open_slots(case, model, ()) if _rank(model, slot) == 2]
    for value in SIMPLE:
        if 1 < len(numbers) <= 4 and all(value in (model.values[slot], *model.candidates(slot)) for slot in numbers):
            smaller = _try(case, model, dict.fromkeys(numbers, value), numbers)
            if smaller is not None:
                model, left, right = smaller
                break
    pinned: list[Slot] = []
    while case.work <= limit and (waiting := _open_slots(case, model, pinned)):
        slot = waiting[0]  # one at a time: smaller sizes and other indices change what is in use
        pinned.append(slot)
        for value in model.candidates(slot):
            smaller = _try(case, model, {slot: value}, pinned)
            if smaller is not None:
                model, left, right = smaller
                break
    return model, left, right


def _open_slots(case: Case, model: Model, pinned: Sequence[Slot]) -> list[Slot]:
    """The values that both sides make use of and that are not pinned, in the order to make them smaller."""
    model.touched.clear()
    compare(case, model)
    slots = [slot for slot in model.touched if slot in model.values and slot not in pinned]
    return sorted(slots, key=lambda s: (_rank(model, s), [str(part) for part in s]))


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
