"""`derive explain`: the page of a rule, of a rejected falsehood, of a procedure, or of a finding code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from derive.commands.exits import fail
from derive.commands.options import Pages
from derive.commands.pages import find_pages, load_page
from derive.reports.output import settings_for_output, write_output

if TYPE_CHECKING:
    from derive.proving.rulebook import Entry
    from derive.reports.settings import Settings


def explain(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A rule (split-sum), a procedure or a finding code (I201).")
    ],
    rules: Pages = None,
) -> None:
    """Show what a rule or a finding code means: the statement, its conditions, what holds and what fails."""
    from derive.reports.rule_pages import write_entry

    settings = settings_for_output(None, quiet=False, verbose=False, strict=False, files={})
    text = _code(name, settings) or _procedure(name, settings)
    if text is None:
        own = find_pages(rules)
        for entry, page in _entries(own):
            if entry.name == name:
                text = write_entry(entry, f"{page}:{entry.line}", settings)
                break
        else:
            fail(f"no rule, procedure or finding code is called {name!r}{_suggest(name, own)}")
    write_output(text, None, settings.encoding)


def _entries(own: tuple[str, ...]) -> Iterator[tuple[Entry, str]]:
    """The rules and falsehoods of the book and of a reader's own pages, each with its page."""
    from derive.proving.rulebook import REJECTED, read_page, topics

    for topic in (*topics(), REJECTED):
        yield from ((entry, f"rules/{topic}.md") for entry in read_page(topic))
    for path in own:
        yield from ((entry, path) for entry in load_page(path)[1])


def _code(name: str, settings: Settings) -> str | None:
    from derive.findings.codes import CODES
    from derive.findings.page import read_page
    from derive.reports.finding_pages import write_finding

    for code in CODES.values():
        if name.upper() == code.code or name.lower() == code.name:
            return write_finding(code, read_page(code.code), settings)
    return None


def _procedure(name: str, settings: Settings) -> str | None:
    from derive.proving.procedures import PROCEDURES
    from derive.reports.rule_pages import write_sentence

    return write_sentence(name, "procedure", PROCEDURES[name], settings) if name in PROCEDURES else None


def _suggest(name: str, own: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    from derive.findings.codes import CODES
    from derive.proving.procedures import PROCEDURES

    names = [entry.name for entry, _ in _entries(own)] + list(PROCEDURES)
    names += [code for kind in CODES.values() for code in (kind.code, kind.name)]
    near = get_close_matches(name, names, n=3, cutoff=0.6) or get_close_matches(name.upper(), CODES, n=3, cutoff=0.7)
    return f" (did you mean {' or '.join(near)}?)" if near else ""
