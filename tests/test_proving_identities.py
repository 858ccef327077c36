"""Identities that are proved, and falsehoods near them that never are."""

from __future__ import annotations

from typing import Any

import pytest
from proving_samples import W, X, Y, a, ask, b, entry, f, i, integral, j, k, m, n, product, proved, total, x, y
from sympy import (
    Abs,
    Gt,
    I,
    Integer,
    Le,
    Lt,
    Max,
    Ne,
    Rational,
    Symbol,
    binomial,
    cos,
    cosh,
    exp,
    factorial,
    log,
    oo,
    pi,
    sin,
    sinh,
    sqrt,
    tan,
)

from derive.meaning.objects import Call, Delta, Partial, SumOver
from derive.proving.core import Proof
from derive.proving.giveup import GaveUp

TRUE: list[tuple[Any, Any]] = [
    ((x + y) ** 2, x**2 + 2 * x * y + y**2),
    (x / (x * y), 1 / y),
    (1 / x + 1 / y, (x + y) / (x * y)),
    (sqrt(12), 2 * sqrt(3)),
    (1 / (1 + sqrt(2)), sqrt(2) - 1),
    (1 / sqrt(2), sqrt(2) / 2),
    ((sqrt(x) + sqrt(y)) ** 2, x + y + 2 * sqrt(x * y)),
    (sqrt(x * y), sqrt(x) * sqrt(y)),
    (sqrt(x**2), Abs(x)),
    (sqrt(x) * sqrt(x**3), x**2),
    (Abs(x) ** 2, x**2),
    (Abs(x * y), Abs(x) * Abs(y)),
    (x ** (a + b), x**a * x**b),
    (x ** (2 * n) - 1, (x**n - 1) * (x**n + 1)),
    (2 ** (n + 1), 2 * 2**n),
    (4**n, 2 ** (2 * n)),
    (exp(x - y), exp(x) / exp(y)),
    (exp(x / 2) ** 2, exp(x)),
    (exp(a * log(x)), x**a),
    (1 / (1 + exp(-x)), exp(x) / (1 + exp(x))),
    (log(x * y), log(x) + log(y)),
    (log(x / y), log(x) - log(y)),
    (log(x**2), 2 * log(x)),
    (log(1 / x), -log(x)),
    (log(Integer(8)) / log(Integer(2)), 3),
    (log(exp(x) * exp(y)), x + y),
    (sin(x + y) - sin(x - y), 2 * cos(x) * sin(y)),
    (sin(2 * x), 2 * sin(x) * cos(x)),
    (tan(x) ** 2 + 1, 1 / cos(x) ** 2),
    (cos(x / 2) ** 2, (1 + cos(x)) / 2),
    (cosh(x) ** 2 - sinh(x) ** 2, 1),
    (sin(x + pi), -sin(x)),
    (factorial(n + 1) / factorial(n - 1), n * (n + 1)),
    (binomial(n, k), binomial(n - 1, k) + binomial(n - 1, k - 1)),
    (k * binomial(n, k), n * binomial(n - 1, k - 1)),
    (X(2 * i - i), X(i)),
    # sums
    (total(X(i), i), total(X(j), j)),
    (total(X(i) + Y(i), i), total(X(i), i) + total(Y(j), j)),
    (total(W(i, j), i) * 0 + total(total(W(i, j), i), j, 1, m), total(total(W(i, j), j, 1, m), i)),
    (total(X(i), i) * total(Y(i), i), total(total(X(i) * Y(j), j), i)),
    (total(X(i), i) ** 2, total(total(X(i) * X(j), j), i)),
    (total(x**k, k, 0), total(x ** (j - 1), j, 1, n + 1)),
    (total(X(k + 1), k, 0, n - 1), total(X(k), k)),
    (total(X(i), i), total(X(i), i, 1, n - 1) + X(n)),
    (total(X(i), i, 0), X(0) + total(X(i), i)),
    (total(X(i), i), total(X(i), i, 1, m) + total(X(i), i, m + 1)),
    (total(X(n + 1 - k), k), total(X(k), k)),
    (total(X(i) - y, i), total(X(i), i) - n * y),
    (total((X(i) + 1) / (X(i) + 2), i), n - total(1 / (X(i) + 2), i)),
    (total(1 / (k * (k + 1)), k), total(1 / k - 1 / (k + 1), k)),
    (total((X(i) - X(j)) ** 2, j), n * X(i) ** 2 - 2 * X(i) * total(X(k), k) + total(X(k) ** 2, k)),
    (total(Delta(i, j) * X(i), i), X(j)),
    (total(total(X(i) * Delta(i, j), j), i), total(X(i), i)),
    (Delta(i, j) * X(i), Delta(i, j) * X(j)),
    (sin(Delta(i, j) * (X(i) - X(j))), 0),
    (total(k, k), n * (n + 1) / 2),
    (total(k**3, k), (n * (n + 1) / 2) ** 2),
    (total(x**k, k, 0), (1 - x ** (n + 1)) / (1 - x)),
    (total(X(k), k, 1, 3), X(1) + X(2) + X(3)),
    (SumOver(X(i), i, total(x, k).domain, Ne(i, j)), total(X(i), i) - X(j)),
    # products
    (log(product(X(i), i)), total(log(X(i)), i)),
    (exp(total(X(i), i)), product(exp(X(i)), i)),
    (product(a * X(i), i), a**n * product(X(i), i)),
    (product(k, k), factorial(n)),
    (log(product(exp(-((X(i) - a) ** 2) / 2) / sqrt(2 * pi), i)), -n * log(2 * pi) / 2 - total((X(i) - a) ** 2, i) / 2),
    # derivatives
    (Partial(sin(x**2), x), 2 * x * cos(x**2)),
    (Partial(x**a, x), a * x ** (a - 1)),
    (Partial(a**x, x), a**x * log(a)),
    (Partial(x**x, x), x**x * (log(x) + 1)),
    (Partial(sqrt(x), x), 1 / (2 * sqrt(x))),
    (Partial(Partial(sin(x * y), x), y), cos(x * y) - x * y * sin(x * y)),
    (Partial(f(x**2), x), 2 * x * Call("f", (x**2,), (1,))),
    (Partial(total(X(i) ** 2, i), X(j)), 2 * X(j)),
    (Partial(log(total(exp(X(k)), k)), X(i)), exp(X(i)) / total(exp(X(k)), k)),
    (Partial(total(total(X(i) * W(i, j) * Y(j), j), i), W(k, a)), X(k) * Y(a)),
    (
        Partial(total((Y(i) - total(W(i, j) * X(j), j)) ** 2, i) / 2, X(k)),
        -total((Y(i) - total(W(i, j) * X(j), j)) * W(i, k), i),
    ),
    (Partial(integral(f(x * k), k), x), integral(k * Call("f", (x * k,), (1,)), k)),
    (Partial(integral(k**2, k, 0, x), x), x**2),
    (Partial(log(product(exp(-((X(i) - a) ** 2) / 2), i)), a), total(X(i) - a, i)),
    (2 * Partial(f(x), y), Partial(f(x), y) + Partial(f(x), y)),
    # integrals
    (integral(f(k) + a, k), integral(f(x), x) + a * integral(1, x)),
]

FALSE: list[tuple[Any, Any]] = [
    (sqrt(x**2), x),
    (sqrt(x**2), -x),
    (Abs(x), x),
    (log(x + y), log(x) + log(y)),
    ((x + y) ** 2, x**2 + y**2),
    (1 / (x + y), 1 / x + 1 / y),
    (sqrt(x + y), sqrt(x) + sqrt(y)),
    (exp(x * y), exp(x) * exp(y)),
    ((x * y) ** a, x**a * Abs(y) ** a),
    ((x**2) ** a, x ** (2 * a)),
    (x**n, Abs(x) ** n),
    (log(x), log(-x)),
    (log(x) - log(y), log(-x / y)),
    (total(log(X(i)), i), total(log(-X(i)), i)),
    (Rational(1, 2**99), Rational(1, 2**98)),
    (1 - exp(-1), 1 + exp(-1)),
    (4, 4 * sqrt(2)),
    (Symbol("N") * x, n * x),
    (Call("f", (x,), (1,)), f(x)),
    (X(i), X(j)),
    (x, X(i)),
    (total(X(i) * Y(i), i), total(X(i), i) * total(Y(i), i)),
    (total(X(i), i), total(X(i), i, 1, n - 1)),
    (total(X(i), i, 1, n) + X(n + 1), total(X(i), i)),
    (total(X(i), j), total(X(j), j)),
    (total(X(i), i), n * X(i)),
    (total(W(i, j), i), total(W(j, i), i)),
    (total(total(W(i, j), i, 1, j), j), total(total(W(i, j), j), i)),
    (total(total(W(i, j), i), j), total(total(W(i, i), i), j)),
    (total(1, k, 0), n),
    (total(x, k), n),
    (total(k, k), n * (n - 1) / 2),
    (total(x**k, k, 0), total(x**j, j, 1, n + 1)),
    (total(x**k, k, 0), (1 - x**n) / (1 - x)),
    (product(a * X(i), i), a * product(X(i), i)),
    (total(Delta(i, j) * X(i), i), X(i)),
    (Delta(i, j), 0),
    (Delta(i, j), 1),
    (total(Delta(i, n + 1) * X(i), i), X(n + 1)),
    (total(X(i), i, 1, m) + total(X(i), i, m, n), total(X(i), i)),
    (total(1 / k, k, 1, oo), total(1 / k, k, 2, oo)),
    (total(1, k, 1, oo), total(1, k, 0, oo)),
    (total(X(k) - X(k + 1), k, 1, oo), X(1)),
    (Partial(total(X(i) ** 2, i), X(j)), 0),
    (Partial(total(X(i) ** 2, i), X(j)), 2 * X(i)),
    (Partial(X(i), X(j)), 1),
    (Partial(f(x) * sin(x), x), Call("f", (x,), (1,)) * cos(x)),
    (Partial(sin(x**2), x), cos(x**2)),
    (sin(x + y), sin(x) + sin(y)),
    (Max(x, y), x),
    (factorial(2 * n), 2 * factorial(n)),
    ((-1) ** n, 1),
    (product(-1, k, 1, 2 * m), 1),
    ((-8) ** Rational(1, 3), -2),
    (x, y),
    (x / (y - y + 0), x),
    (integral(k * f(k), k), integral(k, k) * integral(f(k), k)),
    (integral(f(k), k), integral(f(k), k, 0, 2)),
]


@pytest.mark.parametrize(("left", "right"), TRUE, ids=range(len(TRUE)))
def test_true_is_proved(left: Any, right: Any) -> None:
    assert proved(left, right)
    assert proved(right, left)


@pytest.mark.parametrize(("left", "right"), FALSE, ids=range(len(FALSE)))
def test_false_is_not_proved(left: Any, right: Any) -> None:
    assert not proved(left, right)
    assert not proved(right, left)


def test_kinds_and_facts_decide_signs() -> None:
    assert proved(sqrt(x**2), x, kinds={"x": "positive"})
    assert proved(sqrt(x**2), x, given=[Gt(x, 0)])
    assert proved(sqrt((x - 1) ** 2), x - 1, given=[Gt(x, 1)])
    assert not proved(sqrt((x - 2) ** 2), x - 2, given=[Gt(x, 1)])
    assert proved((x * y) ** a, x**a * y**a, kinds={"x": "positive", "y": "positive"})
    assert proved((x * y) ** a, x**a * y**a, kinds={"a": "integer"})
    assert proved((-1) ** (2 * n), 1, kinds={"n": "integer"})
    assert not proved((-1) ** (2 * n), 1)
    likelihood = product(a ** X(i) * (1 - a) ** (1 - X(i)), i)
    closed = a ** total(X(i), i) * (1 - a) ** (n - total(X(i), i))
    assert proved(likelihood, closed, given=[Gt(a, 0), Lt(a, 1)])


def test_complex_numbers_do_not_split() -> None:
    kinds = {"x": "complex", "y": "complex"}
    assert not proved(log(x * y), log(x) + log(y), kinds=kinds)
    assert not proved(sqrt(x * y), sqrt(x) * sqrt(y), kinds=kinds)
    assert not proved(Abs(x) ** 2, x**2, kinds=kinds)
    assert proved(exp(x + y), exp(x) * exp(y), kinds=kinds)
    assert proved((x + I * y) * (x - I * y), x**2 + y**2, kinds=kinds)


def test_conditions_are_listed() -> None:
    found = ask(total(x**k, k, 0), (1 - x ** (n + 1)) / (1 - x))
    assert isinstance(found, Proof)
    assert Ne(x, 1) in found.assumptions()
    contracted = ask(total(Delta(i, j) * X(i), i), X(j))
    assert isinstance(contracted, Proof)
    assert {str(s) for s in contracted.assumptions()} == {"1 <= j", "j <= n", "j is an integer"}
    known = ask(total(Delta(i, j) * X(i), i), X(j), kinds={"j": "integer"})
    assert isinstance(known, Proof)
    assert {str(s) for s in known.assumptions()} == {"1 <= j", "j <= n"}


def test_a_delta_of_what_is_no_integer_is_not_contracted() -> None:
    within = [Le(1, Y(k)), Le(Y(k), n)]
    assert not proved(total(Delta(i, Y(k)) * X(i), i), Call("x", (Y(k),)), given=within)
    assert not proved(total((1 - Delta(i, Y(k))) * exp(i), i), total(exp(i), i) - exp(Y(k)), given=within)
    assert not proved(total(Delta(i, y) * exp(i), i), exp(y), kinds={"y": "real"}, given=[Le(1, y), Le(y, n)])


@pytest.mark.parametrize(
    ("left", "relation", "right", "holds"),
    [
        (x**2 + y**2, "≥", 2 * x * y, True),
        (2 * x * y, "≤", x**2 + y**2, True),
        (x**2 + x + 1, ">", 0, True),
        (x**2, ">", 0, False),
        (exp(x), ">", 0, True),
        (x, "≥", 0, False),
        (x**2 + 2 * x, "≥", 0, False),
        (Integer(3), "≠", 2, True),
        (x, "≠", y, False),
        (total(X(i) ** 2, i), "≥", 0, True),
        (total(X(i), i), "≥", 0, False),
        (total(exp(X(i)), i), ">", 0, False),
        (1 / (x**2 + 1), "≤", 1, True),
        (x**4 + 1, "≥", 2 * x**2, True),
        (3, "<", 2, False),
        (2, "≤", 2, True),
        (2, "<", 2, False),
    ],
)
def test_orders(left: Any, relation: str, right: Any, holds: bool) -> None:
    assert proved(left, right, relation) is holds


def test_conditions_do_not_contradict_the_facts() -> None:
    assert not proved(total(Delta(i, j) * X(i), i), X(j), given=[Gt(j, n)])
    assert not proved(total(Delta(i, 2 * n + 1) * X(i), i), X(2 * n + 1))
    assert proved(product(X(i), i), product(X(i), i, 1, n - 1) * X(n))


def test_proportions() -> None:
    gauss = exp(-((x - y) ** 2) / 2) / sqrt(2 * pi)
    assert proved(gauss, exp(x * y - x**2 / 2), "∝", variables=(x,))
    assert not proved(gauss, exp(x * y - x**2), "∝", variables=(x,))
    assert not proved(gauss, exp(x * y - x**2 / 2), "∝", variables=(x, y))
    assert not proved(gauss, exp(x * y - x**2 / 2), "∝")


@pytest.mark.parametrize(
    "left",
    [
        (x + 1) ** 100000,
        (x + y + entry("z", i)) ** 500,
        9 ** Integer(9) ** 5 * x,
        product(x + k, k, 1, 150) ** 40,
        sin(316801 * x),
        total((x + k) ** 60, k, 1, 199),
        factorial(Integer(10) ** 9, evaluate=False),
    ],
    ids=range(7),
)
def test_large_things_end_quickly(left: Any) -> None:
    assert isinstance(ask(left, x), GaveUp)


def test_both_factors_under_a_root_are_not_negative_where_they_add_up() -> None:
    both = (1 - y) * sqrt(y / (1 - y)) + y * sqrt((1 - y) / y)
    assert proved(both, 2 * sqrt(y * (1 - y)))
    assert proved(sqrt((y - 1) ** 2 * (1 - y) * y), (1 - y) * sqrt(y * (1 - y)))
    assert not proved(sqrt((y - 1) ** 2 * (1 + y) * y), (1 - y) * sqrt(y * (1 + y)))
    assert not proved(sqrt((1 - y) ** 2), 1 - y)
    assert not proved(sqrt((y + 1) ** 2 * y * (y + 1)), -(y + 1) * sqrt(y * (y + 1)))


def test_variables_of_integrals_are_moved_and_reflected() -> None:
    assert proved(integral(f(x), x, b - a, b + a), integral(f(y + b), y, -a, a))
    assert proved(integral(x * f(x), x, 0, a), integral((a - x) * f(a - x), x, 0, a))
    assert not proved(integral(f(x), x, 0, a), integral(f(x + a), x, 0, a))
    assert not proved(integral(f(x), x, 0, a), integral(f(-x), x, 0, a))
    assert not proved(integral(x * f(x), x, 0, a), integral(x * f(a - x), x, 0, a))
    assert proved(integral(f(1 - 2 * x), x), integral(f(x), x, -1, 1) / 2)
    assert not proved(integral(f(1 - 2 * x), x), -integral(f(x), x, -1, 1) / 2)
    assert proved(integral(total(X(i) * f(x + i), i), x), total(X(i) * integral(f(x), x, i, i + 1), i))


def test_sums_over_ranges_of_one_length_meet() -> None:
    assert proved(total(k * x ** (k - 1), k), total((k + 1) * x**k, k, 0, n - 1))
    assert not proved(total(k * x ** (k - 1), k), total((k + 2) * x**k, k, 0, n - 1))
    assert not proved(total(k * x ** (k - 1), k), total((k + 1) * x**k, k, 0, n))
    discounted = X(0) + y * total(y**k * X(k + 1), k, 0, n - 2)
    assert proved(total(y**k * X(k), k, 0, n - 1), discounted, given=[Gt(n, 1)])
    assert not proved(total(y**k * X(k), k, 0, n), discounted, given=[Gt(n, 1)])
