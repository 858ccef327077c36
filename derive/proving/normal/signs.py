"""What is known of signs and of being an integer: from kinds, facts, and the form of an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import E, Integer, Rational, S, Symbol, pi
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.power import Pow
from sympy.core.relational import Eq, GreaterThan, LessThan, Ne, StrictGreaterThan, StrictLessThan
from sympy.functions import Abs, exp, factorial
from sympy.logic.boolalg import And

from derive.meaning.laws import Density
from derive.meaning.objects import Call, Delta, Entry, Indicator, ProductOver, Range, SumOver
from derive.proving.giveup import Stuck
from derive.proving.normal.ring import Fraction, Polynomial

if TYPE_CHECKING:
    from derive.proving.normal.normaliser import Normaliser


class Signs:
    """Answers `nonnegative?`, `positive?`, `integer?`, `different?`; False means only "not known"."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self._at_least_zero: dict[tuple[object, ...], bool] | None = None  # identity of a fraction: strictly
        self._different: list[Expr] | None = None
        self.defined: set[tuple[object, ...]] = set()

    # ------------------------------------------------------------------ facts

    def read_facts(self) -> None:
        """Put the inequalities among the facts in normal form. Raises Regrain."""
        self._bounds()

    def _bounds(self) -> dict[tuple[object, ...], bool]:
        if self._at_least_zero is None:
            self._at_least_zero = {}
            for fact in self._normaliser.setting.facts:
                parts = fact.statement.args if isinstance(fact.statement, And) else (fact.statement,)
                for part in parts:
                    if isinstance(part, (GreaterThan, StrictGreaterThan, LessThan, StrictLessThan)):
                        self._note(part.gts, part.lts, isinstance(part, (StrictGreaterThan, StrictLessThan)))
        return self._at_least_zero

    def _note(self, greater: Expr, less: Expr, strict: bool) -> None:
        """From `greater ≥ less` with a number on one side: x ≥ c gives x ≥ 0 for c ≥ 0."""
        assert self._at_least_zero is not None
        differences: list[tuple[Expr, bool]] = [(greater - less, strict)]
        if isinstance(less, Rational) and less >= 0:
            differences.append((greater, strict or bool(less > 0)))
        if isinstance(greater, Rational) and greater <= 0:
            differences.append((-less, strict or bool(greater < 0)))
        for term, sure in differences:
            try:
                difference = self._normaliser.normalise(term)
            except Stuck:
                continue
            if difference.is_zero or not difference.den.is_constant():
                continue
            key = self._normaliser.ring.key(difference.num.primitive()[1])
            self._at_least_zero[key] = self._at_least_zero.get(key, False) or sure

    def differ(self, first: Expr, second: Expr) -> bool:
        """Whether the facts say that two indices are different."""
        if self._different is None:
            self._different = []
            for fact in self._normaliser.setting.facts:
                parts = fact.statement.args if isinstance(fact.statement, And) else (fact.statement,)
                self._different += [part.lhs - part.rhs for part in parts if isinstance(part, Ne)]
        difference = first - second
        return any(difference == known or difference == -known for known in self._different)

    # ------------------------------------------------------------------ signs

    def generator(self, number: int) -> str:
        """'positive', 'nonnegative' or '' for a generator."""
        shown = self._normaliser.ring.shown[number]
        key = self._normaliser.ring.key(self._normaliser.ring.term(((number, 1),)))
        strict = self._bounds().get(key)
        if strict:
            return "positive"
        found = self._shown_sign(shown)
        if found:
            return found
        return "nonnegative" if strict is not None or key in self.defined else ""

    def _shown_sign(self, shown: Expr) -> str:
        if self._normaliser.complex:
            return "positive" if shown in (E, pi) else ""
        if isinstance(shown, (Symbol, Entry, Call)):
            if isinstance(shown, Call) and any(shown.orders):
                return ""
            kind = self._normaliser.setting.kind(shown.name)
            return {"positive": "positive", "nonnegative": "nonnegative", "natural": "nonnegative"}.get(kind, "")
        if shown in (E, pi):
            return "positive"
        if isinstance(shown, Pow):
            if shown.base == E or (isinstance(shown.base, Rational) and shown.base > 0):
                return "positive"
            if isinstance(shown.base, Abs) or (isinstance(shown.exp, Rational) and not shown.exp.is_Integer):
                return "nonnegative"
            return self._shown_sign(shown.base) if self._shown_sign(shown.base) == "positive" else ""
        if isinstance(shown, exp):
            return "positive"
        if isinstance(shown, (SumOver, ProductOver)):
            return self._over(shown)
        if isinstance(shown, (Abs, Delta, Indicator, Density)):
            return "nonnegative"
        if isinstance(shown, factorial) and self.integer(shown.args[0]):
            return "positive"
        return ""

    def _over(self, shown: SumOver | ProductOver) -> str:
        """A sum of terms ≥ 0 is ≥ 0; it may be empty, so no more is known."""
        normaliser = self._normaliser
        normaliser.depth += 1
        try:
            slot = normaliser.slot(isinstance(shown.domain, Range))
            body = normaliser.normalise(shown.open(slot)[0])
            fraction = normaliser.ring.lift(body)
            found = self.polynomial(fraction.num) if self.polynomial(fraction.den) else ""
        finally:
            normaliser.depth -= 1
        if not found:
            return ""
        return found if isinstance(shown, ProductOver) else "nonnegative"

    def define(self, polynomial: Polynomial) -> None:
        """Take a polynomial to be ≥ 0, since both sides have no value elsewhere."""
        self.defined.add(self._normaliser.ring.key(polynomial))

    def polynomial(self, polynomial: Polynomial) -> str:
        """'positive', 'nonnegative' or '': the sign of a polynomial wherever it has a value."""
        ring = self._normaliser.ring
        if len(polynomial) > 60:
            return ""
        positive = False
        for exponents, coefficient in ring.terms(polynomial):
            if coefficient < 0:
                positive = False
                break
            signs = [self._power_sign(g, e) for g, e in exponents]
            if "" in signs or (self._normaliser.complex and exponents and "0" in signs):
                break
            positive = positive or all(s == "positive" for s in signs)
        else:
            return "positive" if positive else "nonnegative"
        key = ring.key(polynomial.primitive()[1])
        strict = self._bounds().get(key)
        if strict is not None:
            return "positive" if strict else "nonnegative"
        return "nonnegative" if key in self.defined else ""

    def _power_sign(self, generator: int, exponent: int) -> str:
        sign = self.generator(generator)
        if sign == "positive":
            return sign
        return "0" if sign or exponent % 2 == 0 else ""

    def nonnegative(self, fraction: Fraction) -> bool:
        return bool(self.polynomial(fraction.num) and self.polynomial(fraction.den))

    def positive(self, fraction: Fraction) -> bool:
        return self.polynomial(fraction.num) == "positive" and bool(self.polynomial(fraction.den))

    def nonzero(self, fraction: Fraction) -> bool:
        """Whether a fraction is certainly not 0 wherever it has a value: each factor of its numerator is positive, or
        a fact says so."""
        try:
            content, factors = self._normaliser.ring.factors(fraction)
        except Stuck:
            return self.positive(fraction)
        return bool(content != 0) and all(
            exponent < 0 or "positive" in (self.polynomial(p), self.polynomial(-p)) or self._is_said_nonzero(p)
            for p, exponent in factors
        )

    def _is_said_nonzero(self, polynomial: Polynomial) -> bool:
        ring = self._normaliser.ring
        key = ring.key(polynomial.primitive()[1])
        for fact in self._normaliser.setting.facts:
            if isinstance(fact.statement, Ne):
                try:
                    known = self._normaliser.normalise(fact.statement.lhs - fact.statement.rhs)
                except Stuck:
                    continue
                if not known.is_zero and ring.key(known.num.primitive()[1]) in (key, ring.key(-polynomial)):
                    return True
        return False

    # ------------------------------------------------------------------ integers

    def integer(self, term: Basic) -> bool:
        """Whether an expression is known to be an integer."""
        if isinstance(term, Integer):
            return True
        if isinstance(term, Symbol):
            if term.name.startswith("†"):
                return True
            return self._normaliser.setting.kind(term.name) in ("integer", "natural")
        if isinstance(term, Entry):
            return self._normaliser.setting.kind(term.name) in ("integer", "natural")
        if term.is_Add or term.is_Mul:
            return all(self.integer(arg) for arg in term.args)
        if term.is_Pow:
            return self.integer(term.base) and isinstance(term.exp, Integer) and term.exp > 0
        return isinstance(term, Delta)

    def natural(self, term: Basic) -> bool:
        """Whether an expression is known to be an integer ≥ 0."""
        return self.integer(term) and self.nonnegative(self._normaliser.normalise(term))

    def equation_sides(self) -> list[tuple[Expr, Expr]]:
        """The equations among the facts."""
        return [
            (f.statement.lhs, f.statement.rhs)
            for f in self._normaliser.setting.facts
            if isinstance(f.statement, Eq) and f.statement.lhs is not S.true
        ]
