"""Vectors and matrices as SymPy terms: names of arrays, arrays written out, and what is calculated with them.

Nothing here simplifies: `MatrixSum`, `MatrixProduct` and the others are what was written, and the normal form
(`proving.normal.matrices`) calculates. They are no scalars and must never stand in SymPy's `Add` or `Mul`; the
operators of Python build them (`A * x + b`), check the shapes, and give a scalar where a row meets a column. A scalar
that comes from matrices is a `Trace` (of a 1×1 matrix: its one entry), a `Determinant` or a `Component`.

A shape is (rows, columns); each is a number, or None for a number that is not known and may be any.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Integer, Pow, S
from sympy.core.basic import Basic
from sympy.core.containers import Tuple
from sympy.core.expr import Expr
from sympy.core.symbol import Str, Symbol

from derive.meaning.objects import Call, Entry, Indexed, Opaque, Term, subterms
from derive.meaning.trouble import Beyond, ShapeClash

Shape = tuple[int | None, int | None]
COLUMN: Shape = (None, 1)
ROW: Shape = (1, None)
SQUARE: Shape = (None, None)
_SHAPES: dict[str, Shape] = {"column": COLUMN, "row": ROW, "matrix": SQUARE}


class MatrixTerm(Expr):
    """Common to all of them."""

    is_commutative = False
    _op_priority = 20.0  # before SymPy's numbers and expressions

    @property
    def shape(self) -> Shape:
        raise NotImplementedError

    def __neg__(self) -> Any:
        return scaled(S.NegativeOne, self)

    def __add__(self, other: Any) -> Any:
        return added(self, other)

    def __radd__(self, other: Any) -> Any:
        return added(other, self)

    def __sub__(self, other: Any) -> Any:
        return added(self, -other)

    def __rsub__(self, other: Any) -> Any:
        return added(other, -self)

    def __mul__(self, other: Any) -> Any:
        return multiplied(self, other)

    def __rmul__(self, other: Any) -> Any:
        return multiplied(other, self)

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, MatrixTerm):
            raise Beyond("a quotient of matrices")
        return scaled(S.One / other, self)

    def __rtruediv__(self, other: Any) -> Any:
        raise Beyond("a quotient by a matrix")

    def __pow__(self, other: Any, mod: Any = None) -> Any:
        raise Beyond("a power of a matrix")

    def __rpow__(self, other: Any) -> Any:
        raise Beyond("a matrix as an exponent")


class Array(MatrixTerm):
    """A vector or matrix by its name: args are the name as a scalar would have it (a Symbol, an Entry such as `x_i`,
    a Call, an Opaque) and a Str, `column`, `row` or `matrix`. Where a definition puts a matrix in the place of the
    name, the array is that matrix; where it puts a number there, the term has no meaning (`TypeError`)."""

    def __new__(cls, name: Any, form: str | Str) -> Any:
        if isinstance(name, MatrixTerm):
            return name
        if name == 0:
            return Zero()
        if not isinstance(name, Symbol | Entry | Call | Opaque):
            raise TypeError(f"a number where a {form} is expected")
        return super().__new__(cls, name, Str(form) if isinstance(form, str) else form)

    @property
    def name(self) -> Expr:
        return self.args[0]

    @property
    def key(self) -> str:
        """What the array is called."""
        name = self.args[0]
        return str(name) if isinstance(name, Opaque) else str(name.name)

    @property
    def form(self) -> str:
        return str(self.args[1].name)

    @property
    def shape(self) -> Shape:
        return _SHAPES[self.form]


class Written(MatrixTerm):
    """A matrix written out: args are the numbers of rows and columns, and the entries row by row."""

    def __new__(cls, rows: Any, columns: Any, entries: Any) -> Written:
        made: Written = super().__new__(cls, Integer(rows), Integer(columns), Tuple(*entries))
        return made

    @property
    def shape(self) -> Shape:
        return int(self.args[0]), int(self.args[1])

    @property
    def entries(self) -> tuple[Expr, ...]:
        return tuple(self.args[2])

    def rows(self) -> list[list[Expr]]:
        """The entries as a list of rows."""
        columns = int(self.args[1])
        return [list(self.entries[k : k + columns]) for k in range(0, len(self.entries), columns)]


class Identity(MatrixTerm):
    """The identity matrix; args: its size, or none where that follows from where it stands."""

    @property
    def shape(self) -> Shape:
        if self.args and self.args[0].is_Integer:
            return int(self.args[0]), int(self.args[0])
        return SQUARE


class Zero(MatrixTerm):
    """The zero vector or matrix, of the shape that its place asks for."""

    @property
    def shape(self) -> Shape:
        return SQUARE  # never compared: sums and products leave it out


class MatrixSum(MatrixTerm):
    """A sum of matrices of one shape."""

    @property
    def shape(self) -> Shape:
        rows, columns = None, None
        for arg in self.args:
            rows, columns = rows or arg.shape[0], columns or arg.shape[1]
        return rows, columns


class MatrixProduct(MatrixTerm):
    """A product: args are scalars and matrices in order; at least one is a matrix."""

    @property
    def shape(self) -> Shape:
        factors = [arg for arg in self.args if isinstance(arg, MatrixTerm)]
        return factors[0].shape[0], factors[-1].shape[1]


class Transposed(MatrixTerm):
    """The transpose of a matrix."""

    @property
    def shape(self) -> Shape:
        rows, columns = self.args[0].shape
        return columns, rows


class Adjoint(MatrixTerm):
    """The conjugate transpose of a matrix."""

    @property
    def shape(self) -> Shape:
        rows, columns = self.args[0].shape
        return columns, rows


class MatrixPower(MatrixTerm):
    """A power of a square matrix: args are the matrix and the exponent, −1 for the inverse."""

    @property
    def shape(self) -> Shape:
        rows, columns = self.args[0].shape
        return rows or columns, columns or rows


class Hadamard(MatrixTerm):
    """The product entry by entry of two matrices of one shape."""

    @property
    def shape(self) -> Shape:
        one, other = self.args[0].shape, self.args[1].shape
        return one[0] or other[0], one[1] or other[1]


class Kronecker(MatrixTerm):
    """The Kronecker product of two matrices."""

    @property
    def shape(self) -> Shape:
        (a, b), (c, d) = self.args[0].shape, self.args[1].shape
        return (None if a is None or c is None else a * c), (None if b is None or d is None else b * d)


class Cross(MatrixTerm):
    """The vector product of two vectors of three dimensions."""

    @property
    def shape(self) -> Shape:
        return 3, 1


class Diagonal(MatrixTerm):
    """The diagonal matrix with the entries of a vector."""

    @property
    def shape(self) -> Shape:
        return SQUARE


class Ones(MatrixTerm):
    """The column of ones."""

    @property
    def shape(self) -> Shape:
        return COLUMN


class MatrixSumOver(Indexed, MatrixTerm):
    """A sum of matrices over an index: a binder as `SumOver`."""

    is_commutative = False

    @property
    def shape(self) -> Shape:
        shape: Shape = self.args[0].shape
        return shape


class Stacked(Indexed, MatrixTerm):
    """A column listed with dots: the body at each value of the variable in a range, one below the other."""

    is_commutative = False

    @property
    def shape(self) -> Shape:
        return COLUMN


class Gradient(MatrixTerm):
    """The gradient of a scalar: args are the scalar and the array that it is taken by. It has the shape of the array:
    the entry at a place is the derivative by the entry of the array at that place."""

    @property
    def shape(self) -> Shape:
        shape: Shape = self.args[1].shape
        return shape


class Trace(Term):
    """The trace of a square matrix; the entry of a 1×1 matrix."""


class Determinant(Term):
    """The determinant of a square matrix."""


class Component(Term):
    """An entry of a matrix: args are the matrix, its row and its column (the column 1 for a vector)."""


class AnyEntry(Term):
    """The entry of a matrix at an arbitrary place, the same for all matrices of a question: two matrices are equal
    where this entry of theirs is."""


def related(build: Any, left: Any, right: Any) -> Any:
    """A relation (`Eq`, …) between two sides; between vectors or matrices it is one between their entries."""
    if isinstance(left, MatrixTerm) or isinstance(right, MatrixTerm):
        for number, matrix in ((left, right), (right, left)):
            if not isinstance(number, MatrixTerm) and number != 0:
                raise clash("a number on one side and a vector or matrix on the other", number, matrix.shape)
        return build(AnyEntry(left), AnyEntry(right))
    return build(left, right)


def arrays_in(terms: Iterable[Basic]) -> set[str]:
    """The names of the vectors and matrices in some terms."""
    return {part.key for term in terms for part in subterms(term) if isinstance(part, Array)}


def is_matrix(term: Basic) -> bool:
    """Whether a term is a vector or a matrix."""
    return isinstance(term, MatrixTerm)


def fits(one: int | None, other: int | None) -> bool:
    """Whether two numbers of rows or columns may be the same: one that is not known is none that is known to be 1,
    since what is a column or a row shows by its name."""
    if one is None or other is None:
        return 1 not in (one, other)
    return one == other


def spoken_shape(shape: Shape) -> str:
    """A shape in words."""
    if shape[1] == 1 and shape[0] is None:
        return "a column"
    if shape[0] == 1 and shape[1] is None:
        return "a row"
    return f"{shape[0] or 'n'} × {shape[1] or 'm'}"


def scaled(number: Expr, matrix: MatrixTerm) -> Any:
    """A multiple of a matrix by a scalar."""
    if number == 1 or isinstance(matrix, Zero):
        return matrix
    if isinstance(matrix, MatrixProduct) and not isinstance(matrix.args[0], MatrixTerm):
        return MatrixProduct(number * matrix.args[0], *matrix.args[1:])
    return MatrixProduct(number, matrix)


def added(one: Any, other: Any) -> Any:
    """The sum of two matrices; 0 is the zero matrix. Raises Beyond where the shapes do not fit."""
    for term, rest in ((one, other), (other, one)):  # before the shapes are compared
        if isinstance(term, Zero) or (not isinstance(term, MatrixTerm) and term == 0):
            return rest
    if not isinstance(one, MatrixTerm) or not isinstance(other, MatrixTerm):
        number, matrix = (other, one) if isinstance(one, MatrixTerm) else (one, other)
        if matrix.shape[0] == 1:
            raise misread("a sum of a number and a row", matrix)
        raise clash("a sum of a number and a vector or matrix", number, matrix.shape)
    a, b = one.shape, other.shape
    if not (fits(a[0], b[0]) and fits(a[1], b[1])):
        raise Beyond(f"the sum of {spoken_shape(a)} and {spoken_shape(b)}: their shapes do not fit")
    parts = [p for term in (one, other) for p in (term.args if isinstance(term, MatrixSum) else (term,))]
    return MatrixSum(*parts)


def multiplied(one: Any, other: Any) -> Any:
    """The product of two matrices, or of a number and one; a scalar where a row meets a column. Raises Beyond where the
    shapes do not fit."""
    if not isinstance(one, MatrixTerm):
        return scaled(one, other)
    if not isinstance(other, MatrixTerm):
        return scaled(other, one)
    if isinstance(one, Zero) or isinstance(other, Zero):
        return Zero()
    a, b = one.shape, other.shape
    if not fits(a[1], b[0]):
        raise Beyond(f"the product of {spoken_shape(a)} and {spoken_shape(b)}: their shapes do not fit")
    if a == (1, 1) or b == (1, 1):
        raise Beyond("a product with a matrix of one row and one column")
    parts = [p for term in (one, other) for p in (term.args if isinstance(term, MatrixProduct) else (term,))]
    product = MatrixProduct(*parts)
    return Trace(product) if a[0] == 1 and b[1] == 1 else product


def clash(reason: str, number: Expr, shape: Shape) -> Beyond:
    """What to raise where a number stands beside a matrix of this shape: with the names in it that must be vectors or
    matrices, one in each of its terms, if that is certain."""
    inferred: dict[str, str] = {}
    for term in number.args if number.is_Add else (number,):
        factors = [f for f in (term.args if term.is_Mul else (term,)) if isinstance(f, Symbol | Entry | Call)]
        latin = [f for f in factors if not str(f.name).startswith("\\") or "{" in str(f.name)]
        found = factors if len(factors) == 1 else latin
        if len(found) != 1 or shape[0] == 1:
            return Beyond(reason)
        if isinstance(found[0], Entry):
            inferred[str(found[0].name)] = "members"
        else:
            inferred[str(found[0].name)] = "column" if shape[1] == 1 else "matrix"
    return ShapeClash(reason, tuple(inferred.items()))


def misread(reason: str, matrix: MatrixTerm) -> Beyond:
    """What to raise where a vector stands and a number must: of a row times a number, `w^\\top x`, the number must be a
    column, if it is one name."""
    if isinstance(matrix, MatrixSum):
        found = [misread(reason, arg) for arg in matrix.args]
        pairs = [pair for one in found if isinstance(one, ShapeClash) for pair in one.inferred]
        return ShapeClash(reason, tuple(dict.fromkeys(pairs))) if pairs else Beyond(reason)
    if matrix.shape[0] != 1 or not isinstance(matrix, MatrixProduct) or isinstance(matrix.args[0], MatrixTerm):
        return Beyond(reason)
    return clash(reason, matrix.args[0], COLUMN)


def transposed(term: Any) -> Any:
    """The transpose; of a number, the number."""
    if not isinstance(term, MatrixTerm):
        return term
    return term.args[0] if isinstance(term, Transposed) else Transposed(term)


def raised(matrix: Any, exponent: Any) -> Any:
    """A power of a square matrix. Raises Beyond for a vector, and for a matrix as the exponent."""
    if isinstance(exponent, MatrixTerm):
        raise misread("a vector or matrix as an exponent", exponent)
    rows, columns = matrix.shape
    if columns == 1 and exponent == 2:
        return squared_norm(matrix)  # v² is v · v
    if not fits(rows, columns) or 1 in (rows, columns):
        raise Beyond("a power of a vector")
    if exponent == 1:
        return matrix
    return MatrixPower(matrix, exponent)


def inner(one: Any, other: Any) -> Any:
    """The scalar product of two vectors, real; of two numbers, their product. Raises Beyond for matrices."""
    if not isinstance(one, MatrixTerm) and not isinstance(other, MatrixTerm):
        return one * other
    sides = []
    for term in (one, other):
        shape = term.shape if isinstance(term, MatrixTerm) else None
        if shape is None or 1 not in shape:
            raise Beyond("a scalar product of what is no vector")
        sides.append(term if shape[1] == 1 else transposed(term))
    return multiplied(transposed(sides[0]), sides[1])


def squared_norm(term: Any) -> Any:
    """The square of the Euclidean norm of a vector, of the Frobenius norm of a matrix, of the absolute value."""
    if not isinstance(term, MatrixTerm):
        return term**2
    if 1 in term.shape:
        return inner(term, term)
    return Trace(MatrixProduct(transposed(term), term))


def norm(term: Any) -> Any:
    """The Euclidean or Frobenius norm."""
    return Pow(squared_norm(term), S.Half)
