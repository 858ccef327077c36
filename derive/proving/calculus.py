"""Derivatives by rules on the tree: ∂x_i/∂x_j = δ_ij, no capture of bound variables, abstract functions by the chain
rule. Rules and conditions: Spivak, Calculus, chapters 10 and 18; Apostol, Calculus II, 8 (partial derivatives).

What a document did not define is independent of the variable of a derivative, as `a` is in d/dx(a x²); but a whole
expression in which the variable does not stand is reported (`vanishes`), since it may be built on it unsaid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import E, Integer, S, pi
from sympy.core.add import Add
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.mul import Mul
from sympy.core.power import Pow
from sympy.core.relational import Ne
from sympy.core.symbol import Symbol
from sympy.functions import (
    Abs,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    cot,
    coth,
    csc,
    csch,
    erf,
    exp,
    log,
    sec,
    sech,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)
from sympy.logic.boolalg import Boolean

from derive.meaning.expectations import expanded
from derive.meaning.independence import families_in
from derive.meaning.laws import Density, Expectation, Space, Statistic
from derive.meaning.matrices import Array, Component, Gradient, Trace, Zero
from derive.meaning.objects import (
    Binder,
    Call,
    Cases,
    Delta,
    Entry,
    IntegralOver,
    LimitAt,
    Partial,
    ProductOver,
    Range,
    SumOver,
    subterms,
)
from derive.meaning.question import Setting
from derive.proving.giveup import NotCarriedOut, TooLarge
from derive.proving.unfolding import defined_names, head_name, names_in, opened_symbol, rewrite, unfold

MOST_STEPS = 5000

# outer derivatives of functions of one argument, with the rule that says so
OUTER: dict[type, tuple[str, Callable[[Expr], Expr]]] = {
    exp: ("derivative-of-exp", lambda u: exp(u)),
    log: ("derivative-of-log", lambda u: 1 / u),
    sin: ("derivative-of-sin", lambda u: cos(u)),
    cos: ("derivative-of-cos", lambda u: -sin(u)),
    tan: ("derivative-of-tan", lambda u: 1 / cos(u) ** 2),
    cot: ("derivative-of-cot", lambda u: -1 / sin(u) ** 2),
    sec: ("derivative-of-sec", lambda u: sin(u) / cos(u) ** 2),
    csc: ("derivative-of-csc", lambda u: -cos(u) / sin(u) ** 2),
    sinh: ("derivative-of-sinh", lambda u: cosh(u)),
    cosh: ("derivative-of-cosh", lambda u: sinh(u)),
    tanh: ("derivative-of-tanh", lambda u: 1 / cosh(u) ** 2),
    coth: ("derivative-of-coth", lambda u: -1 / sinh(u) ** 2),
    sech: ("derivative-of-sech", lambda u: -sinh(u) / cosh(u) ** 2),
    csch: ("derivative-of-csch", lambda u: -cosh(u) / sinh(u) ** 2),
    asin: ("derivative-of-arcsin", lambda u: 1 / sqrt(1 - u**2)),
    acos: ("derivative-of-arccos", lambda u: -1 / sqrt(1 - u**2)),
    atan: ("derivative-of-arctan", lambda u: 1 / (1 + u**2)),
    asinh: ("derivative-of-arsinh", lambda u: 1 / sqrt(1 + u**2)),
    acosh: ("derivative-of-arcosh", lambda u: 1 / sqrt(u**2 - 1)),
    atanh: ("derivative-of-artanh", lambda u: 1 / (1 - u**2)),
    erf: ("derivative-of-error-function", lambda u: 2 * exp(-(u**2)) / sqrt(pi)),
}


@dataclass(frozen=True, slots=True)
class Derivative:
    """The outcome: the value, the rules in order, conditions used, and whether the variable did not stand in it."""

    value: Expr
    rules: tuple[str, ...]
    assumptions: tuple[Boolean | str, ...]
    vanishes: bool


def differentiate(body: Expr, variable: Expr, setting: Setting) -> Derivative:
    """The derivative of `body` with respect to a Symbol, Entry or Call, with the definitions of the setting put into
    the body (never that of the variable). Raises `NotCarriedOut` where no rule applies."""
    own = head_name(variable)
    if own is None:
        raise NotCarriedOut("the variable of a derivative is not a name")
    work = _Differentiation(variable, own, setting)
    if not work.mentions(body):
        opened = unfold(body, setting, [name for name in defined_names(setting) if name != own])
        if opened != body:
            work.use("definition")
        body = opened
    else:
        body = unfold(body, setting, work.built_on())
    inner = carry_out(body, setting)
    for rule in inner.rules:
        work.use(rule)
    work.assumptions.update(dict.fromkeys(inner.assumptions))
    vanishes = (not work.mentions(inner.value) and bool(names_in(inner.value))) or inner.vanishes != ()
    value = work.derive(inner.value, 0)
    return Derivative(value, tuple(work.rules), tuple(work.assumptions), vanishes)


@dataclass(frozen=True, slots=True)
class Carried:
    """An expression whose derivatives were carried out; `vanishes` lists (body, variable) where nothing depended."""

    value: Expr
    rules: tuple[str, ...] = ()
    assumptions: tuple[Boolean | str, ...] = ()
    vanishes: tuple[tuple[Expr, Expr], ...] = ()


def carry_out(term: Basic, setting: Setting) -> Carried:
    """The term with every `Partial` in it carried out, innermost first."""
    if not any(isinstance(part, Partial | Gradient) for part in subterms(term)):
        return Carried(term)
    rules: dict[str, None] = {}
    assumptions: dict[Boolean | str, None] = {}
    vanishes: list[tuple[Expr, Expr]] = []

    def change(part: Basic) -> Basic | None:
        if isinstance(part, Gradient):
            from derive.proving.gradients import gradient

            found = gradient(carry_out(part.args[0], setting).value, part.args[1], setting)
        elif isinstance(part, Partial):
            found = differentiate(part.body, part.variable, setting)
        else:
            return None
        rules.update(dict.fromkeys(found.rules))
        assumptions.update(dict.fromkeys(a for a in found.assumptions if not _internal(a)))
        if found.vanishes:
            vanishes.append((part.args[0], part.args[1]))
        return found.value

    # a derivative under a binder may need symbols for opened binders of its own: they start far above
    value = rewrite(term, change)
    return Carried(value, tuple(rules), tuple(assumptions), tuple(vanishes))


def _internal(condition: Boolean | str) -> bool:
    """Whether a condition speaks of a bound variable."""
    return not isinstance(condition, str) and any(
        isinstance(s, Symbol) and s.name[0] in "⋄†‡" for s in condition.free_symbols
    )


class _Differentiation:
    """One derivative under way."""

    def __init__(self, variable: Expr, own: str, setting: Setting) -> None:
        self.variable = variable
        self._own = own
        self._setting = setting
        self.rules: dict[str, None] = {}
        self.assumptions: dict[Boolean | str, None] = {}
        self._steps = 0

    def use(self, rule: str) -> None:
        self.rules.setdefault(rule)

    def mentions(self, term: Basic) -> bool:
        """Whether the variable, or another member of its family, stands in a term."""
        return self._own in names_in(term)

    def built_on(self) -> list[str]:
        """The defined names whose definitions lead to the variable."""
        names = [name for name in defined_names(self._setting) if name != self._own]
        bodies = {name: set[str]() for name in names}
        for definition in self._setting.definitions:
            name = head_name(definition.head)
            if name in bodies:
                parameters = {p.name for p in definition.parameters}
                bodies[name] |= names_in(definition.body) - parameters
        reached: set[str] = {self._own}
        while more := {name for name in names if name not in reached and bodies[name] & reached}:
            reached |= more
        return [name for name in names if name in reached]

    # ------------------------------------------------------------------ rules

    def derive(self, term: Expr, level: int) -> Expr:
        """The derivative of one term."""
        self._steps += 1
        if self._steps > MOST_STEPS or level > 30:
            raise TooLarge("a derivative takes too many steps")
        if not self.mentions(term):
            return S.Zero
        if term == self.variable:
            self.use("derivative-of-variable")
            return S.One
        if isinstance(term, (Symbol, Entry)):
            return self._name(term)
        if isinstance(term, Add):
            self.use("derivative-of-sum")
            return Add(*[self.derive(arg, level) for arg in term.args])
        if isinstance(term, Mul):
            return self._product(term, level)
        if isinstance(term, Pow):
            return self._power(term, level)
        outer = OUTER.get(type(term))
        if outer is not None and len(term.args) == 1:
            return self._chain(outer[0], outer[1](term.args[0]), term.args[0], level)
        if isinstance(term, Abs):
            self.assumptions.setdefault(Ne(term.args[0], 0))
            return self._chain("derivative-of-magnitude", term.args[0] / term, term.args[0], level)
        if isinstance(term, Call):
            return self._call(term, level)
        if isinstance(term, Cases):
            if any(self.mentions(condition) for _, condition in term.branches):
                raise NotCarriedOut("the cases of a function depend on the variable of the derivative")
            return Cases(*[(self.derive(value, level), condition) for value, condition in term.branches])
        if isinstance(term, Density):
            self.use("derivative-of-density")
            return Partial(term, self.variable)
        if isinstance(term, Statistic):
            return self.derive(term.value, level)
        if isinstance(term, Expectation):
            listed = expanded(term, self._setting.chances, families=families_in(self._setting.independent))
            if listed == term or not isinstance(listed, Expr):
                raise NotCarriedOut("an expectation over too many variables is not differentiated")
            return self.derive(listed, level)
        if isinstance(term, Binder):
            return self._binder(term, level)
        if isinstance(term, Trace):
            return self._trace(term, level)
        raise NotCarriedOut(f"no rule differentiates {type(term).__name__}")

    def _trace(self, term: Expr, level: int) -> Expr:
        """d tr M = tr dM; by an entry of a vector, the entry of the gradient."""
        from derive.proving.gradients import gradient, matrix_slope

        if isinstance(self.variable, Entry) and len(self.variable.indices) == 1:
            if any(isinstance(part, Entry) and part.name == self._own for part in subterms(term)):
                raise NotCarriedOut(f"{self._own} stands both as a vector and with its entries")
            found = gradient(term, Array(Symbol(self._own), "column"), self._setting)
            for rule in found.rules:
                self.use(rule)
            return Component(found.value, self.variable.indices[0], S.One)
        self.use("derivative-of-trace")
        slope = matrix_slope(term.args[0], lambda inner: self.derive(inner, level))
        return S.Zero if isinstance(slope, Zero) else Trace(slope)

    def _name(self, term: Symbol | Entry) -> Expr:
        if head_name(term) != self._own or type(term) is not type(self.variable):
            raise NotCarriedOut(f"{self._own} stands both with and without indices, or inside an index")
        if not isinstance(term, Entry):
            raise NotCarriedOut(f"{self._own} is not the variable of the derivative")
        mine, theirs = term.args[1:], self.variable.args[1:]
        if [len(part) for part in mine] != [len(part) for part in theirs]:
            raise NotCarriedOut(f"{self._own} stands with different numbers of indices")
        if any(self.mentions(index) for part in mine for index in part):
            raise NotCarriedOut("an index depends on the variable of the derivative")
        self.use("derivative-of-entry")
        return Mul(
            *[
                Delta(a, b)
                for first, second in zip(mine, theirs, strict=True)
                for a, b in zip(first, second, strict=True)
            ]
        )

    def _product(self, term: Mul, level: int) -> Expr:
        above = [arg for arg in term.args if not _is_inverse(arg)]
        below = [Pow(arg, S.NegativeOne) for arg in term.args if _is_inverse(arg)]
        if any(self.mentions(arg) for arg in below):
            u, v = Mul(*above), Mul(*below)
            self.use("derivative-quotient")
            return (self.derive(u, level) * v - u * self.derive(v, level)) / v**2
        varying = [k for k, arg in enumerate(term.args) if self.mentions(arg)]
        self.use("derivative-of-product" if len(varying) > 1 else "derivative-of-multiple")
        parts = []
        for k in varying:
            others = term.args[:k] + term.args[k + 1 :]
            parts.append(Mul(*others, self.derive(term.args[k], level)))
        return Add(*parts)

    def _power(self, term: Pow, level: int) -> Expr:
        base, exponent = term.args
        if base == E:
            return self._chain("derivative-of-exp", term, exponent, level)
        if not self.mentions(exponent):
            if exponent == S.NegativeOne:
                self.use("derivative-quotient")
                return -self.derive(base, level) / base**2
            return self._chain("derivative-of-power", exponent * Pow(base, exponent - 1), base, level)
        if not self.mentions(base):
            return self._chain("derivative-of-exponential", term * log(base), exponent, level)
        self.use("derivative-of-general-power")
        return term * (self.derive(exponent, level) * log(base) + exponent * self.derive(base, level) / base)

    def _chain(self, rule: str, outer: Expr, inner: Expr, level: int) -> Expr:
        self.use(rule)
        if inner != self.variable:
            self.use("chain-rule")
        return Mul(outer, self.derive(inner, level))

    def _call(self, term: Call, level: int) -> Expr:
        if self._own in names_in(term.head) or head_name(term) == self._own:
            raise NotCarriedOut(f"{self._own} stands as a function")
        parts = []
        for place, argument in enumerate(term.arguments):
            slope = self.derive(argument, level)
            if slope == 0:
                continue
            orders = list(term.orders)
            orders[place] += 1
            parts.append(Call(term.head, term.arguments, [Integer(o) for o in orders]) * slope)
        self.use("chain-rule")
        return Add(*parts)

    def _binder(self, term: Binder, level: int) -> Expr:
        inner = opened_symbol(1000 + level)
        body, inside = term.open(inner)
        if any(self.mentions(part) for part in inside):
            raise NotCarriedOut("a condition under a sum depends on the variable of the derivative")
        bounded = any(self.mentions(part) for part in term.outside)
        if isinstance(term, IntegralOver):
            return self._integral(term, body, inner, inside, bounded, level)
        if bounded:
            raise NotCarriedOut("a bound depends on the variable of the derivative")
        if isinstance(term, SumOver):
            self.use("derivative-of-indexed-sum")
            if isinstance(term.domain, Space):
                self.assumptions.setdefault("the integral may be differentiated under its sign")
            if S.Infinity in getattr(term.domain, "args", ()):
                self.assumptions.setdefault("the series may be differentiated term by term")
            return SumOver(self.derive(body, level + 1), inner, *term.outside, *inside)
        if isinstance(term, ProductOver):
            self.use("derivative-of-indexed-product")
            self.assumptions.setdefault("no factor of the product is zero")
            return term * SumOver(self.derive(body, level + 1) / body, inner, *term.outside, *inside)
        if isinstance(term, LimitAt):
            raise NotCarriedOut("a limit is not differentiated")
        raise NotCarriedOut(f"no rule differentiates {type(term).__name__}")

    def _integral(
        self, term: IntegralOver, body: Expr, inner: Symbol, inside: tuple[Basic, ...], bounded: bool, level: int
    ) -> Expr:
        """Leibniz: d/dx ∫_a^b f dt = f(b) b' − f(a) a' + ∫_a^b ∂f/∂x dt."""
        parts: list[Expr] = []
        if self.mentions(body):
            self.use("derivative-under-integral")
            self.assumptions.setdefault("the integral may be differentiated under its sign")
            parts.append(IntegralOver(self.derive(body, level + 1), inner, *term.outside, *inside))
        if bounded:
            if not isinstance(term.domain, Range):
                raise NotCarriedOut("the domain of an integral depends on the variable of the derivative")
            self.use("derivative-of-bound")
            self.assumptions.setdefault("the integrand is continuous")
            for bound, factor in ((term.domain.upper, 1), (term.domain.lower, -1)):
                if self.mentions(bound):
                    parts.append(factor * term.open(bound)[0] * self.derive(bound, level))
        return Add(*parts)


def _is_inverse(term: Basic) -> bool:
    return isinstance(term, Pow) and term.exp.could_extract_minus_sign() and term.exp.is_Number and term.base != E
