"""Which names are vectors or matrices, section by section.

What a document says of a name holds in all of it (a page of notation may come first or last), but for the sections that
use the name as a number and do not say it again: `A` is a matrix in one section and the constant `A = 3` of a solution
in another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from derive.meaning import prose
from derive.meaning.domains import written_domain
from derive.meaning.heads import head_key
from derive.meaning.hints import capitals_beside, factors_in_capitals, in_both_orders, inverted_capitals
from derive.meaning.kinds import membership
from derive.meaning.names import is_transpose, key_of, key_of_base, split_subscript
from derive.meaning.outline import Outline, Parsed
from derive.meaning.shapes import is_member
from derive.notation.tree import (
    BigOperator,
    Chain,
    Fenced,
    Fraction,
    List,
    Matrix,
    Name,
    Node,
    Number,
    Product,
    Script,
    Sum,
    Word,
)
from derive.notation.walk import walk


@dataclass(frozen=True)
class Shown:
    """What one section shows: `declared` names are vectors or matrices, `hinted` ones are used as such, `supposed` ones
    may be such, since the order of their factors seems to matter; `numbers` are used as numbers."""

    declared: frozenset[str]
    hinted: frozenset[str]
    supposed: frozenset[str]
    numbers: frozenset[str]


def shown_in(outline: Outline, start: int, end: int, chapter: int) -> Shown:
    """The evidence of a section, given as a range of parts, in the chapter that begins at a part. The order of factors
    matters where the prose speaks of matrices, operators, groups: anywhere, for names in both orders in one formula;
    in the chapter before, for capitals side by side; and these, and capitals that are inverted, too where the section
    itself has vectors or matrices."""
    formulas = [part for part in outline.parts[start:end] if isinstance(part, Parsed)]
    declared: set[str] = set()
    for parsed in formulas:
        for chain in parsed.chains():
            membership(chain, {}, declared)
        for remark in parsed.remarks():
            for part in remark.parts:
                if isinstance(part, Chain):
                    membership(part, {}, declared)
        if _is_called_matrix(outline, parsed):
            declared.update(_plain_keys(parsed))
    hinted = _transposed(formulas) | _measured(formulas) | _varied(formulas)
    supposed: set[str] = set()
    if prose.NONCOMMUTING.search(outline.prose_between(0, len(outline.parts))):
        supposed |= in_both_orders(formulas)
    if declared or hinted or prose.NONCOMMUTING.search(outline.prose_between(chapter, end)):
        supposed |= factors_in_capitals(formulas)
    if declared or hinted:
        supposed |= inverted_capitals(formulas)
    supposed |= capitals_beside(formulas, declared | hinted)
    return Shown(frozenset(declared), frozenset(hinted), frozenset(supposed), frozenset(_numbers(formulas)))


def vectors_of(sections: Iterable[Shown]) -> Iterator[frozenset[str]]:
    """The names that are vectors or matrices in each section, given what each shows."""
    sections = list(sections)
    said = frozenset().union(*(section.declared | section.hinted | section.supposed for section in sections))
    for section in sections:
        yield (said - section.numbers) | section.declared


def only_supposed(sections: Iterable[Shown]) -> frozenset[str]:
    """The names of which no section shows more than that they may be vectors or matrices."""
    sections = list(sections)
    sure = frozenset().union(*(section.declared | section.hinted for section in sections))
    return frozenset().union(*(section.supposed for section in sections)) - sure


def with_defined(
    vectors: Sequence[frozenset[str]], shown: Sequence[Shown], defined: Iterable[tuple[int, str, Node]]
) -> list[frozenset[str]]:
    """The vectors of each section with the names that are defined as such: `v = w + a x`. Definitions come as the
    number of their section, their key and body, in order."""
    found = [set(keys) for keys in vectors]
    for number, key, body in defined:
        if _is_vector_valued(body, found[number]):
            for k, section in enumerate(shown):
                if key not in section.numbers:
                    found[k].add(key)
    return [frozenset(keys) for keys in found]


def _is_vector_valued(node: Node, vectors: Set[str]) -> bool:
    """Whether a formula is a vector or a matrix as it is written: one of the names, a sum with one, a product of one
    with others, none of them transposed. Members and values of functions may be numbers."""
    if isinstance(node, Matrix):
        return node.fence != "|"
    if isinstance(node, Name | Word):
        return key_of_base(node) in vectors
    if isinstance(node, Script):
        plain = node.sup is None and not split_subscript(node.sub).indices
        label = split_subscript(node.sub).label
        return plain and f"{key_of_base(node.base)}" + (f"_{{{label}}}" if label else "") in vectors
    if isinstance(node, Fenced):
        return node.left in "([" and _is_vector_valued(node.body, vectors)
    if isinstance(node, Sum):
        return any(_is_vector_valued(term, vectors) for term in node.terms)
    if isinstance(node, BigOperator):
        return node.operator == "sum" and _is_vector_valued(node.body, vectors)
    if not isinstance(node, Product) or not set(node.operators) <= {"", "\\times", "/"}:
        return False
    called = any(isinstance(factor, Fenced) for factor in node.factors[1:])
    transposed = any(isinstance(factor, Script) and is_transpose(factor.sup) for factor in node.factors)
    return not called and not transposed and any(_is_vector_valued(factor, vectors) for factor in node.factors)


def _is_called_matrix(outline: Outline, parsed: Parsed) -> bool:
    if parsed.formula.display:
        return False
    listed = outline.listed(parsed.position)
    several = (len(listed.members) > 1 or is_member(listed)) and prose.ARRAYS_AFTER.search(listed.after)
    return bool(several or prose.MATRIX_BEFORE.search(listed.before) or prose.MATRIX_AFTER.search(listed.after))


def _plain_keys(parsed: Parsed) -> Iterator[str]:
    for chain in parsed.chains():
        node: Node = chain.operands[0]
        items = node.items if isinstance(node, List) else (node,)
        for item in items:
            key = head_key(item)
            if key is not None:
                yield key


def _transposed(formulas: Iterable[Parsed]) -> set[str]:
    """Names that carry a transpose. A `T` that the formula also uses as a number is an exponent."""
    found: set[str] = set()
    for parsed in formulas:
        for node in walk(parsed.passage):
            if not isinstance(node, Script) or not is_transpose(node.sup):
                continue
            base = node.base.letters[-1] if isinstance(node.base, Word) else node.base
            key = key_of_base(base)
            if key is not None:
                label = split_subscript(node.sub).label
                found |= {key, key + (f"_{{{label}}}" if label else "")}
    return found


def _varied(formulas: Iterable[Parsed]) -> set[str]:
    """Names by which a gradient is taken: `\\nabla_{\\theta}`."""
    found: set[str] = set()
    for parsed in formulas:
        for node in walk(parsed.passage):
            if isinstance(node, Script) and isinstance(node.base, Name) and node.base.letters == "nabla":
                key = key_of_base(node.sub.base if isinstance(node.sub, Script) else node.sub)
                if key is not None:
                    found.add(key)
    return found


def _measured(formulas: Iterable[Parsed]) -> set[str]:
    """Names of which a norm or a scalar product is taken: of the terms of a sum, the last factor and the capitals."""
    found: set[str] = set()
    for parsed in formulas:
        for node in walk(parsed.passage):
            if not isinstance(node, Fenced) or node.left not in ("||", "<"):
                continue
            pair = isinstance(node.body, List) and len(node.body.items) == 2 and set(node.body.separators) == {","}
            if node.left == "<" and not pair:
                continue
            for item in node.body.items if isinstance(node.body, List) else (node.body,):
                for term in item.terms if isinstance(item, Sum) else (item,):
                    factors = term.factors if isinstance(term, Product) else (term,)
                    letters = [x for f in factors for x in (f.letters if isinstance(f, Word) else (f,))]
                    for k, factor in enumerate(letters):
                        base = factor.base if isinstance(factor, Script) else factor
                        key = key_of_base(base)
                        if key and (k == len(letters) - 1 or key.isupper()) and len(key.strip("\\")) < 12:
                            found.add(key)
    return found


# --------------------------------------------------------------------------------------- numbers


def _numbers(formulas: Iterable[Parsed]) -> set[str]:
    """Names that stand where only a number can: equal to or added to a number that is not zero, in a denominator, in
    the exponent of a number, as the bound of a sum."""
    found: set[str] = set()
    for parsed in formulas:
        for node in walk(parsed.passage):
            found.update(key for part in _number_places(node) if (key := key_of_base(part)) is not None)
    return found


def _number_places(node: Node) -> Iterator[Node]:
    """The names directly below a node that it shows to be numbers."""
    if isinstance(node, Chain):
        for k, sign in enumerate(node.signs):
            one, other = node.operands[k], node.operands[k + 1]
            if sign.sign == "=":
                for name, value in ((one, other), (other, one)):
                    if isinstance(name, Name) and _is_number(value):
                        yield name
    elif isinstance(node, Sum):
        if any(_is_number(term) for term in node.terms):
            yield from (name for term in node.terms for name in _factors(term) if isinstance(name, Name))
    elif isinstance(node, Fraction):
        yield from _divisors(node.denominator)
    elif isinstance(node, Product):
        for operator, factor in zip(node.operators, node.factors[1:], strict=True):
            if operator == "/":
                yield from _divisors(factor)
    elif isinstance(node, Script):
        if isinstance(node.base, Number) and node.sup is not None:
            yield from (part for part in walk(node.sup) if isinstance(part, Name))
    elif isinstance(node, BigOperator) and node.operator in ("sum", "prod"):
        domain = written_domain(node)
        yield from (end for end in (domain.lower, domain.upper) if isinstance(end, Name))


def _is_number(node: Node) -> bool:
    """Whether a formula without names but e and π says a number that is not zero as it stands."""
    names = {key_of(part) for part in walk(node) if isinstance(part, Name)}
    plain = all(isinstance(part, Number | Sum | Product | Fraction | Script | Name | Fenced) for part in walk(node))
    numerals = [part.text for part in walk(node) if isinstance(part, Number)]
    return plain and names <= {"e", "\\pi"} and bool(numerals or names) and numerals not in (["0"], ["0.0"])


def _factors(term: Node) -> tuple[Node, ...]:
    """The factors of a term that is a multiple of one name."""
    factors = term.factors if isinstance(term, Product) else (term,)
    return factors if sum(not isinstance(factor, Number) for factor in factors) == 1 else ()


def _divisors(node: Node) -> Iterator[Node]:
    """The names that a denominator divides by, where it is made of plain names and numbers only."""
    plain = (Name, Number, Sum, Product)
    if all(isinstance(part, plain) for part in walk(node)):
        names = [part for part in walk(node) if isinstance(part, Name)]
        if not any(name.letters in ("d", "partial", "nabla") for name in names):
            yield from names
