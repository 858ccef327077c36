"""Scripts, primes, factorials and evaluation bars behind an operand."""

from __future__ import annotations

from derive.notation.cursor import MAX_WRAPS, Cursor
from derive.notation.tree import At, Empty, Name, Node, Postfix, Product, Script


def read_scripts(c: Cursor, base: Node, first: int) -> Node:
    """The operand with everything that hangs on it. A second subscript hangs on the operand with its first."""
    node = base
    wraps = 0
    while (token := c.peek()) is not None:
        kind = token.kind
        if kind in ("_", "^", "'"):
            node = _read_script(c, node, first)
        elif kind == "bang":
            run = 1
            c.at += 1
            if c.kind() == "bang" and not c.tokens[c.at].gap:
                run = 2
                c.at += 1
            node = Postfix(c.since(first), node, "!" * run)
        else:
            break
        wraps += 1
        if wraps > MAX_WRAPS:
            stop = c.at
            while stop < c.end and c.tokens[stop].kind in ("_", "^", "'", "bang", "eval"):
                stop = c.tokens[min(stop + 1, c.end - 1)].jump
            node = Product(c.since(first), (node, c.skip_unread(min(stop, c.end), "too many scripts")), ("",))
            break
    return node


def read_evaluation(c: Cursor, body: Node, first: int) -> Node:
    """A body that began at `first` with the evaluation bar that follows it."""
    c.at += 1
    sub, sup, _ = read_limits(c)
    return At(c.since(first), body, sub, sup)


def _read_script(c: Cursor, base: Node, first: int) -> Node:
    sub, sup, primes = read_limits(c)
    return Script(c.since(first), None if isinstance(base, Empty) else base, sub, sup, primes)


def read_limits(c: Cursor) -> tuple[Node | None, Node | None, int]:
    """One subscript, one superscript and primes, in any order."""
    sub: Node | None = None
    sup: Node | None = None
    primes = 0
    while (token := c.peek()) is not None:
        if token.kind == "'":
            if sup is not None:
                break
            primes += 1
            c.at += 1
        elif token.kind == "_" and sub is None:
            c.at += 1
            sub = c.argument(script=True)
        elif token.kind == "^" and sup is None:
            c.at += 1
            node = c.argument(script=True)
            count = _count_primes(node)
            if count:
                primes += count
            else:
                sup = node
        else:
            break
    return sub, sup, primes


def _count_primes(node: Node) -> int:
    """How many primes a superscript holds and nothing else (`f^{\\prime\\prime}`), or 0."""
    if isinstance(node, Script) and node.base is None and node.sub is None and node.sup is None:
        return node.primes
    factors = node.factors if isinstance(node, Product) else (node,)
    if all(isinstance(f, Name) and f.letters == "prime" and f.command and not f.accents for f in factors):
        return len(factors)
    return 0
