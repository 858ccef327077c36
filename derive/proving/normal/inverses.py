"""Inverses of sums: a letter Z with Z S = S Z = 1, so that the longest word of S beside Z is replaced by the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy.core.basic import Basic
from sympy.core.expr import Expr

from derive.meaning.matrices import (
    MatrixPower,
)
from derive.proving.giveup import TooLarge
from derive.proving.normal.ring import Fraction
from derive.proving.normal.words import (
    Word,
    word_key,
)

if TYPE_CHECKING:
    from derive.proving.normal.multiplying import WordForms
    from derive.proving.normal.normaliser import Normaliser

MOST_ROUNDS = 400


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
