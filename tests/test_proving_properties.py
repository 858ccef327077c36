"""Random expressions, changed by rewrites true and false: what is proved is never refuted by a model."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proving_samples import X, Y, i, k, n, product, total, x, y
from sympy import Abs, Expr, Integer, Rational, cos, exp, log, nan, oo, sin, sqrt, zoo

from derive.meaning.objects import Delta
from derive.meaning.question import Fact, Question, Setting
from derive.proving.core import Proof
from derive.proving.prover import prove
from derive.refuting.answers import Counterexample
from derive.refuting.refuter import refute

LEAVES: st.SearchStrategy[Expr] = st.sampled_from(
    [x, y, X(k), Y(k), X(i), n, Integer(1), Integer(2), Integer(-1), Rational(1, 2), Delta(i, k)]
)


def _grow(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        st.builds(lambda u, v: u + v, parts, parts),
        st.builds(lambda u, v: u * v, parts, parts),
        st.builds(lambda u, v: u / v if v != 0 else u, parts, parts),
        st.builds(lambda u, p: u**p if u != 0 else u, parts, st.sampled_from([2, -1, Rational(1, 2), Rational(3, 2)])),
        st.builds(lambda u, h: h(u), parts, st.sampled_from([exp, sin, cos, Abs, sqrt])),
        st.builds(lambda u: log(u) if u != 0 else u, parts),
        st.builds(
            lambda u, low, high: total(u, i, low, high), parts, st.sampled_from([0, 1]), st.sampled_from([n, n - 1])
        ),
        st.builds(lambda u: product(u, i), parts),
    )


EXPRESSIONS = st.recursive(LEAVES, _grow, max_leaves=6)
TRUE_REWRITES = [
    lambda u: u.expand(),
    lambda u: (u * x + u * y) / (x + y),
    lambda u: u + Delta(i, k) * (X(i) - X(k)),
    lambda u: u * (sin(y) ** 2 + cos(y) ** 2),
    lambda u: log(exp(u)),
]
FALSE_REWRITES = [
    lambda u: sqrt(u**2),
    lambda u: -u,
    lambda u: u.xreplace({x: -x}),
    lambda u: u.xreplace({n: n + 1}),
    lambda u: u.xreplace({X(k): X(i)}),
    lambda u: u + x - y,
]


def _usable(term: Expr) -> bool:
    return not term.has(zoo, nan, oo) and term.is_extended_real is not False


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(EXPRESSIONS, st.sampled_from(FALSE_REWRITES + TRUE_REWRITES))
def test_proved_is_never_refuted(left: Expr, change: object) -> None:
    right = change(left)  # type: ignore[operator]
    if not (_usable(left) and _usable(right)):
        return
    found = prove(Question(left, "=", right))
    if isinstance(found, Proof):
        facts = tuple(Fact(s) for s in found.assumptions() if not isinstance(s, str))
        assert not isinstance(refute(Question(left, "=", right, Setting(facts=facts))), Counterexample)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.recursive(
        st.sampled_from([x, y, X(k), Integer(2)]),
        lambda p: st.one_of(
            st.builds(lambda u, v: u + v, p, p), st.builds(lambda u, v: u * v, p, p), st.builds(exp, p)
        ),
        max_leaves=5,
    ),
    st.sampled_from(TRUE_REWRITES[:4]),
)
def test_true_rewrites_are_proved(left: Expr, change: object) -> None:
    assert isinstance(prove(Question(left, "=", change(left))), Proof)  # type: ignore[operator]
