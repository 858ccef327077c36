"""Vectors and matrices read as such: names, transposes, inverses, products, norms, matrices written out.

Only where a reading takes them so (`Reading.arrays`); where a formula turns out to hold some and the reading does not,
`NeedsArrays` is raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Abs, Integer, S, Symbol
from sympy.core.expr import Expr

from derive.meaning import kets
from derive.meaning.blocks import of_blocks
from derive.meaning.enumerations import read_run
from derive.meaning.matrices import (
    COLUMN,
    SQUARE,
    Adjoint,
    Array,
    Component,
    Cross,
    Determinant,
    Diagonal,
    Hadamard,
    Identity,
    Kronecker,
    MatrixTerm,
    Ones,
    Stacked,
    Trace,
    Written,
    Zero,
    clash,
    fits,
    inner,
    is_matrix,
    misread,
    norm,
    raised,
    spoken_shape,
    transposed,
)
from derive.meaning.names import is_transpose, key_of, split_subscript
from derive.meaning.objects import Call, Entry, Range
from derive.meaning.printing import spoken
from derive.meaning.shapes import special
from derive.meaning.trouble import Beyond, NeedsArrays
from derive.notation.tree import Ellipsis, Empty, Fenced, List, Matrix, Name, Node, Number, Product, Script, Sum

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

_BETWEEN = frozenset({"\\cdot", "\\times", "\\otimes", "\\odot", "\\circ", "\\ast", "*", "\\bullet"})
_NAMED = {
    "det": Determinant, "tr": Trace, "Tr": Trace, "trace": Trace, "diag": Diagonal, "Trace": Trace,
}  # fmt: skip
MATRIX_FUNCTIONS = frozenset(_NAMED)


def named(reader: Reader, key: str, plain: Expr) -> Expr:
    """What a bare name or a member stands for: the array of its form where it is a vector or matrix, else `plain`."""
    if not reader.reading.arrays or not isinstance(plain, Symbol | Entry | Call):
        return plain
    conventions = reader.conventions
    known = special(key) if key not in conventions.defined else ""
    if known and isinstance(plain, Symbol) and not conventions.usage(key).called:
        if known == "ones" or known == "zero":
            return Ones() if known == "ones" else Zero()
        if not conventions.usage(key).indexed:
            reader.note(f"{spoken(key)} is the identity matrix")
            return Identity()
    inferred = dict(reader.reading.inferred).get(key)
    if inferred == "members":
        if isinstance(plain, Entry):
            form = conventions.form_of(key)
            return Array(plain, "matrix" if form == "matrix" and len(plain.indices) == 1 else "column")
        inferred = None
    form = inferred or conventions.form_of(key)
    if form is None:
        return plain
    if isinstance(plain, Entry):
        return _member(reader, key, plain, form)
    return Array(plain, form)


def _member(reader: Reader, key: str, entry: Entry, form: str) -> Expr:
    """A member of a family with the name of an array: another array where members are transposed or bold, else an
    entry."""
    conventions = reader.conventions
    places = len(entry.indices)
    if entry.upper or conventions.has_vector_members(key):
        if form == "matrix" and entry.lower and not entry.upper and places > 1:
            return entry
        return Array(entry, form)
    if form == "column" and places == 1:
        return entry
    if form == "matrix" and places == 2:
        return entry
    if form == "matrix" and places == 1 and (conventions.is_inverted(key) or entry.indices[0].is_Integer):
        return Array(entry, form)
    raise Beyond(f"what {spoken(key)} with {places} indices is")


def read_script(reader: Reader, node: Script) -> Expr | None:
    """The value of a script that transposes, inverts or picks out of an array; None for any other."""
    base = node.base
    if base is None or isinstance(base, Empty):
        return None
    if isinstance(base, Number) and base.text in ("0", "1") and node.sub is not None and not node.primes:
        if node.sup is None:
            return Ones() if base.text == "1" else Zero()
    if isinstance(base, Name) and node.sup is None and not node.primes and isinstance(node.sub, Name | Number):
        if special(key_of(base)) == "identity" and key_of(base) not in reader.conventions.defined:
            reader.note(f"{spoken(key_of(base))} is the identity matrix")
            return Identity(Symbol(key_of(node.sub)) if isinstance(node.sub, Name) else Integer(int(node.sub.text)))
    if is_transpose(node.sup) and not (isinstance(node.sup, Name) and key_of(node.sup) in reader.bound):
        below = _without_sup(node)
        if isinstance(below, Fenced) and isinstance(below.body, List):
            return _listed(reader, below)
        value = reader.read(below)
        assert isinstance(node.sup, Name)
        if not is_matrix(value):
            if node.sup.letters in ("T", "H") and not node.sup.command:
                raise Beyond("a number that is transposed", node.span)
            return value
        return Adjoint(value) if node.sup.letters in ("dagger", "H") else transposed(value)
    negative = _negative_transpose(node.sup)
    if negative:
        value = reader.read(_without_sup(node))
        if not is_matrix(value):
            raise Beyond("a number that is transposed", node.span)
        return transposed(raised(value, S.NegativeOne))
    if isinstance(base, Fenced) and node.sub is not None and base.left in "([|":
        if node.sup is None:
            return _entry(reader, base, node.sub)
        if picks_and_raises(reader, node):
            entry = _entry(reader, base, node.sub)
            return None if entry is None else entry ** reader.read(node.sup)
    if isinstance(base, Fenced) and base.left == "||":
        return _norm(reader, base, node)
    return None


def picks_and_raises(reader: Reader, node: Script) -> bool:
    """Whether scripts on brackets pick out an entry and raise it to a power, `(A x)_i^2`: the index is a letter that
    indexes here. What is evaluated between two places has others below."""
    letters = reader.conventions.survey.index_letters | frozenset(reader.bound)
    sub = node.sub
    return isinstance(sub, Name) and key_of(sub) in letters and isinstance(node.sup, Number) and not node.primes


def _without_sup(node: Script) -> Node:
    assert node.base is not None
    if node.sub is None and not node.primes:
        return node.base
    return Script(node.span, node.base, node.sub, None, node.primes)


def _negative_transpose(sup: Node | None) -> bool:
    return isinstance(sup, Sum) and sup.signs == ("-",) and is_transpose(sup.terms[0])


def _entry(reader: Reader, base: Fenced, sub: Node) -> Expr | None:
    """`(A x)_i`, `[A]_{ij}`: an entry of an array."""
    value = reader.read(base.body) if not isinstance(base.body, List) else None
    if value is None:
        return None
    places = split_subscript(sub, reader.conventions.survey.index_letters | frozenset(reader.bound)).indices
    indices = [
        reader.bound.get(key_of(p), Symbol(key_of(p))) if isinstance(p, Name) else reader.read(p) for p in places
    ]
    if not isinstance(value, MatrixTerm):
        # `(a + b)_n` may be Pochhammer's symbol: only of names that have entries elsewhere is one picked out
        shapes = [reader.conventions.usage(str(part)).indexed for part in value.free_symbols]
        if value.is_Add and shapes and all((len(indices), 0) in shape for shape in shapes):
            raise clash("a subscript on an expression", value, SQUARE if len(indices) == 2 else COLUMN)
        return None
    if len(indices) == 1 and 1 in value.shape:
        return Component(value if value.shape[1] == 1 else transposed(value), indices[0], Integer(1))
    if len(indices) == 2:
        return Component(value, *indices)
    raise Beyond("a subscript on an expression")


def _index(reader: Reader, place: Node) -> Expr:
    if not isinstance(place, Name):
        return reader.read(place)
    return reader.bound.get(key_of(place), Symbol(key_of(place)))


def _norm(reader: Reader, base: Fenced, node: Script) -> Expr:
    """`\\|x\\|_2^2`, `\\|A\\|_F`: the Euclidean and Frobenius norms; raises Beyond for others."""
    sub = node.sub
    value = reader.read(base.body)
    euclidean = sub is None or (isinstance(sub, Number) and sub.text == "2")
    frobenius = isinstance(sub, Name) and sub.letters == "F"
    if not is_matrix(value):
        if not value.is_number:
            raise Beyond("a norm of what is not known to be a vector", node.span)
        length: Expr = Abs(value)
    elif (1 in value.shape and (euclidean or frobenius)) or frobenius:
        length = norm(value)
    else:
        raise Beyond("a norm that is not Euclidean", node.span)
    return length if node.sup is None else length ** reader.read(node.sup)


def fenced(reader: Reader, node: Fenced) -> Expr | None:
    """The value of brackets that mean something of their own for arrays: norms, determinants, scalar products; None
    for any others."""
    if "<" in node.left + node.right or ">" in node.left + node.right:
        state = kets.read(reader, node)
        if state is not None:
            return state
    if node.left == "||" and node.right == "||":
        return _norm(reader, node, Script(node.span, node, None, None))
    if node.left == "<" and node.right == ">" and isinstance(node.body, List) and len(node.body.items) == 2:
        one, other = (reader.read(item) for item in node.body.items)
        if not is_matrix(one) or not is_matrix(other):
            raise Beyond("a scalar product of what is no vector", node.span)
        if reader.conventions.qubits or reader.conventions.is_imaginary():
            raise Beyond("which vector of a complex scalar product is conjugated", node.span)
        return inner_product(one, other)
    if node.left == "|" and node.right == "|" and not isinstance(node.body, List):
        value = reader.read(node.body)
        if isinstance(value, MatrixTerm):
            if 1 in value.shape:
                return norm(value)
            return Determinant(value)
        return Abs(value)
    if node.left == "(" and node.right == ")" and isinstance(node.body, List) and set(node.body.separators) == {","}:
        return _listed(reader, node)
    return None


def inner_product(one: Any, other: Any) -> Expr:
    """The scalar product of two vectors, and of two matrices tr(Aᵀ B)."""
    if 1 in one.shape or 1 in other.shape:
        value: Expr = inner(one, other)
        return value
    return Trace(transposed(one) * other)


def _listed(reader: Reader, node: Fenced) -> Expr:
    """A list of numbers in parentheses as a column."""
    assert isinstance(node.body, List)
    items = [reader.read(item) for item in node.body.items]
    if any(is_matrix(item) for item in items):
        raise Beyond("a list of vectors", node.span)
    return Written(len(items), 1, items)


def matrix(reader: Reader, node: Matrix) -> Expr:
    """A matrix written out; with bars, its determinant. Raises Beyond for dots and blocks."""
    if node.fence not in "([|.":
        raise Beyond(f"a matrix in {node.fence}", node.span)
    stacked = _stacked(reader, node)
    if stacked is not None:
        return stacked
    width = max(len(row) for row in node.rows)
    rows = [row for row in node.rows if len(row) > 1 or not isinstance(row[0], Empty)]
    if any(len(row) != width for row in rows):
        raise Beyond("a matrix with rows of different lengths", node.span)
    entries = [reader.read(cell) for row in rows for cell in row]
    if any(is_matrix(entry) for entry in entries):
        whole = of_blocks([entries[k : k + width] for k in range(0, len(entries), width)])
        return Determinant(whole) if node.fence == "|" else whole
    written = Written(len(rows), width, entries)
    return Determinant(written) if node.fence == "|" else written


def _stacked(reader: Reader, node: Matrix) -> Expr | None:
    """A column or row listed with dots, `x_1, \\ldots, x_n`; None where there are no dots. Raises Beyond where the dots
    are not understood."""
    column = all(len(row) == 1 for row in node.rows)
    cells = [row[0] for row in node.rows] if column else list(node.rows[0])
    if not any(isinstance(cell, Ellipsis) for cell in cells) or (not column and len(node.rows) > 1):
        return None
    run = read_run(reader, List(node.span, tuple(cells), (",",) * (len(cells) - 1)))
    if is_matrix(run.body):
        raise Beyond("a matrix of blocks", node.span)
    made = Stacked(run.body, run.index, Range(run.lower, run.upper))
    return made if column else transposed(made)


def read_product(reader: Reader, node: Product) -> Expr | None:
    """A product with operators between its factors, `u \\cdot A v`, `a \\otimes b`: factors side by side bind first.
    None where there is no such operator, or all factors are numbers."""
    if not reader.reading.arrays:
        return None
    node = kets.side_by_side(node)
    if not any(operator in _BETWEEN for operator in node.operators):
        return None
    groups: list[tuple[str, list[tuple[str, Node]]]] = [("", [("", node.factors[0])])]
    for operator, factor in zip(node.operators, node.factors[1:], strict=True):
        if operator in _BETWEEN:
            groups.append((operator, [("", factor)]))
        else:
            groups[-1][1].append((operator, factor))
    values: list[tuple[str, Any]] = []
    for operator, parts in groups:
        first = parts[0][1]
        span = first.span.cover(parts[-1][1].span)
        side: Node = (
            first if len(parts) == 1 else Product(span, tuple(f for _, f in parts), tuple(o for o, _ in parts[1:]))
        )
        values.append((operator, reader.read(side)))
    if not any(is_matrix(value) for _, value in values):
        return None
    value = values[0][1]
    for operator, other in values[1:]:
        value = combined(operator, value, other)
    return value


def combined(operator: str, one: Any, other: Any) -> Any:
    """Two factors with an operator between them. Raises Beyond where it has no meaning for them."""
    both = is_matrix(one) and is_matrix(other)
    if operator == "\\otimes":
        if both and one.shape[1] == 1 and other.shape[1] == 1 and None in (one.shape[0], other.shape[0]):
            raise Beyond("a tensor product of vectors")
        return Kronecker(one, other) if both else one * other
    if not both:
        if operator in ("\\odot", "\\circ", "\\bullet"):
            raise Beyond(f"the operator {operator} between a number and a vector or matrix")
        return one * other
    a, b = one.shape, other.shape
    if operator in ("\\odot", "\\circ"):
        if not (fits(a[0], b[0]) and fits(a[1], b[1])):
            raise Beyond(f"the product entry by entry of {spoken_shape(a)} and {spoken_shape(b)}")
        return Hadamard(one, other)
    if operator == "\\times" and a[1] == 1 and b[1] == 1:
        return Cross(one, other)
    if operator in ("\\cdot", "\\bullet") and 1 in a and 1 in b and not (a[0] == 1 and b[1] == 1):
        if a[1] == 1 and b[1] == 1:
            return inner(one, other)
    if operator == "\\ast":
        raise Beyond("a convolution")
    return one * other


def apply(name: str, arguments: list[Expr]) -> Expr | None:
    """A named function of matrices; None where there is no matrix among the arguments. Raises Beyond for functions
    that are not decided for matrices."""
    if not any(is_matrix(argument) for argument in arguments):
        if _NAMED.get(name) in (Determinant, Trace) and len(arguments) == 1 and not arguments[0].is_number:
            raise clash(f"{name} of a number", arguments[0], SQUARE)
        return None
    kind = _NAMED.get(name)
    if kind is None or len(arguments) != 1:
        reason = f"{name} of a vector or matrix is not decided yet"
        matrix = next(argument for argument in arguments if isinstance(argument, MatrixTerm))
        raise misread(reason, matrix)
    shape = arguments[0].shape
    if kind is Diagonal:
        if shape[1] != 1:
            raise Beyond("the diagonal of a matrix")
        return Diagonal(arguments[0])
    if not fits(*shape):
        raise Beyond(f"{name} of {spoken_shape(shape)}")
    return kind(arguments[0])


def needed(what: str) -> NeedsArrays:
    """What to raise where arrays stand and the reading takes none."""
    return NeedsArrays(f"vectors and matrices are not decided yet: {what}")
