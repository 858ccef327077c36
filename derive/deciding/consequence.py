"""Equations that follow one another: the second must hold wherever the first does.

Decided here: the second is an identity, or both say that the same expression vanishes up to a factor that is a
nonzero number (adding, subtracting, multiplying by a number)."""

from __future__ import annotations

from sympy import Add, Eq, Integer
from sympy.core.expr import Expr

from derive.deciding.ask import settle
from derive.deciding.judge import Judgement
from derive.meaning.context import Context
from derive.meaning.objects import Call, Entry
from derive.meaning.printing import to_text
from derive.meaning.question import Question, Setting
from derive.meaning.reader import Reader
from derive.meaning.reading import LITERAL
from derive.meaning.trouble import Trouble, Unreadable
from derive.proving.book import with_pages
from derive.proving.core import Proof
from derive.proving.prover import prove
from derive.refuting.answers import Counterexample
from derive.refuting.refuter import refute
from derive.steps.step import Step


def judge_consequence(context: Context, step: Step) -> Judgement:
    """Decide an equation after an equation."""
    assert step.before is not None
    reader = Reader(context.conventions_at(step.position), LITERAL)
    try:
        left, right = reader.read(step.left), reader.read(step.right)
        first = [reader.read(operand) for operand in step.before.operands]
    except Unreadable as trouble:
        return Judgement("unread", trouble.reason, where=trouble.span)
    except Trouble as trouble:
        return Judgement("unknown", trouble.reason, where=trouble.span)
    sides = (left, right, *first)
    setting, _ = settle(context, step, sides, LITERAL)
    notes = tuple(reader.notes)
    book = with_pages(context.pages)
    identity = prove(Question(left, "=", right, setting), book)
    if isinstance(identity, Proof):
        return Judgement(
            "proved", identity.explanation(), identity, None, notes, tuple(map(to_text, identity.assumptions()))
        )
    before, after = first[0] - first[1], left - right
    for factor in _factors(before, after):
        scaled = prove(Question(after, "=", factor * before, setting), book)
        if isinstance(scaled, Proof):
            how = "the same equation" if factor == 1 else f"the equation before, times {factor}"
            return Judgement("proved", how, scaled, None, notes, tuple(map(to_text, scaled.assumptions())))
    found = _refuted(sides, setting)
    if found is not None:
        return Judgement("refuted", "it does not follow from the equation before", None, found, notes)
    return Judgement("unknown", "whether it follows from the equation before is not decided", notes=notes)


def _refuted(sides: tuple[Expr, ...], setting: Setting) -> Counterexample | None:
    """A solution of the first equation that the second one does not have, where both are about the same one unknown:
    equations in several unknowns may stand side by side without following from each other."""
    left, right, before_left, before_right = sides
    unknowns = {symbol for side in sides for symbol in side.free_symbols}
    if len(unknowns) != 1 or setting.definitions or any(side.has(Entry, Call) for side in sides):
        return None
    before, after = Eq(before_left, before_right, evaluate=False), Eq(left, right, evaluate=False)
    answer = refute(Question(before, "⇒", after, setting))
    return answer if isinstance(answer, Counterexample) else None


def _factors(before: Expr, after: Expr) -> list[Expr]:
    """Numbers that the second equation may be the first one times: ratios of the coefficients of a shared term."""
    candidates: list[Expr] = [Integer(1), Integer(-1)]
    coefficients = dict(_split(term) for term in Add.make_args(before))
    for term in Add.make_args(after):
        rest, coefficient = _split(term)
        if rest in coefficients and coefficients[rest] != 0:
            ratio = coefficient / coefficients[rest]
            if ratio != 0 and ratio not in candidates:
                candidates.append(ratio)
    return candidates[:6]


def _split(term: Expr) -> tuple[Expr, Expr]:
    coefficient, rest = term.as_coeff_Mul()
    return rest, coefficient
