"""Reasons not to believe a counterexample: what the document leaves open could make the step true.

A name that stands on one side only and is not defined may be introduced by the step itself. An abstract function may
be a particular one that the document does not spell out (`σ' = σ(1-σ)`, `f(x+y) = f(x) + f(y)`): values of a random
function say nothing about it. In all these cases the answer is `Undecided`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Eq, Pow
from sympy.core.basic import Basic
from sympy.core.symbol import Symbol

from derive.meaning.matrices import arrays_in
from derive.meaning.objects import Binder, Call, Delta, Entry, Indexed, LimitAt, Partial, Range, occurs, subterms
from derive.meaning.question import Definition, Fact, Question
from derive.refuting.inventory import Inventory, Name, name_of, names_in

OPERATORS = frozenset(("E", "P", "H", "I", "p", "q", "D", "KL", "N", "T", "O", "o"))
"""Letters that are operators, laws or bounds by convention where the document calls them and does not define them."""

PLAIN_FUNCTIONS = frozenset("fguvFGUVabcrstwxyz")
"""Letters for functions about which nothing more is known, by convention."""


def undefined_functions(question: Question, definitions: Iterable[Definition]) -> dict[Name, list[list[Call]]]:
    """The calls of each function without a definition, on the left and on the right."""
    defined = {name_of(definition.head) for definition in definitions}
    calls: dict[Name, list[list[Call]]] = {}
    for side, expression in enumerate((question.left, question.right)):
        for part in subterms(expression):
            name = name_of(part) if isinstance(part, Call) else None
            if name is not None and name not in defined:
                calls.setdefault(name, [[], []])[side].append(part)
    return calls


def doubt_functions(question: Question, definitions: Iterable[Definition]) -> str | None:
    """Why the abstract functions of a question may be special, or None."""
    calls = undefined_functions(question, definitions)
    arities: dict[str, int] = {}
    for name, (left, right) in calls.items():
        letter = name[1]
        if arities.setdefault(letter, name[2]) != name[2]:
            return f"`{letter}` is called with different numbers of arguments and is not defined"
        if letter in OPERATORS or (len(letter.lstrip("\\").rstrip("'")) > 1 and not letter.startswith("\\")):
            return f"`{letter}` is not defined"
        if not left or not right:
            continue  # it stands on one side only, which `lonely_names` sees to
        differentiated = [_is_differentiated(name, side) for side in (question.left, question.right)]
        if any(differentiated):
            sides = (question.left, question.right)
            bare = [_is_bare_derivative(side) and not is_limit_of(side, other) for side, other in (sides, sides[::-1])]
            if differentiated[0] != differentiated[1] and (any(bare) or letter not in PLAIN_FUNCTIONS):
                return f"`{letter}` is not defined, and the step may state what its derivative is"
            continue
        if {call.args[1] for call in left} != {call.args[1] for call in right}:
            return f"`{letter}` is not defined, and the step may state a property of it"
    return None


def doubt_limits(question: Question, definitions: Iterable[Definition]) -> str | None:
    """Why a limit may be meant of functions that vanish or grow together, or None: an abstract function under the bar
    of a quotient that depends on the variable, as in L'Hôpital's rule, whose conditions often stand in words."""
    defined = {name_of(definition.head) for definition in definitions}
    for side in (question.left, question.right):
        for limit in (part for part in subterms(side) if isinstance(part, LimitAt)):
            for power in (part for part in subterms(limit.body) if isinstance(part, Pow)):
                below = power.base if power.exp.could_extract_minus_sign() else None
                for call in subterms(below) if below is not None else ():
                    if isinstance(call, Call) and name_of(call) not in defined and occurs(limit.variable, call):
                        return f"what `{call.name}` tends to is not said"
    return None


def doubt_letters(question: Question, inventory: Inventory) -> str | None:
    """Why a letter may stand for two things that belong together (a family and a vector, a function and its value)."""
    defined = {name_of(definition.head) for definition in inventory.definitions}
    written = [name for side in (question.left, question.right) for name in names_in(side)]
    names = [name for name in written if name not in defined and name in inventory.names]
    if ("symbol", "\\pi", 0) in names:
        return "`\\pi` may be the number"
    general = {
        part.name
        for side in (question.left, question.right)
        for part in subterms(side)
        if isinstance(part, Entry) and any(index.free_symbols for index in part.indices)
    }
    sides = (question.left, question.right)
    arrays = arrays_in(sides)
    seen: dict[str, Name] = {}
    for name in names:
        letter = name[1]
        before = seen.setdefault(letter, name)
        if before == name or (letter in arrays and {before[0], name[0]} == {"symbol", "family"}):
            continue  # an array and its entries are one thing
        if "function" in (before[0], name[0]) or letter in general:
            return f"`{letter}` stands for different things, and how they belong together is not stated"
    return None


def _is_differentiated(name: Name, side: Basic) -> bool:
    for part in subterms(side):
        if isinstance(part, Call) and name_of(part) == name and any(part.orders):
            return True
        if isinstance(part, Partial) and any(isinstance(p, Call) and name_of(p) == name for p in subterms(part.body)):
            return True
    return False


def is_limit_of(side: Basic, other: Basic) -> bool:
    """Whether a side is the derivative of a function, and the other one a limit of values of this function: what the
    derivative is, is known then, whatever the function is."""
    calls = [part for part in subterms(side) if isinstance(part, Call)]
    if len(calls) != 1 or not _is_bare_derivative(side) or not isinstance(other, LimitAt):
        return False
    return any(
        isinstance(part, Call) and part.head == calls[0].head and occurs(other.variable, part)
        for part in subterms(other.body)
    )


def _is_bare_derivative(side: Basic) -> bool:
    return (isinstance(side, Partial) and isinstance(side.body, Call)) or (isinstance(side, Call) and any(side.orders))


def lonely_names(question: Question, inventory: Inventory, facts: Iterable[Fact]) -> list[Name]:
    """The names on one side only that the document does not explain: neither by a definition, nor by an equation."""
    definitions = inventory.definitions
    explained: set[Name | None] = {name_of(definition.head) for definition in definitions}
    for fact in facts:
        for part in subterms(fact.statement):
            if isinstance(part, Eq):
                explained |= names_in(part).keys()
    lonely = []
    sides = (question.left, question.right)
    written = [names_in(side) for side in sides]
    reached = [names_in(side, definitions) for side in sides]
    arrays = arrays_in(sides)  # whose entries stand for them
    for here, there in ((0, 1), (1, 0)):
        for name in written[here]:
            if name in reached[there] or name in explained:
                continue
            if inventory.sizes is not None and ("size", name[1]) in inventory.sizes.roots():
                continue  # the size of an array
            if name[1] in arrays and any(other[1] == name[1] for other in reached[there]):
                continue
            if name[0] == "symbol" and _is_index_of_shared(Symbol(name[1]), sides[here], reached[there], inventory):
                continue
            if name[0] == "symbol" and _is_size_of_shared(Symbol(name[1]), sides[here], sides[there], reached[there]):
                continue
            lonely.append(name)
    return lonely


def _is_index_of_shared(symbol: Symbol, side: Basic, there: Iterable[Name], inventory: Inventory) -> bool:
    """Whether a symbol is only an index, of families that stand on the other side too: then it is an index that
    slipped, not a new name. A delta with another index does not make it something else."""
    if symbol not in inventory.indices:
        return False
    known, families = {name for name in there if name[0] == "family"}, False
    pending = [side]
    while pending:
        top = pending.pop()
        if top == symbol:
            return False
        if isinstance(top, Entry) and any(symbol in index.free_symbols for index in top.indices):
            # a defined family is shared where what it is defined through is
            if name_of(top) not in known and not known & names_in(top, inventory.definitions).keys():
                return False
            families = True
            continue
        if isinstance(top, Delta):
            continue
        pending.extend(top.args)
    return families


def _is_size_of_shared(symbol: Symbol, here: Basic, there: Basic, names_there: Iterable[Name]) -> bool:
    """Whether a symbol bounds a sum over a family of the other side, where that side names no such bound of its own:
    then it is the size of the family, and what the sum is does not depend on what the document leaves open."""
    known, found = set(names_there), False
    for part in subterms(here):
        if isinstance(part, Indexed) and isinstance(part.domain, Range) and symbol in part.domain.free_symbols:
            indexed = {name_of(p) for p in subterms(part.body) if isinstance(p, Entry) and part.variable in p.indices}
            found |= bool(indexed & known)
    rivals = {
        s
        for part in subterms(there)
        if isinstance(part, Binder) and isinstance(part, Indexed) and isinstance(part.domain, Range)
        for s in part.domain.free_symbols - here.free_symbols
    }
    has_sum = any(isinstance(part, Indexed) for part in subterms(there))
    return found and has_sum and not rivals
