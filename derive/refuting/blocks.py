"""Matrices of blocks in models: their sizes, and their values put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sympy.core.basic import Basic

from derive.meaning.blocks import Blocks
from derive.meaning.matrices import MatrixTerm, Zero
from derive.refuting.numbers import ZERO, Number
from derive.refuting.undefined import Undefined

Node = tuple[Any, ...]
Rows = list[list[Number]]
NO_FIT = "the shapes of its blocks do not fit"


def is_empty(block: Basic) -> bool:
    """Whether a block is one of zeros, whose size is that of its place."""
    return block == 0 or isinstance(block, Zero)


def pair(
    blocks: Blocks,
    pair_of: Callable[[Basic], tuple[Node, Node]],
    unite: Callable[[Node, Node], None],
    new: Callable[[], Node],
) -> tuple[Node, Node]:
    """The classes of the rows and columns: blocks beside each other have the same number of rows."""
    rows = blocks.rows()
    ends = []
    for axis, lines in enumerate((rows, [list(column) for column in zip(*rows, strict=True)])):
        nodes: list[Node] = []
        for line in lines:
            found = [_node(block, axis, pair_of) for block in line if not is_empty(block)]
            for other in found[1:]:
                unite(found[0], other)
            nodes.append(found[0] if found else new())
        numbers = [node[1] for node in nodes if node[0] == "number"]
        ends.append(nodes[0] if len(nodes) == 1 else ("number", sum(numbers)) if len(numbers) == len(nodes) else new())
    return ends[0], ends[1]


def _node(block: Basic, axis: int, pair_of: Callable[[Basic], tuple[Node, Node]]) -> Node:
    return pair_of(block)[axis] if isinstance(block, MatrixTerm) else ("number", 1)


def put_together(values: Sequence[Sequence[Rows | None]]) -> Rows:
    """The matrix of the values of its blocks; None for one of zeros. Raises Undefined where they do not fit."""
    heights = [_size([len(v) for v in row if v is not None]) for row in values]
    widths = [_size([len(v[0]) for v in column if v is not None]) for column in zip(*values, strict=True)]
    result: Rows = []
    for row, height in zip(values, heights, strict=True):
        for k in range(height):
            line: list[Number] = []
            for value, width in zip(row, widths, strict=True):
                line += [ZERO] * width if value is None else value[k]
            result.append(line)
    return result


def _size(found: list[int]) -> int:
    if not found or any(size != found[0] for size in found):
        raise Undefined(NO_FIT, lasting=True)
    return found[0]
