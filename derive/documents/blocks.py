"""Blocks of a Markdown text with exact places: what markdown-it finds, and what is hidden from it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from derive.documents.delimiters import Found, Hidden
from derive.documents.sites import find_site_blocks

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\n(?=[^\n]*\S)(?:(?!(?:---|\.\.\.)[ \t]*(?:\n|\Z))[^\n]*\n)*+(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
_NEEDS_PARSER = re.compile(r"```|~~~|^(?: {4}|[ >]*\t)|^[ \t]*(?:[-*+>]|[0-9]+[.)])[ >]* {4}", re.M)
_NOT_NEWLINE = re.compile(r"[^\n]")
_CELL = re.compile(r"(?:[^|\\]|\\.)+", re.S)


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` from 1), or a paragraph, list line or table cell (`level` 0), by the ends of its lines."""

    lines: tuple[tuple[int, int], ...]
    level: int = 0
    underlined: bool = False

    @property
    def start(self) -> int:
        """Where its first line's text starts."""
        return self.lines[0][0]

    @property
    def end(self) -> int:
        """Where its last line's text ends."""
        return self.lines[-1][1]


def find_hidden(text: str) -> tuple[list[Hidden], list[Found]]:
    """Front matter, fences, indented code and the comments and code of site generators in order, and those fences that
    hold mathematics."""
    hidden, fences = _find_fenced(text)
    if "%" not in text:
        return hidden, fences
    starts = [h.start for h in hidden]
    apart = [block for block in find_site_blocks(text) if not _overlaps(block, hidden, starts)]
    return sorted([*hidden, *apart], key=lambda h: h.start), fences


def _overlaps(block: Hidden, hidden: list[Hidden], starts: list[int]) -> bool:
    k = bisect_left(starts, block.end)
    return k > 0 and hidden[k - 1].end > block.start


def _find_fenced(text: str) -> tuple[list[Hidden], list[Found]]:
    hidden: list[Hidden] = []
    fences: list[Found] = []
    front = _FRONT_MATTER.match(text)
    begin = front.end() if front else 0
    if front:
        hidden.append(Hidden(0, begin, "front matter", True))
    if not _NEEDS_PARSER.search(text, begin):
        return hidden, fences
    starts = _line_starts(text)
    masked = text if not front else _keep_newlines(text[:begin]) + text[begin:]
    for token in _parser(True).parse(masked):
        if token.type not in ("fence", "code_block") or token.map is None:
            continue
        start, end = starts[token.map[0]], min(starts[min(token.map[1], len(starts) - 1)], len(text))
        if token.type == "code_block":
            content = token.content.strip()
            # some renderers know no indented code: a block that is a display and nothing else is meant as one
            if not (content.startswith("$$") and content.endswith("$$") and len(content) > 4):
                hidden.append(Hidden(start, end, "block"))
            continue
        hidden.append(Hidden(start, end, "fence", True))
        if token.info.strip().split(" ")[0] in ("math", "{math}"):
            fences.append(_read_fence(text, token, starts, end))
    return hidden, fences


def _read_fence(text: str, token: Token, starts: list[int], end: int) -> Found:
    assert token.map is not None
    first, last = token.map
    last = min(last, len(starts) - 1)
    start = text.find(token.markup, starts[first], end)
    inside = min(starts[min(first + 1, last)], end)
    closing = text[starts[last - 1] : end].strip(" \t>\n")
    inside_end = starts[last - 1] if last - 1 > first and closing.startswith(token.markup) else end
    while token.info.startswith("{") and (option := re.compile(r"[ \t>]*:\w[^\n]*\n").match(text, inside, inside_end)):
        inside = option.end()
    return Found(max(start, starts[first]), end, inside, max(inside, inside_end), "math", True)


def mask_text(text: str, found: Iterable[Found], hidden: Iterable[Hidden]) -> str:
    """The text with every formula as one word of the same length, and with blanks for what is hidden."""
    cuts = [(f.start, f.end, "x") for f in found]
    cuts += [(h.start, h.end, "\n" if h.kind in _KEEP_LINES else " ") for h in hidden if h.kind != "code"]
    pieces: list[str] = []
    at = 0
    for start, end, sign in sorted(cuts):
        if start < at:
            continue
        inside = text[start:end]
        tail = len(inside) - len(inside.rstrip("\n")) if sign == "x" else 0
        pieces += (
            text[at:start],
            _keep_newlines(inside) if sign == "\n" else sign * (end - start - tail) + "\n" * tail,
        )
        at = end
    return "".join(pieces) + text[at:]


_KEEP_LINES = frozenset({"front matter", "fence", "block", "pre", "script", "style", "textarea"})


def find_blocks(masked: str) -> Iterator[Block]:
    """The headings, paragraphs and table cells of a text whose formulas are masked, in order."""
    starts = _line_starts(masked)
    tokens = _parser(False).parse(masked)
    for k, token in enumerate(tokens):
        if token.map is None:
            continue
        if token.type == "tr_open":
            yield from _read_row(masked, starts[token.map[0]], starts[token.map[0] + 1] - 1)
        elif token.type in ("paragraph_open", "heading_open"):
            lines = tuple(_place_lines(masked, starts, token.map[0], tokens[k + 1].content))
            if lines:
                level = int(token.tag[1]) if token.type == "heading_open" else 0
                yield Block(lines, level, level > 0 and token.markup in ("=", "-"))


def _place_lines(masked: str, starts: list[int], line: int, content: str) -> Iterator[tuple[int, int]]:
    """Where the lines of a block's content stand, without list signs, quote signs and indents."""
    for n, piece in enumerate(content.split("\n"), line):
        if n + 1 >= len(starts):
            return
        raw = masked[starts[n] : starts[n + 1] - 1]
        wanted = piece.strip()
        place = raw.rfind(wanted) if wanted else -1
        if place < 0:
            place = len(raw) - len(raw.lstrip(" \t>"))
            wanted = raw[place:]
        yield starts[n] + place, starts[n] + place + len(wanted)


def _read_row(masked: str, start: int, end: int) -> Iterator[Block]:
    for cell in _CELL.finditer(masked, start, end):
        inside = cell[0].strip()
        if inside:
            place = cell.start() + cell[0].index(inside)
            yield Block(((place, place + len(inside)),))


def _line_starts(text: str) -> list[int]:
    """Where each line starts, and one past the end of the text."""
    starts = [0]
    starts.extend(m.end() for m in re.finditer("\n", text))
    starts.append(len(text) + 1)
    return starts


def _keep_newlines(text: str) -> str:
    return _NOT_NEWLINE.sub(" ", text)


@lru_cache(maxsize=2)
def _parser(with_code: bool) -> MarkdownIt:
    # imported here because it takes longer than reading most documents, and other formats do without
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.disable(["reference"])
    if with_code:
        return parser
    return parser.enable("table").disable(["code", "fence", "html_block"])
