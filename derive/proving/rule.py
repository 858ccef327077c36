"""A rule as mathematics: a statement whose free names are open to be bound, and the conditions of its use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Add, Dummy, Mul, Pow, S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.function import Lambda
from sympy.core.symbol import Str, Symbol
from sympy.logic.boolalg import Boolean

from derive.meaning.objects import Call, Partial, is_bound, rename, subterms
from derive.meaning.question import Kind, Relation
from derive.proving.unfolding import rewrite

INSTANCE_LEVEL = 500  # binders of a rule are opened from this level on, above those of any document


class NotAnInstance(Exception):
    """Bindings that do not fit the statement of a rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`left relation right`, whose free symbols and abstract functions named in `variables` are open to be bound.

    `conditions` must be known of the bindings: the rule is false without them. `assumes` holds wherever both sides
    have a value, or is what everybody means; it is listed with the proof. `kinds` and `assumed_kinds` say the same of
    the kinds of variables. The functions in `smooth` must be known to have continuous derivatives where they are
    used."""

    name: str
    left: Expr
    right: Expr
    variables: tuple[str, ...]
    conditions: tuple[Boolean, ...] = ()
    relation: Relation = "="
    assumes: tuple[Boolean, ...] = ()
    kinds: tuple[tuple[str, Kind], ...] = ()
    assumed_kinds: tuple[tuple[str, Kind], ...] = ()
    smooth: tuple[str, ...] = ()

    @property
    def complex_variables(self) -> frozenset[str]:
        """The variables that stand for complex numbers; all others stand for real ones."""
        return frozenset(name for name, kind in (*self.kinds, *self.assumed_kinds) if kind == "complex")


def open_names(*terms: Basic) -> tuple[str, ...]:
    """The names of a statement that are open to be bound: its free symbols and its abstract functions."""
    names: set[str] = set()
    for term in terms:
        names |= {s.name for s in term.free_symbols if isinstance(s, Symbol) and not is_bound(s)}
        names |= {part.name for part in subterms(term) if isinstance(part, Call)}
    return tuple(sorted(names))


def is_infinite(term: Basic) -> bool:
    """Whether a term is ∞ or made of it by arithmetic. A variable of a rule stands for a number, so what a rule says of
    finite sums it does not say of series."""
    if isinstance(term, Add | Mul | Pow):
        return any(is_infinite(arg) for arg in term.args)
    return term in (S.Infinity, S.NegativeInfinity, S.ComplexInfinity)


def instantiate(term: Basic, bindings: Mapping[str, Basic]) -> Basic:
    """The statement of a rule with its variables replaced at once: symbols by terms, calls by the bodies of Lambdas,
    derivatives of calls (`f'(x)`) by derivatives of the bodies. Raises NotAnInstance where these do not fit."""

    def change(part: Basic) -> Basic | None:
        if isinstance(part, Symbol) and part.name in bindings:
            value = bindings[part.name]
            return None if isinstance(value, Lambda) else value
        if isinstance(part, Call) and part.name in bindings:
            function = bindings[part.name]
            if not isinstance(function, Lambda) or len(function.variables) != len(part.arguments):
                raise NotAnInstance("a function of the rule is bound to something else")
            arguments = [instantiate(argument, bindings) for argument in part.arguments]
            body = function.expr
            interim = [Dummy() for _ in arguments]
            for variable, stand_in in zip(function.variables, interim, strict=True):
                body = rename(body, variable, stand_in)
            for stand_in, argument in zip(interim, arguments, strict=True):
                body = rename(body, stand_in, argument)
            for order, argument in zip(part.orders, arguments, strict=True):
                if order and not _is_free(argument, arguments, function.expr):
                    raise NotAnInstance("a derivative of a function of the rule is taken at a place")
                for _ in range(order):
                    body = _derivative(body, argument)
            return body
        return None

    try:
        return rewrite(term, change, INSTANCE_LEVEL)
    except (TypeError, ValueError, ZeroDivisionError, RecursionError) as wrong:
        # SymPy builds no such term: a comparison with what has no value, a power of infinity
        raise NotAnInstance(str(wrong)) from None


def _derivative(body: Basic, argument: Basic) -> Basic:
    """The derivative of a body; that of an abstract function in one of its places is again such a call."""
    if isinstance(body, Call) and isinstance(body.head, Str):
        places = [k for k, given in enumerate(body.arguments) if argument in given.free_symbols]
        if len(places) == 1 and body.arguments[places[0]] == argument:
            orders = [order + (k == places[0]) for k, order in enumerate(body.orders)]
            return Call(body.head, body.arguments, orders)
    return Partial(body, argument)


def _is_free(argument: Basic, arguments: list[Basic], body: Basic) -> bool:
    """Whether a derivative by this argument is one in that place of the function alone: a symbol that stands in no
    other argument, nor in the body before arguments come in."""
    others = [a for a in arguments if a is not argument]
    return (
        isinstance(argument, Symbol)
        and not any(argument in other.free_symbols for other in others)
        and argument not in body.free_symbols
    )
