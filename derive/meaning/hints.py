"""What the way of writing hints at: names whose order in a product matters, names that may be complex."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Set

from derive.meaning.differentials import is_d
from derive.meaning.names import is_inverse, is_transpose, key_of, key_of_base
from derive.meaning.outline import Outline, Parsed
from derive.meaning.survey import names_in
from derive.notation.latex import to_latex
from derive.notation.tree import Fenced, Name, Node, Product, Script, Word
from derive.notation.walk import children, walk

_GREEK_CAPITALS = frozenset(
    f"\\{name}" for name in ("Gamma", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega")
)
_BESIDE = frozenset({"", "\\cdot"})
_NUMBERS = frozenset({"e", "\\mathrm{e}", "\\pi", "\\Delta", "\\nabla", "\\infty"})


def _neighbours(formula: Parsed, beside: frozenset[str] = _BESIDE) -> Iterator[tuple[str, str]]:
    """The names that stand side by side in products of a formula, in order, with one of the operators `beside` between
    them; scripts are left out, and so are differentials, numbers such as e, and functions before their arguments."""
    stack: list[Node] = [formula.passage]
    while stack:
        node = stack.pop()
        if isinstance(node, Script):
            if node.base is not None:
                stack.append(node.base)
            continue
        if isinstance(node, Product):
            keys = [_written_key(factor) for factor in node.factors]
            for k, (one, other) in enumerate(itertools.pairwise(keys)):
                after = node.factors[k + 2] if k + 2 < len(keys) else None
                called = isinstance(after, Fenced) and node.operators[k + 1] == "" and after.left == "("
                if one and other and node.operators[k] in beside and not called:
                    yield one, other
        elif isinstance(node, Word) and (len(node.letters) == 2 or node.text.isupper()):
            yield from itertools.pairwise([_written_key(letter) for letter in node.letters])
        stack.extend(children(node))


def _written_key(factor: Node) -> str:
    """The LaTeX of a factor that is a name, with its index; empty for anything else."""
    base = factor.base if isinstance(factor, Script) else factor
    if not isinstance(base, Name) or is_d(base) or key_of(base) in _NUMBERS:
        return ""
    sub = factor.sub if isinstance(factor, Script) else None
    return key_of(base) + (f"_{{{to_latex(sub)}}}" if sub is not None else "")


def _is_capital(key: str) -> bool:
    return key[:1].isupper() or key.startswith("\\hat{")


def in_both_orders(formulas: Iterable[Parsed]) -> set[str]:
    """Names that are multiplied in both orders, `AB` and `BA`, in one formula, or as capitals anywhere: as if the order
    mattered."""
    found: set[str] = set()
    capitals: set[tuple[str, str]] = set()
    for formula in formulas:
        capitals |= {pair for pair in _neighbours(formula) if all(map(_is_capital, pair))}
        found |= _reversed(set(_neighbours(formula, _BESIDE | {"\\times"})))
    return found | _reversed(capitals)


def _reversed(pairs: set[tuple[str, str]]) -> set[str]:
    both = {pair for pair in pairs if pair[0] != pair[1] and pair[::-1] in pairs}
    return {key for pair in both for whole in pair for key in (whole, whole.split("_{")[0]) if key}


def factors_in_capitals(formulas: Iterable[Parsed]) -> set[str]:
    """Capitals and names with hats that stand beside each other in products."""
    return {key for formula in formulas for pair in _neighbours(formula) if all(map(_is_capital, pair)) for key in pair}


def inverted_capitals(formulas: Iterable[Parsed]) -> set[str]:
    """Capitals that are inverted, `A^{-1}`."""
    return {
        key_of(node.base)
        for formula in formulas
        for node in walk(formula.passage)
        if isinstance(node, Script) and is_inverse(node.sup) and isinstance(node.base, Name)
        and node.sub is None and _is_capital(key_of(node.base))
    }  # fmt: skip


def capitals_beside(formulas: Iterable[Parsed], arrays: Set[str]) -> set[str]:
    """Capitals that stand directly beside a vector or matrix in a product, `x^\\top S y`: beside a transposed factor, a
    bold one, or one of the names given."""
    found: set[str] = set()
    for formula in formulas:
        for node in walk(formula.passage):
            if isinstance(node, Word):
                pairs: list[tuple[Node, Node]] = list(itertools.pairwise(node.letters))
            elif isinstance(node, Product):
                neighbours = zip(node.operators, node.factors, node.factors[1:], strict=False)
                pairs = [(one, other) for operator, one, other in neighbours if operator == ""]
            else:
                continue
            for one, other in pairs:
                for name, beside in ((one, other), (other, one)):
                    base = name.base if isinstance(name, Script) else name
                    if isinstance(base, Name) and _is_large(key_of(base)) and _is_array(beside, arrays):
                        found.add(key_of(base))
    return found


def _is_large(key: str) -> bool:
    return (len(key) == 1 and key.isupper()) or key in _GREEK_CAPITALS


def _is_array(node: Node, arrays: Set[str]) -> bool:
    if isinstance(node, Script) and is_transpose(node.sup):
        return True
    key = key_of_base(node.base if isinstance(node, Script) else node)
    return key is not None and (key in arrays or key.startswith(("\\mathbf{", "\\boldsymbol{", "\\bm{", "\\vec{")))


def in_magnitudes(outline: Outline) -> set[str]:
    """Names that stand between bars, `|z|`."""
    return {
        key
        for parsed in outline.formulas()
        for node in walk(parsed.passage)
        if isinstance(node, Fenced) and node.left == "|"
        for key in names_in(node.body)
    }
