"""Laws of random variables: densities (or masses) at values, expectations, and the space of values of a variable.

A variable of a law has a name of its own, apart from the value that it takes: `p(x)` under `\\int dx` is the density of
the variable x at the value of the integral's variable, and renaming the latter does not change the former.

An expectation is kept as it was written until it is needed; `expanded` turns it into sums over the spaces of the
variables under it (or integrals: which of the two it is makes no difference to what is done here)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sympy import S
from sympy.core.basic import Basic
from sympy.core.containers import Tuple
from sympy.core.expr import Expr
from sympy.core.symbol import Str, Symbol

from derive.meaning.matrices import MatrixTerm, Shape, is_matrix
from derive.meaning.objects import Call, Entry, Over, Range, Term, subterms

UNKNOWN = ""
"""The name of the variable of a value of which it is not said what it is a value of, `P(0.5)`."""

COMMON = "P"
"""The law that all random variables of a document have in common, where it names no other."""


class Law(Basic):
    """The name of a law with its parameters: args Str, then expressions. `p_\\theta` is Law(p, θ)."""

    def __new__(cls, name: Str | str, *parameters: Any) -> Law:
        made: Law = super().__new__(cls, Str(name) if isinstance(name, str) else name, *parameters)
        return made

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def parameters(self) -> tuple[Expr, ...]:
        return tuple(self.args[1:])


class Variable(Basic):
    """A random variable by its name, with indices where it is a member of a family: args Str, then expressions."""

    def __new__(cls, name: Str | str, *indices: Any) -> Variable:
        made: Variable = super().__new__(cls, Str(name) if isinstance(name, str) else name, *indices)
        return made

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def indices(self) -> tuple[Expr, ...]:
        return tuple(self.args[1:])


class Slot(Basic):
    """A variable and the value it takes."""

    @property
    def variable(self) -> Variable:
        return self.args[0]

    @property
    def value(self) -> Expr:
        return self.args[1]


class Space(Basic):
    """All values of a variable, as the domain of a sum; args: the Variable."""

    @property
    def variable(self) -> Variable:
        return self.args[0]


class Density(Term):
    """The density, or mass, of a law at values of some variables, given those of others: args Law, Tuple of slots,
    Tuple of slots."""

    def __new__(cls, law: Law, slots: Any, given: Any = ()) -> Density:
        made: Density = super().__new__(cls, law, Tuple(*slots), Tuple(*given))
        return made

    @property
    def law(self) -> Law:
        return self.args[0]

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(self.args[1])

    @property
    def given(self) -> tuple[Slot, ...]:
        return tuple(self.args[2])

    @property
    def name(self) -> str:
        """What definitions know it by, which is no name of anything else."""
        return f"law {self.law.name}"

    @property
    def values(self) -> tuple[Expr, ...]:
        """The values in all slots, in the order of the names of their variables, those given behind the others."""
        ordered = (*sorted(self.slots, key=_by_variable), *sorted(self.given, key=_by_variable))
        return tuple(slot.value for slot in ordered)

    def is_of(self, other: Basic) -> bool:
        """Whether another density is of the same law and variables, whatever the values."""
        if not isinstance(other, Density) or self.law != other.law:
            return False
        if len(self.slots) == len(other.slots) == 1 and not self.given and not other.given:
            if self.slots[0].variable.name == UNKNOWN:
                return True
        return all(
            {slot.variable for slot in mine} == {slot.variable for slot in theirs}
            for mine, theirs in ((self.slots, other.slots), (self.given, other.given))
        )


def _by_variable(slot: Slot) -> str:
    return str(slot.variable.sort_key())


class Expectation(Term):
    """The mean of a body over its random variables, given values of some: args Law, body, Tuple of slots. A slot whose
    value is the random variable itself conditions on the variable: the mean is then a function of it."""

    def __new__(cls, law: Law, body: Any, given: Any = ()) -> Expectation:
        made: Expectation = super().__new__(cls, law, body, Tuple(*given))
        return made

    @property
    def law(self) -> Law:
        return self.args[0]

    @property
    def body(self) -> Expr:
        return self.args[1]

    @property
    def given(self) -> tuple[Slot, ...]:
        return tuple(self.args[2])

    @property
    def name(self) -> str:
        """What definitions know it by."""
        return f"mean {self.args}"


class MatrixExpectation(MatrixTerm):
    """The mean of a vector or matrix, entry by entry: args as of `Expectation`."""

    def __new__(cls, law: Law, body: Any, given: Any = ()) -> MatrixExpectation:
        made: MatrixExpectation = super().__new__(cls, law, body, Tuple(*given))
        return made

    @property
    def shape(self) -> Shape:
        shape: Shape = self.args[1].shape
        return shape


def mean(law: Law, body: Any, given: Any = ()) -> Expr:
    """The mean of a number, vector or matrix."""
    return MatrixExpectation(law, body, given) if is_matrix(body) else Expectation(law, body, given)


class Statistic(Term):
    """A quantity of random variables that has a name of its own, `Var(X)`, with the means that it is made of: args Str,
    expression. It is equal to that expression."""

    def __new__(cls, kind: Str | str, value: Any) -> Statistic:
        made: Statistic = super().__new__(cls, Str(kind) if isinstance(kind, str) else kind, value)
        return made

    @property
    def kind(self) -> str:
        return str(self.args[0].name)

    @property
    def value(self) -> Expr:
        return self.args[1]

    @property
    def name(self) -> str:
        """What definitions know it by."""
        return f"{self.kind} {self.value}"


def is_random_atom(term: Basic, random: Iterable[str]) -> bool:
    """Whether a term is a random variable: a symbol, a member or a value of a process of one of these names."""
    return isinstance(term, Symbol | Entry | Call) and term.name in random


def variable_of(atom: Basic) -> Variable:
    """The variable that a symbol, a member of a family or a value of a process is, with its name as it is."""
    if isinstance(atom, Entry):
        return Variable(atom.name, *atom.indices)
    if isinstance(atom, Call):
        own = atom.head.indices if isinstance(atom.head, Entry) else ()
        return Variable(atom.name, *own, *atom.arguments)
    assert isinstance(atom, Symbol)
    return Variable(atom.name)


def space_of(body: Basic, symbol: Symbol) -> Space | None:
    """The space that a variable bound around a body runs through, where it is the value of one variable in all the
    densities that hold it; None where there is none, or more than one."""
    found = {
        slot.variable
        for part in subterms(body)
        if isinstance(part, Density | Expectation)
        for slot in (*(part.slots if isinstance(part, Density) else ()), *part.given)
        if slot.value == symbol
    }
    return Space(found.pop()) if len(found) == 1 else None


_SETS = re.compile(r"\\?(?:mathcal|mathscr|mathbb|mathsf|mathfrak)\{(.+)\}")
_REALS = frozenset({"\\mathbb{R}", "\\mathbf{R}", "\\Omega", "\\R"})


def is_whole(domain: Basic | None, space: Space) -> bool:
    """Whether a domain as written is all of a variable's values: not stated, all real numbers, or the set that carries
    its letter, `x \\in \\mathcal{X}`, `\\theta \\in \\Theta`."""
    if domain is None:
        return True
    if isinstance(domain, Range):
        return domain.lower is S.NegativeInfinity and domain.upper is S.Infinity
    if not isinstance(domain, Over):
        return False
    members = domain.args[0]
    name = str(members.name) if isinstance(members, Str) else ""
    match = _SETS.fullmatch(name)
    letter = (match[1] if match is not None else name).strip("\\")
    own = space.variable.name.strip("\\")
    return name in _REALS or letter.lower() == own.lower().rstrip("'")
