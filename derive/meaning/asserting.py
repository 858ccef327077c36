"""Which of its equations a document stands behind, and from where on: what may be used further down.

An equation counts as said where no word of its sentence takes it back: it is not what is to be shown, not supposed
against the author's belief, not asked, denied or approximate. It counts within its section, and not beyond the words
that open another case, another example, or the proof of it."""

from __future__ import annotations

import re
from functools import lru_cache

from derive.documents.document import Part, Prose
from derive.meaning import prose
from derive.meaning.conditions import restrictions
from derive.meaning.outline import Outline, Parsed
from derive.notation.tree import Chain, Text
from derive.notation.walk import walk
from derive.source import Span

_SENTENCE = re.compile(r"[.。！!？?;；]\s")
_CLAUSE = re.compile(r"[,.。，；;！!](\s|$)|？|\?")
_LONGEST = 400  # characters of prose before a formula that are looked at


def asserted(outline: Outline, parsed: Parsed) -> bool:
    """Whether the document says that the equations of a formula hold."""
    for remark in parsed.remarks():
        if remark.kind == "text" and any(isinstance(p, Text) and prose.IN_A_CASE.search(p.text) for p in walk(remark)):
            return False
    if parsed.formula.display:
        start, _ = outline.lead(parsed.position)
        before = outline.prose_between(start, parsed.position)
    else:
        before = _paragraph_before(outline, parsed)
        if prose.PLACES.search(outline.prose_before(_first_joined(outline, parsed.position))) is not None:
            return False
    if _is_restricted(outline, parsed.position):
        return False
    if _not_said(_last_sentence(before[-_LONGEST:])):
        return False
    behind = outline.prose_between(parsed.position + 1, parsed.position + 3)[:120]
    if not parsed.formula.display and _not_said(_CLAUSE.split(behind)[0]):
        return False
    return prose.DENIED.match(behind) is None


def _first_joined(outline: Outline, position: int) -> int:
    """The first of the formulas that one is listed with: "at $a = 1$, $b = 2$ and $c = 3$"."""
    while position >= 2 and prose.JOINS.fullmatch(outline.prose_before(position)):
        earlier = next((k for k in range(position - 1, -1, -1) if isinstance(outline.parts[k], Parsed)), None)
        if earlier is None or _paragraph(outline.parts[earlier]) != _paragraph(outline.parts[position]):
            break
        position = earlier
    return position


def _is_restricted(outline: Outline, position: int) -> bool:
    """Whether the words behind a formula say for what it holds: `… for all t ≤ 0`; for all `k` restricts nothing."""
    behind = outline.parts[position + 1 : position + 3]
    if not behind or not isinstance(behind[0], Prose) or prose.RESTRICTS.match(behind[0].text) is None:
        return False
    universal = prose.ALL.search(behind[0].text) is not None
    last = behind[-1]
    plain = isinstance(last, Parsed) and not any(chain.signs for chain in last.chains())
    return not (universal and plain)


def _not_said(sentence: str) -> bool:
    return prose.UNSAID.search(prose.SHOWN.sub(" ", sentence)) is not None or bool(prose.UNCLAIMED.search(sentence))


def _paragraph_before(outline: Outline, parsed: Parsed) -> str:
    position = parsed.position
    while position and _paragraph(outline.parts[position - 1]) == parsed.formula.paragraph:
        position -= 1
    return outline.prose_between(position, parsed.position)


def _paragraph(part: Part | Parsed) -> int:
    return part.formula.paragraph if isinstance(part, Parsed) else part.paragraph


def _span(part: Part | Parsed) -> Span:
    return part.formula.span if isinstance(part, Parsed) else part.span


def _last_sentence(text: str) -> str:
    return _SENTENCE.split(text)[-1]


def holds_on(outline: Outline, place: int, position: int) -> bool:
    """Whether what is said at a place still holds at a later one: no other case, example or supposition begins between
    them, and what stands at the place is not what is proved at the position."""
    one, other = _span(outline.parts[place]), _span(outline.parts[position])
    between = outline.document.source.text[one.end : other.start] if place != position else ""
    return prose.ELSEWHERE.search(between) is None and not _is_proved_there(outline, one.start, other.start)


def _is_proved_there(outline: Outline, place: int, position: int) -> bool:
    """Whether the first place lies in a statement (a theorem, an exercise) and the other in the proof of it."""
    regions = _regions(outline.document.source.text)
    for start, end, proof_end in regions:
        if start <= place < end:
            return end <= position < proof_end and not _is_supposed(outline.document.source.text[start:place])
    return False


def _is_supposed(text: str) -> bool:
    """Whether the last sentence of the text supposes or defines what follows it."""
    last = _SENTENCE.split(text)[-1]
    return prose.SUPPOSES.search(last) is not None and prose.THEN.search(last) is None


_STATEMENT = re.compile(
    r"\\begin\{(?:theorem|lemma|proposition|corollary|claim|conjecture|thm|lem|prop|cor|exercise|problem|question)\*?\}"
    r"|^[ \t>#*_-]*(?:\\textbf\{|\\emph\{)?(?:Theorem|Lemma|Proposition|Corollary|Claim|Conjecture|Exercise|Problem"
    r"|Question|定理|引理|命题|推论|习题|问题|例题)\b",
    re.IGNORECASE | re.MULTILINE,
)
_PROOF = re.compile(
    r"\\begin\{(?:proof|solution|answer)\*?\}"
    r"|^[ \t>#*_-]*(?:\\textbf\{|\\emph\{|\\textit\{)?(?:Proof|Solution|Answer|Derivation|证明|解答|解|推导)"
    r"(?![A-Za-z])|\\subsubsection\*?\{A\}",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(
    r"\\end\{(?:proof|solution|answer)\*?\}|\\qed\b|\\blacksquare|■|□|∎|^#{1,6} |\\(?:sub)*section", re.MULTILINE
)


@lru_cache(maxsize=64)
def _regions(text: str) -> tuple[tuple[int, int, int], ...]:
    """Statements with their proofs: where the statement starts, where its proof starts, where that ends."""
    found: list[tuple[int, int, int]] = []
    proofs = [match.start() for match in _PROOF.finditer(text)]
    statements = [match.start() for match in _STATEMENT.finditer(text)]
    for start in statements:
        later = [place for place in statements if place > start]
        proof = next((place for place in proofs if place > start), None)
        if proof is None or (later and later[0] < proof):
            continue
        stop = _END.search(text, proof + 2)
        ends = [place for place in (later[0] if later else None, stop.start() if stop else None) if place is not None]
        found.append((start, proof, min(ends, default=len(text))))
    return tuple(found)


def plain_chains(parsed: Parsed) -> list[Chain]:
    """The chains of a formula that state something on their own; none where a restriction stands beside them."""
    apart = restrictions(parsed)
    return [] if apart else [chain for chain in parsed.chains() if chain.signs]
