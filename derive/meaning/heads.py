"""The head of a definition, as it is written: a name, a member of a family, a call with plain arguments."""

from __future__ import annotations

from collections.abc import Set

from derive.meaning.domains import fenced_index
from derive.meaning.names import is_inverse, key_of, key_of_base, script_label, split_subscript
from derive.notation.tree import Fenced, List, Name, Node, Number, Product, Script, Word
from derive.notation.walk import same, walk

_CONSTANTS = frozenset({"e", "\\mathrm{e}", "\\pi"})


def head_key(head: Node, superscripted: Set[str] = frozenset()) -> str | None:
    """The key of the name that `head = …` would define; None where the left side is no head: a name, a member of a
    family with plain indices, a call with plain arguments. `superscripted` are the names whose letter superscripts
    are indices; those of other names are powers."""
    if isinstance(head, Product) and len(head.factors) == 2 and head.operators == ("",):
        function, group = head.factors
        inverse = _inverted(function)
        if inverse is not None and isinstance(group, Fenced) and group.left == "(":
            return inverse if isinstance(group.body, Name) else None
        if isinstance(group, Fenced) and (group.left, group.right) == ("(", ")"):
            items = group.body.items if isinstance(group.body, List) else (group.body,)
            if all(isinstance(item, Name | Word | Script) for item in items):
                return head_key(function, superscripted)
        return None
    if isinstance(head, Script):
        key = key_of_base(head.base)
        if key is None or head.primes:
            return None
        parts = split_subscript(head.sub)
        indices = [*parts.indices]
        if parts.label:
            key += f"_{{{parts.label}}}"
        if head.sup is not None:
            upper, label = fenced_index(head.sup), script_label(head.sup)
            if label is not None:
                key += f"^{{{label}}}"
            elif upper is not None:
                indices.append(upper)
            elif not isinstance(head.sup, Name) or key not in superscripted:
                return None
            else:
                indices.append(head.sup)
        return key if all(isinstance(index, Name | Number) for index in indices) else None
    if isinstance(head, Name) and head.letters in ("partial", "nabla", "infty"):
        return None
    return key_of_base(head) if isinstance(head, Name | Word) else None


def _inverted(function: Node) -> str | None:
    """The key of the inverse of a function, `g^{-1}`; None for anything else."""
    if not isinstance(function, Script) or function.sub is not None or function.primes:
        return None
    key = key_of_base(function.base)
    return f"{key}^{{-1}}" if key is not None and is_inverse(function.sup) else None


def squared_head(head: Node) -> Node | None:
    """The head whose square is written: `R` of `R^2`, `\\sigma_1` of `\\sigma_1^2`; None for anything else."""
    if not isinstance(head, Script) or head.primes or not isinstance(head.sup, Number) or head.sup.text != "2":
        return None
    if not isinstance(head.base, Name) or key_of(head.base) in _CONSTANTS:
        return None
    return head.base if head.sub is None else Script(head.span, head.base, head.sub, None)


def mentions(node: Node, key: str) -> bool:
    """Whether a formula holds the name of a key, with its label."""
    return any(_named(inner) == key for inner in walk(node))


def mentions_only_numbered(node: Node, head: Node, key: str) -> bool:
    """Whether a formula holds the family of a head only in members with numbers for indices, `\\alpha_0` in
    `\\alpha_n = \\alpha_0 + y`, other ones than the head's own (`k_2 = f(k_1)`): that says what this one member is, and
    nothing of the others."""
    if not isinstance(head, Script) or head.sup is not None or not _indices(head):
        return False
    members = [inner for inner in walk(node) if isinstance(inner, Script) and _named(inner) == key]
    bases = {id(member.base) for member in members}
    bare = [inner for inner in walk(node) if _named(inner) == key and inner not in members and id(inner) not in bases]
    numbered = all(_indices(m) and all(isinstance(index, Number) for index in _indices(m)) for m in members)
    other = all(isinstance(index, Name) for index in _indices(head)) or (
        all(isinstance(index, Number) for index in _indices(head))
        and not any(same(member.sub, head.sub) for member in members)
    )
    return bool(members) and not bare and numbered and other


def _indices(member: Script) -> tuple[Node, ...]:
    return split_subscript(member.sub).indices


def _named(node: Node) -> str | None:
    """The key of a name, with the label in its subscript."""
    if not isinstance(node, Name | Word | Script):
        return None
    found = key_of_base(node.base if isinstance(node, Script) else node)
    if isinstance(node, Script) and found is not None:
        label = split_subscript(node.sub).label
        found += f"_{{{label}}}" if label else ""
    return found
