"""Edits of a source, and applying them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from derive.source import Span


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """Put `text` in place of the characters of `span`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Changes that might be the repair, and a word for what they do. `cost` orders candidates: smaller and likelier
    edits first. `adds` says whether names may come in with them that the expression has not; `loses_index`, whether
    what is replaced is a name without its index."""

    changes: tuple[Change, ...]
    what: str
    cost: int
    adds: bool = False
    loses_index: bool = False


def apply_changes(text: str, changes: Sequence[Change]) -> str:
    """The text with the changes made. Raises ValueError where two changes overlap."""
    ordered = sorted(changes, reverse=True)
    for later, earlier in itertools.pairwise(ordered):
        if earlier.span.end > later.span.start:
            raise ValueError("changes overlap")
    for change in ordered:
        text = text[: change.span.start] + change.text + text[change.span.end :]
    return text
