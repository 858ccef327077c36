"""What other programs read or judge wrongly, or hang on: each case read and judged rightly here."""

from __future__ import annotations

import time

import pytest
import sympy as sp
from examining import check, steps_of, told

from derive.meaning.objects import Call, Entry, Partial, SumOver, subterms
from derive.meaning.question import Question
from derive.meaning.statement import read_statement
from derive.proving.core import Proof
from derive.proving.prover import prove
from derive.refuting.answers import Counterexample
from derive.refuting.refuter import refute


def read(latex: str, *given: str) -> Question:
    return read_statement(latex, given)


def expression(latex: str, *given: str) -> sp.Expr:
    return read(f"{latex} = 0", *given).left


def is_proved(latex: str, *given: str) -> bool:
    return isinstance(prove(read(latex, *given)), Proof)


def is_refuted(latex: str, *given: str) -> bool:
    return isinstance(refute(read(latex, *given)), Counterexample)


def kinds(term: sp.Basic, kind: type) -> list:
    return [part for part in subterms(term) if isinstance(part, kind)]


# ------------------------------------------------------------------------- 1, 2: sums and indices

TRUE = [
    r"\sum_{i=1}^{n} x_i = \sum_{j=1}^{n} x_j",
    r"\sum_{i=1}^{n} (a_i + b_i) = \sum_{i=1}^{n} a_i + \sum_{j=1}^{n} b_j",
    r"\sum_{i=1}^{n} \sum_{j=1}^{m} a_{ij} = \sum_{j=1}^{m} \sum_{i=1}^{n} a_{ij}",
    r"\left(\sum_{i=1}^{n} a_i\right)\left(\sum_{j=1}^{m} b_j\right) = \sum_{i=1}^{n} \sum_{j=1}^{m} a_i b_j",
    r"\sum_{k=1}^{n} x_k = \sum_{k=0}^{n-1} x_{k+1}",
    r"\sum_{i=1}^{n} c x_i = c \sum_{k=1}^{n} x_k",
    r"\left(\sum_{i=1}^n x_i\right)^2 = \sum_{i=1}^n \sum_{j=1}^n x_i x_j",
    r"\sum_{i=1}^{n} i = \frac{n(n+1)}{2}",
    r"\sum_{i=1}^{n} x_i = x_n + \sum_{i=1}^{n-1} x_i",
    r"\sum_{i=1}^{n} c = n c",
]
FALSE = [
    r"\sum_{i=1}^{n} x_i = n x_i",
    r"\sum_{j=1}^{n} x_i = \sum_{i=1}^{n} x_i",
    r"\sum_{i=1}^{n} x_i y_i = \sum_{i=1}^{n} x_i \sum_{i=1}^{n} y_i",
    r"\sum_{i=1}^{n} x_i^2 = \left(\sum_{i=1}^{n} x_i\right)^2",
    r"\sum_{k=1}^{n} x_k = \sum_{k=0}^{n} x_{k+1}",
]


@pytest.mark.parametrize("latex", TRUE)
def test_sums_proved(latex: str) -> None:
    given = ("n \\ge 1",)
    assert is_proved(latex, *given)
    assert not is_refuted(latex, *given)


@pytest.mark.parametrize("latex", FALSE)
def test_sums_refuted(latex: str) -> None:
    assert is_refuted(latex)
    assert not is_proved(latex)


@pytest.mark.parametrize(
    ("latex", "given"),
    [
        (r"\frac{\partial}{\partial z_j} \sum_{i=1}^n z_i^2 = 2 z_j", (r"1 \le j", r"j \le n")),
        (r"\frac{\partial}{\partial z_i} \sum_{i=1}^n z_i^2 = 2 z_i", (r"1 \le i", r"i \le n")),
        (r"\frac{\partial}{\partial z_j} \sum_{i=1}^n z_i w_i = w_j", (r"1 \le j", r"j \le n")),
    ],
)
def test_the_bound_index_is_not_captured(latex: str, given: tuple[str, ...]) -> None:
    assert is_proved(latex, *given)


def test_a_derivative_of_a_sum_is_not_nothing() -> None:
    assert not is_proved(r"\frac{d}{dz_j} \sum_{i=1}^n z_i^2 = 0")
    assert is_refuted(r"\frac{\partial}{\partial z_j} \sum_{i=1}^n z_i^2 = z_j", r"1 \le j", r"j \le n")


def test_a_sum_is_over_its_index() -> None:
    (total,) = kinds(expression(r"\sum_{i=1}^{n} x_i"), SumOver)
    assert kinds(total, Entry)
    assert expression(r"\sum_{i=1}^{n} x_i") == expression(r"\sum_{j=1}^{n} x_j")
    assert expression(r"\sum_{j=1}^{n} x_i") != expression(r"\sum_{i=1}^{n} x_i")


# ------------------------------------------------------------------------------------ 3: readings


@pytest.mark.parametrize(
    ("latex", "same"),
    [
        (r"y(1-h)", r"y - y h"),
        (r"{g}_{k} + 1", r"g_k + 1"),
        (r"\hat{y}_i - y_i", r"- y_i + \hat{y}_i"),
        (r"2\mathrm{e}^2", r"2 e \cdot e"),
        (r"\log x", r"\ln x"),
        (r"\frac{\partial L}{\partial z_j}", r"\partial L / \partial z_j"),
        (r"f(x) + xf'(x)", r"f(x) + f'(x) x"),
        (r"f(y) - af(y)", r"(1 - a) f(y)"),
    ],
)
def test_read_alike(latex: str, same: str) -> None:
    assert is_proved(f"{latex} = {same}", "x > 0")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("N", "n"),
        (r"\gamma^2", r"0.5772156649^2"),
        (r"x^{(i)}", r"x^i"),
        (r"\hat{y}_i - y_i", r"\hat{y}_i"),
        (r"\hat y", "y"),
        (r"{g}_{k} + 1", r"g"),
        (r"\mathrm{e} + 1", r"\mathrm{e}"),
        (r"\operatorname{Var}(X)", r"V a r X"),
        ("f'(x)", "f(x)"),
        (r"\log x", r"\frac{\ln x}{\ln 10}"),
        (r"x'", r"x"),
        (r"x_{i,j}", r"x_{j,i}"),
        (r"\bar x", r"\tilde x"),
    ],
)
def test_read_apart(one: str, other: str) -> None:
    try:
        question = read(f"{one} = {other}")
    except Exception as refused:
        assert type(refused).__name__ in ("Unreadable", "Beyond")
        return
    assert question.left != question.right
    assert not isinstance(prove(question), Proof)


def test_derivatives_are_not_fractions_of_products() -> None:
    assert kinds(expression(r"\frac{\partial L(z_j)}{\partial z_j}"), Partial)
    assert not is_proved(r"\frac{\partial L}{\partial z_j} = \frac{L}{z_j}")


def test_a_product_is_no_call_and_a_call_no_product() -> None:
    assert not kinds(expression("y(1-h) - y"), Call)
    assert kinds(expression("f(x) + f(y)"), Call)
    assert not is_proved("f(x + y) = f(x) + f(y)")


def test_i_is_an_index_where_it_is_bound() -> None:
    assert is_proved(r"\sum_{i=1}^{3} i^2 = 14")
    assert is_refuted(r"\sum_{i=1}^{3} i^2 = -3")


def test_the_imaginary_unit() -> None:
    assert not is_refuted(r"i^2 = -1")
    assert not is_refuted(r"e^{i\pi} = -1")


@pytest.mark.parametrize("latex", ["p(x|y) = p(x)", "p(x|y) = p(y|x)", "p(x|y) = p"])
def test_a_condition_is_not_dropped(latex: str) -> None:
    try:
        question = read(latex)
    except Exception as refused:
        assert type(refused).__name__ in ("Unreadable", "Beyond")
        return
    assert not isinstance(prove(question), Proof)


# ----------------------------------------------------------------------------- 4: false truths

NEVER_PROVED = [
    r"\frac{1}{2^{99}} = \frac{1}{2^{98}}",
    r"1/2^{99} = 1/2^{98}",
    r"1 - 1/\mathrm{e} = 1 + 1/\mathrm{e}",
    r"4 = 4\sqrt{2}",
    r"N x = n x",
    r"f'(x) = f(x)",
    r"f' = f",
    r"f(x) + x^2 f'(x) = f(x) + xf'(x)",
    r"\sqrt{x^2} = x",
    r"\log(x+y) = \log x + \log y",
    r"\frac{x^2 - 1}{x - 1} = x - 1",
    r"0.333333333333 = \frac13",
    r"(x+1)^2 = x^2 + 1",
    r"10^{-30} = 0",
    r"\pi = 3.14159265358979",
    r"|x| = x",
    r"x^{1/2} x^{1/2} = |x| + x - x^2",
]


@pytest.mark.parametrize("latex", NEVER_PROVED)
def test_never_proved(latex: str) -> None:
    assert not is_proved(latex)


@pytest.mark.parametrize("latex", [s for s in NEVER_PROVED if "f" not in s and "N" not in s])
def test_refuted(latex: str) -> None:
    assert is_refuted(latex)


def test_about_is_not_equal() -> None:
    result = check("We find\n$$ a \\approx b = b $$\n")
    assert steps_of(result)[0].verdict in ("stated", "unknown")


@pytest.mark.parametrize("latex", [r"x \approx y", r"\pi \approx 3"])
def test_an_approximation_is_never_proved(latex: str) -> None:
    (step,) = steps_of(check(f"$$ {latex} $$\n"))
    assert step.verdict not in ("proved", "refuted"), told(step)


# --------------------------------------------------------------------- 5, 6: determinants, scope


@pytest.mark.parametrize("latex", [r"\frac{\partial}{\partial A} \log\det A = 0", r"\frac{d \log\det A}{d A} = 0"])
def test_log_det_does_not_differentiate_to_zero(latex: str) -> None:
    (step,) = steps_of(check(f"Let $A\\in\\mathbb{{R}}^{{n\\times n}}$ be invertible. Then\n$$ {latex} $$\n"))
    assert step.verdict != "proved", told(step)


def test_a_sum_that_stops_before_its_term() -> None:
    result = check("We add them up:\n\n$$ S = \\sum_i x_i + y_i $$\n")
    (found,) = [f for f in result.findings if f.code == "I207"]
    assert "y" in found.message and "x" in found.message
    assert not any(f.code == "I207" for f in check("$$ S = \\sum_i (x_i + y_i) $$").findings)


def test_the_index_after_a_sum_is_free() -> None:
    assert not is_proved(r"\sum_{i=1}^n x_i + y_i = \sum_{i=1}^n (x_i + y_i)")


# ---------------------------------------------------------------------------------- 7: no hangs


@pytest.mark.parametrize(
    "latex",
    [
        r"\sin(316801 x) = \sin(316802 x)",
        r"(x+1)^{2000} = (x+1)^{1999}",
        r"(x+1)^{2000} = (x+1)^{1000} (x+1)^{1000}",
        r"10^{300000} = 10^{300001}",
        r"\sqrt{x + \sqrt{x + \sqrt{x + \sqrt{x}}}} = x",
        r"\frac{1}{1+\frac{1}{1+\frac{1}{1+\frac{1}{1+\frac{1}{1+x}}}}} = \frac{5x + 8}{8x + 13}",
        r"\int_0^1 e^{-x^2 \sin(x^3)} dx = 1",
        r"\prod_{k=1}^{100} \prod_{j=1}^{100} (1 + x_{kj}) = 1",
    ],
)
def test_decided_or_given_up_soon(latex: str) -> None:
    start = time.perf_counter()
    steps_of(check(f"Then\n$$ {latex} $$\n", repairs=False))
    assert time.perf_counter() - start < 5


# ----------------------------------------------------------------------- 8: nothing is executed


@pytest.mark.parametrize(
    "latex",
    [
        r"__import__('os').system('touch derive-was-here') = 1",
        r"\text{open('derive-was-here','w')} = x",
        r"\operatorname{exec}(x) = \operatorname{eval}(x)",
        r"\mathrm{lambda}: 0 = 1",
    ],
)
def test_text_is_not_run(latex: str, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = check(f"$$ {latex} $$\n", "run.md")
    assert not any(step.verdict == "proved" for step in steps_of(result))
    assert list(tmp_path.iterdir()) == []


# -------------------------------------------------------------------- 9, 11: conditions, division


@pytest.mark.parametrize(
    ("latex", "given"),
    [
        (r"\sqrt{x^2} = x", ("x > 0",)),
        (r"\log(xy) = \log x + \log y", ("x > 0", "y > 0")),
        (r"|x| = -x", ("x < 0",)),
        (r"x^{a} x^{b} = x^{a+b}", ("x > 0",)),
        (r"\delta_{ij} = 0", (r"i \ne j",)),
    ],
)
def test_assumptions_are_used(latex: str, given: tuple[str, ...]) -> None:
    assert is_proved(latex, *given)
    assert not is_refuted(latex, *given)


@pytest.mark.parametrize(
    "text",
    [
        "Let $a = b$. Then\n$$ a^2 - b^2 = a b - b^2 $$\nso\n$$ a + b = b $$\n",
        "Let $x = 0$. Then\n$$ \\frac{x}{x} = 1 = 2 $$\n",
        "$$ 0 \\cdot 1 = 0 \\cdot 2 $$\n\n$$ 1 = 2 $$\n",
    ],
)
def test_division_by_zero_proves_nothing_false(text: str) -> None:
    assert steps_of(check(text))[-1].verdict != "proved"


def test_without_the_condition_the_power_says_what_it_needs() -> None:
    outcome = prove(read(r"\frac{x^2 - 1}{x - 1} = x + 1"))
    assert isinstance(outcome, Proof)


# --------------------------------------------------------------- 10: one bad block among good ones


@pytest.mark.parametrize(
    "broken", ["x = \\frac{1}{", "\\begin{align} a &= b", "a = } b", "\\left( x = 1", "= = =", "x_{_{_", "\\"]
)
def test_a_bad_formula_takes_nothing_else_down(broken: str) -> None:
    result = check(f"First\n\n$$ {broken} $$\n\nThen $(u+v)^2 = u^2 + 2 u v + v^2$.\n\n$$ (u-v)^2 = u^2 + v^2 $$\n")
    found = [step.verdict for step in steps_of(result)]
    assert found[-2:] == ["proved", "refuted"], [told(step) for step in steps_of(result)]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Then $2^{10} = 1024$.", "proved"),
        ("Then $2^{10} = 1000$.", "refuted"),
        ("So $(x+1)^2 = x^2 + 2x + 1$.", "proved"),
        ("So $(a+b)^2 = a^2 + b^2$.", "refuted"),
        ("So $(a+b)^2 = a^2 + 2ab + b^2$.", "proved"),
        ("So $a(b+c) = ab + bc$.", "refuted"),
    ],
)
def test_answers_written_as_prose(text: str, verdict: str) -> None:
    assert [step.verdict for step in steps_of(check(text))] == [verdict]


QUIET = """# Notes

Let $X \\sim N(\\mu, \\sigma^2)$ and let $f: A \\to B$ be a map with $f(0) = 1$.
We write $x = (x_1, \\dots, x_n)$, and $p < 0.05$ throughout; see Theorem $3$ and $n = 10$ samples.
The price is \\$5 or \\$6, and `$HOME = /root`.

$$ E = mc^2 $$

$$ \\min_{x \\in \\mathbb{R}} f(x) \\quad \\text{s.t.} \\quad g(x) \\le 0 $$

$$ \\hat{\\beta} = (X^T X)^{-1} X^T y $$

$$ T(n) = O(n \\log n) $$

$$ x_{t+1} = x_t - \\eta \\nabla f(x_t) $$

Let $A = U \\Sigma V^T$ be its singular value decomposition, so $U^T U = I$.

$$ P(A \\mid B) = \\frac{P(B \\mid A) P(A)}{P(B)} $$

$$ F = ma, \\quad v = \\dot{x} $$

$$ x \\leftarrow x + 1 $$
"""


def test_ordinary_notes_raise_no_alarm() -> None:
    result = check(QUIET)
    assert [told(step) for step in steps_of(result) if step.verdict == "refuted"] == []
    assert [f.message for f in result.findings if f.severity == "error"] == []
