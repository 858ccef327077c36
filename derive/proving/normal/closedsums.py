"""Sums in closed form: powers of the index, and powers with the index as exponent.

Σ k^p by Bernoulli polynomials: Graham, Knuth, Patashnik, Concrete Mathematics, 6.5 (6.78); geometric: 2.3 (2.25)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Rational, S, Symbol, bernoulli, binomial
from sympy.core.expr import Expr
from sympy.core.power import Pow
from sympy.core.relational import Ne

from derive.meaning.objects import Range, occurs, rename
from derive.proving.normal.ring import Fraction

if TYPE_CHECKING:
    from derive.proving.normal.normaliser import Normaliser

MOST_POWER = 20


def power_sum(normaliser: Normaliser, inner: Fraction, slot: Symbol, domain: Range) -> Fraction | None:
    """Σ_{k=a}^{b} k^p = (B_{p+1}(b+1) − B_{p+1}(a))/(p+1), as S(b+1) − S(a) with S(m) = Σ_{0≤k<m} k^p."""
    ring = normaliser.ring
    shown = ring.expression(inner)
    if shown == slot:
        power = 1
    elif isinstance(shown, Pow) and shown.base == slot and shown.exp.is_Integer and 0 < shown.exp <= MOST_POWER:
        power = int(shown.exp)
    else:
        return None
    normaliser.use("sum-of-powers")

    def below(bound: Expr) -> Fraction:
        value = normaliser.normalise(bound)
        parts = []
        for j in range(power + 1):
            # B_1 = −1/2 here, for sums over 0 ≤ k < m
            number = -S.Half if j == 1 else Rational(bernoulli(j))
            weight = Rational(binomial(power + 1, j)) * number / (power + 1)
            parts.append(ring.multiply(ring.number(weight), ring.power(value, power + 1 - j)))
        return ring.total(parts)

    return ring.subtract(below(domain.upper + 1), below(domain.lower))


def geometric(normaliser: Normaliser, inner: Fraction, slot: Symbol, domain: Range) -> Fraction | None:
    """Σ_{k=a}^{b} r^k = (r^{b+1} − r^a)/(r − 1) for r ≠ 1."""
    ring = normaliser.ring
    parts: list[Expr] = []
    for polynomial, sign in ((inner.num, 1), (inner.den, -1)):
        if polynomial.is_one():
            continue
        if len(polynomial) != 1:
            return None
        for generator, exponent in next(iter(ring.terms(polynomial)))[0]:
            shown = ring.shown[generator]
            base, power = shown.as_base_exp()
            step = power.coeff(slot)
            if occurs(slot, base) or occurs(slot, step) or step == 0 or power != step * slot:
                return None
            parts.append(Pow(base, step * exponent * sign))
    ratio = normaliser.normalise(S.One)
    for part in parts:
        ratio = ring.multiply(ratio, normaliser.normalise(part))
    if ratio.is_one:
        return None
    if ring.as_number(ratio) is None:
        normaliser.assume(Ne(ring.expression(ratio), 1))
    normaliser.use("geometric-sum")
    shown = ring.expression(inner)
    ends = [normaliser.normalise(rename(shown, slot, end)) for end in (domain.upper + 1, domain.lower)]
    return ring.divide(ring.subtract(*ends), ring.subtract(ratio, ring.one))
