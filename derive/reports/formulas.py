"""Formulas for reports: from the LaTeX of a step to readable Unicode, or to LaTeX that is safe to compile."""

from __future__ import annotations

import re
from collections.abc import Callable

from derive.notation import read_passage
from derive.notation.latex import to_latex
from derive.notation.tree import Passage
from derive.notation.unicode import to_unicode
from derive.reports.latex_text import escape_text
from derive.results import Counterexample
from derive.source import TracedText

RELATIONS: dict[str, str] = {
    r"\le": "≤", r"\leq": "≤", r"\leqslant": "≤", r"\ge": "≥", r"\geq": "≥", r"\geqslant": "≥", r"\lt": "<",
    r"\gt": ">", r"\ne": "≠", r"\neq": "≠", r"\approx": "≈", r"\equiv": "≡", r"\propto": "∝", r"\sim": "∼",
    r"\in": "∈", r"\Rightarrow": "⇒", r"\implies": "⇒", r"\iff": "⇔", r"\to": "→", r"\triangleq": ":=",
}  # fmt: skip
"""Relation signs that may be written as commands."""

MOST_SIGNS = 1400
"""Signs of a formula that a report sets: in one line they come near to the greatest length that TeX knows."""


def unicode_formula(latex: str) -> str:
    """The formula in one line of readable Unicode."""
    text = _convert(latex, to_unicode)
    line = " ".join((text if text is not None else strip_latex(latex)).split())
    return tighten(line)


def tighten(line: str) -> str:
    """A formula in Unicode with no more braces and blanks than it needs: `Σ_{k=1}^n` for `Σ_{k = 1}^{n}`."""
    line = re.sub(r"\{(\w+) = ([\w−]+)\}", r"{\1=\2}", line)
    return re.sub(r"([_^])\{(\w)\}(?!\w)", r"\1\2", line)


def unicode_phrase(text: str) -> str:
    """Prose with the LaTeX in it (`\\theta_{j} is read as \\theta`) as readable Unicode; what is no formula stays."""
    if "\\" not in text:
        return tighten(text)
    phrase: list[str] = []
    run: list[str] = []
    for word in [*_split_outside_braces(text), ""]:
        prose = not word or re.search(r"(?<![\\\w{])[^\W\d_]{2,}", re.sub(r"\{[^{}]*\}", "", word))
        if not prose:
            run.append(word)
        if prose or word.endswith((",", ";", ":")):
            phrase.append(_unicode_run(" ".join(run)))
            run = []
        if prose:
            phrase.append(word)
    return tighten(" ".join(part for part in phrase if part))


def _unicode_run(run: str) -> str:
    body = run.rstrip(":;,.")
    if "\\" not in body and not re.search(r"[_^]\{", body):
        return run
    formula = unicode_formula(body)
    return run if "⟪" in formula else formula + run[len(body) :]


def _split_outside_braces(text: str) -> list[str]:
    words: list[str] = []
    depth = 0
    for word in text.split():
        if depth > 0:
            words[-1] += " " + word
        else:
            words.append(word)
        depth = max(0, depth + word.count("{") - word.count("}"))
    return words


def latex_formula(latex: str) -> str | None:
    """The formula as LaTeX made anew from its tree, so that nothing of the document's own text is run; None where it
    cannot be read."""
    if len(latex) > 20 * MOST_SIGNS:
        return None
    text = _convert(latex, to_latex)
    if text is None:
        return None
    # a number or a name of a formula belongs to a display, not to a line of a report
    text = re.sub(r"\\(?:tag\*?|label)\s*\{[^{}]*\}", "", text)
    if not is_tame(text) or count_signs(text) > MOST_SIGNS:
        return None
    return re.sub(r"[^\x00-\x7f]", lambda match: rf"\text{{{escape_text(match[0])}}}", text)


def show_counterexample(counterexample: Counterexample) -> str:
    """The values of a counterexample, and both sides for them."""
    values = ", ".join(f"{unicode_phrase(name)} = {value}" for name, value in counterexample.values.items())
    sides = f"left side {counterexample.left}, right side {counterexample.right}"
    if not values:
        return f"the left side is {counterexample.left}, the right side {counterexample.right}"
    return f"{values}: {sides}"


def unicode_relation(relation: str) -> str:
    """A relation sign as one character or two."""
    return RELATIONS.get(relation, relation.removeprefix("\\"))


def strip_latex(latex: str) -> str:
    """LaTeX with its commands as bare words and its grouping gone: what is left to show where it cannot be read."""
    text = re.sub(r"\\[,;:!> ]|\\q?quad\b|(?<!\\)&", " ", latex)
    text = re.sub(r"\\([a-zA-Z]+)", r" \1 ", text)
    text = re.sub(r"\\(.)", r"\1", text)
    text = re.sub(r"([_^])\{(\w+)\}", r"\1\2", text)
    return " ".join(text.replace("{", "(").replace("}", ")").split())


def count_signs(latex: str) -> int:
    """About how many signs stand in a formula; one that may be set as its number counts for as many."""
    signs = re.sub(r"[{}_^&\s]|\\\\", "", re.sub(r"\\[a-zA-Z]+", "x", latex))
    return len(signs) + 5 * sum(not sign.isascii() for sign in signs)


UNTAMED = re.compile(
    r"\\(?:(?:input|include|open|close|read|write|catcode|csname|newcommand|renewcommand|providecommand|expandafter"
    r"|usepackage|directlua|pdf|shell|every|globaldefs)[a-zA-Z]*|(?:immediate|special|[egx]?def|let|futurelet|loop"
    r"|repeat|output|jobname|string|meaning|the|number|verb|href|url|begin\s*\{document|end\s*\{document)(?![a-zA-Z]))"
    r"|\^\^|[#%$~]"
)


def is_tame(latex: str) -> bool:
    """Whether LaTeX of our own making can neither leave mathematics nor do anything but set signs: a second lock, in
    case a name of the document came through."""
    bare = latex.replace("\\\\", "").replace(r"\%", "").replace(r"\#", "").replace(r"\$", "")
    depth = 0
    for sign in re.findall(r"(?<!\\)[{}]", bare):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            return False
    return depth == 0 and UNTAMED.search(bare) is None


def _convert(latex: str, write: Callable[[Passage], str]) -> str | None:
    """The formula through the notation layer; None where that fails, since a report must be written all the same."""
    try:
        return write(read_passage(TracedText(latex, range(len(latex)))))
    except (ArithmeticError, AttributeError, ValueError, TypeError, LookupError, RecursionError):
        return None
