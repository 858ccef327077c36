"""Definite integrals: linear in the integrand, constants leave; what remains is an atom.

Linearity is sound without any condition of convergence, for the reason given in `sums`. Where abstract functions are
all taken at x + c, the variable is moved by c, so that they are taken at x; where they are all taken at c − x, it is
reflected (Spivak, Calculus, chapter 19)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sympy import Symbol, true
from sympy.core.basic import Basic
from sympy.core.expr import Expr

from derive.meaning.objects import Call, IntegralOver, Range, rename, subterms
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
            atom = self._moved(ring.expression(inner), slot, domain, condition)
            parts.append(ring.multiply(outer, atom))
        if len(parts) > 1:
            normaliser.use("integral-of-sum")
        return ring.total(parts)

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
                    lower, upper = ends if slope == 1 else ends[::-1]
                    moved = rename(body, slot, slope * (slot - offset))
                    return normaliser.normalise(IntegralOver(moved, slot, Range(lower, upper)))
        return normaliser.atom(IntegralOver(body, slot, domain, condition))


def _arguments(term: Basic, slot: Symbol) -> Iterator[Expr]:
    """The arguments of the abstract functions in a term that hold the variable."""
    for part in subterms(term):
        if isinstance(part, Call):
            yield from (argument for argument in part.arguments if slot in argument.free_symbols)


def _offset(argument: Expr, slot: Symbol) -> tuple[int, Expr] | None:
    """(1, c) for x + c, (−1, c) for c − x."""
    slope = argument.coeff(slot)
    rest = argument - slope * slot
    return None if slope not in (1, -1) or slot in rest.free_symbols else (int(slope), rest)
