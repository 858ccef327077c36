"""The search for repairs: each candidate edit is made to the source, the document is opened again, and the edit is kept
only if the steps it is for are then proved and no other step is worse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from derive.deciding.document import Opened
from derive.deciding.judge import judge
from derive.deciding.judgement import Judgement
from derive.documents.formats import write_text
from derive.meaning.definitions import Written
from derive.meaning.names import key_of_base
from derive.meaning.question import Definition
from derive.meaning.survey import names_in
from derive.notation.latex import to_latex
from derive.notation.tree import Chain, Script
from derive.notation.walk import walk
from derive.repairing.candidates import around, families, whole_sign
from derive.repairing.edit import Candidate, Change, apply_changes
from derive.results import WORTH, VerdictName
from derive.steps.step import Step

MOST_CANDIDATES = 60


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

    def promises(self, candidate: Candidate, target: int) -> bool:
        """Whether the target, with the candidate's changes in its own formula, would be proved: the cheap first
        test."""
        changes = [(change.span, change.text) for change in candidate.changes]
        step = self.opened.with_changed_formula(target, changes)
        return step is not None and judge(self.opened.context, step, self.assumed, only_proof=True).verdict == "proved"

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
                if WORTH[judged[index].verdict] < WORTH[self.verdicts[index]] and self.verdicts[index] != "refuted":
                    return None
        return edited, judged


def mend_definition(bench: Bench, groundless: Mapping[int, tuple[str, str]]) -> list[Found]:
    """Repairs of definitions that are built on the wrong family: steps differentiate `a` by `z`, and the definition of
    `a` has `x` where `z` was meant."""
    found: list[Found] = []
    pairs = sorted(set(groundless.values()))
    for body, variable in pairs:
        targets = [k for k in sorted(groundless) if groundless[k] == (body, variable)]
        for written in bench.opened.context.definitions:
            if written.key != body:
                continue
            for candidate in _family_swaps(bench, written, variable):
                best = _gain(bench, candidate, targets, _touched(bench.opened, body))
                if best is not None:
                    found.append(Found(candidate, best[1], _chain_after(best[0], bench, written.chain), True))
                    break
    return found


def _family_swaps(bench: Bench, written: Written, variable: str) -> Iterable[Candidate]:
    """The families in a definition, each replaced by the variable where both have as many indices."""
    survey = bench.opened.context.conventions_at(written.position).survey
    shapes = set(survey.usage[variable].indexed) if variable in survey.usage else set()
    body = written.body
    used = dict.fromkeys(
        key for part in walk(body) if isinstance(part, Script) and (key := key_of_base(part.base)) is not None
    )
    for key in used:
        if key != variable and shapes & set(survey.usage[key].indexed):
            candidate = families(body, bench.text, survey, key, variable)
            if candidate is not None:
                yield candidate


def _touched(opened: Opened, name: str) -> list[int]:
    """The steps that a name stands in, or that a definition leads to it."""
    names = {name}
    while more := {d.key for d in opened.context.definitions if d.key not in names and names & names_in(d.body)}:
        names |= more
    return [k for k, step in enumerate(opened.steps) if names & (names_in(step.left) | names_in(step.right))]


def _gain(
    bench: Bench, candidate: Candidate, targets: Sequence[int], affected: Sequence[int]
) -> tuple[Opened, tuple[tuple[int, Judgement], ...]] | None:
    for target in targets:
        tried = bench.try_out(candidate, target, affected)
        if tried is not None:
            opened, judged = tried
            return opened, bench.gained(judged)
    return None


def mend_step(bench: Bench, target: int) -> Found | None:
    """The best repair for a refuted step: of its right side, of its left side where that is not shared with the line
    before, or of the sign of a definition it starts from."""
    opened = bench.opened
    step = opened.steps[target]
    position_steps = [k for k, s in enumerate(opened.steps) if s.position == step.position]
    attempts: list[tuple[Candidate, Chain, bool]] = []
    if step.role in ("opening", "inline", "claim"):
        for key, definitions in opened.context.definitions_at(step.position, step.chain).items():
            if _stands_in(step, key):
                written = definitions[0]
                attempts += [(c, written.chain, True) for c in whole_sign(written.body, bench.text)]
    others = names_near(step, opened)
    survey = opened.context.conventions_at(step.position).survey
    attempts += [(c, step.chain, False) for c in around(step.right, bench.text, survey, others)]
    if step.role in ("opening", "inline", "claim"):
        attempts += [(c, step.chain, False) for c in around(step.left, bench.text, survey, others)]
    best: tuple[tuple[int, int, int], Found] | None = None
    for number, (candidate, chain, in_definition) in enumerate(attempts[:MOST_CANDIDATES]):
        affected: Iterable[int] = range(len(opened.steps)) if in_definition else position_steps
        if not in_definition and not bench.promises(candidate, target):
            continue
        tried = bench.try_out(candidate, target, affected)
        if tried is None:
            continue
        edited, judged = tried
        gained = bench.gained(judged)
        rank = (-len(gained), candidate.cost, number)
        if best is None or rank < best[0]:
            shown = _chain_after(edited, bench, chain) if in_definition else step_after(edited, target)
            best = rank, Found(candidate, gained, shown, in_definition)
    return best[1] if best else None


def _stands_in(step: Step, key: str) -> bool:
    return any(key_of_base(part) == key for part in walk(step.left))


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


def _chain_after(edited: Opened, bench: Bench, chain: Chain) -> str:
    """The chain at the same place of the edited document, up to its second operand, as LaTeX."""
    for parsed, before in zip(edited.context.outline.formulas(), bench.opened.context.outline.formulas(), strict=False):
        for new, old in zip(parsed.chains(), before.chains(), strict=False):
            if old is chain:
                return f"{to_latex(new.operands[0])} = {to_latex(new.operands[1])}"
    return ""
