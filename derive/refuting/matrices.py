"""The values of vectors and matrices in a model: lists of rows of numbers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import TYPE_CHECKING, Any

from flint import acb, fmpq, fmpq_mat
from sympy import Symbol
from sympy.core.basic import Basic

from derive.meaning import matrices as objects
from derive.meaning.blocks import Blocks, is_empty
from derive.meaning.matrices import Array, MatrixTerm
from derive.meaning.objects import Entry
from derive.refuting import blocks, names
from derive.refuting.binders import length_of, values_of
from derive.refuting.derivatives import perturb
from derive.refuting.inventory import Name
from derive.refuting.numbers import ONE, ZERO, Number, as_integer, invert, is_zero, plain, settle, show
from derive.refuting.scopes import Scope
from derive.refuting.sizes import NO_FIT
from derive.refuting.undefined import Undefined

if TYPE_CHECKING:
    from derive.refuting.evaluation import Evaluator

Rows = list[list[Number]]
LARGEST_POWER = 8
NO_FORM = frozenset({"square", "supposed", "declared", "single"})
"""Traits that say nothing of the entries of a matrix."""


def trace(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    rows = evaluate(evaluator, term.args[0], scope)
    _square(rows)
    return _total([rows[k][k] for k in range(len(rows))])


def determinant(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    return _determinant(evaluate(evaluator, term.args[0], scope))


def component(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    rows = evaluate(evaluator, term.args[0], scope)
    i, j = (as_integer(evaluator.evaluate(place, scope)) for place in term.args[1:])
    if not (1 <= i <= len(rows) and 1 <= j <= len(rows[0])):
        raise Undefined("an entry outside of its matrix")
    return rows[i - 1][j - 1]


def any_entry(evaluator: Evaluator, term: Basic, scope: Scope) -> Number:
    """The entry at the place of this model: another one in each."""
    if term.args[0] == 0:
        return ZERO
    rows = evaluate(evaluator, term.args[0], scope)
    number = int(getattr(evaluator.model, "number", 0))
    count = len(rows) * len(rows[0])
    place = (number * 5 + number // 7) % count
    return rows[place // len(rows[0])][place % len(rows[0])]


def shown(rows: Rows) -> str:
    """A matrix for people."""
    if len(rows[0]) == 1:
        return f"({', '.join(show(plain(row[0])) for row in rows)})"
    return f"[{'; '.join(', '.join(show(plain(entry)) for entry in row) for row in rows)}]"


def evaluate(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    """The rows of a matrix. Undefined where it has no value."""
    handler = _HANDLERS.get(type(term))
    if handler is None:
        raise Undefined(f"{type(term).__name__} is not evaluated in a model", lasting=True)
    evaluator.depth += 1
    try:
        if evaluator.depth > 100:
            raise Undefined("nested too deeply to evaluate")
        rows = handler(evaluator, term, scope)
    finally:
        evaluator.depth -= 1
    evaluator.work += len(rows) * len(rows[0])
    return rows


# ---------------------------------------------------------------------- arithmetic


def _total(numbers: list[Number]) -> Number:
    total: Number = ZERO
    for number in numbers:
        total = settle(total + number)
    return total


def _square(rows: Rows) -> None:
    if any(len(row) != len(rows) for row in rows):
        raise Undefined(NO_FIT, lasting=True)


def same_shape(one: Rows, other: Rows) -> None:
    """Undefined where two matrices have different shapes."""
    if len(one) != len(other) or len(one[0]) != len(other[0]):
        raise Undefined(NO_FIT, lasting=True)


def _turned(rows: Rows) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


def _times(one: Rows, other: Rows) -> Rows:
    if len(one[0]) != len(other):
        raise Undefined(NO_FIT, lasting=True)
    columns = _turned(other)
    return [[_total([a * b for a, b in zip(row, column, strict=True)]) for column in columns] for row in one]


def _unit(size: int) -> Rows:
    return [[ONE if i == j else ZERO for j in range(size)] for i in range(size)]


def _determinant(rows: Rows) -> Number:
    _square(rows)
    size = len(rows)
    if size > 3 and all(isinstance(entry, fmpq) for row in rows for entry in row):
        return fmpq_mat(rows).det()
    if size > 4:
        raise Undefined("a determinant too large to evaluate", lasting=True)
    terms: list[Number] = []
    for order in permutations(range(size)):
        inversions = sum(order[a] > order[b] for a in range(size) for b in range(a + 1, size))
        term: Number = ONE if inversions % 2 == 0 else -ONE
        for k in range(size):
            term = settle(term * rows[k][order[k]])
        terms.append(term)
    return _total(terms)


def _inverse(rows: Rows) -> Rows:
    """The inverse by Cramer's rule."""
    size = len(rows)
    scale = invert(_determinant(rows))
    if size > 3 and all(isinstance(entry, fmpq) for row in rows for entry in row):
        return [list(row) for row in fmpq_mat(rows).inv().tolist()]
    if size == 1:
        return [[scale]]
    result: Rows = []
    for i in range(size):
        result.append([])
        for j in range(size):
            minor = [[e for c, e in enumerate(row) if c != i] for r, row in enumerate(rows) if r != j]
            sign = ONE if (i + j) % 2 == 0 else -ONE
            result[-1].append(settle(sign * scale * _determinant(minor)))
    return result


# ---------------------------------------------------------------------- terms


def _array(evaluator: Evaluator, term: Array, scope: Scope) -> Rows:
    name = term.name
    places: tuple[Number, ...] = ()
    if isinstance(name, Entry):
        places = tuple(plain(evaluator.evaluate(index, scope)) for index in name.indices)
    elif not isinstance(name, Symbol):
        raise Undefined("a function with vectors as values is not evaluated in a model", lasting=True)
    kind: Name = ("symbol", name.name, 0)
    if isinstance(name, Entry):
        kind = ("family", name.name, 100 * len(name.lower) + len(name.upper))
    for definition in evaluator.definitions.get(kind, ()):
        inner = names.bind(evaluator, definition, places)
        if inner is not None:
            return evaluate(evaluator, definition.body, inner)
    rows, columns = size_of(evaluator, term)
    family: Name = ("family", name.name, kind[2] + 100 * (1 if term.form == "column" else 2))
    if family in evaluator.inventory.names and not isinstance(name, Entry) and family in evaluator.definitions:
        raise Undefined("entries of an array that are defined one by one", lasting=True)
    lower = len(name.lower) if isinstance(name, Entry) else 0

    def entry(i: int, j: int) -> Number:
        own = (fmpq(i),) if term.form == "column" else (fmpq(i), fmpq(j))
        return names.value_of_name(evaluator, term, family, (*places[:lower], *own, *places[lower:]))

    drawn = [[entry(i + 1, j + 1) for j in range(columns)] for i in range(rows)]
    return _with_traits(drawn, evaluator.inventory.setting.traits.get(name.name, frozenset()))


def size_of(evaluator: Evaluator, matrix: Basic) -> tuple[int, int]:
    """The numbers of rows and columns of a matrix in this model."""
    sizes = evaluator.inventory.sizes
    if sizes is None or sizes.conflict:
        raise Undefined(sizes.conflict if sizes is not None else NO_FIT, lasting=True)
    rows, columns = (length_of(evaluator, sizes.root(node)) for node in sizes.pair(matrix))
    return rows, columns


def _gradient(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    """Entry by entry: each entry of the variable is perturbed in turn."""
    body, array = term.args
    if not isinstance(array, Array) or not isinstance(array.name, Symbol):
        raise Undefined("a gradient by something that is not a name", lasting=True)
    name = array.key
    if evaluator.inventory.setting.traits.get(name, frozenset()) - NO_FORM:
        raise Undefined("the gradient by a matrix with dependent entries", lasting=True)
    if ("symbol", name, 0) in evaluator.definitions:
        raise Undefined("the gradient by a vector that is defined", lasting=True)
    rows, columns = size_of(evaluator, array)
    column = array.form == "column"
    family: Name = ("family", name, 100 if column else 200)
    result: Rows = []
    for i in range(1, rows + 1):
        result.append([])
        for j in range(1, columns + 1):
            places = (fmpq(i),) if column else (fmpq(i), fmpq(j))
            value = evaluator.model.entry(family, places)
            slope, frame = perturb(evaluator, (family, places, ()), value, lambda _: evaluator.evaluate(body, scope))
            if (frame.opaque and not frame.met) or (frame.calls_without and not frame.calls_with):
                raise Undefined("what depends on the variable of a gradient is not stated", lasting=True)
            result[-1].append(slope)
    return result


def _stacked(evaluator: Evaluator, term: Any, scope: Scope) -> Rows:
    return [[evaluator.evaluate(term.body, inner)] for inner in values_of(evaluator, term, scope)]


def _with_traits(rows: Rows, traits: frozenset[str]) -> Rows:
    """A matrix with these traits from one with arbitrary entries."""
    if not traits - NO_FORM:
        return rows
    _square(rows)
    size = len(rows)
    if "positive" in traits:
        product = _times(rows, _turned(rows))
        return [[product[i][j] + (ONE if i == j else ZERO) for j in range(size)] for i in range(size)]
    if "diagonal" in traits:
        return [[rows[i][j] if i == j else ZERO for j in range(size)] for i in range(size)]
    if "orthogonal" in traits:
        # Cayley's form: (1 − S)(1 + S)⁻¹ for a skew S (Horn and Johnson, Matrix Analysis, 2.1)
        skew = [[rows[min(i, j)][max(i, j)] * ((i < j) - (i > j)) for j in range(size)] for i in range(size)]
        minus = [[(ONE if i == j else ZERO) - skew[i][j] for j in range(size)] for i in range(size)]
        plus = [[(ONE if i == j else ZERO) + skew[i][j] for j in range(size)] for i in range(size)]
        return _times(minus, _inverse(plus))
    if "idempotent" in traits:
        column = [[row[0]] for row in rows]
        length = _times(_turned(column), column)[0][0]
        if is_zero(length):
            raise Undefined("a projection onto nothing")
        scale = invert(length)
        outer = _times(column, _turned(column))
        return [[settle(scale * entry) for entry in row] for row in outer]
    if "symmetric" in traits:
        return [[rows[min(i, j)][max(i, j)] for j in range(size)] for i in range(size)]
    return rows


def _written(evaluator: Evaluator, term: Any, scope: Scope) -> Rows:
    return [[evaluator.evaluate(entry, scope) for entry in row] for row in term.rows()]


def _blocks(evaluator: Evaluator, term: Any, scope: Scope) -> Rows:
    def value(block: Basic) -> Rows | None:
        if is_empty(block):
            return None
        return (
            evaluate(evaluator, block, scope) if isinstance(block, MatrixTerm) else [[evaluator.evaluate(block, scope)]]
        )

    return blocks.put_together([[value(block) for block in row] for row in term.rows()])


def _identity(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    return _unit(size_of(evaluator, term)[0])


def _zero(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    rows, columns = size_of(evaluator, term)
    return [[ZERO] * columns for _ in range(rows)]


def _ones(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    return [[ONE] for _ in range(size_of(evaluator, term)[0])]


def _sum(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    total = evaluate(evaluator, term.args[0], scope)
    for arg in term.args[1:]:
        other = evaluate(evaluator, arg, scope)
        same_shape(total, other)
        total = [[settle(a + b) for a, b in zip(x, y, strict=True)] for x, y in zip(total, other, strict=True)]
    return total


def _product(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    scale: Number = ONE
    rows: Rows | None = None
    for arg in term.args:
        if isinstance(arg, MatrixTerm):
            other = evaluate(evaluator, arg, scope)
            rows = other if rows is None else _times(rows, other)
        else:
            scale = settle(scale * evaluator.evaluate(arg, scope))
    assert rows is not None
    return [[settle(scale * entry) for entry in row] for row in rows]


def _transposed(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    return _turned(evaluate(evaluator, term.args[0], scope))


def _adjoint(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    rows = _turned(evaluate(evaluator, term.args[0], scope))
    return [[entry.conjugate() if isinstance(entry, acb) else entry for entry in row] for row in rows]


def _power(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    base = evaluate(evaluator, term.args[0], scope)
    _square(base)
    exponent = plain(evaluator.evaluate(term.args[1], scope))
    if not isinstance(exponent, fmpq) or exponent.q != 1 or abs(exponent) > LARGEST_POWER:
        raise Undefined("a power of a matrix that is no integer", lasting=not isinstance(exponent, fmpq))
    if exponent < 0:
        base, exponent = _inverse(base), -exponent
    result = _unit(len(base))
    for _ in range(int(exponent.p)):
        result = _times(result, base)
    return result


def _hadamard(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    one, other = (evaluate(evaluator, arg, scope) for arg in term.args)
    same_shape(one, other)
    return [[settle(a * b) for a, b in zip(x, y, strict=True)] for x, y in zip(one, other, strict=True)]


def _kronecker(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    one, other = (evaluate(evaluator, arg, scope) for arg in term.args)
    return [[settle(a * b) for a in upper for b in lower] for upper in one for lower in other]


def _cross(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    one, other = (evaluate(evaluator, arg, scope) for arg in term.args)
    if len(one) != 3 or len(other) != 3:
        raise Undefined(NO_FIT, lasting=True)
    (a, b, c), (d, e, f) = ([row[0] for row in rows] for rows in (one, other))
    return [[settle(b * f - c * e)], [settle(c * d - a * f)], [settle(a * e - b * d)]]


def _diagonal(evaluator: Evaluator, term: Basic, scope: Scope) -> Rows:
    column = evaluate(evaluator, term.args[0], scope)
    return [[column[i][0] if i == j else ZERO for j in range(len(column))] for i in range(len(column))]


def _sum_over(evaluator: Evaluator, term: Any, scope: Scope) -> Rows:
    total: Rows | None = None
    for inner in values_of(evaluator, term, scope):
        rows = evaluate(evaluator, term.body, inner)
        if total is None:
            total = rows
        else:
            total = [[settle(a + b) for a, b in zip(x, y, strict=True)] for x, y in zip(total, rows, strict=True)]
    if total is None:
        rows_count, columns = size_of(evaluator, term)
        return [[ZERO] * columns for _ in range(rows_count)]
    return total


_HANDLERS: dict[type, Callable[[Evaluator, Any, Scope], Rows]] = {
    Array: _array,
    objects.Written: _written,
    Blocks: _blocks,
    objects.Identity: _identity,
    objects.Zero: _zero,
    objects.Ones: _ones,
    objects.MatrixSum: _sum,
    objects.MatrixProduct: _product,
    objects.Transposed: _transposed,
    objects.Adjoint: _adjoint,
    objects.MatrixPower: _power,
    objects.Hadamard: _hadamard,
    objects.Kronecker: _kronecker,
    objects.Cross: _cross,
    objects.Diagonal: _diagonal,
    objects.MatrixSumOver: _sum_over,
    objects.Gradient: _gradient,
    objects.Stacked: _stacked,
}
