"""The equations that a document has stated before a step, and that the step may rest on.

They are tried without being asked for, the latest first; those that the words before a step refer to, in any section.
Nothing counts that the document does not stand behind (`meaning.asserting`), nothing that comes after the step, and
nothing that only repeats it: what is to be shown proves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from sympy import Eq
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.logic.boolalg import Boolean

from derive.deciding.naming import names_of, targets_of
from derive.deciding.scope import given_before
from derive.meaning.asserting import asserted, holds_on, plain_chains
from derive.meaning.conditions import deny
from derive.meaning.context import Context
from derive.meaning.definitions import DEFINES
from derive.meaning.heads import head_key
from derive.meaning.matrices import Zero, is_matrix, related
from derive.meaning.outline import Parsed
from derive.meaning.reader import Reader
from derive.meaning.reading import LITERAL, Reading
from derive.meaning.references import cited
from derive.meaning.survey import names_in
from derive.meaning.trouble import Trouble
from derive.notation.tree import Chain, Empty, List, Name, Node
from derive.notation.unicode import to_unicode
from derive.notation.walk import same, walk
from derive.steps.step import Step

MOST_PREMISES = 14
MOST_BEHIND = 8  # parts of the text behind a step in which what it means is said
MOST_FORMULAS = 40  # that are looked through
MOST_LENGTH = 90  # characters of an equation in a report


@dataclass(frozen=True)
class Premise:
    """An equation that the document states before a step, and how a report names it."""

    left: Expr
    right: Expr
    said: str
    position: int
    link: Chain
    final: bool = True  # what its chain comes to in the end, or the name that it ends in

    @property
    def sides(self) -> tuple[Expr, Expr]:
        """Both sides."""
        return self.left, self.right

    def other(self, side: Basic) -> Expr:
        """What a side is equal to."""
        return self.right if side == self.left else self.left

    @property
    def statement(self) -> Boolean:
        """The equation; between matrices, that of their entries."""
        return related(partial(Eq, evaluate=False), self.left, self.right)


def premises(context: Context, step: Step, sides: tuple[Expr, ...], reading: Reading = LITERAL) -> list[Premise]:
    """The equations that a step may rest on, those referred to first, then the latest first: such as speak of what the
    step speaks of, directly or through one another. None where the step only says again what was said before: that may
    be what all of them were derived from."""
    found = list(_stated(context, step, reading))
    if any(set(premise.sides) == set(sides) for premise in found):
        return []
    explained = _explained_behind(context, step)
    found = [p for p in found if not any(getattr(side, "name", None) in explained for side in p.sides)]
    conditions = context.conditions_at(step.position)
    found = [p for p in found if not any(deny(p.link, condition.chain) for condition in conditions)]
    reached = keys_of(*sides)
    chosen: list[Premise] = []
    for _ in range(3):
        for premise in found:
            if premise not in chosen and keys_of(*premise.sides) & reached:
                chosen.append(premise)
        reached |= keys_of(*(side for premise in chosen for side in premise.sides))
    kept = chosen[:MOST_PREMISES]
    return [premise for premise in found if premise in kept]


def _explained_behind(context: Context, step: Step) -> set[str]:
    """The names of which the text says directly behind a step what they mean in it: `… where y = x + 1`."""
    near = range(step.position + 1, step.position + MOST_BEHIND)
    return {written.key for written in context.definitions if written.explains and written.position in near}


def may_follow(context: Context, step: Step) -> bool:
    """Whether an equation that only seems to define its name may follow from those before it: it does not say that it
    defines, and one of them holds that name and does not begin with it."""
    if step.sign.sign != "=" or any(w.chain is step.chain and w.explains for w in context.definitions):
        return False
    key = head_key(step.left) or head_key(step.right)
    outline = context.outline
    section = outline.section_of(step.position)
    for parsed in outline.formulas():
        if key is None or parsed.position > step.position:
            return False
        for chain in parsed.chains() if parsed.position > section else ():
            if chain is step.chain:
                return False
            if chain.signs and head_key(chain.operands[0]) != key and key in names_in(chain):
                return True
    return False


def as_step(premise: Premise) -> Step:
    """An equation as a step of its own."""
    left, right = premise.link.operands
    sign = premise.link.signs[0]
    return Step(left, sign, right, "opening", premise.link, premise.position, sign.span.cover(right.span))


def keys_of(*terms: Basic) -> set[str]:
    """The names in terms, without those that only index."""
    return {key for term in terms for role, key in names_of(term) if role != "index"}


def _stated(context: Context, step: Step, reading: Reading) -> Iterator[Premise]:
    """All equations before a step that count for it, in order of preference."""
    outline = context.outline
    named = cited(outline, context.labels, step.position, step.sign.label)
    places = [place for place in sorted(named, reverse=True) if place < step.position]
    section = outline.section_of(step.position)
    others = [p for p in range(step.position, max(section, -1), -1) if p not in named]
    seen: set[tuple[Expr, Expr]] = set()
    looked = 0
    for place in (*places, *others):
        parsed = outline.parts[place]
        if not isinstance(parsed, Parsed) or looked > MOST_FORMULAS:
            continue
        looked += 1
        if not asserted(outline, parsed):
            continue
        if place not in named and not holds_on(outline, place, step.position):
            continue
        for link, final in _links(parsed, step):
            sides = _read(context, link, place, reading)
            if sides is not None and sides not in seen:
                seen.add(sides)
                line, _ = outline.document.source.line_column(link.span.start)
                text = to_unicode(link)
                text = text if len(text) <= MOST_LENGTH else "an equation"
                yield Premise(*sides, f"{text}: line {line}", place, link, final)


def _links(parsed: Parsed, step: Step) -> Iterator[tuple[Chain, bool]]:
    """The equations of a formula, the last first; of the formula of the step, those before it. A chain says of what it
    begins with all that it goes on to; the equation that a chain is about to derive is not among them."""
    chains = plain_chains(parsed)
    if parsed.position == step.position:
        before: list[Chain] = []
        for chain in chains:
            if chain is step.chain:
                if step.role == "link" and chain.signs[0].sign in DEFINES and step.left is not chain.operands[0]:
                    before.append(Chain(chain.span, chain.operands[:2], chain.signs[:1]))
                break
            before.append(chain)
        chains = before
    derived = step.chain.operands[0] if step.role == "link" and not _is_in(step.chain.operands[0], step) else None
    for chain in reversed(chains):
        if not chain.signs or any(isinstance(operand, Empty | List) for operand in chain.operands):
            continue
        end = next((k for k, sign in enumerate(chain.signs) if sign.sign not in DEFINES), len(chain.signs))
        if derived is not None and any(same(derived, operand) for operand in chain.operands):
            continue  # what the chain goes on to show of its subject may stand there already
        for k in dict.fromkeys((end - 1, *range(end))) if end else ():
            yield _link(chain, 0, k), k == end - 1
        for k in range(1, end):
            yield _link(chain, k, k), isinstance(chain.operands[k + 1], Name)


def _is_in(node: Node, step: Step) -> bool:
    """Whether a formula stands in a side of a step."""
    return any(same(node, part) for side in (step.left, step.right) for part in walk(side))


def _link(chain: Chain, left: int, sign: int) -> Chain:
    """One equation of a chain: an operand, and what stands behind a sign."""
    return Chain(chain.span, (chain.operands[left], chain.operands[sign + 1]), (chain.signs[sign],))


def _read(context: Context, link: Chain, place: int, reading: Reading) -> tuple[Expr, Expr] | None:
    """The sides of an equation as mathematics; None where they are not read, or say nothing that could be used: they
    are the same, or claim to hold for whatever they speak of, which is for their own step to decide."""
    reader = Reader(context.conventions_at(place), reading)
    try:
        left, right = (reader.side(operand) for operand in link.operands)
    except Trouble:
        return None
    if is_matrix(left) != is_matrix(right):
        if left != 0 and right != 0:
            return None
        left, right = (Zero() if side == 0 else side for side in (left, right))
    if left == right or (set(targets_of(left)) == set(targets_of(right)) and not given_before(context, place)):
        return None
    return left, right
