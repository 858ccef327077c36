"""Laurent expansions: numbers times powers of ε, up to an order that is known.

`shift` is the exponent of the first coefficient; what comes behind the last one is not known. The rules are those of
formal power series (Knuth, The Art of Computer Programming, volume 2, 4.7)."""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb, arb_series, ctx, fmpq

from derive.refuting.functions import LOG, SQRT, Function, apply
from derive.refuting.numbers import ONE, ZERO, Number, invert, is_zero, may_be_zero
from derive.refuting.undefined import Undefined

TERMS = 12
TAYLOR = frozenset(("exp", "log", "sqrt", "sin", "cos", "tan", "atan", "asin"))
"""The functions whose expansions flint encloses."""


@dataclass(frozen=True)
class Expansion:
    """c_0 ε^shift + c_1 ε^(shift + 1) + …, known as far as there are coefficients; the first is not certainly zero."""

    shift: int
    coefficients: tuple[Number, ...]

    @property
    def end(self) -> int:
        """The first exponent whose coefficient is not known."""
        return self.shift + len(self.coefficients)

    def at(self, exponent: int) -> Number:
        """The coefficient of a power of ε."""
        place = exponent - self.shift
        if place >= len(self.coefficients):
            raise Undefined("an expansion that is not long enough", lasting=True)
        return self.coefficients[place] if place >= 0 else ZERO

    def __add__(self, other: Expansion | Number) -> Expansion:
        other = expanded(other)
        low, end = min(self.shift, other.shift), min(self.end, other.end)
        return made(low, [self.at(k) + other.at(k) for k in range(low, end)])

    def __mul__(self, other: Expansion | Number) -> Expansion:
        other = expanded(other)
        count = min(len(self.coefficients), len(other.coefficients))
        products = [
            _total(self.coefficients[k] * other.coefficients[n - k] for k in range(n + 1)) for n in range(count)
        ]
        return made(self.shift + other.shift, products)

    __radd__ = __add__
    __rmul__ = __mul__


def _total(numbers: object) -> Number:
    total: Number = ZERO
    for number in numbers:  # type: ignore[attr-defined]
        total = total + number
    return total


def made(shift: int, coefficients: list[Number]) -> Expansion:
    """An expansion without zeros before its first coefficient."""
    first = 0
    while first < len(coefficients) and is_zero(coefficients[first]):
        first += 1
    return Expansion(shift + first, tuple(coefficients[first : first + TERMS]))


def expanded(number: Expansion | Number) -> Expansion:
    """A number as an expansion."""
    if isinstance(number, Expansion):
        return number
    return made(0, [number, *[ZERO] * (TERMS - 1)])


def epsilon(exponent: int) -> Expansion:
    """A power of ε."""
    return Expansion(exponent, (ONE, *[ZERO] * (TERMS - 1)))


def inverse(x: Expansion) -> Expansion:
    """1 over an expansion."""
    if not x.coefficients or may_be_zero(x.coefficients[0]):
        raise Undefined("a division by something that may be zero", imprecise=bool(x.coefficients))
    first = invert(x.coefficients[0])
    found: list[Number] = [first]
    for n in range(1, len(x.coefficients)):
        found.append(-first * _total(x.coefficients[k] * found[n - k] for k in range(1, n + 1)))
    return made(-x.shift, found)


def power(x: Expansion, exponent: int) -> Expansion:
    """An expansion to the power of an integer."""
    if abs(exponent) > 64:
        raise Undefined("a power too large to expand", lasting=True)
    if exponent < 0:
        return power(inverse(x), -exponent)
    result = expanded(ONE)
    for _ in range(exponent):
        result = result * x
    return result


def composed(function: Function, x: Expansion) -> Expansion:
    """A function of an expansion that tends to a number inside the domain of the function."""
    if function.name not in TAYLOR or x.shift < 0 or x.end < 1:
        raise Undefined(f"{function.name} of this is not expanded", lasting=True)
    middle = x.at(0)
    try:
        value = apply(function, middle)
    except Undefined as undefined:  # at the border of the domain there may be a limit nevertheless
        raise Undefined(f"{function.name} of this is not expanded", imprecise=undefined.imprecise) from None
    if function in (LOG, SQRT) and may_be_zero(middle):
        raise Undefined(f"{function.name} of this is not expanded")
    if x.end == 1:
        return Expansion(0, (value,))
    count = x.end
    before, ctx.cap = ctx.cap, count
    try:
        series = getattr(arb_series([_ball(x.at(k)) for k in range(count)], prec=count), function.name)()
        found = [series[k] for k in range(count)]
    finally:
        ctx.cap = before
    if any(not coefficient.is_finite() for coefficient in found):
        raise Undefined(f"{function.name} of this is not expanded", imprecise=True)
    return made(0, [value, *(ZERO if c.is_zero() else c for c in found[1:])])


def _ball(number: Number) -> arb:
    if isinstance(number, fmpq):
        return arb(number)
    if not isinstance(number, arb):
        raise Undefined("an expansion with complex numbers", lasting=True)
    return number


def limit_of(x: Expansion) -> Number:
    """The value of an expansion for ε → 0; Undefined where it grows without bound."""
    for exponent in range(x.shift, 0):
        coefficient = x.at(exponent)
        if not is_zero(coefficient):
            raise Undefined("a limit that is not a number", imprecise=may_be_zero(coefficient))
    return x.at(0)
