"""Definite integrals over intervals, enclosed rigorously."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb, ctx, fmpq

from derive.meaning.objects import Range
from derive.refuting.numbers import Dual, Number, plain, slope_of
from derive.refuting.undefined import Undefined

Integrand = Callable[[Any], Number]


def integrate(evaluator: Any, term: Any, scope: Any) -> Number:
    """The value of an IntegralOver in the evaluator's model."""
    domain = term.domain
    if not isinstance(domain, Range) or term.condition != True:  # noqa: E712 (a SymPy Boolean)
        raise Undefined("an integral over such a domain is not evaluated in a model", lasting=True)
    if any(bound.is_number and not bound.is_finite for bound in (domain.lower, domain.upper)):
        raise Undefined("an improper integral is not evaluated in a model", lasting=True)
    if evaluator.analytic is not None:
        raise Undefined("an integral inside an integral is not evaluated in a model", lasting=True)
    low, high = evaluator.evaluate(domain.lower, scope), evaluator.evaluate(domain.upper, scope)

    def body(x: Any) -> Number:
        return evaluator.evaluate(term.body, {**scope, term.variable: x})

    return _integrate(evaluator, body, low, high)


def _integrate(evaluator: Any, body: Integrand, low: Number, high: Number) -> Number:
    """The integral of a body whose values may carry ε: that of its real part, and of its slope, to which moving
    bounds add the body at the bounds."""
    middle = (plain(low) + plain(high)) / 2
    probe = body(middle)
    tags = [x.tag for x in (probe, low, high) if isinstance(x, Dual)]
    if tags:
        tag = max(tags)

        def real(x: Any) -> Number:
            value = body(x)
            return value.real if isinstance(value, Dual) and value.tag == tag else value

        bottom, top = (x.real if isinstance(x, Dual) and x.tag == tag else x for x in (low, high))
        slope = _integrate(evaluator, lambda x: slope_of(body(x), tag), bottom, top)
        slope = slope + slope_of(high, tag) * real(top) - slope_of(low, tag) * real(bottom)
        return Dual(tag, _integrate(evaluator, real, bottom, top), slope)
    return _enclose(evaluator, body, low, high)


def _enclose(evaluator: Any, body: Integrand, low: Number, high: Number) -> Number:
    refusals: list[Undefined] = []

    def integrand(x: Any, analytic: bool) -> Any:
        evaluator.analytic = analytic
        try:
            value = body(x)
        except Undefined as refusal:
            if refusal.lasting or evaluator.work > evaluator.limit:
                raise
            refusals.append(refusal)
            return acb(arb.nan(), arb.nan())
        finally:
            evaluator.analytic = None
        return acb(arb(value)) if isinstance(value, fmpq) else acb(value)

    start, end = (acb(arb(x)) if isinstance(x, fmpq) else acb(x) for x in (low, high))
    tolerance = arb(2) ** -ctx.prec
    value = acb.integral(integrand, start, end, rel_tol=tolerance, abs_tol=tolerance, eval_limit=600, depth_limit=20)
    if not value.is_finite():
        raise refusals[0] if refusals else Undefined("an integral that cannot be enclosed")
    if not value.imag.contains(0):
        raise Undefined("an integral of a function that is not real there")
    return value if evaluator.inventory.has_complex else value.real
