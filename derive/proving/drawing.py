"""Laws by name put in: the density of a variable that follows one, over the values that it takes."""

from __future__ import annotations

from sympy import Ge, Le, Symbol
from sympy.core.basic import Basic
from sympy.logic.boolalg import Boolean, false, true

from derive.meaning.distributions import Drawn, named
from derive.meaning.expectations import expanded
from derive.meaning.independence import families_in
from derive.meaning.laws import COMMON, Density, Law, Slot, Space, Statistic, Variable
from derive.meaning.objects import Binder, IntegralOver, Range, SumOver, is_bound, occurs, subterms
from derive.meaning.question import Setting
from derive.proving.unfolding import opened_symbol, rewrite


def with_laws(term: Basic, setting: Setting) -> tuple[Basic, tuple[Boolean | str, ...]]:
    """The term with its expectations written out and the densities of named laws put in, and the conditions on values
    under which these are what they are."""
    if not speaks_of_laws(term, setting):
        return term, ()
    work = _Drawing(setting)
    term = rewrite(term, lambda part: part.value if isinstance(part, Statistic) else None)
    written = expanded(term, setting.chances, families=families_in(setting.independent))
    return work.put_in(written, 0), tuple(work.assumptions)


def speaks_of_laws(term: Basic, setting: Setting) -> bool:
    """Whether a named law stands in a term, or a variable may that follows one."""
    return bool(setting.drawn) or any(isinstance(part, Density) and named(part.law) for part in subterms(term))


class _Drawing:
    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self.assumptions: dict[Boolean | str, None] = {}

    def _drawn(self, variable: Variable) -> Drawn | None:
        for drawn in self._setting.drawn:
            if drawn.variable == variable.name and drawn.family == bool(variable.indices):
                return drawn
        return None

    def _of_slot(self, part: Basic) -> tuple[Drawn, Slot] | None:
        """The law and the slot of a density of one variable."""
        if not isinstance(part, Density) or part.given or len(part.slots) != 1:
            return None
        own = named(part.law)
        if own is not None:
            return own, part.slots[0]
        if part.law != Law(COMMON):
            return None
        drawn = self._drawn(part.slots[0].variable)
        return None if drawn is None else (drawn, part.slots[0])

    def put_in(self, term: Basic, level: int) -> Basic:
        """The term with the laws put in, in all its parts."""
        found = self._of_slot(term)
        if found is not None:
            drawn, slot = found
            if any(isinstance(s, Symbol) and (is_bound(s) or s.name[0] == "⋄") for s in slot.value.free_symbols):
                return term  # it is not known here what values it takes
            for condition, end in zip((Ge, Le), drawn.ends, strict=True):
                if end.is_finite is not False:
                    self._assume(condition(slot.value, end))
            return drawn.density(slot.value)
        if isinstance(term, SumOver | IntegralOver):
            return self._over(term, level)
        if isinstance(term, Binder) or not term.args or isinstance(term, Variable | Slot | Space):
            return term
        args = [self.put_in(arg, level) for arg in term.args]
        return term if list(term.args) == args else term.func(*args)

    def _assume(self, condition: Basic) -> None:
        if isinstance(condition, Boolean) and condition != true:
            self.assumptions.setdefault(condition)

    def _over(self, term: SumOver | IntegralOver, level: int) -> Basic:
        """A sum over the values of a variable with a law, over these values; any other as it is, with its body
        worked on."""
        symbol = opened_symbol(level + 900)
        body, inside = term.open(symbol)
        domain = term.domain
        densities = [part for part in subterms(body) if isinstance(part, Density) and occurs(symbol, part)]
        own = {found for part in densities if (found := self._of_slot(part)) is not None and found[1].value == symbol}
        if len(own) == 1 and all(self._of_slot(part) in own for part in densities) and term.condition == true:
            drawn, _ = own.pop()
            ends = Range(*drawn.ends)
            if isinstance(domain, Space) or domain == ends:
                formula = body.xreplace({part: drawn.density(symbol) for part in densities})
                inner = self.put_in(formula, level + 1)
                return (SumOver if drawn.law.discrete else IntegralOver)(inner, symbol, ends)
            if isinstance(domain, Range) and isinstance(term, IntegralOver) and not drawn.law.discrete:
                conditions = [
                    condition(end, bound)
                    for condition, end, bound in zip((Ge, Le), domain.args, ends.args, strict=True)
                    if bound.is_finite is not False
                ]
                if false not in conditions:
                    for stated in conditions:
                        self._assume(stated)
                    formula = body.xreplace({part: drawn.density(symbol) for part in densities})
                    return IntegralOver(self.put_in(formula, level + 1), symbol, domain)
        inner = self.put_in(body, level + 1)
        return term if inner == body else type(term)(inner, symbol, *term.outside, *inside)
