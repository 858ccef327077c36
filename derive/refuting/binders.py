"""The values of what binds a variable: sums, products and extreme values over a domain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flint import fmpq
from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from derive.meaning.laws import Space, space_of
from derive.meaning.objects import Call, Delta, Entry, Indexed, Over, Range, SumOver, Whole, occurs
from derive.refuting import functions, tables
from derive.refuting.conditions import holds
from derive.refuting.endless import endless, last_terms
from derive.refuting.numbers import (
    ONE,
    ZERO,
    Number,
    as_integer,
    plain,
    settle,
)
from derive.refuting.scopes import Scope
from derive.refuting.sizes import Node
from derive.refuting.tails import enclosure
from derive.refuting.undefined import Undefined

if TYPE_CHECKING:
    from derive.refuting.evaluation import Evaluator

LONGEST_SUM = 3000


def values_of(evaluator: Evaluator, term: Indexed, scope: Scope) -> Iterator[Scope]:
    """The scopes, one for each value of the variable of a binder that meets its condition."""
    domain, variable = term.domain, term.variable
    if isinstance(domain, Space):
        low, high = 1, tables.size(evaluator)
    elif space_of(term.body, variable) is not None:
        raise Undefined("a sum over some of the values of a random variable", lasting=True)
    elif isinstance(domain, Range):
        if isinstance(term, SumOver) and endless(domain):
            low, high = last_terms(evaluator, term, scope)
        else:
            low, high = bounds_of(evaluator, domain, scope)
        if high < low - 1 and not any(symbol in scope for symbol in domain.free_symbols):
            raise Undefined("a range whose end lies before its beginning")
    else:
        low, high = members_of(evaluator, term)
    if high - low > LONGEST_SUM:
        raise Undefined("a sum too long to evaluate")
    for value in range(low, high + 1):
        inner = {**scope, variable: fmpq(value)}
        if term.condition == True or holds(evaluator, term.condition, inner):  # noqa: E712 (a SymPy Boolean)
            yield inner


def values_of_domain(evaluator: Evaluator, domain: Basic) -> range:
    """The values of an index over a domain that no bound variable stands in: a range, or a set of unknown members."""
    if isinstance(domain, Range):
        low, high = bounds_of(evaluator, domain, {})
        return range(low, high + 1)
    return range(1, evaluator.model.size() + 1)


def bounds_of(evaluator: Evaluator, domain: Range, scope: Scope) -> tuple[int, int]:
    if any(not bound.is_finite for bound in (domain.lower, domain.upper) if bound.is_number):
        raise Undefined("an infinite sum is not evaluated in a model", lasting=True)
    return as_integer(evaluator.evaluate(domain.lower, scope)), as_integer(evaluator.evaluate(domain.upper, scope))


def members_of(evaluator: Evaluator, term: Indexed) -> tuple[int, int]:
    """The members of a set of unknown size, as the integers from .. to; only for bodies that use the variable as
    a mere index, so that what the members are and how many there are does not matter."""
    domain, variable = term.domain, term.variable
    if not isinstance(domain, (Whole, Over)):
        raise Undefined("a domain that is not evaluated", lasting=True)
    if isinstance(domain, Over) and not isinstance(domain.args[0], Symbol | Entry) and "math" in str(domain):
        raise Undefined("a sum over such a set is not evaluated in a model", lasting=True)
    for part in (term.body, term.condition):
        if occurs(variable, part) and not is_mere_index(variable, part):
            raise Undefined("the range of a sum is not stated", lasting=True)
    sizes = evaluator.inventory.sizes
    root = sizes.of_domain(domain) if sizes is not None else None
    if root is not None and root[0] != "domain":
        return 1, length_of(evaluator, root)
    node = evaluator.inventory.position(variable, term.body)
    ranges = evaluator.inventory.ranges(node) if node is not None else []
    if ranges:
        bounds = [bounds_of(evaluator, domain, {}) for domain in ranges]
        return min(low for low, _ in bounds), max(high for _, high in bounds)
    return 1, evaluator.model.size()


def length_of(evaluator: Evaluator, root: Node) -> int:
    """How many rows or columns a class of sizes stands for in this model."""
    sizes = evaluator.inventory.sizes
    assert sizes is not None
    if root[0] == "number":
        return int(root[1])
    if root[0] == "domain":
        return len(list(values_of_domain(evaluator, root[1])))
    if root[0] == "size" and Symbol(root[1]) in evaluator.inventory.uppers:
        return as_integer(plain(evaluator.model.symbol(Symbol(root[1]))))
    number, roots = int(getattr(evaluator.model, "number", 0)), sizes.roots()
    return (2, 3, 1, 2)[(number + (roots.index(root) if root in roots else 0)) % 4]


def add_up(evaluator: Evaluator, term: Indexed, scope: Scope) -> Number:
    total: Number = ZERO
    if isinstance(term, SumOver) and endless(term.domain) and not evaluator.inventory.endless:
        return enclosure(evaluator, term, scope)
    for inner in values_of(evaluator, term, scope):
        total = settle(total + evaluator.evaluate(term.body, inner))
    return total


def multiply_up(evaluator: Evaluator, term: Indexed, scope: Scope) -> Number:
    total: Number = ONE
    for inner in values_of(evaluator, term, scope):
        total = settle(total * evaluator.evaluate(term.body, inner))
    return total


def optimum(evaluator: Evaluator, term: Indexed, scope: Scope) -> Number:
    values = [evaluator.evaluate(term.body, inner) for inner in values_of(evaluator, term, scope)]
    if not values:
        raise Undefined("an extreme value over nothing")
    return functions.extreme(values, 1 if type(term).__name__ == "MaximumOver" else -1)


def is_mere_index(variable: Symbol, term: Basic) -> bool:
    """Whether a bound variable stands only as an index, in a delta, in a comparison, or as the argument of a call."""
    if term == variable:
        return False
    if isinstance(term, Entry):
        return all(index == variable or not occurs(variable, index) for index in term.indices)
    if isinstance(term, Call):
        plain_call = all(a == variable or not occurs(variable, a) for a in term.arguments)
        return plain_call and not (any(term.orders) and occurs(variable, term))
    if isinstance(term, Delta) or type(term).__name__ in ("Equality", "Unequality"):
        return all(side == variable or not occurs(variable, side) for side in term.args)
    return all(is_mere_index(variable, arg) for arg in term.args if occurs(variable, arg))
