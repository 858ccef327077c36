"""Definitions as a document writes them: `J = …`, `f(x) := …`, `R^2 = …`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from derive.meaning import prose
from derive.meaning.chances import operator_of, speaks_of_law
from derive.meaning.conditions import is_index_range
from derive.meaning.heads import head_key, mentions, mentions_only_numbered, squared_head
from derive.meaning.names import is_unspecific, key_of_base
from derive.meaning.outline import Outline, Parsed
from derive.meaning.survey import Survey, names_in
from derive.notation.latex import to_latex
from derive.notation.tree import Chain, Ellipsis, Empty, Fenced, List, Name, Node, Number, Product, Remark, Text
from derive.notation.walk import same

MEANS = "means"  # the key of all definitions of means and of what is made of them, `\\mathrm{Var}(X) = …`
DEFINES = frozenset({":=", "=", "≡"})


@dataclass(frozen=True, slots=True)
class Written:
    """A definition as written: `head = body`, in the chain `chain` of the formula at `position`. `certain` where the
    document says that it defines (`:=`, "let"). `power` is 2 where the square of the head is written (`R^2 = …`),
    `conditional` says that it holds in a case only, and `others` are what the chain goes on to equal, the last
    first. `alone` says that it speaks of one member only, whatever its index is: `\\alpha_n = \\alpha_0 + y`."""

    key: str
    head: Node
    body: Node
    chain: Chain
    position: int
    certain: bool
    power: int = 1
    conditional: bool = False
    others: tuple[Node, ...] = field(default=(), compare=False)
    alone: bool = False
    solution: bool = False  # solves an equation before it, so that it is one function of several
    explains: bool = False  # says what a name means, and may stand behind the formula that it explains


def definitions_in(outline: Outline, parsed: Parsed, unknowns: set[str], whole: Survey) -> Iterator[Written]:
    """The definitions in a formula, given the survey of the whole document. `unknowns` collects the names that stood in
    an equation before: an equation that then says what one of them equals is a solution, and defines nothing unless the
    document says so, or it is a function that is differentiated (the solution of a differential equation)."""
    superscripted = whole.superscript_indices
    before = outline.prose_before(parsed.position)
    defining = _says(prose.DEFINING, outline, parsed.position)
    explaining = _says(prose.EXPLAINS, outline, parsed.position)
    here: set[str] = set()
    cases = _in_cases(parsed)
    for chain in parsed.chains():
        if not chain.signs or chain.signs[0].sign not in DEFINES or is_index_range(chain):
            continue
        first = _announced(chain)
        head, body, power = chain.operands[first], chain.operands[first + 1], 1
        key = MEANS if is_operator_applied(head) and not _is_of_parameter(head) else head_key(head, superscripted)
        squared = squared_head(head)
        if key is None and squared is not None:
            key, head, power = head_key(squared, superscripted), squared, 2
        alone = key is not None and key != MEANS and mentions_only_numbered(body, head, key)
        if key == MEANS and speaks_of_law(body):
            continue
        if key is None or (key != MEANS and mentions(body, key) and not alone):
            unknowns |= names_in(chain)
            here |= names_in(chain)
            continue
        if key in here and isinstance(head, Name):
            continue
        certain = chain.signs[0].sign == ":=" or defining
        solution = not certain and key in unknowns and isinstance(head, Name)
        usage = whole.usage.get(key)
        if solution and not (usage is not None and (usage.primed or usage.differentiated) and names_in(body)):
            continue
        if not parsed.formula.display and not certain:
            continue
        if not parsed.formula.display and isinstance(body, Number) and prose.CONDITION.search(before[-40:]):
            continue
        if isinstance(body, Ellipsis | Empty) or is_unspecific(key_of_base(body)):
            continue
        conditional = any(chain is other for other in cases)
        others = _others(chain, key, first)
        explains = explaining or chain.signs[0].sign == ":="
        yield Written(
            key, head, body, chain, parsed.position, certain, power, conditional, others, alone, solution, explains
        )


def is_operator_applied(head: Node) -> bool:
    """Whether the left side is an operator of probability applied, `\\mathrm{Var}(X)`, which is no name to define."""
    if not isinstance(head, Product) or len(head.factors) != 2:
        return False
    name, group = head.factors
    if not isinstance(group, Fenced):
        return False
    if operator_of(name) is not None:
        return True
    # H(X) and I(X; Y) in plain letters, of names in capitals
    items = group.body.items if isinstance(group.body, List) else (group.body,)
    plain = isinstance(name, Name) and name.letters in ("H", "I") and not name.style
    return plain and all(isinstance(item, Name) and item.letters.isupper() for item in items)


_MOST_JOINED = 8


def _says(words: re.Pattern[str], outline: Outline, position: int) -> bool:
    """Whether one of these words stands before a formula, or before one that it is joined to: "let $a = 1$ and
    $b = 2$"."""
    for _ in range(_MOST_JOINED):
        before = outline.prose_before(position)
        if words.search(before[-120:]) is not None:
            return True
        earlier = position - 1
        while earlier >= 0 and not isinstance(outline.parts[earlier], Parsed):
            earlier -= 1
        here, other = outline.parts[position], outline.parts[earlier] if earlier >= 0 else None
        if not isinstance(here, Parsed) or not isinstance(other, Parsed) or other.formula.display:
            return False
        if here.formula.paragraph != other.formula.paragraph or not prose.JOINS.fullmatch(before):
            return False
        position = earlier
    return False


def _announced(chain: Chain) -> int:
    """Where the head of a definition stands in a chain: behind a name that only announces it, `x = x(t) = \\cos t`."""
    if len(chain.signs) < 2 or chain.signs[1].sign not in DEFINES or not isinstance(chain.operands[0], Name):
        return 0
    called = chain.operands[1]
    named = isinstance(called, Product) and same(called.factors[0], chain.operands[0])
    return 1 if named and head_key(called) == head_key(chain.operands[0]) else 0


def _others(chain: Chain, key: str, first: int) -> tuple[Node, ...]:
    """What a chain with a definition in it goes on to equal, the last first."""
    found: list[Node] = []
    for sign, operand in zip(chain.signs[first + 1 :], chain.operands[first + 2 :], strict=True):
        if sign.sign not in ("=", "≡"):
            break
        if not isinstance(operand, Empty | List) and not mentions(operand, key):
            found.append(operand)
    return tuple(found[::-1])


_IN_CASE = re.compile(r"[\s,;(]*(if|when|whenever|in case|otherwise|else)\b|\s*(当|若|如果|否则)", re.IGNORECASE)


def _in_cases(parsed: Parsed) -> list[Chain]:
    """The chains of a formula that hold in a case only: a remark behind them, or before them in their row, begins with
    "if", or "otherwise"; or one head is defined row by row, each with a remark of its own."""
    found: list[Chain] = []
    last: Chain | None = None
    leading = -1
    for item, row in zip(parsed.passage.items, parsed.passage.rows, strict=True):
        if isinstance(item, Chain):
            if item.signs:
                last = item
            if row == leading:
                found.append(item)
        elif _says_case(item):
            if last is not None:
                found.append(last)
            leading = row
    return found + _alternatives(parsed)


def _alternatives(parsed: Parsed) -> list[Chain]:
    """The chains that define one head in several ways, with words behind each."""
    found: dict[str, list[Chain]] = {}
    items = parsed.passage.items
    for item, after in itertools.pairwise(items):
        words = isinstance(after, Remark) and after.kind == "text" and all(isinstance(p, Text) for p in after.parts)
        if isinstance(item, Chain) and item.signs and words and head_key(item.operands[0]) is not None:
            found.setdefault(to_latex(item.operands[0]), []).append(item)
    return [chain for chains in found.values() if len(chains) > 1 for chain in chains]


def _says_case(remark: Remark) -> bool:
    first = remark.parts[0]
    return remark.kind == "text" and isinstance(first, Text) and _IN_CASE.match(first.text) is not None


def _is_of_parameter(head: Node) -> bool:
    """Whether a head is a plain capital applied to a Greek letter, `E(\\theta)`: a cost, and no mean."""
    if not isinstance(head, Product) or len(head.factors) != 2:
        return False
    letter, group = head.factors
    if not isinstance(letter, Name) or letter.style or not isinstance(group, Fenced) or group.left != "(":
        return False
    return isinstance(group.body, Name) and group.body.command
