"""The steps that derive is compared on with its peers: derive alone proves no false one and refutes no true one.

Nothing is demanded of the steps that it leaves open; `python -m tests.benchmarks.peers` counts them.
"""

from __future__ import annotations

import time
from importlib.util import find_spec
from pathlib import Path

import pytest
import sympy as sp
from benchmarks.peers import GRADES, Outcome, percentile, row, written
from benchmarks.process import Missing, Process
from benchmarks.step import FOLDER, BrokenPage, Step, make, read_bundled, read_page, read_pages, read_rules
from benchmarks.tools import Answer
from benchmarks.tools.derive import answer
from benchmarks.tools.misreading import misread
from benchmarks.tools.pycodemath import Outside, translate
from benchmarks.tools.simplifying import decide
from examining import OutOfTime, time_limit

from derive.running.options import DEFAULT_TIME_LIMIT

PAGES = sorted(FOLDER.glob("*.md"))


def ask(step: Step) -> Answer:
    try:
        with time_limit(4 * DEFAULT_TIME_LIMIT):
            return answer(step)
    except OutOfTime:
        return Answer("undecided", "out of time")


def told(step: Step, said: Answer) -> str:
    return f"{step.latex} where {', '.join(step.given)}: {said.word}: {said.why}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_nothing_false_is_proved_and_nothing_true_refuted(page: Path) -> None:
    steps = list(read_page(page))
    outcomes = [Outcome("derive", step, ask(step), 0.0) for step in steps]
    assert [told(outcome.step, outcome.answer) for outcome in outcomes if outcome.grade == "wrong"] == []


def test_nothing_hangs_on_what_others_hang_on() -> None:
    """Time of this process alone: a busy machine makes nothing hang."""
    late = []
    for step in read_page(FOLDER / "slow-elsewhere.md"):
        begin = time.process_time()
        answer(step)
        spent = time.process_time() - begin
        if spent > 2 * DEFAULT_TIME_LIMIT:
            late.append(f"{step.latex}: {spent:.1f} s")
    assert late == []


def test_every_true_step_has_a_false_twin() -> None:
    steps = read_pages()
    assert len(steps) >= 400
    for true, false in zip(steps[::2], steps[1::2], strict=True):
        assert true.true and not false.true
        assert (true.topic, true.given) == (false.topic, false.given)
        assert true.latex != false.latex
    assert len({step.latex for step in steps}) == len(steps)


def test_other_sources() -> None:
    assert {step.document for step in read_bundled()} == {"logistic", "softmax"}
    assert any(step.alone for step in read_bundled()) and not all(step.alone for step in read_bundled())
    rules = read_rules()
    assert any(step.true for step in rules) and not all(step.true for step in rules)


@pytest.mark.parametrize(
    ("latex", "left", "relation", "right"),
    [
        (r"\sum_{i=1}^{n} 1 = n", r"\sum_{i=1}^{n} 1", "=", "n"),
        (r"2x = 6 \Rightarrow x = 3", "2x = 6", r"\Rightarrow", "x = 3"),
        (r"\sum_{i=1}^{2} [i = 2] x_i \le x_2", r"\sum_{i=1}^{2} [i = 2] x_i", r"\le", "x_2"),
    ],
)
def test_a_step_is_cut_at_its_relation(latex: str, left: str, relation: str, right: str) -> None:
    step = make("", latex, (), True)
    assert (step.left, step.relation, step.right) == (left, relation, right)


@pytest.mark.parametrize("latex", ["a = b = c", "a + b", r"a \Rightarrow b \Rightarrow c"])
def test_other_formulas_are_no_step(latex: str) -> None:
    with pytest.raises(BrokenPage, match="not one relation"):
        make("", latex, (), True)


def test_a_page_that_is_not_written_as_pages_are(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n- holds: $a = a$\n- falls: $a = b$\n", encoding="utf-8")
    with pytest.raises(BrokenPage, match="not an item: - falls"):
        list(read_page(page))


@pytest.mark.parametrize(
    ("true", "said", "grade"),
    [
        (True, Answer("equal"), "proved"),
        (False, Answer("different"), "refuted"),
        (True, Answer("different"), "wrong"),
        (False, Answer("equal", misread="x is lost"), "wrong"),
        (True, Answer("equal", misread="x is lost"), "unread"),
        (True, Answer("undecided", misread="x is lost"), "unread"),
        (False, Answer("undecided"), "undecided"),
        (False, Answer("unread"), "unread"),
    ],
)
def test_grades(true: bool, said: Answer, grade: str) -> None:
    assert Outcome("tool", make("", "a = b", (), true), said, 0.0).grade == grade


def test_figures_and_tables() -> None:
    steps = [make("", "a = b", (), true) for true in (True, True, False)]
    answers = [Answer("equal"), Answer("unread"), Answer("equal")]
    outcomes = [Outcome("t", s, a, 0.001 * k) for k, (s, a) in enumerate(zip(steps, answers, strict=True), 1)]
    figures = row(outcomes)
    assert figures == ["1 of 2", "0 of 1", "1", "1", "0", "2.0", "3.0"]
    table = [["", *GRADES, "median ms", "p95 ms"], ["tool", *figures]]
    assert "tool  1 of 2   0 of 1      1       1          0        2.0     3.0" in written(table, markdown=False)
    assert "| tool | 1 of 2 |  0 of 1 |     1 |" in written(table, markdown=True)


def test_percentiles() -> None:
    assert percentile(list(range(1, 101)), 0.95) == 95
    assert percentile([3.0], 0.95) == 3.0
    assert percentile([1.0, 2.0], 0.95) == 2.0


def test_a_program_is_ended_at_its_limit_and_started_again() -> None:
    long = " + ".join(f"x_{{{k}}}^2" for k in range(2000))
    process = Process("derive", limit=0.01)
    try:
        assert process.ask(make("", f"{long} = {long}", (), True)) == (Answer("undecided", "out of time"), 0.01)
        process.limit = 60.0
        said, seconds = process.ask(make("", "(x+1)^2 = x^2 + 2x + 1", (), True))
        assert said.word == "equal" and 0 < seconds < 60
    finally:
        process.stop()


@pytest.mark.skipif(find_spec("math_verify") is not None, reason="it is installed")
def test_a_program_that_is_not_installed_is_missing() -> None:
    with pytest.raises(Missing, match="math_verify"):
        Process("Math-Verify", limit=5.0).start()


# ------------------------------------------------------------------------------------- how the others are asked

x, n, i = sp.symbols("x n i")


@pytest.mark.parametrize(
    ("latex", "made", "seen"),
    [
        (r"\sum_{i=1}^{n} x_i", sp.Sum(sp.Symbol("x_{i}"), (i, 1, n)), "x_{i} is one symbol that knows nothing of i"),
        (r"\hat{x} + n", sp.Symbol("hat") * x + n, r"\hat is read as a symbol"),
        (r"N x", n * x, "N is lost"),
        (r"f(x) + x", sp.Symbol("f") * x + x, "f is read as a factor"),
        (r"f'(x)", sp.Function("f")(x), "f' is read as f"),
        (r"n(1-x) - n", sp.Function("n")(1 - x) - n, "n is read as a function"),
        (r"x^{(i)}", x**i, "the superscript (i) is read as a power"),
        (r"\sum_{i=1}^{n} i x", sp.Sum(i * x, (i, 1, n)), ""),
        (r"\mu f(x)", sp.Symbol("mu") * sp.Function("f")(x), ""),
    ],
)
def test_visible_misreadings(latex: str, made: sp.Expr, seen: str) -> None:
    assert misread(latex, [made]) == seen


@pytest.mark.parametrize(
    ("latex", "given", "word"),
    [
        ("x+x = 2x", (), "equal"),
        ("x+x = 3x", (), "different"),
        ("w = x", ("x > 0",), "equal"),
        (r"x+x = 2x \Rightarrow x = 3", (), "undecided"),
        (r"x+x = 6 \Rightarrow x = 3", (), "equal"),
        (r"x+x = 6 \Rightarrow x = 2", (), "different"),
        (r"w \ge 0", (), "equal"),
        (r"? = 1", (), "unread"),
    ],
)
def test_simplifying(latex: str, given: tuple[str, ...], word: str) -> None:
    made = {"x+x": x + x, "2x": 2 * x, "3x": 3 * x, "w": sp.sqrt(x**2), "x": x}

    def read(text: str) -> sp.Expr:
        return made[text.strip()] if text.strip() in made else sp.Integer(int(text))

    assert decide(read, make("", latex, given, True)).word == word


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"\frac12 mv^2", "((1)/(2)) m v^(2)"),
        (r"\sin^2 x + \cos(2x)^2", "(sin( x ))^(2)+ cos(2 x )^(2)"),
        (r"\left|\lambda\right| \cdot e^{-x}", "abs( lamda )* E ^(- x )"),
        (r"\sqrt{x} + \sqrt[3]{\pi}", "sqrt( x )+(( pi )^(1/(3)))"),
    ],
)
def test_plain_notation(latex: str, plain: str) -> None:
    assert translate(latex).replace(" ", "") == plain.replace(" ", "")


@pytest.mark.parametrize(
    "latex", [r"x_i", r"\sum_{i=1}^{n} i", r"\frac{d}{dx} x^2", "f(x)", r"\cos 2x", r"\int_0^1 x\,dx"]
)
def test_what_has_no_plain_notation(latex: str) -> None:
    with pytest.raises(Outside):
        translate(latex)
