"""The numbers of an evaluation: exact rationals, balls that enclose a real or complex number, and dual numbers.

A rational stays exact as long as nothing transcendental touches it. A ball (`arb`, `acb`) encloses the number meant;
its precision is that of `flint.ctx`. A `Dual` is `real + slope·ε` with ε² = 0; its `tag` says which derivative is being
taken, so that derivatives inside derivatives do not mix their ε (the inner one has the larger tag).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import acb, arb, ctx, fmpq, fmpz

from derive.refuting.undefined import Undefined

Number = Any  # fmpq | arb | acb | Dual: the types of python-flint are not typed
ZERO, ONE, TWO = fmpq(0), fmpq(1), fmpq(2)

EXACT_BITS = 20_000  # beyond this size a rational becomes a ball
LARGEST_BITS = 10**6  # beyond 2 to this power a ball is not worth its memory


@dataclass(frozen=True, slots=True)
class Dual:
    """`real + slope·ε`."""

    tag: int
    real: Number
    slope: Number

    def __add__(self, other: Number) -> Number:
        return _combine(self, other, lambda a, b: a + b, lambda a, b, da, db: da + db)

    def __radd__(self, other: Number) -> Number:
        return Dual(self.tag, other + self.real, self.slope)

    def __sub__(self, other: Number) -> Number:
        return _combine(self, other, lambda a, b: a - b, lambda a, b, da, db: da - db)

    def __rsub__(self, other: Number) -> Number:
        return Dual(self.tag, other - self.real, -self.slope)

    def __mul__(self, other: Number) -> Number:
        return _combine(self, other, lambda a, b: a * b, lambda a, b, da, db: da * b + a * db)

    def __rmul__(self, other: Number) -> Number:
        return Dual(self.tag, other * self.real, other * self.slope)

    def __neg__(self) -> Number:
        return Dual(self.tag, -self.real, -self.slope)


def _split(number: Number, tag: int) -> tuple[Number, Number]:
    if isinstance(number, Dual) and number.tag == tag:
        return number.real, number.slope
    return number, ZERO


def _combine(
    a: Number,
    b: Number,
    value: Callable[[Number, Number], Number],
    slope: Callable[[Number, Number, Number, Number], Number],
) -> Number:
    tag = max(x.tag for x in (a, b) if isinstance(x, Dual))
    (a, da), (b, db) = _split(a, tag), _split(b, tag)
    return Dual(tag, value(a, b), slope(a, b, da, db))


def slope_of(number: Number, tag: int) -> Number:
    """The coefficient of the ε with this tag."""
    return _split(number, tag)[1]


def has_tag(number: Number, tag: int) -> bool:
    """Whether the ε with this tag is anywhere in a number."""
    return isinstance(number, Dual) and (number.tag == tag or has_tag(number.real, tag) or has_tag(number.slope, tag))


def plain(number: Number) -> Number:
    """The number without its infinitesimal parts."""
    while isinstance(number, Dual):
        number = number.real
    return number


def ball(number: Number) -> Any:
    """A rational as a real ball; balls stay."""
    return arb(number) if isinstance(number, fmpq) else number


def settle(number: Number) -> Number:
    """A rational that has grown too large to be exact as a ball; everything else as it is."""
    return arb(number) if isinstance(number, fmpq) and number.height_bits() > EXACT_BITS else number


def is_zero(number: Number) -> bool:
    """Whether the number is zero, for certain."""
    number = plain(number)
    return bool(number == 0) if isinstance(number, fmpq) else bool(number.is_zero())


def may_be_zero(number: Number) -> bool:
    """Whether the enclosure of the number contains zero."""
    number = plain(number)
    return bool(number == 0) if isinstance(number, fmpq) else bool(number.contains(0))


def sign_of(number: Number) -> int:
    """The sign of a real number; Undefined where its ball does not tell."""
    number = plain(number)
    if isinstance(number, acb):
        number = as_real(number)
    if number > 0:
        return 1
    if number < 0:
        return -1
    if is_zero(number):
        return 0
    raise Undefined("a sign that this precision does not tell", imprecise=True)


def as_real(number: Number) -> Number:
    """A complex ball that lies on the real line as a real one."""
    if isinstance(number, acb):
        if not number.imag.is_zero():
            raise Undefined("an order between complex numbers")
        return number.real
    return number


def as_integer(number: Number) -> int:
    """The integer that this is; Undefined where it is none."""
    number = plain(number)
    if isinstance(number, fmpq):
        if number.q != 1:
            raise Undefined(f"{number} where an integer must stand")
        return int(number.p)
    unique = number.unique_fmpz()
    if unique is None or not (number - unique).is_zero():
        raise Undefined("a number that is not known to be an integer", imprecise=unique is not None)
    return int(unique)


def finite(number: Number) -> Number:
    """The number, where it is finite."""
    if isinstance(number, (arb, acb)) and not number.is_finite():
        raise Undefined("a value that is not finite at this precision", imprecise=True)
    return number


def invert(number: Number) -> Number:
    """1 over the number."""
    if isinstance(number, Dual):
        inverse = invert(number.real)
        return Dual(number.tag, inverse, -(number.slope * inverse * inverse))
    if is_zero(number):
        raise Undefined("a division by zero")
    if may_be_zero(number):
        raise Undefined("a division by what this precision cannot tell from zero", imprecise=True)
    return 1 / number


def raise_to_integer(base: Number, exponent: int) -> Number:
    """base^exponent for an integer exponent; 0^0 is 1 here."""
    if exponent == 0:
        return ONE
    if exponent == 1:
        return base
    if isinstance(base, Dual):
        value = raise_to_integer(base.real, exponent)
        return Dual(base.tag, value, fmpq(exponent) * raise_to_integer(base.real, exponent - 1) * base.slope)
    if exponent < 0:
        return invert(raise_to_integer(base, -exponent))
    if isinstance(base, fmpq):
        if base == 1 or base == 0:
            return base
        if base == -1:
            return ONE if exponent % 2 == 0 else base
        bits = base.height_bits() * exponent
        if bits <= EXACT_BITS:
            return base**exponent
        if bits > LARGEST_BITS:
            raise Undefined("a number too large to compute with")
        return arb(base) ** fmpz(exponent)
    if exponent.bit_length() > 64 or magnitude(base) * exponent > LARGEST_BITS:
        raise Undefined("a number too large to compute with")
    return finite(base ** fmpz(exponent))


def magnitude(number: Number) -> int:
    """About the absolute value of the binary logarithm of a number (0 where it is near 1)."""
    number = plain(number)
    if isinstance(number, fmpq):
        return int(number.height_bits())
    upper = number.abs_upper()
    if upper.is_zero():
        return 0
    return abs(int(upper.log().floor().unique_fmpz() or 0)) * 3 // 2 + 1


def precision_of(number: Number) -> int:
    """How many bits of the number are certain (many for an exact one)."""
    return ctx.prec if isinstance(number, fmpq) else int(number.rel_accuracy_bits())


def differ(a: Number, b: Number) -> bool:
    """Whether two numbers are different, for certain."""
    if isinstance(a, fmpq) and isinstance(b, fmpq):
        return bool(a != b)
    return not ball(a).overlaps(ball(b)) if not isinstance(b, acb) else not acb(a).overlaps(b)


def same(a: Number, b: Number) -> bool:
    """Whether two numbers are equal, for certain."""
    if isinstance(a, fmpq) and isinstance(b, fmpq):
        return bool(a == b)
    return is_zero(a - b)


def close(a: Number, b: Number) -> bool:
    """Whether two numbers that do not differ are known to agree to most of the working precision."""
    if isinstance(a, fmpq) and isinstance(b, fmpq):
        return bool(a == b)
    gap, size = ball(a - b).abs_upper(), arb(1).max(ball(a).abs_upper())
    return bool(gap < size * arb(2) ** fmpz(-(ctx.prec // 2)))


def show(number: Number, digits: int = 5) -> str:
    """The number for people: exact, or decimal with the radius of its enclosure."""
    if isinstance(number, fmpq):
        text = str(number)
        return text if len(text) <= 40 else show(arb(number), digits)
    if isinstance(number, acb):
        if number.imag.is_zero():
            return show(number.real, digits)
        imaginary = show(number.imag, digits)
        imaginary = f"({imaginary})i" if "±" in imaginary else f"{imaginary}i"
        return imaginary if number.real.is_zero() else f"{show(number.real, digits)} + {imaginary}"
    if (whole := number.unique_fmpz()) is not None and (number - whole).is_zero():
        return show(fmpq(whole), digits) if whole.bit_length() < 100 else number.str(digits).strip("[]")
    text = number.str(digits).strip("[]").replace("+/-", "±")
    return text if not text.startswith("±") else f"0 {text}"
