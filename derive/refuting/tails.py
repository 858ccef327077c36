"""Infinite sums of numbers, enclosed by a partial sum and a bound of the rest.

From some index on the ratio of each term to the one before is at most q < 1 in size, so the rest is at most the next
term over 1 − q (Rudin, Principles of Mathematical Analysis, 3.34). The bound of the ratio holds for all later indices
because the terms are products of which each factor has a ratio that falls, in size, or is constant: `r^k`, `(k + c)^e`,
`1/(k + c)!`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flint import arb, fmpq
from sympy import Add, Integer, Mul, Pow, S, expand, factorial
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from derive.meaning.objects import Range, SumOver, fresh, occurs
from derive.refuting.numbers import ZERO, Number, as_integer, ball, invert, settle
from derive.refuting.scopes import Scope
from derive.refuting.undefined import Undefined

if TYPE_CHECKING:
    from derive.refuting.evaluation import Evaluator

BLOCK = 32
MOST_TERMS = 320
NARROW = arb(2) ** -80
REFUSED = "an infinite sum is not evaluated in a model"


def enclosure(evaluator: Evaluator, term: SumOver, scope: Scope) -> Number:
    """A ball that holds the value of an infinite sum. Undefined where no bound of the rest is known."""
    domain = term.domain
    if not isinstance(domain, Range) or domain.upper is not S.Infinity or domain.lower is S.NegativeInfinity:
        raise Undefined(REFUSED, lasting=True)
    if evaluator.frames or evaluator.analytic is not None or term.condition != True:  # noqa: E712 (a SymPy Boolean)
        raise Undefined(REFUSED, lasting=True)
    variable = fresh("k", term)
    body = expand(term.open(variable)[0], mul=True, power_exp=False, power_base=False, log=False, multinomial=False)
    first = as_integer(evaluator.evaluate(domain.lower, scope))
    total: Number = ZERO
    for summand in Add.make_args(body):
        total = settle(total + _summed(evaluator, summand, variable, first, scope))
    return total


def _summed(evaluator: Evaluator, summand: Expr, variable: Symbol, first: int, scope: Scope) -> Number:
    def at(index: int) -> Number:
        value = evaluator.evaluate(summand, {**scope, variable: fmpq(index)})
        if not isinstance(value, fmpq | arb):
            raise Undefined(REFUSED, lasting=True)
        return value

    total: Number = ZERO
    for start in range(first, first + MOST_TERMS, BLOCK):
        for index in range(start, start + BLOCK):
            total = settle(total + at(index))
        following = start + BLOCK
        ratio = _ratio(evaluator, summand, variable, following, scope)
        if ratio < 1:
            rest = abs(ball(at(following))) / (1 - ratio)
            if rest < NARROW * (1 + abs(ball(total))):
                return ball(total) + arb(0, rest.abs_upper())
    raise Undefined("an infinite sum that converges too slowly to be enclosed")


def _ratio(evaluator: Evaluator, summand: Expr, variable: Symbol, index: int, scope: Scope) -> Number:
    """A bound of |t(k + 1) / t(k)| for all k from an index on."""
    bound: Number = arb(1)
    for factor in Mul.make_args(summand):
        if not occurs(variable, factor):
            continue
        base, exponent = factor.as_base_exp() if isinstance(factor, Pow) else (factor, S.One)
        if not occurs(variable, base):
            # r^(a k + b): the ratio is r^a
            step = _slope(exponent, variable)
            value = ball(evaluator.evaluate(base, scope))
            if not isinstance(value, arb):
                raise Undefined(REFUSED, lasting=True)
            bound = bound * abs(value) ** step if step >= 0 else bound * invert(abs(value) ** -step)
        elif isinstance(base, factorial) and isinstance(exponent, Integer) and exponent < 0:
            # 1/(n + a)! has a factors more than 1/n!, each at most 1/(n + 1)
            step = _slope(base.args[0], variable)
            least = _positive(evaluator.evaluate(base.args[0], {**scope, variable: fmpq(index)})) + 1
            if step < 1:
                raise Undefined(REFUSED, lasting=True)
            bound = bound * least ** (int(exponent) * step)
        elif isinstance(exponent, Integer) and (step := _slope(base, variable)) > 0:
            # ((n + a) / n)^e falls to 1 for e > 0, and is at most 1 for e < 0
            here = _positive(evaluator.evaluate(base, {**scope, variable: fmpq(index)}))
            bound = bound * ((here + step) / here) ** max(int(exponent), 0)
        else:
            raise Undefined(REFUSED, lasting=True)
    return bound


def _slope(term: Basic, variable: Symbol) -> int:
    """The integer a of a term a k + b. Undefined for any other."""
    slope = expand(term.xreplace({variable: variable + 1}) - term)
    if not isinstance(slope, Integer):
        raise Undefined(REFUSED, lasting=True)
    return int(slope)


def _positive(number: Number) -> Number:
    value = ball(number)
    if not isinstance(value, arb) or not value > 0:
        raise Undefined(REFUSED)
    return value
