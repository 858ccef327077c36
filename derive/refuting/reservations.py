"""Why nothing is refuted of random variables: what the text says of them may not hold in the models, or it is not sure
what is random."""

from __future__ import annotations

from collections.abc import Iterator

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from derive.meaning.expectations import canonical_variable, random_atoms
from derive.meaning.laws import UNKNOWN, Density, Expectation, Slot, Variable
from derive.meaning.objects import Entry, is_bound, subterms
from derive.meaning.question import Question

# letters of numbers that nobody takes to be random where the text does not say so
FIXED = frozenset("abcdknmtijlrs") | {
    "\\alpha", "\\beta", "\\gamma", "\\lambda", "\\mu", "\\sigma", "\\tau", "\\rho", "\\kappa", "\\nu"
}  # fmt: skip


def reservation(question: Question) -> str | None:
    """Why a model of the random variables in a question proves nothing; None where there are none, or it does."""
    chances = question.setting.chances
    terms = [*_terms(question)]
    parts = [part for term in terms for part in subterms(term)]
    if not any(isinstance(part, Density | Expectation) for part in parts):
        return None
    if chances.reserved or chances.independences > len(question.setting.independent):
        return "what the text says of its random variables is not built into the models"
    means = [_speaks_of_means(side, chances.random) for side in (question.left, question.right)]
    if means[0] != means[1]:
        return "it may hold for the law that is meant"
    indices: dict[str, set[tuple[Basic, ...]]] = {}
    for part in parts:
        if isinstance(part, Variable):
            indices.setdefault(part.name, set()).add(part.indices)
            if part.name == UNKNOWN or part.name.endswith("'") or part.name.startswith(("\\tilde", "\\hat", "\\bar")):
                return f"of what variable {part.name} is a value is not sure"
        if isinstance(part, Slot) and part.value.is_number and part.variable.indices:
            return "at what place this law is taken is not sure"
        if isinstance(part, Expectation):
            for atom, _ in random_atoms(part.body, chances.random, frozenset()):
                own = canonical_variable(atom, chances)
                indices.setdefault(own.name, set()).add(own.indices)
            unsure = _unsure(part, chances.random, chances.sure)
            if unsure is not None:
                return f"whether {unsure} is random is not said"
    if any(len(found) > 1 for found in indices.values()):
        return "whether the members of a family have one law is not said"
    return None


def _speaks_of_means(side: Basic, random: frozenset[str]) -> bool:
    """Whether a mean of something random stands in a side, or a density: what is equal to a number alone is so for some
    laws, but that all values of a density make one."""
    for part in subterms(side):
        if isinstance(part, Density):
            return True
        if isinstance(part, Expectation) and any(True for _ in random_atoms(part.body, random, frozenset())):
            return True
    return side == 1


def _terms(question: Question) -> Iterator[Basic]:
    yield question.left
    yield question.right
    for definition in question.setting.definitions:
        yield definition.body
    for fact in question.setting.facts:
        yield fact.statement


def _unsure(term: Expectation, random: frozenset[str], sure: frozenset[str]) -> str | None:
    """A name under an expectation of which it is not sure whether it is random."""
    atoms = {atom for atom, _ in random_atoms(term.body, random, frozenset())}
    for atom in atoms:
        name = str(getattr(atom, "name", ""))
        if name not in sure:
            return name
    for part in subterms(term.body):
        if isinstance(part, Symbol | Entry) and part.name not in random:
            if isinstance(part, Symbol) and is_bound(part):
                continue
            if part.name not in FIXED:
                return str(part.name)
    return None
