"""A step proved from equations that the document has stated before it.

Putting in what an earlier line said that a name equals is the most frequent step after plain algebra, so it is tried
without being asked for: one equation at a time, the latest first; all of them; then as a consequence of them, solved
for what the step speaks of. The equations used are listed among what the proof rests on."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from sympy import Eq, Symbol
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.logic.boolalg import And, Boolean, false

from derive.deciding.ask import Asked, ask, settle
from derive.deciding.judgement import Judgement, prove_asked
from derive.deciding.naming import targets_of
from derive.deciding.premises import Premise, keys_of, premises
from derive.deciding.telling import BEFORE, told
from derive.meaning.context import Context
from derive.meaning.laws import Density, Expectation, Statistic
from derive.meaning.matrices import Array, related
from derive.meaning.objects import Call, Entry, occurs, subterms
from derive.meaning.printing import to_text
from derive.meaning.question import Definition, Question
from derive.meaning.reading import LITERAL
from derive.meaning.trouble import Trouble
from derive.proving.book import Book
from derive.proving.core import Proof
from derive.proving.prover import prove
from derive.steps.step import Step

MOST_SINGLE = 6
MOST_FOR_GIVEN = 3  # for what may only be a definition
MOST_ALONE = 4
MOST_TOGETHER = 4
MOST_SIZE = 90  # of an equation that is solved
MOST_DEFINED = 60  # of the definitions put in where an equation is solved
MOST_WHOLE = 140  # of all that are solved for one another
MOST_REACHED = 40
Rested = tuple[Judgement, tuple[Premise, ...]]
Used = list[tuple[Premise, Definition]]


def from_earlier(context: Context, step: Step, assumed: Sequence[Definition], book: Book) -> Iterator[Rested]:
    """The `proved` judgements of a step that rest on equations before it, each with those that it uses."""
    try:
        plain = ask(context, step, LITERAL, assumed)
    except Trouble:
        return
    question = plain.question
    known = premises(context, step, (question.left, question.right), plain.reading)
    terms = (question.left, question.right, *(definition.body for definition in question.setting.definitions))
    for used in itertools.islice(_sets(known, terms), MOST_FOR_GIVEN if step.role == "given" else None):
        found = _proved(plain, used, assumed, book)
        if found is not None:
            yield _least(plain, found, used, assumed, book)
    if question.relation == "=" and known:
        yield from _solved(context, step, plain, known, book)


# ------------------------------------------------------------------------------------------ put in


def _proved(plain: Asked, used: Used, assumed: Sequence[Definition], book: Book) -> Rested | None:
    own = tuple(definition for _, definition in used)
    proved = prove_asked(_put_in(plain, own), book, (*assumed, *own), (), screened=True)
    if not isinstance(proved, Judgement):
        return None
    said = set(proved.assumptions)
    return proved, tuple(premise for premise, _ in used if premise.said in said)


def _least(plain: Asked, found: Rested, used: Used, assumed: Sequence[Definition], book: Book) -> Rested:
    """A proof that rests on several equations, without those that it can do without."""
    needed = [option for option in used if option[0] in found[1]]
    for option in needed if len(needed) > 1 else ():
        fewer = [other for other in needed if other is not option]
        again = _proved(plain, fewer, assumed, book)
        if again is not None:
            needed, found = fewer, again
    return found


def _sets(known: list[Premise], terms: tuple[Basic, ...]) -> Iterator[Used]:
    """Which equations are put in for which of their sides: each alone, then all together, the latest for each name."""
    options = [
        (premise, definition)
        for premise in known
        for side in premise.sides
        if (definition := _as_definition(premise, side)) is not None
    ]
    direct = [option for option in options if any(occurs(option[1].head, term) for term in terms)]
    for option in direct[:MOST_SINGLE]:
        yield [option]
    together: Used = []
    reached = list(terms)
    for _ in range(3):
        for premise, definition in options:
            head = definition.head
            taken = any(head == other.head or premise is another for another, other in together)
            if taken or not any(occurs(head, term) for term in reached):
                continue
            if not _leads_back(definition, [other for _, other in together]):
                together.append((premise, definition))
                reached.append(definition.body)
    if len(together) > 1:
        yield together


def _as_definition(premise: Premise, side: Expr) -> Definition | None:
    """An equation as the definition of what stands alone on one of its sides, just as it stands; None where that is no
    name, or the other side holds it."""
    head = side.name if isinstance(side, Array) else side
    body = premise.other(side)
    named = isinstance(head, Symbol | Entry | Density | Expectation | Statistic)
    if not named and not (isinstance(head, Call) and not any(head.orders)):
        return None
    return None if occurs(head, body) else Definition(head, (), body, premise.said)


def _leads_back(definition: Definition, chosen: Sequence[Definition]) -> bool:
    """Whether putting in what is chosen leads from the body of a definition back to its head."""
    reached: list[Basic] = [definition.body]
    for term in reached:
        for target in targets_of(term):
            if definition.at(target) is not None:
                return True
            for other in chosen:
                body = other.at(target)
                if body is not None and body not in reached and len(reached) < MOST_REACHED:
                    reached.append(body)
    return False


def _put_in(plain: Asked, own: tuple[Definition, ...]) -> Asked:
    """The question with equations as definitions, before those of the document; these without such as lead back."""
    question = plain.question
    heads = [definition.head for definition in own]
    rest = (definition for definition in question.setting.definitions if definition.head not in heads)
    setting = replace(question.setting, definitions=_acyclic((*own, *rest)))
    return replace(plain, question=replace(question, setting=setting))


def _acyclic(definitions: tuple[Definition, ...]) -> tuple[Definition, ...]:
    """Definitions without those that lead back to themselves through the ones before them."""
    kept: list[Definition] = []
    for definition in definitions:
        if not _leads_back(definition, kept):
            kept.append(definition)
    return tuple(kept)


# --------------------------------------------------------------------------- solved for one another


def _solved(context: Context, step: Step, plain: Asked, known: list[Premise], book: Book) -> Iterator[Rested]:
    """The step as a consequence of the equations, one at a time and then together."""
    conclusion = _conclusion(plain.question)
    if _size(conclusion) > MOST_SIZE:
        return
    small = [premise for premise in known if premise.final and _size(premise.statement) <= MOST_SIZE]
    wanted = keys_of(conclusion)
    alone = [[premise] for premise in small if keys_of(*premise.sides) <= wanted]
    for chosen in (*alone[:MOST_ALONE], _connected(small, wanted)[:MOST_TOGETHER]):
        if not chosen or _size(conclusion) + sum(_size(p.statement) for p in chosen) > MOST_WHOLE:
            continue
        found = _implied(context, step, plain, chosen, book)
        if found is not None and len(found[1]) < len(chosen):
            found = _implied(context, step, plain, list(found[1]), book) or (found[0], tuple(chosen))
        if found is not None and found[1]:
            yield found


def _conclusion(question: Question) -> Boolean:
    return related(partial(Eq, evaluate=False), question.left, question.right)


def _implied(context: Context, step: Step, plain: Asked, chosen: list[Premise], book: Book) -> Rested | None:
    premise = And(*(p.statement for p in chosen))
    if premise == false:
        return None
    sides = (plain.question.left, plain.question.right, *(side for p in chosen for side in p.sides))
    try:
        setting, _ = settle(context, step, sides, plain.reading)
    except Trouble:
        return None
    plenty = len(chosen) > 1 or sum(_size(d.body) for d in setting.definitions) > MOST_DEFINED
    setting = replace(setting, definitions=() if plenty else _acyclic(setting.definitions))
    proof = prove(Question(premise, "⇒", _conclusion(plain.question), setting), book)
    if not isinstance(proof, Proof) or proof.lines[-1].rule != "combination":
        return None
    used = {value for line in proof.lines for _, value in line.bindings}
    used |= {line.before for line in proof.lines if line.rule != "combination"}
    needed = tuple(p for p in chosen if p.statement in used)
    return _judgement(plain, proof, needed), needed


def _size(term: Basic) -> int:
    return sum(1 for _ in subterms(term))


def _connected(known: list[Premise], wanted: set[str]) -> list[Premise]:
    """Several equations without those that hold a name which neither the conclusion nor another one holds: nothing
    takes such a name out again."""
    kept = known
    while True:
        keys = [keys_of(*premise.sides) for premise in kept]
        among = [
            premise
            for k, premise in enumerate(kept)
            if keys[k] <= wanted.union(*(other for m, other in enumerate(keys) if m != k))
        ]
        if len(among) == len(kept):
            return kept if len(kept) > 1 else []
        kept = among


def _judgement(plain: Asked, proof: Proof, needed: tuple[Premise, ...]) -> Judgement:
    supposed = {premise.statement for premise in needed}
    more = (to_text(assumption) for assumption in proof.assumptions() if assumption not in supposed)
    said = tuple(dict.fromkeys((*(premise.said for premise in needed), *more)))
    how = told(proof).replace(BEFORE, "what is stated before")
    return Judgement("proved", how, proof, None, plain.notes, said, question=plain.question)
