"""Evaluation in random structures: what no finite model can evaluate is interpreted, by something that obeys the laws
which field algebra, linearity and renaming use, and no others.

An improper integral or infinite sum becomes a random linear functional of its body (the same for the same domain, and
the same wherever an index was only shifted); a limit the value of its body very near to the point, but for a small
error; an uninterpreted term a random function of the values of its parts. Whoever claims that two terms have one
normal form claims that they agree in every such structure. This is a second route beside the normal form, never a
refutation.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from flint import acb, arb, fmpq
from sympy import S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.symbol import Str
from sympy.core.symbol import Symbol as Letter

from derive.meaning.laws import Space
from derive.meaning.objects import Antiderivative, IntegralOver, LimitAt, Opaque, Range, SumOver
from derive.meaning.question import Question
from derive.refuting.answers import Counterexample
from derive.refuting.evaluation import Evaluator
from derive.refuting.numbers import ZERO, Number, plain, settle
from derive.refuting.refuter import agrees, refute
from derive.refuting.scopes import Scope
from derive.refuting.undefined import Undefined

NODES = 3
NEAR = fmpq(1, 10**24)
SLACK = 1e-9
MODELS = 2
MOST_WORK = 5000  # nodes evaluated in one model


def objects_to(question: Question, interpreted: bool = False) -> bool:
    """Whether evaluation contradicts what was found to hold. With `interpreted`, in random structures too."""
    try:
        if question.relation == "=":
            kind = Structure if interpreted else Evaluator
            left, right = question.left, question.right
            return agrees(left, right, question.setting, MODELS, lambda model: kind(model, MOST_WORK)) is False
        return isinstance(refute(question, models=MODELS), Counterexample)
    except (RecursionError, ArithmeticError, MemoryError):
        return False


class Structure(Evaluator):
    """An evaluator that gives everything a value."""

    def model_number(self) -> int:
        """Which of the random structures this is."""
        return int(getattr(self.model, "number", 0))

    def evaluate(self, term: Basic, scope: Scope) -> Number:
        handler = _INTERPRETED.get(type(term))
        if handler is None or (isinstance(term, SumOver | IntegralOver) and _is_evaluated(term)):
            return super().evaluate(term, scope)
        self.work += 1
        if self.work > self.limit:
            raise Undefined("too much work to evaluate")
        return handler(self, term, scope)


def _is_evaluated(term: SumOver | IntegralOver) -> bool:
    """Whether a sum or integral is over a range with finite ends, or the values of a random variable, so that models
    evaluate it as what it is."""
    domain = term.domain
    if isinstance(domain, Space):
        return True
    return isinstance(domain, Range) and not any(end in (S.Infinity, S.NegativeInfinity) for end in domain.args)


def _random(*content: object) -> fmpq:
    """A small rational, the same for the same content."""
    digits = blake2b("|".join(map(str, content)).encode(), digest_size=8).digest()
    return fmpq(1 + int.from_bytes(digits[:4], "big") % 97, 1 + int.from_bytes(digits[4:], "big") % 89)


def _words(value: Number) -> str:
    """A value as text, to ten digits: equal for equal values."""
    value = plain(value)
    if isinstance(value, fmpq):
        value = arb(value)
    parts = (value.real, value.imag) if isinstance(value, acb) else (value,)
    return " ".join(part.str(10, radius=False) for part in parts)


def _sum(structure: Structure, term: SumOver, scope: Scope) -> Number:
    domain = term.domain
    if not isinstance(domain, Range):
        return _functional(structure, term, scope, [fmpq(k + 1) for k in range(NODES)])
    if domain.lower is S.NegativeInfinity:
        return _functional(structure, term, scope, [fmpq(k) for k in range(-1, NODES - 1)])
    lower = plain(structure.evaluate(domain.lower, scope))
    return _functional(structure, term, scope, [lower + k for k in range(NODES)], "from its beginning")


def _integral(structure: Structure, term: IntegralOver, scope: Scope) -> Number:
    key = _key(structure, term.domain, scope)
    low, high = (_end(structure, end, scope) for end in _ends(term.domain))
    nodes = []
    for k in range(NODES):
        step = _random(structure.model_number(), key, k)
        nodes.append(low + step if low is not None else high - step if high is not None else step * (-1) ** k)
    return _functional(structure, term, scope, nodes, key)


def _ends(domain: Basic) -> tuple[Basic | None, Basic | None]:
    return (domain.args[0], domain.args[1]) if isinstance(domain, Range) else (None, None)


def _end(structure: Structure, end: Basic | None, scope: Scope) -> Number | None:
    if end is None or end in (S.Infinity, S.NegativeInfinity):
        return None
    return plain(structure.evaluate(end, scope))


def _functional(structure: Structure, term: Any, scope: Scope, nodes: list[Number], key: str = "") -> Number:
    total: Number = ZERO
    for k, node in enumerate(nodes):
        inner = {**scope, term.variable: node}
        weight = _random(structure.model_number(), "weight", key, type(term).__name__, k)
        part = structure.evaluate(term.body, inner)
        if term.condition != True:  # noqa: E712 (a SymPy Boolean)
            raise Undefined("a condition under such a sum", lasting=True)
        total = settle(total + weight * part)
    return total


def _limit(structure: Structure, term: LimitAt, scope: Scope) -> Number:
    """The body very near to the point, as a ball that holds the limit if the body tends to it as fast as a root."""
    sign = -1 if term.direction == "-" or term.point is S.NegativeInfinity else 1
    if term.point in (S.Infinity, S.NegativeInfinity):
        place: Number = sign / NEAR
    else:
        place = plain(structure.evaluate(term.point, scope)) + sign * NEAR
    value = structure.evaluate(term.body, {**scope, term.variable: place})
    if isinstance(value, fmpq):
        value = arb(value)
    if not isinstance(value, arb | acb):
        raise Undefined("the derivative of a limit", lasting=True)
    radius = arb(0, SLACK * (1 + float(value.abs_upper())))
    return value + (radius if isinstance(value, arb) else acb(radius, radius))


def _indefinite(structure: Structure, term: Antiderivative, scope: Scope) -> Number:
    total: Number = ZERO
    for k in range(NODES):
        node = _random(structure.model_number(), "node", term.variable, k)
        total = settle(
            total + _random(structure.model_number(), k) * structure.evaluate(term.body, {**scope, term.variable: node})
        )
    return total


def _opaque(structure: Structure, term: Opaque, scope: Scope) -> Number:
    return _random(structure.model_number(), _key(structure, term, scope))


def _key(structure: Structure, term: Basic, scope: Scope) -> str:
    """What tells an uninterpreted term from others: its form, and the values of the expressions in it."""
    if isinstance(term, Expr) and not isinstance(term, Opaque) and term not in (S.Infinity, S.NegativeInfinity):
        return _words(structure.evaluate(term, scope))
    if isinstance(term, Str | Letter) or not term.args:
        return str(term)
    inner = ",".join(_key(structure, arg, scope) for arg in term.args)
    return f"{type(term).__name__}({inner})"


_INTERPRETED: dict[type, Callable[[Structure, Any, Scope], Number]] = {
    SumOver: _sum,
    IntegralOver: _integral,
    LimitAt: _limit,
    Antiderivative: _indefinite,
    Opaque: _opaque,
}
