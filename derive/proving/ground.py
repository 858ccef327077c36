"""The ground of an implication: what is known wherever its premises hold and its conclusion has a value.

A denominator, the argument of a logarithm, the base of a negative power that stands in such a side for certain (not in
a case, a derivative, or under a binder) is not 0 there. This is what makes dividing by it harmless, and nothing else
does: a factor whose zeros are not ruled out can't be divided by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from sympy import E, Integer, Rational, S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.power import Pow
from sympy.core.relational import Ne, Relational
from sympy.functions import (
    Abs,
    atan,
    cos,
    cosh,
    exp,
    factorial,
    log,
    sin,
    sinh,
    tan,
    tanh,
)
from sympy.logic.boolalg import true

from derive.meaning.objects import (
    Call,
    Entry,
    ProductOver,
    Range,
    SumOver,
    Term,
)
from derive.meaning.question import Setting
from derive.proving.definedness import divisors, note_definedness, standing_in
from derive.proving.giveup import Stuck
from derive.proving.normal.normaliser import Normaliser
from derive.proving.normal.powers import Regrain
from derive.proving.normal.ring import Fraction, Polynomial
from derive.proving.ordering import polynomial_sign

MOST_GRAINS = 12
MOST_DEPTH = 12
_TOTAL = (exp, sin, cos, atan, sinh, cosh, tanh, Abs)  # functions with a value for every real number
Result = TypeVar("Result")


class Ground:
    """Answers `nonzero?`, `positive?`, `nonnegative?`, `has a value?`; False means only "not known"."""

    def __init__(self, sides: tuple[Expr, ...], setting: Setting) -> None:
        self._sides = sides
        self._setting = setting
        self._grains: dict[object, int] = {}
        self._is_working = False
        self._standing = dict.fromkeys(part for side in sides for part in standing_in(side))
        self.run(lambda: None)

    def run(self, work: Callable[[], Result]) -> Result:
        """Work with the normaliser, begun again where an exponent needs a finer generator. Raises `Stuck`."""
        if self._is_working:
            return work()  # what is under way holds fractions of this normaliser: it is begun again as a whole
        self._is_working = True
        try:
            for _ in range(MOST_GRAINS):
                try:
                    if not hasattr(self, "normaliser"):
                        self._start()
                    return work()
                except Regrain:
                    self.__dict__.pop("normaliser", None)
        finally:
            self._is_working = False
        raise Stuck("the exponents have no common denominator")

    def _start(self) -> None:
        normaliser = Normaliser(self._setting, False, self._grains)
        note_definedness(normaliser, *self._sides)
        self.normaliser = normaliser
        self._nonzero: set[object] = set()
        self._add_canonical()
        known = [*divisors(self._standing), *_said_nonzero(self._setting)]
        for _ in range(2):  # what is not 0 may make a denominator certain that another one needs
            for term in known:
                self._note(term)
                self._note(term**2)  # sin² is 1 − cos² in normal form, so neither of its factors is 0

    def _add_canonical(self) -> None:
        """Sums, integrals and the like that stand in a side, in the form that they have in normal form."""
        for term in tuple(self._standing):
            if isinstance(term, Term):
                try:
                    made = self.normaliser.canonical(term)
                except Stuck:
                    continue
                if type(made) is type(term):
                    self._standing[made] = None

    def _inside(self, polynomial: Polynomial) -> Expr | None:
        """What a polynomial is 0 with: b, where it is |b| or a positive power of b."""
        ring = self.normaliser.ring
        generators = ring.generators(polynomial)
        if len(polynomial) != 1 or len(generators) != 1:
            return None
        shown = ring.shown[generators[0]]
        if isinstance(shown, Abs) or (isinstance(shown, Pow) and isinstance(shown.exp, Rational) and shown.exp > 0):
            inner: Expr = shown.args[0]
            return inner
        return None

    def _note(self, term: Expr, depth: int = 0) -> None:
        """Take a term that is not 0: no factor of its numerator is, if its denominator is not 0 for certain."""
        try:
            _, factors = self.normaliser.ring.factors(self.normaliser.normalise(term))
        except Stuck:
            return
        if all(exponent > 0 or self._is_nonzero(polynomial) for polynomial, exponent in factors):
            self._nonzero.update(self.normaliser.ring.key(polynomial) for polynomial, _ in factors)
            for polynomial, _ in factors:
                inner = self._inside(polynomial)
                if inner is not None and depth < MOST_DEPTH:
                    self._note(inner, depth + 1)

    # ------------------------------------------------------------------ questions

    def nonzero(self, term: Expr) -> bool:
        """Whether a term that has a value is not 0."""

        def work() -> bool:
            content, factors = self.normaliser.ring.factors(self.normaliser.normalise(term))
            return bool(content != 0) and all(self._is_nonzero(polynomial) for polynomial, _ in factors)

        return self._answer(work)

    def positive(self, term: Expr) -> bool:
        """Whether a term that has a value is > 0."""
        return self._answer(lambda: self._sign(term) == "positive")

    def nonnegative(self, term: Expr) -> bool:
        """Whether a term that has a value is ≥ 0."""
        return self._answer(lambda: bool(self._sign(term)))

    def stands(self, term: Basic) -> bool:
        """Whether a term stands in a side, at a place where it must have a value."""
        return term in self._standing

    def has_value(self, term: Basic, depth: int = 0) -> bool:
        """Whether a term has a value on this ground."""
        if term in self._standing or not term.args:
            return term in self._standing or bool(term.is_finite is not False)
        if depth > MOST_DEPTH:
            return False
        if isinstance(term, Call):
            return all(self.has_value(part, depth + 1) for part in term.arguments)
        if isinstance(term, Entry):
            return all(self.has_value(part, depth + 1) for part in term.indices)
        if isinstance(term, (SumOver, ProductOver)):
            ends = term.domain.args if isinstance(term.domain, Range) else (S.Infinity,)
            finite = not any(end in (S.Infinity, S.NegativeInfinity) for end in ends) and term.condition == true
            return finite and self.has_value(term.open(Normaliser.marker(depth))[0], depth + 1)
        if not (term.is_Add or term.is_Mul or isinstance(term, (Pow, log, tan, *_TOTAL))):
            return False
        if not all(self.has_value(part, depth + 1) for part in term.args):
            return False
        if isinstance(term, log):
            return len(term.args) == 1 and self.positive(term.args[0])
        if isinstance(term, tan):
            return self.nonzero(cos(term.args[0]))
        return self._power_has_value(term) if isinstance(term, Pow) else True

    def _power_has_value(self, term: Pow) -> bool:
        base, exponent = term.args
        if isinstance(exponent, Integer):
            return exponent > 0 or self.nonzero(base)
        if base == E or self.positive(base):
            return True
        if isinstance(exponent, Rational):
            return exponent > 0 and self.nonnegative(base)
        return False

    def admits(self, fraction: Fraction) -> bool:
        """Whether a fraction of this ground's normal form has a value: its denominator is not 0, and what it is made
        of has values."""
        ring = self.normaliser.ring
        fraction = ring.lift(fraction)
        inverse = ring.fraction(fraction.den, ring.one.num)
        if not all(self._is_nonzero(polynomial) for polynomial, _ in ring.factors(inverse)[1]):
            return False
        generators = {*ring.generators(fraction.num), *ring.generators(fraction.den)}
        return all(self.has_value(ring.shown[generator]) for generator in sorted(generators))

    def missing(self, term: Expr) -> Iterator[Expr]:
        """The irreducible factors of a term's denominator that are not known to be nonzero."""

        def work() -> list[Expr]:
            ring = self.normaliser.ring
            _, factors = ring.factors(self.normaliser.normalise(term))
            return [ring.show(p) for p, exponent in factors if exponent < 0 and not self._is_nonzero(p)]

        yield from self.run(work)

    def _answer(self, work: Callable[[], bool]) -> bool:
        try:
            return self.run(work)
        except (Stuck, RecursionError):
            return False

    # ------------------------------------------------------------------ factors

    def _sign(self, term: Expr) -> str:
        """'positive', 'nonnegative' or ''."""
        content, factors = self.normaliser.ring.factors(self.normaliser.normalise(term))
        if self.normaliser.complex or content == 0:
            return "nonnegative" if content == 0 else ""
        negative = bool(content < 0)
        strict = True
        for polynomial, exponent in factors:
            strict = strict and (exponent < 0 or self._is_nonzero(polynomial))
            if exponent % 2:
                if polynomial_sign(self.normaliser, polynomial):
                    continue
                if not polynomial_sign(self.normaliser, -polynomial):
                    return ""
                negative = not negative
        return "" if negative else "positive" if strict else "nonnegative"

    def _is_nonzero(self, polynomial: Polynomial, depth: int = 0) -> bool:
        ring, normaliser = self.normaliser.ring, self.normaliser
        if ring.key(polynomial) in self._nonzero:
            return True
        if "positive" in (polynomial_sign(normaliser, polynomial), polynomial_sign(normaliser, -polynomial)):
            return True
        generators = ring.generators(polynomial)
        if len(polynomial) != 1 or len(generators) != 1 or depth > MOST_DEPTH:
            return False
        shown = ring.shown[generators[0]]
        if isinstance(shown, (factorial, exp)):
            return True  # 1/Γ is entire, and so is exp
        if isinstance(shown, (Pow, Abs)):
            try:
                _, factors = ring.factors(normaliser.normalise(shown.args[0]))
            except Stuck:
                return False
            return all(self._is_nonzero(p, depth + 1) for p, exponent in factors if exponent > 0)
        return False

    def fraction(self, term: Expr) -> Fraction:
        """A term in the normal form of this ground."""
        return self.normaliser.normalise(term)


def _said_nonzero(setting: Setting) -> list[Expr]:
    return [
        fact.statement.lhs - fact.statement.rhs
        for fact in setting.facts
        if isinstance(fact.statement, Ne) and all(isinstance(side, Expr) for side in fact.statement.args)
    ]


def sides_of(statement: Basic) -> Iterator[Expr]:
    """The expressions that a statement compares."""
    if isinstance(statement, Relational):
        yield from (side for side in statement.args if isinstance(side, Expr))
        return
    for part in statement.args:
        yield from sides_of(part)
