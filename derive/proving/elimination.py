"""Equations solved for one another: from a system to what it says of a term.

Gaussian elimination over rational functions: each equation gives up one generator that stands linearly in it, with a
coefficient that is not 0 for certain. Cofactors are kept, so that the outcome can be verified by one comparison:
term = Σ kᵢ dᵢ + rest, where dᵢ = 0 are the equations (Cox, Little, O'Shea, Ideals, Varieties, and Algorithms, 1.5)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sympy.core.expr import Expr

from derive.proving.giveup import Stuck
from derive.proving.ground import Ground
from derive.proving.normal.ring import Fraction

MOST_EQUATIONS = 8
MOST_ROW_TERMS = 60


@dataclass(frozen=True, slots=True)
class Row:
    """`value = Σ cofactors[i] dᵢ`, which is 0."""

    value: Fraction
    cofactors: dict[int, Fraction]


@dataclass(frozen=True, slots=True)
class Pivot:
    """A row solved for a generator: value = slope · (generator − solution)."""

    row: Row
    generator: int
    slope: Fraction
    solution: Fraction


class Elimination:
    """A system in triangular form. `terms` vanish; generators in `last` are given up last."""

    def __init__(self, ground: Ground, terms: Sequence[Expr], last: Collection[int] = ()) -> None:
        self._ground = ground
        self._ring = ground.normaliser.ring
        self._last = last
        self.contradictory = False
        self.pivots: list[Pivot] = []
        self.others: list[Row] = []
        for number, term in enumerate(terms[:MOST_EQUATIONS]):
            self._take(Row(ground.fraction(term), {number: self._ring.one}))

    def _take(self, row: Row) -> None:
        row = self.reduced(row)
        value = self._ring.lift(row.value)
        if value.is_zero:
            return
        if self._ring.as_number(value) is not None:
            self.contradictory = True
            return
        pivot = self._pivot(row)
        if pivot is None:
            self.others.append(row)
        else:
            self.pivots.append(pivot)

    def reduced(self, row: Row) -> Row:
        """The row minus multiples of the solved rows, without their generators (where it is a polynomial in them)."""
        for pivot in self.pivots:
            row = self._without(row, pivot)
        return row

    def _without(self, row: Row, pivot: Pivot) -> Row:
        ring = self._ring
        value = ring.lift(row.value)
        parts = self._by_degree(value, pivot.generator)
        top = max(parts, default=0)
        if top == 0 or pivot.generator in ring.generators(value.den):
            return row
        # Σ aⱼ gʲ = (g − v) Σ aⱼ (g^(j−1) + … + v^(j−1)) + Σ aⱼ vʲ
        own = ring.power_of(pivot.generator, 1)
        quotient, rest = ring.zero, ring.zero
        for degree, part in parts.items():
            rest = ring.add(rest, ring.multiply(part, ring.power(pivot.solution, degree)))
            for k in range(degree):
                powers = ring.multiply(ring.power(own, k), ring.power(pivot.solution, degree - 1 - k))
                quotient = ring.add(quotient, ring.multiply(part, powers))
        factor = ring.divide(quotient, pivot.slope)
        cofactors = dict(row.cofactors)
        for number, cofactor in pivot.row.cofactors.items():
            before = cofactors.get(number, ring.zero)
            cofactors[number] = ring.subtract(before, ring.multiply(factor, cofactor))
        return Row(rest, cofactors)

    def _by_degree(self, value: Fraction, generator: int) -> dict[int, Fraction]:
        ring = self._ring
        parts: dict[int, Fraction] = {}
        for exponents, coefficient in ring.terms(value.num):
            degree = dict(exponents).get(generator, 0)
            others = tuple(pair for pair in exponents if pair[0] != generator)
            part = ring.fraction(ring.term(others, coefficient), value.den)
            parts[degree] = ring.add(parts.get(degree, ring.zero), part)
        return parts

    def _pivot(self, row: Row) -> Pivot | None:
        """The row solved for the generator that suits best: with a number as coefficient, and not one to be kept."""
        ring = self._ring
        value = ring.lift(row.value)
        if len(value.num) > MOST_ROW_TERMS:
            return None
        found: list[tuple[tuple[bool, bool, int], int, Fraction, Fraction]] = []
        for generator in ring.generators(value.num):
            if generator in ring.generators(value.den) or ring.related(generator):
                continue
            parts = self._by_degree(value, generator)
            if set(parts) - {0, 1} or 1 not in parts:
                continue
            slope = parts[1]
            plain = ring.as_number(ring.fraction(ring.lift(slope).num, ring.one.num)) is not None
            if plain or self._ground.nonzero(ring.expression(slope)):
                key = (not plain, generator in self._last, -generator)
                found.append((key, generator, slope, parts.get(0, ring.zero)))
        if not found:
            return None
        _, generator, slope, rest = min(found, key=lambda one: one[0])
        return Pivot(row, generator, slope, ring.negate(ring.divide(rest, slope)))


def contradict(terms: Sequence[Expr], ground: Ground) -> bool:
    """Whether elimination shows that the terms do not vanish together anywhere."""
    try:
        return ground.run(lambda: Elimination(ground, terms).contradictory)
    except (Stuck, RecursionError):
        return False
