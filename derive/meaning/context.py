"""What a document says about its names: definitions, kinds, conditions, each with the place where it is said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from derive.meaning import prose
from derive.meaning.chances import Chances, chances_in, random_in_prose, slot_key
from derive.meaning.conditions import Condition, Said, beside, deny, is_condition, is_local
from derive.meaning.definitions import Written, definitions_in
from derive.meaning.hints import in_magnitudes
from derive.meaning.independence import Independence, independences
from derive.meaning.kinds import membership
from derive.meaning.outline import Outline, Parsed
from derive.meaning.question import Kind
from derive.meaning.reading import TRANSFORMS, Conventions
from derive.meaning.references import labels
from derive.meaning.shapes import form_of, forms_in, members_in, sizes_in
from derive.meaning.survey import Survey, names_in, survey
from derive.meaning.vectors import only_supposed, shown_in, vectors_of, with_defined
from derive.notation.tree import Chain, List, Name, Node, Word

Ranges = tuple[tuple[int, int, Conventions], ...]


@dataclass(frozen=True)
class Context:
    """Everything the document says, before any of it is read as mathematics."""

    outline: Outline
    chapters: Ranges  # from part, to part, how names are read there
    sections: Ranges  # the same, section by section: which names are vectors may change
    definitions: tuple[Written, ...]
    conditions: tuple[Condition, ...]
    kinds: dict[str, Kind] = field(default_factory=dict)
    pages: tuple[str, ...] = ()  # the reader's own pages of rules, for proofs

    def conventions_at(self, position: int) -> Conventions:
        """How names are read at a place."""
        for start, end, conventions in self.sections:
            if start <= position < end:
                return conventions
        return self.sections[-1][2]

    @cached_property
    def sizes(self) -> dict[str, tuple[Node, ...]]:
        """The numbers of rows and columns that the document declares of vectors and matrices, by name."""
        return sizes_in(self.outline)

    @cached_property
    def distributions(self) -> tuple[Chain, ...]:
        """Where the document says how something is distributed, `X \\sim \\mathrm{Gam}(a, b)`: what stands there has a
        domain that it may not state."""
        chains = (chain for parsed in self.outline.formulas() for chain in parsed.chains())
        return tuple(chain for chain in chains if any(sign.sign == "∼" for sign in chain.signs))

    @cached_property
    def labels(self) -> dict[str, int]:
        """The labels and numbers of the displayed formulas, each with the place of its formula."""
        return labels(self.outline)

    @cached_property
    def independences(self) -> tuple[Independence, ...]:
        """What the document says of independence."""
        return independences(self.outline)

    def definitions_at(self, position: int, chain: Chain | None = None) -> dict[str, list[Written]]:
        """The definitions to try at a place, by name, in this order: the last one before it first, then the earlier
        ones, then those that come after it in the same section and are said to define; never one of the chain in
        question. What else comes after may be derived from what stands here."""
        before: dict[str, list[Written]] = {}
        after: dict[str, list[Written]] = {}
        for written in self.definitions:
            if written.chain is chain:
                continue
            if written.position < position or (written.position == position and not _follows(written.chain, chain)):
                if self._has_ended(written, position):
                    continue
                before.setdefault(written.key, []).insert(0, written)
            elif written.explains and self.outline.section_of(written.position) == self.outline.section_of(position):
                after.setdefault(written.key, []).append(written)
        return {
            key: before.get(key, []) + after.get(key, []) for key in (*before, *(k for k in after if k not in before))
        }

    def _is_reset(self, said: int, position: int) -> bool:
        """Whether a later sentence says that what was assumed at a place holds no longer."""
        text = self.outline.prose_between(said + 1, position)
        _, _, later = re.sub(r"[;。；]", ".", text).partition(".")
        return prose.RESET.search(later) is not None

    def _has_ended(self, written: Written, position: int) -> bool:
        """Whether the value that a definition gave to a plain symbol no longer holds: a number, in another section, or
        after words such as "in general", "for any"."""
        if not isinstance(written.head, Name):
            return False
        if self._is_reset(written.position, position) or self._is_denied(written, position):
            return True
        value = not names_in(written.body)
        return value and self.outline.section_of(written.position) != self.outline.section_of(position)

    def _is_denied(self, written: Written, position: int) -> bool:
        """Whether a condition behind a definition denies the value that it gave: `n = 1`, and then `n ≥ 2`."""
        value = Chain(written.chain.span, (written.head, written.body), written.chain.signs[:1])
        later = (c for c in self.conditions if written.position < c.position <= position)
        return any(deny(value, condition.chain) for condition in later)

    def equations_at(self, position: int, chain: Chain) -> list[tuple[int, Chain]]:
        """The equations that the document states before a place in its chapter and that define nothing, latest first,
        each with its place and as a chain of its own: the first relation of a chain, and each one that names a value
        (`… = \\varphi`)."""
        start = next((a for a, b, _ in self.chapters if a <= position < b), 0)
        defining = {id(written.chain) for written in self.definitions}
        found = []
        for part in self.outline.parts[start : position + 1]:
            if not isinstance(part, Parsed):
                continue
            for other in part.chains():
                if other is chain:
                    break
                for k, sign in enumerate(other.signs):
                    first = k == 0 and id(other) not in defining
                    naming = k > 0 and isinstance(other.operands[k + 1], Name | Word)
                    if sign.sign == "=" and (first or naming):
                        link = Chain(other.span, other.operands[k : k + 2], other.signs[k : k + 1])
                        found.append((part.position, link))
        return found[::-1]

    def conditions_at(self, position: int) -> list[Condition]:
        """The conditions in force at a place: the local ones of the prose that leads up to it, and those of its
        section."""
        start, _ = self.outline.lead(position)
        section = self.outline.section_of(position)
        found: list[Condition] = []
        for condition in reversed(self.conditions):
            trails = condition.position > position and self._trails(position, condition.position)
            if not trails and not (start if condition.local else section + 1) <= condition.position <= position:
                continue
            if condition.passing and self._is_over(condition.position, position):
                continue
            # a later condition on the same names takes the place of an earlier one, unless they stand together
            if self._is_reset(condition.position, position):
                continue
            rivals = [c for c in found if names_in(c.chain) == names_in(condition.chain)]
            if all(self._stand_together(condition, later) for later in rivals):
                found.append(condition)
        return found[::-1]

    def _is_over(self, place: int, position: int) -> bool:
        """Whether the sentence of a place ends before a later one."""
        return re.search(r"[.!?]\s|[。！？]", self.outline.prose_between(place + 1, position) + " ") is not None

    def _stand_together(self, condition: Condition, later: Condition) -> bool:
        """Whether two conditions on the same names are meant together: they stand side by side, they do not deny each
        other, and no other case begins with the later one."""
        if later.position - condition.position > 2 or deny(condition.chain, later.chain):
            return False
        sentences = _SENTENCE.split(self.outline.prose_between(condition.position + 1, later.position))
        return len(sentences) == 1 or prose.NEXT_CASE.search(sentences[-1]) is None

    def _trails(self, position: int, place: int) -> bool:
        """Whether a condition stands in the sentence that a formula is part of, behind it: `… where x ≥ 0`."""
        formula = self.outline.parts[position]
        if place - position > _LONGEST_TRAIL or not isinstance(formula, Parsed):
            return False
        if formula.formula.text.text.rstrip().endswith((".", "。")):
            return False
        between = self.outline.parts[position + 1 : place]
        if any(isinstance(part, Parsed) and part.formula.display for part in between):
            return False
        text = self.outline.prose_between(position + 1, place)
        return _TRAILS.match(text) is not None and _ENDS.search(text) is None

    def lead_text(self, position: int) -> str:
        """The prose that leads up to a place."""
        return self.outline.prose_between(*self.outline.lead(position))

    def text_before(self, position: int) -> str:
        """All prose of the document up to a place."""
        return self.outline.prose_between(0, position)


_LONGEST_TRAIL = 6
_SENTENCE = re.compile(r"[.:;!?。：；！？]")
_TRAILS = re.compile(
    r"[\s,;(]*(where|for|if|when|whenever|since|because|as|with|provided|assuming|given|[Hh]ere|on|in the case)\b"
)
_ENDS = re.compile(r"[.!?。！？](\s|$)")


def _independent(definitions: list[Written]) -> dict[str, str]:
    """Of each name that stands alone left of its formulas, the variable of these, x or t, where they have one of
    them."""
    found: dict[str, set[str]] = {}
    for written in definitions:
        if isinstance(written.head, Name):
            found.setdefault(written.key, set()).update(names_in(written.body) & {"x", "t"})
    return {key: next(iter(letters)) for key, letters in found.items() if len(letters) == 1}


def _follows(one: Chain, other: Chain | None) -> bool:
    """Whether a chain of a formula stands behind another one of it."""
    return other is not None and one.span.start > other.span.start


def gather(outline: Outline) -> Context:
    """Collect what the whole document says."""
    kinds: dict[str, Kind] = {}
    conditions: list[Condition] = []
    definitions: list[Written] = []
    unknowns: set[str] = set()
    whole = survey(parsed.passage for parsed in outline.formulas())
    for parsed in outline.formulas():
        definitions.extend(definitions_in(outline, parsed, unknowns, whole))
        said = Said(outline, parsed, outline.prose_before(parsed.position))
        for chain in parsed.chains():
            understood = membership(chain, kinds, set())
            if not parsed.formula.display and not understood and is_condition(chain, said):
                local = is_local(chain)
                passing = local and prose.PASSING.search(said.before[-60:]) is not None
                conditions.append(Condition(chain, parsed.position, local, passing))
        for chain in beside(parsed):
            if not membership(chain, kinds, set()):
                conditions.append(Condition(chain, parsed.position, True))
    if prose.COMPLEX.search(outline.prose_between(0, len(outline.parts))):
        kinds.update({key: "complex" for key in in_magnitudes(outline) if kinds.get(key, "real") == "real"})
    chapters, sections = _conventions(outline, whole, definitions)
    return Context(outline, chapters, sections, tuple(definitions), tuple(conditions), kinds)


def _declared_random(outline: Outline) -> frozenset[str]:
    """The names that the prose calls random variables."""
    found: set[str] = set()
    for parsed in outline.formulas():
        if parsed.formula.display:
            continue
        after = outline.prose_between(parsed.position + 1, parsed.position + 4)
        if not random_in_prose(outline.prose_before(parsed.position), after):
            continue
        for chain in parsed.chains():
            items = chain.operands[0].items if isinstance(chain.operands[0], List) else chain.operands[:1]
            found |= {key for item in items if (key := slot_key(item)) is not None}
    return frozenset(found)


def _conventions(outline: Outline, whole: Survey, definitions: list[Written]) -> tuple[Ranges, Ranges]:
    """How names are read in each chapter, and in each section of it: in a chapter names are used in one way, and which
    are vectors is said section by section."""
    ranges = outline.chapters() or [(0, len(outline.parts))]
    parted = [
        (max(start, a), min(end, b), start)
        for start, end in ranges
        for a, b in outline.sections()
        if max(start, a) < min(end, b)
    ] or [(0, len(outline.parts), 0)]
    said = outline.prose_between(0, len(outline.parts))
    laplace = frozenset({"Laplace"} if prose.LAPLACE.search(said) else ())
    linear = laplace | TRANSFORMS if laplace or prose.TRANSFORM.search(said) else frozenset()
    evidence = [shown_in(outline, a, b, start) for a, b, start in parted]
    numbered = ((next(k for k, (a, b, _) in enumerate(parted) if a <= d.position < b), d) for d in definitions)
    vectors = with_defined(list(vectors_of(evidence)), evidence, ((k, d.key, d.body) for k, d in numbered))
    defined = frozenset(d.key for d in definitions)
    independent = _independent(definitions)
    declared = _declared_random(outline)
    forms = forms_in(outline)
    members = members_in(outline)
    supposed = only_supposed(evidence)
    qubits = prose.QUBITS.search(said) is not None
    written = " ".join(part.formula.text.text for part in outline.formulas())
    modular = prose.MODULAR.search(said) is not None or prose.MODULAR.search(written) is not None
    chapters, sections = [], []
    for start, end in ranges:
        passages = [p.passage for p in outline.formulas() if start <= p.position < end]
        shown = whole if len(ranges) == 1 else survey(passages, whole)
        inside = [(a, b, keys) for (a, b, chapter), keys in zip(parted, vectors, strict=True) if chapter == start]
        everything = frozenset().union(*(keys for _, _, keys in inside))
        chances = chances_in(passages, said if len(ranges) == 1 else outline.prose_between(start, end), declared)

        def conventions(keys: frozenset[str], shown: Survey = shown, chances: Chances = chances) -> Conventions:
            matrices = {key for key in chances.random & keys - chances.sure if form_of(key, forms) == "matrix"}
            fixed = replace(chances, random=chances.random - matrices)  # capitals of matrices, not of random variables
            return Conventions(
                shown, defined, keys, linear, independent, fixed, forms, members, qubits, supposed, modular
            )

        chapters.append((start, end, conventions(everything)))
        sections += [(a, b, conventions(keys)) for a, b, keys in inside]
    return tuple(chapters), tuple(sections)
