"""The values of limits: the body is expanded in powers of the distance from the point.

Only what has a Laurent expansion there is evaluated: what is made by arithmetic, powers and smooth functions from the
variable, from numbers that do not hold it, and from abstract functions, which are polynomials in a model. The limit is
the constant coefficient where no negative power is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flint import fmpq
from sympy import Add, Mul, Pow, S
from sympy.core.basic import Basic
from sympy.core.numbers import Rational
from sympy.core.symbol import Symbol

from derive.meaning.objects import Call, Entry, LimitAt, occurs
from derive.refuting import functions
from derive.refuting.expansions import Expansion, composed, epsilon, expanded, limit_of, power
from derive.refuting.inventory import name_of
from derive.refuting.numbers import ONE, ZERO, Number
from derive.refuting.scopes import Scope
from derive.refuting.undefined import Undefined

if TYPE_CHECKING:
    from derive.refuting.evaluation import Evaluator


def limit(evaluator: Evaluator, term: LimitAt, scope: Scope) -> Number:
    """The value of a limit in the evaluator's model."""
    if evaluator.frames or evaluator.analytic is not None:
        raise Undefined("a limit inside a derivative or an integral is not evaluated in a model", lasting=True)
    if term.point in (S.Infinity, S.NegativeInfinity):
        variable = epsilon(-1) * (ONE if term.point is S.Infinity else -ONE)
    elif term.point.is_number and not term.point.is_finite:
        raise Undefined("a limit at such a point is not evaluated in a model", lasting=True)
    else:
        variable = epsilon(1) + evaluator.evaluate(term.point, scope)
    return limit_of(expanded(_expand(evaluator, term.body, scope, {term.variable: variable})))


Near = dict[Symbol, Expansion]


def _expand(evaluator: Evaluator, term: Basic, scope: Scope, near: Near) -> Expansion | Number:
    """A term with expansions for some variables; a number where none of them stands in it."""
    if isinstance(term, Symbol) and term in near:
        return near[term]
    if not any(occurs(variable, term) for variable in near):
        value = evaluator.evaluate(term, scope)
        if not isinstance(value, fmpq) and not hasattr(value, "rad"):
            raise Undefined("an expansion with complex numbers", lasting=True)
        return value
    evaluator.work += 10
    if isinstance(term, Add | Mul):
        total: Expansion | Number = ZERO if isinstance(term, Add) else ONE
        for arg in term.args:
            part = _expand(evaluator, arg, scope, near)
            total = total + part if isinstance(term, Add) else total * part
        return total
    if isinstance(term, Pow):
        return _power(evaluator, term, scope, near)
    if type(term) in functions.FUNCTIONS and len(term.args) == 1:
        argument = expanded(_expand(evaluator, term.args[0], scope, near))
        return composed(functions.FUNCTIONS[type(term)], argument)
    if isinstance(term, Call):
        return _call(evaluator, term, scope, near)
    raise Undefined("such a limit is not evaluated in a model", lasting=True)


def _power(evaluator: Evaluator, term: Pow, scope: Scope, near: Near) -> Expansion | Number:
    base, exponent = term.args
    if isinstance(exponent, Rational) and exponent.q == 1:
        return power(expanded(_expand(evaluator, base, scope, near)), int(exponent.p))
    above = _expand(evaluator, exponent, scope, near)
    if base is S.Exp1:
        return composed(functions.EXP, expanded(above))
    below = expanded(_expand(evaluator, base, scope, near))
    if not isinstance(above, Expansion) and isinstance(above, fmpq) and above == fmpq(1, 2):
        return composed(functions.SQRT, below)
    return composed(functions.EXP, composed(functions.LOG, below) * above)


def _call(evaluator: Evaluator, term: Call, scope: Scope, near: Near) -> Expansion | Number:
    name = name_of(term)
    assert name is not None
    if isinstance(term.head, Entry):
        raise Undefined("such a limit is not evaluated in a model", lasting=True)
    arguments = [_expand(evaluator, part, scope, near) for part in term.arguments]
    for definition in evaluator.definitions.get(name, ()):
        parameters = definition.head.arguments
        if any(term.orders) or not all(parameter in definition.parameters for parameter in parameters):
            raise Undefined("such a limit is not evaluated in a model", lasting=True)
        pairs = list(zip(parameters, arguments, strict=True))
        inner = {p: x for p, x in pairs if not isinstance(x, Expansion)}
        return _expand(evaluator, definition.body, inner, {p: x for p, x in pairs if isinstance(x, Expansion)})
    polynomial = evaluator.model.polynomial(name)
    total: Expansion | Number = ZERO
    for exponents, coefficient in polynomial.derivative(term.orders).terms.items():
        product: Expansion | Number = fmpq(coefficient)
        for x, exponent in zip(arguments, exponents, strict=True):
            product = product * power(expanded(x), exponent)
        total = total + product
    return total
