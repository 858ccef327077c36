"""Distinctions of cases, with their conditions in signs and words: `1 & \\text{if } x > 0`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sympy as sp
from sympy.core.expr import Expr
from sympy.logic.boolalg import Boolean

from derive.meaning.objects import Cases
from derive.meaning.trouble import Beyond
from derive.notation.tree import Cases as WrittenCases
from derive.notation.tree import Chain, Empty, Fenced, List, Node, Text

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

_OTHERWISE = re.compile(
    r"\s*(and )?(otherwise|else|elsewhere|in (any|every|all) other cases?|其他|其它|否则|其余)\W*", re.IGNORECASE
)
_LEADING = re.compile(
    r"\s*(if|for|for all|when|whenever|where|with|in case|provided( that)?|当|若|如果|对|对于)?\s*", re.IGNORECASE
)
_AND = re.compile(r"\s*(and|and if|,|;|且|并且|和)?\s*", re.IGNORECASE)
_OR = re.compile(r"\s*(or|or if|或|或者)\s*", re.IGNORECASE)
_TRAILING = re.compile(r"\s*(时|[.,;，。；])*\s*")


def read_cases(reader: Reader, node: WrittenCases) -> Expr:
    """The expression of a distinction of cases. Raises Beyond where a condition is not one of relations."""
    branches: list[tuple[Expr, Boolean]] = []
    for k, (value, condition) in enumerate(node.rows):
        last = k == len(node.rows) - 1
        if last and k and isinstance(condition, Empty):
            branches.append((reader.read(value), sp.true))
        else:
            branches.append((reader.read(value), condition_of(reader, condition)))
    return Cases(*branches)


def condition_of(reader: Reader, node: Node) -> Boolean:
    """A condition as a SymPy Boolean: relations with "if", "and", "or" around them. Raises Beyond for other words."""
    if isinstance(node, Fenced) and node.left == "(":
        return condition_of(reader, node.body)
    if isinstance(node, Chain) and node.signs:
        return reader.relation(node)
    if isinstance(node, Text) and _OTHERWISE.fullmatch(node.text):
        return sp.true
    items = node.items if isinstance(node, List) else (node,)
    alternatives: list[list[Boolean]] = [[]]
    for k, item in enumerate(items):
        if isinstance(item, Empty):
            continue
        if isinstance(item, Chain) and item.signs:
            alternatives[-1].append(reader.relation(item))
        elif not isinstance(item, Text):
            raise Beyond("a case whose condition is not a relation", item.span)
        elif _OR.fullmatch(item.text) and alternatives[-1]:
            alternatives.append([])
        elif not (
            (k == 0 and _LEADING.fullmatch(item.text))
            or _AND.fullmatch(item.text)
            or (k == len(items) - 1 and _TRAILING.fullmatch(item.text))
        ):
            raise Beyond("a case whose condition is not a relation", item.span)
    if not all(alternatives):
        raise Beyond("a case whose condition is not a relation", node.span)
    return sp.Or(*[sp.And(*conditions) for conditions in alternatives])
