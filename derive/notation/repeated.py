"""Signs that stand twice where a line is broken, at its end and at the beginning of the next: `a = \\\\ = b`.

Printers in many countries repeat the sign of the place where they break a formula. It is one sign: of relations the
second is kept, which stands with what it leads to, of operations the first, which tells that the line goes on."""

from __future__ import annotations

from derive.notation.commands import ENVIRONMENTS
from derive.notation.tokens import Token


def join_repeated(tokens: list[Token]) -> list[Token]:
    """The tokens without one of two equal signs that only a row break parts. A minus is the exception: after another
    one it may stand for itself, so that the pair is not understood. Rows of tables are left alone."""
    if not any(token.kind in ("row", "amp") for token in tokens):
        return tokens
    gone: set[int] = set()
    tables = [False]
    last: Token | None = None
    broken = aligned = False
    for token in tokens:
        if token.kind == "row":
            broken = True
        elif token.kind == "amp":
            aligned = True
        elif token.kind != "quad":
            parted = broken or (aligned and token.kind == "rel")
            if parted and not tables[-1] and last is not None and _is_twice(last, token):
                if token.value == "-":
                    token.kind, token.value = "bad", "a minus at the end of a line and another one after it"
                else:
                    gone.add(id(last if token.kind == "rel" else token))
            last, broken, aligned = token, False, False
        if token.kind == "begin":
            environment = ENVIRONMENTS.get(token.value)
            tables.append(environment is None or environment.kind != "aligned")
        elif token.kind == "end" and len(tables) > 1:
            tables.pop()
    return [token for token in tokens if id(token) not in gone] if gone else tokens


def _is_twice(first: Token, second: Token) -> bool:
    return first.kind == second.kind and first.kind in ("rel", "add", "mul") and first.value == second.value
