"""The core: the only place where a `Proof` is made. Search proposes lines; the core replays them, without search.

A line is a named rewrite or a procedure:

- a rewrite names a rule of the book and gives bindings; the core instantiates both sides of the rule, and demands that
  the left is the subterm at the place, the right what stands there afterwards, and that the rule's conditions are
  known there. A rule that states an inequality changes a side of an inequality, where the place is monotone;
- `rearrange` puts a subterm in another form: both must have the same normal form;
- `definition`, `derivative`, `given-equality` are functions of the side as a whole: the core computes them again and
  demands the same outcome;
- `normal-form`, `identical`, `sign` and `ratio` close a proof: both sides are compared.

A proof of an equation starts at the two sides of the question, changes one side at each line, and ends with a line
that compares them. (The pattern is HOL Light's `fusion.ml`: an abstract type of theorems with few constructors.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sympy import I, S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.function import Lambda
from sympy.core.relational import Eq
from sympy.core.symbol import Symbol
from sympy.logic.boolalg import Boolean

from derive.meaning.matrices import Gradient
from derive.meaning.objects import (
    Antiderivative,
    Call,
    Entry,
    IntegralOver,
    Partial,
    Range,
    occurs,
    rename,
    subterms,
)
from derive.meaning.question import Question, Setting
from derive.proving.calculus import carry_out
from derive.proving.comparing import Comparison, compare
from derive.proving.conditions import Standing, standing, standing_kind
from derive.proving.definedness import defined_together
from derive.proving.drawing import with_laws
from derive.proving.implying import DoesNotFollow, Implication, conclusion_as_question
from derive.proving.integration import evaluate, integration_variable, is_smooth_function, undo
from derive.proving.monotone import direction_at
from derive.proving.multiplied import multiplied
from derive.proving.ordering import Order, decide_order, decide_ratio
from derive.proving.places import NoSuchPlace, replace_at, setting_at
from derive.proving.proof import Line
from derive.proving.rule import NotAnInstance, Rule, instantiate, is_infinite
from derive.proving.unfolding import unfold

Method = Literal["identical", "normal-form", "rules"]
Check = Callable[[Question, bool], bool]  # whether a second route objects; True for what was compared by normal form
ORDERS: tuple[Order, ...] = ("<", "≤", ">", "≥", "≠")
_SEAL = object()


class Refused(Exception):
    """A proposed line does not follow."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the core accepted. Made by `replay` alone."""

    question: Question
    lines: tuple[Line, ...]
    method: Method
    _rules: tuple[str, ...]
    _assumptions: tuple[Boolean | str, ...]
    _seal: object = field(repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        if self._seal is not _SEAL:
            raise TypeError("a proof is made by the core alone")

    def rules(self) -> tuple[str, ...]:
        """The names of rules and procedures, each once, in order of use."""
        return self._rules

    def assumptions(self) -> tuple[Boolean | str, ...]:
        """The conditions under which the step holds, beyond the facts of the document, and the facts that were used."""
        return self._assumptions

    def explanation(self) -> str:
        """The proof in words, from the lines that were replayed."""
        if self.method == "identical":
            return "both sides are the same"
        return "; ".join(name.replace("-", " ") for name in self._rules)


def replay(
    question: Question,
    lines: tuple[Line, ...],
    book: Mapping[str, Rule] | None = None,
    objects: Check | None = None,
) -> Proof:
    """The proof that the lines are, or `Refused` (or `Stuck` where a procedure gives up). `objects` is a second,
    independent route: it is shown the question as it was asked, and every comparison by normal form, and may object."""
    if question.relation not in ("=", "∝", "⇒", *ORDERS):
        raise Refused("this relation is not replayed")
    if not lines:
        raise Refused("a proof has at least one line")
    if question.relation == "⇒":
        return _replay_implication(question, lines, book, objects)
    defined_together(question.left, question.right, question.setting)
    state = _Replay(question, book or {}, objects)
    for line in lines[:-1]:
        state.change(line)
    method = state.close(lines[-1])
    if objects is not None and objects(question, False):
        raise Refused("a model contradicts it")
    if any(line.rule in state.book for line in lines):
        method = "rules"
    return Proof(question, lines, method, tuple(state.rules), tuple(state.assumptions), _SEAL)


def _replay_implication(
    question: Question, lines: tuple[Line, ...], book: Mapping[str, Rule] | None, objects: Check | None
) -> Proof:
    """Lines that combine the premises to the conclusion, or lines that prove it with the premises among the facts."""

    def object_to(left: Expr, right: Expr, setting: Setting) -> bool:
        return objects is not None and objects(Question(left, "=", right, setting), True)

    try:
        state = Implication(question, object_to)
        if lines[-1].rule == "multiplied" and len(lines) == 1:
            return _replay_multiplied(question, lines, objects)
        if lines[-1].rule != "combination":
            conclusion = conclusion_as_question(question)
            if conclusion is None:
                raise Refused("the conclusion is more than one relation")
            inner = replay(conclusion, lines, book, objects)
            return Proof(question, lines, inner.method, inner.rules(), inner.assumptions(), _SEAL)
        for line in lines:
            state.replay(line)
        implied = state.result()
    except DoesNotFollow as wrong:
        raise Refused(str(wrong)) from None
    if objects is not None and objects(question, False):
        raise Refused("a model contradicts it")
    method: Method = "normal-form" if {line.rule for line in lines} == {"combination"} else "rules"
    return Proof(question, lines, method, implied.rules, implied.assumptions, _SEAL)


def _replay_multiplied(question: Question, lines: tuple[Line, ...], objects: Check | None) -> Proof:
    """An equation between matrices that is a multiple of the one before."""
    line = lines[0]
    if (line.before, line.after) != (question.left, question.right):
        raise Refused("the line is not about this equation and the one before")
    found = multiplied(question.left, question.right, question.setting, dict(line.bindings))
    if not found.equal:
        raise Refused("it is no such multiple of the equation before")
    rules = (*found.used, "multiplied")
    return Proof(question, lines, "normal-form", rules, found.assumptions, _SEAL)


class _Replay:
    def __init__(self, question: Question, book: Mapping[str, Rule], objects: Check | None) -> None:
        self.book = book
        self._question = question
        self._setting = question.setting
        self._sides: dict[str, Basic] = {"left": question.left, "right": question.right}
        self._objects = objects
        self.rules: dict[str, None] = {}
        self.assumptions: dict[Boolean | str, None] = {}

    def _note(self, rules: tuple[str, ...], assumptions: tuple[Boolean | str, ...] = ()) -> None:
        self.rules.update(dict.fromkeys(rules))
        self.assumptions.update(dict.fromkeys(assumptions))

    def change(self, line: Line) -> None:
        """Apply a line that changes one side."""
        if line.side not in ("left", "right"):
            raise Refused("a rewrite changes one side")
        side = self._sides[line.side]
        if line.rule in self.book:
            self._sides[line.side] = self._rewritten(side, line)
            return
        if line.rule in ("rearrange", "integral"):
            change = self._rearranged if line.rule == "rearrange" else self._integrated
            self._sides[line.side] = change(side, line)
            return
        if line.place or line.before != side:
            raise Refused("the line does not start from the side as it stands")
        if line.rule == "definition":
            heads = [str(value) for name, value in line.bindings if name == "name"]
            after = unfold(side, self._setting, heads)
            rules: tuple[str, ...] = ("definition",)
            assumptions: tuple[Boolean | str, ...] = ()
        elif line.rule == "derivative":
            carried = carry_out(side, self._setting)
            if carried.vanishes:
                raise Refused("a derivative is taken of what its variable does not stand in")
            after, rules, assumptions = carried.value, carried.rules, carried.assumptions
        elif line.rule == "law-of-a-variable":
            after, assumptions = with_laws(side, self._setting)
            rules = ("law-of-a-variable",)
        elif line.rule == "given-equality":
            after, used = substitute_equal(side, self._setting)
            rules, assumptions = ("given-equality",), used
        else:
            raise Refused(f"{line.rule} is neither a rule of the book nor a procedure")
        if after != line.after:
            raise Refused(f"{line.rule} gives something else")
        self._sides[line.side] = after
        self._note(rules, assumptions)

    def close(self, line: Line) -> Method:
        """Compare the sides."""
        left, right = self._sides["left"], self._sides["right"]
        if line.side != "both" or line.place or (line.before, line.after) != (left, right):
            raise Refused("the last line does not compare the sides as they stand")
        relation = self._question.relation
        if relation in ORDERS and line.rule == "sign":
            found = decide_order(left, relation, right, self._setting)
            return self._closed("sign", found)
        if relation == "∝" and line.rule == "ratio":
            return self._closed("ratio", decide_ratio(left, right, self._question.variables, self._setting))
        if relation not in ("=", "≤", "≥", "∝"):
            raise Refused("the last line decides another relation")
        if line.rule == "identical":
            if left != right:
                raise Refused("the sides are not the same")
            self._note(("identical",))
            return "identical" if len(self.rules) == 1 else "normal-form"
        if line.rule == "antiderivative":
            variable = integration_variable(left, right)
            if variable is None:
                raise Refused("there is no indefinite integral of one variable")
            found = compare(undo(left, variable, self._setting), undo(right, variable, self._setting), self._setting)
            return self._closed("antiderivative", found)
        if line.rule != "normal-form":
            raise Refused("the last line compares the sides")
        closed = ("closed", S.true) in line.bindings
        found = compare(left, right, self._setting, closed)
        if found.equal:
            self._second_look(left, right, self._setting)
        return self._closed("normal-form", found)

    def _second_look(self, left: Expr, right: Expr, setting: Setting) -> None:
        if self._objects is not None and self._objects(Question(left, "=", right, setting), True):
            raise Refused("a second way of evaluating contradicts it")

    def _closed(self, procedure: str, found: Comparison) -> Method:
        if not found.equal:
            raise Refused(f"{procedure} does not decide this")
        self._note((*found.used, procedure), found.assumptions)
        return "normal-form"

    # ------------------------------------------------------------------ named rewrites

    def _rewritten(self, side: Basic, line: Line) -> Basic:
        rule = self.book[line.rule]
        bindings = dict(line.bindings)
        if set(bindings) != set(rule.variables):
            raise Refused("the bindings are not those of the rule")
        if any(is_infinite(value) for value in bindings.values()):
            raise Refused("a number of the rule would be infinite")
        if any(self._may_be_complex(bindings[name]) for name in set(bindings) - rule.complex_variables):
            raise Refused("the rule is one about real numbers")
        if rule.relation != "=":
            self._orders(rule, side, line)
        try:
            if instantiate(rule.left, bindings) != line.before or instantiate(rule.right, bindings) != line.after:
                raise Refused("the rule says something else with these bindings")
            here = setting_at(side, line.place, self._setting)
            for condition in rule.conditions:
                self._demand(standing(instantiate(condition, bindings), here))
            for name, kind in rule.kinds:
                self._demand(standing_kind(_expression(bindings[name]), kind, here))
            if not all(self._is_smooth(rule, name, bindings[name], line.before, here) for name in rule.smooth):
                raise Refused("a function of the rule is not known to be continuous where it is used")
            for assumed in rule.assumes:
                made = instantiate(assumed, bindings)
                self._list(made, standing(made, here))
            for name, kind in rule.assumed_kinds:
                term = _expression(bindings[name])
                self._list(f"{term} is {_ARTICLE.get(kind, kind)}", standing_kind(term, kind, here))
            result = replace_at(side, line.place, line.before, line.after)
        except (NotAnInstance, NoSuchPlace) as wrong:
            raise Refused(str(wrong)) from None
        self._note((line.rule,))
        return result

    def _is_smooth(self, rule: Rule, name: str, function: Basic, before: Basic, here: Setting) -> bool:
        """Whether a function of a rule about an integral is smooth: over the range, where the rule takes it at the
        variable of the integral alone, else everywhere."""
        if not isinstance(function, Lambda) or not isinstance(rule.left, IntegralOver):
            return False
        if not isinstance(before, IntegralOver) or not isinstance(before.domain, Range):
            return False
        calls = [part for part in subterms(rule.left) if isinstance(part, Call) and part.name == name]
        inside = all(call.arguments == (rule.left.variable,) for call in calls)
        return is_smooth_function(function, before.domain if inside else Range(-S.Infinity, S.Infinity), here)

    def _exchanged(self, side: Basic, line: Line) -> tuple[Basic, Setting]:
        """The side with the line's subterm exchanged at its place, and the setting there."""
        try:
            result = replace_at(side, line.place, line.before, line.after)
            return result, setting_at(side, line.place, self._setting)
        except NoSuchPlace as wrong:
            raise Refused(str(wrong)) from None

    def _rearranged(self, side: Basic, line: Line) -> Basic:
        """A subterm in another form with the same normal form; no condition may be needed that it did not have."""
        result, here = self._exchanged(side, line)
        found = compare(_expression(line.before), _expression(line.after), here)
        if not found.equal or any(_speaks_of_bound(assumption) for assumption in found.assumptions):
            raise Refused("the two forms are not the same")
        self._second_look(_expression(line.before), _expression(line.after), here)
        self._note(found.used, found.assumptions)
        return result

    def _integrated(self, side: Basic, line: Line) -> Basic:
        """A definite integral evaluated through an antiderivative, which is differentiated back."""
        result, here = self._exchanged(side, line)
        antiderivative = dict(line.bindings).get("antiderivative")
        if antiderivative is None:
            raise Refused("no antiderivative is given")
        value, assumptions = evaluate(line.before, antiderivative, here)
        if value != line.after or any(_speaks_of_bound(assumption) for assumption in assumptions):
            raise Refused("the integral has another value")
        self._note(("fundamental-theorem",), assumptions)
        return result

    def _orders(self, rule: Rule, side: Basic, line: Line) -> None:
        """A rule that states an inequality makes the left side larger or the right side smaller (or the other way
        round, as the relation of the question demands), seen from the root."""
        upward = {"<": 1, "≤": 1, ">": -1, "≥": -1}
        wanted = upward.get(self._question.relation)
        stated = upward.get(rule.relation)
        if wanted is None or stated is None:
            raise Refused("an inequality proves inequalities")
        try:
            context = direction_at(side, line.place, self._setting)
        except NoSuchPlace as wrong:
            raise Refused(str(wrong)) from None
        if context * stated != (wanted if line.side == "left" else -wanted):
            raise Refused("the inequality does not lead this way at this place")

    def _may_be_complex(self, value: Basic) -> bool:
        """Whether a number that is not real may come out of a term."""
        kinds = self._setting.kinds
        return any(
            part is I or (isinstance(part, (Symbol, Entry, Call)) and kinds.get(part.name) == "complex")
            for part in subterms(value)
        )

    def _demand(self, found: Standing) -> None:
        if found != "known":
            raise Refused("a condition of the rule is not known")

    def _list(self, condition: Basic | str, found: Standing) -> None:
        """A condition that a rule assumes: known, or listed."""
        if found == "known":
            return
        if found == "false":
            raise Refused("a condition of the rule fails")
        if not isinstance(condition, (Boolean, str)):
            raise Refused("a condition is not one")
        if _speaks_of_bound(condition):
            raise Refused("a condition speaks of a bound variable")
        self.assumptions.setdefault(condition)


_ARTICLE = {"integer": "an integer", "natural": "a natural number"}


def _expression(term: Basic) -> Expr:
    if not isinstance(term, Expr):
        raise Refused("a variable of the rule is bound to something else")
    return term


def _speaks_of_bound(condition: Basic | str) -> bool:
    """Whether a condition speaks of a variable that is bound where it is needed."""
    if isinstance(condition, str):
        return any(mark in condition for mark in "⋄·†‡")
    return any(s.name[0] in "⋄·†‡" for s in condition.free_symbols if isinstance(s, Symbol))


def substitute_equal(term: Basic, setting: Setting) -> tuple[Basic, tuple[Boolean | str, ...]]:
    """The term with a symbol replaced by what a fact says it equals (`i = j`), for each such fact; and those facts."""
    used: list[Boolean | str] = []
    if any(isinstance(part, (Partial, Gradient, Antiderivative)) for part in subterms(term)):
        return term, ()  # equal at a point is not equal around it
    for fact in setting.facts:
        statement = fact.statement
        if not isinstance(statement, Eq):
            continue
        left, right = statement.lhs, statement.rhs
        if not isinstance(left, Symbol):
            left, right = right, left
        if isinstance(left, Symbol) and not occurs(left, right) and occurs(left, term):
            term = rename(term, left, right)
            used.append(statement)
    return term, tuple(used)
