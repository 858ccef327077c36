"""Equations that introduce a name: nothing before speaks of it, so that there is nothing they could follow from."""

from __future__ import annotations

from collections.abc import Iterator

from derive.meaning.context import Context
from derive.meaning.heads import head_key
from derive.meaning.names import key_of, key_of_base, split_subscript
from derive.meaning.outline import Parsed
from derive.meaning.survey import Survey
from derive.notation.tree import Annotated, Chain, Name, Node, Script, Sum, Text, Word
from derive.notation.walk import children, same
from derive.steps.step import Step

_NUMBERS = frozenset({"e", "\\pi", "\\infty", "\\mathrm{e}", "\\mathrm{i}"})


def introduces(context: Context, step: Step) -> bool:
    """Whether a step says what a name is that no relation before it holds and no definition gives: an opening with a
    side that is about such names (and about none of the other side, where a name may have slipped in), or a link that
    ends in the bare name (`… = \\lambda`)."""
    conventions = context.conventions_at(step.position)
    left, right = (set(_names(side, conventions.survey)) for side in (step.left, step.right))
    if step.role == "opening":
        fresh = left ^ right if not left & right else set()
    elif step.role == "link" and _is_bare(step.right):
        fresh = right - left
    elif step.role == "link" and (key := head_key(step.left)) is not None and not isinstance(step.left, Name):
        fresh = {key} - right  # x = g(y) = 2 y
    else:
        return False
    fresh -= conventions.defined | _indices(conventions.survey) | _NUMBERS
    for chain, operands in _before(context, step):
        if not fresh:
            return False
        if _is_sibling(chain, step.chain):
            operands = operands[1:]
        for operand in operands:
            fresh -= set(_names(operand, conventions.survey))
        for sign in chain.signs:
            if sign.label is not None:
                fresh -= set(_names(sign.label, conventions.survey))
    return bool(fresh)


def _indices(survey: Survey) -> set[str]:
    """The letters that the document indexes or sums by."""
    return survey.bound_letters.union(*survey.free_index_letters.values(), *survey.bound_index_letters.values())


def _is_sibling(chain: Chain, other: Chain) -> bool:
    """Whether two chains begin with different members of one family: `p_{2j} = …` beside `p_{2j+1} = …`."""
    one, two = chain.operands[0], other.operands[0]
    return (
        isinstance(one, Script) and isinstance(two, Script) and one.sub is not None and two.sub is not None
        and same(one.base, two.base) and not same(one.sub, two.sub)
    )  # fmt: skip


def _before(context: Context, step: Step) -> Iterator[tuple[Chain, tuple[Node, ...]]]:
    """The chains with a relation before a step, and of its own chain what stands before it."""
    for part in context.outline.parts[: step.position + 1]:
        if not isinstance(part, Parsed):
            continue
        for chain in part.chains():
            if chain is step.chain:
                stop = next((k for k, operand in enumerate(chain.operands) if operand is step.right), 1)
                yield chain, chain.operands[: max(0, stop - 1)]
                return
            if chain.signs:
                yield chain, chain.operands


def _is_bare(node: Node) -> bool:
    """Whether a side is one name, with its index or a minus."""
    if isinstance(node, Sum) and len(node.terms) == 1:
        return _is_bare(node.terms[0])
    if isinstance(node, Script):
        return node.sup is None and isinstance(node.base, Name | Word | Text)
    return isinstance(node, Name | Word | Text)


def _names(node: Node, survey: Survey) -> Iterator[str]:
    """The names of a formula with the labels they carry; indices are left out."""
    stack: list[Node] = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, Script) and (key := key_of_base(top.base)) is not None:
            parts = split_subscript(top.sub, survey.index_letters)
            yield key + (f"_{{{parts.label}}}" if parts.label else "")
            stack += [part for part in (top.sup,) if part is not None]
            continue
        if isinstance(top, Annotated):
            stack.append(top.body)
            continue
        if isinstance(top, Word):
            yield top.text
            yield from (key_of(letter) for letter in top.letters)
            continue
        if isinstance(top, Name) and top.letters not in ("d", "partial"):
            yield key_of(top)
        stack.extend(children(top))
