"""Equations that only state: definitions, values of unknown functions, recurrences."""

from __future__ import annotations

from derive.meaning import prose
from derive.meaning.context import Context
from derive.meaning.definitions import Written
from derive.meaning.names import key_of_base, split_subscript
from derive.meaning.outline import Parsed
from derive.notation.tree import Chain, Fenced, Fraction, List, Name, Node, Number, Product, Script, Sum
from derive.notation.walk import same, walk


def is_definition(context: Context, chain: Chain, defined: dict[int, Written]) -> bool:
    """Whether a chain's first relation only defines: it says so, or what it speaks of was not defined before. Different
    members of a family are defined each for itself, and so are the cases of a distinction."""
    written = defined.get(id(chain))
    if written is None:
        return False
    if chain.signs[0].sign == ":=" or prose.LETS.search(context.outline.prose_before(written.position)[-80:]):
        return True
    for other in context.definitions:
        if other.key != written.key or other.chain is chain or not _comes_before(other, written):
            continue
        if written.conditional and other.conditional and other.position == written.position:
            continue
        if _may_define(other.head, written.head):
            return False
    return True


def _comes_before(one: Written, other: Written) -> bool:
    if one.position != other.position:
        return one.position < other.position
    return one.chain.span.start < other.chain.span.start


def _may_define(head: Node, other: Node) -> bool:
    """Whether a definition with one head may say something of another head of the same name: not where both are members
    with different numbers or labels for indices."""
    if isinstance(head, Product) and isinstance(other, Product):
        return _may_define(head.factors[0], other.factors[0])  # φ_1(x) is not φ_2(x)
    if not isinstance(head, Script) or not isinstance(other, Script):
        return True
    one, two = split_subscript(head.sub).indices, split_subscript(other.sub).indices
    if len(one) != len(two):
        return True
    return not any(
        isinstance(a, Number) and isinstance(b, Number) and a.text != b.text for a, b in zip(one, two, strict=True)
    )


def gives_values(context: Context, chain: Chain, position: int) -> bool:
    """Whether a chain gives the values of unknown functions at numbers: `y(0) = 1`, `0 = y'(1)`, `X(0) = X''(0) = 0`,
    `y(0, t) = 0`."""
    if any(sign.sign != "=" for sign in chain.signs):
        return False
    values = [operand for operand in chain.operands if _is_unknown_value(context, operand, position)]
    if values and len(values) >= len(chain.operands) - 1 and all(_has_several_arguments(value) for value in values):
        return True  # initial and boundary data: y(x, 0) = f(x); a longer chain goes on to derive something
    others = [operand for operand in chain.operands if all(operand is not value for value in values)]
    return bool(values) and all(isinstance(part, Number | Sum) for other in others for part in walk(other))


def _is_unknown_value(context: Context, side: Node, position: int) -> bool:
    """Whether a side is the value of a function that nothing defines, with a number among its arguments."""
    if not isinstance(side, Product) or len(side.factors) != 2 or side.operators != ("",):
        return False
    function, group = side.factors
    if not isinstance(group, Fenced) or group.left not in "([":
        return False
    key = key_of_base(function.base if isinstance(function, Script) else function)
    conventions = context.conventions_at(position)
    if key is None or not (conventions.is_function(key) or _labelled(conventions.is_function, function)):
        return False
    items = group.body.items if isinstance(group.body, List) else (group.body,)
    numerals = (Number, Sum, Product, Fraction)
    return key not in conventions.defined and any(all(isinstance(p, numerals) for p in walk(item)) for item in items)


def _has_several_arguments(value: Node) -> bool:
    return (
        isinstance(value, Product) and isinstance(value.factors[1], Fenced) and isinstance(value.factors[1].body, List)
    )


def _labelled(is_function: object, function: Node) -> bool:
    """Whether a name with its label is a function: the derivative `y_{xx}`."""
    if not callable(is_function) or not isinstance(function, Script):
        return False
    label = split_subscript(function.sub).label
    return bool(label) and bool(is_function(f"{key_of_base(function.base)}_{{{label}}}"))


def is_recurrence(context: Context, chain: Chain, position: int) -> bool:
    """Whether a chain begins with a rule that makes the members of a family from one another, `x_{t+1} = a x_t + b`,
    and nothing before says what the left side is."""
    left, right = chain.operands[0], chain.operands[1]
    if chain.signs[0].sign != "=" or not isinstance(left, Script) or not isinstance(left.base, Name):
        return False
    if left.sup is not None or left.primes or not isinstance(left.sub, Sum):
        return False
    key = key_of_base(left.base)
    if key is None or key in context.conventions_at(position).defined or not _holds_member(right, left):
        return False
    for part in context.outline.parts[: position + 1]:
        for other in part.chains() if isinstance(part, Parsed) else ():
            if other is chain:
                return True
            if any(same(side, left) for side in other.operands):
                return False
    return True


def _holds_member(node: Node, member: Script) -> bool:
    return any(
        isinstance(part, Script) and same(part.base, member.base) and part.sub is not None and not same(part, member)
        for part in walk(node)
    )
