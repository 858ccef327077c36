"""Vectors where they can be calculated with as numbers: in sums with numbers before them.

In a side in which no product holds two of them and nothing but sums, multiples and uninterpreted functions is applied
to them, vectors obey the same laws as numbers: the side is a combination of them with scalar coefficients, and two
such combinations are equal for all vectors where they are for all numbers (they are modules over the scalars)."""

from __future__ import annotations

from collections.abc import Set

from sympy import Add, Mul, Symbol
from sympy.core.basic import Basic

from derive.meaning.laws import Density, Expectation, Statistic
from derive.meaning.matrices import MatrixProduct, is_matrix
from derive.meaning.names import key_of_base
from derive.meaning.objects import Call, Cases, Entry, IntegralOver, Opaque, Partial, SumOver, subterms
from derive.notation.tree import Fenced, Fraction, Name, Node, Product, Script, Sum, Word
from derive.notation.walk import walk

_LISTS = "list "
_SCALARS = ("density", "expectation \\operatorname{Var}", "expectation \\Pr", "expectation \\mathrm{Pr}")


def is_linear(term: Basic, vectors: Set[str]) -> bool:
    """Whether a term is a linear combination of the vectors of these names, or holds none of them."""
    return _degree(term, vectors) is not None


def calculates_with_lists(left: Basic, right: Basic) -> bool:
    """Whether one of two sides is a sum or multiple and lists of numbers stand in them, all of numbers: these are
    vectors then. `(u, v)` may be a scalar product, and `(1, 2) = (2, 1)` is true of cycles."""
    lists = [p for side in (left, right) for p in subterms(side) if isinstance(p, Opaque) and p.kind.startswith("list")]
    numeric = all(one.kind == "list (" and len(one.args[1]) > 1 and not one.free_symbols for one in lists)
    return bool(lists) and numeric and any(isinstance(side, Add | Mul) for side in (left, right))


def multiplies(node: Node, vectors: Set[str]) -> bool:
    """Whether a product or quotient in a side, as it is written, holds two of these names as factors: numbers would
    cancel there (`A B A^{-1}`), matrices do not."""
    for part in walk(node):
        if isinstance(part, Product) and sum(_is_factor(factor, vectors) for factor in part.factors) > 1:
            return True
        if isinstance(part, Fraction) and _is_factor(part.denominator, vectors):
            return True
    return False


def multiplies_values(term: Basic) -> bool:
    """Whether a product in a term holds two values of functions at vectors or matrices: nothing says that these are
    numbers, whose order does not matter."""
    for part in subterms(term):
        if isinstance(part, Mul | MatrixProduct):
            values = [arg for arg in part.args if isinstance(arg, Call) and any(map(is_matrix, arg.arguments))]
            if len(values) > 1:
                return True
    return False


def _is_factor(node: Node, vectors: Set[str]) -> bool:
    """Whether a factor is one of the names, perhaps with scripts, or a sum in which one of them stands bare."""
    if isinstance(node, Name | Word):
        return key_of_base(node) in vectors
    if isinstance(node, Script):
        return node.base is not None and _is_factor(node.base, vectors)
    if isinstance(node, Fenced):
        return _is_factor(node.body, vectors) if isinstance(node.body, Sum | Product) else False
    if isinstance(node, Sum):
        return any(_is_factor(term, vectors) for term in node.terms)
    if isinstance(node, Product):
        return any(_is_factor(factor, vectors) for factor in node.factors)
    return False


def _degree(term: Basic, vectors: Set[str]) -> int | None:
    """1 where a term is a combination of vectors, 0 where it is a scalar, None where it is neither."""
    if isinstance(term, Symbol):
        return int(term.name in vectors)
    if not _holds(term, vectors):
        return 0
    if isinstance(term, Opaque) and term.kind.startswith(_LISTS):
        return None if any(_degree(a, vectors) is None for part in term.args[1:] for a in part.args) else 1
    if isinstance(term, Entry):
        scalar = all(_degree(index, vectors) == 0 for index in term.indices)
        return int(term.name in vectors) if scalar else None
    if isinstance(term, Density):
        return 0
    if isinstance(term, Expectation):
        return _degree(term.body, vectors)
    if isinstance(term, Statistic):
        return _degree(term.value, vectors)
    if isinstance(term, Call | Opaque):
        parts = term.arguments if isinstance(term, Call) else tuple(a for part in term.args[1:] for a in part.args)
        if any(_degree(part, vectors) is None for part in parts):
            return None
        return 0 if isinstance(term, Opaque) and term.kind.startswith(_SCALARS) else 1
    if isinstance(term, Add | Cases):
        parts = term.args if isinstance(term, Add) else tuple(value for value, _ in term.branches)
        degrees = [_degree(part, vectors) for part in parts]
        if isinstance(term, Cases) and any(_holds(condition, vectors) for _, condition in term.branches):
            return None
        return None if None in degrees else max(int(degree or 0) for degree in degrees)
    if isinstance(term, Mul):
        degrees = [_degree(part, vectors) for part in term.args]
        total = None if None in degrees else sum(int(degree or 0) for degree in degrees)
        return total if total is not None and total <= 1 else None
    if isinstance(term, SumOver | IntegralOver):
        around = any(_holds(part, vectors) for part in (*term.outside, *term.inside))
        return None if around else _degree(term.body, vectors)
    if isinstance(term, Partial):
        return None if _holds(term.variable, vectors) else _degree(term.body, vectors)
    return None


def _holds(term: Basic, vectors: Set[str]) -> bool:
    return any(
        part.kind.startswith(_LISTS) if isinstance(part, Opaque) else part.name in vectors
        for part in subterms(term)
        if isinstance(part, Symbol | Entry | Call | Opaque)
    )
