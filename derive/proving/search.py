"""The search for named rewrites: rules of the book tried on what the normal form leaves over, within bounds.

States are pairs of sides with the lines that lead to them. Each round takes the most promising ones, applies every
rule that matches at every place, and asks whether the sides now agree. The order of trying is that of a key made of
the states themselves (how different the sides' heads are, how large they are, then their text), never that of the
rules in the book.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sympy import Integer, Pow, Rational, S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.functions import exp

from derive.meaning.objects import Binder, Call, Opaque, Partial, subterms
from derive.meaning.question import Question, Setting
from derive.proving.book import Book
from derive.proving.calculus import carry_out
from derive.proving.conditions import standing
from derive.proving.giveup import Stuck
from derive.proving.linear import spread_linear
from derive.proving.matching import Bindings, heads_in, match
from derive.proving.places import NoSuchPlace, places_in, replace_at, setting_at
from derive.proving.proof import Line
from derive.proving.rule import NotAnInstance, Rule, instantiate

MOST_ROUNDS = 3
MOST_STATES = 4  # that each round goes on from
MOST_MADE = 120
MOST_LOOKS = 300  # how often a rule is held against a place
MOST_TRIED = 24
MOST_MATCHES = 4  # of one rule at one place
MOST_SIZE = 250
MOST_DIGITS = 200
MOST_COUNT = 1000


@dataclass(frozen=True, slots=True)
class State:
    """Two sides and the lines that lead to them; `key` orders states."""

    left: Basic
    right: Basic
    lines: tuple[Line, ...]
    key: tuple[Any, ...] = field(compare=False, default=())


def rewritten(question: Question, start: tuple[Line, ...], left: Basic, right: Basic, book: Book) -> Iterator[State]:
    """The states that rules lead to from the given sides, in the order in which they should be closed."""
    if _is_heavy(left) or _is_heavy(right) or _is_out_of_reach(left, right):
        return
    rules = _by_head(_useful(book.candidates((left, right)), question))
    if not rules:
        return
    seen: set[tuple[Basic, Basic]] = {(left, right)}
    level = [_state(left, right, start)]
    for side, term in (("left", left), ("right", right)):
        spread = spread_linear(term)
        if spread != term:
            line = Line("rearrange", side, term, spread)  # type: ignore[arg-type]
            level.append(_state(*((spread, right) if side == "left" else (left, spread)), (*start, line)))
    if len(level) == 3:
        level.append(_state(level[1].left, level[2].right, (*level[1].lines, level[2].lines[-1])))
    tried = made = 0
    looks = Looks()
    for _ in range(MOST_ROUNDS):
        found: list[State] = []
        for state in level:
            for next_state in islice(_steps(state, rules, question.setting, looks), max(0, MOST_MADE - made)):
                made += 1
                pair = (next_state.left, next_state.right)
                if pair not in seen:
                    seen.add(pair)
                    found.append(next_state)
        found.sort(key=lambda state: state.key)
        for state in found:
            if tried >= MOST_TRIED:
                return
            tried += 1
            yield state
        level = found[:MOST_STATES]


def _useful(rules: tuple[Rule, ...], question: Question) -> tuple[Rule, ...]:
    """Equations everywhere, inequalities where one is asked."""
    order = question.relation in ("<", "≤", ">", "≥")
    return tuple(rule for rule in rules if rule.relation == "=" or (order and rule.relation in ("<", "≤", ">", "≥")))


Rules = dict[type, tuple[Rule, ...]]


def _by_head(rules: tuple[Rule, ...]) -> Rules:
    """The rules by the head of what they can be applied to."""
    found: dict[type, list[Rule]] = {}
    for rule in rules:
        head = type(rule.left)
        for kind in (Pow, exp) if head is Pow else (head,):
            found.setdefault(kind, []).append(rule)
    return {head: tuple(members) for head, members in found.items()}


def _is_out_of_reach(left: Basic, right: Basic) -> bool:
    """Whether no rule can make the sides equal: an abstract function or an uninterpreted term stands on one side only,
    or a symbol does where nothing binds that could make it vanish."""
    for here, there in ((left, right), (right, left)):
        parts = list(subterms(here))
        others = {_name(part) for part in subterms(there)}
        if any(isinstance(part, Call | Opaque) and _name(part) not in others for part in parts):
            return True
        if not any(isinstance(part, Binder | Partial) or part.is_Function for part in parts):
            if here.free_symbols - there.free_symbols:
                return True
    return False


def _name(part: Basic) -> str | None:
    return part.name if isinstance(part, Call) else part.kind if isinstance(part, Opaque) else None


@dataclass
class Looks:
    """How often a rule was held against a place, in one search."""

    count: int = 0


def _steps(state: State, rules: Rules, setting: Setting, looks: Looks) -> Iterator[State]:
    for side, term, other in (("left", state.left, state.right), ("right", state.right, state.left)):
        for found in places_in(term):
            if not found.term.args or not isinstance(found.term, Expr):
                continue
            for rule in rules.get(type(found.term), ()):
                if not heads_in(rule.left) <= heads_in(found.term):
                    continue
                looks.count += 1
                if looks.count > MOST_LOOKS:
                    return
                for lines, after in applications(rule, side, term, found.place, found.term, other, setting):
                    sides = (after, other) if side == "left" else (other, after)
                    if sum(1 for _ in subterms(after)) <= MOST_SIZE:
                        yield _state(*sides, (*state.lines, *lines))


def applications(
    rule: Rule, side: str, whole: Basic, place: tuple[int, ...], term: Basic, other: Basic, setting: Setting
) -> Iterator[tuple[tuple[Line, ...], Basic]]:
    """The lines that apply a rule at a place of a side, each with the side afterwards."""
    for count, bindings in enumerate(_bindings(rule, term, other)):
        if count >= MOST_MATCHES:
            return
        try:
            before, after = instantiate(rule.left, bindings), instantiate(rule.right, bindings)
            if before == after or not _admits(rule, bindings, whole, place, setting):
                continue
            lines: list[Line] = []
            result = whole
            try:
                result = replace_at(whole, place, before, after)
            except NoSuchPlace:
                lines.append(Line("rearrange", side, term, before, place))  # type: ignore[arg-type]
                result = replace_at(replace_at(whole, place, term, before), place, before, after)
            ordered = tuple(sorted(bindings.items()))
            lines.append(Line(rule.name, side, before, after, place, ordered))  # type: ignore[arg-type]
            if any(isinstance(part, Partial) for part in subterms(result)):
                carried = carry_out(result, setting)
                if carried.vanishes:
                    continue
                lines.append(Line("derivative", side, result, carried.value))  # type: ignore[arg-type]
                result = carried.value
            if result.has(S.NaN, S.ComplexInfinity):
                continue  # an instance whose right side has no value
            yield tuple(lines), result
        except (NotAnInstance, NoSuchPlace, Stuck):
            continue


def _admits(rule: Rule, bindings: Bindings, whole: Basic, place: tuple[int, ...], setting: Setting) -> bool:
    """Whether the conditions of a rule are known at a place. The core demands them; asked here, they keep a state that
    can't be had in this way from standing in the way of the same state reached in another."""
    if not rule.conditions and not rule.kinds and not rule.assumes:
        return True
    here = setting_at(whole, place, setting)
    known = all(standing(instantiate(condition, bindings), here) == "known" for condition in rule.conditions)
    return known and all(standing(instantiate(assumed, bindings), here) != "false" for assumed in rule.assumes)


def _bindings(rule: Rule, term: Basic, other: Basic) -> Iterator[Bindings]:
    """What a rule's variables stand for at a term; those that only its right side has are looked up on the other side
    of the question."""
    variables = frozenset(rule.variables)
    for found in match(rule.left, term, variables):
        if set(found) == variables:
            yield found
            continue
        for place in places_in(other):
            if isinstance(place.term, Expr) and (type(place.term) is type(rule.right) or rule.right.is_Add):
                for more in match(rule.right, place.term, variables, found):
                    if set(more) == variables:
                        yield more


def _state(left: Basic, right: Basic, lines: tuple[Line, ...]) -> State:
    here, there = _heads(left), _heads(right)
    apart = sum(((here - there) + (there - here)).values())
    size = sum(here.values()) + sum(there.values())
    return State(left, right, lines, (apart, size, len(lines), left.sort_key(), right.sort_key()))


def _heads(term: Basic) -> Counter[str]:
    """How often each head stands in a term that is no field arithmetic."""
    return Counter(
        type(part).__name__ for part in subterms(term)
        if isinstance(part, Expr) and part.args and not (part.is_Add or part.is_Mul or part.is_Pow)
    )  # fmt: skip


def _is_heavy(term: Basic) -> bool:
    """Whether numbers in a term are so large that rewriting could make SymPy compute without end: long ones, and those
    that count in exponents, factorials and the like."""
    for part in subterms(term):
        if isinstance(part, Rational) and max(int(part.p).bit_length(), int(part.q).bit_length()) > MOST_DIGITS:
            return True
        if part.args and (isinstance(part, Pow) or not (part.is_Add or part.is_Mul)):
            counts = part.args[1:] if isinstance(part, Pow) else part.args
            if any(isinstance(arg, Integer) and abs(int(arg)) > MOST_COUNT for arg in counts):
                return True
    return False
