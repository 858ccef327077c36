"""SymPy's own readers of LaTeX, with `simplify`."""

from __future__ import annotations

from functools import partial

from . import Ask


def load_antlr() -> Ask:
    from sympy.parsing.latex import parse_latex

    from .simplifying import decide

    parse_latex("x")  # says here when its parser is not installed
    return partial(decide, parse_latex)


def load_lark() -> Ask:
    from sympy.parsing.latex import parse_latex

    from .simplifying import decide

    read = partial(parse_latex, backend="lark")
    read("x")
    return partial(decide, read)
