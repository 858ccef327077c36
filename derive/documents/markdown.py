"""Reader of Markdown: blocks from markdown-it, mathematics from our own scan, exact places for both.

Mathematics wins over markup: formulas are found first and hidden behind letters of the same length, so that a `=`, `-`,
`|` or an empty line inside a formula is no heading, list, table or end of a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.documents.blocks import Block, find_blocks, find_hidden, mask_text
from derive.documents.delimiters import Found, Hidden, Scan, Scanner
from derive.documents.document import Directive, Document, Formula, Heading, Macro, Part, Prose, Trouble
from derive.documents.environments import Mismatch, is_display, match_environments
from derive.documents.escapes import Dialect
from derive.documents.front import front_directives
from derive.documents.macros import Definitions, collect_macros
from derive.documents.prose import clean_heading, clean_markdown
from derive.documents.tracing import Edit, edit_text, freeze_text
from derive.source import Source, TracedText

_DIRECTIVE = re.compile(r"<!--\s*derive:")
_PREFIX = re.compile(r"(?:[ \t]|[-*+][ \t]|[0-9]{1,9}[.)][ \t])*((?:>[ \t]*)*)")
_DELIMITERS = {"\\\\[": "\\[", "\\\\(": "\\("}
_LIQUID = re.compile(r"\{%-?[ \t]*(?:end)?raw[ \t]*-?%\}")


@dataclass(frozen=True)
class Reading:
    """The parts, macros and troubles of one Markdown text."""

    parts: tuple[Part, ...]
    macros: tuple[Macro, ...]
    troubles: tuple[Trouble, ...]


def read_markdown(source: Source) -> Document:
    """The document in a Markdown file."""
    reading = read_text(TracedText.of(source))
    return Document(source, reading.parts, reading.macros, reading.troubles)


def read_text(traced: TracedText, cell: int | None = None, paragraph: int = 0) -> Reading:
    """Read Markdown from text taken from anywhere. Paragraphs are numbered from `paragraph`."""
    text = traced.text.replace("\r\n", " \n").replace("\r", "\n")
    hidden, fences = find_hidden(text)
    definitions = collect_macros(_blank(text, hidden))
    opaque = _merge(hidden, definitions)
    environments = match_environments(_blank(text, [*hidden, *_comments(text)]), definitions.aliases)
    scan = Scanner(text, environments, opaque, markdown=True, names=definitions.environments).run()
    found = sorted([*scan.found, *fences], key=lambda f: f.start)
    masked = mask_text(text, found, [*opaque, *scan.hidden])
    return _Assembly(traced, masked, found, scan, definitions, hidden, cell).read(
        [
            m
            for m in environments.mismatches
            if is_display(m.name, definitions.environments) and not any(h.start <= m.start < h.end for h in opaque)
        ],
        paragraph,
    )


class _Assembly:
    """Puts formulas, blocks and comments of one text in order."""

    def __init__(
        self,
        traced: TracedText,
        masked: str,
        found: list[Found],
        scan: Scan,
        definitions: Definitions,
        hidden: list[Hidden],
        cell: int | None,
    ) -> None:
        self.traced, self.masked, self.found, self.cell = traced, masked, found, cell
        self.scan, self.definitions = scan, definitions
        self.front = next((h.end for h in hidden if h.kind == "front matter"), 0)
        self.dialect = Dialect(traced.text[f.inside : f.inside_end] for f in found)

    def read(self, mismatches: list[Mismatch], paragraph: int) -> Reading:
        """The parts in order, with their paragraphs numbered from `paragraph`."""
        pieces: list[tuple[int, int, Part]] = []
        k = 0
        for block in find_blocks(self.masked):
            while k < len(self.found) and self.found[k].end <= block.start:
                pieces += self._formula(self.found[k], self.found[k].start)
                k += 1
            inside: list[Found] = []
            while k < len(self.found) and self.found[k].start < block.end:
                inside.append(self.found[k])
                k += 1
            if block.level and not (block.underlined and any(f.display for f in inside)):
                pieces.append((block.start, block.start, self._heading(block)))
                inside = [f for f in inside if f.display]
            else:
                pieces += self._prose(block, inside)
            for formula in inside:
                pieces += self._formula(formula, block.start)
        for formula in self.found[k:]:
            pieces += self._formula(formula, formula.start)
        pieces += self._directives()
        numbers = {key: n for n, key in enumerate(sorted({piece[0] for piece in pieces}), paragraph)}
        pieces.sort(key=lambda piece: (piece[1], piece[0]))
        parts = tuple(replace(part, paragraph=numbers[key]) for key, _, part in pieces)
        troubles = [Trouble(self.traced.span(a, b), message) for a, b, message in self.scan.wrong]
        troubles += [Trouble(self.traced.span(m.start, m.end), m.message) for m in mismatches]
        return Reading(parts, self.definitions.macros, tuple(sorted(troubles, key=lambda t: t.span)))

    def _heading(self, block: Block) -> Heading:
        text = "\n".join(self.traced.text[a:b] for a, b in block.lines)
        return Heading(self.traced.span(block.start, block.end), 0, block.level, clean_heading(text))

    def _prose(self, block: Block, inside: list[Found]) -> Iterator[tuple[int, int, Part]]:
        """The runs of prose of a block, between its formulas."""
        pieces: list[str] = []
        first = last = block.start
        k = 0
        for start, end in [*block.lines, (block.end, block.end)]:
            at = start
            while k < len(inside) and inside[k].start <= end:
                self._piece(pieces, at, inside[k].start)
                last = max(last, inside[k].start)
                yield from self._run(block, pieces, first, last)
                pieces, at = [], inside[k].end
                first = last = at
                k += 1
            self._piece(pieces, at, end)
            last = max(last, end)
        yield from self._run(block, pieces, first, last)

    def _piece(self, pieces: list[str], start: int, end: int) -> None:
        if start < end:
            pieces.append(self.masked[start:end])

    def _run(self, block: Block, pieces: list[str], first: int, last: int) -> Iterator[tuple[int, int, Part]]:
        text = clean_markdown("\n".join(pieces))
        if text:
            while first < last and self.masked[first].isspace():
                first += 1
            yield block.start, first, Prose(self.traced.span(first, max(first, last)), 0, text)

    def _formula(self, found: Found, key: int) -> Iterator[tuple[int, int, Part]]:
        """The formula as TeX is given it: without quote signs, definitions and the dialect's escapes."""
        start, end = found.inside, found.inside_end
        raw = self.traced.text[start:end]
        edits: list[Edit] = [
            (max(a, start) - start, min(b, end) - start, " ") for a, b in self.definitions.within(start, end)
        ]
        if found.display and "\n" in raw:
            edits += self._quote_signs(found, raw)
        if "{%" in raw:
            edits += [(m.start(), m.end(), " ") for m in _LIQUID.finditer(raw)]
        edits += self.dialect.unescape(raw)
        inside = freeze_text(edit_text(self.traced.slice(start, end), edits))
        if inside.text.strip():
            span = self.traced.span(found.start, found.end)
            name = found.environment.replace("\\*", "*")
            yield key, found.start, Formula(span, 0, inside, found.display, _DELIMITERS.get(name, name), self.cell)

    def _quote_signs(self, found: Found, raw: str) -> Iterator[Edit]:
        start = found.start
        line = self.traced.text.rfind("\n", 0, start) + 1
        prefix = _PREFIX.match(self.traced.text, line, start)
        depth = prefix[1].count(">") if prefix else 0
        if depth:
            # the inside of a fence starts with a line, that of other delimiters within one
            first = "|\\A" if self.traced.text[found.inside - 1] == "\n" else ""
            sign = re.compile(rf"(?:\n{first})((?:[ \t]*>){{1,{depth}}})")
            for match in sign.finditer(raw):
                yield match.start(1), match.end(1), ""

    def _directives(self) -> Iterator[tuple[int, int, Part]]:
        for start, end, text in front_directives(self.traced, self.front):
            yield start, start, Directive(self.traced.span(start, end), 0, freeze_text(text), True)
        for hidden in self.scan.hidden:
            opener = _DIRECTIVE.match(self.traced.text, hidden.start, hidden.end) if hidden.kind == "comment" else None
            if opener:
                text = freeze_text(self.traced.slice(opener.end(), hidden.end - 3))
                yield hidden.start, hidden.start, Directive(self.traced.span(hidden.start, hidden.end), 0, text)


def _blank(text: str, hidden: list[Hidden]) -> str:
    """The text with blanks for what is hidden, whatever it is."""
    pieces: list[str] = []
    at = 0
    for part in sorted(hidden, key=lambda h: h.start):
        if part.start >= at:
            pieces += (text[at : part.start], " " * (part.end - part.start))
            at = part.end
    return "".join(pieces) + text[at:]


def _comments(text: str) -> Iterator[Hidden]:
    at = text.find("<!--")
    while at >= 0 and (end := text.find("-->", at)) >= 0:
        yield Hidden(at, end + 3, "comment")
        at = text.find("<!--", end + 3)


def _merge(hidden: list[Hidden], definitions: Definitions) -> list[Hidden]:
    return sorted([*hidden, *(Hidden(a, b, "definition") for a, b in definitions.places)], key=lambda h: h.start)
