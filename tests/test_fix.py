"""`derive fix`: the repairs that were verified, made in the files themselves.

The documents of `fixes/before` are mended as those of `fixes/after` show (rewritten with `UPDATE_GOLDEN=1 pytest
tests/test_fix.py`). What happens around them, to files and streams, is tried with the fake checker, where a line
`slip …` is wrong and has a repair: the same line without that word.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from examining import HERE, apply_edits, check, steps_of
from hypothesis import given
from hypothesis import strategies as st
from test_cli import derive

from derive.commands.replacing import NotReplaced, replace_file
from derive.documents.formats import write_text
from derive.repairing.edit import Change, apply_changes
from derive.repairing.mending import Mended, is_better, mend, with_repairs
from derive.reports.difference import write_difference
from derive.results import (
    WORTH,
    DerivationResult,
    DocumentResult,
    Edit,
    Finding,
    Place,
    Repair,
    StepResult,
    VerdictName,
)
from derive.source import Source, Span

BEFORE, AFTER = HERE / "fixes" / "before", HERE / "fixes" / "after"
DOCUMENTS = sorted(BEFORE.iterdir())


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def mended(text: str, path: str) -> Mended:
    """A document mended in this process."""
    mending = mend(path, text)
    wanted = next(mending)
    while True:
        try:
            wanted = mending.send(check(wanted, path))
        except StopIteration as done:
            return done.value


# ------------------------------------------------------------------------------------------------------- documents


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents(path: Path) -> None:
    text = read(path)
    after = mended(text, path.name)
    golden = AFTER / path.name
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(after.text.encode("utf-8"))
    assert after.text == read(golden)
    assert after.made and not after.unfinished
    again = mended(after.text, path.name)
    assert (again.text, again.made) == (after.text, ())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
@pytest.mark.parametrize("change", [lambda text: text.replace("\n", "\r\n"), lambda text: text.rstrip("\n")])
def test_ends_of_lines_stay(path: Path, change) -> None:
    assert mended(change(read(path)), path.name).text == change(read(AFTER / path.name))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_repair_alone_changes_the_spans_that_it_names(path: Path) -> None:
    text = read(path)
    for finding in check(text, path.name).findings:
        if finding.repair is not None:
            changed = with_repairs(Source(path.name, text), [finding])
            assert changed == apply_edits(text, finding.repair.edits) != text
            repaired = check(changed, path.name)
            assert is_better(repaired, check(text, path.name))
            assert finding.place not in [f.place for f in repaired.findings if f.code == finding.code]


OFFERING = [
    path
    for path in sorted((HERE / "documents").rglob("*"))
    if path.suffix in (".md", ".tex") and re.search(r"[EIS]\d{3} repair", read(path))
]


@pytest.mark.parametrize("path", OFFERING, ids=lambda path: path.name)
def test_no_step_is_worse_and_a_second_run_changes_nothing(path: Path) -> None:
    text = read(path)
    after = mended(text, path.name)
    old, new = steps_of(check(text, path.name)), steps_of(after.result)
    assert all(WORTH[n.verdict] >= WORTH[o.verdict] for n, o in zip(new, old, strict=True))
    assert bool(after.made) == (after.text != text)
    again = mended(after.text, path.name)
    assert (again.text, again.made) == (after.text, ())


def test_a_notebook_stays_one() -> None:
    before, after = (json.loads(read(folder / "angles.ipynb")) for folder in (BEFORE, AFTER))
    assert after["cells"][1] == before["cells"][1]
    assert r"x^2 + \nu x + \nu" in after["cells"][2]["source"]


def test_a_later_line_is_not_made_to_agree_with_a_wrong_one() -> None:
    text = read(AFTER / "macros.tex")
    assert "&= \\wrong \\\\\n  &= x^2 - 1\n" in text
    assert [f.code for f in check(text, "macros.tex").findings] == ["E101", "E101"]


def test_the_bundled_documents() -> None:
    for name, (old, new) in {"logistic": ("= \\frac{1}{m}", "= -\\frac{1}{m}"), "softmax": ("x\\_", "z\\_")}.items():
        text = read(HERE.parent / "derive" / "documents" / "bundled" / f"{name}.md")
        after = mended(text, f"{name}.md")
        changed = [(a, b) for a, b in zip(text.split("\n"), after.text.split("\n"), strict=True) if a != b]
        assert [b for _, b in changed] == [a.replace(old, new) for a, _ in changed] and len(changed) == 1
        assert mended(after.text, f"{name}.md").made == ()


# --------------------------------------------------------------------------------------------------------- rounds

PATH = "note.md"


def step(line: int, verdict: VerdictName, opening: bool = True) -> StepResult:
    return StepResult(Place(line, 1, line, 2), "a", "=", "b", opening, verdict)


def wrong(line: int, new: str, gains: int = 1, columns: tuple[int, int] = (1, 2)) -> Finding:
    repair = Repair((Edit(Place(line, columns[0], line, columns[1]), new),), "", "", gains=gains)
    return Finding("E101", "wrong-step", "error", "", Place(line, 1, line, 2), repair)


def result(*derivations: list[StepResult], findings: tuple[Finding, ...] = ()) -> DocumentResult:
    lines = [[s.place.line for s in steps] for steps in derivations]
    made = (DerivationResult(min(at), max(at), "", tuple(s)) for at, s in zip(lines, derivations, strict=True))
    return DocumentResult(PATH, tuple(made), findings)


def known(text: str, results: dict[str, DocumentResult], most_checks: int = 40) -> tuple[Mended, list[str]]:
    """A document mended where its checks give these results; and the texts that were checked."""
    mending = mend(PATH, text, most_checks)
    asked = [next(mending)]
    while True:
        try:
            asked.append(mending.send(results[asked[-1]]))
        except StopIteration as done:
            return done.value, asked


def test_a_repair_that_makes_a_step_worse_beside_another_is_taken_back() -> None:
    both = (wrong(1, "A"), wrong(2, "B"))
    results = {
        "a\nb\n": result([step(1, "refuted")], [step(2, "refuted")], [step(3, "proved")], findings=both),
        "A\nB\n": result([step(1, "proved")], [step(2, "proved")], [step(3, "unknown")]),
        "A\nb\n": result([step(1, "proved")], [step(2, "refuted")], [step(3, "proved")], findings=both[1:]),
    }
    after, asked = known("a\nb\n", results)
    assert after.text == "A\nb\n"
    assert [made.finding for made in after.made] == [both[0]]
    assert asked == ["a\nb\n", "A\nB\n", "A\nb\n", "A\nB\n", "A\nB\n"]


def test_of_two_repairs_of_a_derivation_the_one_that_proves_most_is_made() -> None:
    two = (wrong(1, "A"), wrong(2, "B", gains=2))
    results = {
        "a\nb\n": result([step(1, "refuted"), step(2, "refuted")], findings=two),
        "a\nB\n": result([step(1, "proved"), step(2, "proved")]),
    }
    assert known("a\nb\n", results)[0].text == "a\nB\n"


def test_the_other_is_made_where_that_one_does_no_good() -> None:
    two = (wrong(1, "A"), wrong(2, "B", gains=2))
    results = {
        "a\nb\n": result([step(1, "refuted"), step(2, "refuted")], findings=two),
        "a\nB\n": result([step(1, "refuted")]),
        "A\nb\n": result([step(1, "proved"), step(2, "proved")]),
    }
    assert known("a\nb\n", results)[0].text == "A\nb\n"


def test_repairs_that_overlap_are_not_made_together() -> None:
    two = (wrong(1, "A", 1, (1, 3)), wrong(1, "B", 1, (2, 4)))
    results = {
        "abc\n": result([step(1, "refuted")], findings=two),
        "Ac\n": result([step(1, "proved")]),
    }
    assert known("abc\n", results)[0].text == "Ac\n"


@pytest.mark.parametrize("place", [Place(9, 1, 9, 2), Place(1, 7, 1, 8), Place(1, 2, 1, 1)])
def test_an_edit_that_does_not_fit_is_not_made(place: Place) -> None:
    finding = Finding("E101", "wrong-step", "error", "", place, Repair((Edit(place, "x"),), ""))
    assert known("abc\n", {"abc\n": result([step(1, "refuted")], findings=(finding,))})[0].text == "abc\n"


def test_a_line_after_a_wrong_one_waits() -> None:
    one = result([step(1, "refuted"), step(2, "refuted", opening=False)], findings=(wrong(2, "B"),))
    assert known("a\nb\n", {"a\nb\n": one})[1] == ["a\nb\n"]


def test_there_is_an_end() -> None:
    results = {
        "a" * n: result([step(1, "refuted")] * n, [step(1, "proved")] * (9 - n), findings=(wrong(1, "", 1),))
        for n in range(1, 9)
    }
    after, asked = known("a" * 8, results, most_checks=4)
    assert (len(asked), len(after.made), after.unfinished) == (4, 3, True)


@pytest.mark.parametrize(
    ("before", "after", "better"),
    [
        (["refuted"], ["proved"], True),
        (["refuted"], ["unknown"], True),
        (["refuted"], ["refuted"], False),
        (["refuted", "proved"], ["proved", "unknown"], False),
        (["refuted", "unknown"], ["proved"], False),
        (["unknown", "stated"], ["proved", "stated"], True),
    ],
)
def test_what_is_better(before: list[VerdictName], after: list[VerdictName], better: bool) -> None:
    old, new = (result([step(1, verdict) for verdict in verdicts]) for verdicts in (before, after))
    assert is_better(new, old) is better
    assert not is_better(result([step(1, v) for v in after], findings=(wrong(1, ""),)), old)


# --------------------------------------------------------------------------------------------------------- places

TEXTS = st.text(st.sampled_from("ab \n\r\t\u2028\x0c\ufeffé𝔄\\$"), max_size=40)


@given(TEXTS, st.data())
def test_edits_touch_their_spans_only(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    cuts = cuts[: len(cuts) // 2 * 2]
    spans = [Span(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=True)]
    spans = [span for k, span in enumerate(spans) if k == 0 or spans[k - 1] != span]
    new = [data.draw(TEXTS) for _ in spans]
    source = Source(PATH, text)
    edits = []
    for span, put in zip(spans, new, strict=True):
        (line, column), (end_line, end_column) = source.line_column(span.start), source.line_column(span.end)
        assert Span(source.offset(line, column), source.offset(end_line, end_column)) == span
        edits.append(Edit(Place(line, column, end_line, end_column), put))
    at, expected = 0, ""
    for span, put in zip(spans, new, strict=True):
        expected += text[at : span.start] + put
        at = span.end
    finding = Finding("E101", "wrong-step", "error", "", Place(1, 1, 1, 1), Repair(tuple(edits), ""))
    assert with_repairs(source, [finding]) == expected + text[at:]
    assert (
        apply_changes(text, [Change(span, put) for span, put in zip(spans, new, strict=True)]) == expected + text[at:]
    )


@given(st.text(max_size=30))
def test_what_is_put_into_a_notebook_comes_out_of_it(text: str) -> None:
    assert json.loads(f'"{write_text("a.ipynb", text)}"') == text
    assert write_text("a.md", text) == text


@given(TEXTS, TEXTS)
def test_a_difference_is_a_patch(before: str, after: str) -> None:
    rows = re.findall(r"[^\n]*\n", write_difference(PATH, before, after))
    if before == after:
        assert rows == []
    for sign, text in (("-", before), ("+", after)):
        hunks: list[str] = []
        for row, following in pairwise([*rows[2:], "end"]):
            if row.startswith("@@"):
                hunks.append("")
            elif row[0] in f" {sign}":
                # that a line has no end is told by the row after it
                hunks[-1] += row[1:-1] if following.startswith("\\") else row[1:]
        assert all(hunk in text for hunk in hunks)


# ---------------------------------------------------------------------------------------------------------- files


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "slips.md").write_bytes("one\r\nslip two\r\nslip slip 𝔄 three".encode())
    (tmp_path / "good.md").write_text("one\n")
    (tmp_path / "wrong.md").write_text("refuted\nslip two\n")
    return tmp_path


MENDED = "one\r\ntwo\r\n𝔄 three".encode()


def test_fix(notes: Path) -> None:
    run = derive("fix", "slips.md", "good.md", folder=notes)
    assert (run.returncode, run.stderr) == (0, "")
    assert (notes / "slips.md").read_bytes() == MENDED
    assert run.stdout.startswith("slips.md  3 repairs\n  slips.md:2:1  E101 wrong step\n    a = b\n    → a = b (1 more")
    assert "\n  slips.md:3:1  E101 wrong step\n" in run.stdout
    assert "2 documents, 4 steps: 4 proved" in run.stdout
    before = (notes / "slips.md").stat()
    run = derive("fix", "slips.md", "good.md", folder=notes)
    assert (run.returncode, run.stderr) == (0, "")
    assert "repair" not in run.stdout
    after = (notes / "slips.md").stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert sorted(path.name for path in notes.iterdir()) == ["good.md", "slips.md", "wrong.md"]


def test_what_is_wrong_still_is_told(notes: Path) -> None:
    run = derive("fix", "wrong.md", folder=notes)
    assert run.returncode == 1
    assert (notes / "wrong.md").read_text() == "refuted\ntwo\n"
    assert "✗ refuted" in run.stdout and "2 steps: 1 proved, 1 refuted" in run.stdout
    assert "repair" not in derive("fix", "--quiet", "wrong.md", folder=notes).stdout
    (notes / "told.md").write_text("finding note S301\n")
    assert "S301" not in derive("fix", "told.md", folder=notes).stdout
    (notes / "told.md").write_text("finding warning I204\n")
    assert "I204" in derive("fix", "told.md", folder=notes).stdout


def test_difference(notes: Path) -> None:
    before = (notes / "slips.md").read_bytes()
    run = derive("fix", "--diff", "slips.md", folder=notes)
    assert run.returncode == 1
    assert (notes / "slips.md").read_bytes() == before
    assert run.stderr == "derive: 3 repairs in 1 document; 0 errors would be left\n"
    assert run.stdout.startswith("--- slips.md\n+++ slips.md\n@@ -1,3 +1,3 @@\n")
    assert derive("fix", "--diff", "--quiet", "slips.md", folder=notes).stderr == ""
    run = derive("fix", "--diff", "good.md", folder=notes)
    assert (run.returncode, run.stdout) == (0, "")


def test_patch_takes_the_difference(notes: Path) -> None:
    try:
        subprocess.run(["patch", "--version"], capture_output=True, check=True)
    except OSError:
        pytest.skip("there is no patch here")
    command = [sys.executable, "-m", "derive", "fix", "--diff", "squares.md"]
    (notes / "squares.md").write_bytes(read(BEFORE / "squares.md").replace("\n", "\r\n").encode())
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    rows = subprocess.run(command, cwd=notes, capture_output=True, check=False, env=environment).stdout
    subprocess.run(["patch", "--binary", "-p0"], cwd=notes, input=rows, check=True, capture_output=True)
    assert (notes / "squares.md").read_bytes() == read(AFTER / "squares.md").replace("\n", "\r\n").encode()


def test_standard_input_comes_out_mended(notes: Path) -> None:
    run = derive("fix", "-", "--stdin-filename", "a.md", stdin="\ufeffslip one\ntwo", folder=notes)
    assert (run.returncode, run.stdout) == (0, "\ufeffone\ntwo")
    assert "a.md:1:1  E101" in run.stderr
    run = derive("fix", "-", stdin="refuted\n", folder=notes)
    assert (run.returncode, run.stdout) == (1, "refuted\n")
    run = derive("fix", "-", "--diff", stdin="slip one\n", folder=notes)
    assert (run.returncode, run.stdout.splitlines()[0]) == (1, "--- <stdin>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothere.md"], "nothere.md: no such file"),
        (["-", "good.md"], "-: standard input comes out mended"),
        (["softmax"], "softmax: comes with derive and is not written; --diff shows"),
        (["good.md", "--time-limit", "0"], "not a time limit"),
        (["good.md", "--select", "X"], "not the beginning of a finding code"),
    ],
)
def test_what_cannot_run(notes: Path, arguments: list[str], said: str) -> None:
    run = derive("fix", *arguments, folder=notes)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in " ".join(run.stderr.split())


def test_the_rest_is_fixed_all_the_same(notes: Path) -> None:
    run = derive("fix", "softmax", "nothere.md", "slips.md", folder=notes)
    assert run.returncode == 2
    assert (notes / "slips.md").read_bytes() == MENDED


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_a_byte_order_mark_stays(notes: Path, jobs: str) -> None:
    (notes / "marked.md").write_bytes(b"\xef\xbb\xbfslip one\n")
    assert derive("fix", "marked.md", "slips.md", "--jobs", jobs, folder=notes).returncode == 0
    assert (notes / "marked.md").read_bytes() == b"\xef\xbb\xbfone\n"
    assert (notes / "slips.md").read_bytes() == MENDED


def test_what_is_ignored_is_not_mended(notes: Path) -> None:
    run = derive("fix", "slips.md", "--ignore", "E101", folder=notes)
    assert run.returncode == 1
    assert b"slip two" in (notes / "slips.md").read_bytes()


def test_a_file_that_changes_meanwhile_is_left_alone(notes: Path) -> None:
    (notes / "moving.md").write_text("slip one\nappend to moving.md\n")
    run = derive("fix", "moving.md", "slips.md", folder=notes)
    assert run.returncode == 2
    assert "derive: moving.md: not written: it was changed while it was being checked\n" in run.stderr
    assert (notes / "moving.md").read_text().startswith("slip one\nappend to moving.md\nmore")
    assert (notes / "slips.md").read_bytes() == MENDED
    assert not [path for path in notes.iterdir() if path.suffix == ".tmp"]


@pytest.mark.skipif(os.name != "posix", reason="permissions and links")
@pytest.mark.parametrize("mode", [0o640, 0o755])
def test_permissions_and_links_stay(notes: Path, mode: int) -> None:
    (notes / "folder").mkdir()
    real, link = notes / "folder" / "real.md", notes / "link.md"
    real.write_text("slip one\n")
    real.chmod(mode)
    link.symlink_to(Path("folder") / "real.md")
    assert derive("fix", "link.md", folder=notes).returncode == 0
    assert link.is_symlink() and real.read_text() == "one\n"
    assert stat.S_IMODE(real.stat().st_mode) == mode
    assert sorted(path.name for path in (notes / "folder").iterdir()) == ["real.md"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions are not asked of root")
def test_a_file_without_permission_is_left_alone(notes: Path) -> None:
    (notes / "slips.md").chmod(0o444)
    run = derive("fix", "slips.md", folder=notes)
    assert run.returncode == 2 and "you have no permission" in run.stderr
    assert b"slip two" in (notes / "slips.md").read_bytes()


def test_replacing(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    with pytest.raises(NotReplaced, match="was changed while"):
        replace_file(path, b"older", b"new")
    with pytest.raises(NotReplaced, match=r"not written|cannot be written"):
        replace_file(tmp_path / "none.md", b"", b"new")
    assert path.read_bytes() == b"old"
    replace_file(path, b"old", b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.md"]


def test_a_macro_is_not_changed_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "macros.tex").write_bytes((BEFORE / "macros.tex").read_bytes())
    command = [sys.executable, "-m", "derive", "fix", "macros.tex"]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, env=environment)
    assert run.returncode == 1
    assert run.stderr == "derive: macros.tex:18: \\wrong is used here; what a macro stands for is not changed\n"
    assert read(tmp_path / "macros.tex") == read(AFTER / "macros.tex")
