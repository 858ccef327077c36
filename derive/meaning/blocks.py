"""Matrices of blocks: vectors and matrices set beside and below each other."""

from __future__ import annotations

from typing import Any

from sympy import Integer
from sympy.core.basic import Basic
from sympy.core.containers import Tuple
from sympy.core.expr import Expr

from derive.meaning.matrices import MatrixTerm, Shape, Transposed, Zero, fits
from derive.meaning.trouble import Beyond


class Blocks(MatrixTerm):
    """Args are the numbers of rows and columns of blocks, and the blocks row by row; a number is a block of one entry,
    and 0 one of zeros."""

    def __new__(cls, rows: Any, columns: Any, entries: Any) -> Blocks:
        made: Blocks = super().__new__(cls, Integer(rows), Integer(columns), Tuple(*entries))
        return made

    def rows(self) -> list[list[Expr]]:
        """The blocks as a list of rows."""
        columns = int(self.args[1])
        entries = tuple(self.args[2])
        return [list(entries[k : k + columns]) for k in range(0, len(entries), columns)]

    @property
    def shape(self) -> Shape:
        rows = self.rows()
        return _total([_common(row, 0) for row in rows]), _total([_common(list(c), 1) for c in zip(*rows, strict=True)])


def is_empty(block: Basic) -> bool:
    """Whether a block is one of zeros, whose size is that of its place."""
    return block == 0 or isinstance(block.args[0] if isinstance(block, Transposed) else block, Zero)


def _common(blocks: list[Expr], axis: int) -> int | None:
    """The number of rows (axis 0) of blocks beside each other, of columns (axis 1) of blocks below each other. Raises
    Beyond where they differ."""
    found: int | None = None
    sizes = [b.shape[axis] if isinstance(b, MatrixTerm) else 1 for b in blocks if not is_empty(b)]
    for k, size in enumerate(sizes):
        if k and not fits(found, size):
            raise Beyond("blocks whose shapes do not fit")
        found = size if found is None else found
    return found if sizes else None


def _total(sizes: list[int | None]) -> int | None:
    """Several numbers added; one that is not known is none that is 1, so that only a single one may be handed on."""
    return None if None in sizes else sum(size or 0 for size in sizes)


def of_blocks(rows: list[list[Expr]]) -> Blocks:
    """A matrix of blocks. Raises Beyond where they do not fit."""
    made = Blocks(len(rows), len(rows[0]), [block for row in rows for block in row])
    assert made.shape is not None  # which looks whether they fit
    return made
