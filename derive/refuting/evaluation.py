"""Rigorous evaluation of an expression in a finite model.

A walk over the tree with the numbers of `numbers`: exact rationals as long as possible, else balls. Names that have a
definition are evaluated by it, all others by the model. A derivative (`Partial`) perturbs its variable by ε and reads
off the coefficient: nothing here knows a rule of symbolic differentiation apart from the slope of each function.
Every evaluation is bounded in work, depth and size, by counting (never by the clock: the same input, the same answer).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from flint import acb, arb, fmpq
from sympy import Add, Max, Min, Mul, Pow, S
from sympy import functions as sf
from sympy.core.basic import Basic
from sympy.core.numbers import Rational
from sympy.core.symbol import Symbol

from derive.meaning import laws, objects
from derive.meaning import matrices as arrays
from derive.refuting import arithmetic, binders, derivatives, functions, integrals, limits, matrices, names, tables
from derive.refuting.derivatives import Frame
from derive.refuting.inventory import Inventory, Name
from derive.refuting.numbers import Number
from derive.refuting.polynomials import Polynomial
from derive.refuting.scopes import Scope
from derive.refuting.undefined import Undefined

DEEPEST = 120
TOO_MUCH = "too much work to evaluate"


class Values(Protocol):
    """What a model offers: values for all that has no definition."""

    inventory: Inventory
    number: int

    def note_law(self, name: str) -> None: ...

    def show_mass(self, law: str, values: Mapping[tuple[str, ...], int], mass: Number) -> None: ...

    def symbol(self, symbol: Symbol) -> Number: ...

    def entry(self, name: Name, indices: tuple[Number, ...]) -> Number: ...

    def call(self, name: Name, arguments: tuple[Number, ...], orders: tuple[int, ...]) -> Number: ...

    def polynomial(self, name: Name) -> Polynomial: ...

    def reach(self) -> int: ...

    def size(self) -> int: ...


class Evaluator:
    """Evaluates expressions in one model; `work` counts the nodes visited."""

    def __init__(self, model: Values, limit: int = 15_000) -> None:
        self.model = model
        self.inventory = model.inventory
        self.definitions = self.inventory.heads()
        self.limit = limit
        self.work = 0
        self.depth = 0
        self.analytic: bool | None = None  # inside an integral: Arb's question whether the integrand is analytic
        self.integrals = 0  # how many integrals this is inside of
        self.frames: list[Frame] = []  # the derivatives being taken, the innermost last
        self.state = self.states = 0  # which perturbations are in force, to tell remembered values apart
        self.known: dict[Any, Number] = {}  # values of definitions

    def evaluate(self, term: Basic, scope: Scope) -> Number:
        """The value of a term; the symbols in scope have the values given there. Undefined where there is none."""
        self.work += 1 + 2 * len(self.frames)  # dual numbers cost more
        if self.work > self.limit:
            raise Undefined(TOO_MUCH)
        handler = HANDLERS.get(type(term))
        if handler is None:
            return _atom(term)
        self.depth += 1
        try:
            if self.depth > DEEPEST:
                raise Undefined("nested too deeply to evaluate")
            return handler(self, term, scope)
        finally:
            self.depth -= 1


def _atom(term: Basic) -> Number:
    if isinstance(term, Rational):
        return fmpq(int(term.p), int(term.q))
    constant = CONSTANTS.get(term)
    if constant is None:
        raise Undefined(f"{type(term).__name__} is not evaluated in a model", lasting=True)
    return constant()


CONSTANTS: dict[Basic, Callable[[], Number]] = {
    S.Pi: arb.pi,
    S.Exp1: arb.const_e,
    S.EulerGamma: arb.const_euler,
    S.Catalan: arb.const_catalan,
    S.GoldenRatio: lambda: (1 + arb(5).sqrt()) / 2,
    S.ImaginaryUnit: lambda: acb(0, 1),
}

Handler = Callable[[Evaluator, Any, Scope], Number]

HANDLERS: dict[type, Handler] = {
    **dict.fromkeys(functions.FUNCTIONS, arithmetic.function),
    Add: arithmetic.add,
    Mul: arithmetic.multiply,
    Pow: arithmetic.raise_power,
    sf.Abs: arithmetic.absolute,
    sf.sign: arithmetic.step,
    sf.floor: arithmetic.step,
    sf.ceiling: arithmetic.step,
    Max: arithmetic.extreme,
    Min: arithmetic.extreme,
    sf.factorial: arithmetic.factorial,
    sf.binomial: arithmetic.binomial,
    sf.polygamma: arithmetic.polygamma,
    sf.re: arithmetic.complex_part,
    sf.im: arithmetic.complex_part,
    sf.conjugate: arithmetic.complex_part,
    sf.arg: arithmetic.complex_part,
    objects.Delta: arithmetic.delta,
    objects.Indicator: arithmetic.indicator,
    objects.Cases: arithmetic.cases,
    Symbol: names.symbol,
    objects.Entry: names.entry,
    objects.Call: names.call,
    objects.Partial: derivatives.partial,
    objects.SumOver: binders.add_up,
    objects.ProductOver: binders.multiply_up,
    objects.MaximumOver: binders.optimum,
    objects.MinimumOver: binders.optimum,
    objects.IntegralOver: integrals.integrate,
    objects.LimitAt: limits.limit,
    laws.Density: tables.density,
    laws.Expectation: tables.expectation,
    laws.Statistic: tables.statistic,
    arrays.Trace: matrices.trace,
    arrays.Determinant: matrices.determinant,
    arrays.Component: matrices.component,
    arrays.AnyEntry: matrices.any_entry,
}
