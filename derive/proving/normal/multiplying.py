"""Multiplying out: a matrix as a linear combination of words, and its normal form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sympy import Add, Integer, Mul, S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.symbol import Dummy, Symbol

from derive.meaning.expectations import canonical_variable, random_atoms
from derive.meaning.laws import Density, MatrixExpectation, Slot, Space
from derive.meaning.matrices import (
    Adjoint,
    Array,
    Cross,
    Diagonal,
    Gradient,
    Hadamard,
    Identity,
    Kronecker,
    MatrixPower,
    MatrixProduct,
    MatrixSum,
    MatrixSumOver,
    MatrixTerm,
    Ones,
    Trace,
    Transposed,
    Written,
    Zero,
)
from derive.meaning.objects import Entry
from derive.proving.giveup import Stuck, TooLarge
from derive.proving.normal.inverses import InverseRelations
from derive.proving.normal.ring import Fraction
from derive.proving.normal.words import (
    Bound,
    Letter,
    Summand,
    Word,
    multiple,
    product_of,
    rebuilt,
    reversed_word,
    word_key,
)
from derive.proving.normal.writtenout import COMBINED, inverse_of, turned

if TYPE_CHECKING:
    from derive.proving.normal.normaliser import Normaliser

MOST_WORDS = 400
MOST_LETTERS = 24
MOST_RANDOM = 3
SQUARE_TRAITS = frozenset({"square", "symmetric", "orthogonal", "idempotent", "diagonal", "positive"})


class WordForms:
    """Matrices as combinations of words, in the ring of a normaliser."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._n = normaliser
        self.inverses = InverseRelations(normaliser, self)

    def traits(self, base: Expr) -> frozenset[str]:
        """What the document says of a matrix beside its form; an inverse has what its matrix has."""
        while isinstance(base, MatrixPower):
            base = base.args[0]
        if not isinstance(base, Array) or not isinstance(base.name, Symbol | Entry):
            return frozenset()
        return self._n.setting.traits.get(base.key, frozenset())

    def is_square(self, base: Expr) -> bool:
        return isinstance(base, MatrixPower) or bool(self.traits(base) & SQUARE_TRAITS)

    def cut(self, word: Word) -> tuple[Fraction, Word]:
        """The scalars in a word, each from a row to a column, multiplied, and the letters that are left."""
        coefficient, rest = self._n.ring.one, list[Letter]()
        start: int | None = None
        for letter in word:
            rest.append(letter)
            if letter.is_row:
                start = len(rest) - 1
            if letter.is_column and start is not None:
                stretch = tuple(rest[start:])
                del rest[start:]
                start = None
                coefficient = self._n.ring.multiply(coefficient, self._scalar(stretch))
        return coefficient, tuple(rest)

    def _scalar(self, stretch: Word) -> Fraction:
        back = self.folded(reversed_word(stretch))
        first = min(stretch, back, key=word_key)
        if first != stretch:
            self._n.use("transpose-of-scalar")
        return self._n.atom(Trace(product_of(first)))

    def canonical(self, matrix: Expr) -> Expr:
        """A matrix in normal form: the same for matrices with the same one."""
        found: dict[Word, list[Fraction]] = {}
        others: dict[Expr, Expr] = {}  # sums over indices, each with the number before it
        for summand in self.summands(matrix):
            if summand.sums:
                number, rest = summand.coefficient.as_coeff_Mul()
                shown = self._canonical_sum(Summand(rest, summand.word, summand.sums))
                others[shown] = others.get(shown, S.Zero) + number
                continue
            for coefficient, word in self.inverses.reduced(summand.word):
                written = self.written(word)
                if written is not None:
                    word = (Letter(written),)
                scalar, rest = self.cut(word) if written is None else (self._n.ring.one, word)
                value = self._n.ring.product([self._n.normalise(summand.coefficient), coefficient, scalar])
                found.setdefault(rest, []).append(value)
        terms: list[Expr] = []
        for word in sorted(found, key=word_key):
            value = self._n.ring.total(found[word])
            if not value.is_zero:
                terms.append(multiple(self._n.ring.expression(value), product_of(word)))
        terms += [multiple(others[shown], shown) for shown in sorted(others, key=str) if others[shown] != 0]
        if not terms:
            return Zero()
        return terms[0] if len(terms) == 1 else MatrixSum(*terms)

    def _canonical_sum(self, summand: Summand) -> Expr:
        bound, *rest = summand.sums
        self._n.depth += 1
        try:
            slot = self._n.slot(True)
            inner = Summand(summand.coefficient, summand.word, tuple(rest))
            body = rebuilt(inner).xreplace({bound.variable: slot})
            shown = self.canonical(body)
            domain, condition = self._n.rebuilt(bound.domain), self._n.rebuilt(bound.condition)
        finally:
            self._n.depth -= 1
        return MatrixSumOver(shown, slot, domain, condition)

    def summands(self, matrix: Expr) -> list[Summand]:
        """The matrix multiplied out. Raises `Stuck` where a part has no normal form."""
        found = list(self._expanded(matrix))
        if len(found) > MOST_WORDS:
            raise TooLarge("too many products of matrices")
        return found

    def _expanded(self, matrix: Basic) -> Iterator[Summand]:
        if not isinstance(matrix, MatrixTerm):
            raise Stuck("a number stands where a matrix is expected")
        if isinstance(matrix, Zero):
            return
        if isinstance(matrix, Identity):
            yield Summand(S.One, ())
        elif isinstance(matrix, MatrixSum):
            for arg in matrix.args:
                yield from self._expanded(arg)
        elif isinstance(matrix, MatrixProduct):
            yield from self._multiplied(matrix)
        elif isinstance(matrix, MatrixSumOver):
            variable = Dummy(integer=True)
            body, (condition,) = matrix.open(variable)
            for inner in self.summands(body):
                bound = Bound(variable, matrix.domain, condition)
                yield Summand(inner.coefficient, inner.word, (bound, *inner.sums))
        elif isinstance(matrix, Transposed):
            for inner in self.summands(matrix.args[0]):
                yield Summand(inner.coefficient, self.folded(reversed_word(inner.word)), inner.sums)
        elif isinstance(matrix, MatrixPower):
            yield from self._power(matrix)
        elif isinstance(matrix, Hadamard | Kronecker | Cross):
            yield from self._bilinear(matrix)
        elif isinstance(matrix, Diagonal):
            for inner in self.summands(matrix.args[0]):
                yield Summand(inner.coefficient, (self._letter(Diagonal(product_of(inner.word))),), inner.sums)
        elif isinstance(matrix, Written):
            rows, columns = matrix.shape
            yield Summand(S.One, (Letter(Written(rows, columns, map(self._n.canonical, matrix.entries))),))
        elif isinstance(matrix, MatrixExpectation):
            yield from self._mean(matrix)
        elif isinstance(matrix, Gradient):
            yield Summand(S.One, (Letter(matrix),))  # as it stands, like a derivative
        elif isinstance(matrix, Array | Ones):
            yield Summand(S.One, (self._letter(self._shown(matrix)),))
        elif isinstance(matrix, Adjoint) and not self._n.complex:
            yield from self._expanded(Transposed(matrix.args[0]))
        else:
            raise Stuck(f"no normal form is known for {type(matrix).__name__}")

    def _mean(self, mean: Expr) -> Iterator[Summand]:
        """The mean of each product: the sum over the values of its random variables, weighted by their density."""
        law, body, given = mean.args
        self._n.densities.note_fixed(body)
        chances = self._n.setting.chances
        for summand in self.summands(body):
            term = multiple(summand.coefficient, product_of(summand.word))
            atoms = list(dict.fromkeys(atom for atom, _ in random_atoms(term, chances.random, frozenset())))
            fixed = {slot.variable for slot in given}
            atoms = [atom for atom in atoms if canonical_variable(atom, chances) not in fixed]
            names = [str(canonical_variable(atom, chances).name) for atom in atoms]
            if len(atoms) > MOST_RANDOM or len(set(names)) < len(names):
                raise Stuck("a mean over several members of one family of vectors")
            values = [Dummy() for _ in atoms]
            slots = [Slot(canonical_variable(atom, chances), value) for atom, value in zip(atoms, values, strict=True)]
            put = dict(zip(atoms, values, strict=True))
            if not atoms:
                yield summand
                continue
            self._n.use("expectation")
            weighted: Expr = MatrixProduct(Density(law, slots, given), term.xreplace(put))
            for value, slot in zip(values, slots, strict=True):
                weighted = MatrixSumOver(weighted, value, Space(slot.variable))
            for inner in self.summands(weighted):
                yield Summand(inner.coefficient, inner.word, summand.sums + inner.sums)

    def _shown(self, matrix: Expr) -> Expr:
        if not isinstance(matrix, Array) or isinstance(matrix.name, Symbol):
            return matrix
        made: Expr = Array(self._n.named(matrix.name), matrix.form)
        return made

    def _letter(self, base: Expr) -> Letter:
        return self._fold(Letter(base))

    def _fold(self, letter: Letter) -> Letter:
        """A letter with what the document says of its matrix put in: a symmetric one is its transpose, the transpose of
        an orthogonal one its inverse."""
        if not letter.transposed:
            return letter
        base = letter.base
        traits = self.traits(base)
        if "symmetric" in traits or isinstance(base, Diagonal):
            self._n.use("symmetric-matrix")
            return Letter(base, False, letter.exponent)
        if "orthogonal" in traits:
            self._n.use("orthogonal-matrix")
            return Letter(base, False, -letter.exponent)
        if isinstance(base, Written):
            rows = base.rows()
            turned = [rows[i][j] for j in range(len(rows[0])) for i in range(len(rows))]
            return Letter(Written(len(rows[0]), len(rows), turned), False, letter.exponent)
        if isinstance(base, MatrixPower):
            inner = self.canonical(Transposed(base.args[0]))
            return Letter(MatrixPower(inner, base.args[1]), False, letter.exponent)
        return letter

    def folded(self, word: Word) -> Word:
        return tuple(self._fold(letter) for letter in word)

    def _multiplied(self, product: Expr) -> Iterator[Summand]:
        partial = [Summand(S.One, ())]
        for factor in product.args:
            if not isinstance(factor, MatrixTerm):
                partial = [Summand(Mul(p.coefficient, factor), p.word, p.sums) for p in partial]
                continue
            expanded = self.summands(factor)
            if len(partial) * len(expanded) > MOST_WORDS:
                raise TooLarge("too many products of matrices")
            partial = [
                Summand(Mul(p.coefficient, q.coefficient), self.joined(p.word, q.word), p.sums + q.sums)
                for p in partial
                for q in expanded
            ]
        yield from partial

    def joined(self, one: Word, other: Word) -> Word:
        """Two words one after the other, with powers of one letter put together."""
        word = list(one)
        for letter in other:
            last = word[-1] if word else None
            if last is not None and last.base == letter.base and last.transposed == letter.transposed:
                square = not (letter.is_row or letter.is_column)
                if (square and (last.exponent, letter.exponent) != (S.One, S.One)) or self.is_square(letter.base):
                    exponent = self._n.canonical(last.exponent + letter.exponent)
                    word.pop()
                    if exponent != 0:
                        word.append(self._simple(Letter(letter.base, letter.transposed, exponent)))
                    else:
                        self._n.use("inverse-cancels")
                    continue
            word.append(letter)
        if len(word) > MOST_LETTERS:
            raise TooLarge("a product of too many matrices")
        return tuple(word)

    def _simple(self, letter: Letter) -> Letter:
        """A letter with its exponent lowered by what the document says: A² = A, A² = 1."""
        exponent = letter.exponent
        traits = self.traits(letter.base)
        if "idempotent" in traits and exponent.is_Integer and exponent > 1:
            self._n.use("idempotent-matrix")
            return Letter(letter.base, letter.transposed, S.One)
        return letter

    def _power(self, matrix: Expr) -> Iterator[Summand]:
        base, exponent = matrix.args
        exponent = self._n.canonical(exponent)
        summands = self.summands(base)
        if exponent.is_Integer and 1 <= exponent <= 4 and (len(summands) > 1 or len(summands[0].word) != 1):
            yield from self._multiplied(MatrixProduct(*[base] * int(exponent)))
            return
        if len(summands) == 1 and not summands[0].sums and exponent.is_Integer:
            coefficient, word = summands[0].coefficient, summands[0].word
            if not word:
                yield Summand(coefficient**exponent, ())
                return
            written = self.written(word)
            if written is not None and exponent == -1:
                inverse = inverse_of(written)
                if inverse is not None:
                    yield Summand(coefficient**exponent, self.summands(inverse)[0].word)
                    return
            reduced = self.inverses.reduced(word)
            if len(reduced) == 1 and reduced[0][0].is_one:
                word = reduced[0][1]
                if len(word) == 1 or (exponent == -1 and all(self.is_square(letter.base) for letter in word)):
                    turned = reversed(word) if exponent < 0 else word
                    letters = (Letter(a.base, a.transposed, self._n.canonical(a.exponent * exponent)) for a in turned)
                    yield Summand(coefficient**exponent, self.folded(tuple(letters)))
                    return
        if not summands:
            raise Stuck("a power of the zero matrix")
        shown = self.canonical(base)
        if len(summands) == 1 and isinstance(shown, Array):
            yield Summand(S.One, (Letter(shown, False, exponent),))
            return
        written_sum = self.written_sum(base) if exponent == -1 else None
        inverse = inverse_of(written_sum) if written_sum is not None else None
        if inverse is not None:
            yield from self._expanded(inverse)
            return
        yield Summand(S.One, (self._letter(MatrixPower(shown, exponent)),))

    def _bilinear(self, matrix: Expr) -> Iterator[Summand]:
        kind = type(matrix)
        for one in self.summands(matrix.args[0]):
            for other in self.summands(matrix.args[1]):
                coefficient = Mul(one.coefficient, other.coefficient)
                letter, sign = self._combined(kind, one.word, other.word)
                if sign:
                    yield Summand(Mul(coefficient, sign), (letter,), one.sums + other.sums)

    def _combined(self, kind: type[MatrixTerm], one: Word, other: Word) -> tuple[Letter, Expr]:
        a, b = self.written(one), self.written(other)
        if a is not None and b is not None:
            written = COMBINED[kind](a, b)
            if written is not None:
                return Letter(written), S.One
        first, second, sign = product_of(one), product_of(other), S.One
        if kind is Cross and first == second:
            return Letter(Zero()), S.Zero
        if kind is not Kronecker and str(second) < str(first):
            first, second = second, first
            sign = S.NegativeOne if kind is Cross else S.One
        return Letter(kind(first, second)), sign

    # ------------------------------------------------------------------ matrices written out

    def written(self, word: Word) -> Written | None:
        """The product of a word of matrices that are all written out, as one; None for any other word."""
        if not word:
            return None
        matrices: list[Written] = []
        for letter in word:
            written = letter.base
            if not isinstance(written, Written):
                return None
            if letter.transposed:
                written = turned(written)
            if letter.exponent == -1:
                inverse = inverse_of(written)
                if inverse is None:
                    return None
                written = inverse
            elif letter.exponent.is_Integer and 1 <= letter.exponent <= 6:
                matrices += [written] * (int(letter.exponent) - 1)
            elif letter.exponent != 1:
                return None
            matrices.append(written)
        product = matrices[0].rows()
        for matrix in matrices[1:]:
            rows = matrix.rows()
            if len(product[0]) != len(rows):
                raise Stuck("the shapes of the matrices do not fit")
            product = [
                [self._n.canonical(Add(*[Mul(a, rows[k][j]) for k, a in enumerate(row)])) for j in range(len(rows[0]))]
                for row in product
            ]
        return Written(len(product), len(product[0]), [entry for row in product for entry in row])

    def written_sum(self, matrix: Expr) -> Written | None:
        """A matrix as one written out, where it is a combination of such and of identities; None for any other."""
        parts: list[tuple[Expr, Written | None]] = []
        for summand in self.summands(matrix):
            if summand.sums:
                return None
            for coefficient, word in self.inverses.reduced(summand.word):
                scalar = Mul(summand.coefficient, self._n.ring.expression(coefficient))
                written = self.written(word)
                if word and written is None:
                    return None
                parts.append((scalar, written))
        sizes = {part.shape for _, part in parts if part is not None}
        if len(sizes) != 1:
            return None
        (rows, columns) = next(iter(sizes))
        assert rows is not None and columns is not None
        if any(part is None for _, part in parts) and rows != columns:
            return None
        total = [[S.Zero] * columns for _ in range(rows)]
        for scalar, part in parts:
            for i in range(rows):
                for j in range(columns):
                    value = part.rows()[i][j] if part is not None else Integer(int(i == j))
                    total[i][j] = self._n.canonical(total[i][j] + scalar * value)
        return Written(rows, columns, [entry for row in total for entry in row])
