"""Making a model satisfy the facts of a question: by construction, by solving, and by certain verification.

An equation whose one side is a name that the other side does not need becomes a definition of that name. Other
equations are solved for one value, exactly where they are linear in it, else by an interval Newton step, which proves
that a root lies in the ball it returns. Everything is verified in the end; a model that fails is not used. A fact about
`x_i` with a free index `i` is taken to hold for every index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from flint import acb, arb, fmpq
from sympy import And, Eq, Ge, Gt, Le, Lt, Ne, Or, S, floor
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.numbers import Rational
from sympy.core.symbol import Symbol

from derive.meaning.objects import Call, Entry, is_bound, subterms
from derive.meaning.question import Definition, Fact, Kind
from derive.refuting.conditions import holds
from derive.refuting.evaluation import Evaluator
from derive.refuting.inventory import Name, name_of, names_in
from derive.refuting.models import Bounds, Model, Slot
from derive.refuting.numbers import ONE, Dual, Number, ball, is_zero, plain, slope_of
from derive.refuting.undefined import Undefined


@dataclass(frozen=True)
class Plan:
    """How the facts will be met: `definitions` by construction, `equations` by solving, `conditions` by rejection."""

    definitions: tuple[Definition, ...] = ()
    equations: tuple[Basic, ...] = ()
    conditions: tuple[Basic, ...] = ()
    bounds: Mapping[Name, Bounds] = field(default_factory=dict)
    possible: bool = True  # whether any model will do


def plan(facts: Iterable[Fact], definitions: tuple[Definition, ...], kinds: Mapping[str, Kind]) -> Plan:
    """A plan for the facts that matter, next to the document's own definitions."""
    made: list[Definition] = []
    equations: list[Basic] = []
    conditions: list[Basic] = []
    bounds: dict[Name, Bounds] = {}
    defined = {name_of(d.head) for d in definitions}
    for statement in (part for fact in facts for part in _conjuncts(fact.statement)):
        definition = _as_definition(statement, defined, (*definitions, *made))
        if definition is not None:
            made.append(definition)
            defined.add(name_of(definition.head))
            conditions.extend(_of_kind(definition.head, kinds))
            continue
        if not _is_pointwise(statement, defined):
            return Plan(possible=False)
        (equations if isinstance(statement, Eq) else conditions).append(statement)
        _note_bounds(statement, bounds)
    return Plan(tuple(made), tuple(equations), tuple(conditions), bounds)


def _of_kind(head: Expr, kinds: Mapping[str, Kind]) -> list[Basic]:
    """The conditions that a name is of its kind, where an equation gives it its value."""
    name = name_of(head)
    kind = kinds.get(name[1], "real") if name is not None else "real"
    found: list[Basic] = []
    if kind in ("integer", "natural"):
        found.append(Eq(floor(head), head, evaluate=False))
    if kind in ("positive", "natural"):
        found.append(Gt(head, 0, evaluate=False))
    if kind == "nonnegative":
        found.append(Ge(head, 0, evaluate=False))
    return found


def _is_pointwise(statement: Basic, defined: set[Name | None]) -> bool:
    """Whether a fact can be met at single points. What is said of an abstract function is meant for all arguments,
    which no model here is made to satisfy, except that it is positive (or not negative, or not 0)."""
    calls = {part for part in subterms(statement) if isinstance(part, Call) and name_of(part) not in defined}
    if not calls:
        return True
    sides = set(statement.args)
    return isinstance(statement, (Lt, Le, Gt, Ge, Ne)) and len(calls) == 1 and sides == calls | {S.Zero}


def _conjuncts(statement: Basic) -> tuple[Basic, ...]:
    return tuple(statement.args) if isinstance(statement, And) else (statement,)


def _as_definition(
    statement: Basic, defined: set[Name | None], definitions: tuple[Definition, ...]
) -> Definition | None:
    if not isinstance(statement, Eq):
        return None
    for head, body in (statement.args, statement.args[::-1]):
        name = name_of(head)
        if name is None or name in defined or name in names_in(body, definitions):
            continue
        if isinstance(head, Symbol):
            return Definition(head, (), body)
        if not isinstance(head, Entry | Call):
            continue
        places = head.indices if isinstance(head, Entry) else head.arguments
        if isinstance(head, Call) and (any(head.orders) or isinstance(head.head, Entry)):
            continue
        if places and all(isinstance(place, Symbol) for place in places) and len(set(places)) == len(places):
            return Definition(head, tuple(places), body)
    return None


def _note_bounds(statement: Basic, bounds: dict[Name, Bounds]) -> None:
    if isinstance(statement, Or) and all(isinstance(part, Eq) for part in statement.args):
        heads = {part.args[0] for part in statement.args}
        values = [part.args[1] for part in statement.args]
        if len(heads) == 1 and all(isinstance(value, Rational) for value in values):
            name = name_of(heads.pop())
            if name is not None:
                choices = sorted(fmpq(int(v.p), int(v.q)) for v in values)
                bounds[name] = Bounds(choices=tuple(choices))
    if not isinstance(statement, (Lt, Le, Gt, Ge)):
        return
    left, right = statement.args
    less = isinstance(statement, (Lt, Le))
    if isinstance(left, Rational):
        left, right, less = right, left, not less
    name = name_of(left)
    if name is None or not isinstance(right, Rational):
        return
    value, old = fmpq(int(right.p), int(right.q)), bounds.get(name, Bounds())
    if less:
        bounds[name] = Bounds(old.low, value if old.high is None else min(old.high, value))
    else:
        bounds[name] = Bounds(value if old.low is None else max(old.low, value), old.high)


# --------------------------------------------------------------------------------------------- satisfying


def satisfy(model: Model, plan: Plan, pinned: Iterable[Slot] = ()) -> bool:
    """Set values of the model, other than those pinned, so that all facts hold; False where that was not achieved (or
    is not certain)."""
    if not plan.possible:
        return False
    if not plan.equations and not plan.conditions:
        return True
    try:
        fixed: dict[Slot, None] = dict.fromkeys(pinned)
        certified: set[tuple[int, int]] = set()
        for number, equation in enumerate(plan.equations):
            for turn, scope in enumerate(_instances(model, equation, plan)):
                if not _solve(model, equation, scope, fixed, certified, (number, turn)):
                    return False
        return verify(model, plan, certified)
    except Undefined:
        return False


def verify(model: Model, plan: Plan, certified: Iterable[tuple[int, int]] = ()) -> bool:
    """Whether all facts hold in the model, for certain (those that an interval Newton step certified are trusted)."""
    evaluator = Evaluator(model)
    trusted = set(certified)
    for number, equation in enumerate(plan.equations):
        for turn, scope in enumerate(_instances(model, equation, plan)):
            if (number, turn) not in trusted and not holds(evaluator, equation, scope):
                return False
    for condition in plan.conditions:
        for scope in _instances(model, condition, plan):
            if not holds(evaluator, condition, scope):
                return False
    return True


def _instances(model: Model, statement: Basic, plan: Plan) -> Iterator[dict[Symbol, Number]]:
    """A scope for each choice of the indices that the statement is about in general."""
    symbols = sorted(_general_indices(statement), key=str)
    guards = [c for c in plan.conditions if c is not statement and c.free_symbols <= set(symbols) and symbols]
    evaluator = Evaluator(model)
    for values in product(*[_index_values(model, statement, symbol) for symbol in symbols]):
        scope = dict(zip(symbols, map(fmpq, values), strict=True))
        if all(holds(evaluator, guard, scope) for guard in guards):
            yield scope


def _general_indices(statement: Basic) -> set[Symbol]:
    return {
        symbol
        for part in subterms(statement)
        if isinstance(part, Entry)
        for index in part.indices
        for symbol in index.free_symbols
        if isinstance(symbol, Symbol) and not is_bound(symbol)
    }


def _index_values(model: Model, statement: Basic, symbol: Symbol) -> tuple[int, ...]:
    known = model.index_range(("symbol", symbol))
    low, high = known if known is not None else (1, 3)
    values = set(range(low, min(high, low + 8) + 1))
    for part in subterms(statement):
        if isinstance(part, Entry) and symbol in part.indices:
            name = name_of(part)
            place = part.indices.index(symbol)
            for slot in model.values:
                if slot[:3] == name and slot[3 + place].q == 1:
                    values.add(int(slot[3 + place].p))
    own = plain(Evaluator(model).evaluate(symbol, {}))  # the one that the question speaks of
    if not isinstance(own, fmpq) or own.q != 1:
        raise Undefined("an index that is no integer")
    return tuple(sorted({*values, int(own.p)}))


def _solve(
    model: Model,
    equation: Basic,
    scope: dict[Symbol, Number],
    fixed: dict[Slot, None],
    certified: set[tuple[int, int]],
    key: tuple[int, int],
) -> bool:
    model.touched.clear()
    evaluator = Evaluator(model)
    difference = _difference(evaluator, equation, scope)
    touched = [slot for slot in model.touched if slot not in fixed and _is_solvable(model, slot)]
    fixed.update(model.touched)
    if is_zero(difference):
        return True
    for slot in reversed(touched):
        if (root := _newton(model, equation, scope, slot)) is not None and model.allows(slot, root[0]):
            model.values[slot] = root[0]
            if root[1]:
                certified.add(key)
            return True
    return False


def _is_solvable(model: Model, slot: Slot) -> bool:
    kind = model.inventory.setting.kind(slot[1])
    if slot[0] in ("function", "law") or slot[1] in model.inventory.valued or kind in ("integer", "natural", "complex"):
        return False
    return slot[0] != "symbol" or not model.inventory.is_integer(Symbol(slot[1]))


def _difference(evaluator: Evaluator, equation: Basic, scope: dict[Symbol, Number]) -> Number:
    return evaluator.evaluate(equation.args[0], scope) - evaluator.evaluate(equation.args[1], scope)


def _newton(model: Model, equation: Basic, scope: dict[Symbol, Number], slot: Slot) -> tuple[Number, bool] | None:
    """A value for the slot that solves the equation, and whether an interval step certified it (an exact value is
    verified like everything else)."""

    def at(value: Number) -> tuple[Number, Number]:
        trial = model.with_value(slot, Dual(1_000, value, ONE))
        difference = _difference(Evaluator(trial), equation, scope)
        return (difference.real if isinstance(difference, Dual) else difference), slope_of(difference, 1_000)

    try:
        x = plain(model.values[slot])
        for _ in range(8):
            value, slope = at(x)
            if isinstance(value, acb) or is_zero(slope):
                return None
            if is_zero(value):
                return x, False
            following = x - value / slope
            if isinstance(following, fmpq):
                if at(following)[0] == 0:
                    return following, False
                following = arb(following) if following.height_bits() > 60 else following
            x = following if isinstance(following, fmpq) else following.mid()
        x = ball(x)
        wide = arb(x.mid(), arb(2) ** -40)
        value, _ = at(x.mid())
        _, slope = at(wide)
        narrow = x.mid() - value / slope
        # Brouwer: the Newton operator maps `wide` into its interior, so exactly one root lies there, and in `narrow`
        return (narrow, True) if narrow.is_finite() and wide.contains_interior(narrow) else None
    except (Undefined, ZeroDivisionError):
        return None
