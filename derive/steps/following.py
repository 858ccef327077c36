"""Whether one whole equation is meant to follow from another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.meaning.context import Context
from derive.meaning.differentials import written_derivative
from derive.meaning.names import key_of_base
from derive.meaning.survey import names_in
from derive.notation.tree import Chain, Fenced, Fraction, Node, Number, Product, Script
from derive.notation.walk import children, same


def follows(context: Context, before: Chain, chain: Chain, implied: bool, position: int) -> bool:
    """Whether an equation is meant as a consequence of the one before it: both are single equations, and an arrow says
    so, or they are about the same names. Without an arrow, an equation for something that the one before does not hold
    (`x_2' = …` after `x_1' = …`, `y(0) = 1` after `y'' = y`) stands beside it."""
    if len(before.signs) != 1 or len(chain.signs) != 1 or before.signs[0].sign != "=" or chain.signs[0].sign != "=":
        return False
    names = names_in(chain)
    if implied:
        return bool(names & names_in(before))
    if not names or not names <= names_in(before):
        return False
    subject = subject_of(context, chain.operands[0], position)
    if subject is None or any(same(part, subject) for part in _undifferentiated(before)):
        return True
    return any(_holds(side, subject) for side in before.operands)  # F(x) = …, then F'(x) = …


def _holds(part: Node, subject: Node) -> bool:
    """Whether a part of an equation is what another one speaks of, or (with fewer primes) what that derives from."""
    if isinstance(part, Script) and isinstance(subject, Script) and part.primes < subject.primes:
        return same(replace(part, primes=subject.primes), subject)
    if isinstance(part, Product) and isinstance(subject, Product) and len(part.factors) == len(subject.factors):
        if not names_in(subject.factors[-1]):
            return same(part, subject)  # a value at a number says nothing of the derivative there
        return all(_holds(one, other) for one, other in zip(part.factors, subject.factors, strict=True))
    return same(part, subject) or (isinstance(subject, Script) and subject.primes > 0 and same(part, subject.base))


def _undifferentiated(node: Node) -> Iterator[Node]:
    """The parts of an equation, without what stands in its derivatives."""
    yield node
    if not (isinstance(node, Fraction) and written_derivative(node) is not None):
        for child in children(node):
            yield from _undifferentiated(child)


def subject_of(context: Context, side: Node, position: int) -> Node | None:
    """The one thing that a side speaks of and that is more than a bare name: a member of a family, a value of a
    function, a derivative (then what is differentiated); None where there is no such thing."""
    if isinstance(side, Script):
        if side.base is not None and side.sub is None and not side.primes:
            return subject_of(context, side.base, position)
        return replace(side, sup=None) if isinstance(side.sup, Number) else side
    if isinstance(side, Product):
        called = len(side.factors) == 2 and side.operators == ("",) and isinstance(side.factors[1], Fenced)
        function = side.factors[0].base if isinstance(side.factors[0], Script) else side.factors[0]
        key = key_of_base(function)
        return side if called and key and context.conventions_at(position).is_function(key) else None
    written = written_derivative(side) if isinstance(side, Fraction) else None
    return written.body if written is not None else None
