"""Tokens: the characters of a formula cut into commands, letters, numbers and marks, none lost.

A `Token` knows the characters of the formula's text it came from (`start` to `end`); tokens that a macro
produced share the characters of its call. `tokenise` gives back every character: its texts joined are its input.
"""

from __future__ import annotations

import re
from typing import Final

_DIMENSION = r"\[\s*[-+]?[\d.]*\s*(?:pt|em|ex|mm|cm|in|bp|pc|sp|mu|\\[a-zA-Z]+)[^\]\n]{0,40}\]"

_TOKEN: Final = re.compile(
    rf"""(?P<letter>[a-zA-Z])
    |(?P<space>\s+)
    |(?P<begin>\\begin\s*\{{[^{{}}\\$]{{0,40}}\}})
    |(?P<end>\\end\s*\{{[^{{}}\\$]{{0,40}}\}})
    |(?P<row>\\\\\*?(?:[ \t]*{_DIMENSION})?)
    |(?P<command>\\(?:[a-zA-Z]+|.|$))
    |(?P<number>[0-9]+(?:\{{,\}}[0-9]+)*(?:\.[0-9]+)?|\.[0-9]+)
    |(?P<comment>%[^\n]*\n?)
    |(?P<special>[{{}}&_^'])
    |(?P<char>\.{{2,}}|.)""",
    re.VERBOSE | re.DOTALL,
)


class Token:
    """A piece of a formula: its kind, its characters, and where in the formula's text they stand.

    `gap` says that white space or layout stands before it, `aligned` that an alignment mark does; `value` is what
    its command means; `mate` is the token that closes it (or that it closes); `jump` is the index of the token
    after the element it begins."""

    __slots__ = ("aligned", "end", "gap", "index", "jump", "kind", "mate", "start", "text", "value")

    def __init__(self, kind: str, text: str, start: int, end: int, value: str = "") -> None:
        self.kind = kind
        self.text = text
        self.start = start
        self.end = end
        self.value = value
        self.gap = False
        self.aligned = False
        self.mate: Token | None = None
        self.index = 0
        self.jump = 0

    def __repr__(self) -> str:
        return f"Token({self.kind!r}, {self.text!r}, {self.start}, {self.end})"


def tokenise(text: str) -> list[Token]:
    """All tokens of a text, in order and without gaps between them."""
    return [Token(m.lastgroup or "char", m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def environment_name(token: Token) -> str:
    """The name in a `\\begin{name}` or `\\end{name}` token, without a star."""
    return token.text[token.text.index("{") + 1 : -1].strip().rstrip("*")
