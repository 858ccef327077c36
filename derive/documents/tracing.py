"""Editing traced text: every kept character keeps its origin, every replaced one points at what it replaced."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise

from derive.source import TracedText

Edit = tuple[int, int, str]
"""Characters `start` to `end` of a text, and what stands in their place."""


def edit_text(text: TracedText, edits: Iterable[Edit]) -> TracedText:
    """The text with the edits carried out. Edits that overlap an earlier one are left out.

    The first character of a replacement comes from the start of what it replaces, the following ones from its end:
    `\\_` written as `_` covers both characters, and no neighbour's span grows over them.
    """
    pieces: list[str] = []
    origin = array("q")
    at = 0
    for start, end, new in sorted(edits):
        if start < at:
            continue
        pieces += (text.text[at:start], new)
        origin.extend(text.origin[at:start])
        last = max(start, end - 1)
        for k in range(len(new)):
            place = start if k == 0 else min(last, max(start, end - len(new) + k))
            origin.append(text.origin[place] if place < len(text) else text.end)
        at = end
    if not pieces:
        return text
    pieces.append(text.text[at:])
    origin.extend(text.origin[at:])
    return TracedText("".join(pieces), origin, text.end)


def join_texts(texts: Sequence[TracedText]) -> TracedText:
    """Several texts one after the other."""
    if len(texts) == 1:
        return texts[0]
    origin = array("q")
    for text in texts:
        origin.extend(text.origin)
    return TracedText("".join(t.text for t in texts), origin, texts[-1].end if texts else 0)


def freeze_text(text: TracedText) -> TracedText:
    """The same text with an origin that can be hashed: a range where it is one, else a tuple."""
    origin = text.origin
    if isinstance(origin, range | tuple):
        return text
    if origin and origin[-1] - origin[0] == len(origin) - 1 and all(b - a == 1 for a, b in pairwise(origin)):
        return TracedText(text.text, range(origin[0], origin[-1] + 1), text.end)
    return TracedText(text.text, tuple(origin), text.end)
