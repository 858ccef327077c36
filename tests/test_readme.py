"""The README says what is so: its report, its table of findings, its commands. `UPDATE_GOLDEN=1` writes the table."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from derive.findings.codes import CODES

TOP = Path(__file__).parent.parent
README = (TOP / "README.md").read_text(encoding="utf-8")


def test_the_report_is_what_the_command_prints() -> None:
    (shown,) = re.findall(r"```text\n\$ derive check softmax\n(.+?)\n```", README, re.S)
    run = subprocess.run(
        [sys.executable, "-m", "derive", "check", "softmax"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=TOP,
        env={**os.environ, "COLUMNS": "96", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
    )
    # the path of the bundled document is the installation's own, and may break lines elsewhere
    printed = re.sub(r"\S*(derive/documents/bundled/softmax\.md)", r"\1", run.stdout)

    def told(text: str) -> list[str]:
        return re.sub(r" · [\d.]+ s$", "", text.strip()).split()

    assert told(printed) == told(shown)
    assert run.returncode == 1


def test_the_repairs_are_what_the_command_makes(tmp_path: Path) -> None:
    (document,) = re.findall(r"<!-- fixed -->\n```markdown\n(.+?)```", README, re.S)
    (shown,) = re.findall(r"```text\n\$ derive fix notes.md\n(.+?)\n```", README, re.S)
    (tmp_path / "notes.md").write_text(document, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "derive", "fix", "notes.md"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(TOP), "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
    )
    assert re.sub(r" · [\d.]+ s$", "", run.stdout.strip()) == shown
    assert (run.returncode, run.stderr) == (0, "")


def test_the_table_of_findings_is_that_of_the_codes() -> None:
    rows = [f"| [`{c.code}`](derive/findings/pages/{c.code}.md) | {c.name} | {c.meaning} |" for c in CODES.values()]
    table = "\n".join(["| code | name | means |", "|---|---|---|", *rows])
    (shown,) = re.findall(r"^\| code \| name \| means \|\n(?:\|.*\n)+", README, re.M)
    if os.environ.get("UPDATE_GOLDEN"):
        (TOP / "README.md").write_text(README.replace(shown, table + "\n"), encoding="utf-8")
    else:
        assert shown == table + "\n", "UPDATE_GOLDEN=1 pytest tests/test_readme.py writes the table"


def test_the_rule_shown_stands_in_the_book() -> None:
    (shown,) = re.findall(r"^    (## shift-index\n.+?)(?=\n\S)", README, re.S | re.M)
    page = (TOP / "rules" / "sums.md").read_text(encoding="utf-8")
    for line in shown.splitlines():
        assert line.strip() in page


def test_every_folder_is_in_the_tour() -> None:
    folders = {path.name for path in (TOP / "derive").iterdir() if (path / "__init__.py").exists()}
    assert folders <= set(re.findall(r"`derive/(\w+)`", README))
