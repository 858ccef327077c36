"""Written definitions as mathematics."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp
from sympy import S, Symbol
from sympy.core.basic import Basic
from sympy.core.expr import Expr

from derive.meaning.context import Context
from derive.meaning.definitions import Written
from derive.meaning.laws import Density, Expectation, Statistic
from derive.meaning.matrices import (
    Array,
    Zero,
    clash,
    is_matrix,
)
from derive.meaning.names import key_of
from derive.meaning.objects import Call, Entry
from derive.meaning.question import Definition
from derive.meaning.reader import Reader
from derive.meaning.reading import Conventions, Reading
from derive.meaning.trouble import NeedsArrays, ShapeClash, Trouble
from derive.notation.tree import List, Name, Node
from derive.notation.unicode import to_unicode

SQUARED = " (its square)"  # ends what is said of a definition that gives the square of its head


def _headed(
    head: Symbol | Entry | Call | Density | Expectation | Statistic, body: Expr, said: str, alone: bool
) -> Definition:
    """The definition of a head, with the letters among its arguments for parameters; without any where it speaks of
    itself alone."""
    places = head.indices if isinstance(head, Entry) else head.arguments if isinstance(head, Call) else ()
    if isinstance(head, Density):
        places = head.values
    parameters = tuple(dict.fromkeys(place for place in places if isinstance(place, Symbol) and _varies(place)))
    return Definition(head, () if alone else parameters, body, said)


def read_definition(
    context: Context, written: Written, reading: Reading, met: set[str] | None = None, demanding: bool = False
) -> Definition | None:
    """A written definition as mathematics, or None where it can't be read, or holds in a case only."""
    return None if written.conditional else read_body(context, written, written.body, reading, met, demanding)


def read_body(
    context: Context,
    written: Written,
    body_node: Node,
    reading: Reading,
    met: set[str] | None = None,
    demanding: bool = False,
) -> Definition | None:
    """The definition of a head by a body of its chain; the positive root of the body where the square of the head is
    written (it is used in even powers only). With `demanding`, NeedsArrays and ShapeClash are raised."""
    try:
        conventions = context.conventions_at(written.position)
        reader = Reader(conventions, reading)
        head, body = reader.side(written.head), reader.side(body_node)
        if is_matrix(head) != is_matrix(body) and body != 0:
            number, matrix = (body, head) if is_matrix(head) else (head, body)
            raise clash("a definition of a vector or matrix by a number", number, matrix.shape)
    except (NeedsArrays, ShapeClash):
        if demanding:
            raise
        return None
    except Trouble:
        return None
    if isinstance(head, Array):
        head, body = head.name, Zero() if body == 0 else body
    if not isinstance(head, Symbol | Entry | Call | Density | Expectation | Statistic):
        return None
    if met is not None:
        met |= reader.met
    line, _ = context.outline.document.source.line_column(written.head.span.start)
    said = f"{to_unicode(written.head)}, line {line}"
    if written.power == 2 and is_matrix(body):
        return None
    if written.power == 2:
        return _headed(head, sp.sqrt(body), said + SQUARED, written.alone)
    if written.solution:
        return replace(_headed(head, body, f"{said}, is the solution meant", written.alone), conventional=True)
    made = _headed(head, body, said, written.alone)
    if isinstance(head, Call) and written.chain.signs[0].sign != ":=":
        fixed = _at_a_place(conventions, head) - body.free_symbols
        made = replace(made, parameters=tuple(p for p in made.parameters if p not in fixed))
    return made


def _at_a_place(conventions: Conventions, head: Call) -> set[Basic]:
    """The letters among the arguments of a function in the place of which other calls of it have another letter: in
    `u(w, y) = f(y)`, beside `u(x, y)`, w is where u has that value."""
    found: set[Basic] = set()
    for body in conventions.usage(head.name).called:
        items = body.items if isinstance(body, List) else (body,)
        for argument, item in zip(head.arguments, items, strict=False):
            if isinstance(item, Name) and key_of(item) != getattr(argument, "name", None):
                found.add(argument)
    return found


def only_squared(term: Basic, name: str) -> bool:
    """Whether a name stands in even powers only."""
    if isinstance(term, sp.Pow) and term.exp.is_Integer and term.exp % 2 == 0 and _is_named(term.base, name):
        return True
    return not _is_named(term, name) and all(only_squared(part, name) for part in term.args)


def _is_named(term: Basic, name: str) -> bool:
    return isinstance(term, Symbol | Entry | Call | Density | Expectation | Statistic) and term.name == name


def _varies(place: Symbol) -> bool:
    """Whether a head's argument stands for any value: a letter does, a word (`area(circle)`) means itself."""
    letters = place.name.strip("\\")
    return len(letters) == 1 or place.name.startswith("\\")


def may_be_about(context: Context, written: Written, target: Basic, reading: Reading) -> bool:
    """Whether a definition whose body is not read could say something of a target: its head can be put in its place."""
    try:
        head = Reader(context.conventions_at(written.position), reading).side(written.head)
    except Trouble:
        return True
    if not isinstance(head, Symbol | Entry | Call | Density | Expectation | Statistic):
        return True
    return _headed(head, S.Zero, "", written.alone).at(target) is not None
