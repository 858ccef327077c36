"""Normal forms of densities, expectations and sums over the values of random variables.

A conditional density is the quotient of two joint ones, p(x | z) = p(x, z) / p(z), so Bayes' rule and the chain rule
are field arithmetic. A joint density is an atom, its slots in the order of the names of their variables. Summing a
density over a variable that stands nowhere else takes the variable out of it (Feller, An Introduction to Probability
Theory and Its Applications II, III.2). Sums over several spaces are one sum over all of them: the order does not
matter, and factors that share no variable part it into a product (Fubini: Rudin, Real and Complex Analysis, 8.8).
All that is used of such a sum is that it is linear, and this; so it may be an integral as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import S, Symbol, true
from sympy.core.basic import Basic
from sympy.core.expr import Expr

from derive.meaning.distributions import Drawn, named
from derive.meaning.expectations import expanded, random_atoms
from derive.meaning.independence import families_in
from derive.meaning.laws import COMMON, Density, Expectation, Law, Slot, Space, Variable, space_of
from derive.meaning.objects import Entry, IntegralOver, Partial, ProductOver, Range, SumOver, is_bound, occurs, subterms
from derive.meaning.printing import spoken, to_text
from derive.proving.giveup import Stuck, TooLarge
from derive.proving.normal.independent import Independent
from derive.proving.normal.ring import Fraction

if TYPE_CHECKING:
    from derive.proving.normal.normaliser import Normaliser

MOST_DEPTH = 14
MOST_POWER = 3
Slots = list[tuple[Variable, Symbol]]


class DensityForms:
    """Normal forms of p(…), E[…] and Σ over the space of a variable."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self._independent = Independent(normaliser.setting)
        self._ranges: dict[Space, Range] = {}

    # ------------------------------------------------------------------ heads

    def density(self, term: Density) -> Fraction:
        """A joint density as an atom, a conditional one as a quotient."""
        ring = self._normaliser.ring
        law = self._law(term.law)
        given = self._slots(term.given)
        whole = self._joint(law, self._slots((*term.slots, *term.given)))
        if not given:
            return whole
        self._normaliser.use("conditional-density")
        return ring.divide(whole, self._joint(law, given))

    def _law(self, law: Law) -> Law:
        return Law(law.args[0], *[self._normaliser.canonical(parameter) for parameter in law.parameters])

    def _slots(self, slots: tuple[Slot, ...]) -> list[Slot]:
        """Slots in order, with their parts in normal form. Raises Stuck for one variable at two values."""
        found: dict[Variable, Expr] = {}
        for slot in slots:
            variable = Variable(slot.variable.args[0], *[self._normaliser.canonical(i) for i in slot.variable.indices])
            value = self._normaliser.canonical(slot.value)
            if found.setdefault(variable, value) != value:
                raise Stuck("one variable at two values in a density")
        return _sorted([Slot(variable, value) for variable, value in found.items()])

    def _joint(self, law: Law, slots: list[Slot]) -> Fraction:
        ring = self._normaliser.ring
        if not slots:
            return ring.one
        found = self._independent.split(law, slots)
        if found is None:
            return self._normaliser.atom(Density(law, [self._independent.alike(slot) for slot in slots]))
        parts, shared, claim = found
        self._normaliser.assume(claim.said)
        self._normaliser.use("independence")
        below = self._joint(law, shared)
        product = ring.product(ring.divide(self._joint(law, _sorted([slot, *shared])), below) for slot in parts)
        return ring.multiply(product, below)

    def expectation(self, term: Expectation) -> Fraction:
        """An expectation by what it is a sum of; over too many variables to list, an atom."""
        normaliser = self._normaliser
        chances = normaliser.setting.chances
        families = families_in(normaliser.setting.independent)
        value = expanded(term, chances, normaliser.signs.differ, families)
        if families and value.has(ProductOver):
            for claim in normaliser.setting.independent:
                normaliser.assume(claim.said)
        self.note_fixed(term.body)
        if value != term:
            normaliser.use("expectation")
            assert isinstance(value, Expr)
            return normaliser.normalise(value)
        given = self._slots(term.given)
        return normaliser.atom(Expectation(self._law(term.law), normaliser.canonical(term.body), given))

    def note_fixed(self, body: Basic) -> None:
        """What stands under an expectation without a stated law and is not random is taken to be fixed: listed."""
        chances = self._normaliser.setting.chances
        free = {atom for atom, _ in random_atoms(body, chances.random, frozenset())}
        fixed = {
            part.name
            for part in subterms(body)
            if isinstance(part, Symbol | Entry)
            and part not in free
            and part.name not in chances.random
            and not (isinstance(part, Symbol) and (is_bound(part) or part.name[0] in "†‡⋄_"))
        }
        indices = {s.name for part in subterms(body) if isinstance(part, Entry) for i in part.indices
                   for s in i.free_symbols if isinstance(s, Symbol)}  # fmt: skip
        for name in sorted(fixed - indices):
            self._normaliser.assume(f"{spoken(name)} is not random")

    # ------------------------------------------------------------------ sums over spaces

    def over_space(self, term: SumOver) -> Fraction:
        """Σ over the values of variables."""
        normaliser = self._normaliser
        slots: Slots = []
        body: Expr = term
        before = normaliser.depth
        try:
            while isinstance(body, SumOver) and isinstance(body.domain, Space) and body.condition == true:
                slot = self._fresh()
                slots.append((self._variable(body.domain.variable), slot))
                body = body.open(slot)[0]
            if isinstance(body, SumOver) and isinstance(body.domain, Space):
                raise Stuck("a condition on the values of a random variable")
            return self._summed(normaliser.normalise(body), slots)
        finally:
            normaliser.depth = before

    def over_range(self, term: SumOver | IntegralOver) -> Fraction | None:
        """Σ over a stated range of values of a variable, taken to be all that it has: listed. None for a range that is
        not one of those by which people list all values, or another one than was met before."""
        domain = term.domain
        if not isinstance(domain, Range) or term.condition != true:
            return None
        space = space_of(term.body, term.variable)
        if space is None or space.variable.indices:
            return None
        opened = Symbol(f"†{self._normaliser.depth}r")
        body = term.open(opened)[0]
        holding = [part for part in subterms(body) if isinstance(part, Density) and occurs(opened, part)]
        laws = [named(part.law) for part in holding]
        if any(law is not None for law in laws):
            if not all(law is not None and Range(*law.ends) == domain for law in laws):
                return None
            return self._normaliser.normalise(SumOver(body, opened, space))
        discrete = isinstance(term, SumOver)
        lower_ends = (S.Zero, S.One) if discrete else (S.Zero,)
        open_end = domain.upper is S.Infinity or (discrete and isinstance(domain.upper, Symbol))
        if domain.lower not in lower_ends or not open_end or self._ranges.setdefault(space, domain) != domain:
            return None
        name, ends = spoken(space.variable.name), [to_text(end) for end in domain.args]
        values = f"the values {ends[0]} to {ends[1]}" if discrete else f"values from {ends[0]} to {ends[1]}"
        self._normaliser.assume(f"{name} takes {values}")
        return self._normaliser.normalise(SumOver(body, opened, space))

    def _fresh(self) -> Symbol:
        normaliser = self._normaliser
        normaliser.depth += 1
        if normaliser.depth > MOST_DEPTH:
            raise TooLarge("sums are nested too deeply")
        return normaliser.slot(False)

    def _variable(self, variable: Variable) -> Variable:
        return Variable(variable.args[0], *[self._normaliser.canonical(index) for index in variable.indices])

    def _summed(self, body: Fraction, slots: Slots) -> Fraction:
        """The sum of a body over some slots, term by term."""
        ring = self._normaliser.ring
        body = ring.lift(body)
        if body.is_zero or not slots:
            return body
        outside, inside = ring.one, ring.one
        content, factors = ring.factors(ring.fraction(body.den, ring.one.num))
        outside = ring.number(content)
        for factor, exponent in factors:
            power = ring.power(ring.fraction(factor, ring.one.num), exponent)
            if self._slots_in_polynomial(factor, slots):
                inside = ring.multiply(inside, power)
            else:
                outside = ring.multiply(outside, power)
        parts = []
        for exponents, coefficient in ring.terms(body.num):
            varying = tuple(p for p in exponents if self._slots_of(p[0], slots))
            constant = tuple(p for p in exponents if p not in varying)
            # in lowest terms: what cancels here may keep a slot from being summed out
            lowest = ring.lift(ring.divide(ring.fraction(ring.term(varying), ring.one.num), inside))
            ((powers, unit),) = ring.terms(lowest.num)
            value = self._term(dict(powers), ring.fraction(lowest.den, ring.one.num), slots)
            parts.append(ring.multiply(ring.fraction(ring.term(constant, coefficient * unit), ring.one.num), value))
        if len(parts) > 1:
            self._normaliser.use("linearity-of-expectation")
        return ring.divide(ring.total(parts), outside)

    def _slots_of(self, generator: int, slots: Slots) -> set[Symbol]:
        free = self._normaliser.ring.shown[generator].free_symbols
        return {symbol for _, symbol in slots if symbol in free}

    def _slots_in_polynomial(self, polynomial: object, slots: Slots) -> set[Symbol]:
        ring = self._normaliser.ring
        return {s for g in ring.generators(polynomial) for s in self._slots_of(g, slots)}

    def _term(self, powers: dict[int, int], below: Fraction, slots: Slots) -> Fraction:
        """The sum of a product of generators over a denominator."""
        normaliser, ring = self._normaliser, self._normaliser.ring
        for generator, exponent in powers.items():
            shown = ring.shown[generator]
            if exponent <= MOST_POWER and isinstance(shown, SumOver) and isinstance(shown.domain, Space):
                inner = ring.divide(self._product({**powers, generator: 0}), below)
                more = []
                for _ in range(exponent):
                    slot = self._fresh()
                    more.append((shown.domain.variable, slot))
                    inner = ring.multiply(inner, normaliser.normalise(shown.open(slot)[0]))
                normaliser.use("one-sum-over-several-variables")
                return self._summed(inner, [*slots, *more])
        below_slots = self._slots_in_polynomial(below.num, slots)
        for variable, symbol in slots:
            holding = [g for g in powers if symbol in ring.shown[g].free_symbols]
            if symbol in below_slots or len(holding) != 1 or powers[holding[0]] != 1:
                continue
            shown = self._without(ring.shown[holding[0]], symbol, variable)
            if shown is not None:
                normaliser.use("marginalisation")
                rest = self._product({**powers, holding[0]: 0})
                left = [pair for pair in slots if pair[1] != symbol]
                value = ring.divide(ring.multiply(rest, normaliser.normalise(shown)), below)
                return self._summed(value, left)
        moment = self._moment(powers, below, slots)
        if moment is not None:
            return moment
        groups = self._connected(powers, below, slots)
        if len(groups) > 1:
            normaliser.use("product-of-sums")
            return ring.product(self._atom(*group) for group in groups)
        return self._atom(powers, below, slots)

    def _moment(self, powers: dict[int, int], below: Fraction, slots: Slots) -> Fraction | None:
        """The mean of a power of a variable that follows a law by name."""
        ring = self._normaliser.ring
        if len(slots) != 1 or not below.is_one or len(powers) != 2:
            return None
        (variable, symbol), power, drawn = slots[0], 0, None
        for generator, exponent in powers.items():
            shown = ring.shown[generator]
            if shown == symbol:
                power = exponent
            elif isinstance(shown, Density) and exponent == 1 and not shown.given:
                own = self._independent.alike(Slot(variable, symbol))
                if shown.slots == (own,):
                    drawn = self._drawn_for(variable) if shown.law == Law(COMMON) else named(shown.law)
        value = drawn.moment(power) if drawn is not None else None
        if drawn is None or value is None:
            return None
        self._normaliser.use(f"moment-of-the-{drawn.law.name.replace(' ', '-')}-law")
        return self._normaliser.normalise(value)

    def _drawn_for(self, variable: Variable) -> Drawn | None:
        for drawn in self._normaliser.setting.drawn:
            if drawn.variable == variable.name and drawn.family == bool(variable.indices):
                return drawn
        return None

    def _product(self, powers: dict[int, int]) -> Fraction:
        ring = self._normaliser.ring
        exponents = tuple(sorted((g, e) for g, e in powers.items() if e))
        return ring.fraction(ring.term(exponents), ring.one.num)

    def _without(self, shown: Expr, symbol: Symbol, variable: Variable) -> Expr | None:
        """A density (or its derivative by a parameter) summed over a slot; None where the symbol stands elsewhere in
        it too."""
        if isinstance(shown, Partial):
            if occurs(symbol, shown.variable):
                return None
            body = self._without(shown.body, symbol, variable)
            if body is None:
                return None
            self._normaliser.assume("the integral may be differentiated under its sign")
            if not body.free_symbols & shown.variable.free_symbols:
                return body * 0
            return Partial(body, shown.variable)
        if not isinstance(shown, Density) or any(occurs(symbol, slot) for slot in shown.given):
            return None
        rest = [slot for slot in shown.slots if not occurs(symbol, slot)]
        taken = [slot for slot in shown.slots if occurs(symbol, slot)]
        if len(taken) != 1 or taken[0] != self._independent.alike(Slot(variable, symbol)) or occurs(symbol, shown.law):
            return None
        if not rest:
            return S.One
        return Density(shown.law, rest, shown.given)

    def _connected(
        self, powers: dict[int, int], below: Fraction, slots: Slots
    ) -> list[tuple[dict[int, int], Fraction, Slots]]:
        """A product parted into factors that share no slot."""
        ring = self._normaliser.ring
        parts: list[tuple[set[Symbol], dict[int, int], Fraction]] = []
        for generator, exponent in powers.items():
            parts.append((self._slots_of(generator, slots), {generator: exponent}, ring.one))
        content, factors = ring.factors(below)
        if content != 1:
            parts.append((set(), {}, ring.number(content)))
        for factor, exponent in factors:
            power = ring.power(ring.fraction(factor, ring.one.num), exponent)
            parts.append((self._slots_in_polynomial(factor, slots), {}, power))
        groups: list[tuple[set[Symbol], dict[int, int], Fraction]] = []
        for symbols, taken, under in parts:
            joined = (set(symbols), dict(taken), under)
            for group in [g for g in groups if g[0] & symbols]:
                groups.remove(group)
                joined = (joined[0] | group[0], {**group[1], **joined[1]}, ring.multiply(joined[2], group[2]))
            groups.append(joined)
        covered = {symbol for group in groups for symbol in group[0]}
        groups += [({symbol}, {}, ring.one) for _, symbol in slots if symbol not in covered]
        return [(taken, under, [pair for pair in slots if pair[1] in symbols]) for symbols, taken, under in groups]

    def _atom(self, powers: dict[int, int], below: Fraction, slots: Slots) -> Fraction:
        ring = self._normaliser.ring
        body = ring.expression(ring.divide(self._product(powers), below))
        for variable, symbol in sorted(slots, key=lambda pair: (str(pair[0].sort_key()), pair[1].name), reverse=True):
            body = SumOver(body, symbol, Space(self._independent.alike(Slot(variable, symbol)).variable))
        return self._normaliser.atom(body)


def _sorted(slots: list[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: str(slot.variable.sort_key()))
