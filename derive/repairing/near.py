"""The line next to one that stays open: a line that was understood and is neither proved nor refuted, and that is
proved once a single sign, index, number, symbol or function in it is another one.

Such a neighbour is no counterexample. It is told as a likely slip, with the repair that was proved. It counts only
where its proof says more than that both sides are the same, or than what a definition writes down: `p = q` is next to
`p = p`, and a second definition of a name is next to the first.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.deciding.judge import Judgement
from derive.meaning.survey import names_in
from derive.repairing.candidates import around, functions
from derive.repairing.edit import Candidate
from derive.repairing.search import Bench, Found, chain_after, names_near
from derive.steps.step import Step

MOST_CANDIDATES = 64
MOST_PROVED = 4  # candidates that hold on their own, tried in the whole document
PLAIN = frozenset({"definition", "normal form"})


@dataclass(frozen=True)
class Near:
    """The neighbour of an open line, and whether an index is what differs."""

    found: Found
    index: bool


def near_line(bench: Bench, target: int) -> Near | None:
    """The nearest proved neighbour of an open step; None where there is none, or where it says nothing."""
    opened = bench.opened
    step = opened.steps[target]
    if step.sign.sign != "=" or (len(step.chain.signs) > 1 and step.role == "consequence"):
        return None
    survey = opened.context.conventions_at(step.position).survey
    candidates = [
        *around(step.right, bench.text, survey, names_near(step, opened)),
        *functions(step.right, bench.text),
    ]
    lonely = names_in(step.right) - names_in(step.left)
    candidates.sort(key=lambda c: (_keeps(c, lonely), c.cost))
    neighbours = [k for k, other in enumerate(opened.steps) if other.chain is step.chain]
    tried = 0
    for candidate in candidates[:MOST_CANDIDATES]:
        if tried >= MOST_PROVED:
            break
        if not bench.promises(candidate, target, searched=False):
            continue
        tried += 1
        result = bench.try_out(candidate, target, neighbours)
        if result is None or not _says_something(step, result[1][target]):
            continue
        edited, judged = result
        gained = tuple(
            (k, j) for k, j in sorted(judged.items()) if j.verdict == "proved" and bench.verdicts[k] != "proved"
        )
        found = Found(candidate, gained, chain_after(edited, bench, step.chain), False)
        return Near(found, _is_index(candidate, survey.index_letters))
    return None


def _keeps(candidate: Candidate, lonely: frozenset[str]) -> bool:
    """Whether a candidate leaves the names alone that stand on the right only: those are the likeliest to have
    slipped."""
    old = candidate.what.partition(" for ")[2]
    return old not in lonely


def _is_index(candidate: Candidate, letters: frozenset[str] | set[str]) -> bool:
    new, _, old = candidate.what.partition(" for ")
    return new in letters and old in letters


def _says_something(step: Step, judgement: Judgement) -> bool:
    proof = judgement.proof
    if proof is None or proof.method == "identical":
        return False
    rules = set(proof.rules())
    if step.role in ("opening", "inline"):
        return bool(rules - PLAIN)
    return "definition" not in rules or bool(rules - {"definition"})
