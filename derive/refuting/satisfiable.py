"""Whether conditions can hold together with what is given: seen in a finite model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sympy.logic.boolalg import Boolean

from derive.meaning.question import Fact, Question
from derive.refuting.cases import PRECISIONS, precision, prepare
from derive.refuting.facts import satisfy
from derive.refuting.models import Model

ATTEMPTS = 24


def denied(question: Question, conditions: Iterable[Boolean]) -> bool:
    """Whether models of what is given were found, and none in which the conditions hold as well."""
    more = tuple(Fact(condition, "assumed") for condition in conditions)
    given = question.setting.facts or question.setting.definitions
    if not more or not given:
        return False
    setting = replace(question.setting, facts=(*question.setting.facts, *more))
    try:
        with precision(PRECISIONS[0]):
            return not _has_model(replace(question, setting=setting)) and _has_model(question)
    except (ArithmeticError, MemoryError, RecursionError):
        return False


def _has_model(question: Question) -> bool:
    case = prepare(question)
    models = (Model(case.inventory, case.seed, number, dict(case.plan.bounds)) for number in range(ATTEMPTS))
    return any(satisfy(model, case.plan) for model in models)
