"""Calculating with matrices that are written out."""

from __future__ import annotations

from itertools import permutations

from sympy import Add, Integer, Mul, Rational, S
from sympy.core.expr import Expr

from derive.meaning.matrices import (
    Cross,
    Hadamard,
    Kronecker,
    Written,
)
from derive.proving.giveup import Stuck

LARGEST_DETERMINANT = 5


def unit(rows: int, columns: int, i: int, j: int) -> list[Expr]:
    return [Integer(int((a, b) == (i, j))) for a in range(rows) for b in range(columns)]


def turned(matrix: Written) -> Written:
    rows = matrix.rows()
    return Written(len(rows[0]), len(rows), [rows[i][j] for j in range(len(rows[0])) for i in range(len(rows))])


def laplace(rows: list[list[Expr]]) -> Expr:
    """The determinant by Leibniz' formula."""
    size = len(rows)
    if any(len(row) != size for row in rows) or size > LARGEST_DETERMINANT:
        raise Stuck("the determinant of a matrix that is not square or too large")
    total: list[Expr] = []
    for order in permutations(range(size)):
        inversions = sum(order[a] > order[b] for a in range(size) for b in range(a + 1, size))
        total.append(Mul(Integer((-1) ** inversions), *(rows[k][order[k]] for k in range(size))))
    return Add(*total)


def inverse_of(matrix: Written) -> Written | None:
    """The inverse by Cramer's rule; None for a matrix that is not square or larger than 3 × 3."""
    rows = matrix.rows()
    size = len(rows)
    if size != len(rows[0]) or size > 3:
        return None
    determinant = laplace(rows)
    if determinant == 0:
        return None
    entries: list[Expr] = []
    for i in range(size):
        for j in range(size):
            minor = [[e for c, e in enumerate(row) if c != i] for r, row in enumerate(rows) if r != j]
            cofactor = laplace(minor) if size > 1 else S.One
            entries.append(Mul(Rational((-1) ** (i + j)), cofactor, determinant**-1))
    return Written(size, size, entries)


def entrywise(one: Written, other: Written) -> Written | None:
    if one.shape != other.shape:
        raise Stuck("the shapes of the matrices do not fit")
    return Written(one.args[0], one.args[1], [Mul(a, b) for a, b in zip(one.entries, other.entries, strict=True)])


def kronecker(one: Written, other: Written) -> Written | None:
    rows = [[Mul(a, b) for a in upper for b in lower] for upper in one.rows() for lower in other.rows()]
    return Written(len(rows), len(rows[0]), [entry for row in rows for entry in row])


def cross(one: Written, other: Written) -> Written | None:
    (a, b, c), (d, e, f) = one.entries, other.entries
    return Written(3, 1, [b * f - c * e, c * d - a * f, a * e - b * d])


COMBINED = {Hadamard: entrywise, Kronecker: kronecker, Cross: cross}
