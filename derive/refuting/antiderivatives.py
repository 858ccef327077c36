"""Equations between indefinite integrals: they hold up to a constant, so the derivatives of the sides are compared."""

from __future__ import annotations

from dataclasses import replace

from sympy import Add, Mul, S
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from derive.meaning.objects import Antiderivative, Partial, occurs, subterms
from derive.meaning.question import Question


def differentiated(question: Question) -> Question:
    """An equation between indefinite integrals as the one between the derivatives of its sides; every other question as
    it is. `∫ f dx = ∫ g dx` alone may be meant over all x, and says nothing of f and g at one place: the variable must
    stand outside of the integrals too."""
    if question.relation != "=":
        return question
    variable = _variable(question)
    if variable is None:
        return question
    left, right = (_derivative(side, variable) for side in (question.left, question.right))
    return question if left is None or right is None else replace(question, left=left, right=right)


def _variable(question: Question) -> Symbol | None:
    sides = (question.left, question.right)
    found = {part.variable for side in sides for part in subterms(side) if isinstance(part, Antiderivative)}
    if len(found) != 1:
        return None
    variable: Symbol = found.pop()
    outside = any(
        occurs(variable, term) and not any(isinstance(part, Antiderivative) for part in subterms(term))
        for side in sides
        for term in Add.make_args(side)
    )
    return variable if outside else None


def _derivative(side: Expr, variable: Symbol) -> Expr | None:
    """The derivative of a side by the variable of its integrals; None where an integral stands in anything but a sum,
    with factors that do not hold the variable."""
    terms: list[Expr] = []
    for term in Add.make_args(side):
        integrals = [factor for factor in Mul.make_args(term) if isinstance(factor, Antiderivative)]
        if not integrals:
            if any(isinstance(part, Antiderivative) for part in subterms(term)):
                return None
            terms.append(Partial(term, variable) if occurs(variable, term) else S.Zero)
            continue
        rest = term / integrals[0]
        if len(integrals) > 1 or occurs(variable, rest):
            return None
        terms.append(rest * integrals[0].body)
    return Add(*terms)
