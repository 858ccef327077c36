"""Symbols that come from nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from derive.findings.codes import finding
from derive.findings.evidence import Evidence
from derive.meaning.names import TRANSPOSES, key_of
from derive.meaning.printing import spoken
from derive.meaning.prose import single_letters
from derive.meaning.survey import names_in
from derive.notation.tree import Annotated, Function, Name
from derive.notation.walk import walk
from derive.results import Finding
from derive.steps.step import Step

# letters that may come in with a line: constants of integration, remainders, errors, multipliers
COMING = frozenset(
    ["C", "c", "K", "O", "o", "h", "R", "\\epsilon", "\\varepsilon", "\\delta", "\\lambda", "\\mathcal{O}"]
)
# letters of operators and sets, numbers and units
OPERATORS = frozenset(["E", "P", "H", "I", "D", "N", "V", "T", "i", "j"]) | frozenset(TRANSPOSES)


def fleeting_symbols(evidence: Evidence) -> Iterator[Finding]:
    """S303: a symbol that one line of a chain brings in, and that stands nowhere else in the document: not before it,
    not in the next line, not in the text. Where a line is proved, it does not matter; where numbers refute it, that is
    told."""
    outline = evidence.context.outline
    everywhere: Counter[str] = Counter()
    for parsed in outline.formulas():
        everywhere.update(key_of(part) for part in walk(parsed.passage) if isinstance(part, Name))
    in_prose = single_letters(outline.prose_between(0, len(outline.parts)))
    for step, result in evidence.steps():
        if result.verdict != "unknown" or step.role not in ("link", "opening") or step.sign.sign != "=":
            continue
        if step.right is step.chain.operands[-1]:
            continue  # what the end of a chain brings in may be what it was for
        if any(isinstance(part, Annotated) for part in walk(step.right)):
            continue  # what stands under a brace is named there
        survey = evidence.context.conventions_at(step.position).survey
        for name in _letters(step):
            key = key_of(name)
            if everywhere[key] != 1 or key in in_prose or key in survey.bound_letters:
                continue
            if key in COMING or key in OPERATORS or key == "d" or name.style or name.accents or not _is_plain(key):
                continue
            said = f"{spoken(key)} stands in this line only, and nothing says what it is"
            yield finding(outline, "S303", name.span, said)


def _letters(step: Step) -> list[Name]:
    """The names on the right of a step that its left side has not."""
    known = names_in(step.left)
    parts = [part for part in walk(step.right) if isinstance(part, Name) and key_of(part) not in known]
    called = {part.name for part in walk(step.right) if isinstance(part, Function)}
    return [part for part in parts if part.letters not in called]


def _is_plain(key: str) -> bool:
    """A single letter, Latin or Greek."""
    return len(key) == 1 or (key.startswith("\\") and key[1:].isalpha() and key not in ("\\pi", "\\infty", "\\partial"))


CHECKS = (fleeting_symbols,)
