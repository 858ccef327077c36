"""Approximate values of what no model evaluates rigorously: infinite sums, improper integrals, limits.

For the trial of rules alone, never for the verdict of a step: the radius of what is returned is an estimate of the
error, ten times the difference of two approximations, and proves nothing.

- Infinite sums by Levin's u-transform of the partial sums (Levin, Development of non-linear transformations for
  improving convergence of sequences, 1973; the explicit form in Weniger, 1989, 7.3-5).
- Integrals by the double exponential formulas of Takahasi and Mori, 1974: the trapezoidal rule after a substitution
  that makes the integrand fall like exp(−exp|t|).
- Limits by values very near to the point, or far out.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from flint import acb, arb, fmpq
from sympy import S
from sympy.core.basic import Basic

from derive.meaning.objects import IntegralOver, LimitAt, Range, SumOver
from derive.refuting.cases import Case, precision
from derive.refuting.evaluation import Evaluator
from derive.refuting.models import Model
from derive.refuting.numbers import Number, plain
from derive.refuting.scopes import Scope
from derive.refuting.undefined import Undefined

Real = Any  # flint's arb
MOST_WORK = 150_000
BITS, LIMIT_BITS = 384, 1200
TERMS = (24, 30)
STEPS = (20, 40)  # per unit of the substituted variable
REACH = 5  # of the substituted variable: exp(π/2 sinh 5) is about 10^50
NEAR = (24, 36)  # decimal places from the point of a limit
FAR = (125, 250, 500, 1000)  # where the body of a limit at infinity has no value at a power of 10
LARGEST_ERROR = arb("1e-4")
SMALLEST_ERROR = arb("1e-12")
NEGLIGIBLE = arb("1e-30")


class Approximator(Evaluator):
    """An evaluator that goes to infinity."""

    def __init__(self, model: Model, limit: int = MOST_WORK) -> None:
        super().__init__(model, limit)

    def evaluate(self, term: Basic, scope: Scope) -> Number:
        if isinstance(term, SumOver) and _is_endless(term.domain):
            return _sum(self, term, scope)
        if isinstance(term, IntegralOver) and isinstance(term.domain, Range):
            return _integral(self, term, scope)
        if isinstance(term, LimitAt):
            return _limit(self, term, scope)
        return super().evaluate(term, scope)


def agrees_nearly(case: Case, model: Model) -> bool | None:
    """Whether both sides of an equation, or an inequality between them, seem to hold in a model; None where the
    approximations do not tell, or a side has no value."""
    try:
        with precision(BITS):
            evaluator = Approximator(model)
            left, right = (_real(evaluator.evaluate(side, {})) for side in (case.question.left, case.question.right))
            gap = left - right
            if case.question.relation == "=":
                return False if not gap.contains(0) else _is_small(gap.rad(), left) or None
            if case.question.relation in ("<", "≤"):
                gap = -gap
            elif case.question.relation not in (">", "≥"):
                return None
            return True if gap > 0 else False if gap < 0 else None
    except (Undefined, ArithmeticError, MemoryError, RecursionError, ValueError):
        return None


def _is_small(error: Real, value: Real) -> bool:
    return bool(error < LARGEST_ERROR * (1 + abs(value).abs_upper()))


def _real(value: Number) -> Real:
    value = plain(value)
    if isinstance(value, acb):
        if not value.imag.contains(0):
            raise Undefined("no real number")
        value = value.real
    return arb(value) if isinstance(value, fmpq) else value


def _estimate(better: Real, worse: Real) -> Real:
    """The better one of two approximations, with the error that their difference suggests."""
    error = 10 * abs(better - worse).abs_upper() + SMALLEST_ERROR * (1 + better.abs_upper())
    if not _is_small(error, better):
        raise Undefined("an approximation that does not converge")
    return arb(better.mid(), error.mid())


def _ends(evaluator: Approximator, domain: Range, scope: Scope) -> tuple[Real | None, Real | None]:
    """The ends of a range; None where there is none."""
    infinite = (S.Infinity, S.NegativeInfinity)
    low, high = (None if end in infinite else _real(evaluator.evaluate(end, scope)) for end in domain.args)
    return low, high


# ------------------------------------------------------------------------------------------------- sums


def _is_endless(domain: Basic) -> bool:
    return isinstance(domain, Range) and any(end in (S.Infinity, S.NegativeInfinity) for end in domain.args)


def _sum(evaluator: Approximator, term: SumOver, scope: Scope) -> Real:
    if term.condition != True:  # noqa: E712 (a SymPy Boolean)
        raise Undefined("a condition under such a sum", lasting=True)

    def at(index: int) -> Real:
        return _real(evaluator.evaluate(term.body, {**scope, term.variable: fmpq(index)}))

    low, high = _ends(evaluator, term.domain, scope)
    if low is None and high is None:
        return _levin(at, 0, 1) + _levin(at, -1, -1)
    start = low if low is not None else high
    unique = start.unique_fmpz() if start is not None else None
    if unique is None:
        raise Undefined("a range that does not begin at an integer")
    return _levin(at, int(unique), 1 if low is not None else -1)


def _levin(at: Callable[[int], Real], start: int, step: int) -> Real:
    """The sum of at(start), at(start + step), …; terms that are 0 are passed over."""
    terms: list[Real] = []
    number = 0
    while len(terms) <= TERMS[1] and number < 4 * TERMS[1]:
        value = at(start + number * step)
        number += 1
        if not value.is_zero():
            terms.append(value)
    if len(terms) <= TERMS[1]:
        return sum(terms, arb(0))  # the rest is 0, as far as one can see
    worse, better = (_transform(terms, count) for count in TERMS)
    return _estimate(better, worse)


def _transform(terms: list[Real], count: int) -> Real:
    above, below, total, binomial = arb(0), arb(0), arb(0), 1
    for j in range(count + 1):
        total += terms[j]
        weight = (-1) ** j * binomial * arb(j + 1) ** (count - 2) / terms[j]
        above, below = above + weight * total, below + weight
        binomial = binomial * (count - j) // (j + 1)
    return above / below


# ------------------------------------------------------------------------------------------------ integrals


def _integral(evaluator: Approximator, term: IntegralOver, scope: Scope) -> Real:
    if term.condition != True:  # noqa: E712 (a SymPy Boolean)
        raise Undefined("a condition under such an integral", lasting=True)

    def at(place: Real) -> Real:
        return _real(evaluator.evaluate(term.body, {**scope, term.variable: place}))

    if evaluator.integrals:
        raise Undefined("an integral inside an integral is not approximated", lasting=True)
    evaluator.integrals += 1
    try:
        return _between(at, *_ends(evaluator, term.domain, scope))
    finally:
        evaluator.integrals -= 1


def _between(at: Callable[[Real], Real], low: Real, high: Real) -> Real:
    if low is None and high is None:  # in two halves: |x| has a corner between them
        return _half(at, None, arb(0)) + _half(at, arb(0), None)
    return _half(at, low, high)


def _half(at: Callable[[Real], Real], low: Real, high: Real) -> Real:
    """An integral with one end at least."""
    worse, better = (_trapezoids(at, _substitution(low, high), count) for count in STEPS)
    return _estimate(better, worse)


def _substitution(low: Real, high: Real) -> Callable[[Real], tuple[Real, Real]]:
    """x(t), which runs from one end to the other as t runs over all numbers, and x'(t). One end may be None."""
    half = arb.pi() / 2

    def over_half_line(t: Real) -> tuple[Real, Real]:
        grown = (half * t.sinh()).exp()
        slope = half * t.cosh() * grown
        return (low + grown, slope) if low is not None else (high - grown, slope)

    def between(t: Real) -> tuple[Real, Real]:
        # (b − a) / (1 + e^{−2u}) from the nearer end, so that nothing cancels there
        inner, width = half * t.sinh(), high - low
        share = 1 / (1 + (2 * abs(inner)).exp())
        slope = 2 * half * t.cosh() * width * share * (1 - share)
        return (low + width * share, slope) if t < 0 else (high - width * share, slope)

    return between if low is not None and high is not None else over_half_line


def _trapezoids(at: Callable[[Real], Real], substitution: Callable[[Real], tuple[Real, Real]], count: int) -> Real:
    """The sum outwards from the middle, on each side until nothing more is added."""

    def term(k: int) -> Real:
        place, slope = substitution(arb(fmpq(k, count)))
        return at(place) * slope

    total = term(0)
    for side in (1, -1):
        idle = 0
        for k in range(1, REACH * count + 1):
            more = term(side * k)
            total += more
            idle = idle + 1 if more.abs_upper() <= NEGLIGIBLE * total.abs_upper() else 0
            if idle == count // 2:
                break
    return total / count


# --------------------------------------------------------------------------------------------------- limits


def _limit(evaluator: Approximator, term: LimitAt, scope: Scope) -> Real:
    def at(place: Number) -> Real:
        return _real(evaluator.evaluate(term.body, {**scope, term.variable: place}))

    with precision(LIMIT_BITS):
        if term.point in (S.Infinity, S.NegativeInfinity):
            sign = 1 if term.point is S.Infinity else -1
            try:
                return _estimate(*(at(fmpq(sign * 10**digits)) for digits in reversed(NEAR)))
            except (Undefined, ArithmeticError):
                return _extrapolated([at(fmpq(sign * place)) for place in FAR])
        point = plain(evaluator.evaluate(term.point, scope))
        sides = {"+": (1,), "-": (-1,)}.get(str(term.direction), (1, -1))
        found = []
        for side in sides:
            worse, better = (at(arb(point) + side * arb(fmpq(1, 10**digits))) for digits in NEAR)
            found.append(_estimate(better, worse))
        if len(found) == 2 and not found[0].overlaps(found[1]):
            raise Undefined("a limit that depends on the side")
        return found[0]


def _extrapolated(values: list[Real]) -> Real:
    """Richardson's extrapolation of values at n, 2n, 4n, …, whose error falls like 1/n, 1/n², …"""
    order = 1
    while len(values) > 2:
        values = [(2**order * b - a) / (2**order - 1) for a, b in pairwise(values)]
        order += 1
    return _estimate(values[1], values[0])
