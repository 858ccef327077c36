"""Operators that bind: sums, products, integrals, extrema, limits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sympy as sp
from sympy import S, Symbol
from sympy.core.expr import Expr
from sympy.core.symbol import Str
from sympy.logic.boolalg import Boolean

from derive.meaning.differentials import take_differentials
from derive.meaning.domains import as_name, written_domain
from derive.meaning.ellipsis import Run
from derive.meaning.enumerations import has_dots, read_run
from derive.meaning.laws import is_whole, space_of
from derive.meaning.matrices import MatrixSumOver, is_matrix
from derive.meaning.names import key_of
from derive.meaning.objects import (
    Antiderivative,
    Domain,
    Entry,
    IntegralOver,
    LimitAt,
    MaximumOver,
    MinimumOver,
    Over,
    ProductOver,
    Range,
    SumOver,
    Whole,
    bound,
    rename,
    subterms,
)
from derive.meaning.printing import spoken
from derive.meaning.survey import names_in
from derive.meaning.trouble import Beyond
from derive.notation.tree import BigOperator, Chain, Fenced, List, Name, Node, Script, Sum
from derive.notation.walk import children

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

_BINDERS = {
    "sum": SumOver,
    "prod": ProductOver,
    "max": MaximumOver,
    "min": MinimumOver,
    "sup": MaximumOver,
    "inf": MinimumOver,
}


_FROM = {"\\downarrow": "+", "\\searrow": "+", "\\uparrow": "-", "\\nearrow": "-"}
"""From which side arrows of a limit come: from above is the `+` of `x \\to 0^+`."""
_APPROACHES = [["→"], *([arrow] for arrow in _FROM)]


def read_operator(reader: Reader, node: BigOperator) -> Expr:
    """The expression of a big operator with its body."""
    if node.operator in ("int", "oint", "iint", "iiint"):
        return _integral(reader, node)
    if node.operator == "lim":
        return _limit(reader, node)
    if node.operator not in _BINDERS:
        raise Beyond(f"\\{node.operator} is not decided yet")
    if node.operator in ("max", "min") and node.sub is None:
        raise Beyond(f"\\{node.operator} without a variable is not decided yet")
    return _over(reader, node)


def _over(reader: Reader, node: BigOperator) -> Expr:
    written = written_domain(node)
    if not written.understood:
        raise Beyond(f"what this \\{node.operator} runs over", node.sub.span if node.sub else node.span)
    if not written.variables:
        raise Beyond(f"a \\{node.operator} without a variable", node.span)
    variables = [Symbol(key_of(v)) for v in written.variables]
    explicit: Domain | None = None
    listed: tuple[Expr, ...] | Run | None = None
    if written.lower is not None and written.upper is not None:
        ends = reader.read(written.lower), reader.read(written.upper)
        if any(map(is_matrix, ends)):
            raise Beyond("a vector or matrix as the end of a sum", node.span)
        explicit = Range(*ends)
    elif written.upper is not None:
        reader.note(f"the sum over {spoken(variables[0].name)} starts at 1")
        explicit = Range(S.One, reader.read(written.upper))
    elif written.lower is not None:
        raise Beyond(f"a \\{node.operator} without an end", node.span)
    elif written.members is not None:
        listed = _listed(reader, written.members)
        explicit = Over(_set(reader, written.members)) if listed is None else None
    outer = dict(reader.bound)
    # the symbols that the binders will have, so that nothing must be renamed when they are built
    level = nesting(node.body)
    inner = [bound(level + len(variables) - k) for k in range(len(variables))]
    try:
        for variable, symbol in zip(variables, inner, strict=True):
            reader.bound[variable.name] = symbol
        body = reader.read(node.body)
        condition = sp.And(*[reader.relation(c) for c in written.conditions])
    finally:
        reader.bound = outer
    if listed is not None:
        if is_matrix(body):
            raise Beyond(f"a \\{node.operator} of vectors or matrices over a list", node.span)
        return _over_list(node, inner, body, condition, listed)
    if is_matrix(body) and node.operator != "sum":
        raise Beyond(f"a \\{node.operator} of vectors or matrices", node.span)
    binder = MatrixSumOver if is_matrix(body) else _BINDERS[node.operator]
    for k, (symbol, variable) in enumerate(zip(reversed(inner), reversed(variables), strict=True)):
        space = space_of(body, symbol) if condition == sp.true else None
        if space is not None and is_whole(explicit, space) and node.operator == "sum":
            body = SumOver(body, symbol, space)
            continue
        domain = explicit or _implied(reader, variable.name, symbol, body)
        body = binder(body, symbol, domain, condition if k == 0 else sp.true)
    return body


def _listed(reader: Reader, members: Node) -> tuple[Expr, ...] | Run | None:
    """The elements of a set written out, `\\{0, 1\\}`, `\\{1, \\ldots, n\\}`; None for any other set. Raises Beyond for
    elements that may be equal."""
    if not isinstance(members, Fenced) or members.left != "{" or not isinstance(members.body, List):
        return None
    items = members.body
    if has_dots(items.items):
        return read_run(reader, items)
    values = tuple(reader.read(item) for item in items.items)
    if len(set(values)) < len(values):
        raise Beyond("a set with an element twice", members.span)
    return values


def _over_list(
    node: BigOperator, symbols: list[Symbol], body: Expr, condition: Boolean, listed: tuple[Expr, ...] | Run
) -> Expr:
    """A sum, product or extremum over a set that is written out."""
    if len(symbols) != 1 or condition != sp.true:
        raise Beyond(f"a \\{node.operator} over several variables in a list", node.span)
    (symbol,) = symbols
    if isinstance(listed, Run):
        members = rename(body, symbol, listed.body)
        made: Expr = _BINDERS[node.operator](members, listed.index, Range(listed.lower, listed.upper))
        return made
    combine = {"sum": sp.Add, "prod": sp.Mul, "max": sp.Max, "min": sp.Min, "sup": sp.Max, "inf": sp.Min}
    found: Expr = combine[node.operator](*(rename(body, symbol, value) for value in listed))
    return found


def nesting(node: Node) -> int:
    """How deep operators that bind are nested in a tree."""
    below = max((nesting(child) for child in children(node)), default=0)
    if not isinstance(node, BigOperator):
        return below
    written = written_domain(node)
    return below + max(1, len(written.variables))


def _set(reader: Reader, node: Node) -> Expr:
    """A set: a name, kept as a string (its elements are not known)."""
    from derive.notation.latex import to_latex

    if isinstance(node, Name | Script):
        return Str(to_latex(node))
    raise Beyond("a set that is not a name", node.span)


def _implied(reader: Reader, letter: str, symbol: Symbol, body: Expr) -> Domain:
    """The domain of `\\sum_i`, whose range is not written: that of the family that carries the index, where the
    document
    gives it once; else all values of that family's index."""
    survey = reader.conventions.survey
    for term in subterms(body):
        if isinstance(term, Entry) and symbol in term.indices:
            slot = (term.name, term.indices.index(symbol))
            known = survey.range_of(slot)
            if known is not None:
                bounds = bounds_of(reader, known)
                if bounds is not None:
                    reader.note(f"{spoken(letter)} runs from {spoken(known[0])} to {spoken(known[1])}")
                    return bounds
            family, place = survey.root(slot)
            return Whole(Str(f"{family}.{place}"))
    return Whole(Str(letter))


def bounds_of(reader: Reader, known: tuple[str, str]) -> Range | None:
    """A range from the LaTeX of its ends."""
    from derive.notation import read_passage
    from derive.source import TracedText

    ends = []
    for text in known:
        passage = read_passage(TracedText(text, range(len(text))))
        if len(passage.items) != 1 or not isinstance(passage.items[0], Chain) or passage.items[0].signs:
            return None
        ends.append(reader.read(passage.items[0].operands[0]))
    return Range(*ends)


def _integral(reader: Reader, node: BigOperator) -> Expr:
    if node.operator != "int":
        raise Beyond(f"\\{node.operator} is not decided yet")
    taken = take_differentials(node.body)
    if taken is None:
        raise Beyond("an integral without a differential", node.span)
    integrand, written = taken
    if len(written) != 1 and (node.sub is not None or node.sup is not None):
        raise Beyond("an integral over several variables with bounds", node.span)
    lower = upper = None
    over: Expr | None = None
    if node.sub is not None and node.sup is not None:
        lower, upper = reader.read(node.sub), reader.read(node.sup)
    elif node.sub is not None:
        over = _set(reader, node.sub)
    if over is not None and len(written) > 1:
        raise Beyond("an integral of several variables over a region", node.span)
    keys = []
    for variable in written:
        named = as_name(variable)
        if named is None:
            raise Beyond("an integral over this variable", variable.span)
        keys.append(key_of(named))
    outer = dict(reader.bound)
    if lower is None and over is None:
        inner = [Symbol(key) for key in keys]  # an antiderivative keeps its variable
    else:
        level = nesting(node.body)
        inner = [bound(level + len(keys) - k) for k in range(len(keys))]
    try:
        for key, symbol in zip(keys, inner, strict=True):
            if reader.conventions.is_vector(key):
                raise Beyond(f"an integral over the vector or matrix {spoken(key)} is not decided yet")
            reader.bound[key] = symbol
        body = reader.read(integrand)
    finally:
        reader.bound = outer
    for symbol in reversed(inner):
        space = space_of(body, symbol)
        domain = Range(lower, upper) if lower is not None else Over(over) if over is not None else None
        if space is not None and is_whole(domain, space):
            opened = sp.Dummy()
            body = SumOver(rename(body, symbol, opened), opened, space)
        elif lower is not None and upper is not None:
            body = IntegralOver(body, symbol, Range(lower, upper))
        elif over is not None:
            body = IntegralOver(body, symbol, Over(over))
        else:
            body = Antiderivative(body, symbol)
    return body


def with_whole_limit(reader: Reader, node: Sum) -> Sum:
    """A sum in which a limit without brackets takes in what follows where its variable stands there again:
    `\\lim_{h \\to 0} 3x^2 + 3xh`."""
    for k, term in enumerate(node.terms[:-1]):
        sub = term.sub if isinstance(term, BigOperator) and term.operator == "lim" else None
        variable = sub.operands[0] if isinstance(sub, Chain) and isinstance(sub.operands[0], Name) else None
        rest = node.terms[k + 1 :]
        if variable is not None and any(_stands_free(key_of(variable), other) for other in rest):
            assert isinstance(term, BigOperator)
            reader.note("the limit takes in the terms behind it")
            body = Sum(term.body.span.cover(rest[-1].span), (term.body, *rest), ("", *node.signs[k + 1 :]))
            whole = replace(term, body=body)
            return Sum(node.span, (*node.terms[:k], whole), node.signs[: k + 1])
    return node


def _stands_free(key: str, node: Node) -> bool:
    """Whether a name stands in a formula outside of the operators that bind it."""
    if isinstance(node, BigOperator):
        if node.sub is not None and key in names_in(node.sub):
            return False
        if "int" in node.operator and key in {name for v in _integrated(node) for name in names_in(v)}:
            return False
    if isinstance(node, Name):
        return key_of(node) == key
    return any(_stands_free(key, child) for child in children(node))


def _integrated(node: BigOperator) -> list[Node]:
    taken = take_differentials(node.body)
    return taken[1] if taken is not None else []


def _limit(reader: Reader, node: BigOperator) -> Expr:
    sub = node.sub
    approach = [s.sign for s in sub.signs] if isinstance(sub, Chain) else []
    if not isinstance(sub, Chain) or approach not in _APPROACHES or not isinstance(sub.operands[0], Name):
        raise Beyond("what this limit goes to is not decided yet", sub.span if sub else node.span)
    key, direction = key_of(sub.operands[0]), _FROM.get(approach[0], "")
    target: Node = sub.operands[1]
    if isinstance(target, Script) and isinstance(target.sup, Name) and target.sup.letters in "+-" and target.base:
        direction, target = target.sup.letters, target.base
    point = reader.read(target)
    outer = dict(reader.bound)
    symbol = bound(nesting(node.body) + 1)
    try:
        reader.bound[key] = symbol
        body = reader.read(node.body)
    finally:
        reader.bound = outer
    return LimitAt(body, symbol, point, Str(direction))
