"""The question that a step asks, under one reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import TypeVar

from sympy import Symbol
from sympy.core.basic import Basic
from sympy.core.expr import Expr

from derive.deciding.conventional import mean_of
from derive.deciding.defining import SQUARED, may_be_about, only_squared, read_definition
from derive.deciding.naming import names_of, targets_of
from derive.deciding.refusing import refuse_inverses, refuse_parameters
from derive.deciding.scope import facts_about, unusable_conditions
from derive.meaning.arrays import needed
from derive.meaning.context import Context
from derive.meaning.definitions import MEANS, Written
from derive.meaning.distributions import Drawn, drawn_at, kinds_of
from derive.meaning.independence import independence_at
from derive.meaning.laws import Density, Expectation, Statistic, Variable
from derive.meaning.linearity import calculates_with_lists
from derive.meaning.matrices import (
    COLUMN,
    ROW,
    Array,
    Gradient,
    Zero,
    clash,
    is_matrix,
    misread,
    transposed,
)
from derive.meaning.names import key_of, key_of_base
from derive.meaning.objects import Entry, Opaque, ProductOver, Range, SumOver, subterms
from derive.meaning.printing import spoken
from derive.meaning.question import Definition, Fact, Kind, Question, Setting
from derive.meaning.reader import Reader
from derive.meaning.reading import LITERAL, Reading
from derive.meaning.statement import RELATIONS
from derive.meaning.traits import traits_at
from derive.meaning.trouble import Beyond, NeedsArrays, ShapeClash, Trouble
from derive.notation.tree import Name, Node, Product, Script
from derive.notation.walk import walk
from derive.steps.step import Step

T = TypeVar("T")
MOST_INFERRED = 8  # rounds in which names turn out to be vectors or matrices


@dataclass(frozen=True)
class Asked:
    """A question with what its reading chose (`notes`) and what the setting could not hold (`missing`: names whose
    definition was not read, so that nothing about them can be refuted)."""

    question: Question
    notes: tuple[str, ...]
    missing: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()  # conditions on its names that were not understood
    met: frozenset[str] = frozenset()  # the choices of Reading that there were to make
    reading: Reading = LITERAL  # with what turned out on the way


def ask(context: Context, step: Step, reading: Reading = LITERAL, assumed: Iterable[Definition] = ()) -> Asked:
    """The question of a step. Raises Unreadable or Beyond where a side has no meaning under this reading."""
    definitions = tuple(assumed)
    if reading.restored:
        reading = replace(reading, apart=_with_and_without_index((step.left, step.right)))
    try:
        return inferring(reading, lambda reading: _ask(context, step, reading, definitions, demanding=True))
    except Beyond:
        # without the definitions that ask for vectors and matrices where the step has none
        return inferring(reading, lambda reading: _ask(context, step, reading, definitions))


def _with_and_without_index(sides: tuple[Node, ...]) -> frozenset[str]:
    """The names that stand with a subscript and without one in the same step."""
    bases: list[Node] = []
    indexed: set[str] = set()
    bare: set[str] = set()
    for part in (part for side in sides for part in walk(side)):
        if isinstance(part, Script) and part.sub is not None and (key := key_of_base(part.base)) is not None:
            indexed.add(key)
            bases.append(part.base)  # type: ignore[arg-type]
        elif isinstance(part, Name) and not any(part is base for base in bases):
            bare.add(key_of(part))
    return frozenset(indexed & bare)


def inferring(reading: Reading, attempt: Callable[[Reading], T]) -> T:
    """What an attempt gives under a reading, with what turns out on the way: that there are vectors and matrices, and
    which names are some."""
    for _ in range(MOST_INFERRED):
        try:
            return attempt(reading)
        except NeedsArrays:
            reading = replace(reading, arrays=True)
        except ShapeClash as clash:
            new = tuple(pair for pair in clash.inferred if pair not in reading.inferred)
            if not new or not reading.arrays:
                raise
            reading = replace(reading, inferred=(*reading.inferred, *new))
    raise Beyond("which of its names are vectors or matrices")


def _ask(
    context: Context, step: Step, reading: Reading, assumed: tuple[Definition, ...], demanding: bool = False
) -> Asked:
    reader = Reader(context.conventions_at(step.position), reading)
    left, right = reader.side(step.left), reader.side(step.right)
    if not (reading.arrays or reader.conventions.modular) and calculates_with_lists(left, right):
        raise needed("a list")
    if is_matrix(left) != is_matrix(right):
        if left != 0 and right != 0:
            number, matrix = (right, left) if is_matrix(left) else (left, right)
            reason = "a number on one side and a vector or matrix on the other"
            raise misread(reason, matrix) if matrix.shape[0] == 1 else clash(reason, number, matrix.shape)
        left, right = (Zero() if side == 0 else side for side in (left, right))
    if is_matrix(left) and is_matrix(right) and {left.shape, right.shape} == {ROW, COLUMN}:
        for first, other in ((left, right), (right, left)):
            if isinstance(first, Gradient) or (isinstance(first, Array) and isinstance(first.name, Opaque)):
                reader.note("derivatives by a vector are rows")
                left, right = transposed(first), other
                break
    relation = RELATIONS.get(step.sign.sign)
    if relation is None:
        raise Beyond(f"the relation {step.sign.sign} is not decided yet")
    setting, missing = settle(context, step, (left, right), reading, assumed, reader.met, demanding)
    refuse_parameters(setting, (left, right))
    refuse_inverses(setting, (left, right))
    question = Question(left, relation, right, setting, _varying(reader, step) if relation == "∝" else ())
    unusable = tuple(unusable_conditions(context, step, question, reading))
    return Asked(question, tuple(reader.notes), missing, unusable, frozenset(reader.met), reading)


def _varying(reader: Reader, step: Step) -> tuple[Symbol, ...]:
    """What the sides of `∝` are functions of: the values that the density at the beginning of the chain is taken at,
    as in `p(\\theta \\mid x) \\propto p(x \\mid \\theta) p(\\theta)`."""
    try:
        opening = reader.side(step.chain.operands[0])
    except Trouble:
        return ()
    if not isinstance(opening, Density):
        return ()
    values = tuple(slot.value for slot in opening.slots if isinstance(slot.value, Symbol))
    if values:
        reader.note(f"both sides are functions of {', '.join(spoken(value.name) for value in values)}")
    return values if len(values) == len(opening.slots) else ()


def settle(
    context: Context,
    step: Step,
    sides: tuple[Basic, ...],
    reading: Reading,
    assumed: tuple[Definition, ...] = (),
    met: set[str] | None = None,
    demanding: bool = False,
) -> tuple[Setting, tuple[str, ...]]:
    """The setting of a step: the definitions its sides lead to, directly or through one another, the conditions in
    force, and the kinds of its names. Adds to `met` the choices of reading that the definitions hold. `demanding`:
    raises NeedsArrays or ShapeClash where a definition holds vectors or matrices that the reading has not."""
    available = context.definitions_at(step.position, step.chain)
    chosen: list[Definition] = []
    missing: list[str] = []
    seen: set[Basic] = set()
    wanted: list[Basic] = [target for side in sides for target in targets_of(side)]
    while wanted:
        target = wanted.pop(0)
        if target in seen or any(definition.at(target) is not None for definition in chosen):
            continue
        seen.add(target)
        found = next((d for d in assumed if d.head.name == target.name and d.at(target) is not None), None)
        for written in _written_for(context, step, available, target) if found is None else ():
            read = read_definition(context, written, reading, met, demanding)
            if read is None and not _is_of_chance(target) and may_be_about(context, written, target, reading):
                missing.append(target.name)
                break
            if read is None or _is_of_its_own_law(read):
                continue
            if read.at(target) is not None:
                found = read
                break
        if found is None and target.name not in missing:
            found = mean_of(context, step.position, target)
        if found is not None:
            chosen.append(found)
            wanted.extend(targets_of(found.body))
    squares = [d for d in chosen if d.said.endswith(SQUARED)]
    parts = (*sides, *(d.body for d in chosen))
    spoiled = {d.head.name for d in squares if not all(only_squared(part, d.head.name) for part in parts)}
    chosen = [d for d in chosen if d.head.name not in spoiled]
    missing += sorted(spoiled)
    everything = {name for side in sides for name in names_of(side)}
    everything |= {name for d in chosen for name in names_of(d.body)}
    facts: tuple[Fact, ...] = ()
    while True:  # what holds of a name that only a fact speaks of bears on the step too
        found_facts = tuple(facts_about(context, step, reading, {key for _, key in everything}))
        everything |= {name for fact in found_facts for name in names_of(fact.statement)}
        if len(found_facts) == len(facts):
            break
        facts = found_facts
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
    for family in sorted(_counts((*sides, *(d.body for d in chosen)))):
        kinds[family] = "natural" if kinds.get(family, "integer") == "integer" else kinds[family]
    chances = context.conventions_at(step.position).chances
    traits: Mapping[str, frozenset[str]] = {}
    sizes: Mapping[str, tuple[Expr, ...]] = {}
    if reading.arrays:
        names = {key for _, key in everything}
        traits = traits_at(context, step.position, names, parts)
        sizes = _sizes(context, step, names)
    spoken_of = (*sides, *(d.body for d in chosen))
    drawn: tuple[Drawn, ...] = ()
    if any(_is_of_chance(part) for side in spoken_of for part in subterms(side)):
        drawn = drawn_at(context.outline, Reader(context.conventions_at(step.position), reading), step.position)
        kinds = {**kinds_of(drawn), **kinds}
    independent = independence_at(context.outline, context.independences, step.position)
    setting = Setting(kinds, tuple(chosen), facts, chances, traits, sizes, independent, drawn)
    return setting, tuple(dict.fromkeys(missing))


def _is_of_chance(target: Basic) -> bool:
    return isinstance(target, Density | Expectation | Statistic)


def _is_of_its_own_law(definition: Definition) -> bool:
    """Whether a definition of a density or a mean speaks of the law of the same variables: that defines nothing."""
    head = definition.head
    if not isinstance(head, Density | Expectation | Statistic):
        return False
    body = definition.body
    if isinstance(head, Density):
        own = {part for part in subterms(head) if isinstance(part, Variable)}
        laws = {part.law for part in subterms(body) if isinstance(part, Density)}
        return head.law in laws and bool(own & {part for part in subterms(body) if isinstance(part, Variable)})
    return any(_is_of_chance(part) for part in subterms(body))


def _written_for(context: Context, step: Step, available: dict[str, list[Written]], target: Basic) -> list[Written]:
    """The definitions that may be of a target: those of its name; of a density, those of any law in the section, of a
    mean, those of means in the section (a variable may follow another law in another one)."""
    if not _is_of_chance(target):
        return available.get(target.name, [])
    if isinstance(target, Density):
        found = [written for key in available for written in available[key] if isinstance(written.head, Product)]
    else:
        found = available.get(MEANS, [])
    section = context.outline.section_of(step.position)
    return [written for written in found if context.outline.section_of(written.position) == section]


def _sizes(context: Context, step: Step, names: Set[str]) -> dict[str, tuple[Expr, ...]]:
    """The numbers of rows and columns that the document gives to these names."""
    reader = Reader(context.conventions_at(step.position))
    found: dict[str, tuple[Expr, ...]] = {}
    for key in sorted(names & context.sizes.keys()):
        try:
            found[key] = tuple(reader.read(node) for node in context.sizes[key])
        except Trouble:
            continue
    return found


def _counts(terms: Iterable[Basic]) -> set[str]:
    """Families whose members end sums: `n_i` of `\\sum_{k=1}^{n_i}` are numbers of things."""
    binders = (part for term in terms for part in subterms(term) if isinstance(part, SumOver | ProductOver))
    ends = (domain.upper for binder in binders for domain in binder.args if isinstance(domain, Range))
    return {end.name for end in ends if isinstance(end, Entry)}


def with_facts(asked: Asked, *facts: Fact) -> Asked:
    """The same question with more facts in its setting."""
    setting = asked.question.setting
    return replace(asked, question=replace(asked.question, setting=replace(setting, facts=setting.facts + facts)))
