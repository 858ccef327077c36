"""What a document says of independence: "$X$ and $Y$ are independent", "i.i.d. samples $x_1, \\ldots, x_n$",
`X \\perp Y \\mid Z`; with the place from which on it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.documents.document import Prose
from derive.meaning.chances import slot_key
from derive.meaning.outline import Outline, Parsed
from derive.notation.tree import Ellipsis, List, Name, Node, Number, Script


@dataclass(frozen=True, slots=True)
class Independence:
    """Variables that are independent of each other, given others. `families` are those of the names whose members are
    independent among themselves; `identical` says that these have one law. `local`: it is assumed for what comes next
    only."""

    names: tuple[str, ...]
    families: frozenset[str]
    given: tuple[str, ...]
    identical: bool
    position: int
    local: bool
    said: str


_FORM = r"⟦(\d+)⟧"
_LIST = r"((?:⟦\d+⟧)(?:\s*(?:,|and|, and|与|和|、)\s*⟦\d+⟧)*)"
_INDEPENDENT = r"(?:independent(?:ly)?|i\.?\s?i\.?\s?d\.?|相互独立|独立(?:同分布)?)"
_ADVERB = (
    r"(?:(?:two|three|all|both|conditionally|mutually|pairwise|statistically|jointly|drawn|sampled|distributed|assumed|"
    r"to be)\s+)*"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<list>{_LIST})\s*(?:are|be|being|is)?\s*{_ADVERB}(?P<how>{_INDEPENDENT})(?!\s*(?:of|from))",
        rf"(?P<how>{_INDEPENDENT}|independence)(?:\s+and\s+identically\s+distributed)?(?:\s+(?:of|between|random|variables?|"
        rf"samples?|observations?|data|points?|normal|gaussian|copies|events?|the)){{0,5}}\s*(?P<list>{_LIST})",
        rf"(?P<list>{_LIST})\s*(?:are|be|being|is)?\s*{_ADVERB}(?P<how>independent)\s+(?:of|from)\s+(?P<other>{_LIST})",
    )
)
_GIVEN = re.compile(rf"\s*,?\s*(?:conditional(?:ly)?\s+on|given)\s+{_LIST}", re.IGNORECASE)
_CONDITIONAL = re.compile(r"\bcondition|\bgiven\b|条件", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(not|never|n't|neither|need|whether|unless|dependent|iff|only if|without|if and)\b|不", re.IGNORECASE
)
_LOCAL = re.compile(r"\b(if|when|whenever|for|since|because|as|by|in case|provided)\b|若|如果|当|由于", re.IGNORECASE)
_ENDED = re.compile(
    r"\b(in general|generally|dependent|no longer|otherwise|without|not (be )?independent)\b|一般", re.IGNORECASE
)


_TRAIL = 4  # parts between a formula and what its sentence goes on to say


def independences(outline: Outline) -> tuple[Independence, ...]:
    """All that a document says of independence, in order."""
    found: list[Independence] = []
    text, forms, start = "", dict[int, Parsed](), 0
    for position, part in enumerate((*outline.parts, None)):
        if isinstance(part, Parsed) and not part.formula.display:
            text += f"⟦{position}⟧"
            forms[position] = part
        elif isinstance(part, Prose):
            text += f" {part.text} "
        else:
            found.extend(_in_text(text, forms, start))
            text, forms, start = "", {}, position + 1
        if isinstance(part, Parsed):
            found.extend(_by_sign(part))
    return tuple(found)


def independence_at(outline: Outline, claims: tuple[Independence, ...], position: int) -> tuple[Independence, ...]:
    """What is said of independence that holds at a place: in its section, not taken back, and, where it is said for one
    formula only, in what leads up to the place."""
    section = outline.section_of(position)
    lead, _ = outline.lead(position)
    found = []
    for claim in claims:
        if claim.position > position + _TRAIL or outline.section_of(claim.position) != section:
            continue
        if claim.position > position:
            between = outline.prose_between(position + 1, claim.position).lstrip(" ,")
            if not claim.local or re.search(r"[.!?。]", between) or not between[:1].islower():
                continue
        if claim.local and claim.position < lead:
            continue
        if _ENDED.search(outline.prose_between(claim.position + 1, position)):
            continue
        found.append(claim)
    return tuple(found)


def _in_text(text: str, forms: dict[int, Parsed], start: int) -> Iterator[Independence]:
    for sentence in re.split(r"(?<=[.;!?。；])\s+(?=[A-Z\u4e00-\u9fff⟦])", text):
        if not re.search(r"independen|i\.?\s?i\.?\s?d|独立", sentence, re.IGNORECASE):
            continue
        for pattern in _PATTERNS:
            match = pattern.search(sentence)
            if match is None or _DENIED.search(sentence[max(0, match.start() - 60) : match.end()]):
                continue
            groups = match.groupdict()
            lists = [part for part in (groups.get("list"), groups.get("other")) if part]
            numbers = [int(n) for part in lists for n in re.findall(_FORM, part)]
            nodes = [node for n in numbers for node in _named(forms[n])]
            given = _GIVEN.match(sentence, match.end())
            if given is None and _CONDITIONAL.search(sentence):
                continue
            others = [node for n in re.findall(_FORM, given[1]) for node in _named(forms[int(n)])] if given else []
            claim = _claim(nodes, others, numbers[0], groups["how"], sentence, match.start())
            if claim is not None:
                yield claim
                break


def _claim(
    nodes: list[Node], others: list[Node], position: int, how: str, sentence: str, start: int
) -> Independence | None:
    keys = {key: None for node in nodes if (key := slot_key(node)) is not None}
    families = frozenset(key for node in nodes if isinstance(node, Script) and (key := slot_key(node)) is not None)
    if not keys or (len(keys) == 1 and not families):
        return None
    identical = re.search(r"i\.?\s?i\.?\s?d|identical|同分布", how + sentence, re.IGNORECASE) is not None
    given = tuple(key for node in others if (key := slot_key(node)) is not None)
    local = _LOCAL.search(sentence[:start]) is not None
    said = f"{', '.join(keys)} {'is' if len(keys) == 1 and not families else 'are'} independent"
    said += f" given {', '.join(given)}" if given else ""
    return Independence(tuple(keys), families, given, identical, position, local, said)


def _named(parsed: Parsed) -> list[Node]:
    """The names that a formula lists, or whose law it states."""
    for chain in parsed.chains():
        first: Node = chain.operands[0]
        if chain.signs and chain.signs[0].sign not in ("∼", "∈", "="):
            return []
        items = first.items if isinstance(first, List) else (first,)
        return [item for item in items if not isinstance(item, Ellipsis | Number)]
    return []


def _by_sign(parsed: Parsed) -> Iterator[Independence]:
    """`X \\perp Y`, `X \\perp Y \\mid Z`, alone in its formula."""
    for chain in parsed.chains():
        if [sign.sign for sign in chain.signs] != ["⊥"]:
            continue
        nodes: list[Node] = list(chain.operands)
        given: tuple[Node, ...] = ()
        last = nodes[1]
        if isinstance(last, List) and "|" in last.separators:
            cut = last.separators.index("|") + 1
            nodes[1], given = last.items[0], last.items[cut:]
        if not all(isinstance(node, Name | Script) for node in (*nodes, *given)):
            continue
        claim = _claim(nodes, list(given), parsed.position, "", "", 0)
        if claim is not None:
            yield claim


def families_in(claims: tuple[Independence, ...]) -> frozenset[str]:
    """The families whose members are independent of each other, given nothing."""
    return frozenset(name for claim in claims if not claim.given for name in claim.families)
