"""Prose inside formulas: what the argument of a text command says, and which arguments are prose."""

from __future__ import annotations

from collections.abc import Callable

from derive.notation.commands.operators import PLAIN_BIG
from derive.notation.commands.prose import PROSE_WORDS
from derive.notation.feed import Stream
from derive.notation.tokens import Token

_SPELLED_OUT = {"textbackslash": "\\", "textasciicircum": "^", "textasciitilde": "~", "ldots": "…", "dots": "…"}
_MAX_TEXT_DEPTH = 3


def holds_prose(s: Stream, name: str) -> bool:
    """Whether the argument of an upright font is prose: `\\textrm{for all }`, `\\mathrm{if}`."""
    at = s.at
    group, _ = s.take_group()
    s.at = at
    if len(group) < 2 or len(group) > 400 or any(t.kind in ("special", "row") for t in group):
        return any(t.text == "$" for t in group[:400])
    said = text_of(group)
    if name.startswith("text") or name == "emph":
        if any(t.kind == "char" and t.text not in "-*" for t in group):
            return True
        words = said.split()
        return (len(words) > 1 and "".join(words) not in PLAIN_BIG) or said.strip().lower() in PROSE_WORDS
    said = said.strip()
    return len(said) > 1 and said.lower() in PROSE_WORDS and said not in ("as", "is", "at", "to")


def is_remark(groups: list[list[Token]]) -> bool:
    """Whether what stands in braces after an unknown command is prose: no mathematics outside of `$`, and somewhere a
    `$`, which only prose can hold, or a run of words with spaces between them and hardly anything else."""
    if not all(_is_plain(group) for group in groups):
        return False
    return any(_has_words(group) or any(t.text == "$" for t in group) for group in groups)


def _is_plain(group: list[Token]) -> bool:
    inside = False
    for token in group:
        if token.text == "$":
            inside = not inside
        elif not inside and (token.kind in ("command", "row", "begin", "end") or token.text in _FORMAL):
            return False
    return not inside


def _has_words(group: list[Token]) -> bool:
    words = text_of(group).split()
    spelled = sum(word.strip(".,;:()").isalpha() and len(word) > 1 for word in words)
    return spelled >= 3 and 2 * spelled > len(words)


_FORMAL = frozenset("_^&=+")


def text_of(raw: list[Token]) -> str:
    """What raw tokens say as prose."""
    parts = []
    for token in raw:
        if token.kind == "space":
            parts.append(" ")
        elif token.kind == "command":
            parts.append(token.text[1:] if len(token.text) == 2 else _SPELLED_OUT.get(token.text[1:], ""))
        elif token.text not in "{}":
            parts.append(" " if token.text == "~" else token.text)
    return "".join(parts)


def read_text(s: Stream, token: Token, kind: str, read: Callable[[list[Token], int], list[Token]]) -> None:
    """Take the argument of a command that holds prose; `read` reads the formulas inside."""
    group, end = s.take_group()
    dollars = [k for k, t in enumerate(group) if t.text == "$"]
    if kind == "text" and not text_of(group).strip():
        s.gap = True
        return
    if kind == "intertext":
        s.emit("row", token, "")
    if len(dollars) < 2 or s.depth >= _MAX_TEXT_DEPTH:
        s.emit("text", token, text_of(group), end)
    else:
        previous = 0
        start = token.start
        if not text_of(group[: dollars[0]]).strip() and text_of(group[dollars[-1] + 1 :]).strip():
            s.emit("quad", Token("quad", "", start, start), "")  # prose that begins with a formula
        for opening, closing in zip(dollars[::2], dollars[1::2], strict=False):
            prose = text_of(group[previous:opening])
            if prose.strip():
                s.emit("text", Token("text", token.text, start, group[opening].end), prose)
            s.out.extend(read(group[opening + 1 : closing], s.depth + 1))
            start = group[closing].start
            previous = closing + 1
        prose = text_of(group[previous:])
        if prose.strip():
            s.emit("text", Token("text", token.text, start, end), prose)
    if kind == "intertext":
        s.emit("row", Token("row", "", end, end), "")
