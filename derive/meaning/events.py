"""Events and their probabilities: unions, intersections and complements of named events.

An event is a polynomial in indicators that square to themselves: A ∩ B is a b, the complement of A is 1 − a, and A ∪ B
is a + b − a b (Feller, An Introduction to Probability Theory and Its Applications I, IV.1). Its probability is linear
in the products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sympy import Add, Mul
from sympy.core.expr import Expr

from derive.meaning.laws import Density, Law, Slot, Variable
from derive.meaning.names import key_of
from derive.meaning.trouble import Beyond
from derive.notation.tree import Chain, Fenced, Name, Node, Product, Script, Sum

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

Event = dict[frozenset[Slot], int]  # the coefficients of products of indicators
_AND = frozenset({"\\cap", "\\wedge", "\\land"})
_OR = frozenset({"\\cup", "\\vee", "\\lor"})
_MINUS = frozenset({"\\setminus", "\\smallsetminus"})
_COMPLEMENT_ACCENTS = frozenset({"bar", "overline"})
MOST_TERMS = 64
CERTAIN: Event = {frozenset(): 1}


def is_event(reader: Reader, node: Node) -> bool:
    """Whether a formula is built of events by union, intersection or complement."""
    if isinstance(node, Fenced):
        return node.left in "([" and is_event(reader, node.body)
    if isinstance(node, Chain):
        return len(node.operands) == 1 and is_event(reader, node.operands[0])
    if isinstance(node, Product):
        return bool(set(node.operators) & _AND)
    if isinstance(node, Sum):
        return bool(set(node.signs) & (_OR | _MINUS))
    return _complemented(reader, node) is not None


def _complemented(reader: Reader, node: Node) -> Node | None:
    """What a complement is that of: `A` of `A^c`, `\\bar{A}`, `A'` where densities speak of A too."""
    known = reader.conventions.chances.slots
    if isinstance(node, Script) and node.sub is None and not node.primes and isinstance(node.base, Name | Fenced):
        mark, base = node.sup, node.base
        capital = isinstance(base, Fenced) or base.letters.isupper()
        if capital and isinstance(mark, Name) and mark.letters in ("c", "C", "complement"):
            return node.base
    if isinstance(node, Name) and node.accents and node.accents[-1] in _COMPLEMENT_ACCENTS and node.letters.isupper():
        plain = Name(node.span, node.letters, node.style, node.accents[:-1], node.command)
        return plain if key_of(plain) in known else None
    return None


def event_of(reader: Reader, node: Node) -> Event:
    """An event as a polynomial. Raises Beyond for anything else."""
    if isinstance(node, Fenced) and node.left in "([":
        return event_of(reader, node.body)
    if isinstance(node, Chain) and len(node.operands) == 1:
        return event_of(reader, node.operands[0])
    inner = _complemented(reader, node)
    if inner is not None:
        return _complement(event_of(reader, inner))
    if isinstance(node, Product) and set(node.operators) <= _AND | {""}:
        found = CERTAIN
        for factor in node.factors:
            found = _both(found, event_of(reader, factor))
        return found
    if isinstance(node, Sum) and set(node.signs[1:]) <= _OR | _MINUS and node.signs[0] == "":
        found = event_of(reader, node.terms[0])
        for sign, term in zip(node.signs[1:], node.terms[1:], strict=True):
            other = event_of(reader, term)
            found = _either(found, other) if sign in _OR else _both(found, _complement(other))
        return found
    from derive.meaning.probability import assigned

    slot = assigned(reader, node)
    if slot is None:
        raise Beyond("an event of this form is not decided yet", node.span)
    return {frozenset({slot}): 1}


def _complement(event: Event) -> Event:
    return _added(CERTAIN, event, -1)


def _either(one: Event, other: Event) -> Event:
    return _added(_added(one, other, 1), _both(one, other), -1)


def _added(one: Event, other: Event, sign: int) -> Event:
    found = dict(one)
    for key, coefficient in other.items():
        found[key] = found.get(key, 0) + sign * coefficient
    return {key: coefficient for key, coefficient in found.items() if coefficient}


def _both(one: Event, other: Event) -> Event:
    found: Event = {}
    for a, x in one.items():
        for b, y in other.items():
            slots = a | b
            if len({slot.variable for slot in slots}) < len(slots):
                raise Beyond("one variable at two values in an event")
            found[slots] = found.get(slots, 0) + x * y
    if len(found) > MOST_TERMS:
        raise Beyond("an event of too many parts")
    return {key: coefficient for key, coefficient in found.items() if coefficient}


def probability_of(law: Law, before: Sequence[Event], given: Sequence[Event]) -> Expr:
    """The probability of all events together, given others."""
    condition = CERTAIN
    for event in given:
        condition = _both(condition, event)
    whole = condition
    for event in before:
        whole = _both(whole, event)
    if len(condition) == 1 and not given:
        return _mass(law, whole)
    return _mass(law, whole) / _mass(law, condition)


def _mass(law: Law, event: Event) -> Expr:
    terms = []
    for slots, coefficient in event.items():
        ordered: list[Variable | Slot] = sorted(slots, key=lambda slot: str(slot))
        terms.append(Mul(coefficient, Density(law, ordered)) if slots else Mul(coefficient))
    return Add(*terms)
