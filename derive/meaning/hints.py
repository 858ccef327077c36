"""What the way of writing hints at: names whose order in a product matters, names that may be complex."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from derive.meaning.names import key_of
from derive.meaning.outline import Outline
from derive.meaning.survey import names_in
from derive.notation.latex import to_latex
from derive.notation.tree import Fenced, Name, Node, Product, Script, Word
from derive.notation.walk import walk


def _neighbours(outline: Outline) -> Iterator[tuple[str, str]]:
    """The names that stand side by side in products, in order."""
    for parsed in outline.formulas():
        for node in walk(parsed.passage):
            if isinstance(node, Product):
                keys = [_written_key(factor) for factor in node.factors]
                yield from ((a, b) for a, b in itertools.pairwise(keys) if a and b)
            elif isinstance(node, Word):
                letters = [key_of(letter) for letter in node.letters]
                yield from itertools.pairwise(letters)


def _written_key(factor: Node) -> str:
    """The LaTeX of a factor that is a name, with its index; empty for anything else."""
    base = factor.base if isinstance(factor, Script) else factor
    if not isinstance(base, Name):
        return ""
    sub = factor.sub if isinstance(factor, Script) else None
    return key_of(base) + (f"_{{{to_latex(sub)}}}" if sub is not None else "")


def in_both_orders(outline: Outline) -> set[str]:
    """Names that the document multiplies in both orders, `AB` and `BA`: as if the order mattered."""
    pairs = set(_neighbours(outline))
    both = {pair for pair in pairs if pair[0] != pair[1] and pair[::-1] in pairs}
    return {key for pair in both for whole in pair for key in (whole, whole.split("_{")[0])}


def factors_in_capitals(outline: Outline) -> set[str]:
    """Capitals and names with hats that stand beside each other in products."""
    return {
        key
        for pair in _neighbours(outline)
        if all(key[:1].isupper() or key.startswith("\\hat{") for key in pair)
        for key in pair
    }


def in_magnitudes(outline: Outline) -> set[str]:
    """Names that stand between bars, `|z|`."""
    return {
        key
        for parsed in outline.formulas()
        for node in walk(parsed.passage)
        if isinstance(node, Fenced) and node.left == "|"
        for key in names_in(node.body)
    }
