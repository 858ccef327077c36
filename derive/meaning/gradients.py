"""Gradients as they are written: `\\nabla_w L(w)`, `\\frac{\\partial L}{\\partial \\mathbf{w}}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from derive.meaning.matrices import Array, Gradient, is_matrix, transposed
from derive.meaning.names import is_transpose
from derive.meaning.objects import Call, Entry, Opaque, Partial, subterms
from derive.meaning.trouble import Beyond
from derive.notation.tree import (
    BigOperator,
    Fenced,
    Fraction,
    Function,
    Name,
    Node,
    Number,
    Product,
    Root,
    Script,
    Word,
)

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

Pairs = list[tuple[str, Node]]


def is_nabla(node: Node) -> bool:
    """Whether a node is ∇, perhaps with a subscript."""
    base = node.base if isinstance(node, Script) else node
    return isinstance(base, Name) and base.letters == "nabla" and base.command


def read(reader: Reader, pairs: Pairs) -> tuple[Expr, int] | None:
    """The gradient that begins a list of factors and how many of them it takes; None where none begins. Raises Beyond
    for divergences, curls, second gradients."""
    from derive.meaning import calls

    first = pairs[0][1]
    if not is_nabla(first):
        return None
    if isinstance(first, Script) and (first.sup is not None or first.primes):
        raise Beyond("a second gradient is not decided yet", first.span)
    rest = pairs[1:]
    if not rest or rest[0][0] != "":
        raise Beyond("a divergence or curl is not decided yet", first.span)
    sub = first.sub if isinstance(first, Script) else None
    taken, turned = operand_of(rest)
    body = calls.read_product(reader, _product(taken))
    if sub is None:
        if not isinstance(body, Call) or len(body.arguments) != 1:
            raise Beyond("by what this gradient is taken", first.span)
        variable: Any = body.arguments[0]
    else:
        variable = reader.read(sub)
    value = by(reader, body, variable)
    count = sum(1 for _ in taken)
    return (transposed(value) if turned else value), 1 + count


def operand_of(rest: Pairs) -> tuple[Pairs, bool]:
    """The factors that a gradient is taken of, and whether the gradient is transposed behind them: a name with its
    argument, one function, root, sum or group; all that follows for a number or fraction first."""
    node = rest[0][1]
    if isinstance(node, Number | Fraction):
        stop = next((k for k, (operator, _) in enumerate(rest) if k and operator != ""), len(rest))
        return rest[:stop], False
    if isinstance(node, Fenced | BigOperator | Function | Root):
        return rest[:1], False
    following = rest[1] if len(rest) > 1 else None
    if following is not None and following[0] == "":
        group = following[1]
        plain = group.base if isinstance(group, Script) else group
        if isinstance(plain, Fenced) and plain.left in "([" and isinstance(node, Name | Word | Script):
            if isinstance(group, Script) and is_transpose(group.sup) and group.sub is None:
                return [rest[0], ("", plain)], True
            return rest[:2], False
    return rest[:1], False


def _product(pairs: Pairs) -> Product:
    span = pairs[0][1].span.cover(pairs[-1][1].span)
    return Product(span, tuple(node for _, node in pairs), tuple(operator for operator, _ in pairs[1:]))


def by(reader: Reader, body: Any, variable: Any) -> Any:
    """The derivative of a scalar by a vector, matrix or number. What nothing says how it depends on the variable has a
    derivative of its own, of which nothing is known. Raises Beyond for derivatives of vectors by vectors."""
    if is_matrix(body):
        raise Beyond("the derivative of a vector or matrix is not decided yet")
    if not isinstance(variable, Array):
        if isinstance(variable, Symbol | Entry | Call):
            return Partial(body, variable)
        raise Beyond("a derivative by this")
    own = variable.key
    free = isinstance(body, Symbol | Entry) and body.name not in reader.conventions.defined
    if free and not any(isinstance(part, Symbol | Entry) and part.name == own for part in subterms(body)):
        return Array(Opaque("rate", body, variable.name), variable.form)
    return Gradient(body, variable)
