"""The projection onto a vector as an operator: `\\operatorname{proj}_v(w)` is (⟨w, v⟩ / ⟨v, v⟩) v.

Axler, Linear Algebra Done Right, 6.B."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from derive.meaning.arrays import inner_product, needed
from derive.meaning.matrices import COLUMN, clash, is_matrix
from derive.meaning.names import key_of_base
from derive.meaning.numbers import divide
from derive.meaning.trouble import Beyond
from derive.notation.tree import Fenced, Node, Script

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

Pairs = list[tuple[str, Node]]
NAMES = frozenset(("proj", "Proj", "\\operatorname{proj}", "\\mathrm{proj}", "\\text{proj}"))


def read(reader: Reader, pairs: Pairs) -> tuple[Expr, int] | None:
    """The projection that begins a list of factors, and how many factors it takes; None where none begins, where the
    document says what the operator is, or where it may be one onto a space."""
    first = pairs[0][1]
    if not isinstance(first, Script) or first.base is None or first.sub is None or first.sup is not None:
        return None
    if key_of_base(first.base) not in NAMES or len(pairs) < 2 or pairs[1][0] != "":
        return None
    group = pairs[1][1]
    if not isinstance(group, Fenced) or any(str(key).startswith("proj") for key in reader.conventions.defined):
        return None
    if not reader.reading.arrays:
        raise needed("a projection")
    onto, what = reader.read(first.sub), reader.read(group)
    for vector in (onto, what):
        if isinstance(vector, Symbol) and vector.name.islower():
            raise clash("a projection of what is no vector", vector, COLUMN)
        if not is_matrix(vector) or vector.shape[1] != 1:
            raise Beyond("what this projection is onto", first.span)
    reader.note("proj is the projection onto a vector")
    return divide(inner_product(what, onto), inner_product(onto, onto)) * onto, 2
