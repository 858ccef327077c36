"""What a document does with its names: the evidence that readings are chosen by.

One pass over all formulas, before any is given a meaning. Nothing is decided here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from derive.meaning.differentials import take_differentials
from derive.meaning.domains import Written, fenced_index, written_domain
from derive.meaning.names import (
    INDEX_LETTERS,
    is_inverse,
    is_transpose,
    key_of,
    key_of_base,
    script_label,
    split_subscript,
)
from derive.notation.latex import to_latex
from derive.notation.tree import (
    At,
    BigOperator,
    Chain,
    Fenced,
    Fraction,
    List,
    Name,
    Node,
    Number,
    Passage,
    Product,
    Script,
    Text,
    Word,
)
from derive.notation.walk import children

Slot = tuple[str, int]  # a family and the place of one of its indices (lower ones first)


@dataclass
class Usage:
    """How one name is used in the document, by counting."""

    bare: int = 0
    indexed: Counter[tuple[int, int]] = field(default_factory=Counter)  # (lower, upper) indices
    called: list[Node] = field(default_factory=list)  # the fenced arguments that follow it
    raised: int = 0  # is followed by parentheses with a numeral as its superscript: a square times a group
    braced: int = 0  # is followed by a group in braces: L\\{f\\}
    member_called: int = 0  # is followed by parentheses with its indices
    head_of: int = 0  # is one whole side of an equation with plain arguments: f(x) = …
    powers: int = 0  # carries a superscript that can only be a power
    letter_superscripts: Counter[str] = field(default_factory=Counter)  # …or a bare letter that is bound around it
    transposed: bool = False
    member_inverted: bool = False  # carries indices where it is inverted
    member_transposed: bool = False  # carries indices where it is transposed
    differentiated: bool = False  # stands in the numerator of a derivative
    primed: bool = False
    conditioned: bool = False  # called with a bar: p(x|z)
    varied: bool = False  # stands in the denominator of a derivative


@dataclass
class Survey:
    """Evidence from a whole document. `bound_letters` are all letters that some operator binds."""

    usage: dict[str, Usage] = field(default_factory=lambda: defaultdict(Usage))
    bound_letters: set[str] = field(default_factory=set)
    index_letters: frozenset[str] = INDEX_LETTERS
    ranges: dict[Slot, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    shared: dict[Slot, Slot] = field(default_factory=dict)  # union-find over slots that one index ties together
    superscript_indices: set[str] = field(default_factory=set)  # names whose letter superscripts are indices
    free_index_letters: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    bound_index_letters: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    # of brackets with limits on them, by the identity of their node: what the integrals of their chain run over
    integrated: dict[int, frozenset[str]] = field(default_factory=dict)
    imaginary_exponent: bool = False  # e or exp is raised to a product with i in it
    adjoint: bool = False  # something carries a dagger
    imaginary: bool = False  # i never indexes anything, and stands in an exponent of e, is squared, or beside daggers

    def root(self, slot: Slot) -> Slot:
        """The representative of all slots that share an index range with this one."""
        while self.shared.get(slot, slot) != slot:
            slot = self.shared[slot]
        return slot

    def tie(self, one: Slot, other: Slot) -> None:
        """Record that one index runs through both slots."""
        first, second = sorted((self.root(one), self.root(other)))
        if first != second:
            self.shared[second] = first

    def range_of(self, slot: Slot) -> tuple[str, str] | None:
        """The one explicit range (LaTeX of lower and upper bound) seen with this slot's index, if there is just one."""
        root = self.root(slot)
        seen = {bounds for other, found in self.ranges.items() if self.root(other) == root for bounds in found}
        return next(iter(seen)) if len(seen) == 1 else None


def survey(passages: Iterable[Passage], whole: Survey | None = None) -> Survey:
    """Read formulas for evidence. With `whole`, the survey of the document they are a chapter of, names that the
    chapter does not use keep what the whole document shows of them."""
    result = Survey()
    passages = list(passages)
    for passage in passages:
        for node in _everything(passage):
            if isinstance(node, BigOperator):
                result.bound_letters.update(key_of(v) for v in written_domain(node).variables)
    if whole is not None:
        result.bound_letters |= whole.bound_letters
    result.index_letters = INDEX_LETTERS | frozenset(result.bound_letters)
    for passage in passages:
        for item in passage.items:
            result.superscript_indices |= _superscripted_together(item)
    if whole is not None:
        result.superscript_indices |= whole.superscript_indices - _raised_to_numbers(passages)
    for passage in passages:
        for item in passage.items:
            _Walk(result).visit(item, {})
            result.integrated.update(_integrated(item))
    if whole is not None:
        _take_over(result, whole)
        result.imaginary = whole.imaginary
    else:
        indexing = result.bound_letters.union(*result.free_index_letters.values())
        squared = "i" in result.usage and bool(result.usage["i"].powers)
        result.imaginary = "i" not in indexing and (result.imaginary_exponent or squared or result.adjoint)
    return result


def names_in(node: Node, is_word: Callable[[Word], bool] | None = None) -> frozenset[str]:
    """The keys of all names in a formula, functions by name left out. `is_word` tells whether a run of letters is one
    name; without it, runs of up to two letters are products."""
    found: set[str] = set()
    stack: list[Node] = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, Word):
            whole = len(top.letters) > 2 if is_word is None else is_word(top)
            found |= {top.text} if whole else {key_of(letter) for letter in top.letters}
            continue
        if isinstance(top, Name) and top.letters not in ("e", "pi", "d", "partial", "infty"):
            found.add(key_of(top))
        elif isinstance(top, Text):
            found.add(key_of_base(top) or "")
        stack.extend(children(top))
    return frozenset(found)


def _take_over(chapter: Survey, whole: Survey) -> None:
    """What the whole document shows of names where the chapter shows nothing: of names it does not use, and of the
    indices of names that it only uses bare."""
    for key, usage in whole.usage.items():
        if key not in chapter.usage:
            chapter.usage[key] = usage
        elif chapter.usage[key].indexed or chapter.usage[key].letter_superscripts:
            continue
        else:
            chapter.usage[key].indexed = usage.indexed
        for here, there in (
            (chapter.free_index_letters, whole.free_index_letters),
            (chapter.bound_index_letters, whole.bound_index_letters),
        ):
            if key in there:
                here[key] = there[key]


def _raised_to_numbers(passages: Iterable[Passage]) -> set[str]:
    """Names that some formula raises to a numeral: their superscripts are powers here."""
    found = set()
    for passage in passages:
        for node in _everything(passage):
            if (
                isinstance(node, Script)
                and isinstance(node.sup, Number)
                and (key := key_of_base(node.base)) is not None
            ):
                found.add(key)
    return found


def _everything(node: Node) -> Iterator[Node]:
    stack: list[Node] = [node]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(children(top))


def _superscripted_together(item: Node) -> set[str]:
    """Names that carry one bound letter as superscript together with another name: `y^{i} \\log h(x^{i})`.

    Two different names raised to one and the same summation letter, started at 1, are samples and not powers; a
    binomial or geometric sum raises one name to the letter, or starts at 0, or has numbers raised to it."""
    together: set[str] = set()
    for node in _everything(item):
        if not isinstance(node, BigOperator) or node.operator not in ("sum", "prod"):
            continue
        domain = written_domain(node)
        if isinstance(domain.lower, Number) and domain.lower.text == "0":
            continue
        for variable in domain.variables:
            letter, bases, other_powers = key_of(variable), set(), False
            for inner in _everything(node.body):
                if isinstance(inner, Script) and isinstance(inner.sup, Name) and key_of(inner.sup) == letter:
                    base = key_of_base(inner.base)
                    if base is None or (inner.sub is not None and split_subscript(inner.sub).indices):
                        other_powers = True
                    else:
                        bases.add(base)
            if len(bases) > 1 and not other_powers:
                together |= bases
    return together


def _integrated(item: Node) -> dict[int, frozenset[str]]:
    """The brackets with two limits in a chain, with the variables of all its integrals."""
    over: set[str] = set()
    brackets: list[Node] = []
    for node in _everything(item):
        if isinstance(node, BigOperator) and node.operator == "int":
            taken = take_differentials(node.body)
            over |= {key_of(v) for v in (taken[1] if taken else []) if isinstance(v, Name)}
        elif isinstance(node, Script | At) and node.sub is not None and node.sup is not None:
            brackets.append(node)
    return {id(node): frozenset(over) for node in brackets} if over else {}


class _Walk:
    """One visit of a formula, with the operators that bind around each place."""

    def __init__(self, result: Survey) -> None:
        self.result = result

    def visit(self, node: Node, bound: dict[str, Written]) -> None:
        result = self.result
        if isinstance(node, BigOperator):
            domain = written_domain(node)
            inner = {**bound, **{key_of(v): domain for v in domain.variables}}
            for part in (node.sub, node.sup):
                if part is not None:
                    self.visit(part, bound)
            self.tie_slots(node, domain)
            self.visit(node.body, inner)
            return
        if isinstance(node, Script):
            self.script(node, bound)
            return
        if isinstance(node, Name | Word | Text):
            key = key_of_base(node)
            if key:
                result.usage[key].bare += 1
            if isinstance(node, Word) and len(node.letters) == 2:  # a product, as a rule
                for letter in node.letters:
                    result.usage[key_of(letter)].bare += 1
            return
        if isinstance(node, Product):
            self.product(node, bound)
            return
        if isinstance(node, Fraction):
            self.fraction(node)
        if isinstance(node, Chain):
            if not node.signs and isinstance(node.operands[0], Name) and not bound:
                return  # a name alone says nothing of how it is used
            self.heads(node)
        for child in children(node):
            self.visit(child, bound)

    def script(self, node: Script, bound: dict[str, Written]) -> None:
        result, key = self.result, key_of_base(node.base)
        if key in ("e", "\\mathrm{e}") and node.sup is not None:
            result.imaginary_exponent |= any(
                isinstance(part, Name) and key_of(part) == "i" for part in _everything(node.sup)
            )
        parts = split_subscript(node.sub, result.index_letters)
        result.adjoint |= isinstance(node.sup, Name) and node.sup.letters == "dagger"
        if key is None:
            if node.base is not None:
                self.visit(node.base, bound)
        else:
            key += f"_{{{parts.label}}}" if parts.label else ""
            usage = result.usage[key]
            upper = 0
            if is_transpose(node.sup):
                usage.transposed = True
                usage.member_transposed |= bool(parts.indices)
            elif fenced_index(node.sup) is not None:
                upper = 1
            elif isinstance(node.sup, Name) and script_label(node.sup) is None:
                usage.letter_superscripts[key_of(node.sup)] += 1
                if key in result.superscript_indices:
                    upper = 1
            elif node.sup is not None and script_label(node.sup) is None:
                usage.powers += 1
            if is_inverse(node.sup):
                usage.member_inverted |= bool(parts.indices)
            if node.primes:
                usage.primed = True
            if parts.indices or upper:
                usage.indexed[(len(parts.indices), upper)] += 1
                for index in (*parts.indices, *([node.sup] if upper and node.sup else [])):
                    if isinstance(index, Name):
                        letters = result.bound_index_letters if key_of(index) in bound else result.free_index_letters
                        letters[key].add(key_of(index))
            elif not node.primes:
                usage.bare += 1
        for part in (node.sub, node.sup):
            if part is not None:
                self.visit(part, bound)

    def product(self, node: Product, bound: dict[str, Written]) -> None:
        for k, factor in enumerate(node.factors):
            self.visit(factor, bound)
            if k + 1 < len(node.factors) and node.operators[k] == "":
                following = node.factors[k + 1]
                if isinstance(following, Script):
                    following = following.base or following
                if isinstance(following, Fenced) and following.left in "([{" and following.right in ")]}":
                    self.called(factor, following)

    def called(self, factor: Node, group: Fenced) -> None:
        """Count a name with a group directly behind it."""
        key = key_of_base(factor.base if isinstance(factor, Script) else factor)
        if not key:
            return
        usage = self.result.usage[key]
        if group.left == "{":
            usage.braced += 1
            usage.bare -= 0 if isinstance(factor, Script) else 1
            return
        if isinstance(factor, Script) and isinstance(factor.sup, Number):
            usage.raised += 1
            return
        usage.called.append(group.body)
        if not isinstance(factor, Script) or (factor.sub is None and is_inverse(factor.sup)):
            usage.bare -= 1
        elif split_subscript(factor.sub, self.result.index_letters).indices:
            usage.member_called += 1
        if isinstance(group.body, List) and "|" in group.body.separators:
            usage.conditioned = True

    def fraction(self, node: Fraction) -> None:
        for side, flag in ((node.numerator, "differentiated"), (node.denominator, "varied")):
            factors = side.factors if isinstance(side, Product) else (side,)
            first = factors[0].base if isinstance(factors[0], Script) else factors[0]
            if isinstance(first, Name) and first.letters in ("partial", "d") and not first.accents:
                for factor in factors[1:2]:
                    base = factor.base if isinstance(factor, Script) else factor
                    key = key_of_base(base)
                    if key:
                        setattr(self.result.usage[key], flag, True)

    def heads(self, node: Chain) -> None:
        if not node.signs or node.signs[0].sign not in ("=", ":=", "≡"):
            return
        for side in node.operands:
            if isinstance(side, Product) and len(side.factors) == 2 and isinstance(side.factors[1], Fenced):
                base = side.factors[0].base if isinstance(side.factors[0], Script) else side.factors[0]
                key = key_of_base(base)
                if key and side.operators == ("",) and side.factors[1].left in "([" and _plain(side.factors[1].body):
                    self.result.usage[key].head_of += 1

    def tie_slots(self, node: BigOperator, domain: Written) -> None:
        """Tie the family slots that this operator's variables run through, and note an explicit range."""
        for variable in domain.variables:
            letter, first = key_of(variable), None
            for inner in _everything(node.body):
                if not isinstance(inner, Script):
                    continue
                key = key_of_base(inner.base)
                if key is None:
                    continue
                parts = split_subscript(inner.sub, self.result.index_letters)
                places: list[Node] = list(parts.indices)
                upper = fenced_index(inner.sup) or (inner.sup if key in self.result.superscript_indices else None)
                if upper is not None:
                    places.append(upper)
                for place, index in enumerate(places):
                    if isinstance(index, Name) and key_of(index) == letter:
                        slot = (key, place)
                        if first is None:
                            first = slot
                        self.result.tie(first, slot)
            if first is not None and domain.lower is not None and domain.upper is not None and not domain.conditions:
                self.result.ranges[first].add((to_latex(domain.lower), to_latex(domain.upper)))


def _plain(body: Node) -> bool:
    """Whether the arguments of a head are names only: `f(x)`, `K(x, y)`, `p(x | z)`."""
    items = body.items if isinstance(body, List) else (body,)
    return all(isinstance(item, Name | Word | Script) for item in items)
