"""The question that a step asks, under one reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import sympy as sp
from sympy import S, Symbol
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.logic.boolalg import Boolean

from derive.deciding.conventional import mean_of
from derive.deciding.naming import closures, names_of, targets_of
from derive.meaning import prose
from derive.meaning.context import Context
from derive.meaning.definitions import MEANS, Written
from derive.meaning.distributions import Drawn, drawn_at, kinds_of
from derive.meaning.enumerations import has_dots, read_run
from derive.meaning.independence import independence_at
from derive.meaning.laws import Density, Expectation, Statistic, Variable
from derive.meaning.matrices import (
    COLUMN,
    ROW,
    Array,
    Determinant,
    Gradient,
    MatrixPower,
    Trace,
    Zero,
    clash,
    is_matrix,
    misread,
    related,
    transposed,
)
from derive.meaning.names import key_of
from derive.meaning.objects import Call, Entry, Opaque, Partial, ProductOver, Range, SumOver, subterms
from derive.meaning.outline import Parsed
from derive.meaning.printing import spoken, to_text
from derive.meaning.question import Definition, Fact, Kind, Question, Setting
from derive.meaning.reader import Reader
from derive.meaning.reading import LITERAL, Conventions, Reading
from derive.meaning.statement import RELATIONS
from derive.meaning.survey import names_in
from derive.meaning.traits import traits_at
from derive.meaning.trouble import Beyond, NeedsArrays, ShapeClash, Trouble
from derive.notation.tree import Binomial, Chain, List, Name, Node, Product
from derive.notation.unicode import to_unicode
from derive.notation.walk import walk
from derive.proving.giveup import Stuck, Undefined
from derive.proving.implying import conjuncts
from derive.proving.normal.normaliser import Normaliser
from derive.proving.normal.powers import Regrain
from derive.proving.unfolding import defined_names, unfold
from derive.steps.step import Step

MOST_EQUATIONS = 12
T = TypeVar("T")
MOST_INFERRED = 8  # rounds in which names turn out to be vectors or matrices
SQUARED = " (its square)"  # ends what is said of a definition that gives the square of its head


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
    try:
        return inferring(reading, lambda reading: _ask(context, step, reading, definitions, demanding=True))
    except Beyond:
        # without the definitions that ask for vectors and matrices where the step has none
        return inferring(reading, lambda reading: _ask(context, step, reading, definitions))


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
            if read is None and not _is_of_chance(target) and _may_be_about(context, written, target, reading):
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
    spoiled = {d.head.name for d in squares if not all(_only_squared(part, d.head.name) for part in parts)}
    chosen = [d for d in chosen if d.head.name not in spoiled]
    missing += sorted(spoiled)
    everything = {name for side in sides for name in names_of(side)}
    everything |= {name for d in chosen for name in names_of(d.body)}
    facts: tuple[Fact, ...] = ()
    while True:  # what holds of a name that only a fact speaks of bears on the step too
        found_facts = tuple(_facts(context, step, reading, {key for _, key in everything}))
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


def refuse_inverses(setting: Setting, sides: Iterable[Basic]) -> None:
    """Raises Beyond where a matrix is inverted that the document declares with different numbers of rows and columns
    (or where the determinant or trace of such a one is taken), or whose determinant is zero by its definition."""
    for part in (p for side in (*sides, *(d.body for d in setting.definitions)) for p in subterms(side)):
        if not isinstance(part, MatrixPower | Determinant | Trace):
            continue
        base = part.args[0]
        sizes = setting.sizes.get(base.key, ()) if isinstance(base, Array) else ()
        if len(sizes) == 2 and sizes[0] != sizes[1]:
            shown = " × ".join(map(to_text, sizes))
            raise Beyond(f"{spoken(base.key)} is {shown}, and such a matrix has no inverse or power")
        if isinstance(part, MatrixPower) and part.args[1].could_extract_minus_sign() and _is_singular(base, setting):
            raise Beyond(f"{to_text(base)} has no inverse: its determinant is zero")


def _is_singular(base: Expr, setting: Setting) -> bool:
    """Whether the determinant of a matrix is zero, with the definitions put in."""
    try:
        body = unfold(base, setting, defined_names(setting))
        return Normaliser(setting).normalise(Determinant(body)).is_zero
    except (Stuck, Undefined, Regrain, TypeError):
        return False


def _counts(terms: Iterable[Basic]) -> set[str]:
    """Families whose members end sums: `n_i` of `\\sum_{k=1}^{n_i}` are numbers of things."""
    binders = (part for term in terms for part in subterms(term) if isinstance(part, SumOver | ProductOver))
    ends = (domain.upper for binder in binders for domain in binder.args if isinstance(domain, Range))
    return {end.name for end in ends if isinstance(end, Entry)}


def refuse_parameters(setting: Setting, sides: Iterable[Basic]) -> None:
    """Raises Beyond where a defined function is differentiated at a name that its formula holds as a parameter:
    `f''(μ)` of `f(x) = (x - μ)^2` is the derivative by x at μ, and what is read is one by μ."""
    for part in (p for side in (*sides, *(d.body for d in setting.definitions)) for p in subterms(side)):
        if not isinstance(part, Partial) or not isinstance(part.variable, Symbol):
            continue
        called: Basic = part.body
        while isinstance(called, Partial):
            called = called.body
        if not isinstance(called, Call) or part.variable not in called.arguments:
            continue
        for definition in setting.definitions:
            own = definition.head.name == called.name and part.variable not in definition.parameters
            if own and part.variable in definition.body.free_symbols:
                raise Beyond(f"`{part.variable}` is a parameter of {called.name}, and what it is differentiated at")


def _may_be_about(context: Context, written: Written, target: Basic, reading: Reading) -> bool:
    """Whether a definition whose body is not read could say something of a target: its head can be put in its place."""
    try:
        head = Reader(context.conventions_at(written.position), reading).side(written.head)
    except Trouble:
        return True
    if not isinstance(head, Symbol | Entry | Call | Density | Expectation | Statistic):
        return True
    return _headed(head, S.Zero, "", written.alone).at(target) is not None


def _headed(
    head: Symbol | Entry | Call | Density | Expectation | Statistic, body: Expr, said: str, alone: bool
) -> Definition:
    """The definition of a head, with the letters among its arguments for parameters; without any where it speaks of
    itself alone."""
    places = head.indices if isinstance(head, Entry) else head.arguments if isinstance(head, Call) else ()
    if isinstance(head, Density):
        places = head.values
    parameters = tuple(dict.fromkeys(place for place in places if isinstance(place, Symbol) and _varies(place)))
    return Definition(head, () if alone else parameters, body, said)


def read_definition(
    context: Context, written: Written, reading: Reading, met: set[str] | None = None, demanding: bool = False
) -> Definition | None:
    """A written definition as mathematics, or None where it can't be read, or holds in a case only."""
    return None if written.conditional else read_body(context, written, written.body, reading, met, demanding)


def read_body(
    context: Context,
    written: Written,
    body_node: Node,
    reading: Reading,
    met: set[str] | None = None,
    demanding: bool = False,
) -> Definition | None:
    """The definition of a head by a body of its chain; the positive root of the body where the square of the head is
    written (it is used in even powers only). With `demanding`, NeedsArrays and ShapeClash are raised."""
    try:
        conventions = context.conventions_at(written.position)
        reader = Reader(conventions, reading)
        head, body = reader.side(written.head), reader.side(body_node)
        if is_matrix(head) != is_matrix(body) and body != 0:
            number, matrix = (body, head) if is_matrix(head) else (head, body)
            raise clash("a definition of a vector or matrix by a number", number, matrix.shape)
    except (NeedsArrays, ShapeClash):
        if demanding:
            raise
        return None
    except Trouble:
        return None
    if isinstance(head, Array):
        head, body = head.name, Zero() if body == 0 else body
    if not isinstance(head, Symbol | Entry | Call | Density | Expectation | Statistic):
        return None
    if met is not None:
        met |= reader.met
    line, _ = context.outline.document.source.line_column(written.head.span.start)
    said = f"{to_unicode(written.head)}, line {line}"
    if written.power == 2 and is_matrix(body):
        return None
    if written.power == 2:
        return _headed(head, sp.sqrt(body), said + SQUARED, written.alone)
    if written.solution:
        return replace(_headed(head, body, f"{said}, is the solution meant", written.alone), conventional=True)
    made = _headed(head, body, said, written.alone)
    if isinstance(head, Call) and written.chain.signs[0].sign != ":=":
        fixed = _at_a_place(conventions, head) - body.free_symbols
        made = replace(made, parameters=tuple(p for p in made.parameters if p not in fixed))
    return made


def _at_a_place(conventions: Conventions, head: Call) -> set[Basic]:
    """The letters among the arguments of a function in the place of which other calls of it have another letter: in
    `u(w, y) = f(y)`, beside `u(x, y)`, w is where u has that value."""
    found: set[Basic] = set()
    for body in conventions.usage(head.name).called:
        items = body.items if isinstance(body, List) else (body,)
        for argument, item in zip(head.arguments, items, strict=False):
            if isinstance(item, Name) and key_of(item) != getattr(argument, "name", None):
                found.add(argument)
    return found


def _only_squared(term: Basic, name: str) -> bool:
    """Whether a name stands in even powers only."""
    if isinstance(term, sp.Pow) and term.exp.is_Integer and term.exp % 2 == 0 and _is_named(term.base, name):
        return True
    return not _is_named(term, name) and all(_only_squared(part, name) for part in term.args)


def _is_named(term: Basic, name: str) -> bool:
    return isinstance(term, Symbol | Entry | Call | Density | Expectation | Statistic) and term.name == name


def _varies(place: Symbol) -> bool:
    """Whether a head's argument stands for any value: a letter does, a word (`area(circle)`) means itself."""
    letters = place.name.strip("\\")
    return len(letters) == 1 or place.name.startswith("\\")


def equations_in_scope(context: Context, step: Step, question: Question, reading: Reading = LITERAL) -> list[Fact]:
    """The equations stated before a step in its chapter that share a name with it: a counterexample must satisfy
    them."""
    names = {key for side in closures(question) for _, key in side}
    facts = [*_wholes(context, step, reading)]
    equations = context.equations_at(step.position, step.chain)[:MOST_EQUATIONS]
    if step.role == "link" and step.chain.signs[0].sign == "=" and step.right is not step.chain.operands[1]:
        # what the chain starts from may be given, and used further down: a/b = (a+b)/a = 1 + b/a
        opening = Chain(step.chain.span, step.chain.operands[:2], step.chain.signs[:1])
        equations.insert(0, (step.position, opening))
    for place, chain in equations:
        reader = Reader(context.conventions_at(step.position), reading)
        try:
            left, right = (reader.side(operand) for operand in chain.operands)
            statement = related(partial(sp.Eq, evaluate=False), left, right)
        except Trouble:
            continue
        shared = {key for side in (left, right) for role, key in names_of(side) if role != "index"} & names
        # what claims to hold for all values is checked on its own, and no premise: a derivative of something defined,
        # an equation whose sides are about the same things; of matrices that says which ones are meant (`P^2 = P`)
        claim = any(isinstance(part, Partial) for part in subterms(left)) or (
            set(targets_of(left)) == set(targets_of(right)) and not given_before(context, place) and not is_matrix(left)
        )
        if shared and left != right and not claim:
            facts.append(Fact(statement, to_unicode(chain)))
    return facts


def _wholes(context: Context, step: Step, reading: Reading) -> Iterator[Fact]:
    """What multinomial coefficients of the section up to a step say: the lower numbers add up to the upper one."""
    start = context.outline.section_of(step.position) + 1
    reader = Reader(context.conventions_at(step.position), reading)
    for part in context.outline.parts[start : step.position + 1]:
        for node in walk(part.passage) if isinstance(part, Parsed) else ():
            if not isinstance(node, Binomial) or not isinstance(node.lower, List):
                continue
            try:
                upper = reader.side(node.upper)
                if has_dots(node.lower.items):
                    run = read_run(reader, node.lower)
                    total: Expr = SumOver(run.body, run.index, Range(run.lower, run.upper))
                else:
                    total = sp.Add(*(reader.side(item) for item in node.lower.items))
            except Trouble:
                continue
            if upper != total:
                said = f"{to_unicode(node.lower)} add up to {to_unicode(node.upper)}"
                yield Fact(sp.Eq(total, upper, evaluate=False), said)


def given_before(context: Context, position: int) -> bool:
    """Whether the prose before a place sets up an equation: to be solved, assumed, satisfied."""
    return prose.GIVEN.search(context.lead_text(position)[-200:]) is not None


def _facts(context: Context, step: Step, reading: Reading, keys: set[str]) -> Iterable[Fact]:
    """The conditions in force that speak of these names; an index that a condition leaves free stands for all."""
    for condition in context.conditions_at(step.position):
        reader = Reader(context.conventions_at(condition.position), reading)
        try:
            statement = reader.relation(condition.chain)
        except Trouble:
            continue
        if {key for role, key in names_of(statement) if role != "index"} & keys:
            said = to_unicode(condition.chain)
            for part in conjuncts(statement):
                if isinstance(part, Boolean) and part not in (sp.true, sp.false):
                    yield Fact(part, said)


def unusable_conditions(context: Context, step: Step, question: Question, reading: Reading) -> Iterable[str]:
    """The conditions in force on names of a step that can't be put in its setting: what breaks the step may break
    them."""
    keys = {key for side in closures(question) for _, key in side}
    for condition in context.conditions_at(step.position):
        reader = Reader(context.conventions_at(condition.position), reading)
        try:
            reader.relation(condition.chain)
        except Trouble:
            if names_in(condition.chain) & keys:
                yield to_unicode(condition.chain)


def with_facts(asked: Asked, *facts: Fact) -> Asked:
    """The same question with more facts in its setting."""
    setting = asked.question.setting
    return replace(asked, question=replace(asked.question, setting=replace(setting, facts=setting.facts + facts)))
