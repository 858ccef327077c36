"""One operand: the kind of the next token decides which way it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.notation.bigoperators import finish_big, read_big, read_operator_name
from derive.notation.commands import ENVIRONMENTS
from derive.notation.commands.fonts import UPRIGHT
from derive.notation.commands.functions import BARE, FENCED_ONLY, SPELLED
from derive.notation.commands.operators import PLAIN_BIG
from derive.notation.cursor import MAX_DEPTH, Cursor
from derive.notation.environments import read_environment, read_fenced, read_substack
from derive.notation.functions import finish_function
from derive.notation.scripts import read_limits
from derive.notation.tokens import Token
from derive.notation.tree import (
    Annotated,
    At,
    Binomial,
    Ellipsis,
    Empty,
    Fenced,
    Fraction,
    Name,
    Node,
    Number,
    Product,
    Root,
    Script,
    Text,
    Word,
)

_RUN = frozenset({"letter", "number", "add"})


def read_operand(c: Cursor) -> Node:
    """The next operand, without its scripts. Always steps on."""
    token = c.tokens[c.at]
    handler = _HANDLERS.get(token.kind)
    if handler is None:
        c.at += 1
        return c.unread(c.at - 1, c.at, _REASONS.get(token.kind, "cannot stand here"))
    if c.depth >= MAX_DEPTH:
        return c.skip_unread(token.jump, "nested too deeply")
    c.depth += 1
    node = handler(c)
    c.depth -= 1
    return node


def _read_letters(c: Cursor) -> Node:
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


def _read_number(c: Cursor) -> Node:
    token = c.tokens[c.at]
    c.at += 1
    if c.style and c.style not in UPRIGHT:
        return Name(c.since(c.at - 1), token.text, c.style)
    text = token.text.replace("{,}", "")
    nxt = c.peek()
    if nxt is not None and nxt.kind == "name" and nxt.text in ("\\%", "%"):
        c.at += 1
        text += "%"
    return Number(c.since(c.at - (2 if text.endswith("%") else 1)), text)


def _read_name(c: Cursor) -> Node:
    token = c.tokens[c.at]
    c.at += 1
    return Name(c.since(c.at - 1), token.value, c.style, (), token.value.isascii() and len(token.value) > 1)


def _read_group(c: Cursor) -> Node:
    token = c.tokens[c.at]
    if token.mate is None:
        return c.skip_unread(c.at + 1, "a brace without its partner")
    first = c.at
    if c.kind(1) == "switch" and c.tokens[first + 1].value in UPRIGHT:
        name = _spell(c.tokens[first + 2 : token.mate.index])
        if name in SPELLED or name in PLAIN_BIG:
            # `{\\rm tr}(A)`: the argument stands behind the group
            c.at = token.jump
            if name in PLAIN_BIG:
                return finish_big(c, first, name, None, None)
            if name not in FENCED_ONLY or c.kind() in ("open", "left"):
                return finish_function(c, first, name, False)
            c.at = first
    return c.argument(c.in_script)


def _read_font(c: Cursor) -> Node:
    token = c.tokens[c.at]
    c.at += 1
    saved, c.style = c.style, token.value
    node = c.argument(c.in_script)
    c.style = saved
    return node


def _read_upright(c: Cursor) -> Node:
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
    text = _spell(inner)
    if not text or (text.isdigit() and style != "operatorname"):
        saved, c.style = c.style, "" if text.isdigit() else style
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


def _spell(tokens: list[Token]) -> str:
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


def _read_switch(c: Cursor) -> Node:
    """`{\\bf x}`: the rest of the group is in this style."""
    style = c.tokens[c.at].value
    first = c.at
    c.at += 1
    c.style = style
    stop = c.end
    if style in UPRIGHT:
        text = _spell(c.tokens[c.at : stop])
        if text and not text.isdigit():
            c.at = stop
            return Name(c.since(first), text, style)
    return c.empty() if c.at >= c.end else c.grammar.factor(c)


def _read_accent(c: Cursor) -> Node:
    first = c.at
    accent = c.tokens[first].value
    c.at += 1
    node = c.argument(c.in_script)
    if isinstance(node, Name):
        return replace(node, span=c.since(first), accents=(*node.accents, accent))
    return Annotated(c.since(first), accent, node, None)


def _read_annotation(c: Cursor) -> Node:
    """`\\underbrace{body}_{note}`, `\\boxed{body}`, `\\cancel{body}`."""
    first = c.at
    kind = c.tokens[first].value
    c.at += 1
    note = c.argument() if kind == "cancelto" else None
    if kind in ("underbracket", "overbracket") and c.kind() == "open" and c.tokens[c.at].value == "[":
        c.at = c.tokens[c.at].jump
    body = c.argument()
    braces = kind in ("underbrace", "overbrace", "underbracket", "overbracket")
    if braces and c.kind() == ("_" if kind.startswith("under") else "^"):
        c.at += 1
        note = c.argument()
    return Annotated(c.since(first), kind, body, note)


def _read_stack(c: Cursor) -> Node:
    """`\\overset{note}{body}` over something that is no relation sign: limits of an operator, or a note."""
    first = c.at
    kind = c.tokens[first].value
    c.at += 1
    note = c.argument()
    begin = c.at
    braced = c.kind() == "{"
    stop = c.tokens[begin].jump if begin < c.end else begin
    at = begin + braced
    if at < c.end and c.tokens[at].kind in ("big", "arg", "operatorname", "upright", "stack"):
        end, c.end = c.end, stop - braced
        c.at = at
        name, sub, sup = _read_stacked_operator(c)
        done = c.at >= c.end
        c.end = end
        if name and done:
            c.at = stop
            if kind == "underset":
                sub = note
            else:
                sup = note
            return finish_big(c, first, name, sub, sup)
        c.at = begin
    body = c.argument()
    return Annotated(c.since(first), kind, body, note)


def _read_stacked_operator(c: Cursor) -> tuple[str, Node | None, Node | None]:
    kind = c.kind()
    if kind in ("big", "arg"):
        return read_operator_name(c), None, None
    if kind == "stack":
        kind = c.tokens[c.at].value
        c.at += 1
        note = c.argument()
        braced = c.kind() == "{"
        stop = c.tokens[c.at].jump if c.at < c.end else c.at
        c.at += braced
        name, sub, sup = "", None, None
        if c.kind() in ("big", "arg"):
            name = read_operator_name(c)
        c.at = stop
        return (name, note, sup) if kind == "underset" else (name, sub, note)
    stop = c.end
    inner = [t for t in c.tokens[c.at + 1 : stop] if t.kind not in ("{", "}") and t.value != "*"]
    text = _spell(inner).replace(" ", "")
    c.at = stop
    return (text if text in PLAIN_BIG else ""), None, None


def _read_fraction(c: Cursor) -> Node:
    first = c.at
    kind = c.tokens[first].value
    c.at += 1
    if c.kind() == "open" and c.tokens[c.at].value == "[" and c.tokens[c.at].mate is not None:
        c.at = c.tokens[c.at].jump
    upper = c.argument()
    lower = c.argument()
    span = c.since(first)
    return Fraction(span, upper, lower) if kind == "frac" else Binomial(span, upper, lower)


def _read_root(c: Cursor) -> Node:
    first = c.at
    surd = c.tokens[first].value == "surd"
    c.at += 1
    degree: Node | None = None
    token = c.peek()
    if not surd and token is not None and token.kind == "open" and token.value == "[" and token.mate is not None:
        stop = token.mate.index
        c.at += 1
        degree = c.inside(stop)
        c.at = stop + 1
    radicand = c.argument()
    if surd and isinstance(radicand, Fenced):
        radicand = radicand.body
    return Root(c.since(first), radicand, degree)


def _read_function(c: Cursor) -> Node:
    first = c.at
    name = c.tokens[first].value
    c.at += 1
    if name in FENCED_ONLY:
        after = c.at
        while after < c.end and c.tokens[after].kind in ("_", "^"):
            after = c.tokens[after + 1].jump if after + 1 < c.end else c.end
        if after >= c.end or c.tokens[after].kind not in ("open", "left"):
            if name == "Pr" or after >= c.end:
                return Name(c.since(first), name, "", (), True)
    return finish_function(c, first, {"Tr": "tr", "trace": "tr"}.get(name, name), True)


def _read_ellipsis(c: Cursor) -> Node:
    c.at += 1
    return Ellipsis(c.since(c.at - 1), c.tokens[c.at - 1].value)


def _read_text(c: Cursor) -> Node:
    first = c.at
    token = c.tokens[first]
    c.at += 1
    word = token.value.strip()
    if (word in SPELLED or word in PLAIN_BIG) and c.at < c.end and c.kind() in ("open", "left", "_", "letter", "name", "big"):
        if word in PLAIN_BIG:
            return finish_big(c, first, word, None, None)
        return finish_function(c, first, {"Tr": "tr", "trace": "tr"}.get(word, word), False)
    return Text(c.since(first), token.value, True)


def _read_nothing(c: Cursor) -> Node:
    """A script without a base."""
    return c.empty()


def _read_pmod(c: Cursor) -> Node:
    first = c.at
    c.at += 1
    modulus = c.argument()
    return Annotated(c.since(first), "pmod", Empty(c.place(first)), modulus)


def _read_evaluation(c: Cursor) -> Node:
    """A bar with nothing before it that it could evaluate."""
    return c.skip_unread(c.at + 1, "a bar with nothing to evaluate before it")


def _read_stop(c: Cursor) -> Node:
    """A full stop where an operand could stand: a placeholder as in `f(.)`, the end of a sentence, or not understood."""
    first = c.at
    c.at += 1
    if c.at >= c.end or c.kind() in ("quad", "text", "row", "sep", "tag"):
        before = c.tokens[first - 1].kind if first else ""
        return Name(c.since(first), "cdot", "", (), True) if before in ("open", "left", "sep") else c.empty()
    return c.unread(first, c.at, "a full stop inside a formula")


def _read_quantifier(c: Cursor) -> Node:
    c.at += 1
    return Text(c.since(c.at - 1), "∀")


def _read_tag(c: Cursor) -> Node:
    c.at += 1
    return c.empty()


def _read_unknown(c: Cursor) -> Node:
    """A command that no table knows, with the arguments in braces that follow it."""
    first = c.at
    c.at += 1
    if not c.tokens[first].value.isalpha():
        return c.unread(first, c.at, f"unknown command {c.tokens[first].text}")
    while c.kind() == "{" and c.tokens[c.at].mate is not None:
        c.at = c.tokens[c.at].jump
    return c.unread(first, c.at, f"unknown command {c.tokens[first].text}")


def _read_bad(c: Cursor) -> Node:
    c.at += 1
    return c.unread(c.at - 1, c.at, c.tokens[c.at - 1].value)


def _read_begin(c: Cursor) -> Node:
    token = c.tokens[c.at]
    if token.mate is None or token.value not in ENVIRONMENTS:
        stop = token.jump
        return c.skip_unread(stop, f"unknown environment {token.value}")
    return read_environment(c)


def _read_open(c: Cursor) -> Node:
    first = c.at
    node = read_fenced(c)
    if c.tokens[first].kind == "left" and isinstance(node, Fenced) and node.right == "|" and node.left == ".":
        if c.kind() in ("_", "^"):
            sub, sup, _ = read_limits(c)
            return At(c.since(first), node.body, sub, sup)
    return node


def _read_bang(c: Cursor) -> Node:
    return c.skip_unread(c.at + 1, "a factorial of nothing")


def _read_arg(c: Cursor) -> Node:
    if c.kind(1) == "big" and c.tokens[c.at + 1].value in ("max", "min", "sup", "inf"):
        return read_big(c)
    c.at += 1
    return finish_function(c, c.at - 1, "arg", True)


_REASONS = {
    "stray": "a delimiter without its partner",
    "close": "a delimiter without its partner",
    "right": "a delimiter without its partner",
    "}": "a brace without its partner",
    "end": "an environment that was not begun",
    "not": "a negation of nothing",
    "infix": "a fraction of nothing",
}

_HANDLERS: dict[str, Callable[[Cursor], Node]] = {
    "letter": _read_letters,
    "number": _read_number,
    "name": _read_name,
    "{": _read_group,
    "open": _read_open,
    "left": _read_open,
    "big": read_big,
    "arg": _read_arg,
    "function": _read_function,
    "fraction": _read_fraction,
    "root": _read_root,
    "font": _read_font,
    "upright": _read_upright,
    "operatorname": _read_upright,
    "switch": _read_switch,
    "accent": _read_accent,
    "annotation": _read_annotation,
    "stack": _read_stack,
    "ellipsis": _read_ellipsis,
    "text": _read_text,
    "begin": _read_begin,
    "_": _read_nothing,
    "^": _read_nothing,
    "'": _read_nothing,
    "eval": _read_evaluation,
    "bang": _read_bang,
    "stop": _read_stop,
    "quantifier": _read_quantifier,
    "substack": read_substack,
    "pmod": _read_pmod,
    "unknown": _read_unknown,
    "bad": _read_bad,
    "tag": _read_tag,
}


__all__ = ["Script", "read_operand"]
