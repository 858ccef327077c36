"""Indicators: `1(x > 0)`, `\\mathbb{1}\\{x \\in A\\}`, `\\mathbf{1}_{x = k}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from sympy.core.containers import Tuple
from sympy.core.expr import Expr

from derive.meaning.objects import Indicator, Opaque
from derive.notation.latex import to_latex
from derive.notation.tree import Chain, Name, Script

if TYPE_CHECKING:
    from derive.meaning.reader import Reader


def of_condition(reader: Reader, condition: Chain) -> Expr:
    """1 where a condition holds, else 0. Of a set that is only named it is not known what lies in it: whether something
    does is an uninterpreted truth."""
    if [sign.sign for sign in condition.signs] == ["∈"] and isinstance(condition.operands[1], Name | Script):
        element = reader.read(condition.operands[0])
        return Indicator(sp.Ne(Opaque(f"member {to_latex(condition.operands[1])}", Tuple(element)), 0))
    return Indicator(reader.relation(condition))
