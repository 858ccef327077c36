"""Powers, roots, exponentials and logarithms over real numbers.

Why magnitudes: log(xy) has a value where xy > 0, and there it is log|x| + log|y|; √(xy) is √|x| √|y|. So logarithms
and roots of any product split over the magnitudes of its irreducible factors, at every point where the original has a
value. Without magnitudes this would be false for two negative numbers. |p| is p where p ≥ 0 is known.

Roots and exponentials share their granularity: with base b and exponent c·m (m a monomial, c rational), the generator
is b^{m/q}, q the common denominator of all c met. It is not known beforehand: `Regrain` starts the question again.

In a complex setting nothing splits: x^a, log x and |x| stay whole.
"""

from __future__ import annotations

from math import gcd, lcm
from typing import TYPE_CHECKING

from sympy import E, I, Integer, Rational, S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.mul import Mul
from sympy.core.power import Pow
from sympy.functions import Abs, log
from sympy.ntheory import factorint

from derive.meaning.objects import ProductOver, SumOver
from derive.proving.giveup import Stuck, TooLarge, Undefined
from derive.proving.normal.ring import Fraction, Polynomial

if TYPE_CHECKING:
    from derive.proving.normal.normaliser import Normaliser

MOST_FACTORED_BITS = 80


class Regrain(Exception):
    """A rational exponent needs a finer generator: `grains` holds the common denominators to start again with."""


class PowerForms:
    """Normal forms of b^e, exp, log and |·|."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self._ring = normaliser.ring
        # what a generator stands for: (base, exponent) with a positive base, for logarithms and powers of it
        self._roots: dict[int, tuple[Fraction | None, Fraction]] = {}
        self._logarithms: dict[int, Fraction] = {}
        self._magnitudes: dict[int, Fraction] = {}

    # ------------------------------------------------------------------ heads

    def power(self, term: Expr) -> Fraction:
        """Pow(base, exponent)."""
        base, exponent = term.args
        if base == E:
            return self.exponential(self._normaliser.normalise(exponent))
        value = self._normaliser.normalise(base)
        if isinstance(exponent, Integer):
            if abs(int(exponent)) > 10**6:
                raise TooLarge("an exponent is too large")
            return self._ring.power(value, int(exponent))
        return self.raised(value, self._normaliser.normalise(exponent))

    def raised(self, base: Fraction, exponent: Fraction) -> Fraction:
        """base^exponent."""
        number = self._ring.as_number(exponent)
        if number is not None and number.is_Integer:
            if abs(int(number)) > 10**6:
                raise TooLarge("an exponent is too large")
            return self._ring.power(base, int(number))
        if base.is_zero:
            if number is not None and number > 0:
                return self._ring.zero
            raise Undefined("a power of zero")
        if self._normaliser.complex:
            return self._opaque(base, exponent)
        if number is not None:
            whole = number.p // number.q
            # where base^number has a value the base is ≥ 0, so whole powers of it come out without a magnitude
            return self._ring.multiply(self._ring.power(base, whole), self.root(base, number - whole))
        return self._symbolic(base, exponent)

    def exponential(self, exponent: Fraction) -> Fraction:
        """e^exponent: a product over the terms of the exponent."""
        result = self._ring.one
        pieces = self._pieces(exponent)
        if len(pieces) > 1:
            self._normaliser.use("exp-of-sum")
        for coefficient, piece, logarithm in pieces:
            if logarithm is not None and not self._normaliser.complex:
                base, rest = logarithm
                self._normaliser.use("exp-of-log")
                result = self._ring.multiply(result, self._positive_power(base, self._scaled(rest, coefficient)))
            else:
                result = self._ring.multiply(result, self._exponential_piece(coefficient, piece))
        return result

    def _exponential_piece(self, coefficient: Rational, piece: Fraction) -> Fraction:
        """e^(c m) for one term of an exponent; e^(i x) is cos x + i sin x, also for complex x (Euler; DLMF 4.14.1)."""
        shown = self._ring.expression(piece)
        if (self._normaliser.complex and I in shown.args) or shown == I:
            angle = shown / I
            if not angle.has(I):
                self._normaliser.use("euler")
                cosine, sine = self._normaliser.trigonometry.pair(angle, coefficient)
                return self._ring.add(cosine, self._ring.multiply(self._normaliser.normalise(I), sine))
        return self._grained(E, shown, coefficient, None)

    def logarithm(self, term: Expr) -> Fraction:
        """log(argument): natural logarithm."""
        if len(term.args) != 1:
            raise Stuck("a logarithm to another base is written as a quotient")
        argument = self._normaliser.normalise(term.args[0])
        if argument.is_zero:
            raise Undefined("the logarithm of zero")
        if self._normaliser.complex:
            shown = log(self._ring.expression(argument))
            return self._normaliser.atom(shown) if isinstance(shown, log) else self._normaliser.normalise(shown)
        return self.log_of(argument)

    def log_of(self, argument: Fraction) -> Fraction:
        """log|argument| as a sum over irreducible factors."""
        content, factors = self.factors(argument)
        if content < 0 and all(self._normaliser.signs.polynomial(p) for p, e in factors if e % 2):
            raise Undefined("the logarithm of a negative number")
        parts = [self._ring.multiply(self._ring.number(e), self._log_prime(p)) for p, e in self._primes(abs(content))]
        parts += [self._ring.multiply(self._ring.number(e), self._log_factor(p)) for p, e in factors]
        if len(parts) > 1:
            self._normaliser.use("log-of-product")
        return self._ring.total(parts)

    def magnitude(self, term: Expr) -> Fraction:
        """|argument|."""
        argument = self._normaliser.normalise(term.args[0])
        if self._normaliser.complex:
            return self._normaliser.atom(Abs(self._ring.expression(argument), evaluate=False))
        if argument.is_zero:
            return argument
        content, factors = self.factors(argument)
        result = self._ring.number(abs(content))
        for polynomial, exponent in factors:
            result = self._ring.multiply(result, self._magnitude_power(polynomial, exponent))
        return result

    # ------------------------------------------------------------------ roots

    def root(self, base: Fraction, exponent: Rational) -> Fraction:
        """base^exponent for a base that is ≥ 0 wherever this has a value: a product over |irreducible factors|."""
        if exponent == 0:
            return self._ring.one
        content, factors = self.factors(base)
        if content < 0 and all(self._normaliser.signs.polynomial(p) for p, e in factors if e % 2):
            raise Undefined("an even root of a negative number")
        result = self._ring.one
        for prime, e in self._primes(abs(content)):
            result = self._ring.multiply(result, self._fractional(self._ring.number(prime), True, e * exponent))
        for polynomial, e in factors:
            value = self._ring.fraction(polynomial, self._ring.one.num)
            result = self._ring.multiply(result, self._of_factor(value, e * exponent))
        return result

    def _of_factor(self, value: Fraction, exponent: Rational) -> Fraction:
        """|p|^exponent for an irreducible p."""
        single = self._single(value.num)
        if single is not None and single in self._roots:
            base, inner = self._roots[single]
            scaled = self._scaled(inner, exponent)
            return self.exponential(scaled) if base is None else self._positive_power(base, scaled)
        if single is not None and single in self._magnitudes:
            return self._of_factor(self._magnitudes[single], exponent)
        positive = bool(self._normaliser.signs.polynomial(value.num))
        return self._fractional(value, positive, exponent)

    def _fractional(self, value: Fraction, positive: bool, exponent: Rational) -> Fraction:
        whole = exponent.p // exponent.q
        rest = exponent - whole
        outside = self._ring.power(value, whole) if positive else self._magnitude_power(value.num, whole)
        if rest == 0:
            return outside
        base = self._ring.expression(value) if positive else Abs(self._ring.expression(value), evaluate=False)
        inside = value if positive else self._magnitude_power(value.num, 1)
        return self._ring.multiply(outside, self._grained(base, S.One, rest, inside))

    def _magnitude_power(self, polynomial: Polynomial, exponent: int) -> Fraction:
        """|p|^exponent."""
        value = self._ring.fraction(polynomial, self._ring.one.num)
        if self._normaliser.signs.polynomial(value.num) or exponent % 2 == 0:
            return self._ring.power(value, exponent)
        shown = Abs(self._ring.expression(value), evaluate=False)
        number = self._ring.generator(("magnitude", shown), shown)
        self._ring.relate(number, 2, self._ring.power(value, 2))
        self._magnitudes.setdefault(number, value)
        return self._ring.power_of(number, exponent)

    # ------------------------------------------------------------------ symbolic exponents

    def _symbolic(self, base: Fraction, exponent: Fraction) -> Fraction:
        signs = self._normaliser.signs
        content, factors = self.factors(base)
        whole = self._normaliser.signs.integer(self._ring.expression(exponent))
        if whole or (content > 0 and all(signs.polynomial(p) for p, _ in factors)):
            return self.whole_power(base, exponent)
        return self._spread(self._ring.expression(base), base, exponent)

    def _alternating(self, exponent: Fraction, whole: bool = False) -> Fraction:
        """(−1)^exponent for an integer exponent. `whole`: it is one by its meaning, so that n is an integer in n + 1
        (but not m in 2m + 1)."""
        result = self._ring.one
        for coefficient, piece, _ in self._pieces(exponent):
            if piece.is_one:
                result = self._ring.multiply(result, self._ring.number((-1) ** int(coefficient)))
                continue
            shown = self._ring.expression(piece)
            integral = (whole and abs(coefficient) == 1) or self._normaliser.signs.integer(shown)
            if not (coefficient.is_Integer and integral):
                return self._normaliser.atom(Pow(S.NegativeOne, self._ring.expression(exponent)))
            if coefficient % 2:
                made = Pow(S.NegativeOne, shown)
                number = self._ring.generator(made, made)
                self._ring.relate(number, 2, self._ring.one)
                result = self._ring.multiply(result, self._ring.power_of(number, 1))
        return result

    def _positive_power(self, base: Fraction, exponent: Fraction) -> Fraction:
        """base^exponent for an irreducible base that is ≥ 0, or for an integer exponent."""
        number = self._ring.as_number(exponent)
        if number is not None and number.is_Integer:
            return self._ring.power(base, int(number))
        if number is not None:
            whole = number.p // number.q
            return self._ring.multiply(self._ring.power(base, whole), self.root(base, number - whole))
        single = self._single(base.num) if base.den.is_one() else None
        if single is not None and single in self._roots:
            inner, scale = self._roots[single]
            product = self._ring.multiply(scale, exponent)
            return self.exponential(product) if inner is None else self._positive_power(inner, product)
        if base.is_one:
            return base
        if single is not None and isinstance(self._ring.shown[single], ProductOver):
            return self._product_power(self._ring.shown[single], exponent)
        return self._spread(self._ring.expression(base), base, exponent)

    def _product_power(self, product: ProductOver, exponent: Fraction) -> Fraction:
        self._normaliser.use("power-of-product")
        shown = ProductOver(Pow(product.body, self._ring.expression(exponent)), *product.args[1:])
        if shown.body.is_Pow and shown.body.base == product.body:  # already as far apart as it goes
            return self._spread(product, self._normaliser.atom(product), exponent)
        return self._normaliser.normalise(shown)

    def _spread(self, shown: Expr, base: Fraction, exponent: Fraction) -> Fraction:
        """base^(Σ c m) = Π (base^m)^c, with exponents that are numbers taken out of the sum."""
        result = self._ring.one
        for coefficient, piece, _ in self._pieces(exponent):
            if piece.is_one:
                whole = coefficient.p // coefficient.q
                result = self._ring.multiply(result, self._ring.power(base, whole))
                if coefficient != whole:
                    result = self._ring.multiply(result, self.root(base, coefficient - whole))
            else:
                result = self._ring.multiply(
                    result, self._grained(shown, self._ring.expression(piece), coefficient, None)
                )
        return result

    def whole_power(self, base: Fraction, exponent: Fraction) -> Fraction:
        """base^exponent for an exponent that is a whole number by its meaning (the length of a range)."""
        content, factors = self.factors(base)
        result = self._alternating(exponent, whole=len(self._pieces(exponent)) <= 2) if content < 0 else self._ring.one
        for prime, e in self._primes(abs(content)):
            value = self._ring.number(prime)
            result = self._ring.multiply(result, self._positive_power(value, self._scaled(exponent, Rational(e))))
        for polynomial, e in factors:
            value = self._ring.fraction(polynomial, self._ring.one.num)
            result = self._ring.multiply(result, self._positive_power(value, self._scaled(exponent, Rational(e))))
        return result

    def power_parts(self, value: Fraction) -> tuple[Fraction | None, Fraction] | None:
        """(b, m) where the fraction is one generator b^m with b > 0; b is None for e."""
        single = self._single(value.num) if value.den.is_one() else None
        return None if single is None else self._roots.get(single)

    def over_index(self, base: Fraction | None, total: Fraction) -> Fraction:
        """b^total."""
        return self.exponential(total) if base is None else self._positive_power(base, total)

    # ------------------------------------------------------------------ generators

    def _grained(self, base: Expr, monomial: Expr, coefficient: Rational, value: Fraction | None) -> Fraction:
        """(base^monomial)^coefficient as a whole power of the generator base^(monomial/q)."""
        if monomial == S.One and base == E and coefficient.is_Integer:
            value = None
        key = (base, monomial)
        grain = self._normaliser.grains.get(key, 1)
        if grain % coefficient.q:
            self._normaliser.grains[key] = lcm(grain, coefficient.q)
            if self._normaliser.grains[key] > 64:
                raise TooLarge("an exponent has too large a denominator")
            raise Regrain
        inner = Mul(monomial, Rational(1, grain))
        shown = Pow(base, inner)
        number = self._ring.generator(("power", base, monomial, grain), shown)
        if number not in self._roots and not isinstance(base, Abs):
            if base == E:
                self._roots[number] = (None, self._normaliser.normalise(inner))
            elif value is not None or self._normaliser.signs.nonnegative(self._normaliser.normalise(base)):
                self._roots[number] = (self._normaliser.normalise(base), self._normaliser.normalise(inner))
        if monomial == S.One and value is not None:
            self._ring.relate(number, grain, value)
        return self._ring.power_of(number, int(coefficient * grain))

    def _opaque(self, base: Fraction, exponent: Fraction) -> Fraction:
        """base^exponent as one generator; a root raised to its denominator is the base again."""
        number = self._ring.as_number(exponent)
        if number is not None:
            whole = number.p // number.q
            outside = self._ring.power(base, whole)
            return self._ring.multiply(outside, self._grained(self._ring.expression(base), S.One, number - whole, base))
        shown = Pow(self._ring.expression(base), self._ring.expression(exponent))
        return self._normaliser.atom(shown)

    # ------------------------------------------------------------------ logarithms of parts

    def _log_prime(self, prime: int) -> Fraction:
        shown = log(Integer(prime))
        number = self._ring.generator(shown, shown)
        self._logarithms.setdefault(number, self._ring.number(prime))
        return self._ring.power_of(number, 1)

    def _log_factor(self, polynomial: Polynomial) -> Fraction:
        value = self._ring.fraction(polynomial, self._ring.one.num)
        single = self._single(polynomial)
        if single is not None:
            if single in self._roots:
                base, exponent = self._roots[single]
                if base is None:
                    self._normaliser.use("log-of-exp")
                    return exponent
                return self._ring.multiply(exponent, self.log_of(base))
            shown = self._ring.shown[single]
            if isinstance(shown, Pow) and isinstance(shown.exp, Rational) and isinstance(shown.base, Abs):
                return self._ring.multiply(self._ring.number(shown.exp), self.log_of(self._inside(shown.base)))
            if single in self._magnitudes:
                return self.log_of(self._magnitudes[single])
            if isinstance(shown, Pow) and not isinstance(shown.exp, Rational):
                self._normaliser.use("log-of-power")
                return self._ring.multiply(
                    self._normaliser.normalise(shown.exp), self.log_of(self._normaliser.normalise(shown.base))
                )
            if isinstance(shown, ProductOver):
                self._normaliser.use("log-of-indexed-product")
                return self._normaliser.normalise(SumOver(log(shown.body), *shown.args[1:]))
        positive = bool(self._normaliser.signs.polynomial(polynomial))
        base = self._ring.expression(value)
        made = log(base if positive else Abs(base, evaluate=False), evaluate=False)
        number = self._ring.generator(("logarithm", base), made)
        self._logarithms.setdefault(number, value)
        return self._ring.power_of(number, 1)

    def _inside(self, magnitude: Expr) -> Fraction:
        return self._normaliser.normalise(magnitude.args[0])

    # ------------------------------------------------------------------ taking apart

    def _pieces(self, exponent: Fraction) -> list[tuple[Rational, Fraction, tuple[Fraction, Fraction] | None]]:
        """The exponent as Σ c·m: (c, m, …), and for m = log|p|·r also (|p|, r)."""
        pieces = []
        ring = self._ring
        scale = int(exponent.den.content()) if not exponent.den.is_zero() else 1
        den = exponent.den // scale if scale != 1 else exponent.den
        for exponents, coefficient in ring.terms(exponent.num):
            piece = ring.fraction(ring.term(exponents), den)
            if ring.as_number(piece) is not None and ring.as_number(piece) != 1:
                raise Stuck("an exponent does not reduce")
            logs = [(g, e) for g, e in exponents if g in self._logarithms]
            inner = None
            if len(logs) == 1 and logs[0][1] == 1 and den.is_constant():
                rest = ring.fraction(ring.term(tuple(p for p in exponents if p[0] != logs[0][0])), den)
                value = self._logarithms[logs[0][0]]
                inner = (
                    self._magnitude_power(value.num, 1)
                    if value.den.is_one() and not value.num.is_constant()
                    else value,
                    rest,
                )
            pieces.append((Rational(coefficient, scale), piece, inner))
        return pieces

    def _scaled(self, fraction: Fraction, coefficient: Rational) -> Fraction:
        return self._ring.multiply(fraction, self._ring.number(coefficient))

    def _single(self, polynomial: Polynomial) -> int | None:
        """The generator that a polynomial is, if it is just one."""
        if len(polynomial) != 1:
            return None
        ((exponents, coefficient),) = self._ring.terms(polynomial)
        return exponents[0][0] if coefficient == 1 and len(exponents) == 1 and exponents[0][1] == 1 else None

    def _primes(self, number: Rational) -> list[tuple[int, int]]:
        """A positive rational as prime powers."""
        if max(int(number.p).bit_length(), int(number.q).bit_length()) > MOST_FACTORED_BITS:
            raise TooLarge("a number under a root or logarithm is too large to factor")
        shared = gcd(number.p, number.q)
        above, below = factorint(number.p // shared), factorint(number.q // shared)
        return sorted([(int(p), int(e)) for p, e in above.items()] + [(int(p), -int(e)) for p, e in below.items()])

    def factors(self, fraction: Fraction) -> tuple[Rational, list[tuple[Polynomial, int]]]:
        """content · Π p^e, each p with the sign that makes it ≥ 0 where that is known: 1 − x for 0 < x < 1."""
        content, found = self._ring.factors(fraction)
        signed: list[tuple[Polynomial, int]] = []
        for polynomial, exponent in found:
            known = self._normaliser.signs.polynomial
            if not known(polynomial) and known(-polynomial):
                polynomial, content = -polynomial, content * (-1) ** exponent
            signed.append((polynomial, exponent))
        return Rational(content), signed

    def parity(self, base: Basic) -> tuple[bool, dict[tuple[object, ...], Polynomial]]:
        """What `base ≥ 0` says of signs: whether an odd number of these polynomials is ≤ 0 (those of odd exponent whose
        sign is not known)."""
        content, factors = self.factors(self._normaliser.normalise(base))
        odd = [p for p, e in factors if e % 2 and not self._normaliser.signs.polynomial(p)]
        return content < 0, {self._ring.key(p): p for p in odd}
