"""Steps with `\\pm` on both sides, which state two equations: one for the upper signs and one for the lower ones."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from derive.notation.tree import Annotated, Name, Node, Sign, Sum, Word
from derive.notation.walk import children, walk
from derive.steps.step import Step

_UPPER = {"\\pm": "+", "\\mp": "-"}
_LOWER = {"\\pm": "-", "\\mp": "+"}


def with_either_sign(step: Step) -> tuple[Step, Step] | None:
    """The step with all upper signs, and with all lower ones; None where it has no double sign, or has one on one side
    only (then it is not said how the signs belong together)."""
    ends = (step.right, step.before) if step.before is not None else (step.left, step.right)
    if not all(end is not None and _is_double(end) for end in ends):
        return None
    if not _has_names(step.left) and not _has_names(step.right):
        return None  # numbers with their errors
    return _with(step, _UPPER), _with(step, _LOWER)


def choices(left: Node, right: Node) -> tuple[tuple[Node, Node], ...]:
    """The equations that one equation stands for: with all upper signs and with all lower ones, if it has any."""
    if not (_is_double(left) or _is_double(right)):
        return ((left, right),)
    return tuple((_put(left, signs), _put(right, signs)) for signs in (_UPPER, _LOWER))


def _has_names(node: Node) -> bool:
    """Whether a formula holds a name, outside of the notes at its braces."""
    if isinstance(node, Annotated):
        return _has_names(node.body)
    return isinstance(node, Name | Word) or any(_has_names(child) for child in children(node))


def _is_double(node: Node) -> bool:
    return any(sign in _UPPER for part in walk(node) if isinstance(part, Sum) for sign in part.signs)


def _with(step: Step, signs: dict[str, str]) -> Step:
    before = None if step.before is None else _put(step.before, signs)
    return replace(step, left=_put(step.left, signs), right=_put(step.right, signs), before=before)


def _put(value: Any, signs: dict[str, str]) -> Any:
    """A tree with its double signs made single."""
    if isinstance(value, tuple):
        return tuple(_put(item, signs) for item in value)
    if not isinstance(value, Node) or isinstance(value, Sign):
        return value
    if not _is_double(value):
        return value
    made = {f.name: _put(getattr(value, f.name), signs) for f in fields(value) if f.name != "span"}
    if isinstance(value, Sum):
        made["signs"] = tuple(signs.get(sign, sign) for sign in value.signs)
    return replace(value, **made)
