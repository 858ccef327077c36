"""Whether the value of a question's sides changes with a name: a name that cancels out of the side it stands on cannot
save a step that fails."""

from __future__ import annotations

from flint import acb, fmpq
from sympy.core.symbol import Symbol

from derive.meaning.question import Question, entrywise
from derive.refuting.cases import PRECISIONS, Case, precision, prepare, values_of_sides
from derive.refuting.evaluation import TOO_MUCH, Evaluator
from derive.refuting.facts import satisfy
from derive.refuting.inventory import Name
from derive.refuting.models import Model
from derive.refuting.numbers import differ
from derive.refuting.undefined import Undefined

CHANGES = (fmpq(1), fmpq(2), fmpq(-1, 3))
MODELS = 3
ATTEMPTS = 9
MOST_WORK = 3_000  # nodes evaluated for a side


def immaterial(question: Question, key: str) -> bool:
    """Whether the sides were seen not to change with what is called `key`, in several models and in none otherwise."""
    question = entrywise(question)
    case = prepare(question)
    names = [name for name in case.inventory.names if name[1] == key]
    if not names:
        return False
    seen = 0
    with precision(PRECISIONS[0]):
        for number in range(ATTEMPTS):
            model = Model(case.inventory, case.seed, number, dict(case.plan.bounds))
            try:
                if not satisfy(model, case.plan):
                    continue
                model.touched.clear()
                values_of_sides(Evaluator(model, 2 * MOST_WORK), question)
                if any(matters(case, model, name) for name in names):
                    return False
                seen += 1
            except Undefined as undefined:
                if undefined.lasting or undefined.reason == TOO_MUCH:
                    return False
            except (ArithmeticError, MemoryError, RecursionError):
                return False
            if seen >= MODELS:
                return True
    return False


def matters(case: Case, model: Model, name: Name) -> bool:
    """Whether either side changes with the name: where it does not, the step fails whatever the name is."""
    arrays = case.inventory.sizes is not None  # whose entries are slots of their own
    slots = [slot for slot in model.touched if slot[: len(name)] == name or (arrays and slot[1] == name[1])]
    for slot in slots:
        if slot[0] == "function":
            return True
        value = model.values[slot]
        for change in CHANGES:
            if isinstance(value, acb) or (case.inventory.is_integer(Symbol(name[1])) and change.q != 1):
                continue
            other = model.with_value(slot, value + change)
            try:
                before, after = (values_of_sides(Evaluator(m), case.question) for m in (model, other))
                if any(differ(a, b) for pair in zip(before, after, strict=True) for a, b in zip(*pair, strict=True)):
                    return True
            except Undefined:
                return True
    return False
