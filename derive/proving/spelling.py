"""Vectors and matrices spelt out by their entries: `xᵀ A y` as Σ_i Σ_j x_i A_ij y_j, so that a formula in whole
matrices meets one in components (Horn and Johnson, Matrix Analysis, 0.2).

The range of an index is that of the sums in the question that run over the same places, what the document declares, or
all values where nothing is said; the same for all indices that must agree."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from sympy import Add, Mul, S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.symbol import Str, Symbol

from derive.meaning.matrices import (
    AnyEntry,
    Array,
    Component,
    Diagonal,
    Gradient,
    Hadamard,
    Identity,
    MatrixPower,
    MatrixProduct,
    MatrixSum,
    MatrixSumOver,
    MatrixTerm,
    Ones,
    Stacked,
    Trace,
    Transposed,
    Written,
    Zero,
    arrays_in,
)
from derive.meaning.objects import Delta, Domain, Entry, Partial, Range, SumOver, Whole, rename, subterms
from derive.meaning.question import Setting
from derive.proving.giveup import Stuck
from derive.proving.unfolding import rewrite
from derive.refuting.sizes import Sizes
from derive.refuting.undefined import Undefined

ROW, COLUMN = Symbol("‡row"), Symbol("‡column")
"""The place of the entry that stands for all of them."""


def needs_spelling(*sides: Basic) -> bool:
    """Whether entries stand beside whole vectors or matrices of the same name, or a column is listed with dots."""
    parts = [part for side in sides for part in subterms(side)]
    arrays = arrays_in(sides)
    if any(isinstance(part, Stacked) for part in parts):
        return True
    heads = {part.name for part in parts if isinstance(part, Array)}
    return any(isinstance(part, Entry) and part.name in arrays and part not in heads for part in parts)


def spelt(sides: Iterable[Expr], setting: Setting) -> list[Expr]:
    """The sides with entries for all vectors and matrices. Raises `Stuck` where one has no entries of its own (an
    inverse, a determinant)."""
    sides = list(sides)
    work = _Spelling(sides, setting)
    return [work.scalar(side) for side in sides]


class _Spelling:
    def __init__(self, sides: list[Expr], setting: Setting) -> None:
        arrays = arrays_in(sides)
        self._sizes = Sizes(setting.sizes, entries=frozenset(arrays))
        try:
            for side in sides:
                self._sizes.take(side)
            if len(sides) == 2 and all(isinstance(side, AnyEntry) for side in sides):
                self._sizes.tie(*(side.args[0] for side in sides))
        except Undefined as undefined:
            raise Stuck(undefined.reason) from None
        if self._sizes.conflict:
            raise Stuck(self._sizes.conflict)
        self._fresh = count()

    def scalar(self, term: Expr) -> Expr:
        """A scalar without whole vectors and matrices."""
        changed = rewrite(term, self._change)
        assert isinstance(changed, Expr)
        return changed

    def _change(self, part: Basic) -> Basic | None:
        if isinstance(part, AnyEntry):
            return S.Zero if part.args[0] == 0 else self._entry(part.args[0], ROW, COLUMN)
        if isinstance(part, Component):
            return self._entry(part.args[0], self.scalar(part.args[1]), self.scalar(part.args[2]))
        if isinstance(part, Trace):
            matrix = part.args[0]
            if matrix.shape == (1, 1):
                return self._entry(matrix, S.One, S.One)
            index = self._index()
            return SumOver(self._entry(matrix, index, index), index, self._domain(matrix, 0))
        if isinstance(part, MatrixTerm):
            raise Stuck("a vector or matrix stands inside something that is not spelt out")
        return None

    def _index(self) -> Symbol:
        return Symbol(f"‡entry{next(self._fresh)}")

    def _domain(self, matrix: Expr, axis: int) -> Domain:
        """The range of the rows (0) or columns (1) of a matrix."""
        root = self._sizes.root(self._sizes.pair(matrix)[axis])
        if root[0] == "number":
            return Range(S.One, S(root[1]))
        if root[0] == "size":
            return Range(S.One, Symbol(root[1]))
        if root[0] == "domain":
            domain: Domain = root[1]
            return domain
        return Whole(Str(f"‡{root}"))

    def _entry(self, matrix: Expr, i: Expr, j: Expr) -> Expr:
        if isinstance(matrix, Array):
            return self._named(matrix, i, j)
        if isinstance(matrix, Zero):
            return S.Zero
        if isinstance(matrix, Ones):
            return S.One
        if isinstance(matrix, Identity):
            value: Expr = Delta(i, j)
            return value
        if isinstance(matrix, Transposed):
            return self._entry(matrix.args[0], j, i)
        if isinstance(matrix, MatrixSum):
            return Add(*[self._entry(arg, i, j) for arg in matrix.args])
        if isinstance(matrix, MatrixProduct):
            return self._product(matrix, i, j)
        if isinstance(matrix, MatrixPower) and matrix.args[1].is_Integer and 1 < matrix.args[1] <= 4:
            return self._product(MatrixProduct(*[matrix.args[0]] * int(matrix.args[1])), i, j)
        if isinstance(matrix, Hadamard):
            return Mul(*[self._entry(arg, i, j) for arg in matrix.args])
        if isinstance(matrix, Diagonal):
            return Mul(Delta(i, j), self._entry(matrix.args[0], i, S.One))
        if isinstance(matrix, Stacked):
            assert isinstance(matrix.domain, Range)
            body = rename(matrix.body, matrix.variable, i + matrix.domain.lower - 1)
            return self.scalar(body)
        if isinstance(matrix, MatrixSumOver):
            index = self._index()
            body, (condition,) = matrix.open(index)
            return SumOver(self._entry(body, i, j), index, matrix.domain, condition)
        if isinstance(matrix, Written) and i.is_Integer and j.is_Integer:
            return self.scalar(matrix.rows()[int(i) - 1][int(j) - 1])
        if isinstance(matrix, Gradient):
            return Partial(self.scalar(matrix.args[0]), self._named(matrix.args[1], i, j))
        raise Stuck(f"the entries of {type(matrix).__name__} are not spelt out")

    def _named(self, array: Expr, i: Expr, j: Expr) -> Expr:
        name = array.args[0]
        places = (i,) if array.form == "column" else (i, j)
        if isinstance(name, Symbol):
            return Entry(name.name, places)
        if isinstance(name, Entry):
            return Entry(name.name, (*name.lower, *places), name.upper)
        raise Stuck("the entries of a function's value are not spelt out")

    def _product(self, product: Expr, i: Expr, j: Expr) -> Expr:
        scalars = [self.scalar(arg) for arg in product.args if not isinstance(arg, MatrixTerm)]
        factors = [arg for arg in product.args if isinstance(arg, MatrixTerm)]
        indices: list[Expr] = [i]
        sums: list[tuple[Symbol, Domain]] = []
        for factor in factors[:-1]:
            if factor.shape[1] == 1:
                indices.append(S.One)
                continue
            index = self._index()
            indices.append(index)
            sums.append((index, self._domain(factor, 1)))
        indices.append(j)
        body: Expr = Mul(*[self._entry(f, indices[k], indices[k + 1]) for k, f in enumerate(factors)])
        for index, domain in reversed(sums):
            body = SumOver(body, index, domain)
        return Mul(*scalars, body)
