"""The search for values that break a step.

`refute` goes through finite models until one breaks the relation for certain (and then makes it as small as it can), or
until the relation has held in enough of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flint import fmpq
from sympy import Eq, I, Integer, Mul, Or
from sympy.core.expr import Expr
from sympy.core.relational import Relational
from sympy.core.symbol import Symbol

from derive.meaning.matrices import Adjoint, AnyEntry, Array, arrays_in
from derive.meaning.objects import Antiderivative, Entry, subterms
from derive.meaning.question import Fact, Kind, Question, Relation, Setting, entrywise
from derive.refuting.answers import Agreement, Answer, Counterexample, Undecided
from derive.refuting.antiderivatives import differentiated
from derive.refuting.cases import ORDERS, PRECISIONS, Case, compare, precision, prepare
from derive.refuting.evaluation import Evaluator
from derive.refuting.facts import satisfy
from derive.refuting.inventory import SINGLE
from derive.refuting.models import Model
from derive.refuting.proportions import search_proportion
from derive.refuting.reservations import reservation
from derive.refuting.shrinking import report
from derive.refuting.undefined import Undefined

__all__ = ["Agreement", "Answer", "Counterexample", "Undecided", "agrees", "refute"]

ATTEMPTS = 28
ALL_WORK = 60_000  # nodes evaluated for one question: about half a second

SIGNS: dict[str, Relation] = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}


def refute(question: Question, models: int = 12) -> Answer:
    """A counterexample, the agreement of at least so many models, or why neither was found."""
    question, asked = differentiated(entrywise(question)), question
    try:
        with precision(PRECISIONS[0]):
            answer = _refute(question, models)
            if isinstance(answer, Counterexample) and question.relation == asked.relation != "⇒" and _is_table(asked):
                if not isinstance(_refute(_with_positive(question), models), Counterexample):
                    return Undecided("it may hold for positive numbers")
            return answer
    except RecursionError:
        return Undecided("nested too deeply to evaluate")
    except (ArithmeticError, MemoryError):
        return Undecided("numbers too large to compute with")


def _refute(question: Question, models: int) -> Answer:
    reserved = reservation(question)
    if reserved is not None:
        return Undecided(reserved)
    if any(isinstance(part, AnyEntry) for fact in question.setting.facts for part in subterms(fact.statement)):
        return Undecided("an equation between vectors or matrices in scope is not tried in models")
    if question.relation == "⇒" and any(isinstance(part, AnyEntry) for part in subterms(question.left)):
        return Undecided("what follows from an equation between vectors or matrices is not tried in models")
    if question.relation == "⇒":
        inner = _consequence(question)
        if inner is None:
            return Undecided("a step between such statements is not tried in models")
        return _search(prepare(inner, premise=question.left), models)
    if question.relation == "∝":
        return search_proportion(prepare(question), models)
    if question.relation not in ("=", "≠", *ORDERS):
        return Undecided(f"a step with {question.relation} is not tried in models")
    answer = _search(prepare(question), models)
    if isinstance(answer, Counterexample) and (letter := _imaginary_letter(question)) is not None:
        complex_reading = replace(
            question, left=question.left.xreplace({letter: I}), right=question.right.xreplace({letter: I})
        )
        answer = _search(prepare(complex_reading), models)
        if not isinstance(answer, Counterexample):
            return Undecided(f"`{letter}` may be the imaginary unit", otherwise=True)
    if isinstance(answer, Counterexample) and (positive := _with_sizes(question)) is not None:
        if not isinstance(_search(prepare(positive), models), Counterexample):
            return Undecided("it may be meant for positive parameters", otherwise=True)
    if isinstance(answer, Counterexample) and (numbers := _with_numbers(question)) is not None:
        if not isinstance(_search(prepare(numbers), models), Counterexample):
            return Undecided("what stands for matrices may be numbers", otherwise=True)
    if isinstance(answer, Counterexample) and (symmetric := _with_symmetric(question)) is not None:
        if not isinstance(_search(prepare(symmetric), models), Counterexample):
            return Undecided("it may hold because a matrix is symmetric", otherwise=True)
    if isinstance(answer, Counterexample) and _may_be_identity(question):
        if "I" in arrays_in((question.left, question.right)):
            return Undecided("`I` may be the identity", otherwise=True)
        one = {Symbol("I"): Integer(1)}
        identity = replace(question, left=question.left.xreplace(one), right=question.right.xreplace(one))
        if not isinstance(_search(prepare(identity), models), Counterexample):
            return Undecided("`I` may be the identity", otherwise=True)
    return answer


def _is_table(question: Question) -> bool:
    """Whether a question is about indefinite integrals: these are told for positive parameters, as a rule
    (`arcsin(x/a)`)."""
    sides = (question.left, question.right)
    return any(isinstance(part, Antiderivative) for side in sides for part in subterms(side))


def _with_positive(question: Question) -> Question:
    """The question with positive values for all its symbols."""
    positive: Kind = "positive"
    names = {str(symbol): positive for side in (question.left, question.right) for symbol in side.free_symbols}
    setting = replace(question.setting, kinds={**names, **question.setting.kinds})
    return replace(question, setting=setting)


SIZES = frozenset(
    ["r", "R", "\\rho", "\\sigma", "\\alpha", "\\beta", "\\lambda", "\\tau", "\\kappa", "\\epsilon", "\\varepsilon"]
)
"""Letters for radii, scales, rates and small quantities, which are positive as a rule without the text saying so."""


def _with_sizes(question: Question) -> Question | None:
    """The question with such letters positive where nothing says what they are; None where there is none."""
    free = {s.name for side in (question.left, question.right) for s in side.free_symbols if isinstance(s, Symbol)}
    unsaid = (free & SIZES) - {name for name, kind in question.setting.kinds.items() if kind != "real"}
    if not unsaid:
        return None
    positive: Kind = "positive"
    kinds = {**question.setting.kinds, **dict.fromkeys(unsaid, positive)}
    return replace(question, setting=replace(question.setting, kinds=kinds))


def _with_numbers(question: Question) -> Question | None:
    """The question with numbers for what is only supposed to be matrices; None where there is none."""
    traits = question.setting.traits
    # what has entries with two indices is no number
    tables = {
        str(part.name)
        for side in (question.left, question.right)
        for part in subterms(side)
        if isinstance(part, Entry) and len(set(part.lower)) == 2
    }
    supposed = {name: found | {SINGLE} for name, found in traits.items() if "supposed" in found and name not in tables}
    return replace(question, setting=replace(question.setting, traits={**traits, **supposed})) if supposed else None


def _with_symmetric(question: Question) -> Question | None:
    """The question with symmetric matrices for the square ones of which the prose does not speak: many texts do not say
    that a covariance or a Hessian is symmetric. None where there are none."""
    traits = question.setting.traits
    terms = (question.left, question.right, *(d.body for d in question.setting.definitions))
    sizes = prepare(question).inventory.sizes
    if sizes is None or sizes.conflict:
        return None
    changed = {}
    for part in (part for term in terms for part in subterms(term)):
        if isinstance(part, Array) and part.form == "matrix" and isinstance(part.name, Symbol | Entry):
            rows, columns = sizes.pair(part)
            known = traits.get(part.key, frozenset())
            if sizes.root(rows) == sizes.root(columns) and not known & {"declared", "symmetric"}:
                changed[part.key] = known | {"symmetric"}
    return replace(question, setting=replace(question.setting, traits={**traits, **changed})) if changed else None


def _may_be_identity(question: Question) -> bool:
    """Whether the letter I stands as a number and nothing says what it is."""
    known = "I" in question.setting.kinds or any(d.head.name == "I" for d in question.setting.definitions)
    return not known and Symbol("I") in question.left.free_symbols | question.right.free_symbols


def _consequence(question: Question) -> Question | None:
    """`L ⇒ R` asks whether R holds wherever L does: the question R, with L among the facts."""
    left, right = question.left, question.right
    if isinstance(right, Or) and all(isinstance(part, Eq) for part in right.args):
        right = Eq(Mul(*[part.lhs - part.rhs for part in right.args]), 0, evaluate=False)
    if not isinstance(right, Relational) or right.rel_op not in SIGNS:
        return None
    setting = replace(question.setting, facts=(*question.setting.facts, Fact(left, "the line before")))
    return Question(right.lhs, SIGNS[right.rel_op], right.rhs, setting)


def _imaginary_letter(question: Question) -> Symbol | None:
    """The letter i or j, where it stands as a number and nothing says what it is."""
    sides = (question.left, question.right)
    adjoint = any(isinstance(part, Adjoint) for side in sides for part in subterms(side))
    for letter in (Symbol("i"), Symbol("j")):
        indexed = letter.name in question.setting.kinds and not adjoint  # an index elsewhere is none beside adjoints
        known = indexed or any(d.head == letter for d in question.setting.definitions)
        if known or letter not in question.left.free_symbols | question.right.free_symbols:
            continue
        indices = {
            symbol
            for side in (question.left, question.right)
            for part in subterms(side)
            if isinstance(part, Entry)
            for symbol in part.free_symbols
        }
        if letter not in indices:
            return letter
    return None


def _search(case: Case, models: int) -> Answer:
    held, sizes, satisfied = 0, set[int](), 0
    attempts = ATTEMPTS if case.question.relation in ("=", "≠") else 2 * ATTEMPTS
    wanted = models if case.question.relation in ("=", "≠") else 3 * models
    for number in range(attempts + (24 if case.plan.equations or case.plan.conditions else 0)):
        model = Model(case.inventory, case.seed, number, dict(case.plan.bounds))
        if not satisfy(model, case.plan):
            continue
        satisfied += 1
        if case.work > ALL_WORK:
            break
        model.touched.clear()
        try:
            verdict, left, right = compare(case, model, thorough=held == 0)
        except Undefined as undefined:
            case.reasons[undefined.reason] = None
            if undefined.lasting:
                return Undecided(undefined.reason)
            continue
        if verdict is False:
            return report(case, model, left, right)
        if verdict is None:
            continue
        held += 1
        sizes |= _sizes(model)
        if not model.touched:
            return Agreement(held)  # nothing varies: one model is all there are
        if held >= wanted and number >= 4 and (len(sizes) >= 2 or not case.inventory.uppers):
            break
    if satisfied == 0:
        return Undecided("the stated facts could not be satisfied by a model")
    if held < 2:
        reason = next(iter(case.reasons), "the precision did not suffice")
        return Undecided(f"no model tells: {reason}")
    return Agreement(held, tuple(sorted(sizes)))


def _sizes(model: Model) -> set[int]:
    found = {("symbol", symbol.name, 0) for symbol in model.inventory.uppers}
    values = [model.values[slot] for slot in found if slot in model.touched]
    if not values and model.inventory.has_whole:
        return {model.size()}
    return {int(value.p) for value in values if isinstance(value, fmpq)}


def agrees(
    left: Expr, right: Expr, setting: Setting, models: int = 3, evaluator_of: Callable[[Model], Evaluator] = Evaluator
) -> bool | None:
    """A quick guard: False where the sides differ for certain in some model, True where they agree in all of these
    models in which both are defined, None where there is none. `evaluator_of` says how models are evaluated."""
    try:
        with precision(PRECISIONS[0]):
            return _agrees(prepare(entrywise(Question(left, "=", right, setting))), models, evaluator_of)
    except (RecursionError, ArithmeticError, MemoryError):
        return None


def _agrees(case: Case, models: int, evaluator_of: Callable[[Model], Evaluator]) -> bool | None:
    agreed: bool | None = None
    found = 0
    for number in range(3 * models):
        model = Model(case.inventory, case.seed, number, dict(case.plan.bounds))
        if not satisfy(model, case.plan):
            continue
        try:
            verdict, _, _ = compare(case, model, evaluator_of=evaluator_of)
        except Undefined as undefined:
            if undefined.lasting:
                return None
            continue
        if verdict is False:
            return False
        if verdict:
            agreed, found = True, found + 1
        if found >= models:
            break
    return agreed
