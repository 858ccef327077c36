"""Products, and the calls among them: `h(x)` against `y(1-h(x))`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sympy as sp
from sympy import Integer, S, Symbol
from sympy.core.containers import Tuple
from sympy.core.expr import Expr

from derive.meaning import (
    arrays,
    derivatives,
    enumerations,
    gradients,
    indicators,
    numbers,
    operators,
    pointwise,
    projections,
    scripts,
    transforms,
)
from derive.meaning.chances import operator_of
from derive.meaning.differentials import is_d, product_of, written_derivative
from derive.meaning.functions import apply
from derive.meaning.matrices import MatrixTerm, misread
from derive.meaning.names import key_of, key_of_base
from derive.meaning.objects import Call, Entry, Opaque
from derive.meaning.printing import spoken
from derive.meaning.reading import EXPECTATIONS, FUNCTION_LETTERS, INDICATORS
from derive.meaning.trouble import Beyond, ShapeClash
from derive.notation.tree import Chain, Fenced, Fraction, Function, List, Name, Node, Number, Product, Script, Word

if TYPE_CHECKING:
    from derive.meaning.reader import Reader

_TIMES = frozenset({"", "\\cdot", "\\times", "*", "\\ast", "\\,"})
_OVER = frozenset({"/", "\\div", "\\slash"})


def read_product(reader: Reader, node: Product) -> Expr:
    """Factors from left to right: calls are joined with their arguments, derivative operators take what follows."""
    pairs = [p for q in zip(("", *node.operators), node.factors, strict=True) for p in _parted(reader, q)]
    if enumerations.has_dots(node.factors):
        return enumerations.read_product(reader, _units(reader, pairs))
    pairs = _widened(reader, pairs)
    value: Expr = S.One
    differentials = 0
    k = 0
    while k < len(pairs):
        operator, factor = pairs[k]
        rest = pairs[k + 1 :]
        group = rest[0][1] if rest and rest[0][0] == "" and isinstance(rest[0][1], Fenced) else None
        if isinstance(factor, Fenced) and group is not None and operator not in _OVER:
            combined = pointwise.at_argument(reader, factor, group)
            if combined is not None:
                value = value * combined
                k += 2
                continue
        if isinstance(factor, Fraction):
            written = written_derivative(factor)
            if written is not None and group is not None and operator not in _OVER:
                placed = pointwise.derivative_at(reader, factor, written, group)
                if placed is not None:
                    value = value * placed
                    k += 2
                    continue
            if written is not None and written.body is None and rest and operator not in _OVER:
                taken = 1 if isinstance(rest[0][1], Fenced) or _is_call_with(reader, rest) else len(rest)
                taken = 2 if taken == 1 and not isinstance(rest[0][1], Fenced) else taken
                body = product_of([("", rest[0][1]), *rest[1:taken]])
                value = value * derivatives.differentiate(reader, reader.read(body), written.variables, body)
                k += 1 + taken
                continue
        gradient = gradients.read(reader, pairs[k:]) if reader.reading.arrays and operator not in _OVER else None
        if gradient is None and operator not in _OVER:
            gradient = derivatives.subscripted(reader, pairs[k:]) or projections.read(reader, pairs[k:])
        if gradient is not None:
            value = value * gradient[0]
            k += gradient[1]
            continue
        slashed = _slashed_derivative(reader, pairs[k:])
        if slashed is not None:
            value = value * slashed
            k += 4
            continue
        condition = group.body if group is not None else None
        if isinstance(factor, Number) and factor.text == "1" and isinstance(condition, Chain) and condition.signs:
            value = value * indicators.of_condition(reader, condition)
            k += 2
            continue
        if isinstance(factor, Number) and k + 2 < len(pairs) and _is_exponent_form(pairs[k : k + 3]):
            raise Beyond("a number in floating-point form", factor.span)
        beside = _beside_number(reader, pairs[k:])
        if beside is not None and operator not in _OVER:
            value = value * beside
            k += 2
            continue
        increment = _increment(reader, pairs[k:])
        loose = _is_loose_differential(reader, pairs[k:])
        if loose and differentials:
            raise Beyond("a product of differentials", factor.span)
        if loose:
            differentials += 1
            increment = _differential(reader, pairs[k + 1][1])
        current, used = (increment, 2) if increment is not None else _call(reader, pairs[k:])
        if operator in _TIMES:
            value = value * current
        elif operator in _OVER:
            following = pairs[k + used : k + used + 1]
            if following and following[0][0] == "" and reader.takes("loose_slash"):
                tail = product_of([(("" if n == 0 else o), f) for n, (o, f) in enumerate(pairs[k:])])
                reader.note("what follows the slash is under it")
                return numbers.divide(value, reader.read(tail))
            value = numbers.divide(value, current)
        else:
            raise Beyond(f"the operator {operator} is not decided yet", factor.span)
        k += used
    return value


def _widened(reader: Reader, pairs: list[tuple[str, Node]]) -> list[tuple[str, Node]]:
    """The factors with all that follows a function without parentheses in its argument, where the reading says so."""
    for k, (operator, factor) in enumerate(pairs[:-1]):
        if not isinstance(factor, Function) or pairs[k + 1][0] not in ("\\cdot", "\\times"):
            continue
        argument = factor.argument
        inner = argument.base if isinstance(argument, Script) else argument
        if isinstance(inner, Fenced) or not reader.takes("wide"):
            continue
        reader.note(f"{factor.name} takes in what follows the dot")
        body = product_of([("", argument), *pairs[k + 1 :]])
        return [*pairs[:k], (operator, replace(factor, argument=body))]
    return pairs


def _units(reader: Reader, pairs: list[tuple[str, Node]]) -> list[list[tuple[str, Node]]]:
    """The factors of a product, each with the argument it is called with. Raises Beyond for a quotient."""
    units: list[list[tuple[str, Node]]] = []
    k = 0
    while k < len(pairs):
        operator, factor = pairs[k]
        if operator not in _TIMES:
            raise Beyond("dots beside a quotient", factor.span)
        taken = 2 if _callee(reader, pairs[k:]) is not None else 1
        units.append(pairs[k : k + taken])
        k += taken
    return units


def _beside_number(reader: Reader, pairs: list[tuple[str, Node]]) -> Expr | None:
    """A numeral with another one, or a fraction of numerals, directly after it: `1\\,000`, `2\\frac12`; None for
    anything else. Raises Unreadable for two numerals that are no thousands."""
    if len(pairs) < 2 or not isinstance(pairs[0][1], Number) or pairs[1][0] != "":
        return None
    first, second = pairs[0][1], pairs[1][1]
    if isinstance(second, Number):
        if len(second.text) == 3 and second.text.isdigit() and first.text.isdigit() and len(first.text) <= 3:
            return numbers.number(first.text + second.text)
        raise Beyond("two numbers side by side are not decided yet", first.span.cover(second.span))
    if isinstance(second, Fraction) and isinstance(second.numerator, Number) and isinstance(second.denominator, Number):
        if first.text.isdigit() and reader.takes("mixed"):
            reader.note(f"{first.text} and a fraction is a mixed number")
            return reader.read(first) + reader.read(second)
    return None


def _parted(reader: Reader, pair: tuple[str, Node]) -> list[tuple[str, Node]]:
    """A run of letters that is a product, as its letters: a call may begin at the last one (`xf(x)`, `xf'(x)`)."""
    operator, node = pair
    word = node.base if isinstance(node, Script) else node
    conventions = reader.conventions
    if not isinstance(word, Word) or conventions.is_word(word):
        return [pair]
    *others, last = word.letters
    if conventions.is_function(word.text) and not conventions.is_function(key_of(last)):
        return [pair]
    tail: Node = replace(node, base=last) if isinstance(node, Script) else last
    first, *rest = (*others, tail)
    return [(operator, first), *(("", factor) for factor in rest)]


def _is_loose_differential(reader: Reader, pairs: list[tuple[str, Node]]) -> bool:
    """`dv` as a factor of its own, in a document where d is no quantity."""
    if len(pairs) < 2 or pairs[1][0] != "" or not is_d(pairs[0][1]) or not isinstance(pairs[1][1], Name | Script):
        return False
    if isinstance(pairs[1][1], Name) and key_of(pairs[1][1]) == "i" and reader.conventions.is_imaginary():
        return False
    return "d" not in reader.conventions.defined and not reader.conventions.usage("d").indexed


def _differential(reader: Reader, node: Node) -> Expr:
    """`dy` outside an integral, as a quantity of its own. Raises Beyond for anything but a name."""
    if not isinstance(node, Name):
        raise Beyond("a differential outside an integral", node.span)
    return Symbol(f"\\mathrm{{d}}{key_of(node)}")


def length_of_first(reader: Reader, node: Product) -> int:
    """How many factors of a product the first one takes: 2 where it is called with the group after it."""
    return 2 if _callee(reader, list(zip(("", *node.operators), node.factors, strict=True))) is not None else 1


def _increment(reader: Reader, pairs: list[tuple[str, Node]]) -> Expr | None:
    """`\\Delta t`, `\\delta x`: one quantity, where a Delta stands directly before a name."""
    if len(pairs) < 2 or pairs[1][0] != "" or not isinstance(pairs[0][1], Name) or pairs[0][1].accents:
        return None
    if key_of(pairs[0][1]) not in ("\\Delta", "\\delta") or key_of(pairs[0][1]) in reader.conventions.defined:
        return None
    parts = scripts.named(reader, pairs[1][1]) if isinstance(pairs[1][1], Name | Script) else None
    if parts is None:
        return None
    key, lower, upper, power, primes = parts
    if reader.conventions.is_vector(key):
        raise Beyond(f"vectors and matrices are not decided yet: {key}")
    value = scripts.member(reader, f"{key_of(pairs[0][1])} {key}", lower, upper) if not primes else None
    return value if value is None or power is None else numbers.power(value, reader.read(power))


def _is_exponent_form(three: list[tuple[str, Node]]) -> bool:
    """`1e300000`: numerals around an e with nothing between them."""
    (_, a), (o1, e), (o2, b) = three
    return (
        isinstance(e, Name) and e.letters == "e" and isinstance(b, Number) and o1 == o2 == ""
        and a.span.end == e.span.start and e.span.end == b.span.start
    )  # fmt: skip


def _slashed_derivative(reader: Reader, pairs: list[tuple[str, Node]]) -> Expr | None:
    """`dy/dx`, `\\partial L/\\partial z_j` written with a slash: the factors d, y, d, x with the slash before the
    third."""
    if len(pairs) < 4 or not (is_d(pairs[0][1]) and is_d(pairs[2][1])):
        return None
    if pairs[2][0] not in _OVER or pairs[1][0] != "" or pairs[3][0] != "":
        return None
    body, variable = pairs[1][1], pairs[3][1]
    return derivatives.differentiate(reader, reader.read(body), (variable,), body)


def _is_call_with(reader: Reader, pairs: list[tuple[str, Node]]) -> bool:
    return len(pairs) > 1 and _callee(reader, pairs) is not None


def _callee(reader: Reader, pairs: list[tuple[str, Node]]) -> tuple[str, Fenced, Node | None] | None:
    """The key of a called name, its argument group, and a power on that group; None where nothing is called."""
    if len(pairs) < 2 or pairs[1][0] != "":
        return None
    head = pairs[0][1]
    group: Node = pairs[1][1]
    after: Node | None = None
    if isinstance(group, Script) and isinstance(group.base, Fenced) and group.sub is None and not group.primes:
        after, group = group.sup, group.base
    if not (isinstance(group, Fenced) and (group.left, group.right) in {("(", ")"), ("[", "]"), ("{", "}")}):
        return None
    base = head.base if isinstance(head, Script) else head
    if reader.conventions.chances.speaks and operator_of(head) is not None and base is not None:
        return key_of_base(base) or "", group, after
    if isinstance(base, Word) and not (reader.conventions.is_word(base) or reader.conventions.is_function(base.text)):
        return None
    parts = scripts.named(reader, head) if isinstance(head, Name | Word | Script) or hasattr(head, "text") else None
    if parts is None:
        return None
    key = parts[0]
    if _is_expectation(reader, key):
        return key, group, after
    relation = isinstance(group.body, Chain) and bool(group.body.signs)
    if relation and key in INDICATORS and isinstance(head, Name):
        return key, group, after
    if group.left == "{":
        return (key, group, after) if _is_operator(reader, key) else None
    if group.left == "[" and not reader.conventions.is_function(key):
        return None
    bare = key.split("_{")[0]
    if reader.conventions.is_function(key) or (bare != key and reader.conventions.is_function(bare)):
        return key, group, after
    return None


def _is_operator(reader: Reader, key: str) -> bool:
    """Whether a name before a group in braces is applied to it: `\\mathcal{L}\\{f\\}`. Braces also group factors, so
    that a plain letter must never stand without them."""
    if key.startswith(_SCRIPTS) or (len(key.strip("\\")) > 1 and key.startswith(_UPRIGHT)):
        return True
    usage = reader.conventions.usage(key)
    return key in FUNCTION_LETTERS and bool(usage.braced) and not (usage.bare or usage.indexed or usage.powers)


_SCRIPTS = ("\\mathcal{", "\\mathscr{", "\\mathfrak{", "\\mathbb{")
_UPRIGHT = ("\\mathrm{", "\\operatorname{", "\\text{", "\\mathsf{")


def _is_expectation(reader: Reader, key: str) -> bool:
    """Whether a name is an operator of probability by convention, and the document does not define it otherwise."""
    return key.split("_{")[0] in EXPECTATIONS and key not in reader.conventions.defined


def _call(reader: Reader, pairs: list[tuple[str, Node]]) -> tuple[Expr, int]:
    """The value of the first factor (with its argument group where it is called) and how many factors it took."""
    probable = operators.read_operator(reader, pairs)
    if probable is not None:
        return probable
    found = _callee(reader, pairs)
    if found is None:
        return reader.read(pairs[0][1]), 1
    key, group, after = found
    parts = scripts.named(reader, pairs[0][1])
    assert parts is not None
    _, lower, upper, power, primes = parts
    raised = None if power is None else reader.read(power)
    if raised == -1:
        value, raised = _inverse(reader, key, lower, upper, primes, group), None
    else:
        value = _apply(reader, key, lower, upper, primes, group)
    for exponent in (raised, None if after is None else reader.read(after)):
        if exponent is not None:
            value = numbers.power(value, exponent)
    return value, 2


def _inverse(
    reader: Reader, key: str, lower: tuple[Node, ...], upper: tuple[Node, ...], primes: int, group: Fenced
) -> Expr:
    """`g^{-1}(y)`: the inverse function, of which nothing is known unless the document defines it by that name."""
    if primes or _is_expectation(reader, key) or (isinstance(group.body, List) and "|" in group.body.separators):
        raise Beyond(f"the inverse of {key}")
    inverse = f"{key}^{{-1}}"
    reader.note(f"{spoken(inverse)} is the inverse function")
    if inverse in reader.conventions.defined and not lower and not upper and group.left != "{":
        return Call(inverse, reader.arguments(group.body))
    indices = Tuple(*map(reader.read, (*lower, *upper)))
    return transforms.applied(reader, f"inverse {inverse}", key, reader.arguments(group.body), indices)


def _apply(
    reader: Reader, key: str, lower: tuple[Node, ...], upper: tuple[Node, ...], primes: int, group: Fenced
) -> Expr:
    body = group.body
    if isinstance(body, Chain) and body.signs and key in INDICATORS and not (lower or upper or primes):
        return indicators.of_condition(reader, body)
    if isinstance(body, Chain) and body.signs:
        raise Beyond("a relation as an argument", group.span)
    if group.left == "{" and not _is_expectation(reader, key):
        if primes:
            raise Beyond("a prime on an operator", group.span)
        indices = Tuple(*map(reader.read, (*lower, *upper)))
        return transforms.applied(reader, f"operator {key}", key, reader.arguments(body), indices)
    if _is_expectation(reader, key):
        return Opaque(f"expectation {key}", Tuple(*reader.arguments(body)), Tuple(*map(reader.read, lower)))
    conditioned = reader.conventions.usage(key).conditioned
    if (isinstance(body, List) and "|" in body.separators) or conditioned:
        items = body.items if isinstance(body, List) else (body,)
        bar = body.separators.index("|") + 1 if isinstance(body, List) and "|" in body.separators else len(items)
        before, given = items[:bar], items[bar:]
        return Opaque(f"density {key}", Tuple(*map(reader.read, before)), Tuple(*map(reader.read, given)))
    reader.meet_vector(key)
    arguments = reader.arguments(body)
    for argument in arguments:
        doubt = misread("a function of a row", argument) if isinstance(argument, MatrixTerm) else None
        if isinstance(doubt, ShapeClash):
            raise doubt
    if primes == 0 and not lower and not upper and key.strip("\\") in ("Gamma",):
        return sp.gamma(*arguments)
    if key in ("\\mathrm{sgn}", "\\operatorname{sgn}", "\\operatorname{sign}", "\\mathrm{sign}"):
        return apply("sign", arguments)
    head: Expr | str = key
    if lower or upper:
        head = Entry(key, tuple(map(reader.read, lower)), tuple(map(reader.read, upper)))
    orders = (Integer(primes),) if primes else ()
    if primes and len(arguments) != 1:
        raise Beyond("a prime on a function of several arguments")
    if primes and key in reader.conventions.defined:
        return derivatives.at(head, arguments[0], primes)
    return arrays.named(reader, key, Call(head, arguments, orders))
