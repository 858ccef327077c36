"""Sums and integrals taken apart: over each term of their body, constants before them.

Only a proposal: what comes out is compared with what went in."""

from __future__ import annotations

from sympy.core.add import Add
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.function import expand_mul
from sympy.core.mul import Mul
from sympy.core.power import Pow
from sympy.core.symbol import Symbol

from derive.meaning.objects import Antiderivative, Binder, IntegralOver, LimitAt, SumOver
from derive.proving.unfolding import opened_symbol

MOST_TERMS = 12
MOST_LEVEL = 12


def spread_linear(term: Basic, level: int = 0) -> Basic:
    """The term with sums, integrals and limits spread over the terms of their bodies, constant factors outside."""
    if not term.args or level > MOST_LEVEL:
        return term
    if isinstance(term, SumOver | IntegralOver | LimitAt):
        variable = opened_symbol(900 + level)
        body, inside = term.open(variable)
        return _over(spread_linear(body, level + 1), variable, term, inside)
    if isinstance(term, Antiderivative):
        return _indefinite(term)
    if isinstance(term, Binder):
        return term
    args = [spread_linear(arg, level) for arg in term.args]
    return term if list(term.args) == args else term.func(*args)


def _over(body: Expr, variable: Symbol, binder: Binder, inside: tuple[Basic, ...]) -> Expr:
    terms = Add.make_args(expand_mul(_split_powers(body, variable) if isinstance(binder, SumOver) else body))
    if len(terms) > MOST_TERMS:
        terms = (body,)
    parts = []
    for part in terms:
        outer, inner = part.as_independent(variable, as_Add=False)
        if isinstance(binder, LimitAt) and inner == 1:
            parts.append(outer)
            continue
        parts.append(outer * type(binder)(inner, variable, *binder.outside, *inside))
    return Add(*parts)


def _indefinite(term: Antiderivative) -> Expr:
    parts = []
    for part in Add.make_args(expand_mul(term.body)):
        outer, inner = part.as_independent(term.variable, as_Add=False)
        parts.append(outer * Antiderivative(inner, term.variable))
    return Add(*parts)


def _split_powers(term: Expr, variable: Symbol) -> Expr:
    """Powers with an exponent like k + c as two factors: x^(k+c) = x^k x^c for whole k and c."""
    if isinstance(term, Mul):
        return Mul(*[_split_powers(arg, variable) for arg in term.args])
    if isinstance(term, Add):
        return Add(*[_split_powers(arg, variable) for arg in term.args])
    if isinstance(term, Pow) and isinstance(term.exp, Add) and variable in term.exp.free_symbols:
        constant, moving = term.exp.as_independent(variable, as_Add=True)
        if constant.is_Integer:
            return Mul(Pow(term.base, moving), Pow(term.base, constant), evaluate=False)
    return term
