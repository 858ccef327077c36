"""The LaTeX report compiles under pdflatex and xelatex, whole and within its page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from sample_reports import SAMPLES

from derive.reports.latex import write_latex
from derive.reports.settings import Settings
from derive.results import VERDICTS

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
