"""Names: letters and words, numbers, fonts, upright runs and accents."""

from __future__ import annotations

from dataclasses import replace

from derive.notation.bigoperators import finish_big
from derive.notation.commands.fonts import UPRIGHT
from derive.notation.commands.functions import BARE, FENCED_ONLY, SPELLED
from derive.notation.commands.operators import PLAIN_BIG
from derive.notation.cursor import Cursor
from derive.notation.functions import finish_function
from derive.notation.tokens import Token
from derive.notation.tree import Annotated, Name, Node, Number, Product, Word


def read_letters(c: Cursor) -> Node:
    """A letter, or a run of letters without space between them: a word, or a function spelled out."""
    first = c.at
    tokens, end = c.tokens, c.end
    token = tokens[first]
    c.at += 1
    if c.style == "mathrm" or c.style in UPRIGHT:
        return _read_upright_run(c, first)
    if c.style or c.at >= end or tokens[c.at].kind != "letter" or tokens[c.at].gap or _is_bare_argument(c, first):
        return Name(c.since(first), token.value, c.style)
    stop = c.at
    while stop < end and tokens[stop].kind == "letter" and not tokens[stop].gap:
        stop += 1
    text = "".join(t.value for t in tokens[first:stop])
    if text in BARE and stop < end and _takes_argument(tokens[stop]):
        c.at = stop
        if text in PLAIN_BIG:
            return finish_big(c, first, text, None, None)
        return finish_function(c, first, text, False)
    if _is_differentials(text):
        return Name(c.since(first), token.value, c.style)
    c.at = stop
    letters = tuple(Name(c.span(k, k + 1), tokens[k].value) for k in range(first, stop))
    return Word(c.since(first), letters)


def _is_bare_argument(c: Cursor, first: int) -> bool:
    """Whether TeX would take only this letter, as in `x_ij` or `\\frac ab`: `argument` reads without a group."""
    if not first:
        return False
    before = c.tokens[first - 1]
    return before.kind in ("_", "^", "accent", "font", "fraction", "root", "annotation", "stack")


def _is_differentials(text: str) -> bool:
    return len(text) % 2 == 0 and all(text[k] == "d" for k in range(0, len(text), 2))


def _takes_argument(token: Token) -> bool:
    return token.kind in (
        "open", "left", "letter", "number", "name", "font", "upright", "accent", "{", "_", "^", "fraction", "root",
        "function", "big", "operatorname", "text", "arg", "unknown",
    )  # fmt: skip


def _read_upright_run(c: Cursor, first: int) -> Node:
    while c.kind() in ("letter", "number") and (c.style != "mathrm" or not c.tokens[c.at].gap):
        c.at += 1
    text = "".join(t.text for t in c.tokens[first : c.at])
    return Name(c.since(first), text, c.style)


def read_number(c: Cursor) -> Node:
    token = c.tokens[c.at]
    c.at += 1
    if c.style and c.style not in UPRIGHT:
        return Name(c.since(c.at - 1), token.text, c.style)
    text = token.text
    nxt = c.peek()
    if nxt is not None and nxt.kind == "name" and nxt.text in ("\\%", "%"):
        c.at += 1
        text += "%"
    return Number(c.since(c.at - (2 if text.endswith("%") else 1)), text)


def read_name(c: Cursor) -> Node:
    token = c.tokens[c.at]
    c.at += 1
    return Name(c.since(c.at - 1), token.value, c.style, (), token.value.isascii() and len(token.value) > 1)


def read_font(c: Cursor) -> Node:
    token = c.tokens[c.at]
    c.at += 1
    saved, c.style = c.style, token.value
    node = c.argument(c.in_script)
    c.style = saved
    return node


def read_upright(c: Cursor) -> Node:
    """`\\mathrm{KL}` is one name, or a function that is spelled upright."""
    first = c.at
    style = c.tokens[first].value
    c.at += 1
    if style == "operatorname" and c.kind() == "mul" and c.tokens[c.at].value == "*":
        c.at += 1
    token = c.peek()
    stop = c.at + 1 if token is None or token.kind != "{" else token.jump - 1
    begin = c.at + (token is not None and token.kind == "{")
    inner = c.tokens[begin : min(stop, c.end)]
    text = spell(inner)
    if not text or (text.isdigit() and style != "operatorname"):
        saved, c.style = c.style, "" if text.isdigit() or _is_formula(inner) else style
        node = c.argument(c.in_script)
        c.style = saved
        return node
    c.at = stop + (begin > first + 1 and c.tokens[begin - 1].kind == "{")
    plain = text.replace(" ", "")
    if plain in PLAIN_BIG:
        return finish_big(c, first, plain, None, None)
    if plain in SPELLED:
        known = plain not in FENCED_ONLY
        if known or c.kind() in ("open", "left", "{"):
            return finish_function(c, first, {"Tr": "tr", "trace": "tr"}.get(plain, plain), False)
    if style == "mathrm" and len(text) == 2 and text[0] == "d":
        middle = c.span(first, c.at)
        return Product(middle, (Name(middle, "d", style), Name(middle, text[1], style)), ("",))
    return Name(c.since(first), text, style)


def _is_formula(tokens: list[Token]) -> bool:
    """Whether upright letters are only how a whole formula is set: it holds a function or a fraction in parentheses."""
    kinds = {token.kind for token in tokens}
    return bool(kinds & {"function", "fraction", "root", "rel"}) and bool(kinds & {"open", "left", "fraction"})


def spell(tokens: list[Token]) -> str:
    """The letters of an upright name, or nothing where it is more than a name."""
    parts: list[str] = []
    for k, token in enumerate(tokens):
        if token.gap and k:
            parts.append(" ")
        if token.kind in ("letter", "number"):
            parts.append(token.text)
        elif token.kind in ("function", "big") or (token.kind == "arg" and len(tokens) > 1):
            parts.append(token.value)
        elif token.value == "-" and parts and k + 1 < len(tokens):
            parts.append("-")
        elif token.kind == "name" and token.value == "_":
            parts.append("_")
        else:
            return ""
    return "".join(parts)


def read_switch(c: Cursor) -> Node:
    """`{\\bf x}`: the rest of the group is in this style."""
    style = c.tokens[c.at].value
    first = c.at
    c.at += 1
    c.style = style
    stop = c.end
    if style in UPRIGHT:
        text = spell(c.tokens[c.at : stop])
        if text and not text.isdigit():
            c.at = stop
            return Name(c.since(first), text, style)
    return c.empty() if c.at >= c.end else c.grammar.factor(c)


def read_accent(c: Cursor) -> Node:
    first = c.at
    accent = c.tokens[first].value
    c.at += 1
    node = c.argument(c.in_script)
    if isinstance(node, Name):
        return replace(node, span=c.since(first), accents=(*node.accents, accent))
    return Annotated(c.since(first), accent, node, None)
