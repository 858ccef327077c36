"""Reader of LaTeX files: headings, prose and formulas of the body, macros from anywhere in the file."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace

from derive.documents.delimiters import Found, Hidden, Scanner
from derive.documents.document import Directive, Document, Formula, Heading, Macro, Part, Prose, Trouble
from derive.documents.environments import VERBATIM, is_display, match_environments
from derive.documents.macros import Definitions, collect_macros, read_group
from derive.documents.prose import clean_latex, clean_title
from derive.documents.tracing import Edit, edit_text, freeze_text
from derive.source import Source, TracedText

Load = Callable[[str], Source | None]
"""Gives the file that an `\\input` names, or None when it may not or cannot be read."""

_LEVELS = {
    "part": 1,
    "chapter": 1,
    "section": 2,
    "subsection": 3,
    "subsubsection": 4,
    "frametitle": 4,
    "paragraph": 5,
    "subparagraph": 6,
}
_HIDDEN = re.compile(
    r"%|\\verb\*?([^A-Za-z\s*])|\\begin[ \t]*\{([A-Za-z]+)\*?\}|\\iffalse(?![A-Za-z])|\\[A-Za-z]+|\\.", re.S
)
_DIRECTIVE = re.compile(r"%+[ \t]*derive:")
_HEADING = re.compile(
    r"\\(part|chapter|section|subsection|subsubsection|paragraph|subparagraph|frametitle)\*?(?=\s*[\[{])"
    r"|\\begin\{(frame)\}(?:<[^<>]*>)?(?:\[[^\[\]]*\])?(?=\s*\{)"
)
_INPUT = re.compile(
    r"\\(?:input|include|subfile|usepackage|RequirePackage)[ \t]*(?:\[[^\[\]]*\])?[ \t]*\{([^{}\n]{1,200})\}"
)
_BREAK = re.compile(
    r"\n[ \t\r]*(?=\n)|\\par(?![A-Za-z])|\\item(?![A-Za-z])"
    r"|\\(?:begin|end)[ \t]*\{(?:document|frame|proof|theorem|lemma|solution|enumerate|itemize)\}"
)
_MOST_FILES = 50


def read_latex(source: Source, load: Load | None = None) -> Document:
    """The document in a LaTeX file. Of the files it inputs, only the macros are taken, through `load`."""
    traced, directives = _drop_comments(TracedText.of(source))
    text = traced.text
    definitions = collect_macros(text)
    macros = [*_load_macros(text, load), *definitions.macros]
    begin, end = _find_body(text)
    hidden = [Hidden(0, begin, "preamble")] if begin else []
    hidden += [Hidden(a, b, "definition") for a, b in definitions.places if a >= begin]
    blanked = _blank(text, definitions) if definitions.places else text
    environments = match_environments(blanked, definitions.aliases)
    names = definitions.environments
    scan = Scanner(text[:end], environments, hidden, markdown=False, names=names).run()
    troubles = [Trouble(traced.span(a, b), message) for a, b, message in scan.wrong]
    troubles += [
        Trouble(traced.span(m.start, m.end), m.message)
        for m in environments.mismatches
        if begin <= m.start < end and is_display(m.name, names)
    ]
    parts = _assemble(traced, scan.found, definitions, begin, end)
    body = traced.span(begin, begin).start
    directives = [replace(directive, whole=directive.span.start < body) for directive in directives]
    return Document(
        source, _place_directives(parts, directives), tuple(macros), tuple(sorted(troubles, key=lambda t: t.span))
    )


def _drop_comments(traced: TracedText) -> tuple[TracedText, list[Directive]]:
    """The text without comments and verbatim material, and the directives that stood in comments."""
    text, edits, directives = traced.text, [], []
    position = 0
    endings: dict[str, int] = {}

    def find(sign: str, start: int) -> int:
        if endings.get(sign, 0) >= 0 and endings.get(sign, 0) < start:
            endings[sign] = text.find(sign, start)
        return endings.get(sign, -1)

    while match := _HIDDEN.search(text, position):
        at, position = match.start(), match.end()
        if match[0] == "%":
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            stop = end - 1 if text[end - 1 : end] == "\r" else end
            opener = _DIRECTIVE.match(text, at, stop)
            if opener:
                directives.append(Directive(traced.span(at, stop), 0, traced.slice(opener.end(), stop)))
            line = text.rfind("\n", 0, at) + 1
            alone = not text[max(line, at - 500) : at].strip() and at - line < 500
            # a line that is only a comment does not end a paragraph
            edits.append((line, min(end + 1, len(text)), "") if alone else (at, stop, " "))
            position = end
        elif match[1]:
            end = text.find(match[1], position, position + 1000)
            if end >= 0 and "\n" not in text[at:end]:
                edits.append((at, end + 1, " "))
                position = end + 1
        elif match[2] in VERBATIM or match[0] == "\\iffalse":
            sign = "\\fi" if match[2] is None else f"\\end{{{match[2]}"
            end = find(sign, position)
            if end >= 0:
                close = text.find("}", end) if match[2] else end + 2
                position = close + 1 if close >= 0 else len(text)
                edits.append((at, position, " "))
    return edit_text(traced, edits), directives


def _load_macros(text: str, load: Load | None) -> Iterator[Macro]:
    """The macros of the files that are input, and of those that these input, each file once."""
    if load is None:
        return
    seen: set[str] = set()
    waiting = [_INPUT.findall(text)]
    while waiting and len(seen) < _MOST_FILES:
        names = [part.strip() for group in waiting.pop(0) for part in group.split(",")]
        for name in names:
            if name in seen or len(seen) >= _MOST_FILES:
                continue
            seen.add(name)
            source = load(name)
            if source is not None:
                inner = _drop_comments(TracedText.of(source))[0].text
                yield from collect_macros(inner).macros
                waiting.append(_INPUT.findall(inner))


def _find_body(text: str) -> tuple[int, int]:
    begin = text.find("\\begin{document}")
    if begin < 0:
        return 0, len(text)
    begin += len("\\begin{document}")
    end = text.find("\\end{document}", begin)
    return begin, len(text) if end < 0 else end


def _blank(text: str, definitions: Definitions) -> str:
    pieces: list[str] = []
    at = 0
    for start, end in definitions.places:
        pieces += (text[at:start], " " * (end - start))
        at = end
    return "".join(pieces) + text[at:]


def _assemble(traced: TracedText, found: list[Found], definitions: Definitions, begin: int, end: int) -> list[Part]:
    """Formulas, headings and prose of the body in order, with their paragraphs."""
    text = traced.text
    starts = [f.start for f in found]

    def free(place: int) -> bool:
        k = bisect_left(starts, place + 1) - 1
        return (k < 0 or found[k].end <= place) and not definitions.within(place, place + 1)

    events: list[tuple[int, int, Found | Heading | None]] = [(f.start, f.end, f) for f in found]
    events += [(m.start(), m.end(), None) for m in _BREAK.finditer(text, begin, end) if free(m.start())]
    failures = 0
    for match in _HEADING.finditer(text, begin, end):
        title = read_group(text, read_option(text, match.end()), "{", "}", 2_000)
        if title is None:
            failures += 1
            if failures > 200:
                break
        elif free(match.start()):
            level = _LEVELS[match[1]] if match[1] else 4
            span = traced.span(match.start(), title[1] + 1)
            events.append(
                (match.start(), title[1] + 1, Heading(span, 0, level, clean_title(text[title[0] : title[1]])))
            )
    parts: list[Part] = []
    paragraph, at = 0, begin
    for start, stop, event in sorted(events, key=lambda e: (e[0], -e[1])):
        if start < at:
            continue
        parts += _prose(traced, definitions, at, start, paragraph)
        at = stop
        if isinstance(event, Found):
            parts += _formula(traced, event, definitions, paragraph)
        else:
            paragraph += 1
            if event is not None:
                parts.append(replace(event, paragraph=paragraph))
                paragraph += 1
    parts += _prose(traced, definitions, at, end, paragraph)
    return parts


def read_option(text: str, at: int) -> int:
    """The place after an optional argument, if one stands here."""
    option = read_group(text, at, "[", "]")
    return option[1] + 1 if option else at


def _prose(traced: TracedText, definitions: Definitions, start: int, end: int, paragraph: int) -> Iterator[Part]:
    text = traced.text
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    pieces, at = [], start
    for a, b in definitions.within(start, end):
        pieces.append(text[at:a])
        at = max(at, b)
    pieces.append(text[at:end])
    clean = clean_latex(" ".join(pieces))
    if clean:
        yield Prose(traced.span(start, end), paragraph, clean)


def _formula(traced: TracedText, found: Found, definitions: Definitions, paragraph: int) -> Iterator[Part]:
    start, end = found.inside, found.inside_end
    edits: list[Edit] = [(max(a, start) - start, min(b, end) - start, " ") for a, b in definitions.within(start, end)]
    inside = freeze_text(edit_text(traced.slice(start, end), edits))
    if inside.text.strip():
        yield Formula(traced.span(found.start, found.end), paragraph, inside, found.display, found.environment)


def _place_directives(parts: list[Part], directives: list[Directive]) -> tuple[Part, ...]:
    """All parts in order; a directive belongs to the paragraph of the part before it."""
    placed = sorted([*parts, *directives], key=lambda part: part.span)
    paragraph = 0
    for k, part in enumerate(placed):
        if isinstance(part, Directive):
            placed[k] = replace(part, paragraph=paragraph)
        paragraph = placed[k].paragraph
    return tuple(placed)
