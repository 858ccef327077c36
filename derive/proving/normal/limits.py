"""Limits. `lim_{x→a} f(x)` is f at ω, a point infinitely near to a and the same for all limits at a: evaluation at ω
is a homomorphism, so constants leave, and sums, products and quotients of limits are limits of sums, products and
quotients, wherever all of them exist (Robinson, Non-standard Analysis, 3.3). What is infinitely near to 0 at ω is
dropped at the end: a fraction whose numerator is 0 at a and whose denominator is not; at infinity, one whose
denominator grows faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy import E, Mul, Pow, S, Symbol
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.relational import Gt, Ne
from sympy.functions import Abs, atan, cos, exp, log, sin, tanh

from derive.meaning.objects import Binder, LimitAt, Term, rename, subterms
from derive.proving.giveup import Stuck, Undefined
from derive.proving.normal.ring import Fraction, Polynomial

if TYPE_CHECKING:
    from derive.proving.normal.normaliser import Normaliser

NEAR = "‡near"
_CONTINUOUS = (exp, sin, cos, Abs, atan, tanh)


class LimitForms:
    """Normal forms of limits, and what becomes of them when the sides are compared."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self._ring = normaliser.ring
        self._points: dict[Symbol, Expr] = {}

    def limit(self, term: LimitAt) -> Fraction:
        """The body at the point ω of this limit."""
        normaliser = self._normaliser
        point = normaliser.rebuilt(term.point)
        if not isinstance(point, Expr) or any(isinstance(part, LimitAt) for part in subterms(term.body)):
            # limits one inside the other are taken in order: their points are not the same
            return normaliser.atom(LimitAt(*term.args))
        for known, place in self._points.items():
            if place == point and known.name.endswith(term.direction):
                near = known
                break
        else:
            near = Symbol(f"{NEAR}{len(self._points)}{term.direction}")
            self._points[near] = point
        if S.Infinity in point.args or point.free_symbols & set(self._points):
            raise Stuck("a limit at a point that moves")
        return normaliser.normalise(term.open(near)[0])

    def standard(self, difference: Fraction) -> Fraction:
        """The difference with all that is infinitely small dropped; itself where no limit is left or it can't be
        told."""
        for near, point in self._points.items():
            if not self._holds(difference, near):
                continue
            found = (
                self._at_infinity(difference, near, point) if not point.is_finite else self._at(difference, near, point)
            )
            if found is None:
                return difference
            self._normaliser.use("limit-by-continuity" if point.is_finite else "limit-by-growth")
            difference = found
        return difference

    def _holds(self, fraction: Fraction, near: Symbol) -> bool:
        return self._normaliser.varies(fraction.num, near) or self._normaliser.varies(fraction.den, near)

    # ------------------------------------------------------------------ at a point

    def _at(self, difference: Fraction, near: Symbol, point: Expr) -> Fraction | None:
        """The value at the point, where numerator and denominator are continuous and the latter is not 0 there."""
        difference = self._ring.lift(difference)
        shown = [self._ring.show(p) for p in (difference.num, difference.den)]
        if not all(_is_continuous(part, near) for part in shown):
            return None
        num, den = (self._normaliser.normalise(rename(part, near, point)) for part in shown)
        if den.is_zero:
            return None
        if self._ring.as_number(den) is None and not self._normaliser.signs.nonzero(den):
            self._normaliser.assume(Ne(self._ring.expression(den), 0))
        return self._ring.divide(num, den)

    # ------------------------------------------------------------------ at infinity

    def _at_infinity(self, difference: Fraction, near: Symbol, point: Expr) -> Fraction | None:
        """0 where every term of the numerator grows less than the fastest of the denominator; the ratio of the
        coefficients where it grows as fast."""
        difference = self._ring.lift(difference)
        sign = 1 if point is S.Infinity else -1
        above = self._growths(difference.num, near, sign)
        below = self._growths(difference.den, near, sign)
        if above is None or below is None:
            return None
        fastest = self._fastest(below)
        if fastest is None:
            return None
        weight = self._ring.total(self._weight(g) for g in below if self._same(g, fastest))
        if weight.is_zero:
            return None
        kept = []
        for growth in above:
            order = self._compare(growth, fastest)
            if order is None:
                return None
            if order > 0:
                raise Undefined("a limit that is infinite")
            if order == 0:
                kept.append(self._weight(growth))
        return self._ring.divide(self._ring.total(kept), weight)

    def _weight(self, growth: _Growth) -> Fraction:
        return self._ring.fraction(self._ring.term(growth.rest, growth.coefficient), self._ring.one.num)

    def _growths(self, polynomial: Polynomial, near: Symbol, sign: int) -> list[_Growth] | None:
        found = []
        for exponents, coefficient in self._ring.terms(polynomial):
            rate: Expr = S.Zero
            power, rest = 0, []
            for generator, exponent in exponents:
                shown = self._ring.shown[generator]
                if near not in shown.free_symbols:
                    rest.append((generator, exponent))
                elif shown == near:
                    power += exponent
                    coefficient *= sign**exponent
                else:
                    step = _rate(shown, near)
                    if step is None:
                        return None
                    rate = rate + exponent * step * sign
            found.append(_Growth(rate, power, coefficient, tuple(rest)))
        return found

    def _fastest(self, growths: list[_Growth]) -> _Growth | None:
        best = growths[0]
        for growth in growths[1:]:
            order = self._compare(growth, best)
            if order is None:
                return None
            if order > 0:
                best = growth
        return best

    def _same(self, first: _Growth, second: _Growth) -> bool:
        return self._compare(first, second) == 0

    def _compare(self, first: _Growth, second: _Growth) -> int | None:
        """Which of two terms grows faster: −1, 0, 1; None where it is not known."""
        normaliser = self._normaliser
        difference = normaliser.normalise(first.rate - second.rate)
        if difference.is_zero:
            return (first.power > second.power) - (first.power < second.power)
        if normaliser.signs.positive(difference):
            return 1
        shown = self._ring.expression(difference)
        if shown.is_number and shown.is_real:
            return 1 if shown.is_positive else -1
        opposite = self._ring.negate(difference)
        if normaliser.signs.positive(opposite):
            return -1
        # e^(-s x) has a finite limit only where s ≥ 0; for s > 0 it is 0
        shown = self._ring.expression(opposite)
        if isinstance(shown, Symbol):
            normaliser.assume(Gt(shown, 0))
            return -1
        return None


@dataclass(frozen=True, slots=True)
class _Growth:
    """A term coefficient·rest·ω^power·e^(rate·ω)."""

    rate: Expr
    power: int
    coefficient: int
    rest: tuple[tuple[int, int], ...]


def _rate(shown: Expr, near: Symbol) -> Expr | None:
    """r where a generator is e^(r ω) with r free of ω."""
    exponent = shown.args[0] if isinstance(shown, exp) else shown.exp if isinstance(shown, Pow) else None
    base = E if isinstance(shown, exp) else shown.base if isinstance(shown, Pow) else None
    if exponent is None or base is None or near in base.free_symbols:
        return None
    step = exponent.coeff(near)
    if near in step.free_symbols or exponent != step * near:
        return None
    return step if base == E else Mul(step, log(base)) if base.is_positive else None


def _is_continuous(term: Basic, near: Symbol) -> bool:
    """Whether a term is certainly continuous in ω, wherever it is finite."""
    if near not in term.free_symbols or term == near:
        return True
    if isinstance(term, Term | Binder):
        return False
    if isinstance(term, Pow):
        return bool(term.exp.is_Integer and term.exp > 0) or (term.base == E and _is_continuous(term.exp, near))
    if term.is_Add or term.is_Mul or isinstance(term, _CONTINUOUS):
        return all(_is_continuous(arg, near) for arg in term.args)
    return False
