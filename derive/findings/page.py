"""The page of a finding code: `pages/CODE.md`, in the package.

    # I206 open-sum

    What it is, in a paragraph or more.

    ## Why it matters

    …

    ## Shows it

    ~~~markdown
    A document that gets this finding.
    ~~~

    ## Does not

    ~~~markdown
    The document as it might have been meant; it does not get it.
    ~~~

    ## What to do

    What to write instead, or what to tell derive. (How it is silenced is said of every code.)

    ## False alarms

    How often it is said in vain, and of what that was measured.

The word after `~~~` says how the document is written: `markdown`, `latex`, `rst`. Under the first document a line
`Comes with: E101, S301` lists codes that it cannot do without. A code that no document can show has a sentence in place
of both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "pages"
SECTIONS = ("Why it matters", "Shows it", "Does not", "What to do", "False alarms")
ENDINGS = {"markdown": ".md", "latex": ".tex", "rst": ".rst"}
_TITLE = re.compile(r"# ([A-Z]\d{3}) ([a-z]+(?:-[a-z]+)*)")
_FENCE = re.compile(r"~~~(\w+)\n(.*?)\n~~~(?:\n\nComes with: ([A-Z]\d{3}(?:, [A-Z]\d{3})*))?", re.S)


class BrokenFindingPage(ValueError):
    """A page that is not written as pages are; says which and why."""


@dataclass(frozen=True, slots=True)
class Example:
    """A document on a page. `path` has the ending of its format; `others` are codes that come with the page's own."""

    path: str
    text: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says: paragraphs, and two documents (none where no document shows the finding: `unshown` says
    why)."""

    code: str
    name: str
    what: tuple[str, ...]
    why: tuple[str, ...]
    shows: Example | None
    does_not: Example | None
    unshown: tuple[str, ...]
    remedy: tuple[str, ...]
    alarms: tuple[str, ...]


def coded_pages() -> tuple[str, ...]:
    """The codes that have a page, in order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.md")))


def read_page(code: str) -> Page:
    """The page of a code. Raises BrokenFindingPage where it is not there, or not written as pages are."""
    path = FOLDER / f"{code}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BrokenFindingPage(f"{path.name}: {error.strerror or error}") from None
    return read_text(text, path.name)


def read_text(text: str, where: str) -> Page:
    """The page in a text; `where` names it in complaints. Raises BrokenFindingPage."""
    title, *sections = _sections(text)
    parts = {head.strip(): body for head, _, body in (section.partition("\n") for section in sections)}
    head, _, what = title.partition("\n")
    named = _TITLE.fullmatch(head.strip())
    if named is None:
        raise BrokenFindingPage(f"{where}: the first line is `# CODE name`")
    if tuple(parts) != SECTIONS:
        raise BrokenFindingPage(f"{where}: its sections are {', '.join(SECTIONS)}; here: {', '.join(parts)}")
    for section, body in {"the first": what, **parts}.items():
        if not body.strip():
            raise BrokenFindingPage(f"{where}: nothing stands in the section {section}")
    why, shows, does_not, remedy, alarms = parts.values()
    examples = _example(shows, where), _example(does_not, where)
    if (examples[0] is None) != (examples[1] is None):
        raise BrokenFindingPage(f"{where}: there are two documents, between ~~~ and ~~~, or none")
    unshown = () if examples[0] else _paragraphs(shows)
    paragraphs = _paragraphs(what), _paragraphs(why)
    return Page(named[1], named[2], *paragraphs, *examples, unshown, _paragraphs(remedy), _paragraphs(alarms))


def _sections(text: str) -> list[str]:
    """What stands before the first `## ` and after each of them; documents have headings of their own."""
    sections, inside = [""], False
    for line in text.splitlines(keepends=True):
        inside ^= line.startswith("~~~")
        if line.startswith("## ") and not inside:
            sections.append(line[3:])
        else:
            sections[-1] += line
    return sections


def silences(code: str) -> str:
    """How a code is silenced, whichever it is."""
    said = f'not told with `--ignore {code}`, nor with `ignore = ["{code}"]` in derive.toml'
    return said + ("; a refuted step counts all the same" if code.startswith("E1") else "")


def _example(body: str, where: str) -> Example | None:
    if "~~~" not in body:
        return None
    found = _FENCE.fullmatch(body.strip())
    if found is None or found[1] not in ENDINGS:
        raise BrokenFindingPage(f"{where}: a document stands between ~~~ and ~~~, of {', '.join(ENDINGS)}")
    others = tuple(found[3].split(", ")) if found[3] else ()
    return Example(f"note{ENDINGS[found[1]]}", found[2] + "\n", others)


def _paragraphs(body: str) -> tuple[str, ...]:
    return tuple(" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", body.strip()))
