"""The search for values that break a step.

`refute` goes through finite models until one breaks the relation for certain (and then makes it as small as it can), or
until the relation has held in enough of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256

from flint import acb, arb, ctx, fmpq
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from derive.meaning.question import Question, Setting
from derive.refuting.answers import Agreement, Answer, Counterexample, Undecided
from derive.refuting.doubts import doubt_functions, lonely_names
from derive.refuting.evaluation import Evaluator
from derive.refuting.facts import Plan, plan, satisfy
from derive.refuting.inventory import Inventory, Name, relevant_facts, take_stock
from derive.refuting.models import Model, Slot, print_values
from derive.refuting.numbers import Number, as_real, ball, close, differ, plain, same, show, sign_of
from derive.refuting.undefined import Undefined

__all__ = ["Agreement", "Answer", "Counterexample", "Undecided", "agrees", "refute"]

PRECISIONS = (128, 384)
ATTEMPTS = 16
ORDERS = {"<": (-1,), "≤": (-1, 0), ">": (1,), "≥": (1, 0)}
SHRINKING_WORK = 12_000  # nodes evaluated: about 15 ms


@dataclass
class Case:
    """A question made ready: what it talks about, and how its facts are met."""

    question: Question
    inventory: Inventory
    plan: Plan
    seed: bytes
    work: int = 0
    reasons: dict[str, None] = field(default_factory=dict)


@contextmanager
def _precision(bits: int) -> Iterator[None]:
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def prepare(question: Question) -> Case:
    """All that is the same in every model of a question."""
    facts = relevant_facts(question)
    setting = question.setting
    made = plan(facts, setting.definitions, setting.kinds)
    inventory = take_stock(question, facts, (*setting.definitions, *made.definitions))
    return Case(question, inventory, made, _seed(question))


def _seed(question: Question) -> bytes:
    """A hash of the content of the question, the same in every run."""
    parts: list[str] = [question.relation]
    pending: list[Basic] = [question.right, question.left]
    while pending:
        top = pending.pop()
        parts.append(type(top).__name__ if top.args else str(top))
        pending.extend(top.args)
    return sha256("\n".join(parts).encode()).digest()


def refute(question: Question, models: int = 5) -> Answer:
    """A counterexample, the agreement of at least so many models, or why neither was found."""
    if question.relation not in ("=", "≠", *ORDERS):
        return Undecided(f"a step with {question.relation} is not tried in models")
    with _precision(PRECISIONS[0]):
        return _search(prepare(question), models)


def _search(case: Case, models: int) -> Answer:
    if case.inventory.lasting:
        return Undecided(case.inventory.lasting)
    held, sizes, satisfied = 0, set[int](), 0
    attempts = ATTEMPTS if case.question.relation in ("=", "≠") else 2 * ATTEMPTS
    wanted = models if case.question.relation in ("=", "≠") else 3 * models
    for number in range(attempts + (24 if case.plan.equations or case.plan.conditions else 0)):
        model = Model(case.inventory, case.seed, number, dict(case.plan.bounds))
        if not satisfy(model, case.plan):
            continue
        satisfied += 1
        model.touched.clear()
        try:
            verdict, left, right = compare(case, model, thorough=held == 0)
        except Undefined as undefined:
            case.reasons[undefined.reason] = None
            if undefined.lasting:
                return Undecided(undefined.reason)
            continue
        if verdict is False:
            return _report(case, model, left, right)
        if verdict is None:
            continue
        held += 1
        sizes |= _sizes(model)
        if not model.touched:
            return Agreement(held)  # nothing varies: one model is all there are
        if held >= wanted and number >= 4 and (len(sizes) >= 2 or not case.inventory.uppers):
            break
    if satisfied == 0:
        return Undecided("the stated facts could not be satisfied by a model")
    if held < 2:
        reason = next(iter(case.reasons), "the precision did not suffice")
        return Undecided(f"no model tells: {reason}")
    return Agreement(held, tuple(sorted(sizes)))


def _sizes(model: Model) -> set[int]:
    found = {("symbol", symbol.name, 0) for symbol in model.inventory.uppers}
    values = [model.values[slot] for slot in found if slot in model.touched]
    if not values and model.inventory.has_whole:
        return {model.size()}
    return {int(value.p) for value in values if isinstance(value, fmpq)}


def compare(case: Case, model: Model, thorough: bool = False) -> tuple[bool | None, Number, Number]:
    """Whether the relation holds in a model: True as far as the precision goes, False for certain; with both sides.

    Undefined where a side has no value. `thorough` asks for the highest precision before True is said."""
    question = case.question
    best: tuple[bool | None, Number, Number] | None = None
    for level, bits in enumerate(PRECISIONS):
        last = level == len(PRECISIONS) - 1
        with _precision(bits):
            evaluator = Evaluator(model)
            try:
                left = plain(evaluator.evaluate(question.left, {}))
                right = plain(evaluator.evaluate(question.right, {}))
                verdict = _relate(question.relation, left, right)
            except Undefined as undefined:
                if undefined.imprecise and not last:
                    continue
                if best is not None:
                    break
                raise
            finally:
                case.work += evaluator.work
            exact = isinstance(left, fmpq) and isinstance(right, fmpq)
            if verdict is not None and (verdict is False or exact or not thorough or last):
                return verdict, left, right
            if verdict is not None or best is None:
                best = (verdict, left, right)
    assert best is not None
    return best


def _relate(relation: str, left: Number, right: Number) -> bool | None:
    """True or False, None where the enclosures are too wide to tell."""
    if relation == "=":
        if differ(left, right):
            return False
        return True if close(left, right) else None
    if relation == "≠":
        if differ(left, right):
            return True
        return False if same(left, right) else None
    left, right = as_real(left), as_real(right)
    if isinstance(left, acb) or isinstance(right, acb):
        raise Undefined("an order between complex numbers")
    try:
        return sign_of(left - right) in ORDERS[relation]
    except Undefined:
        # as in x + 1/x ≥ 2 at x = 1: equal as far as one can see, which ≤ and ≥ allow
        return True if 0 in ORDERS[relation] and close(left, right) else None


# ------------------------------------------------------------------------------- believing and shrinking


def _report(case: Case, model: Model, left: Number, right: Number) -> Answer:
    """The counterexample in this model, made smaller, unless what the document leaves open could save the step."""
    doubt = doubt_functions(case.question, case.inventory.definitions)
    if doubt is not None:
        return Undecided(doubt)
    facts = relevant_facts(case.question)
    for name in lonely_names(case.question, case.inventory, facts):
        if _matters(case, model, name):
            return Undecided(f"`{name[1]}` stands on one side only and is not defined")
    model, left, right = _shrink(case, model, left, right)
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
    """Put simpler values in the place of each value in turn, while the step still fails and the facts still hold."""
    model.touched.clear()
    compare(case, model)
    limit = case.work + SHRINKING_WORK
    pinned: dict[Slot, None] = {}
    for slot in sorted(model.touched, key=lambda s: (_rank(model, s), [str(part) for part in s])):
        if slot not in model.values:
            continue
        for value in model.candidates(slot):
            if case.work > limit:
                return model, left, right
            trial = model.with_value(slot, value)
            if not satisfy(trial, case.plan, (*pinned, slot)) or trial.values[slot] != value:
                continue
            trial.touched.clear()
            try:
                verdict, new_left, new_right = compare(case, trial)
            except Undefined:
                continue
            if verdict is False:
                model, left, right = trial, new_left, new_right
                break
        pinned[slot] = None
    model.touched.clear()
    compare(case, model)
    return model, left, right


def _rank(model: Model, slot: Slot) -> int:
    """Sizes first: they decide how many other values there are."""
    if slot[0] == "symbol" and model.inventory.is_integer(Symbol(slot[1])):
        return 0
    return 1 if slot[0] == "function" else 2


def agrees(left: Expr, right: Expr, setting: Setting, models: int = 3) -> bool | None:
    """A quick guard: False where the sides differ for certain in some model, True where they agree in all of these
    models in which both are defined, None where there is none."""
    case = prepare(Question(left, "=", right, setting))
    agreed: bool | None = None
    with _precision(PRECISIONS[0]):
        found = 0
        for number in range(3 * models):
            model = Model(case.inventory, case.seed, number, dict(case.plan.bounds))
            if not satisfy(model, case.plan):
                continue
            try:
                verdict, _, _ = compare(case, model)
            except Undefined as undefined:
                if undefined.lasting:
                    return None
                continue
            if verdict is False:
                return False
            if verdict:
                agreed, found = True, found + 1
            if found >= models:
                break
    return agreed
