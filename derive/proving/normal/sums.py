"""Finite and infinite sums and products over an index.

A sum is linear in its terms; what does not vary with the index leaves it. This stays true for sums without an end and
sums that may diverge: a linear functional on the summable bodies extends to all bodies, so an identity that follows
from linearity alone holds for the functional, and hence for the sum wherever both sides have a value. Splitting off
terms is not of that kind and is done for finite ranges only.

What is left of each term is an atom, in one form: the index moved so that its smallest offset in the body is 0,
nested sums over independent domains in one order, and ranges that differ by a few terms expressed by the first met.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import TYPE_CHECKING

from sympy import Integer, Rational, S, Symbol
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.power import Pow
from sympy.core.relational import Ge, Le, Ne
from sympy.functions import factorial
from sympy.logic.boolalg import Boolean, true

from derive.meaning.laws import Space
from derive.meaning.objects import (
    Call,
    Delta,
    Domain,
    Entry,
    ProductOver,
    Range,
    SumOver,
    occurs,
    rename,
    subterms,
)
from derive.proving.giveup import Stuck, TooLarge
from derive.proving.normal.closedsums import geometric, power_sum
from derive.proving.normal.ring import Exponents, Fraction, Polynomial

if TYPE_CHECKING:
    from derive.proving.normal.normaliser import Normaliser

MOST_UNROLLED = 200
MOST_SPLIT = 12
MOST_MERGED = 4


class SumForms:
    """Normal forms of Σ and Π."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self._ring = normaliser.ring
        self._references: dict[object, tuple[Expr, Expr]] = {}

    # ------------------------------------------------------------------ heads

    def sum(self, term: SumOver) -> Fraction:
        """Σ over a domain."""
        if isinstance(term.domain, Space):
            return self._normaliser.densities.over_space(term)
        ranged = self._normaliser.densities.over_range(term)
        if ranged is not None:
            return ranged
        without = self._without_one(term)
        return without if without is not None else self._over(term, self._sum_body, self._ring.total)

    def product(self, term: ProductOver) -> Fraction:
        """Π over a domain."""
        return self._over(term, self._product_body, self._ring.product)

    def _without_one(self, term: SumOver) -> Fraction | None:
        """A condition `index ≠ e` means everything without the term of e."""
        condition = term.condition
        if not isinstance(condition, Ne) or term.variable not in condition.args:
            return None
        other = condition.rhs if condition.lhs == term.variable else condition.lhs
        inside = None if occurs(term.variable, other) else self._membership(other, term.domain)
        if inside is None:
            return None
        self._normaliser.assume(*inside)
        self._normaliser.use("sum-without-one-term")
        everything = self._normaliser.normalise(SumOver(term.body, term.variable, term.domain))
        return self._ring.subtract(everything, self._normaliser.normalise(term.open(other)[0]))

    def _over(
        self,
        term: SumOver | ProductOver,
        work: Callable[[Fraction, Symbol, Domain, Boolean], Fraction],
        gather: Callable[[list[Fraction]], Fraction],
    ) -> Fraction:
        normaliser = self._normaliser
        domain = normaliser.rebuilt(term.domain)
        if isinstance(domain, Range) and term.condition == true:
            count = domain.upper - domain.lower
            if isinstance(domain.lower, Integer) and isinstance(domain.upper, Integer) and count < MOST_UNROLLED:
                values = range(int(domain.lower), int(domain.upper) + 1)
                return gather([normaliser.normalise(term.open(Integer(value))[0]) for value in values])
            if isinstance(count, Integer) and 0 <= count < MOST_SPLIT:
                return gather([normaliser.normalise(term.open(domain.lower + k)[0]) for k in range(int(count) + 1)])
        normaliser.depth += 1
        try:
            if normaliser.depth > 8:
                raise TooLarge("sums are nested too deeply")
            slot = normaliser.slot(isinstance(domain, Range))
            normaliser.slots[slot] = domain
            body, (condition,) = term.open(slot)
            return work(normaliser.normalise(body), slot, domain, normaliser.rebuilt(condition))
        finally:
            normaliser.depth -= 1

    # ------------------------------------------------------------------ sums

    def _sum_body(self, body: Fraction, slot: Symbol, domain: Domain, condition: Boolean) -> Fraction:
        ring = self._ring
        body = ring.lift(body)
        if body.is_zero:
            return body
        outside_den, inside_den = self.parted(body.den, slot)
        groups: dict[object, tuple[Fraction, list[Fraction]]] = {}
        for exponents, coefficient in ring.terms(body.num):
            varying: Exponents = tuple(p for p in exponents if self._normaliser.depends(p[0], slot))
            constant: Exponents = tuple(p for p in exponents if p not in varying)
            if constant or abs(coefficient) != 1:
                self._normaliser.use("constant-out-of-sum")
            inner = ring.fraction(ring.term(varying), inside_den)
            outer = ring.fraction(ring.term(constant, coefficient), outside_den)
            groups.setdefault(ring.identity(inner), (inner, []))[1].append(outer)
        if len(groups) > 1:
            self._normaliser.use("split-sum")
        parts = [
            ring.multiply(ring.total(outer), self._sum_term(inner, slot, domain, condition))
            for inner, outer in groups.values()
        ]
        return ring.total(parts)

    def resum(self, body: Fraction, slot: Symbol, domain: Domain) -> Fraction:
        """The sum of a body in normal form."""
        return self._sum_body(body, slot, domain, true)

    def parted(self, polynomial: Polynomial, slot: Symbol) -> tuple[Polynomial, Polynomial]:
        """A polynomial as (factors that do not vary with the index, the others)."""
        ring = self._ring
        one = ring.one.num
        if not self._normaliser.varies(polynomial, slot):
            return polynomial, one
        content, factors = ring.factors(ring.fraction(polynomial, one))
        fixed, varying = ring.number(content), ring.one
        for factor, exponent in factors:
            power = ring.power(ring.fraction(factor, one), exponent)
            if self._normaliser.varies(factor, slot):
                varying = ring.multiply(varying, power)
            else:
                fixed = ring.multiply(fixed, power)
        return fixed.num, varying.num

    def _sum_term(self, inner: Fraction, slot: Symbol, domain: Domain, condition: Boolean) -> Fraction:
        """Σ of one term without constant factors."""
        ring = self._ring
        inner = ring.lift(inner)
        contracted = self._contracted(inner, slot, domain, condition)
        if contracted is not None:
            return contracted
        if condition == true and isinstance(domain, Range) and domain.upper not in (S.Infinity,):
            if inner.is_one:
                self._normaliser.assume(*self._not_short(domain))
                self._normaliser.use("sum-of-constant")
                return self._normaliser.normalise(domain.upper - domain.lower + 1)
            if self._normaliser.closed:
                closed = power_sum(self._normaliser, inner, slot, domain)
                if closed is None:
                    closed = geometric(self._normaliser, inner, slot, domain)
                if closed is not None:
                    self._normaliser.assume(*self._not_short(domain))
                    return closed
        return self._multiple(inner, slot, domain, condition)

    def _contracted(self, inner: Fraction, slot: Symbol, domain: Domain, condition: Boolean) -> Fraction | None:
        """Σ_i δ_{ij} f(i) = f(j), where j is in the domain."""
        ring = self._ring
        for generator in ring.generators(inner.num):
            shown = ring.shown[generator]
            if not isinstance(shown, Delta) or not self._normaliser.depends(generator, slot):
                continue
            difference = shown.args[0] - shown.args[1]
            slope = difference.coeff(slot)
            rest = difference - slope * slot
            if slope not in (S.One, S.NegativeOne) or occurs(slot, rest):
                continue
            value = -rest / slope
            inside = self._membership(value, domain)
            if inside is None or condition != true:
                continue
            without = ring.divide(inner, ring.power_of(generator, 1))
            self._normaliser.assume(*inside)
            self._normaliser.use("delta-contraction")
            return self._normaliser.normalise(rename(ring.expression(without), slot, value))
        return None

    def _membership(self, value: Expr, domain: Domain) -> tuple[Boolean | str, ...] | None:
        """The conditions under which a value lies in a domain; None where that is not known or can't be listed. What is
        in a range is an integer: a letter is taken to be one, and that is listed; anything else must be known to be."""
        if not isinstance(domain, Range):
            slots = [s for s in value.free_symbols if s.name[0] in "†‡"]
            return None if slots and self._slot_domain(slots, value) != domain else ()
        conditions: list[Boolean | str] = []
        if not self._normaliser.signs.integer(value):
            if not isinstance(value, Symbol) or value.name[0] in "‡⋄" or self._is_declared(value):
                return None
            conditions.append(f"{value} is an integer")
        for low, high in ((domain.lower, value), (value, domain.upper)):
            if high is S.Infinity:
                continue
            length = high - low
            if length.is_number:
                if not length.is_nonnegative:
                    return None
            elif self._normaliser.signs.positive(self._normaliser.normalise(-length)):
                return None
            elif not self._normaliser.signs.nonnegative(self._normaliser.normalise(length)):
                if low.free_symbols & high.free_symbols:
                    return None  # 2n + 1 ≤ n: may never hold
                conditions.append(Le(low, high))
        slots = [s for s in value.free_symbols if s.name[0] in "†‡"]
        if slots and conditions:
            return () if self._slot_domain(slots, value) == domain else None
        return tuple(conditions)

    def _is_declared(self, letter: Symbol) -> bool:
        """Whether the document says that a letter is of a kind that is no whole number."""
        return self._normaliser.setting.kinds.get(letter.name) in ("real", "positive", "nonnegative", "complex")

    def _slot_domain(self, slots: list[Symbol], value: Expr) -> Domain | None:
        """The domain of the one outer index that a value is."""
        return self._normaliser.slots.get(value) if len(slots) == 1 and slots[0] == value else None

    def _not_short(self, domain: Range) -> tuple[Boolean, ...]:
        """The range is not shorter than empty: upper ≥ lower − 1."""
        length = domain.upper - domain.lower + 1
        try:
            if self._normaliser.signs.nonnegative(self._normaliser.normalise(length)):
                return ()
            if self._normaliser.signs.nonnegative(self._normaliser.normalise(length - 1)):
                return ()
        except Stuck:
            return ()
        return (Ge(domain.upper, domain.lower - 1),)

    # ------------------------------------------------------------------ the atom

    def _multiple(self, inner: Fraction, slot: Symbol, domain: Domain, condition: Boolean) -> Fraction:
        """A sum that stays: sums inside it are taken in, and all stand in one order."""
        ring = self._ring
        bindings: list[tuple[Symbol, Domain, Boolean]] = [(slot, domain, condition)]
        rest = inner
        for generator in ring.generators(inner.num):
            shown = ring.shown[generator]
            if not isinstance(shown, SumOver) or len(bindings) > MOST_MERGED:
                continue
            degree = max(inner.num.degrees()[generator], 0)
            if len(bindings) + degree > MOST_MERGED:
                continue
            for _ in range(degree):
                body: Expr = shown
                while isinstance(body, SumOver):
                    mark = "†" if isinstance(body.domain, Range) else "‡"
                    fresh = Symbol(f"{mark}{self._normaliser.depth}m{len(bindings)}")
                    opened, (inside,) = body.open(fresh)
                    bindings.append((fresh, body.domain, inside))
                    body = opened
                rest = ring.divide(rest, ring.power_of(generator, 1))
                rest = ring.multiply(rest, self._normaliser.normalise(body))
        if len(bindings) == 1:
            return self._single(inner, slot, domain, condition)
        symbols = [binding[0] for binding in bindings]
        independent = not any(
            occurs(symbol, part)
            for symbol in symbols
            for own, where, when in bindings
            for part in ((where, when) if own != symbol else (where,))
        )
        # series may be taken in either order only where they converge absolutely
        series = sum(1 for _, where, _ in bindings if {S.Infinity, S.NegativeInfinity} & set(where.args))
        if not independent or series > 1 or len(bindings) > MOST_MERGED:
            return self._single(inner, slot, domain, condition)
        return self._ordered(rest, bindings)

    def _ordered(self, body: Fraction, bindings: list[tuple[Symbol, Domain, Boolean]]) -> Fraction:
        """A sum over several independent indices, nested in the least of all orders."""
        shown = self._ring.expression(body)
        candidates = []
        for order in permutations(bindings):
            nested = shown
            for symbol, domain, condition in order:
                nested = SumOver(nested, symbol, domain, condition)
            candidates.append(nested)
        least = min(candidates, key=lambda candidate: candidate.sort_key())
        self._normaliser.use("swap-sums")
        return self._normaliser.atom(least)

    def _single(self, inner: Fraction, slot: Symbol, domain: Domain, condition: Boolean) -> Fraction:
        shown = self._ring.expression(inner)
        if not isinstance(domain, Range) or condition != true:
            return self._normaliser.atom(SumOver(shown, slot, domain, condition))
        inner, shown, moved = self._moved(inner, shown, slot, domain)
        if moved != domain:
            return self._sum_body(inner, slot, moved, condition)  # factors may have become constant
        if S.Infinity in domain.args or S.NegativeInfinity in domain.args:
            return self._normaliser.atom(SumOver(shown, slot, domain))
        floating = _floating(domain.lower)
        if floating != 0 and not any(s.name[0] in "†‡·" for part in domain.args for s in part.free_symbols):
            # Σ_{a}^{b} = Σ_{1}^{b} − Σ_{1}^{a−1}, whatever the body is taken to be below a
            first = Range(S.One, domain.lower - 1)
            self._normaliser.assume(*self._not_short(first), *self._not_short(domain))
            self._normaliser.use("split-sum-at")
            whole = self._single(inner, slot, Range(S.One, domain.upper), condition)
            return self._ring.subtract(whole, self._single(inner, slot, first, condition))
        lower, upper = self._reference(("sum", rename(shown, slot, Symbol("†"))), domain)
        result = self._normaliser.atom(SumOver(shown, slot, Range(lower, upper)))
        if (lower, upper) == domain.args:
            return result
        self._normaliser.use("split-off-term")
        for value, sign in self._missing(lower, upper, domain):
            piece = self._normaliser.normalise(rename(shown, slot, value))
            result = self._ring.add(result, piece if sign > 0 else self._ring.negate(piece))
        return result

    def _moved(self, inner: Fraction, shown: Expr, slot: Symbol, domain: Range) -> tuple[Fraction, Expr, Range]:
        """The index moved so that the least whole offset beside it in the body is 0."""
        ring = self._ring
        parts: list[Basic] = [shown]
        if not inner.den.is_constant():
            parts += [ring.show(p) for p, _ in ring.factors(ring.fraction(inner.den, ring.one.num))[1]]
        if _reversed(parts, slot):
            self._normaliser.use("reverse-sum")
            turned = self._normaliser.normalise(rename(shown, slot, domain.lower + domain.upper - slot))
            if not _reversed([ring.expression(turned)], slot):
                return self._moved(turned, ring.expression(turned), slot, domain)
        members = [part for whole in parts for part in subterms(whole) if isinstance(part, Entry | Call)]
        offsets = sorted({offset for part in members or parts for offset in _offsets(part, slot)})
        if not offsets or offsets[0] == 0:
            return inner, shown, domain
        shift = offsets[0]
        moved = self._normaliser.normalise(rename(shown, slot, slot - shift))
        self._normaliser.use("shift-index")
        again = self._normaliser.rebuilt(Range(domain.lower + shift, domain.upper + shift))
        return moved, ring.expression(moved), again

    def _reference(self, key: object, domain: Range) -> tuple[Expr, Expr]:
        """The range, of those met with this body, that differs from this one by a few terms only."""
        base = (key, _floating(domain.lower), _floating(domain.upper))
        lower, upper = self._references.setdefault(base, (domain.lower, domain.upper))
        if abs(lower - domain.lower) > MOST_SPLIT or abs(upper - domain.upper) > MOST_SPLIT:
            return domain.lower, domain.upper
        return lower, upper

    def _missing(self, lower: Expr, upper: Expr, domain: Range) -> list[tuple[Expr, int]]:
        """What to add (+) to the sum from `lower` to `upper`, or take away (−), to get the sum over the domain.

        Right for ranges of length ≥ 0: the shortest range in question must not be shorter than empty."""
        self._normaliser.assume(*self._not_short(Range(max_of(lower, domain.lower), min_of(upper, domain.upper))))
        below, above = int(lower - domain.lower), int(domain.upper - upper)
        found = [(domain.lower + k, 1) for k in range(below)] + [(lower + k, -1) for k in range(-below)]
        found += [(upper + k + 1, 1) for k in range(above)] + [(domain.upper + k + 1, -1) for k in range(-above)]
        return found

    # ------------------------------------------------------------------ products

    def _product_body(self, body: Fraction, slot: Symbol, domain: Domain, condition: Boolean) -> Fraction:
        ring = self._ring
        if body.is_zero and condition == true:
            if isinstance(domain, Range) and self._normaliser.signs.positive(
                self._normaliser.normalise(domain.upper - domain.lower + 1)
            ):
                return body
            raise Stuck("a product of zeros may be empty")
        content, factors = self._normaliser.powers.factors(body)
        result = self._times_count(ring.number(content), domain, condition, slot)
        for polynomial, exponent in factors:
            value = ring.fraction(polynomial, ring.one.num)
            if not self._normaliser.varies(polynomial, slot):
                part = self._times_count(value, domain, condition, slot)
            else:
                part = self._product_factor(value, slot, domain, condition)
            result = ring.multiply(result, ring.power(part, exponent))
        return result

    def _times_count(self, value: Fraction, domain: Domain, condition: Boolean, slot: Symbol) -> Fraction:
        """value^(number of values of the index)."""
        if value.is_one:
            return value
        if not isinstance(domain, Range) or condition != true or S.Infinity in domain.args:
            shown = ProductOver(self._ring.expression(value), slot, domain, condition)
            return self._normaliser.atom(shown)
        self._normaliser.assume(*self._not_short(domain))
        self._normaliser.use("product-of-constant")
        count = self._normaliser.normalise(domain.upper - domain.lower + 1)
        return self._normaliser.powers.whole_power(value, count)

    def _product_factor(self, value: Fraction, slot: Symbol, domain: Domain, condition: Boolean) -> Fraction:
        ring = self._ring
        parts = self._normaliser.powers.power_parts(value)
        if parts is not None and not (parts[0] is not None and self._normaliser.varies(parts[0].num, slot)):
            self._normaliser.use("exp-of-indexed-sum")
            total = self._normaliser.normalise(SumOver(ring.expression(parts[1]), slot, domain, condition))
            return self._normaliser.powers.over_index(parts[0], total)
        shown = ring.expression(value)
        if condition == true and isinstance(domain, Range) and shown == slot and domain.lower == 1:
            return self._normaliser.normalise(factorial(domain.upper))
        if condition != true or not isinstance(domain, Range) or S.Infinity in domain.args:
            return self._normaliser.atom(ProductOver(shown, slot, domain, condition))
        lower, upper = self._reference(("product", rename(shown, slot, Symbol("†"))), domain)
        result = self._normaliser.atom(ProductOver(shown, slot, Range(lower, upper)))
        if (lower, upper) != domain.args:
            self._normaliser.use("split-off-factor")
            for value_at, sign in self._missing(lower, upper, domain):
                piece = self._normaliser.normalise(rename(shown, slot, value_at))
                result = ring.multiply(result, piece) if sign > 0 else ring.divide(result, piece)
        return result


def _floating(bound: Expr) -> Expr:
    """A bound without its number: n for n − 1, 0 for 3."""
    constant = bound.as_coeff_Add()[0] if bound.is_Add or bound.is_Number else S.Zero
    return bound - (constant if isinstance(constant, Integer) else S.Zero)


def min_of(first: Expr, second: Expr) -> Expr:
    """The smaller of two bounds a number apart."""
    return first if (first - second) <= 0 else second


def max_of(first: Expr, second: Expr) -> Expr:
    return first if (first - second) >= 0 else second


def _reversed(terms: list[Basic], slot: Symbol) -> bool:
    """Whether the index stands in indices and arguments as c − slot, and nowhere else."""
    found = False
    for term in terms:
        stack = [term]
        while stack:
            part = stack.pop()
            if part.is_Add and part.coeff(slot) == -1 and not occurs(slot, part + slot):
                found = True
                continue
            if part == slot:
                return False
            stack.extend(part.args)
    return found


def _offsets(term: Basic, slot: Symbol) -> set[int]:
    """The whole numbers c of the subterms slot + c (0 for the bare slot; what else is added does not count)."""
    if term == slot:
        return {0}
    if not occurs(slot, term):
        return set()
    if isinstance(term, Pow) and term.base == slot and isinstance(term.exp, Integer):
        return {0}
    if term.is_Add and term.coeff(slot) == 1 and not occurs(slot, term - slot):
        constant = term.as_coeff_Add()[0]
        return {int(constant)} if isinstance(constant, Rational) and constant.is_Integer else {0}
    if term.is_Add and term.coeff(slot) == -1 and not occurs(slot, term + slot):
        return set()
    return {offset for arg in term.args for offset in _offsets(arg, slot)}
