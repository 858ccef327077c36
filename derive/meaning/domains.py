"""Over what a big operator runs, as it is written: `\\sum_{i=1}^{n}`, `\\sum_{i \\ne j}`, `\\sum_i^n`, `\\sum_{x
\\in X}`."""

from __future__ import annotations

from dataclasses import dataclass

from derive.meaning.names import INDEX_LETTERS
from derive.notation.latex import to_latex
from derive.notation.tree import BigOperator, Chain, Ellipsis, Empty, Fenced, List, Name, Node, Number, Script, Sum


@dataclass(frozen=True, slots=True)
class Written:
    """The domain of a big operator as written: its variables, the bounds or set where given, and conditions.

    A condition is a Chain that restricts the variables (`i \\ne j`, `i < j`). `understood` is False where the
    subscript was not taken apart."""

    variables: tuple[Name, ...] = ()
    lower: Node | None = None
    upper: Node | None = None
    members: Node | None = None
    conditions: tuple[Chain, ...] = ()
    understood: bool = True


_ORDER = frozenset({"<", "≤", ">", "≥"})


def written_domain(operator: BigOperator) -> Written:
    """Take the sub- and superscript of a sum, product, maximum or integral apart. A variable that is a member of a
    family (`\\sum_{x_i}`) comes as the name that it makes."""
    sub = operator.sub
    while isinstance(sub, Chain) and len(sub.operands) == 1:
        sub = sub.operands[0]
    if sub is None or isinstance(sub, Empty):
        return Written(upper=operator.sup)
    if isinstance(sub, Name):
        return Written((sub,), upper=operator.sup)
    if isinstance(sub, Script) and (member := as_name(sub)) is not None:
        return Written((member,), upper=operator.sup)
    if isinstance(sub, List):
        return _from_list(sub, operator.sup)
    if isinstance(sub, Chain):
        return _from_chain(sub, operator.sup)
    return Written(understood=False)


def as_name(node: Node) -> Name | None:
    """A member of a family as one name, for an operator that binds it (`\\sum_{x_i} f(x_i)`), or a name with primes; a
    name as it is."""
    if isinstance(node, Name):
        return node
    if isinstance(node, Script) and node.sub is not None and isinstance(node.base, Name):
        plain = node.sup is None and not node.primes and isinstance(node.sub, Name | Number)
        return Name(node.span, to_latex(node)) if plain else None
    if isinstance(node, Script) and node.primes and node.sub is None and node.sup is None:
        return Name(node.span, to_latex(node)) if isinstance(node.base, Name) else None
    return None


def _from_list(sub: List, sup: Node | None) -> Written:
    names: list[Name] = []
    whole = Written(upper=sup)
    for item in sub.items:
        named = as_name(item)
        if named is not None:
            names.append(named)
        elif isinstance(item, Chain) and len(item.operands) > 1:
            part = _from_chain(item, sup)
            known = {n.letters for n in names}
            if (
                part.variables
                and part.lower is None
                and part.members is None
                and part.conditions
                and known & {v.letters for v in part.variables}
            ):
                part = Written((), conditions=part.conditions)
            fresh = tuple(v for v in part.variables if v.letters not in known)
            names.extend(fresh)
            whole = Written(
                (), part.lower or whole.lower, part.upper or whole.upper, part.members or whole.members,
                whole.conditions + part.conditions, part.understood and whole.understood,
            )  # fmt: skip
        elif isinstance(item, Empty):
            continue
        else:
            return Written(understood=False)
    return Written(tuple(names), whole.lower, whole.upper, whole.members, whole.conditions, whole.understood)


def _from_chain(sub: Chain, sup: Node | None) -> Written:
    signs = [sign.sign for sign in sub.signs]
    first = as_name(sub.operands[0]) or sub.operands[0]
    if signs == ["="] and isinstance(first, Name | List):
        names = (first,) if isinstance(first, Name) else tuple(i for i in first.items if isinstance(i, Name))
        last = sub.operands[1]
        if isinstance(last, List) and any(isinstance(item, Ellipsis) for item in last.items):
            return Written(names, last.items[0], last.items[-1])  # i = 1, \ldots, n
        return Written(names, last, sup)
    if signs == ["∈"] and isinstance(first, Name | List):
        names = (first,) if isinstance(first, Name) else tuple(i for i in first.items if isinstance(i, Name))
        return Written(names, members=sub.operands[1])
    if len(signs) == 2 and set(signs) <= {"<", "≤"} and isinstance(sub.operands[1], Name):
        lower = sub.operands[0] if signs[0] == "≤" else _beside(sub.operands[0], "+")
        upper = sub.operands[2] if signs[1] == "≤" else _beside(sub.operands[2], "-")
        return Written((sub.operands[1],), lower, upper)
    if len(signs) == 1 and signs[0] in _ORDER | {"≠"} and isinstance(first, Name):
        return Written((first,), upper=sup, conditions=(sub,))
    return Written(understood=False)


def _beside(node: Node, sign: str) -> Node:
    """The node plus or minus one."""
    return Sum(node.span, (node, Number(node.span, "1")), ("", sign))


def fenced_index(sup: Node | None) -> Node | None:
    """The index in a fenced superscript, `x^{(i)}`, `x^{(k+1)}`; None for any other (`e^{(x\\theta+b)}`)."""
    if isinstance(sup, Fenced) and sup.left in "([" and _indexes(sup.body):
        return sup.body
    return None


def _indexes(node: Node) -> bool:
    """Whether a node looks like an index: a numeral, a name, or a sum of numerals and index letters."""
    if isinstance(node, Sum):
        return all(isinstance(t, Number) or (isinstance(t, Name) and t.letters in INDEX_LETTERS) for t in node.terms)
    return isinstance(node, Name | Number)
