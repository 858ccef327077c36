"""Words: products of matrices letter by letter, with what they are multiplied by and summed over."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import S
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol
from sympy.logic.boolalg import Boolean

from derive.meaning.matrices import (
    Identity,
    MatrixPower,
    MatrixProduct,
    MatrixSumOver,
    Transposed,
)
from derive.meaning.objects import Domain


@dataclass(frozen=True, slots=True)
class Letter:
    """A factor of a word: a matrix in normal form, whether it is transposed, and its exponent."""

    base: Expr
    transposed: bool = False
    exponent: Expr = S.One

    @property
    def is_row(self) -> bool:
        return self._rows() == 1

    @property
    def is_column(self) -> bool:
        return self._columns() == 1

    def _rows(self) -> int | None:
        size: int | None = self.base.shape[1 if self.transposed else 0]
        return size

    def _columns(self) -> int | None:
        size: int | None = self.base.shape[0 if self.transposed else 1]
        return size

    def flipped(self) -> Letter:
        return Letter(self.base, not self.transposed, self.exponent)

    def term(self) -> Expr:
        made: Expr = Transposed(self.base) if self.transposed else self.base
        return made if self.exponent == 1 else MatrixPower(made, self.exponent)

    def key(self) -> tuple[str, bool, str]:
        return str(self.base), self.transposed, str(self.exponent)


Word = tuple[Letter, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A sum that a term stands under: its index, range and condition."""

    variable: Symbol
    domain: Domain
    condition: Boolean


@dataclass(frozen=True, slots=True)
class Summand:
    """A scalar times a word, under sums, the outermost first."""

    coefficient: Expr
    word: Word
    sums: tuple[Bound, ...] = ()


def word_key(word: Word) -> tuple[object, ...]:
    return len(word), tuple(letter.key() for letter in word)


def reversed_word(word: Word) -> Word:
    return tuple(letter.flipped() for letter in reversed(word))


def product_of(word: Word) -> Expr:
    """A word as a term."""
    if not word:
        return Identity()
    if len(word) == 1:
        return word[0].term()
    return MatrixProduct(*(letter.term() for letter in word))


def multiple(number: Expr, matrix: Expr) -> Expr:
    if number == 1:
        return matrix
    factors = matrix.args if isinstance(matrix, MatrixProduct) else (matrix,)
    return MatrixProduct(number, *factors)


def rebuilt(summand: Summand) -> Expr:
    body = multiple(summand.coefficient, product_of(summand.word))
    for bound in reversed(summand.sums):
        body = MatrixSumOver(body, bound.variable, bound.domain, bound.condition)
    return body
