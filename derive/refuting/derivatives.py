"""Derivatives: the variable is perturbed by ε, the body evaluated, and the coefficient of ε read off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from derive.meaning.objects import Call, Entry, Partial
from derive.refuting.inventory import name_of
from derive.refuting.numbers import (
    ONE,
    Dual,
    Number,
    plain,
    slope_of,
)
from derive.refuting.scopes import Scope, Slot
from derive.refuting.undefined import Undefined

if TYPE_CHECKING:
    from derive.refuting.evaluation import Evaluator

DERIVATIVES = 6


@dataclass(slots=True)
class Frame:
    """A derivative that is being taken: what is perturbed, and what was met on the way."""

    slot: Slot
    tag: int
    value: Number
    met: bool = False  # the variable, or a member of its family
    opaque: bool = False  # names that could depend on the variable in a way that is not stated
    calls_with: bool = False  # an abstract function with the variable among its arguments
    calls_without: bool = False


def partial(evaluator: Evaluator, term: Partial, scope: Scope) -> Number:
    body, variable = term.body, term.variable
    if isinstance(variable, Entry):
        variable = evaluator.inventory.letter_for(variable) or variable
    if isinstance(variable, Symbol) and variable in scope:
        slope, frame = perturb(
            evaluator, ("scope", variable), scope[variable], lambda x: evaluator.evaluate(body, {**scope, variable: x})
        )
    else:
        slope, frame = perturb(
            evaluator,
            slot_of(evaluator, variable, scope),
            evaluator.evaluate(variable, scope),
            lambda x: evaluator.evaluate(body, scope),
        )
    if (frame.opaque and not frame.met) or (frame.calls_without and not frame.calls_with):
        raise Undefined("what depends on the variable of a derivative is not stated", lasting=True)
    return slope


def slot_of(evaluator: Evaluator, variable: Basic, scope: Scope) -> Slot:
    name = name_of(variable)
    if name is None:
        raise Undefined("a derivative by something that is not a name", lasting=True)
    if isinstance(variable, Entry):
        return (name, tuple(plain(evaluator.evaluate(index, scope)) for index in variable.indices), ())
    if isinstance(variable, Call):
        head = variable.head
        labels = tuple(evaluator.evaluate(i, scope) for i in head.indices) if isinstance(head, Entry) else ()
        places = labels + tuple(evaluator.evaluate(part, scope) for part in variable.arguments)
        return (name, places, (0,) * len(labels) + variable.orders)
    return (name, (), ())


def perturb(evaluator: Evaluator, slot: Slot, value: Number, inner: Callable[[Number], Number]) -> tuple[Number, Frame]:
    if len(evaluator.frames) >= DERIVATIVES:
        raise Undefined("a derivative of such an order", lasting=True)
    tag = len(evaluator.frames) + 1
    frame = Frame(slot, tag, Dual(tag, value, ONE))
    outer, evaluator.states = evaluator.state, evaluator.states + 1
    evaluator.state = evaluator.states
    evaluator.frames.append(frame)
    try:
        return slope_of(inner(frame.value), tag), frame
    finally:
        evaluator.frames.pop()
        evaluator.state = outer
