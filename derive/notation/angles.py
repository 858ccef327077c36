"""Angle brackets that are typed as relation signs: `<x, y> = 0`."""

from __future__ import annotations

from derive.notation.bars import ends_operand
from derive.notation.tokens import Token

_OPENERS = frozenset({"open", "left", "{", "begin"})
_CLOSERS = frozenset({"close", "right", "}", "end"})
_FARTHEST = 60


def find_angles(tokens: list[Token]) -> list[Token]:
    """The tokens, with `<` and `>` as brackets where the first has nothing on its left that it could compare and the
    second stands in the same group, with a comma or a bar and no other relation between them."""
    for k, token in enumerate(tokens):
        if token.kind == "rel" and token.text == "<" and not ends_operand(tokens, k) and not _begins_row(tokens, k):
            closer = _partner(tokens, k)
            if closer is not None:
                token.kind, closer.kind = "open", "close"
    return tokens


def _begins_row(tokens: list[Token], k: int) -> bool:
    """Whether a later row begins here, which may go on with a chain."""
    while k and tokens[k - 1].kind in ("quad", "amp"):
        k -= 1
    return k > 0 and tokens[k - 1].kind == "row"


def _partner(tokens: list[Token], k: int) -> Token | None:
    level = 0
    parted = False
    for token in tokens[k + 1 : k + _FARTHEST]:
        kind = token.kind
        if kind in _OPENERS:
            level += 1
        elif kind in _CLOSERS:
            level -= 1
            if level < 0:
                return None
        elif level:
            continue
        elif kind == "rel" and token.text == ">":
            return token if parted else None
        elif kind in ("rel", "arrow", "row", "amp"):
            return None
        elif (kind == "sep" and token.value == ",") or kind in ("bar", "middle"):
            parted = True
    return None
