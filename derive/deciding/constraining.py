"""Which of the equations stated in scope bind the names that a question is about.

`L(θ) = Σ log p(x_i)` in a question about the `x_i` alone says what `L` is: whatever the `x_i` are, there is such an
`L`. Two equations with the same such head say that their bodies are equal, and only that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sympy import Eq, Mul
from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from derive.meaning.laws import Density, Expectation, Statistic
from derive.meaning.objects import Call, Entry, occurs, subterms
from derive.meaning.question import Fact, Question
from derive.refuting.inventory import Name, name_of, names_in

CHANCES = (Density, Expectation, Statistic)


def constraining(question: Question, facts: Sequence[Fact]) -> list[Fact]:
    """The facts without those that only say what a name beside the question is."""
    definitions = question.setting.definitions
    known: set[Name] = set()
    for term in (question.left, question.right, *(fact.statement for fact in question.setting.facts)):
        known |= names_in(term, definitions).keys()
    rest = _without_chances(question, facts)
    while (found := _described(rest, known)) is not None:
        head, among = found
        bodies = list(dict.fromkeys(body for _, body in among))
        kept = [fact for fact in rest if not any(fact is other for other, _ in among)]
        first = among[0][0]
        equal = [replace(first, statement=Eq(bodies[0], body, evaluate=False)) for body in bodies[1:]]
        rest = kept + [fact for fact in equal if name_of(head) not in names_in(fact.statement)]
    return rest


def _without_chances(question: Question, facts: Sequence[Fact]) -> list[Fact]:
    """The facts without those that only say what a mean or a density is, where nothing random stands in the question
    itself and its sides are about the same names: `E[X^2] = (a+1)^2 p + a^2 (1-p)` leaves `a` and `p` free. Two such
    equations of one mean say that their bodies are equal."""
    sides = (question.left, question.right)
    terms = (*sides, *(d.body for d in question.setting.definitions), *(f.statement for f in question.setting.facts))
    if any(isinstance(part, CHANCES) for term in terms for part in subterms(term)):
        return list(facts)
    if question.relation != "=" or len({frozenset(names_in(side)) for side in sides}) > 1:
        return list(facts)
    kept: list[Fact] = []
    bodies: dict[Basic, list[tuple[Fact, Basic]]] = {}
    for fact in facts:
        found = [(head, body) for head, body in _sides(fact.statement, CHANCES) if not occurs(head, body)]
        if not found:
            kept.append(fact)
        for head, body in found[:1]:
            bodies.setdefault(head, []).append((fact, body))
    for (first, body), *others in bodies.values():
        equal = (replace(first, statement=Eq(body, other, evaluate=False)) for _, other in others if other != body)
        kept.extend(equal)
    return kept


def _described(facts: Sequence[Fact], known: Iterable[Name]) -> tuple[Basic, list[tuple[Fact, Basic]]] | None:
    """A head that the question does not speak of and that stands alone on a side of each equation about its name, with
    these equations and their other sides."""
    for fact in facts:
        for head, _ in _sides(fact.statement):
            name = name_of(head)
            if name is None or name in known:
                continue
            about = [other for other in facts if name in names_in(other.statement)]
            found = [(other, body) for other in about for one, body in _sides(other.statement) if one == head]
            if len(found) == len(about) and all(_is_free_of(head, body) for _, body in found):
                return head, found
    return None


def _sides(statement: Basic, heads: tuple[type, ...] = (Symbol, Entry, Call)) -> list[tuple[Basic, Basic]]:
    """The sides of an equation that are one name, perhaps with a numeric factor, each with what it is equal to."""
    if not isinstance(statement, Eq):
        return []
    found = []
    for side, other in (statement.args, statement.args[::-1]):
        number, rest = side.as_coeff_Mul() if isinstance(side, Mul) else (1, side)
        if isinstance(rest, heads) and number != 0:
            found.append((rest, other / number))
    return found


def _is_free_of(head: Basic, body: Basic) -> bool:
    """Whether a body does not hold the head itself; other values of the same function may stand there, as in
    `p(y) = Π p(y_i)`."""
    if isinstance(head, Call):
        return all(part != head for part in subterms(body))
    return name_of(head) not in names_in(body)
