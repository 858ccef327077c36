"""The line next to one that stays open: a line that was understood and is neither proved nor refuted, and that is
proved once a single sign, index, number, symbol, factor, term or function in it is another one.

Such a neighbour is no counterexample. It is told as a likely slip, with the repair that was proved. It counts only
where its proof says more than that both sides are the same, or than what a definition writes down: `p = q` is next to
`p = p`, and a second definition of a name is next to the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sympy import Eq

from derive.deciding.judgement import Judgement
from derive.deciding.naming import one_sided
from derive.meaning.outline import Parsed
from derive.meaning.question import Question
from derive.meaning.survey import names_in
from derive.notation.tree import Annotated
from derive.notation.walk import walk
from derive.refuting.refuter import agrees
from derive.repairing.bench import Bench, Found, names_near, step_after
from derive.repairing.candidates import around
from derive.repairing.edit import Candidate
from derive.repairing.screening import promises, question_to_vary
from derive.steps.step import Step

MOST_CANDIDATES = 100
MOST_DEAR = 12  # candidates that no model throws out and that take a proof each
FEW_DEAR = 3  # the same where nothing beside the step is proved either
MOST_PROVED = 4  # candidates that hold on their own, tried in the whole document


@dataclass(frozen=True)
class Near:
    """The neighbour of an open line; `code` says what differs: an index, a name that stands on the right only, or
    something else."""

    found: Found
    code: str


def near_line(bench: Bench, target: int) -> Near | None:
    """The nearest proved neighbour of an open step; None where there is none, or where it says nothing."""
    opened = bench.opened
    step = opened.steps[target]
    if step.sign.sign != "=" or (len(step.chain.signs) > 1 and step.role == "consequence"):
        return None
    if bench.verdicts[target] != "unknown" or step.role not in ("link", "consequence", "opening"):
        return None
    parsed = opened.context.outline.parts[step.position]
    if not names_in(step.right) or not (isinstance(parsed, Parsed) and parsed.formula.display):
        return None
    if any(isinstance(part, Annotated) for part in walk(step.right)):
        return None  # what stands under a brace is named there
    if _comes_from_before(bench, target):
        return None
    survey = opened.context.conventions_at(step.position).survey
    others = names_near(step, opened)
    found = around(step.right, bench.text, survey, others, step.chain, step.left)
    # shapes are inferred here: a transpose more or less may fit either way
    candidates = [c for c in found if not _is_word(c) and "transpose" not in c.what]
    lonely = names_in(step.right) - names_in(step.left) - survey.index_letters
    known = names_in(step.left)
    candidates.sort(
        key=lambda c: (_keeps(c, lonely), bool(lonely) and c.what.partition(" for ")[0] not in known, c.cost)
    )
    asked = question_to_vary(bench, step)
    if asked is not None and step.role != "consequence":
        written = known & names_in(step.right)
        candidates = _for_lonely(candidates, [name for name in one_sided(asked) if name not in written])
    neighbours = [k for k, other in enumerate(opened.steps) if other.chain is step.chain]
    understood = step.role == "consequence" or any(bench.verdicts[k] == "proved" for k in _beside(bench, target))
    tried, dear, most_dear = 0, 0, MOST_DEAR if understood else FEW_DEAR
    for candidate in candidates[:MOST_CANDIDATES]:
        if tried >= MOST_PROVED or dear >= most_dear:
            break
        hopeful = promises(bench, candidate, target, asked)
        dear += hopeful is None
        if not hopeful:
            continue
        tried += 1
        result = bench.try_out(candidate, target, neighbours)
        if result is None or not _says_something(step, result[1][target]):
            continue
        if asked is not None and _says_the_same(asked, result[1][target]):
            continue
        edited, judged = result
        near = Found(candidate, bench.gained(judged), step_after(edited, target), False)
        if candidate.loses_index:
            return Near(near, "I204")
        code = "I201" if _is_index(candidate, survey.index_letters) else "E104"
        return Near(near, code if _keeps(candidate, lonely) else "S302")
    return None


def _comes_from_before(bench: Bench, target: int) -> bool:
    """Whether the line before, which is not proved either, has brought in a name that this line does not have: then it
    is the line before that slipped."""
    step, before = bench.opened.steps[target], bench.opened.steps[target - 1] if target else None
    if before is None or before.chain is not step.chain or bench.verdicts[target - 1] in ("proved", "stated"):
        return False
    return bool(names_in(step.left) - names_in(step.right) - names_in(before.left))


def _for_lonely(candidates: list[Candidate], lonely: list[str]) -> list[Candidate]:
    """The candidates that can bring names that stand on one side only to both or to none: nothing else is a proof."""
    if not lonely:
        return candidates
    if len(lonely) > 2:
        return []
    kept = []
    for candidate in candidates:
        new, among, old = candidate.what.partition(" for ")
        if (among and (new in lonely or old in lonely)) or candidate.adds:
            kept.append(candidate)
    return kept


def _beside(bench: Bench, target: int) -> range:
    """The steps of the derivation that a step belongs to."""
    first = 0
    for derivation in bench.opened.derivations:
        last = first + len(derivation.steps)
        if first <= target < last:
            return range(first, last)
        first = last
    return range(0)


def _says_the_same(asked: Question, judgement: Judgement) -> bool:
    """Whether the right side of the neighbour is equal to that of the line: `\\sum_{k=0}` and `\\sum_{k=1}` of terms
    with a factor k."""
    other = judgement.question
    return other is not None and agrees(asked.right, other.right, asked.setting) is True


def _is_word(candidate: Candidate) -> bool:
    """Whether what a candidate replaces is written with several letters: nobody writes `erf` for `X` by a slip."""
    name = candidate.what.partition(" for ")[2]
    return re.search(r"(?<!\\)\b[A-Za-z]{2,}", re.sub(r"\\[A-Za-z]+", "", name)) is not None


def _keeps(candidate: Candidate, lonely: frozenset[str]) -> bool:
    """Whether a candidate leaves the names alone that stand on the right only: those are the likeliest to have
    slipped."""
    old = candidate.what.partition(" for ")[2]
    return old not in lonely


def _is_index(candidate: Candidate, letters: frozenset[str] | set[str]) -> bool:
    new, _, old = candidate.what.partition(" for ")
    return new in letters and old in letters


def _says_something(step: Step, judgement: Judgement) -> bool:
    """Whether the proof of a neighbour is more than `v = v`, or than what a definition writes down."""
    proof, question = judgement.proof, judgement.question
    if proof is None or proof.method == "identical":
        return False
    if question is not None:
        if any(definition.at(question.left) == question.right for definition in question.setting.definitions):
            return False
    concluded = proof.question.right if proof.question.relation == "⇒" else None
    sides = concluded.args if isinstance(concluded, Eq) else (proof.question.left, proof.question.right)
    if step.role == "opening" and len(step.chain.signs) == 1 and "definition" in proof.rules():
        return False  # a line alone may speak of another thing of that name
    if step.role == "consequence" and len(sides) == 2 and sides[0] == sides[1]:
        return False  # `v = v` follows from everything
    rules = set(proof.rules())
    return "definition" not in rules or bool(rules - {"definition"})
