"""Relation signs with what stands over or under them: `\\overset{(a)}{=}`, `\\xrightarrow{d}`."""

from __future__ import annotations

from derive.notation.cursor import Cursor
from derive.notation.scripts import read_limits
from derive.notation.tree import Empty, List, Name, Node, Sign, Text, Word

_DEFINING = frozenset({"def", "definition", "define", "defined as", "by definition", "!", "dfn"})


def read_sign(c: Cursor) -> Sign:
    """A relation sign, with what stands over or under it."""
    first = c.at
    token = c.tokens[first]
    if token.kind == "rel":
        c.at += 1
        sub: Node | None = None
        sup: Node | None = None
        if c.kind() in ("_", "^") and not c.tokens[c.at].gap:  # `=_{(1)}`, `\\equiv_n`
            sub, sup, _ = read_limits(c)
        noted = _both(sup, sub)
        return Sign(c.since(first), ":=" if token.value == "=" and _defines(noted) else token.value, noted)
    stop = token.jump
    c.at += 1
    label: Node | None = None
    value = token.value
    if token.kind == "arrow":
        if c.at < stop and c.tokens[c.at].kind == "open":
            c.at += 1
            under = c.inside(c.tokens[c.at - 1].jump - 1)
            c.at += 1
            label = under
        over = c.argument() if c.at < stop else None
        label = _both(over, label)
    else:
        if token.kind == "signed" and value in ("overset", "underset", "stackrel", "stackbin"):
            label = c.argument()
        outer = label
        braced = c.at < stop and c.tokens[c.at].kind == "{"
        c.at += braced
        inner = read_sign(c)
        value = inner.sign
        label = _both(outer, inner.label)
        c.at += braced
        if c.at < stop and c.tokens[c.at].kind in ("_", "^"):
            c.at += 1
            label = _both(label, c.argument())
        if value == "=" and _defines(label):
            value = ":="
    c.at = stop
    return Sign(c.since(first), value, None if isinstance(label, Empty) else label)


def _both(over: Node | None, under: Node | None) -> Node | None:
    """What stands over and under a sign as one label."""
    over = None if isinstance(over, Empty) else over
    under = None if isinstance(under, Empty) else under
    if over is None or under is None:
        return over if under is None else under
    return List(over.span.cover(under.span), (over, under), (",",))


def _defines(label: Node | None) -> bool:
    said = ""
    if isinstance(label, Text | Word):
        said = label.text
    elif isinstance(label, Name):
        said = {"triangle": "def", "Delta": "def"}.get(label.letters, label.letters)
    return said.strip().lower().rstrip(".") in _DEFINING
