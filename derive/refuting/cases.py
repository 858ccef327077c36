"""A question made ready for models, and the comparison of its two sides in one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256

from flint import acb, ctx, fmpq
from sympy import Rational
from sympy.core.basic import Basic

from derive.meaning.matrices import AnyEntry
from derive.meaning.question import Question
from derive.refuting import matrices
from derive.refuting.evaluation import Evaluator
from derive.refuting.facts import Plan, plan
from derive.refuting.inventory import Inventory, Name, names_in, relevant_facts, take_stock
from derive.refuting.models import Model
from derive.refuting.numbers import Number, as_real, close, differ, plain, same, sign_of
from derive.refuting.undefined import Undefined

PRECISIONS = (128, 384)
MOST_BITS = 10_000  # of a number that Python still writes as decimal digits
ORDERS = {"<": (-1,), "≤": (-1, 0), ">": (1,), "≥": (1, 0)}


@dataclass
class Case:
    """A question made ready: what it talks about, and how its facts are met."""

    question: Question
    inventory: Inventory
    plan: Plan
    seed: bytes
    explained: frozenset[Name] = frozenset()  # names that the premise of the step explains
    work: int = 0
    reasons: dict[str, None] = field(default_factory=dict)


@contextmanager
def precision(bits: int) -> Iterator[None]:
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def prepare(question: Question, premise: Basic | None = None) -> Case:
    """All that is the same in every model of a question."""
    facts = relevant_facts(question)
    setting = question.setting
    made = plan(facts, setting.definitions, setting.kinds)
    inventory = take_stock(question, facts, (*setting.definitions, *made.definitions))
    explained = frozenset(names_in(premise)) if premise is not None else frozenset[Name]()
    return Case(question, inventory, made, _seed(question), explained)


def _seed(question: Question) -> bytes:
    """A hash of the content of the question, the same in every run."""
    parts: list[str] = [question.relation]
    pending: list[Basic] = [question.right, question.left]
    while pending:
        top = pending.pop()
        parts.append(type(top).__name__ if top.args else _leaf(top))
        pending.extend(top.args)
    return sha256("\n".join(parts).encode()).digest()


def _leaf(term: Basic) -> str:
    """A number or name as text, whatever the number of its digits."""
    if isinstance(term, Rational) and max(int(term.p).bit_length(), int(term.q).bit_length()) > MOST_BITS:
        return f"{int(term.p):x}/{int(term.q):x}"
    return str(term)


def compare(
    case: Case, model: Model, thorough: bool = False, evaluator_of: Callable[[Model], Evaluator] = Evaluator
) -> tuple[bool | None, Number, Number]:
    """Whether the relation holds in a model: True as far as the precision goes, False for certain; with both sides.

    Undefined where a side has no value. `thorough` asks for the highest precision before True is said."""
    question = case.question
    best: tuple[bool | None, Number, Number] | None = None
    for level, bits in enumerate(PRECISIONS):
        last = level == len(PRECISIONS) - 1
        with precision(bits):
            evaluator = evaluator_of(model)
            try:
                verdict, left, right = _verdict(evaluator, question)
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


def _verdict(evaluator: Evaluator, question: Question) -> tuple[bool | None, Number, Number]:
    """Whether the relation holds, with the sides; of matrices, with the entries at which it fails or is not decided, if
    there are such."""
    best: tuple[bool | None, Number, Number] | None = None
    for left, right in values_of_sides(evaluator, question):
        verdict = _relate(question.relation, left, right)
        if verdict is False:
            return verdict, left, right
        if best is None or verdict is None:
            best = (verdict, left, right)
    assert best is not None
    return best


def values_of_sides(evaluator: Evaluator, question: Question) -> list[tuple[Number, Number]]:
    """The values of both sides; of matrices, entry by entry. Undefined where they have none."""
    if not (isinstance(question.left, AnyEntry) and isinstance(question.right, AnyEntry)):
        return [(plain(evaluator.evaluate(question.left, {})), plain(evaluator.evaluate(question.right, {})))]
    left, right = (matrices.evaluate(evaluator, side.args[0], {}) for side in (question.left, question.right))
    matrices.same_shape(left, right)
    rows = zip(left, right, strict=True)
    return [(plain(one), plain(two)) for row, other in rows for one, two in zip(row, other, strict=True)]


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
