"""The values of sums, products, powers and functions of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flint import acb, fmpq
from sympy import Max, S
from sympy.core.basic import Basic
from sympy.core.numbers import Rational
from sympy.core.symbol import Symbol
from sympy.functions import ceiling, conjugate, floor, im, re, sign

from derive.meaning.objects import Call, Entry, is_bound, subterms
from derive.refuting import functions
from derive.refuting.conditions import holds
from derive.refuting.inventory import INTEGER_LETTERS
from derive.refuting.numbers import (
    ONE,
    ZERO,
    Dual,
    Number,
    as_integer,
    is_zero,
    plain,
    raise_to_integer,
    settle,
    sign_of,
)
from derive.refuting.scopes import Scope
from derive.refuting.undefined import Undefined

if TYPE_CHECKING:
    from derive.refuting.evaluation import Evaluator


def add(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    total: Number = ZERO
    for part in term.args:
        total = settle(total + evaluator.evaluate(part, scope))
    return total


def multiply(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    total: Number = ONE
    for part in term.args:
        total = settle(total * evaluator.evaluate(part, scope))
    return total


def raise_power(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    base_term, exponent_term = term.args
    if isinstance(exponent_term, Rational) and exponent_term.q == 1:
        return raise_to_integer(evaluator.evaluate(base_term, scope), int(exponent_term.p))
    if base_term is S.Exp1:
        return functions.apply(functions.EXP, evaluator.evaluate(exponent_term, scope), evaluator.analytic)
    base, exponent = evaluator.evaluate(base_term, scope), evaluator.evaluate(exponent_term, scope)
    if isinstance(exponent, fmpq) and exponent.q == 1 and is_integral(evaluator, exponent_term):
        if is_zero(base) and exponent <= 0:
            raise Undefined("0 to the power 0" if exponent == 0 else "a division by zero")
        return raise_to_integer(base, int(exponent.p))
    return functions.power(base, exponent, evaluator.analytic)


def is_integral(evaluator: Evaluator, exponent: Basic) -> bool:
    """Whether an exponent stands for an integer by its symbols, not only by their values in this model."""
    return all(
        is_bound(symbol) or symbol.name in INTEGER_LETTERS or evaluator.inventory.is_integer(symbol)
        for symbol in exponent.free_symbols
        if isinstance(symbol, Symbol)
    ) and not any(isinstance(part, (Entry, Call)) for part in subterms(exponent))


def function(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    row = functions.FUNCTIONS[type(term)]
    if len(term.args) != 1:
        raise Undefined(f"{row.name} of {len(term.args)} arguments", lasting=True)
    return functions.apply(row, evaluator.evaluate(term.args[0], scope), evaluator.analytic)


def absolute(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    x = evaluator.evaluate(term.args[0], scope)
    if evaluator.analytic is not None and isinstance(x, acb):
        return x.real_abs(analytic=evaluator.analytic)
    return functions.absolute(x)


def step(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    x = evaluator.evaluate(term.args[0], scope)
    return functions.step(x, {sign: "sign", floor: "floor", ceiling: "ceiling"}[type(term)])


def extreme(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    values = [evaluator.evaluate(part, scope) for part in term.args]
    return functions.extreme(values, 1 if isinstance(term, Max) else -1)


def complex_part(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    x = evaluator.evaluate(term.args[0], scope)
    if isinstance(x, Dual) or evaluator.analytic is not None:
        raise Undefined("the derivative of a part of a complex number")
    z = acb(x)
    if isinstance(term, re):
        return z.real
    if isinstance(term, im):
        return z.imag
    if isinstance(term, conjugate):
        return z.conjugate() if isinstance(x, acb) else x
    if not z.real > 0:
        raise Undefined("an argument where its branch is a matter of convention")
    return z.arg()


def polygamma(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    order, x = (evaluator.evaluate(part, scope) for part in term.args)
    return functions.apply(functions.polygamma(as_integer(order)), x, evaluator.analytic)


def factorial(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    x = evaluator.evaluate(term.args[0], scope)
    if isinstance(x, fmpq) and x.q == 1:
        if x < 0:
            raise Undefined("the factorial of a negative integer")
        if x > 1000:
            raise Undefined("a number too large to compute with")
        result = 1
        for factor in range(2, int(x.p) + 1):
            result *= factor
        return fmpq(result)
    return functions.apply(functions.GAMMA, x + ONE, evaluator.analytic)


def binomial(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    n, k = (evaluator.evaluate(part, scope) for part in term.args)
    if not (isinstance(k, fmpq) and k.q == 1):
        raise Undefined("a binomial coefficient with a lower part that is no integer")
    if k < 0:
        return ZERO
    if k > 1000:
        raise Undefined("a number too large to compute with")
    result: Number = ONE
    for factor in range(int(k.p)):
        result = result * (n - fmpq(factor)) * fmpq(1, factor + 1)
    return result


def delta(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    difference = plain(evaluator.evaluate(term.args[0], scope) - evaluator.evaluate(term.args[1], scope))
    return ZERO if sign_of(difference) else ONE


def indicator(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    return ONE if holds(evaluator, term.args[0], scope) else ZERO


def cases(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    for branch in term.args:
        if holds(evaluator, branch.args[1], scope):
            return evaluator.evaluate(branch.args[0], scope)
    raise Undefined("no case applies")
