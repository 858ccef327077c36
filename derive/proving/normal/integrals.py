"""Definite integrals: linear in the integrand, constants leave; what remains is an atom.

Linearity is sound without any condition of convergence, for the reason given in `sums`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.meaning.objects import IntegralOver
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
            atom = normaliser.atom(IntegralOver(ring.expression(inner), slot, domain, condition))
            parts.append(ring.multiply(outer, atom))
        if len(parts) > 1:
            normaliser.use("integral-of-sum")
        return ring.total(parts)
