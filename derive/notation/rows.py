"""Rows and what joins them: the last look at the tokens before they are parsed.

Row breaks inside brackets, alignment marks outside matrices, and the `\\begin` and `\\end` of environments that
only align are taken out. What remains at the outermost level of a formula are its rows.
"""

from __future__ import annotations

from derive.notation.braces import dissolve
from derive.notation.commands import ENVIRONMENTS
from derive.notation.tokens import Token

SIGN_KINDS = frozenset({"rel", "arrow", "signed"})
_CELLS = frozenset({"matrix", "cases"})


def arrange(tokens: list[Token]) -> list[Token]:
    """The tokens to parse, each with its `index` and `jump`; needs the mates of `fences.pair`."""
    _join_halves(tokens)
    out: list[Token] = []
    levels: list[str] = []
    dropped: set[int] = set()
    for token in tokens:
        kind = token.kind
        if token.index in dropped or kind == "skip" or (kind == "quad" and out and out[-1].kind == "quad"):
            continue
        outermost = not levels or levels[-1] == "aligned"
        if kind == "row":
            if outermost or levels[-1] in _CELLS:
                out.append(token)
            continue
        if kind == "amp":
            if levels and levels[-1] in _CELLS:
                out.append(token)
            elif token.index + 1 < len(tokens):
                tokens[token.index + 1].aligned = True
            continue
        mate = token.mate
        if mate is not None and mate.index > token.index:
            level = kind
            if kind == "begin":
                environment = ENVIRONMENTS.get(token.value)
                level = environment.kind if environment else "matrix"
                if outermost and (level == "aligned" or _looks_aligned(tokens, token, level)):
                    level = "aligned"
                    dropped.add(mate.index)
                    levels.append(level)
                    continue
                level = "matrix" if level == "aligned" else level
            elif kind == "left" and outermost and _wraps_system(tokens, token, mate):
                dropped.add(mate.index)
                levels.append("aligned")
                continue
            elif kind == "{" and token.index and tokens[token.index - 1].kind == "substack":
                level = "matrix"
            levels.append(level)
        elif mate is not None and levels:
            levels.pop()
            if token.kind == "stray":
                continue
        out.append(token)
        if mate is not None and mate.index in dropped and kind == "end":
            out.pop()
    return _index(dissolve(out))


def _join_halves(tokens: list[Token]) -> None:
    """`\\left[ a \\right. \\\\ \\left. b \\right]` is one group over two rows."""
    waiting: list[Token] = []
    rows = 0
    broken_at: list[int] = []
    for token in tokens:
        if token.kind == "row":
            rows += 1
        elif token.kind == "left" and token.mate is not None:
            closer = token.mate
            last = tokens[closer.index + 1].kind if closer.index + 1 < len(tokens) else ""
            if closer.value == "." and token.value != "." and last not in ("_", "^"):
                if not _holds_cells(tokens, token):
                    waiting.append(token)
                    broken_at.append(rows)
            elif token.value == "." and waiting and broken_at[-1] < rows and last not in ("_", "^"):
                opener = waiting[-1]
                assert opener.mate is not None
                opener.mate.kind = token.kind = "skip"
                opener.mate.mate = token.mate = None
                if closer.value == ".":
                    opener.mate, closer.mate = closer, opener
                    broken_at[-1] = rows
                else:
                    opener.mate, closer.mate = closer, opener
                    waiting.pop()
                    broken_at.pop()


def _holds_cells(tokens: list[Token], opener: Token) -> bool:
    return tokens[opener.index + 1].kind == "begin"


def _looks_aligned(tokens: list[Token], begin: Token, level: str) -> bool:
    """Whether a table at the outermost level is used to align relations."""
    assert begin.mate is not None
    stop = begin.mate.index
    if level not in _CELLS or ENVIRONMENTS.get(begin.value) is None or ENVIRONMENTS[begin.value].value not in ".{":
        return False
    before = tokens[begin.index - 1].kind if begin.index else "row"
    if before not in ("row", "quad", "amp", "begin", "tag"):
        return False
    k = begin.index + 1
    found = at_edge = False
    first_cell = True
    rows_with_sign = rows = 0
    while k < stop:
        token = tokens[k]
        if token.kind == "rel":
            found = True
            neighbours = (tokens[k - 1].kind, tokens[k + 1].kind)
            at_edge |= "amp" in neighbours or k - 1 == begin.index or "row" in neighbours
            rows_with_sign += first_cell
            first_cell = False
        elif token.kind == "row":
            rows += 1
            first_cell = True
        elif token.kind in ("amp", "sep"):
            first_cell = False if level == "cases" else first_cell
        k = token.mate.index + 1 if token.mate is not None and token.mate.index > k else k + 1
    if level == "cases":
        return rows_with_sign >= 1 and rows_with_sign >= rows
    return found and (at_edge or rows_with_sign > rows)


def _wraps_system(tokens: list[Token], opener: Token, closer: Token) -> bool:
    """Whether `\\left\\{ … \\right.` holds nothing but a system of relations, and nothing stands before it."""
    begin = tokens[opener.index + 1]
    if opener.value != "{" or closer.value != "." or begin.kind != "begin" or begin.mate is None:
        return False
    before = tokens[opener.index - 1].kind if opener.index else "row"
    if begin.mate.index != closer.index - 1 or before not in ("row", "quad", "amp", "begin"):
        return False
    environment = ENVIRONMENTS.get(begin.value)
    return environment is not None and (environment.kind == "aligned" or _looks_aligned_inside(tokens, begin))


def _looks_aligned_inside(tokens: list[Token], begin: Token) -> bool:
    assert begin.mate is not None
    k = begin.index + 1
    signs = rows = 0
    fresh = True
    while k < begin.mate.index:
        token = tokens[k]
        if token.kind == "rel" and fresh:
            signs += 1
            fresh = False
        elif token.kind == "row":
            rows += 1
            fresh = True
        k = token.mate.index + 1 if token.mate is not None and token.mate.index > k else k + 1
    return signs > 0 and signs >= rows


def _index(tokens: list[Token]) -> list[Token]:
    for index, token in enumerate(tokens):
        token.index = index
    for token in tokens:
        mate = token.mate
        token.jump = (mate.index if mate is not None and mate.index > token.index else token.index) + 1
    for index in range(len(tokens) - 1, -1, -1):  # from the inside out
        if tokens[index].kind in ("stack", "arrow", "annotation"):
            _wrap_sign(tokens, index, tokens[index])
    return tokens


def _wrap_sign(tokens: list[Token], index: int, token: Token) -> None:
    """`\\overset{(a)}{=}` and `\\xrightarrow{d}` are signs; their jump is behind their arguments."""
    stop = len(tokens)
    at = index + 1
    if token.kind == "arrow":
        if at < stop and tokens[at].value == "[" and tokens[at].mate is not None:
            at = tokens[at].jump
        token.jump = tokens[at].jump if at < stop and tokens[at].kind == "{" else at
        return
    if token.kind == "stack":
        at = tokens[at].jump if at < stop else at
    if at >= stop:
        return
    base = tokens[at]
    inner = tokens[at + 1] if base.kind == "{" and at + 1 < stop else base
    lone = inner is base or inner.jump + 1 == base.jump
    if lone and inner.kind in SIGN_KINDS:
        token.jump = base.jump
        noted = base.jump + 1 < stop and tokens[base.jump].kind in ("_", "^")
        if token.kind == "annotation" and noted:
            token.jump = tokens[base.jump + 1].jump
        token.kind = "signed"
