"""Expectations as sums over the spaces of the random variables under them.

E[f(X, Y) | Z = z] is Σ_x Σ_y f(x, y) p(x, y | z), for sums and integrals alike (Grimmett and Stirzaker, Probability and
Random Processes, 3.3, 4.3). Members of a family at indices that may be equal are one variable where they are:
E[X_i X_j] is δ_ij E[X_i²] + (1 − δ_ij) E[X_i X_j]."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sympy import Add, Dummy, Integer, Mul, Pow, S, exp
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from derive.meaning.chances import Chances
from derive.meaning.laws import Density, Expectation, Law, Slot, Space, Variable, is_random_atom, variable_of
from derive.meaning.objects import Binder, Call, Delta, Entry, IntegralOver, ProductOver, SumOver, occurs

MOST_VARIABLES = 4
MOST_POWER = 4
Different = Callable[[Expr, Expr], bool]


def expanded(
    term: Basic,
    chances: Chances,
    different: Different = lambda one, other: False,
    families: frozenset[str] = frozenset(),
) -> Basic:
    """A term with its expectations written out, but for those over more variables than can be listed. `different` says
    of two indices whether they are known to be unequal, `families` are those whose members are independent."""
    if not holds_expectation(term):
        return term
    if isinstance(term, Expectation):
        body = expanded(term.body, chances, different, families)
        for slot in term.given:
            for atom in {atom for atom, _ in random_atoms(body, chances.random, frozenset())}:
                if canonical_variable(atom, chances) == slot.variable:
                    body = body.xreplace({atom: slot.value})
        assert isinstance(body, Expr)
        return _Mean(term.law, term.given, chances, different, families).of(body)
    return term.func(*[expanded(arg, chances, different, families) for arg in term.args])


def holds_expectation(term: Basic) -> bool:
    """Whether there is an expectation in a term."""
    return isinstance(term, Expectation) or any(holds_expectation(arg) for arg in term.args)


def canonical_variable(atom: Basic, chances: Chances) -> Variable:
    """The variable that an atom is, by the name under which densities speak of it."""
    made = variable_of(atom)
    return Variable(chances.variable(made.name), *made.indices)


class _Mean:
    """The mean under one law, given some values."""

    def __init__(
        self, law: Law, given: tuple[Slot, ...], chances: Chances, different: Different, families: frozenset[str]
    ) -> None:
        self._law, self._given, self._chances, self._different = law, given, chances, different
        self._families = families

    def of(self, body: Expr) -> Expr:
        """The mean of a body."""
        shallow, deep = self._atoms(body)
        if not shallow and not deep:
            return body
        if isinstance(body, Add):
            return Add(*[self.of(term) for term in body.args])
        if deep:
            return self._of_indexed(body)
        fixed = [f for f in Mul.make_args(body) if not any(self._atoms(f))]
        if fixed:
            return Mul(*fixed, self.of(Mul(*[f for f in Mul.make_args(body) if f not in fixed])))
        return self._listed(body, shallow)

    def _atoms(self, body: Basic) -> tuple[list[Basic], bool]:
        """The random atoms that stand free in a body and are not given, and whether some stand under indices that are
        bound in it."""
        found: dict[Basic, None] = {}
        deep = False
        for atom, inside in random_atoms(body, self._chances.random, frozenset()):
            variable = canonical_variable(atom, self._chances)
            if any(slot.variable == variable for slot in self._given):
                continue
            if any(occurs(symbol, atom) for symbol in inside):
                deep = True
            else:
                found.setdefault(atom)
        return list(found), deep

    def _kept(self, body: Expr) -> Expr:
        return Expectation(self._law, body, self._given)

    def _of_indexed(self, body: Expr) -> Expr:
        """The mean of a product of sums over indices of random variables: that of each term."""
        factors = list(Mul.make_args(body))
        for k, factor in enumerate(factors):
            if not any(self._atoms(factor)):
                rest = Mul(*factors[:k], *factors[k + 1 :])
                return Mul(factor, self.of(rest))
        for k, factor in enumerate(factors):
            rest = factors[:k] + factors[k + 1 :]
            product = _as_product(factor)
            if product is not None and self._is_of_independent(product) and not any(map(self._has_random, rest)):
                index = Dummy()
                inner, inside = product.open(index)
                return ProductOver(self.of(inner), index, *product.outside, *inside)
            if isinstance(factor, SumOver | IntegralOver):
                if any(any(self._atoms(part)) for part in (*factor.outside, *factor.inside)):
                    continue
                index = Dummy()
                inner, inside = factor.open(index)
                return type(factor)(self.of(Mul(inner, *rest)), index, *factor.outside, *inside)
            if isinstance(factor, Pow) and isinstance(factor.exp, Integer) and 2 <= factor.exp <= MOST_POWER:
                if isinstance(factor.base, SumOver | IntegralOver):
                    return self._of_power(factor, rest)
                if isinstance(factor.base, Add):
                    terms = [Mul(term, Pow(factor.base, factor.exp - 1), *rest) for term in factor.base.args]
                    return Add(*[self.of(term) for term in terms])
            if isinstance(factor, Add):
                return Add(*[self.of(Mul(term, *rest)) for term in factor.args])
        return self._kept(body)

    def _has_random(self, factor: Expr) -> bool:
        return any(self._atoms(factor))

    def _is_of_independent(self, product: ProductOver) -> bool:
        """Whether each factor of a product has a member of its own of one family whose members are independent."""
        atoms = list(random_atoms(product.body, self._chances.random, frozenset()))
        names = {str(getattr(atom, "name", "")) for atom, _ in atoms}
        own = all(isinstance(atom, Entry) and atom.indices == (product.variable,) for atom, _ in atoms)
        return own and len(names) == 1 and names <= self._families and not self._given

    def _of_power(self, factor: Pow, rest: list[Expr]) -> Expr:
        """A power of a sum as a sum of the products of its terms."""
        base = factor.base
        assert isinstance(base, SumOver | IntegralOver)
        indices = [Dummy() for _ in range(int(factor.exp))]
        opened = [base.open(index) for index in indices]
        value = self.of(Mul(*[inner for inner, _ in opened], *rest))
        for index, (_, inside) in zip(indices, opened, strict=True):
            value = type(base)(value, index, *base.outside, *inside)
        return value

    def _listed(self, body: Expr, atoms: list[Basic]) -> Expr:
        """The mean of a body in a few atoms, summed over their values."""
        if len(atoms) > MOST_VARIABLES:
            return self._kept(body)
        for k, one in enumerate(atoms):
            for other in atoms[k + 1 :]:
                same = self._same(one, other)
                if same is None:
                    return self._kept(body)
                if same != 0:
                    merged = self.of(body.xreplace({other: one}))
                    apart = _Mean(self._law, self._given, self._chances, self._told(one, other), self._families)
                    return same * merged + (1 - same) * apart._listed(body, atoms)
        values = [Dummy() for _ in atoms]
        variables = [canonical_variable(atom, self._chances) for atom in atoms]
        if len(set(variables)) < len(variables):
            return self._kept(body)
        slots = [Slot(variable, value) for variable, value in zip(variables, values, strict=True)]
        body = body.xreplace(dict(zip(atoms, values, strict=True))) * Density(self._law, slots, self._given)
        for slot in slots:
            body = SumOver(body, slot.value, Space(slot.variable))
        return body

    def _told(self, one: Basic, other: Basic) -> Different:
        """What is known of indices, with two atoms taken to be two variables."""
        pairs = set(zip(variable_of(one).indices, variable_of(other).indices, strict=True))

        def different(a: Expr, b: Expr) -> bool:
            return (a, b) in pairs or (b, a) in pairs or self._different(a, b)

        return different

    def _same(self, one: Basic, other: Basic) -> Expr | None:
        """1 where two atoms are one variable, as an expression: 0 for different names; None where that is not said."""
        a, b = variable_of(one), variable_of(other)
        if a.name != b.name:
            return S.Zero
        if type(one) is not type(other) or len(a.indices) != len(b.indices) or isinstance(one, Call):
            return None
        if any(self._different(i, j) for i, j in zip(a.indices, b.indices, strict=True)):
            return S.Zero
        return Mul(*[Delta(i, j) for i, j in zip(a.indices, b.indices, strict=True)])


def _as_product(factor: Expr) -> ProductOver | None:
    """A factor as a product over an index: one, or the exponential of a sum."""
    if isinstance(factor, ProductOver):
        return factor
    if not isinstance(factor, exp):
        return None
    sums = [part for part in Mul.make_args(factor.args[0]) if isinstance(part, SumOver)]
    if len(sums) != 1:
        return None
    index = Dummy()
    inner, inside = sums[0].open(index)
    rest = Mul(*[part for part in Mul.make_args(factor.args[0]) if part != sums[0]])
    return ProductOver(exp(rest * inner), index, *sums[0].outside, *inside)


def random_atoms(
    term: Basic, random: frozenset[str], inside: frozenset[Symbol]
) -> Iterator[tuple[Basic, frozenset[Symbol]]]:
    """The random variables in a term that no operator binds, each with the variables bound around it."""
    if is_random_atom(term, random) and term not in inside:
        yield term, inside
        if isinstance(term, Symbol):
            return
        parts = variable_of(term).indices
        for part in parts if isinstance(term, Call) else ():
            yield from random_atoms(part, random, inside)
        return
    if isinstance(term, Variable):
        return
    if isinstance(term, Binder):
        inner = inside | {term.variable}
        for part in (term.body, *term.inside):
            yield from random_atoms(part, random, inner)
        for part in term.outside:
            yield from random_atoms(part, random, inside)
        return
    for arg in term.args:
        yield from random_atoms(arg, random, inside)
