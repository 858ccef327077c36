"""The silent-error suite: many single steps, each with its truth beside it. Nothing that is false may be proved,
nothing that is true refuted, and what is decided today stays decided.

A page of `silent/` is a theme. Its entries are independent of one another; each ends at a remark:

    - $\\sqrt{x^2} = x$ where $x \\ge 0$ and $x \\le 9$ <!-- true, proved -->

    Let $n$ be an even integer. Then
    $$ (-1)^n = -1 $$ <!-- false, refuted -->

An item is a claim with what is given, and is asked twice: as a claim, and in a sentence of a document (pages in `SLOW`
leave that out). Everything else is a document of its own, and its last step is meant. The remark says the truth, and
may pin the verdict. What is true holds wherever its conditions do and both its sides are defined, or where the prose
says so; what holds nowhere is false, and so is what the conditions keep from being defined. Numbers are real.
`open: why` marks an entry whose verdict is wrong today: its test fails once that is mended.

`python tests/test_silent_suite.py` counts the verdicts of each page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from examining import HERE, OutOfTime, check, steps_of, time_limit

from derive.deciding.claim import open_claim

PAGES = sorted((HERE / "silent").glob("*.md"))
TIME_LIMIT = 20.0
SLOW = frozenset({"inequalities", "series-limits-integrals"})  # claims of these pages are asked once, as claims
WRONG = {True: "refuted", False: "proved"}
RIGHT = {True: "proved", False: "refuted"}

_REMARK = re.compile(r"<!-- (true|false)(?:, (proved|refuted))?(?:, open: (.+))? -->$")
_CLAIM = re.compile(r"- \$([^$]+)\$(?: where (.+))?")


@dataclass(frozen=True)
class Entry:
    """A step with its truth: a document, or a claim (`formula`) with what is `given`."""

    page: str
    line: int
    text: str
    true: bool
    pinned: str
    open: str
    formula: str = ""
    given: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}"


class BrokenPage(ValueError):
    """A page that is not written as pages of the suite are."""


def read_page(page: Path) -> Iterator[Entry]:
    """The entries of a page. Raises BrokenPage."""
    return read_text(page.read_text(encoding="utf-8"), page.stem)


def read_text(text: str, page: str) -> Iterator[Entry]:
    rows: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("# "):
            rows = []
            continue
        remark = _REMARK.search(line)
        if remark is None:
            if "<!--" in line:
                raise BrokenPage(f"{page}:{number}: not a remark: {line}")
            rows.append(line)
            continue
        rows.append(line[: remark.start()].rstrip())
        yield _entry("\n".join(rows).strip(), page, number, remark)
        rows = []
    if any(row.strip() for row in rows):
        raise BrokenPage(f"{page}: the last entry has no truth")


def _entry(text: str, page: str, number: int, remark: re.Match[str]) -> Entry:
    truth, pinned, why = remark[1] == "true", remark[2] or "", remark[3] or ""
    if not text.startswith("- "):
        return Entry(page, number, text, truth, pinned, why)
    claim = _CLAIM.fullmatch(text)
    if claim is None:
        raise BrokenPage(f"{page}:{number}: not a claim: {text}")
    given = tuple(re.findall(r"\$([^$]+)\$", claim[2] or ""))
    return Entry(page, number, _sentence(claim[1], given), truth, pinned, why, claim[1], given)


def _sentence(formula: str, given: tuple[str, ...]) -> str:
    """The document that says the same as a claim."""
    opening = "For " + " and ".join(f"${item}$" for item in given) + ", we get" if given else "We get"
    return f"{opening}\n$$ {formula} $$"


ENTRIES = [entry for page in PAGES for entry in read_page(page)]


@cache
def verdicts(entry: Entry) -> tuple[tuple[str, ...], ...]:
    """The verdicts on the steps of an entry: of the claim, where it is one, and of the document."""
    asked = []
    try:
        with time_limit(TIME_LIMIT):
            if entry.formula:
                opened = open_claim(entry.name, "\n".join((entry.formula, *entry.given)))
                asked.append(tuple(opened.judge(k).verdict for k in range(len(opened.steps))))
            if not (entry.formula and entry.page in SLOW):
                asked.append(tuple(step.verdict for step in steps_of(check(entry.text, repairs=False))))
    except OutOfTime:
        asked.append(("out of time",))
    return tuple(asked)


def wrong(entry: Entry) -> list[str]:
    """The wrong verdicts on an entry: any refuted step of a true one, the last step of a false one if it is proved."""
    found = []
    for asked in verdicts(entry):
        found += [v for v in (asked if entry.true else asked[-1:]) if v == WRONG[entry.true]]
    return found


def told(entry: Entry) -> str:
    said = "; ".join(", ".join(asked) or "no step" for asked in verdicts(entry))
    given = f" where {', '.join(entry.given)}" if entry.given else ""
    return f"{entry.name}: {'true' if entry.true else 'false'}, {said}: {entry.formula or entry.text}{given}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_nothing_false_is_proved_and_nothing_true_refuted(page: Path) -> None:
    found = [told(entry) for entry in read_page(page) if not entry.open and wrong(entry)]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_decided_stays_decided(page: Path) -> None:
    pinned = [entry for entry in read_page(page) if entry.pinned]
    found = [f"{told(e)} ({e.pinned} is expected)" for e in pinned if verdicts(e)[0][-1:] != (e.pinned,)]
    assert not found, "\n" + "\n".join(found)


OPEN = [
    pytest.param(entry, id=entry.name, marks=pytest.mark.xfail(strict=True, reason=entry.open))
    for entry in ENTRIES
    if entry.open
]


@pytest.mark.parametrize("entry", OPEN)
def test_what_is_wrong_today(entry: Entry) -> None:
    assert not wrong(entry), told(entry)


def test_the_suite_is_large_and_says_nothing_twice() -> None:
    assert len(ENTRIES) >= 400
    assert len({(entry.text, entry.given) for entry in ENTRIES}) == len(ENTRIES)
    assert sum(entry.true for entry in ENTRIES) >= 150 and sum(not entry.true for entry in ENTRIES) >= 150
    contrary = [entry.name for entry in ENTRIES if entry.pinned == WRONG[entry.true]]
    assert contrary == []


def test_how_a_page_is_read() -> None:
    text = "# Page\n\n- $a = b$ where $b = c$, $c = a$ <!-- true, proved -->\n\nThen\n$$ 1 = 2 $$ <!-- false -->\n"
    one, two = read_text(text, "page")
    assert (one.formula, one.given, one.true, one.pinned) == ("a = b", ("b = c", "c = a"), True, "proved")
    assert one.text == "For $b = c$ and $c = a$, we get\n$$ a = b $$"
    assert (two.formula, two.text, two.true, two.line) == ("", "Then\n$$ 1 = 2 $$", False, 6)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- $a = b$ <!-- maybe -->", "not a remark"),
        ("- $a = b$ if $c$ <!-- true -->", "not a claim"),
        ("- $a = b$", "no truth"),
    ],
)
def test_a_page_that_is_not_written_as_pages_are(text: str, why: str) -> None:
    with pytest.raises(BrokenPage, match=why):
        list(read_text(text, "page"))


def figures(entries: list[Entry]) -> str:
    """How many of the true entries are proved and of the false ones refuted, and how many are wrong."""
    last = Counter((e.true, (verdicts(e)[0] or ("no step",))[-1]) for e in entries)
    told_of = [
        f"{last[true, RIGHT[true]]} of {sum(e.true == true for e in entries)} {word} {RIGHT[true]}"
        for true, word in ((True, "true"), (False, "false"))
    ]
    return f"{', '.join(told_of)}, {sum(bool(wrong(e)) for e in entries)} wrong"


if __name__ == "__main__":
    for one_page in PAGES:
        print(f"{one_page.stem}: {figures(list(read_page(one_page)))}")
    print(f"together: {figures(ENTRIES)}")
