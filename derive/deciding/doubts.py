"""Why a step that fails is not called wrong: its definitions may not be meant, its numbers are rounded, or it claims
nothing."""

from __future__ import annotations

import sympy as sp
from sympy.core.expr import Expr

from derive.deciding.ask import given_before, targets_of
from derive.meaning import prose
from derive.meaning.context import Context, head_key
from derive.meaning.objects import Partial, subterms
from derive.meaning.printing import spoken
from derive.meaning.question import Question, Setting
from derive.notation.latex import to_latex
from derive.notation.tree import Number
from derive.refuting.answers import Agreement, Counterexample
from derive.refuting.refuter import refute
from derive.steps.step import Step


def doubtful_definition(context: Context, step: Step, question: Question) -> str | None:
    """Why a definition that the question needs may not be meant here, so that nothing is refuted by it: the document
    defines the name in two ways, or in another section without saying that it defines."""
    outline = context.outline
    for definition in question.setting.definitions:
        name = definition.head.name
        written = [w for w in context.definitions if w.key == name]
        if len({to_latex(w.body) for w in written}) > 1:
            return f"{spoken(name)} is defined more than once"
        if written and not any(
            w.certain
            or _differentiates(question)
            or outline.section_of(w.position) == outline.section_of(step.position)
            for w in written
        ):
            return f"{spoken(name)} is defined in another section"
    return None


def _differentiates(question: Question) -> bool:
    return any(isinstance(part, Partial) for part in subterms(question.left))


def rounded(step: Step, question: Question) -> str | None:
    """Where a side is a decimal to which the other side rounds: equal to the digits written, and no more is meant."""
    for node, value, other in ((step.right, question.right, question.left), (step.left, question.left, question.right)):
        if isinstance(node, Number) and "." in node.text and value.is_Rational and not other.free_symbols:
            digits = len(node.text.partition(".")[2])
            unit = sp.Rational(1, 10 ** min(digits, 30))
            if _agree_within(other, value, unit, question.setting):
                return f"equal to the {digits} digits written"
    return None


def _agree_within(one: Expr, other: Expr, unit: Expr, setting: Setting) -> bool:
    """Whether two numbers certainly lie within one unit of each other."""
    answer = refute(Question(sp.Abs(one - other), "≤", unit, setting))
    return isinstance(answer, Agreement) or (not isinstance(answer, Counterexample) and bool(_close(one, other, unit)))


def _close(one: Expr, other: Expr, unit: Expr) -> bool:
    difference = one - other
    return bool(difference.is_Rational and abs(difference) <= unit)


def claims_identity(context: Context, step: Step, question: Question | None) -> bool:
    """Whether an opening equation claims something that can be false: its left side is defined in the document, or both
    sides are about the same names, and the prose does not set it up as an equation to be solved or assumed."""
    if question is None:
        return True
    if _differentiates(question):
        return True
    if head_key(step.left) is not None or given_before(context, step.position):
        return False
    left, right = set(targets_of(question.left)), set(targets_of(question.right))
    if left != right:
        return False
    alone = step.role == "opening" and len(step.chain.signs) == 1 and len(left) == 1
    return not alone or prose.CONCLUDES.search(context.lead_text(step.position)[-60:]) is not None
