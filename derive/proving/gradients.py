"""Gradients of scalars by vectors and matrices, and derivatives of matrices by scalars.

The gradient has the shape of the variable. Of tr(C M) it is found by going into M: whatever stands around the variable
is turned round until the variable stands last, ∇_X tr(C X) = Cᵀ (Magnus and Neudecker, Matrix Differential Calculus,
chapter 9; The Matrix Cookbook, 2.4 and 2.5). Everything else is the chain rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Add, E, Mul, Pow, S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol
from sympy.functions import log

from derive.meaning.matrices import (
    Array,
    Determinant,
    Diagonal,
    Gradient,
    Hadamard,
    MatrixPower,
    MatrixProduct,
    MatrixSum,
    MatrixSumOver,
    MatrixTerm,
    Trace,
    Transposed,
    Written,
    Zero,
    transposed,
)
from derive.meaning.objects import Call, Entry, ProductOver, SumOver
from derive.meaning.question import Setting
from derive.proving.calculus import OUTER, Derivative
from derive.proving.giveup import NotCarriedOut, TooLarge
from derive.proving.unfolding import defined_names, names_in, opened_symbol, unfold

MOST_STEPS = 2000


def gradient(body: Expr, array: Array, setting: Setting) -> Derivative:
    """The gradient of a scalar by a vector or matrix, with the definitions of the setting put into the body. Raises
    `NotCarriedOut` where no rule applies."""
    if not isinstance(array, Array):
        raise NotCarriedOut("the variable of a gradient is not a name")
    own = array.key
    work = _Gradient(array, own)
    if own not in names_in(body):
        work.use("definition")
    body = unfold(body, setting, [name for name in defined_names(setting) if name != own])
    vanishes = own not in names_in(body) and bool(names_in(body))
    value = work.scalar(body, 0)
    return Derivative(value, tuple(work.rules), tuple(work.assumptions), vanishes)


class _Gradient:
    """One gradient under way."""

    def __init__(self, array: Array, own: str) -> None:
        self._array = array
        self._own = own
        self.rules: dict[str, None] = {}
        self.assumptions: dict[Any, None] = {}
        self._steps = 0

    def use(self, rule: str) -> None:
        self.rules.setdefault(rule)

    def _mentions(self, term: Basic) -> bool:
        return self._own in names_in(term)

    def scalar(self, term: Expr, level: int) -> Any:
        """The gradient of a scalar."""
        self._steps += 1
        if self._steps > MOST_STEPS or level > 12:
            raise TooLarge("a gradient takes too many steps")
        if not self._mentions(term):
            return Zero()
        if isinstance(term, Add):
            self.use("derivative-of-sum")
            total: Any = Zero()
            for arg in term.args:
                total = total + self.scalar(arg, level)
            return total
        if isinstance(term, Mul):
            return self._product(term.args, level)
        if isinstance(term, Pow):
            return self._power(term, level)
        outer = OUTER.get(type(term))
        if outer is not None and len(term.args) == 1:
            self.use(outer[0])
            self.use("chain-rule")
            return outer[1](term.args[0]) * self.scalar(term.args[0], level)
        if isinstance(term, Trace):
            self.use("gradient-of-trace")
            return self._matrix(term.args[0], None, level)
        if isinstance(term, Determinant):
            self.use("gradient-of-determinant")
            matrix = term.args[0]
            return self._matrix(matrix, term * MatrixPower(matrix, S.NegativeOne), level)
        if isinstance(term, SumOver):
            return self._sum(term, lambda body, deeper: self.scalar(body, deeper), level)
        if isinstance(term, Call) and not any(map(self._mentions, term.arguments[1:])):
            return self._call(term, level)
        if isinstance(term, ProductOver):
            raise NotCarriedOut("the gradient of a product over an index")
        raise NotCarriedOut(f"no rule gives the gradient of {type(term).__name__}")

    def _product(self, factors: tuple[Expr, ...], level: int) -> Any:
        self.use("derivative-of-product")
        total: Any = Zero()
        for k, factor in enumerate(factors):
            if self._mentions(factor):
                total = total + Mul(*factors[:k], *factors[k + 1 :]) * self.scalar(factor, level)
        return total

    def _power(self, term: Expr, level: int) -> Any:
        base, exponent = term.args
        self.use("chain-rule")
        if base == E:
            self.use("derivative-of-exp")
            return term * self.scalar(exponent, level)
        if not self._mentions(exponent):
            self.use("derivative-of-power")
            return exponent * Pow(base, exponent - 1) * self.scalar(base, level)
        if self._mentions(base):
            raise NotCarriedOut("a power with the variable in its base and its exponent")
        return term * log(base) * self.scalar(exponent, level)

    def _call(self, term: Call, level: int) -> Any:
        """A function of one scalar by the chain rule; one of the variable itself has a gradient of its own."""
        argument = term.arguments[0]
        if argument == self._array and len(term.arguments) == 1 and not any(term.orders):
            return Gradient(term, self._array)
        if isinstance(argument, MatrixTerm) or self._mentions(term.args[0]):
            raise NotCarriedOut("a function of a vector that is not the variable alone")
        orders = list(term.orders)
        orders[0] += 1
        self.use("chain-rule")
        return Call(term.head, term.arguments, orders) * self.scalar(argument, level)

    def _sum(self, term: Any, inner: Callable[[Any, int], Any], level: int) -> Any:
        variable = opened_symbol(1200 + level)
        body, inside = term.open(variable)
        if any(map(self._mentions, (*term.outside, *inside))):
            raise NotCarriedOut("the range of a sum depends on the variable of the gradient")
        self.use("derivative-of-indexed-sum")
        slope = inner(body, level + 1)
        return slope if isinstance(slope, Zero) else MatrixSumOver(slope, variable, *term.outside, *inside)

    # ------------------------------------------------------------------ tr(C M)

    def _matrix(self, matrix: Expr, left: Any, level: int) -> Any:
        """The gradient of tr(C M) for C = `left` (None for the identity)."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooLarge("a gradient takes too many steps")
        if not self._mentions(matrix):
            return Zero()
        if matrix == self._array:
            if left is None:
                raise NotCarriedOut("the gradient of the trace of the variable itself")
            return transposed(left)
        if isinstance(matrix, Array) and isinstance(matrix.name, Entry):
            raise NotCarriedOut("the gradient by one member of a family of vectors")
        if isinstance(matrix, MatrixSum):
            total: Any = Zero()
            for arg in matrix.args:
                total = total + self._matrix(arg, left, level)
            return total
        if isinstance(matrix, Transposed):
            return self._matrix(matrix.args[0], None if left is None else transposed(left), level)
        if isinstance(matrix, MatrixProduct):
            return self._factors(matrix.args, left, level)
        if isinstance(matrix, MatrixPower):
            return self._matrix_power(matrix, left, level)
        if isinstance(matrix, MatrixSumOver):
            return self._sum(matrix, lambda body, deeper: self._matrix(body, left, deeper), level)
        if isinstance(matrix, Hadamard) and left is not None:
            one, other = matrix.args
            total = self._matrix(one, Hadamard(left, transposed(other)), level)
            return total + self._matrix(other, Hadamard(left, transposed(one)), level)
        raise NotCarriedOut(f"no rule gives the gradient of {type(matrix).__name__}")

    def _factors(self, factors: tuple[Expr, ...], left: Any, level: int) -> Any:
        total: Any = Zero()
        for k, factor in enumerate(factors):
            if not self._mentions(factor):
                continue
            rest: list[Any] = [*factors[k + 1 :], *([] if left is None else [left]), *factors[:k]]
            if isinstance(factor, MatrixTerm):
                around: Any = None
                for part in rest:
                    around = part if around is None else around * part
                if around is None or not isinstance(around, MatrixTerm):
                    raise NotCarriedOut("a product of the variable with numbers only")
                total = total + self._matrix(factor, around, level)
            else:
                whole = [*([] if left is None else [left]), *factors[:k], *factors[k + 1 :]]
                total = total + Trace(MatrixProduct(*whole)) * self.scalar(factor, level)
        return total

    def _matrix_power(self, matrix: Expr, left: Any, level: int) -> Any:
        base, exponent = matrix.args
        if exponent == -1:
            if left is None:
                raise NotCarriedOut("the trace of an inverse")
            self.use("derivative-of-inverse")
            return self._matrix(base, -(matrix * left * matrix), level)
        if exponent.is_Integer and 2 <= exponent <= 6:
            return self._factors((base,) * int(exponent), left, level)
        raise NotCarriedOut("a power of a matrix that is no small integer")


def matrix_slope(matrix: Any, derive: Callable[[Expr], Expr]) -> Any:
    """The derivative of a matrix by a scalar, given the derivative of scalars. Raises `NotCarriedOut` where no rule
    applies."""
    if isinstance(matrix, Written):
        rows, columns = matrix.shape
        return Written(rows, columns, [derive(entry) for entry in matrix.entries])
    if isinstance(matrix, MatrixSum):
        total: Any = Zero()
        for arg in matrix.args:
            total = total + matrix_slope(arg, derive)
        return total
    if isinstance(matrix, Transposed | Diagonal):
        slope = matrix_slope(matrix.args[0], derive)
        return slope if isinstance(slope, Zero) else type(matrix)(slope)
    if isinstance(matrix, MatrixProduct):
        total = Zero()
        for k, factor in enumerate(matrix.args):
            slope = matrix_slope(factor, derive) if isinstance(factor, MatrixTerm) else derive(factor)
            if slope == 0 or isinstance(slope, Zero):
                continue
            total = total + MatrixProduct(*matrix.args[:k], slope, *matrix.args[k + 1 :])
        return total
    if isinstance(matrix, MatrixPower) and matrix.args[1] == -1:
        slope = matrix_slope(matrix.args[0], derive)
        return slope if isinstance(slope, Zero) else -(matrix * slope * matrix)
    if isinstance(matrix, Array) and isinstance(matrix.name, Symbol):
        return Zero()
    if not names_in(matrix):
        return Zero()
    raise NotCarriedOut(f"no rule differentiates {type(matrix).__name__}")
