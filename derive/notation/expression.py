"""Expressions: lists of chains of sums of products, from the outside in."""

from __future__ import annotations

from derive.notation.cursor import MAX_DEPTH, MAX_WRAPS, Cursor
from derive.notation.operand import read_operand
from derive.notation.rows import SIGN_KINDS
from derive.notation.scripts import read_evaluation, read_scripts
from derive.notation.signs import read_sign
from derive.notation.tokens import Token
from derive.notation.tree import (
    Binomial,
    Chain,
    Fraction,
    List,
    Name,
    Node,
    Number,
    Product,
    Script,
    Sign,
    Sum,
    Text,
)

_ENDS = SIGN_KINDS | {"sep", "row", "amp", "add", "tag", "implies"}
_LONE = frozenset({"add", "mul", "bang"})


def read_whole(c: Cursor, stop: int) -> Node:
    """Everything from here to `stop` as one node: a List where separators or prose part it."""
    first = c.at
    tokens = c.tokens
    if stop <= first:
        return c.empty()
    if c.in_script and (lone := _lone_marks(c, stop)) is not None:
        return lone
    separators: list[int] = []
    signs: list[int] = []
    infix = -1
    k = first
    while k < stop:
        token = tokens[k]
        kind = token.kind
        if kind in ("_", "^"):
            k += 1
            k = tokens[k].jump if k < stop else k
            continue
        if kind == "sep" or (kind == "text" and is_prose(c, k, first, stop)):
            separators.append(k)
        elif kind in SIGN_KINDS:
            signs.append(k)
        elif kind == "infix" and infix < 0:
            infix = k
        k = token.jump
    if infix >= 0:
        return _read_infix(c, infix, stop)
    if not separators:
        return read_chain(c, stop)
    return _read_list(c, separators, signs, stop)


def _lone_marks(c: Cursor, stop: int) -> Node | None:
    tokens = c.tokens
    if stop - c.at == 1 and tokens[c.at].kind == "sep" and tokens[c.at].value in ("|", "||"):
        c.at = stop
        return Name(c.span(stop - 1, stop), tokens[stop - 1].value)
    if stop - c.at > 4 or any(tokens[k].kind not in _LONE for k in range(c.at, stop)):
        return None
    first = c.at
    value = "".join(token.value for token in tokens[first:stop])
    if "\\" in value and stop - first > 1:
        marks = tuple(c.mark(token) for token in tokens[first:stop])
        c.at = stop
        return Product(c.span(first, stop), marks, ("",) * (len(marks) - 1))
    c.at = stop
    command = value.startswith("\\")
    return Name(c.span(first, stop), value.lstrip("\\"), "", (), command)


def _read_infix(c: Cursor, infix: int, stop: int) -> Node:
    first = c.at
    kind = c.tokens[infix].value
    upper = c.inside(infix)
    c.at = infix + 1
    lower = c.inside(stop)
    span = c.span(first, stop)
    return Fraction(span, upper, lower) if kind == "over" else Binomial(span, upper, lower)


def _read_list(c: Cursor, separators: list[int], signs: list[int], stop: int) -> Node:
    """Items between separators. A run that begins with an ellipsis goes on with the item before it:
    `i = 1, \\ldots, n` is a relation whose right side is a list."""
    first = c.at
    tokens = c.tokens
    bounds: list[tuple[int, int, str, Token | None]] = []
    start = first
    for k in [*separators, stop]:
        token = tokens[k] if k < stop else None
        bounds.append((start, k, "" if token is None or token.kind == "text" else token.value, token))
        start = k + 1
    signed = set(signs)

    def has_sign(piece: int) -> bool:
        return any(bounds[piece][0] <= k < bounds[piece][1] for k in signed) if signed else False

    pieces: list[Node] = []
    marks: list[str] = []
    k = 0
    quick = not signs
    while k < len(bounds):
        begin, end, mark, token = bounds[k]
        last = k
        if not quick and mark == "," and has_sign(k):
            run = k + 1
            while run < len(bounds) and bounds[run - 1][2] == "," and not has_sign(run):
                run += 1
            dotted = [j for j in range(k + 1, run) if _is_ellipsis(tokens, bounds[j])]
            # the run is the rest of an enumeration: dots in it, and a value (or nothing more) at its end
            if dotted and (dotted[-1] < run - 1 or run == len(bounds)):
                last = run - 1
                end, mark, token = bounds[last][1:]
        c.at = begin
        prose = token is not None and token.kind == "text"
        earlier = bounds[k - 1][3] if k else None
        if begin < end or not (prose or (earlier is not None and earlier.kind == "text")):
            saved, c.end = c.end, end
            pieces.append(read_chain(c, end))
            c.end = saved
            if prose or token is not None:
                marks.append(mark)
        elif token is not None and not prose and marks:
            marks[-1] = marks[-1] or mark
        if prose and token is not None:
            pieces.append(Text(c.span(token.index, token.index + 1), token.value))
            marks.append("")
        k = last + 1
    marks = marks[: len(pieces) - 1]
    c.at = stop
    if len(pieces) == 1:
        return pieces[0]
    return List(c.span(first, stop), tuple(pieces), tuple(marks))


def _is_ellipsis(tokens: list[Token], bound: tuple[int, int, str, Token | None]) -> bool:
    return bound[0] < bound[1] and tokens[bound[0]].kind == "ellipsis"


def is_prose(c: Cursor, k: int, first: int, stop: int) -> bool:
    """Whether the text at `k`, between tokens `first` and `stop`, is prose and not an identifier."""
    from derive.notation.prose import is_name

    before = c.tokens[k - 1] if k > first else None
    after = c.tokens[k + 1] if k + 1 < stop else None
    return not is_name(c.tokens[k], before, after, c.in_script)


def read_chain(c: Cursor, stop: int) -> Node:
    """Operands and the signs between them up to `stop`; the operand itself where there is no sign."""
    first = c.at
    operands = [read_items(c)]
    signs: list[Sign] = []
    while c.at < stop and c.tokens[c.at].kind in SIGN_KINDS:
        signs.append(read_sign(c))
        operands.append(read_items(c))
    if c.at < stop:
        # nothing the grammar foresees stops here: name what is left
        operands[-1] = Product(c.span(first, stop), (operands[-1], c.skip_unread(stop, "cannot stand here")), ("",))
    if not signs:
        return operands[0]
    return Chain(c.span(first, c.at), tuple(operands), tuple(signs))


def read_items(c: Cursor) -> Node:
    """An operand of a chain, which may be a list: `1, \\ldots, n`, `x \\mid y`."""
    first = c.at
    items = [read_sum(c)]
    marks: list[str] = []
    while (token := c.peek()) is not None and token.kind == "sep":
        c.at += 1
        ahead = 0
        while c.kind(ahead) == "quad":
            ahead += 1
        if token.value in ",;" and c.depth == 0 and c.kind(ahead) in SIGN_KINDS:
            c.at += ahead
            break  # a comma before the relation that goes on is punctuation
        marks.append(token.value)
        items.append(read_sum(c))
    return items[0] if not marks else List(c.since(first), tuple(items), tuple(marks))


def read_sum(c: Cursor) -> Node:
    """Terms with their signs, up to the next relation, separator or end."""
    first = c.at
    token = c.peek()
    signs = [""]
    if token is not None and token.kind == "add":
        signs[0] = token.value
        c.at += 1
        if c.at >= c.end and len(signs[0]) and first == c.at - 1 and c.depth:
            return c.mark(token)
    terms = [read_term(c)]
    while (token := c.peek()) is not None and token.kind == "add":
        signs.append(token.value)
        c.at += 1
        terms.append(read_term(c))
    if len(terms) == 1 and not signs[0]:
        return terms[0]
    return Sum(c.since(first), tuple(terms), tuple(signs))


def read_term(c: Cursor) -> Node:
    """A product, with the signs that stand before it."""
    first = c.at
    marks: list[Token] = []
    while (token := c.peek()) is not None and (token.kind == "add" or (token.kind == "quad" and c.kind(1) == "add")):
        if token.kind == "add":
            marks.append(token)
        c.at += 1
        if len(marks) > MAX_WRAPS:
            return c.skip_unread(c.end, "too many signs in a row")
    node = read_product(c)
    for mark in reversed(marks):
        node = Sum(c.span(mark.index, c.at), (node,), (mark.value,))
    assert first <= c.at
    return node


def read_product(c: Cursor) -> Node:
    """Factors, up to the next sign of a sum, relation, separator or end."""
    first = c.at
    if c.depth >= MAX_DEPTH and c.at < c.end:
        return c.skip_unread(c.end, "nested too deeply")
    c.depth += 1
    factors: list[Node] = []
    operators: list[str] = []
    pending: Token | None = None
    while (token := c.peek()) is not None:
        kind = token.kind
        if kind in _ENDS:
            if kind == "add" and pending is not None:
                operators.append(pending.value)
                pending = None
                factors.append(_read_signed_factor(c))
                continue
            break
        if kind == "quad":
            c.at += 1
            continue
        if kind == "eval" and factors and pending is None:
            # an evaluation bar takes everything that stands before it in its product
            whole = factors[0] if len(factors) == 1 else Product(c.since(first), tuple(factors), tuple(operators))
            factors, operators = [read_evaluation(c, whole, first)], []
            continue
        if kind == "stop" and _is_layout_stop(c, factors):
            c.at += 1
            continue
        if (
            kind == "stop"
            and factors
            and pending is None
            and (not c.tokens[c.at + 1].gap or (isinstance(factors[-1], Number) and not token.gap))
        ):
            c.at += 1
            pending = token
            continue
        if kind == "mul":
            c.at += 1
            if c.in_script and token.value in ("\\bullet", "\\star"):
                _join(factors, operators, c.mark(token), pending)
                pending = None
                continue
            if pending is not None or not factors:
                after = c.kind()
                if (token.value in ("*", "\\ast", "\\star") and c.in_script) or (not after or after in _ENDS):
                    _join(factors, operators, c.mark(token), pending)
                    pending = None
                    continue
                _join(factors, operators, c.empty(), pending)
            pending = token
            if len(factors) > 0 and c.at >= c.end and c.in_script:
                pending = None
                _join(factors, operators, c.mark(token), None)
            continue
        before = c.at
        factor = read_factor(c)
        if c.at <= before:
            factor = c.skip_unread(before + 1, "cannot stand here")
        _join(factors, operators, factor, pending)
        pending = None
    if pending is not None:
        _join(factors, operators, c.empty(), pending)
    c.depth -= 1
    _set_raised_fractions(factors, operators)
    if not factors:
        return c.empty()
    if len(factors) == 1:
        return factors[0]
    return Product(c.since(first), tuple(factors), tuple(operators))


def _set_raised_fractions(factors: list[Node], operators: list[str]) -> None:
    """`{}^{a}/{}_{b}`, a fraction set with a raised numerator and a lowered denominator, as a Fraction."""
    k = len(factors) - 2
    while k >= 0:
        upper, lower = factors[k], factors[k + 1]
        if operators[k] == "/" and isinstance(upper, Script) and isinstance(lower, Script):
            raised = upper.base is None and upper.sub is None and not upper.primes
            lowered = lower.base is None and lower.sup is None and not lower.primes
            if raised and lowered and upper.sup is not None and lower.sub is not None:
                factors[k : k + 2] = [Fraction(upper.span.cover(lower.span), upper.sup, lower.sub)]
                del operators[k]
        k -= 1


def _is_layout_stop(c: Cursor, factors: list[Node]) -> bool:
    """Whether a full stop ends a sentence."""
    after = c.kind(1)
    return bool(factors) and (not after or after in _ENDS or after in ("quad", "text"))


def _join(factors: list[Node], operators: list[str], factor: Node, pending: Token | None) -> None:
    if factors:
        operators.append(pending.value if pending is not None else "")
    factors.append(factor)


def _read_signed_factor(c: Cursor) -> Node:
    first = c.at
    marks: list[Token] = []
    while (token := c.peek()) is not None and token.kind == "add" and len(marks) < MAX_WRAPS:
        marks.append(token)
        c.at += 1
    node = c.empty() if c.at >= c.end or c.kind() in _ENDS or c.kind() == "mul" else read_factor(c)
    for mark in reversed(marks):
        node = Sum(c.span(mark.index, c.at), (node,), (mark.value,))
    assert first < c.at
    return node


def read_factor(c: Cursor) -> Node:
    """One operand with its scripts, primes and factorials."""
    first = c.at
    return read_scripts(c, read_operand(c), first)


class Reading:
    """The grammar as the files of the parser see it."""

    whole = staticmethod(read_whole)
    term = staticmethod(read_term)
    operand = staticmethod(read_operand)
    factor = staticmethod(read_factor)
