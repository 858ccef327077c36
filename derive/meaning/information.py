"""Entropies, divergences and mutual information, as means of logarithms of densities (Cover and Thomas, Elements of
Information Theory, chapter 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Symbol, log
from sympy.core.expr import Expr

from derive.meaning.chances import items_of, law_letter, slot_key
from derive.meaning.laws import COMMON, Density, Expectation, Law
from derive.meaning.probability import law_of, slot_of
from derive.meaning.trouble import Beyond
from derive.meaning.underneath import Under, bound_over, conditions_in, mean_of, under_operator, with_density
from derive.notation.tree import Chain, Fenced, List, Name, Node, Product, Script

if TYPE_CHECKING:
    from derive.meaning.reader import Reader


def _surprise(reader: Reader, names: tuple[Node, ...], given: tuple[Node, ...]) -> Expr:
    """log p of random variables at themselves, given others."""
    chances = reader.conventions.chances
    slots = [slot_of(reader.read(item), chances) for item in names]
    conditions, event = conditions_in(reader, given)
    if event != 1:
        raise Beyond("an entropy given an event")
    return log(Density(Law(COMMON), slots, conditions))


def _are_variables(reader: Reader, items: tuple[Node, ...]) -> bool:
    random = reader.conventions.chances.random
    return all(slot_key(item) in random and not isinstance(item, Chain) for item in items)


def entropy(reader: Reader, head: Node, group: Fenced) -> Expr | None:
    before, given, _ = items_of(group)
    under = under_operator(reader, head)
    if under.density is not None:
        return None
    laws = [_law_argument(reader, item) for item in before]
    if laws[0] is not None and not given and len(laws) <= 2:
        first, last = laws[0], laws[-1]
        if last is None:
            return None
        return -mean_of(reader, first, lambda: log(_at(last, first)))
    if not _are_variables(reader, before):
        return None
    slots, _ = conditions_in(reader, given)
    fixed = [slot for slot in slots if not isinstance(slot.value, Symbol) or slot.value.name not in _names(reader)]
    return -Expectation(under.law or Law(COMMON), _surprise(reader, before, given), fixed)


def _names(reader: Reader) -> frozenset[str]:
    return reader.conventions.chances.random


def _law_argument(reader: Reader, item: Node) -> Under | None:
    """A law as the argument of an entropy or divergence: a density, or a bare name of a law."""
    if isinstance(item, Chain) and len(item.operands) == 1:
        item = item.operands[0]
    if isinstance(item, Product) and len(item.factors) == 2 and isinstance(item.factors[1], Fenced):
        return with_density(reader, item.factors[0], item.factors[1])
    base = item.base if isinstance(item, Script) else item
    letter = law_letter(base)
    if letter is None or slot_key(item) in reader.conventions.chances.sure:
        return None
    named = law_of(reader, item)
    left = reader.conventions.chances.left
    every = {name for key in (letter, letter.lower(), letter.upper()) for name in left.get(key, ())}
    every = every or {name for names in left.values() for name in names}
    if named is None or named[1] or len(every) > 1:
        return None
    nodes = [Name(item.span, name.strip("\\"), command=name.startswith("\\")) for name in every or {"x"}]
    return bound_over(reader, tuple(nodes), lambda slots, others: Density(named[0], slots, others))


def _at(law: Under, first: Under) -> Expr:
    """A density at the values of the variables that another one binds."""
    if law.density is None:
        raise Beyond("a law without a density")
    value = law.density()
    pairs = {(variable): symbol for _, symbol, variable in first.bound}
    own = {symbol: variable for _, symbol, variable in law.bound}
    if set(pairs) != set(own.values()):
        raise Beyond("two laws of different variables")
    return value.xreplace({symbol: pairs[variable] for symbol, variable in own.items()})


def divergence(reader: Reader, head: Node, group: Fenced) -> Expr | None:
    body = group.body
    if not isinstance(body, List) or len(body.items) != 2 or body.separators[0] not in ("||", "|", ",", ";"):
        return None
    first, last = (_law_argument(reader, item) for item in body.items)
    if first is None or last is None or first.density is None:
        return None
    density = first.density
    return mean_of(reader, first, lambda: log(density() / _at(last, first)))


def information(reader: Reader, head: Node, group: Fenced) -> Expr | None:
    body = group.body
    if not isinstance(body, List):
        return None
    given: tuple[Node, ...] = ()
    items = list(body.items)
    separators = list(body.separators)
    if "|" in separators:
        cut = separators.index("|") + 1
        given, items, separators = tuple(items[cut:]), items[:cut], separators[: cut - 1]
    mark = ";" if ";" in separators else ","
    if mark not in separators:
        return None
    cut = separators.index(mark) + 1
    one, other = tuple(items[:cut]), tuple(items[cut:])
    if not _are_variables(reader, (*one, *other)):
        return None
    joint = _surprise(reader, (*one, *other), given)
    apart = _surprise(reader, one, given) + _surprise(reader, other, given)
    return Expectation(Law(COMMON), joint - apart)
