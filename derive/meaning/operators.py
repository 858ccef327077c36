"""The operators of probability as they are written: means, variances, entropies, divergences, each with the law that
stands under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sympy import S, Symbol, sqrt
from sympy.core.expr import Expr

from derive.meaning.chances import items_of, operator_of, slot_key
from derive.meaning.distributions import written_out
from derive.meaning.expectations import random_atoms
from derive.meaning.information import divergence, entropy, information
from derive.meaning.laws import COMMON, UNKNOWN, Density, Expectation, Law, Slot, Statistic, Variable, mean
from derive.meaning.matrices import MatrixTerm, is_matrix, transposed
from derive.meaning.names import is_transpose, key_of_base
from derive.meaning.numbers import power
from derive.meaning.objects import Indicator
from derive.meaning.probability import read_density, variable_in
from derive.meaning.survey import names_in
from derive.meaning.trouble import Beyond
from derive.meaning.underneath import conditions_in, mean_of, under_operator
from derive.notation.tree import Chain, Empty, Fenced, Function, List, Name, Node, Product, Script

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

Pairs = list[tuple[str, Node]]


def read_operator(reader: Reader, pairs: Pairs) -> tuple[Expr, int] | None:
    """The value of a density or an operator of probability at the beginning of some factors, and how many of these it
    took; None where there is none."""
    head = pairs[0][1]
    base = head.base if isinstance(head, Script) else head
    key = key_of_base(base)
    kind = operator_of(head) or _plain_entropy(reader, pairs)
    if kind is None or key is None or key in reader.conventions.defined or not reader.conventions.chances.speaks:
        found = _density(reader, pairs)
        return found
    operand = _operand(pairs)
    if operand is None:
        return None
    group, after, used = operand
    if isinstance(head, Name) and not head.style and reader.conventions.usage(key).head_of:
        if not names_in(group) & (reader.conventions.chances.sure | reader.conventions.chances.slots):
            return None  # `E(\\theta) = …` of a text in which θ is not random: a function of this name
    value = _OPERATORS[kind](reader, head, group)
    if value is None:
        return None
    if kind not in ("mean",) and not is_matrix(value):
        value = Statistic(kind, value)
    exponents = [after]
    if isinstance(head, Script) and head.sup is not None:
        exponents.append(head.sup)
    for exponent in exponents:
        if exponent is not None:
            value = transposed(value) if is_transpose(exponent) else power(value, reader.read(exponent))
    return value, used


def _plain_entropy(reader: Reader, pairs: Pairs) -> str | None:
    """`H(X)`, `I(X; Y)` in plain letters, of names that are random for certain."""
    head = pairs[0][1]
    group = pairs[1][1] if len(pairs) > 1 else None
    if not isinstance(head, Name) or head.letters not in ("H", "I") or head.style or not isinstance(group, Fenced):
        return None
    body = group.body
    items = body.items if isinstance(body, List) else (body,)
    separators = body.separators if isinstance(body, List) else ()
    if not all(slot_key(item) in reader.conventions.chances.sure for item in items):
        return None
    if head.letters == "I":
        return "information" if ";" in separators else None
    return "entropy" if set(separators) <= {",", "|"} else None


def _density(reader: Reader, pairs: Pairs) -> tuple[Expr, int] | None:
    if len(pairs) < 2 or pairs[1][0] != "":
        return None
    group: Node = pairs[1][1]
    after: Node | None = None
    if isinstance(group, Script) and isinstance(group.base, Fenced) and group.sub is None and not group.primes:
        after, group = group.sup, group.base
    if not isinstance(group, Fenced):
        return None
    value = read_density(reader, pairs[0][1], group) or _written_out(reader, pairs[0][1], group)
    if value is None:
        return None
    return (value if after is None else power(value, reader.read(after))), 2


def _operand(pairs: Pairs) -> tuple[Fenced, Node | None, int] | None:
    """What an operator is applied to, as a group, the power on it, and how many factors there were: the group in
    brackets behind it, or all factors up to the next operator."""
    k = 1
    while k < len(pairs) and isinstance(pairs[k][1], Empty):
        k += 1
    if k >= len(pairs) or pairs[k][0] != "":
        return None
    group: Node = pairs[k][1]
    after: Node | None = None
    if isinstance(group, Script) and isinstance(group.base, Fenced) and group.sub is None and not group.primes:
        after, group = group.sup, group.base
    if isinstance(group, Fenced) and group.left in "([{":
        return group, after, k + 1
    end = k + 1
    while end < len(pairs) and pairs[end][0] == "" and operator_of(pairs[end][1]) is None:
        end += 1
    factors = [node for _, node in pairs[k:end]]
    body = factors[0] if len(factors) == 1 else Product(factors[0].span, tuple(factors), ("",) * (len(factors) - 1))
    return Fenced(body.span, "(", ")", body), None, end


# -------------------------------------------------------------------------------------------------- operators


def _argument(group: Fenced) -> tuple[Node, tuple[Node, ...]]:
    before, given, _ = items_of(group)
    if len(before) != 1:
        raise Beyond("an operator of several arguments", group.span)
    return before[0], given


def _mean(reader: Reader, head: Node, group: Fenced) -> Expr | None:
    node, given = _argument(group)
    under = under_operator(reader, head)

    def read() -> Expr:
        if isinstance(node, Chain) and node.signs:
            return Indicator(reader.relation(node))
        return reader.read(node)

    slots, event = conditions_in(reader, given)
    if under.density is None:
        return _free_mean(reader, under.law or Law(COMMON), read() * event, slots, event)
    if event != 1:
        above = mean_of(reader, under, lambda: read() * event, slots)
        return above / mean_of(reader, under, lambda: event, slots)
    return mean_of(reader, under, read, slots)


def _free_mean(reader: Reader, law: Law, body: Expr, slots: list[Slot], event: Expr) -> Expr:
    """A mean under which no variable is named. A small letter in it stands for the random variable of the capital one,
    where nothing else in it is random."""
    chances = reader.conventions.chances
    if not any(True for _ in random_atoms(body, chances.random, frozenset())):
        stands = {s: Symbol(s.name.upper()) for s in body.free_symbols if s.name.upper() in chances.random}
        for small, capital in stands.items():
            reader.note(f"{small.name} stands for the random variable {capital.name}")
        body = body.xreplace(stands)
    value = mean(law, body, slots)
    return value if event == 1 else value / Expectation(law, event, slots)


def _variance(reader: Reader, head: Node, group: Fenced) -> Expr | None:
    node, given = _argument(group)
    under = under_operator(reader, head)
    slots, event = conditions_in(reader, given)
    if event != 1:
        raise Beyond("a variance given an event")
    center = mean_of(reader, under, lambda: reader.read(node), slots)
    if is_matrix(center):
        return mean_of(reader, under, lambda: _outer(reader.read(node)), slots) - _outer(center)
    return mean_of(reader, under, lambda: reader.read(node) ** 2, slots) - center**2


def _outer(column: Expr) -> Expr:
    """The product of a column and its transpose. Raises Beyond for a matrix."""
    assert isinstance(column, MatrixTerm)
    if column.shape[1] != 1:
        raise Beyond("the variance of a matrix")
    product: Expr = column * transposed(column)
    return product


def _covariance(reader: Reader, head: Node, group: Fenced) -> Expr | None:
    before, given, _ = items_of(group)
    if len(before) != 2:
        raise Beyond("a covariance of other than two", group.span)
    under = under_operator(reader, head)
    slots, event = conditions_in(reader, given)
    if event != 1:
        raise Beyond("a covariance given an event")
    product = mean_of(reader, under, lambda: reader.read(before[0]) * transposed(reader.read(before[1])), slots)
    one = mean_of(reader, under, lambda: reader.read(before[0]), slots)
    return product - one * transposed(mean_of(reader, under, lambda: reader.read(before[1]), slots))


def _correlation(reader: Reader, head: Node, group: Fenced) -> Expr | None:
    covariance = _covariance(reader, head, group)
    before, given, _ = items_of(group)
    scales: Expr = S.One
    for item in before:
        single: Node = item if not given else List(item.span, (item, *given), ("|", *("," for _ in given[1:])))
        variance = _variance(reader, head, Fenced(group.span, "(", ")", single))
        scales = scales * sqrt(variance)
    return None if covariance is None else covariance / scales


def _deviation(reader: Reader, head: Node, group: Fenced) -> Expr | None:
    variance = _variance(reader, head, group)
    return None if variance is None else sqrt(variance)


_OPERATORS: dict[str, Callable[[Reader, Node, Fenced], Expr | None]] = {
    "mean": _mean,
    "variance": _variance,
    "covariance": _covariance,
    "correlation": _correlation,
    "deviation": _deviation,
    "entropy": entropy,
    "divergence": divergence,
    "information": information,
}


def _written_out(reader: Reader, head: Node, group: Fenced) -> Expr | None:
    """The density of a law that is written out with its parameters, at a value."""
    key = key_of_base(head)
    if key is None or key in reader.conventions.defined:
        return None
    found = written_out(reader, head, group)
    if found is None:
        return None
    law, item = found
    if isinstance(item, Name) and reader.conventions.is_vector(key_of_base(item) or ""):
        return None
    variable = variable_in(reader, item) or Variable(UNKNOWN)
    return Density(law, [Slot(variable, reader.read(item))])


def read_function(reader: Reader, node: Function) -> Expr | None:
    """`\\Pr(…)`, which stands as a function."""
    if node.name != "Pr" or not isinstance(node.argument, Fenced):
        return None
    head: Node = Name(node.span, "Pr", "operatorname")
    if node.sub is not None:
        head = Script(node.span, head, node.sub, None)
    value = read_density(reader, head, node.argument)
    return value if value is None or node.sup is None else power(value, reader.read(node.sup))
