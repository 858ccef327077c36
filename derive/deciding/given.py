"""A claim that follows from given equations: by what the prover does from one equation to the next."""

from __future__ import annotations

from dataclasses import replace

from sympy import Eq
from sympy.logic.boolalg import And, false

from derive.deciding.ask import ask
from derive.deciding.judge import Judgement
from derive.deciding.telling import BEFORE, told
from derive.meaning.context import Context
from derive.meaning.printing import to_text
from derive.meaning.question import Question
from derive.meaning.trouble import Trouble
from derive.proving.book import with_pages
from derive.proving.core import Proof
from derive.proving.prover import prove
from derive.steps.step import Step


def follows(context: Context, step: Step) -> Judgement | None:
    """A `proved` judgement of an equation that the given equations imply; None where that was not found."""
    try:
        asked = ask(context, step)
    except Trouble:
        return None
    question = asked.question
    equations = [fact.statement for fact in question.setting.facts if isinstance(fact.statement, Eq)]
    premise = And(*equations)
    if question.relation != "=" or not equations or premise == false:
        return None
    others = tuple(fact for fact in question.setting.facts if fact.statement not in equations)
    conclusion = Eq(question.left, question.right, evaluate=False)
    setting = replace(question.setting, facts=others)
    proof = prove(Question(premise, "⇒", conclusion, setting), with_pages(context.pages))
    if not isinstance(proof, Proof):
        return None
    used = {value for line in proof.lines for _, value in line.bindings} | {line.before for line in proof.lines}
    whole = proof.lines[-1].rule != "combination"
    said = (to_text(equation) for equation in equations if whole or equation in used)
    more = (to_text(assumption) for assumption in proof.assumptions() if assumption not in equations)
    how = told(proof).replace(BEFORE, "what is given")
    return Judgement("proved", how, proof, None, asked.notes, tuple(dict.fromkeys((*said, *more))), question=question)
