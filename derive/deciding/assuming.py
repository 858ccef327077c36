"""What the prose around a step lets one assume: which case is at hand, that a target is one-hot."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp
from sympy import Symbol
from sympy.core.basic import Basic

from derive.deciding.naming import free_indices
from derive.meaning import prose
from derive.meaning.context import Context
from derive.meaning.objects import Entry, Partial, subterms
from derive.meaning.printing import spoken, to_text
from derive.meaning.question import Fact, Question
from derive.steps.step import Step

Assumption = tuple[tuple[Fact, ...], str]  # what is added to the setting, and how the report says it


def cases(context: Context, step: Step, question: Question) -> Iterator[Assumption]:
    """Where the prose speaks of cases and a derivative of one member by another stands in the step: the case that both
    indices are equal, and the case that they differ, unless the document says which."""
    pairs = _delta_pairs(question)
    stated = {frozenset(f.statement.args) for f in question.setting.facts if isinstance(f.statement, sp.Eq | sp.Ne)}
    pairs = [pair for pair in pairs if frozenset(pair) not in stated]
    if len(pairs) != 1 or not prose.mentions_case(context.lead_text(step.position)):
        return
    one, other = pairs[0]
    for statement in (sp.Eq(one, other), sp.Ne(one, other)):
        yield (Fact(statement, "the case at hand"),), to_text(statement)


def _delta_pairs(question: Question) -> list[tuple[Symbol, Symbol]]:
    """Pairs of free indices of which one belongs to a differentiated member and the other to what it is differentiated
    by: the derivative has a Kronecker delta of the two."""
    pairs: set[tuple[Symbol, Symbol]] = set()
    for side in (question.left, question.right):
        for part in subterms(side):
            if isinstance(part, Partial) and isinstance(part.variable, Entry):
                below = [i for i in part.variable.indices if i.is_Symbol]
                above = free_indices(part.body)
                for index in below:
                    for other in sorted(above - {index}, key=lambda s: s.name):
                        first, second = sorted((index, other), key=lambda s: s.name)
                        pairs.add((first, second))
    return sorted(pairs, key=str)


def one_hot(context: Context, step: Step, question: Question) -> Iterator[Assumption]:
    """Where the prose says that a target is one-hot: the entry at the free index of the step is the target's, 1."""
    text = context.text_before(step.position)
    said = prose.ONE_HOT.search(text)
    if said is None:
        return
    sentence = text[max(0, said.start() - 120) : said.end() + 40]
    letters = prose.single_letters(sentence)
    indices = sorted(free_indices(question.left) | free_indices(question.right), key=lambda s: s.name)
    defined = {definition.head.name for definition in question.setting.definitions}
    families = sorted({d.name for d in _families(question) if d.name in letters - defined and len(d.indices) == 1})
    for family in families:
        facts = tuple(Fact(sp.Eq(Entry(family, (index,)), 1), "one-hot target") for index in indices)
        if facts:
            yield facts, f"{spoken(f'{family}_{{{indices[0].name}}}')} = 1: the target is one-hot"


def _families(question: Question) -> Iterator[Entry]:
    terms: list[Basic] = [question.left, question.right, *(d.body for d in question.setting.definitions)]
    for term in terms:
        for part in subterms(term):
            if isinstance(part, Entry):
                yield part
