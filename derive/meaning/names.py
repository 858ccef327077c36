"""What a name is called: one key (LaTeX) for each identifier, and which subscripts are indices and which are labels."""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.notation.latex import to_latex
from derive.notation.tree import Chain, Empty, Fenced, List, Name, Node, Number, Product, Script, Sum, Text, Word
from derive.notation.walk import walk

# Letters that index by custom, wherever nothing else is known of them.
INDEX_LETTERS = frozenset("ijklmnpqrst")
UPRIGHT = frozenset(
    {"mathrm", "operatorname", "text", "textrm", "textit", "textbf", "textsf", "texttt", "mathsf", "rm", "mathtt"}
)
_PLAIN = frozenset({"", "mathit", "mathnormal", "it"})
# Superscripts that make another name and are no power.
DECORATIONS = frozenset({"*", "ast", "star", "+", "-", "dagger", "ddagger", "circ", "prime", "sharp", "flat", "oplus"})
_MARKS = frozenset({"bullet", "cdot", "centerdot"})
TRANSPOSES = frozenset({"T", "top", "intercal", "dagger", "H"})


def key_of(name: Name) -> str:
    """The LaTeX of a name with its font and accents, which identifies it: `\\hat{\\theta}`, `\\mathbf{x}`, `z`."""
    key = f"\\{name.letters}" if name.command else name.letters
    if name.style not in _PLAIN:
        key = f"\\{name.style}{{{key}}}"
    for accent in name.accents:
        key = f"\\{accent}{{{key}}}"
    return key


def key_of_base(node: Node | None) -> str | None:
    """The key of a name, word or text that can carry indices or arguments; None for anything else."""
    if isinstance(node, Name):
        return key_of(node)
    if isinstance(node, Word):
        return node.text
    if isinstance(node, Text):
        return f"\\text{{{node.text.strip()}}}"
    return None


UNSPECIFIC = frozenset({
    "const", "constant", "constants", "consts", "cst", "cste", "konst", "other terms", "others", "rest", "remainder",
    "lower order terms", "higher order terms", "h.o.t", "hot", "l.o.t", "something", "anything", "stuff", "finite",
    "arbitrary", "even", "odd", "positive", "negative", "real", "integer", "true", "false", "unknown", "undefined",
})  # fmt: skip
"""Words that stand in formulas for no one thing: two names that are each `\\text{const}` are not equal."""


def is_unspecific(key: str | None) -> bool:
    """Whether a name, word or text is one of those."""
    if key is None:
        return False
    word = re.sub(r"\\[A-Za-z]+\{(.*)\}", r"\1", key).strip(" .,;()").lower()
    return word in UNSPECIFIC


@dataclass(frozen=True, slots=True)
class Subscript:
    """A script taken apart: index nodes, and a label that belongs to the name (`max` in `x_{\\max}`)."""

    indices: tuple[Node, ...] = ()
    label: str = ""


def split_subscript(sub: Node | None, index_letters: frozenset[str] = INDEX_LETTERS) -> Subscript:
    """Which part of a subscript indexes and which is a label."""
    if sub is None or isinstance(sub, Empty):
        return Subscript()
    places = _places(sub)
    if places is not None:
        return _with_marks(places, index_letters)
    if isinstance(sub, List):
        indices: list[Node] = []
        labels: list[str] = []
        for item in sub.items:
            part = split_subscript(item, index_letters)
            indices.extend(part.indices)
            if part.label:
                labels.append(part.label)
        return Subscript(tuple(indices), ",".join(labels))
    if isinstance(sub, Number):
        return Subscript((sub,))
    if isinstance(sub, Name):
        if sub.style in UPRIGHT and len(sub.letters) > 1:
            return Subscript(label=key_of(sub))
        if key_of(sub) in index_letters:
            return Subscript((sub,))
        return Subscript(label=key_of(sub))
    if isinstance(sub, Word):
        if all(key_of(letter) in index_letters for letter in sub.letters):
            return Subscript(sub.letters)
        return Subscript(label=sub.text)
    if isinstance(sub, Text):
        return Subscript(label=f"\\text{{{sub.text.strip()}}}")
    if isinstance(sub, Fenced):
        inner = split_subscript(sub.body, index_letters)
        return inner if inner.indices else Subscript(label=f"({inner.label})")
    if isinstance(sub, Product | Sum) and not isinstance(sub, Script) and _names_nothing(sub, index_letters):
        return Subscript(label=to_latex(sub))
    if (
        isinstance(sub, Product)
        and all(op == "" for op in sub.operators)
        and all(isinstance(f, Name | Number) for f in sub.factors)
    ):
        parts = [split_subscript(f, index_letters) for f in sub.factors]
        if all(p.indices for p in parts) and not any(isinstance(f, Number) for f in sub.factors[:1]):
            return Subscript(tuple(i for p in parts for i in p.indices))
        if all(p.indices for p in parts):
            return Subscript((sub,))
        return Subscript(
            label="".join(key_of(f) if isinstance(f, Name) else getattr(f, "text", "") for f in sub.factors)
        )
    if isinstance(sub, Sum | Product | Script):
        return Subscript((sub,))
    if isinstance(sub, Chain) and len(sub.operands) == 1:
        return split_subscript(sub.operands[0], index_letters)
    return Subscript(label="?")


def _places(sub: Node) -> tuple[Node, ...] | None:
    """The places of a subscript in which a mark stands for an index that was summed away: `i \\bullet`, `i, \\cdot`."""
    places: tuple[Node, ...] = ()
    if isinstance(sub, List):
        places = sub.items
    elif isinstance(sub, Product) and not any(sub.operators):
        places = tuple(
            letter for factor in sub.factors for letter in (factor.letters if isinstance(factor, Word) else (factor,))
        )
    return places if len(places) > 1 and any(_is_mark(place) for place in places) else None


def _is_mark(node: Node) -> bool:
    return isinstance(node, Name) and node.command and node.letters in _MARKS


def _with_marks(places: tuple[Node, ...], index_letters: frozenset[str]) -> Subscript:
    """The indices beside the marks, and a label that says where the marks stand: each pattern is a family of its
    own."""
    pattern = "".join(
        key_of(place) + " " if isinstance(place, Name) and _is_mark(place) else "\\square " for place in places
    )
    parts = [split_subscript(place, index_letters) for place in places if not _is_mark(place)]
    label = ",".join([pattern.strip(), *(part.label for part in parts if part.label)])
    return Subscript(tuple(index for part in parts for index in part.indices), label)


def _names_nothing(sub: Product | Sum, index_letters: frozenset[str]) -> bool:
    """Whether a subscript with operators in it holds no index: `A \\times B`."""
    operators = sub.operators if isinstance(sub, Product) else sub.signs[1:]
    names = [part for part in walk(sub) if isinstance(part, Name)]
    plain = all(isinstance(part, Name | Word | Product | Sum) for part in walk(sub))
    return any(operators) and plain and not any(key_of(name) in index_letters for name in names)


def script_label(sup: Node | None) -> str | None:
    """The label that a superscript adds to a name (`*`, `\\text{new}`), or None where it is no label."""
    if isinstance(sup, Name) and (sup.letters in DECORATIONS or (sup.style in UPRIGHT and len(sup.letters) > 1)):
        return key_of(sup)
    if isinstance(sup, Text):
        return f"\\text{{{sup.text.strip()}}}"
    if isinstance(sup, Fenced) and isinstance(sup.body, Text):
        return f"(\\text{{{sup.body.text.strip()}}})"
    if isinstance(sup, Word) and len(sup.letters) > 2:
        return sup.text
    return None


def is_transpose(sup: Node | None) -> bool:
    """Whether a superscript is a transpose or adjoint: `T`, `\\top`, `\\dagger`, `\\mathrm{T}`, `H`."""
    return (
        isinstance(sup, Name) and sup.letters in TRANSPOSES and (sup.command or sup.letters in "TH") and not sup.accents
    )


def is_inverse(sup: Node | None) -> bool:
    """Whether a superscript is minus one."""
    return (
        isinstance(sup, Sum) and sup.signs == ("-",) and isinstance(sup.terms[0], Number) and sup.terms[0].text == "1"
    )
