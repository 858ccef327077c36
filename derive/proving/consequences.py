"""Lines that may lead from premises to a conclusion, cheapest first; the core replays them (`implying`).

Tried are: one certificate by division or elimination; a function on both sides; an equation solved for the term that
holds the unknown, then the function that takes it out; a name replaced by what it equals; then all of this again with
derivatives carried out and definitions put in; last, the conclusion on its own with the premises among the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sympy import Add, Integer, Mul, Rational, S, fraction
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.power import Pow
from sympy.core.relational import Eq, Ne, Relational
from sympy.core.symbol import Str, Symbol
from sympy.functions import Abs, acos, asin, atan, exp, log

from derive.meaning.objects import Call, Entry, occurs, subterms
from derive.meaning.question import Question
from derive.proving.both_sides import POWER, NotApplicable, on_both_sides
from derive.proving.elimination import Elimination, Row
from derive.proving.giveup import GaveUp, Stuck
from derive.proving.ground import Ground, sides_of
from derive.proving.implying import (
    ORDERS,
    DoesNotFollow,
    carried_out,
    conclusion_as_question,
    conjuncts,
    difference,
    grounds,
    is_equation,
    known_at_first,
    on_sides,
    substituted,
)
from derive.proving.multiplied import multiples
from derive.proving.normal.ring import Fraction
from derive.proving.proof import Line
from derive.proving.unfolding import defined_names, names_in, unfold

MOST_POWER = 3
MOST_ISOLATED = 6
MOST_EXPONENTS = 6
MOST_SCALES = 4
Lines = tuple[Line, ...]


@dataclass(frozen=True)
class _State:
    """What is known after some lines, and the conclusion as it then stands."""

    lines: Lines
    known: tuple[Basic, ...]
    goal: Basic

    def knowing(self, *lines: Line) -> _State:
        """The state after lines that add to what is known."""
        return replace(self, lines=(*self.lines, *lines), known=(*self.known, *(line.after for line in lines)))


def implications(question: Question, prove: Callable[[Question], object]) -> Iterator[Lines]:
    """Proposals for a question whose relation is `⇒`. `prove` answers questions about single relations with something
    that has `lines`, or with GaveUp."""
    goals = conjuncts(question.right)
    if len(goals) == 1:
        yield from multiples(question)
        search = _Search(question)
        yield from search.proposals()
        inner = conclusion_as_question(question)
        if inner is not None:
            found = prove(inner)
            if not isinstance(found, GaveUp):
                yield found.lines  # type: ignore[attr-defined]
        return
    gathered: list[Line] = []
    for goal in goals:
        found = prove(replace(question, right=goal))
        if isinstance(found, GaveUp) or found.lines[-1].rule != "combination":  # type: ignore[attr-defined]
            return
        # what a line starts from is the whole premise, whichever part of the conclusion it is for
        gathered += found.lines  # type: ignore[attr-defined]
    yield tuple(gathered)


class _Search:
    def __init__(self, question: Question) -> None:
        self._question = question
        self._setting = question.setting
        self._ground, _ = grounds(question)

    def proposals(self) -> Iterator[Lines]:
        seen: set[tuple[Basic, ...]] = set()
        for state in self._starts():
            key = (*state.known, state.goal)
            if key in seen:
                continue
            seen.add(key)
            yield from self._from(state)

    def _starts(self) -> Iterator[_State]:
        """The question as it stands; with derivatives carried out; with definitions put in."""
        plain = _State((), known_at_first(self._question), self._question.right)
        yield plain
        for state in (plain, self._unfolded(plain)):
            try:
                yield state
                yield self._carried(state)
            except (DoesNotFollow, Stuck):
                continue

    def _carried(self, state: _State) -> _State:
        return self._exchanged(state, "derivative", (), lambda statement: carried_out(statement, self._setting)[0])

    def _unfolded(self, state: _State) -> _State:
        present: set[str] = set().union(*(names_in(s) for s in (*state.known, state.goal)))
        for definition in self._setting.definitions:
            present |= names_in(definition.body)
        heads = tuple(name for name in defined_names(self._setting) if name in present)
        bindings = tuple(("name", Str(name)) for name in heads)
        try:
            return self._exchanged(
                state,
                "definition",
                bindings,
                lambda statement: on_sides(statement, lambda side: unfold(side, self._setting, heads)),
            )
        except (DoesNotFollow, Stuck):
            return state

    def _exchanged(
        self, state: _State, rule: str, bindings: tuple[tuple[str, Basic], ...], change: Callable[[Basic], Basic]
    ) -> _State:
        """Each known statement and the conclusion in another form."""
        lines = [
            Line(rule, "left", statement, made, (), bindings)
            for statement in state.known
            if (made := change(statement)) != statement
        ]
        after = change(state.goal)
        result = state.knowing(*lines)
        if after != state.goal:
            line = Line(rule, "right", state.goal, after, (), bindings)
            result = replace(result, lines=(*result.lines, line), goal=after)
        return result

    # ------------------------------------------------------------------ from one state

    def _from(self, state: _State) -> Iterator[Lines]:
        certificates = list(self._closed(state))
        yield from filter(_is_plain, certificates)
        if not (is_equation(state.goal) or isinstance(state.goal, ORDERS)):
            yield from certificates
            return
        others = [lines for other in self._with_functions(state) for lines in self._closed(other)]
        yield from filter(_is_plain, others)
        yield from certificates
        yield from others
        for other in self._isolated(state):
            for after in self._with_functions(other, only_last=True):
                yield from self._closed(after)
        for other in self._replaced(state):
            yield from self._closed(other)

    def _closed(self, state: _State) -> Iterator[Lines]:
        """The state closed by a certificate, where one is found."""
        try:
            for used, power in self._ground.run(lambda: list(self._certificates(state))):
                yield _needed((*state.lines, self._combination("both", state.goal, used, power)))
        except (Stuck, RecursionError):
            return

    def _combination(self, side: str, after: Basic, used: list[tuple[Basic, Expr]], power: int = 1) -> Line:
        bindings: list[tuple[str, Basic]] = []
        for statement, cofactor in used:
            bindings += [("known", statement), ("times", cofactor)]
        if power != 1:
            bindings.append(("power", Integer(power)))
        if side == "left":
            return Line("combination", "left", self._question.left, after, (), tuple(bindings))
        return Line("combination", "both", self._question.left, after, (), tuple(bindings))

    # ------------------------------------------------------------------ certificates

    def _certificates(self, state: _State) -> Iterator[tuple[list[tuple[Basic, Expr]], int]]:
        if is_equation(state.goal):
            yield from self._of_equation(state)
        elif isinstance(state.goal, Relational):
            yield from self._of_order(state)

    def _of_equation(self, state: _State) -> Iterator[tuple[list[tuple[Basic, Expr]], int]]:
        ring = self._ground.normaliser.ring
        goal = self._ground.fraction(difference(state.goal))
        if goal.is_zero:
            yield [], 1
            return
        equations = [statement for statement in state.known if is_equation(statement)]
        values = [self._ground.fraction(difference(statement)) for statement in equations]
        for statement, value in zip(equations, values, strict=True):
            for power in range(1, MOST_POWER + 1) if not value.is_zero else ():
                ratio = ring.divide(ring.power(goal, power), value)
                if self._is_admissible(ratio):
                    yield [(statement, ring.expression(ratio))], power
                    return
        own = ring.generators(ring.lift(goal).num)
        for last in (own, ()):
            system = Elimination(self._ground, [difference(statement) for statement in equations], last)
            row = self._reduced(system, goal)
            if row is None:
                continue
            yield (
                [
                    (equations[number], ring.expression(ring.negate(cofactor)))
                    for number, cofactor in row.cofactors.items()
                    if not cofactor.is_zero
                ],
                1,
            )

    def _reduced(self, system: Elimination, goal: Fraction) -> Row | None:
        """The conclusion reduced to 0 by the system, with its cofactors; None where it is not."""
        ring = self._ground.normaliser.ring
        if system.contradictory:
            return None
        row = system.reduced(Row(goal, {}))
        for other in system.others if not row.value.is_zero else ():
            ratio = ring.divide(row.value, other.value)
            if self._is_admissible(ratio):
                cofactors = dict(row.cofactors)
                for number, cofactor in other.cofactors.items():
                    before = cofactors.get(number, ring.zero)
                    cofactors[number] = ring.subtract(before, ring.multiply(ratio, cofactor))
                row = Row(ring.zero, cofactors)
                break
        if row.value.is_zero and all(map(self._is_admissible, row.cofactors.values())):
            return row
        return None

    def _is_admissible(self, cofactor: Fraction) -> bool:
        return self._ground.admits(cofactor)

    def _of_order(self, state: _State) -> Iterator[tuple[list[tuple[Basic, Expr]], int]]:
        ring = self._ground.normaliser.ring
        goal = self._ground.fraction(difference(state.goal))
        choices: list[list[tuple[Basic, Expr]]] = []
        for statement in state.known:
            if not isinstance(statement, (Eq, Ne, *ORDERS)):
                continue
            value = self._ground.fraction(difference(statement))
            if value.is_zero:
                continue
            ratio = ring.divide(goal, value)
            scales = [ring.expression(ratio)] if self._is_admissible(ratio) else []
            scales += [scale for scale in _scales(self._ground, goal, value) if scale not in scales]
            choices.append([(statement, scale) for scale in scales])
        for options in choices:
            for one in options:
                yield [one], 1
        if isinstance(state.goal, Ne):
            return
        for place, options in enumerate(choices):
            for others in choices[:place]:
                for one in options:
                    for other in others:
                        yield [one, other], 1

    # ------------------------------------------------------------------ functions on both sides

    def _with_functions(self, state: _State, only_last: bool = False) -> Iterator[_State]:
        premises = conjuncts(self._question.left)
        known = state.known[-1:] if only_last else [s for s in state.known if s in premises] or state.known[:1]
        for statement in known:
            for rule, exponent in _functions_for(statement, state.goal):
                try:
                    made, _ = on_both_sides(rule, statement, exponent, self._ground)
                except (NotApplicable, Stuck):
                    continue
                bindings = () if exponent is None else (("exponent", exponent),)
                yield state.knowing(Line(rule, "left", statement, made, (), bindings))

    def _isolated(self, state: _State) -> Iterator[_State]:
        """An equation solved for a term that is a power, a function or a root."""
        for statement in conjuncts(self._question.left):
            if not isinstance(statement, Eq):
                continue
            try:
                solved = self._ground.run(lambda s=statement: list(self._solved(s)))  # type: ignore[misc]
            except (Stuck, RecursionError):
                continue
            for term, value, cofactor in solved[:MOST_ISOLATED]:
                equation = Eq(term, value, evaluate=False)
                if equation != statement:
                    yield state.knowing(self._combination("left", equation, [(statement, cofactor)]))

    def _solved(self, statement: Basic) -> Iterator[tuple[Expr, Expr, Expr]]:
        """Terms that an equation is linear in, what they equal, and the factor that shows it."""
        ring = self._ground.normaliser.ring
        value = ring.lift(self._ground.fraction(difference(statement)))
        for generator in ring.generators(value.num):
            degrees = {dict(exponents).get(generator, 0) for exponents, _ in ring.terms(value.num)} - {0}
            if len(degrees) != 1 or generator in ring.generators(value.den):
                continue
            (degree,) = degrees
            slope, rest = ring.zero, ring.zero
            for exponents, coefficient in ring.terms(value.num):
                others = tuple(pair for pair in exponents if pair[0] != generator)
                part = ring.fraction(ring.term(others, coefficient), ring.one.num)
                if len(others) == len(exponents):
                    rest = ring.add(rest, part)
                else:
                    slope = ring.add(slope, part)
            cofactor = ring.divide(ring.fraction(value.den, ring.one.num), slope)
            if self._is_admissible(cofactor):
                solution = ring.negate(ring.divide(rest, slope))
                shown = Pow(ring.shown[generator], Integer(degree))
                yield shown, ring.expression(solution), ring.expression(cofactor)

    # ------------------------------------------------------------------ names replaced

    def _replaced(self, state: _State) -> Iterator[_State]:
        """The conclusion with a name replaced by what an equation says it equals, where it stands deep inside."""
        for other in (state, *self._isolated(state)):
            for equation in other.known[-1:] if other is not state else other.known:
                if not isinstance(equation, Eq):
                    continue
                for name in equation.args:
                    if not isinstance(name, (Symbol, Entry, Call)) or not _stands_deep(name, other.goal):
                        continue
                    try:
                        after = substituted(other.goal, equation, name)
                    except (DoesNotFollow, Stuck):
                        continue
                    bindings = (("equation", equation), ("name", name))
                    line = Line("substitution", "right", other.goal, after, (), bindings)
                    yield replace(other, lines=(*other.lines, line), goal=after)


def _is_plain(lines: Lines) -> bool:
    """Whether a certificate does what people do: it divides or multiplies by a product, or adds equations up; not
    √x = y times √x + y, for which they say that both sides are squared."""
    cofactors = [value for name, value in lines[-1].bindings if name == "times"]
    return len(cofactors) != 1 or not fraction(cofactors[0])[0].is_Add


def _needed(lines: Lines) -> Lines:
    """The lines without those that add to what is known and are not used by a later one."""
    kept: list[Line] = []
    used: set[Basic] = set()
    for line in reversed(lines):
        if line.side != "left" or line.after in used:
            kept.append(line)
            used |= {line.before, *(value for _, value in line.bindings)}
    return tuple(reversed(kept))


def _stands_deep(name: Basic, statement: Basic) -> bool:
    """Whether a name stands where the normal form does not see it as a factor or term."""
    return any(
        not (part == name or part.is_Add or part.is_Mul or isinstance(part, Relational)) and occurs(name, part)
        for part in subterms(statement)
        if isinstance(part, Expr) and not (isinstance(part, Pow) and isinstance(part.exp, Integer))
    )


def _scales(ground: Ground, goal: Fraction, value: Fraction) -> list[Expr]:
    """Positive numbers that the coefficients of shared terms suggest as a multiple."""
    ring = ground.normaliser.ring
    goal, value = ring.lift(goal), ring.lift(value)
    if goal.den != value.den:
        return []
    mine = dict(ring.terms(value.num))
    found: list[Expr] = []
    for exponents, coefficient in ring.terms(goal.num):
        ratio = Rational(coefficient, mine[exponents]) if exponents and exponents in mine else S.Zero
        if ratio != 0 and ratio not in found:
            found.append(ratio)
    return found[:MOST_SCALES]


# ------------------------------------------------------------------------- which functions


def _functions_for(statement: Basic, goal: Basic) -> Iterator[tuple[str, Rational | None]]:
    """The functions that what stands in an equation and in the conclusion suggests."""
    here = [part for side in sides_of(statement) for part in subterms(side)]
    there = [part for side in sides_of(goal) for part in subterms(side)]
    powers = [part for part in here if isinstance(part, (Pow, exp))]
    if any(isinstance(part, log) for part in there) or any(not _has_number(part) for part in powers):
        yield "logarithm-of-both-sides", None
    if any(isinstance(part, log) for part in here) or any(isinstance(part, exp) for part in there):
        yield "exponential-of-both-sides", None
    for kind, rule in ((asin, "sine"), (acos, "cosine"), (atan, "tangent")):
        if any(isinstance(part, kind) for part in here):
            yield f"{rule}-of-both-sides", None
    exponents: dict[Rational, None] = {}
    for part in (p for side in sides_of(statement) for term in Add.make_args(side) for p in Mul.make_args(term)):
        if isinstance(part, Pow) and _has_number(part):
            exponents.setdefault(1 / part.exp)
    for part in (p for side in sides_of(goal) for term in Add.make_args(side) for p in Mul.make_args(term)):
        if isinstance(part, Pow) and _has_number(part):
            exponents.setdefault(part.exp)
    if isinstance(statement, ORDERS):
        exponents.setdefault(S.NegativeOne)
    if any(isinstance(part, Abs) for part in here):
        exponents.setdefault(Integer(2))
    for exponent in [e for e in exponents if e != 1 and e != 0][:MOST_EXPONENTS]:
        yield POWER, exponent


def _has_number(power: Basic) -> bool:
    return isinstance(power, Pow) and isinstance(power.exp, Rational)
