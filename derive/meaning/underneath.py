"""What stands under an operator of probability: the law that a mean is taken under, `\\mathbb{E}_{x \\sim p}`,
`E_{q(z \\mid x)}`, `E_\\theta`, and what it is conditioned on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy import Dummy, S, Symbol
from sympy.core.expr import Expr

from derive.meaning.chances import items_of, law_letter, slot_key
from derive.meaning.laws import COMMON, Density, Law, Slot, Space, Variable, mean
from derive.meaning.matrices import MatrixSumOver, is_matrix
from derive.meaning.names import key_of
from derive.meaning.objects import SumOver
from derive.meaning.probability import assigned, indicator, law_of, variable_in
from derive.meaning.trouble import Beyond
from derive.notation.latex import to_latex
from derive.notation.tree import Chain, Empty, Fenced, List, Name, Node, Product, Script, Word

if TYPE_CHECKING:
    from derive.meaning.reader import Reader


@dataclass(frozen=True)
class Under:
    """What stands under an operator: densities over whose variables it takes the mean (with the names that these bind),
    or a law alone, or nothing."""

    bound: tuple[tuple[str, Symbol, Variable], ...] = ()
    density: Callable[[], Expr] | None = None
    law: Law | None = None


def under_operator(reader: Reader, head: Node) -> Under:
    sub = head.sub if isinstance(head, Script) else None
    if sub is None or isinstance(sub, Empty):
        return Under()
    return _of_subscript(reader, sub)


def _of_subscript(reader: Reader, sub: Node) -> Under:
    if isinstance(sub, Fenced) and sub.left == "(":
        return _of_subscript(reader, sub.body)
    if isinstance(sub, Chain) and [sign.sign for sign in sub.signs] == ["∼"]:
        return _drawn(reader, sub.operands[0], sub.operands[1])
    if isinstance(sub, Chain) and len(sub.operands) == 1:
        return _of_subscript(reader, sub.operands[0])
    if isinstance(sub, List) and "|" not in sub.separators:
        parts = _joined(sub)
        names = tuple(part for part in parts if isinstance(part, Name | Script) and _named(reader, part).bound)
        if len(names) == len(parts):
            return bound_over(reader, names, lambda slots, others: Density(Law(COMMON), slots, others))
        if names:
            # whether they are independent of what is drawn beside them is not said
            raise Beyond(f"what is under the operator: {to_latex(sub)}", sub.span)
        return _together([_of_subscript(reader, part) for part in parts], sub)
    if isinstance(sub, List):
        items, given, _ = items_of(Fenced(sub.span, "(", ")", sub))
        return bound_over(reader, items, lambda slots, others: Density(Law(COMMON), slots, others), given)
    if isinstance(sub, Product) and len(sub.factors) == 2 and isinstance(sub.factors[1], Fenced):
        return with_density(reader, sub.factors[0], sub.factors[1])
    if isinstance(sub, Name | Script | Word):
        return _named(reader, sub)
    raise Beyond(f"what is under the operator: {to_latex(sub)}", sub.span)


def _joined(sub: List) -> list[Node]:
    """The parts of a list under an operator, with `x, y \\sim p` put together."""
    parts: list[Node] = []
    waiting: list[Node] = []
    for item in sub.items:
        drawn = isinstance(item, Chain) and any(sign.sign == "∼" for sign in item.signs)
        if drawn and waiting and isinstance(item, Chain):
            names = List(item.span, (*waiting, item.operands[0]), (",",) * len(waiting))
            parts.append(Chain(item.span, (names, *item.operands[1:]), item.signs))
            waiting = []
        elif drawn or law_letter(item.base if isinstance(item, Script) else item) or isinstance(item, Product):
            parts += [*waiting, item]
            waiting = []
        else:
            waiting.append(item)
    return [*parts, *waiting]


def _together(parts: list[Under], sub: Node) -> Under:
    densities = [part.density for part in parts if part.density is not None]
    if len(densities) < len(parts):
        raise Beyond(f"what is under the operator: {to_latex(sub)}", sub.span)

    def product() -> Expr:
        value: Expr = S.One
        for density in densities:
            value = value * density()
        return value

    return Under(tuple(item for part in parts for item in part.bound), product)


def _named(reader: Reader, sub: Node) -> Under:
    """A law by its name, a variable, or a parameter."""
    base = sub.base if isinstance(sub, Script) else sub
    letter = law_letter(base)
    chances = reader.conventions.chances
    key = slot_key(sub)
    if letter is not None and key not in chances.slots and not (key in chances.sure and letter not in "pqPQ"):
        named = law_of(reader, sub)
        names = chances.left.get(letter, ())
        if named is None:
            raise Beyond(f"what is under the operator: {to_latex(sub)}", sub.span)
        if len(names) == 1 and letter not in ("P", "p"):
            nodes = [Name(sub.span, name.strip("\\"), command=name.startswith("\\")) for name in names]
            return bound_over(reader, tuple(nodes), lambda slots, others: Density(named[0], slots, others))
        return Under(law=named[0])
    if isinstance(base, Name) and key is not None:
        random = key in chances.random | chances.slots or (len(base.letters) == 1 and base.letters in "xyzuwXYZUW")
        if base.command and base.letters not in ("epsilon", "varepsilon", "xi", "eta", "zeta") and not random:
            return Under(law=Law(COMMON, reader.read(sub)))
        if random or base.command:
            return bound_over(reader, (sub,), lambda slots, others: Density(Law(COMMON), slots, others))
    raise Beyond(f"what is under the operator: {to_latex(sub)}", sub.span)


def _drawn(reader: Reader, names: Node, law: Node) -> Under:
    """`x \\sim p`, `(x, y) \\sim \\mathcal{D}`, `z \\sim q(z \\mid x)`, `x \\sim \\mathcal{N}(0, 1)`."""
    if isinstance(names, Fenced):
        names = names.body
    items = names.items if isinstance(names, List) else (names,)
    if isinstance(law, Product) and len(law.factors) == 2 and isinstance(law.factors[1], Fenced):
        head, group = law.factors
        assert isinstance(group, Fenced)
        known = law_of(reader, head) if law_letter(head.base if isinstance(head, Script) else head) else None
        if known is None:
            return bound_over(reader, items, lambda slots, others: Density(Law(to_latex(law)), slots, others))
        _, given, _ = items_of(group)
        return bound_over(reader, items, lambda slots, others: Density(known[0], slots, others), given)
    base = law.base if isinstance(law, Script) else law
    named = law_of(reader, law) if law_letter(base) is not None else (Law(to_latex(law)), ())
    if named is None:
        raise Beyond(f"what is under the operator: {to_latex(law)}", law.span)
    return bound_over(reader, items, lambda slots, others: Density(named[0], slots, others))


def with_density(reader: Reader, head: Node, group: Fenced) -> Under:
    """`q_\\phi(z \\mid x)` under an operator: the mean over what stands before the bar."""
    if law_letter(head.base if isinstance(head, Script) else head) is None:
        raise Beyond(f"what is under the operator: {to_latex(head)}", head.span)
    before, given, _ = items_of(group)
    named = law_of(reader, head)
    if named is None:
        raise Beyond(f"what is under the operator: {to_latex(head)}", head.span)
    return bound_over(reader, before, lambda slots, others: Density(named[0], slots, others), given)


def bound_over(
    reader: Reader,
    items: tuple[Node, ...],
    density: Callable[[list[Slot], list[Slot]], Expr],
    given: tuple[Node, ...] = (),
) -> Under:
    """The mean over the variables of some names, under a density of them given others."""
    bound = []
    for item in items:
        variable = variable_in(reader, item)
        written = to_latex(item) if isinstance(item, Script) else key_of(item) if isinstance(item, Name) else None
        if variable is None or written is None:
            raise Beyond("what the mean is taken over", item.span)
        bound.append((written, Symbol(f"\N{MIDDLE DOT}mean {len(reader.bound)} {written}"), variable))

    def made() -> Expr:
        others = [assigned(reader, item) for item in given]
        if any(slot is None for slot in others):
            raise Beyond("a condition of this form")
        slots = [Slot(variable, symbol) for _, symbol, variable in bound]
        return density(slots, [slot for slot in others if slot is not None])

    return Under(tuple(bound), made)


def mean_of(reader: Reader, under: Under, body: Callable[[], Expr], given: list[Slot] | None = None) -> Expr:
    """The mean of a body, read with the names bound that the law under the operator binds."""
    if under.density is None:
        return mean(under.law or Law(COMMON), body(), given or [])
    outer = dict(reader.bound)
    try:
        for written, symbol, _ in under.bound:
            reader.bound[written] = symbol
        value = body() * under.density()
    finally:
        reader.bound = outer
    if given:
        raise Beyond("a condition beside a stated law")
    for _, symbol, variable in under.bound:
        opened = Dummy()
        kind = MatrixSumOver if is_matrix(value) else SumOver
        value = kind(value.xreplace({symbol: opened}), opened, Space(variable))
    return value


def conditions_in(reader: Reader, given: tuple[Node, ...]) -> tuple[list[Slot], Expr]:
    """The slots that a mean is conditioned on, and the indicator of other events."""
    slots, event = [], S.One
    for item in given:
        slot = assigned(reader, item)
        if slot is not None:
            slots.append(slot)
        else:
            event = event * indicator(reader, item)
    return slots, event
