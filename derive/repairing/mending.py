"""Repairs made in a document, in rounds: those that do not meet are made together, the document is checked again, and
they stay only if no step is worse and the document is better.

Every repair was verified alone. Two of them may answer the same slip from its two sides (`a = b` and `b = c` with a
wrong `b`), so that the lines of a derivation take one repair a round, the one that proves most. A round that goes wrong
is tried again repair by repair. A line that goes on from a refuted one waits until that one is mended. What a round
does depends on the text alone: a document is done when a whole round leaves it as it is, and so it does the next time.

A document is mended by a generator, which yields texts to check and is sent what was found: it knows no processes.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from derive.repairing.edit import Change, apply_changes
from derive.results import WORTH, DocumentResult, Finding, Place, StepResult
from derive.source import Source, Span

MOST_CHECKS = 40
"""How often one document is checked before it is left as it is by then."""


@dataclass(frozen=True, slots=True)
class Made:
    """A repair that was made: the finding it answers, and the step it stands in as it was before."""

    finding: Finding
    step: StepResult | None


@dataclass(frozen=True, slots=True)
class Mended:
    """A document after its repairs: its text, the repairs in the order of the document, what is known of it now, and
    whether there might be more to mend (it had been checked too often)."""

    text: str
    made: tuple[Made, ...]
    result: DocumentResult
    unfinished: bool = False


Mending = Generator[str, DocumentResult, Mended]


def mend(path: str, text: str, most_checks: int = MOST_CHECKS) -> Mending:
    """Mends a document: makes every repair of its findings that does it good."""
    result = yield text
    made: list[Made] = []
    left = most_checks - 1
    while True:
        attempt = Round(Source(path, text), result, left)
        kept, after = yield from attempt.make()
        left = attempt.left
        if not kept:
            break
        made += [Made(finding, _step_of(result, finding)) for finding in kept]
        text, result = with_repairs(attempt.source, kept) or text, after
    made.sort(key=lambda m: (m.finding.place.line, m.finding.place.column, m.finding.code))
    return Mended(text, tuple(made), result, unfinished=left <= 0)


class Round:
    """One round of repairs of a text, of which `result` is known; `left` is how often it may still be checked."""

    def __init__(self, source: Source, result: DocumentResult, left: int) -> None:
        self.source, self.result, self.left = source, result, left
        doubtful = _goes_on_from_wrong(result)
        self.offered = [
            finding
            for finding in result.findings
            if finding.repair
            and finding.repair.verified
            and finding.place not in doubtful
            and with_repairs(source, [finding])
        ]

    def make(self) -> Generator[str, DocumentResult, tuple[list[Finding], DocumentResult]]:
        """The findings whose repairs are made, and what is known of the text with them."""
        chosen = choose(self.offered, self.result)
        if len(chosen) > 1:
            after = yield from self._try(chosen, self.result)
            if after is not None:
                return chosen, after
        kept: list[Finding] = []
        best = self.result
        for finding in chosen:
            after = yield from self._try([*kept, finding], best)
            if after is not None:
                kept, best = [*kept, finding], after
        for finding in self.offered:  # those that stood back for others, which did no good
            if not kept and finding not in chosen:
                after = yield from self._try([finding], best)
                if after is not None:
                    kept, best = [finding], after
        return kept, best

    def _try(
        self, findings: list[Finding], before: DocumentResult
    ) -> Generator[str, DocumentResult, DocumentResult | None]:
        """What is known of the text with these repairs, where it is better than before."""
        text = with_repairs(self.source, findings)
        if text is None or text == self.source.text or self.left <= 0:
            return None
        self.left -= 1
        after = yield text
        return after if is_better(after, before) else None


def with_repairs(source: Source, findings: Iterable[Finding]) -> str | None:
    """The text with the repairs of the findings made; None where they overlap or do not fit the text."""
    edits = [edit for finding in findings if finding.repair for edit in finding.repair.edits]
    try:
        return apply_changes(source.text, [Change(_span(edit.place, source), edit.text) for edit in edits])
    except ValueError:
        return None


def choose(offered: Sequence[Finding], result: DocumentResult) -> list[Finding]:
    """The findings whose repairs can be made together: of those that meet in a derivation the one that proves most, of
    equals the first."""
    taken: set[int] = set()
    chosen = []
    for finding in sorted(offered, key=lambda f: -(f.repair.gains if f.repair else 0)):
        lines = _lines(finding, result)
        if not taken & lines:
            taken |= lines
            chosen.append(finding)
    return sorted(chosen, key=offered.index)


def is_better(after: DocumentResult, before: DocumentResult) -> bool:
    """Whether a document has become better: no step is worse, no more is wrong, and something is gained."""
    old, new = _worths(before), _worths(after)
    if len(old) != len(new) or any(n < o for n, o in zip(new, old, strict=True)):
        return False
    wrong_before, wrong_after = _count_errors(before), _count_errors(after)
    return wrong_after <= wrong_before and (sum(new), -wrong_after) > (sum(old), -wrong_before)


def _goes_on_from_wrong(result: DocumentResult) -> set[Place]:
    """The places of steps that go on from the right side of a refuted one: that side may be what is wrong, and a repair
    would make what follows agree with it."""
    return {
        step.place
        for derivation in result.derivations
        for before, step in pairwise(derivation.steps)
        if not step.opening and before.verdict == "refuted"
    }


def _span(place: Place, source: Source) -> Span:
    return Span(source.offset(place.line, place.column), source.offset(place.end_line, place.end_column))


def _lines(finding: Finding, result: DocumentResult) -> set[int]:
    """The lines that a repair is about: those of its edits, and of the derivations they stand in."""
    edits = finding.repair.edits if finding.repair else ()
    own = {line for edit in edits for line in range(edit.place.line, edit.place.end_line + 1)}
    around = (range(d.line, d.end_line + 1) for d in result.derivations)
    return own.union(*(lines for lines in around if own.intersection(lines)))


def _step_of(result: DocumentResult, finding: Finding) -> StepResult | None:
    """The step that a repair changes: the one that its finding is told of, or the one that its first edit stands in."""
    steps = [step for derivation in result.derivations for step in derivation.steps]
    edits = finding.repair.edits if finding.repair else ()
    for step in steps:
        if step.place == finding.place:
            return step
    for edit in edits[:1]:
        at = (edit.place.line, edit.place.column)
        for step in steps:
            if (step.place.line, step.place.column) <= at <= (step.place.end_line, step.place.end_column):
                return step
    return None


def _worths(result: DocumentResult) -> list[int]:
    return [WORTH[step.verdict] for derivation in result.derivations for step in derivation.steps]


def _count_errors(result: DocumentResult) -> int:
    return sum(finding.severity == "error" for finding in result.findings)
