"""Slips of the pen in the bundled documents: each is refuted on its own line, by numbers that really break it."""

from __future__ import annotations

import math
import re

import pytest
from examining import check, steps_on, told
from seeds import line_changed, mended, seed

E = r"e^{-(x\theta+b)}"
SUM = r"\sum\_{k=1}^{n}\,e^{z\_k}"

# document, line, what stands there, what slips in its place, which occurrence
SLIPS = [
    # the derivative of the cost (an opening: against the definition)
    ("logistic", 17, r"(-x)", r"(x)", 1),
    ("logistic", 17, r"\,-\,(1-y^{i})", r"\,+\,(1-y^{i})", 1),
    ("logistic", 17, r"^{2}", r"^{3}", 1),
    ("logistic", 17, r"^{2}", "", 1),
    ("logistic", 17, r"(-x)", r"(-2x)", 1),
    ("logistic", 17, r"y^{i}\,\frac{1}", r"y^{i}\,\frac{2}", 1),
    # 17 to 18
    ("logistic", 18, r"\,-\,(1\,-\,y)", r"\,+\,(1\,-\,y)", 1),
    ("logistic", 18, r"(1\,-\,y)", r"(1\,+\,y)", 1),
    ("logistic", 18, r"&=-\frac{1}{m}", r"&=\frac{1}{m}", 1),
    ("logistic", 18, r"\frac{1}{m}", r"\frac{2}{m}", 1),
    # 18 to 19
    ("logistic", 19, r"\,-\,(1-y)", r"\,+\,(1-y)", 1),
    ("logistic", 19, r"(1-y)", r"(2-y)", 1),
    ("logistic", 19, r"(1-y)", r"(1+y)", 1),
    ("logistic", 19, r"&= -\frac{1}{m}", r"&= \frac{1}{m}", 1),
    ("logistic", 19, r"\frac{1}{m}", r"\frac{1}{2m}", 1),
    ("logistic", 19, rf"\frac{{{E}}}{{1+{E}}}", rf"\frac{{1}}{{1+{E}}}", 1),
    ("logistic", 19, r"\right]\,x", r"\right]\,x^2", 1),
    ("logistic", 19, r"e^{-(x\theta+b)}", r"e^{(x\theta+b)}", 1),
    # 19 to 20
    ("logistic", 20, r"(1-h(x))", r"(1+h(x))", 1),
    ("logistic", 20, r"y\,(1-h(x))", r"y\,h(x)", 1),
    ("logistic", 20, r"\,-\,(1-y)", r"\,+\,(1-y)", 1),
    ("logistic", 20, r"&=-\frac", r"&=\frac", 1),
    ("logistic", 20, r"\right]\,x", r"\right]", 1),
    ("logistic", 20, r"\,h(x)\right]", r"\,(1-h(x))\right]", 1),
    # 20 to 21
    ("logistic", 21, r"\,-\,y", r"\,+\,y", 1),
    ("logistic", 21, r"&= \frac", r"&= -\frac", 1),
    ("logistic", 21, r"\frac{1}{m}", r"\frac{1}{m^2}", 1),
    ("logistic", 21, r"(h(x)\,-\,y)\,x", r"(h(x)\,-\,y)\,x^2", 1),
    ("logistic", 21, r"(h(x)\,-\,y)", r"(h(x)\,-\,y)^2", 1),
    ("logistic", 21, r"(h(x)\,-\,y)", r"(h(x)\,-\,2y)", 1),
    # the first case of softmax (38 opens)
    ("softmax", 38, r"\,-\,e^{z\_j}", r"\,+\,e^{z\_j}", 1),
    ("softmax", 38, r")^2", r")^3", 1),
    ("softmax", 38, r")^2", ")", 1),
    ("softmax", 38, r"e^{z\_j}\,e^{z\_j}", r"e^{z\_j}", 1),
    ("softmax", 38, r"\frac{e^{z\_j}", r"\frac{2e^{z\_j}", 1),
    # 38 to 39
    ("softmax", 39, r"\,-\,", r"\,+\,", 1),
    ("softmax", 39, r"&= \frac{e^{z\_j}}", r"&= \frac{e^{2z\_j}}", 1),
    ("softmax", 39, r"&= \frac{e^{z\_j}}", r"&= \frac{1}", 1),
    ("softmax", 39, r"&= \frac", r"&= -\frac", 1),
    ("softmax", 39, r"e^{z\_j}", r"e^{z\_i}", 2),
    # 39 to 40
    ("softmax", 40, r"1\,-\,a", r"1\,+\,a", 1),
    ("softmax", 40, r"1\,-\,a", r"2\,-\,a", 1),
    ("softmax", 40, r"a\_j", r"a\_i", 1),
    ("softmax", 40, r"a\_j", r"a\_j^2", 1),
    # the second case (47 opens)
    ("softmax", 47, r"\frac{-\,e", r"\frac{\,e", 1),
    ("softmax", 47, r")^2", ")", 1),
    ("softmax", 47, r"e^{z\_i}\,e^{z\_j}", r"e^{z\_i}\,e^{z\_i}", 1),
    # 47 to 48
    ("softmax", 48, r"&= -\,\frac", r"&= \frac", 1),
    ("softmax", 48, r"e^{z\_j}", r"e^{z\_i}", 1),
    ("softmax", 48, r"\frac{e^{z\_j}}", r"\frac{2e^{z\_j}}", 1),
    # 48 to 49
    ("softmax", 49, r"-\,a", r"a", 1),
    ("softmax", 49, r"a\_i\,a\_j", r"a\_i\,a\_i", 1),
    ("softmax", 49, r"a\_i\,a\_j", r"a\_i\,(1-a\_j)", 1),
    ("softmax", 49, r"a\_i\,a\_j", r"a\_i^2\,a\_j", 1),
]  # fmt: skip


def slip_id(slip: tuple) -> str:
    name, line, old, new, _ = slip
    return re.sub(r"[^\w+=^()-]", "", f"{name}-{line}-{old[:24]}-for-{new[:24]}")


@pytest.mark.parametrize("slip", SLIPS, ids=slip_id)
def test_refuted_where_it_slipped(slip: tuple) -> None:
    name, line, old, new, occurrence = slip
    text = line_changed(mended(name), line, old, new, occurrence)
    (step,) = steps_on(check(text, repairs=False, lines=frozenset([line])), line)
    assert step.verdict == "refuted", told(step)
    assert step.counterexample is not None
    assert apart(step.counterexample.left, step.counterexample.right)


def apart(left: str, right: str) -> bool:
    """Whether two enclosures (`-1/4`, `0.73576 ± 1.12e-6`) are disjoint."""
    (one, r), (two, s) = (enclosure(text) for text in (left, right))
    return abs(one - two) > r + s


def enclosure(text: str) -> tuple[float, float]:
    middle, _, radius = text.partition(" ± ")
    top, _, bottom = middle.partition("/")
    return float(top) / float(bottom or 1), float(radius or 0)


@pytest.mark.parametrize("slip", [s for s in SLIPS if s[0] == "logistic" and s[1] in (20, 21)][:6], ids=slip_id)
def test_refuted_in_the_printed_document_too(slip: tuple) -> None:
    """The wrong sign of the cost hides no slip further down."""
    name, line, old, new, occurrence = slip
    text = line_changed(seed(name), line, old, new, occurrence)
    (step,) = steps_on(check(text, repairs=False, lines=frozenset([line])), line)
    assert step.verdict == "refuted", told(step)


# ------------------------------------------------------------------------------ counterexamples, evaluated by hand here


def values(step) -> dict[str, float]:
    return {name: enclosure(value)[0] for name, value in step.counterexample.values.items()}


def test_counterexample_of_the_first_case_breaks_it() -> None:
    text = line_changed(mended("softmax"), 39, r"\,-\,", r"\,+\,")
    (step,) = steps_on(check(text, repairs=False, lines=frozenset([39])), 39)
    at = values(step)
    n, j = int(at["n"]), int(at["j"])
    z = z_of(at, n)
    total = sum(math.exp(z[k]) for k in range(1, n + 1))
    share = math.exp(z[j]) / total
    assert enclosure(step.counterexample.left)[0] == pytest.approx(share - share**2, rel=1e-4)
    assert enclosure(step.counterexample.right)[0] == pytest.approx(share + share**2, rel=1e-4)


def z_of(at: dict[str, float], n: int) -> list[float]:
    """z_1 … z_n from a counterexample that gives them, or x and w."""
    found = [0.0]
    for k in range(1, n + 1):
        if f"z_{k}" in at:
            found.append(at[f"z_{k}"])
        else:
            found.append(sum(at.get(f"x_{i}", 0) * at.get(f"w_{{{i}, {k}}}", 0) for i in range(1, n + 1)))
    return found


def test_counterexample_of_the_last_line_breaks_it() -> None:
    text = line_changed(mended("logistic"), 21, r"(h(x)\,-\,y)", r"(h(x)\,-\,2y)")
    (step,) = steps_on(check(text, repairs=False, lines=frozenset([21])), 21)
    at = values(step)
    m, x, y = at["m"], at["x"], at["y"]
    h = 1 / (1 + math.exp(-(x * at.get("θ", 0) + at.get("b", 0)))) if "θ" in at or "b" in at else None
    left = enclosure(step.counterexample.left)[0]
    right = enclosure(step.counterexample.right)[0]
    if h is not None:
        assert left == pytest.approx((h - y) * x, rel=1e-4)
    assert left - right == pytest.approx(y * x, rel=1e-4)
    assert m >= 1


@pytest.mark.parametrize(
    ("name", "line", "old", "new"),
    [
        ("softmax", 47, r"e^{z\_i}\,e^{z\_j}", r"e^{z\_j}\,e^{z\_i}"),
        ("softmax", 49, r"a\_i\,a\_j", r"a\_j\,a\_i"),
        ("softmax", 40, r"a\_j\,(1\,-\,a\_j)", r"a\_j\,-\,a\_j^2"),
        ("logistic", 21, r"\frac{1}{m}", r"-\frac{1}{-m}"),
        ("logistic", 20, r"y\,(1-h(x))\,-\,(1-y)\,h(x)", r"y\,-\,h(x)"),
        ("logistic", 19, r"(1-y)", r"(-y+1)"),
    ],
)
def test_equivalent_changes_stay_proved(name: str, line: int, old: str, new: str) -> None:
    text = line_changed(mended(name), line, old, new)
    (step,) = steps_on(check(text, repairs=False, lines=frozenset([line])), line)
    assert step.verdict == "proved", told(step)
