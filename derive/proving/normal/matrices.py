"""The normal form of what is calculated with vectors and matrices.

A matrix is a linear combination of words (products of letters) with scalars as coefficients: sums are multiplied out, a
transpose reverses the word, neighbours that are inverse to each other cancel, a stretch from a row to a column is a
scalar and leaves the word. A scalar `tr M` or an entry of M is linear in M, so sums over indices leave it too. What is
left is a trace of one word, in the one of its forms that comes first: tr(AB) = tr(BA), tr M = tr Mᵀ (The Matrix
Cookbook, 1.1).

An inverse of a sum is a letter Z with Z S = S Z = 1: the longest word of S beside Z is replaced by the rest, so that
(A + λ)⁻¹ A = 1 − λ (A + λ)⁻¹.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Integer, Mul, S
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from derive.meaning.matrices import (
    AnyEntry,
    Array,
    Component,
    Determinant,
    MatrixPower,
    MatrixProduct,
    MatrixSum,
    MatrixTerm,
    Trace,
    Transposed,
    Written,
    Zero,
)
from derive.meaning.objects import Entry, SumOver
from derive.proving.giveup import Stuck
from derive.proving.normal.multiplying import WordForms
from derive.proving.normal.ring import Fraction
from derive.proving.normal.words import (
    Letter,
    Word,
    product_of,
    reversed_word,
    word_key,
)
from derive.proving.normal.writtenout import laplace, unit
from derive.refuting.sizes import Sizes
from derive.refuting.undefined import Undefined as NoValue

if TYPE_CHECKING:
    from derive.proving.normal.normaliser import Normaliser


class MatrixForms:
    """Scalars made of matrices, as fractions of the normaliser's ring."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._n = normaliser
        self.words = WordForms(normaliser)
        self._traced: list[Expr] = []  # the matrices whose traces are being taken, the innermost last

    # ------------------------------------------------------------------ linear functionals

    def trace(self, term: Expr) -> Fraction:
        """The trace of a matrix."""
        self._traced.append(term.args[0])
        try:
            return self._linear(Trace, term.args[0])
        finally:
            self._traced.pop()

    def equal(self, left: Expr, right: Expr) -> bool:
        """Whether two matrices are equal wherever both have a value."""
        sides = [side if isinstance(side, MatrixTerm) else Zero() for side in (left, right)]
        return self.words.inverses.vanishes(MatrixSum(sides[0], MatrixProduct(S.NegativeOne, sides[1])))

    def any_entry(self, term: Expr) -> Fraction:
        """An arbitrary entry of a matrix."""
        matrix = term.args[0]
        if not isinstance(matrix, MatrixTerm):
            if matrix == 0:
                return self._n.ring.zero
            raise Stuck("a number is no matrix")
        return self._linear(AnyEntry, matrix)

    def component(self, term: Expr) -> Fraction:
        """The entry of a matrix at a place: that of a name is the member of its family."""
        matrix, row, column = term.args
        total = []
        for summand in self.words.summands(matrix):
            if summand.sums:
                raise Stuck("the entry of a sum over an index")
            entry = self._entry(summand.word, row, column)
            total.append(self._n.ring.multiply(self._n.normalise(summand.coefficient), entry))
        return self._n.ring.total(total)

    def _entry(self, word: Word, row: Expr, column: Expr) -> Fraction:
        if len(word) == 1 and word[0].exponent == 1:
            letter = word[0]
            i, j = (column, row) if letter.transposed else (row, column)
            if isinstance(letter.base, Array) and isinstance(letter.base.name, Symbol):
                lower = (i,) if letter.base.form == "column" else (i, j)
                return self._n.normalise(Entry(letter.base.key, lower))
            if isinstance(letter.base, Written) and i.is_Integer and j.is_Integer:
                rows = letter.base.rows()
                if 1 <= int(i) <= len(rows) and 1 <= int(j) <= len(rows[0]):
                    return self._n.normalise(rows[int(i) - 1][int(j) - 1])
        coefficient, rest = self.words.cut(word)
        shown = Component(product_of(rest), self._n.canonical(row), self._n.canonical(column))
        return self._n.ring.multiply(coefficient, self._n.atom(shown))

    def _linear(self, functional: type, matrix: Expr) -> Fraction:
        ring = self._n.ring
        parts: list[Fraction] = []
        for summand in self.words.summands(matrix):
            if summand.sums:
                body: Expr = Mul(summand.coefficient, functional(product_of(summand.word)))
                for bound in reversed(summand.sums):
                    body = SumOver(body, bound.variable, bound.domain, bound.condition)
                self._n.use("sum-of-matrices")
                parts.append(self._n.normalise(body))
            else:
                for coefficient, word in self.words.inverses.reduced(summand.word):
                    value = self._of_word(functional, word)
                    parts.append(ring.product([self._n.normalise(summand.coefficient), coefficient, value]))
        return ring.total(parts)

    def _of_word(self, functional: type, word: Word) -> Fraction:
        """The functional of one word without sums."""
        written = self.words.written(word)
        if written is not None:
            return self._of_written(functional, written)
        if functional is AnyEntry:
            coefficient, rest = self.words.cut(word)
            return self._n.ring.multiply(coefficient, self._n.atom(AnyEntry(product_of(rest))))
        if not word:
            return self._size()
        first = next((k for k, letter in enumerate(word) if letter.is_row), None)
        if first is None:
            turned = self._reduced_round(word)
            if turned is not None:
                return self._n.ring.total(self._n.ring.multiply(coefficient, value) for coefficient, value in turned)
            return self._n.atom(Trace(product_of(self._first_rotation(word))))
        coefficient, rest = self.words.cut(word[first:] + word[:first])
        if rest:
            raise Stuck("the trace of a matrix that is not square")
        return coefficient

    def _reduced_round(self, word: Word) -> list[tuple[Fraction, Fraction]] | None:
        """The trace of a word with what cancels around its end put together, as coefficients and traces; None where
        nothing cancels."""
        for k in range(1, len(word)):
            ends = self.words.joined(word[k:], word[:k])
            reduced = self.words.inverses.reduced(ends)
            if len(ends) < len(word) or reduced != [(self._n.ring.one, ends)]:
                self._n.use("cyclic-trace")
                self._traced.append(product_of(word[k:] + word[:k]))
                try:
                    return [(coefficient, self._of_word(Trace, other)) for coefficient, other in reduced]
                finally:
                    self._traced.pop()
        return None

    def _size(self) -> Fraction:
        """The number of rows of the matrix whose trace is being taken."""
        size = self._rows(Trace(self._traced[-1]), self._traced[-1])
        if size is None:
            raise Stuck("the trace of an identity matrix of a size that is not known")
        self._n.use("trace-of-identity")
        return self._n.normalise(size)

    def _of_written(self, functional: type, written: Written) -> Fraction:
        ring, rows = self._n.ring, written.rows()
        if functional is Trace:
            if len(rows) != len(rows[0]):
                raise Stuck("the trace of a matrix that is not square")
            return ring.total(self._n.normalise(rows[k][k]) for k in range(len(rows)))
        parts = []
        for i, row in enumerate(rows):
            for j, entry in enumerate(row):
                place = self._n.atom(AnyEntry(Written(len(rows), len(row), unit(len(rows), len(row), i, j))))
                parts.append(ring.multiply(self._n.normalise(entry), place))
        return ring.total(parts)

    def _first_rotation(self, word: Word) -> Word:
        forms = [
            turned[k:] + turned[:k]
            for turned in (word, self.words.folded(reversed_word(word)))
            for k in range(len(word))
        ]
        first = min(forms, key=word_key)
        if first != word:
            self._n.use("cyclic-trace")
        return first

    # ------------------------------------------------------------------ determinants

    def determinant(self, term: Expr) -> Fraction:
        """The determinant: of a product of square matrices the product, of a matrix written out its expansion."""
        ring = self._n.ring
        summands = self.words.summands(term.args[0])
        if len(summands) == 1 and not summands[0].sums:
            summand = summands[0]
            reduced = self.words.inverses.reduced(summand.word)
            if len(reduced) == 1 and reduced[0][0].is_one:
                word = reduced[0][1]
                written = self.words.written(word)
                if written is not None:
                    rows = [[Mul(summand.coefficient, e) for e in row] for row in written.rows()]
                    return self._n.normalise(laplace(rows))
                scale = self._scale(summand.coefficient, term.args[0])
                if scale is not None:
                    if not word:
                        return scale
                    if len(word) == 1 or all(self.words.is_square(letter.base) for letter in word):
                        self._n.use("determinant-of-product")
                        return ring.product([scale, *(self._letter_determinant(letter) for letter in word)])
        written_sum = self.words.written_sum(term.args[0])
        if written_sum is not None:
            return self._n.normalise(laplace(written_sum.rows()))
        one, other = self.words.canonical(term.args[0]), self.words.canonical(Transposed(term.args[0]))
        return self._n.atom(Determinant(min(one, other, key=str)))

    def _scale(self, coefficient: Expr, matrix: Expr) -> Fraction | None:
        """det(c M)/det M = c^n for a matrix of n rows; None where n is not known."""
        if coefficient == 1:
            return self._n.ring.one
        size = self._rows(Determinant(matrix), matrix)
        return None if size is None else self._n.normalise(coefficient**size)

    def _rows(self, whole: Expr, matrix: Expr) -> Expr | None:
        """The number of rows of a matrix in a term, where its use and the document tell."""
        sizes = Sizes(self._n.setting.sizes)
        try:
            sizes.take(whole)
            root = sizes.root(sizes.pair(matrix)[0])
        except NoValue:
            return None
        if sizes.conflict or root[0] not in ("number", "size"):
            return None
        return Integer(root[1]) if root[0] == "number" else Symbol(root[1])

    def _letter_determinant(self, letter: Letter) -> Fraction:
        base: Expr = letter.base
        exponent = letter.exponent
        if isinstance(base, MatrixPower):
            base, exponent = base.args[0], base.args[1] * exponent
        if base == letter.base or not isinstance(base, MatrixTerm):
            value = self._n.atom(Determinant(base))
        else:
            value = self._n.normalise(Determinant(base))
        number = int(exponent) if exponent.is_Integer else None
        if number is None:
            return self._n.normalise(Determinant(base) ** exponent)
        return self._n.ring.power(value, number)
