"""Definite integrals: linear in the integrand, constants leave; what remains is an atom.

Linearity is sound without any condition of convergence, for the reason given in `sums`; a finite sum in the integrand
leaves the integral for the same reason. Where abstract functions are all taken at s x + c with a number s, that becomes
the variable (Spivak, Calculus, chapter 19)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sympy import Rational, Symbol, true
from sympy.core.basic import Basic
from sympy.core.expr import Expr

from derive.meaning.objects import Call, IntegralOver, Range, SumOver, rename, subterms
from derive.proving.giveup import TooLarge
from derive.proving.normal.ring import Fraction

if TYPE_CHECKING:
    from derive.proving.normal.normaliser import Normaliser


class IntegralForms:
    """Normal forms of ∫ over a domain."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser

    def integral(self, term: IntegralOver) -> Fraction:
        """∫ body over the domain."""
        normaliser, ring = self._normaliser, self._normaliser.ring
        ranged = normaliser.densities.over_range(term)
        if ranged is not None:
            return ranged
        domain = normaliser.rebuilt(term.domain)
        normaliser.depth += 1
        try:
            if normaliser.depth > 8:
                raise TooLarge("integrals are nested too deeply")
            slot = normaliser.slot(False)
            opened, (inside,) = term.open(slot)
            condition = normaliser.rebuilt(inside)
            body = ring.lift(normaliser.normalise(opened))
        finally:
            normaliser.depth -= 1
        if body.is_zero:
            return body
        outside_den, inside_den = normaliser.sums.parted(body.den, slot)
        parts = []
        for exponents, coefficient in ring.terms(body.num):
            varying = tuple(p for p in exponents if normaliser.depends(p[0], slot))
            constant = tuple(p for p in exponents if p not in varying)
            inner = ring.fraction(ring.term(varying), inside_den)
            outer = ring.fraction(ring.term(constant, coefficient), outside_den)
            summed = self._summed(inner, slot, domain, condition)
            atom = self._moved(ring.expression(inner), slot, domain, condition) if summed is None else summed
            parts.append(ring.multiply(outer, atom))
        if len(parts) > 1:
            normaliser.use("integral-of-sum")
        return ring.total(parts)

    def _summed(self, inner: Fraction, slot: Symbol, domain: Basic, condition: Basic) -> Fraction | None:
        """∫ g Σ_k f_k = Σ_k ∫ g f_k over a finite range of k."""
        normaliser, ring = self._normaliser, self._normaliser.ring
        inner = ring.lift(inner)
        for generator in ring.generators(inner.num):
            shown = ring.shown[generator]
            if not isinstance(shown, SumOver) or inner.num.degrees()[generator] != 1 or shown.condition != true:
                continue
            where = shown.domain
            if (
                not isinstance(where, Range)
                or slot in where.free_symbols
                or any(end.is_finite is False for end in where.args)
            ):
                continue
            index = Symbol(f"†{normaliser.depth}s")
            rest = ring.expression(ring.divide(inner, ring.power_of(generator, 1)))
            body = IntegralOver(rest * shown.open(index)[0], slot, domain, condition)
            normaliser.use("integral-of-indexed-sum")
            return normaliser.normalise(SumOver(body, index, where))
        return None

    def _moved(self, body: Expr, slot: Symbol, domain: Basic, condition: Basic) -> Fraction:
        """The atom of an integral, its variable moved to where abstract functions are taken at it."""
        normaliser = self._normaliser
        if isinstance(domain, Range) and condition == true and all(end.is_finite is not False for end in domain.args):
            found = {_offset(argument, slot) for argument in _arguments(body, slot)}
            if len(found) == 1 and None not in found:
                slope, offset = next(iter(pair for pair in found if pair is not None))
                if (slope, offset) != (1, 0):
                    normaliser.use("move-variable")
                    ends = [slope * end + offset for end in domain.args]
                    lower, upper = ends if slope > 0 else ends[::-1]
                    moved = rename(body, slot, (slot - offset) / slope) / abs(slope)
                    return normaliser.normalise(IntegralOver(moved, slot, Range(lower, upper)))
        return normaliser.atom(IntegralOver(body, slot, domain, condition))


def _arguments(term: Basic, slot: Symbol) -> Iterator[Expr]:
    """The arguments of the abstract functions in a term that hold the variable."""
    for part in subterms(term):
        if isinstance(part, Call):
            yield from (argument for argument in part.arguments if slot in argument.free_symbols)


def _offset(argument: Expr, slot: Symbol) -> tuple[Rational, Expr] | None:
    """(s, c) for s x + c with a number s."""
    slope = argument.coeff(slot)
    rest = argument - slope * slot
    return None if not isinstance(slope, Rational) or slope == 0 or slot in rest.free_symbols else (slope, rest)
