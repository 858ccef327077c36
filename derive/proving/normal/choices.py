"""What chooses between values: indicators, case distinctions, the larger of two numbers.

An indicator is 0 or 1, so it equals its square; the indicator of `a ≤ b` is 1 less that of `a > b`, that of a
conjunction a product. A case distinction is Σ value · indicator of its case and of none before it (Graham, Knuth,
Patashnik, Concrete Mathematics, 2.1): as an identity in the indicators it holds for each way in which the conditions
can turn out. max(a, b) = (a + b + |a − b|)/2 for real numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Not, false, true
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne
from sympy.functions import Abs, Max
from sympy.logic.boolalg import And, Boolean, Or

from derive.meaning.objects import Call, Delta, Indicator
from derive.proving.giveup import Undefined
from derive.proving.normal.ring import Fraction

if TYPE_CHECKING:
    from derive.proving.normal.normaliser import Normaliser


class ChoiceForms:
    """Normal forms of indicators, cases, max and min."""

    def __init__(self, normaliser: Normaliser) -> None:
        self._normaliser = normaliser
        self._ring = normaliser.ring

    def indicator(self, term: Expr) -> Fraction:
        """1 where a condition holds, else 0."""
        return self._chosen(term.args[0])

    def _chosen(self, condition: Basic) -> Fraction:
        ring, facts = self._ring, {fact.statement for fact in self._normaliser.setting.facts}
        if condition == true or condition in facts:
            return ring.one
        if condition == false or (isinstance(condition, Boolean) and Not(condition) in facts):
            return ring.zero
        if isinstance(condition, Not):
            return ring.subtract(ring.one, self._chosen(condition.args[0]))
        if isinstance(condition, And):
            return ring.product(self._chosen(part) for part in condition.args)
        if isinstance(condition, Or):
            none = ring.product(ring.subtract(ring.one, self._chosen(part)) for part in condition.args)
            return ring.subtract(ring.one, none)
        if isinstance(condition, Eq | Ne):
            return self._equal(condition)
        if isinstance(condition, Le | Lt | Ge | Gt):
            return self._greater(condition)
        made = Indicator(self._normaliser.rebuilt(condition))
        return self._idempotent(made) if isinstance(made, Indicator) else ring.number(made)

    def _equal(self, condition: Eq | Ne) -> Fraction:
        ring = self._ring
        if all(self._normaliser.signs.integer(side) for side in condition.args):
            equal = self._normaliser.normalise(Delta(*condition.args))
        else:
            difference = self._normaliser.normalise(condition.lhs - condition.rhs)
            if difference.is_zero:
                equal = ring.one
            elif self._normaliser.signs.nonzero(difference):
                equal = ring.zero
            else:
                primitive = ring.fraction(difference.num.primitive()[1], ring.one.num)
                made = Eq(ring.expression(primitive), 0, evaluate=False)
                said = made in {fact.statement for fact in self._normaliser.setting.facts}
                equal = ring.one if said else self._idempotent(Indicator(made))
        return equal if isinstance(condition, Eq) else ring.subtract(ring.one, equal)

    def _greater(self, condition: Le | Lt | Ge | Gt) -> Fraction:
        """The indicator of an order, through that of a strict one: `a ≤ b` is not `a > b`. In integers nothing is
        gained by telling `>` from `≥`."""
        ring, normaliser = self._ring, self._normaliser
        strict = isinstance(condition, Lt | Gt)
        difference = normaliser.normalise(condition.gts - condition.lts)
        if difference.is_zero:
            return ring.zero if strict else ring.one
        opposite = ring.negate(difference)
        if normaliser.signs.positive(difference) or (not strict and normaliser.signs.nonnegative(difference)):
            return ring.one
        if normaliser.signs.positive(opposite) or (strict and normaliser.signs.nonnegative(opposite)):
            return ring.zero
        if strict:
            return self._idempotent(Indicator(Gt(ring.expression(difference), 0, evaluate=False)))
        return ring.subtract(ring.one, self._idempotent(Indicator(Gt(ring.expression(opposite), 0, evaluate=False))))

    def _idempotent(self, made: Expr) -> Fraction:
        number = self._ring.generator(made, made)
        self._ring.relate(number, 2, self._ring.power_of(number, 1))
        return self._ring.power_of(number, 1)

    def cases(self, term: Expr) -> Fraction:
        """The first value whose condition holds."""
        ring = self._ring
        left, parts = ring.one, []
        for value, condition in term.branches:
            chosen = self._chosen(condition)
            if chosen.is_zero:
                continue
            parts.append(ring.multiply(ring.multiply(left, chosen), self._normaliser.normalise(value)))
            left = ring.multiply(left, ring.subtract(ring.one, chosen))
            if left.is_zero:
                break
        if not parts:
            raise Undefined("no case applies")
        if not left.is_zero:
            # where no case applies there is no value: the indicator of that is not to be dropped
            parts.append(ring.multiply(left, self._normaliser.atom(Call("no case", (ring.expression(left),)))))
        if len(parts) > 1:
            self._normaliser.use("cases-by-indicators")
        return ring.total(parts)

    def extremum(self, term: Expr) -> Fraction:
        """The larger or smaller of some numbers."""
        made = term.func(*[self._normaliser.canonical(arg) for arg in term.args])
        if not isinstance(made, type(term)):
            return self._normaliser.normalise(made)
        if len(made.args) != 2 or self._normaliser.complex:
            return self._normaliser.atom(made)
        first, second = made.args
        self._normaliser.use("extremum-by-magnitude")
        apart = self._normaliser.normalise(Abs(first - second, evaluate=False))
        both = self._normaliser.normalise(first + second)
        total = self._ring.add(both, apart) if isinstance(made, Max) else self._ring.subtract(both, apart)
        return self._ring.divide(total, self._ring.number(2))
