"""A claim that follows from given equations: by what the prover does from one equation to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import Eq
from sympy.logic.boolalg import And, false

from derive.deciding.ask import ask, settle
from derive.deciding.judgement import Judgement
from derive.deciding.telling import BEFORE, told
from derive.meaning.context import Context
from derive.meaning.printing import to_text
from derive.meaning.question import Question
from derive.meaning.reader import Reader
from derive.meaning.reading import LITERAL
from derive.meaning.trouble import Trouble
from derive.proving.book import with_pages
from derive.proving.core import Proof
from derive.proving.implying import conjuncts
from derive.proving.prover import prove
from derive.steps.step import Step


def follows(context: Context, step: Step) -> Judgement | None:
    """A `proved` judgement of an equation that the given equations imply; None where that was not found."""
    try:
        asked = ask(context, step)
    except Trouble:
        return None
    question = asked.question
    equations = tuple(dict.fromkeys(_given_equations(context, step)))
    premise = And(*equations)
    if question.relation != "=" or not equations or premise == false:
        return None
    sides = (question.left, question.right, *(side for equation in equations for side in equation.args))
    setting, _ = settle(context, step, sides, LITERAL)
    others = tuple(fact for fact in setting.facts if fact.statement not in equations)
    conclusion = Eq(question.left, question.right, evaluate=False)
    implication = Question(premise, "⇒", conclusion, replace(setting, facts=others))
    proof = prove(implication, with_pages(context.pages))
    if not isinstance(proof, Proof):
        return None
    used = {value for line in proof.lines for _, value in line.bindings} | {line.before for line in proof.lines}
    whole = proof.lines[-1].rule != "combination"
    said = (to_text(equation) for equation in equations if whole or equation in used)
    more = (to_text(assumption) for assumption in proof.assumptions() if assumption not in equations)
    how = told(proof).replace(BEFORE, "what is given")
    return Judgement("proved", how, proof, None, asked.notes, tuple(dict.fromkeys((*said, *more))), question=question)


def _given_equations(context: Context, step: Step) -> Iterator[Eq]:
    """The equations among the conditions, whatever they are about."""
    for condition in context.conditions_at(step.position):
        try:
            statement = Reader(context.conventions_at(condition.position), LITERAL).relation(condition.chain)
        except Trouble:
            continue
        yield from (part for part in conjuncts(statement) if isinstance(part, Eq))
