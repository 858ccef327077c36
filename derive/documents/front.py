"""Directives in the front matter of a Markdown file: the key `derive`, one line or a list or a block of lines.

---
title: A note
derive:
  - x > 0
  - A is symmetric
---
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.source import TracedText

_KEY = re.compile(r"^derive:[ \t]*", re.M)
_LINE = re.compile(r"[^\n]*")
_BLOCK = re.compile(r"\n((?:[ \t]+[^\n]*|[ \t]*-[ \t][^\n]*|[ \t]*)(?:\n|\Z))")
_QUOTED = re.compile(r"(?:-[ \t]+)?([\"'])(.*)\1[ \t\r]*")


def front_directives(text: TracedText, end: int) -> Iterator[tuple[int, int, TracedText]]:
    """Each line of the key's value in the front matter that ends at `end`: where it stands, and its text."""
    key = _KEY.search(text.text, 0, end)
    if key is None:
        return
    first = _LINE.match(text.text, key.end(), end)
    assert first is not None
    if first[0].strip() not in ("", "|", ">", "|-", ">-"):
        yield from _value(text, first.start(), first.end())
    at = first.end()
    while at < end and (line := _BLOCK.match(text.text, at, end)) and not line[1].startswith("---"):
        yield from _value(text, line.start(1), line.start(1) + len(line[1].rstrip("\n")))
        at = line.end() - 1 if line[1].endswith("\n") else end


def _value(text: TracedText, start: int, end: int) -> Iterator[tuple[int, int, TracedText]]:
    """A line without its list sign and quotes."""
    while start < end and text.text[start] in " \t":
        start += 1
    quoted = _QUOTED.fullmatch(text.text, start, end)
    if quoted:
        start, end = quoted.span(2)
    elif text.text.startswith("- ", start):
        start += 2
    if text.text[start:end].strip():
        yield start, end, text.slice(start, end)
