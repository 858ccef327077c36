"""Functions made of functions and taken at an argument: `(f + g)(x)`, `(f \\circ g)(x)`, `(f * g)(t)`,
`\\frac{df}{dx}(x)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from sympy import Integer
from sympy.core.containers import Tuple
from sympy.core.expr import Expr

from derive.meaning import derivatives
from derive.meaning.differentials import WrittenDerivative
from derive.meaning.names import key_of_base
from derive.meaning.objects import Call, Opaque
from derive.meaning.trouble import Beyond
from derive.notation.latex import to_latex
from derive.notation.tree import Fenced, Fraction, Name, Node, Number, Product, Script, Sum

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

_TIMES = frozenset({"", "\\cdot", "\\times"})
_CONVOLUTIONS = frozenset({"*", "\\ast", "\\star"})


def at_argument(reader: Reader, group: Fenced, argument: Fenced) -> Expr | None:
    """The value of functions combined in parentheses at an argument; None where the group holds no such thing: all its
    names must be functions."""
    if (group.left, argument.left) != ("(", "(") or not isinstance(group.body, Product | Sum):
        return None
    if not _is_function(reader, group.body):
        return None
    return _value(reader, group.body, reader.arguments(argument.body))


def _is_function(reader: Reader, node: Node) -> bool:
    """Whether a formula is made of functions, and of numbers that multiply them."""
    if isinstance(node, Product):
        functions = [factor for factor in node.factors if not isinstance(factor, Number)]
        return bool(functions) and all(_is_function(reader, factor) for factor in functions)
    if isinstance(node, Sum):
        return all(_is_function(reader, term) for term in node.terms)
    if isinstance(node, Fenced):
        return node.left == "(" and _is_function(reader, node.body)
    key = key_of_base(node)
    return isinstance(node, Name) and key is not None and reader.conventions.is_function(key)


def _value(reader: Reader, node: Node, arguments: list[Expr]) -> Expr:
    if isinstance(node, Sum):
        if not set(node.signs) <= {"", "+", "-"}:
            raise Beyond("a combination of functions", node.span)
        values = [_value(reader, term, arguments) for term in node.terms]
        return sp.Add(*(-v if sign == "-" else v for sign, v in zip(node.signs, values, strict=True)))
    if isinstance(node, Fenced):
        return _value(reader, node.body, arguments)
    if isinstance(node, Number):
        return reader.read(node)
    if isinstance(node, Product):
        operators = set(node.operators)
        if operators == {"\\circ"}:
            for factor in reversed(node.factors):
                arguments = [_value(reader, factor, arguments)]
            return arguments[0]
        if operators <= _CONVOLUTIONS:
            return Opaque(f"convolution {to_latex(node)}", Tuple(*arguments))
        if not operators <= _TIMES:
            raise Beyond("a combination of functions", node.span)
        return sp.Mul(*(_value(reader, factor, arguments) for factor in node.factors))
    return Call(str(key_of_base(node)), arguments)


def derivative_at(reader: Reader, node: Fraction, written: WrittenDerivative, argument: Fenced) -> Expr | None:
    """`\\frac{df}{dx}(a)`: the derivative of a function taken at an argument; None where what is differentiated is no
    function of one name. Raises Beyond where the place can't be put in."""
    body = written.body
    if (
        body is None
        or argument.left != "("
        or not isinstance(body, Name)
        or len(set(map(to_latex, written.variables))) > 1
    ):
        return None
    key, variable = str(key_of_base(body)), written.variables[0]
    if not (reader.conventions.is_function(key) or reader.conventions.usage(key).differentiated):
        return None
    if to_latex(argument.body) == to_latex(variable):
        if reader.conventions.is_function(key):
            return derivatives.differentiate(reader, Call(key, [reader.read(variable)]), written.variables, body)
        return derivatives.differentiate(reader, reader.read(body), written.variables, body)
    if not reader.conventions.is_function(key) or isinstance(variable, Script):
        raise Beyond("a derivative at a place is not decided yet", node.span)
    arguments = reader.arguments(argument.body)
    if len(arguments) != 1:
        raise Beyond("a derivative at a place is not decided yet", node.span)
    return Call(key, arguments, (Integer(len(written.variables)),))
