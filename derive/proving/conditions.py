"""Whether a condition of a rule is known where the rule is applied: from the form of its terms, kinds and facts."""

from __future__ import annotations

from typing import Literal

from sympy import S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational
from sympy.logic.boolalg import And, Or

from derive.meaning.question import Kind, Setting
from derive.proving.comparing import compare
from derive.proving.giveup import Stuck
from derive.proving.normal.normaliser import Normaliser
from derive.proving.ordering import Order, decide_order

Standing = Literal["known", "false", "open"]
_ORDERS: dict[type, Order] = {Lt: "<", Le: "≤", Gt: ">", Ge: "≥", Ne: "≠"}
_OPPOSITE: dict[type, Order] = {Lt: "≥", Le: ">", Gt: "≤", Ge: "<"}


def standing(condition: Basic, setting: Setting) -> Standing:
    """`known` where the condition certainly holds, `false` where it certainly fails, else `open`."""
    if condition == S.true:
        return "known"
    if condition == S.false:
        return "false"
    if isinstance(condition, And):
        found = [standing(part, setting) for part in condition.args]
        return "false" if "false" in found else "known" if set(found) == {"known"} else "open"
    if isinstance(condition, Or):
        found = [standing(part, setting) for part in condition.args]
        return "known" if "known" in found else "false" if set(found) == {"false"} else "open"
    if not isinstance(condition, Relational):
        return "open"
    if condition in {fact.statement for fact in setting.facts}:
        return "known"
    left, right = condition.args
    if not isinstance(condition, Eq | Ne) and left.is_number and right.is_number:
        sure = (left - right).is_positive, (left - right).is_negative
        if True in sure and (left - right).is_real:
            return "known" if (sure[0] and condition.gts == left) or (sure[1] and condition.gts == right) else "false"
    if any(end in (S.Infinity, S.NegativeInfinity) for end in (left, right)):
        return _at_infinity(condition)
    try:
        if isinstance(condition, Eq):
            return "known" if _equal(left, right, setting) else "open"
        kind = type(condition)
        if _certain(left, _ORDERS[kind], right, setting):
            return "known"
        opposite = _OPPOSITE.get(kind)
        if opposite is not None and _certain(left, opposite, right, setting):
            return "false"
        if isinstance(condition, Ne) and _equal(left, right, setting):
            return "false"
    except (Stuck, KeyError):
        pass
    return "open"


def standing_kind(term: Basic, kind: Kind, setting: Setting) -> Standing:
    """Whether a term is certainly of a kind: `integer`, `natural` (an integer ≥ 0), `positive`, `real`, …"""
    normaliser = Normaliser(setting)
    try:
        if kind in ("integer", "natural"):
            if term.is_Number and not term.is_Integer:
                return "false"
            if not normaliser.signs.integer(term):
                return "open"
            return "known" if kind == "integer" else standing(Ge(term, 0), setting)
        if kind in ("positive", "nonnegative"):
            return standing(Gt(term, 0) if kind == "positive" else Ge(term, 0), setting)
    except Stuck:
        return "open"
    return "open" if kind == "complex" or normaliser.complex else "known"


def _certain(left: Expr, relation: Order, right: Expr, setting: Setting) -> bool:
    found = decide_order(left, relation, right, setting)
    return found.equal and not found.assumptions


def _equal(left: Expr, right: Expr, setting: Setting) -> bool:
    found = compare(left, right, setting)
    return found.equal and not found.assumptions


def _at_infinity(condition: Relational) -> Standing:
    """`∞ ≥ a` holds and `∞ < a` fails for any number a."""
    if condition.gts in (S.Infinity,) or condition.lts in (S.NegativeInfinity,):
        return "known"
    return "false"
