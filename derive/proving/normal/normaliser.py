"""The normal form of an expression: what each kind of node turns into.

`Normaliser(setting).normalise(expression)` gives a `Fraction` over generators. Generators stand for what is not field
arithmetic: symbols, entries, calls, roots, exponentials, logarithms, sums, … each keyed by its head and the normal
forms of its arguments. Powers, logarithms and sums have files of their own; this one holds the table of heads.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import E, I, Rational, S, Symbol
from sympy.core.add import Add
from sympy.core.basic import Basic
from sympy.core.containers import Tuple
from sympy.core.expr import Expr
from sympy.core.mul import Mul
from sympy.core.numbers import Float
from sympy.core.power import Pow
from sympy.core.relational import Eq, Ne, Relational
from sympy.core.symbol import Str
from sympy.functions import (
    Abs,
    Max,
    Min,
    binomial,
    cos,
    cosh,
    cot,
    coth,
    csc,
    exp,
    factorial,
    gamma,
    log,
    sec,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)
from sympy.logic.boolalg import Boolean, BooleanFunction, true

from derive.meaning.laws import Density, Expectation, Space, Statistic, Variable
from derive.meaning.matrices import AnyEntry, Component, Determinant, MatrixTerm, Trace
from derive.meaning.objects import (
    Binder,
    Call,
    Cases,
    Delta,
    Entry,
    Indicator,
    IntegralOver,
    LimitAt,
    Over,
    Partial,
    ProductOver,
    Range,
    SumOver,
    Term,
    Whole,
)
from derive.meaning.question import Setting
from derive.proving.giveup import Stuck, TooLarge, Undefined
from derive.proving.normal.choices import ChoiceForms
from derive.proving.normal.densities import DensityForms
from derive.proving.normal.gamma import GammaForms
from derive.proving.normal.integrals import IntegralForms
from derive.proving.normal.limits import LimitForms
from derive.proving.normal.matrices import MatrixForms
from derive.proving.normal.powers import PowerForms
from derive.proving.normal.ring import Fraction, Polynomial, Ring
from derive.proving.normal.signs import Signs
from derive.proving.normal.sums import SumForms
from derive.proving.normal.trigonometry import TrigonometricForms

MOST_DEPTH = 60
MOST_NODES = 20_000


class Normaliser:
    """Turns the expressions of one question into fractions.

    `closed`: whether sums with a closed form (powers, geometric) are replaced by it. `grains`: the common denominators
    of rational exponents found so far (see `powers.Regrain`). `assumptions` and `used` gather conditions and the names
    of the transformations that took place, in order."""

    def __init__(self, setting: Setting, closed: bool = False, grains: dict[object, int] | None = None) -> None:
        self.setting = setting
        self.closed = closed
        self.ring = Ring()
        self.grains = grains if grains is not None else {}
        self.complex = "complex" in setting.kinds.values()
        self.assumptions: dict[Boolean | str, None] = {}
        self.used: dict[str, None] = {}
        self.depth = 0
        self.slots: dict[Basic, Basic] = {}  # the domain of the index at each depth
        self.signs = Signs(self)
        self.powers = PowerForms(self)
        self.sums = SumForms(self)
        self.trigonometry = TrigonometricForms(self)
        self.gamma = GammaForms(self)
        self.integrals = IntegralForms(self)
        self.limits = LimitForms(self)
        self.choices = ChoiceForms(self)
        self.densities = DensityForms(self)
        self.matrices = MatrixForms(self)
        self._memo: dict[Basic, Fraction] = {}
        self._nesting = 0
        self._nodes = 0
        self._table: dict[type, Callable[[Expr], Fraction]] = {
            Add: self._sum,
            Mul: self._product,
            Pow: self.powers.power,
            exp: lambda term: self.powers.exponential(self.normalise(term.args[0])),
            log: self.powers.logarithm,
            Abs: self.powers.magnitude,
            sin: self.trigonometry.sine,
            cos: self.trigonometry.cosine,
            tan: lambda term: self._quotient(sin(term.args[0]), cos(term.args[0])),
            cot: lambda term: self._quotient(cos(term.args[0]), sin(term.args[0])),
            sec: lambda term: self._quotient(S.One, cos(term.args[0])),
            csc: lambda term: self._quotient(S.One, sin(term.args[0])),
            sinh: lambda term: self._hyperbolic(term.args[0], -1),
            cosh: lambda term: self._hyperbolic(term.args[0], 1),
            tanh: lambda term: self._quotient(sinh(term.args[0]), cosh(term.args[0])),
            coth: lambda term: self._quotient(cosh(term.args[0]), sinh(term.args[0])),
            factorial: lambda term: self.gamma.factorial(self.normalise(term.args[0])),
            gamma: self.gamma.gamma,
            binomial: self.gamma.binomial,
            Max: self.choices.extremum,
            Min: self.choices.extremum,
            sign: self._sign,
            Delta: self._delta,
            Indicator: self.choices.indicator,
            Cases: self.choices.cases,
            SumOver: self.sums.sum,
            ProductOver: self.sums.product,
            IntegralOver: self.integrals.integral,
            LimitAt: self.limits.limit,
            Density: self.densities.density,
            Expectation: self.densities.expectation,
            Statistic: lambda term: self.normalise(term.args[1]),
            Partial: self._partial,
            Trace: self.matrices.trace,
            AnyEntry: self.matrices.any_entry,
            Component: self.matrices.component,
            Determinant: self.matrices.determinant,
        }

    # ------------------------------------------------------------------ the way in

    def normalise(self, term: Basic) -> Fraction:
        """The fraction that an expression is; raises `Stuck` where it is too large or has no value."""
        found = self._memo.get(term)
        if found is not None:
            return found
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise TooLarge("the expression is too large")
        self._nesting += 1
        try:
            if self._nesting > MOST_DEPTH:
                raise TooLarge("the expression is nested too deeply")
            result = self._dispatch(term)
        finally:
            self._nesting -= 1
        self._memo[term] = result
        return result

    def canonical(self, term: Basic) -> Expr:
        """An expression in normal form: the same for expressions with the same normal form."""
        return self.ring.expression(self.normalise(term))

    def atom(self, shown: Expr) -> Fraction:
        """The generator keyed by an expression in normal form, as a fraction."""
        return self.ring.power_of(self.ring.generator(shown, shown), 1)

    def assume(self, *conditions: Boolean | str) -> None:
        """Note conditions that the result depends on."""
        for condition in conditions:
            if condition != true:
                self.assumptions.setdefault(condition)

    def use(self, rule: str) -> None:
        """Note that a transformation took place."""
        self.used.setdefault(rule)

    # ------------------------------------------------------------------ heads

    def _dispatch(self, term: Basic) -> Fraction:
        if isinstance(term, Rational):
            return self.ring.number(term)
        handler = self._table.get(type(term))
        if handler is not None:
            return handler(term)
        if term is E:
            return self.powers.exponential(self.ring.one)
        if term is I:
            self.complex = True
            number = self.ring.generator(I, I)
            self.ring.relate(number, 2, self.ring.number(-1))
            return self.ring.power_of(number, 1)
        if isinstance(term, Float):
            return self.ring.number(Rational(str(term)))
        if term in (S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN):
            raise Undefined("an infinite or undefined value stands in the expression")
        if isinstance(term, Symbol) or term.is_Atom:
            if not isinstance(term, Expr):
                raise Stuck(f"no normal form is known for {type(term).__name__}")
            return self.atom(term)
        if isinstance(term, (Entry, Call)):
            return self.atom(self.named(term))
        if isinstance(term, Binder):
            return self.atom(self._rebuilt_binder(term))
        if isinstance(term, Expr) and (isinstance(term, Term) or term.is_Function) and term.is_commutative:
            return self.atom(self._rebuilt(term))
        raise Stuck(f"no normal form is known for {type(term).__name__}")

    def rebuilt(self, part: Basic) -> Basic:
        """A part of an atom with every expression in it in normal form."""
        if isinstance(part, (Str, Boolean)) and not part.args:
            return part
        if isinstance(part, (Tuple, Range, Over, Whole, Space, Variable, Relational, BooleanFunction)):
            if isinstance(part, (Eq, Ne)):
                return part.func(self.canonical(part.lhs - part.rhs), S.Zero)
            if not part.args:
                return part
            return part.func(*[self.rebuilt(arg) for arg in part.args])
        if part in (S.Infinity, S.NegativeInfinity):
            return part
        if isinstance(part, MatrixTerm):
            return self.matrices.words.canonical(part)
        if isinstance(part, Expr):
            return self.canonical(part)
        return part

    def named(self, term: Expr) -> Expr:
        """A member or call with what stands in it in normal form."""
        return self._rebuilt(term)

    def _rebuilt(self, term: Expr) -> Expr:
        head, *rest = term.args
        if isinstance(term, Call) and isinstance(head, Entry):
            head = self._rebuilt(head)
        elif not isinstance(head, Str):
            head = self.rebuilt(head)
        made: Expr = term.func(head, *[self.rebuilt(arg) for arg in rest])
        return made

    @staticmethod
    def marker(level: int) -> Symbol:
        """The symbol for a bound variable of this level where a body is only looked at."""
        return Symbol(f"‡look{level}")

    def slot(self, integer: bool) -> Symbol:
        """The symbol that stands for a bound variable at the present depth, outside all documents' names."""
        return Symbol(f"{'†' if integer else '‡'}{self.depth}")

    def _rebuilt_binder(self, term: Binder) -> Expr:
        self.depth += 1
        try:
            slot = self.slot(False)
            body, inside = term.open(slot)
            shown = self.canonical(body)
            inner = [self.rebuilt(part) for part in inside]
        finally:
            self.depth -= 1
        made: Expr = term.func(shown, slot, *[self.rebuilt(part) for part in term.outside], *inner)
        return made

    def _sum(self, term: Expr) -> Fraction:
        return self.ring.total(self.normalise(arg) for arg in term.args)

    def _product(self, term: Expr) -> Fraction:
        if not term.is_commutative:
            raise Stuck("the product of matrices or operators has no normal form here")
        return self.ring.product(self.normalise(arg) for arg in term.args)

    def _quotient(self, over: Expr, under: Expr) -> Fraction:
        return self.ring.divide(self.normalise(over), self.normalise(under))

    def _hyperbolic(self, argument: Expr, side: int) -> Fraction:
        value = self.normalise(argument)
        up, down = self.powers.exponential(value), self.powers.exponential(self.ring.negate(value))
        return self.ring.divide(self.ring.add(up, down if side > 0 else self.ring.negate(down)), self.ring.number(2))

    def _sign(self, term: Expr) -> Fraction:
        value = self.normalise(term.args[0])
        if self.signs.positive(value):
            return self.ring.one
        return self.atom(sign(self.ring.expression(value)))

    def _delta(self, term: Expr) -> Fraction:
        made = Delta(self.canonical(term.args[0]), self.canonical(term.args[1]))
        if not isinstance(made, Delta):
            return self.ring.number(made)
        if self.signs.differ(*made.args):
            self.use("delta-different-index")
            return self.ring.zero
        number = self.ring.generator(made, made)
        self.ring.relate(number, 2, self.ring.power_of(number, 1))
        return self.ring.power_of(number, 1)

    def _partial(self, term: Expr) -> Fraction:
        # as it stands: what its variable equals at one point must not be put into it
        return self.atom(term)

    # ------------------------------------------------------------------ questions about what stands inside

    def depends(self, generator: int, variable: Symbol) -> bool:
        """Whether a generator varies with a symbol."""
        return variable in self.ring.shown[generator].free_symbols

    def varies(self, polynomial: Polynomial, variable: Symbol) -> bool:
        return any(self.depends(g, variable) for g in self.ring.generators(polynomial))
