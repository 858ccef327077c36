"""Questions that have no sense as they are read: inverses that do not exist, derivatives by parameters."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Symbol
from sympy.core.basic import Basic
from sympy.core.expr import Expr

from derive.meaning.matrices import (
    Array,
    Determinant,
    MatrixPower,
    Trace,
)
from derive.meaning.objects import Call, Partial, subterms
from derive.meaning.printing import spoken, to_text
from derive.meaning.question import Setting
from derive.meaning.trouble import Beyond
from derive.proving.giveup import Stuck, Undefined
from derive.proving.normal.normaliser import Normaliser
from derive.proving.normal.powers import Regrain
from derive.proving.unfolding import defined_names, unfold


def refuse_inverses(setting: Setting, sides: Iterable[Basic]) -> None:
    """Raises Beyond where a matrix is inverted that the document declares with different numbers of rows and columns
    (or where the determinant or trace of such a one is taken), or whose determinant is zero by its definition."""
    for part in (p for side in (*sides, *(d.body for d in setting.definitions)) for p in subterms(side)):
        if not isinstance(part, MatrixPower | Determinant | Trace):
            continue
        base = part.args[0]
        sizes = setting.sizes.get(base.key, ()) if isinstance(base, Array) else ()
        if len(sizes) == 2 and sizes[0] != sizes[1]:
            shown = " × ".join(map(to_text, sizes))
            raise Beyond(f"{spoken(base.key)} is {shown}, and such a matrix has no inverse or power")
        if isinstance(part, MatrixPower) and part.args[1].could_extract_minus_sign() and _is_singular(base, setting):
            raise Beyond(f"{to_text(base)} has no inverse: its determinant is zero")


def _is_singular(base: Expr, setting: Setting) -> bool:
    """Whether the determinant of a matrix is zero, with the definitions put in."""
    try:
        body = unfold(base, setting, defined_names(setting))
        return Normaliser(setting).normalise(Determinant(body)).is_zero
    except (Stuck, Undefined, Regrain, TypeError):
        return False


def refuse_parameters(setting: Setting, sides: Iterable[Basic]) -> None:
    """Raises Beyond where a defined function is differentiated at a name that its formula holds as a parameter:
    `f''(μ)` of `f(x) = (x - μ)^2` is the derivative by x at μ, and what is read is one by μ."""
    for part in (p for side in (*sides, *(d.body for d in setting.definitions)) for p in subterms(side)):
        if not isinstance(part, Partial) or not isinstance(part.variable, Symbol):
            continue
        called: Basic = part.body
        while isinstance(called, Partial):
            called = called.body
        if not isinstance(called, Call) or part.variable not in called.arguments:
            continue
        for definition in setting.definitions:
            own = definition.head.name == called.name and part.variable not in definition.parameters
            if own and part.variable in definition.body.free_symbols:
                raise Beyond(f"`{part.variable}` is a parameter of {called.name}, and what it is differentiated at")
