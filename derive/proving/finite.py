"""Values of what no finite model evaluates: improper integrals, limits, infinite sums, each by a form that is proved
equal to it. With these in their place a question can be put through models."""

from __future__ import annotations

from dataclasses import replace

from sympy import S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.logic.boolalg import Boolean

from derive.meaning.objects import IntegralOver, LimitAt, Range, SumOver, is_bound, subterms
from derive.meaning.question import Fact, Question, Setting
from derive.proving.book import WITHOUT_RULES
from derive.proving.comparing import normal_sides
from derive.proving.core import Proof
from derive.proving.giveup import Stuck
from derive.proving.integration import evaluate, propose
from derive.proving.prover import prove

MOST_VALUES = 6


def finite_question(question: Question) -> Question | None:
    """The question with each such term replaced by its value, under the conditions of that value; None where there is
    none to be replaced, or one whose value was not found."""
    values: dict[Basic, Expr] = {}
    conditions: list[Boolean] = []
    for side in (question.left, question.right):
        for term in _unbounded(side):
            if term in values:
                continue
            found = _value(term, question.setting) if len(values) < MOST_VALUES else None
            if found is None:
                return None
            values[term] = found[0]
            conditions += found[1]
    if not values:
        return None
    facts = tuple(Fact(condition, "for the value to exist") for condition in conditions)
    setting = replace(question.setting, facts=(*question.setting.facts, *facts))
    left, right = (side.xreplace(values) for side in (question.left, question.right))
    return replace(question, left=left, right=right, setting=setting)


def _unbounded(side: Expr) -> list[Expr]:
    """The outermost terms that no finite model evaluates."""
    found: list[Expr] = []
    stack: list[Basic] = [side]
    while stack:
        top = stack.pop()
        if isinstance(top, Expr) and _is_unbounded(top):
            found.append(top)
        else:
            stack.extend(top.args)
    return found


def _is_unbounded(term: Basic) -> bool:
    if isinstance(term, LimitAt):
        return True
    if not isinstance(term, (IntegralOver, SumOver)) or not isinstance(term.domain, Range):
        return False
    return any(end.is_finite is False for end in (term.domain.lower, term.domain.upper))


def _value(term: Expr, setting: Setting) -> tuple[Expr, tuple[Boolean, ...]] | None:
    """A value that is proved, without any unbounded term, with the conditions of its proof; None where none was found,
    or where a variable bound outside stands in the term."""
    if any(is_bound(symbol) for symbol in term.free_symbols):
        return None
    try:
        value: Expr = term
        if isinstance(term, IntegralOver):
            antiderivative = propose(term, setting)
            if antiderivative is None:
                return None
            value, _ = evaluate(term, antiderivative, setting)
        normaliser, fraction, _ = normal_sides(value, S.Zero, setting)
        value = normaliser.ring.expression(normaliser.limits.standard(fraction))
    except Stuck:
        return None
    if any(_is_unbounded(part) for part in subterms(value)) or not value.free_symbols <= term.free_symbols:
        return None
    proof = prove(Question(term, "=", value, setting), WITHOUT_RULES)
    if not isinstance(proof, Proof):
        return None
    conditions = proof.assumptions()
    if any(not isinstance(condition, Boolean) for condition in conditions):
        return None
    return value, tuple(condition for condition in conditions if isinstance(condition, Boolean))
