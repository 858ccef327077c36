"""Source text and places in it: every later value points back here.

A `Source` is one file as it stands. A `Span` is a half-open range of its characters. A `TracedText`
is text that was taken from a source, possibly unescaped or with macros expanded, and that remembers
for each of its characters the source character it came from.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """Characters `start` (included) to `end` (excluded) of a source, counted from 0."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def cover(self, other: Span) -> Span:
        """The smallest span that holds both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


@dataclass(frozen=True)
class Source:
    """One document as it stands: its path as shown to the reader, and its characters.

    `base` counts from 0 the line that the reader calls line 1 (0 for files).
    """

    path: str
    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        starts.extend(i + 1 for i, c in enumerate(self.text) if c == "\n")
        return starts

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character (or of the end of the text)."""
        line = bisect_right(self._line_starts, min(offset, len(self.text)))
        return line, min(offset, len(self.text)) - self._line_starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The character at a line and column, both from 1: what `line_column` undoes. Raises ValueError where the text
        has no such place."""
        starts = self._line_starts
        if not (1 <= line <= len(starts) and column >= 1):
            raise ValueError(f"no place in the text: {line}:{column}")
        offset = starts[line - 1] + column - 1
        if offset > (starts[line] - 1 if line < len(starts) else len(self.text)):
            raise ValueError(f"no place in the text: {line}:{column}")
        return offset


@dataclass(frozen=True)
class TracedText:
    """Text with the source offset of each character; `end` is the offset just after the last one.

    `origin[k]` need not increase by one from character to character: an unescaped `\\_` becomes one
    character `_` that came from the backslash, and all characters of an expanded macro come from its call.
    """

    text: str
    origin: Sequence[int]
    end: int = field(default=-1)

    def __post_init__(self) -> None:
        if len(self.text) != len(self.origin):
            raise ValueError("a traced text needs one origin for each character")
        if self.end < 0:
            object.__setattr__(self, "end", self.origin[-1] + 1 if self.text else 0)

    @staticmethod
    def of(source: Source, start: int = 0, end: int | None = None) -> TracedText:
        """The characters `start` to `end` of a source, unchanged."""
        stop = len(source.text) if end is None else end
        return TracedText(source.text[start:stop], range(start, stop), stop)

    def __len__(self) -> int:
        return len(self.text)

    def slice(self, start: int, end: int) -> TracedText:
        """Characters `start` to `end` of this text (not of the source)."""
        stop = self.origin[end] if end < len(self.text) else self.end
        return TracedText(self.text[start:end], self.origin[start:end], stop)

    def span(self, start: int, end: int) -> Span:
        """The source span of characters `start` to `end` of this text."""
        first = self.origin[start] if start < len(self.text) else self.end
        if end <= start:
            return Span(first, first)
        last = self.origin[end] if end < len(self.text) else self.end
        # characters of one macro call share their origin: reach to where the next origin differs
        k = end
        while last <= self.origin[end - 1] and k < len(self.text):
            k += 1
            last = self.origin[k] if k < len(self.text) else self.end
        return Span(first, max(first, last))
