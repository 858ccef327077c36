"""Random laws: the value of a density in a model, every marginal and conditional of it from one joint law.

Each variable takes the values 1, …, k. The joint law is a mixture: a hidden cause takes one of a few values, and given
it the variables are independent, each with random weights. So the joint law of any variables is known without a table
of all of them, the marginals fit together, and the variables depend on one another. What stands only behind bars is a
parameter: the weights are smooth functions of it.Variables that are said to be
independent of others have no cause in common with them, and members of a family that have one law have the same
weights. Laws of other names, and of other parameters, have other weights."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING

from flint import fmpq
from sympy.core.basic import Basic
from sympy.core.expr import Expr

from derive.meaning.distributions import named
from derive.meaning.expectations import canonical_variable, expanded, random_atoms
from derive.meaning.independence import families_in
from derive.meaning.laws import COMMON, Density, Expectation, Slot, Space, Statistic
from derive.meaning.objects import subterms
from derive.refuting.numbers import ONE, ZERO, Number, invert, plain, settle
from derive.refuting.scopes import Scope
from derive.refuting.undefined import Undefined

if TYPE_CHECKING:
    from derive.refuting.evaluation import Evaluator
    from derive.refuting.inventory import Inventory

Chance = Density | Expectation | Statistic
CAUSES = 3
MOST_ROUNDS = 6
Key = tuple[str, ...]


def size(evaluator: Evaluator) -> int:
    """How many values each random variable takes."""
    return max(2, min(evaluator.model.size(), 4))


def expectation(evaluator: Evaluator, term: Expectation, scope: Scope) -> Number:
    """An expectation as the sum that it is."""
    chances = evaluator.inventory.setting.chances
    _refuse_defined(evaluator)
    term = _put_in(evaluator, term)
    value = expanded(term, chances, families=families_in(evaluator.inventory.setting.independent))
    if value == term:
        raise Undefined("an expectation over too many variables", lasting=True)
    return evaluator.evaluate(value, scope)


def _put_in(evaluator: Evaluator, term: Expectation) -> Expectation:
    """An expectation with the definitions of the random variables under it put in."""
    chances = evaluator.inventory.setting.chances
    known = [d for heads in evaluator.definitions.values() for d in heads]
    for _ in range(MOST_ROUNDS):
        changed = term
        for atom in {atom for atom, _ in random_atoms(term.body, chances.random, frozenset())}:
            body = next((found for d in known if (found := d.at(atom)) is not None), None)
            if body is not None:
                changed = changed.xreplace({atom: body})
        if changed == term:
            return term
        term = changed
    raise Undefined("the definitions go round in a circle", lasting=True)


def statistic(evaluator: Evaluator, term: Statistic, scope: Scope) -> Number:
    """A quantity with a name, by the means that it is made of."""
    return evaluator.evaluate(term.value, scope)


def _refuse_defined(evaluator: Evaluator) -> None:
    """Where the document says what some density or mean equals, the random laws of a model are not those that are
    meant: nothing of chance has a value then."""
    if any(isinstance(d.head, Chance) for heads in evaluator.definitions.values() for d in heads):
        raise Undefined("what is said of this law is not built into the models", lasting=True)


def density(evaluator: Evaluator, term: Density, scope: Scope) -> Number:
    """The density of a law at values, given others."""
    _refuse_defined(evaluator)
    law = _Law(evaluator, term, scope)
    whole = law.joint((*term.slots, *term.given))
    given = [slot for slot in term.given if law.is_chosen(slot)]
    return whole if not given else whole * invert(law.joint(given))


def chosen_in(terms: Iterable[Basic], inventory: Inventory) -> frozenset[str]:
    """The names of the variables that have a law: those before bars, under sums over spaces, and under expectations."""
    chances = inventory.setting.chances
    found: set[str] = set()
    for term in terms:
        for part in subterms(term):
            if isinstance(part, Density):
                found |= {slot.variable.name for slot in part.slots}
            elif isinstance(part, Space):
                found.add(part.variable.name)
            elif isinstance(part, Expectation):
                atoms = random_atoms(part.body, chances.random, frozenset())
                found |= {canonical_variable(atom, chances).name for atom, _ in atoms}
    random = {chances.variable(key) for key in chances.random}
    random |= {chances.variable(name) for claim in inventory.setting.independent for name in claim.names}
    for term in terms:
        for part in subterms(term):
            if isinstance(part, Density | Expectation):
                found |= {slot.variable.name for slot in part.given} & random
    return frozenset(found)


class _Law:
    """One law at some values of its parameters."""

    def __init__(self, evaluator: Evaluator, term: Density, scope: Scope) -> None:
        self._evaluator, self._scope, self._term = evaluator, scope, term
        self._size = size(evaluator)
        self._chosen = evaluator.inventory.chosen
        drawn = {one.variable for one in evaluator.inventory.setting.drawn}
        if named(term.law) is not None or any(slot.variable.name in drawn for slot in (*term.slots, *term.given)):
            raise Undefined("a law with a name is not evaluated in a model", lasting=True)
        self._claims = evaluator.inventory.setting.independent if term.law.name == COMMON else ()
        evaluator.model.note_law(term.law.name)
        parameters: list[tuple[Key, Number]] = []
        for number, parameter in enumerate(term.law.parameters):
            parameters.append(((str(number),), evaluator.evaluate(parameter, scope)))
        for slot in term.given:
            if not self.is_chosen(slot):
                parameters.append((self._key(slot), evaluator.evaluate(slot.value, scope)))
        self._parameters = parameters

    def is_chosen(self, slot: Slot) -> bool:
        return slot.variable.name in self._chosen

    def _key(self, slot: Slot) -> Key:
        if any(claim.identical and self._is_of(slot, claim.families) for claim in self._claims):
            return (slot.variable.name, "any")
        return self._place(slot)

    def _is_of(self, slot: Slot, names: Iterable[str]) -> bool:
        chances = self._evaluator.inventory.setting.chances
        return slot.variable.name in {chances.variable(name) for name in names}

    def _place(self, slot: Slot) -> Key:
        return (slot.variable.name, *(str(plain(self._at(index))) for index in slot.variable.indices))

    def _at(self, term: Expr) -> Number:
        return self._evaluator.evaluate(term, self._scope)

    def joint(self, slots: Iterable[Slot]) -> Number:
        """The probability that the variables of some slots take their values; those of parameters are left out."""
        values: dict[tuple[Key, Key], tuple[int, bool]] = {}
        for slot in slots:
            if not self.is_chosen(slot):
                continue
            value = self._at(slot.value)
            if not isinstance(value, fmpq) or value.q != 1 or not 1 <= value <= self._size:
                raise Undefined("a density at a value that its variable does not take")
            place = (self._key(slot), self._place(slot))
            found = (int(value.p), any(self._is_of(slot, claim.names) for claim in self._claims))
            if values.setdefault(place, found) != found:
                return ZERO
        total: Number = ZERO
        for cause in range(CAUSES):
            weight = self._share(("cause",), cause, range(CAUSES), 0)
            for (key, _), (value, own) in values.items():
                self._evaluator.work += 1
                weight = settle(weight * self._share(key, value, range(1, self._size + 1), 0 if own else cause))
            total = settle(total + weight)
        if isinstance(total, fmpq):
            shown = {place: value for (_, place), (value, _) in values.items()}
            self._evaluator.model.show_mass(self._term.law.name, shown, total)
        return total

    def _share(self, key: Key, value: int, values: Iterable[int], cause: int) -> Number:
        """The probability of one value given the cause."""
        return self._weight(key, value, cause) * invert(_total(self._weight(key, other, cause) for other in values))

    def _weight(self, key: Key, value: int, cause: int) -> Number:
        content = (self._evaluator.model.number, self._term.law.name, key, value, cause)
        weight: Number = _random(*content)
        for name, parameter in self._parameters:
            shifted = parameter + _random(*content, name, 1)
            weight = weight + _random(*content, name) * (shifted * shifted)
        return weight


def _total(numbers: Iterable[Number]) -> Number:
    total: Number = ZERO
    for number in numbers:
        total = total + number
    return total


def _random(*content: object) -> fmpq:
    digits = blake2b("|".join(map(str, content)).encode(), digest_size=8).digest()
    return ONE * fmpq(1 + digits[0] % 9, 1 + digits[1] % 3)
