"""What is read, printed and read again is the same: the printed form of a meaning says what it is."""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.deciding.document import open_text
from derive.meaning.laws import Density, Expectation, Space, Statistic
from derive.meaning.objects import Indicator, Opaque, Whole, subterms
from derive.meaning.printing import to_latex, to_text
from derive.meaning.reader import Reader
from derive.meaning.reading import Conventions
from derive.meaning.statement import read_formula
from derive.meaning.survey import survey
from derive.meaning.trouble import Trouble
from derive.notation.tree import Chain, Node

HERE = Path(__file__).parent
DOCUMENTS = sorted(path for path in (HERE / "documents").rglob("*") if path.suffix in {".md", ".tex", ".rst", ".ipynb"})
# laws and means are printed in a notation of their own, which names the variable beside its value; what is kept opaque,
# and sums over all values, are tagged with where they come from
OWN_NOTATION = (Density, Expectation, Statistic, Space, Opaque, Whole, Indicator)
AMBIGUOUS = {"d", "E"}  # names that a document may use for a number, and conventions for something else


def operand(latex: str) -> Node | None:
    items = read_formula(latex).items
    plain = len(items) == 1 and isinstance(items[0], Chain) and not items[0].signs
    return items[0].operands[0] if plain else None


def differs(conventions: Conventions, node: Node) -> str:
    """How a formula comes back from its printed form, if not as the same; nothing where it has no meaning."""
    try:
        meant = Reader(conventions).side(node)
    except Trouble:
        return ""
    parts = list(subterms(meant))
    if any(isinstance(part, OWN_NOTATION) or str(part) in AMBIGUOUS for part in parts):
        return ""
    latex = to_latex(meant)
    back = operand(latex)
    if back is None:
        return f"{latex} is no single expression"
    try:
        again = Reader(conventions).side(back)
    except Trouble as trouble:
        return f"{latex}: {trouble.reason}"
    same = again == meant or sp.expand(again) == sp.expand(meant)
    return "" if same else f"{latex} comes back as {to_latex(again)}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents_come_back(path: Path) -> None:
    opened = open_text(path.name, path.read_text(encoding="utf-8"))
    wrong = []
    for step in opened.steps:
        conventions = opened.context.conventions_at(step.position)
        wrong += [told for side in (step.left, step.right) if (told := differs(conventions, side))]
    assert not wrong, "\n".join(wrong)


NAMES = st.sampled_from(
    ["x", "y", r"\alpha", "z_i", r"a_{ij}", r"x_{\max}", r"\hat{\theta}", "2", "7", r"w^{(k)}", "f(x)"]
)
EXPRESSIONS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: rf"\frac{{{p[0]}}}{{{p[1]}}}"),
        st.tuples(inner, inner).map(lambda p: rf"\left({p[0]} + {p[1]}\right)"),
        st.tuples(inner, inner).map(lambda p: rf"\left({p[0]} - {p[1]}\right)"),
        st.tuples(inner, inner).map(lambda p: rf"{p[0]} \cdot {p[1]}"),
        st.tuples(inner, st.sampled_from(["2", "n", "-1", r"\frac{1}{2}"])).map(
            lambda p: rf"\left({p[0]}\right)^{{{p[1]}}}"
        ),
        inner.map(lambda p: rf"\sqrt{{{p}}}"),
        inner.map(lambda p: rf"\exp\left({p}\right)"),
        inner.map(lambda p: rf"\ln\left({p}\right)"),
        inner.map(lambda p: rf"\sin\left({p}\right)"),
        NAMES.map(lambda p: rf"\left|{p}\right|"),
        inner.map(lambda p: rf"\sum_{{i=1}}^{{n}} \left({p} + i\right)"),
        inner.map(lambda p: rf"\prod_{{i=1}}^{{n}} {p}"),
        inner.map(lambda p: rf"\int_0^1 \left({p} + t\right) \, dt"),
        inner.map(lambda p: rf"\max_{{i=1}}^{{n}} \left({p}\right)"),
        inner.map(lambda p: rf"\lim_{{t \to 0}} \left({p} + t\right)"),
        inner.map(lambda p: rf"\frac{{d}}{{dx}} \left({p}\right)"),
        inner.map(lambda p: rf"\begin{{cases}} {p} & x > 0 \\ 0 & \text{{otherwise}} \end{{cases}}"),
        inner.map(lambda p: rf"\binom{{n}}{{k}} {p}"),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS)
def test_made_expressions_come_back(latex: str) -> None:
    node = operand(latex)
    assert node is not None
    conventions = Conventions(survey([read_formula(latex)]))
    assert not differs(conventions, node)


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"x_{\max, i}", "x_{max, i}"),
        (r"\lim_{x \to 0} (x + 1)", "lim_{x → 0} (x + 1)"),
        (r"\bar{y}_{i \bullet}", "y\u0304_{i •}"),
        (r"(x_1, \ldots, x_n)", "(x_1, …, x_n)"),
    ],
)
def test_printed(latex: str, shown: str) -> None:
    node = operand(latex)
    assert node is not None
    assert to_text(Reader(Conventions(survey([read_formula(latex)]))).side(node)) == shown
