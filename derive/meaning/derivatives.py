"""Derivatives: from `\\frac{\\partial L}{\\partial z_j}` to `Partial`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sympy import Dummy, Mul, Pow, Symbol
from sympy.core.expr import Expr
from sympy.core.symbol import Str

from derive.meaning import gradients
from derive.meaning.differentials import written_derivative
from derive.meaning.matrices import is_matrix
from derive.meaning.names import key_of
from derive.meaning.objects import Call, Entry, LimitAt, Opaque, Partial, subterms
from derive.meaning.trouble import Beyond
from derive.notation.tree import Fraction, Name, Node, Number, Product, Script

if TYPE_CHECKING:
    from derive.meaning.reader import Reader


Pairs = list[tuple[str, Node]]


def of_fraction(reader: Reader, node: Fraction) -> Expr | None:
    """The derivative that a fraction writes, or None where it is an ordinary fraction."""
    written = written_derivative(node)
    if written is None:
        return None
    if written.body is None:
        raise Beyond("a derivative operator without its function", node.span)
    return differentiate(reader, reader.read(written.body), written.variables, written.body)


def differentiate(reader: Reader, body: Expr, variables: Sequence[Node], node: Node) -> Expr:
    """The derivative of `body` by each variable in turn.

    A name that the document never says what it is depends on the variable in a way nobody knows: its derivative
    is a quantity of its own. Raises Beyond where such a name stands inside a larger body."""
    places = [reader.read(variable) for variable in variables]
    if reader.reading.arrays and (is_matrix(body) or any(map(is_matrix, places))):
        if len(places) != 1:
            raise Beyond("a second derivative with vectors", node.span)
        return gradients.by(reader, body, places[0])
    if len(places) == 1 and isinstance(places[0], Pow) and places[0].exp == 2:
        root = places[0].base  # df/d(x²) = (df/dx) / 2x
        if isinstance(root, Symbol | Entry):
            return Mul(Partial(body, root), Pow(2 * root, -1))
    for place in places:
        if not isinstance(place, Symbol | Entry | Call):
            raise Beyond("a derivative by this", node.span)
    if _is_free_name(reader, body) and not any(_same_family(body, place) for place in places):
        return Opaque("rate", body, *sorted(places, key=lambda place: place.sort_key()))
    heads = {part.head for part in subterms(body) if isinstance(part, Call)}
    for part in subterms(body):
        if part not in heads and _is_free_name(reader, part) and not any(_same_family(part, place) for place in places):
            key = _key(part)
            if reader.conventions.usage(key).differentiated or reader.conventions.usage(key).primed:
                raise Beyond(f"how {key} depends on what it is differentiated by is not known", node.span)
    for place in places:
        body = Partial(body, place)
    return body


def subscripted(reader: Reader, pairs: Pairs) -> tuple[Expr, int] | None:
    """The derivative that begins a list of factors as `\\partial_x u`, `\\partial_x^2 u`, and how many factors it
    takes; None where none begins. A letter that only indexes says which coordinate is meant, and is left alone."""
    from derive.meaning import calls

    first, rest = pairs[0][1], pairs[1:]
    if not isinstance(first, Script) or not isinstance(first.base, Name) or first.base.letters != "partial":
        return None
    order = first.sup.text if isinstance(first.sup, Number) else "1" if first.sup is None else ""
    if not first.base.command or first.primes or not rest or rest[0][0] != "" or order not in ("1", "2", "3", "4"):
        return None
    if not isinstance(first.sub, Name):
        return None
    key = key_of(first.sub)
    if key in reader.conventions.survey.index_letters and not reader.conventions.usage(key).bare:
        return None
    inner = subscripted(reader, rest)
    if inner is None:
        taken, turned = gradients.operand_of(rest)
        if turned:
            return None
        nodes = tuple(node for _, node in taken)
        span = nodes[0].span.cover(nodes[-1].span)
        product = Product(span, nodes, tuple(operator for operator, _ in taken[1:]))
        inner = calls.read_product(reader, product), len(taken)
    body, count = inner
    return differentiate(reader, body, [first.sub] * int(order), first), 1 + count


def by(body: Expr, variable: Expr, order: int) -> Expr:
    """The derivative of a body by a variable, so many times."""
    for _ in range(order):
        body = Partial(body, variable)
    return body


def at(head: Expr | str, argument: Expr, order: int) -> Expr:
    """The derivative of a function that has a definition, at an argument: `M'(0)` is the limit of the derivative of
    M(t) as t goes to 0 (a derivative has no other value than its limit: Spivak, Calculus, theorem 11.7)."""
    if isinstance(argument, Symbol):
        return by(Call(head, (argument,)), argument, order)
    variable = Dummy("x")
    return LimitAt(by(Call(head, (variable,)), variable, order), variable, argument, Str(""))


def _key(term: Expr) -> str:
    return str(term.name)


def _is_free_name(reader: Reader, term: Expr) -> bool:
    return isinstance(term, Symbol | Entry) and _key(term) not in reader.conventions.defined


def _same_family(term: Expr, place: Expr) -> bool:
    return type(term) is type(place) and _key(term) == _key(place)
