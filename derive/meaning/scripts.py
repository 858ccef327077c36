"""Sub- and superscripts: indices, labels, powers, primes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Integer, Symbol
from sympy.core.expr import Expr

from derive.meaning import arrays, derivatives, evaluation, gradients, indicators, numbers
from derive.meaning.domains import fenced_index
from derive.meaning.matrices import Array
from derive.meaning.names import is_transpose, key_of, key_of_base, script_label, split_subscript
from derive.meaning.objects import Call, Delta, Entry, Opaque
from derive.meaning.printing import spoken
from derive.meaning.reading import INDICATORS
from derive.meaning.trouble import Beyond, NeedsArrays, Unreadable
from derive.notation.latex import to_latex
from derive.notation.tree import Chain, Empty, Fenced, Name, Node, Number, Product, Script, Sum, Word

if TYPE_CHECKING:
    from derive.meaning.reader import Reader


def named(reader: Reader, node: Node) -> tuple[str, tuple[Node, ...], tuple[Node, ...], Node | None, int] | None:
    """A name with its scripts taken apart: its key (labels included), lower and upper indices, what is left as a
    power, and the number of primes. None where the base is no single name."""
    base = node.base if isinstance(node, Script) else node
    if (
        isinstance(base, Word)
        and not reader.conventions.is_word(base)
        and not reader.conventions.is_function(base.text)
    ):
        return None
    if not isinstance(node, Script):
        key = key_of_base(node)
        return None if key is None else (key, (), (), None, 0)
    key = key_of_base(node.base)
    if key is None:
        return None
    survey = reader.conventions.survey
    parts = split_subscript(node.sub, survey.index_letters | frozenset(reader.bound))
    if parts.label == "?":
        raise Beyond("a subscript that is no index is not decided yet", node.sub.span if node.sub else None)
    if parts.label:
        key += f"_{{{parts.label}}}"
    if node.sup is None or isinstance(node.sup, Empty):
        return key, parts.indices, (), None, node.primes
    _refuse_operation(node.sup)
    if is_transpose(node.sup) and not (isinstance(node.sup, Name) and key_of(node.sup) in reader.bound):
        if reader.reading.arrays:
            return None
        raise _transposed(node)
    label = script_label(node.sup)
    if label is not None:
        return f"{key}^{{{label}}}", parts.indices, (), None, node.primes
    fenced = fenced_index(node.sup)
    if fenced is not None:
        return key, parts.indices, (fenced,), None, node.primes
    if key in survey.superscript_indices and isinstance(node.sup, Name | Word | Number):
        return key, parts.indices, (node.sup,), None, node.primes
    return key, parts.indices, (), node.sup, node.primes


def _refuse_operation(sup: Node) -> None:
    """Raises Beyond for a power that begins with an operation, which is no power of numbers: `H^{\\otimes n}`."""
    if isinstance(sup, Product) and isinstance(sup.factors[0], Empty) and sup.operators[0]:
        raise Beyond(f"a power of the operation {sup.operators[0]} is not decided yet", sup.span)
    if isinstance(sup, Sum) and isinstance(sup.terms[0], Sum | Empty) and sup.signs[0].startswith("\\"):
        raise Beyond(f"a power of the operation {sup.signs[0]} is not decided yet", sup.span)


def read_script(reader: Reader, node: Script) -> Expr:
    """The expression of a base with scripts."""
    base = node.base
    bound = _bound_member(reader, node)
    if bound is not None:
        return bound
    if gradients.is_nabla(node):
        if not reader.reading.arrays:
            raise NeedsArrays("a gradient", node.span)
        raise Beyond("a gradient without its function", node.span)
    array = arrays.read_script(reader, node) if reader.reading.arrays else None
    if array is not None:
        return array
    if isinstance(base, Word) and not reader.conventions.is_word(base):
        # TeX hangs the script on the last letter
        *first, last = base.letters
        tail = Script(node.span, last, node.sub, node.sup, node.primes)
        value = read_script(reader, tail)
        for letter in first:
            value = reader.read(letter) * value
        return value
    if isinstance(base, Name) and key_of(base) in INDICATORS and node.sup is None and not node.primes:
        condition = node.sub.body if isinstance(node.sub, Fenced) else node.sub
        if isinstance(condition, Chain) and condition.signs:
            return indicators.of_condition(reader, condition)
    parts = named(reader, node)
    if parts is None:
        if base is None or isinstance(base, Empty):
            raise Unreadable("a script without a base", node.span)
        if not reader.reading.arrays and isinstance(base, Fenced) and arrays.picks_and_raises(reader, node):
            raise NeedsArrays("a subscript on an expression", node.span)
        if node.sub is not None and node.sup is not None and isinstance(base, Fenced) and base.left in "[(.|":
            return evaluation.between(reader, node, base.body, node.sub, node.sup)
        if node.sub is not None:
            raise NeedsArrays("a subscript on an expression", node.span)
        if node.primes:
            raise Beyond("a prime on an expression", node.span)
        if node.sup is None:
            return reader.read(base)
        _refuse_operation(node.sup)
        if is_transpose(node.sup):
            raise _transposed(node)
        return numbers.power(reader.read(base), reader.read(node.sup))
    key, lower, upper, power, primes = parts
    value = member(reader, key, lower, upper)
    if primes:
        value = _primed(reader, key, value, primes)
    return value if power is None else numbers.power(value, reader.read(power))


def _bound_member(reader: Reader, node: Script) -> Expr | None:
    """The value of a member that an operator around binds as a whole, `x_i` under `\\sum_{x_i}`; None for any other."""
    if not reader.bound or (node.sub is None) == (not node.primes) or not isinstance(node.base, Name):
        return None
    symbol = reader.bound.get(to_latex(Script(node.span, node.base, node.sub, None, node.primes)))
    if symbol is None:
        return None
    return symbol if node.sup is None else numbers.power(symbol, reader.read(node.sup))


def member(reader: Reader, key: str, lower: tuple[Node, ...], upper: tuple[Node, ...]) -> Expr:
    """The member of a family, or the bare name where there are no indices."""
    reader.meet_vector(key)
    if not lower and not upper:
        return reader.name(key)
    below = tuple(i for node in lower for i in _index(reader, key, node, len(lower)))
    above = tuple(i for node in upper for i in _index(reader, key, node, len(upper)))
    if key == "\\delta" and not above and key not in reader.conventions.defined:
        if len(below) == 1 and isinstance(lower[0], Number) and len(lower[0].text) == 2:
            below = tuple(Integer(int(digit)) for digit in lower[0].text)
        if len(below) == 2:
            reader.note("δ with two indices is Kronecker's delta")
            return Delta(*below)
    indices = (*below, *above)
    usage, survey = reader.conventions.usage(key), reader.conventions.survey
    if (
        usage.bare
        and len(indices) == 1
        and isinstance(indices[0], Symbol)
        and indices[0].name not in reader.bound
        and not survey.bound_index_letters.get(key)
        and (usage.varied or key not in reader.reading.apart)
        and key not in reader.conventions.defined
        and reader.takes("restored")
    ):
        reader.note(f"{spoken(f'{key}_{{{indices[0].name}}}')} is read as {spoken(key)}")
        return Symbol(key)
    return arrays.named(reader, key, Entry(key, below, above))


def _transposed(node: Script) -> Beyond:
    return NeedsArrays("vectors and matrices are not decided yet: a transpose", node.span)


def _index(reader: Reader, key: str, node: Node, places: int) -> tuple[Expr, ...]:
    """The index that a node is; `12` stands for two where the family has two (`a_{12}` beside `a_{ij}`)."""
    if isinstance(node, Number) and places == 1 and len(node.text) > 1 and node.text.isdigit():
        shapes = reader.conventions.usage(key).indexed
        if any(lower == len(node.text) for lower, _ in shapes):
            return tuple(Integer(int(digit)) for digit in node.text)
    if isinstance(node, Name):
        letter = key_of(node)
        return (reader.bound.get(letter, Symbol(letter)),)
    return (reader.read(node),)


def restored_member(reader: Reader, key: str) -> Expr | None:
    """The member that a bare name stands for where its index was dropped: the name has a family with one index, and an
    operator around binds the letter that this family is indexed by."""
    shape = reader.conventions.family_of(key)
    if shape not in ((1, 0), (0, 1)):
        return None
    survey = reader.conventions.survey
    letters = survey.bound_index_letters.get(key, set())
    around = [letter for letter in reader.bound if letter in letters]
    if len(around) != 1 or key in reader.reading.apart or not reader.takes("restored"):
        return None
    index = reader.bound[around[0]]
    written = f"{key}_{{{around[0]}}}" if shape == (1, 0) else f"{key}^{{{around[0]}}}"
    reader.note(f"{spoken(key)} is read as {spoken(written)}")
    return Entry(key, (index,), ()) if shape == (1, 0) else Entry(key, (), (index,))


def _primed(reader: Reader, key: str, value: Expr, primes: int) -> Expr:
    if isinstance(value, Call) and key in reader.conventions.defined and isinstance(value.arguments[0], Symbol):
        return derivatives.by(value, value.arguments[0], primes)
    if isinstance(value, Call) and len(value.arguments) == 1:
        return Call(value.head, value.arguments, (Integer(primes),))
    if reader.conventions.is_function(key):
        return Opaque("rate", value, Integer(primes))
    if isinstance(value, Symbol | Entry) and reader.vectors is not None and value.name in reader.vectors:
        reader.vectors.add(value.name + "'" * primes)
    if isinstance(value, Array):
        return Array(_primed(reader, key, value.name, primes), value.form)
    if isinstance(value, Symbol):
        return Symbol(value.name + "'" * primes)
    if isinstance(value, Entry):
        return Entry(value.name + "'" * primes, value.lower, value.upper)
    raise Beyond("a prime on this expression")
