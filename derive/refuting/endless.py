"""Sums without an end, in models in which families have finitely many members that are not zero.

Of a family about which nothing else is said, a model may choose the members: all but the first few are 0 then, and
`Σ_{k=0}^∞ a_k x^k` is a finite sum. It is cut off only where every term behind the cut is 0 for certain: each has a
factor `a_{k+c}`, or factors whose indices add up to `k + c`, as in a product of two series."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING

from sympy import Add, Integer, Mul, Pow, S, expand
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.symbol import Symbol

from derive.meaning.objects import Entry, Partial, Range, SumOver, fresh, is_bound, occurs, subterms
from derive.meaning.question import Setting
from derive.refuting.numbers import as_integer
from derive.refuting.scopes import Scope
from derive.refuting.undefined import Undefined

if TYPE_CHECKING:
    from derive.refuting.evaluation import Evaluator

Family = tuple[str, str, int]
MOST_FACTORS = 4


def family_of(entry: Entry) -> Family:
    """The name of a family, as the inventory has it."""
    return ("family", entry.name, 100 * len(entry.lower) + len(entry.upper))


def endless(domain: Basic) -> bool:
    """Whether a range has no end, or no beginning."""
    return isinstance(domain, Range) and (domain.upper is S.Infinity or domain.lower is S.NegativeInfinity)


def cut_families(
    terms: Iterable[Basic], facts: Iterable[Basic], defined: Iterable[Family], setting: Setting
) -> dict[Family, bool]:
    """The families that may be cut off, each with whether it runs to both sides: they stand under a sum without an end,
    nothing defines them, and no fact speaks of all their members."""
    found: dict[Family, bool] = {}
    for term in terms:
        for part in subterms(term):
            if isinstance(part, SumOver) and endless(part.domain):
                for entry in subterms(part.body):
                    if isinstance(entry, Entry) and any(occurs(part.variable, index) for index in entry.indices):
                        name = family_of(entry)
                        found[name] = found.get(name, False) or part.domain.lower is S.NegativeInfinity
    general = {
        family_of(part)
        for fact in facts
        for part in subterms(fact)
        if isinstance(part, Entry)
        and any(not is_bound(s) for s in part.args[1].free_symbols | part.args[2].free_symbols)
    }
    barred = general | set(defined)
    return {
        name: both
        for name, both in found.items()
        if name not in barred and setting.kind(name[1]) not in ("positive", "natural")
    }


def is_cut(families: Mapping[Family, bool], name: Family, indices: Iterable[object], reach: int) -> bool:
    """Whether a member of a family is 0 because it lies beyond what a model gives values to."""
    both = families.get(name)
    if both is None:
        return False
    low = -reach if both else 0
    return any(index < low or index > reach for index in indices)  # type: ignore[operator]


def last_terms(evaluator: Evaluator, term: SumOver, scope: Scope) -> tuple[int, int]:
    """The first and the last value of the variable of a sum without an end at which its term may not be 0. Undefined
    where that is not known."""
    families = evaluator.inventory.endless
    if any(frame.slot[0] in families for frame in evaluator.frames):
        raise Undefined("a derivative by a member of an endless family is not evaluated in a model", lasting=True)
    variable = fresh("k", term)
    body, _ = term.open(variable)
    outside = term.free_symbols

    def number(offset: Expr) -> int | None:
        if isinstance(offset, Integer):
            return int(offset)
        return as_integer(evaluator.evaluate(offset, scope)) if offset.free_symbols <= outside else None

    low, high = _bounds(body, variable, families, evaluator.model.reach(), number)
    domain = term.domain
    assert isinstance(domain, Range)
    if domain.lower is not S.NegativeInfinity:
        low = as_integer(evaluator.evaluate(domain.lower, scope))
    if domain.upper is not S.Infinity:
        high = as_integer(evaluator.evaluate(domain.upper, scope))
    return low, high


Number = Callable[[Expr], "int | None"]


def _bounds(
    body: Expr, variable: Symbol, families: Mapping[Family, bool], reach: int, number: Number
) -> tuple[int, int]:
    """Bounds outside of which a term is 0. `number` gives the value of what does not hold the variable."""
    if isinstance(body, Add):
        pairs = [_bounds(arg, variable, families, reach, number) for arg in body.args]
        return min(low for low, _ in pairs), max(high for _, high in pairs)
    factors: list[Entry] = []
    for factor in _factors(body):
        if isinstance(factor, Entry) and family_of(factor) in families:
            factors.append(factor)
        elif isinstance(factor, Add):
            try:
                return _bounds(factor, variable, families, reach, number)
            except Undefined:
                continue
    for count in range(1, min(MOST_FACTORS, len(factors)) + 1):
        for chosen in combinations(factors, count):
            for total in _totals(chosen):
                # were every index within the reach, their sum would be too
                if (offset := number(expand(total - variable))) is not None:
                    return -count * reach - offset, count * reach - offset
                if (offset := number(expand(total + variable))) is not None:
                    return offset - count * reach, offset + count * reach
    raise Undefined("an infinite sum is not evaluated in a model", lasting=True)


def _totals(entries: tuple[Entry, ...]) -> Iterator[Expr]:
    """The sums of one index of each entry."""
    if not entries:
        yield S.Zero
        return
    for index in entries[0].indices:
        for rest in _totals(entries[1:]):
            yield index + rest


def _factors(body: Expr) -> Iterator[Expr]:
    """What a term is a product of, so that it is 0 where one of them is, for all values of other variables."""
    stack: list[Basic] = [body]
    while stack:
        top = stack.pop()
        if isinstance(top, Mul):
            stack.extend(top.args)
        elif isinstance(top, Pow) and isinstance(top.exp, Integer) and top.exp > 0:
            stack.append(top.base)
        elif isinstance(top, Partial) and not isinstance(top.variable, Entry):
            stack.append(top.body)
        elif isinstance(top, SumOver):
            stack.append(top.open(fresh("m", body, top))[0])
        elif isinstance(top, Expr):
            yield top
