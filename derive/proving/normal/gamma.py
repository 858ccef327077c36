"""Factorials, the gamma function and binomial coefficients: arguments a whole number apart share one generator.

(n+1)! = (n+1) n! (DLMF 5.5.1); C(n, k) = n!/(k! (n−k)!) for natural n (Graham, Knuth, Patashnik 5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Integer, Rational
from sympy.core.expr import Expr
from sympy.core.relational import Ge
from sympy.functions import factorial

from derive.proving.giveup import TooLarge, Undefined
from derive.proving.normal.ring import Fraction

if TYPE_CHECKING:
    from derive.proving.normal.normaliser import Normaliser

MOST_SHIFT = 30
MOST_FACTORIAL = 1000


class GammaForms:
    """Normal forms of n!, Γ(x) and C(n, k)."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self._ring = normaliser.ring

    def factorial(self, argument: Fraction) -> Fraction:
        """argument! = Γ(argument + 1)."""
        ring = self._ring
        number = ring.as_number(argument)
        if number is not None and number.is_Integer:
            if number < 0:
                raise Undefined("the factorial of a negative integer")
            if number > MOST_FACTORIAL:
                raise TooLarge("a factorial is too large")
            return ring.number(factorial(number))
        shift = self._constant(argument)
        base = ring.subtract(argument, ring.number(shift))
        if abs(shift) > MOST_SHIFT:
            raise TooLarge("a factorial is shifted too far")
        result = self._normaliser.atom(factorial(ring.expression(base)))
        for step in range(1, shift + 1):
            result = ring.multiply(result, ring.add(base, ring.number(step)))
        for step in range(0, -shift):
            result = ring.divide(result, ring.subtract(base, ring.number(step)))
        if shift:
            self._normaliser.use("factorial-step")
        return result

    def gamma(self, term: Expr) -> Fraction:
        argument = self._normaliser.normalise(term.args[0])
        return self.factorial(self._ring.subtract(argument, self._ring.one))

    def binomial(self, term: Expr) -> Fraction:
        ring = self._ring
        upper, lower = (self._normaliser.normalise(arg) for arg in term.args)
        below = ring.as_number(lower)
        if below is not None and below.is_Integer:
            if below < 0:
                return ring.zero
            if below > MOST_SHIFT:
                raise TooLarge("a binomial coefficient is too large")
            result = ring.one
            for step in range(int(below)):
                result = ring.multiply(result, ring.subtract(upper, ring.number(step)))
            return ring.divide(result, ring.number(factorial(below)))
        shown = ring.expression(upper)
        if not self._normaliser.signs.natural(shown):
            self._normaliser.assume(Ge(shown, 0))
        self._normaliser.use("binomial-by-factorials")
        under = ring.multiply(self.factorial(lower), self.factorial(ring.subtract(upper, lower)))
        return ring.divide(self.factorial(upper), under)

    def _constant(self, argument: Fraction) -> int:
        """The whole part of the number in a sum: 3 in n + 3."""
        if not argument.den.is_constant():
            return 0
        scale = int(argument.den.leading_coefficient())
        for exponents, coefficient in self._ring.terms(argument.num):
            if not exponents:
                value = Rational(coefficient, scale)
                return int(Integer(value.p // value.q))
        return 0
