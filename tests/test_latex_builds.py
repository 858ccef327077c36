"""The LaTeX report compiles under pdflatex and xelatex, whole and within its page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sample_reports import SAMPLES

from derive.reports.latex import write_latex
from derive.reports.settings import Settings
from derive.results import VERDICTS, DerivationResult, DocumentResult, Place, Report, StepResult

ENGINES = ("pdflatex", "xelatex")


def need(program: str) -> str:
    """The program's path; without it the test is left out, but not where everything must be tested."""
    path = shutil.which(program)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{program} is not installed")
        pytest.skip(f"{program} is not installed")
    return path


def compile_tex(engine: str, text: str, folder: Path) -> tuple[str, str]:
    """Compiles a document; its log and the text of its pages."""
    (folder / "report.tex").write_text(text, "utf-8")
    command = [need(engine), "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "report.tex"]
    for _ in range(2):
        run = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
        assert run.returncode == 0, run.stdout.decode("utf-8", "replace")[-3000:]
    log = (folder / "report.log").read_text("utf-8", "replace")
    pages = subprocess.run(
        [need("pdftotext"), "-layout", "report.pdf", "-"], cwd=folder, capture_output=True, check=True
    )
    return log, pages.stdout.decode("utf-8")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", SAMPLES)
def test_report_compiles(engine: str, name: str, tmp_path: Path) -> None:
    report = SAMPLES[name]
    log, text = compile_tex(engine, write_latex(report, Settings()), tmp_path)
    assert "Overfull" not in log
    assert "Missing character" not in log
    assert "undefined" not in log.lower()
    for verdict in VERDICTS:
        # once in the table's head, once for each step
        assert len(re.findall(rf"\b{verdict}\b", text)) >= 1 + report.count(verdict)
    assert f"{len(report.steps())} steps" in text
    for document in report.documents:
        for finding in document.findings:
            assert finding.code in text
    assert text.count("\f") <= 2 + len(report.steps()) // 3


HOSTILE = (
    r"x \text{因此 for all } y",
    r"\ch{a} + \cancelto{0}{b} \tag{5.1} \label{eq:a}",
    r"\input{/etc/passwd}",
    r"\write18{touch broken}",
    r"\def\x{\x}\x",
    r"\frac{a}{b",
    r"a } \end{document} {",
    r"\left( \left[ x \right)",
    r"^^5cinput{/etc/passwd}",
    "a $ b # c % d & e ~ f",
    r"\sqrt{" * 60 + "x" + "}" * 60,
    "x" * 3000,
    " + ".join(r"\mathbf{X}_{12}" for _ in range(700)),
    r"\begin{pmatrix}" + r" \\ ".join(" & ".join("1234567" for _ in range(30)) for _ in range(60)) + r"\end{pmatrix}",
)


@pytest.mark.parametrize("engine", ENGINES)
def test_no_formula_breaks_the_report(engine: str, tmp_path: Path) -> None:
    place = Place(1, 1, 1, 2)
    steps = tuple(StepResult(place, "a", "=", latex, True, "unknown", reason=latex[:80]) for latex in HOSTILE)
    report = Report((DocumentResult("hostile.md", (DerivationResult(1, 1, "", steps),)),))
    log, text = compile_tex(engine, write_latex(report, Settings()), tmp_path)
    assert "Overfull" not in log
    assert "root:" not in text
    assert not (tmp_path / "broken").exists()
    assert "14 steps" in text


@pytest.mark.parametrize("engine", ENGINES)
def test_real_report_compiles(engine: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "derive", "check", "softmax", "logistic", "--format", "latex"],
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert run.returncode in (0, 1), run.stderr.decode()
    log, text = compile_tex(engine, run.stdout.decode("utf-8"), tmp_path)
    assert "Overfull" not in log
    assert re.search(r"\d+ steps; \d+ errors?", text)
    assert "I201 index slip" in text
    assert "did you mean" in text
