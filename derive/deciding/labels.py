"""Labels at relation signs: which only say why a step holds, and which may make another relation of it."""

from __future__ import annotations

from derive.notation.tree import Annotated, Chain, Fenced, List, Node, Number, Sign, Text
from derive.notation.unicode import to_unicode

_RELATIVE = frozenset({
    "d", "dist", "dist.", "distribution", "law", "a.s.", "as", "a.e.", "iid", "i.i.d.", "p", "l", "c", "const", "+",
    "?", "asymp.", "asymptotically", "w.p.1", "whp", "w.h.p.",
})  # fmt: skip


def unclear_label(sign: Sign) -> str:
    """The label of a sign that may change what it claims, or nothing: `d` of `\\overset{d}{=}` (in distribution),
    `n` of `\\equiv_n`. A label in parentheses, the number of an equation, a condition and a sentence are notes."""
    if sign.label is None or _is_note(sign.label) or (sign.sign == "=" and isinstance(sign.label, Number)):
        return ""
    return to_unicode(sign.label)


def _is_note(label: Node) -> bool:
    if isinstance(label, List):
        return all(_is_note(item) for item in label.items)
    if isinstance(label, Text):
        return label.text.strip().lower() not in _RELATIVE
    return isinstance(label, Fenced | Chain | Annotated)
