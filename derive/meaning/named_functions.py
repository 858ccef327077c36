"""Named functions at their arguments, and binomial coefficients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from sympy import Integer, S
from sympy.core.expr import Expr

from derive.meaning import (
    arrays,
    calls,
    enumerations,
    numbers,
    operators,
)
from derive.meaning.functions import INVERSES, apply
from derive.meaning.objects import ProductOver, Range
from derive.meaning.trouble import Beyond
from derive.notation.tree import (
    Binomial,
    Fenced,
    Function,
    List,
    Node,
    Product,
    Script,
)

if TYPE_CHECKING:
    from derive.meaning.reader import Reader


def read_function(reader: Reader, node: Function) -> Expr:
    """A named function at its argument, with its scripts. Raises Beyond for what has no meaning here."""
    probable = operators.read_function(reader, node)
    if probable is not None:
        return probable
    argument = node.argument
    after: Node | None = None
    if isinstance(argument, Script) and isinstance(argument.base, Fenced) and argument.sub is None:
        after, argument = argument.sup, argument.base
    body: Node = argument
    if isinstance(argument, Fenced) and argument.left in "([{" and argument.right in ")]}":
        body = argument.body
    name = node.name
    exponent: Expr = S.One
    beside: Expr = S.One
    if isinstance(body, Product) and body is argument:
        taken = calls.length_of_first(reader, body)
        if taken < len(body.factors) and body.operators[taken - 1] not in ("/", "\\div") and reader.takes("narrow"):
            rest = (
                Product(body.span, body.factors[taken:], body.operators[taken:])
                if taken + 1 < len(body.factors)
                else body.factors[taken]
            )
            reader.note(f"{name} takes one factor only")
            beside = reader.read(rest)
            body = (
                Product(body.span, body.factors[:taken], body.operators[: taken - 1]) if taken > 1 else body.factors[0]
            )
    if node.sup is not None:
        exponent = reader.read(node.sup)
        if exponent == -1:
            if name not in INVERSES:
                raise Beyond(f"the inverse of {name}")
            name, exponent = INVERSES[name], S.One
            reader.note(f"{node.name}^{{-1}} is the inverse function")
    base = None if node.sub is None else reader.read(node.sub)
    if name == "log" and base is None and reader.takes("decimal"):
        reader.note("log is to the base 10")
        base = Integer(10)
    if isinstance(body, List) and enumerations.has_dots(body.items) and name in enumerations.EXTREMA and base is None:
        return enumerations.read_extremum(reader, name, body)
    value = _applied(reader, name, reader.arguments(body), base)
    if after is not None:
        exponent = exponent * reader.read(after)
    return numbers.power(value, exponent) * beside


def _applied(reader: Reader, name: str, arguments: list[Expr], base: Expr | None) -> Expr:
    if name in arrays.MATRIX_FUNCTIONS and not reader.reading.arrays:
        raise arrays.needed(name)
    array = arrays.apply(name, arguments) if reader.reading.arrays else None
    return apply(name, arguments, base) if array is None else array


def read_binomial(reader: Reader, node: Binomial) -> Expr:
    """A binomial or multinomial coefficient."""
    if isinstance(node.lower, List):
        return _multinomial(reader, node.upper, node.lower)
    return numbers.binomial_of(reader.read(node.upper), reader.read(node.lower))


def _multinomial(reader: Reader, upper: Node, lower: List) -> Expr:
    """`\\binom{n}{k_1, \\ldots, k_m}`: n! over the factorials of the parts (Concrete Mathematics, 5.1)."""
    if set(lower.separators) != {","}:
        raise Beyond("a list where a number is expected", lower.span)
    if enumerations.has_dots(lower.items):
        run = enumerations.read_run(reader, lower)
        below: Expr = ProductOver(sp.factorial(run.body), run.index, Range(run.lower, run.upper))
    else:
        below = sp.Mul(*(numbers.factorial_of(reader.read(item)) for item in lower.items))
    return numbers.divide(numbers.factorial_of(reader.read(upper)), below)
