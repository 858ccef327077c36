"""The rule book in the terminal: the list of its rules, the page of one of them, and how rules did on trial."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.text import Text

from derive.proving.rulebook import REJECTED, Entry
from derive.reports.console import render, width_of
from derive.reports.formulas import unicode_formula
from derive.reports.order import count
from derive.reports.settings import Settings
from derive.reports.wrapping import clean, wrap
from derive.results import PageResult

INDENT = 2
ITEMS = (("where", "where"), ("assumes", "assumes"), ("holds", "holds"), ("fails", "fails"))


def write_book(topics: Mapping[str, Sequence[Entry]], procedures: Mapping[str, str], settings: Settings) -> str:
    """The list of rules: by topic, each with its sentence and its statement; then the procedures."""
    lines: list[Text] = []
    for topic, entries in topics.items():
        lines.append(Text(clean(topic), "bold underline"))
        for entry in entries:
            lines += _rows(entry.name, INDENT, settings, "bold")
            lines += _rows(readable(entry.sentence), 3 * INDENT, settings, "dim")
            lines += _rows(unicode_formula(entry.statement), 3 * INDENT, settings)
        lines.append(Text())
    lines.append(Text("procedures", "bold underline"))
    for name, sentence in procedures.items():
        lines += _rows(name, INDENT, settings, "bold")
        lines += _rows(sentence, 3 * INDENT, settings, "dim")
    number = sum(len(entries) for entries in topics.values())
    lines += [Text(), Text(f"{count(number, 'rule')}, {count(len(procedures), 'procedure')}", "bold")]
    return render(lines, settings)


def write_entry(entry: Entry, where: str, settings: Settings) -> str:
    """The page of a rule or of a rejected falsehood, with the place `where` it stands."""
    kind, style = ("rejected: this is false", "red") if entry.rejected else (entry.topic, "dim")
    title = Text().append(entry.name, "bold underline").append(f"  {kind}", style)
    lines = [title, *_rows(readable(entry.sentence), INDENT, settings), Text()]
    lines += [*_rows(unicode_formula(entry.statement), 3 * INDENT, settings, "bold"), Text()]
    items = [(word, item) for field, word in ITEMS for item in getattr(entry, field)]
    items += [("breaks at", entry.counterexample)] if entry.counterexample else []
    items += [("source", entry.source)] if entry.source else []
    items += [("page", where)]
    for word, item in items:
        lines += _item(word, readable(item) if word != "page" else item, settings)
    return render(lines, settings)


def write_sentence(name: str, kind: str, sentence: str, settings: Settings) -> str:
    """The page of something that one sentence explains: a procedure."""
    title = Text().append(name, "bold underline").append(f"  {kind}", "dim")
    return render([title, *_rows(sentence, INDENT, settings)], settings)


def write_trials(pages: Sequence[PageResult], seconds: float, settings: Settings) -> str:
    """How the rules of pages did on trial: what failed, and with `verbose` every rule and what could not be tried."""
    lines: list[Text] = []
    for page in pages:
        passed = len(page.rules) - len(page.failed)
        noun, verb = ("falsehood", "are refuted") if page.path == REJECTED else ("rule", "pass")
        said = f"{passed} of {count(len(page.rules), noun)} {verb}"
        lines.append(Text().append(clean(page.path), "bold underline").append(f"  {said}", "dim"))
        for rule in page.rules:
            if rule.complaints:
                title = f"✗ {rule.name or 'the page'}"
                row = Text(" " * INDENT + title, "bold red")
                lines.append(row.append(f"  {clean(page.path)}:{rule.line}", "dim"))
            elif settings.verbose:
                lines.append(Text(" " * INDENT + f"✓ {rule.name}", "green"))
            for complaint in rule.complaints:
                lines += _rows(readable(complaint), 3 * INDENT, settings)
            for remark in rule.remarks if settings.verbose else ():
                lines += _rows(f"· {readable(remark)}", 3 * INDENT, settings, "dim")
    failed = sum(len(page.failed) for page in pages)
    number = sum(len(page.rules) for page in pages)
    verdict = f"{count(number, 'rule')}: {number - failed} pass" + (f", {failed} fail" if failed else "")
    lines += [Text(), Text(f"{verdict} · {seconds:.2f} s", "bold red" if failed else "bold")]
    return render(lines, settings)


def readable(text: str) -> str:
    """Prose with its formulas, between dollars, as Unicode."""
    return clean(re.sub(r"\$(.+?)\$", lambda found: unicode_formula(found[1]), text))


def _rows(text: str, indent: int, settings: Settings, style: str = "") -> Iterator[Text]:
    for row in wrap(clean(text), width_of(settings) - indent, INDENT):
        yield Text(" " * indent + row, style)


def _item(word: str, text: str, settings: Settings) -> Iterable[Text]:
    column = 3 * INDENT + 6
    rows = wrap(text, width_of(settings) - column, INDENT)
    first = Text(" " * INDENT).append(f"{word:<{column - INDENT}}", "dim").append(rows[0])
    return [first, *(Text(" " * column + row) for row in rows[1:])]
