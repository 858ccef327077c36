"""Formulas for reports: from the LaTeX of a step to readable Unicode, or to LaTeX that is safe to compile."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from derive.source import TracedText

RELATIONS: dict[str, str] = {
    r"\le": "≤", r"\leq": "≤", r"\leqslant": "≤", r"\ge": "≥", r"\geq": "≥", r"\geqslant": "≥", r"\lt": "<",
    r"\gt": ">", r"\ne": "≠", r"\neq": "≠", r"\approx": "≈", r"\equiv": "≡", r"\propto": "∝", r"\sim": "∼",
    r"\in": "∈", r"\Rightarrow": "⇒", r"\implies": "⇒", r"\iff": "⇔", r"\to": "→", r"\triangleq": ":=",
}  # fmt: skip
"""Relation signs that may be written as commands."""

LONGEST_FORMULA = 20_000
"""Characters; what is longer is not set as a formula in a report."""


def unicode_formula(latex: str) -> str:
    """The formula in one line of readable Unicode."""
    text = _convert(latex, "derive.notation.unicode", "to_unicode")
    line = " ".join((text if text is not None else strip_latex(latex)).split())
    # Σ_{k = 1}^{n} reads better as Σ_{k=1}^n
    line = re.sub(r"\{(\w+) = ([\w−]+)\}", r"{\1=\2}", line)
    return re.sub(r"([_^])\{(\w)\}(?!\w)", r"\1\2", line)


def latex_formula(latex: str) -> str | None:
    """The formula as LaTeX made anew from its tree, so that nothing of the document's own text is run; None where it
    cannot be read."""
    if len(latex) > LONGEST_FORMULA:
        return None
    text = _convert(latex, "derive.notation.latex", "to_latex")
    return text if text is not None and is_tame(text) else None


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


def _convert(latex: str, module: str, function: str) -> str | None:
    """The formula through the notation layer; None where that fails, since a report must be written all the same."""
    from importlib import import_module

    try:
        read: Callable[[TracedText], Any] = import_module("derive.notation").read_passage
        write: Callable[[Any], str] = getattr(import_module(module), function)
        return write(read(TracedText(latex, range(len(latex)))))
    except (ImportError, AttributeError, ValueError, TypeError, LookupError, RecursionError):
        return None
