"""Numbers as SymPy builds them, with their size bounded before anything is computed."""

from __future__ import annotations

import math

from sympy import Integer, Mul, Pow, Rational, S
from sympy.core.expr import Expr
from sympy.functions.combinatorial.factorials import binomial, factorial

from derive.meaning.matrices import MatrixTerm, misread, raised
from derive.meaning.trouble import Beyond

LARGEST_BITS = 20_000  # of an exact integer: about 6,000 digits
_LARGEST_LITERAL = 1_000  # characters of a numeral
_LARGEST_ROOT = 10**12  # integers up to here are factored for a root; larger ones stay under it
_LARGEST_FACTORIAL = 1_000


def number(text: str) -> Expr:
    """An exact number from its numeral: `12`, `0.25`, `5%`, `1{,}000`.

    Raises Beyond for a numeral of more than a thousand characters."""
    text = text.replace("{,}", "").replace(",", "").replace(" ", "")
    if len(text) > _LARGEST_LITERAL:
        raise Beyond(f"a number of {len(text)} characters")
    if text.endswith(("%", "\\%")):
        return number(text.rstrip("%").rstrip("\\")) / 100
    whole, _, part = text.partition(".")
    return Rational(int((whole or "0") + part), 10 ** len(part)) if part else Integer(int(whole or "0"))


def power(base: Expr, exponent: Expr) -> Expr:
    """`base` to the `exponent`. Raises Beyond where the result would be a number too large to write down, or a
    division by zero."""
    if isinstance(base, MatrixTerm) or isinstance(exponent, MatrixTerm):
        return raised(base, exponent)
    if base.is_Rational and exponent.is_Rational:
        if base.is_zero and exponent.is_negative:
            raise Beyond("a division by zero")
        size = max(abs(int(base.p)), int(base.q))
        bits = math.log2(size) * abs(float(exponent)) if size > 1 else 0.0
        if bits > LARGEST_BITS:
            raise Beyond("a number too large to compute")
        if not exponent.is_Integer and size > _LARGEST_ROOT:
            return Pow(base, exponent, evaluate=False)
    if exponent.is_Integer and abs(int(exponent)) > 10**6:
        return Pow(base, exponent, evaluate=False)
    return Pow(base, exponent)


def divide(numerator: Expr, denominator: Expr) -> Expr:
    """The quotient. Raises Beyond for a denominator that is zero as it stands."""
    if denominator == 0:
        raise Beyond("a division by zero")
    if isinstance(denominator, MatrixTerm):
        raise misread("a quotient by a vector or matrix", denominator)
    inverse = power(denominator, S.NegativeOne)
    return numerator * inverse if isinstance(numerator, MatrixTerm) else Mul(numerator, inverse)


def factorial_of(argument: Expr) -> Expr:
    """`n!`, kept unevaluated for large numbers."""
    if argument.is_Integer and abs(int(argument)) > _LARGEST_FACTORIAL:
        return factorial(argument, evaluate=False)
    return factorial(argument)


def binomial_of(upper: Expr, lower: Expr) -> Expr:
    """The binomial coefficient, kept unevaluated for large numbers."""
    large = any(part.is_Integer and abs(int(part)) > _LARGEST_FACTORIAL for part in (upper, lower))
    return binomial(upper, lower, evaluate=not large)
