"""The steps of a logistic and a softmax gradient, by hand in objects."""

from __future__ import annotations

import pytest
from proving_samples import a, ask, b, entry, i, j, k, m, proved, theta, total, x, y, z
from sympy import Eq, Expr, Ne, S, Symbol, exp, log

from derive.meaning.objects import Call, Delta, Entry, Partial, SumOver
from derive.proving.core import Proof
from derive.proving.giveup import GaveUp

sample, label = Entry("x", (), (i,)), Entry("y", (), (i,))
h = (Call("h", (z,)), (z,), 1 / (1 + exp(-(z * theta + b))))
at = Call("h", (sample,))
e = exp(-(sample * theta + b))
cost: Expr = -total(label * log(at) + (1 - label) * log(1 - at), i, 1, m) / m
J = (Symbol("J"), (), cost)
LOGISTIC = [
    -total((label / (1 / (1 + e)) - (1 - label) / (1 - 1 / (1 + e))) * (-e) / (1 + e) ** 2 * (-sample), i, 1, m) / m,
    -total((label * (1 + e) - (1 - label) * (1 + e) / e) / (1 + e) * e / (1 + e) * sample, i, 1, m) / m,
    -total((label * e / (1 + e) - (1 - label) / (1 + e)) * sample, i, 1, m) / m,
    -total((label * (1 - at) - (1 - label) * at) * sample, i, 1, m) / m,
    total((at - label) * sample, i, 1, m) / m,
]


def test_logistic_opening_step() -> None:
    found = ask(Partial(Symbol("J"), theta), LOGISTIC[0], define=[h, J])
    assert isinstance(found, Proof)
    assert {"definition", "derivative-of-indexed-sum", "derivative-of-log", "derivative-quotient"} <= set(found.rules())
    assert not proved(Partial(Symbol("J"), theta), -LOGISTIC[0], define=[h, J])


@pytest.mark.parametrize("number", range(4))
def test_logistic_chain(number: int) -> None:
    assert proved(LOGISTIC[number], LOGISTIC[number + 1], define=[h, J])
    assert not proved(LOGISTIC[number], LOGISTIC[number + 1] * 2, define=[h, J])


def test_logistic_without_the_sample_index_is_another_claim() -> None:
    dropped = -total((y * e / (1 + e) - (1 - y) / (1 + e)) * sample, i, 1, m) / m
    assert not proved(dropped, LOGISTIC[3], define=[h, J])
    assert not proved(dropped, LOGISTIC[1], define=[h, J])


A = (entry("a", i), (i,), exp(entry("z", i)) / total(exp(entry("z", j)), j))
zi, zj = entry("z", i), entry("z", j)
den = total(exp(entry("z", k)), k)
same = (exp(zj) * den - exp(zj) * exp(zj)) / den**2
other = -exp(zi) * exp(zj) / den**2
slope = Partial(entry("a", j), zi)


def test_softmax_at_equal_indices() -> None:
    found = ask(slope, same, define=[A], given=[Eq(i, j)])
    assert isinstance(found, Proof)
    assert Eq(i, j) in found.assumptions()
    split = exp(zj) / den - exp(zj) / den * (exp(zj) / den)
    assert proved(same, split, define=[A], given=[Eq(i, j)])
    assert proved(split, entry("a", j) * (1 - entry("a", j)), define=[A], given=[Eq(i, j)])


def test_softmax_at_different_indices() -> None:
    assert proved(slope, other, define=[A], given=[Ne(i, j)])
    assert proved(other, -entry("a", i) * entry("a", j), define=[A], given=[Ne(i, j)])


def test_softmax_cases_are_not_confused() -> None:
    assert not proved(slope, same, define=[A], given=[Ne(i, j)])
    assert not proved(slope, other, define=[A], given=[Eq(i, j)])
    assert not proved(slope, same, define=[A])
    assert not proved(slope, other, define=[A])


def test_softmax_in_one_formula() -> None:
    assert proved(slope, entry("a", j) * (Delta(i, j) - entry("a", i)), define=[A])
    assert not proved(slope, entry("a", j) * (Delta(i, j) - entry("a", j)), define=[A])


LOSS = (Symbol("L"), (), -total(entry("y", i) * log(entry("a", i)), i))


def test_cross_entropy_needs_the_labels_to_sum_to_one() -> None:
    gradient = entry("a", i) - entry("y", i)
    fact = Eq(total(entry("y", i), i), 1)
    assert proved(Partial(Symbol("L"), zi), gradient, define=[A, LOSS], given=[fact])
    assert not proved(Partial(Symbol("L"), zi), gradient, define=[A, LOSS])


def test_chain_through_an_intermediate_family() -> None:
    left = Partial(Symbol("L"), entry("a", i)) * Partial(entry("a", i), zi)
    assert proved(left, -entry("y", i) / entry("a", i) * Partial(entry("a", i), zi), define=[A, LOSS])
    assert not proved(left, -1 / entry("a", i) * Partial(entry("a", i), zi), define=[A, LOSS])
    assert proved(left, -1 / entry("a", i) * Partial(entry("a", i), zi), define=[A, LOSS], given=[Eq(entry("y", i), 1)])


def test_a_derivative_of_what_is_not_built_on_the_variable_is_not_zero() -> None:
    slipped = (entry("a", i), (i,), exp(entry("x", i)) / total(exp(entry("x", j)), j))
    found = ask(slope, S.Zero, define=[slipped])
    assert isinstance(found, GaveUp)
    assert "does not stand" in found.reason
    assert isinstance(ask(Partial(y, x), S.Zero), GaveUp)


def test_definitions_are_unfolded_under_binders_without_capture() -> None:
    row = (entry("s", i), (i,), total(entry("w", i, j), j))
    nested = total(total(entry("w", i, j), j), i)
    assert proved(SumOver(entry("s", k), k, nested.domain), nested, define=[row])
    assert not proved(SumOver(entry("s", k), k, nested.domain), total(total(entry("w", j, j), j), i), define=[row])
    assert not proved(total(entry("s", j), j), total(total(entry("w", j, j), j), i), define=[row])


def test_circular_definitions_end() -> None:
    assert isinstance(ask(a, b + 1, define=[(a, (), b + 1), (b, (), a - 1)]), Proof | GaveUp)
    assert not proved(a, b, define=[(a, (), b + 1), (b, (), a - 1)])
