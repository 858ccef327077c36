"""The table of usual laws: each density makes one over its values, and its moments are those of the table."""

from __future__ import annotations

import mpmath
import pytest
from sympy import Expr, Integer, Rational, S, Symbol, lambdify

from derive.meaning.distributions import NAMES, Distribution

LAWS = {law.name: law for law in NAMES.values()}
PARAMETERS: dict[str, tuple[Expr, ...]] = {
    "normal": (Rational(1, 2), Rational(3, 2)),
    "exponential": (Rational(3, 2),),
    "continuous uniform": (Rational(1, 3), Integer(2)),
    "Gamma": (Rational(5, 2), Rational(3, 2)),
    "Beta": (Rational(5, 2), Rational(3, 2)),
    "Bernoulli": (Rational(1, 3),),
    "binomial": (Integer(5), Rational(1, 3)),
    "Poisson": (Rational(3, 2),),
}


def moment(law: Distribution, parameters: tuple[Expr, ...], power: int) -> float:
    """The mean of a power by summing or integrating the density."""
    x = Symbol("x", positive=True)
    body = lambdify(x, x**power * law.density(x, *parameters), "mpmath")
    low, high = law.lower(*parameters), law.upper(*parameters)
    if law.discrete:
        last = 80 if high is S.Infinity else int(high)
        return float(sum(body(mpmath.mpf(k)) for k in range(int(low), last + 1)))
    ends = [mpmath.mpf(-40) if low is S.NegativeInfinity else mpmath.mpf(low.p) / low.q, mpmath.mpf(1)]
    ends.append(mpmath.mpf(60) if high is S.Infinity else mpmath.mpf(high.p) / high.q)
    return float(mpmath.quad(body, sorted(set(ends))))


@pytest.mark.parametrize("name", sorted(LAWS))
def test_the_density_makes_one(name: str) -> None:
    assert moment(LAWS[name], PARAMETERS[name], 0) == pytest.approx(1, abs=1e-8)


@pytest.mark.parametrize("name", sorted(LAWS))
def test_the_moments_are_those_of_the_density(name: str) -> None:
    law, parameters = LAWS[name], PARAMETERS[name]
    for power, formula in enumerate(law.moments, 1):
        assert float(formula(*parameters)) == pytest.approx(moment(law, parameters, power), rel=1e-7)
