"""What two terms of an enumeration have in common: one tree with places where they differ by a whole number.

`x_1 y^2` and `x_2 y^3` give `x_p y^q` with p from 1 to 2 and q from 2 to 3."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from sympy.core.expr import Expr

from derive.meaning.domains import fenced_index
from derive.meaning.names import split_subscript
from derive.meaning.trouble import Trouble
from derive.notation.tree import List, Name, Node, Number, Script
from derive.notation.walk import same

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

_MARK = "\N{WHITE SQUARE}"


@dataclass(frozen=True)
class Place:
    """A place of a pattern: its name, what stands there in the first and in the second term, and whether it is an
    index."""

    name: str
    first: Expr
    second: Expr
    is_index: bool


@dataclass
class Patterns:
    """Finds and matches patterns, reading what differs under one reader. With `whole` False, terms may differ in their
    indices by anything, and in nothing else."""

    reader: Reader
    places: list[Place] = field(default_factory=list)
    whole: bool = True

    def common(self, one: Node, other: Node) -> Node | None:
        """The tree of both terms with a name in each place where they differ (kept in `places`); None where they differ
        by more than whole numbers."""
        if same(one, other):
            return one
        if isinstance(one, Script) and isinstance(other, Script) and same(one.base, other.base):
            return self._scripts(one, other)
        for power, plain in ((other, one), (one, other)):
            if isinstance(power, Script) and power.sup is not None and same(replace(power, sup=None), _bare(plain)):
                unit = Number(plain.span, "1")
                sup = self._place(unit, power.sup, False) if power is other else self._place(power.sup, unit, False)
                return None if sup is None else replace(power, sup=sup)
        if isinstance(one, Number) and isinstance(other, Number):
            return self._place(one, other, False)
        known = len(self.places)
        inside = self._fields(one, other) if type(one) is type(other) else None
        if inside is not None:
            return inside
        del self.places[known:]
        return self._place(one, other, False)

    def _fields(self, one: Node, other: Node) -> Node | None:
        made: dict[str, Any] = {}
        for name in (f.name for f in fields(one) if f.name != "span"):
            value = self._value(getattr(one, name), getattr(other, name))
            if value is None and getattr(one, name) is not None:
                return None
            made[name] = value
        return replace(one, **made)

    def _value(self, one: Any, other: Any) -> Any:
        if isinstance(one, Node) and isinstance(other, Node):
            return self.common(one, other)
        if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
            parts = [self._value(a, b) for a, b in zip(one, other, strict=True)]
            return None if any(part is None for part in parts) else tuple(parts)
        return one if one == other else None

    def _scripts(self, one: Script, other: Script) -> Node | None:
        """Two members or powers of the same base: indices and exponents are compared as they are read."""
        if one.primes != other.primes:
            return None
        letters = self.reader.conventions.survey.index_letters | frozenset(self.reader.bound)
        parts = [split_subscript(node.sub, letters) for node in (one, other)]
        sub, sup = one.sub, one.sup
        if not (one.sub is None and other.sub is None) and not same(one.sub, other.sub):
            if parts[0].label or parts[1].label or len(parts[0].indices) != len(parts[1].indices):
                return None
            found = [self._place(a, b, True) for a, b in zip(parts[0].indices, parts[1].indices, strict=True)]
            indices = tuple(index for index in found if index is not None)
            if len(indices) != len(found) or one.sub is None:
                return None
            sub = indices[0] if len(indices) == 1 else List(one.sub.span, indices, (",",) * (len(indices) - 1))
        if not same(one.sup, other.sup):
            if one.sup is None or other.sup is None:
                node = one.sup or other.sup
                assert node is not None
                unit = Number(node.span, "1")
                sup = self._place(one.sup or unit, other.sup or unit, False)
            elif fenced_index(one.sup) is not None and fenced_index(other.sup) is not None:
                inner = self._place(one.sup.body, other.sup.body, True)  # type: ignore[attr-defined]
                sup = None if inner is None else replace(one.sup, body=inner)  # type: ignore[call-arg]
            else:
                sup = self._place(one.sup, other.sup, False) or self.common(one.sup, other.sup)
            if sup is None:
                return None
        return replace(one, sub=sub, sup=sup)

    def _place(self, one: Node, other: Node, is_index: bool) -> Node | None:
        """A name for what differs by a whole number that is not zero; the node itself where both are the same."""
        if same(one, other):
            return one
        try:
            first, second = self.reader.read(one), self.reader.read(other)
        except Trouble:
            return None
        difference = second - first
        if (not difference.is_Integer or difference == 0) if self.whole else not is_index:
            return None
        name = f"{_MARK}{len(self.places)}"
        self.places.append(Place(name, first, second, is_index))
        return Name(one.span, name)

    def match(self, pattern: Node, node: Node) -> dict[str, Expr] | None:
        """What stands in the places of a pattern in another term; None where it has another shape."""
        found: dict[str, Expr] = {}
        return found if self._matches(pattern, node, found) else None

    def _matches(self, pattern: Any, node: Any, found: dict[str, Expr]) -> bool:
        if isinstance(pattern, Name) and pattern.letters.startswith(_MARK):
            try:
                value = self.reader.read(node)
            except Trouble:
                return False
            return found.setdefault(pattern.letters, value) == value
        if isinstance(pattern, Script) and isinstance(pattern.sup, Name) and pattern.sup.letters.startswith(_MARK):
            lone = isinstance(node, Script) and node.sup is None
            if not isinstance(node, Script) or lone:
                unit = Number(pattern.span, "1")
                whole = Script(node.span, node.base, node.sub, unit) if lone else Script(node.span, node, None, unit)
                return self._matches(replace(pattern), whole, found) if isinstance(node, Node) else False
        if isinstance(pattern, Script) and isinstance(node, Script) and isinstance(pattern.sub, List):
            letters = self.reader.conventions.survey.index_letters | frozenset(self.reader.bound)
            indices = split_subscript(node.sub, letters).indices
            if node.sub is None or len(indices) != len(pattern.sub.items):
                return False
            node = replace(node, sub=List(node.sub.span, indices, pattern.sub.separators))
        if isinstance(pattern, Node):
            if type(pattern) is not type(node):
                return False
            names = [f.name for f in fields(pattern) if f.name != "span"]
            return all(self._matches(getattr(pattern, n), getattr(node, n), found) for n in names)
        if isinstance(pattern, tuple):
            return (
                isinstance(node, tuple)
                and len(pattern) == len(node)
                and all(self._matches(a, b, found) for a, b in zip(pattern, node, strict=True))
            )
        return bool(pattern == node)


def _bare(node: Node) -> Node:
    """A node as the script without scripts that it is."""
    return node if isinstance(node, Script) else Script(node.span, node, None, None)
