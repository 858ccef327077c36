"""What the prose says of matrices beside their shape: symmetric, orthogonal, …; and which are square by their use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set

from sympy import Symbol
from sympy.core.basic import Basic

from derive.meaning import prose
from derive.meaning.context import Context
from derive.meaning.matrices import Array, Determinant, MatrixPower
from derive.meaning.names import key_of, key_of_base
from derive.meaning.objects import Entry, subterms
from derive.meaning.outline import Parsed
from derive.notation.tree import Chain, List, Name, Node, Script

_TRAITS: dict[str, tuple[str, ...]] = {
    r"(?:real )?symmetric|对称": ("symmetric",),
    r"(?:symmetric )?positive[- ](?:semi-?)?definite|(?:半)?正定": ("positive", "symmetric"),
    r"orthogonal|rotation|正交|旋转": ("orthogonal",),
    r"idempotent|projection|幂等": ("idempotent", "square"),
    r"diagonal|对角": ("diagonal", "symmetric"),
    r"invertible|non-?singular|square|full[- ]rank square|可逆|非奇异": ("square",),
    r"(?:\w+ )?(?:covariance|precision|Gram|kernel|correlation|Hessian)|协方差": ("symmetric",),
}
_NOUN = r"\s*(?:(?:real|square|invertible|\$?n ?[×x] ?n\$?)\s+)*(?:matri(?:x|ces)|矩阵|方阵|阵)"
_BEFORE = tuple((re.compile(rf"(?:{p}){_NOUN}\s*$", re.IGNORECASE), t) for p, t in _TRAITS.items())
_AFTER = tuple(
    (
        re.compile(
            rf"^\s*(?:(?:both )?(?:is|be|are|being|an?)\b|是|为)[^.;,。；，]{{0,40}}?(?:{p})(?![\w-])",
            re.IGNORECASE,
        ),
        t,
    )
    for p, t in _TRAITS.items()
)
_DENIED = re.compile(r"\b(not|non|neither|nor|need not|isn't|aren't|if|when|unless)\b|不|若|如果", re.IGNORECASE)


def traits_at(
    context: Context, position: int, names: Set[str] | None, terms: Iterable[Basic]
) -> dict[str, frozenset[str]]:
    """The traits of these names (of all if None) at a place, from the prose of the chapter before it (and the sentence
    after), and from the use of the names in the terms of a step."""
    found: dict[str, set[str]] = {}
    renewed: set[str] = set()
    for term in terms:
        for part in subterms(term):
            if isinstance(part, MatrixPower | Determinant):
                base = part.args[0]
                if isinstance(base, Array) and isinstance(base.name, Symbol | Entry):
                    found.setdefault(base.key, set()).add("square")
    for key in (names or set()) & context.conventions_at(position).supposed:
        found.setdefault(key, set()).add("supposed")
    for key in (names or set()) & context.sizes.keys():
        found.setdefault(key, set()).add("declared")
    chapter = next((a for a, b, _ in context.chapters if a <= position < b), 0)
    for k, part in enumerate(context.outline.parts[: position + 6]):
        if not isinstance(part, Parsed) or part.formula.display:
            continue
        keys = {key for chain in part.chains() for key in _subjects(chain)}
        keys = keys if names is None else keys & names
        if _declares(context, part):
            for key in keys:
                found.setdefault(key, set()).add("declared")
        if k >= chapter > 0:
            for key in keys - renewed if _declares(context, part) else ():
                renewed.add(key)
                found[key] = {trait for trait in found.get(key, ()) if trait in ("square", "supposed", "declared")}
        if not keys:
            continue
        listed = context.outline.listed(part.position)
        before, after = listed.before[-80:], listed.after[:80]
        for text, patterns in ((before, _BEFORE), (after, _AFTER)):
            for pattern, traits in patterns:
                match = pattern.search(text)
                sentence = re.split(r"[.;。；]", text[: match.end()])[-1] if match is not None else ""
                if match is not None and _DENIED.search(sentence) is None:
                    for key in keys:
                        found.setdefault(key, set()).update(traits)
    return {key: frozenset(traits) for key, traits in found.items()}


def _declares(context: Context, part: Parsed) -> bool:
    """Whether the prose around a formula says what its names are, so that what other chapters say of them is over."""
    listed = context.outline.listed(part.position)
    return bool(prose.LET.search(listed.before) or prose.MATRIX_AFTER.search(listed.after))


def _subjects(chain: Chain) -> set[str]:
    """The names that a formula in prose is about: what stands alone, or left of ∈. What is said of `X^T X` is not said
    of `X`."""
    if chain.signs and chain.signs[0].sign != "∈":
        return set()
    subject = chain.operands[0]
    listed = subject.items if isinstance(subject, List) else (subject,)
    return {key for item in listed if (key := _single_name(item)) is not None}


def _single_name(node: Node) -> str | None:
    if isinstance(node, Script):
        return key_of_base(node.base) if node.sup is None and isinstance(node.base, Name) else None
    return key_of(node) if isinstance(node, Name) else None
