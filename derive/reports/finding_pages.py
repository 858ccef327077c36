"""The page of a finding code in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from derive.findings.codes import Code
from derive.findings.page import Example, Page, silences
from derive.reports.console import render, width_of
from derive.reports.rule_pages import readable
from derive.reports.settings import Settings
from derive.reports.wrapping import clean, wrap

INDENT = 2


def write_finding(code: Code, page: Page, settings: Settings) -> str:
    """What a finding code means: its sentence and its page. Documents stand as they are written."""
    title = Text().append(f"{code.code} {code.name}", "bold underline").append(f"  finding, {code.severity}", "dim")
    sentence = f"{code.meaning[:1].upper()}{code.meaning[1:]}."
    lines = [title, *_rows((sentence, *page.what), settings)]
    lines += [Text(), _head("why it matters"), *_rows(page.why, settings)]
    for head, example in (("shows it", page.shows), ("does not", page.does_not)):
        if example is not None:
            lines += [Text(), _head(head), *_document(example)]
    if page.unshown:
        lines += [Text(), _head("shows it"), *_rows(page.unshown, settings)]
    lines += [Text(), _head("what to do"), *_rows((*page.remedy, f"It is {silences(code.code)}."), settings)]
    lines += [Text(), _head("false alarms"), *_rows(page.alarms, settings)]
    return render(lines, settings)


def _head(words: str) -> Text:
    return Text(" " * INDENT + words, "dim")


def _rows(paragraphs: tuple[str, ...], settings: Settings) -> Iterator[Text]:
    for paragraph in paragraphs:
        for row in wrap(readable(paragraph), width_of(settings) - 2 * INDENT, 0):
            yield Text(" " * 2 * INDENT + row)


def _document(example: Example) -> Iterator[Text]:
    for row in example.text.rstrip("\n").split("\n"):
        yield Text(f"{' ' * 2 * INDENT}│ {clean(row)}".rstrip(), "cyan")
    if example.others:
        yield Text(f"{' ' * 2 * INDENT}(comes with {', '.join(example.others)})", "dim")
