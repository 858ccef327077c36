"""Where both sides of an equation have a value: what is ≥ 0 there, and whether there is such a place at all.

√u and log u have values only where u ≥ 0. With u = ±Π p over irreducible p of odd exponent this is one linear equation
over GF(2) in the signs of the p. Solving the system tells which p are ≥ 0 wherever both sides are defined; and if it
contradicts itself (log x = log(−x)), both sides are defined together at most where some p is 0, and such a step is not
proved, although nothing contradicts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sympy import Rational
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.power import Pow
from sympy.functions import cos, cot, coth, csc, log, sec, sin, sinh, tan

from derive.meaning.objects import Antiderivative, Binder, Call, Cases, Entry, Indicator, Opaque, Partial
from derive.meaning.question import Setting
from derive.proving.giveup import Stuck, Undefined
from derive.proving.normal.normaliser import Normaliser
from derive.proving.normal.powers import Regrain
from derive.proving.normal.ring import Polynomial

Row = tuple[bool, frozenset[tuple[object, ...]]]
_NOT_ZERO: dict[type, Callable[[Expr], Expr]] = {
    log: lambda u: u,
    tan: cos,
    sec: cos,
    cot: sin,
    csc: sin,
    coth: sinh,
}


def note_definedness(normaliser: Normaliser, *sides: Expr) -> None:
    """Tell the normaliser which polynomials are ≥ 0 wherever both sides have a value. Raises `Undefined` where no such
    place is left."""
    if normaliser.complex:
        return
    outside, inside = _radicands(sides)
    polynomials: dict[tuple[object, ...], Polynomial] = {}
    solved = _eliminate(_rows(normaliser, outside, polynomials), [])
    for negative, keys in solved:
        if len(keys) == 1 and not negative:
            normaliser.signs.define(polynomials[next(iter(keys))])
        elif len(keys) == 2:
            _define_both(normaliser, negative, *(polynomials[key] for key in sorted(keys, key=repr)))
    # under binders the conditions hold for other values of the bound variable: they may contradict, not inform
    _eliminate(_rows(normaliser, inside, polynomials), solved)


def _define_both(normaliser: Normaliser, negative: bool, first: Polynomial, second: Polynomial) -> None:
    """From p q ≥ 0 and p + q ≥ 0 follow p ≥ 0 and q ≥ 0, as for p(1 − p): two numbers ≤ 0 add up to no more than 0."""
    pairs = ((first, -second), (-first, second)) if negative else ((first, second),)
    ring = normaliser.ring
    for pair in pairs:
        one, other = (ring.lift(ring.fraction(p, ring.one.num)).num for p in pair)
        if normaliser.signs.polynomial(one + other):
            normaliser.signs.define(one)
            normaliser.signs.define(other)
            return


def defined_together(left: Expr, right: Expr, setting: Setting) -> None:
    """Raises `Undefined` where there is certainly no place at which both sides have a value: what is then "equal
    wherever both are defined" says nothing, and is not proved."""
    try:
        note_definedness(Normaliser(setting), left, right)
    except Undefined:
        raise
    except (Stuck, Regrain):
        return


def _rows(normaliser: Normaliser, bases: list[Basic], polynomials: dict[tuple[object, ...], Polynomial]) -> list[Row]:
    rows: list[Row] = []
    for base in bases:
        try:
            negative, odd = normaliser.powers.parity(base)
        except Stuck:
            continue
        polynomials.update(odd)
        rows.append((negative, frozenset(odd)))
    return rows


def _eliminate(rows: list[Row], solved: list[Row]) -> list[Row]:
    """Rows in reduced form after those already solved; `Undefined` on a contradiction."""
    result = list(solved)
    for negative, keys in rows:
        for known_negative, known in result:
            if _pivot(known) in keys:
                negative, keys = negative != known_negative, keys ^ known
        if not keys:
            if negative:
                raise Undefined("the two sides are defined nowhere together")
            continue
        pivot = _pivot(keys)
        result = [
            (other_negative != negative, other ^ keys) if pivot in other else (other_negative, other)
            for other_negative, other in result
        ]
        result.append((negative, keys))
    return result


def _pivot(keys: frozenset[tuple[object, ...]]) -> tuple[object, ...]:
    return min(keys, key=repr)


def _radicands(sides: tuple[Expr, ...]) -> tuple[list[Basic], list[Basic]]:
    """What stands under roots and in logarithms: outside binders, and inside them (with their variables opened)."""
    outside: dict[Basic, None] = {}
    inside: dict[Basic, None] = {}
    stack: list[tuple[Basic, int, bool]] = [(side, 0, True) for side in reversed(sides)]
    while stack:
        term, level, always = stack.pop()
        if isinstance(term, (Cases, Partial, Opaque, Indicator)) or not isinstance(term, Expr):
            continue
        if isinstance(term, Binder):
            if level < 8:
                stack.append((term.open(Normaliser.marker(level))[0], level + 1, False))
            continue
        if isinstance(term, log) and len(term.args) == 1:
            (outside if always else inside).setdefault(term.args[0])
        elif isinstance(term, Pow) and isinstance(term.exp, Rational) and not term.exp.is_Integer:
            (outside if always else inside).setdefault(term.base)
        stack.extend((arg, level, always) for arg in reversed(term.args))
    return list(outside), list(inside)


def standing_in(side: Basic) -> Iterator[Basic]:
    """The subterms that have a value wherever the side has one: not those in cases, derivatives, integrals and other
    binders."""
    stack = [side]
    while stack:
        term = stack.pop()
        if not isinstance(term, Expr):
            continue
        yield term
        if isinstance(term, (Antiderivative, Binder, Cases, Indicator, Opaque, Partial)):
            continue
        if isinstance(term, Call):
            stack.extend(term.arguments)
        elif isinstance(term, Entry):
            stack.extend(term.indices)
        else:
            stack.extend(term.args)


def divisors(terms: Iterable[Basic]) -> list[Expr]:
    """What is not 0 since these terms have a value."""
    found: list[Expr] = []
    for term in terms:
        if isinstance(term, Pow) and isinstance(term.exp, Rational) and term.exp < 0:
            found.append(term.base)
        elif type(term) in _NOT_ZERO and len(term.args) == 1:
            found.append(_NOT_ZERO[type(term)](term.args[0]))
    return found
