"""What a document says about its names: definitions, kinds, conditions, each with the place where it is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from derive.documents.document import Prose
from derive.meaning import prose
from derive.meaning.domains import fenced_index
from derive.meaning.hints import factors_in_capitals, in_both_orders, in_magnitudes
from derive.meaning.names import key_of_base, script_label, split_subscript
from derive.meaning.outline import Outline, Parsed
from derive.meaning.question import Kind
from derive.meaning.reading import Conventions
from derive.meaning.survey import names_in, survey
from derive.notation.latex import to_latex
from derive.notation.tree import Chain, Fenced, List, Name, Node, Number, Product, Script, Word
from derive.notation.walk import walk

DEFINES = frozenset({":=", "=", "≡"})
_KINDS: dict[str, Kind] = {
    "\\mathbb{N}": "natural", "\\mathbb{Z}": "integer", "\\mathbb{R}": "real", "\\mathbb{C}": "complex",
    "\\mathbf{R}": "real", "\\mathbf{N}": "natural", "\\mathbf{Z}": "integer", "\\mathbf{C}": "complex",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A definition as written: `head = body`, in the chain `chain` of the formula at `position`. `certain` where the
    document says that it defines (`:=`, "let")."""

    key: str
    head: Node
    body: Node
    chain: Chain
    position: int
    certain: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """A relation that the document states as a condition: in prose, or beside a formula."""

    chain: Chain
    position: int
    local: bool  # holds for what follows directly (a case), not for the rest of the section


@dataclass(frozen=True)
class Context:
    """Everything the document says, before any of it is read as mathematics."""

    outline: Outline
    chapters: tuple[tuple[int, int, Conventions], ...]  # from part, to part, how names are read there
    definitions: tuple[Written, ...]
    conditions: tuple[Condition, ...]
    kinds: dict[str, Kind] = field(default_factory=dict)
    pages: tuple[str, ...] = ()  # the reader's own pages of rules, for proofs

    def conventions_at(self, position: int) -> Conventions:
        """How names are read at a place."""
        for start, end, conventions in self.chapters:
            if start <= position < end:
                return conventions
        return self.chapters[-1][2]

    def definitions_at(self, position: int, chain: Chain | None = None) -> dict[str, list[Written]]:
        """The definitions to try at a place, by name, in this order: the last one before it first, then the earlier
        ones, then those that come after it in the same section; never one of the chain in question."""
        before: dict[str, list[Written]] = {}
        after: dict[str, list[Written]] = {}
        for written in self.definitions:
            if written.chain is chain:
                continue
            if written.position <= position:
                if self._has_ended(written, position):
                    continue
                before.setdefault(written.key, []).insert(0, written)
            elif self.outline.section_of(written.position) == self.outline.section_of(position):
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
        if self._is_reset(written.position, position):
            return True
        value = not names_in(written.body)
        return value and self.outline.section_of(written.position) != self.outline.section_of(position)

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
            if not (start if condition.local else section + 1) <= condition.position <= position:
                continue
            # a later condition on the same names takes the place of an earlier one, unless they stand together
            if self._is_reset(condition.position, position):
                continue
            rivals = [c for c in found if names_in(c.chain) == names_in(condition.chain)]
            if all(c.position - condition.position <= 2 for c in rivals):
                found.append(condition)
        return found[::-1]

    def lead_text(self, position: int) -> str:
        """The prose that leads up to a place."""
        return self.outline.prose_between(*self.outline.lead(position))

    def text_before(self, position: int) -> str:
        """All prose of the document up to a place."""
        return self.outline.prose_between(0, position)


def gather(outline: Outline) -> Context:
    """Collect what the whole document says."""
    vectors: set[str] = set()
    kinds: dict[str, Kind] = {}
    conditions: list[Condition] = []
    definitions: list[Written] = []
    unknowns: set[str] = set()
    for parsed in outline.formulas():
        definitions.extend(_definitions(outline, parsed, unknowns))
        said = Said(outline, parsed, _before(outline, parsed))
        for chain in parsed.chains():
            understood = membership(chain, kinds, vectors)
            if not parsed.formula.display and not understood and _is_condition(chain, said):
                conditions.append(Condition(chain, parsed.position, _is_local(chain)))
        for chain in _beside(parsed):
            if not membership(chain, kinds, vectors):
                conditions.append(Condition(chain, parsed.position, True))
        if _called_matrix(outline, parsed):
            vectors.update(key for key in _plain_keys(parsed))
    whole = survey(parsed.passage for parsed in outline.formulas())
    text = outline.prose_between(0, len(outline.parts))
    if prose.NONCOMMUTING.search(text):
        vectors |= in_both_orders(outline) | factors_in_capitals(outline)
    if prose.COMPLEX.search(text):
        kinds.update({key: "complex" for key in in_magnitudes(outline) if kinds.get(key, "real") == "real"})
    defined, declared = frozenset(d.key for d in definitions), frozenset(vectors)
    chapters = []
    ranges = outline.chapters() or [(0, len(outline.parts))]
    for start, end in ranges:
        passages = [p.passage for p in outline.formulas() if start <= p.position < end]
        shown = whole if len(ranges) == 1 else survey(passages, whole)
        chapters.append((start, end, Conventions(shown, defined, declared)))
    return Context(outline, tuple(chapters), tuple(definitions), tuple(conditions), kinds)


# ------------------------------------------------------------------------------------ definitions


def _definitions(outline: Outline, parsed: Parsed, unknowns: set[str]) -> Iterator[Written]:
    """The definitions in a formula. `unknowns` collects the names that stood in an equation before: an equation that
    then says what one of them equals is a solution, and defines nothing unless the document says so."""
    before = _before(outline, parsed)
    defining = prose.DEFINING.search(before[-120:]) is not None
    here: set[str] = set()
    for chain in parsed.chains():
        if not chain.signs or chain.signs[0].sign not in DEFINES:
            continue
        head, body = chain.operands[0], chain.operands[1]
        key = head_key(head)
        if key is None or _mentions(body, key):
            unknowns |= names_in(chain)
            here |= names_in(chain)
            continue
        if key in here and isinstance(head, Name):
            continue
        certain = chain.signs[0].sign == ":=" or defining
        if not certain and key in unknowns and isinstance(head, Name):
            continue
        if not parsed.formula.display and not certain:
            continue
        if not parsed.formula.display and isinstance(body, Number) and prose.CONDITION.search(before[-40:]):
            continue
        yield Written(key, head, body, chain, parsed.position, certain)


def head_key(head: Node) -> str | None:
    """The key of the name that `head = …` would define; None where the left side is no head: a name, a member of a
    family with plain indices, a call with plain arguments."""
    if isinstance(head, Product) and len(head.factors) == 2 and head.operators == ("",):
        function, group = head.factors
        if isinstance(group, Fenced) and (group.left, group.right) == ("(", ")"):
            items = group.body.items if isinstance(group.body, List) else (group.body,)
            if all(isinstance(item, Name | Word | Script) for item in items):
                return head_key(function)
        return None
    if isinstance(head, Script):
        key = key_of_base(head.base)
        if key is None or head.primes:
            return None
        parts = split_subscript(head.sub)
        indices = [*parts.indices]
        if parts.label:
            key += f"_{{{parts.label}}}"
        if head.sup is not None:
            upper, label = fenced_index(head.sup), script_label(head.sup)
            if label is not None:
                key += f"^{{{label}}}"
            elif upper is not None:
                indices.append(upper)
            elif not isinstance(head.sup, Name):
                return None
            else:
                indices.append(head.sup)
        return key if all(isinstance(index, Name | Number) for index in indices) else None
    if isinstance(head, Name) and head.letters in ("partial", "nabla", "infty"):
        return None
    return key_of_base(head) if isinstance(head, Name | Word) else None


def _mentions(node: Node, key: str) -> bool:
    for inner in walk(node):
        if isinstance(inner, Name | Word | Script):
            base = inner.base if isinstance(inner, Script) else inner
            found = key_of_base(base)
            if isinstance(inner, Script) and found is not None:
                label = split_subscript(inner.sub).label
                found += f"_{{{label}}}" if label else ""
            if found == key:
                return True
    return False


# ------------------------------------------------------------------------------------- conditions


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
        return bool(prose.TAKEN_BACK.search(clause) or prose.ALTERNATIVE.match(following))


def _beside(parsed: Parsed) -> Iterator[Chain]:
    """The conditions written beside a displayed formula: after its equations, in remarks, over a sign."""
    stated = False
    for item in parsed.passage.items:
        if isinstance(item, Chain):
            if parsed.formula.display and stated and _restricts(item):
                yield _opened(item)
            stated = stated or bool(item.signs)
            for sign in item.signs:
                if isinstance(sign.label, Chain) and _restricts(sign.label):
                    yield sign.label
        elif item.kind == "text":
            yield from (_opened(part) for part in item.parts if _restricts(part))


def _restricts(node: Node) -> bool:
    """Whether a formula beside another one restricts it: an inequality or a membership, or a relation in brackets."""
    if isinstance(node, Fenced) and isinstance(node.body, Chain):
        return bool(node.body.signs)
    if not isinstance(node, Chain):
        return False
    if not node.signs:
        return _restricts(node.operands[0])
    signs = {sign.sign for sign in node.signs}
    return signs <= _ORDERS | {"∈"} or (signs == {"="} and all(isinstance(o, Name) for o in node.operands))


def _opened(node: Node) -> Chain:
    """The relation of a restriction, without the brackets around it."""
    if isinstance(node, Chain):
        return node if node.signs else _opened(node.operands[0])
    assert isinstance(node, Fenced) and isinstance(node.body, Chain)
    return node.body


def _is_condition(chain: Chain, said: Said) -> bool:
    """Whether a chain in the text restricts what follows: an inequality between plain things, a membership, or an
    equality of two names after a word like "when"."""
    before = said.before
    signs = {sign.sign for sign in chain.signs}
    if not signs or said.is_taken_back():
        return False
    if signs == {"∈"}:
        return True
    if signs <= _ORDERS:
        return all(isinstance(o, Name | Number | Script | Word | List) or _small(o) for o in chain.operands)
    if signs == {"="} and len(chain.signs) == 1:
        names = all(isinstance(o, Name) for o in chain.operands)
        return names and prose.CONDITION.search(before[-60:]) is not None
    return False


def _small(node: Node) -> bool:
    return sum(1 for _ in walk(node)) <= 8


def _is_local(chain: Chain) -> bool:
    """An equality or inequality of indices is a case; other conditions hold on."""
    return all(sign.sign in ("=", "≠") for sign in chain.signs)


def membership(chain: Chain, kinds: dict[str, Kind], vectors: set[str]) -> bool:
    """Kinds from `n \\in \\mathbb{N}`, `X \\in \\mathbb{R}^{n \\times d}`; whether the chain was such a membership."""
    if len(chain.signs) != 1 or chain.signs[0].sign != "∈":
        return False
    left, right = chain.operands
    items = left.items if isinstance(left, List) else (left,)
    keys = [key for item in items if (key := head_key(item)) is not None]
    if prose.MATRIX_SET.search(to_latex(right)):
        vectors.update(keys)
        return True
    if isinstance(right, Script):
        base = key_of_base(right.base)
        label = script_label(right.sup)
        if isinstance(right.sub, Chain) and right.sub.signs and to_latex(right.sub.operands[-1]) == "0":
            label = {">": "+", "≥": "0"}.get(right.sub.signs[0].sign, "")
            if base in _KINDS and right.sup is None and label == "0":
                kinds.update(dict.fromkeys(keys, "natural" if _KINDS[base] == "integer" else "nonnegative"))
                return _KINDS[base] == "real"
        elif right.sub is not None and to_latex(right.sub) == "+":
            label = "+"
        if base in _KINDS and right.sup is not None and label not in ("+", "-", "*"):
            vectors.update(keys)
        elif base in _KINDS and label == "+":
            kinds.update(dict.fromkeys(keys, "natural" if _KINDS[base] in ("natural", "integer") else "positive"))
        else:
            return False
        return True
    kind = _KINDS.get(key_of_base(right) or "")
    if kind:
        kinds.update(dict.fromkeys(keys, kind))
    return kind is not None


# ------------------------------------------------------------------------------------------- prose


def _before(outline: Outline, parsed: Parsed) -> str:
    """The prose directly before a formula, back to the last formula or heading."""
    texts = []
    for part in reversed(outline.parts[: parsed.position]):
        if not isinstance(part, Prose):
            break
        texts.append(part.text)
    return " ".join(reversed(texts))


def _called_matrix(outline: Outline, parsed: Parsed) -> bool:
    if parsed.formula.display:
        return False
    after = outline.prose_between(parsed.position + 1, parsed.position + 4)
    return bool(prose.MATRIX_BEFORE.search(_before(outline, parsed)) or prose.MATRIX_AFTER.search(after))


def _plain_keys(parsed: Parsed) -> Iterator[str]:
    for chain in parsed.chains():
        node: Node = chain.operands[0]
        items = node.items if isinstance(node, List) else (node,)
        for item in items:
            key = head_key(item)
            if key is not None and not (isinstance(item, Script) and split_subscript(item.sub).indices):
                yield key
