"""A step as mathematics: what is asked, and all that the document says that bears on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from sympy.core.expr import Expr
from sympy.core.symbol import Symbol
from sympy.logic.boolalg import Boolean

from derive.meaning.chances import NONE, Chances
from derive.meaning.distributions import Drawn
from derive.meaning.independence import Independence
from derive.meaning.laws import Density, Expectation, Statistic
from derive.meaning.matrices import AnyEntry, MatrixTerm
from derive.meaning.objects import Call, Entry, Partial, rename, subterms

Kind = Literal["real", "integer", "natural", "positive", "nonnegative", "complex"]
Relation = Literal["=", "≠", "<", "≤", ">", "≥", "∝", "≈", "⇒"]


@dataclass(frozen=True, slots=True)
class Definition:
    """`head = body`: the head is a Symbol, an Entry with distinct symbols among its indices, a Call with distinct
    symbols among its arguments, a Density with such values, or a mean as it stands; `parameters` are those symbols
    (free to be replaced), in order."""

    head: Symbol | Entry | Call | Density | Expectation | Statistic
    parameters: tuple[Symbol, ...]
    body: Expr
    said: str = ""  # where and how, for reports: "a_i, line 39"
    conventional: bool = False  # what everybody means by the name, and this document does not say

    def at(self, target: Expr) -> Expr | None:
        """What the definition says of a target that has the form of its head, or None: `a_i = b_i + 1` at `a_k` is
        `b_k + 1`. Derivative orders must be 0. Simultaneous substitution."""
        if isinstance(self.head, Symbol | Expectation | Statistic):
            return self.body if target == self.head else None
        if type(target) is not type(self.head) or target.args[0] != self.head.args[0]:
            return None
        places, values = self._places(self.head), self._places(target)
        if len(places) != len(values):
            return None
        if isinstance(target, Entry) and (len(target.lower) != len(self.head.args[1])):
            return None
        if isinstance(target, Call) and any(target.orders):
            return None
        if isinstance(target, Density) and not target.is_of(self.head):
            return None
        bindings: dict[Symbol, Expr] = {}
        for place, value in zip(places, values, strict=True):
            if place in self.parameters:
                if bindings.setdefault(place, value) != value:
                    return None
            elif place != value:
                return None
        if any(isinstance(value, MatrixTerm) for value in bindings.values()):
            return None  # a parameter is a number
        if any(not isinstance(value, Symbol | Entry | Call) for value in bindings.values()) and self._differentiated(
            bindings
        ):
            return None  # a derivative by a parameter, taken where the parameter is an expression: not by substitution
        body = self.body
        interim = {p: Symbol(f"\N{MIDDLE DOT}parameter{k}") for k, p in enumerate(bindings)}
        for parameter, stand_in in interim.items():
            body = rename(body, parameter, stand_in)
        for parameter, stand_in in interim.items():
            body = rename(body, stand_in, bindings[parameter])
        return body

    def _differentiated(self, bindings: Mapping[Symbol, Expr]) -> bool:
        return any(isinstance(part, Partial) and part.variable in bindings for part in subterms(self.body))

    @staticmethod
    def _places(term: Expr) -> tuple[Expr, ...]:
        if isinstance(term, Entry):
            return term.indices
        if isinstance(term, Call):
            return term.arguments
        if isinstance(term, Density):
            return term.values
        return ()


@dataclass(frozen=True, slots=True)
class Fact:
    """An equation, inequality or other condition (a SymPy Boolean) that the document states; `said` tells where."""

    statement: Boolean
    said: str = ""


@dataclass(frozen=True)
class Setting:
    """What holds around a step.

    `kinds`: the kind of each name (of a Symbol, family or function; LaTeX as in the symbol's name); what is not
    listed is real. `definitions`: in the order to try them. `facts`: conditions (`x > 0`, `Ne(i, j)`) and equations.
    `chances`: what is known of the random variables and laws, `independent` what is said of their independence,
    `drawn` of the named laws that they follow.
    `traits`: what matrices are beside their form, by name: `square`, `symmetric`, `orthogonal`, `idempotent`,
    `diagonal`, `positive`; `supposed` for what may be a number after all, `declared` for what the prose
    introduces. `sizes`: the numbers of rows and columns that
    the document declares of arrays, by name."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    definitions: tuple[Definition, ...] = ()
    facts: tuple[Fact, ...] = ()
    chances: Chances = NONE
    traits: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sizes: Mapping[str, tuple[Expr, ...]] = field(default_factory=dict)
    independent: tuple[Independence, ...] = ()
    drawn: tuple[Drawn, ...] = ()

    def kind(self, name: str) -> Kind:
        return self.kinds.get(name, "real")


@dataclass(frozen=True)
class Question:
    """`left relation right`, to be decided in a setting. For `⇒` both sides are relations (SymPy Booleans): every
    solution of the left satisfies the right. For `∝`, `variables` are those the ratio must be free of."""

    left: Expr
    relation: Relation
    right: Expr
    setting: Setting = field(default_factory=Setting)
    variables: tuple[Symbol, ...] = ()


def entrywise(question: Question) -> Question:
    """A question between vectors or matrices as one between their entries; any other as it is."""
    if not any(isinstance(side, MatrixTerm) for side in (question.left, question.right)):
        return question
    return replace(question, left=AnyEntry(question.left), right=AnyEntry(question.right))
