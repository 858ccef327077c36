"""From a tree to a SymPy expression, under one reading."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy import Integer, S, Symbol
from sympy.core.containers import Tuple
from sympy.core.expr import Expr
from sympy.logic.boolalg import Boolean

from derive.meaning import (
    arrays,
    binding,
    calls,
    cases,
    derivatives,
    enumerations,
    evaluation,
    named_functions,
    numbers,
    scripts,
)
from derive.meaning.linearity import is_linear, multiplies, multiplies_values
from derive.meaning.matrices import is_matrix, related
from derive.meaning.names import is_unspecific, key_of, key_of_base
from derive.meaning.objects import Call, Indicator, Opaque
from derive.meaning.printing import spoken
from derive.meaning.reading import LITERAL, Conventions, Reading
from derive.meaning.trouble import Beyond, Trouble, Unreadable
from derive.notation.tree import (
    Annotated,
    At,
    BigOperator,
    Binomial,
    Chain,
    Ellipsis,
    Empty,
    Fenced,
    Fraction,
    Function,
    List,
    Matrix,
    Name,
    Node,
    Number,
    Postfix,
    Product,
    Root,
    Script,
    Sum,
    Text,
    Unread,
    Word,
)
from derive.notation.tree import Cases as WrittenCases

MAX_DEPTH = 120
# what may be written at an expression without changing it
LAYOUT = frozenset(
    ["underbrace", "overbrace", "boxed", "fbox", "cancel", "bcancel", "xcancel", "overset", "underset", "stackrel",
     "underbracket", "overbracket", "colorbox", "underline", "uline"]
)  # fmt: skip
CONSTANTS: dict[str, Expr] = {
    "\\pi": S.Pi,
    "\\infty": S.Infinity,
    "\\mathrm{e}": S.Exp1,
    "\\mathrm{i}": S.ImaginaryUnit,
}
RELATIONS: dict[str, Callable[[Any, Any], Boolean]] = {
    "=": sp.Eq, "≡": sp.Eq, "≠": sp.Ne, "<": sp.Lt, "≤": sp.Le, ">": sp.Gt, "≥": sp.Ge,
}  # fmt: skip


class Reader:
    """Reads trees of one document. `notes` collects the choices that were made and mattered."""

    def __init__(self, conventions: Conventions, reading: Reading = LITERAL) -> None:
        self.conventions = conventions
        self.reading = reading
        self.bound: dict[str, Symbol] = {}
        self.notes: list[str] = []
        self.met: set[str] = set()
        self.vectors: set[str] | None = None  # the vectors met, where a whole side is read
        self._depth = 0

    def takes(self, choice: str) -> bool:
        """Whether this reading makes a choice (a field of Reading); that there was one to make is kept in `met`."""
        self.met.add(choice)
        return bool(getattr(self.reading, choice))

    def side(self, node: Node) -> Expr:
        """The expression of a node that stands outside of all operators, remembered for each node and reading, with
        what was noted. Raises Unreadable or Beyond, each time again."""
        memory = self.conventions.memory
        key = (id(node), self.reading)
        if key not in memory:
            fresh = Reader(self.conventions, self.reading)
            fresh.vectors = set()
            outcome: Expr | Trouble
            try:
                outcome = fresh.read(node)
                if not self.reading.arrays:
                    if not is_linear(outcome, fresh.vectors) or multiplies(node, fresh.vectors):
                        raise arrays.needed(min(fresh.vectors, default="a list"))
                elif multiplies_values(outcome):
                    raise Beyond("a product of functions of vectors, which may be vectors or matrices themselves")
            except Trouble as trouble:
                outcome = trouble
            # the node is kept, so that its id stays its own
            memory[key] = (node, outcome, tuple(fresh.notes), frozenset(fresh.met))
        _, known, notes, met = memory[key]
        self.met |= met
        if isinstance(known, Trouble):
            raise known
        for text in notes:
            self.note(text)
        return known

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def read(self, node: Node) -> Expr:
        """The expression of a node. Raises Unreadable or Beyond."""
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                raise Beyond("a formula nested too deeply", node.span)
            reader = _READERS.get(type(node))
            if reader is None:
                raise Unreadable(f"a {type(node).__name__.lower()} here", node.span)
            result = reader(self, node)
            if result.has(S.NaN, S.ComplexInfinity):
                raise Beyond("an undefined expression", node.span)
            return result
        except (Beyond, Unreadable) as trouble:
            trouble.span = trouble.span or node.span
            raise
        finally:
            self._depth -= 1

    def name(self, key: str) -> Expr:
        """A bare name: a bound variable, a constant, a function without its argument, or a symbol."""
        if key in self.bound:
            return arrays.named(self, key, self.bound[key])
        if is_unspecific(key):
            raise Beyond(f"`{spoken(key)}` stands for no one thing")
        conventions = self.conventions
        self.meet_vector(key)
        usage = conventions.usage(key)
        if key in CONSTANTS and not usage.indexed and not usage.called and key not in conventions.defined:
            return CONSTANTS[key]
        if key == "e" and not usage.indexed and key not in conventions.defined and not conventions.is_function("e"):
            return S.Exp1
        if key == "i" and conventions.is_imaginary():
            return S.ImaginaryUnit
        if conventions.is_function(key):
            usual = conventions.usual_arguments(key)
            if usual is not None:
                return arrays.named(self, key, Call(key, self.arguments(usual)))
        member = scripts.restored_member(self, key)
        return arrays.named(self, key, Symbol(key)) if member is None else member

    def meet_vector(self, key: str) -> None:
        """Take note of a name that is a vector or a matrix. Raises Beyond where such are not decided: outside of whole
        sides, whose products are looked at."""
        if self.conventions.is_vector(key) and not self.reading.arrays:
            if self.vectors is None:
                raise arrays.needed(key)
            self.vectors.add(key)

    def arguments(self, body: Node) -> list[Expr]:
        """The arguments in a call's parentheses, in order, whatever separates them."""
        if isinstance(body, Chain) and len(body.operands) == 1:
            body = body.operands[0]
        items = body.items if isinstance(body, List) else (body,)
        if isinstance(body, List) and enumerations.has_dots(items):
            return enumerations.read_arguments(self, body)
        return [self._argument(item) for item in items]

    def _argument(self, node: Node) -> Expr:
        """One argument: a list in brackets is one, of which nothing is known but its items."""
        if isinstance(node, Fenced) and isinstance(node.body, List) and set(node.body.separators) == {","}:
            if not enumerations.has_dots(node.body.items):
                return Opaque(f"list {node.left}", Tuple(*(self._argument(item) for item in node.body.items)))
        return self.read(node)

    def listed(self, node: Fenced) -> Expr:
        """A list in brackets that stands as a quantity: a vector, a divided difference; of which nothing is known but
        its items. Raises Beyond outside of whole sides, whose products are looked at."""
        assert isinstance(node.body, List)
        if self.vectors is None or node.left not in "([" or set(node.body.separators) != {","}:
            raise Beyond("a list where a number is expected", node.span)
        self.vectors.add("a list")
        return Opaque(f"list {node.left}", Tuple(*self.arguments(node.body)))

    def relation(self, chain: Chain) -> Boolean:
        """A chain of relations as a SymPy Boolean (the conjunction of its links). Raises Beyond for other signs."""
        links = []
        for k, sign in enumerate(chain.signs):
            for one in _listed(chain.operands[k]):
                if sign.sign == "∈":
                    links.append(self._membership(self.read(one), chain.operands[k + 1]))
                    continue
                build = RELATIONS.get(sign.sign)
                if build is None:
                    raise Beyond(f"a condition with {sign.sign}", chain.span)
                others = [self.read(other) for other in _listed(chain.operands[k + 1])]
                links.extend(related(build, self.read(one), other) for other in others)
        if not links:
            raise Beyond("a condition without a relation", chain.span)
        return sp.And(*links)

    def _membership(self, term: Expr, members: Node) -> Boolean:
        """`x \\in [0, 1)`, `x \\in \\{0, 1\\}` as a Boolean. Raises Beyond for other sets."""
        if not isinstance(members, Fenced) or not isinstance(members.body, List):
            raise Beyond("a set that is not an interval or a list", members.span)
        values = [self.read(item) for item in members.body.items]
        if members.left == "{":
            return sp.Or(*[sp.Eq(term, value) for value in values])
        if len(values) != 2 or members.left not in "([" or members.right not in ")]":
            raise Beyond("a set that is not an interval or a list", members.span)
        low, high = values
        links = []
        if low != S.NegativeInfinity:
            links.append(sp.Gt(term, low) if members.left == "(" else sp.Ge(term, low))
        if high != S.Infinity:
            links.append(sp.Lt(term, high) if members.right == ")" else sp.Le(term, high))
        return sp.And(*links)


def _listed(node: Node) -> tuple[Node, ...]:
    """The items of a list of names, `x, y` in `x, y > 0`; the node itself where it is no list. A list with dots is any
    member: `x_i` for `x_1, \\ldots, x_n`."""
    if not isinstance(node, List):
        return (node,)
    members = [item for item in node.items if isinstance(item, Script) and item.sub is not None]
    if any(isinstance(item, Ellipsis) for item in node.items) and members:
        first = members[0]
        return (Script(first.span, first.base, Name(first.span, "i"), first.sup, first.primes),)
    return node.items


def _number(reader: Reader, node: Number) -> Expr:
    return numbers.number(node.text)


def _name(reader: Reader, node: Name) -> Expr:
    if node.letters == "nabla" and node.command and not reader.reading.arrays:
        raise arrays.needed("a gradient")
    if node.letters in ("nabla", "partial", "emptyset", "square", "Box") and node.command:
        raise Beyond(f"\\{node.letters} is not decided yet")
    return reader.name(key_of(node))


def _word(reader: Reader, node: Word) -> Expr:
    if is_unspecific(node.text) or reader.conventions.is_word(node) or reader.conventions.is_function(node.text):
        return reader.name(node.text)
    return functools.reduce(operator.mul, [reader.read(letter) for letter in node.letters])


def _text(reader: Reader, node: Text) -> Expr:
    key = key_of_base(node)
    if key is None or not node.text.strip():
        raise Unreadable("text inside a formula", node.span)
    return reader.name(key)


def _fraction(reader: Reader, node: Fraction) -> Expr:
    derivative = derivatives.of_fraction(reader, node)
    if derivative is not None:
        return derivative
    return numbers.divide(reader.read(node.numerator), reader.read(node.denominator))


def _root(reader: Reader, node: Root) -> Expr:
    degree = Integer(2) if node.degree is None else reader.read(node.degree)
    return numbers.power(reader.read(node.radicand), numbers.divide(S.One, degree))


def _fenced(reader: Reader, node: Fenced) -> Expr:
    fence = node.left + node.right
    if reader.reading.arrays and (array := arrays.fenced(reader, node)) is not None:
        return array
    if isinstance(node.body, Chain) and len(node.body.signs) > 0:
        if fence == "[]":
            return Indicator(reader.relation(node.body))
        raise Beyond("a relation inside an expression is not decided yet", node.span)
    if isinstance(node.body, List):
        if node.left == "<" and not reader.reading.arrays:
            raise arrays.needed("scalar products")
        if reader.reading.arrays:
            raise Beyond("a list where a number is expected", node.span)
        return reader.listed(node)
    if isinstance(node.body, Empty):
        raise Unreadable("empty parentheses", node.span)
    if fence in ("||",) or (node.left == "|" and node.right == "|"):
        return sp.Abs(reader.read(node.body))
    if node.left == "||":
        raise arrays.needed("norms")
    if node.left == "floor":
        return sp.floor(reader.read(node.body))
    if node.left == "ceil":
        return sp.ceiling(reader.read(node.body))
    if node.left in ("(", "[", "{", ".") and node.right in (")", "]", "}", "."):
        return reader.read(node.body)
    if (node.left == "<" or node.right == ">") and not reader.reading.arrays:
        raise arrays.needed("bras, kets and scalar products")
    raise Beyond(f"the brackets {node.left} {node.right} are not decided yet")


def _product(reader: Reader, node: Product) -> Expr:
    array = arrays.read_product(reader, node)
    return calls.read_product(reader, node) if array is None else array


def _sum(reader: Reader, node: Sum) -> Expr:
    if enumerations.has_dots(node.terms):
        return enumerations.read_sum(reader, node)
    node = binding.with_whole_limit(reader, node)
    terms: list[Expr] = []
    for k, (sign, term) in enumerate(zip(node.signs, node.terms, strict=True)):
        if isinstance(term, At) and k and evaluation.is_open(term):
            whole = evaluation.reaching_back(reader, node, k)
            if whole is not None:
                terms = [whole]
                continue
        value = reader.read(term)
        if sign not in ("", "+", "-"):
            raise Beyond(f"the sign {sign} is not decided yet", node.span)
        terms.append(-value if sign == "-" else value)
    return functools.reduce(operator.add, terms) if any(map(is_matrix, terms)) else sp.Add(*terms)


def _big_operator(reader: Reader, node: BigOperator) -> Expr:
    return binding.read_operator(reader, node)


def _script(reader: Reader, node: Script) -> Expr:
    return scripts.read_script(reader, node)


def _postfix(reader: Reader, node: Postfix) -> Expr:
    if node.operator != "!":
        raise Beyond(f"the operator {node.operator} is not decided yet")
    return numbers.factorial_of(reader.read(node.operand))


def _annotated(reader: Reader, node: Annotated) -> Expr:
    if node.kind not in LAYOUT:
        raise Beyond(f"\\{node.kind} over an expression is not decided yet")
    return reader.read(node.body)


def _at(reader: Reader, node: At) -> Expr:
    if node.sub is not None and node.sup is not None:
        return evaluation.between(reader, node, node.body, node.sub, node.sup)
    if node.sub is None:
        raise Beyond("evaluation at no place", node.span)
    return evaluation.at(reader, node.body, node.sub)


def _cases(reader: Reader, node: WrittenCases) -> Expr:
    return cases.read_cases(reader, node)


def _matrix(reader: Reader, node: Matrix) -> Expr:
    if not reader.reading.arrays:
        raise arrays.needed("a matrix written out")
    return arrays.matrix(reader, node)


def _ellipsis(reader: Reader, node: Ellipsis) -> Expr:
    raise Beyond("dots that stand alone are not decided yet")


def _list(reader: Reader, node: List) -> Expr:
    raise Beyond("a list where a number is expected")


def _chain(reader: Reader, node: Chain) -> Expr:
    if len(node.operands) == 1:
        return reader.read(node.operands[0])
    raise Beyond("a relation inside an expression is not decided yet", node.span)


def _empty(reader: Reader, node: Empty) -> Expr:
    raise Unreadable("an operand is missing", node.span)


def _unread(reader: Reader, node: Unread) -> Expr:
    raise Unreadable(node.reason, node.span)


_READERS: dict[type[Node], Callable[[Reader, Any], Expr]] = {
    Number: _number,
    Name: _name,
    Word: _word,
    Text: _text,
    Fraction: _fraction,
    Root: _root,
    Fenced: _fenced,
    Product: _product,
    Sum: _sum,
    BigOperator: _big_operator,
    Script: _script,
    Function: named_functions.read_function,
    Binomial: named_functions.read_binomial,
    Postfix: _postfix,
    Annotated: _annotated,
    At: _at,
    WrittenCases: _cases,
    Matrix: _matrix,
    Ellipsis: _ellipsis,
    List: _list,
    Chain: _chain,
    Empty: _empty,
    Unread: _unread,
}
