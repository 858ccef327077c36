"""The replay of an implication: premises, and lines that lead from them to the conclusion.

What is known is a list of statements: the premises, the equations among the facts, and what lines add to it. A line

- puts a function on both sides of a known relation (`both_sides`);
- puts in definitions, carries out derivatives, or replaces a name by what a known equation says it equals, in a known
  statement or in the conclusion;
- combines known statements to the conclusion, and thereby closes it. For an equation this is a certificate
  (l − r)^m = Σ kᵢ (lᵢ − rᵢ), a comparison by normal form, with cofactors kᵢ that have a value wherever the premises
  hold and the conclusion has one (Hilbert's Nullstellensatz; Cox, Little, O'Shea, Ideals, Varieties, and Algorithms,
  4.1). For an inequality, r − l − Σ kᵢ (rᵢ − lᵢ) ≥ 0 with kᵢ ≥ 0 (Farkas; Schrijver, Theory of Linear and Integer
  Programming, 7.3).

The cofactor 1/x is only admitted where x is known not to be 0: so `x² = x` does not give `x = 1`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sympy import Add, Integer, Mul, S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational
from sympy.core.symbol import Symbol
from sympy.logic.boolalg import And, Boolean, Or

from derive.meaning.objects import Antiderivative, Call, Entry, Opaque, Partial, occurs, subterms
from derive.meaning.printing import to_text
from derive.meaning.question import Fact, Question, Relation, Setting
from derive.proving.both_sides import FUNCTIONS, POWER, NotApplicable, on_both_sides
from derive.proving.calculus import carry_out
from derive.proving.comparing import Comparison, compare
from derive.proving.elimination import contradict
from derive.proving.ground import Ground, sides_of
from derive.proving.ordering import decide_order
from derive.proving.proof import Line
from derive.proving.unfolding import rewrite, unfold

ORDERS = (Lt, Le, Gt, Ge)
_SIGNS: Mapping[type, Relation] = {Eq: "=", Ne: "≠", Lt: "<", Le: "≤", Gt: ">", Ge: "≥"}
STRICT = (Lt, Gt)
MOST_POWER = 4
Multiple = tuple[Any, Expr]  # a known statement and its cofactor
SecondLook = Callable[[Expr, Expr, Setting], bool]  # whether another route objects to the equality of two terms


@dataclass(frozen=True, slots=True)
class Implied:
    """What a replay used: the names of rules and procedures, and the conditions."""

    rules: tuple[str, ...]
    assumptions: tuple[Boolean | str, ...]


def conjuncts(statement: Basic) -> tuple[Basic, ...]:
    """The statements that hold together, in an order that is the same in every run."""
    return tuple(statement.args) if isinstance(statement, And) else (statement,)


def conclusion_as_question(question: Question) -> Question | None:
    """The conclusion as a question of its own, with the premises among the facts; None where it is not one relation."""
    goal = question.right
    if not isinstance(goal, Relational) or type(goal) not in _SIGNS:
        return None
    premises = tuple(Fact(part, "the premise") for part in conjuncts(question.left))
    setting = replace(question.setting, facts=(*question.setting.facts, *premises))
    return Question(goal.lhs, _SIGNS[type(goal)], goal.rhs, setting)


def known_at_first(question: Question) -> tuple[Basic, ...]:
    """The statements that lines may start from: the premises, then the equations among the facts."""
    facts = (fact.statement for fact in question.setting.facts)
    return (*conjuncts(question.left), *(fact for fact in facts if isinstance(fact, Eq)))


def difference(statement: Basic) -> Expr:
    """A term that vanishes where an equation (or one of several) holds; l − r ≥ 0 for `l ≥ r` and `r ≤ l`."""
    if isinstance(statement, Or):
        return Mul(*[difference(part) for part in statement.args])
    if isinstance(statement, (Lt, Le)):
        return statement.rhs - statement.lhs
    if isinstance(statement, Relational):
        return statement.lhs - statement.rhs
    raise DoesNotFollow("this is no relation")


def is_equation(statement: Basic) -> bool:
    """Whether a statement says that a term vanishes: an equation, or one of several."""
    return isinstance(statement, Eq) or (isinstance(statement, Or) and all(map(is_equation, statement.args)))


def grounds(question: Question) -> tuple[Ground, Ground]:
    """Where the premises hold and the conclusion has a value; and where the premises hold. Raises `Undefined` where
    there is no place at which all sides have a value."""
    setting = replace(question.setting, facts=(*question.setting.facts, *_orders_among(question)))
    facts = [side for fact in question.setting.facts for side in _sides_of_fact(fact)]
    premises = (*sides_of(question.left), *facts)
    return Ground((*premises, *sides_of(question.right)), setting), Ground(premises, setting)


def _orders_among(question: Question) -> tuple[Fact, ...]:
    """The premises that tell a sign."""
    return tuple(Fact(part, "the premise") for part in conjuncts(question.left) if isinstance(part, (*ORDERS, Ne)))


def _sides_of_fact(fact: Fact) -> tuple[Expr, ...]:
    return tuple(sides_of(fact.statement)) if isinstance(fact.statement, Relational) else ()


class DoesNotFollow(Exception):
    """A proposed line of an implication does not follow."""


class Implication:
    """The state of a replay."""

    def __init__(self, question: Question, objects: SecondLook) -> None:
        self.known: list[Basic] = list(known_at_first(question))
        self.open: list[Basic] = list(conjuncts(question.right))
        self.ground, self._premises = grounds(question)
        self._question = question
        self._setting = replace(question.setting, facts=(*question.setting.facts, *_orders_among(question)))
        self._objects = objects
        self._rules: dict[str, None] = {}
        self._assumptions: dict[Boolean | str, None] = {}
        for statement in self.known:
            self._can_hold(statement)
        self._together([difference(statement) for statement in self.known if is_equation(statement)])

    def result(self) -> Implied:
        """What was used. Raises DoesNotFollow where a part of the conclusion was not reached."""
        if self.open:
            raise DoesNotFollow("a part of the conclusion was not reached")
        return Implied(tuple(self._rules), tuple(self._assumptions))

    def _can_hold(self, statement: Basic) -> None:
        """From what never holds everything follows, and nothing is learnt: x² = −1."""
        if is_equation(statement) and self.ground.nonzero(difference(statement)):
            raise DoesNotFollow("the premise never holds")
        if isinstance(statement, ORDERS):
            gap = -difference(statement)
            if self.ground.positive(gap) or (isinstance(statement, STRICT) and self.ground.nonnegative(gap)):
                raise DoesNotFollow("the premise never holds")

    def _together(self, equations: list[Expr]) -> None:
        if len(equations) > 1 and contradict(equations, self.ground):
            raise DoesNotFollow("the premises contradict each other")

    # ------------------------------------------------------------------ lines

    def replay(self, line: Line) -> None:
        """One line. Raises DoesNotFollow or `Stuck`."""
        if line.place:
            raise DoesNotFollow("a line of an implication changes whole statements")
        if line.rule in FUNCTIONS or line.rule == POWER:
            self._function(line)
        elif line.rule in ("definition", "derivative", "substitution"):
            self._exchange(line)
        elif line.rule == "combination":
            self._combine(line)
        else:
            raise DoesNotFollow(f"{line.rule} does not lead from one equation to another")

    def _function(self, line: Line) -> None:
        if line.side != "left" or line.before not in self.known:
            raise DoesNotFollow("the line does not start from what is known")
        try:
            made, needed = on_both_sides(line.rule, line.before, dict(line.bindings).get("exponent"), self.ground)
        except NotApplicable as wrong:
            raise DoesNotFollow(str(wrong)) from None
        if made != line.after:
            raise DoesNotFollow(f"{line.rule} gives something else")
        if needed is not None and not _is_certain(needed, self._premises):
            self._assume(needed)
        self.known.append(made)
        self._rules.setdefault(line.rule)

    def _assume(self, *conditions: Boolean | str) -> None:
        self._assumptions.update(dict.fromkeys(c for c in conditions if c != S.true))

    def _exchange(self, line: Line) -> None:
        """A known statement, or a part of the conclusion, with its sides in another form."""
        statements = {"left": self.known, "right": self.open}.get(line.side)
        if statements is None or line.before not in statements:
            raise DoesNotFollow("the line does not start from a statement as it stands")
        rules: tuple[str, ...] = (line.rule,)
        assumptions: tuple[Boolean | str, ...] = ()
        if line.rule == "definition":
            heads = [str(value) for name, value in line.bindings if name == "name"]
            made = on_sides(line.before, lambda side: unfold(side, self._setting, heads))
        elif line.rule == "derivative":
            made, rules, assumptions = carried_out(line.before, self._setting)
        else:
            pairs = dict(line.bindings)
            if pairs.get("equation") not in self.known:
                raise DoesNotFollow("the equation that is put in is not known")
            made = substituted(line.before, pairs["equation"], pairs.get("name"))
        if made != line.after:
            raise DoesNotFollow(f"{line.rule} gives something else")
        if line.side == "left":
            statements.append(made)
        else:
            statements[statements.index(line.before)] = made
        self._rules.update(dict.fromkeys(rules))
        self._assume(*assumptions)

    # ------------------------------------------------------------------ combinations

    def _combine(self, line: Line) -> None:
        goal = line.after
        if line.before != self._question.left:
            raise DoesNotFollow("the line does not start from the premises")
        if (line.side != "both" or goal not in self.open) and (line.side != "left" or not isinstance(goal, Eq)):
            raise DoesNotFollow("the line does not lead to the conclusion")
        used, power = self._bindings(line)
        self._together([difference(statement) for statement, _ in used if is_equation(statement)])
        for statement, cofactor in used:
            self._admit(statement, cofactor)
        if is_equation(goal):
            self._equation(goal, used, power)
        elif isinstance(goal, ORDERS) and power == 1:
            self._inequality(goal, used)
        elif isinstance(goal, Ne) and power == 1:
            self._inequation(goal, used)
        else:
            raise DoesNotFollow("this conclusion is not reached by combining")
        if line.side == "both":
            self.open.remove(goal)
        else:
            self.known.append(goal)

    def _bindings(self, line: Line) -> tuple[list[Multiple], Integer]:
        """The known statements with their cofactors, and the power of the conclusion."""
        values = [value for _, value in line.bindings]
        names = [name for name, _ in line.bindings]
        power = values.pop() if names[-1:] == ["power"] else S.One
        if names[: len(values)] != ["known", "times"] * (len(values) // 2):
            raise DoesNotFollow("the bindings are not those of a combination")
        used = list(zip(values[::2], values[1::2], strict=True))
        if not (isinstance(power, Integer) and 1 <= power <= MOST_POWER):
            raise DoesNotFollow("the power is too large")
        if not all(statement in self.known and isinstance(cofactor, Expr) for statement, cofactor in used):
            raise DoesNotFollow("what is combined is not known")
        return used, power

    def _admit(self, statement: Basic, cofactor: Expr) -> None:
        """A cofactor must have a value; where that comes from the conclusion alone, the condition is listed."""
        if is_equation(statement) and self.ground.nonzero(difference(statement)):
            raise DoesNotFollow("the premise never holds")
        if not self.ground.has_value(cofactor):
            raise DoesNotFollow("what is divided by might be 0")
        for factor in self.ground.missing(cofactor):
            raise DoesNotFollow(f"{to_text(factor)} might be 0, and is divided by")
        for factor in self._premises.missing(cofactor):
            self._assume(Ne(factor, 0, evaluate=False))

    def _equation(self, goal: Basic, used: list[Multiple], power: Integer) -> None:
        if not all(is_equation(statement) for statement, _ in used):
            raise DoesNotFollow("an equation follows from equations")
        left, right = difference(goal) ** power, _total(used)
        found = compare(left, right, self._setting)
        if found.equal and self._objects(left, right, self._setting):
            raise DoesNotFollow("a second way of evaluating contradicts it")
        self._closed(found, "combination" if used else "normal-form")

    def _inequality(self, goal: Relational, used: list[Multiple]) -> None:
        weak = not isinstance(goal, STRICT)
        for statement, cofactor in used:
            if is_equation(statement):
                continue
            if not isinstance(statement, ORDERS) or not self.ground.nonnegative(cofactor):
                raise DoesNotFollow("an inequality is multiplied by what might be negative")
            weak = weak or (isinstance(statement, STRICT) and self.ground.positive(cofactor))
        self._closed(decide_order(difference(goal) - _total(used), "≥" if weak else ">", S.Zero, self._setting))

    def _inequation(self, goal: Relational, used: list[Multiple]) -> None:
        """l ≠ r from lᵢ ≠ rᵢ: l − r is a multiple of lᵢ − rᵢ by what is not 0."""
        if len(used) != 1 or not isinstance(used[0][0], (Ne, *STRICT)) or not self.ground.nonzero(used[0][1]):
            raise DoesNotFollow("an inequation follows from one inequation, times what is not 0")
        self._closed(compare(difference(goal), _total(used), self._setting))

    def _closed(self, found: Comparison, procedure: str = "combination") -> None:
        if not found.equal:
            raise DoesNotFollow("combination does not decide this")
        self._rules.update(dict.fromkeys((*found.used, procedure)))
        self._assume(*found.assumptions)


def _total(used: list[Multiple]) -> Expr:
    return Add(*[cofactor * difference(statement) for statement, cofactor in used])


def _is_certain(condition: Relational, ground: Ground) -> bool:
    term = condition.lhs
    if isinstance(condition, Ne):
        return ground.nonzero(term)
    return ground.positive(term) if isinstance(condition, Gt) else ground.nonnegative(term)


# ---------------------------------------------------------------------- statements in another form


def on_sides(statement: Basic, change: Callable[[Expr], Expr]) -> Basic:
    """A statement with each of its sides changed."""
    if isinstance(statement, Relational):
        return statement.func(*[change(side) for side in statement.args], evaluate=False)
    if isinstance(statement, (And, Or)):
        return statement.func(*[on_sides(part, change) for part in statement.args])
    raise DoesNotFollow("this is no relation")


def carried_out(statement: Basic, setting: Setting) -> tuple[Basic, tuple[str, ...], tuple[Boolean | str, ...]]:
    """A statement with its derivatives carried out, the rules and the conditions."""
    rules: dict[str, None] = {}
    assumptions: dict[Boolean | str, None] = {}

    def change(side: Expr) -> Expr:
        if not any(isinstance(part, Partial) for part in subterms(side)):
            return side
        carried = carry_out(side, setting)
        if carried.vanishes:
            raise DoesNotFollow("a derivative is taken of what its variable does not stand in")
        rules.update(dict.fromkeys(carried.rules))
        assumptions.update(dict.fromkeys(carried.assumptions))
        return carried.value

    return on_sides(statement, change), tuple(rules), tuple(assumptions)


def substituted(statement: Basic, equation: Basic, name: Basic | None) -> Basic:
    """A statement with a name, one side of an equation, replaced by the other side: not in what is differentiated or
    integrated without bounds (equal at a point is not equal around it), nor in what is not taken apart."""
    if not isinstance(equation, Eq) or name not in equation.args or not isinstance(name, (Symbol, Entry, Call)):
        raise DoesNotFollow("a name is replaced by what it equals")
    value = equation.rhs if name == equation.lhs else equation.lhs
    if occurs(name, value):
        raise DoesNotFollow("a name is replaced by what does not hold it")

    def change(part: Basic) -> Basic | None:
        if part == name:
            return value
        return part if isinstance(part, (Partial, Antiderivative, Opaque)) else None

    return on_sides(statement, lambda side: rewrite(side, change))
