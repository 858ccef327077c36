"""The values of symbols, members of families and calls: perturbed, by definition, or from the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import ctx, fmpq
from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from derive.meaning.objects import Call, Entry
from derive.meaning.question import Definition
from derive.refuting.binders import length_of
from derive.refuting.derivatives import perturb
from derive.refuting.inventory import Name, name_of
from derive.refuting.numbers import (
    Dual,
    Number,
    has_tag,
    plain,
    same,
    sign_of,
)
from derive.refuting.scopes import Scope
from derive.refuting.undefined import Undefined

if TYPE_CHECKING:
    from derive.refuting.evaluation import Evaluator


def symbol(evaluator: Evaluator, term: Symbol, scope: Scope) -> Number:
    if term in scope:
        value = scope[term]
        if evaluator.frames and isinstance(value, Dual):
            meet_tags(evaluator, value)
        return value
    return value_of_name(evaluator, term, ("symbol", term.name, 0), ())


def entry(evaluator: Evaluator, term: Entry, scope: Scope) -> Number:
    name = name_of(term)
    assert name is not None
    places = tuple(plain(evaluator.evaluate(index, scope)) for index in term.indices)
    sizes = evaluator.inventory.sizes
    if sizes is not None and not term.upper:
        for axis, place in enumerate(places):
            root = sizes.of_entry(term.name, axis)
            if root is not None and not 1 <= place <= length_of(evaluator, root):
                raise Undefined("an entry outside of its matrix")
    return value_of_name(evaluator, term, name, places)


def call(evaluator: Evaluator, term: Call, scope: Scope) -> Number:
    name = name_of(term)
    assert name is not None
    for definition in evaluator.definitions.get(name, ()):
        # `J(θ)` as it was defined: its argument may stand for a whole family, and have no value of its own
        if definition.head == term and not any(parameter in scope for parameter in definition.parameters):
            return evaluator.evaluate(definition.body, {})
    head = term.head
    values = [evaluator.evaluate(part, scope) for part in term.arguments]
    labels = [evaluator.evaluate(part, scope) for part in head.indices] if isinstance(head, Entry) else []
    orders = (0,) * len(labels) + term.orders
    return value_of_name(evaluator, term, name, (*labels, *values), orders)


def value_of_name(
    evaluator: Evaluator, term: Basic, name: Name, places: tuple[Number, ...], orders: tuple[int, ...] = ()
) -> Number:
    for frame in reversed(evaluator.frames):
        if frame.slot[0] == name:
            frame.met = True
            if frame.slot[2] == orders and equal_places(frame.slot[1], places):
                return frame.value
    if name in evaluator.definitions:
        value = by_definition(evaluator, name, places, orders)
        if value is not None:
            return value
    if evaluator.frames:
        note_opaque(evaluator, name, places)
    if name[0] == "symbol":
        return evaluator.model.symbol(term)
    if name[0] == "family":
        return evaluator.model.entry(name, places)
    return evaluator.model.call(name, places, orders)


def by_definition(
    evaluator: Evaluator, name: Name, places: tuple[Number, ...], orders: tuple[int, ...]
) -> Number | None:
    key: Any = None
    if all(isinstance(place, fmpq) for place in places):
        key = (evaluator.state, ctx.prec, evaluator.analytic is None, name, places, orders)
        if (known := evaluator.known.get(key)) is not None:
            return known
    for definition in evaluator.definitions[name]:
        scope = bind(evaluator, definition, places)
        if scope is None:
            continue
        head = definition.head
        parameters = places_of(head)
        for place, order in enumerate(orders):
            if order:
                scope[parameters[place]] = places[place]
        value = differentiate(evaluator, definition.body, parameters, orders, scope)
        if key is not None:
            evaluator.known[key] = value
        return value
    return None


def bind(evaluator: Evaluator, definition: Definition, places: tuple[Number, ...]) -> dict[Symbol, Number] | None:
    scope: dict[Symbol, Number] = {}
    for parameter, value in zip(places_of(definition.head), places, strict=True):
        if parameter in definition.parameters:
            scope[parameter] = value
        elif not same(plain(evaluator.evaluate(parameter, {})), plain(value)):
            return None
    return scope


def differentiate(
    evaluator: Evaluator,
    body: Basic,
    parameters: tuple[Symbol, ...],
    orders: tuple[int, ...],
    scope: dict[Symbol, Number],
) -> Number:
    """The derivative of these orders of a defined function."""
    for place, order in enumerate(orders):
        if order:
            fewer = tuple(o - (k == place) for k, o in enumerate(orders))
            variable = parameters[place]

            def inner(value: Number, variable: Symbol = variable, fewer: tuple[int, ...] = fewer) -> Number:
                return differentiate(evaluator, body, parameters, fewer, {**scope, variable: value})

            return perturb(evaluator, ("scope", variable), scope[variable], inner)[0]
    return evaluator.evaluate(body, scope)


def note_opaque(evaluator: Evaluator, name: Name, places: tuple[Number, ...]) -> None:
    for frame in evaluator.frames:
        variable = frame.slot[0]
        if variable == name:
            continue
        frame.opaque = True
        if name[0] == "function":
            if any(has_tag(place, frame.tag) for place in places):
                frame.calls_with = True
            elif not evaluator.integrals:
                frame.calls_without = True
        elif variable[0] == "family" and name == ("symbol", variable[1], 0):
            raise Undefined(f"`{name[1]}` stands both for a family and for a letter of its own", lasting=True)


def meet_tags(evaluator: Evaluator, value: Number) -> None:
    while isinstance(value, Dual):
        for frame in evaluator.frames:
            frame.met |= frame.tag == value.tag
        value = value.real


def equal_places(slots: tuple[Number, ...], places: tuple[Number, ...]) -> bool:
    """Whether a perturbed place is meant; Undefined where enclosures do not tell."""
    if len(slots) != len(places):
        return False
    for a, b in zip(slots, places, strict=True):
        a, b = plain(a), plain(b)
        if same(a, b) or (type(a) is type(b) and str(a) == str(b)):
            continue
        if sign_of(a - b):
            return False
    return True


def places_of(head: Basic) -> tuple[Any, ...]:
    if isinstance(head, Entry):
        return head.indices
    if isinstance(head, Call):
        return (*head.head.indices, *head.arguments) if isinstance(head.head, Entry) else head.arguments
    return ()
