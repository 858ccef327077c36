"""The core: the only place where a `Proof` is made. Search proposes lines; the core replays them, without search.

A line is a named rewrite or a procedure:

- a rewrite names a rule of the book and gives bindings; the core instantiates both sides of the rule, and demands that
  the left is the subterm at the place, and the right what stands there afterwards;
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

from sympy import S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.function import Lambda
from sympy.core.relational import Eq
from sympy.core.symbol import Symbol
from sympy.logic.boolalg import Boolean

from derive.meaning.objects import Antiderivative, Binder, Call, Partial, occurs, rename, subterms
from derive.meaning.question import Question, Setting
from derive.proving.calculus import carry_out
from derive.proving.comparing import Comparison, compare
from derive.proving.integration import evaluate, integration_variable, undo
from derive.proving.ordering import Order, decide_order, decide_ratio
from derive.proving.unfolding import opened_symbol, rewrite, unfold

Side = Literal["left", "right", "both"]
Method = Literal["identical", "normal-form", "rules"]
Check = Callable[[Expr, Expr, Setting], bool]
ORDERS: tuple[Order, ...] = ("<", "≤", ">", "≥", "≠")
_SEAL = object()


class Refused(Exception):
    """A proposed line does not follow."""


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a proof: what is applied, to which side, where (argument positions from the root; a binder on the
    way is opened with the symbol of its level), with which bindings, and the side's subterm before and after."""

    rule: str
    side: Side
    before: Basic
    after: Basic
    place: tuple[int, ...] = ()
    bindings: tuple[tuple[str, Basic], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """The statement of a rule: `left = right` whose free symbols and abstract functions are open to be bound, as far
    as `variables` names them; `conditions` must hold of the bindings."""

    name: str
    left: Expr
    right: Expr
    variables: tuple[str, ...]
    conditions: tuple[Boolean, ...] = ()


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
    check: Check | None = None,
) -> Proof:
    """The proof that the lines are, or `Refused` (or `Stuck` where a procedure gives up). `check` is a second,
    independent route that may object to a comparison."""
    if question.relation not in ("=", "∝", *ORDERS):
        raise Refused("this relation is not replayed")
    if not lines:
        raise Refused("a proof has at least one line")
    state = _Replay(question, book or {}, check)
    for line in lines[:-1]:
        state.change(line)
    method = state.close(lines[-1])
    if any(line.rule in state.book for line in lines):
        method = "rules"
    return Proof(question, lines, method, tuple(state.rules), tuple(state.assumptions), _SEAL)


class _Replay:
    def __init__(self, question: Question, book: Mapping[str, Rule], check: Check | None) -> None:
        self.book = book
        self._question = question
        self._setting = question.setting
        self._sides: dict[str, Basic] = {"left": question.left, "right": question.right}
        self._check = check
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
        elif line.rule == "integral":
            pairs = dict(line.bindings)
            after = evaluate(side, pairs["integral"], pairs["antiderivative"], self._setting)
            rules, assumptions = ("fundamental-theorem",), ()
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
        if found.equal and self._check is not None and not self._check(left, right, self._setting):
            raise Refused("the second check objects")
        return self._closed("normal-form", found)

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
        if instantiate(rule.left, bindings) != line.before or instantiate(rule.right, bindings) != line.after:
            raise Refused("the rule says something else with these bindings")
        for condition in rule.conditions:
            self._hold(instantiate(condition, bindings))
        result = replace_at(side, line.place, line.before, line.after)
        self._note((line.rule,))
        return result

    def _hold(self, condition: Basic) -> None:
        """A condition of a rule: decided, or stated in the setting, else listed among the assumptions."""
        if condition == S.true or condition in {fact.statement for fact in self._setting.facts}:
            return
        if condition == S.false:
            raise Refused("a condition of the rule fails")
        if any(s.name[0] in "⋄·†‡" for s in condition.free_symbols if isinstance(s, Symbol)):
            raise Refused("a condition speaks of a bound variable")
        if not isinstance(condition, Boolean):
            raise Refused("a condition is not one")
        self.assumptions.setdefault(condition)


def instantiate(term: Basic, bindings: Mapping[str, Basic]) -> Basic:
    """The statement of a rule with its variables replaced at once: symbols by terms, calls by the bodies of Lambdas."""

    def change(part: Basic) -> Basic | None:
        if isinstance(part, Symbol) and part.name in bindings:
            value = bindings[part.name]
            return None if isinstance(value, Lambda) else value
        if isinstance(part, Call) and part.name in bindings and not any(part.orders):
            function = bindings[part.name]
            if not isinstance(function, Lambda) or len(function.variables) != len(part.arguments):
                raise Refused("a function of the rule is bound to something else")
            body = function.expr
            arguments = [instantiate(argument, bindings) for argument in part.arguments]
            interim = [Symbol(f"⋄argument{k}") for k in range(len(arguments))]
            for variable, stand_in in zip(function.variables, interim, strict=True):
                body = rename(body, variable, stand_in)
            for stand_in, argument in zip(interim, arguments, strict=True):
                body = rename(body, stand_in, argument)
            return body
        return None

    return rewrite(term, change, 500)


def replace_at(term: Basic, place: tuple[int, ...], before: Basic, after: Basic, level: int = 0) -> Basic:
    """The term with `before`, which must stand at the place, replaced."""
    if not place:
        if term != before:
            raise Refused("something else stands at the place")
        return after
    here, *rest = place
    if not 0 <= here < len(term.args):
        raise Refused("there is no such place")
    if isinstance(term, Binder) and (here == 0 or here >= 2 + term.outside_count):
        variable = opened_symbol(level)
        if occurs(variable, term):
            raise Refused("the symbol of the opened binder is taken")
        body, inside = term.open(variable)
        args = [body, variable, *term.outside, *inside]
        args[here] = replace_at(args[here], tuple(rest), before, after, level + 1)
        return type(term)(*args)
    if isinstance(term, Binder) and here == 1:
        raise Refused("a bound variable is not rewritten")
    args = list(term.args)
    args[here] = replace_at(args[here], tuple(rest), before, after, level)
    return term.func(*args)


def substitute_equal(term: Basic, setting: Setting) -> tuple[Basic, tuple[Boolean | str, ...]]:
    """The term with a symbol replaced by what a fact says it equals (`i = j`), for each such fact; and those facts."""
    used: list[Boolean | str] = []
    if any(isinstance(part, (Partial, Antiderivative)) for part in subterms(term)):
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
