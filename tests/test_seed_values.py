"""The bundled documents, and the notes they come from, against tables worked out by hand (`expected/*.md`)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from examining import HERE, apply_edits, check, findings_on, steps_of, steps_on, told
from seeds import ORIGINAL, seed

from derive.results import DocumentResult

Row = dict[str, str]


def tables(path: Path) -> list[list[Row]]:
    """The tables of a page, each row by its column heads."""
    found: list[list[Row]] = []
    heads: list[str] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            heads = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if heads is None:
            heads = cells
            found.append([])
        elif set(line) - set("|- "):
            found[-1].append(dict(zip(heads, cells, strict=True)))
    return found


STEPS, FINDINGS = {}, {}
for name in ("logistic", "softmax"):
    STEPS[name], FINDINGS[name] = tables(HERE / "expected" / f"{name}.md")
WHICH = [(name, column) for name in STEPS for column in ("line", "original")]


def document(name: str, column: str) -> tuple[str, DocumentResult]:
    if column == "original":
        if not ORIGINAL.is_file():
            pytest.skip("the original notes are not beside this checkout")
        text = ORIGINAL.read_text(encoding="utf-8")
    else:
        text = seed(name)
    return text, check(text)


def parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


@pytest.mark.parametrize(
    ("name", "column", "row"),
    [pytest.param(n, c, row, id=f"{n}-{c}-{row[c]}") for n, c in WHICH for row in STEPS[n]],
)
def test_step(name: str, column: str, row: Row) -> None:
    _, result = document(name, column)
    (step,) = steps_on(result, int(row[column]))
    assert step.verdict == row["verdict"], told(step)
    for rule in parts(row["rules"]):
        assert rule in step.rules
    for assumption in parts(row["assumptions"]):
        assert any(assumption in said for said in step.assumptions), step.assumptions
    for reading in parts(row["readings"]):
        assert reading in step.readings
    assert (step.counterexample is not None) == (step.verdict == "refuted")


@pytest.mark.parametrize(
    ("name", "column", "row"),
    [pytest.param(n, c, row, id=f"{n}-{c}-{row[c]}-{row['finding']}") for n, c in WHICH for row in FINDINGS[n]],
)
def test_finding(name: str, column: str, row: Row) -> None:
    text, result = document(name, column)
    (found,) = [f for f in findings_on(result, int(row[column])) if f.code == row["finding"]]
    assert (found.severity, row["says"] in found.message) == (row["severity"], True), found.message
    if not row["repair"]:
        return
    assert found.repair is not None and found.repair.verified
    written = re.findall(r"(\d+):(\d+)-(\d+):(\d+) `(.*?)`", row["repair"])
    bundled = [(int(b), int(d), new) for _, b, _, d, new in written]
    edits = [(e.place.column, e.place.end_column, e.text) for e in found.repair.edits]
    if column == "line":
        assert edits == bundled
        assert found.repair.effect == row["effect"]
    assert [new for _, _, new in edits] == [new for _, _, new in bundled]
    assert {e.place.line for e in found.repair.edits} == {int(row[column])}
    after = check(apply_edits(text, found.repair.edits))
    assert row["finding"] not in [f.code for f in after.findings]
    before = [step.verdict for step in steps_of(result)]
    for old, step in zip(before, steps_of(after), strict=True):
        # a step of the other half of the notes keeps its verdict; the repaired half is proved without help
        assert step.verdict == old or (old, step.verdict) == ("refuted", "proved"), told(step)
        assert not any("as repaired" in said for said in step.assumptions if name == "softmax")


@pytest.mark.parametrize("name", STEPS)
def test_nothing_else_is_said(name: str) -> None:
    _, result = document(name, "line")
    listed = sorted((int(row["line"]), row["finding"]) for row in FINDINGS[name])
    assert sorted((f.place.line, f.code) for f in result.findings) == listed
    assert [step.place.line for step in steps_of(result)] == [int(row["line"]) for row in STEPS[name]]
