"""Named functions: the scripts on the name, and what their argument is."""

from __future__ import annotations

from derive.notation.commands.command import words
from derive.notation.commands.functions import BARE, SPELLED
from derive.notation.cursor import MAX_DEPTH, Cursor
from derive.notation.rows import SIGN_KINDS
from derive.notation.scripts import read_limits
from derive.notation.tree import Function, Name, Node, Product, Script

_STOPS = SIGN_KINDS | words("sep row amp add mul tag quad stop eval bang function text")


def finish_function(c: Cursor, first: int, name: str, command: bool) -> Node:
    """A function whose name was just read: the name alone where no argument follows."""
    named = c.at
    sub, sup, primes = read_limits(c)
    if primes:
        c.at = named
        return Name(c.since(first), name, "", (), command)
    token = c.peek()
    if name == "sqrt" and token is not None and token.kind not in ("open", "left", "{"):
        argument: Node = c.grammar.factor(c)
    elif token is not None and token.value == "-" and c.at + 1 < c.end and not c.tokens[c.at + 1].gap:
        argument = c.grammar.term(c) if c.depth < MAX_DEPTH else c.skip_unread(c.end, "nested too deeply")
    elif token is None or (token.kind in _STOPS and token.kind not in ("function", "text")):
        style = "" if command else "operatorname"
        base = Name(c.span(first, named), name, style, (), command)
        return base if sub is None and sup is None else Script(c.since(first), base, sub, sup)
    elif token.kind in ("open", "left") or (token.kind == "{" and c.kind(1) != "switch"):
        argument = c.grammar.factor(c)  # braces after a name hold its argument, as those of a command do
    else:
        argument = _read_factors(c)
    return Function(c.since(first), name, sub, sup, argument)


def _read_factors(c: Cursor) -> Node:
    """Factors up to the next function, sign or operator; a function that comes first is the argument."""
    first = c.at
    if c.kind() == "function" or c.depth >= MAX_DEPTH:
        return c.grammar.factor(c)
    factors = [c.grammar.factor(c)]
    while (token := c.peek()) is not None and token.kind not in _STOPS and not _is_upright_function(c):
        before = c.at
        factors.append(c.grammar.factor(c))
        if c.at <= before:
            factors.append(c.skip_unread(before + 1, "cannot stand here"))
    if len(factors) == 1:
        return factors[0]
    return Product(c.since(first), tuple(factors), ("",) * (len(factors) - 1))


def _is_upright_function(c: Cursor) -> bool:
    """Whether a function spelled in bare or upright letters begins here."""
    token = c.tokens[c.at]
    k = c.at
    if token.kind == "letter":
        while k < c.end and c.tokens[k].kind == "letter" and (k == c.at or not c.tokens[k].gap):
            k += 1
        return "".join(t.value for t in c.tokens[c.at : k]) in BARE
    if token.kind in ("upright", "operatorname") and c.kind(1) == "{":
        inner = c.tokens[c.at + 2 : c.tokens[c.at + 1].jump - 1]
        return "".join(t.value for t in inner) in SPELLED
    return False
