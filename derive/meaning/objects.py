"""What SymPy lacks: indexed families, sums and integrals that bind, calls of abstract functions, derivatives.

All are SymPy expressions and are built directly. Names are `Str`, so no substitution of a scalar `x` touches the
family `x_i` or the function `x(t)`. Symbols carry no SymPy assumptions: kinds (real, integer, positive) belong
to the context of a step (`question.Setting`), so one symbol is one object wherever it stands.

Binders keep their variable in a canonical form: the bound variable of a binder is `bound(h)`, where h is one more
than that of any binder inside what it binds. Two expressions that differ only in the names of bound variables are
therefore equal (`==`) and have equal hashes, and substituting a term without free `bound(…)` symbols (every term
outside a binder) by `xreplace` can't be captured: a binder rebuilt around a deeper body renames its variable upward.
To work on what stands under a binder, `open` it with a fresh symbol; never take a body out with its `bound(…)` free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from sympy import S
from sympy.core.basic import Basic
from sympy.core.containers import Tuple
from sympy.core.expr import Expr
from sympy.core.symbol import Dummy, Str, Symbol
from sympy.logic.boolalg import Boolean, true

_BOUND_PREFIX = "\N{MIDDLE DOT}"


@cache
def bound(height: int) -> Symbol:
    """The bound variable of a binder of this height (1 is the innermost)."""
    return Symbol(f"{_BOUND_PREFIX}{height}")


def is_bound(symbol: Basic) -> bool:
    """Whether this is a bound variable (of some binder)."""
    return isinstance(symbol, Symbol) and symbol.name.startswith(_BOUND_PREFIX)


@lru_cache(maxsize=100_000)
def height(term: Basic) -> int:
    """The largest number of a bound variable of the binders in a term; 0 where there is none."""
    below = max((height(arg) for arg in term.args), default=0)
    return max(below, int(term.variable.name[1:])) if isinstance(term, Binder) else below


@lru_cache(maxsize=100_000)
def occurs(variable: Basic, term: Basic) -> bool:
    """Whether a symbol (or other subterm) stands free in a term."""
    if term == variable:
        return True
    if isinstance(term, Binder) and term.variable == variable:
        return any(occurs(variable, arg) for arg in term.outside)
    return any(occurs(variable, arg) for arg in term.args)


def rename(term: Any, old: Symbol, new: Basic) -> Any:
    """A term with the free occurrences of the symbol `old` replaced; binders of `old` itself shadow it."""
    if term == old:
        return new
    if not term.args or not occurs(old, term):
        return term
    if isinstance(term, Binder) and term.variable == old:
        outside = [rename(arg, old, new) for arg in term.outside]
        return type(term)(term.body, term.variable, *outside, *term.inside)
    return term.func(*[rename(arg, old, new) for arg in term.args])


class Term(Expr):
    """Common to all our expressions: commutative scalars."""

    is_commutative = True


class Entry(Term):
    """A member of an indexed family: `x_{ij}^{(t)}` is Entry(name, lower=(i, j), upper=(t,)).

    args: Str name, Tuple of lower indices, Tuple of upper indices."""

    def __new__(cls, name: Str | str, lower: Any = (), upper: Any = ()) -> Entry:
        name = Str(name) if isinstance(name, str) else name
        made: Entry = super().__new__(cls, name, Tuple(*lower), Tuple(*upper))
        return made

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def lower(self) -> tuple[Expr, ...]:
        return tuple(self.args[1])

    @property
    def upper(self) -> tuple[Expr, ...]:
        return tuple(self.args[2])

    @property
    def indices(self) -> tuple[Expr, ...]:
        """Lower indices, then upper ones."""
        return self.lower + self.upper


class Call(Term):
    """An abstract function applied: `f(x, y)`, with the order of partial derivative in each place.

    args: head (a Str name, or an Entry for an indexed or parametrised function `h_\\theta`), Tuple of arguments,
    Tuple of orders: Call(f, (x, y), (1, 0)) is the derivative of f in its first place, taken at (x, y)."""

    def __new__(cls, head: Any, arguments: Any, orders: Any = ()) -> Call:
        head = Str(head) if isinstance(head, str) else head
        arguments = Tuple(*arguments)
        orders = Tuple(*orders) if orders else Tuple(*[S.Zero] * len(arguments))
        if len(orders) != len(arguments):
            raise ValueError("a call has one order of derivative for each argument")
        made: Call = super().__new__(cls, head, arguments, orders)
        return made

    @property
    def head(self) -> Str | Entry:
        return self.args[0]

    @property
    def name(self) -> str:
        return str(self.head.name)

    @property
    def arguments(self) -> tuple[Expr, ...]:
        return tuple(self.args[1])

    @property
    def orders(self) -> tuple[int, ...]:
        return tuple(int(order) for order in self.args[2])


class Delta(Term):
    """Kronecker's delta: 1 where both indices are equal, else 0. Symmetric; decided at once for equal indices and
    for indices that differ by a nonzero number."""

    def __new__(cls, first: Any, second: Any) -> Any:
        difference = first - second
        if difference == 0:
            return S.One
        if difference.is_Number:
            return S.Zero
        first, second = sorted((first, second), key=lambda index: index.sort_key())
        return super().__new__(cls, first, second)


class Indicator(Term):
    """1 where a condition (a SymPy Boolean) holds, else 0."""

    def __new__(cls, condition: Boolean) -> Any:
        if condition == true:
            return S.One
        if condition == False:  # noqa: E712 (a SymPy Boolean)
            return S.Zero
        return super().__new__(cls, condition)


class Cases(Term):
    """The first value whose condition holds: args are Tuples (value, condition); the last may be `true`."""

    def __new__(cls, *branches: Any) -> Cases:
        made: Cases = super().__new__(cls, *[Tuple(value, condition) for value, condition in branches])
        return made

    @property
    def branches(self) -> tuple[tuple[Expr, Boolean], ...]:
        return tuple((branch[0], branch[1]) for branch in self.args)


class Partial(Term):
    """The derivative of `body` with respect to `variable` (a Symbol, an Entry or a Call), not yet carried out.

    The variable is not bound: `Partial(f(x), x)` still depends on x. Substituting for the variable is therefore
    only right after the derivative was carried out."""

    def __new__(cls, body: Expr, variable: Expr) -> Partial:
        made: Partial = super().__new__(cls, body, variable)
        return made

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def variable(self) -> Expr:
        return self.args[1]


class Antiderivative(Term):
    """An indefinite integral: any function of `variable` whose derivative is `body`."""

    def __new__(cls, body: Expr, variable: Symbol) -> Antiderivative:
        made: Antiderivative = super().__new__(cls, body, variable)
        return made

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def variable(self) -> Symbol:
        return self.args[1]


# ---------------------------------------------------------------------------------------------- domains


class Range(Basic):
    """The integers (in a sum) or reals (in an integral) from `lower` to `upper`, both included.

    A sum over a range whose upper bound is below the lower one is empty (0; a product is 1)."""

    @property
    def lower(self) -> Expr:
        return self.args[0]

    @property
    def upper(self) -> Expr:
        return self.args[1]


class Over(Basic):
    """The elements of a named set: `\\sum_{x \\in X}`; args: the set as a SymPy object (Str, Symbol, Entry, …)."""


class Whole(Basic):
    """All values the variable can take, where the document does not say which: `\\sum_i`, `\\int dx`. The one argument
    is a Str that tells ranges of different origin apart (the family whose index it is, the letter where unknown)."""


Domain = Range | Over | Whole


def _canonical(variable: Symbol, scope: Sequence[Basic]) -> Symbol:
    """The bound variable for a binder of `variable` over a scope: above all inside, and not free there already."""
    level = 1 + max(height(part) for part in scope)
    while (candidate := bound(level)) != variable and any(occurs(candidate, part) for part in scope):
        level += 1
    return candidate


class Binder(Term):
    """Binds `variable` in its body and in whatever else stands `inside`; `outside` is not in its scope.

    args: body, variable, then the arguments outside, then those inside (`outside_count` says how many)."""

    outside_count = 1

    def __new__(cls, body: Any, variable: Symbol, *rest: Any) -> Any:
        outside, inside = rest[: cls.outside_count], rest[cls.outside_count :]
        canonical = _canonical(variable, (body, *inside))
        if variable != canonical and is_bound(variable):
            # through a symbol of its own, since binders inside may have had to keep clear of the old variable
            opened = Dummy()
            body, *inner = [rename(part, variable, opened) for part in (body, *inside)]
            inside, variable = tuple(inner), opened
            canonical = _canonical(opened, (body, *inside))
        if variable != canonical:
            body, *inner = [rename(part, variable, canonical) for part in (body, *inside)]
            inside = tuple(inner)
        return super().__new__(cls, body, canonical, *outside, *inside)

    @property
    def body(self) -> Expr:
        return self.args[0]

    @property
    def variable(self) -> Symbol:
        return self.args[1]

    @property
    def outside(self) -> tuple[Basic, ...]:
        return self.args[2 : 2 + self.outside_count]

    @property
    def inside(self) -> tuple[Basic, ...]:
        return self.args[2 + self.outside_count :]

    @property
    def free_symbols(self) -> set[Basic]:
        free: set[Basic] = set(self.body.free_symbols)
        for part in self.inside:
            free |= part.free_symbols
        free.discard(self.variable)
        for part in self.outside:
            free |= part.free_symbols
        return free

    def open(self, variable: Basic) -> tuple[Expr, tuple[Basic, ...]]:
        """The body, and what else stands inside, with the given term for the bound variable."""
        return rename(self.body, self.variable, variable), tuple(
            rename(p, self.variable, variable) for p in self.inside
        )


class Indexed(Binder):
    """A binder over a domain with a condition: args body, variable, domain, condition (SymPy `true` if none)."""

    def __new__(cls, body: Any, variable: Symbol, domain: Domain, condition: Boolean = true) -> Any:
        return super().__new__(cls, body, variable, domain, condition)

    @property
    def domain(self) -> Domain:
        return self.args[2]

    @property
    def condition(self) -> Boolean:
        return self.args[3]


class SumOver(Indexed):
    """A sum: the body over all values of the variable in the domain that meet the condition."""


class ProductOver(Indexed):
    """A product over a domain."""


class IntegralOver(Indexed):
    """A definite integral: over Range(lower, upper), a set, or (Whole) the space of the variable."""


class MaximumOver(Indexed):
    """The largest value of the body over a domain."""


class MinimumOver(Indexed):
    """The smallest value of the body over a domain."""


class LimitAt(Binder):
    """The limit of the body as the variable goes to a point; args body, variable, point, direction (Str `+`, `-`,
    ``)."""

    outside_count = 2

    @property
    def point(self) -> Expr:
        return self.args[2]

    @property
    def direction(self) -> str:
        return str(self.args[3].name)


class Opaque(Term):
    """Something read and not taken apart: args are a Str that says what kind (`density`, `expectation`, `rate`,
    `norm`, …), then its parts. An uninterpreted scalar function of its parts: it may be compared and moved about in
    algebra, it may not be differentiated by rules, and no model gives it a value (so nothing that holds one is
    ever refuted)."""

    def __new__(cls, kind: str | Str, *parts: Any) -> Opaque:
        made: Opaque = super().__new__(cls, Str(kind) if isinstance(kind, str) else kind, *parts)
        return made

    @property
    def kind(self) -> str:
        return str(self.args[0].name)


def subterms(term: Basic) -> Iterator[Basic]:
    """The term and everything in it, outermost first, left to right."""
    stack = [term]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(top.args))


def fresh(stem: str, *terms: Basic) -> Symbol:
    """A symbol that stands in none of the terms, named after the stem."""
    taken = {symbol.name for term in terms for symbol in term.free_symbols if isinstance(symbol, Symbol)}
    name, number = stem, 0
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return Symbol(name)
