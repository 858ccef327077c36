"""The question that a step asks, under one reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import sympy as sp
from sympy import Symbol
from sympy.core.basic import Basic
from sympy.core.symbol import Str
from sympy.logic.boolalg import Boolean

from derive.meaning.context import Context, Written
from derive.meaning.objects import Call, Entry, Partial, is_bound, subterms
from derive.meaning.question import Definition, Fact, Kind, Question, Setting
from derive.meaning.reader import Reader
from derive.meaning.reading import LITERAL, Reading
from derive.meaning.statement import RELATIONS
from derive.meaning.trouble import Beyond, Trouble
from derive.notation.tree import Node
from derive.notation.unicode import to_unicode
from derive.steps.step import Step

Name = tuple[str, str]  # ("symbol" | "family" | "function", key)


@dataclass(frozen=True)
class Asked:
    """A question with what its reading chose (`notes`) and what the setting could not hold (`missing`: names whose
    definition was not read, so that nothing about them can be refuted)."""

    question: Question
    notes: tuple[str, ...]
    missing: tuple[str, ...] = ()


def ask(context: Context, step: Step, reading: Reading = LITERAL, assumed: Iterable[Definition] = ()) -> Asked:
    """The question of a step. Raises Unreadable or Beyond where a side has no meaning under this reading."""
    reader = Reader(context.conventions_at(step.position), reading)
    left, right = reader.read(step.left), reader.read(step.right)
    relation = RELATIONS.get(step.sign.sign)
    if relation is None:
        raise Beyond(f"the relation {step.sign.sign} is not decided yet")
    setting, missing = settle(context, step, (left, right), reading, tuple(assumed))
    return Asked(Question(left, relation, right, setting), tuple(reader.notes), missing)


def settle(
    context: Context, step: Step, sides: tuple[Basic, ...], reading: Reading, assumed: tuple[Definition, ...] = ()
) -> tuple[Setting, tuple[str, ...]]:
    """The setting of a step: the definitions its sides lead to, directly or through one another, the conditions in
    force, and the kinds of its names."""
    available: dict[str, list[Written]] = {}
    for written in context.definitions_at(step.position, step.chain):
        available.setdefault(written.key, []).append(written)
    supplied = {definition.head.name: definition for definition in assumed}
    wanted = [name for side in sides for name in sorted(names_of(side))]
    chosen: dict[str, Definition] = {}
    missing: list[str] = []
    while wanted:
        _, key = wanted.pop(0)
        if key in chosen or key in missing:
            continue
        if key in supplied:
            chosen[key] = supplied[key]
        elif key in available:
            read = read_definition(context, available[key][-1], reading)
            if read is None:
                missing.append(key)
                continue
            chosen[key] = read
        else:
            continue
        wanted.extend(sorted(names_of(chosen[key].body)))
    everything = {name for side in sides for name in names_of(side)}
    everything |= {name for d in chosen.values() for name in names_of(d.body)}
    facts = tuple(_facts(context, step, reading, {key for _, key in everything}))
    survey = context.conventions_at(step.position).survey
    kinds: dict[str, Kind] = {}
    for role, key in sorted(everything):
        if key in context.kinds:
            kinds[key] = context.kinds[key]
        elif role == "index":
            kinds[key] = "integer"
    for letters in survey.free_index_letters.values():
        for letter in sorted(letters):
            kinds.setdefault(letter, "integer")
    return Setting(kinds, tuple(chosen.values()), facts), tuple(missing)


def read_definition(context: Context, written: Written, reading: Reading) -> Definition | None:
    """A written definition as mathematics, or None where it can't be read."""
    try:
        conventions = context.conventions_at(written.position)
        head = Reader(conventions, reading).read(written.head)
        body = Reader(conventions, reading).read(written.body)
    except Trouble:
        return None
    if not isinstance(head, Symbol | Entry | Call):
        return None
    places = head.indices if isinstance(head, Entry) else head.arguments if isinstance(head, Call) else ()
    parameters = tuple(dict.fromkeys(place for place in places if isinstance(place, Symbol)))
    line, _ = context.outline.document.source.line_column(written.head.span.start)
    return Definition(head, parameters, body, f"{to_unicode(written.head)}, line {line}")


def _facts(context: Context, step: Step, reading: Reading, keys: set[str]) -> Iterable[Fact]:
    for condition in context.conditions_at(step.position):
        reader = Reader(context.conventions_at(condition.position), reading)
        try:
            statement = reader.relation(condition.chain)
        except Trouble:
            continue
        if {key for _, key in names_of(statement)} <= keys | {""}:
            said = to_unicode(condition.chain)
            parts = statement.args if isinstance(statement, sp.And) else (statement,)
            for part in parts:
                if isinstance(part, Boolean) and part not in (sp.true, sp.false):
                    yield Fact(part, said)


def names_of(term: Basic) -> set[Name]:
    """The names in a term by role: symbols, families, functions, and symbols that only index."""
    found: set[Name] = set()
    indices: set[Basic] = set()
    for part in subterms(term):
        if isinstance(part, Entry):
            found.add(("family", part.name))
            indices.update(i for i in part.indices if isinstance(i, Symbol))
        elif isinstance(part, Call):
            found.add(("function", part.name))
    for symbol in term.free_symbols:
        if isinstance(symbol, Symbol) and not is_bound(symbol):
            found.add(("index" if symbol in indices else "symbol", symbol.name))
    return found


def free_indices(term: Basic) -> set[Symbol]:
    """Symbols that stand free in a term as the index of some family."""
    free = term.free_symbols
    return {
        index
        for part in subterms(term)
        if isinstance(part, Entry)
        for index in part.indices
        if isinstance(index, Symbol) and index in free and not is_bound(index)
    }


def groundless(question: Question) -> tuple[str, str] | None:
    """A derivative in the question whose body, with all definitions put in, does not contain what it is differentiated
    by: (name of the body, name of the variable); None where there is none."""
    for side in (question.left, question.right):
        for part in subterms(side):
            if isinstance(part, Partial) and not isinstance(part.body, Partial):
                reached = _reach(part.body, part.variable, question.setting.definitions)
                if not _holds(reached, part.variable):
                    return _spoken(part.body), _spoken(part.variable)
    return None


def _reach(body: Basic, variable: Basic, definitions: tuple[Definition, ...]) -> list[Basic]:
    """The body and the bodies of all definitions it leads to; a definition of the variable itself is not opened."""
    reached: list[Basic] = [body]
    by_name = {d.head.name: d for d in definitions}
    seen: set[str] = set()
    k = 0
    while k < len(reached):
        for _, key in sorted(names_of(reached[k])):
            if key in by_name and key not in seen and not (key == variable.name and reached[k] is not body):
                seen.add(key)
                reached.append(by_name[key].body)
        k += 1
    return reached


def _holds(terms: list[Basic], variable: Basic) -> bool:
    for term in terms:
        for part in subterms(term):
            if type(part) is type(variable) and part.name == variable.name:
                return True
    return False


def _spoken(term: Basic) -> str:
    return str(term.name) if isinstance(term, Symbol | Entry | Call) else "the expression"


def with_facts(asked: Asked, *facts: Fact) -> Asked:
    """The same question with more facts in its setting."""
    setting = asked.question.setting
    return replace(asked, question=replace(asked.question, setting=replace(setting, facts=setting.facts + facts)))


__all__ = ["Asked", "Node", "Str", "ask", "free_indices", "groundless", "names_of", "settle", "with_facts"]
