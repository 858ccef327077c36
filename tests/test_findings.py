"""Every finding code has a page, and its page is its test: of the two documents there, the first one gets this finding
and no other, the second one does not get it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from examining import check, told

from derive.findings.codes import CODES
from derive.findings.page import (
    FOLDER,
    SECTIONS,
    BrokenFindingPage,
    Example,
    Page,
    coded_pages,
    read_page,
    read_text,
    silences,
)
from derive.reports.finding_pages import write_finding
from derive.reports.settings import Settings
from derive.results import DocumentResult

UNSHOWN = {"N590"}
"""Codes that no document is known to get."""

PACKAGE = Path(__file__).parent.parent / "derive"


def found(example: Example | None) -> tuple[set[str], str]:
    """The codes that a document gets, and all there is to say of it."""
    assert example is not None
    result: DocumentResult = check(example.text, example.path)
    steps = [told(step) for derivation in result.derivations for step in derivation.steps]
    said = [f"{f.place.line}: {f.code} {f.message}" for f in result.findings]
    return {finding.code for finding in result.findings}, "\n".join(["", *steps, *said])


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    missing = sorted(set(CODES) - set(coded_pages()))
    assert not missing, f"write derive/findings/pages/{missing[0]}.md, as derive/findings/page.py says"
    assert set(coded_pages()) == set(CODES)


@pytest.mark.parametrize("code", coded_pages())
def test_page(code: str) -> None:
    page = read_page(code)
    assert (page.code, page.name) == (code, CODES[code].name)
    assert (page.shows is None) == (code in UNSHOWN)


@pytest.mark.parametrize("code", [code for code in coded_pages() if code not in UNSHOWN])
def test_the_first_document_shows_it(code: str) -> None:
    page = read_page(code)
    assert page.shows is not None
    codes, said = found(page.shows)
    assert codes == {code, *page.shows.others}, said


@pytest.mark.parametrize("code", [code for code in coded_pages() if code not in UNSHOWN])
def test_the_second_document_does_not(code: str) -> None:
    page = read_page(code)
    codes, said = found(page.does_not)
    assert code not in codes, said


@pytest.mark.parametrize("code", sorted(CODES))
@pytest.mark.parametrize("width", [60, 100])
def test_what_is_explained_fits_a_terminal(code: str, width: int) -> None:
    page: Page = read_page(code)
    text = write_finding(CODES[code], page, Settings(width=width))
    rows = text.split("\n")
    assert rows[0] == f"{code} {CODES[code].name}  finding, {CODES[code].severity}"
    documents = [row for row in rows if row.startswith("    │")]
    assert all(len(row) <= width and row == row.rstrip() for row in rows if row not in documents)
    for words in ("why it matters", "shows it", "what to do", "false alarms", f"--ignore {code}"):
        assert words in " ".join(text.split())
    if page.shows is not None:
        assert [row[6:] for row in documents][: page.shows.text.count("\n")] == page.shows.text.split("\n")[:-1]
    # prose has its formulas in Unicode; documents stand as they are
    assert "$" not in "".join(row for row in rows if row not in documents)


def test_a_code_is_checked_for_somewhere() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py")))
    for code in CODES:
        assert len(re.findall(rf'"{code}"', source)) > 1, f"nothing finds {code}"


def test_silences() -> None:
    assert "refuted" in silences("E101") and "refuted" not in silences("I201")


GOOD = (FOLDER / "I206.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# I206 open-sum", "# open-sum", "the first line is"),
        ("## Why it matters\n", "", "its sections are"),
        ("## Does not", "## Does", "its sections are"),
        ("Not measured yet.", "", "nothing stands in the section False alarms"),
        ("~~~markdown\n$$ S_n = \\sum_k^n k $$\n~~~", "none", "two documents"),
        ("~~~markdown", "~~~word", "of markdown, latex, rst"),
    ],
)
def test_a_page_that_is_not_written_so_is_said(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(BrokenFindingPage, match=re.escape(said)):
        read_text(GOOD.replace(old, new, 1), "I206.md")


def test_a_page_that_is_not_there_is_said() -> None:
    with pytest.raises(BrokenFindingPage, match=r"X999\.md: "):
        read_page("X999")


def test_headings_in_a_document_are_its_own() -> None:
    page = read_text(GOOD.replace("$$ S_n = \\sum_k^n k $$", "# One\n\n## Two\n\n$x$", 1), "I206.md")
    assert page.shows == Example("note.md", "# One\n\n## Two\n\n$x$\n") and len(SECTIONS) == 5
