"""Ways through a tree: its children, all its nodes, and whether two trees say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from derive.notation.tree import Chain, Node

_NAMES: dict[type, tuple[str, ...]] = {}


def _fields(kind: type[Node]) -> tuple[str, ...]:
    names = _NAMES.get(kind)
    if names is None:
        names = _NAMES[kind] = tuple(f.name for f in fields(kind) if f.name != "span")
    return names


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node, in the order of its fields (operands and signs of a chain alternate)."""
    found: list[Node] = []
    for name in _fields(type(node)):
        _collect(getattr(node, name), found)
    if isinstance(node, Chain):
        found.sort(key=lambda child: child.span.start)
    return tuple(found)


def _collect(value: object, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it, from the outside in and from left to right."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(children(current)))


def same(left: object, right: object) -> bool:
    """Whether two trees are equal but for where they stand in the source."""
    stack = [(left, right)]
    while stack:
        a, b = stack.pop()
        if isinstance(a, Node):
            if type(a) is not type(b):
                return False
            stack.extend((getattr(a, name), getattr(b, name)) for name in _fields(type(a)))
        elif isinstance(a, tuple):
            if not isinstance(b, tuple) or len(a) != len(b):
                return False
            stack.extend(zip(a, b, strict=True))
        elif a != b:
            return False
    return True


def outline(node: object) -> str:
    """A tree as an S-expression, without places: for tests and for looking at it."""
    if isinstance(node, Node):
        parts = [outline(getattr(node, name)) for name in _fields(type(node))]
        return f"({' '.join([type(node).__name__, *parts])})"
    if isinstance(node, tuple):
        return f"[{' '.join(outline(item) for item in node)}]"
    return "-" if node is None else repr(node) if isinstance(node, str) else str(node)
