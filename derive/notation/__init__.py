"""From the characters of a formula to its tree. Knows LaTeX; knows no mathematics."""

from derive.notation.latex import to_latex
from derive.notation.passage import read_passage
from derive.notation.unicode import to_unicode
from derive.notation.walk import children, outline, same, walk

__all__ = ["children", "outline", "read_passage", "same", "to_latex", "to_unicode", "walk"]
