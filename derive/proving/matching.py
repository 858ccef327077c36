"""Matching the pattern of a rule against a term: which bindings make the one an instance of the other.

Sums and products match in any order. A variable in a sum or product takes what nothing else takes, also nothing (0 or
1). `f(k)`, with k bound, matches any body (Miller's patterns: Miller, A logic programming language with lambda-
abstraction, 1991); a plain variable never takes what holds a bound variable of the pattern. A polynomial in a bound
variable with open coefficients (`a x² + b x + c`) matches by its coefficients.

Matching proposes: whoever uses bindings checks that the pattern with them has the value of the term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product as choices
from typing import Any

from sympy import E, Integer, Rational, S
from sympy.core.add import Add
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.function import Lambda, expand
from sympy.core.mul import Mul
from sympy.core.power import Pow
from sympy.core.symbol import Str, Symbol
from sympy.functions import Max, Min, exp

from derive.meaning.objects import Binder, Call, Delta, Partial, fresh, rename
from derive.proving.rule import NotAnInstance, instantiate, is_infinite
from derive.proving.unfolding import opened_symbol

Bindings = Mapping[str, Basic]
MOST_TERMS = 10
MOST_CHOICES = 64
PATTERN_LEVEL = 700  # binders of a pattern and of the term it meets are opened together, from this level on


def match(
    pattern: Basic, term: Basic, variables: frozenset[str], bindings: Bindings | None = None
) -> Iterator[Bindings]:
    """The bindings, beyond those given, under which a pattern is (or may be, up to field algebra) the term, or some of
    the terms or factors that it is made of."""
    if not heads_in(pattern) <= heads_in(term):
        return
    yield from _Matcher(variables, dict(_names(pattern, variables)), pattern).match(pattern, term, bindings or {}, 0)


@lru_cache(maxsize=2000)
def _names(pattern: Basic, variables: frozenset[str]) -> Mapping[Basic, frozenset[str]]:
    """The open names in each part of a pattern."""
    found: dict[Basic, frozenset[str]] = {}

    def names(part: Basic) -> frozenset[str]:
        if part not in found:
            own = frozenset((part.name,)) if isinstance(part, Symbol | Call) and part.name in variables else frozenset()
            found[part] = own.union(*(names(arg) for arg in part.args)) if part.args else own
        return found[part]

    names(pattern)
    return found


@lru_cache(maxsize=20_000)
def _weight(part: Expr) -> tuple[int, Any]:
    """What orders the parts of a pattern: the largest first."""
    return -part.count_ops(), part.sort_key()


@lru_cache(maxsize=50_000)
def heads_in(term: Basic) -> frozenset[type]:
    """The heads in a term that a pattern must find as they are: neither field arithmetic nor abstract functions."""
    own = frozenset((type(term),)) if isinstance(term, Expr) and term.args and not _is_flexible(term) else frozenset()
    return own.union(*(heads_in(arg) for arg in term.args)) if term.args else own


def _is_flexible(term: Basic) -> bool:
    return isinstance(term, Add | Mul | Pow | exp | Call | Partial)


class _Matcher:
    def __init__(self, variables: frozenset[str], names: dict[Basic, frozenset[str]], whole: Basic) -> None:
        self._variables = variables
        self._whole = whole
        self._known = names
        self._marks: set[Symbol] = set()

    def _open(self, part: Basic, bindings: Bindings) -> frozenset[str]:
        """The names in a part of the pattern that are not bound yet."""
        if part not in self._known:
            self._known.update(_names(part, self._variables))
        return frozenset(name for name in self._known[part] if name not in bindings)

    def match(self, pattern: Basic, term: Basic, bindings: Bindings, level: int) -> Iterator[Bindings]:
        if not self._open(pattern, bindings):
            if self._instance(pattern, bindings) == term:
                yield bindings
            return
        if isinstance(pattern, Symbol):
            if not term.free_symbols & self._marks and not is_infinite(term):
                yield {**bindings, pattern.name: term}
        elif isinstance(pattern, Call) and pattern.name in self._variables:
            yield from self._function(pattern, term, bindings)
        elif isinstance(pattern, Add | Mul):
            yield from self._many(pattern, term, bindings, level)
        elif isinstance(pattern, Pow | exp):
            yield from self._power(pattern, term, bindings, level)
        elif isinstance(pattern, Binder):
            yield from self._binder(pattern, term, bindings, level)
        elif type(pattern) is not type(term) or len(pattern.args) != len(term.args):
            return
        elif isinstance(pattern, Partial):
            if isinstance(term.args[1], Symbol):
                yield from self._sequence(
                    (pattern.args[1], pattern.args[0]), (term.args[1], term.args[0]), bindings, level
                )
        elif isinstance(pattern, Max | Min | Delta) and len(pattern.args) == 2:
            yield from self._sequence(pattern.args, term.args, bindings, level)
            yield from self._sequence(pattern.args, term.args[::-1], bindings, level)
        else:
            yield from self._sequence(pattern.args, term.args, bindings, level)

    def _instance(self, pattern: Basic, bindings: Bindings) -> Basic | None:
        try:
            return instantiate(pattern, bindings)
        except NotAnInstance:
            return None

    def _sequence(
        self, patterns: tuple[Basic, ...], terms: tuple[Basic, ...], bindings: Bindings, level: int
    ) -> Iterator[Bindings]:
        if not patterns:
            yield bindings
            return
        for found in self.match(patterns[0], terms[0], bindings, level):
            yield from self._sequence(patterns[1:], terms[1:], found, level)

    def _binder(self, pattern: Binder, term: Basic, bindings: Bindings, level: int) -> Iterator[Bindings]:
        if type(term) is not type(pattern) or len(term.args) != len(pattern.args):
            return
        mark = opened_symbol(PATTERN_LEVEL + level)
        body, inside = pattern.open(mark)
        other, there = term.open(mark)
        self._marks.add(mark)
        yield from self._sequence(
            (*pattern.outside, body, *inside), (*term.outside, other, *there), bindings, level + 1
        )

    def _function(self, pattern: Call, term: Basic, bindings: Bindings) -> Iterator[Bindings]:
        """`f(k)` for a function that is not bound yet: its arguments must be distinct symbols, known by now."""
        if pattern.name in bindings or not isinstance(pattern.head, Str):
            return
        if any(pattern.orders):
            yield from self._derivative(pattern, term, bindings)
            return
        places = []
        for argument in pattern.arguments:
            known = None if self._open(argument, bindings) else self._instance(argument, bindings)
            if not isinstance(known, Symbol) or known in places:
                yield from self._same_call(pattern, term, bindings)
                return
            places.append(known)
        if (term.free_symbols & self._marks) - set(places):
            return
        parameters: list[Symbol] = []
        for place in places:
            parameter = fresh("t", term, *parameters)
            term = rename(term, place, parameter)
            parameters.append(parameter)
        yield {**bindings, pattern.name: Lambda(tuple(parameters), term)}

    def _same_call(self, pattern: Call, term: Basic, bindings: Bindings) -> Iterator[Bindings]:
        """`f(x + h)` against a call of an abstract function: f is this function, its arguments match one by one."""
        if not isinstance(term, Call) or len(term.arguments) != len(pattern.arguments):
            return
        parameters = [fresh(f"t{k}", term) for k in range(len(term.arguments))]
        called = Lambda(tuple(parameters), Call(term.head, parameters, term.orders))
        yield from self._sequence(pattern.arguments, term.arguments, {**bindings, pattern.name: called}, 0)

    def _derivative(self, pattern: Call, term: Basic, bindings: Bindings) -> Iterator[Bindings]:
        """`g'(x)` for a function that is not bound yet: the same derivative, at the same place, of an abstract
        function."""
        if not isinstance(term, Call) or not isinstance(term.head, Str) or term.orders != pattern.orders:
            return
        if self._open(pattern, bindings) != {pattern.name} or any(
            self._instance(ours, bindings) != theirs
            for ours, theirs in zip(pattern.arguments, term.arguments, strict=True)
        ):
            return
        parameters: list[Symbol] = []
        for _ in term.arguments:
            parameters.append(fresh("t", *parameters))
        yield {**bindings, pattern.name: Lambda(tuple(parameters), Call(term.head, parameters))}

    # ------------------------------------------------------------------ powers

    def _power(self, pattern: Basic, term: Basic, bindings: Bindings, level: int) -> Iterator[Bindings]:
        base, exponent = (E, pattern.args[0]) if isinstance(pattern, exp) else pattern.args
        of, to = (E, term.args[0]) if isinstance(term, exp) else term.args if isinstance(term, Pow) else (term, S.One)
        if base == E:
            if of == E:
                yield from self.match(exponent, to, bindings, level)
            return
        if not self._open(exponent, bindings):
            known = self._instance(exponent, bindings)
            ratio = None if known is None or known == 0 else to / known
            if ratio is not None and not ratio.free_symbols & self._marks and (ratio == 1 or _whole(ratio, known)):
                yield from self.match(base, Pow(of, ratio), bindings, level)
            return
        for found in self.match(base, of, bindings, level):
            yield from self.match(exponent, to, found, level)

    # ------------------------------------------------------------------ sums and products

    def _many(self, pattern: Expr, term: Basic, bindings: Bindings, level: int) -> Iterator[Bindings]:
        kind = Add if isinstance(pattern, Add) else Mul
        if kind is Add:
            polynomial = self._polynomial(pattern, term, bindings)
            if polynomial is not None:
                yield polynomial
                return
        needed, terms = list(pattern.args), list(kind.make_args(term))
        spare: Expr = S.One
        if kind is Mul:
            number = pattern.args[0] if isinstance(pattern.args[0], Rational) else S.One
            given = term.as_coeff_Mul()[0] if isinstance(term, Expr) else S.One
            if not isinstance(given, Rational) or given == 0:
                return
            needed = [part for part in needed if part != number or not isinstance(part, Rational)]
            terms = [part for part in terms if not isinstance(part, Rational)]
            spare = given / number
        if len(terms) > MOST_TERMS:
            return
        takers = [part for part in needed if self._takes_anything(part, bindings)]
        solved = self._solved(needed, takers, term, bindings) if kind is Add else None
        if solved is not None:
            yield solved
            return
        special = [part for part in needed if part not in takers]
        special.sort(key=lambda part: (len(self._open(part, bindings)), *_weight(part)))
        partly = pattern is self._whole and level == 0
        yield from self._assign(kind, special, takers, terms, spare, bindings, level, partly)

    def _solved(self, needed: list[Basic], takers: list[Basic], term: Basic, bindings: Bindings) -> Bindings | None:
        """The one open variable of a sum, where it is a whole number: c = 2 for `a + c` against n + 2 with a = n."""
        if len(takers) != 1 or not isinstance(takers[0], Symbol):
            return None
        others = [part for part in needed if part is not takers[0]]
        if any(self._open(part, bindings) for part in others):
            return None
        known = [self._instance(part, bindings) for part in others]
        if any(part is None for part in known):
            return None
        value = term - Add(*known)
        return {**bindings, takers[0].name: value} if isinstance(value, Integer) else None

    def _takes_anything(self, part: Basic, bindings: Bindings) -> bool:
        if isinstance(part, Symbol):
            return part.name in self._variables and part.name not in bindings
        if not isinstance(part, Call) or any(part.orders):
            return False
        return part.name in self._variables and part.name not in bindings

    def _assign(
        self, kind: type[Add] | type[Mul], special: list[Basic], takers: list[Basic], terms: list[Basic], spare: Expr,
        bindings: Bindings, level: int, partly: bool,
    ) -> Iterator[Bindings]:  # fmt: skip
        if special:
            first, *rest = special
            for k, candidate in enumerate(terms):
                for found in self.match(first, candidate, bindings, level):
                    left = [part for part in takers if self._takes_anything(part, found)]
                    now_known = [part for part in takers if part not in left]
                    yield from self._assign(
                        kind, [*rest, *now_known], left, terms[:k] + terms[k + 1 :], spare, found, level, partly
                    )
            return
        if not takers:
            if partly or (not terms and spare == 1):
                yield bindings
            return
        yield from self._distribute(kind, takers, terms, spare, bindings, level)

    def _distribute(
        self, kind: type[Add] | type[Mul], takers: list[Basic], terms: list[Basic], spare: Expr, bindings: Bindings,
        level: int,
    ) -> Iterator[Bindings]:  # fmt: skip
        """What is left goes to the variables: what holds a bound variable of the pattern to functions only."""
        identity: Expr = S.Zero if kind is Add else S.One
        if len(takers) ** len(terms) > MOST_CHOICES:
            return
        plain = [k for k, taker in enumerate(takers) if isinstance(taker, Symbol)]
        functions = [k for k in range(len(takers)) if k not in plain]
        options = []
        for part in terms:
            varies = bool(part.free_symbols & self._marks)
            options.append(functions if varies else (plain or functions) if functions else plain)
        for choice in choices(*options):
            shares: list[list[Basic]] = [[] for _ in takers]
            for part, owner in zip(terms, choice, strict=True):
                shares[owner].append(part)
            if len(takers) > 1 and any(not shares[k] for k in range(len(takers)) if kind is Add):
                continue
            values = [kind(*share) if share else identity for share in shares]
            if kind is Mul and spare != 1:
                at = (plain or functions)[0]
                values[at] = spare * values[at]
            yield from self._sequence(tuple(takers), tuple(values), bindings, level)

    # ------------------------------------------------------------------ polynomials in a bound variable

    def _polynomial(self, pattern: Expr, term: Basic, bindings: Bindings) -> Bindings | None:
        """Coefficients for a pattern Σ c_k m^k with a mark m and open plain variables c_k; None for other patterns."""
        marks = pattern.free_symbols & self._marks
        if len(marks) != 1:
            return None
        (mark,) = marks
        wanted: dict[int, tuple[str, Rational]] = {}
        fixed: dict[int, Expr] = {}
        for part in pattern.args:
            coefficient, power = _monomial(part, mark)
            if power is None or power in wanted or power in fixed:
                return None
            number, rest = coefficient.as_coeff_Mul()
            if isinstance(rest, Symbol) and self._takes_anything(rest, bindings) and isinstance(number, Rational):
                wanted[power] = (rest.name, number)
            elif not self._open(coefficient, bindings):
                instance = self._instance(coefficient, bindings)
                if instance is None:
                    return None
                fixed[power] = instance
            else:
                return None
        if not wanted or len({name for name, _ in wanted.values()}) != len(wanted):
            return None
        found: dict[int, Expr] = {}
        for part in Add.make_args(expand(term)):
            coefficient, power = _monomial(part, mark)
            if power is None:
                return None
            found[power] = found.get(power, S.Zero) + coefficient
        if any(
            power not in wanted and found.get(power, S.Zero) != fixed.get(power, S.Zero) for power in {*found, *fixed}
        ):
            return None
        values = {name: found.get(power, S.Zero) / number for power, (name, number) in wanted.items()}
        if any(value.free_symbols & self._marks for value in values.values()):
            return None
        return {**bindings, **values}


def _monomial(term: Basic, mark: Symbol) -> tuple[Expr, int | None]:
    """A term as (coefficient, k) of mark^k; k is None where it is no such term."""
    coefficient: Expr = S.One
    power = 0
    for factor in Mul.make_args(term):
        if factor == mark:
            power += 1
        elif isinstance(factor, Pow) and factor.base == mark and isinstance(factor.exp, Integer) and factor.exp > 0:
            power += int(factor.exp)
        elif mark in factor.free_symbols:
            return coefficient, None
        else:
            coefficient = coefficient * factor
    return coefficient, power


def _whole(ratio: Expr, exponent: Basic) -> bool:
    """Whether b^(ratio·exponent) is (b^ratio)^exponent for every b: for whole exponents, or a whole ratio of them."""
    return bool(ratio.is_Integer) or not isinstance(exponent, Rational)
