"""Matrices of blocks in models: their sizes, and their values put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

from sympy.core.basic import Basic

from derive.meaning.blocks import Blocks, is_empty
from derive.meaning.matrices import MatrixTerm
from derive.refuting.numbers import ZERO, Number
from derive.refuting.undefined import Undefined

Node = tuple[Any, ...]
Rows = list[list[Number]]
NO_FIT = "the shapes of its blocks do not fit"


Total = tuple[Node, tuple[Node, ...]]
"""A class of sizes that is the sum of others."""


def pair(
    blocks: Blocks,
    pair_of: Callable[[Basic], tuple[Node, Node]],
    unite: Callable[[Node, Node], None],
    new: Callable[[], Node],
    totals: list[Total],
) -> tuple[Node, Node]:
    """The classes of the rows and columns: blocks beside each other have the same number of rows. What they add up to
    is noted among the totals."""
    rows = blocks.rows()
    ends = []
    for axis, lines in enumerate((rows, [list(column) for column in zip(*rows, strict=True)])):
        nodes: list[Node] = []
        for line in lines:
            found = [_node(block, axis, pair_of) for block in line if not is_empty(block)]
            for other in found[1:]:
                unite(found[0], other)
            nodes.append(found[0] if found else new())
        ends.append(nodes[0] if len(nodes) == 1 else new())
        if len(nodes) > 1:
            totals.append((ends[-1], tuple(nodes)))
    return ends[0], ends[1]


def settle(totals: Sequence[Total], find: Callable[[Node], Node], unite: Callable[[Node, Node], None]) -> None:
    """Unite what the totals say to be equal, until nothing more follows."""
    for _ in range(2 * len(totals) + 1):
        for whole, parts in totals:
            known = [find(part)[1] for part in parts if find(part)[0] == "number"]
            open_ones = [part for part in parts if find(part)[0] != "number"]
            if not open_ones:
                unite(whole, ("number", sum(known)))
            elif find(whole)[0] == "number" and len({find(part) for part in open_ones}) == 1:
                rest, remainder = divmod(find(whole)[1] - sum(known), len(open_ones))
                if remainder == 0 and rest > 0:
                    unite(open_ones[0], ("number", rest))
        for one, other in combinations(totals, 2):
            if find(one[0]) == find(other[0]):
                left, right = (Counter(map(find, parts)) for parts in (one[1], other[1]))
                alone = [*(left - right).elements()], [*(right - left).elements()]
                if len(alone[0]) == len(alone[1]) == 1:
                    unite(alone[0][0], alone[1][0])


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
