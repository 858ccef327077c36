"""Integrals through antiderivatives. SymPy proposes one; it counts only once it was differentiated back.

A definite integral is F(b) - F(a) where F' = f and both are smooth from a to b (the fundamental theorem of calculus;
Spivak, Calculus, chapter 14). Smooth means here: made of what has no singularity on the whole line, or of quotients,
roots and logarithms of polynomials with rational coefficients that have no zero between rational bounds. Two
indefinite integrals are equal where their derivatives are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sympy import (
    Add,
    Dummy,
    Eq,
    Gt,
    Integral,
    Mul,
    Ne,
    Piecewise,
    Poly,
    PolynomialError,
    Pow,
    S,
    Symbol,
    atan,
    cos,
    cosh,
    erf,
    exp,
    log,
    sin,
    sinh,
    tanh,
)
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.function import Lambda
from sympy.core.symbol import Str
from sympy.logic.boolalg import Boolean

from derive.meaning.objects import (
    Antiderivative,
    Binder,
    Call,
    Entry,
    IntegralOver,
    LimitAt,
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
from derive.proving.conditions import standing
from derive.proving.giveup import Stuck
from derive.proving.normal.normaliser import Normaliser
from derive.proving.places import Found, places_in
from derive.proving.unfolding import defined_names

VARIABLE = Symbol("ξ")  # what the integrand of a definite integral is opened with
MOST_SIZE = 60
_ENTIRE = (exp, sin, cos, sinh, cosh, tanh, atan, erf)


def concrete_integrals(side: Basic) -> Iterator[Found]:
    """The definite integrals in a side that may be evaluated, each with its place, the innermost first."""
    for found in reversed(list(places_in(side))):
        part = found.term
        if isinstance(part, IntegralOver) and isinstance(part.domain, Range) and part.condition == True:  # noqa: E712
            if not any(isinstance(inner, Binder | Opaque | Partial) for inner in subterms(part.body)):
                yield found


def propose(integral: IntegralOver, setting: Setting) -> Expr | None:
    """An antiderivative of the integrand, in VARIABLE, or None."""
    body, _ = integral.open(VARIABLE)
    if sum(1 for _ in subterms(body)) > MOST_SIZE or not is_smooth(body, integral.domain, setting):
        return None
    return _antiderivative(body)


@lru_cache(maxsize=256)  # the lines of a derivation carry their integrals along
def _antiderivative(body: Expr) -> Expr | None:
    from sympy.integrals.manualintegrate import manualintegrate

    # for positive parameters SymPy distinguishes no cases; whether the outcome holds is seen when it is differentiated
    parameters = {part: Dummy(positive=True) for part in _parameters(body)}
    try:
        found = manualintegrate(body.xreplace(parameters), VARIABLE)
    except (ValueError, TypeError, NotImplementedError, AttributeError, RecursionError, PolynomialError, KeyError):
        return None
    found = found.replace(lambda part: isinstance(part, Piecewise), _generic)
    found = found.xreplace({stand_in: part for part, stand_in in parameters.items()})
    return None if found.has(Integral) or found.atoms(Dummy) else found


def _parameters(body: Expr) -> Iterator[Basic]:
    """The symbols, members and calls in an integrand that do not hold the variable."""
    stack: list[Basic] = [body]
    while stack:
        part = stack.pop()
        if isinstance(part, Symbol | Entry | Call) and VARIABLE not in part.free_symbols:
            yield part
        else:
            stack.extend(part.args)


def _generic(cases: Piecewise) -> Expr:
    """The branch for all but special values of the parameters."""
    return next((value for value, condition in cases.args if not condition.has(Eq)), cases.args[-1][0])


def evaluate(integral: Basic, antiderivative: Basic, setting: Setting) -> tuple[Expr, tuple[Boolean, ...]]:
    """The value of an integral through an antiderivative, and the conditions: what the antiderivative divides by is not
    zero. Over an unbounded range the ends are limits. Raises Stuck where the antiderivative's derivative is not the
    integrand, or one of them may be singular in the range."""
    if not isinstance(integral, IntegralOver) or not isinstance(integral.domain, Range):
        raise Stuck("not a definite integral")
    if not isinstance(antiderivative, Expr):
        raise Stuck("not an antiderivative")
    body, _ = integral.open(VARIABLE)
    domain = integral.domain
    derivative = carry_out(Partial(antiderivative, VARIABLE), setting)
    if derivative.assumptions or not compare(derivative.value, body, setting).equal:
        raise Stuck("the derivative of the antiderivative is not the integrand")
    if not is_smooth(body, domain, setting) or not is_smooth(antiderivative, domain, setting):
        raise Stuck("the integrand may be singular in the range")
    value = _at_end(antiderivative, domain.upper) - _at_end(antiderivative, domain.lower)
    return value, tuple(_divisors(antiderivative, setting))


def _at_end(term: Expr, end: Expr) -> Expr:
    if end.is_finite is False:
        return LimitAt(term, VARIABLE, end, Str("")) if VARIABLE in term.free_symbols else term
    return rename(term, VARIABLE, end)


def _divisors(term: Expr, setting: Setting) -> Iterator[Boolean]:
    """`d ≠ 0` for what a term divides by that does not hold the variable, where it is not known."""
    normaliser = Normaliser(setting)
    for part in subterms(term):
        if isinstance(part, Pow) and part.exp.is_Rational and part.exp.is_negative:
            if VARIABLE not in part.free_symbols and not part.is_number:
                if not normaliser.signs.nonzero(normaliser.normalise(part.base)):
                    yield Ne(part.base, 0)


def is_smooth_function(function: Lambda, domain: Range, setting: Setting) -> bool:
    """Whether a function of one variable is certainly smooth over a range; an abstract function is, unless the document
    says anything about it."""
    if len(function.variables) != 1:
        return False
    body = rename(function.expr, function.variables[0], VARIABLE)
    known = set(defined_names(setting))
    known |= {part.name for fact in setting.facts for part in subterms(fact.statement) if isinstance(part, Call)}
    found = {part for part in subterms(body) if isinstance(part, Call) and VARIABLE in part.free_symbols}
    calls = sorted(found, key=str)
    if any(call.name in known or not all(is_smooth(a, domain, setting) for a in call.arguments) for call in calls):
        return False
    # another function without singularities stands for each: what is made of them is judged by its form
    return is_smooth(body.xreplace({call: sin(VARIABLE + k) for k, call in enumerate(calls, 1)}), domain, setting)


def is_smooth(term: Basic, domain: Range, setting: Setting) -> bool:
    """Whether a term is certainly smooth as VARIABLE runs over a range."""
    if VARIABLE not in term.free_symbols:
        return not term.has(S.Infinity, S.NegativeInfinity, S.ComplexInfinity, S.NaN)
    if term == VARIABLE:
        return True
    if isinstance(term, (Add, Mul, *_ENTIRE)):
        return all(is_smooth(arg, domain, setting) for arg in term.args)
    if isinstance(term, Pow):
        base, exponent = term.args
        if exponent.is_Integer and exponent.is_nonnegative:
            return is_smooth(base, domain, setting)
        if exponent.is_Integer:
            return _has_no_zero(base, domain) or _keeps_sign(base, domain, setting) != 0
        if exponent.is_Rational:
            return _is_positive(base, domain, setting)
        return base.is_positive is True and is_smooth(exponent, domain, setting)
    if isinstance(term, log):
        return _is_positive(term.args[0], domain, setting)
    return False


def _is_positive(base: Expr, domain: Range, setting: Setting) -> bool:
    """Whether a base is positive in all of a range."""
    if _keeps_sign(base, domain, setting) > 0:
        return True
    return (
        _has_no_zero(base, domain)
        and domain.lower.is_finite is not False
        and bool(base.xreplace({VARIABLE: domain.lower}) > 0)
    )


def _keeps_sign(base: Expr, domain: Range, setting: Setting) -> int:
    """1 or −1 where a term that is linear in the variable has this sign at both ends of the range, 0 where unknown."""
    slope = base.coeff(VARIABLE)
    if VARIABLE in slope.free_symbols or VARIABLE in (base - slope * VARIABLE).free_symbols:
        return 0
    for sign in (1, -1):
        if all(_end_sign(base, slope, end, sign, setting) for end in (domain.lower, domain.upper)):
            return sign
    return 0


def _end_sign(base: Expr, slope: Expr, end: Expr, sign: int, setting: Setting) -> bool:
    if end.is_finite is False:
        sign = sign if end is S.Infinity else -sign
        return standing(Gt(sign * slope, 0), setting) == "known"
    return standing(Gt(sign * rename(base, VARIABLE, end), 0), setting) == "known"


def _has_no_zero(term: Expr, domain: Range) -> bool:
    """Whether a polynomial with rational coefficients has no zero in a range with rational or infinite ends (Sturm's
    theorem)."""
    ends = [None if end.is_finite is False else end for end in (domain.lower, domain.upper)]
    if not all(end is None or end.is_Rational for end in ends):
        return False
    try:
        polynomial = Poly(term, VARIABLE)
    except PolynomialError:
        return False
    if polynomial.free_symbols_in_domain or (not polynomial.domain.is_QQ and not polynomial.domain.is_ZZ):
        return False
    low, high = ends
    if low is not None and high is not None and low > high:
        low, high = high, low
    elif domain.lower is S.Infinity or domain.upper is S.NegativeInfinity:
        return False
    return bool(polynomial.count_roots(low, high) == 0)


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


__all__ = ["concrete_integrals", "evaluate", "integration_variable", "is_smooth_function", "propose", "undo"]
