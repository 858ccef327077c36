"""Where candidates are tried: the document as it is, the verdicts of its steps, and the document with an edit made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from derive.deciding.document import Opened
from derive.deciding.judgement import Judgement
from derive.documents.formats import write_text
from derive.meaning.question import Definition
from derive.meaning.survey import names_in
from derive.notation.latex import to_latex
from derive.repairing.edit import Candidate, Change, apply_changes
from derive.results import WORTH, VerdictName
from derive.steps.step import Step


@dataclass(frozen=True)
class Found:
    """A verified repair: its changes, the steps that it gets proved (by number, with the judgement), the whole formula
    as repaired, and whether it stands in a definition."""

    candidate: Candidate
    gained: tuple[tuple[int, Judgement], ...]
    repaired: str
    in_definition: bool


class Bench:
    """Where candidates are tried: the document as it is, and the verdicts of its steps."""

    def __init__(self, opened: Opened, verdicts: Sequence[VerdictName], assumed: Sequence[Definition]) -> None:
        self.opened = opened
        self.verdicts = verdicts
        self.assumed = assumed
        self.text = opened.context.outline.document.source.text

    def written(self, candidate: Candidate) -> list[Change]:
        """A candidate's changes as they stand in the file, which may be a notebook."""
        path = self.opened.context.outline.document.source.path
        return [Change(change.span, write_text(path, change.text)) for change in candidate.changes]

    def gained(self, judged: Mapping[int, Judgement]) -> tuple[tuple[int, Judgement], ...]:
        """The steps that are proved now and were not before, by number."""
        now = (k for k in sorted(judged) if judged[k].verdict == "proved")
        return tuple((k, judged[k]) for k in now if self.verdicts[k] != "proved")

    def try_out(
        self, candidate: Candidate, target: int, affected: Iterable[int]
    ) -> tuple[Opened, dict[int, Judgement]] | None:
        """The document with the candidate's changes and the judgements of the steps it affects, if the target is proved
        then and none of the others is worse; else None."""
        try:
            edited = self.opened.reopen(apply_changes(self.text, self.written(candidate)))
        except ValueError:
            return None
        if len(edited.steps) != len(self.opened.steps):
            return None
        # a step that was left open is not taken to the rule book for every candidate
        opened = self.verdicts[target] not in ("proved", "refuted")
        judged = {target: edited.judge(target, self.assumed, only_proof=True, searched=not opened)}
        if judged[target].verdict != "proved":
            return None
        for index in affected:
            if index not in judged and self.verdicts[index] != "stated":
                # what was proved or refuted can only get worse by not being proved
                settled = self.verdicts[index] in ("proved", "refuted")
                judged[index] = edited.judge(index, self.assumed, only_proof=settled, searched=settled)
                if self.verdicts[index] == "proved" and judged[index].verdict != "proved":
                    judged[index] = edited.judge(index, self.assumed)  # it may rest on earlier equations
                if WORTH[judged[index].verdict] < WORTH[self.verdicts[index]] and self.verdicts[index] != "refuted":
                    return None
        return edited, judged


def names_near(step: Step, opened: Opened) -> list[str]:
    """The names in the formula that a step is part of."""
    names: set[str] = set()
    for derivation in opened.derivations:
        for other in derivation.steps:
            if other.position == step.position:
                names |= names_in(other.chain)
    return sorted(names)


def step_after(edited: Opened, target: int) -> str:
    """A step of the edited document as LaTeX."""
    step = edited.steps[target]
    return f"{to_latex(step.left)} {to_latex(step.sign)} {to_latex(step.right)}"
