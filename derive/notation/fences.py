"""Which delimiters belong together: braces, brackets, `\\left` and `\\right`, environments, and bars.

`pair` gives every opener and closer its `mate`, decides whether a bar opens, closes, separates or evaluates,
and calls what has no partner `stray`. It looks at each token a bounded number of times.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from derive.notation.bars import resolve_bars
from derive.notation.tokens import Token

_MATES = {"(": ")", "[": "]", "{": "}", "<": ">", "[[": "]]", "ulcorner": "urcorner"}


@dataclass
class Frame:
    """An opened group: its token (None for the whole formula) and the bars that stand directly in it."""

    token: Token | None
    hard: bool
    bars: list[Token] = field(default_factory=list)


def pair(tokens: list[Token]) -> None:
    """Set the mates of all delimiters of a formula."""
    for index, token in enumerate(tokens):
        token.index = index
    stack = [Frame(None, True)]
    counts = {"{": 0, "begin": 0, "left": 0}
    for token in tokens:
        kind = token.kind
        if kind in ("{", "begin"):
            stack.append(Frame(token, True))
            counts[kind] += 1
        elif kind == "left":
            stack.append(Frame(token, False))
            counts[kind] += 1
        elif kind == "open":
            stack.append(Frame(token, False))
        elif kind == "close":
            _close(stack, token, tokens)
        elif kind == "right":
            _close_right(stack, token, tokens, counts)
        elif kind in ("}", "end"):
            _close_hard(stack, token, tokens, counts)
        elif kind in ("bar", "middle"):
            stack[-1].bars.append(token)
        elif kind in ("row", "amp"):
            top = stack[-1]
            while not top.hard and top.token is not None and top.token.kind == "open" and len(stack) > 1:
                if not _inside_cells(stack):
                    break
                _drop(stack, tokens, counts)
                top = stack[-1]
            stack[-1].bars.append(token)
    while len(stack) > 1:
        _drop(stack, tokens, counts)
    resolve_bars(stack[0].bars, tokens, False)


def _inside_cells(stack: list[Frame]) -> bool:
    """Whether the innermost group that rows could belong to is a matrix or a case distinction."""
    for frame in reversed(stack[-8:]):
        if frame.token is not None and frame.token.kind != "open":
            return frame.token.kind == "begin" and ("matrix" in frame.token.value or "cases" in frame.token.value)
    return False


def _mate(opener: Token, closer: Token) -> None:
    opener.mate = closer
    closer.mate = opener


def _drop(stack: list[Frame], tokens: list[Token], counts: dict[str, int]) -> None:
    """Give up the innermost group: its opener has no partner, its bars belong to the group around it."""
    frame = stack.pop()
    assert frame.token is not None
    if frame.token.kind in counts:
        counts[frame.token.kind] -= 1
    if frame.token.value == "<" and frame.token.kind == "open" and frame.bars and frame.bars[0].kind == "bar":
        frame.bars[0].kind = "close"
        _mate(frame.token, frame.bars.pop(0))
    else:
        frame.token.kind = "stray"
    stack[-1].bars.extend(frame.bars)


def _pop(stack: list[Frame], closer: Token, tokens: list[Token]) -> None:
    frame = stack.pop()
    assert frame.token is not None
    _mate(frame.token, closer)
    if frame.token.value == "<":
        for bar in frame.bars:
            bar.kind = "middle" if bar.kind == "bar" else bar.kind
    resolve_bars(frame.bars, tokens, frame.token.kind != "begin")


def _close(stack: list[Frame], token: Token, tokens: list[Token]) -> None:
    top = stack[-1].token
    if token.value == ">" and (top is None or top.value != "<") and _close_ket(stack[-1], token):
        return
    lone = "eval" if _evaluates(token, tokens) else "stray"
    if top is None or top.kind != "open":
        token.kind = lone
        return
    if _MATES.get(top.value, top.value) != token.value:
        for back in range(2, min(9, len(stack))):
            other = stack[-back].token
            if other is None or other.kind != "open":
                break
            if _MATES.get(other.value, other.value) == token.value and not _half_open(top, token):
                while stack[-1].token is not other:
                    _drop(stack, tokens, {})
                break
        else:
            back = 0
        top = stack[-1].token
        assert top is not None
        if _MATES.get(top.value, top.value) != token.value and not _half_open(top, token):
            token.kind = lone
            return
    _pop(stack, token, tokens)


def _evaluates(token: Token, tokens: list[Token]) -> bool:
    """Whether a bar that closes nothing is one of evaluation: `F \\bigr|_a^b`."""
    after = tokens[token.index + 1].kind if token.index + 1 < len(tokens) else ""
    return token.value == "|" and after in ("_", "^")


def _close_ket(frame: Frame, closer: Token) -> bool:
    """`|0\\rangle`: the last bar of the group opens what an angle closes."""
    if not frame.bars or frame.bars[-1].kind != "bar":
        return False
    bar = frame.bars.pop()
    bar.kind = "open"
    _mate(bar, closer)
    return True


def _half_open(opener: Token, closer: Token) -> bool:
    return {opener.value, closer.value} in ({"(", "]"}, {"[", ")"})


def _close_right(stack: list[Frame], token: Token, tokens: list[Token], counts: dict[str, int]) -> None:
    if counts["left"]:
        while (top := stack[-1].token) is not None and top.kind == "open":
            _drop(stack, tokens, counts)
        if top is not None and top.kind == "left":
            counts["left"] -= 1
            _pop(stack, token, tokens)
            return
    token.kind = "close" if token.value != "." else "stray"
    token.value = {"{": "}", "(": ")"}.get(token.value, token.value)
    if token.kind == "close":
        _close(stack, token, tokens)


def _close_hard(stack: list[Frame], token: Token, tokens: list[Token], counts: dict[str, int]) -> None:
    wanted = "{" if token.kind == "}" else "begin"
    if not counts[wanted]:
        token.kind = "stray"
        return
    while True:
        top = stack[-1].token
        assert top is not None
        if top.kind == wanted:
            break
        _drop(stack, tokens, counts)
    counts[wanted] -= 1
    _pop(stack, token, tokens)
