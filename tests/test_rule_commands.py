"""The commands around the rule book, and one relation from the command line, as their callers meet them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from test_cli import ENVIRONMENT, START, Run, derive
from test_reports import SCHEMA

MINE = r"""# Mine

## sine-by-half

The magnitude of the sine by the cosine of the double angle.

$$ \left|\sin x\right| = \sqrt{\frac{1 - \cos(2x)}{2}} $$

- holds: $\left|\sin(3y)\right| = \sqrt{\frac{1 - \cos(6y)}{2}}$
- fails: $\left|\sin(3y)\right| = \sqrt{\frac{1 + \cos(6y)}{2}}$
- source: DLMF 4.21
"""
NOTE = r"$$ \left|\sin(5z)\right| + z = z + \sqrt{\frac{1 - \cos(10z)}{2}} $$" + "\n"
SLOPPY = MINE.replace("sine-by-half", "sloppy-root").replace(
    r"\left|\sin x\right| = \sqrt{\frac{1 - \cos(2x)}{2}}", r"\sqrt{x^2} = x"
)
WRONG = MINE.replace(r"$$ \left|\sin x\right| = \sqrt{\frac{1 - \cos(2x)}{2}} $$", "$$ wrong in every way $$")


def real(*arguments: str, folder: Path | None = None) -> Run:
    """The program with its real checker."""
    return subprocess.run(
        [sys.executable, "-m", "derive", *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=ENVIRONMENT,
        timeout=120,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "notes").mkdir()
    for name, text in {
        "pages/mine.md": MINE,
        "pages/sloppy.md": SLOPPY,
        "pages/wrong.md": WRONG,
        "pages/broken.md": "# Page\n\n## no-statement\n\nNothing.\n",
        "pages/empty.md": "# Page\n",
        "notes/note.md": NOTE,
        "good.md": "one\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "pages/bytes.md").write_bytes(b"## \xff\n")
    return tmp_path


def configure(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")


# ------------------------------------------------------------------------------------------------- derive rules


def test_rules_are_listed_by_topic(folder: Path) -> None:
    run = derive("rules", folder=folder)
    assert (run.returncode, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    assert lines.index("algebra") < lines.index("sums") < lines.index("procedures")
    at = lines.index("  shift-index")
    assert lines[at + 1].strip() == "Moving the bound index by a constant leaves a finite sum unchanged."
    assert lines[at + 2].strip() == "Σ_{k=a}^b f(k) = Σ_{j = a + c}^{b + c} f(j − c)"
    assert "  normal-form" in lines
    assert "  log-of-sum" not in lines
    assert all(len(line) <= 100 for line in lines)


def test_own_pages_are_listed_after_the_book(folder: Path) -> None:
    lines = derive("rules", "pages/mine.md", folder=folder).stdout.splitlines()
    assert lines.index("trigonometry") < lines.index("pages/mine.md") < lines.index("  sine-by-half")


def test_rules_as_json(folder: Path) -> None:
    value = json.loads(derive("rules", "pages/mine.md", "--format", "json", folder=folder).stdout)
    assert value["schema"] == "derive-rules/1"
    assert value["topics"][-1]["topic"] == "pages/mine.md"
    (rule,) = value["topics"][-1]["rules"]
    assert (rule["name"], rule["line"], rule["rejected"]) == ("sine-by-half", 3, False)
    assert rule["statement"].startswith(r"\left|\sin x\right|")
    assert "passed" not in rule
    assert {procedure["name"] for procedure in value["procedures"]} >= {"normal-form", "identical"}


def test_check_puts_all_rules_on_trial(folder: Path) -> None:
    run = derive("rules", "--check", "pages/mine.md", folder=folder)
    assert (run.returncode, run.stderr) == (0, "")
    assert "pages/mine.md  1 of 1 rule pass" in run.stdout
    assert "falsehoods are refuted" in run.stdout
    assert "not evaluated" not in run.stdout
    assert "not evaluated" in derive("rules", "--check", "--verbose", folder=folder).stdout


def test_check_says_what_failed(folder: Path) -> None:
    run = derive("rules", "--check", "pages/wrong.md", "pages/mine.md", folder=folder)
    assert (run.returncode, run.stderr) == (1, "")
    told = run.stdout[run.stdout.index("pages/wrong.md  0 of 1 rule pass") :].splitlines()
    assert told[1:3] == ["  ✗ sine-by-half  pages/wrong.md:3", "      wrong in every way"]
    value = json.loads(derive("rules", "--check", "pages/wrong.md", "--format", "json", folder=folder).stdout)
    (rule,) = value["topics"][-1]["rules"]
    assert (rule["passed"], rule["complaints"]) == (False, ["wrong in every way"])
    assert value["topics"][-2]["topic"] == "rejected"


@pytest.mark.parametrize("line", ["segfault", "raise"])
def test_a_trial_that_is_lost_fails(folder: Path, line: str) -> None:
    (folder / "lost.md").write_text(WRONG.replace("wrong in every way", line), encoding="utf-8")
    run = derive("rules", "--check", "lost.md", folder=folder)
    assert run.returncode == 1
    assert "its trial was stopped" in run.stdout


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("pages/broken.md", "pages/broken.md:3: no-statement needs one sentence and one displayed statement"),
        ("pages/empty.md", "pages/empty.md: there is no rule on this page"),
        ("pages/bytes.md", "pages/bytes.md: cannot be read: not UTF-8 text"),
        ("nothere.md", "nothere.md: cannot be read: No such file"),
        ("pages", "pages: cannot be read"),
    ],
)
@pytest.mark.parametrize("command", [["rules"], ["rules", "--check"], ["check", "good.md", "--rules"]])
def test_a_page_that_cannot_be_used(folder: Path, command: list[str], page: str, said: str) -> None:
    run = derive(*command, page, folder=folder)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"derive: {said}")
    assert "Traceback" not in run.stderr


def test_rules_has_two_formats(folder: Path) -> None:
    assert derive("rules", "--format", "latex", folder=folder).returncode == 2


# ----------------------------------------------------------------------------------------------- derive explain


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("shift-index", ["sums", "Σ_{k=a}^b f(k)", "where", "c ∈ ℤ", "holds", "fails", "Concrete Mathematics"]),
        ("split-fraction", ["assumes", "c ≠ 0", "(a + b)/c = a/c + b/c"]),
        ("log-of-sum", ["rejected: this is false", "breaks at", "x = y = 1 gives log(2) and 0"]),
        ("normal-form", ["procedure", "Both sides have the same normal form"]),
        ("I201", ["I201 index-slip", "error", "One indexed symbol stands where another was meant."]),
        ("e101", ["E101 wrong-step", "The two sides differ."]),
        ("short-sum", ["I207 short-sum", "warning"]),
    ],
)
def test_explain(folder: Path, name: str, said: list[str]) -> None:
    run = derive("explain", name, folder=folder)
    assert (run.returncode, run.stderr) == (0, "")
    for words in said:
        assert words in run.stdout, run.stdout
    # documents stand as they are written
    prose = "".join(row for row in run.stdout.splitlines() if not row.startswith("    │"))
    assert "$" not in prose and "\\" not in prose


@pytest.mark.parametrize(
    ("name", "near"),
    [("shft-index", "shift-index"), ("I21", "I201"), ("index-slp", "index-slip"), ("normal-from", "normal-form")],
)
def test_explain_suggests_near_names(folder: Path, name: str, near: str) -> None:
    run = derive("explain", name, folder=folder)
    assert (run.returncode, run.stdout) == (2, "")
    assert f"is called '{name}' (did you mean" in run.stderr
    assert near in run.stderr


def test_explain_what_has_no_near_name(folder: Path) -> None:
    run = derive("explain", "xyzzy", folder=folder)
    assert (run.returncode, run.stderr) == (2, "derive: no rule, procedure or finding code is called 'xyzzy'\n")


def test_explain_knows_own_pages(folder: Path) -> None:
    assert "pages/mine.md:3" in derive("explain", "sine-by-half", "--rules", "pages/mine.md", folder=folder).stdout
    assert derive("explain", "sine-by-half", folder=folder).returncode == 2
    configure(folder, '[tool.derive]\nrules = ["pages/mine.md"]\n')
    assert "|sin(x)| = √((1 − cos(2 x))/2)" in derive("explain", "sine-by-half", folder=folder).stdout
    assert "did you mean sine-by-half" in derive("explain", "sine-by-halves", folder=folder).stderr


def test_the_book_is_shown_without_mathematics() -> None:
    for arguments in (["rules"], ["rules", "--format", "json"], ["explain", "shift-index"], ["explain", "I201"]):
        code = (
            "import sys; from derive.cli import app; "
            f"app({arguments!r}, standalone_mode=False); "
            "print([m for m in ('sympy', 'flint', 'multiprocessing') if m in sys.modules], file=sys.stderr)"
        )
        run = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, check=True)
        assert run.stderr.strip() == b"[]"


# ------------------------------------------------------------------------------------------------ check --rules


def test_a_page_of_your_own_is_tried_and_then_used(folder: Path) -> None:
    assert "proved" not in real("check", "notes/note.md", folder=folder).stdout
    jsonschema = pytest.importorskip("jsonschema")
    run = real("check", "notes/note.md", "--rules", "pages/mine.md", "--format", "json", "--verbose", folder=folder)
    assert (run.returncode, run.stderr) == (0, "")
    report = json.loads(run.stdout)
    jsonschema.validate(report, SCHEMA)
    (step,) = report["documents"][0]["derivations"][0]["steps"]
    assert (step["verdict"], step["method"]) == ("proved", "rules")
    assert step["rules"] == ["sine-by-half", "normal-form"]
    assert "the rule sine-by-half of mine" in step["assumptions"]
    line = step["proof"][0]
    assert (line["rule"], line["side"]) == ("sine-by-half", "left")
    assert line["bindings"] == {"x": "5 z"}
    assert line["part"] and line["replacement"] and line["replacement"] in line["after"]


def test_a_page_that_fails_stops_the_run(folder: Path) -> None:
    run = real("check", "notes/note.md", "--rules", "pages/mine.md", "--rules", "pages/sloppy.md", folder=folder)
    assert (run.returncode, run.stdout) == (2, "")
    assert "derive: pages/sloppy.md:3: sloppy-root: the statement is refuted: x = -1 gives 1 and -1" in run.stderr
    assert "pages/mine.md" not in run.stderr


def test_a_page_stops_the_run_before_anything_is_read(folder: Path) -> None:
    run = derive("check", "nothere.md", "--rules", "pages/wrong.md", "--format", "json", folder=folder)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.splitlines()[0] == "derive: pages/wrong.md:3: sine-by-half: wrong in every way"
    assert "nothere" not in run.stderr


def test_the_pages_of_a_project_are_used(folder: Path) -> None:
    configure(folder, '[tool.derive]\nrules = ["pages/wrong.md"]\n')
    (folder / "notes" / "pyproject.toml").write_text("[tool.other]\nrules = 1\n")
    for arguments, where in ((["notes/note.md"], folder), (["note.md"], folder / "notes"), (["-"], folder / "notes")):
        run = derive("check", *arguments, folder=where)
        assert run.returncode == 2, arguments
        assert "wrong in every way" in run.stderr
    assert derive("check", str(folder / "notes" / "note.md"), folder=folder.parent).returncode == 2
    configure(folder, '[tool.derive]\nrules = ["pages/mine.md"]\n')
    assert derive("check", "good.md", "--rules", "pages/../pages/mine.md", folder=folder).returncode == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.derive\n", "pyproject.toml: Expected"),
        ("[tool.derive]\nrule = []\n", "[tool.derive] has no setting 'rule' (there are: rules, "),
        ("[tool.derive]\nrules = 'a.md'\n", "rules in [tool.derive] is a list of paths"),
        ("[tool.derive]\nrules = [1]\n", "rules in [tool.derive] is a list of paths"),
        ("[tool]\nderive = 1\n", "[tool.derive] is no table"),
        ("[tool.derive]\nrules = ['nothere.md']\n", "nothere.md: cannot be read"),
    ],
)
def test_a_project_file_that_is_broken(folder: Path, text: str, said: str) -> None:
    configure(folder, text)
    run = derive("check", "good.md", folder=folder)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr and "Traceback" not in run.stderr


def test_other_project_files_do_not_matter(folder: Path) -> None:
    for text in ("", "[tool.ruff]\nline-length = 3\n", "tool = 3\n"):
        configure(folder, text)
        assert derive("check", "good.md", folder=folder).returncode == 0


# ------------------------------------------------------------------------------------------------- derive prove


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ([r"(x+1)^2 = x^2 + 2x + 1"], 0, "(x + 1)² = x² + 2 x + 1   ✓ proved  normal form"),
        ([r"\sqrt{x^2} = x"], 1, "for x = -1: left side 1, right side -1"),
        ([r"\sqrt{x^2} = x", "--given", "x > 0"], 0, "assuming x > 0"),
        ([r"\sqrt{x^2} = x", "--given", "x is nonnegative"], 0, "✓ proved"),
        (["x = y"], 0, "`x` stands on one side only"),
        (["x = y", "--strict"], 1, "? unknown"),
        (["-v = 0 - v", "--verbose"], 0, "by identical: −v = −v"),
    ],
)
def test_prove(folder: Path, arguments: list[str], status: int, said: str) -> None:
    run = real("prove", *arguments, folder=folder)
    assert (run.returncode, run.stderr) == (status, "")
    assert run.stdout.startswith("<statement>\n")
    assert said in run.stdout, run.stdout


def test_prove_as_json(folder: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    run = real("prove", r"\sin(2t) = 2 \sin t", "--given", "t > 0", "--format", "json", folder=folder)
    assert run.returncode == 1
    report = json.loads(run.stdout)
    jsonschema.validate(report, SCHEMA)
    (document,) = report["documents"]
    assert document["path"] == "<statement>"
    (step,) = document["derivations"][0]["steps"]
    assert (step["line"], step["column"], step["end_column"]) == (1, 10, 20)
    assert (step["left"], step["verdict"]) == (r"\sin(2 t)", "refuted")
    assert set(step["counterexample"]["values"]) == {"t"}
    assert [finding["code"] for finding in document["findings"]] == ["E101"]


def test_prove_with_your_own_rules(folder: Path) -> None:
    configure(folder, '[tool.derive]\nrules = ["pages/mine.md"]\n')
    run = real("prove", r"\left|\sin u\right| \sqrt{2} = \sqrt{2} \sqrt{\frac{1 - \cos(2u)}{2}}", folder=folder)
    assert run.returncode == 0
    assert "sine by half" in run.stdout and "the rule sine-by-half of mine" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x^2"], "the statement 'x^2' is not one relation"),
        ([""], "is not one relation"),
        (["x = "], "one side of the relation is missing"),
        (["x = \\foo y"], "cannot be read: unknown command \\foo"),
        (["x \\in A"], "the relation ∈ is not checked"),
        (["x \\approx 3"], "the relation ≈ is not checked"),
        (["a = b \\\\ c = d"], "is not one relation"),
        (["x = x if x > 0"], "words stand in it; what holds is said with --given"),
        (["x = x", "--given", "A is symmetric"], "--given 'A is symmetric' is not understood"),
        (["x = x", "--given", "x is positive or zero"], "is not understood"),
        (["x = x", "--given", "x"], "--given 'x' is not one relation"),
        (["x = x", "--given", "x > 0 and y"], "is not one relation"),
        (["x = x", "--rules", "nothere.md"], "nothere.md: cannot be read"),
    ],
)
def test_prove_says_what_it_does_not_understand(folder: Path, arguments: list[str], said: str) -> None:
    run = derive("prove", *arguments, folder=folder)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("derive: ") and said in run.stderr, run.stderr


def test_prove_with_bad_usage(folder: Path) -> None:
    for arguments in (["x = x", "--format", "nonsense"], ["x = x", "--time-limit", "0"], [], ["x = x", "y = y"]):
        run = derive("prove", *arguments, folder=folder)
        assert run.returncode == 2 and "Traceback" not in run.stderr


def test_the_start_of_the_program_stays_small() -> None:
    assert "derive.cli" in START
    code = (
        "import sys, derive.cli\n"
        "late = ('derive.proving', 'derive.notation', 'derive.meaning', 'tomllib')\n"
        "print([m for m in sys.modules if m.startswith(late)])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], env=ENVIRONMENT).strip() == b"[]"
