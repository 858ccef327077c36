"""latex2sympy2_extended, with SymPy's `simplify`."""

from __future__ import annotations

from functools import partial

from . import Ask


def load() -> Ask:
    from latex2sympy2_extended import latex2sympy

    from .simplifying import decide

    latex2sympy("x")
    return partial(decide, latex2sympy)
