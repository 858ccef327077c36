"""Polynomials with small coefficients: what an abstract function is in a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flint import fmpq

from derive.refuting.numbers import ZERO, Number, raise_to_integer

ARGUMENTS = ("t", "s", "r", "q", "p")


@dataclass(frozen=True)
class Polynomial:
    """A polynomial in `arity` variables: the coefficient of each tuple of exponents."""

    arity: int
    terms: Mapping[tuple[int, ...], int]

    def __call__(self, arguments: Sequence[Number], orders: Sequence[int]) -> Number:
        """The value of the partial derivative of these orders."""
        total: Number = ZERO
        for exponents, coefficient in self.terms.items():
            if any(order > exponent for order, exponent in zip(orders, exponents, strict=True)):
                continue
            term: Number = fmpq(coefficient)
            for x, exponent, order in zip(arguments, exponents, orders, strict=True):
                for factor in range(exponent - order + 1, exponent + 1):
                    term = term * fmpq(factor)
                if exponent > order:
                    term = term * raise_to_integer(x, exponent - order)
            total = total + term
        return total

    def derivative(self, orders: Sequence[int]) -> Polynomial:
        """The partial derivative of these orders."""
        terms: dict[tuple[int, ...], int] = {}
        for exponents, coefficient in self.terms.items():
            for place, order in enumerate(orders):
                for _ in range(order):
                    coefficient *= exponents[place]
                    exponents = (*exponents[:place], exponents[place] - 1, *exponents[place + 1 :])
            if coefficient:
                terms[exponents] = terms.get(exponents, 0) + coefficient
        return Polynomial(self.arity, terms)

    @property
    def variables(self) -> tuple[str, ...]:
        """The letters of the arguments in print."""
        if self.arity <= len(ARGUMENTS):
            return ARGUMENTS[: self.arity]
        return tuple(f"t_{place + 1}" for place in range(self.arity))

    def __str__(self) -> str:
        pieces = []
        for exponents, coefficient in sorted(self.terms.items(), key=lambda term: (sum(term[0]), term[0])):
            powers = [
                variable if exponent == 1 else f"{variable}^{exponent}"
                for variable, exponent in zip(self.variables, exponents, strict=True)
                if exponent
            ]
            size = abs(coefficient)
            text = " ".join(([str(size)] if size != 1 or not powers else []) + powers)
            pieces.append(("- " if coefficient < 0 else "+ ") + text)
        text = " ".join(pieces) or "0"
        return "-" + text[2:] if text.startswith("- ") else text.removeprefix("+ ")

    def __mul__(self, other: Polynomial) -> Polynomial:
        product: dict[tuple[int, ...], int] = {}
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                exponents = tuple(i + j for i, j in zip(left, right, strict=True))
                product[exponents] = product.get(exponents, 0) + a * b
        return Polynomial(self.arity, {e: c for e, c in product.items() if c})


def draw(arity: int, digits: Sequence[int], positive: bool) -> Polynomial:
    """A polynomial from random bytes: of degree 3 or less, or, where it must be positive, 1 plus a square."""
    units = [tuple(int(place == k) for k in range(arity)) for place in range(arity)]
    nothing = (0,) * arity
    terms: dict[tuple[int, ...], int] = {nothing: digits[0] % 5 - 2}
    for place, unit in enumerate(units):
        terms[unit] = (1, 2, -1, 3, -2)[digits[1 + place % 7] % 5]
        if not positive:
            terms[tuple(2 * e for e in unit)] = (1, -1, 2)[digits[8 + place % 7] % 3]
            if arity == 1:
                terms[tuple(3 * e for e in unit)] = (1, -1)[digits[15] % 2]
        for other in units[place + 1 :]:
            terms[tuple(a + b for a, b in zip(unit, other, strict=True))] = (1, -1, 2)[digits[16 + place % 7] % 3]
            if not positive:
                terms[tuple(2 * a + b for a, b in zip(unit, other, strict=True))] = 1
    polynomial = Polynomial(arity, {e: c for e, c in terms.items() if c})
    if not positive:
        return polynomial
    square = dict((polynomial * polynomial).terms)
    square[nothing] = square.get(nothing, 0) + 1
    return Polynomial(arity, square)


def simple(arity: int) -> tuple[Polynomial, ...]:
    """The simplest polynomials worth trying when a counterexample is made smaller."""
    nothing = (0,) * arity
    units = [tuple(int(place == k) for k in range(arity)) for place in range(arity)]
    linear = Polynomial(arity, dict.fromkeys(units, 1))
    product = Polynomial(arity, {(1,) * arity: 1})
    square = Polynomial(arity, {tuple(2 * e for e in unit): 1 for unit in units})
    candidates = [
        Polynomial(arity, {nothing: 1}), linear, product, square, Polynomial(arity, {nothing: 1, **square.terms}),
    ]  # fmt: skip
    return tuple({str(p): p for p in candidates}.values())
