"""Which steps a document has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.documents.document import Heading, Prose
from derive.meaning import prose
from derive.meaning.conditions import restrictions
from derive.meaning.context import Context
from derive.meaning.definitions import Written
from derive.meaning.differentials import written_derivative
from derive.meaning.names import key_of_base
from derive.meaning.outline import Parsed
from derive.meaning.survey import names_in
from derive.notation.tree import (
    Chain,
    Empty,
    Fenced,
    Fraction,
    Name,
    Node,
    Number,
    Product,
    Script,
    Sum,
    Text,
    Word,
)
from derive.notation.walk import children, same, walk
from derive.steps.step import Derivation, Role, Step

# signs that state something which can follow or fail to follow
STEP_SIGNS = frozenset({"=", "≡", ":=", "≠", "<", "≤", ">", "≥", "≈", "∝", "≪", "≫", "≃", "≅"})
_ARROWS = frozenset({"⇒", "⇔", "∴"})
CHECKED_SIGNS = frozenset({"=", "≡", "≠", "<", "≤", ">", "≥", "∝"})


def plan(context: Context) -> tuple[Derivation, ...]:
    """The derivations of a document, in order: one for each displayed formula with a relation, one for the inline
    mathematics of each paragraph that makes steps."""
    derivations: list[Derivation] = []
    inline: list[Step] = []
    paragraph = -1
    defined = {id(written.chain): written for written in context.definitions}
    for parsed in context.outline.formulas():
        if not parsed.formula.display:
            if parsed.formula.paragraph != paragraph:
                _flush(context, inline, derivations)
                paragraph = parsed.formula.paragraph
            inline.extend(_inline_steps(context, parsed, defined))
            continue
        _flush(context, inline, derivations)
        steps = tuple(_display_steps(context, parsed, defined))
        if steps:
            derivations.append(Derivation(steps, context.outline.heading_at(parsed.position), parsed.formula.span))
    _flush(context, inline, derivations)
    return tuple(sorted(derivations, key=lambda d: d.span))


def _flush(context: Context, steps: list[Step], derivations: list[Derivation]) -> None:
    if steps:
        span = steps[0].place
        for step in steps[1:]:
            span = span.cover(step.place)
        derivations.append(Derivation(tuple(steps), context.outline.heading_at(steps[0].position), span))
        steps.clear()


def _links(chain: Chain) -> Iterator[int]:
    return (k for k, sign in enumerate(chain.signs) if sign.sign in STEP_SIGNS)


def _step(
    chain: Chain, k: int, role: Role, position: int, left: Node | None = None, before: Chain | None = None
) -> Step:
    right = chain.operands[k + 1]
    place = chain.signs[k].span.cover(right.span)
    return Step(
        left or chain.operands[k], chain.signs[k], right, role, chain, position, place, before, left is not None
    )


def _display_steps(context: Context, parsed: Parsed, defined: dict[int, Written]) -> Iterator[Step]:
    previous: Chain | None = None
    apart = restrictions(parsed)
    implied = False  # an arrow stands between the chain before and this one
    for chain in parsed.passage.items:
        if not isinstance(chain, Chain):
            implied = implied or any(isinstance(part, Text) and part.text in _ARROWS for part in chain.parts)
            continue
        if any(chain is other for other in apart):
            continue
        for k in _links(chain):
            opening = k == 0
            if isinstance(chain.operands[k], Empty) and opening:
                left = _continued(context, parsed)
                if left is None:
                    yield _step(chain, k, "given", parsed.position)
                else:
                    yield _step(chain, k, "link", parsed.position, left)
            elif not opening:
                announced = k == 1 and id(chain) in defined and defined[id(chain)].head is chain.operands[1]
                first = announced and _is_definition(context, chain, defined)
                yield _step(chain, k, "given" if first else "link", parsed.position)
            elif (
                chain.signs[k].sign not in CHECKED_SIGNS
                or _is_definition(context, chain, defined)
                or _is_value(context, chain, parsed.position)
            ):
                yield _step(chain, k, "given", parsed.position)
            elif previous is not None and _follows(context, previous, chain, implied, parsed.position):
                yield _step(chain, k, "consequence", parsed.position, before=previous)
            else:
                yield _step(chain, k, "opening", parsed.position)
        if chain.signs:
            previous, implied = chain, False


def _is_definition(context: Context, chain: Chain, defined: dict[int, Written]) -> bool:
    """Whether a chain's first relation only defines: it says so, or its name was not defined before."""
    written = defined.get(id(chain))
    if written is None:
        return False
    if chain.signs[0].sign == ":=":
        return True
    earlier = [
        d
        for d in context.definitions
        if d.key == written.key and d.position <= written.position and d.chain is not chain
    ]
    earlier = [d for d in earlier if d.position < written.position or _comes_before(d.chain, chain)]
    return not earlier


def _comes_before(one: Chain, other: Chain) -> bool:
    return one.span.start < other.span.start


def _continued(context: Context, parsed: Parsed) -> Node | None:
    """The last operand of the displayed formula before this one in its section: what a formula that begins with a
    relation sign goes on from."""
    for part in reversed(context.outline.parts[: parsed.position]):
        if isinstance(part, Heading):
            return None
        if isinstance(part, Parsed) and part.formula.display:
            chains = [chain for chain in part.chains() if chain.signs]
            return chains[-1].operands[-1] if chains else None
    return None


def _follows(context: Context, before: Chain, chain: Chain, implied: bool, position: int) -> bool:
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
    subject = _subject(context, chain.operands[0], position)
    return subject is None or any(_holds(part, subject) for part in _undifferentiated(before))


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


def _subject(context: Context, side: Node, position: int) -> Node | None:
    """The one thing that a side speaks of and that is more than a bare name: a member of a family, a value of a
    function, a derivative (then what is differentiated); None where there is no such thing."""
    if isinstance(side, Script):
        if side.base is not None and side.sub is None and not side.primes:
            return _subject(context, side.base, position)
        return replace(side, sup=None) if isinstance(side.sup, Number) else side
    if isinstance(side, Product):
        called = len(side.factors) == 2 and side.operators == ("",) and isinstance(side.factors[1], Fenced)
        function = side.factors[0].base if isinstance(side.factors[0], Script) else side.factors[0]
        key = key_of_base(function)
        return side if called and key and context.conventions_at(position).is_function(key) else None
    written = written_derivative(side) if isinstance(side, Fraction) else None
    return written.body if written is not None else None


def _is_value(context: Context, chain: Chain, position: int) -> bool:
    """Whether an equation gives the value of an unknown function at a number: `y(0) = 1`, `0 = y'(1)`."""
    if chain.signs[0].sign != "=":
        return False
    for side, other in (chain.operands[:2], chain.operands[1::-1]):
        subject = _subject(context, side, position)
        if not isinstance(subject, Product) or not all(isinstance(part, Number | Sum) for part in walk(other)):
            continue
        function, group = subject.factors
        key = key_of_base(function.base if isinstance(function, Script) else function)
        conventions = context.conventions_at(position)
        known = key is None or key in conventions.defined or not conventions.is_function(key)
        if not known and not names_in(group):
            return True
    return False


def _inline_steps(context: Context, parsed: Parsed, defined: dict[int, Written]) -> Iterator[Step]:
    """Steps of inline mathematics: chains of two or more relations, and equalities whose sides share all names."""
    for chain in parsed.chains():
        links = list(_links(chain))
        if any(sign.sign not in STEP_SIGNS for sign in chain.signs) or any(
            isinstance(o, Empty) for o in chain.operands
        ):
            continue
        if len(links) >= 2:
            if {chain.signs[k].sign for k in links} <= {"<", "≤", ">", "≥", "≠"}:
                continue  # a range: 0 < x < 1
            for k in links:
                role: Role = "link" if k else ("given" if _states(context, chain, defined) else "inline")
                yield _step(chain, k, role, parsed.position)
        elif len(links) == 1 and chain.signs[0].sign == "=" and not _is_definition(context, chain, defined):
            is_word = context.conventions_at(parsed.position).is_word
            left, right = (names_in(operand, is_word) for operand in chain.operands)
            if left == right and not _trivial(chain) and not prose.GIVEN.search(_sentence_before(context, parsed)):
                yield _step(chain, 0, "inline", parsed.position)


def _states(context: Context, chain: Chain, defined: dict[int, Written]) -> bool:
    return (
        id(chain) in defined
        or isinstance(chain.operands[0], Name | Word | Text)
        or chain.signs[0].sign not in CHECKED_SIGNS
    )


def _trivial(chain: Chain) -> bool:
    """An equation between two bare names or numerals says nothing that could be derived."""
    return all(isinstance(o, Name | Word | Text) for o in chain.operands)


def _sentence_before(context: Context, parsed: Parsed) -> str:
    part = context.outline.parts[parsed.position - 1] if parsed.position else None
    return part.text[-40:] if isinstance(part, Prose) else ""
