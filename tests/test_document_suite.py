"""Documents are tests: every line of every file in `documents/` gets the verdict that stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from examining import HERE, check, differences, read_remarks

DOCUMENTS = sorted(path for path in (HERE / "documents").rglob("*") if path.suffix in {".md", ".tex", ".rst", ".ipynb"})


def name_of(path: Path) -> str:
    return path.relative_to(HERE / "documents").as_posix()


def test_there_are_documents() -> None:
    assert DOCUMENTS


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_document(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = read_remarks(text)
    assert expected, "no line of this document says what is expected of it"
    wrong = differences(check(text, name_of(path)), expected)
    assert not wrong, "\n" + "\n".join(wrong)


TO_COME = [
    pytest.param(path, item, id=f"{name_of(path)}:{item.line}", marks=pytest.mark.xfail(strict=True, reason=item.text))
    for path in DOCUMENTS
    for item in read_remarks(path.read_text(encoding="utf-8"))
    if item.today is not None
]


@pytest.mark.parametrize(("path", "item"), TO_COME)
def test_what_should_come(path: Path, item) -> None:
    text = path.read_text(encoding="utf-8")
    items = [other for other in read_remarks(text) if other.line == item.line]
    wrong = differences(check(text, name_of(path)), items, strictly=True)
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "$$ a = b $$ <!-- proved when it likes -->",
        "x &= y \\\\ % refuted E101 rapair",
        "$a = b$ <!-- proved (today: -->",
    ],
)
def test_a_remark_that_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="not a remark"):
        read_remarks(text)


def test_remarks() -> None:
    (one, two) = read_remarks(
        "$1 = 1 = 2$ <!-- proved: i = j; k > 0, refuted E101 repair I202 warning (today: unknown) -->"
    )
    assert (one.verdict, one.assumptions) == ("proved", ("i = j", "k > 0"))
    assert [f.code for f in two.findings] == ["E101", "I202"]
    assert (two.findings[0].severity, two.findings[0].repair) == ("error", True)
    assert (two.findings[1].severity, two.findings[1].repair) == ("warning", False)
    assert two.today is not None and two.today.verdict == "unknown"
