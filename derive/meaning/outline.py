"""A document with its formulas parsed: what the context and the steps are taken from."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.documents.document import Document, Formula, Heading, Part, Prose
from derive.notation import read_passage
from derive.notation.tree import Chain, Passage, Remark


@dataclass(frozen=True, slots=True)
class Parsed:
    """A formula of the document with its tree. `position` is its place among the parts of the document."""

    position: int
    formula: Formula
    passage: Passage

    def chains(self) -> Iterator[Chain]:
        return (item for item in self.passage.items if isinstance(item, Chain))

    def remarks(self) -> Iterator[Remark]:
        return (item for item in self.passage.items if isinstance(item, Remark))


@dataclass(frozen=True, slots=True)
class Listed:
    """Inline formulas in one list, with the prose before the first and behind the last."""

    members: tuple[Parsed, ...]
    before: str
    after: str


_JOINS = re.compile(r"\s*(,|、|，|,?\s*(and|or|&)|和|与|及|以及)\s*")


@dataclass(frozen=True)
class Outline:
    """The parts of a document in order, with a `Parsed` in place of each formula."""

    document: Document
    parts: tuple[Part | Parsed, ...]

    def formulas(self) -> Iterator[Parsed]:
        return (part for part in self.parts if isinstance(part, Parsed))

    def heading_at(self, position: int) -> str:
        """The text of the last heading before a position, or an empty string."""
        for part in reversed(self.parts[:position]):
            if isinstance(part, Heading):
                return part.text
        return ""

    def section_of(self, position: int) -> int:
        """The position of the last heading of level 1 or 2 (or of any level, where there is none) before a place."""
        return max((k for k, part in enumerate(self.parts[:position]) if isinstance(part, Heading)), default=-1)

    def chapters(self) -> list[tuple[int, int]]:
        """The document in chapters, as ranges of parts: parted by the headings of the highest level that there are two
        or more of. Names mean one thing within a chapter."""
        levels = [part.level for part in self.parts if isinstance(part, Heading)]
        level = min((one for one in set(levels) if levels.count(one) > 1), default=0)
        starts = [k for k, part in enumerate(self.parts) if isinstance(part, Heading) and part.level <= level]
        edges = [0, *(k for k in starts if k), len(self.parts)]
        return [(a, b) for a, b in itertools.pairwise(edges) if a < b]

    def lead(self, position: int) -> tuple[int, int]:
        """The range of parts (prose and inline formulas) that lead up to a place: back to the last displayed formula or
        heading, exclusive."""
        start = position
        while start > 0:
            part = self.parts[start - 1]
            if isinstance(part, Heading) or (isinstance(part, Parsed) and part.formula.display):
                break
            start -= 1
        return start, position

    def prose_before(self, position: int) -> str:
        """The prose directly before a formula, back to the last formula or heading."""
        texts = []
        for part in reversed(self.parts[:position]):
            if not isinstance(part, Prose):
                break
            texts.append(part.text)
        return " ".join(reversed(texts))

    def listed(self, position: int) -> Listed:
        """The inline formulas that stand in one list with the one at a position: `$A$, $B$ and $C$`."""
        start = end = position
        while (before := self._joined_to(start, -1)) is not None:
            start = before
        while (after := self._joined_to(end, 1)) is not None:
            end = after
        members = tuple(p for p in self.parts[start : end + 1] if isinstance(p, Parsed))
        return Listed(members, self.prose_before(start), self.prose_between(end + 1, end + 4))

    def _joined_to(self, position: int, way: int) -> int | None:
        """The inline formula beside one, where nothing but a comma or an "and" stands between them."""
        between, other = position + way, position + 2 * way
        if not (0 <= other < len(self.parts)):
            return None
        part, formula = self.parts[between], self.parts[other]
        if not isinstance(part, Prose) or not isinstance(formula, Parsed) or formula.formula.display:
            return None
        return other if _JOINS.fullmatch(part.text) else None

    def sections(self) -> list[tuple[int, int]]:
        """The document in sections, as ranges of parts: parted by every heading."""
        starts = [k for k, part in enumerate(self.parts) if isinstance(part, Heading) and k]
        return list(itertools.pairwise([0, *starts, len(self.parts)]))

    def prose_between(self, start: int, end: int) -> str:
        """The prose of a range of parts, with inline formulas as they are written; displayed ones are left out."""
        pieces = []
        for part in self.parts[start:end]:
            if isinstance(part, Prose):
                pieces.append(part.text)
            elif isinstance(part, Parsed) and not part.formula.display:
                pieces.append(part.formula.text.text)
        return " ".join(pieces)


def parse(document: Document) -> Outline:
    """Parse every formula of a document."""
    parts: list[Part | Parsed] = []
    for position, part in enumerate(document.parts):
        if isinstance(part, Formula):
            parts.append(Parsed(position, part, read_passage(part.text, document.macros)))
        else:
            parts.append(part)
    return Outline(document, tuple(parts))
