"""No formula, however broken or long, stops the reader: it never raises, and its time grows with the length."""

# ruff: noqa: E501
from __future__ import annotations

import gc
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.documents.document import Macro
from derive.meaning.reader import Reader
from derive.meaning.reading import Conventions
from derive.meaning.survey import survey
from derive.meaning.trouble import Trouble
from derive.notation import read_passage, same, to_latex, to_unicode, walk
from derive.notation.commands import COMMANDS, ENVIRONMENTS
from derive.notation.coverage import uncovered
from derive.notation.tokens import tokenise
from derive.notation.tree import Chain, Passage, Unread
from derive.source import Source, TracedText

MARKS = ["x", "y", "d", "1", "12", ".5", " ", "{", "}", "(", ")", "[", "]", "|", "||", "_", "^", "'", "&", "\\\\", ",", "=", "<",
         "+", "-", "*", "/", "!", ".", ":", ";", "...", "\\", "%\n", "é", "∑", "²", "当", "，", "#", "@", "\n\n", "$", "\\left", "\\right"]  # fmt: skip
SOUP = st.lists(
    st.one_of(
        st.sampled_from(MARKS),
        st.sampled_from(sorted(COMMANDS)).map(lambda name: "\\" + name + " "),
        st.sampled_from(sorted(ENVIRONMENTS)).map(lambda name: f"\\begin{{{name}}}"),
        st.sampled_from(sorted(ENVIRONMENTS)).map(lambda name: f"\\end{{{name}}}"),
    ),
    max_size=40,
).map("".join)


def read(text: str, *macros: Macro) -> Passage:
    return read_passage(TracedText.of(Source("soup", text)), macros)


@settings(max_examples=400, deadline=None)
@given(st.one_of(SOUP, st.text(max_size=60)))
def test_tokens_lose_nothing(text: str) -> None:
    assert "".join(token.text for token in tokenise(text)) == text


@settings(max_examples=600, deadline=None)
@given(SOUP)
def test_soup_is_read(text: str) -> None:
    traced = TracedText.of(Source("soup", text))
    passage = read_passage(traced)
    assert len(passage.items) == len(passage.rows)
    assert "\\" not in to_unicode(passage)
    to_latex(passage)
    assert uncovered(traced, passage) == ()


OPERANDS = st.recursive(
    st.sampled_from(["x", "y_i", r"\theta", "2", r"\mathbf{w}", r"\hat{y}", "Loss", r"\mathrm{KL}", "n!", "f'"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: rf"\frac{{{p[0]}}}{{{p[1]}}}"),
        st.tuples(inner, inner).map(lambda p: f"{p[0]} + {p[1]}"),
        st.tuples(inner, inner).map(lambda p: f"{p[0]} - {p[1]}"),
        st.tuples(inner, inner).map(lambda p: f"{p[0]} {p[1]}"),
        st.tuples(inner, inner).map(lambda p: rf"{p[0]} \cdot {p[1]}"),
        st.tuples(inner, inner).map(lambda p: f"{p[0]} / {p[1]}"),
        inner.map(lambda p: f"({p})"),
        inner.map(lambda p: f"|{p}|"),
        inner.map(lambda p: rf"\|{p}\|"),
        inner.map(lambda p: rf"\sqrt{{{p}}}"),
        inner.map(lambda p: rf"\log({p})"),
        inner.map(lambda p: rf"\sin {p}"),
        inner.map(lambda p: f"e^{{{p}}}"),
        inner.map(lambda p: rf"\sum_{{i=1}}^n {p}"),
        inner.map(lambda p: rf"\int_0^1 {p} \, dx"),
        inner.map(lambda p: rf"\max_{{x \in A}} {p}"),
        st.tuples(inner, inner).map(lambda p: rf"p({p[0]} \mid {p[1]})"),
        st.tuples(inner, inner).map(lambda p: rf"\begin{{pmatrix}} {p[0]} & {p[1]} \end{{pmatrix}}"),
        st.tuples(inner, inner).map(
            lambda p: rf"\begin{{cases}} {p[0]} & {p[1]} > 0 \\ 0 & \text{{otherwise}} \end{{cases}}"
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(OPERANDS, OPERANDS, st.sampled_from(["=", r"\le", r"\propto", r"\overset{(a)}{=}"]))
def test_latex_reads_back(left: str, right: str, sign: str) -> None:
    for item in read(f"{left} {sign} {right}").items:
        assert isinstance(item, Chain)
        assert not any(isinstance(node, Unread) for node in walk(item))
        again = read(to_latex(item))
        assert len(again.items) == 1
        assert same(again.items[0], item)


@pytest.mark.parametrize(
    "text",
    [
        "{" * 100_000 + "x" + "}" * 100_000,
        "(" * 100_000 + "x" + ")" * 100_000,
        "{" * 100_000, "(" * 100_000, "}" * 100_000, ")" * 100_000, "|" * 100_000, "[(" * 50_000, "\\left(" * 50_000,
        "\\frac" * 50_000, "\\frac{" * 50_000, "x_" * 50_000, "x_{" * 50_000, "x^x" * 30_000, "\\sqrt" * 50_000,
        "\\hat" * 50_000, "\\sum" * 50_000, "\\sin" * 50_000, "-" * 100_000, "x'" * 50_000, "!" * 100_000, "\\int" * 50_000,
        "\\overset{" * 30_000, "\\overset{a}" * 30_000, "\\begin{matrix}" * 20_000, "\\text{$" * 20_000, "\\left.\\right." * 20_000,
        "a\\\\" * 50_000, "a=b," * 50_000, "\\quad " * 50_000, "\\mathbf" * 50_000, "\\underbrace" * 30_000, "x!" * 40_000,
        "\\begin{array}{c}" * 10_000 + "\\end{array}" * 10_000, "\\forall " * 50_000, "\\text{if}" * 30_000, "=" * 100_000,
        "\\langle|" * 40_000, "\\foo{" * 20_000, "\\foo{a b c}" * 20_000, "1{,}2 " * 30_000, "<a," * 30_000, "a = \\\\ " * 30_000, "\\log" * 50_000, "\\textcolor{a}{" * 20_000, "d" * 100_000, "\\int x dx" * 20_000,
    ],
    ids=lambda text: f"{text[:16]!r}x{len(text)}",
)  # fmt: skip
def test_long_nonsense_ends(text: str) -> None:
    begun = time.perf_counter()
    passage = read(text)
    assert time.perf_counter() - begun < 10
    for node in walk(passage):
        assert node.span.end <= len(text)
    to_unicode(passage)
    to_latex(passage)


def test_too_long_is_unread() -> None:
    passage = read("x + " * 500_000)
    assert isinstance(passage.items[0], Chain)
    assert isinstance(passage.items[0].operands[0], Unread)


def _seconds(text: str) -> float:
    best = 10.0
    gc.disable()
    for _ in range(5):
        begun = time.process_time()
        read(text)
        best = min(best, time.process_time() - begun)
    gc.enable()
    return best


@pytest.mark.parametrize(
    "piece",
    [
        r"\frac{\partial a_j}{\partial z_i} &= \frac{e^{z_j}\sum_{k=1}^n e^{z_k}}{(\sum_k e^{z_k})^2} \\ ",
        r"\left[ p(x|y) + |x| \right. \\ \left. - \log h(x) \right] = a, \quad b > 0 \text{ for } i \ne j \\ ",
    ],
)
def test_time_is_linear(piece: str) -> None:
    # four times the length: 4 if linear, 16 if quadratic
    assert _seconds(piece * 800) <= 8 * max(_seconds(piece * 200), 0.005)


def test_the_bundled_kind_of_note_is_read_fast() -> None:
    text = r"J(\theta) = \frac{1}{m}\sum_{i=1}^{m}\left[y^{i}\,log\, h(x^{i})\ +\ (1\ -\ y^{i})\,log\,(1\ -\ h(x^{i}))\right]"
    passage = read(text)
    assert not any(isinstance(node, Unread) for node in walk(passage))
    assert _seconds(text) < 0.01


def test_shared_note_is_read_whole() -> None:
    path = Path(__file__).parents[2] / "shared" / "documents" / "logistic-softmax.md"
    if not path.exists():
        pytest.skip("the shared note is not beside this checkout")
    text = path.read_text(encoding="utf-8")
    for block in text.split("$$")[1::2]:
        plain = block.replace("\\_", "_").replace("\\\\\\\\", "\\\\").strip()
        plain = plain.removeprefix("\\begin{align}").removesuffix("\\end{align}")
        passage = read(plain)
        assert not any(isinstance(node, Unread) for node in walk(passage))


# what a coverage-guided fuzzer has found


@pytest.mark.parametrize(
    "text",
    [
        r"^ ^\left^^ ^^^$",
        r"! \left^^ ^^^^^$",
        r"\right^ ^\left^^ ^^^\int",
        r"\in ^ ^ ^ ^ ^ 1 ^ ^ ",
        r"\substack ^ ^ ^ ^ ^ ^ { ^ ",
        r"1 \frac[Loss)",
        r"+ + + + + + + + +",
    ],
)
def test_found_by_fuzzing(text: str) -> None:
    traced = TracedText.of(Source("soup", text))
    passage = read_passage(traced)
    to_unicode(passage)
    to_latex(passage)
    assert uncovered(traced, passage) == ()


READABLE = st.lists(
    st.sampled_from([
        r"\frac", "{", "}", "x", "y_i", "i", "n", "d", "2", "+", "-", "=", "<", ">", r"\le", "(", ")", "[", "]", "|", "^", "_",
        r"\sum_{i=1}^n", r"\int", "dx", r"\lim_{x \to 0}", r"\max", r"\sin", r"\log", "f(x)", r"\mathbb{E}[X]", "p(x|y)",
        r"\text{ if }", r"\begin{cases}", r"\end{cases}", r"\\", "&", ",", ";", r"\ldots", r"\otimes", r"\pm", "!", "'", " ",
        r"\partial", r"\mathcal{L}", r"\{", r"\}", r"\binom{n}{k}", r"\delta_{ij}", r"\hat{x}", r"\mid", r"\in", "T", r"\top",
        r"\begin{pmatrix}", r"\end{pmatrix}", r"\underbrace{x}_{y}", r"\pi", "e", r"\nabla", r"\Delta", r"\left(", r"\right)",
    ]),
    max_size=25,
).map("".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(READABLE)
def test_any_side_has_a_meaning_or_a_reason(text: str) -> None:
    passage = read_passage(TracedText.of(Source("soup", text)))
    conventions = Conventions(survey([passage]))
    for item in passage.items:
        for operand in item.operands if isinstance(item, Chain) else ():
            with suppress(Trouble):
                Reader(conventions).side(operand)
