"""How many rows and columns the vectors and matrices of a question have, as far as their use tells.

The numbers of rows and columns are nodes; a sum, a product, an inverse, a trace says that some of them are equal. A
model gives each class a number: the one that a matrix written out or a number of dimensions has, the value of the
symbol that the document declares (`X \\in \\mathbb{R}^{n \\times d}`), else a small one of its own."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from sympy import Integer, Symbol
from sympy.core.basic import Basic
from sympy.core.expr import Expr

from derive.meaning.blocks import Blocks
from derive.meaning.matrices import Adjoint as ConjugateTransposed
from derive.meaning.matrices import (
    AnyEntry,
    Array,
    Component,
    Cross,
    Determinant,
    Diagonal,
    Gradient,
    Hadamard,
    Identity,
    Kronecker,
    MatrixPower,
    MatrixProduct,
    MatrixSum,
    MatrixSumOver,
    MatrixTerm,
    Ones,
    Stacked,
    Trace,
    Transposed,
    Written,
    Zero,
)
from derive.meaning.objects import Entry, Range, SumOver, subterms
from derive.refuting import blocks
from derive.refuting.undefined import Undefined

Node = tuple[Any, ...]
Pair = tuple[Node, Node]
SIZE_LETTERS = frozenset("nNmMpPqQdDkKrRsS")
NO_FIT = "the shapes of its vectors and matrices do not fit"


def array_key(array: Array) -> tuple[str, str, int]:
    """What tells arrays of one name apart from others: its kind, name and number of indices."""
    name = array.name
    places = len(name.indices) if isinstance(name, Entry) else 0
    return type(name).__name__, array.key, places


class Sizes:
    """See the module. `declared`: the numbers of rows and columns that the document gives names; the arrays called
    `single` have one row and one column; sums over the entries of those called `entries` say how many these have."""

    def __init__(
        self,
        declared: Mapping[str, tuple[Expr, ...]],
        single: frozenset[str] = frozenset(),
        entries: frozenset[str] = frozenset(),
    ) -> None:
        self._declared = declared
        self._single = single
        self._entries = entries
        self._parents: dict[Node, Node] = {}
        self._pairs: dict[Basic, Pair] = {}
        self._fresh = 0
        self._totals: list[blocks.Total] = []  # of matrices of blocks
        self._sized: list[Node] = []
        self.conflict = ""

    def take(self, term: Basic) -> None:
        """Note all that a term says of the sizes of what stands in it."""
        for part in _outermost(term):
            if isinstance(part, MatrixTerm):
                self.pair(part)
            elif isinstance(part, Trace | Determinant):
                self._unite(*self.pair(part.args[0]))
                self._sized.append(self.pair(part.args[0])[0])
            elif isinstance(part, AnyEntry | Component):
                self.pair(part.args[0])
            elif isinstance(part, SumOver):
                self._take_sum(part)

    def _take_sum(self, term: SumOver) -> None:
        """A sum over an index of the entries of an array has as many terms as the array has entries there."""
        variable = Symbol("‡sum")
        body, _ = term.open(variable)
        for part in subterms(body):
            if isinstance(part, Entry) and part.name in self._entries and variable in part.indices and not part.upper:
                self._unite(self._axis(part.name, part.indices.index(variable)), self._range(term.domain))

    def _axis(self, name: str, axis: int) -> Node:
        """The node of the rows (0) or columns (1) of an array with this name."""
        declared = self._declared.get(name, ())
        if name in self._single:
            return ("number", 1)
        return self._size(declared[axis]) if axis < len(declared) else ("array", "Symbol", name, 0, axis)

    def of_entry(self, name: str, axis: int) -> Node | None:
        """The class of the values that an index of the entries of an array takes; None for what is no array here."""
        return self._find(self._axis(name, axis)) if name in self._entries else None

    def of_domain(self, domain: Basic) -> Node | None:
        """The class of the values that an index over a domain takes, where arrays say how many these are."""
        node = ("domain", domain)
        return self._find(node) if node in self._parents else None

    def _range(self, domain: Basic) -> Node:
        if isinstance(domain, Range) and domain.lower == 1:
            return self._size(domain.upper) if isinstance(domain.upper, Integer | Symbol) else ("domain", domain)
        return ("domain", domain)

    def tie(self, one: Basic, other: Basic) -> None:
        """Note that two matrices have one shape."""
        (a, b), (c, d) = self.pair(one), self.pair(other)
        self._unite(a, c)
        self._unite(b, d)

    def settle(self) -> None:
        """After all terms were taken: what the sizes of blocks say of one another."""
        if self._totals:
            blocks.settle(self._totals, self._find, self._unite)

    def number(self, node: Node) -> int | None:
        """The fixed number of a class, if it has one."""
        root = self._find(node)
        return root[1] if root[0] == "number" else None

    def root(self, node: Node) -> Node:
        """What stands for the class of a node."""
        return self._find(node)

    def unstated(self, question_symbols: set[str]) -> str:
        """Why the numbers of a model may not be those that are meant, or nothing: an identity of a stated size, or a
        letter that may be a size, stands beside matrices whose size nothing states."""
        free = [root for root in self.roots() if root[0] != "size" and root in self._squares()]
        stated = sorted({root[1] for root in self.roots() if root[0] == "size"} | (question_symbols & SIZE_LETTERS))
        return f"`{stated[0]}` may be the size of a matrix" if free and stated else ""

    def _squares(self) -> set[Node]:
        """The classes of the sizes of what a trace or a determinant is taken of."""
        return {self._find(node) for node in self._sized}

    def roots(self) -> list[Node]:
        """The classes without a fixed number, in the order of arrival."""
        found = dict.fromkeys(self._find(node) for pair in self._pairs.values() for node in pair)
        return [root for root in found if root[0] != "number"]

    # ------------------------------------------------------------------ the walk

    def pair(self, matrix: Basic) -> Pair:
        """The nodes of the rows and of the columns of a matrix."""
        known = self._pairs.get(matrix)
        if known is None:
            known = self._pairs[matrix] = self._made(matrix)
        return known

    def _made(self, matrix: Basic) -> Pair:
        if not isinstance(matrix, MatrixTerm):
            raise Undefined("a number where a matrix is expected", lasting=True)
        if isinstance(matrix, Array):
            return self._named(matrix)
        if isinstance(matrix, Written | Cross):
            for part in matrix.args if isinstance(matrix, Cross) else ():
                self._unite(self.pair(part)[0], ("number", 3))
            rows, columns = matrix.shape
            return ("number", rows), ("number", columns)
        if isinstance(matrix, MatrixSum | Hadamard):
            for arg in matrix.args[1:]:
                self.tie(matrix.args[0], arg)
            return self.pair(matrix.args[0])
        if isinstance(matrix, MatrixProduct):
            pairs = [self.pair(arg) for arg in matrix.args if isinstance(arg, MatrixTerm)]
            for one, other in pairwise(pairs):
                self._unite(one[1], other[0])
            self._inside(arg for arg in matrix.args if not isinstance(arg, MatrixTerm))
            return pairs[0][0], pairs[-1][1]
        if isinstance(matrix, Transposed | ConjugateTransposed):
            rows_node, columns_node = self.pair(matrix.args[0])
            return columns_node, rows_node
        if isinstance(matrix, MatrixPower):
            pair = self.pair(matrix.args[0])
            self._unite(*pair)
            return pair
        if isinstance(matrix, MatrixSumOver):
            return self.pair(matrix.body)
        if isinstance(matrix, Blocks):
            self._inside(block for block in matrix.args[2] if not isinstance(block, MatrixTerm))
            return blocks.pair(matrix, self.pair, self._unite, self._new, self._totals)
        if isinstance(matrix, Stacked):
            self.take(matrix.body)
            return self._range(matrix.domain), ("number", 1)
        if isinstance(matrix, Gradient):
            self._inside((matrix.args[0],))
            return self.pair(matrix.args[1])
        if isinstance(matrix, Diagonal):
            size = self.pair(matrix.args[0])[0]
            return size, size
        return self._special(matrix)

    def _special(self, matrix: MatrixTerm) -> Pair:
        if isinstance(matrix, Ones):
            return self._new(), ("number", 1)
        if isinstance(matrix, Zero):
            return self._new(), self._new()
        if isinstance(matrix, Identity):
            size: Node = self._size(matrix.args[0]) if matrix.args else self._new()
            return size, size
        if isinstance(matrix, Kronecker):
            numbers = [self.number(node) for arg in matrix.args for node in self.pair(arg)]
            if None in numbers:
                raise Undefined("a tensor product of matrices of unknown sizes is not evaluated", lasting=True)
            a, b, c, d = (int(number or 0) for number in numbers)
            return ("number", a * c), ("number", b * d)
        raise Undefined(f"{type(matrix).__name__} is not evaluated in a model", lasting=True)

    def _named(self, array: Array) -> Pair:
        key = array_key(array)
        declared = self._declared.get(key[1], ()) if key[0] == "Symbol" else ()
        nodes: list[Node] = []
        for axis in (0, 1):
            if key[1] in self._single or (array.form, axis) in (("column", 1), ("row", 0)):
                nodes.append(("number", 1))
            elif axis < len(declared):
                nodes.append(self._size(declared[axis]))
            else:
                nodes.append(("array", *key, axis))
        return nodes[0], nodes[1]

    def _size(self, size: Basic) -> Node:
        if isinstance(size, Integer):
            return ("number", int(size))
        return ("size", size.name) if isinstance(size, Symbol) else self._new()

    def _inside(self, scalars: Any) -> None:
        for scalar in scalars:
            self.take(scalar)

    def _new(self) -> Node:
        self._fresh += 1
        return ("fresh", self._fresh)

    # ------------------------------------------------------------------ classes

    def _find(self, node: Node) -> Node:
        while (parent := self._parents.get(node, node)) != node:
            node = parent
        return node

    def _unite(self, one: Node, other: Node) -> None:
        a, b = self._find(one), self._find(other)
        if a == b:
            return
        if a[0] == "number" and b[0] == "number":
            self.conflict = NO_FIT
        elif a[0] == "number" or (a[0] in ("size", "domain") and b[0] not in ("number", "size")):
            self._parents[b] = a
        else:
            self._parents[a] = b


def _outermost(term: Basic) -> list[Basic]:
    """The matrices and what is made of them in a term, the outermost ones, and those below scalars in them."""
    found: list[Basic] = []
    stack: list[Basic] = [term]
    while stack:
        top = stack.pop()
        if isinstance(top, MatrixTerm | Trace | Determinant | AnyEntry | Component | SumOver):
            found.append(top)
        stack.extend(top.args)
    return found
