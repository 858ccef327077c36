"""Inverses of sums: a letter Z with Z S = S Z = 1, so that the longest word of S beside Z is replaced by the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy.core.basic import Basic
from sympy.core.expr import Expr

from derive.meaning.matrices import (
    MatrixPower,
    MatrixProduct,
    Zero,
)
from derive.proving.giveup import TooLarge
from derive.proving.normal.ring import Fraction
from derive.proving.normal.words import (
    Letter,
    Word,
    word_key,
)

if TYPE_CHECKING:
    from derive.proving.normal.multiplying import WordForms
    from derive.proving.normal.normaliser import Normaliser

MOST_ROUNDS = 400
MOST_FACTORS = 4


@dataclass(frozen=True, slots=True)
class _Rest:
    """What stands for the leading word beside an inverse: `scale` times the identity, and other words beside it."""

    scale: Fraction | None
    terms: tuple[tuple[Fraction, Word], ...]


class InverseRelations:
    """The relations of the inverses met, made when they are first needed."""

    def __init__(self, normaliser: Normaliser, words: WordForms) -> None:
        self._n = normaliser
        self._words = words
        self._relations: dict[Basic, tuple[Word, _Rest] | None] = {}

    def reduced(self, word: Word) -> list[tuple[Fraction, Word]]:
        """A word with the relations of inverses of sums applied as long as one fits."""
        pending, done = [(self._n.ring.one, word)], list[tuple[Fraction, Word]]()
        rounds = 0
        while pending:
            rounds += 1
            if rounds > MOST_ROUNDS:
                raise TooLarge("too many products of matrices")
            coefficient, word = pending.pop()
            step = self._step(word)
            if step is None:
                done.append((coefficient, word))
            else:
                pending.extend((self._n.ring.multiply(coefficient, c), w) for c, w in step)
        return done

    def vanishes(self, matrix: Expr) -> bool:
        """Whether a matrix is zero wherever it has a value: as it stands, or once it is multiplied by what stands
        inverted at the ends of its words, which can be undone."""
        current = self._words.canonical(matrix)
        for _ in range(MOST_FACTORS):
            if isinstance(current, Zero):
                return True
            factor = self._at_an_end(current)
            if factor is None:
                return False
            self._n.use("multiply-by-inverted")
            left, inverted = factor
            current = self._words.canonical(MatrixProduct(*((inverted, current) if left else (current, inverted))))
        return isinstance(current, Zero)

    def _at_an_end(self, matrix: Expr) -> tuple[bool, Expr] | None:
        """What stands inverted at the left end (True) or the right end of a word, sums first."""
        found: list[tuple[bool, Expr]] = []
        for summand in self._words.summands(matrix):
            if summand.sums or not summand.word:
                continue
            for left, letter in ((True, summand.word[0]), (False, summand.word[-1])):
                base, exponent = letter.base, letter.exponent
                if isinstance(base, MatrixPower) and base.args[1] == -1 and exponent == 1:
                    found.insert(0, (left, base.args[0]))
                elif exponent.is_Integer and exponent < 0:
                    plain = Letter(base, letter.transposed, -exponent)
                    found.append((left, plain.term()))
        return found[0] if found else None

    def _step(self, word: Word) -> list[tuple[Fraction, Word]] | None:
        for k, letter in enumerate(word):
            base = letter.base
            if not isinstance(base, MatrixPower) or base.args[1] != -1 or letter.exponent != 1 or letter.transposed:
                continue
            relation = self._relation(base)
            if relation is None:
                continue
            lead, rest = relation
            size = len(lead)
            if word[k + 1 : k + 1 + size] == lead:
                before, after, left = word[:k], word[k + 1 + size :], True
            elif k >= size and word[k - size : k] == lead:
                before, after, left = word[: k - size], word[k + 1 :], False
            else:
                continue
            self._n.use("inverse-cancels")
            made: list[tuple[Fraction, Word]] = [(self._n.ring.one if rest.scale is None else rest.scale, ())]
            for coefficient, other in rest.terms:
                made.append((coefficient, (letter, *other) if left else (*other, letter)))
            return [(c, self._words.joined(self._words.joined(before, w), after)) for c, w in made]
        return None

    def _relation(self, inverse: Expr) -> tuple[Word, _Rest] | None:
        """The word that cancels beside an inverse, and what is left for it; None where there is no such word."""
        known = self._relations
        if inverse not in known:
            known[inverse] = self._make_relation(inverse.args[0])
        return known[inverse]

    def _make_relation(self, matrix: Expr) -> tuple[Word, _Rest] | None:
        ring = self._n.ring
        found: dict[Word, list[Fraction]] = {}
        for summand in self._words.summands(matrix):
            if summand.sums:
                return None
            found.setdefault(summand.word, []).append(self._n.normalise(summand.coefficient))
        terms = {word: ring.total(values) for word, values in found.items()}
        lead = max((word for word in terms if word), key=lambda word: (len(word), word_key(word)), default=None)
        if lead is None:
            return None
        inverse = ring.invert(terms.pop(lead))
        rest = tuple((ring.negate(ring.multiply(value, inverse)), word) for word, value in terms.items())
        return lead, _Rest(inverse, rest)
