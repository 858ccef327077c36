"""The command line as its callers meet it: exit statuses, streams, files, interrupts. The checker is the fake one."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_reports import SCHEMA

HERE = Path(__file__).parent
START = (
    "import sys; sys.argv[0] = 'derive'; import derive.running.process as p; p.CHECKER = 'fake_checking'; "
    "from derive.cli import main; main()"
)
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")},
    "PYTHONPATH": os.pathsep.join([str(HERE.parent), str(HERE)]),
    "PYTHONIOENCODING": "utf-8",
}
Run = subprocess.CompletedProcess[str]


def derive(*arguments: str, stdin: str = "", folder: Path | None = None, **environment: str) -> Run:
    return subprocess.run(
        [sys.executable, "-c", START, *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        cwd=folder,
        env={**ENVIRONMENT, **environment},
        timeout=60,
        check=False,
    )


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    for name, text in {
        "good.md": "one\ntwo\n",
        "late.md": "one\nraise\n",
        "wrong.md": "refuted\n",
        "error.md": "finding error E110\n",
        "warning.md": "finding warning I203\n",
    }.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "bad.md").write_bytes(b"one\n\xff\n")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["good.md"], 0),
        (["late.md"], 0),
        (["warning.md"], 0),
        (["late.md", "--strict"], 1),
        (["good.md", "--strict"], 0),
        (["wrong.md"], 1),
        (["error.md"], 1),
        (["error.md", "--ignore", "E1"], 0),
        (["error.md", "--select", "i2,s"], 0),
        (["error.md", "--select", "S", "--select", "E110"], 1),
        (["wrong.md", "--ignore", "E"], 1),
        (["nothere.md"], 2),
        (["wrong.md", "nothere.md"], 2),
        (["bad.md", "good.md"], 2),
        ([], 2),
        (["good.md", "--format", "sarif"], 2),
        (["good.md", "--format", "nonsense"], 2),
        (["good.md", "--output", "x.pdf"], 2),
        (["good.md", "--output", "no/folder/x.json"], 2),
        (["good.md", "--time-limit", "0"], 2),
        (["good.md", "--time-limit", "nan"], 2),
        (["good.md", "--time-limit", "soon"], 2),
        (["good.md", "--jobs", "0"], 2),
        (["good.md", "--select", "X1"], 2),
        (["good.md", "--quiet", "--verbose"], 2),
        (["good.md", "--no-such-option"], 2),
    ],
)
def test_exit_status(notes: Path, arguments: list[str], status: int) -> None:
    run = derive("check", *arguments, folder=notes)
    assert run.returncode == status, run.stdout + run.stderr
    assert "Traceback" not in run.stderr
    assert bool(run.stderr) == (status == 2)


def test_what_cannot_be_read_is_said_and_the_rest_is_checked(notes: Path) -> None:
    run = derive("check", "bad.md", "nothere.md", "good.md", folder=notes)
    assert run.returncode == 2
    assert "derive: bad.md: not UTF-8 text: line 2" in run.stderr
    assert "derive: nothere.md: no such file" in run.stderr
    assert run.stdout.startswith("good.md\n")
    assert "2 steps: 2 proved" in run.stdout


def test_json_with_nothing_to_read_is_a_report_all_the_same(notes: Path) -> None:
    run = derive("check", "nothere.md", "--format", "json", folder=notes)
    assert run.returncode == 2
    assert json.loads(run.stdout)["summary"]["documents"] == 0


def test_json_report(notes: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    run = derive("check", "wrong.md", "error.md", "--format", "json", folder=notes)
    report = json.loads(run.stdout)
    jsonschema.validate(report, SCHEMA)
    assert [document["path"] for document in report["documents"]] == ["wrong.md", "error.md"]
    assert report["summary"]["refuted"] == 1


@pytest.mark.parametrize(("name", "begin"), [("r.json", "{"), ("r.tex", "\\documentclass"), ("r.txt", "good.md")])
def test_the_ending_of_the_output_decides(notes: Path, name: str, begin: str) -> None:
    run = derive("check", "good.md", "-o", name, folder=notes)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert (notes / name).read_text("utf-8").startswith(begin)


def test_standard_input(notes: Path) -> None:
    run = derive("check", "-", stdin="one\n", folder=notes)
    assert run.returncode == 0
    assert run.stdout.startswith("<stdin>\n")
    assert derive("check", "-", "--stdin-filename", "a.tex", stdin="one\n").stdout.startswith("a.tex\n")


def test_bundled_document_names_its_file() -> None:
    run = derive("check", "softmax", "--format", "text")
    assert str(HERE.parent / "derive" / "documents" / "bundled" / "softmax.md") in run.stdout.splitlines()[0]


def test_same_report_for_any_number_of_jobs(notes: Path) -> None:
    def report(*arguments: str) -> object:
        value = json.loads(derive("check", "--format", "json", *arguments, folder=notes).stdout)
        value["summary"].pop("seconds")
        return value

    documents = ["late.md", "good.md", "wrong.md", "error.md", "warning.md"]
    assert report("--jobs", "1", *documents) == report("--jobs", "2", *documents) == report(*documents)


def test_time_limit(notes: Path) -> None:
    (notes / "slow.md").write_text("hang\none\n")
    run = derive("check", "--time-limit", "0.2", "slow.md", folder=notes)
    assert "out of time (0.2 s)" in run.stdout
    assert "1 proved, 1 unknown" in run.stdout


def test_help_and_version() -> None:
    assert "--time-limit" in derive("check", "--help").stdout
    assert derive("--help").returncode == 0
    assert derive("--version").stdout.startswith("derive 0.")
    assert derive().returncode == 2


def test_unknown_commands() -> None:
    assert derive("nonsense").returncode == 2


def test_a_reader_that_goes_away_is_no_error(notes: Path) -> None:
    (notes / "long.md").write_text("one\n" * 400)
    process = subprocess.Popen(
        [sys.executable, "-c", START, "check", "--format", "json", "long.md"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=notes, env=ENVIRONMENT,
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(30) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
def test_a_full_disk_is_said(notes: Path) -> None:
    run = derive("check", "good.md", "-o", "/dev/full", "--format", "text", folder=notes)
    assert run.returncode == 2
    assert run.stderr.startswith("derive: /dev/full: cannot be written")


def test_plain_encodings(notes: Path) -> None:
    run = derive("check", "good.md", folder=notes, PYTHONIOENCODING="ascii")
    assert run.returncode == 0
    assert "+ proved" in run.stdout


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_interrupt(notes: Path) -> None:
    (notes / "slow.md").write_text("one\nhang\n")
    process = subprocess.Popen(
        [sys.executable, "-c", START, "check", "slow.md", "--time-limit", "60"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=notes, env=ENVIRONMENT,
    )  # fmt: skip
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, b"", b"")


def test_the_folder_of_a_document_is_not_imported_from(notes: Path) -> None:
    (notes / "fake_checking.py").write_text("raise SystemExit(9)")
    (notes / "sympy.py").write_text("raise SystemExit(9)")
    (notes / "json.py").write_text("raise SystemExit(9)")
    command = "import sys; del sys.path[0]; " + START
    run = subprocess.run(
        [sys.executable, "-c", command, "check", "good.md"],
        cwd=notes,
        env=ENVIRONMENT,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


def test_the_parent_imports_no_mathematics() -> None:
    code = (
        "import sys, derive.cli, derive.reports.text, derive.reports.latex, derive.reports.json_report, "
        "derive.running.pool, derive.running.progress\n"
        "print([m for m in ('sympy', 'flint', 'derive.checking') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], env=ENVIRONMENT).strip() == b"[]"
    code = "import sys, derive.cli\nprint([m for m in ('rich', 'markdown_it', 'multiprocessing') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], env=ENVIRONMENT).strip() == b"[]"


def test_real_report_is_valid_and_the_same_for_any_number_of_jobs() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    reports = []
    for jobs in ("1", "2"):
        command = [sys.executable, "-m", "derive", "check", "softmax", "logistic", "--format", "json", "--jobs", jobs]
        run = subprocess.run(command, capture_output=True, env=ENVIRONMENT, check=False, timeout=120)
        assert run.returncode == 1, run.stderr.decode()
        jsonschema.validate(json.loads(run.stdout), SCHEMA)
        reports.append(re.sub(rb'"seconds": [0-9.e-]+', b"", run.stdout))
    assert reports[0] == reports[1]
