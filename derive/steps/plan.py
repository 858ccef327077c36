"""Which steps a document has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.documents.document import Heading, Prose
from derive.meaning import prose
from derive.meaning.conditions import restrictions
from derive.meaning.context import Context
from derive.meaning.definitions import Written
from derive.meaning.directives import ENVIRONMENT as DIRECTIVE
from derive.meaning.outline import Parsed
from derive.meaning.survey import names_in
from derive.notation.tree import Chain, Empty, Name, Node, Text, Word
from derive.steps.following import follows
from derive.steps.stating import gives_values, is_definition, is_recurrence
from derive.steps.step import Derivation, Role, Step

# signs that state something which can follow or fail to follow
STEP_SIGNS = frozenset({"=", "≡", ":=", "≠", "<", "≤", ">", "≥", "≈", "∝", "=:", "≪", "≫", "≃", "≅"})
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
        if parsed.formula.environment == DIRECTIVE:
            continue
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


_BESIDE = frozenset(["and", "or", "和", "且", "或", "与"])


def _display_steps(context: Context, parsed: Parsed, defined: dict[int, Written]) -> Iterator[Step]:
    previous: Chain | None = None
    apart = restrictions(parsed)
    implied = False  # an arrow stands between the chain before and this one
    for chain in parsed.passage.items:
        if not isinstance(chain, Chain):
            implied = implied or any(isinstance(part, Text) and part.text in _ARROWS for part in chain.parts)
            if any(isinstance(part, Text) and part.text.strip().lower() in _BESIDE for part in chain.parts):
                previous = None  # both are said, and neither of them follows
            continue
        if any(chain is other for other in apart):
            continue
        goes_on = isinstance(chain.operands[-1], Empty) and _goes_on(context, parsed, chain)
        for k in _links(chain):
            opening = k == 0
            if goes_on and k == len(chain.signs) - 1:
                continue  # the next formula begins with the sign that this one ends with
            if isinstance(chain.operands[k], Empty) and opening:
                left = _continued(context, parsed)
                if left is None:
                    yield _step(chain, k, "given", parsed.position)
                else:
                    yield _step(chain, k, "link", parsed.position, left)
            elif not opening:
                announced = k == 1 and id(chain) in defined and defined[id(chain)].head is chain.operands[1]
                states = (announced and is_definition(context, chain, defined)) or gives_values(
                    context, chain, parsed.position
                )
                yield _step(chain, k, "given" if states else "link", parsed.position)
            elif (
                chain.signs[k].sign not in CHECKED_SIGNS
                or is_definition(context, chain, defined)
                or gives_values(context, chain, parsed.position)
            ):
                yield _step(chain, k, "given", parsed.position)
            elif previous is not None and follows(context, previous, chain, implied, parsed.position):
                yield replace(_step(chain, k, "consequence", parsed.position, before=previous), implied=implied)
            elif is_recurrence(context, chain, parsed.position):
                yield _step(chain, k, "given", parsed.position)
            else:
                yield replace(_step(chain, k, "opening", parsed.position), implied=implied)
        if chain.signs:
            previous, implied = chain, False


def _continued(context: Context, parsed: Parsed) -> Node | None:
    """The last operand of the displayed formula before this one in its section: what a formula that begins with a
    relation sign goes on from."""
    for part in reversed(context.outline.parts[: parsed.position]):
        if isinstance(part, Heading):
            return None
        if isinstance(part, Parsed) and part.formula.display:
            chains = [chain for chain in part.chains() if chain.signs]
            return (
                next((o for o in reversed(chains[-1].operands) if not isinstance(o, Empty)), None) if chains else None
            )
    return None


def _goes_on(context: Context, parsed: Parsed, chain: Chain) -> bool:
    """Whether a formula that ends with a relation sign goes on in the displayed formula after it, which begins with
    the same sign."""
    own = list(parsed.chains())
    if not own or own[-1] is not chain or len(chain.signs) < 2:
        return False
    for part in context.outline.parts[parsed.position + 1 :]:
        if isinstance(part, Heading):
            return False
        if isinstance(part, Parsed) and part.formula.display:
            first = next(iter(part.chains()), None)
            return (
                first is not None
                and isinstance(first.operands[0], Empty)
                and first.signs[:1] != ()
                and first.signs[0].sign == chain.signs[-1].sign
            )
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
        elif len(links) == 1 and chain.signs[0].sign == "=" and not is_definition(context, chain, defined):
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
