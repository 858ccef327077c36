"""Places in a term: a path of argument positions from the root; a binder on the way is opened with a symbol that no
document has (`opened_symbol` of its level), so that whatever comes in can't be captured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sympy import Ge, Le, S
from sympy.core.add import Add
from sympy.core.basic import Basic
from sympy.core.mul import Mul
from sympy.logic.boolalg import Boolean

from derive.meaning.matrices import Gradient
from derive.meaning.objects import Binder, Call, IntegralOver, Partial, Range, occurs
from derive.meaning.question import Fact, Kind, Setting
from derive.proving.unfolding import opened_symbol

Place = tuple[int, ...]
MOST_PLACES = 400


class NoSuchPlace(Exception):
    """A place that a term does not have, or at which something else stands."""


@dataclass(frozen=True, slots=True)
class Found:
    """A subterm and its place."""

    place: Place
    term: Basic


def places_in(term: Basic) -> Iterator[Found]:
    """The subterms that may be rewritten, outermost first; bound variables, heads of calls and the variables of
    derivatives are none."""
    stack: list[tuple[Basic, Place, int]] = [(term, (), 0)]
    count = 0
    while stack:
        part, place, level = stack.pop()
        yield Found(place, part)
        count += 1
        if count > MOST_PLACES or isinstance(part, Partial | Gradient):
            continue
        if isinstance(part, Binder):
            variable = opened_symbol(level)
            if occurs(variable, part):
                continue
            body, inside = part.open(variable)
            stack.extend(((arg, (*place, 2 + k), level) for k, arg in reversed(list(enumerate(part.outside)))))
            del inside
            stack.append((body, (*place, 0), level + 1))
            continue
        first = 1 if isinstance(part, Call) else 0
        stack.extend((arg, (*place, k), level) for k, arg in reversed(list(enumerate(part.args))) if k >= first)


def replace_at(term: Basic, place: Place, before: Basic, after: Basic, level: int = 0) -> Basic:
    """The term with `before` at the place replaced. In a sum or product, `before` may be made of some of its terms or
    factors. Raises NoSuchPlace where something else stands there."""
    if not place:
        return _exchange(term, before, after)
    here, *rest = place
    if not 0 <= here < len(term.args):
        raise NoSuchPlace("there is no such place")
    if isinstance(term, Binder) and (here == 0 or here >= 2 + term.outside_count):
        variable = opened_symbol(level)
        if occurs(variable, term):
            raise NoSuchPlace("the symbol of the opened binder is taken")
        body, inside = term.open(variable)
        args = [body, variable, *term.outside, *inside]
        args[here] = replace_at(args[here], tuple(rest), before, after, level + 1)
        return type(term)(*args)
    if isinstance(term, Binder) and here == 1:
        raise NoSuchPlace("a bound variable is not rewritten")
    if isinstance(term, Partial | Gradient):
        raise NoSuchPlace("what is differentiated is not rewritten: equal at a point is not equal around it")
    args = list(term.args)
    args[here] = replace_at(args[here], tuple(rest), before, after, level)
    return term.func(*args)


def _exchange(term: Basic, before: Basic, after: Basic) -> Basic:
    if term == before:
        return after
    for kind in (Add, Mul):
        if isinstance(term, kind):
            rest = Counter(term.args)
            rest.subtract(Counter(kind.make_args(before)))
            if min(rest.values()) >= 0:
                return kind(after, *rest.elements())
    raise NoSuchPlace("something else stands at the place")


def setting_at(term: Basic, place: Place, setting: Setting) -> Setting:
    """The setting inside the binders on the way to a place: an opened index of a range is an integer within it, an
    opened variable of an integral lies between its bounds where these are in order. Raises NoSuchPlace."""
    kinds: dict[str, Kind] = {}
    facts: list[Boolean] = []
    level = 0
    for here in place:
        if not 0 <= here < len(term.args):
            raise NoSuchPlace("there is no such place")
        if isinstance(term, Binder) and here != 1 and not 2 <= here < 2 + term.outside_count:
            variable = opened_symbol(level)
            body, inside = term.open(variable)
            domain = term.outside[0]
            if isinstance(domain, Range):
                if not isinstance(term, IntegralOver):
                    kinds[variable.name] = "integer"
                if not isinstance(term, IntegralOver) or _in_order(domain):
                    bounds = (Ge(variable, domain.lower), Le(variable, domain.upper))
                    facts += [b for b, end in zip(bounds, domain.args, strict=True) if end.is_finite is not False]
            args = [body, variable, *term.outside, *inside]
            term, level = args[here], level + 1
        else:
            term = term.args[here]
    if not kinds and not facts:
        return setting
    stated = tuple(Fact(fact, "the range of the index") for fact in facts if fact not in (S.true, S.false))
    return replace(setting, kinds={**setting.kinds, **kinds}, facts=(*setting.facts, *stated))


def _in_order(domain: Range) -> bool:
    length = domain.upper - domain.lower
    return bool(length.is_nonnegative) or domain.upper is S.Infinity or domain.lower is S.NegativeInfinity


__all__ = ["Found", "NoSuchPlace", "Place", "places_in", "replace_at", "setting_at"]
