"""Enumerations with dots: `a_1 + a_2 + \\cdots + a_n` is the sum of the a_k from 1 to n.

The general term is the one that two neighbouring terms have in common, with their places counted on; it is accepted
only where every written term agrees with it and the last one is reached in whole steps. Whatever else the dots could
mean is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp
from sympy import Dummy, Integer, S, Symbol
from sympy.core.expr import Expr

from derive.meaning.objects import Entry, rename
from derive.meaning.patterns import Patterns, Place
from derive.meaning.trouble import Beyond, Trouble
from derive.notation.tree import Fenced, Node, Number, Product, Script, Sum

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

_ENOUGH = 3  # written terms from which a step other than 1, or a sum without an end, is clear


@dataclass(frozen=True)
class Term:
    """A written term: its sign in a sum (1 or -1), and its tree."""

    node: Node
    sign: int = 1


@dataclass(frozen=True)
class Run:
    """An enumeration understood: the general term of `index` (with its sign), from `lower` to `upper`, and how many of
    the terms before and after the dots belong to it."""

    body: Expr
    index: Symbol
    lower: Expr
    upper: Expr
    before: int
    after: int


def find(reader: Reader, before: Sequence[Term], after: Sequence[Term], endless: bool, counted: bool = False) -> Run:
    """The enumeration that dots between some terms stand for. `endless` says that dots stand at the end; in a list
    (`counted`), the numbers from one end to the other are counted: `1, \\ldots, n`.
    Raises Beyond where the terms do not determine it."""
    if before:
        for attempt in (_by_neighbours, _by_ends):
            run = attempt(reader, before, after, endless)
            if run is not None:
                return run
        if counted and len(before) == len(after) == 1:
            run = _by_counting(reader, before[0], after[0])
            if run is not None:
                return run
    raise Beyond("which terms the dots stand for", before[0].node.span if before else None)


def _by_neighbours(reader: Reader, before: Sequence[Term], after: Sequence[Term], endless: bool) -> Run | None:
    """From the last two terms before the dots."""
    if len(before) < 2:
        return None
    patterns = Patterns(reader)
    one, other = before[-2:]
    pattern = patterns.common(one.node, other.node)
    if pattern is None or not patterns.places:
        return None
    alternating = one.sign != other.sign
    for factorials in (False, True):
        general = _General.of(reader, pattern, patterns.places, one.sign, alternating, len(before) - 1, factorials)
        if general is None:
            continue
        met = [general.matches(term, general.start - (len(before) - 2) + k) for k, term in enumerate(before)]
        indexed = all(place.is_index for place in patterns.places)
        if all(met) or (indexed and general.steps == {1} and all(met[-2:])):
            belong = next((k for k, agrees in enumerate(reversed(met)) if not agrees), len(met))
            return _bounded(patterns, pattern, general, belong, after, endless)
    return None


def _bounded(
    patterns: Patterns, pattern: Node, general: _General, belong: int, after: Sequence[Term], endless: bool
) -> Run | None:
    """The run of a general term that the last `belong` terms before the dots agree with."""
    lower = general.start - (belong - 2)
    if not after:
        clear = belong >= _ENOUGH or (general.steps == {1} and all(place.is_index for place in patterns.places))
        if not endless or not clear:
            return None
        return Run(general.body, general.index, lower, S.Infinity, belong, 0)
    return _ended(patterns, pattern, general, lower, belong, after, endless)


def _ended(
    patterns: Patterns, pattern: Node, general: _General, lower: Expr, belong: int, after: Sequence[Term], endless: bool
) -> Run | None:
    """The run with its end, which the terms after the dots give."""
    upper: Expr | None = None
    taken = 0
    for term in after:
        found = patterns.match(pattern, _without_sign(term.node) if general.alternating else term.node)
        reached = None if not found else general.reached(found)
        if reached is None or not general.matches(term, reached):
            break
        ahead = reached - general.start  # of the two terms before the dots, the second stands one ahead
        if ahead.is_number and not ahead > 1:
            break
        if upper is not None and sp.expand(reached - upper) != 1:
            break
        upper, taken = reached, taken + 1
    if upper is None or (endless and taken != len(after)):
        return None
    if upper.is_Integer and not upper >= lower:
        return None
    if (belong < _ENOUGH or general.steps != {1}) and not _is_linear(upper):
        return None
    return Run(general.body, general.index, lower, S.Infinity if endless else upper, belong, taken)


def _by_ends(reader: Reader, before: Sequence[Term], after: Sequence[Term], endless: bool) -> Run | None:
    """From the term before the dots and the one behind them, where only indices differ: `x_1 + \\cdots + x_n`."""
    if not after or endless or before[-1].sign != after[0].sign:
        return None
    patterns = Patterns(reader, whole=False)
    pattern = patterns.common(before[-1].node, after[0].node)
    if pattern is None or not patterns.places or not all(place.is_index for place in patterns.places):
        return None
    ends = {(place.first, place.second) for place in patterns.places}
    if len(ends) != 1:
        return None
    ((lower, upper),) = ends
    if not lower.is_Integer or not _is_linear(upper) or (upper.is_Integer and upper - lower < 2):
        return None
    index = Dummy("k")
    body = _read(reader, pattern, patterns.places)
    if body is None:
        return None
    for place in patterns.places:
        body = rename(body, Symbol(place.name), index)
    return Run(before[-1].sign * body, index, lower, upper, 1, 1)


def _by_counting(reader: Reader, first: Term, last: Term) -> Run | None:
    """The whole numbers from a numeral to a name: `1, \\ldots, n`."""
    try:
        lower, upper = reader.read(first.node), reader.read(last.node)
    except Trouble:
        return None
    if not lower.is_Integer or not _is_linear(upper) or (upper.is_Number and not upper - lower > 1):
        return None
    index = Dummy("k")
    return Run(index, index, lower, upper, 1, 1)


@dataclass(frozen=True)
class _General:
    """A general term: its body in `index`, the index of the first of the two terms it comes from, the steps of its
    places, and how its index follows from what stands in a place."""

    body: Expr
    index: Symbol
    start: Expr
    steps: frozenset[int]
    places: tuple[Place, ...]
    reader: Reader
    alternating: bool

    @staticmethod
    def of(
        reader: Reader,
        pattern: Node,
        places: Sequence[Place],
        sign: int,
        alternating: bool,
        number: int,
        factorials: bool = False,
    ) -> _General | None:
        """From a pattern of two terms, the first of which has a sign and a number among those written (from 1). With
        `factorials`, a numeral that is the factorial of what stands in another place goes on as such; None where there
        is none, or where it is not clear yet."""
        body = _read(reader, pattern, places)
        if body is None:
            return None
        index = Dummy("k")
        counting = next((p for p in places if p.second - p.first == 1 and p.first.is_Integer), None)
        start = counting.first if counting is not None else Integer(number)
        found = False
        for place in places:
            value = place.first + (place.second - place.first) * (index - start)
            argument = _factorial_of(place, places) if factorials and number >= _ENOUGH - 1 else None
            if argument is not None:
                value, found = sp.factorial(argument.first + index - start), True
            body = rename(body, Symbol(place.name), value)
        if factorials and not found:
            return None
        if alternating:
            body = S.NegativeOne**start * S.NegativeOne**index * body
        steps = frozenset(int(place.second - place.first) for place in places)
        return _General(sign * body, index, start, steps, tuple(places), reader, alternating)

    def matches(self, term: Term, number: Expr) -> bool:
        """Whether the term of a number is the one that is written."""
        try:
            written = term.sign * self.reader.read(term.node)
        except Trouble:
            return False
        if any(
            (argument := f.args[0].xreplace({self.index: number})).is_number and argument < 0
            for f in self._factorials()
        ):
            return False
        expected = rename(self.body, self.index, number)
        return not expected.has(S.NaN, S.ComplexInfinity) and _equal(expected, written)

    def _factorials(self) -> set[sp.Basic]:
        return set(self.body.atoms(sp.factorial))

    def reached(self, found: dict[str, Expr]) -> Expr | None:
        """The number of a term from what stands in its places; None where it is not reached in whole steps."""
        for place in self.places:
            if place.name in found:
                step = place.second - place.first
                number = sp.expand((found[place.name] - place.first) / step)
                whole = all(c.is_Integer for c in number.as_coefficients_dict().values())
                return sp.expand(self.start + number) if whole else None
        return None


def _factorial_of(place: Place, places: Sequence[Place]) -> Place | None:
    """The place, counted on by one, of which a place with numerals holds the factorial: the 3 of `x^3/6` after
    `x^2/2`."""
    for other in places:
        if other is not place and other.first.is_Integer and other.second - other.first == 1 and other.first >= 0:
            if place.first == sp.factorial(other.first) and place.second == sp.factorial(other.second):
                return other
    return None


def _read(reader: Reader, pattern: Node, places: Sequence[Place]) -> Expr | None:
    """A pattern as an expression, with a symbol for each of its places."""
    outer = dict(reader.bound)
    try:
        reader.bound.update({place.name: Symbol(place.name) for place in places})
        return reader.read(pattern)
    except Trouble:
        return None
    finally:
        reader.bound = outer


def _equal(one: Expr, other: Expr) -> bool:
    difference = one - other
    return bool(difference == 0 or sp.expand(difference) == 0 or sp.powsimp(sp.expand(difference)) == 0)


def _is_linear(end: Expr) -> bool:
    """Whether an end of counting is a sum of names and numbers."""
    return all(part.is_Number or isinstance(part, Symbol | Entry) for part in sp.expand(end).as_coefficients_dict())


def _without_sign(node: Node) -> Node:
    """A term without the power of minus one before it."""
    if isinstance(node, Product) and isinstance(node.factors[0], Script):
        base = node.factors[0].base
        inner = base.body if isinstance(base, Fenced) else base
        unit = inner.terms[0] if isinstance(inner, Sum) and inner.signs == ("-",) else None
        if isinstance(unit, Number) and unit.text == "1":
            rest, operators = node.factors[1:], node.operators[1:]
            return rest[0] if len(rest) == 1 else Product(node.span, rest, operators)
    return node
