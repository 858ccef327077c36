"""Nothing hangs on the letters, the words or the layout of the bundled documents: the same mathematics, told otherwise,
gets the same verdicts and findings; other mathematics gets others."""

from __future__ import annotations

import re

import pytest
from examining import check, findings_on, steps_of, steps_on, told, verdicts
from seeds import BUILT_ON_Z, MINUS, changed, line_changed, mended, outcome, renamed, seed, shape

LETTERS = {
    "logistic": [
        {"h": "g", r"\theta": r"\beta", "J": "C", "x": "t", "y": "s", "i": "p", "b": "c", "m": "N", "j": "k"},
        {"h": "f", r"\theta": "w", "J": "L", "x": "z", "y": "t", "i": "n", "m": "K"},
        {"h": r"\sigma", r"\theta": r"\omega", "J": "F", "x": r"\xi", "y": "d", "i": "k", "m": "n"},
    ],
    "softmax": [
        {"z": "u", "i": "p", "a": "s", "w": "v", "x": "t", "y": "q"},
        {"z": "x", "x": "z", "Loss": "L", "n": "C", "i": "k", "k": "i"},
        {"a": "s", "z": "p", "w": "u", "y": "t", "softmax": "smax", "Loss": "Cost", "i": "r", "j": "q"},
        {"z": r"\zeta", "a": r"\alpha", "i": "l", "j": "m"},
    ],
}


@pytest.mark.parametrize(("name", "letters"), [(n, letters) for n in LETTERS for letters in LETTERS[n]])
def test_other_letters(name: str, letters: dict[str, str]) -> None:
    text = renamed(seed(name), letters)
    repairs = letters is LETTERS[name][0]
    before, after = check(seed(name), repairs=repairs), check(text, repairs=repairs)
    assert outcome(after) == outcome(before)
    assert [shape(s)[0] for s in steps_of(after)] == [shape(s)[0] for s in steps_of(before)]
    for old, new in zip(before.findings, after.findings, strict=True):
        assert (old.code, old.place.line) == (new.code, new.place.line)
        if old.repair is not None and new.repair is not None:
            assert [letters.get(e.text, e.text) for e in old.repair.edits] == [e.text for e in new.repair.edits]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("y", "q"),
        ("J", "E"),
        ("y", "u"),
        ("a", "p"),
        ("x", "f"),
        ("b", "f"),
        ("z", "f"),
    ],
)
def test_letters_that_usually_mean_something_else(old: str, new: str) -> None:
    name = "softmax" if old in "az" else "logistic"
    before, after = check(seed(name), repairs=False), check(renamed(seed(name), {old: new}), repairs=False)
    assert outcome(after) == outcome(before)


def test_messages_use_the_letters_of_the_document() -> None:
    result = check(renamed(seed("softmax"), LETTERS["softmax"][0]))
    said = {f.code: f.message for f in result.findings}
    assert said["I201"].startswith("s is built on t")
    assert "by u" in said["I201"]
    assert said["E103"] == "the chain ends at u_p, not at v_j: ∂u/∂v is missing"


# ------------------------------------------------------------------------------------------- other words, other layout


def without_headings(text: str) -> str:
    return re.sub(r"(?m)^#+ .*$", "", text)


def without_front_matter(text: str) -> str:
    return text.partition("---\n")[2].partition("---\n")[2]


def unescaped(text: str) -> str:
    """Plain Markdown in place of the escapes that blog engines need."""
    return text.replace("\\\\\\\\", "\\\\").replace("\\_", "_")


def aligned(text: str) -> str:
    return text.replace("{align}", "{aligned}")


def starred(text: str) -> str:
    return unescaped(text).replace("$$\n\\begin{align}", "\\begin{align*}").replace("\\end{align}\n$$", "\\end{align*}")


def squeezed(text: str) -> str:
    return re.sub(r"\\,|\\ ", " ", text)


def carriage_returns(text: str) -> str:
    return text.replace("\n", "\r\n")


LAYOUTS = [without_headings, without_front_matter, unescaped, aligned, starred, squeezed, carriage_returns]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["logistic", "softmax"])
def test_other_layout(name: str, layout) -> None:
    before, after = check(seed(name), repairs=False), check(layout(seed(name)), repairs=False)
    assert outcome(after) == outcome(before)
    assert [s.right for s in steps_of(after)] == [s.right for s in steps_of(before)]


CHINESE = {
    "logistic": [("Here $h$ is the sigmoid.", "由于逻辑回归中使用了非线性的sigmoid函数，这里 $h$ 就是它。")],
    "softmax": [
        ("only the target entry of $y$ is 1, all others are 0, so one term of the sum is left.",
         "所有可能的y中，只有目标项为1，其他项则都为0，所以实际上可以忽略累加运算。"),
        ("Let\n$$", "令：\n$$"),
        ("Then\n$$", "则有：\n$$"),
        ("there are two cases: the numerator of the softmax belongs to one node, "
         "and it matters whether that node is the target.",
         "需要分类讨论。"),
        ("First case, the node j is the target:", "一种是分子的节点j与目标项对应："),
        ("Second case, the node j is not the target, and the first term of the numerator vanishes:",
         "另一种是分子节点j不是与目标项对应的，那么求导时分子的前一项为0："),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", ["logistic", "softmax"])
def test_chinese_prose(name: str) -> None:
    before, after = check(seed(name), repairs=False), check(changed(seed(name), *CHINESE[name]), repairs=False)
    assert outcome(after) == outcome(before)


def as_latex(text: str) -> str:
    """The document as a LaTeX file."""
    body = starred(without_front_matter(text))
    body = re.sub(r"(?m)^#+ (.*)$", r"\\section{\1}", body)
    body = re.sub(r"\$\$(.*?)\$\$", r"\\begin{gather*}\1\\end{gather*}", body, flags=re.DOTALL)
    return "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n" + body + "\n\\end{document}\n"


@pytest.mark.parametrize("name", ["logistic", "softmax"])
def test_as_a_latex_file(name: str) -> None:
    before, after = check(seed(name), repairs=False), check(as_latex(seed(name)), "note.tex", repairs=False)
    assert outcome(after) == outcome(before)


def test_both_halves_in_either_order() -> None:
    one, two = without_front_matter(seed("logistic")), without_front_matter(seed("softmax"))
    halves = [outcome(check(seed(name), repairs=False)) for name in ("logistic", "softmax")]
    together = sorted([*halves[0], *halves[1]])
    assert sorted(outcome(check(one + two, repairs=False))) == together
    assert sorted(outcome(check(two + one, repairs=False))) == together


# ---------------------------------------------------------------------------------------------------- other mathematics


def test_with_the_minus_restored_the_gradient_is_proved() -> None:
    result = check(changed(seed("logistic"), MINUS))
    assert verdicts(result) == ["stated", *["proved"] * 5]
    assert {f.code for f in result.findings if f.severity == "error"} == set()
    assert any("sigmoid" in said for said in steps_on(result, 17)[0].assumptions)


def test_with_a_built_on_z_everything_below_is_proved() -> None:
    result = check(changed(seed("softmax"), BUILT_ON_Z))
    assert verdicts(result)[-7:] == ["proved"] * 7
    assert "I201" not in [f.code for f in result.findings]
    assert not any("as repaired" in said for step in steps_of(result) for said in step.assumptions)
    assert findings_on(result, 25) == []


def test_a_wrong_sign_elsewhere_is_refuted_there() -> None:
    text = line_changed(mended("logistic"), 21, "-", "+")
    result = check(text)
    assert verdicts(result) == ["stated", "proved", "proved", "proved", "proved", "refuted"]
    (error,) = [f for f in result.findings if f.severity == "error"]
    assert (error.code, error.place.line) == ("E101", 21)
    assert error.repair is not None


def test_the_sign_of_the_cost_on_the_derivative_instead() -> None:
    """With the sum in the derivative's line taken without its minus, the printed cost is right."""
    text = line_changed(seed("logistic"), 17, r"&= -\frac{1}{m}", r"&= \frac{1}{m}")
    result = check(text)
    assert steps_on(result, 17)[0].verdict == "proved"
    assert steps_on(result, 18)[0].verdict == "refuted"
    assert "E102" not in [f.code for f in result.findings]


def test_without_the_sigmoid_nothing_is_assumed() -> None:
    text = changed(seed("logistic"), ("Here $h$ is the sigmoid.", "It is a sum over the examples."))
    result = check(text)
    assert "A401" not in [f.code for f in result.findings]
    assert [steps_on(result, line)[0].verdict for line in (17, 20)] == ["unknown", "unknown"]


def test_without_the_one_hot_target_the_loss_is_not_proved() -> None:
    text = changed(
        seed("softmax"),
        ("only the target entry of $y$ is 1, all others are 0, so one term of the sum is left", "or more"),
    )
    (step,) = steps_on(check(text), 30)
    assert step.verdict != "proved", told(step)


def test_cases_are_not_exchanged() -> None:
    """The formula for the target is not proved where both indices are said to differ."""
    text = changed(mended("softmax"), ("First case, the node j is the target:", "First case, $i \\ne j$:"))
    (step,) = steps_on(check(text), 38)
    assert step.verdict == "refuted", told(step)
