"""Sines and cosines: angle sums are expanded, multiples reduced, sin² becomes 1 − cos².

Addition and multiple-angle formulas: Abramowitz & Stegun 4.3.16–4.3.17, 4.3.24 ff. (DLMF 4.21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import I, Rational, cos, pi, sin
from sympy.core.expr import Expr
from sympy.core.mul import Mul

from derive.proving.giveup import TooLarge
from derive.proving.normal.powers import Regrain
from derive.proving.normal.ring import Fraction

if TYPE_CHECKING:
    from derive.proving.normal.normaliser import Normaliser

MOST_MULTIPLE = 16
Pair = tuple[Fraction, Fraction]  # cosine and sine of one angle


class TrigonometricForms:
    """Normal forms of sin and cos."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self._ring = normaliser.ring

    def sine(self, term: Expr) -> Fraction:
        return self._pair(self._normaliser.normalise(term.args[0]))[1]

    def cosine(self, term: Expr) -> Fraction:
        return self._pair(self._normaliser.normalise(term.args[0]))[0]

    def pair(self, monomial: Expr, coefficient: Rational) -> Pair:
        """Cosine and sine of coefficient·monomial."""
        return self._multiple(monomial, coefficient)

    def _pair(self, angle: Fraction) -> Pair:
        """Cosine and sine of a sum of terms c·m, term by term."""
        ring = self._ring
        scale = int(angle.den.content())
        den = angle.den // scale if scale != 1 else angle.den
        result: Pair = (ring.one, ring.zero)
        terms = list(ring.terms(angle.num))
        if len(terms) > 4:
            raise TooLarge("an angle has too many terms")
        for exponents, coefficient in terms:
            shown = ring.expression(ring.fraction(ring.term(exponents), den))
            part = self._multiple(shown, Rational(coefficient, scale))
            if len(terms) > 1:
                self._normaliser.use("angle-sum")
            result = self._together(result, part)
        return result

    def _multiple(self, monomial: Expr, coefficient: Rational) -> Pair:
        """Cosine and sine of coefficient·monomial."""
        ring = self._ring
        if monomial == pi:
            values = cos(coefficient * pi), sin(coefficient * pi)
            if not any(value.has(cos, sin, I) for value in values):
                return self._normaliser.normalise(values[0]), self._normaliser.normalise(values[1])
        key = ("angle", monomial)
        grain = self._normaliser.grains.get(key, 1)
        if grain % coefficient.q:
            self._normaliser.grains[key] = grain * coefficient.q
            if grain * coefficient.q > 64:
                raise TooLarge("an angle has too large a denominator")
            raise Regrain
        times = int(coefficient * grain)
        if abs(times) > MOST_MULTIPLE:
            raise TooLarge("a multiple of an angle is too large")
        angle = Mul(monomial, Rational(1, grain))
        cosine = ring.generator(("cos", angle), cos(angle, evaluate=False))
        sine = ring.generator(("sin", angle), sin(angle, evaluate=False))
        first = ring.power_of(cosine, 1)
        if not ring.related(sine):
            ring.relate(sine, 2, ring.subtract(ring.one, ring.power(first, 2)))
        one: Pair = (first, ring.power_of(sine, 1))
        result: Pair = (ring.one, ring.zero)
        for _ in range(abs(times)):
            result = self._together(result, one)
        return result if times > 0 else (result[0], ring.negate(result[1]))

    def _together(self, first: Pair, second: Pair) -> Pair:
        """cos(a+b) = cos a cos b − sin a sin b; sin(a+b) = sin a cos b + cos a sin b."""
        ring = self._ring
        (c, s), (d, t) = first, second
        if c.is_one and s.is_zero:
            return second
        return (
            ring.subtract(ring.multiply(c, d), ring.multiply(s, t)),
            ring.add(ring.multiply(s, d), ring.multiply(c, t)),
        )
