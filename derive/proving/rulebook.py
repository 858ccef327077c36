"""The rule book: pages of `rules/`, found in the package or beside the checkout, one section a rule.

A section is `## name`, a sentence, one displayed statement, and items: `where:` (a condition that must be known before
the rule is applied, for without it both sides may have values that differ), `assumes:` (a condition that holds wherever
both sides have a value, or that everyone means: it is listed, not demanded), `by: normal form` (the normal form proves
the statement by itself: the rule names what it does, and is not searched), `holds:` and `fails:` (an instance that is
proved, one that is refuted), `source:`, in `rejected.md` `counterexample:`. A page is read when one of its rules is
asked for; the mathematics stays LaTeX here, and whoever needs it as objects passes a reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from derive.proving.procedures import PROCEDURES

REJECTED = "rejected"
_ITEMS = ("where", "assumes", "by", "holds", "fails", "source", "counterexample")
_ITEM = re.compile(rf"^- ({'|'.join(_ITEMS)}): (.*)$")
_FORMULA = re.compile(r"\$(.+?)\$")
_NAME = re.compile(r"[a-z]+[0-9]*(-[a-z0-9]+)*")
RESERVED = frozenset({*PROCEDURES, "derivative", "integral", "rearrange"})
"""Names that lines of a proof have already."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as it stands on its page; `line` is where its heading is (from 1)."""

    name: str
    topic: str
    line: int
    sentence: str
    statement: str
    where: tuple[str, ...]
    holds: tuple[str, ...]
    fails: tuple[str, ...]
    source: str
    counterexample: str = ""
    assumes: tuple[str, ...] = ()
    by: str = ""

    @property
    def rejected(self) -> bool:
        """Whether the page keeps this as a falsehood: it has a counterexample, and is no rule."""
        return bool(self.counterexample)


def formulas_in(items: Iterable[str]) -> list[str]:
    """The formulas between dollars in items of a page."""
    return [formula for item in items for formula in _FORMULA.findall(item)]


def is_name(name: str) -> bool:
    """Whether a rule can be called so: words in lower case, joined by hyphens."""
    return _NAME.fullmatch(name) is not None


class BrokenPage(ValueError):
    """A page of rules that is not written as pages are: `said`, about its line `line` (from 1)."""

    def __init__(self, topic: str, line: int, said: str) -> None:
        super().__init__(f"{topic}, line {line}: {said}")
        self.line, self.said = line, said


def book_folder() -> Path:
    """The folder of the pages: in the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def topics() -> tuple[str, ...]:
    """The names of the pages, in order; the rejected falsehoods are none of the book."""
    return tuple(sorted(page.stem for page in book_folder().glob("*.md") if page.stem != REJECTED))


@cache
def read_page(topic: str) -> tuple[Entry, ...]:
    """The rules of one page, in its order."""
    return read_text((book_folder() / f"{topic}.md").read_text(encoding="utf-8"), topic)


def read_text(text: str, topic: str) -> tuple[Entry, ...]:
    """The rules in the text of a page (one of the book, or a user's own)."""
    sections: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("## "):
            sections.append((number, line[3:].strip(), []))
        elif sections:
            sections[-1][2].append(line.strip())
    entries = tuple(_entry(topic, *section) for section in sections)
    seen: set[str] = set()
    for entry in entries:
        if entry.name in seen:
            raise BrokenPage(topic, entry.line, f"two rules are called {entry.name}")
        seen.add(entry.name)
    return entries


def _entry(topic: str, line: int, name: str, lines: list[str]) -> Entry:
    items: dict[str, list[str]] = {kind: [] for kind in _ITEMS}
    statements: list[str] = []
    sentences: list[str] = []
    for text in lines:
        if found := _ITEM.match(text):
            items[found[1]].append(found[2].strip())
        elif text.startswith("$$") and text.endswith("$$") and len(text) > 4:
            statements.append(text[2:-2].strip())
        elif text and not text.startswith("- "):
            sentences.append(text)
    if len(statements) != 1 or not sentences:
        raise BrokenPage(topic, line, f"{name} needs one sentence and one displayed statement")
    if not items["counterexample"] and not (items["holds"] and items["fails"] and items["source"]):
        raise BrokenPage(topic, line, f"{name} needs an instance that holds, one that fails, and a source")
    return Entry(
        name,
        topic,
        line,
        " ".join(sentences),
        statements[0],
        tuple(items["where"]),
        tuple(items["holds"]),
        tuple(items["fails"]),
        " ".join(items["source"]),
        " ".join(items["counterexample"]),
        tuple(items["assumes"]),
        " ".join(items["by"]),
    )


def all_entries() -> tuple[Entry, ...]:
    """Every rule of the book; names are unique across its pages."""
    entries = tuple(entry for topic in topics() for entry in read_page(topic))
    seen: dict[str, str] = {}
    for entry in entries:
        if entry.name in seen or entry.name in PROCEDURES:
            taken = seen.get(entry.name, "a procedure")
            raise BrokenPage(entry.topic, entry.line, f"{entry.name} is taken by {taken}")
        seen[entry.name] = entry.topic
    return entries


def find_entry(name: str) -> Entry | None:
    """The rule of this name; pages are read until it is found."""
    for topic in topics():
        for entry in read_page(topic):
            if entry.name == name:
                return entry
    return None


def rejected_entries() -> tuple[Entry, ...]:
    """The tempting falsehoods, each with its counterexample."""
    return read_page(REJECTED)
