"""Integrals through antiderivatives. SymPy proposes one; it counts only once it was differentiated back.

A definite integral is F(b) - F(a) where F' = f and both are smooth from a to b (the fundamental theorem of calculus;
Spivak, Calculus, chapter 14). Smooth means here: made of what has no singularity on the whole line, or of quotients,
roots and logarithms of polynomials with rational coefficients that have no zero between rational bounds. Two
indefinite integrals are equal where their derivatives are."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Mul, Poly, PolynomialError, Pow, S, Symbol, atan, cos, cosh, exp, log, sin, sinh, tanh
from sympy.core.basic import Basic
from sympy.core.expr import Expr

from derive.meaning.objects import (
    Antiderivative,
    Binder,
    IntegralOver,
    Opaque,
    Partial,
    Range,
    occurs,
    rename,
    subterms,
)
from derive.meaning.question import Setting
from derive.proving.calculus import carry_out
from derive.proving.comparing import compare
from derive.proving.giveup import Stuck

VARIABLE = Symbol("ξ")  # what the integrand of a definite integral is opened with
MOST_SIZE = 60
_ENTIRE = (exp, sin, cos, sinh, cosh, tanh, atan)


def concrete_integrals(side: Basic) -> Iterator[IntegralOver]:
    """The definite integrals in a side that may be evaluated, the innermost first."""
    found = [part for part in subterms(side) if isinstance(part, IntegralOver)]
    for part in reversed(found):
        if isinstance(part.domain, Range) and part.condition == True and not part.free_symbols & _bound_around(side):  # noqa: E712
            if not any(isinstance(p, Binder | Opaque | Partial) for p in subterms(part.body)):
                yield part


def _bound_around(side: Basic) -> set[Basic]:
    return {part.variable for part in subterms(side) if isinstance(part, Binder)}


def propose(integral: IntegralOver, setting: Setting) -> Expr | None:
    """An antiderivative of the integrand, in VARIABLE, or None."""
    from sympy.integrals.manualintegrate import manualintegrate

    body, _ = integral.open(VARIABLE)
    if sum(1 for _ in subterms(body)) > MOST_SIZE or not is_smooth(body, integral.domain, setting):
        return None
    try:
        found = manualintegrate(body, VARIABLE)
    except (ValueError, TypeError, NotImplementedError, AttributeError, RecursionError, PolynomialError):
        return None
    return found if isinstance(found, Expr) and not found.atoms(Symbol) - body.free_symbols - {VARIABLE} else None


def evaluate(side: Basic, integral: Basic, antiderivative: Basic, setting: Setting) -> Basic:
    """The side with an integral evaluated through an antiderivative. Raises Stuck where the antiderivative's derivative
    is not the integrand, or one of them may be singular in the range."""
    if not isinstance(integral, IntegralOver) or not isinstance(integral.domain, Range):
        raise Stuck("not a definite integral")
    body, _ = integral.open(VARIABLE)
    domain = integral.domain
    derivative = carry_out(Partial(antiderivative, VARIABLE), setting)
    if derivative.assumptions or not compare(derivative.value, body, setting).equal:
        raise Stuck("the derivative of the antiderivative is not the integrand")
    if not is_smooth(body, domain, setting) or not is_smooth(antiderivative, domain, setting):
        raise Stuck("the integrand may be singular in the range")
    value = rename(antiderivative, VARIABLE, domain.upper) - rename(antiderivative, VARIABLE, domain.lower)
    return side.xreplace({integral: value})


def is_smooth(term: Basic, domain: Range, setting: Setting) -> bool:
    """Whether a term is certainly smooth as VARIABLE runs over a range."""
    if VARIABLE not in term.free_symbols:
        return not term.has(S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN)
    if any(end.has(S.Infinity, S.NegativeInfinity) for end in (domain.lower, domain.upper)):
        return False
    if term == VARIABLE:
        return True
    if isinstance(term, (Add, Mul, *_ENTIRE)):
        return all(is_smooth(arg, domain, setting) for arg in term.args)
    if isinstance(term, Pow):
        base, exponent = term.args
        if exponent.is_Integer and exponent.is_nonnegative:
            return is_smooth(base, domain, setting)
        if exponent.is_Integer:
            return _has_no_zero(base, domain)
        if exponent.is_Rational:
            return _has_no_zero(base, domain) and bool(base.xreplace({VARIABLE: domain.lower}) > 0)
        return base.is_positive is True and is_smooth(exponent, domain, setting)
    if isinstance(term, log):
        return _has_no_zero(term.args[0], domain) and bool(term.args[0].xreplace({VARIABLE: domain.lower}) > 0)
    return False


def _has_no_zero(term: Expr, domain: Range) -> bool:
    """Whether a polynomial with rational coefficients has no zero in a range with rational ends (Sturm's theorem)."""
    lower, upper = domain.lower, domain.upper
    if not (lower.is_Rational and upper.is_Rational):
        return False
    try:
        polynomial = Poly(term, VARIABLE)
    except PolynomialError:
        return False
    if polynomial.free_symbols_in_domain or (not polynomial.domain.is_QQ and not polynomial.domain.is_ZZ):
        return False
    return bool(polynomial.count_roots(min(lower, upper), max(lower, upper)) == 0)


def undo(side: Expr, variable: Symbol, setting: Setting) -> Expr:
    """The derivative of a side by the variable of its indefinite integrals. Raises Stuck where an integral stands in
    anything but a sum, with factors that do not hold the variable."""
    total: Expr = S.Zero
    for term in Add.make_args(side):
        integrals = [factor for factor in Mul.make_args(term) if isinstance(factor, Antiderivative)]
        if not integrals:
            if any(isinstance(part, Antiderivative) for part in subterms(term)):
                raise Stuck("an indefinite integral inside another expression")
            if occurs(variable, term):
                total += carry_out(Partial(term, variable), setting).value
            continue
        rest = term / integrals[0]
        if len(integrals) > 1 or integrals[0].variable != variable or variable in rest.free_symbols:
            raise Stuck("an indefinite integral inside another expression")
        total += rest * integrals[0].body
    return total


def integration_variable(left: Basic, right: Basic) -> Symbol | None:
    """The variable of the indefinite integrals in a question, if it is one."""
    found = {part.variable for side in (left, right) for part in subterms(side) if isinstance(part, Antiderivative)}
    return found.pop() if len(found) == 1 else None


__all__ = ["concrete_integrals", "evaluate", "integration_variable", "propose", "undo"]
