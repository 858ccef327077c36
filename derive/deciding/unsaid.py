"""What texts leave unsaid, under which a step that fails as it is written may hold."""

from __future__ import annotations

from sympy import Symbol

from derive.deciding.naming import names_of
from derive.meaning import prose
from derive.meaning.context import Context
from derive.meaning.domains import written_domain
from derive.meaning.names import key_of
from derive.meaning.objects import Entry, Partial, SumOver, subterms
from derive.meaning.printing import spoken
from derive.meaning.question import Question
from derive.meaning.survey import names_in
from derive.notation.tree import BigOperator, Product
from derive.notation.walk import walk
from derive.refuting.endless import endless
from derive.steps.step import Step


def data_of_parameter(question: Question) -> str | None:
    """A name that is defined through what is differentiated by, beside that itself: `y_i = \\mu + \\varepsilon_i` under
    `\\frac{d}{d\\mu} (y_i - \\mu)^2`, where the y are data and do not change with μ; `t = c - x` under
    `\\frac{\\partial}{\\partial x} u(t - x)`, where t is another variable."""
    for side in (question.left, question.right):
        for part in subterms(side):
            if not isinstance(part, Partial) or not hasattr(part.variable, "name"):
                continue
            own = str(part.variable.name)
            here = {key for _, key in names_of(part.body)}
            for definition in question.setting.definitions:
                inner = {key for _, key in names_of(definition.body)}
                if own not in here or definition.head.name not in here or own not in inner:
                    continue
                name = spoken(str(definition.head.name))
                if isinstance(definition.head, Entry):
                    return f"{name} may be data that {spoken(own)} does not change"
                if isinstance(definition.head, Symbol):
                    return f"{name} may be held fixed where the derivative by {spoken(own)} is taken"
    return None


def summed_unsaid(context: Context, step: Step, question: Question) -> str | None:
    """Repeated indices that are summed over without a sign, where the text says so."""
    entries = any(isinstance(part, Entry) for side in (question.left, question.right) for part in subterms(side))
    if not entries:
        return None
    found = prose.EINSTEIN.search(context.text_before(step.position))
    return None if found is None else found[0]


def recurrence_unsaid(context: Context, question: Question) -> str | None:
    """A law of the members of a family under a series, where the text speaks of one without a formula: what it makes
    equal, no other family does."""
    for side in (question.left, question.right):
        for part in subterms(side):
            if isinstance(part, SumOver) and endless(part.domain) and any(isinstance(p, Entry) for p in subterms(part)):
                found = prose.RECURRENCE.search(context.outline.prose_between(0, len(context.outline.parts)))
                return None if found is None else found[0]
    return None


def loose_product(step: Step) -> str | None:
    """A product over an index with a factor behind a dot that does not hold the index: it may stand beside it."""
    for side in (step.left, step.right):
        for node in walk(side):
            if not isinstance(node, BigOperator) or node.operator != "prod" or not isinstance(node.body, Product):
                continue
            indices = {key_of(variable) for variable in written_domain(node).variables}
            for operator, factor in zip(node.body.operators, node.body.factors[1:], strict=True):
                if operator in ("\\cdot", "\\times") and not indices & names_in(factor):
                    return "where a product over an index ends"
    return None
