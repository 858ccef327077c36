"""Densities, masses and probabilities of events as they are written: `p(x, z \\mid \\theta)`, `P(X = x)`,
`\\Pr(A \\cup B)`, `f_{X \\mid Y}(x \\mid y)`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sympy as sp
from sympy import Symbol
from sympy.core.expr import Expr
from sympy.logic.boolalg import Boolean

from derive.meaning import scripts
from derive.meaning.chances import COMMON_NAMES, Chances, items_of, law_letter, slot_key
from derive.meaning.derivatives import by
from derive.meaning.events import event_of, is_event, probability_of
from derive.meaning.expectations import random_atoms
from derive.meaning.laws import COMMON, UNKNOWN, Density, Expectation, Law, Slot, Variable, variable_of
from derive.meaning.matrices import Array
from derive.meaning.names import UPRIGHT, key_of
from derive.meaning.objects import Call, Entry, Indicator, is_bound
from derive.meaning.trouble import Beyond
from derive.notation.latex import to_latex
from derive.notation.tree import (
    Chain,
    Fenced,
    Fraction,
    List,
    Name,
    Node,
    Number,
    Product,
    Script,
    Sum,
    Text,
    Word,
)

if TYPE_CHECKING:
    from derive.meaning.reader import Reader


def read_density(reader: Reader, head: Node, group: Fenced) -> Expr | None:
    """The density, mass or probability that a name with a group is; None where the name is no law, or it is called at
    something of which it is not known what variable it is a value of."""
    chances = reader.conventions.chances
    base = head.base if isinstance(head, Script) else head
    letter = law_letter(base)
    if letter is None or not isinstance(base, Name) or not chances.speaks or group.left not in "([{":
        return None
    if key_of(base) in reader.bound:
        return None
    if isinstance(head, Script) and head.primes:
        plain_head = replace(head, primes=0) if head.sub is not None or head.sup is not None else base
        return _derivative(read_density(reader, plain_head, group), head.primes)
    named = law_of(reader, head)
    if named is None:
        return None
    law, variables = named
    before, given, bar = items_of(group)
    relation = any(isinstance(item, Chain) and item.signs for item in (*before, *given))
    plain = letter.rstrip("}")[-1:] in "pqPQ" and not letter.startswith("\\varphi")
    if not (plain or variables or letter in chances.conditioned):
        return None
    if not relation and not bar and not variables and not reader.conventions.is_function(key_of(base)):
        known = all(slot_key(item) in chances.behind for item in before)
        if letter not in chances.conditioned and not _is_upright(base) and not known:
            return None
    events = letter in COMMON_NAMES and not variables
    if events and any(is_event(reader, item) for item in (*before, *given)):
        return probability_of(
            law, [event_of(reader, item) for item in before], [event_of(reader, item) for item in given]
        )
    if relation:
        return _with_relations(reader, law, before, given)
    if len(before) == 1 and not variables and variable_in(reader, before[0]) is None:
        names = chances.left.get(letter, ())
        if names and isinstance(before[0], Number | Sum | Product | Fraction | Script):
            variables = (Variable(chances.variable(names[0]) if len(names) == 1 else UNKNOWN),)
    slots = _slots(reader, before, variables)
    others = _slots(reader, given, () if not variables else variables[len(before) :])
    if slots is None or others is None or not slots:
        return None
    return Density(law, slots, others)


def _derivative(density: Expr | None, order: int) -> Expr | None:
    """A density differentiated by its value, `f_X'(x)`."""
    if not isinstance(density, Density) or len(density.slots) != 1 or density.given:
        return None
    value = density.slots[0].value
    return by(density, value, order) if isinstance(value, Symbol) and not is_bound(value) else None


def law_of(reader: Reader, head: Node) -> tuple[Law, tuple[Variable, ...]] | None:
    """The law that a name with its subscript is, and the variables that the subscript names: `f_{X|Y}`. None where the
    subscript is not understood."""
    base = head.base if isinstance(head, Script) else head
    letter = law_letter(base)
    if letter is None:
        return None
    chances = reader.conventions.chances
    name = COMMON if letter in ("p", "P") and not (chances.separate and letter == "p") else letter
    if letter == "Q" and "Q" not in chances.left:
        name = "q"  # the law of which q is the density
    if not isinstance(head, Script):
        return Law(name), ()
    if head.sup is not None:
        label = to_latex(head.sup)
        if isinstance(head.sup, Number):
            return None
        name = f"{name}^{{{label}}}"
    variables: list[Variable] = []
    parameters: list[Expr] = []
    for part in _parts(head.sub):
        if (variable := _subscript_variable(reader, part)) is not None:
            variables.append(variable)
        elif (isinstance(part, Name) and (part.command or len(part.letters) == 1) and part.style not in UPRIGHT) or (
            isinstance(part, Script) and isinstance(part.base, Name) and part.base.command
        ):
            parameters.append(reader.read(part))
        else:
            name += f"_{{{to_latex(part)}}}"
    if variables and letter in ("f", "p", "P", "g", "h") and not parameters:
        name = name.replace(letter, COMMON, 1) if letter in ("f",) else name
    return Law(name, *parameters), tuple(variables)


def _parts(sub: Node | None) -> tuple[Node, ...]:
    if sub is None:
        return ()
    if isinstance(sub, List):
        return tuple(part for item in sub.items for part in _parts(item))
    if isinstance(sub, Word):
        return sub.letters
    if isinstance(sub, Product) and not any(sub.operators):
        return tuple(part for factor in sub.factors for part in _parts(factor))
    if isinstance(sub, Chain) and len(sub.operands) == 1:
        return _parts(sub.operands[0])
    return (sub,)


def _subscript_variable(reader: Reader, part: Node) -> Variable | None:
    """The random variable that a subscript of a law names: a capital letter, perhaps with an index."""
    base = part.base if isinstance(part, Script) else part
    if not isinstance(base, Name) or len(base.letters) != 1 or not base.letters.isupper():
        return None
    return variable_in(reader, part)


def variable_in(reader: Reader, node: Node) -> Variable | None:
    """The variable that a name with its indices is; None for anything else."""
    if isinstance(node, Fenced) and node.left == "(":
        node = node.body
    if not isinstance(node, Name | Word | Script | Text):
        return None
    spread = _spread(reader, node)
    if spread is not None:
        return spread
    parts = scripts.named(reader, node)
    if parts is None or parts[3] is not None:
        return None
    key, lower, upper, _, primes = parts
    chances = reader.conventions.chances
    return Variable(chances.variable(key + "'" * primes), *(_index(reader, node) for node in (*lower, *upper)))


def _index(reader: Reader, node: Node) -> Expr:
    if isinstance(node, Name):
        return reader.bound.get(key_of(node), Symbol(key_of(node)))
    return reader.read(node)


def _spread(reader: Reader, node: Node) -> Variable | None:
    """`x_{1:T}`, all of a family from one index to another, as one variable."""
    if not isinstance(node, Script) or not isinstance(node.sub, List) or set(node.sub.separators) != {":"}:
        return None
    if node.sup is not None or node.primes or not isinstance(node.base, Name):
        return None
    return Variable(f"{key_of(node.base)}:", *(_index(reader, item) for item in node.sub.items))


def _slots(reader: Reader, items: tuple[Node, ...], variables: tuple[Variable, ...]) -> list[Slot] | None:
    """The slots of plain values; None where it is not known what variables they are values of."""
    found = []
    for k, item in enumerate(items):
        variable = variables[k] if k < len(variables) else variable_in(reader, item)
        if variable is None:
            return None
        found.append(Slot(variable, _value(reader, item)))
    return None if len({slot.variable for slot in found}) < len(found) else found


def _value(reader: Reader, item: Node) -> Expr:
    """The value in a slot; a vector is a value like any other."""
    if isinstance(item, Name) and key_of(item) not in reader.bound and reader.conventions.is_vector(key_of(item)):
        return Symbol(key_of(item))
    return reader.read(item)


def _with_relations(reader: Reader, law: Law, before: tuple[Node, ...], given: tuple[Node, ...]) -> Expr | None:
    """`P(X = x, Y = y)` is a mass; `P(X \\le x)` the mean of an indicator."""
    plain = [assigned(reader, item) for item in before]
    others = [assigned(reader, item) for item in given]
    if any(slot is None for slot in others):
        return _of_events(reader, law, before, given)
    conditions = [slot for slot in others if slot is not None]
    if all(slot is not None for slot in plain):
        slots = [slot for slot in plain if slot is not None]
        if len({slot.variable for slot in (*slots, *conditions)}) < len(slots) + len(conditions):
            return None
        return Density(law, slots, conditions)
    return Expectation(law, sp.Mul(*[indicator(reader, item) for item in before]), conditions)


def _of_events(reader: Reader, law: Law, before: tuple[Node, ...], given: tuple[Node, ...]) -> Expr:
    below = sp.Mul(*[indicator(reader, item) for item in given])
    above = sp.Mul(*[indicator(reader, item) for item in before])
    return Expectation(law, above * below) / Expectation(law, below)


def assigned(reader: Reader, item: Node) -> Slot | None:
    """The slot of `X = x`, or of a plain name; None for any other event."""
    if not isinstance(item, Chain) or not item.signs:
        variable = variable_in(reader, item)
        return None if variable is None else Slot(variable, _value(reader, item))
    if [sign.sign for sign in item.signs] != ["="]:
        return None
    variable = variable_in(reader, item.operands[0])
    if variable is None or isinstance(item.operands[1], List | Text):
        return None
    value = reader.read(item.operands[1])
    random = reader.conventions.chances.sure
    if any(True for _ in random_atoms(value, random, frozenset())):
        return None
    return Slot(variable, value)


def indicator(reader: Reader, item: Node) -> Expr:
    """The indicator of an event that is written as a relation between random variables and values."""
    if not isinstance(item, Chain) or not item.signs:
        raise Beyond("an event that is no relation", item.span)
    relation: Boolean = reader.relation(item)
    return Indicator(relation)


def slot_of(atom: Expr, chances: Chances) -> Slot:
    """The slot of a random variable at itself, as in the density at a random place, `log p(X)`."""
    if isinstance(atom, Array):
        atom = atom.name
    if not isinstance(atom, Symbol | Entry | Call):
        raise Beyond("a random variable that is no name")
    made = variable_of(atom)
    return Slot(Variable(chances.variable(made.name), *made.indices), atom)


def _is_upright(base: Node | None) -> bool:
    return isinstance(base, Name) and (base.style in UPRIGHT or base.style == "mathbb" or len(base.letters) > 1)
