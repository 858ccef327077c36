"""What a folder says of how it is checked, and directives that hold for whole documents."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from derive.cli import app
from derive.commands.project import BrokenProject, Project, find_project
from derive.documents.formats import read_document
from derive.meaning.directives import ENVIRONMENT, expand, misunderstood
from derive.source import Source

NOTE = "# One\n\n$$ \\sqrt{x^2} = x $$\n\n# Two\n\n$$ h'(t) + \\sqrt{x^2} = 2 t + 1 + x $$\n"


def told(folder: Path, *options: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(app, ["check", str(folder), "--jobs", "1", *options])
    return outcome.exit_code, outcome.output


def write(folder: Path, text: str, name: str = "derive.toml") -> Path:
    (folder / "note.md").write_text(NOTE, encoding="utf-8")
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "head"), [("derive.toml", ""), ("pyproject.toml", "[tool.other]\nx = 1\n[tool.derive]\n")]
)
def test_conventions_of_a_folder_are_used(tmp_path: Path, name: str, head: str) -> None:
    text = head + 'given = ["x > 0"]\ndefinitions = ["h(t) = t^2 + t"]\nkinds = { n = "integer" }\n'
    status, report = told(write(tmp_path, text, name))
    assert status == 0
    assert "2 steps: 2 proved" in report


def test_without_them_nothing_is_assumed(tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text(NOTE, encoding="utf-8")
    (tmp_path / "derive.toml").write_text("", encoding="utf-8")
    assert "proved" not in told(tmp_path)[1]


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    write(inner, 'given = ["x > 0"]')
    (tmp_path / "pyproject.toml").write_text('[tool.derive]\ngiven = ["x < 0"]', encoding="utf-8")
    assert find_project([str(inner)]).given == ("x > 0",)
    assert find_project([str(tmp_path)]).given == ("x < 0",)


def test_codes_are_selected_and_ignored(tmp_path: Path) -> None:
    folder = write(tmp_path, 'ignore = ["E"]')
    (folder / "note.md").write_text("$$ 1 + 1 = 2 = 3 $$\n\n$$ (x = 2 $$\n", encoding="utf-8")
    assert "E101" not in told(folder)[1]
    assert "N501" in told(folder)[1]
    assert "N501" not in told(folder, "--ignore", "N")[1]
    (folder / "derive.toml").write_text('select = ["N"]', encoding="utf-8")
    assert "E101" not in told(folder)[1]
    assert "E101" in told(folder, "--select", "E")[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('gven = ["x > 0"]', "has no setting 'gven'"),
        ('given = "x > 0"', "given in this file is a list of directives"),
        ("kinds = { n = 1 }", "kinds in this file is a table of names and their kinds"),
        ('kinds = { n = "purple" }', "this directive is not understood: n is purple"),
        ('given = ["x >"]', "this directive is not understood: x >"),
        ('definitions = ["h(t)"]', "this directive is not understood: h(t)"),
        ('select = ["Q"]', "not the beginning of a finding code"),
        ("given = [", "derive.toml"),
    ],
)
def test_what_is_wrong_is_said_and_ends_the_run(tmp_path: Path, text: str, message: str) -> None:
    status, report = told(write(tmp_path, text))
    assert status == 2
    assert message in report


def test_a_table_that_is_none() -> None:
    with pytest.raises(BrokenProject):
        raise BrokenProject("x")
    assert Project().given == ()


def spans_of(text: str, name: str = "note.md") -> list[str]:
    """The characters of the source that the formulas of directives come from."""
    document = expand(read_document(Source(name, text)))
    formulas = [part for part in document.parts if getattr(part, "environment", "") == ENVIRONMENT]
    return [text[part.span.start : part.span.end] for part in formulas]


def test_directives_keep_their_places() -> None:
    assert spans_of("# A\n\n<!-- derive: x > 0; f(t) = t^2 -->\n") == ["x > 0", "f(t) = t^2"]
    assert spans_of("# A\n<!-- derive:\n  - x > 0\n  - i = 1..m\n-->\n") == ["x > 0", "i = 1..m"]
    assert spans_of("---\nderive: 'y > 0'\ntitle: x\n---\n") == ["y > 0"]
    assert spans_of('---\nderive:\n- x > 0\n- "y > 0"\nend: 1\n---\n') == ["x > 0", "y > 0"]
    assert spans_of("---\nderive: |\n  x > 0\n  A is symmetric\n---\n") == ["x > 0", "A"]
    assert spans_of("% derive: x > 0; y \\ne 1\n$x$\n", "note.tex") == ["x > 0", "y \\ne 1"]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="xyAn ;,.=<>0123\\ne{}_^$()-isarpotv\n", max_size=60))
def test_any_directive_is_read_or_refused(text: str) -> None:
    misunderstood(text)
    document = expand(read_document(Source("a.md", f"<!-- derive: {text} -->\n\n$x$\n")), (text,))
    for part in document.parts:
        assert part.span.end <= len(document.source.text) or part.span.start == 0
