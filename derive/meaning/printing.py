"""Expressions as LaTeX and as readable text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sympy import Symbol, default_sort_key
from sympy.core.basic import Basic
from sympy.core.symbol import Str
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from derive.meaning.laws import COMMON, Density, Expectation, Law, Slot, Space, Statistic, Variable
from derive.meaning.matrices import MatrixSum
from derive.meaning.objects import (
    Antiderivative,
    Binder,
    Call,
    Cases,
    Delta,
    Entry,
    Indexed,
    Indicator,
    LimitAt,
    Opaque,
    Over,
    Partial,
    Range,
    is_bound,
    rename,
)
from derive.meaning.printing_arrays import ArrayPrinter
from derive.notation import read_passage
from derive.notation.unicode import to_unicode
from derive.source import TracedText

_INDEX_NAMES = "ijklmnpqrst"
_VARIABLES = "xtuvyz"
_OPERATORS = {
    "SumOver": "\\sum",
    "ProductOver": "\\prod",
    "IntegralOver": "\\int",
    "MaximumOver": "\\max",
    "MinimumOver": "\\min",
}


class _Printer(ArrayPrinter, LatexPrinter):
    """SymPy's LaTeX printer with our objects. Bound variables get letters that are free in what they bind."""

    def _print_Symbol(self, term: Symbol, style: str = "plain") -> str:
        return term.name if not is_bound(term) else f"\\xi_{{{term.name[1:]}}}"

    def _print_Str(self, term: Str) -> str:
        return str(term.name)

    def _print_Entry(self, term: Entry) -> str:
        upper = ",".join(self._print(i) for i in term.upper)
        return _with_indices(term.name, [self._print(i) for i in term.lower]) + (f"^{{({upper})}}" if upper else "")

    def _print_Call(self, term: Call) -> str:
        head = self._print(term.head)
        if any(term.orders):
            head += "'" * sum(term.orders) if len(term.orders) == 1 else f"^{{({','.join(map(str, term.orders))})}}"
        return f"{head}({', '.join(self._print(a) for a in term.arguments)})"

    def _print_Delta(self, term: Delta) -> str:
        return f"\\delta_{{{self._print(term.args[0])} {self._print(term.args[1])}}}"

    def _print_Indicator(self, term: Indicator) -> str:
        return f"[{self._print(term.args[0])}]"

    def _print_Cases(self, term: Cases) -> str:
        rows = " \\\\ ".join(f"{self._print(v)} & {_condition(self._print(c))}" for v, c in term.branches)
        return f"\\begin{{cases}} {rows} \\end{{cases}}"

    def _print_Partial(self, term: Partial) -> str:
        variable = self._print(term.variable)
        if isinstance(term.body, Symbol | Entry | Call):
            return f"\\frac{{\\partial {self._print(term.body)}}}{{\\partial {variable}}}"
        return f"\\frac{{\\partial}}{{\\partial {variable}}}\\left[{self._print(term.body)}\\right]"

    def _print_Antiderivative(self, term: Antiderivative) -> str:
        return f"\\int {self._print(term.body)} \\, d{self._print(term.variable)}"

    def _print_Opaque(self, term: Opaque) -> str:
        _kind, *parts = term.args
        if term.kind == "rate" and len(parts) > 1 and not parts[1].is_Number:
            below = " ".join(f"\\partial {self._print(p)}" for p in parts[1:])
            return f"\\frac{{\\partial {self._print(parts[0])}}}{{{below}}}"
        if term.kind == "rate":
            return self._primed(parts[0], int(parts[1]) if len(parts) > 1 else 1)
        sort, _, head = term.kind.partition(" ")
        if sort == "list":
            return f"{head}{', '.join(self._print(a) for a in parts[0].args)}{_CLOSERS.get(head, head)}"
        if term.kind == "sequence":
            return self._sequence(*parts[0].args)
        head = head or term.kind
        parts = [_with_letters(part) for part in parts]
        inside = [", ".join(self._print(a) for a in part.args) for part in parts]
        bar = " \\mid ".join(part for part in inside if part)
        return f"{head}\\{{{bar}\\}}" if head.startswith(_TRANSFORMS) else f"{head}({bar})"

    def _print_And(self, term: Basic) -> str:
        return " \\text{ and } ".join(self._print(part) for part in sorted(term.args, key=default_sort_key))

    def _print_Variable(self, term: Variable) -> str:
        indices = ",".join(self._print(i) for i in term.indices)
        return term.name + (f"_{{{indices}}}" if indices else "")

    def _print_Law(self, term: Law) -> str:
        below = ",".join(self._print(i) for i in term.parameters)
        return term.name + (f"_{{{below}}}" if below else "")

    def _print_Slot(self, term: Slot) -> str:
        variable, value = self._print(term.variable), self._print(term.value)
        return value if value == variable else f"{variable} = {value}"

    def _bracketed(self, slots: tuple[Slot, ...], given: tuple[Slot, ...]) -> str:
        parts = [", ".join(self._print(slot) for slot in part) for part in (slots, given) if part]
        return " \\mid ".join(parts)

    def _print_Statistic(self, term: Statistic) -> str:
        value = self._print(term.value)
        return f"\\left({value}\\right)" if term.value.is_Add or value.startswith("-") else str(value)

    def _print_Density(self, term: Density) -> str:
        return f"{self._print(term.law)}({self._bracketed(term.slots, term.given)})"

    def _print_Expectation(self, term: Expectation) -> str:
        below = "" if term.law == Law(COMMON) else f"_{{{self._print(term.law)}}}"
        bar = f" \\mid {self._bracketed((), term.given)}" if term.given else ""
        return f"\\mathbb{{E}}{below}[{self._print(term.body)}{bar}]"

    def _sequence(self, member: Basic, lower: Basic, upper: Basic) -> str:
        """The first member of a sequence, dots, and the last: its index is the free symbol that is a place."""
        places = [s for s in member.free_symbols if isinstance(s, Symbol) and is_bound(s)]
        ends = [rename(member, places[0], end) if places else member for end in (lower, upper)]
        return f"{self._print(ends[0])}, \\ldots, {self._print(ends[1])}"

    def _primed(self, value: Basic, primes: int) -> str:
        if isinstance(value, Call) and not any(value.orders):
            arguments = ", ".join(self._print(a) for a in value.arguments)
            return f"{self._print(value.head)}{primes * chr(39)}({arguments})"
        named = isinstance(value, Symbol | Entry | Call)
        return (self._print(value) if named else f"{{{self._print(value)}}}") + primes * chr(39)

    def _print_Indexed_binder(self, term: Indexed) -> str:
        operator = _OPERATORS.get(type(term).__name__, "\\sum")
        index = Symbol(_letter(term, _VARIABLES if operator == "\\int" else _INDEX_NAMES))
        body, (condition,) = term.open(index)
        sub, sup = self._print(index), ""
        if isinstance(term.domain, Range):
            lower, upper = self._print(term.domain.lower), self._print(term.domain.upper)
            sub = lower if operator == "\\int" else f"{sub}={lower}"
            sup = f"^{{{upper}}}"
        elif isinstance(term.domain, Space):
            sub = f"{sub} \\in \\Omega({self._print(term.domain.variable)})"
        elif isinstance(term.domain, Over):
            named = self._print(term.domain.args[0])
            sub = named if operator == "\\int" else f"{sub} \\in {named}"
        if condition != True:  # noqa: E712 (a SymPy Boolean)
            sub = f"{sub},\\, {self._print(condition)}"
        inside = self._print(body)
        if body.is_Add or isinstance(body, MatrixSum):
            inside = f"\\left({inside}\\right)"
        tail = f" \\, d{self._print(index)}" if operator == "\\int" else ""
        return f"{operator}_{{{sub}}}{sup} {inside}{tail}"

    _print_MatrixSumOver = _print_SumOver = _print_ProductOver = _print_IntegralOver = _print_Indexed_binder
    _print_MaximumOver = _print_MinimumOver = _print_Indexed_binder

    def _print_LimitAt(self, term: LimitAt) -> str:
        variable = Symbol(_letter(term, "xyztuv"))
        body, _ = term.open(variable)
        point = self._print(term.point) + (f"^{{{term.direction}}}" if term.direction else "")
        inside = self._print(body)
        if body.is_Add:
            inside = f"\\left({inside}\\right)"
        return f"\\lim_{{{self._print(variable)} \\to {point}}} {inside}"

    def parenthesize(self, item: Basic, level: int, is_neg: bool = False, strict: bool = False) -> str:
        if isinstance(item, Binder | Antiderivative | Partial) and level > PRECEDENCE["Mul"]:
            return str(self._add_parens(self._print(item)))
        return str(super().parenthesize(item, level, is_neg=is_neg, strict=strict))

    def _needs_mul_brackets(self, expr: Basic, first: bool = False, last: bool = False) -> bool:
        if isinstance(expr, Binder):
            return not last
        return bool(super()._needs_mul_brackets(expr, first, last))


_CLOSERS = {"(": ")", "[": "]", "\\{": "\\}", "{": "}"}
_LABELLED = re.compile(r"(.*?)_\{(.*)\}", re.S)


_TRANSFORMS = ("\\mathcal{", "\\mathscr{", "\\mathfrak{")


def _with_letters(term: Basic) -> Basic:
    """A term with letters for the places that it leaves open."""
    places = sorted((s for s in term.free_symbols if isinstance(s, Symbol) and is_bound(s)), key=str)
    taken = {str(s) for s in term.free_symbols}
    for place, letter in zip(places, (s for s in "stuvxyz" if s not in taken), strict=False):
        term = rename(term, place, Symbol(letter))
    return term


def _condition(latex: str) -> str:
    return "\\text{otherwise}" if latex == "\\text{True}" else latex


def _with_indices(name: str, indices: list[str]) -> str:
    """A name with lower indices, beside the label that it may have: `x_{\\max,i}`, `\\bar{y}_{i \\bullet}`."""
    if not indices:
        return name
    labelled = _LABELLED.fullmatch(name)
    if labelled is None or labelled[2].count("{") != labelled[2].count("}"):
        return f"{name}_{{{','.join(indices)}}}"
    base, label = labelled.groups()
    if label.count("\\square") == len(indices):
        for index in indices:
            label = label.replace("\\square", index, 1)
        return f"{base}_{{{label}}}"
    return f"{base}_{{{','.join((label, *indices))}}}"


def _letter(term: Binder, letters: str = _INDEX_NAMES) -> str:
    taken = {symbol.name for symbol in term.body.free_symbols | term.free_symbols}
    return next((letter for letter in letters if letter not in taken), "\\xi")


_PRINTER = _Printer({"ln_notation": False, "fold_short_frac": False})


def to_latex(term: Any) -> str:
    """An expression or condition as LaTeX; strings are returned as they are."""
    return term if isinstance(term, str) else str(_PRINTER.doprint(term))


def to_text(term: Any) -> str:
    """An expression or condition as one line of readable Unicode; a string is returned as it is."""
    return term if isinstance(term, str) else spoken(to_latex(term))


@lru_cache(maxsize=4096)
def spoken(latex: str) -> str:
    """A formula in LaTeX as one line of readable Unicode."""
    return to_unicode(read_passage(TracedText(latex, range(len(latex)))))
