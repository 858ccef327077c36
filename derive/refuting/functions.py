"""The elementary and special functions, each with its domain over the reals and its derivative.

A function is a row of `FUNCTIONS`: exact values at special rationals, the ball function, the set on which it is
defined over the reals, and its derivative by the same functions. Over the complex numbers a logarithm or a root is
taken only in the right half-plane, where all conventions about its branch agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flint import acb, arb, fmpq
from sympy import functions as sf

from derive.refuting.numbers import (
    LARGEST_BITS,
    ONE,
    TWO,
    ZERO,
    Dual,
    Number,
    ball,
    finite,
    invert,
    is_zero,
    plain,
    raise_to_integer,
    sign_of,
)
from derive.refuting.undefined import Undefined

Domain = Callable[[Any], "bool | None"]


@dataclass(frozen=True, slots=True)
class Function:
    """`compute` works on balls; `domain` says of a real ball whether the function is defined on all of it."""

    name: str
    compute: Callable[[Any], Any]
    slope: Callable[[Number], Number] | None
    domain: Domain | None = None
    exact: Mapping[Any, Any] = field(default_factory=dict)
    branched: bool = False


def apply(function: Function, x: Number, analytic: bool | None = None) -> Number:
    """The function at x. `analytic` is None outside of integrals; inside it is Arb's flag."""
    if isinstance(x, Dual):
        if function.slope is None:
            raise Undefined(f"the derivative of {function.name}", lasting=True)
        value = apply(function, x.real, analytic)
        return Dual(x.tag, value, function.slope(x.real) * x.slope)
    if isinstance(x, fmpq):
        known = function.exact.get(x)
        if known is not None:
            return known
        x = arb(x)
    if isinstance(x, acb):
        if x.imag.is_zero() and analytic is None:
            x = x.real
        elif function.branched:
            if analytic is not None and function.name == "log":
                return x.log(analytic=analytic)
            if analytic is not None or not x.real > 0:
                raise Undefined(f"{function.name} where its branch is a matter of convention")
        elif function.domain is not None:
            raise Undefined(f"{function.name} of a complex number")
    if isinstance(x, arb) and function.domain is not None:
        inside = function.domain(x)
        if inside is None:
            raise Undefined(f"{function.name} at the border of its domain", imprecise=True)
        if not inside:
            raise Undefined(f"{function.name} outside its domain")
    if function.name in ("exp", "sinh", "cosh", "gamma") and abs(x.real) > LARGEST_BITS:
        raise Undefined("a number too large to compute with")
    return finite(function.compute(x))


def _above(bound: int) -> Domain:
    return lambda x: True if x > bound else (False if x <= bound else None)


def _at_least(bound: int) -> Domain:
    return lambda x: True if x >= bound else (False if x < bound else None)


def _between(x: Any) -> bool | None:
    return True if abs(x) <= 1 else (False if abs(x) > 1 else None)


def _inside(x: Any) -> bool | None:
    return True if abs(x) < 1 else (False if abs(x) >= 1 else None)


def _not_a_pole(x: Any) -> bool | None:
    if x > 0:
        return True
    if x.contains_integer():
        return False if x.is_integer() else None
    return True


def _square(x: Number) -> Number:
    return x * x


def _root(x: Number) -> Number:
    return apply(SQRT, x)


EXP: Function = Function("exp", lambda x: x.exp(), lambda x: apply(EXP, x), exact={ZERO: ONE})
LOG: Function = Function("log", lambda x: x.log(), invert, _above(0), {ONE: ZERO}, branched=True)
SQRT: Function = Function(
    "sqrt", lambda x: x.sqrt(), lambda x: invert(TWO * _root(x)), _at_least(0), {ZERO: ZERO, ONE: ONE}, True
)
SIN: Function = Function("sin", lambda x: x.sin(), lambda x: apply(COS, x), exact={ZERO: ZERO})
COS: Function = Function("cos", lambda x: x.cos(), lambda x: -apply(SIN, x), exact={ZERO: ONE})
TAN: Function = Function("tan", lambda x: x.tan(), lambda x: ONE + _square(apply(TAN, x)), exact={ZERO: ZERO})
COT: Function = Function("cot", lambda x: x.cot(), lambda x: -(ONE + _square(apply(COT, x))))
SEC: Function = Function("sec", lambda x: x.sec(), lambda x: apply(SEC, x) * apply(TAN, x), exact={ZERO: ONE})
CSC: Function = Function("csc", lambda x: x.csc(), lambda x: -(apply(CSC, x) * apply(COT, x)))
SINH: Function = Function("sinh", lambda x: x.sinh(), lambda x: apply(COSH, x), exact={ZERO: ZERO})
COSH: Function = Function("cosh", lambda x: x.cosh(), lambda x: apply(SINH, x), exact={ZERO: ONE})
TANH: Function = Function("tanh", lambda x: x.tanh(), lambda x: ONE - _square(apply(TANH, x)), exact={ZERO: ZERO})
COTH: Function = Function("coth", lambda x: x.coth(), lambda x: ONE - _square(apply(COTH, x)))
SECH: Function = Function("sech", lambda x: x.sech(), lambda x: -(apply(SECH, x) * apply(TANH, x)), exact={ZERO: ONE})
CSCH: Function = Function("csch", lambda x: x.csch(), lambda x: -(apply(CSCH, x) * apply(COTH, x)))
ASIN: Function = Function("asin", lambda x: x.asin(), lambda x: invert(_root(ONE - _square(x))), _between, {ZERO: ZERO})
ACOS: Function = Function("acos", lambda x: x.acos(), lambda x: -invert(_root(ONE - _square(x))), _between, {ONE: ZERO})
ATAN: Function = Function("atan", lambda x: x.atan(), lambda x: invert(ONE + _square(x)), lambda x: True, {ZERO: ZERO})
ACOT: Function = Function(
    "acot",
    lambda x: (1 / x).atan(),
    lambda x: -invert(ONE + _square(x)),
    _above(0),  # for negative numbers two conventions are in use
)
ASINH: Function = Function(
    "asinh", lambda x: x.asinh(), lambda x: invert(_root(ONE + _square(x))), lambda x: True, {ZERO: ZERO}
)
ACOSH: Function = Function(
    "acosh", lambda x: x.acosh(), lambda x: invert(_root(_square(x) - ONE)), _at_least(1), {ONE: ZERO}
)
ATANH: Function = Function("atanh", lambda x: x.atanh(), lambda x: invert(ONE - _square(x)), _inside, {ZERO: ZERO})
ERF: Function = Function(
    "erf",
    lambda x: x.erf(),
    lambda x: fmpq(2) * apply(EXP, -_square(x)) * invert(arb.pi().sqrt()),
    exact={ZERO: ZERO},
)
ERFC: Function = Function(
    "erfc", lambda x: 1 - x.erf(), lambda x: -ERF.slope(x) if ERF.slope else None, exact={ZERO: ONE}
)
GAMMA: Function = Function(
    "gamma", lambda x: x.gamma(), lambda x: apply(GAMMA, x) * apply(DIGAMMA, x), _not_a_pole, {ONE: ONE, TWO: ONE}
)
LOGGAMMA: Function = Function("log gamma", lambda x: x.lgamma(), lambda x: apply(DIGAMMA, x), _above(0), branched=True)
DIGAMMA: Function = Function("digamma", lambda x: x.digamma(), lambda x: apply(polygamma(1), x), _not_a_pole)


def polygamma(order: int) -> Function:
    """The derivative of the digamma function of this order, on the positive numbers."""
    if order == 0:
        return DIGAMMA
    if order > 20:
        raise Undefined("a polygamma function of such an order", lasting=True)

    def compute(x: Any) -> Any:
        value = acb(x).polygamma(acb(order))
        return value if isinstance(x, acb) else value.real

    return Function(f"polygamma of order {order}", compute, lambda x: apply(polygamma(order + 1), x), _above(0))


FUNCTIONS: dict[type, Function] = {
    sf.exp: EXP, sf.log: LOG, sf.sin: SIN, sf.cos: COS, sf.tan: TAN, sf.cot: COT, sf.sec: SEC, sf.csc: CSC,
    sf.sinh: SINH, sf.cosh: COSH, sf.tanh: TANH, sf.coth: COTH, sf.sech: SECH, sf.csch: CSCH,
    sf.asin: ASIN, sf.acos: ACOS, sf.atan: ATAN, sf.acot: ACOT, sf.asinh: ASINH, sf.acosh: ACOSH, sf.atanh: ATANH,
    sf.erf: ERF, sf.erfc: ERFC, sf.gamma: GAMMA, sf.loggamma: LOGGAMMA, sf.digamma: DIGAMMA,
}  # fmt: skip


def absolute(x: Number) -> Number:
    """|x|; its derivative is undefined at 0."""
    if isinstance(x, Dual):
        if isinstance(plain(x), acb):
            raise Undefined("the derivative of the absolute value of a complex number")
        if (sign := sign_of(x)) == 0:
            raise Undefined("the derivative of the absolute value at 0")
        return x if sign > 0 else -x
    return abs(x)


def extreme(numbers: list[Number], sign: int) -> Number:
    """The largest (sign 1) or smallest (sign -1) of real numbers."""
    best = numbers[0]
    for number in numbers[1:]:
        if isinstance(best, Dual) or isinstance(number, Dual):
            order = sign * sign_of(number - best)
            if order == 0:
                raise Undefined("the derivative of a maximum where it has a corner")
            best = number if order > 0 else best
        elif isinstance(best, acb) or isinstance(number, acb):
            best = number if sign * sign_of(number - best) > 0 else best
        elif isinstance(best, fmpq) and isinstance(number, fmpq):
            best = max(best, number) if sign > 0 else min(best, number)
        else:
            best = ball(best).max(ball(number)) if sign > 0 else ball(best).min(ball(number))
    return best


def step(x: Number, name: str) -> Number:
    """sign, floor or ceiling of x: an integer, whose derivative is 0 where it is continuous."""
    value = plain(x)
    if isinstance(value, acb):
        value = value.real if value.imag.is_zero() else None
    if value is None:
        raise Undefined(f"{name} of a complex number")
    if name == "sign":
        if (sign := sign_of(value)) == 0 and isinstance(x, Dual):
            raise Undefined("the derivative of the sign at 0")
        return fmpq(sign)
    if isinstance(x, Dual) and may_be_integer(value):
        raise Undefined(f"the derivative of the {name} at an integer")
    if isinstance(value, fmpq):
        return fmpq(value.floor() if name == "floor" else value.ceil())
    whole = (value.floor() if name == "floor" else value.ceil()).unique_fmpz()
    if whole is None:
        raise Undefined(f"a {name} that this precision does not tell", imprecise=True)
    return fmpq(whole)


def may_be_integer(x: Any) -> bool:
    """Whether the enclosure of a real number contains an integer."""
    return bool(x.q == 1) if isinstance(x, fmpq) else bool(x.contains_integer())


def root(x: Number, degree: int, analytic: bool | None = None) -> Number:
    """The positive root of a positive number (0 of 0); exact where it is rational."""
    if isinstance(x, Dual):
        value = root(x.real, degree, analytic)
        return Dual(x.tag, value, value * invert(fmpq(degree) * x.real) * x.slope)
    if isinstance(x, fmpq):
        if x < 0:
            raise Undefined("a root of a negative number")
        top, bottom = x.p.root(degree) if x.p else x.p, x.q.root(degree)
        if top**degree == x.p and bottom**degree == x.q:
            return fmpq(top, bottom)
        x = arb(x)
    if isinstance(x, acb) and x.imag.is_zero() and analytic is None:
        x = x.real
    if isinstance(x, acb):
        if analytic is not None:
            return x.sqrt(analytic=analytic) if degree == 2 else x.pow(acb(1) / degree, analytic=analytic)
        if not x.real > 0:
            raise Undefined("a root where its branch is a matter of convention")
        return x.sqrt() if degree == 2 else x.root(degree)
    if x < 0:
        raise Undefined("a root of a negative number")
    if not x >= 0:
        raise Undefined("a root at the border of its domain", imprecise=True)
    return finite(x.sqrt() if degree == 2 else x.root(degree))


def power(base: Number, exponent: Number, analytic: bool | None = None) -> Number:
    """base^exponent for a positive base (and 0 to a positive power)."""
    flat = plain(exponent)
    if analytic is None and not isinstance(plain(base), acb) and sign_of(base) < 0:
        raise Undefined("a power of a negative number")
    if not isinstance(base, Dual) and is_zero(base):
        if not isinstance(exponent, Dual) and sign_of(exponent) > 0:
            return ZERO
        raise Undefined("a power of 0")
    if not isinstance(exponent, Dual) and isinstance(flat, fmpq) and flat.q <= 64 and abs(flat.p) < 10**6:
        lowest = root(base, int(flat.q), analytic) if flat.q != 1 else base
        return raise_to_integer(lowest, int(flat.p))
    if isinstance(base, fmpq) and base == 1:
        return ONE
    return apply(EXP, exponent * apply(LOG, base, analytic), analytic)
