"""One relation on its own, with what is given: a rule of the book, a line of a test, a question from the command
line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from derive.meaning.kinds import membership
from derive.meaning.question import Fact, Kind, Question, Relation, Setting
from derive.meaning.reader import Reader
from derive.meaning.reading import Conventions
from derive.meaning.survey import survey
from derive.meaning.trouble import Unreadable
from derive.notation import read_passage
from derive.notation.tree import Chain, Passage
from derive.source import TracedText

RELATIONS: Mapping[str, Relation] = {
    "=": "=", "≡": "=", ":=": "=", "≠": "≠", "<": "<", "≤": "≤", ">": ">", "≥": "≥", "∝": "∝", "≈": "≈",
}  # fmt: skip


def read_formula(latex: str) -> Passage:
    """The tree of a formula that stands alone."""
    return read_passage(TracedText(latex, range(len(latex))))


def read_statement(latex: str, given: Sequence[str] = ()) -> Question:
    """`left relation right` in a setting made of the formulas `given` (`x > 0`, `n \\in \\mathbb{N}`, `i \\ne j`).

    Raises Unreadable where the text is not one relation, or Beyond where it has no meaning here."""
    passage, extras = read_formula(latex), [read_formula(text) for text in given]
    chains = [item for item in passage.items if isinstance(item, Chain)]
    if len(chains) != 1 or len(chains[0].signs) != 1:
        raise Unreadable(f"not one relation: {latex}")
    chain = chains[0]
    relation = RELATIONS.get(chain.signs[0].sign)
    if relation is None:
        raise Unreadable(f"not a relation that can be asked: {chain.signs[0].sign}")
    conventions = Conventions(survey([passage, *extras]))
    kinds: dict[str, Kind] = {}
    facts: list[Fact] = []
    reader = Reader(conventions)
    for text, extra in zip(given, extras, strict=True):
        for item in extra.items:
            if not isinstance(item, Chain) or not item.signs:
                continue
            if item.signs[0].sign == "∈":
                membership(item, kinds, set())
                continue
            statement = reader.relation(item)
            parts = statement.args if isinstance(statement, sp.And) else (statement,)
            facts += [Fact(part, text) for part in parts if part not in (sp.true, sp.false)]
    for letters in conventions.survey.free_index_letters.values():
        for letter in sorted(letters):
            kinds.setdefault(letter, "integer")
    left, right = (reader.read(operand) for operand in chain.operands)
    return Question(left, relation, right, Setting(kinds, (), tuple(facts)))
