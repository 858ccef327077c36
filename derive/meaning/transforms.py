"""Operators before braces: `\\mathcal{L}\\{f(t)\\}`, `\\mathcal{L}^{-1}\\{F(s)\\}`.

In a document that speaks of transforms they are linear, and the Laplace transform is the integral that defines it. Of
any other operator nothing is known but that equal operands give equal values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Add, S, Symbol, exp
from sympy.core.containers import Tuple
from sympy.core.expr import Expr

from derive.meaning.objects import IntegralOver, Opaque, Range, rename
from derive.meaning.printing import spoken

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

_TIME, _FREQUENCY = "t", "s"
_LAPLACE = ("\\mathcal{L}", "\\mathscr{L}")
# the variable that a transform binds, inside of what is not an integral; no binder has this height
_TRANSFORMED = Symbol("\N{MIDDLE DOT}1000000")


def applied(reader: Reader, kind: str, key: str, arguments: list[Expr], indices: Tuple) -> Expr:
    """An operator with its operands. `kind` is what an uninterpreted one is called."""
    conventions = reader.conventions
    if key not in conventions.linear or len(arguments) != 1:
        return Opaque(kind, Tuple(*arguments), indices)
    operand = arguments[0]
    inverse = kind.startswith("inverse")
    laplace = key in _LAPLACE and not indices and key not in conventions.defined and "Laplace" in conventions.linear
    of_time = operand.has(Symbol(_TIME)) or not operand.free_symbols
    known = conventions.usage(_FREQUENCY).bare and _FREQUENCY not in reader.bound and _TIME not in reader.bound
    if laplace and not inverse and of_time and known:
        reader.note(f"{spoken(key)} is the Laplace transform, an integral over t from 0 to infinity")
        time = Symbol(_TIME)
        return IntegralOver(exp(-Symbol(_FREQUENCY) * time) * operand, time, Range(S.Zero, S.Infinity))
    if laplace:
        operand = rename(operand, Symbol(_FREQUENCY), _TRANSFORMED)
    total: Expr = S.Zero
    for term in Add.make_args(operand):
        coefficient, rest = term.as_coeff_Mul()
        total = total + coefficient * Opaque(kind, Tuple(rest), indices)
    return total
