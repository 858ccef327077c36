"""Hostile and broken input through the command line: said, with file and line, in bounded time; the rest is checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(HERE.parent), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
GOOD = "Then\n$$ (x+1)^2 = x^2 + 2x + 1 $$\n"
WRONG = "Then\n$$ (x+1)^2 = x^2 + x + 1 $$\n"


def derive(*arguments: str, folder: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    run = subprocess.run(
        [sys.executable, "-m", "derive", *arguments],
        input=stdin, capture_output=True, encoding="utf-8", errors="replace", cwd=folder, env=ENVIRONMENT, timeout=120,
        check=False,
    )  # fmt: skip
    assert "Traceback" not in run.stderr + run.stdout
    return run


def verdicts(run: subprocess.CompletedProcess[str]) -> dict[str, list[str]]:
    """The verdicts of each document of a JSON report, by file name."""
    return {
        Path(document["path"]).name: [s["verdict"] for d in document["derivations"] for s in d["steps"]]
        for document in json.loads(run.stdout)["documents"]
    }


def test_what_cannot_be_read_among_what_can(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(GOOD)
    (tmp_path / "wrong.md").write_text(WRONG)
    (tmp_path / "latin.md").write_bytes("Für alle $x$\n".encode("latin-1"))
    (tmp_path / "empty folder").mkdir()
    run = derive(
        "check", "good.md", "missing.md", "latin.md", "softmx", "wrong.md", "--format", "json", folder=tmp_path
    )
    assert run.returncode == 2
    assert verdicts(run) == {"good.md": ["proved"], "wrong.md": ["refuted"]}
    lines = run.stderr.splitlines()
    assert any("missing.md" in line and "no such file" in line for line in lines)
    assert any("latin.md" in line and "UTF-8" in line and "line 1" in line for line in lines)
    assert any("softmx" in line and "softmax" in line for line in lines)


def test_a_folder_without_documents(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"\x89PNG")
    run = derive("check", "pictures", folder=tmp_path)
    assert run.returncode == 2
    assert "pictures" in run.stderr


@pytest.mark.parametrize(("text", "status"), [(GOOD, 0), (WRONG, 1), ("", 0)])
def test_exit_status_of_a_real_check(text: str, status: int, tmp_path: Path) -> None:
    assert derive("check", "-", "--stdin-filename", "a.md", stdin=text, folder=tmp_path).returncode == status


DEEP = 100_000
LAUGHS = (
    "".join(f"\\def\\l{chr(98 + k)}" + "{" + ("\\l" + chr(97 + k)) * 10 + "}\n" for k in range(12))
    + "\\[ \\li = 1 \\]\n"
)
HOSTILE = {
    "braces.md": "$$ " + "{" * DEEP + "x" + "}" * DEEP + " = y $$\n",
    "open-braces.md": "$$ x = " + "{" * DEEP + " $$\n",
    "parentheses.md": "$$ " + "(" * DEEP + "x" + ")" * DEEP + " = x $$\n",
    "fractions.md": "$$ " + "\\frac{1}{1+" * 3000 + "x" + "}" * 3000 + " = x $$\n",
    "some-fractions.md": "$$ " + "\\frac{1}{1+" * 60 + "x" + "}" * 60 + " = x $$\n",
    "powers.md": "$$ x" + "^{x" * 5000 + "}" * 5000 + " = x $$\n",
    "scripts.md": "$$ x" + "_{x" * 5000 + "}" * 5000 + " = x $$\n",
    "roots.md": "$$ " + "\\sqrt{" * 2000 + "x" + "}" * 2000 + " = x $$\n",
    "begins.md": "$$ " + "\\begin{aligned} " * 2000 + " x = y $$\n",
    "lefts.md": "$$ " + "\\left( " * 2000 + " x = y $$\n",
    "sums.md": "$$ " + "\\sum_{i=1}^n " * 2000 + "x_i = 0 $$\n",
    "dollars.md": "$" * 200_000 + "\n",
    "long-line.md": "$$ x = " + "1 + " * (10_000_000 // 4) + "1 $$\n",
    "long-prose.md": "word " * 400_000 + "\n",
    "tower.md": "$$ 9^{9^{9^{9}}} = 1 $$\n",
    "tower-of-tens.md": "$$ 10^{10^{10}} = 10^{10^{10}} + 1 $$\n",
    "large-power.md": "$$ (x+1)^{100000} = x^{100000} + 1 $$\n",
    "large-powers.md": "$$ (x+y+z+1)^{300} = (x+y+z+1)^{299} (x + y + z) $$\n",
    "float.md": "$$ 1e300000 = 1e300001 $$\n",
    "digits.md": "$$ " + "9" * 100_000 + " = " + "9" * 99_999 + "8 $$\n",
    "factorial.md": "$$ 100000000! = 3^{10000000000} $$\n",
    "small-tower.md": "$$ 2^{-10^{9}} = 0 $$\n",
    "thousand-terms.md": "$$ " + " + ".join(f"x_{{{k}}}" for k in range(1000)) + " = "
                         + " + ".join(f"x_{{{k}}}" for k in reversed(range(1000))) + " $$\n",
    "thousand-factors.md": "$$ " + " ".join(f"(x+{k})" for k in range(1000)) + " = x $$\n",
    "thousand-steps.md": "$$\n\\begin{aligned}\na &= b \\\\\n" + "&= b \\\\\n" * 300 + "\\end{aligned}\n$$\n",
    "many-equals.md": "$$ x " + "= x " * 300 + "$$\n",
    "double-sum.md": "$$ \\sum_{i=1}^{10^{9}} \\sum_{j=1}^{10^{9}} i j = 1 $$\n",
    "binomial.md": "$$ \\binom{10^{8}}{10^{7}} = 1 $$\n",
    "integral.md": "$$ \\int_0^1 \\int_0^1 \\int_0^1 \\sin(e^{x y z}) dx dy dz = 1 $$\n",
    "sine.md": "$$ \\sin(10^{100} x) = \\sin(10^{100} x + 1) $$\n",
    "macros.tex": "\\def\\a{\\a\\a}\\newcommand{\\b}{\\a\\b\\b}\n\\[ \\a = \\b \\]\n",
    "laughs.tex": LAUGHS,
    "begin.tex": "\\begin{document}\n\\begin{align}\na &= b \\\\\n",
    "input.tex": "\\input{input}\n\\[ 1 = 1 \\]\n",
    "notebook.ipynb": '{"cells": [{"cell_type": "markdown", "source": 3}], "nbformat": 4}',
    "nul.md": "$$ x \x00 = \x01 y $$\n",
    "bom.md": "\ufeff" + GOOD,
    "controls.md": "$$ x \u202e = \u2028 y \ud7ff $$\n",
    "empty.md": "",
    "blank.md": "\n\n\n",
    "front.md": "---\ntitle: [\n",
    "unbalanced.md": "$$ x = \\frac{1}{ $$\n\n$$ a^2 - b^2 = (a-b)(a+b) $$\n",
    "begin.md": "\\begin{align}\na &= b \\\\\n\n$$ 1 = 1 $$\n",
    "wrong.md": WRONG,
    "zgood.md": GOOD,
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], float]:
    folder = tmp_path_factory.mktemp("hostile")
    for name, text in HOSTILE.items():
        (folder / name).write_text(text, encoding="utf-8")
    start = time.perf_counter()
    run = derive("check", ".", "--format", "json", "--time-limit", "0.5", "--jobs", "1", folder=folder)
    return run, time.perf_counter() - start


def test_hostile_documents_are_all_reported(hostile) -> None:
    run, _ = hostile
    assert run.returncode == 2 if run.stderr else 1, run.stderr[-2000:]
    found = verdicts(run)
    said = run.stderr
    assert [name for name in HOSTILE if name not in found and name not in said] == []
    assert found["zgood.md"] == ["proved"]
    assert found["wrong.md"] == ["refuted"]
    assert found["bom.md"] == ["proved"]
    assert found["unbalanced.md"][-1] == "proved"
    assert found["empty.md"] == found["blank.md"] == []


FALSE = {
    "tower",
    "tower-of-tens",
    "large-power",
    "large-powers",
    "digits",
    "factorial",
    "small-tower",
    "double-sum",
    "binomial",
    "sine",
}


def test_nothing_false_is_proved_and_nothing_true_refuted(hostile) -> None:
    run, _ = hostile
    found = verdicts(run)
    assert [name for name in FALSE if "proved" in found[f"{name}.md"]] == []
    for name in ("thousand-terms.md", "thousand-steps.md", "many-equals.md", "parentheses.md"):
        assert "refuted" not in found.get(name, []), name


def test_nothing_is_an_internal_error(hostile) -> None:
    run, _ = hostile
    reasons = [
        (document["path"], step["reason"])
        for document in json.loads(run.stdout)["documents"]
        for derivation in document["derivations"]
        for step in derivation["steps"]
    ]
    assert [(path, reason) for path, reason in reasons if "internal error" in reason or "stopped" in reason] == []


def test_the_time_is_bounded(hostile) -> None:
    _, seconds = hostile
    assert seconds < 90
