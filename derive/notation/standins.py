"""Marks that stand for something else than they usually do, by what is beside them.

`\\cup_i B_i` with nothing before it is a union over i; `>_u` between separators is the name of an order."""

from __future__ import annotations

from derive.notation.bars import ends_operand
from derive.notation.tokens import Token

_BIG = {
    "\\cup": "bigcup", "\\cap": "bigcap", "\\sqcup": "bigsqcup", "\\uplus": "biguplus", "\\vee": "bigvee",
    "\\wedge": "bigwedge", "\\lor": "bigvee", "\\land": "bigwedge", "\\oplus": "bigoplus", "\\otimes": "bigotimes",
    "\\odot": "bigodot",
}  # fmt: skip
_AROUND = frozenset({"sep", "open", "close", "left", "right", "{", "}"})


def replace_standins(tokens: list[Token]) -> None:
    """Give such tokens the kind of what they stand for; needs the mates of `fences.pair`."""
    for k, token in enumerate(tokens):
        if token.kind in ("add", "mul"):
            limited = token.value in _BIG and k + 1 < len(tokens) and tokens[k + 1].kind == "_"
            if limited and not ends_operand(tokens, k):
                token.kind, token.value = "big", _BIG[token.value]
        elif token.kind == "rel" and k and tokens[k - 1].kind in _AROUND and _is_named(tokens, k):
            token.kind, token.value = "name", token.text.lstrip("\\")


def _is_named(tokens: list[Token], k: int) -> bool:
    """Whether a relation sign carries a script and compares nothing: `p(\\Theta \\mid >_u)`."""
    stop = k + 1
    if stop + 1 >= len(tokens) or tokens[stop].kind not in ("_", "^"):
        return False
    script = tokens[stop + 1]
    after = (script.mate.index if script.kind == "{" and script.mate is not None else stop + 1) + 1
    return after < len(tokens) and tokens[after].kind in _AROUND and tokens[after].kind not in ("open", "left", "{")
