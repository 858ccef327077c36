"""One operand: the kind of the next token decides which way it is read."""

from __future__ import annotations

from collections.abc import Callable

from derive.notation.bigoperators import finish_big, read_big
from derive.notation.commands import ENVIRONMENTS
from derive.notation.commands.fonts import UPRIGHT
from derive.notation.commands.functions import FENCED_ONLY, SPELLED
from derive.notation.commands.operators import PLAIN_BIG
from derive.notation.cursor import MAX_DEPTH, Cursor
from derive.notation.environments import read_environment, read_fenced, read_substack
from derive.notation.functions import finish_function
from derive.notation.names import (
    read_accent,
    read_font,
    read_letters,
    read_name,
    read_number,
    read_switch,
    read_upright,
    spell,
)
from derive.notation.scripts import read_limits
from derive.notation.stacks import read_annotation, read_stack
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
    Root,
    Text,
)

_AFTER_FUNCTION = frozenset({"open", "left", "_", "letter", "name", "big"})


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


def _read_group(c: Cursor) -> Node:
    token = c.tokens[c.at]
    if token.mate is None:
        return c.skip_unread(c.at + 1, "a brace without its partner")
    first = c.at
    if c.kind(1) == "switch" and c.tokens[first + 1].value in UPRIGHT:
        name = spell(c.tokens[first + 2 : token.mate.index])
        if name in SPELLED or name in PLAIN_BIG:
            # `{\\rm tr}(A)`: the argument stands behind the group
            c.at = token.jump
            if name in PLAIN_BIG:
                return finish_big(c, first, name, None, None)
            if name not in FENCED_ONLY or c.kind() in ("open", "left"):
                return finish_function(c, first, name, False)
            c.at = first
    return c.argument(c.in_script)


def _read_fraction(c: Cursor) -> Node:
    first = c.at
    kind = c.tokens[first].value
    c.at += 1
    if c.tokens[first].text == "\\cfrac" and c.kind() == "open" and c.tokens[c.at].value == "[":
        sets = c.tokens[c.at]  # `\\cfrac[l]{a}{b}` sets its numerator to the left
        if sets.mate is not None and sets.mate.index == sets.index + 2 and c.tokens[c.at + 1].text in "lcr":
            c.at = sets.jump
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
        fenced = after < c.end and c.tokens[after].kind in ("open", "left")
        if not fenced and (name == "Pr" or after >= c.end):
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
    if (word in SPELLED or word in PLAIN_BIG) and c.kind() in _AFTER_FUNCTION:
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
    """A full stop where an operand could stand: a placeholder (`f(.)`), the end of a sentence, or not understood."""
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
    bar = isinstance(node, Fenced) and (node.left, node.right) == (".", "|")
    if bar and c.tokens[first].kind == "left" and c.kind() in ("_", "^"):
        sub, sup, _ = read_limits(c)
        assert isinstance(node, Fenced)
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
    "letter": read_letters,
    "number": read_number,
    "name": read_name,
    "{": _read_group,
    "open": _read_open,
    "left": _read_open,
    "big": read_big,
    "arg": _read_arg,
    "function": _read_function,
    "fraction": _read_fraction,
    "root": _read_root,
    "font": read_font,
    "upright": read_upright,
    "operatorname": read_upright,
    "switch": read_switch,
    "accent": read_accent,
    "annotation": read_annotation,
    "stack": read_stack,
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
