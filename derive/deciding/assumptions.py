"""Definitions that a document only names: "h is the sigmoid", and a step that shows of what.

A function that the document calls and never gives a formula for, beside prose that names a well-known one, is taken
to be that one: of the argument for which a step of the document, with the function on one side only, is proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Pow, Symbol, exp
from sympy.core.expr import Expr

from derive.deciding.ask import ask
from derive.deciding.naming import names_of
from derive.meaning import prose
from derive.meaning.context import Context
from derive.meaning.objects import Call, subterms
from derive.meaning.outline import Parsed
from derive.meaning.printing import to_text
from derive.meaning.question import Definition
from derive.meaning.reading import LITERAL, Reading
from derive.meaning.trouble import Trouble
from derive.proving.book import with_pages
from derive.proving.core import Proof
from derive.proving.prover import prove
from derive.steps.step import Derivation, Step


@dataclass(frozen=True)
class Assumed:
    """A definition that was found: for which function, and the step that shows its argument."""

    definition: Definition
    function: str
    step: Step


def discover(context: Context, derivations: tuple[Derivation, ...]) -> Iterator[Assumed]:
    """Find the functions that prose names, one at a time: first those that a step fixes (it is proved with them), then
    those of which just one is written out in the derivation that calls them."""
    named = _sigmoid_named(context)
    if named is None:
        return
    defined = context.chapters[0][2].defined
    done: set[str] = set()
    for derivation in derivations:
        for step in derivation.steps:
            if step.role not in ("link", "opening") or step.sign.sign != "=":
                continue
            for reading in (LITERAL, Reading(restored=True)):
                found = _fixed_by(context, step, reading, defined | done, named)
                if found is not None:
                    done.add(found.function)
                    yield found
                    break
    for derivation in derivations:
        found = _written_out(context, derivation, defined | done, named)
        if found is not None:
            done.add(found.function)
            yield found


def _written_out(
    context: Context, derivation: Derivation, known: frozenset[str] | set[str], named: int
) -> Assumed | None:
    """The function of a derivation that nobody defines, if the derivation holds just one sigmoid in full."""
    calls: dict[Call, Step] = {}
    arguments: dict[Expr, Step] = {}
    for step in derivation.steps:
        try:
            question = ask(context, step).question
        except Trouble:
            continue
        for part in (p for side in (question.left, question.right) for p in subterms(side)):
            if isinstance(part, Call) and part.name not in known and len(part.arguments) == 1:
                calls.setdefault(part, step)
            elif isinstance(part, Pow) and part.args[1].is_Integer and part.args[1].is_negative:
                rest = part.args[0] - 1
                if isinstance(rest, exp):
                    arguments.setdefault(-rest.args[0], step)
    if len({call.name for call in calls}) != 1 or len(arguments) != 1:
        return None
    (argument,) = arguments
    call, step = next(iter(calls.items()))
    if not isinstance(call.arguments[0], Symbol) or not argument.has(call.arguments[0]):
        return None
    return _assumed(context, call, argument, named, step)


def _assumed(context: Context, call: Call, argument: Expr, named: int, step: Step) -> Assumed:
    """The sigmoid of an argument, as the definition of a call."""
    body = 1 / (1 + exp(-argument))
    line, _ = context.outline.document.source.line_column(step.sign.span.start)
    said = f"{to_text(call)} = {to_text(body)}: the sigmoid (line {named}), as line {line} uses it"
    return Assumed(Definition(call, (call.arguments[0],), body, said), call.name, step)


def _fixed_by(
    context: Context, step: Step, reading: Reading, known: frozenset[str] | set[str], named: int
) -> Assumed | None:
    try:
        asked = ask(context, step, reading)
        plain = ask(context, step, LITERAL)
    except Trouble:
        return None
    question = asked.question
    left, right = (_called(side) for side in (question.left, question.right))
    unknown = {name for name in left ^ right if name not in known}
    if len(unknown) != 1:
        return None
    name = unknown.pop()
    sides = (plain.question.left, plain.question.right)
    call = next(
        (part for side in sides for part in subterms(side) if isinstance(part, Call) and part.name == name), None
    )
    if call is None or len(call.arguments) != 1 or not isinstance(call.arguments[0], Symbol):
        return None
    for argument in _exponents(sides, call.arguments[0]):
        assumed = _assumed(context, call, argument, named, step)
        try:
            tried = ask(context, step, reading, [assumed.definition])
        except Trouble:
            return None
        if isinstance(prove(tried.question, with_pages(context.pages)), Proof):
            return assumed
    return None


def _called(side: Expr) -> set[str]:
    return {key for role, key in names_of(side) if role == "function"}


def _exponents(sides: tuple[Expr, Expr], variable: Symbol) -> list[Expr]:
    """What stands, up to sign, in the exponents that contain the variable."""
    found: list[Expr] = []
    for side in sides:
        for part in subterms(side):
            if isinstance(part, exp) and part.args[0].has(variable):
                for candidate in (-part.args[0], part.args[0]):
                    if candidate not in found:
                        found.append(candidate)
    return found[:6]


def _sigmoid_named(context: Context) -> int | None:
    """The line of the prose (or of the heading before it) that names the sigmoid; None where none does."""
    for part in context.outline.parts:
        if isinstance(part, Parsed):
            continue
        text = getattr(part, "text", "")
        if isinstance(text, str) and prose.SIGMOID.search(text):
            line, _ = context.outline.document.source.line_column(part.span.start)
            return line
    return None
