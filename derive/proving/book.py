"""The book as the prover uses it: rules as mathematics, read from their pages when a question can use them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

from sympy import functions as sf
from sympy.core.basic import Basic
from sympy.core.power import Pow

from derive.meaning import objects
from derive.meaning.objects import subterms
from derive.meaning.question import Fact, Setting
from derive.meaning.statement import read_statement
from derive.meaning.trouble import Trouble
from derive.proving.calculus import carry_out
from derive.proving.comparing import compare
from derive.proving.giveup import Stuck
from derive.proving.ordering import decide_order
from derive.proving.rule import Rule, open_names
from derive.proving.rulebook import Entry, all_entries, read_text

# what a command of a statement makes of it, where its presence can be seen in a question
HEADS: Mapping[str, tuple[type, ...]] = {
    "sum": (objects.SumOver,),
    "prod": (objects.ProductOver,),
    "int": (objects.IntegralOver, objects.Antiderivative),
    "lim": (objects.LimitAt,),
    "binom": (sf.binomial, sf.factorial, sf.gamma),
    "Gamma": (sf.gamma, sf.factorial),
    "sin": (sf.sin, sf.csc, sf.tan, sf.cot), "cos": (sf.cos, sf.sec, sf.tan, sf.cot), "tan": (sf.tan,),
    "cot": (sf.cot,), "sec": (sf.sec,), "csc": (sf.csc,),
    "sinh": (sf.sinh, sf.tanh), "cosh": (sf.cosh, sf.tanh), "tanh": (sf.tanh,),
    "arcsin": (sf.asin,), "arccos": (sf.acos,), "arctan": (sf.atan,),
    "log": (sf.log,), "ln": (sf.log,), "exp": (sf.exp,),
    "sqrt": (Pow,), "max": (sf.Max, objects.MaximumOver), "min": (sf.Min, objects.MinimumOver),
    "lfloor": (sf.floor,), "lceil": (sf.ceiling,), "delta": (objects.Delta,),
    "frac{d}{": (objects.Partial,), "frac{\\partial": (objects.Partial,),
}  # fmt: skip
_COMMAND = re.compile(r"\\(?:(frac\{d\}\{|frac\{\\partial)|([A-Za-z]+))")
_FORMULA = re.compile(r"\$(.+?)\$")
_SIGN = re.compile(r"(?<![\\<>])(=|<|>|\\leq?\b|\\geq?\b)")


class Unusable(ValueError):
    """A page whose statement is no rule: it cannot be read, or it has no pattern."""


class Book(Mapping[str, Rule]):
    """Rules by name, each read when it is first asked for. Of two rules of one name the first is kept; falsehoods that
    a page only remembers are left out."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: dict[str, Entry] = {}
        for entry in entries:
            if not entry.rejected:
                self.entries.setdefault(entry.name, entry)
        self._rules: dict[str, Rule | None] = {}

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def __getitem__(self, name: str) -> Rule:
        rule = self.rule(name)
        if rule is None:
            raise KeyError(name)
        return rule

    def rule(self, name: str) -> Rule | None:
        """The rule of this name; None where there is none, or its statement can't be read."""
        if name not in self._rules:
            entry = self.entries.get(name)
            try:
                self._rules[name] = None if entry is None else read_rule(entry)
            except Unusable:
                self._rules[name] = None
        return self._rules[name]

    @cached_property
    def _needs(self) -> dict[str, tuple[frozenset[type], ...]]:
        """For each rule that is searched, what must stand in a question: one of each of these groups of heads."""
        searched = ((name, entry) for name, entry in self.entries.items() if not entry.by)
        return {name: tuple(_heads(entry.statement)) for name, entry in searched}

    def candidates(self, terms: Iterable[Basic]) -> tuple[Rule, ...]:
        """The rules that may have an instance in these terms and say more than the normal form knows, by name; a bare
        variable or number is no pattern."""
        present = {type(part) for term in terms for part in subterms(term)}
        names = [name for name, needs in sorted(self._needs.items()) if all(need & present for need in needs)]
        rules = (self.rule(name) for name in names)
        return tuple(rule for rule in rules if rule is not None and rule.left.args)


def _heads(statement: str) -> Iterator[frozenset[type]]:
    """The groups of heads that a pattern needs, from the text of its left side."""
    for special, command in _COMMAND.findall(_left(statement)):
        heads = HEADS.get(special or command)
        if heads:
            yield frozenset(heads)


def _left(statement: str) -> str:
    """The text before the relation sign, which is the first one outside of all braces."""
    for found in _SIGN.finditer(statement):
        before = statement[: found.start()]
        if before.count("{") == before.count("}"):
            return before
    return statement


def read_rule(entry: Entry) -> Rule:
    """The rule of a page as mathematics. Raises Unusable."""
    where, assumes = ([f for item in items for f in _FORMULA.findall(item)] for items in (entry.where, entry.assumes))
    try:
        question = read_statement(entry.statement, [*where, *assumes])
    except Trouble as trouble:
        raise Unusable(f"{entry.name}: {trouble.reason}") from None
    left, right = question.left, question.right
    if any(isinstance(part, objects.Opaque) for side in (left, right) for part in subterms(side)):
        raise Unusable(f"{entry.name}: a part of the statement has no meaning of its own (such as dy/dx of a bare y)")
    kinds = [(name, kind) for name, kind in question.setting.kinds.items() if _declared(name, (*where, *assumes))]
    facts = question.setting.facts
    return Rule(
        entry.name, left, right, open_names(left, right),
        tuple(fact.statement for fact in facts if fact.said in where),
        question.relation,
        tuple(fact.statement for fact in facts if fact.said not in where),
        tuple((name, kind) for name, kind in kinds if _declared(name, where)),
        tuple((name, kind) for name, kind in kinds if not _declared(name, where)),
        tuple(sorted({name for item in entry.where for name in smooth_names(item)})),
    )  # fmt: skip


def smooth_names(condition: str) -> tuple[str, ...]:
    """The functions that a condition in words says to be continuous: f and g for `$f'$ and $g$ are continuous`."""
    if not condition.endswith(("is continuous", "are continuous")):
        return ()
    return tuple(text.rstrip("'") for text in _FORMULA.findall(condition))


def is_decided(rule: Rule) -> bool:
    """Whether the normal form proves the statement of a rule by itself."""
    facts = tuple(Fact(condition) for condition in (*rule.conditions, *rule.assumes))
    setting = Setting(dict((*rule.kinds, *rule.assumed_kinds)), (), facts)
    try:
        left, right = (carry_out(side, setting).value for side in (rule.left, rule.right))
        if rule.relation != "=":
            return (
                rule.relation in ("<", "≤", ">", "≥", "≠") and decide_order(left, rule.relation, right, setting).equal
            )
        return compare(left, right, setting, closed=True).equal
    except (Stuck, RecursionError):
        return False


def _declared(name: str, formulas: Iterable[str]) -> bool:
    """Whether a membership among the formulas speaks of a name."""
    return any("\\in" in text and name in text.partition("\\in")[0] for text in formulas)


@cache
def standard() -> Book:
    """The book that comes with derive."""
    return Book(all_entries())


@cache
def with_pages(pages: tuple[str, ...]) -> Book:
    """The book with a reader's own pages. Raises OSError or BrokenPage for a page that can't be used."""
    if not pages:
        return standard()
    entries = list(standard().entries.values())
    for page in pages:
        path = Path(page)
        entries += read_text(path.read_text(encoding="utf-8"), path.stem)
    return Book(entries)


WITHOUT_RULES = Book(())
"""The book of those who want no search: the normal form, calculus and definitions only."""
