"""What else a document says that a name equals: the further sides of the chain that defines it, and earlier definitions
that agree with the last one.

A derivation goes on from where it got to: `M = \\int … = e^{…}` in one formula, and in the next `M` stands for what it
came to. Only proofs use this, and the equation is listed among what they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from derive.deciding.ask import Asked, ask
from derive.deciding.defining import read_body, read_definition
from derive.deciding.naming import one_sided, stands_alone
from derive.meaning.context import Context
from derive.meaning.definitions import Written
from derive.meaning.question import Definition, Question
from derive.meaning.reading import LITERAL
from derive.meaning.trouble import Trouble
from derive.notation.latex import to_latex
from derive.notation.tree import Node
from derive.notation.unicode import to_unicode
from derive.refuting.refuter import agrees
from derive.steps.step import Step

MOST_TRIED = 3
_LONGEST = 100


def alternatives(
    context: Context, step: Step, assumed: Sequence[Definition]
) -> Iterator[tuple[Asked, tuple[Definition, ...]]]:
    """The question of a step with other definitions of its names than the nearest ones, with those definitions."""
    try:
        asked = ask(context, step, LITERAL, assumed)
    except Trouble:
        return
    names = {d.head.name for d in asked.question.setting.definitions} | set(asked.missing)
    available = context.definitions_at(step.position, step.chain)
    choices = [found for name in sorted(names) if (found := _choices(context, step, asked, available.get(name, [])))]
    for number in range(min(MOST_TRIED, max((len(found) for found in choices), default=0))):
        others = tuple(found[number] for found in choices if number < len(found))
        try:
            yield ask(context, step, LITERAL, (*assumed, *others)), others
        except Trouble:
            continue


def _choices(context: Context, step: Step, asked: Asked, written: list[Written]) -> list[Definition]:
    """The other definitions of a name, the last side of the nearest chain first."""
    found: list[Definition] = []
    if not written or written[0].conditional:
        return found
    nearest = written[0]
    first = read_definition(context, nearest, LITERAL)
    for body in nearest.others:
        other = _from_body(context, nearest, body)
        if other is not None and _is_compatible(asked, first, other, True):
            found.append(other)
    section = context.outline.section_of(step.position)
    for earlier in written[1:]:
        if nearest.certain or earlier.conditional or to_latex(earlier.head) != to_latex(nearest.head):
            continue
        if context.outline.section_of(earlier.position) != section:
            continue
        for body in (*earlier.others, earlier.body):
            other = _from_body(context, earlier, body)
            if other is not None and first is not None and _is_compatible(asked, first, other, False):
                found.append(other)
    return found


def _from_body(context: Context, written: Written, body: Node) -> Definition | None:
    read = read_body(context, written, body, LITERAL)
    if read is None or written.power != 1:
        return None
    line, _ = context.outline.document.source.line_column(written.head.span.start)
    said = f"{to_unicode(written.head)} = {to_unicode(body)}"
    said = said if len(said) <= _LONGEST else f"{to_unicode(written.head)} as it comes out"
    return replace(read, said=f"{said}, line {line}")


def _is_compatible(asked: Asked, nearest: Definition | None, other: Definition, chained: bool) -> bool:
    """Whether models do not tell two definitions apart. What one chain equates may hold names that the other side does
    not have; separate definitions must agree in every model."""
    if nearest is None:
        return True
    if nearest.head != other.head or nearest.body == other.body:
        return False
    setting = replace(asked.question.setting, definitions=())
    question = Question(nearest.body, "=", other.body, setting)
    if stands_alone(question) or one_sided(question):
        return chained
    agreed = agrees(nearest.body, other.body, setting)
    return agreed is not False if chained else agreed is True
