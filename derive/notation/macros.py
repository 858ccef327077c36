"""Macros: the calls of a document's own macros replaced by their bodies, within bounds.

Tokens of a body take the place of the call in the text; tokens of arguments keep their own. A call that goes
too deep, or an expansion that grows too large, becomes a `bad` token whose `value` is the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from derive.documents.document import Macro
from derive.notation.tokens import Token, tokenise

MAX_DEPTH = 30
MAX_GROWTH = 100_000


@lru_cache(maxsize=512)
def _body(text: str) -> tuple[Token, ...]:
    return tuple(tokenise(text))


def _copy(token: Token, start: int, end: int) -> Token:
    return Token(token.kind, token.text, start, end, token.value)


def expand(tokens: list[Token], macros: Sequence[Macro]) -> list[Token]:
    """The tokens with every macro call replaced, and calls inside the replacements too."""
    table = {"\\" + macro.name.lstrip("\\"): macro for macro in macros}
    if not table or not any(token.text in table for token in tokens):
        return tokens
    pending: list[tuple[Token, int]] = [(token, 0) for token in reversed(tokens)]
    done: list[Token] = []
    grown = 0
    while pending:
        token, depth = pending.pop()
        macro = table.get(token.text) if token.kind == "command" else None
        if macro is None:
            done.append(token)
            continue
        if depth >= MAX_DEPTH or grown >= MAX_GROWTH:
            reason = "macro calls itself" if depth >= MAX_DEPTH else "macro grows too large"
            done.append(Token("bad", token.text, token.start, token.end, reason))
            continue
        arguments: list[list[tuple[Token, int]]] = []
        if macro.default is not None:
            option = _take_option(pending)
            arguments.append([(t, depth + 1) for t in _body(macro.default)] if option is None else option)
        while len(arguments) < macro.arity:
            arguments.append(_take_argument(pending))
        start, end = token.start, token.end
        for argument in arguments:
            for t, _ in argument:
                if t.start >= start:
                    end = max(end, t.end)
        body = _substitute(_body(macro.body), arguments, depth + 1, start, end)
        grown += len(body)
        if macro.arity == 0 and body and pending and body[-1][0].kind == "letter":
            body.append((Token("space", "", end, end), depth))
        if body and body[0][0].kind == "letter" and done and done[-1].kind == "letter":
            done.append(Token("space", "", start, start))
        pending.extend(reversed(body))
    return done


def _take_argument(pending: list[tuple[Token, int]]) -> list[tuple[Token, int]]:
    while pending and pending[-1][0].kind in ("space", "comment"):
        pending.pop()
    if not pending:
        return []
    first = pending.pop()
    token, depth = first
    if token.text != "{":
        if token.kind == "number" and len(token.text) > 1:
            pending.append((Token("number", token.text[1:], token.start + 1, token.end), depth))
            return [(Token("number", token.text[0], token.start, token.start + 1), depth)]
        if token.text == "}":
            pending.append(first)
            return []
        return [first]
    taken: list[tuple[Token, int]] = []
    level = 1
    while pending:
        entry = pending.pop()
        if entry[0].text == "{":
            level += 1
        elif entry[0].text == "}":
            level -= 1
            if not level:
                break
        taken.append(entry)
    return taken


def _take_option(pending: list[tuple[Token, int]]) -> list[tuple[Token, int]] | None:
    if not pending or pending[-1][0].text != "[":
        return None
    pending.pop()
    taken: list[tuple[Token, int]] = []
    level = 0
    while pending:
        entry = pending.pop()
        if entry[0].text == "]" and not level:
            break
        level += (entry[0].text == "{") - (entry[0].text == "}")
        taken.append(entry)
    return taken


def _substitute(
    body: tuple[Token, ...], arguments: list[list[tuple[Token, int]]], depth: int, start: int, end: int
) -> list[tuple[Token, int]]:
    out: list[tuple[Token, int]] = []
    k = 0
    while k < len(body):
        token = body[k]
        if token.text == "#" and k + 1 < len(body) and body[k + 1].text[0].isdigit():
            digits = body[k + 1].text
            number = int(digits[0])
            if 0 < number <= len(arguments):
                out.extend(_copy_entry(entry) for entry in arguments[number - 1])
            if len(digits) > 1:
                out.append((Token("number", digits[1:], start, end), depth))
            k += 2
            continue
        out.append((_copy(token, start, end), depth))
        k += 1
    return out


def _copy_entry(entry: tuple[Token, int]) -> tuple[Token, int]:
    token, depth = entry
    return _copy(token, token.start, token.end), depth
