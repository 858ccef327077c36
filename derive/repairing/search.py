"""The search for repairs: each candidate edit is made to the source, the document is opened again, and the edit is kept
only if the steps it is for are then proved and no other step is worse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from derive.deciding.document import Opened
from derive.deciding.judgement import Judgement
from derive.meaning.definitions import Written
from derive.meaning.names import key_of_base
from derive.meaning.survey import names_in
from derive.notation.latex import to_latex
from derive.notation.tree import Chain, Script
from derive.notation.walk import walk
from derive.repairing.bench import Bench, Found, names_near, step_after
from derive.repairing.candidates import around, families, whole_sign
from derive.repairing.edit import Candidate
from derive.repairing.screening import promises, question_to_vary
from derive.steps.step import Step

MOST_CANDIDATES = 140
MOST_DEAR = 6  # candidates that no model throws out and that take a proof each
MOST_TRIED = 6  # candidates that may hold, tried in the whole document


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
    attempts: list[tuple[Candidate, Chain, bool]] = []
    if step.role in ("opening", "inline", "claim"):
        for key, definitions in opened.context.definitions_at(step.position, step.chain).items():
            if _stands_in(step, key):
                written = definitions[0]
                attempts += [(c, written.chain, True) for c in whole_sign(written.body, bench.text)]
    others = names_near(step, opened)
    survey = opened.context.conventions_at(step.position).survey
    attempts += [(c, step.chain, False) for c in around(step.right, bench.text, survey, others, step.chain, step.left)]
    if step.role in ("opening", "inline", "claim"):
        attempts += [
            (c, step.chain, False) for c in around(step.left, bench.text, survey, others, step.chain, step.right)
        ]
    attempts.sort(key=lambda attempt: (attempt[0].cost, not attempt[2]))
    asked = question_to_vary(bench, step)
    best: Best | None = None
    dear, tried = 0, 0
    undecided: list[Candidate] = []  # in the line itself, where no model could tell
    for candidate, chain, in_definition in attempts[:MOST_CANDIDATES]:
        if tried >= MOST_TRIED or (best is not None and candidate.cost > best[1].candidate.cost):
            break  # the smallest edit that is proved
        if not in_definition:
            of_left = step.left.span.start <= candidate.changes[0].span.start < step.left.span.end
            hopeful = promises(bench, candidate, target, None if of_left else asked, dear < MOST_DEAR)
            if hopeful is None:
                dear += 1
                undecided.append(candidate)
            if not hopeful:
                continue
            tried += 1
        best = _better(bench, target, candidate, chain, in_definition, best)
    for candidate in undecided[:MOST_DEAR]:
        best = best or _better(bench, target, candidate, step.chain, False, None)
    return best[1] if best else None


Best = tuple[tuple[int, int], Found]


def _better(
    bench: Bench, target: int, candidate: Candidate, chain: Chain, in_definition: bool, best: Best | None
) -> Best | None:
    """The better of the best repair so far and a candidate, which is tried in the whole document."""
    steps = bench.opened.steps
    beside = (k for k, other in enumerate(steps) if other.position == steps[target].position)
    result = bench.try_out(candidate, target, range(len(steps)) if in_definition else beside)
    if result is None:
        return best
    edited, judged = result
    gained = bench.gained(judged)
    rank = (-len(gained), candidate.cost)
    if best is not None and best[0] <= rank:
        return best
    shown = _chain_after(edited, bench, chain) if in_definition else step_after(edited, target)
    return rank, Found(candidate, gained, shown, in_definition)


def _stands_in(step: Step, key: str) -> bool:
    return any(key_of_base(part) == key for part in walk(step.left))


def _chain_after(edited: Opened, bench: Bench, chain: Chain) -> str:
    """The chain at the same place of the edited document, up to its second operand, as LaTeX."""
    for parsed, before in zip(edited.context.outline.formulas(), bench.opened.context.outline.formulas(), strict=False):
        for new, old in zip(parsed.chains(), before.chains(), strict=False):
            if old is chain:
                return f"{to_latex(new.operands[0])} = {to_latex(new.operands[1])}"
    return ""
