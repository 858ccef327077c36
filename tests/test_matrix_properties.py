"""What must always hold of the normal form of matrices: it has the value of what it is the normal form of, and two
matrices with one normal form agree in every model."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Integer, Rational, Symbol

from derive.meaning.matrices import (
    AnyEntry,
    Array,
    Determinant,
    Hadamard,
    Identity,
    MatrixPower,
    MatrixProduct,
    MatrixSum,
    MatrixSumOver,
    Trace,
    Transposed,
)
from derive.meaning.objects import Entry, Range
from derive.meaning.question import Setting
from derive.proving.giveup import Stuck
from derive.proving.normal.normaliser import Normaliser
from derive.refuting.refuter import agrees

i, n, t = Symbol("i"), Symbol("n"), Symbol("t")
SQUARE = [Array(Symbol(name), "matrix") for name in "ABS"]
COLUMNS = [Array(Symbol(name), "column") for name in "xy"] + [Array(Entry("u", (Integer(1),)), "column")]
TRAITS = {"A": frozenset({"square"}), "B": frozenset({"square"}), "S": frozenset({"symmetric"})}
SETTING = Setting(traits=TRAITS)
NUMBERS = st.sampled_from([Integer(2), Integer(-1), Rational(1, 2), t])


def _grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda p: MatrixSum(*p)),
        pair.map(lambda p: MatrixProduct(*p)),
        pair.map(lambda p: Hadamard(*p)),
        st.tuples(NUMBERS, inner).map(lambda p: MatrixProduct(*p)),
        inner.map(Transposed),
        inner.map(lambda m: MatrixPower(m, Integer(2))),
        inner.map(lambda m: MatrixPower(MatrixSum(m, SQUARE[0]), Integer(-1))),
        inner.map(lambda m: MatrixProduct(Trace(m), m)),
        st.tuples(inner, st.sampled_from(COLUMNS)).map(
            lambda p: MatrixProduct(p[1], Transposed(p[1]), p[0], SQUARE[2])
        ),
    )


MATRICES = st.recursive(
    st.one_of(
        st.sampled_from([*SQUARE, Identity()]),
        st.tuples(st.sampled_from(COLUMNS), st.sampled_from(COLUMNS)).map(
            lambda p: MatrixProduct(p[0], Transposed(p[1]))
        ),
        st.just(
            MatrixSumOver(
                MatrixProduct(Array(Entry("u", (i,)), "column"), Transposed(Array(Entry("u", (i,)), "column"))),
                i,
                Range(Integer(1), n),
            )
        ),
    ),
    _grown,
    max_leaves=5,
)
QUIET = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _holds_square(matrix: Any) -> Any:
    """The matrix beside A, so that all sizes are those of A."""
    return MatrixSum(MatrixProduct(SQUARE[0], SQUARE[1], SQUARE[2]), matrix)


@QUIET
@given(MATRICES)
def test_the_normal_form_has_the_same_value(matrix: Any) -> None:
    matrix = _holds_square(matrix)
    try:
        shown = Normaliser(SETTING).matrices.words.canonical(matrix)
    except Stuck:
        return
    assert agrees(AnyEntry(matrix), AnyEntry(shown), SETTING, 4) is not False


@QUIET
@given(MATRICES, st.sampled_from([Trace, Determinant]))
def test_numbers_made_of_matrices_keep_their_value(matrix: Any, kind: Any) -> None:
    term = kind(_holds_square(matrix))
    try:
        shown = Normaliser(SETTING).canonical(term)
    except Stuck:
        return
    assert agrees(term, shown, SETTING, 4) is not False


@QUIET
@given(MATRICES, MATRICES)
def test_what_has_one_normal_form_is_equal(one: Any, other: Any) -> None:
    left = MatrixProduct(one, MatrixSum(other, SQUARE[1]))
    right = MatrixSum(MatrixProduct(one, other), MatrixProduct(one, SQUARE[1]))
    try:
        normaliser = Normaliser(SETTING)
        assert normaliser.matrices.equal(left, right)
    except Stuck:
        return
