"""Whether a condition (a SymPy Boolean) holds in a model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import And, Eq, Ge, Gt, Le, Lt, Ne, Not, Or
from sympy.core.basic import Basic
from sympy.logic.boolalg import BooleanFalse, BooleanTrue, Implies

from derive.refuting.numbers import plain, sign_of
from derive.refuting.undefined import Undefined

TESTS: dict[type, Callable[[int], bool]] = {
    Eq: lambda s: s == 0,
    Ne: lambda s: s != 0,
    Lt: lambda s: s < 0,
    Le: lambda s: s <= 0,
    Gt: lambda s: s > 0,
    Ge: lambda s: s >= 0,
}


def holds(evaluator: Any, condition: Basic, scope: Any) -> bool:
    """True or False for certain; Undefined where enclosures do not tell."""
    if isinstance(condition, BooleanTrue):
        return True
    if isinstance(condition, BooleanFalse):
        return False
    if isinstance(condition, And):
        return all(holds(evaluator, part, scope) for part in condition.args)
    if isinstance(condition, Or):
        return any(holds(evaluator, part, scope) for part in condition.args)
    if isinstance(condition, Not):
        return not holds(evaluator, condition.args[0], scope)
    if isinstance(condition, Implies):
        return not holds(evaluator, condition.args[0], scope) or holds(evaluator, condition.args[1], scope)
    test = TESTS.get(type(condition))
    if test is None:
        raise Undefined(f"the condition {type(condition).__name__} is not evaluated in a model", lasting=True)
    left, right = (plain(evaluator.evaluate(side, scope)) for side in condition.args)
    if isinstance(condition, (Eq, Ne)) and (hasattr(left, "imag") or hasattr(right, "imag")):
        difference = left - right
        if hasattr(difference, "overlaps") and not difference.overlaps(type(difference)(0)):
            return isinstance(condition, Ne)
    return test(sign_of(left - right))
