"""What everybody means by a name that a document does not define: `\\bar x` is the mean of the `x_i`."""

from __future__ import annotations

import re

from sympy import Symbol
from sympy.core.basic import Basic

from derive.meaning.binding import bounds_of
from derive.meaning.context import Context
from derive.meaning.objects import Entry, Range, SumOver
from derive.meaning.printing import spoken
from derive.meaning.question import Definition
from derive.meaning.reader import Reader

_BAR = re.compile(r"\\(bar|overline)\{(.+)\}")


def barred(target: Basic) -> str | None:
    """The name under the bar of a symbol, or None."""
    found = _BAR.fullmatch(target.name) if isinstance(target, Symbol) else None
    return found[2] if found else None


def mean_of(context: Context, position: int, target: Basic) -> Definition | None:
    """`\\bar x = \\frac1n \\sum_{i=1}^n x_i`, where the document sums the x_i over one range."""
    key = barred(target)
    conventions = context.conventions_at(position)
    if key is None or conventions.family_of(key) != (1, 0):
        return None
    known = conventions.survey.range_of((key, 0))
    domain = bounds_of(Reader(conventions), known) if known is not None else None
    if domain is None:
        return None
    index = Symbol("i")
    size = domain.upper - domain.lower + 1
    body = SumOver(Entry(key, (index,)), index, Range(domain.lower, domain.upper)) / size
    return Definition(target, (), body, f"{spoken(target.name)} is the mean of the {spoken(key + '_i')}", True)
