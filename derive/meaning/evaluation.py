"""An expression at a place: `\\left. f \\right|_{x=0}`, `\\left[ F \\right]_a^b`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import S, Symbol
from sympy.core.expr import Expr

from derive.meaning.names import key_of
from derive.meaning.objects import Antiderivative, Opaque, Partial, is_bound, rename, subterms
from derive.meaning.trouble import Beyond
from derive.notation.tree import Chain, Name, Node

if TYPE_CHECKING:
    from derive.meaning.reader import Reader


def at(reader: Reader, body: Node, place: Node) -> Expr:
    """The value of a body where `x = a`. Raises Beyond for other places, and where nothing can be put in."""
    variable, value = _place(reader, place)
    if variable is None:
        raise Beyond("evaluation at a place that names no variable", place.span)
    return _put(reader.read(body), variable, value)


def between(reader: Reader, body: Node, lower: Node, upper: Node) -> Expr:
    """The value of a body at the upper end less that at the lower one. Where no end names the variable, it is the one
    symbol of the body."""
    term = reader.read(body)
    variable, start = _place(reader, lower)
    other, end = _place(reader, upper)
    variable = variable or other
    if variable is None:
        free = sorted({s for s in term.free_symbols if isinstance(s, Symbol) and not is_bound(s)}, key=lambda s: s.name)
        if len(free) != 1:
            raise Beyond("which variable the brackets are evaluated in", body.span)
        variable = free[0]
    return _put(term, variable, end) - _put(term, variable, start)


def _place(reader: Reader, node: Node) -> tuple[Symbol | None, Expr]:
    if isinstance(node, Chain) and len(node.signs) == 1 and node.signs[0].sign == "=":
        if not isinstance(node.operands[0], Name):
            raise Beyond("evaluation in this variable", node.span)
        return Symbol(key_of(node.operands[0])), reader.read(node.operands[1])
    return None, reader.read(node)


def _put(term: Expr, variable: Symbol, value: Expr) -> Expr:
    if value.has(S.Infinity, S.NegativeInfinity):
        raise Beyond("a value at infinity is not decided yet")
    if any(isinstance(part, Partial | Antiderivative | Opaque) and part.has(variable) for part in subterms(term)):
        raise Beyond("a derivative at a place is not decided yet")
    return rename(term, variable, value)
