"""Braces that only set: around a lone sign, around nothing, and boxes around whole relations."""

from __future__ import annotations

from derive.notation.commands import ENVIRONMENTS
from derive.notation.tokens import Token


def dissolve(tokens: list[Token]) -> list[Token]:
    """The tokens without braces around a lone sign (`{=}`), empty braces that space (`\\mathbb{E}{}[x]`), and a box
    around a whole relation."""
    for index, token in enumerate(tokens):
        token.index = index
    gone: set[int] = set()
    depth = 0
    for token in tokens:
        mate = token.mate
        if mate is None:
            continue
        if mate.index < token.index:
            depth -= token.index not in gone
            continue
        if token.kind == "{":
            before = tokens[token.index - 1] if token.index else None
            inner = tokens[token.index + 1]
            lone = mate.index == token.index + 2 and inner.kind in ("rel", "add", "mul", "sep")
            after = tokens[mate.index + 1].kind if mate.index + 1 < len(tokens) else ""
            scripted = after in ("_", "^", "'", "bang", "eval")
            if mate.index == token.index + 1 and _says_nothing(tokens, token, before, scripted, gone):
                gone.update((token.index, mate.index))
                continue
            if lone and (before is None or before.kind in _OPERANDS_BEFORE):
                gone.update((token.index, mate.index))
                continue
            if not depth and before is not None and before.value == "boxed" and _holds_sign(tokens, token):
                gone.update((before.index, token.index, mate.index))
                continue
        depth += 1
    return [token for token in tokens if token.index not in gone] if gone else tokens


def _says_nothing(tokens: list[Token], opener: Token, before: Token | None, scripted: bool, gone: set[int]) -> bool:
    """Whether empty braces only space: they are no argument, and no script hangs on them alone. Scripts on braces
    directly behind a name are set where its own would be: `\\mathbb{E}{}_b` is `\\mathbb{E}_b`."""
    if before is None:
        return not scripted
    if scripted:
        if opener.gap or before.index in gone:
            return False
        named = before.kind in ("letter", "name", "big", "function")
        return named or (before.kind == "}" and _ends_argument(tokens, before, _FONTS))
    if before.kind == "}":
        return _ends_argument(tokens, before, _FONTS | {"_", "^"})
    return before.kind in _OPERANDS_BEFORE or before.kind in _SIGNS_BEFORE


def _ends_argument(tokens: list[Token], closer: Token, kinds: frozenset[str]) -> bool:
    """Whether a brace ends the only argument of a command of these kinds."""
    opener = closer.mate
    return opener is not None and opener.index > 0 and tokens[opener.index - 1].kind in kinds


_FONTS = frozenset({"font", "upright", "operatorname", "accent", "switch"})
_OPERANDS_BEFORE = frozenset({"letter", "number", "name", "close", "right", "'", "row", "quad", "bang"})


_SIGNS_BEFORE = frozenset({"rel", "add", "mul", "open", "left", "sep", "{"})


def _holds_sign(tokens: list[Token], opener: Token) -> bool:
    assert opener.mate is not None
    k = opener.index + 1
    while k < opener.mate.index:
        token = tokens[k]
        if token.kind in ("rel", "row") or (token.kind == "begin" and ENVIRONMENTS.get(token.value)):
            return True
        k = token.mate.index + 1 if token.mate is not None and token.mate.index > k else k + 1
    return False
