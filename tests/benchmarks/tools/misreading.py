r"""Whether a formula was visibly misread: found by comparing the names in the text with those in what was made of it.

Seen are: a letter that has gone; a command that became a symbol (`\hat`, `\partial`); the entry of a family that is a
symbol of its own although its index is bound (`\sum_i x_i` as n times x_i); a call of `f` or `g` taken for a product;
a factor taken for a function; `f'` taken for `f`; a superscript in parentheses taken for a power. What is not seen
counts as read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import sympy as sp
from sympy.core.function import AppliedUndef

GREEK = frozenset({
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega",
})  # fmt: skip
CONSTANTS = frozenset({"e", "i", "d", "pi", "C"})
_BOUND = re.compile(r"\\(?:sum|prod)_\{\s*([A-Za-z])\s*=")
_ENTRY = re.compile(r"\\partial\s+\w+_\{?(\w)\}?")


def misread(latex: str, sides: Sequence[sp.Basic]) -> str:
    """What of a text was misread in these expressions; empty where nothing is seen."""
    names = _names(sides)
    words = {word for name in names for word in _words(name)}
    for name in sorted(names):
        word = name.strip("\\")
        if re.fullmatch(r"[a-z]{3,}", word) and word not in GREEK and f"\\{word}" in latex:
            return f"\\{word} is read as a symbol"
    gone = sorted(_letters(latex) - words - CONSTANTS)
    if gone:
        return f"{', '.join(gone)} is lost"
    for index in sorted({*_BOUND.findall(latex), *_ENTRY.findall(latex)}):
        for name in sorted(names):
            _, _, lower = name.partition("_")
            if index in re.findall(r"[A-Za-z]", lower):
                return f"{name} is one symbol that knows nothing of {index}"
    calls = {str(call.func.__name__) for side in sides for call in side.atoms(AppliedUndef)}
    for call in sorted(calls):
        if len(call) == 1 and re.search(rf"(?<![A-Za-z\\]){call}(?!['(])", re.sub(r"\\left|\s", "", latex)):
            return f"{call} is read as a function"
    for function in ("f", "g"):
        if re.search(rf"(?<![A-Za-z\\]){function}'*\(", latex) and not any(c.startswith(function) for c in calls):
            return f"{function} is read as a factor"
        if f"{function}'(" in latex and not any("'" in call for call in calls):
            return f"{function}' is read as {function}"
    for letter in re.findall(r"\^\{\((\w)\)\}", latex):
        if any(power.exp == sp.Symbol(letter) or str(power.exp) == letter for s in sides for power in s.atoms(sp.Pow)):
            return f"the superscript ({letter}) is read as a power"
    return ""


def _names(sides: Sequence[sp.Basic]) -> set[str]:
    symbols = {str(symbol.name) for side in sides for symbol in side.atoms(sp.Symbol)}
    return symbols | {str(call.func.__name__) for side in sides for call in side.atoms(AppliedUndef)}


def _words(name: str) -> set[str]:
    """The letters a name is made of, a Greek letter being one."""
    found: set[str] = set()
    for word in re.findall(r"[A-Za-z]+", name):
        found |= {word} if word in GREEK else set(word)
    return found


def _letters(latex: str) -> set[str]:
    """The letters of a text, of Greek ones the names; those of other commands and of words in braces are left out."""
    bare = re.sub(r"\\(?:mathrm|mathbb|operatorname|text)\{[^}]*\}", " ", latex)
    found = {name for name in re.findall(r"\\([A-Za-z]+)", bare) if name in GREEK}
    return found | set(re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", " ", bare)))
