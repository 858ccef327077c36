"""Kinds of names from what a document says of them: `n \\in \\mathbb{N}`, `X \\in \\mathbb{R}^{n \\times d}`."""

from __future__ import annotations

from derive.meaning import prose
from derive.meaning.heads import head_key
from derive.meaning.names import key_of_base, script_label
from derive.meaning.question import Kind
from derive.notation.latex import to_latex
from derive.notation.tree import Chain, List, Script

_KINDS: dict[str, Kind] = {
    "\\mathbb{N}": "natural", "\\mathbb{Z}": "integer", "\\mathbb{R}": "real", "\\mathbb{C}": "complex",
    "\\mathbf{R}": "real", "\\mathbf{N}": "natural", "\\mathbf{Z}": "integer", "\\mathbf{C}": "complex",
}  # fmt: skip


def membership(chain: Chain, kinds: dict[str, Kind], vectors: set[str]) -> bool:
    """Kinds from `n \\in \\mathbb{N}`, `X \\in \\mathbb{R}^{n \\times d}`; whether the chain was such a membership."""
    if len(chain.signs) != 1 or chain.signs[0].sign != "∈":
        return False
    left, right = chain.operands
    items = left.items if isinstance(left, List) else (left,)
    keys = [key for item in items if (key := head_key(item)) is not None]
    if prose.MATRIX_SET.search(to_latex(right)):
        vectors.update(keys)
        return True
    if isinstance(right, Script):
        base = key_of_base(right.base)
        label = script_label(right.sup)
        if isinstance(right.sub, Chain) and right.sub.signs and to_latex(right.sub.operands[-1]) == "0":
            label = {">": "+", "≥": "0"}.get(right.sub.signs[0].sign, "")
            if base in _KINDS and right.sup is None and label == "0":
                kinds.update(dict.fromkeys(keys, "natural" if _KINDS[base] == "integer" else "nonnegative"))
                return _KINDS[base] == "real"
        elif right.sub is not None and to_latex(right.sub) == "+":
            label = "+"
        if base in _KINDS and right.sup is not None and label not in ("+", "-", "*"):
            vectors.update(keys)
        elif base in _KINDS and label == "+":
            kinds.update(dict.fromkeys(keys, "natural" if _KINDS[base] in ("natural", "integer") else "positive"))
        else:
            return False
        return True
    kind = _KINDS.get(key_of_base(right) or "")
    if kind:
        kinds.update(dict.fromkeys(keys, kind))
    return kind is not None
