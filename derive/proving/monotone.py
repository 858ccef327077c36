"""Whether a side grows or falls with what stands at a place: sums, products with factors of known sign, increasing
functions, finite sums over an index (Hardy, Littlewood, Pólya, Inequalities, chapter 1)."""

from __future__ import annotations

from sympy import Integer, Rational, S
from sympy.core.add import Add
from sympy.core.basic import Basic
from sympy.core.mul import Mul
from sympy.core.power import Pow
from sympy.core.relational import Ge, Gt, Le
from sympy.functions import Max, Min, exp, log, sinh, tanh

from derive.meaning.objects import Binder, MaximumOver, MinimumOver, SumOver, occurs
from derive.meaning.question import Setting
from derive.proving.conditions import standing
from derive.proving.places import NoSuchPlace, Place, setting_at
from derive.proving.unfolding import opened_symbol

_INCREASING = (exp, log, sinh, tanh, Max, Min)


def direction_at(term: Basic, place: Place, setting: Setting) -> int:
    """1 where the term does not fall as the subterm at the place grows, −1 where it does not grow, 0 where unknown.
    Raises NoSuchPlace."""
    direction, level = 1, 0
    here = term
    for step, position in enumerate(place):
        inside = setting_at(term, place[:step], setting)
        if not 0 <= position < len(here.args):
            raise NoSuchPlace("there is no such place")
        if isinstance(here, Binder):
            if position != 0:
                return 0
            variable = opened_symbol(level)
            if occurs(variable, here):
                raise NoSuchPlace("the symbol of the opened binder is taken")
            if not _keeps_order(here):
                return 0
            here, level = here.open(variable)[0], level + 1
            continue
        direction *= _factor(here, position, inside)
        if direction == 0:
            return 0
        here = here.args[position]
    return direction


def _keeps_order(binder: Binder) -> bool:
    """Whether more of the body at every value of the index means more of the whole, which has a value whatever the
    body is: not where what comes in might diverge."""
    if isinstance(binder, SumOver):
        return not any(end in (S.Infinity, S.NegativeInfinity) for end in binder.domain.args)
    return isinstance(binder, MaximumOver | MinimumOver)


def _factor(here: Basic, position: int, setting: Setting) -> int:
    """The direction of one level."""
    if isinstance(here, Add) or (isinstance(here, _INCREASING) and len(here.args) >= 1):
        return 1
    if isinstance(here, Mul):
        rest = Mul(*here.args[:position], *here.args[position + 1 :])
        if standing(Ge(rest, 0), setting) == "known":
            return 1
        return -1 if standing(Le(rest, 0), setting) == "known" else 0
    if isinstance(here, Pow) and position == 0 and isinstance(here.exp, Rational):
        if isinstance(here.exp, Integer) and here.exp > 0 and here.exp % 2:
            return 1
        # a root grows wherever it has a value; of even powers and quotients the sign of what comes in would be needed
        return 1 if not isinstance(here.exp, Integer) and here.exp > 0 else 0
    if isinstance(here, Pow) and position == 1 and standing(Gt(here.base, 1), setting) == "known":
        return 1
    return 0
