"""Readings: the choices that notation leaves open, made explicit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from derive.meaning.chances import NONE, Chances
from derive.meaning.names import UPRIGHT, key_of_base
from derive.meaning.shapes import form_of
from derive.meaning.survey import Survey, Usage
from derive.notation.latex import to_latex
from derive.notation.tree import Chain, Fenced, Fraction, List, Name, Node, Number, Product, Script, Sum, Word
from derive.notation.walk import children, walk

# Letters that name functions by custom when an argument in parentheses follows them and they never stand alone.
FUNCTION_LETTERS = frozenset(
    ["f", "g", "h", "F", "G", "H", "J", "L", "p", "q", "P", "Q", "\\phi", "\\varphi", "\\psi", "\\sigma", "\\Phi",
     "\\Psi", "\\ell", "u", "v", "\\mathcal{L}", "K", "k", "\\kappa", "R", "V", "\\pi", "\\mu", "M", "U", "\\Lambda"]
)  # fmt: skip
WORDS = frozenset(
    [
        "loss",
        "cost",
        "error",
        "softmax",
        "sigmoid",
        "relu",
        "tanh",
        "score",
        "rank",
        "diag",
        "vec",
        "softplus",
        "logit",
        "entropy",
        "odds",
        "sum",
        "mean",
        "argmax",
        "argmin",
        "lim",
        "sup",
        "inf",
        "span",
        "prob",
        "acc",
        "val",
        "out",
        "in",
        "net",
        "obj",
        "reg",
        "mse",
        "mae",
        "kl",
        "elbo",
    ]
)
# letters of integral transforms, in documents that speak of such
TRANSFORMS = frozenset(["\\mathcal{L}", "\\mathscr{L}", "\\mathcal{F}", "\\mathscr{F}"])
INDICATORS = frozenset(
    [
        "\\mathbb{1}",
        "\\mathbf{1}",
        "\\mathds{1}",
        "\\mathrm{1}",
        "\\mathrm{I}",
        "\\mathbb{I}",
        "\\mathbf{I}",
        "I",
        "\\chi",
    ]
)
EXPECTATIONS = frozenset(
    ["\\mathbb{E}", "\\operatorname{E}", "\\mathrm{E}", "E", "\\mathbf{E}", "\\operatorname{Var}", "\\mathrm{Var}",
     "\\text{Var}", "Var", "\\mathbb{V}", "\\operatorname{Cov}", "\\mathrm{Cov}", "\\text{Cov}", "Cov", "Var",
     "\\Pr", "\\mathbb{P}", "\\mathrm{Pr}", "\\mathrm{KL}", "\\operatorname{KL}", "\\mathbb{KL}", "\\mathrm{H}",
     "\\mathbb{H}", "\\operatorname{Pr}", "\\text{KL}", "\\mathcal{N}", "\\mathcal{B}", "\\mathcal{U}", "\\mathrm{I}"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a derivation.

    `restored`: a bare name under an operator over the index of its own family is read as the member (`y` as `y^{i}`),
    and a parameter whose index nothing else carries is read without it (`\\theta_j` as `\\theta`): people drop indices
    out of laziness. `loose_slash`: `a/2y` is a over 2y. `narrow`: a function without parentheses takes one factor only,
    `\\ln \\frac{a}{b} c` is c times the logarithm. `mixed`: `2\\frac12` is two and a half. `decimal`: `\\log` is to the
    base 10. `wide`: a function without parentheses takes in what follows a dot, `\\log a \\cdot b` is of the product.
    `arrays`: vectors and matrices are such, and no numbers; `inferred`: the names that must be some because of where
    they stand, with their forms (`column`, `matrix`, and `members` where the members of a family are vectors). Neither
    is a choice: they follow from the formula. `apart`: the names that stand in the formula with an index and without
    one, so that nothing was dropped (`\\bar y_i - \\bar y`)."""

    restored: bool = False
    loose_slash: bool = False
    narrow: bool = False
    mixed: bool = False
    decimal: bool = False
    wide: bool = False
    arrays: bool = False
    inferred: tuple[tuple[str, str], ...] = ()
    apart: frozenset[str] = frozenset()


LITERAL = Reading()
"""What is written, as it stands."""
CHOICES = tuple(choice.name for choice in fields(Reading) if choice.type == "bool" and choice.name != "arrays")


def _choosing(choice: str) -> Reading:
    changes: dict[str, Any] = {choice: True}
    return replace(LITERAL, **changes)


ALTERNATIVES = tuple(map(_choosing, CHOICES))
"""Every other reading that makes one choice."""


@dataclass
class Conventions:
    """How the names of one document are read: chosen from the survey and the declared kinds, kept for all of it."""

    survey: Survey
    defined: frozenset[str] = frozenset()  # keys of names that the document defines
    vectors: frozenset[str] | None = None  # keys of vectors and matrices; None for what stands alone, not in a document
    linear: frozenset[str] = frozenset()  # keys of transforms, which are linear
    independent: Mapping[str, str] = field(default_factory=dict)  # of names with a formula in x or t, which of them
    chances: Chances = NONE  # what the chapter shows of random variables and laws
    forms: Mapping[str, str] = field(default_factory=dict)  # what the document declares as `column` or `matrix`
    members: frozenset[str] = frozenset()  # families of which the document calls the members vectors or matrices
    qubits: bool = False  # whether kets of zeros and ones are states of qubits
    supposed: frozenset[str] = frozenset()  # keys of vectors and matrices that may be numbers after all
    modular: bool = False  # whether lists of numbers may be added by another law than that of vectors
    memory: dict[Any, Any] = field(default_factory=dict, repr=False)  # what `Reader.side` has read
    _functions: dict[str, bool] = field(default_factory=dict)

    def usage(self, key: str) -> Usage:
        return self.survey.usage.get(key) or Usage()

    def is_function(self, key: str) -> bool:
        """Whether `name(…)` is a call and not a product."""
        if key not in self._functions:
            self._functions[key] = self._decide_function(key)
        return self._functions[key]

    def _decide_function(self, key: str) -> bool:
        usage = self.usage(key)
        if not usage.called:
            return usage.primed and key in FUNCTION_LETTERS and not usage.raised
        if usage.conditioned or _is_upright(key):
            return True
        if key in self.survey.bound_letters or any(_mentions_bare(body, key) for body in usage.called):
            return False  # an index, or a factor of what stands in the parentheses: k(k+1), p(1-p)
        if usage.head_of or any(isinstance(body, List) for body in usage.called):
            return True
        plain = [body for body in usage.called if _names_only(body)]
        if usage.primed and (plain or any(_is_numeral(body) for body in usage.called)):
            return True  # y'' beside y(0)
        alone = sum(usage.indexed.values()) > usage.member_called
        if usage.bare or alone or usage.raised:
            # a bare occurrence beside calls names the function, if calls there are: f(x) and f
            return bool(plain) and (key in FUNCTION_LETTERS or usage.differentiated)
        if key == "\\pi":
            return len(plain) == len(usage.called)  # else it is the number: π(1 - x)
        if key in FUNCTION_LETTERS:
            return True
        return not usage.indexed and not usage.powers and all(_simple(body) for body in usage.called)

    def is_word(self, word: Word) -> bool:
        """Whether a run of letters is one identifier and not a product."""
        text = word.text
        if text.lower() in WORDS:
            return True
        if len(text) <= 2:
            return False
        return not all(self._stands_alone(letter) for letter in word.letters)

    def _stands_alone(self, letter: Name) -> bool:
        usage = self.survey.usage.get(letter.letters)
        return usage is not None and bool(usage.bare or usage.indexed or usage.called or usage.powers)

    def is_imaginary(self) -> bool:
        """Whether `i` is the imaginary unit."""
        return self.survey.imaginary and "i" not in self.defined

    def is_vector(self, key: str) -> bool:
        """Whether a name is a vector or a matrix: declared, bold, with an arrow, or transposed somewhere; so are its
        estimates and other versions of it (`\\hat{w}`, `w^{*}`)."""
        known = self.usage(key).transposed if self.vectors is None else key in self.vectors
        if known:
            return True
        base = _UPPER_LABEL.sub("", key)
        version = _VERSION.fullmatch(base)
        if base != key or version is not None:
            return self.is_vector(version[2] if version is not None else base)
        bold = _ACCENT.sub(r"\2", base) if _ACCENT.fullmatch(base) else base
        return bold.startswith(_BOLD) and not _digits(bold)

    def form_of(self, key: str) -> str | None:
        """`column` or `matrix` for a vector or matrix, None for a number."""
        return form_of(key, self.forms) if self.is_vector(key) else None

    def is_inverted(self, key: str) -> bool:
        """Whether a member of the family of this name is inverted somewhere, so that the members are matrices."""
        return self.usage(key).member_inverted

    def has_vector_members(self, key: str) -> bool:
        """Whether the members of the family of this name are vectors themselves: they are transposed somewhere, or the
        name is bold."""
        return self.usage(key).member_transposed or key in self.members or is_bold(key)

    def family_of(self, key: str) -> tuple[int, int] | None:
        """How many lower and upper indices the family of this name has, if it always has the same and at least one."""
        shapes = self.usage(key).indexed
        return next(iter(shapes)) if len(shapes) == 1 else None

    def usual_arguments(self, key: str) -> Node | None:
        """The argument that the bare name of a function stands for: the one it is always called with; where it is only
        called at numbers (`y(0) = 1` beside `y = e^x`), the x or t that its formula has."""
        called = self.usage(key).called
        plain = [body for body in called if not _is_numeral(body)]
        if plain:
            if not all(_names_only(body) for body in plain):
                return None
            return plain[0] if len({to_latex(body) for body in plain}) == 1 else None
        letter = self.independent.get(key)
        return Name(called[0].span, letter) if called and letter is not None else None


def is_bold(key: str) -> bool:
    """Whether a name is bold or has an arrow, perhaps under an accent."""
    base = _UPPER_LABEL.sub("", key)
    while (found := _VERSION.fullmatch(base) or _ACCENT.fullmatch(base)) is not None:
        base = found[2]
    return base.startswith(_BOLD)


_UPPER_LABEL = re.compile(r"\^\{.*\}$")
_VERSION = re.compile(r"\\(hat|widehat|tilde|widetilde|check|breve)\{(.+)\}")
_ACCENT = re.compile(r"\\(bar|overline|dot|ddot|mathring)\{(.+)\}")
_BOLD = ("\\mathbf{", "\\boldsymbol{", "\\bm{", "\\vec{", "\\pmb{", "\\textbf{", "\\bf{")


def _digits(key: str) -> bool:
    return key[key.index("{") + 1 : -1].isdigit()


def _is_upright(key: str) -> bool:
    return key.startswith(tuple(f"\\{style}{{" for style in UPRIGHT)) or (len(key) > 2 and key.isalpha())


def _mentions_bare(body: Node, key: str) -> bool:
    """Whether a name stands in a formula without an argument of its own."""
    if key_of_base(body) == key:
        return True
    for node in walk(body):
        parts = children(node)
        for k, part in enumerate(parts):
            called = isinstance(node, Product) and k + 1 < len(parts) and isinstance(parts[k + 1], Fenced)
            if key_of_base(part) == key and not called:
                return True
    return False


def _simple(body: Node) -> bool:
    """An argument as functions have them: a name, number, indexed name, or a list or sum of such."""
    return not isinstance(body, Fenced | Chain)


def _is_numeral(body: Node) -> bool:
    """An argument that is a number: `y(0)`, `f(-1)`, `g(1/2)`."""
    return all(isinstance(part, Number | Sum | Product | Fraction) for part in walk(body))


def _names_only(body: Node) -> bool:
    items = body.items if isinstance(body, List) else (body,)
    return all(isinstance(item, Name | Word | Script) for item in items)
