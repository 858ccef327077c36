"""A first look at a candidate: whether the step, with the candidate's changes in its own formula, would hold. Models
throw most candidates out before anything is proved."""

from __future__ import annotations

from dataclasses import replace

from derive.deciding.ask import ask
from derive.deciding.judge import judge
from derive.deciding.naming import groundless, targets_of
from derive.meaning.question import Question
from derive.meaning.reader import Reader
from derive.meaning.reading import LITERAL
from derive.meaning.trouble import Trouble
from derive.proving.book import WITHOUT_RULES
from derive.proving.core import Proof
from derive.proving.finite import finite_question
from derive.proving.prover import prove
from derive.refuting.evaluation import Evaluator
from derive.refuting.models import Model
from derive.refuting.refuter import agrees
from derive.repairing.bench import Bench
from derive.repairing.edit import Candidate
from derive.steps.step import Step

MOST_WORK = 1_500  # nodes evaluated for one side of one candidate


def promises(
    bench: Bench, candidate: Candidate, target: int, asked: Question | None, proving: bool = True
) -> bool | None:
    """Whether the step with the candidate's changes would be proved as it is written, without the rule book: a look at
    few models throws most candidates out. None where it was not proved and no model could tell; without `proving`,
    where no model could tell."""
    opened = bench.opened
    step = opened.with_changed_formula(target, [(change.span, change.text) for change in candidate.changes])
    if step is None:
        return False
    if step.role == "consequence":
        if not proving:
            return None
        return judge(opened.context, step, bench.assumed, True, False).verdict == "proved" or None
    question = question_of(bench, step, asked)
    if question is None or groundless(question) is not None:
        return False
    seen = agrees(question.left, question.right, question.setting, 2, _quick)
    if seen is False or (seen is None and not proving):
        return seen
    return isinstance(prove(question, WITHOUT_RULES), Proof) or (None if seen is None else False)


def question_to_vary(bench: Bench, step: Step) -> Question | None:
    """The question of a step as it is written, with the values of what no model evaluates in their places where they
    are known: what the right sides of candidates are compared with. None where it asks nothing."""
    question = question_of(bench, step)
    if question is None or question.relation != "=":
        return question
    return finite_question(question) or question


def question_of(bench: Bench, step: Step, asked: Question | None = None) -> Question | None:
    """The question of a step as it is written, or None. Where the step is one that was `asked` with another right side
    about the same names, its setting is that one's."""
    context = bench.opened.context
    try:
        if asked is not None:
            right = Reader(context.conventions_at(step.position), LITERAL).side(step.right)
            if set(targets_of(right)) <= {t for side in (asked.left, asked.right) for t in targets_of(side)}:
                return replace(asked, right=right)
        return ask(context, step, LITERAL, bench.assumed).question
    except Trouble:
        return None


def _quick(model: Model) -> Evaluator:
    return Evaluator(model, MOST_WORK)
