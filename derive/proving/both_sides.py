"""One function on both sides of a relation: what follows from `u = v`, or from `u < v` where the function is monotone.

From u = v follows f(u) = f(v) wherever f(u) has a value. Taking away a function is the same: from e^a = e^b follows
log e^a = log e^b. No way leads back from x² = y² to x = y: (x²)^(1/2) is |x|."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sympy import Integer, Rational
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.power import Pow
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational
from sympy.functions import cos, exp, log, sin, tan

from derive.proving.ground import Ground

FUNCTIONS: Mapping[str, Callable[..., Expr]] = {
    "logarithm-of-both-sides": log,
    "exponential-of-both-sides": exp,
    "sine-of-both-sides": sin,
    "cosine-of-both-sides": cos,
    "tangent-of-both-sides": tan,
}
POWER = "power-of-both-sides"
_TURNED: Mapping[type, type] = {Lt: Gt, Gt: Lt, Le: Ge, Ge: Le}


class NotApplicable(Exception):
    """The function can't be put on both sides here."""


def on_both_sides(
    name: str, relation: Basic, exponent: Basic | None, ground: Ground
) -> tuple[Relational, Relational | None]:
    """The relation with the function on both sides; and the condition that this takes (None where it takes none), which
    is known on the ground. Raises NotApplicable."""
    if not isinstance(relation, (Eq, *_TURNED)):
        raise NotApplicable("a function is put on both sides of an equation or inequality")
    if name == POWER:
        if not isinstance(exponent, Rational) or exponent == 0:
            raise NotApplicable("a power needs its exponent")
        return (_power if isinstance(relation, Eq) else _power_of_order)(relation, exponent, ground)
    if name not in FUNCTIONS or exponent is not None:
        raise NotApplicable(f"{name} is not a function that is put on both sides")
    return _function(FUNCTIONS[name], relation, ground)


def _function(
    function: Callable[..., Expr], relation: Relational, ground: Ground
) -> tuple[Relational, Relational | None]:
    left, right = relation.args
    made = _made(type(relation), function(left), function(right))
    if not isinstance(relation, Eq):
        if function is exp:
            return made, None
        if function is log and _has_value(relation.lts, function, ground):
            return made, Gt(relation.lts, 0, evaluate=False)
        raise NotApplicable("the function is not known to be increasing")
    if function not in (log, tan):
        return made, None
    for side in (left, right):
        if _has_value(side, function, ground):
            return made, Gt(side, 0, evaluate=False) if function is log else None
    raise NotApplicable("the function is not known to have a value")


def _has_value(side: Expr, function: Callable[..., Expr], ground: Ground) -> bool:
    # as it stands in the question, or by what is known of its argument: SymPy gives log(-1) a value of its own
    return ground.stands(function(side)) or ground.has_value(function(side, evaluate=False))


def _power(relation: Relational, exponent: Rational, ground: Ground) -> tuple[Relational, Relational | None]:
    made = _made(Eq, *[side**exponent for side in relation.args])
    for side in relation.args:
        if ground.stands(side**exponent) or ground.has_value(Pow(side, exponent, evaluate=False)):
            if isinstance(exponent, Integer):
                return made, None if exponent > 0 else Ne(side, 0, evaluate=False)
            return made, (Ge if exponent > 0 else Gt)(side, 0, evaluate=False)
    raise NotApplicable("the power is not known to have a value")


def _power_of_order(relation: Relational, exponent: Rational, ground: Ground) -> tuple[Relational, Relational | None]:
    """Powers grow where the base is ≥ 0, odd ones everywhere; negative powers fall on either side of 0."""
    sides = [side**exponent for side in relation.args]
    small, large = relation.lts, relation.gts
    odd = isinstance(exponent, Integer) and exponent % 2 == 1
    if exponent > 0:
        if odd:
            return _made(type(relation), *sides), None
        if ground.nonnegative(small):
            return _made(type(relation), *sides), Ge(small, 0, evaluate=False)
    elif ground.positive(small):
        return _made(_TURNED[type(relation)], *sides), Gt(small, 0, evaluate=False)
    elif odd and ground.positive(-large):
        return _made(_TURNED[type(relation)], *sides), Gt(-large, 0, evaluate=False)
    raise NotApplicable("the power is not known to be monotone there")


def _made(kind: type, left: Expr, right: Expr) -> Relational:
    return kind(left, right, evaluate=False)
