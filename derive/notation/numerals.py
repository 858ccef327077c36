"""Numerals with commas in them: `18,000`, and `3{,}14`, whose braces keep TeX from setting a space."""

from __future__ import annotations

import re

from derive.notation.tokens import Token

_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\{,\}[0-9]{3})+(?:\.[0-9]+)?")


def settle_commas(tokens: list[Token]) -> list[Token]:
    """The tokens of a formula with the commas in braces of its numerals settled: they part thousands where all numerals
    with one have groups of three digits, else they are decimal commas. A numeral that is neither is not understood. In
    scripts they part indices."""
    if not any(token.kind == "number" and "{,}" in token.text for token in tokens):
        return tokens
    tokens = _part_indices(tokens)
    written = [token for token in tokens if token.kind == "number" and "{,}" in token.text]
    grouped = all(_GROUPED.fullmatch(token.text) for token in written)
    for token in written:
        if grouped:
            token.text = token.value = token.text.replace("{,}", "")
        elif token.text.count("{,}") == 1 and "." not in token.text:
            token.text = token.value = token.text.replace("{,}", ".")
        else:
            token.kind, token.value = "bad", "a comma inside a numeral"
    return tokens


def _part_indices(tokens: list[Token]) -> list[Token]:
    """The tokens with the numerals of scripts taken apart at their commas."""
    out: list[Token] = []
    braces: list[bool] = []
    for token in tokens:
        if token.kind == "{":
            braces.append(bool(out) and out[-1].kind in ("_", "^"))
        elif token.kind == "}" and braces:
            braces.pop()
        if token.kind != "number" or "{,}" not in token.text or not any(braces):
            out.append(token)
            continue
        at = token.start
        for k, digits in enumerate(token.text.split("{,}")):
            if k:
                out.append(Token("sep", ",", at, at + 3, ","))
                at += 3
            out.append(Token("number", digits, at, at + len(digits), digits))
            at += len(digits)
    return out


def join_thousands(tokens: list[Token]) -> list[Token]:
    """The tokens of a formula with numerals in groups of three digits made one: `12,500`.

    Only outside of parentheses and scripts, where a comma parts nothing, and only where no space stands beside it and
    the first group has up to three digits, none of them a leading zero."""
    out: list[Token] = []
    fences = 0
    braces: list[bool] = []  # of each open brace, whether it holds a script
    for token in tokens:
        kind = token.kind
        if kind in ("open", "left"):
            fences += 1
        elif kind in ("close", "right"):
            fences = max(0, fences - 1)
        elif kind == "{":
            braces.append(bool(out) and out[-1].kind in ("_", "^"))
        elif kind == "}" and braces:
            braces.pop()
        elif kind == "number" and not fences and not any(braces) and _goes_on(out, token):
            out.pop()
            out[-1].text += token.text
            out[-1].value = out[-1].text
            out[-1].end = token.end
            continue
        out.append(token)
    return out


def _goes_on(before: list[Token], token: Token) -> bool:
    """Whether a number token is three more digits of the numeral before a comma."""
    if len(before) < 2 or len(token.text.split(".")[0]) != 3 or token.gap:
        return False
    first, comma = before[-2:]
    groups = first.end - first.start, len(first.text)
    return (
        first.kind == "number" and first.text.isdigit() and first.text[0] != "0"
        and (groups[1] <= 3 or groups[0] > groups[1])
        and comma.kind == "sep" and comma.value == "," and not comma.gap
        and first.end == comma.start and comma.end == token.start
        and not (len(before) > 2 and before[-3].kind in ("_", "^", "sep"))
    )  # fmt: skip
