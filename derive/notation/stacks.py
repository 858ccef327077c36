"""What stands over or under something: braces, boxes and stacked notes, limits among them."""

from __future__ import annotations

from derive.notation.bigoperators import finish_big, read_operator_name
from derive.notation.commands.operators import PLAIN_BIG
from derive.notation.cursor import Cursor
from derive.notation.names import spell
from derive.notation.tree import Annotated, Node


def read_annotation(c: Cursor) -> Node:
    """`\\underbrace{body}_{note}`, `\\boxed{body}`, `\\cancel{body}`."""
    first = c.at
    kind = c.tokens[first].value
    c.at += 1
    note = c.argument() if kind == "cancelto" else None
    if kind in ("underbracket", "overbracket") and c.kind() == "open" and c.tokens[c.at].value == "[":
        c.at = c.tokens[c.at].jump
    body = c.argument()
    braces = kind in ("underbrace", "overbrace", "underbracket", "overbracket")
    if braces and c.kind() == ("_" if kind.startswith("under") else "^"):
        c.at += 1
        note = c.argument()
    return Annotated(c.since(first), kind, body, note)


def read_stack(c: Cursor) -> Node:
    """`\\overset{note}{body}` over something that is no relation sign: limits of an operator, or a note."""
    first = c.at
    kind = c.tokens[first].value
    c.at += 1
    note = c.argument()
    begin = c.at
    braced = c.kind() == "{"
    stop = c.tokens[begin].jump if begin < c.end else begin
    at = begin + braced
    if at < c.end and c.tokens[at].kind in ("big", "arg", "operatorname", "upright", "stack"):
        end, c.end = c.end, stop - braced
        c.at = at
        name, sub, sup = _read_stacked_operator(c)
        done = c.at >= c.end
        c.end = end
        if name and done:
            c.at = stop
            if kind == "underset":
                sub = note
            else:
                sup = note
            return finish_big(c, first, name, sub, sup)
        c.at = begin
    body = c.argument()
    return Annotated(c.since(first), kind, body, note)


def _read_stacked_operator(c: Cursor) -> tuple[str, Node | None, Node | None]:
    kind = c.kind()
    if kind in ("big", "arg"):
        return read_operator_name(c), None, None
    if kind == "stack":
        kind = c.tokens[c.at].value
        c.at += 1
        note = c.argument()
        braced = c.kind() == "{"
        stop = c.tokens[c.at].jump if c.at < c.end else c.at
        c.at += braced
        name, sub, sup = "", None, None
        if c.kind() in ("big", "arg"):
            name = read_operator_name(c)
        c.at = stop
        return (name, note, sup) if kind == "underset" else (name, sub, note)
    stop = c.end
    inner = [t for t in c.tokens[c.at + 1 : stop] if t.kind not in ("{", "}") and t.value != "*"]
    text = spell(inner).replace(" ", "")
    c.at = stop
    return (text if text in PLAIN_BIG else ""), None, None
