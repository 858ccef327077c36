"""Reader of reStructuredText: `.. math::` directives, `:math:` roles, headings and paragraphs."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from derive.documents.document import Directive, Document, Formula, Heading, Part, Prose, Trouble
from derive.documents.environments import Environments, is_display, match_environments, unwrap
from derive.documents.macros import Definitions, collect_macros
from derive.documents.tracing import edit_text, freeze_text
from derive.source import Source, TracedText

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_DIRECTIVE = re.compile(r"([ \t]*)\.\.[ \t]+(?:([A-Za-z][\w:-]*?)[ \t]?::|(?P<own>derive:)|)(?=\s|\Z)?")
_OPTION = re.compile(r"[ \t]*:[A-Za-z][\w -]*:(?:\s|\Z)")
_UNDERLINE = re.compile(r"([=\-`:.'\"~^_*+#])\1{1,}[ \t\r]*\n?\Z")
_INLINE = re.compile(r"``[^`\n]++``|:math:`((?:[^`\\]|\\.)++)`|(?<![:\w])`((?:[^`\\]|\\.)++)`:math:", re.S)
_MARKUP = re.compile(
    r"``(?P<code>[^`\n]*)``|:[a-z:]+:`(?P<role>[^`<>]*)(?:<[^<>`]*>)?`|`(?P<link>[^`<>]*)(?:<[^<>`]*>)?`_{0,2}|\*{1,2}|\|(?P<name>\w+)\|"
)
_TRANSPARENT = frozenset(
    [
        "note",
        "tip",
        "warning",
        "hint",
        "important",
        "admonition",
        "theorem",
        "proof",
        "lemma",
        "definition",
        "example",
        "exercise",
    ]
)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" \t"))

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def read_rst(source: Source) -> Document:
    """The document in a reStructuredText file."""
    reader = _Reader(source)
    parts = tuple(sorted(reader.run(), key=lambda part: part.span))
    troubles = [
        Trouble(reader.traced.span(m.start, m.end), m.message)
        for m in reader.environments.mismatches
        if is_display(m.name)
    ]
    return Document(source, parts, reader.definitions.macros, tuple(troubles))


class _Reader:
    def __init__(self, source: Source) -> None:
        self.traced = TracedText.of(source)
        self.lines = [_Line(m.start(), m.end(), m[0]) for m in _LINE.finditer(source.text)]
        self.definitions: Definitions = collect_macros(source.text)
        self.environments: Environments = match_environments(source.text)
        self.paragraph = 0
        self.styles: list[tuple[str, bool]] = []

    def run(self) -> Iterator[Part]:
        """All parts, block by block."""
        k, lines = 0, self.lines
        while k < len(lines):
            line = lines[k]
            if line.blank:
                k += 1
                self.paragraph += 1
                continue
            heading = self._heading(k)
            if heading:
                yield heading[0]
                k = heading[1]
                continue
            directive = _DIRECTIVE.match(line.text) if line.text.lstrip().startswith("..") else None
            if directive:
                k = yield from self._directive(k, directive)
                continue
            end = k
            while (
                end < len(lines)
                and not lines[end].blank
                and not (end > k and lines[end].text.lstrip().startswith(".. "))
            ):
                end += 1
            yield from self._prose(line.start, lines[end - 1].end)
            if lines[end - 1].text.rstrip().endswith("::"):
                end = self._skip_block(end, line.indent)
            k = end

    def _heading(self, k: int) -> tuple[Heading, int] | None:
        lines = self.lines
        over = _UNDERLINE.match(lines[k].text)
        at = k + 1 if over else k
        if at + 1 >= len(lines) or lines[at].blank or (not over and lines[at].indent):
            return None
        under = _UNDERLINE.match(lines[at + 1].text)
        title = lines[at].text.strip()
        if not under or (over and over[1] != under[1]) or _UNDERLINE.match(lines[at].text):
            return None
        if len(lines[at + 1].text.strip()) < min(len(title), 4):
            return None
        style = (under[1], over is not None)
        if style not in self.styles:
            self.styles.append(style)
        self.paragraph += 2
        span = self.traced.span(lines[at].start, lines[at].start + len(lines[at].text.rstrip()))
        heading = Heading(span, self.paragraph - 1, self.styles.index(style) + 1, _clean(title))
        return heading, at + 2

    def _skip_block(self, k: int, indent: int) -> int:
        """The line after a block of lines that are blank or indented deeper."""
        last = k
        while k < len(self.lines) and (self.lines[k].blank or self.lines[k].indent > indent):
            k += 1
            if not self.lines[k - 1].blank:
                last = k
        return last

    def _directive(self, k: int, match: re.Match[str]) -> Generator[Part, None, int]:
        line, end = self.lines[k], self._skip_block(k + 1, len(match[1]))
        stop = self.lines[end - 1].end
        if match["own"]:
            text = freeze_text(self.traced.slice(line.start + match.end(), stop))
            yield Directive(self.traced.span(line.start, stop), self.paragraph, text)
            return end
        if match[2] == "math":
            yield from self._math(k, line.start + match.end(), end)
            return end
        if match[2] and match[2].rsplit(":", 1)[-1] in _TRANSPARENT:
            return k + 1
        return end

    def _math(self, k: int, argument: int, end: int) -> Iterator[Part]:
        """The formulas of a directive: blank lines part them, unless they stand inside an environment."""
        chunks: list[tuple[int, int]] = []
        first = k + 1
        while first < end and _OPTION.match(self.lines[first].text):
            first += 1
        pieces = [(argument, self.lines[k].end), *((line.start, line.end) for line in self.lines[first:end])]
        fresh = True
        depth = 0
        for start, stop in pieces:
            text = self.traced.text[start:stop]
            if not text.strip():
                fresh = fresh or depth <= 0
                continue
            if fresh and depth <= 0:
                chunks.append((start, stop))
            else:
                chunks[-1] = (chunks[-1][0], stop)
            depth += text.count("\\begin{") - text.count("\\end{")
            fresh = False
        for start, rough in chunks:
            stop = start + len(self.traced.text[start:rough].rstrip())
            name, inside, inside_end = unwrap(self.traced.text, "math", start, stop, self.environments)
            yield from self._formula(start, stop, inside, inside_end, name, True)

    def _formula(self, start: int, end: int, inside: int, inside_end: int, name: str, display: bool) -> Iterator[Part]:
        edits = [
            (max(a, inside) - inside, min(b, inside_end) - inside, " ")
            for a, b in self.definitions.within(inside, inside_end)
        ]
        text = freeze_text(edit_text(self.traced.slice(inside, inside_end), edits))
        if text.text.strip():
            yield Formula(self.traced.span(start, end), self.paragraph, text, display, name)

    def _prose(self, start: int, end: int) -> Iterator[Part]:
        text, at = self.traced.text, start
        for match in _INLINE.finditer(text, start, end):
            group = 1 if match[1] is not None else 2
            if match[group] is None:
                continue
            yield from self._run(at, match.start())
            yield from self._formula(match.start(), match.end(), match.start(group), match.end(group), "$", False)
            at = match.end()
        yield from self._run(at, end)

    def _run(self, start: int, end: int) -> Iterator[Part]:
        raw = self.traced.text[start:end]
        clean = _clean(raw)
        if clean:
            start += len(raw) - len(raw.lstrip())
            yield Prose(self.traced.span(start, start + len(raw.strip())), self.paragraph, clean)


def _clean(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        return (match["code"] or match["role"] or match["link"] or match["name"] or "").strip()

    lines = (" ".join(line.split()) for line in _MARKUP.sub(plain, text).split("\n"))
    return "\n".join(line for line in lines if line)
