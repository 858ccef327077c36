"""The named functions of mathematics and the SymPy function each one is."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from sympy.core.expr import Expr

from derive.meaning.trouble import Beyond


def _logarithm(argument: Expr, base: Expr) -> Expr:
    return sp.log(argument) / sp.log(base)


# one argument
FUNCTIONS: dict[str, Callable[[Expr], Expr]] = {
    "sin": sp.sin, "cos": sp.cos, "tan": sp.tan, "cot": sp.cot, "sec": sp.sec, "csc": sp.csc,
    "arcsin": sp.asin, "arccos": sp.acos, "arctan": sp.atan, "asin": sp.asin, "acos": sp.acos, "atan": sp.atan,
    "sinh": sp.sinh, "cosh": sp.cosh, "tanh": sp.tanh, "coth": sp.coth, "sech": sp.sech, "csch": sp.csch,
    "arsinh": sp.asinh, "arcosh": sp.acosh, "artanh": sp.atanh, "arcsinh": sp.asinh, "arccosh": sp.acosh,
    "arctanh": sp.atanh,
    "exp": sp.exp, "log": sp.log, "ln": sp.log,
    "lg": lambda x: _logarithm(x, sp.Integer(10)),
    "sqrt": sp.sqrt, "abs": sp.Abs, "sgn": sp.sign, "sign": sp.sign, "erf": sp.erf,
}  # fmt: skip

# any number of arguments
SELECTORS: dict[str, Callable[..., Expr]] = {"max": sp.Max, "min": sp.Min}

INVERSES: dict[str, str] = {
    "sin": "arcsin", "cos": "arccos", "tan": "arctan", "sinh": "arsinh", "cosh": "arcosh", "tanh": "artanh",
}  # fmt: skip


def apply(name: str, arguments: list[Expr], base: Expr | None = None) -> Expr:
    """A named function at its arguments; `base` is the subscript of a logarithm. Raises Beyond for a function that
    has no meaning here yet (`det`, `tr`, `Pr`), or a wrong number of arguments."""
    if name in SELECTORS and arguments:
        if len(arguments) == 1:
            raise Beyond(f"over what this {name} runs")
        return SELECTORS[name](*arguments)
    function = FUNCTIONS.get(name)
    if function is None:
        raise Beyond(f"{name} is not decided yet")
    if len(arguments) != 1:
        raise Beyond(f"{name} of {len(arguments)} arguments")
    if base is not None:
        if name not in ("log", "ln"):
            raise Beyond(f"{name} with a subscript")
        return _logarithm(arguments[0], base)
    return function(arguments[0])
