"""An expression at a place: `\\left. f \\right|_{x=0}`, `\\left[ F \\right]_a^b`, `\\left[ F \\right]_0^\\infty`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import S, Symbol
from sympy.core.expr import Expr
from sympy.core.symbol import Str

from derive.meaning.names import key_of
from derive.meaning.objects import Antiderivative, LimitAt, Opaque, Partial, is_bound, rename, subterms
from derive.meaning.trouble import Beyond
from derive.notation.tree import At, Chain, Name, Node, Sum

if TYPE_CHECKING:
    from derive.meaning.reader import Reader


def at(reader: Reader, body: Node, place: Node) -> Expr:
    """The value of a body where `x = a`. Raises Beyond for other places, and where nothing can be put in."""
    variable, value = _place(reader, place)
    if variable is None:
        raise Beyond("evaluation at a place that names no variable", place.span)
    return _put(reader.read(body), variable, value, "")


def between(reader: Reader, node: Node, body: Node, lower: Node, upper: Node) -> Expr:
    """The value of a body at the upper end less that at the lower one, as limits where an end is infinite or the body
    has no value there. Where no end names the variable, it is the one that an integral of the same chain runs over, or
    else the one symbol of the body."""
    variable, start = _place(reader, lower)
    other, end = _place(reader, upper)
    variable = variable or other
    term = reader.read(body)
    if variable is None:
        variable = _variable(reader, node, body, term)
    return _put(term, variable, end, "-") - _put(term, variable, start, "+")


def is_open(node: At) -> bool:
    """Whether only a bar behind the body says that it is evaluated, so that nothing tells where the body begins."""
    return node.span.start == node.body.span.start


def reaching_back(reader: Reader, node: Sum, k: int) -> Expr | None:
    """The value of the first k terms of a sum and of the body of the next one, which is evaluated by a bar that takes
    the whole sum; None where it takes that term only, and the others do not hold the variable.
    Raises Beyond where it makes a difference and nothing tells."""
    term = node.terms[k]
    assert isinstance(term, At)
    places = [_place(reader, place) for place in (term.sub, term.sup) if place is not None]
    variable = next((named for named, _ in places if named is not None), None)
    body = Sum(node.span, (*node.terms[:k], term.body), node.signs[: k + 1])
    if variable is None and term.sub is not None and term.sup is not None:
        variable = _variable(reader, term, body, reader.read(body))
    before = [reader.read(other) for other in node.terms[:k]]
    if variable is not None and any(other.has(variable) for other in before):
        return reader.read(At(term.span, body, term.sub, term.sup))
    if term.sub is not None and term.sup is not None:
        raise Beyond("how far the evaluation reaches", term.span)
    return None


def _variable(reader: Reader, node: Node, body: Node, term: Expr) -> Symbol:
    free = {s for s in term.free_symbols if isinstance(s, Symbol) and not is_bound(s)}
    beside = reader.conventions.survey.integrated.get(id(node), frozenset())
    for candidates in ([s for s in free if s.name in beside], list(free)):
        if len(candidates) == 1:
            return candidates[0]
    raise Beyond("which variable the brackets are evaluated in", body.span)


def _place(reader: Reader, node: Node) -> tuple[Symbol | None, Expr]:
    if isinstance(node, Chain) and len(node.signs) == 1 and node.signs[0].sign == "=":
        if not isinstance(node.operands[0], Name):
            raise Beyond("evaluation in this variable", node.span)
        return Symbol(key_of(node.operands[0])), reader.read(node.operands[1])
    return None, reader.read(node)


def _put(term: Expr, variable: Symbol, value: Expr, side: str) -> Expr:
    """The value of a term at a place, from a side (`+` from above); a limit at infinity, where the term is undefined as
    it stands, and of a derivative (which has its limit for its value wherever it has one: Spivak, Calculus, theorem
    11.7)."""
    if any(isinstance(part, Antiderivative | Opaque) and part.has(variable) for part in subterms(term)):
        raise Beyond("an integral or an operator at a place is not decided yet")
    if value in (S.Infinity, S.NegativeInfinity):
        return LimitAt(term, variable, value, Str(""))
    if value.has(S.Infinity, S.NegativeInfinity):
        raise Beyond("a value at infinity is not decided yet")
    if any(isinstance(part, Partial) and part.has(variable) for part in subterms(term)):
        return term if value == variable else LimitAt(term, variable, value, Str(""))
    put: Expr = rename(term, variable, value)
    return LimitAt(term, variable, value, Str(side)) if put.has(S.NaN, S.ComplexInfinity) else put
