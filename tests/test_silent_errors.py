"""Errors of the first rank: a false step that was proved, a true step that was refuted. What is here once, stays."""

from __future__ import annotations

import pytest
from examining import check, steps_of, told

SQUARE = "\n$$ (A+B)^2 = A^2 + 2AB + B^2 $$"
FALSE = [
    "Let $A$ and $B$ be matrices. Then\n$$ (A+B)(A-B) = A^2 - B^2 $$",
    r"Let $A, B$ be $n\times n$ matrices. Then" + SQUARE,
    r"Let $A, B \in M_n(\mathbb{R})$. Then" + SQUARE,
    "Let $S, T$ be linear operators. Then\n$$ (S+T)^2 = S^2 + 2ST + T^2 $$",
    "设 $A, B$ 为 $n$ 阶方阵，则\n$$ (A+B)^2 = A^2 + 2AB + B^2 $$",
    r"$$ \begin{aligned} 3t - 2 &= 7 \\ 3t &= 5 \end{aligned} $$",
    "Let $u, v \\in \\mathbb{R}^3$. Then\n$$ u \\times v = v \\times u $$",
    "Then\n$$ \\sum_{i=1}^n \\sum_{j=1}^i a_{ij} = \\sum_{j=1}^n \\sum_{i=1}^j a_{ij} $$",
    "Then\n$$ \\int_{-1}^1 \\frac{1}{x^2} dx = -2 $$",
    "Then\n$$ \\sum_{k=0}^\\infty 2^k = -1 $$",
    "Then\n$$ (-1)^{1/3} = -1 $$",
    "Then\n$$ f^{-1}(x) = \\frac{1}{f(x)} $$",
    "Let $n$ be an even integer. Then\n$$ (-1)^n = -1 $$",
    "For $x > 0$,\n$$ \\sqrt{x^2} = -x $$",
    "Then\n$$ 0.9 = 1 $$ and $$ \\frac13 = 0.333 $$",
]  # fmt: skip


@pytest.mark.parametrize("text", FALSE)
def test_a_false_step_is_not_proved(text: str) -> None:
    assert [told(step) for step in steps_of(check(text, repairs=False)) if step.verdict == "proved"] == []


TRUE = [
    "Then\n$$ 1\\,000 = 10^3 $$",
    "Then\n$$ 3 \\text{ km} = 3000 \\text{ m} $$",
    "So\n$$ 2\\frac12 = \\frac52 $$",
    "Then\n$$ \\log 100 = 2 $$",
    "Then\n$$ 1{,}000 = 10^3 $$",
    "Then\n$$ \\lg 100 = 2 $$ and $$ \\log_{10} 100 = 2 $$",
    "Then\n$$ e^{i\\pi} = -1 $$ and $$ i^2 = -1 $$ and $$ |3 + 4i| = 5 $$",
    "Then\n$$ (1+i)^2 = 2i $$ and $$ (a + bi)(a - bi) = a^2 + b^2 $$",
    "Then\n$$ 7 \\equiv 2 \\pmod 5 $$",
    "Then\n$$ 1/2x = \\frac{1}{2x} $$",
    "Then\n$$ 50\\% = \\frac12 $$ and $$ 90^\\circ = \\frac{\\pi}{2} $$",
    "Then\n$$ \\sin^{-1} x = \\arcsin x $$",
    "Let $f(x) = x^2$.\n\nLater, let $f(x) = x^3$. Then\n$$ f(2) = 8 $$",
    "Let $y = 3$. Then\n$$ y^2 = 9 $$\nNow put $y = 4$. Then\n$$ y^2 = 16 $$",
    "$$ x^2 = 4 $$\nSo, as $x > 0$,\n$$ x = 2 $$",
    "$$ x_{t+1} = x_t + 1 $$ and in the program $$ x = x + 1 $$",
    "For $x < 0$,\n$$ \\sqrt{x^2} = -x = |x| $$\nFor $x > 0$,\n$$ \\sqrt{x^2} = x $$",
    "$$ a_n = a_{n-1} + a_{n-2}, \\quad a_0 = 0, a_1 = 1 $$\nThen\n$$ a_2 = 1 $$",
    "So $\\frac{1}{3} = 0.333$ and $\\sqrt 2 = 1.414$ and $\\pi = 3.14$.",
    "The total is $T = 3 \\times 4 = 12$ and the tax $T = 0.1 \\times 12 = 1.2$.",
]  # fmt: skip


@pytest.mark.parametrize("text", TRUE)
def test_a_true_step_is_not_refuted(text: str) -> None:
    assert [told(step) for step in steps_of(check(text, repairs=False)) if step.verdict == "refuted"] == []


def test_every_line_of_a_wrong_chain_is_judged_by_itself() -> None:
    result = check("Then\n$$ \\sqrt{x^2} = x = |x| $$", repairs=False)
    assert steps_of(result)[0].verdict == "refuted"


def test_a_refuted_line_is_no_premise() -> None:
    result = check("Then\n$$ \\sqrt{x^2} = x = |x| $$", repairs=False)
    assert [step.verdict for step in steps_of(result)] == ["refuted", "refuted"]


@pytest.mark.parametrize("text", [
    "Let $p_i = \\frac{1}{1+x_i}$. Then\n$$ \\sum_j p_j = 3 p_j (1 - p_j) $$",
    "$$ f(f) = 2 f $$\n\n$$ \\sum_{f=1}^n f(f) = n(n+1) $$",
    "Let $n = n + 1$. Then\n$$ n = 2 n $$",
    "Let $f(x) = g(x)$ and $g(x) = f(x)$. Then\n$$ f(1) = g(2) $$",
    "$$ \\sum_{i=1}^{i} i = i $$ and $$ \\int_0^x x \\, dx = \\int_x^x x_x dx $$",
    "$$ \\frac{d}{d 2} 2^2 = 4 $$ and $$ \\frac{\\partial}{\\partial} x = 1 $$ and $$ \\frac{d x}{d x} = 1 $$",
    "$$ \\sum_{i=n}^{1} x_i = 0 $$ and $$ \\sum x = x $$ and $$ \\sum_{i \\in \\emptyset} x_i = 0 $$",
    "$$ x_{x_{x}} = x $$ and $$ {}_1 x = x $$ and $$ x^{y_z}_{w^v} = x $$ and $$ '' = 1 $$",
])  # fmt: skip
def test_odd_texts_do_not_break_it(text: str) -> None:
    check(text)
