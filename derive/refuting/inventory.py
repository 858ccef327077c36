"""What a question talks about, found by one walk over it: names, which of them are indices, sizes or integers, and
which ranges belong together.

Index positions of families, index symbols and bound variables that stand for one another form classes (`x_i` under
`\\sum_i` ties the variable to the first place of `x`). The ranges of a class tell where a free index of it may lie, and
what a sum over all of its values runs over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Eq, Ne, Pow, S, binomial, factorial
from sympy.core.basic import Basic
from sympy.core.symbol import Str, Symbol

from derive.meaning.laws import Density, Expectation, Slot, Statistic
from derive.meaning.matrices import AnyEntry, Array, Determinant, MatrixTerm, Trace, arrays_in
from derive.meaning.objects import (
    Binder,
    Call,
    Delta,
    Entry,
    Indexed,
    IntegralOver,
    Over,
    Partial,
    Range,
    Whole,
    is_bound,
    subterms,
)
from derive.meaning.question import Definition, Fact, Question, Setting
from derive.refuting.endless import cut_families
from derive.refuting.sizes import Sizes
from derive.refuting.tables import chosen_in
from derive.refuting.undefined import Undefined

Name = tuple[str, str, int]
"""What a model gives a value to: ("symbol", name, 0), ("family", name, places), ("function", name, places)."""

Node = tuple[Any, ...]
INTEGER_LETTERS = frozenset("ijklmnNM")
"""Letters that mean integers where they stand in an exponent and nothing else is said."""


def name_of(term: Basic) -> Name | None:
    """The name of a symbol, an entry, a call, a density or a mean; None for everything else."""
    if isinstance(term, Density | Expectation | Statistic):
        return ("law", term.name, 0)
    if isinstance(term, Symbol):
        return ("symbol", term.name, 0)
    if isinstance(term, Entry):
        return ("family", term.name, 100 * len(term.lower) + len(term.upper))
    if isinstance(term, Call):
        head = term.head
        return ("function", term.name, len(term.arguments) + (len(head.indices) if isinstance(head, Entry) else 0))
    return None


@dataclass
class Inventory:
    """See the module. `names` are in order of first sight; `heads` are those that have definitions."""

    setting: Setting
    definitions: tuple[Definition, ...]
    names: dict[Name, None] = field(default_factory=dict)
    uppers: dict[Symbol, None] = field(default_factory=dict)
    lowers: dict[Symbol, None] = field(default_factory=dict)
    indices: dict[Symbol, None] = field(default_factory=dict)
    whole_indices: set[Symbol] = field(default_factory=set)
    integers: set[Symbol] = field(default_factory=set)
    has_whole: bool = False
    endless: dict[Name, bool] = field(default_factory=dict)  # families of which a model has finitely many members
    has_complex: bool = False
    sizes: Sizes | None = None  # of its vectors and matrices, where there are any
    chosen: frozenset[str] = frozenset()  # the random variables that have a law
    valued: set[str] = field(default_factory=set)  # symbols and families that stand for values of these
    _parents: dict[Node, Node] = field(default_factory=dict)
    _ranges: dict[Node, list[Range]] = field(default_factory=dict)
    _pairs: list[tuple[Symbol, Symbol]] = field(default_factory=list)
    _binders: int = 0

    def heads(self) -> dict[Name, list[Definition]]:
        """The definitions of each name, in the order to try them."""
        table: dict[Name, list[Definition]] = {}
        for definition in self.definitions:
            name = name_of(definition.head)
            if name is not None:
                table.setdefault(name, []).append(definition)
        return table

    def ranges(self, node: Node) -> list[Range]:
        """The ranges, free of bound variables, of the class of an index position or index symbol."""
        return self._ranges.get(self._find(node), [])

    def is_integer(self, symbol: Symbol) -> bool:
        """Whether a symbol stands for integers only."""
        return (
            symbol in self.integers
            or symbol in self.indices
            or symbol in self.uppers
            or symbol in self.lowers
            or self.setting.kind(symbol.name) in ("integer", "natural")
        )

    def letter_for(self, entry: Entry) -> Symbol | None:
        """The letter that stands for a whole family of which members occur only as what derivatives are taken by: in
        `∂/∂θ_j of e^{xθ}` nothing but `θ` is there to be varied. The model is then that of one dimension."""
        if name_of(entry) in self.names or ("symbol", entry.name, 0) not in self.names:
            return None
        return Symbol(entry.name)

    # ------------------------------------------------------------------------------------------ the walk

    def take(self, term: Basic, scope: Mapping[Symbol, Node]) -> None:
        """Walk over a term in which the symbols in scope are bound."""
        stack: list[tuple[Basic, Mapping[Symbol, Node]]] = [(term, scope)]
        while stack:
            top, scope = stack.pop()
            if isinstance(top, Symbol):
                if top not in scope:
                    self.names.setdefault(("symbol", top.name, 0))
                continue
            if isinstance(top, Entry):
                self._take_entry(top, scope)
            elif isinstance(top, Partial) and isinstance(top.variable, Entry):
                self._take_entry(top.variable, scope, varied=True)
                stack.extend((part, scope) for part in (*reversed(top.variable.indices), top.body))
                continue
            elif isinstance(top, Call):
                name = name_of(top)
                assert name is not None
                self.names.setdefault(name)
                head = top.head
                stack.extend((a, scope) for a in reversed(top.arguments))
                if isinstance(head, Entry):
                    stack.extend((a, scope) for a in head.indices)
                continue
            elif isinstance(top, Binder):
                inner = self._enter(top, scope)
                stack.extend((part, inner) for part in reversed(top.inside))
                stack.append((top.body, inner))
                stack.extend((part, scope) for part in reversed(top.outside))
                continue
            elif isinstance(top, (Delta, Eq, Ne)):
                self._take_pair(top, scope)
            elif isinstance(top, Slot) and top.variable.name in self.chosen and isinstance(top.value, Symbol | Entry):
                if top.value not in scope:
                    self.valued.add(top.value.name)
            elif isinstance(top, (factorial, binomial)):
                self.integers.update(s for s in top.free_symbols if s not in scope and isinstance(s, Symbol))
            elif isinstance(top, Pow) and top.exp.free_symbols:
                self._take_power(top, scope)
            elif top is S.ImaginaryUnit:
                self.has_complex = True
            stack.extend((arg, scope) for arg in reversed(top.args))

    def _take_entry(self, entry: Entry, scope: Mapping[Symbol, Node], varied: bool = False) -> None:
        name = name_of(entry)
        assert name is not None
        if not varied:
            self.names.setdefault(name)
        for place, index in enumerate(entry.indices):
            if isinstance(index, Symbol):
                self._unite((*name, place), scope.get(index, ("symbol", index)))
                if index not in scope:
                    self.indices.setdefault(index)
            else:
                for symbol in sorted(index.free_symbols, key=str):
                    if symbol not in scope:
                        self.indices.setdefault(symbol)

    def _take_pair(self, pair: Basic, scope: Mapping[Symbol, Node]) -> None:
        a, b = pair.args
        if not (isinstance(a, Symbol) and isinstance(b, Symbol)):
            return
        if isinstance(pair, Delta) or a in scope or b in scope:
            self._unite(scope.get(a, ("symbol", a)), scope.get(b, ("symbol", b)))
            self.indices.update((s, None) for s in (a, b) if s not in scope)
        else:
            self._pairs.append((a, b))

    def _take_power(self, power: Pow, scope: Mapping[Symbol, Node]) -> None:
        alternating = power.base.is_number and power.base.is_negative
        for symbol in power.exp.free_symbols:
            if isinstance(symbol, Symbol) and symbol not in scope:
                kind_open = symbol.name not in self.setting.kinds
                if alternating or (kind_open and symbol.name[:1] in INTEGER_LETTERS and len(symbol.name) == 1):
                    self.integers.add(symbol)

    def _enter(self, binder: Binder, scope: Mapping[Symbol, Node]) -> dict[Symbol, Node]:
        self._binders += 1
        node: Node = ("binder", self._binders)
        if isinstance(binder, Indexed) and not isinstance(binder, IntegralOver):
            domain = binder.domain
            if isinstance(domain, Range):
                for bounds, found in ((domain.lower, self.lowers), (domain.upper, self.uppers)):
                    for symbol in sorted(bounds.free_symbols, key=str):
                        if isinstance(symbol, Symbol) and symbol not in scope:
                            found.setdefault(symbol)
                if not any(symbol in scope for symbol in domain.free_symbols):
                    self._ranges.setdefault(self._find(node), []).append(domain)
            elif isinstance(domain, (Whole, Over)):
                self.has_whole = True
        return {**scope, binder.variable: node}

    def settle(self) -> None:
        """After the walk: equalities between index symbols tie their classes together."""
        for a, b in self._pairs:
            if a in self.indices and b in self.indices:
                self._unite(("symbol", a), ("symbol", b))

    # -------------------------------------------------------------------------------- classes of indices

    def _find(self, node: Node) -> Node:
        while (parent := self._parents.get(node, node)) != node:
            node = parent
        return node

    def _unite(self, a: Node, b: Node) -> None:
        a, b = self._find(a), self._find(b)
        if a != b:
            self._parents[b] = a
            if b in self._ranges:
                self._ranges.setdefault(a, []).extend(self._ranges.pop(b))

    def position(self, variable: Symbol, body: Basic) -> Node | None:
        """A family's index position in which a bound variable stands in this body, if there is one."""
        stack = [body]
        while stack:
            top = stack.pop()
            if isinstance(top, Entry) and variable in top.indices:
                name = name_of(top)
                assert name is not None
                return (*name, top.indices.index(variable))
            stack.extend(top.args)
        return None


def names_in(term: Basic, definitions: Iterable[Definition] = ()) -> dict[Name, None]:
    """The free names of a term, and of the definitions of those names, and so on."""
    table: dict[Name, list[Definition]] = {}
    for definition in definitions:
        name = name_of(definition.head)
        if name is not None:
            table.setdefault(name, []).append(definition)
    found: dict[Name, None] = {}
    pending: list[tuple[Basic, frozenset[Symbol]]] = [(term, frozenset())]
    while pending:
        top, bound = pending.pop()
        name = name_of(top)
        if name is not None and not (isinstance(top, Symbol) and top in bound) and name not in found:
            found[name] = None
            for definition in table.get(name, ()):
                pending.append((definition.body, frozenset(definition.parameters)))
        if isinstance(top, Binder):
            inner = bound | {top.variable}
            pending.extend((part, bound) for part in reversed(top.outside))
            pending.extend((part, inner) for part in reversed((top.body, *top.inside)))
        elif isinstance(top, Call):
            pending.extend((part, bound) for part in reversed(top.arguments))
            if isinstance(top.head, Entry):
                pending.extend((part, bound) for part in reversed(top.head.indices))
        elif not isinstance(top, Str):
            pending.extend((part, bound) for part in reversed(top.args))
    return found


def relevant_facts(question: Question) -> tuple[Fact, ...]:
    """The facts that share names with the question, or with other relevant facts."""
    definitions = question.setting.definitions
    known = dict(names_in(question.left, definitions)) | names_in(question.right, definitions)
    waiting = [(fact, names_in(fact.statement, definitions)) for fact in question.setting.facts]
    chosen: list[Fact] = []
    while True:
        touched = [(fact, names) for fact, names in waiting if any(name in known for name in names)]
        if not touched:
            return tuple(fact for fact in question.setting.facts if any(fact is c for c in chosen))
        for fact, names in touched:
            chosen.append(fact)
            known |= names
        waiting = [pair for pair in waiting if not any(pair[0] is fact for fact, _ in touched)]


def _pass_sizes_on(inventory: Inventory, definition: Definition, sides: Iterable[Basic]) -> None:
    """In `S(n) := \\sum_{k=1}^n …` the argument is a size, and so are the symbols it is called with."""
    if not isinstance(definition.head, Call):
        return
    bounds = {s for part in subterms(definition.body) if isinstance(part, Range) for s in part.free_symbols}
    for place, parameter in enumerate(definition.head.arguments):
        if parameter in bounds:
            for side in sides:
                for call in subterms(side):
                    if isinstance(call, Call) and name_of(call) == name_of(definition.head):
                        symbols = sorted(call.arguments[place].free_symbols, key=str)
                        inventory.uppers.update((s, None) for s in symbols if isinstance(s, Symbol) and not is_bound(s))


SINGLE = "single"
"""The trait of an array that is taken for a number."""


def single_in(question: Question) -> frozenset[str]:
    """The arrays of a question that have one row and one column."""
    return frozenset(name for name, traits in question.setting.traits.items() if SINGLE in traits)


def _sizes(question: Question, facts: Iterable[Fact], definitions: Iterable[Definition]) -> Sizes | None:
    """The sizes of the vectors and matrices of a question; None where there are none. What a definition says of its
    head holds of it too. Raises nothing: a term that is not evaluated is met again when it is."""
    terms = [question.left, question.right, *(fact.statement for fact in facts), *(d.body for d in definitions)]
    if not any(isinstance(part, MatrixTerm | Trace | Determinant) for term in terms for part in subterms(term)):
        return None
    arrays = arrays_in(terms)
    sizes = Sizes(question.setting.sizes, single_in(question), frozenset(arrays))
    try:
        for term in terms:
            sizes.take(term)
        if isinstance(question.left, AnyEntry) and isinstance(question.right, AnyEntry):
            sizes.tie(question.left.args[0], question.right.args[0])
        for definition in definitions:
            if isinstance(definition.body, MatrixTerm) and not isinstance(definition.head, Call):
                form = "column" if definition.body.shape[1] == 1 else "matrix"
                sizes.tie(Array(definition.head, form), definition.body)
        sizes.settle()
        symbols = {s for term in terms for s in term.free_symbols if isinstance(s, Symbol) and not is_bound(s)}
        letters = {symbol.name for symbol in symbols} - arrays
        sizes.conflict = sizes.conflict or sizes.unstated(letters)
    except Undefined as undefined:
        sizes.conflict = undefined.reason
    return sizes


def take_stock(question: Question, facts: Iterable[Fact], definitions: tuple[Definition, ...]) -> Inventory:
    """The inventory of a question with its relevant facts and with the definitions it reaches."""
    inventory = Inventory(question.setting, definitions)
    sides = (question.left, question.right, *(fact.statement for fact in facts))
    inventory.chosen = chosen_in((*sides, *(d.body for d in definitions), *(d.head for d in definitions)), inventory)
    for side in (question.left, question.right, *question.variables):
        inventory.take(side, {})
    for fact in facts:
        inventory.take(fact.statement, {})
    heads, done = inventory.heads(), set[Name]()
    while pending := [name for name in inventory.names if name in heads and name not in done]:
        for name in pending:
            done.add(name)
            for number, definition in enumerate(heads[name]):
                parameters = {p: ("parameter", *name, number, p.name) for p in definition.parameters}
                if isinstance(definition.head, Entry):
                    inventory.take(definition.head, parameters)
                inventory.take(definition.body, parameters)
                _pass_sizes_on(inventory, definition, (question.left, question.right))
    inventory.endless = cut_families(
        (question.left, question.right, *(d.body for name in done for d in heads[name])),
        [fact.statement for fact in facts],
        heads,
        question.setting,
    )
    inventory.sizes = _sizes(question, facts, [d for name in done for d in heads[name]])
    for root in inventory.sizes.roots() if inventory.sizes is not None else ():
        if root[0] == "size" and ("symbol", root[1], 0) in inventory.names:
            inventory.uppers.setdefault(Symbol(root[1]))
    inventory.has_complex |= any(question.setting.kind(name[1]) == "complex" for name in inventory.names)
    inventory.settle()
    return inventory
