"""Rigorous evaluation of an expression in a finite model.

A walk over the tree with numbers from `numbers`: exact rationals as long as possible, else balls. Names that have a
definition are evaluated by it, all others by the model. A derivative (`Partial`) perturbs its variable by ε and reads
off the coefficient: nothing here knows a rule of symbolic differentiation apart from the slope of each function.
Every evaluation is bounded in work, depth and size, by counting (never by the clock: the same input, the same answer).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flint import acb, arb, ctx, fmpq
from sympy import Max, Min, S
from sympy.core.basic import Basic
from sympy.core.numbers import Rational
from sympy.core.symbol import Symbol
from sympy.functions import Abs, arg, binomial, ceiling, conjugate, factorial, floor, im, polygamma, re, sign

from derive.meaning.objects import (
    Call,
    Cases,
    Delta,
    Entry,
    Indexed,
    Indicator,
    Over,
    Partial,
    Range,
    Whole,
    occurs,
    subterms,
)
from derive.meaning.question import Definition
from derive.refuting import functions
from derive.refuting.conditions import holds
from derive.refuting.integrals import integrate
from derive.refuting.inventory import Inventory, Name, name_of
from derive.refuting.numbers import (
    ONE,
    ZERO,
    Dual,
    Number,
    as_integer,
    has_tag,
    is_zero,
    plain,
    raise_to_integer,
    same,
    sign_of,
    slope_of,
)
from derive.refuting.undefined import Undefined

Scope = Mapping[Symbol, Number]
Slot = tuple[Any, ...]
"""A value of the model that a derivative can perturb: a name with the values of its indices, arguments, orders."""

DEEPEST = 120
LONGEST_SUM = 3000
DERIVATIVES = 6


class Values(Protocol):
    """What a model offers: values for all that has no definition."""

    inventory: Inventory

    def symbol(self, symbol: Symbol) -> Number: ...

    def entry(self, name: Name, indices: tuple[Number, ...]) -> Number: ...

    def call(self, name: Name, arguments: tuple[Number, ...], orders: tuple[int, ...]) -> Number: ...

    def size(self) -> int: ...


@dataclass(slots=True)
class Frame:
    """A derivative that is being taken: what is perturbed, and what was met on the way."""

    slot: Slot
    tag: int
    value: Number
    met: bool = False  # the variable, or a member of its family
    opaque: bool = False  # names that could depend on the variable in a way that is not stated
    calls_with: bool = False  # an abstract function with the variable among its arguments
    calls_without: bool = False


class Evaluator:
    """Evaluates expressions in one model; `work` counts the nodes visited."""

    def __init__(self, model: Values, limit: int = 60_000) -> None:
        self.model = model
        self.inventory = model.inventory
        self.definitions = self.inventory.heads()
        self.limit = limit
        self.work = 0
        self.depth = 0
        self.analytic: bool | None = None
        self.frames: list[Frame] = []
        self.states = 0
        self.state = 0
        self.known: dict[Any, Number] = {}

    # ------------------------------------------------------------------------------------------ the walk

    def evaluate(self, term: Basic, scope: Scope) -> Number:
        """The value of a term; the symbols in scope have the values given there."""
        self.work += 1
        if self.work > self.limit:
            raise Undefined("too much work to evaluate")
        handler = HANDLERS.get(type(term))
        if handler is None:
            return self._other(term, scope)
        self.depth += 1
        if self.depth > DEEPEST:
            self.depth -= 1
            raise Undefined("nested too deeply to evaluate")
        try:
            return handler(self, term, scope)
        finally:
            self.depth -= 1

    def _other(self, term: Basic, scope: Scope) -> Number:
        if isinstance(term, Rational):
            return fmpq(int(term.p), int(term.q))
        constant = CONSTANTS.get(term)
        if constant is not None:
            return constant()
        raise Undefined(f"{type(term).__name__} is not evaluated in a model", lasting=True)

    def add(self, term: Basic, scope: Scope) -> Number:
        total: Number = ZERO
        for part in term.args:
            total = total + self.evaluate(part, scope)
        return total

    def multiply(self, term: Basic, scope: Scope) -> Number:
        total: Number = ONE
        for part in term.args:
            total = total * self.evaluate(part, scope)
        return total

    def raise_power(self, term: Basic, scope: Scope) -> Number:
        base_term, exponent_term = term.args
        if isinstance(exponent_term, Rational) and exponent_term.q == 1:
            return raise_to_integer(self.evaluate(base_term, scope), int(exponent_term.p))
        if base_term is S.Exp1:
            return functions.apply(functions.EXP, self.evaluate(exponent_term, scope), self.analytic)
        base, exponent = self.evaluate(base_term, scope), self.evaluate(exponent_term, scope)
        if isinstance(exponent, fmpq) and exponent.q == 1 and self._is_integral(exponent_term, scope):
            if is_zero(base) and exponent <= 0:
                raise Undefined("0 to the power 0" if exponent == 0 else "a division by zero")
            return raise_to_integer(base, int(exponent.p))
        return functions.power(base, exponent, self.analytic)

    def _is_integral(self, exponent: Basic, scope: Scope) -> bool:
        """Whether an exponent stands for an integer by its symbols, not only by their values in this model."""
        return all(
            symbol in scope or self.inventory.is_integer(symbol)
            for symbol in exponent.free_symbols
            if isinstance(symbol, Symbol)
        ) and not any(isinstance(part, (Entry, Call)) for part in subterms(exponent))

    def function(self, term: Basic, scope: Scope) -> Number:
        row = functions.FUNCTIONS[type(term)]
        if len(term.args) != 1:
            raise Undefined(f"{row.name} of {len(term.args)} arguments", lasting=True)
        return functions.apply(row, self.evaluate(term.args[0], scope), self.analytic)

    def absolute(self, term: Basic, scope: Scope) -> Number:
        x = self.evaluate(term.args[0], scope)
        if self.analytic is not None and isinstance(x, acb):
            return x.real_abs(analytic=self.analytic)
        return functions.absolute(x)

    def step(self, term: Basic, scope: Scope) -> Number:
        x = self.evaluate(term.args[0], scope)
        return functions.step(x, {sign: "sign", floor: "floor", ceiling: "ceiling"}[type(term)])

    def extreme(self, term: Basic, scope: Scope) -> Number:
        values = [self.evaluate(part, scope) for part in term.args]
        return functions.extreme(values, 1 if isinstance(term, Max) else -1)

    def complex_part(self, term: Basic, scope: Scope) -> Number:
        x = self.evaluate(term.args[0], scope)
        if isinstance(x, Dual) or self.analytic is not None:
            raise Undefined("the derivative of a part of a complex number")
        z = acb(x)
        if isinstance(term, re):
            return z.real
        if isinstance(term, im):
            return z.imag
        if isinstance(term, conjugate):
            return z.conjugate() if isinstance(x, acb) else x
        if not z.real > 0:
            raise Undefined("an argument where its branch is a matter of convention")
        return z.arg()

    def polygamma(self, term: Basic, scope: Scope) -> Number:
        order, x = (self.evaluate(part, scope) for part in term.args)
        return functions.apply(functions.polygamma(as_integer(order)), x, self.analytic)

    def factorial(self, term: Basic, scope: Scope) -> Number:
        x = self.evaluate(term.args[0], scope)
        if isinstance(x, fmpq) and x.q == 1:
            if x < 0:
                raise Undefined("the factorial of a negative integer")
            if x > 1000:
                raise Undefined("a number too large to compute with")
            result = 1
            for factor in range(2, int(x.p) + 1):
                result *= factor
            return fmpq(result)
        return functions.apply(functions.GAMMA, x + ONE, self.analytic)

    def binomial(self, term: Basic, scope: Scope) -> Number:
        n, k = (self.evaluate(part, scope) for part in term.args)
        if not (isinstance(k, fmpq) and k.q == 1):
            raise Undefined("a binomial coefficient with a lower part that is no integer")
        if k < 0:
            return ZERO
        if k > 1000:
            raise Undefined("a number too large to compute with")
        result: Number = ONE
        for factor in range(int(k.p)):
            result = result * (n - fmpq(factor)) * fmpq(1, factor + 1)
        return result

    def delta(self, term: Basic, scope: Scope) -> Number:
        difference = plain(self.evaluate(term.args[0], scope) - self.evaluate(term.args[1], scope))
        return ZERO if sign_of(difference) else ONE

    def indicator(self, term: Basic, scope: Scope) -> Number:
        return ONE if holds(self, term.args[0], scope) else ZERO

    def cases(self, term: Basic, scope: Scope) -> Number:
        for branch in term.args:
            if holds(self, branch.args[1], scope):
                return self.evaluate(branch.args[0], scope)
        raise Undefined("no case applies")

    # -------------------------------------------------------------------------------------------- names

    def symbol(self, term: Symbol, scope: Scope) -> Number:
        if term in scope:
            value = scope[term]
            if self.frames and isinstance(value, Dual):
                self._meet_tags(value)
            return value
        return self._named(term, ("symbol", term.name, 0), ())

    def entry(self, term: Entry, scope: Scope) -> Number:
        name = name_of(term)
        assert name is not None
        return self._named(term, name, tuple(plain(self.evaluate(index, scope)) for index in term.indices))

    def call(self, term: Call, scope: Scope) -> Number:
        name = name_of(term)
        assert name is not None
        head = term.head
        values = [self.evaluate(part, scope) for part in term.arguments]
        labels = [self.evaluate(part, scope) for part in head.indices] if isinstance(head, Entry) else []
        orders = (0,) * len(labels) + term.orders
        return self._named(term, name, (*labels, *values), orders)

    def _named(self, term: Basic, name: Name, places: tuple[Number, ...], orders: tuple[int, ...] = ()) -> Number:
        for frame in reversed(self.frames):
            if frame.slot[0] == name:
                frame.met = True
                if frame.slot[2] == orders and _equal(frame.slot[1], places):
                    return frame.value
        if name in self.definitions:
            value = self._by_definition(name, places, orders)
            if value is not None:
                return value
        if self.frames:
            self._note_opaque(name, places)
        if name[0] == "symbol":
            return self.model.symbol(term)
        if name[0] == "family":
            return self.model.entry(name, places)
        return self.model.call(name, places, orders)

    def _by_definition(self, name: Name, places: tuple[Number, ...], orders: tuple[int, ...]) -> Number | None:
        key: Any = None
        if all(isinstance(place, fmpq) for place in places):
            key = (self.state, ctx.prec, self.analytic is None, name, places, orders)
            if (known := self.known.get(key)) is not None:
                return known
        for definition in self.definitions[name]:
            scope = self._bind(definition, places)
            if scope is None:
                continue
            head = definition.head
            parameters = _places(head)
            for place, order in enumerate(orders):
                if order:
                    scope[parameters[place]] = places[place]
            value = self._differentiate(definition.body, parameters, orders, scope)
            if key is not None:
                self.known[key] = value
            return value
        return None

    def _bind(self, definition: Definition, places: tuple[Number, ...]) -> dict[Symbol, Number] | None:
        scope: dict[Symbol, Number] = {}
        for parameter, value in zip(_places(definition.head), places, strict=True):
            if parameter in definition.parameters:
                scope[parameter] = value
            elif not same(plain(self.evaluate(parameter, {})), plain(value)):
                return None
        return scope

    def _differentiate(
        self, body: Basic, parameters: tuple[Symbol, ...], orders: tuple[int, ...], scope: dict[Symbol, Number]
    ) -> Number:
        """The derivative of these orders of a defined function."""
        for place, order in enumerate(orders):
            if order:
                fewer = tuple(o - (k == place) for k, o in enumerate(orders))
                variable = parameters[place]

                def inner(value: Number, variable: Symbol = variable, fewer: tuple[int, ...] = fewer) -> Number:
                    return self._differentiate(body, parameters, fewer, {**scope, variable: value})

                return self._slope(("scope", variable), scope[variable], inner)[0]
        return self.evaluate(body, scope)

    def _note_opaque(self, name: Name, places: tuple[Number, ...]) -> None:
        for frame in self.frames:
            variable = frame.slot[0]
            if variable == name:
                continue
            frame.opaque = True
            if name[0] == "function":
                if any(has_tag(place, frame.tag) for place in places):
                    frame.calls_with = True
                else:
                    frame.calls_without = True
            elif variable[0] == "family" and name == ("symbol", variable[1], 0):
                raise Undefined(f"`{name[1]}` stands both for a family and for a letter of its own", lasting=True)

    def _meet_tags(self, value: Number) -> None:
        while isinstance(value, Dual):
            for frame in self.frames:
                frame.met |= frame.tag == value.tag
            value = value.real

    # ------------------------------------------------------------------------------------- derivatives

    def partial(self, term: Partial, scope: Scope) -> Number:
        body, variable = term.body, term.variable
        if isinstance(variable, Symbol) and variable in scope:
            slope, frame = self._slope(
                ("scope", variable), scope[variable], lambda x: self.evaluate(body, {**scope, variable: x})
            )
        else:
            slope, frame = self._slope(
                self._slot(variable, scope), self.evaluate(variable, scope), lambda x: self.evaluate(body, scope)
            )
        if (frame.opaque and not frame.met) or (frame.calls_without and not frame.calls_with):
            raise Undefined("what depends on the variable of a derivative is not stated", lasting=True)
        return slope

    def _slot(self, variable: Basic, scope: Scope) -> Slot:
        name = name_of(variable)
        if name is None:
            raise Undefined("a derivative by something that is not a name", lasting=True)
        if isinstance(variable, Entry):
            return (name, tuple(plain(self.evaluate(index, scope)) for index in variable.indices), ())
        if isinstance(variable, Call):
            head = variable.head
            labels = tuple(self.evaluate(i, scope) for i in head.indices) if isinstance(head, Entry) else ()
            places = labels + tuple(self.evaluate(part, scope) for part in variable.arguments)
            return (name, places, (0,) * len(labels) + variable.orders)
        return (name, (), ())

    def _slope(self, slot: Slot, value: Number, inner: Callable[[Number], Number]) -> tuple[Number, Frame]:
        if len(self.frames) >= DERIVATIVES:
            raise Undefined("a derivative of such an order", lasting=True)
        tag = len(self.frames) + 1
        frame = Frame(slot, tag, Dual(tag, value, ONE))
        outer, self.states = self.state, self.states + 1
        self.state = self.states
        self.frames.append(frame)
        try:
            return slope_of(inner(frame.value), tag), frame
        finally:
            self.frames.pop()
            self.state = outer

    # ------------------------------------------------------------------------------------------ binders

    def values_of(self, term: Indexed, scope: Scope) -> Iterator[Scope]:
        """The scopes, one for each value of the variable of a binder that meets its condition."""
        domain, variable = term.domain, term.variable
        if isinstance(domain, Range):
            low, high = self._bounds(domain, scope)
            if high < low - 1 and not any(symbol in scope for symbol in domain.free_symbols):
                raise Undefined("a range whose end lies before its beginning")
        else:
            low, high = self._members(term)
        if high - low > LONGEST_SUM:
            raise Undefined("a sum too long to evaluate")
        for value in range(low, high + 1):
            inner = {**scope, variable: fmpq(value)}
            if term.condition == True or holds(self, term.condition, inner):  # noqa: E712 (a SymPy Boolean)
                yield inner

    def _bounds(self, domain: Range, scope: Scope) -> tuple[int, int]:
        if any(not bound.is_finite for bound in (domain.lower, domain.upper) if bound.is_number):
            raise Undefined("an infinite sum is not evaluated in a model", lasting=True)
        return as_integer(self.evaluate(domain.lower, scope)), as_integer(self.evaluate(domain.upper, scope))

    def _members(self, term: Indexed) -> tuple[int, int]:
        """The members of a set of unknown size, as the integers from .. to; only for bodies that use the variable as
        a mere index, so that what the members are and how many there are does not matter."""
        domain, variable = term.domain, term.variable
        if not isinstance(domain, (Whole, Over)):
            raise Undefined("a domain that is not evaluated", lasting=True)
        if isinstance(domain, Over) and not isinstance(domain.args[0], Symbol | Entry) and "math" in str(domain):
            raise Undefined("a sum over such a set is not evaluated in a model", lasting=True)
        for part in (term.body, term.condition):
            if occurs(variable, part) and not _is_mere_index(variable, part):
                raise Undefined("the range of a sum is not stated", lasting=True)
        node = self.inventory.position(variable, term.body)
        ranges = self.inventory.ranges(node) if node is not None else []
        if ranges:
            bounds = [self._bounds(domain, {}) for domain in ranges]
            return min(low for low, _ in bounds), max(high for _, high in bounds)
        return 1, self.model.size()

    def sum(self, term: Indexed, scope: Scope) -> Number:
        total: Number = ZERO
        for inner in self.values_of(term, scope):
            total = total + self.evaluate(term.body, inner)
        return total

    def product(self, term: Indexed, scope: Scope) -> Number:
        total: Number = ONE
        for inner in self.values_of(term, scope):
            total = total * self.evaluate(term.body, inner)
        return total

    def optimum(self, term: Indexed, scope: Scope) -> Number:
        values = [self.evaluate(term.body, inner) for inner in self.values_of(term, scope)]
        if not values:
            raise Undefined("an extreme value over nothing")
        return functions.extreme(values, 1 if type(term).__name__ == "MaximumOver" else -1)

    def integral(self, term: Indexed, scope: Scope) -> Number:
        return integrate(self, term, scope)


def _equal(slots: tuple[Number, ...], places: tuple[Number, ...]) -> bool:
    """Whether a perturbed place is meant; Undefined where enclosures do not tell."""
    if len(slots) != len(places):
        return False
    for a, b in zip(slots, places, strict=True):
        a, b = plain(a), plain(b)
        if same(a, b) or (type(a) is type(b) and str(a) == str(b)):
            continue
        if sign_of(a - b):
            return False
    return True


def _places(head: Basic) -> tuple[Any, ...]:
    if isinstance(head, Entry):
        return head.indices
    if isinstance(head, Call):
        return (*head.head.indices, *head.arguments) if isinstance(head.head, Entry) else head.arguments
    return ()


def _is_mere_index(variable: Symbol, term: Basic) -> bool:
    """Whether a bound variable stands only as an index, in a delta, in a comparison, or as the argument of a call."""
    if term == variable:
        return False
    if isinstance(term, Entry):
        return all(index == variable or not occurs(variable, index) for index in term.indices)
    if isinstance(term, Call):
        plain_call = all(a == variable or not occurs(variable, a) for a in term.arguments)
        return plain_call and not (any(term.orders) and occurs(variable, term))
    if isinstance(term, Delta) or type(term).__name__ in ("Equality", "Unequality"):
        return all(side == variable or not occurs(variable, side) for side in term.args)
    return all(_is_mere_index(variable, arg) for arg in term.args if occurs(variable, arg))


CONSTANTS: dict[Basic, Callable[[], Number]] = {
    S.Pi: arb.pi,
    S.Exp1: arb.const_e,
    S.EulerGamma: arb.const_euler,
    S.Catalan: arb.const_catalan,
    S.GoldenRatio: lambda: (1 + arb(5).sqrt()) / 2,
    S.ImaginaryUnit: lambda: acb(0, 1),
}

Handler = Callable[[Evaluator, Any, Scope], Number]


def _table() -> dict[type, Handler]:
    from sympy import Add, Mul, Pow

    from derive.meaning import objects

    table: dict[type, Handler] = dict.fromkeys(functions.FUNCTIONS, Evaluator.function)
    table.update({
        Add: Evaluator.add, Mul: Evaluator.multiply, Pow: Evaluator.raise_power, Symbol: Evaluator.symbol,
        Abs: Evaluator.absolute, sign: Evaluator.step, floor: Evaluator.step, ceiling: Evaluator.step,
        Max: Evaluator.extreme, Min: Evaluator.extreme, factorial: Evaluator.factorial, binomial: Evaluator.binomial,
        polygamma: Evaluator.polygamma, re: Evaluator.complex_part, im: Evaluator.complex_part,
        conjugate: Evaluator.complex_part, arg: Evaluator.complex_part,
        Entry: Evaluator.entry, Call: Evaluator.call, Delta: Evaluator.delta, Indicator: Evaluator.indicator,
        Cases: Evaluator.cases, Partial: Evaluator.partial, objects.SumOver: Evaluator.sum,
        objects.ProductOver: Evaluator.product, objects.MaximumOver: Evaluator.optimum,
        objects.MinimumOver: Evaluator.optimum, objects.IntegralOver: Evaluator.integral,
    })  # fmt: skip
    return table


HANDLERS = _table()
