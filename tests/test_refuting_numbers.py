"""Evaluation encloses what SymPy computes numerically; derivatives by ε are those of symbolic differentiation."""

from __future__ import annotations

from typing import Any

import pytest
from flint import arb, ctx, fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import (
    Add,
    Float,
    Integer,
    Mul,
    Pow,
    Rational,
    acos,
    asin,
    atan,
    cos,
    cosh,
    cot,
    digamma,
    erf,
    exp,
    factorial,
    gamma,
    log,
    loggamma,
    pi,
    sec,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
)
from sympy.core.expr import Expr

from derive.meaning.objects import IntegralOver, Partial, Range, SumOver
from derive.meaning.question import Question, Setting
from derive.refuting.cases import prepare
from derive.refuting.evaluation import Evaluator
from derive.refuting.models import Model
from derive.refuting.numbers import plain, show
from derive.refuting.undefined import Undefined

x, y = symbols("x y")
UNARY = (exp, log, sin, cos, tan, atan, sinh, cosh, tanh, sqrt, erf)
NUMBERS = st.builds(Rational, st.integers(-6, 6), st.integers(1, 5))


def _grow(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        st.builds(Add, inner, inner),
        st.builds(Mul, inner, inner),
        st.builds(lambda function, part: function(part), st.sampled_from(UNARY), inner),
        st.builds(Pow, inner, st.sampled_from([Integer(2), Integer(-1), Integer(3), Rational(1, 2), Rational(2, 3)])),
    )


EXPRESSIONS = st.recursive(st.one_of(st.sampled_from([x, y]), NUMBERS), _grow, max_leaves=8)


def evaluate(expression: Any, at: dict[Any, Rational]) -> Any:
    case = prepare(Question(expression, "=", Integer(0), Setting()))
    model = Model(case.inventory, case.seed, 0)
    for symbol, value in at.items():
        model.values[("symbol", symbol.name, 0)] = fmpq(int(value.p), int(value.q))
    return plain(Evaluator(model).evaluate(expression, {}))


def _encloses(value: Any, expected: Float) -> bool:
    ball = arb(value) if isinstance(value, fmpq) else value
    gap = (ball - arb(str(expected))).abs_lower()
    size = arb(1).max(ball.abs_upper())
    return bool(gap < size * arb(10) ** -20)


@given(EXPRESSIONS, NUMBERS, NUMBERS)
@settings(max_examples=150, deadline=None)
def test_values_agree_with_numerical_evaluation(expression: Expr, first: Rational, second: Rational) -> None:
    try:
        value = evaluate(expression, {x: first, y: second})
    except Undefined:
        assume(False)
    expected = expression.subs({x: first, y: second}).evalf(40, maxn=200)
    assume(expected.is_Number and expected.is_finite)
    assert _encloses(value, expected)


@given(EXPRESSIONS, NUMBERS, NUMBERS)
@settings(max_examples=150, deadline=None)
def test_slopes_agree_with_symbolic_differentiation(expression: Expr, first: Rational, second: Rational) -> None:
    at = {x: first, y: second}
    derivative = expression.diff(x)
    try:
        value = evaluate(Partial(expression, x), at)
        expected = derivative.subs(at).evalf(40, maxn=200)
    except (Undefined, ZeroDivisionError):
        assume(False)
    assume(expected.is_Number and expected.is_finite)
    assert _encloses(value, expected)


@pytest.mark.parametrize(
    "function", [exp, log, sin, cos, tan, cot, sec, asin, acos, atan, sinh, cosh, tanh, erf, gamma, loggamma, digamma]
)
@pytest.mark.parametrize("order", [1, 2, 3])
def test_higher_derivatives_of_each_function(function: Any, order: int) -> None:
    term: Any = function(x)
    for _ in range(order):
        term = Partial(term, x)
    value = evaluate(term, {x: Rational(1, 3)})
    expected = function(x).diff(x, order).subs(x, Rational(1, 3)).evalf(40)
    assert _encloses(value, expected)


def test_mixed_derivatives_do_not_confuse_their_perturbations() -> None:
    # d/dx (x · d/dy (x + y)) is 1, not 2
    assert evaluate(Partial(x * Partial(x + y, y), x), {x: Rational(3), y: Rational(5)}) == 1


@pytest.mark.parametrize(
    "expression",
    [
        log(x), sqrt(x), x ** Rational(1, 3), 1 / (x + 1), Pow(x, y), asin(2 * x), factorial(x), gamma(x),
        tan(pi * x / 2), Pow(10, Pow(10, Pow(10, 10, evaluate=False), evaluate=False), evaluate=False) * x,
        exp(exp(exp(exp(x + 5)))),
    ],
)  # fmt: skip
def test_no_value_outside_the_domain(expression: Expr) -> None:
    with pytest.raises(Undefined):
        evaluate(expression, {x: Rational(-1), y: Rational(1, 2)})


def test_exact_where_possible() -> None:
    at = {x: Rational(4, 9), y: Rational(1, 2)}
    assert evaluate(sqrt(x) * x ** Rational(3, 2) + y**3, at) == fmpq(16, 81) + fmpq(1, 8)
    assert evaluate(exp(x - x * 1) + log(Rational(1)), at) == 1


def test_numbers_in_print() -> None:
    assert show(fmpq(-3, 4)) == "-3/4"
    with ctx.workprec(64):
        assert show(arb(2).sqrt()).startswith("1.4142 ± ")
    assert show(arb(3)) == "3"


@pytest.mark.parametrize(
    ("body", "low", "high"),
    [(1 / x, -1, 1), (log(x), -2, -1), (sqrt(x), -1, 1), (IntegralOver(x * y, y, Range(Integer(0), x)), 0, 1)],
)
def test_integrals_without_a_value_or_a_method_are_refused(body: Expr, low: int, high: int) -> None:
    with pytest.raises(Undefined):
        evaluate(IntegralOver(body, x, Range(Integer(low), Integer(high))), {})


def test_integrals_with_a_singular_end_are_enclosed() -> None:
    value = evaluate(IntegralOver(sqrt(x), x, Range(Integer(0), Integer(1))), {})
    assert value.contains(fmpq(2, 3))


def test_work_is_bounded() -> None:
    term: Any = x
    for _ in range(4):
        term = SumOver(term + y, symbols("k"), Range(Integer(1), Integer(1000)))
    with pytest.raises(Undefined, match="too much work"):
        evaluate(term, {})
