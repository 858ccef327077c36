"""Big operators: their names however they are written, their limits, and how far their bodies reach."""

from __future__ import annotations

from derive.notation.commands.operators import INTEGRALS, LIKE_FUNCTIONS
from derive.notation.cursor import Cursor
from derive.notation.rows import SIGN_KINDS
from derive.notation.scripts import read_limits
from derive.notation.tree import BigOperator, Empty, Function, Name, Node, Product, Script

_STOPS = SIGN_KINDS | {"sep", "row", "amp", "tag", "quad", "text"}
_LETTERS = frozenset({"letter", "name", "font", "upright", "accent", "switch"})


def read_operator_name(c: Cursor) -> str:
    """Step over `\\arg\\max` or `\\arg` and a bare `max`, and say its name."""
    token = c.tokens[c.at]
    c.at += 1
    if token.kind == "big":
        return token.value
    if c.kind() == "big" and c.tokens[c.at].value in ("max", "min", "sup", "inf"):
        c.at += 1
        return "arg" + c.tokens[c.at - 1].value
    return "arg"


def read_big(c: Cursor) -> Node:
    """A big operator, its limits and its body."""
    first = c.at
    name = read_operator_name(c)
    return finish_big(c, first, name, None, None)


def finish_big(c: Cursor, first: int, name: str, sub: Node | None, sup: Node | None) -> Node:
    """The limits (where they are not known yet) and the body of a big operator that began at `first`."""
    more_sub, more_sup, _ = read_limits(c)
    sub = sub if sub is not None else more_sub
    sup = sup if sup is not None else more_sup
    token = c.peek()
    if name in LIKE_FUNCTIONS and sub is None:
        if token is not None and token.kind in ("open", "left"):
            return Function(c.since(first), name, None, sup, c.grammar.factor(c)) if c.at < c.end else c.empty()
        if token is None or token.kind in _STOPS or token.kind in ("add", "mul", "stop"):
            return _scripted(Name(c.since(first), name, "", (), True), sub, sup)
    if name in INTEGRALS:
        body = _read_integrand(c)
    else:
        body = c.grammar.term(c)
    return BigOperator(c.since(first), name, sub, sup, body)


def _scripted(name: Name, sub: Node | None, sup: Node | None) -> Node:
    return name if sub is None and sup is None else Script(name.span, name, sub, sup)


def _read_integrand(c: Cursor) -> Node:
    found = _find_differential(c)
    first = c.at
    if found is None or found == first:
        c.integrals += 1
        body = c.grammar.term(c)
        c.integrals -= 1
        return body
    end, c.end = c.end, found
    before = c.inside(found)
    c.end = end
    c.at = found
    factors = list(before.factors) if isinstance(before, Product) else [before]
    operators = list(before.operators) if isinstance(before, Product) else []
    if len(factors) > 1 and operators[-1] and isinstance(factors[-1], Empty):
        factors.pop()  # `F \\cdot dr`
        joined = [operators.pop(), ""]
    else:
        joined = ["", ""]
    while (length := differential_at(c, c.at)) > 0:
        d_first = c.at
        d = _read_d(c, length)
        if c.kind() == c.kind(1) == "letter":
            c.tokens[c.at + 1].gap = True  # `dxdy` is no word
        factors += [d, c.grammar.factor(c)]
        operators += joined
        joined = ["", ""]
        assert c.at > d_first
    if isinstance(before, Empty):
        factors, operators = factors[1:], operators[1:]
    return Product(c.since(first), tuple(factors), tuple(operators))


def _read_d(c: Cursor, length: int) -> Node:
    """The `d` of a differential, which is `length` tokens long."""
    saved = c.end
    c.end = c.at + length
    first = c.at
    token = c.tokens[c.at]
    if token.kind == "letter":
        c.at += 1
        d: Node = Name(c.since(first), "d", c.style)
        if c.kind() in ("_", "^"):
            sub, sup, primes = read_limits(c)
            d = Script(c.since(first), d, sub, sup, primes)
    else:
        d = c.grammar.factor(c)
    c.at = first + length
    c.end = saved
    return d


def differential_at(c: Cursor, k: int) -> int:
    """How many tokens the `d` of a differential takes that begins at token `k`; 0 where none does."""
    tokens, end = c.tokens, c.end
    if k >= end:
        return 0
    token = tokens[k]
    length = 0
    if token.kind == "letter" and token.value == "d":
        length = 1
        if k + 2 < end and tokens[k + 1].kind == "^":
            length = tokens[k + 2].jump - k
    elif token.kind in ("upright", "font", "operatorname") and k + 2 < end:
        if tokens[k + 1].kind == "{" and tokens[k + 2].value == "d" and tokens[k + 1].jump == k + 4:
            length = 4
        elif tokens[k + 1].value == "d" and tokens[k + 1].kind == "letter":
            length = 2
        if length and k + length + 1 < end and tokens[k + length].kind == "^":
            length = tokens[k + length + 1].jump - k
    elif token.kind == "{" and token.jump == k + 4 and tokens[k + 1].kind == "switch" and tokens[k + 2].value == "d":
        length = 4
    elif (token.kind == "text" and token.value.strip() == "d") or (token.kind == "name" and token.value == "mathrmd"):
        length = 1
    if not length or k + length >= end or tokens[k + length].kind not in _LETTERS:
        return 0
    return length


def _find_differential(c: Cursor) -> int | None:
    """The token where the differential of an integral begins whose integrand begins here; None if it has none."""
    tokens, end = c.tokens, c.end
    inner = 0
    k = c.at
    after = -1
    while k < end:
        token = tokens[k]
        kind = token.kind
        if kind in _STOPS and not (kind == "text" and token.value.strip() == "d"):
            return None
        if kind == "big" and token.value in INTEGRALS:
            inner += 1
        elif kind == "fraction" and _has_differential(c, k + 1):
            if not inner:
                return None
            inner -= 1
        elif kind in ("_", "^"):
            k += 1
            k = tokens[k].jump if k < end else k
            continue
        elif k != after and (length := differential_at(c, k)) and not _is_factor_d(c, k):
            if not inner:
                return k
            inner -= 1
            after = k + length
            k = after
            continue
        k = token.jump
    return None


def _is_factor_d(c: Cursor, k: int) -> bool:
    """Whether the `d` at `k` opens a longer word (`data`) instead of a differential."""
    tokens = c.tokens
    if tokens[k].kind != "letter":
        return False
    run = k
    while run < c.end and tokens[run].kind == "letter" and (run == k or not tokens[run].gap):
        run += 1
    before = k > c.at and tokens[k - 1].kind == "letter" and not tokens[k].gap
    letters = "".join(t.value for t in tokens[k:run])
    pairs = all(letters[i] == "d" for i in range(0, len(letters) - len(letters) % 2, 2))
    return not pairs or (before and len(letters) > 2)


def _has_differential(c: Cursor, k: int) -> bool:
    tokens = c.tokens
    if k >= c.end or tokens[k].kind != "{":
        return False
    return any(differential_at(c, j) for j in range(k + 1, min(tokens[k].jump - 1, k + 12)))
