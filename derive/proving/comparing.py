"""Deciding `left = right` by normal form: the difference is zero, if need be after facts, merged sums and cases.

This is the procedure `normal-form`. It searches nothing: the same question always takes the same way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import I, S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.relational import Eq, GreaterThan, Gt, Le, LessThan, Ne
from sympy.core.symbol import Symbol
from sympy.logic.boolalg import Boolean

from derive.meaning.matrices import AnyEntry
from derive.meaning.objects import Delta, Indicator, Range, SumOver, rename, subterms
from derive.meaning.question import Fact, Setting
from derive.proving.definedness import divisors, note_definedness, standing_in
from derive.proving.giveup import Stuck
from derive.proving.normal.normaliser import Normaliser
from derive.proving.normal.powers import Regrain
from derive.proving.normal.ring import Fraction
from derive.proving.spelling import needs_spelling, spelt

MOST_CASES = 3
MOST_ROUNDS = 4
MOST_GRAINS = 12


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether two expressions were found equal, by which transformations and under which conditions."""

    equal: bool
    used: tuple[str, ...] = ()
    assumptions: tuple[Boolean | str, ...] = ()


def compare(left: Expr, right: Expr, setting: Setting, closed: bool = False, cases: int = MOST_CASES) -> Comparison:
    """Whether both sides have one value wherever both have a value and the facts of the setting hold."""
    work = _Comparing(left, right, setting, closed, cases)
    if not needs_spelling(left, right):
        return _regrained(work)
    try:
        found = _regrained(work)
    except Stuck:
        found = Comparison(False)
    if found.equal:
        return found
    left, right = spelt((left, right), setting)
    found = _regrained(_Comparing(left, right, setting, closed, cases))
    return Comparison(found.equal, ("entry-by-entry", *found.used), found.assumptions)


def normal_sides(left: Expr, right: Expr, setting: Setting) -> tuple[Normaliser, Fraction, Fraction]:
    """Both sides in normal form, in one normaliser that knows where they are defined."""
    grains: dict[object, int] = {}
    for _ in range(MOST_GRAINS):
        normaliser = Normaliser(setting, False, grains)
        try:
            normaliser.signs.read_facts()  # before the sides, since they may ask for finer exponents
            note_definedness(normaliser, left, right)
            return normaliser, normaliser.normalise(left), normaliser.normalise(right)
        except Regrain:
            continue
    raise Stuck("the exponents have no common denominator")


def _regrained(work: _Comparing) -> Comparison:
    grains: dict[object, int] = {}
    for _ in range(MOST_GRAINS):
        try:
            return work.run(grains)
        except Regrain:
            continue
    raise Stuck("the exponents have no common denominator")


class _Comparing:
    def __init__(self, left: Expr, right: Expr, setting: Setting, closed: bool, cases: int) -> None:
        self._left, self._right, self._setting = left, right, setting
        self._closed, self._cases = closed, cases

    def run(self, grains: dict[object, int]) -> Comparison:
        normaliser = Normaliser(self._setting, self._closed, grains)
        normaliser.complex = normaliser.complex or self._left.has(I) or self._right.has(I)
        note_definedness(normaliser, self._left, self._right)
        ring = normaliser.ring
        difference = ring.subtract(normaliser.normalise(self._left), normaliser.normalise(self._right))
        if self._vanishes(normaliser, difference) or self._vanishes(normaliser, normaliser.limits.standard(difference)):
            if contradictory(normaliser):
                return Comparison(False)
            return Comparison(True, tuple(normaliser.used), tuple(normaliser.assumptions))
        if isinstance(self._left, AnyEntry) and isinstance(self._right, AnyEntry):
            if normaliser.matrices.equal(self._left.args[0], self._right.args[0]):
                return Comparison(True, tuple(normaliser.used), tuple(normaliser.assumptions))
        return self._by_cases(normaliser, difference)

    # ------------------------------------------------------------------ zero?

    def _vanishes(self, normaliser: Normaliser, difference: Fraction) -> bool:
        if difference.is_zero:
            return True
        difference = self._with_facts(normaliser, difference)
        for _ in range(MOST_ROUNDS):
            if difference.is_zero:
                return True
            merged = _merge_sums(normaliser, difference)
            if merged is None:
                return False
            difference = self._with_facts(normaliser, merged)
        return difference.is_zero

    def _with_facts(self, normaliser: Normaliser, difference: Fraction) -> Fraction:
        """Eliminate with each equation among the facts one generator that stands linearly in it, with a number as
        coefficient (any other coefficient could be zero)."""
        ring = normaliser.ring
        for left, right in normaliser.signs.equation_sides():
            try:
                relation = ring.lift(ring.subtract(normaliser.normalise(left), normaliser.normalise(right)))
            except Stuck:
                continue
            if relation.is_zero:
                continue
            found = _linear_generator(normaliser, relation)
            if found is None or found not in ring.generators(ring.lift(difference).num):
                continue
            if not self._has_certain_denominator(normaliser, difference):
                return difference
            difference = ring.lift(difference)
            terms = dict(ring.terms(relation.num))
            slope = terms.pop(((found, 1),))
            rest = ring.total(ring.fraction(ring.term(e, c), ring.one.num) for e, c in terms.items())
            value = ring.divide(ring.negate(rest), ring.number(slope))
            num = ring.zero
            for exponents, coefficient in ring.terms(difference.num):
                degree = dict(exponents).get(found, 0)
                others = tuple(pair for pair in exponents if pair[0] != found)
                part = ring.fraction(ring.term(others, coefficient), ring.one.num)
                num = ring.add(num, ring.multiply(part, ring.power(value, degree)))
            normaliser.use("given-equation")
            # the numerator alone decides; the denominator is not zero where both sides have a value
            difference = num
        return difference

    def _has_certain_denominator(self, normaliser: Normaliser, difference: Fraction) -> bool:
        """Whether the denominator is not 0 where both sides have a value. In normal form x^(a−1) is x^a/x, and it has a
        value at x = 0, where x^a = x y does not give x^(a−1) = y."""
        ring = normaliser.ring
        if ring.lift(difference).den.is_constant():
            return True
        statements = (*(fact.statement for fact in self._setting.facts), *normaliser.assumptions)
        unequal = [s.lhs - s.rhs for s in statements if isinstance(s, Ne)]
        standing = (part for side in (self._left, self._right) for part in standing_in(side))
        nonzero: set[object] = set()
        for term in (*divisors(standing), *unequal):
            nonzero.update(ring.key(p) for p, _ in ring.factors(normaliser.normalise(term))[1])
        inverse = ring.fraction(ring.lift(difference).den, ring.one.num)
        return all(
            ring.key(p) in nonzero or normaliser.signs.polynomial(p) == "positive" for p, _ in ring.factors(inverse)[1]
        )

    # ------------------------------------------------------------------ i = j or i ≠ j

    def _by_cases(self, normaliser: Normaliser, difference: Fraction) -> Comparison:
        ring = normaliser.ring
        deltas: dict[Basic, None] = {}
        for generator in ring.generators(ring.lift(difference).num):
            for part in subterms(ring.shown[generator]):
                if isinstance(part, Delta) and not any(s.name[0] in "†‡·" for s in part.free_symbols):
                    deltas.setdefault(part)
        if not deltas or self._cases <= 0:
            return self._by_conditions(normaliser, difference)
        first, second = next(iter(deltas)).args
        solved = _solve_index(first, second)
        if solved is None:
            return Comparison(False)
        symbol, value = solved
        apart = replace(self._setting, facts=(*self._setting.facts, Fact(Ne(first, second))))
        same = replace(
            self._setting,
            facts=tuple(Fact(rename(fact.statement, symbol, value), fact.said) for fact in self._setting.facts),
        )
        if any(fact.statement == False for fact in same.facts):  # noqa: E712 (a SymPy Boolean)
            equal = Comparison(True)
        else:
            left, right = rename(self._left, symbol, value), rename(self._right, symbol, value)
            equal = compare(left, right, same, self._closed, self._cases - 1)
        if not equal.equal:
            return equal
        unequal = compare(self._left, self._right, apart, self._closed, self._cases - 1)
        if not unequal.equal:
            return unequal
        used = dict.fromkeys(("cases-of-delta", *equal.used, *unequal.used))
        return Comparison(True, tuple(used), tuple(dict.fromkeys((*equal.assumptions, *unequal.assumptions))))

    def _by_conditions(self, normaliser: Normaliser, difference: Fraction) -> Comparison:
        """Where an indicator is left: the case that its condition holds, and the case that it does not."""
        if self._cases <= 0:
            return Comparison(False)
        ring = normaliser.ring
        for generator in ring.generators(ring.lift(difference).num):
            shown = ring.shown[generator]
            condition = shown.args[0] if isinstance(shown, Indicator) else None
            if not isinstance(condition, Gt | Eq) or any(s.name[0] in "†‡·" for s in condition.free_symbols):
                continue
            opposite = Le(*condition.args) if isinstance(condition, Gt) else Ne(*condition.args)
            used: dict[str, None] = {"cases-of-condition": None}
            assumptions: dict[Boolean | str, None] = {}
            for case in (condition, opposite):
                setting = replace(self._setting, facts=(*self._setting.facts, Fact(case)))
                found = compare(self._left, self._right, setting, self._closed, self._cases - 1)
                if not found.equal:
                    return found
                used.update(dict.fromkeys(found.used))
                assumptions.update(dict.fromkeys(found.assumptions))
            return Comparison(True, tuple(used), tuple(assumptions))
        return Comparison(False)


def contradictory(normaliser: Normaliser) -> bool:
    """Whether the conditions used can't hold together with the facts: one is the opposite of what is known, or two of
    them add up to a negative number."""
    ring = normaliser.ring
    differences: list[Fraction] = []
    for condition in normaliser.assumptions:
        if isinstance(condition, (GreaterThan, LessThan)):
            differences.append(normaliser.normalise(condition.gts - condition.lts))
    for place, first in enumerate(differences):
        if normaliser.signs.positive(ring.negate(first)):
            return True
        for second in differences[:place]:
            number = ring.as_number(ring.add(first, second))
            if number is not None and number < 0:
                return True
    return False


def _linear_generator(normaliser: Normaliser, relation: Fraction) -> int | None:
    """The generator to eliminate: a sum if there is one, else the last, standing alone in one term."""
    ring = normaliser.ring
    alone, others = set[int](), set[int]()
    for exponents, _ in ring.terms(relation.num):
        if len(exponents) == 1 and exponents[0][1] == 1:
            alone.add(exponents[0][0])
        else:
            others.update(generator for generator, _ in exponents)
    candidates = sorted(g for g in alone if g not in others and g not in ring.generators(relation.den))
    sums = [g for g in candidates if isinstance(ring.shown[g], SumOver)]
    return (sums or candidates)[-1] if candidates else None


def _solve_index(first: Expr, second: Expr) -> tuple[Symbol, Expr] | None:
    """A symbol and the value that makes two indices equal."""
    difference = first - second
    for symbol in sorted((s for s in difference.free_symbols if isinstance(s, Symbol)), key=lambda s: s.name):
        slope = difference.coeff(symbol)
        rest = difference - slope * symbol
        if slope in (S.One, S.NegativeOne) and symbol not in rest.free_symbols:
            return symbol, -rest / slope
    return None


def _merge_sums(normaliser: Normaliser, difference: Fraction) -> Fraction | None:
    """Σ c f + Σ d g over one domain, or over ranges of one length, as Σ (c f + d g): the numerator of the difference
    with the sums of the first group that merges put together, or None where nothing merges."""
    ring = normaliser.ring
    difference = ring.lift(difference)
    groups: dict[Basic, list[int]] = {}
    for generator in ring.generators(difference.num):
        shown = ring.shown[generator]
        if isinstance(shown, SumOver) and shown.condition == S.true:
            groups.setdefault(_length(shown.domain), []).append(generator)
    for members in groups.values():
        domain = ring.shown[members[0]].domain
        coefficients: dict[int, list[Fraction]] = {}
        rest = []
        for exponents, coefficient in ring.terms(difference.num):
            inside = [(g, e) for g, e in exponents if g in members]
            others = tuple(pair for pair in exponents if pair[0] not in members)
            part = ring.fraction(ring.term(others, coefficient), ring.one.num)
            if not inside:
                rest.append(part)
            elif len(inside) == 1 and inside[0][1] == 1:
                coefficients.setdefault(inside[0][0], []).append(part)
            else:
                break
        else:
            merged = _resummed(normaliser, domain, coefficients)
            if merged is not None:
                return ring.total([*rest, merged])
    return None


def _length(domain: Basic) -> Basic:
    """What domains have in common between which sums can be merged: the length of a finite range, else themselves."""
    if not isinstance(domain, Range) or any(end.is_finite is False for end in domain.args):
        return domain
    return domain.upper - domain.lower


def _resummed(normaliser: Normaliser, domain: Basic, coefficients: dict[int, list[Fraction]]) -> Fraction | None:
    ring = normaliser.ring
    normaliser.depth += 1
    try:
        slot = normaliser.slot(type(domain).__name__ == "Range")
        normaliser.slots[slot] = domain
        parts = []
        for generator, factors in coefficients.items():
            shown = ring.shown[generator]
            shift = shown.domain.lower - domain.lower if shown.domain != domain else 0
            body, _ = shown.open(slot + shift)
            parts.append(ring.multiply(ring.total(factors), normaliser.normalise(body)))
        total = ring.lift(ring.total(parts))
        if total.is_zero:
            normaliser.use("split-sum")
            return total
        inner = _merge_sums(normaliser, total)
        if inner is not None and inner.is_zero:
            normaliser.use("split-sum")
            return inner
        if not normaliser.varies(total.num, slot) and not normaliser.varies(total.den, slot):
            normaliser.use("split-sum")
            return normaliser.sums.resum(total, slot, domain)
        return None
    finally:
        normaliser.depth -= 1
