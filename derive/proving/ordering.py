"""Deciding `≤ < ≥ > ≠` and `∝` by normal form: the sign of a difference, the form of a ratio.

This is the procedure `sign`: a difference is ≥ 0 when, in normal form, it is a number ≥ 0, a sum of terms that are each
≥ 0, a product of even powers and such factors, or a quadratic form without negative values (exact LDLᵀ decomposition;
Horn & Johnson, Matrix Analysis, 7.2). And `ratio`: a quotient that no longer holds the variables.
"""

from __future__ import annotations

from typing import Literal

from sympy import Rational, S
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from derive.meaning.question import Setting
from derive.proving.comparing import Comparison, normal_sides
from derive.proving.giveup import Stuck
from derive.proving.normal.normaliser import Normaliser
from derive.proving.normal.ring import Fraction, Polynomial
from derive.proving.unfolding import names_in

Order = Literal["<", "≤", ">", "≥", "≠"]
MOST_QUADRATIC = 8


def decide_order(left: Expr, relation: Order, right: Expr, setting: Setting) -> Comparison:
    """Whether `left relation right` holds wherever both sides have a value and the facts hold."""
    if setting.kinds and "complex" in setting.kinds.values() and relation != "≠":
        return Comparison(False)
    normaliser, first, second = normal_sides(left, right, setting)
    up = normaliser.ring.subtract(first, second)
    down = normaliser.ring.negate(up)
    wanted = {
        "≥": [(up, False)],
        ">": [(up, True)],
        "≤": [(down, False)],
        "<": [(down, True)],
        "≠": [(up, True), (down, True)],
    }[relation]
    for difference, strict in wanted:
        sign = fraction_sign(normaliser, difference)
        if sign == "positive" or (sign and not strict):
            return _done(normaliser)
    return Comparison(False)


def decide_ratio(left: Expr, right: Expr, variables: tuple[Symbol, ...], setting: Setting) -> Comparison:
    """Whether left/right is free of the variables."""
    if not variables:
        raise Stuck("it is not said in which variable the sides are proportional")
    normaliser, first, second = normal_sides(left, right, setting)
    ratio = normaliser.ring.divide(first, second)
    names = {variable.name for variable in variables}
    for generator in [*normaliser.ring.generators(ratio.num), *normaliser.ring.generators(ratio.den)]:
        if names_in(normaliser.ring.shown[generator]) & names:
            return Comparison(False)
    return _done(normaliser)


def _done(normaliser: Normaliser) -> Comparison:
    return Comparison(True, tuple(normaliser.used), tuple(normaliser.assumptions))


def fraction_sign(normaliser: Normaliser, fraction: Fraction) -> str:
    """'positive', 'nonnegative' or '' for a fraction, wherever it has a value."""
    number = normaliser.ring.as_number(fraction)
    if number is not None:
        return "positive" if number > 0 else ("nonnegative" if number == 0 else "")
    sign = "positive"
    try:
        content, factors = normaliser.powers.factors(fraction)
    except Stuck:
        return normaliser.signs.polynomial(fraction.num) if normaliser.signs.polynomial(fraction.den) else ""
    if content < 0:
        return ""
    for polynomial, exponent in factors:
        found = polynomial_sign(normaliser, polynomial)
        if not found and exponent % 2:
            return ""
        # a factor of the denominator is not zero where the fraction has a value
        if found != "positive" and exponent > 0:
            sign = "nonnegative"
    return sign


def polynomial_sign(normaliser: Normaliser, polynomial: Polynomial) -> str:
    """The sign of a polynomial: by its terms, or as a quadratic form."""
    return normaliser.signs.polynomial(polynomial) or _quadratic_sign(normaliser, polynomial)


def _quadratic_sign(normaliser: Normaliser, polynomial: Polynomial) -> str:
    ring = normaliser.ring
    generators = ring.generators(polynomial)
    if polynomial.total_degree() > 2 or len(generators) > MOST_QUADRATIC or normaliser.complex:
        return ""
    position = {generator: k + 1 for k, generator in enumerate(generators)}
    size = len(generators) + 1
    matrix: list[list[Rational]] = [[S.Zero] * size for _ in range(size)]
    for exponents, coefficient in ring.terms(polynomial):
        places = [position[g] for g, e in exponents for _ in range(e)]
        places = [0] * (2 - len(places)) + places
        for a, b in ((places[0], places[1]), (places[1], places[0])):
            matrix[a][b] += Rational(coefficient, 2)
    return _definite(matrix)


def _definite(matrix: list[list[Rational]]) -> str:
    """'positive' for a positive definite symmetric matrix, 'nonnegative' for a semidefinite one; the first row belongs
    to the constant 1, so a strict sign needs only its own pivot, taken last, to be positive."""
    rows = [row[:] for row in matrix]
    order = [*range(1, len(rows)), 0]
    for done, pivot in enumerate(order):
        rest = order[done + 1 :]
        value = rows[pivot][pivot]
        if value < 0 or (value == 0 and any(rows[pivot][other] != 0 for other in rest)):
            return ""
        if value == 0:
            continue
        for a in rest:
            factor = rows[a][pivot] / value
            for b in rest:
                rows[a][b] -= factor * rows[pivot][b]
    return "positive" if rows[0][0] > 0 else "nonnegative"
