"""Groups in delimiters, and environments: matrices, case distinctions, rows of a substack."""

from __future__ import annotations

from derive.notation.commands import ENVIRONMENTS
from derive.notation.cursor import Cursor
from derive.notation.prose import is_name
from derive.notation.tree import Cases, Empty, Fenced, List, Matrix, Node

_CLOSERS = {"(": ")", "[": "]", "{": "}", "/": "/", "\\": "\\"}
_TRAILING = frozenset({"sep", "stop", "quad"})


def read_fenced(c: Cursor) -> Node:
    """A group in delimiters; a table alone in them is a matrix (or cases, where they only open)."""
    opener = c.tokens[c.at]
    if opener.mate is None:
        return c.skip_unread(c.at + 1, "a delimiter without its partner")
    first = c.at
    stop = opener.mate.index
    c.at += 1
    table = c.peek()
    alone = table is not None and table.kind == "begin" and table.jump == stop
    was, c.in_script = c.in_script, (opener.value, opener.mate.value) == ("|", ">")
    if alone and table is not None and opener.value == "{" and opener.mate.value == ".":
        c.at = stop + 1
        c.in_script = was
        return _read_cases(c, table.index, first)
    body = c.inside(stop)
    c.in_script = was
    c.at = stop + 1
    right = opener.mate.value
    right = {"}": "}", "floor": "floor"}.get(right, right)
    if isinstance(body, Matrix) and alone and body.fence == "." and opener.value != ".":
        return Matrix(c.since(first), body.rows, opener.value)
    return Fenced(c.since(first), opener.value, right, body)


def read_environment(c: Cursor) -> Node:
    """A matrix or a case distinction; rows that are only aligned are a matrix of one column."""
    first = c.at
    begin = c.tokens[first]
    environment = ENVIRONMENTS[begin.value]
    if environment.kind == "cases":
        c.at = begin.jump
        return _read_cases(c, first, first)
    rows = _read_rows(c, first)
    c.at = begin.jump
    if environment.kind == "aligned" and len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    return Matrix(c.since(first), tuple(tuple(row) for row in rows), environment.value or ".")


def _cells(c: Cursor, first: int) -> list[list[tuple[int, int]]]:
    """The ranges of the cells of an environment, row by row, without a last row that is empty."""
    begin = c.tokens[first]
    assert begin.mate is not None
    stop = begin.mate.index
    rows: list[list[tuple[int, int]]] = [[]]
    start = k = first + 1
    while k < stop:
        token = c.tokens[k]
        if token.kind in ("amp", "row"):
            rows[-1].append((start, k))
            start = k + 1
            if token.kind == "row":
                rows.append([])
        k = token.jump
    rows[-1].append((start, stop))
    if len(rows) > 1 and len(rows[-1]) == 1 and rows[-1][0][0] >= rows[-1][0][1]:
        rows.pop()
    return rows


def _read_cell(c: Cursor, start: int, stop: int, trim: bool) -> Node:
    while trim and stop > start and c.tokens[stop - 1].kind in _TRAILING:
        stop -= 1
    while trim and start < stop and c.tokens[start].kind == "quad":
        start += 1
    c.at = start
    was, c.in_script = c.in_script, False
    node = c.inside(stop)
    c.in_script = was
    return node


def _read_rows(c: Cursor, first: int) -> list[list[Node]]:
    return [[_read_cell(c, start, stop, True) for start, stop in row] for row in _cells(c, first)]


def _read_cases(c: Cursor, first: int, opened: int) -> Node:
    after = c.at
    rows: list[tuple[Node, Node]] = []
    for cells in _cells(c, first):
        cells = [(start, stop) for start, stop in cells if start < stop] or cells[:1]
        start, stop = cells[0]
        if len(cells) == 1:
            middle = _find_condition(c, start, stop)
            value = _read_cell(c, start, middle, True)
            condition = _read_cell(c, middle, stop, True)
        else:
            value = _read_cell(c, start, stop, True)
            condition = _read_cell(c, cells[1][0], cells[-1][1], True)
        rows.append((value, condition))
    c.at = after
    return Cases(c.span(opened, after), tuple(rows))


def _find_condition(c: Cursor, start: int, stop: int) -> int:
    """Where the condition begins in a row of cases without an alignment mark."""
    k = start
    while k < stop:
        token = c.tokens[k]
        if token.kind == "quad" and k > start and c.tokens[k - 1].kind != "rel":
            return k
        if token.kind == "text" and k > start and not is_name(token, c.tokens[k - 1], None, False):
            return k
        if token.kind == "sep" and token.value == ",":
            return min(k + 1, stop)
        k = token.jump
    return stop


def read_substack(c: Cursor) -> Node:
    """`\\substack{a \\\\ b}`: its rows as a list."""
    first = c.at
    c.at += 1
    token = c.peek()
    if token is None or token.kind != "{" or token.mate is None:
        return c.empty()
    stop = token.mate.index
    pieces: list[Node] = []
    start = k = c.at + 1
    while k <= stop:
        if k == stop or c.tokens[k].kind == "row":
            end = k
            while end > start and c.tokens[end - 1].kind in _TRAILING:
                end -= 1
            c.at = start
            if end > start:
                pieces.append(c.inside(end))
            start = k + 1
        k = c.tokens[k].jump if k < stop else k + 1
    c.at = stop + 1
    if len(pieces) == 1:
        return pieces[0]
    if not pieces:
        return Empty(c.since(first))
    return List(c.since(first), tuple(pieces), (",",) * (len(pieces) - 1))
