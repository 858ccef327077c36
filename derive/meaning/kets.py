"""Bras and kets: `|\\psi\\rangle` is a column, `\\langle\\psi|` its adjoint. In texts about qubits `|0\\rangle`,
`|1\\rangle` are the standard basis of two dimensions, `|01\\rangle` is `|0\\rangle \\otimes |1\\rangle`, and kets side
by side are multiplied so too. Kets of several such digits are a basis in any text."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from sympy import Symbol
from sympy.core.expr import Expr

from derive.meaning.matrices import Adjoint, Array, Written, is_matrix, transposed
from derive.meaning.trouble import Beyond
from derive.notation.latex import to_latex
from derive.notation.tree import Fenced, List, Node, Number, Product, Sum

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

MOST_QUBITS = 4


def is_ket(node: Node) -> bool:
    """Whether a node is a ket."""
    return isinstance(node, Fenced) and (node.left, node.right) == ("|", ">")


def read(reader: Reader, node: Fenced) -> Expr | None:
    """The value of a bra, a ket or a bracket of them; None for other brackets."""
    if is_ket(node):
        return _ket(reader, node.body)
    if (node.left, node.right) == ("<", "|"):
        return _bra(reader, node.body)
    if (node.left, node.right) == ("<", ">") and isinstance(node.body, List) and set(node.body.separators) == {"|"}:
        first, *middle, last = node.body.items
        factors = [_bra(reader, first), *(reader.read(item) for item in middle), _ket(reader, last)]
        if not all(map(is_matrix, factors)):
            raise Beyond("a number between a bra and a ket", node.span)
        value: Expr = reduce(lambda one, other: one * other, factors)
        return value
    return None


def _ket(reader: Reader, label: Node) -> Expr:
    text = label.text if isinstance(label, Number) else ""
    if text and set(text) <= {"0", "1"} and (reader.conventions.qubits or len(text) > 1):
        if len(text) > MOST_QUBITS:
            raise Beyond("a state of more than four qubits", label.span)
        reader.note("|0⟩ and |1⟩ are the standard basis")
        size = 2 ** len(text)
        return Written(size, 1, [int(k == int(text, 2)) for k in range(size)])
    if isinstance(label, Sum | List):
        raise Beyond("a ket with a formula in it", label.span)
    return Array(Symbol(f"|{to_latex(label)}\\rangle"), "column")


def _bra(reader: Reader, label: Node) -> Expr:
    ket = _ket(reader, label)
    value: Expr = transposed(ket) if isinstance(ket, Written) else Adjoint(ket)
    return value


def side_by_side(node: Product) -> Product:
    """A product with the sign of the tensor product between kets that stand side by side."""
    pairs = zip(node.operators, node.factors, node.factors[1:], strict=False)
    operators = tuple(
        "\\otimes" if operator == "" and is_ket(one) and is_ket(other) else operator for operator, one, other in pairs
    )
    return Product(node.span, node.factors, operators)
