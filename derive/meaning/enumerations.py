"""Sums, products and lists with dots in them as sums, products and extrema over a range."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy import Symbol
from sympy.core.containers import Tuple
from sympy.core.expr import Expr

from derive.meaning.differentials import product_of
from derive.meaning.ellipsis import Run, Term, find
from derive.meaning.objects import MaximumOver, MinimumOver, Opaque, ProductOver, Range, SumOver, rename, subterms
from derive.meaning.trouble import Beyond
from derive.notation.tree import Ellipsis, List, Node, Number, Sum

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

EXTREMA: dict[str, Callable[..., Any]] = {
    "max": MaximumOver,
    "min": MinimumOver,
    "sup": MaximumOver,
    "inf": MinimumOver,
}
# stands for the number of a member in a sequence; no binder has such a height
_PLACE = "\N{MIDDLE DOT}200000"
_SIGNS = {"": 1, "+": 1, "-": -1}


def has_dots(nodes: tuple[Node, ...]) -> bool:
    """Whether one of some terms, factors or items is an ellipsis."""
    return any(isinstance(node, Ellipsis) for node in nodes)


def read_sum(reader: Reader, node: Sum) -> Expr:
    """A sum with dots. Raises Beyond where the dots are not understood."""
    if not set(node.signs) <= set(_SIGNS):
        raise Beyond("signs other than plus and minus beside dots", node.span)
    dots = [k for k, term in enumerate(node.terms) if isinstance(term, Ellipsis)]
    last = len(node.terms) - 1
    if dots[0] == 0 or len(dots) > 2 or (len(dots) == 2 and dots[1] != last):
        raise Beyond("which terms the dots stand for", node.span)
    terms = [Term(term, _SIGNS[sign]) for term, sign in zip(node.terms, node.signs, strict=True)]
    first = dots[0]
    before = [term for term in terms[:first] if not (isinstance(term.node, Number) and term.node.text == "0")]
    after = terms[first + 1 : dots[1] if len(dots) == 2 else None]
    run = find(reader, before, after, endless=dots[-1] == last)
    alternating = len(before) > 1 and before[-1].sign != before[-2].sign
    if not alternating and terms[first].sign != before[-1].sign:
        raise Beyond("which terms the dots stand for", node.span)
    outside = [*before[: len(before) - run.before], *after[run.after :]]
    return sp.Add(_over(SumOver, run), *(term.sign * reader.read(term.node) for term in outside))


def read_product(reader: Reader, units: list[list[tuple[str, Node]]]) -> Expr:
    """A product with dots, its factors given with their arguments. Raises Beyond where the dots are not understood."""
    dots = [k for k, unit in enumerate(units) if isinstance(unit[0][1], Ellipsis)]
    if len(dots) != 1 or dots[0] in (0, len(units) - 1):
        raise Beyond("which factors the dots stand for", units[dots[0]][0][1].span)
    factors = [Term(product_of([("", unit[0][1]), *unit[1:]])) for unit in units]
    before, after = factors[: dots[0]], factors[dots[0] + 1 :]
    try:
        whole = Term(product_of([pair for k, unit in enumerate(units[dots[0] + 1 :]) for pair in _first(unit, k)]))
        run = find(reader, before, [whole], endless=False)
        after = [whole]
    except Beyond:
        run = find(reader, before, after, endless=False)
    outside = [*before[: len(before) - run.before], *after[run.after :]]
    return sp.Mul(_over(ProductOver, run), *(reader.read(factor.node) for factor in outside))


def _first(unit: list[tuple[str, Node]], place: int) -> list[tuple[str, Node]]:
    """The factors of a unit, without an operator before the first one of all."""
    return unit if place else [("", unit[0][1]), *unit[1:]]


def read_extremum(reader: Reader, name: str, items: List) -> Expr:
    """`\\max\\{x_1, \\ldots, x_n\\}`. Raises Beyond where the dots are not understood."""
    return _over(EXTREMA[name], read_run(reader, items))


def read_run(reader: Reader, items: List) -> Run:
    """A list with dots, `x_1, \\ldots, x_n`, as its general member. Raises Beyond where the dots are not understood."""
    dots = [k for k, item in enumerate(items.items) if isinstance(item, Ellipsis)]
    if len(dots) != 1 or dots[0] in (0, len(items.items) - 1) or set(items.separators) != {","}:
        raise Beyond("which items the dots stand for", items.span)
    terms = [Term(item) for item in items.items]
    run = find(reader, terms[: dots[0]], terms[dots[0] + 1 :], endless=False, counted=True)
    if run.before + run.after != len(terms) - 1:
        raise Beyond("which items the dots stand for", items.span)
    return run


def read_arguments(reader: Reader, items: List) -> list[Expr]:
    """The items of a list with dots in it, `x, y_1, \\ldots, y_n`: what the dots run through is one argument, a
    sequence of which nothing is known but its members. Raises Beyond where the dots are not understood."""
    dots = [k for k, item in enumerate(items.items) if isinstance(item, Ellipsis)]
    if len(dots) != 1 or dots[0] in (0, len(items.items) - 1) or not set(items.separators) <= {",", ";"}:
        raise Beyond("which items the dots stand for", items.span)
    terms = [Term(item) for item in items.items]
    before, after = terms[: dots[0]], terms[dots[0] + 1 :]
    run = find(reader, before, after, endless=False, counted=True)
    height = sum(1 for part in subterms(run.body) if isinstance(part, Opaque) and part.kind == "sequence")
    member = rename(run.body, run.index, Symbol(f"{_PLACE}{height}"))
    sequence = Opaque("sequence", Tuple(member, run.lower, run.upper))
    first = [reader.read(term.node) for term in before[: len(before) - run.before]]
    return [*first, sequence, *(reader.read(term.node) for term in after[run.after :])]


def _over(binder: Callable[..., Any], run: Run) -> Expr:
    made: Expr = binder(run.body, run.index, Range(run.lower, run.upper))
    return made
