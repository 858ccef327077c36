"""Rational functions over a growing set of generators, with relations `g^k = value` among them.

A `Fraction` is a pair of coprime polynomials with integer coefficients (python-flint `fmpz_mpoly`), the denominator
with a positive leading coefficient, so equal functions are equal pairs. Generators are numbered in the order of their
arrival and never renumbered; the ring of flint grows 16 → 32 → 64 → … and polynomials are carried over when they meet
one of a larger ring. Every operation is bounded and raises `TooLarge` beyond.

Relations hold at every point where the generator has a value. Cancelling a common factor, and replacing by a relation,
keep the value at every point where the original has one: that is all that "equal wherever both sides are defined"
needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import comb
from typing import Any

from flint import Ordering, fmpz_mpoly_ctx
from sympy import Integer, Rational, S
from sympy.core.add import Add
from sympy.core.expr import Expr
from sympy.core.mul import Mul
from sympy.core.power import Pow

from derive.proving.giveup import TooLarge, Undefined

MOST_TERMS = 4000
MOST_PRODUCTS = 400_000
MOST_BITS = 20_000
MOST_DEGREE = 5_000
MOST_GENERATORS = 512
MOST_FACTORED_TERMS = 120
MOST_FACTORED_DEGREE = 60

Polynomial = Any  # flint.fmpz_mpoly, which carries no types
Exponents = tuple[tuple[int, int], ...]  # (generator, exponent), ascending, exponents positive


def _ring(size: int) -> Any:
    return fmpz_mpoly_ctx.get([f"a{k}" for k in range(size)], Ordering.lex)


@dataclass(frozen=True, slots=True)
class Fraction:
    """Numerator and denominator, coprime."""

    num: Polynomial
    den: Polynomial

    @property
    def is_zero(self) -> bool:
        return bool(self.num.is_zero())

    @property
    def is_one(self) -> bool:
        return bool(self.num.is_one() and self.den.is_one())


class Ring:
    """The generators of one question and the arithmetic of fractions over them."""

    def __init__(self) -> None:
        self.shown: list[Expr] = []
        self._context = _ring(16)
        self._size = 16
        self._numbers: dict[object, int] = {}
        self._relations: dict[int, tuple[int, Fraction]] = {}
        self._expressions: dict[object, Expr] = {}
        self.zero = self.number(0)
        self.one = self.number(1)

    # ------------------------------------------------------------------ generators

    def generator(self, key: object, shown: Expr) -> int:
        """The number of the generator with this key, made if it is new; `shown` is what it stands for."""
        found = self._numbers.get(key)
        if found is not None:
            return found
        number = len(self.shown)
        if number >= MOST_GENERATORS:
            raise TooLarge("too many different terms")
        if number >= self._size:
            self._size *= 2
            self._context = _ring(self._size)
        self._numbers[key] = number
        self.shown.append(shown)
        return number

    def known(self, key: object) -> int | None:
        """The number of a generator that exists."""
        return self._numbers.get(key)

    def relate(self, generator: int, power: int, value: Fraction) -> None:
        """State `generator^power = value`; the value holds only generators made before."""
        self._relations.setdefault(generator, (power, value))

    def related(self, generator: int) -> bool:
        return generator in self._relations

    def power_of(self, generator: int, exponent: int) -> Fraction:
        """generator^exponent, reduced."""
        if abs(exponent) > MOST_DEGREE:
            raise TooLarge("an exponent is too large")
        monomial = self._monomial(((generator, abs(exponent)),))
        one = self._one()
        return self._reduce(Fraction(monomial, one) if exponent >= 0 else Fraction(one, monomial))

    # ------------------------------------------------------------------ building

    def number(self, value: int | Rational) -> Fraction:
        rational = Rational(value)
        p, q = int(rational.p), int(rational.q)
        if max(p.bit_length(), q.bit_length()) > MOST_BITS:
            raise TooLarge("a number has too many digits")
        return Fraction(self._context.constant(p), self._context.constant(q))

    def fraction(self, num: Polynomial, den: Polynomial) -> Fraction:
        """num/den in lowest terms, reduced by the relations."""
        return self._reduce(self._lowest(num, den))

    def _one(self) -> Polynomial:
        return self._context.constant(1)

    def _monomial(self, exponents: Exponents, coefficient: int = 1) -> Polynomial:
        dense = [0] * self._size
        for generator, exponent in exponents:
            dense[generator] = exponent
        return self._context.from_dict({tuple(dense): coefficient})

    def _lift(self, polynomial: Polynomial) -> Polynomial:
        context = polynomial.context()
        return polynomial if context is self._context else polynomial.project_to_context(self._context)

    def lift(self, fraction: Fraction) -> Fraction:
        """The fraction in the present ring of flint."""
        if fraction.num.context() is self._context and fraction.den.context() is self._context:
            return fraction
        return Fraction(self._lift(fraction.num), self._lift(fraction.den))

    def _lowest(self, num: Polynomial, den: Polynomial) -> Fraction:
        num, den = self._lift(num), self._lift(den)
        if den.is_zero():
            raise Undefined("a denominator is zero")
        if num.is_zero():
            return Fraction(num, self._one())
        if not den.is_one():
            if len(num) > MOST_TERMS or len(den) > MOST_TERMS:
                raise TooLarge("a fraction has too many terms")
            divisor = num.gcd(den)
            if not divisor.is_one():
                num, den = num // divisor, den // divisor
            if den.leading_coefficient() < 0:
                num, den = -num, -den
        return Fraction(num, den)

    # ------------------------------------------------------------------ arithmetic

    def add(self, first: Fraction, second: Fraction) -> Fraction:
        a, b = self.lift(first), self.lift(second)
        if a.den == b.den:
            if a.den.is_one():
                return Fraction(a.num + b.num, a.den)
            return self._lowest(a.num + b.num, a.den)
        num = self._times(a.num, b.den) + self._times(b.num, a.den)
        return self._reduce(self._lowest(num, self._times(a.den, b.den)))

    def total(self, fractions: Iterable[Fraction]) -> Fraction:
        result = self.zero
        for fraction in fractions:
            result = self.add(result, fraction)
        return result

    def negate(self, fraction: Fraction) -> Fraction:
        return Fraction(-fraction.num, fraction.den)

    def subtract(self, first: Fraction, second: Fraction) -> Fraction:
        return self.add(first, self.negate(second))

    def multiply(self, first: Fraction, second: Fraction) -> Fraction:
        a, b = self.lift(first), self.lift(second)
        return self._reduce(self._lowest(self._times(a.num, b.num), self._times(a.den, b.den)))

    def product(self, fractions: Iterable[Fraction]) -> Fraction:
        result = self.one
        for fraction in fractions:
            result = self.multiply(result, fraction)
        return result

    def invert(self, fraction: Fraction) -> Fraction:
        if fraction.is_zero:
            raise Undefined("a division by zero")
        return self._reduce(self._lowest(fraction.den, fraction.num))

    def divide(self, first: Fraction, second: Fraction) -> Fraction:
        return self.multiply(first, self.invert(second))

    def power(self, fraction: Fraction, exponent: int) -> Fraction:
        if exponent < 0:
            return self.power(self.invert(fraction), -exponent)
        if exponent == 0:
            return self.one
        a = self.lift(fraction)
        return self._reduce(Fraction(self._raise(a.num, exponent), self._raise(a.den, exponent)))

    def _times(self, first: Polynomial, second: Polynomial) -> Polynomial:
        if len(first) * len(second) > MOST_PRODUCTS:
            raise TooLarge("a product has too many terms")
        result = first * second
        if len(result) > MOST_TERMS:
            raise TooLarge("a product has too many terms")
        return result

    def _raise(self, polynomial: Polynomial, exponent: int) -> Polynomial:
        terms = len(polynomial)
        if terms == 0 or polynomial.is_one():
            return polynomial
        bits = max(abs(int(c)).bit_length() for c in polynomial.coeffs())
        if bits > 1 and bits * exponent > MOST_BITS:
            raise TooLarge("a power has too many digits")
        if max(polynomial.degrees(), default=0) * exponent > MOST_DEGREE:
            raise TooLarge("a power has too large a degree")
        if terms > 1 and (exponent > MOST_TERMS or comb(exponent + terms - 1, terms - 1) > MOST_TERMS):
            raise TooLarge("a power has too many terms")
        return polynomial**exponent

    # ------------------------------------------------------------------ relations

    def _reduce(self, fraction: Fraction) -> Fraction:
        """Powers of related generators below their relation's power; none left as a factor of the denominator."""
        if not self._relations:
            return fraction
        for _ in range(200):
            step = self._reduce_once(fraction)
            if step is None:
                return fraction
            fraction = step
        raise TooLarge("the relations between roots do not come to an end")

    def _reduce_once(self, fraction: Fraction) -> Fraction | None:
        fraction = self.lift(fraction)
        num_degrees, den_degrees = fraction.num.degrees(), fraction.den.degrees()
        for generator in sorted(self._relations, reverse=True):
            power, value = self._relations[generator]
            over = num_degrees[generator] if generator < len(num_degrees) else 0
            under = den_degrees[generator] if generator < len(den_degrees) else 0
            if over >= power or under >= power:
                num = self._replace(fraction.num, generator, power, value)
                den = self._replace(fraction.den, generator, power, value)
                if den.num.is_zero():
                    raise Undefined("a denominator is zero")
                return self._lowest(
                    self._times(*self._pair(num.num, den.den)), self._times(*self._pair(num.den, den.num))
                )
            if under and not value.is_zero:
                common = min(dict(e).get(generator, 0) for e, _ in self.terms(fraction.den))
                if common:
                    factor = self._monomial(((generator, power - common),))
                    return Fraction(self._times(fraction.num, factor), self._times(fraction.den, factor))
        return None

    def _pair(self, first: Polynomial, second: Polynomial) -> tuple[Polynomial, Polynomial]:
        return self._lift(first), self._lift(second)

    def _replace(self, polynomial: Polynomial, generator: int, power: int, value: Fraction) -> Fraction:
        value = self.lift(value)
        parts: dict[int, dict[tuple[int, ...], int]] = {}
        for dense, coefficient in self._lift(polynomial).to_dict().items():
            times, rest = divmod(dense[generator], power)
            lowered = (*dense[:generator], rest, *dense[generator + 1 :])
            part = parts.setdefault(times, {})
            part[lowered] = part.get(lowered, 0) + int(coefficient)
        top = max(parts, default=0)
        num = self._context.constant(0)
        for times, part in sorted(parts.items()):
            scale = self._times(self._raise(value.num, times), self._raise(value.den, top - times))
            num += self._times(self._context.from_dict(part), scale)
        return Fraction(num, self._raise(value.den, top))

    # ------------------------------------------------------------------ looking inside

    def terms(self, polynomial: Polynomial) -> Iterator[tuple[Exponents, int]]:
        """The terms of a polynomial, leading one first."""
        for dense, coefficient in polynomial.terms():
            yield tuple((g, int(e)) for g, e in enumerate(dense) if e), int(coefficient)

    def term(self, exponents: Exponents, coefficient: int = 1) -> Polynomial:
        """One term as a polynomial."""
        return self._monomial(exponents, coefficient)

    def generators(self, polynomial: Polynomial) -> list[int]:
        """The generators that stand in a polynomial, ascending."""
        return [g for g, degree in enumerate(polynomial.degrees()) if degree > 0]  # of 0 all degrees are -1

    def as_number(self, fraction: Fraction) -> Rational | None:
        """The rational number that a fraction is, if it is one."""
        if fraction.num.is_constant() and fraction.den.is_constant():
            num = int(fraction.num.leading_coefficient()) if not fraction.num.is_zero() else 0
            return Rational(num, int(fraction.den.leading_coefficient()))
        return None

    def factors(self, fraction: Fraction) -> tuple[Rational, list[tuple[Polynomial, int]]]:
        """content · Π p^e with irreducible p (leading coefficient positive), e of either sign, in a fixed order."""
        content, found = S.One, []
        for polynomial, sign in ((self._lift(fraction.num), 1), (self._lift(fraction.den), -1)):
            if len(polynomial) > MOST_FACTORED_TERMS or polynomial.total_degree() > MOST_FACTORED_DEGREE:
                raise TooLarge("a polynomial is too large to factor")
            number, parts = polynomial.factor()
            unit = Rational(int(number))
            for part, exponent in parts:
                if part.leading_coefficient() < 0:
                    part, unit = -part, unit * (-1) ** int(exponent)
                found.append((part, sign * int(exponent)))
            content = content * unit**sign
        found.sort(key=lambda pair: (self.key(pair[0]), pair[1]))
        return Rational(content), found

    def key(self, polynomial: Polynomial) -> tuple[Any, ...]:
        """A polynomial as nested tuples: equal, hashable and ordered whatever ring of flint it sits in."""
        return tuple(self.terms(polynomial))

    def identity(self, fraction: Fraction) -> tuple[Any, ...]:
        return self.key(fraction.num), self.key(fraction.den)

    def expression(self, fraction: Fraction) -> Expr:
        """The fraction as a SymPy expression: the same for equal fractions."""
        key = self.identity(fraction)
        found = self._expressions.get(key)
        if found is None:
            found = self.show(fraction.num)
            if not fraction.den.is_one():
                found = Mul(found, Pow(self.show(fraction.den), S.NegativeOne))
            self._expressions[key] = found
        return found

    def show(self, polynomial: Polynomial) -> Expr:
        """A polynomial as a SymPy expression."""
        return Add(
            *[
                Mul(Integer(coefficient), *[Pow(self.shown[g], Integer(e)) for g, e in exponents])
                for exponents, coefficient in self.terms(polynomial)
            ]
        )
