"""The equations and conditions in scope of a step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import sympy as sp
from sympy.core.expr import Expr
from sympy.logic.boolalg import Boolean

from derive.deciding.naming import closures, names_of, targets_of
from derive.meaning import prose
from derive.meaning.context import Context
from derive.meaning.enumerations import has_dots, read_run
from derive.meaning.matrices import (
    is_matrix,
    related,
)
from derive.meaning.objects import Antiderivative, Call, Entry, Partial, Range, SumOver, subterms
from derive.meaning.outline import Parsed
from derive.meaning.question import Fact, Question
from derive.meaning.reader import Reader
from derive.meaning.reading import LITERAL, Reading
from derive.meaning.survey import names_in
from derive.meaning.trouble import Trouble
from derive.notation.tree import Binomial, Chain, List
from derive.notation.unicode import to_unicode
from derive.notation.walk import walk
from derive.proving.implying import conjuncts
from derive.steps.step import Step

MOST_EQUATIONS = 12


def equations_in_scope(context: Context, step: Step, question: Question, reading: Reading = LITERAL) -> list[Fact]:
    """The equations stated before a step in its chapter that share a name with it: a counterexample must satisfy
    them."""
    names = {key for side in closures(question) for _, key in side}
    facts = [*_wholes(context, step, reading)]
    equations = context.equations_at(step.position, step.chain)[:MOST_EQUATIONS]
    if step.role == "link" and step.chain.signs[0].sign == "=" and step.right is not step.chain.operands[1]:
        # what the chain starts from may be given, and used further down: a/b = (a+b)/a = 1 + b/a
        opening = Chain(step.chain.span, step.chain.operands[:2], step.chain.signs[:1])
        equations.insert(0, (step.position, opening))
    for place, chain in equations:
        reader = Reader(context.conventions_at(step.position), reading)
        try:
            left, right = (reader.side(operand) for operand in chain.operands)
            statement = related(partial(sp.Eq, evaluate=False), left, right)
        except Trouble:
            continue
        shared = {key for side in (left, right) for role, key in names_of(side) if role != "index"} & names
        # what claims to hold for all values is checked on its own, and no premise: a derivative of something defined,
        # an equation whose sides are about the same things; of matrices that says which ones are meant (`P^2 = P`)
        claim = any(isinstance(part, Partial) for part in subterms(left)) or (
            set(targets_of(left)) == set(targets_of(right)) and not given_before(context, place) and not is_matrix(left)
        )
        claim |= left.has(Antiderivative) and not left.has(Call, Entry) and not right.has(Call, Entry)
        if shared and left != right and not claim:
            facts.append(Fact(statement, to_unicode(chain)))
    return facts


def _wholes(context: Context, step: Step, reading: Reading) -> Iterator[Fact]:
    """What multinomial coefficients of the section up to a step say: the lower numbers add up to the upper one."""
    start = context.outline.section_of(step.position) + 1
    reader = Reader(context.conventions_at(step.position), reading)
    for part in context.outline.parts[start : step.position + 1]:
        for node in walk(part.passage) if isinstance(part, Parsed) else ():
            if not isinstance(node, Binomial) or not isinstance(node.lower, List):
                continue
            try:
                upper = reader.side(node.upper)
                if has_dots(node.lower.items):
                    run = read_run(reader, node.lower)
                    total: Expr = SumOver(run.body, run.index, Range(run.lower, run.upper))
                else:
                    total = sp.Add(*(reader.side(item) for item in node.lower.items))
            except Trouble:
                continue
            if upper != total:
                said = f"{to_unicode(node.lower)} add up to {to_unicode(node.upper)}"
                yield Fact(sp.Eq(total, upper, evaluate=False), said)


def given_before(context: Context, position: int) -> bool:
    """Whether the prose before a place sets up an equation: to be solved, assumed, satisfied."""
    return prose.GIVEN.search(context.lead_text(position)[-200:]) is not None


def facts_about(context: Context, step: Step, reading: Reading, keys: set[str]) -> Iterable[Fact]:
    """The conditions in force that speak of these names; an index that a condition leaves free stands for all."""
    for condition in context.conditions_at(step.position):
        reader = Reader(context.conventions_at(condition.position), reading)
        try:
            statement = reader.relation(condition.chain)
        except Trouble:
            continue
        if {key for role, key in names_of(statement) if role != "index"} & keys:
            said = to_unicode(condition.chain)
            for part in conjuncts(statement):
                if isinstance(part, Boolean) and part not in (sp.true, sp.false):
                    yield Fact(part, said)


def unusable_conditions(context: Context, step: Step, question: Question, reading: Reading) -> Iterable[str]:
    """The conditions in force on names of a step that can't be put in its setting: what breaks the step may break
    them."""
    keys = {key for side in closures(question) for _, key in side}
    for condition in context.conditions_at(step.position):
        reader = Reader(context.conventions_at(condition.position), reading)
        try:
            reader.relation(condition.chain)
        except Trouble:
            if names_in(condition.chain) & keys:
                yield to_unicode(condition.chain)
