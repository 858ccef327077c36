"""Conditions that a document states: in its prose, and beside its formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.meaning import prose
from derive.meaning.outline import Outline, Parsed
from derive.notation.tree import Chain, Ellipsis, Fenced, List, Name, Node, Number, Remark, Script, Text, Word
from derive.notation.walk import same, walk


@dataclass(frozen=True, slots=True)
class Condition:
    """A relation that the document states as a condition: in prose, or beside a formula."""

    chain: Chain
    position: int
    local: bool  # holds for what follows directly (a case), not for the rest of the section
    passing: bool = False  # a case that is over with its sentence: "when i = j, …"


_ORDERS = frozenset({"<", "≤", ">", "≥", "≠"})


@dataclass(frozen=True, slots=True)
class Said:
    """An inline formula with the words around it."""

    outline: Outline
    parsed: Parsed
    before: str

    def is_taken_back(self) -> bool:
        """Whether the words around make the formula no condition: a negation, an alternative, something that fails."""
        clause = re.split(r"[.;。；！!?？]", self.before)[-1]
        following = self.outline.prose_between(self.parsed.position + 1, self.parsed.position + 2)
        behind = prose.ALTERNATIVE.match(following) or prose.WITHDRAWN.match(following)
        return bool(prose.TAKEN_BACK.search(clause) or behind)


def beside(parsed: Parsed) -> Iterator[Chain]:
    """The conditions written beside a displayed formula: after its equations, in remarks, over a sign."""
    apart = restrictions(parsed)
    for item in parsed.passage.items:
        if isinstance(item, Chain):
            if any(item is other for other in apart) and not is_index_range(item):
                yield _opened(item)
            for sign in item.signs:
                if isinstance(sign.label, Chain) and restricts(sign.label):
                    yield sign.label
        elif item.kind == "text":
            yield from (_opened(part) for part in item.parts if restricts(part))


_ARROWS = frozenset({"⇒", "⇔", "∴"})


def restrictions(parsed: Parsed) -> list[Chain]:
    """The chains of a displayed formula that only restrict the equations before them: on the same row, or a range
    (`0 < x < 1`) wherever it stands. They are no steps."""
    found: list[Chain] = []
    if not parsed.formula.display:
        return found
    stated: Chain | None = None
    end = -1
    claimed = False  # an arrow stands before
    for item in parsed.passage.items:
        if isinstance(item, Chain):
            if (
                stated is not None
                and not claimed
                and (
                    is_index_range(item)
                    or (restricts(item) and (_is_range(item) or not _breaks(parsed, end, item.span.start)))
                )
            ):
                found.append(item)
            elif item.signs:
                stated = item
        claimed = isinstance(item, Remark) and any(isinstance(p, Text) and p.text in _ARROWS for p in item.parts)
        end = item.span.end
    return found


def is_index_range(chain: Chain) -> bool:
    """Whether a chain only says through what an index runs: `i = 1, \\ldots, n`."""
    if [sign.sign for sign in chain.signs] != ["="] or not isinstance(chain.operands[0], Name | Word | List | Script):
        return False
    right = chain.operands[1]
    return isinstance(right, List) and any(isinstance(item, Ellipsis) for item in right.items)


def _is_range(chain: Chain) -> bool:
    """Whether a chain only says between what a name lies."""
    signs = [sign.sign for sign in chain.signs]
    return len(signs) == 2 and set(signs) <= {"<", "≤"} and isinstance(chain.operands[1], Name)


def _breaks(parsed: Parsed, start: int, end: int) -> bool:
    """Whether a row of the formula ends between two places of the source."""
    text = parsed.formula.text
    between = "".join(character for character, at in zip(text.text, text.origin, strict=False) if start <= at < end)
    return re.search(r"\\\\|\\(cr|newline)\b", between) is not None


def restricts(node: Node) -> bool:
    """Whether a formula beside another one restricts it: an inequality or a membership, or a relation in brackets."""
    if isinstance(node, Fenced) and isinstance(node.body, Chain):
        return bool(node.body.signs)
    if not isinstance(node, Chain):
        return False
    if not node.signs:
        return restricts(node.operands[0])
    signs = {sign.sign for sign in node.signs}
    return signs <= _ORDERS | {"∈"} or (signs == {"="} and all(isinstance(o, Name) for o in node.operands))


def _opened(node: Node) -> Chain:
    """The relation of a restriction, without the brackets around it."""
    if isinstance(node, Chain):
        return node if node.signs else _opened(node.operands[0])
    assert isinstance(node, Fenced) and isinstance(node.body, Chain)
    return node.body


def is_condition(chain: Chain, said: Said) -> bool:
    """Whether a chain in the text restricts what follows: an inequality between plain things, a membership, or an
    equality of two names after a word like "when", an equality after a word like "since"."""
    before = said.before
    signs = {sign.sign for sign in chain.signs}
    if not signs or said.is_taken_back():
        return False
    if signs == {"∈"}:
        return True
    if signs <= _ORDERS:
        return all(isinstance(o, Name | Number | Script | Word | List) or _small(o) for o in chain.operands)
    if signs == {"="} and len(chain.signs) == 1:
        if prose.REASON.search(before) is not None:
            return True
        names = all(isinstance(o, Name) for o in chain.operands)
        return names and prose.CONDITION.search(before[-60:]) is not None
    return False


_DENIES = {
    ">": {"<", "≤", "="}, "≥": {"<"}, "<": {">", "≥", "="}, "≤": {">"}, "=": {"≠", "<", ">"}, "≠": {"="},
}  # fmt: skip


def deny(one: Chain, other: Chain) -> bool:
    """Whether two conditions on the same things cannot hold together: `x > 0` and `x < 0`, `i = j` and `i \\ne j`; two
    values or bounds in numbers are compared."""
    if len(one.signs) != 1 or len(other.signs) != 1 or not same(one.operands[0], other.operands[0]):
        return False
    first, second = one.operands[1], other.operands[1]
    if same(first, second):
        return other.signs[0].sign in _DENIES.get(one.signs[0].sign, set())
    numbers = [_number(first), _number(second)]
    if None in numbers:
        return False
    return not _compatible(one.signs[0].sign, numbers[0], other.signs[0].sign, numbers[1])


def _number(node: Node) -> float | None:
    try:
        return float(node.text) if isinstance(node, Number) else None
    except ValueError:
        return None


def _compatible(one: str, first: float | None, other: str, second: float | None) -> bool:
    """Whether some number is `one first` and `other second`."""
    assert first is not None and second is not None
    if one == "=":
        return {"=": first == second, "<": first < second, "≤": first <= second, ">": first > second,
                "≥": first >= second, "≠": first != second}.get(other, True)  # fmt: skip
    if other == "=":
        return _compatible(other, second, one, first)
    if one in "<≤" and other in ">≥":
        return second < first or (second == first and one == "≤" and other == "≥")
    if one in ">≥" and other in "<≤":
        return _compatible(other, second, one, first)
    return True


def _small(node: Node) -> bool:
    return sum(1 for _ in walk(node)) <= 8


def is_local(chain: Chain) -> bool:
    """An equality or inequality of indices is a case; other conditions hold on."""
    return all(sign.sign in ("=", "≠") for sign in chain.signs)
