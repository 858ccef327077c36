"""Definite integrals over intervals, enclosed rigorously."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import acb, arb, fmpq

from derive.meaning.objects import Range
from derive.refuting.numbers import Dual, Number, plain, slope_of
from derive.refuting.undefined import Undefined

TOLERANCE = 90  # bits: enough to tell agreement at the first precision
NARROW = arb(2) ** -20

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

    evaluator.integrals += 1
    try:
        return _integrate(evaluator, body, low, high)
    finally:
        evaluator.integrals -= 1


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
        # nothing may be raised through the integration: a refusal is kept, and makes the rest quick if it is final
        if refusals and (refusals[0].lasting or evaluator.work > evaluator.limit):
            return acb(arb.nan(), arb.nan())
        evaluator.analytic = analytic
        try:
            value = body(x)
            return acb(arb(value)) if isinstance(value, fmpq) else acb(value)
        except Undefined as refusal:
            refusals.insert(0 if refusal.lasting else len(refusals), refusal)
        except (ZeroDivisionError, TypeError, ValueError, RecursionError):
            refusals.append(Undefined("an integrand that cannot be evaluated"))
        finally:
            evaluator.analytic = None
        return acb(arb.nan(), arb.nan())

    start, end = (acb(arb(x)) if isinstance(x, fmpq) else acb(x) for x in (low, high))
    tolerance = arb(2) ** -TOLERANCE
    value = acb.integral(integrand, start, end, rel_tol=tolerance, abs_tol=tolerance, eval_limit=600, depth_limit=64)
    if not value.is_finite():
        raise refusals[0] if refusals else Undefined("an integral that cannot be enclosed")
    # Where an argument lies on the cut of a logarithm or root, that is, outside its real domain, the enclosure stays
    # wide; a narrow one says that this happens on next to nothing (as at the end of ∫_0^1 √x).
    if not value.real.rad() < NARROW * (1 + value.abs_upper()) or not value.imag.rad() < NARROW:
        raise Undefined("an integral that cannot be enclosed narrowly")
    if not value.imag.contains(0):
        raise Undefined("an integral of a function that is not real there")
    return value if evaluator.inventory.has_complex else value.real
