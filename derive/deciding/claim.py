"""A claim: a relation on its own, with what is given beside it, opened as a document is.

The text has the claim in its first line and one given formula in each of the others. What is given defines, says of
which kind a name is, or is a condition; it is never checked. The claim is: whatever its sides are, it is no definition
and no equation to be solved.
"""

from __future__ import annotations

from dataclasses import replace

from derive.deciding.document import Opened
from derive.documents.document import Document, Formula, Part, Prose
from derive.meaning.conditions import Condition
from derive.meaning.context import Context, gather
from derive.meaning.kinds import membership
from derive.meaning.outline import Outline, Parsed, parse
from derive.notation import read_passage
from derive.notation.tree import Chain, Name
from derive.source import Source, Span, TracedText
from derive.steps.step import Derivation, Step

DEFINES = "Let"  # the word before a given equation, by which it defines the name on its left


def open_claim(path: str, text: str, pages: tuple[str, ...] = ()) -> Opened:
    """Open a claim. Raises ValueError where its first line holds no relation."""
    source = Source(path, text)
    document = Document(source, tuple(_parts(source)))
    outline = parse(document)
    context = replace(_with_given(gather(outline)), pages=pages)
    claim = outline.parts[-1]
    assert isinstance(claim, Parsed)
    steps = tuple(_step(chain, k, claim.position) for chain in claim.chains() for k in range(len(chain.signs)))
    if not steps:
        raise ValueError("no relation is claimed")
    return Opened(context, (Derivation(steps, "", claim.formula.span),), open_claim)


def _step(chain: Chain, k: int, position: int) -> Step:
    right = chain.operands[k + 1]
    place = chain.signs[k].span.cover(right.span)
    return Step(chain.operands[k], chain.signs[k], right, "link" if k else "claim", chain, position, place)


def _parts(source: Source) -> list[Part]:
    """What is given, then the claim: everything that bears on it stands before it."""
    spans: list[Span] = []
    start = 0
    for line in source.text.split("\n"):
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    claim, *given = spans
    parts: list[Part] = []
    for span in given:
        text = TracedText.of(source, span.start, span.end)
        if _may_define(text):
            parts.append(Prose(span, 0, DEFINES))
        parts.append(Formula(span, 0, text, False, "$"))
    parts.append(Formula(claim, 0, TracedText.of(source, claim.start, claim.end), True, "$$"))
    return parts


def _may_define(text: TracedText) -> bool:
    """Whether a given formula is an equation that may define what stands on its left: two names say that two things are
    the same (`i = j`)."""
    chains = [item for item in read_passage(text).items if isinstance(item, Chain)]
    return any(
        sign.sign in ("=", ":=", "≡") and not all(isinstance(operand, Name) for operand in chain.operands)
        for chain in chains
        for sign in chain.signs[:1]
    )


def _with_given(context: Context) -> Context:
    """The context in which all that is given holds: what neither defines nor says of which kind something is, is a
    condition. Conditions stand together, so that none takes the place of another."""
    outline = context.outline
    last = len(outline.parts) - 1
    conditions = [replace(condition, position=last) for condition in context.conditions]
    taken = {id(condition.chain) for condition in conditions} | {id(written.chain) for written in context.definitions}
    for chain in _given(outline):
        if id(chain) not in taken and not membership(chain, {}, set()):
            conditions.append(Condition(chain, last, False))
    definitions = tuple(written for written in context.definitions if written.position < last)
    return replace(context, definitions=definitions, conditions=tuple(conditions))


def _given(outline: Outline) -> list[Chain]:
    """The relations that are given."""
    return [chain for parsed in list(outline.formulas())[:-1] for chain in parsed.chains() if chain.signs]
