"""Short names for the mathematical objects that the tests of the prover are written in."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, Symbol, symbols, sympify

from derive.meaning.objects import Call, Entry, IntegralOver, ProductOver, Range, SumOver
from derive.meaning.question import Definition, Fact, Question, Setting
from derive.proving.core import Proof
from derive.proving.giveup import GaveUp
from derive.proving.prover import prove

x, y, z, a, b, theta = symbols("x y z a b theta")
i, j, k, m, n = symbols("i j k m n")


def entry(name: str, *indices: Expr) -> Entry:
    return Entry(name, indices)


def X(index: Any) -> Entry:
    return Entry("x", (sympify(index),))


def Y(index: Any) -> Entry:
    return Entry("y", (sympify(index),))


def W(first: Any, second: Any) -> Entry:
    return Entry("w", (sympify(first), sympify(second)))


def f(*arguments: Expr) -> Call:
    return Call("f", arguments)


def span(lower: Any, upper: Any) -> Range:
    return Range(sympify(lower), sympify(upper))


def total(body: Any, index: Symbol, lower: Any = 1, upper: Any = n) -> SumOver:
    return SumOver(sympify(body), index, span(lower, upper))


def product(body: Any, index: Symbol, lower: Any = 1, upper: Any = n) -> ProductOver:
    return ProductOver(sympify(body), index, span(lower, upper))


def integral(body: Any, variable: Symbol, lower: Any = 0, upper: Any = 1) -> IntegralOver:
    return IntegralOver(sympify(body), variable, span(lower, upper))


def ask(left: Any, right: Any, relation: Any = "=", **setting: Any) -> Proof | GaveUp:
    """The outcome of asking the prover; `given` are facts, `define` pairs of head, parameters and body."""
    facts = tuple(Fact(statement) for statement in setting.pop("given", ()))
    definitions = tuple(Definition(head, parameters, body) for head, parameters, body in setting.pop("define", ()))
    variables = setting.pop("variables", ())
    made = Setting(setting.pop("kinds", {}), definitions, facts)
    return prove(Question(sympify(left), relation, sympify(right), made, variables))


def proved(left: Any, right: Any, relation: Any = "=", **setting: Any) -> bool:
    return isinstance(ask(left, right, relation, **setting), Proof)


__all__ = ["Integer", "ask", "entry", "f", "integral", "product", "proved", "span", "total"]
