"""Vectors and matrices as LaTeX: the part of the printer that knows them."""

from __future__ import annotations

from typing import Any

from sympy import S
from sympy.core.basic import Basic

from derive.meaning.matrices import MatrixProduct, MatrixSum, MatrixSumOver, MatrixTerm, Transposed, Written


class ArrayPrinter:
    """Methods of a SymPy printer for the classes of `matrices`."""

    _print: Any  # the dispatch of SymPy's printer

    def _print_Array(self, term: Basic) -> str:
        return str(self._print(term.args[0]))

    def _print_Written(self, term: Written) -> str:
        rows = " \\\\ ".join(" & ".join(self._print(entry) for entry in row) for row in term.rows())
        return f"\\begin{{bmatrix}} {rows} \\end{{bmatrix}}"

    def _print_Blocks(self, term: Any) -> str:
        return self._print_Written(term)

    def _print_Stacked(self, term: Any) -> str:
        first, last = (self._print(term.open(end)[0]) for end in (term.domain.lower, term.domain.upper))
        return f"\\begin{{bmatrix}} {first} \\\\ \\vdots \\\\ {last} \\end{{bmatrix}}"

    def _print_Identity(self, term: Basic) -> str:
        return "I"

    def _print_Zero(self, term: Basic) -> str:
        return "0"

    def _print_Ones(self, term: Basic) -> str:
        return "\\mathbf{1}"

    def _print_MatrixSum(self, term: Basic) -> str:
        text = self._print(term.args[0])
        for part in term.args[1:]:
            negative = isinstance(part, MatrixProduct) and part.args[0].could_extract_minus_sign()
            if negative:
                rest = part.args[1:] if part.args[0] == -1 else (-part.args[0], *part.args[1:])
                text += " - " + " ".join(self._factor(factor) for factor in rest)
            else:
                text += " + " + self._print(part)
        return text

    def _print_MatrixProduct(self, term: Basic) -> str:
        first, *rest = term.args
        sign = "-" if first == S.NegativeOne else ""
        factors = rest if sign else term.args
        return sign + " ".join(self._factor(factor) for factor in factors)

    def _factor(self, factor: Basic) -> str:
        text = self._print(factor)
        loose = isinstance(factor, MatrixSum | MatrixSumOver) or factor.is_Add
        return f"\\left({text}\\right)" if loose else text

    def _print_Transposed(self, term: Basic) -> str:
        return f"{self._base(term.args[0])}^{{\\top}}"

    def _print_Adjoint(self, term: Basic) -> str:
        return f"{self._base(term.args[0])}^{{\\dagger}}"

    def _print_MatrixPower(self, term: Basic) -> str:
        return f"{self._base(term.args[0])}^{{{self._print(term.args[1])}}}"

    def _base(self, term: Basic) -> str:
        text = self._print(term)
        plain = not isinstance(term, MatrixTerm) or ("^" not in text and " " not in text)
        return text if plain else f"\\left({text}\\right)"

    def _between(self, term: Basic, operator: str) -> str:
        return f"{self._base(term.args[0])} {operator} {self._base(term.args[1])}"

    def _print_Hadamard(self, term: Basic) -> str:
        return self._between(term, "\\odot")

    def _print_Kronecker(self, term: Basic) -> str:
        return self._between(term, "\\otimes")

    def _print_Cross(self, term: Basic) -> str:
        return self._between(term, "\\times")

    def _print_Diagonal(self, term: Basic) -> str:
        return f"\\operatorname{{diag}}({self._print(term.args[0])})"

    def _print_MatrixExpectation(self, term: Basic) -> str:
        given = f" \\mid {', '.join(self._print(slot.args[1]) for slot in term.args[2])}" if term.args[2] else ""
        return f"\\mathbb{{E}}[{self._print(term.args[1])}{given}]"

    def _print_Gradient(self, term: Basic) -> str:
        return f"\\nabla_{{{self._print(term.args[1])}}} {self._base(term.args[0])}"

    def _print_Trace(self, term: Basic) -> str:
        inner = term.args[0]
        if isinstance(inner, MatrixProduct) and inner.shape == (1, 1):
            return self._print(inner)
        return f"\\operatorname{{tr}}({self._print(inner)})"

    def _print_Determinant(self, term: Basic) -> str:
        return f"\\det({self._print(term.args[0])})"

    def _print_Component(self, term: Basic) -> str:
        matrix, row, column = term.args
        places = self._print(row)
        if not (isinstance(matrix, Transposed) or matrix.shape[1] != 1) and column == 1:
            return f"\\left({self._print(matrix)}\\right)_{{{places}}}"
        return f"\\left({self._print(matrix)}\\right)_{{{places} {self._print(column)}}}"

    def _print_AnyEntry(self, term: Basic) -> str:
        return str(self._print(term.args[0]))
