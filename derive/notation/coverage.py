"""What of a formula's characters the tree accounts for: a check that nothing was dropped."""

from __future__ import annotations

from derive.notation.angles import find_angles
from derive.notation.commands.command import words
from derive.notation.repeated import join_repeated
from derive.notation.stream import read_stream
from derive.notation.tokens import tokenise
from derive.notation.tree import (
    Annotated,
    BigOperator,
    Cases,
    Ellipsis,
    Function,
    Matrix,
    Name,
    Number,
    Passage,
    Remark,
    Root,
    Sign,
    Text,
    Unread,
    Word,
)  # fmt: skip
from derive.notation.walk import walk
from derive.source import Span, TracedText

_SAYS = (
    Annotated, BigOperator, Cases, Ellipsis, Function, Matrix, Name, Number, Remark, Root, Sign, Text, Unread, Word,
)  # fmt: skip
_CONTENT = words("letter number name unknown bad text ellipsis rel function big stray")


def uncovered(text: TracedText, passage: Passage) -> tuple[Span, ...]:
    """The places of letters, numbers, signs and prose of a formula that no node of its tree says. Layout does not
    count, and neither does what stands in a macro's call."""
    owner: dict[int, bool] = {}
    for node in walk(passage):
        says = isinstance(node, _SAYS)
        for offset in range(node.span.start, node.span.end):
            owner[offset] = says
    lost: list[Span] = []
    tokens = read_stream(tokenise(text.text))
    kept = {id(token) for token in find_angles(join_repeated(tokens))}
    for token in tokens:
        if token.kind not in _CONTENT or token.start == token.end or token.value == "prime" or id(token) not in kept:
            continue
        span = text.span(token.start, token.end)
        if not any(owner.get(offset, False) for offset in range(span.start, span.end)):
            lost.append(span)
    return tuple(lost)
