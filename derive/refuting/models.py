"""Finite models: a value for every symbol, family and abstract function that a question talks about.

Values are drawn when they are first asked for, each from a hash of the question, the number of the model and what the
value is for, so they depend neither on the order of evaluation nor on the run. The numbers of the first models are
small and cover positive numbers, both signs, the unit interval and negative ones in turn, because roots and logarithms
are defined on some of these only, and false steps often fail on others only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from flint import acb, fmpq
from sympy.core.symbol import Symbol

from derive.meaning.objects import Range
from derive.refuting.endless import is_cut
from derive.refuting.evaluation import Evaluator
from derive.refuting.inventory import Inventory, Name
from derive.refuting.numbers import ONE, ZERO, Number, as_integer, show
from derive.refuting.polynomials import Polynomial, draw, simple
from derive.refuting.undefined import Undefined

Slot = tuple[Any, ...]
"""What has a value of its own: a symbol's name; a family's name and the values of its indices; a function's name."""

SIZE_LETTERS = frozenset("nNmMkKdDTpPqrsSlLcCJBvV")
"""Letters that may stand for the number of terms of a sum whose range is not stated: they get that value."""


def _fractions(*texts: str) -> tuple[fmpq, ...]:
    return tuple(fmpq(*map(int, text.split("/"))) for text in texts)


POSITIVE = _fractions("2", "1/2", "3", "3/2", "1/3", "5/2", "2/3", "4", "4/3", "5", "7/4", "3/4", "5/3", "7/3", "6")
UNIT = _fractions(
    "1/2", "1/3", "2/3", "1/4", "3/4", "1/5", "2/5", "3/5", "4/5", "1/7", "2/7", "3/7", "5/7", "3/8", "5/8"
)
SMALL = tuple(x / 4 for x in UNIT)
MIXED = tuple(x * (-1) ** k for k, x in enumerate(POSITIVE))
NEGATIVE = tuple(-x for x in POSITIVE)
WHOLE = _fractions("2", "-1", "3", "-2", "1", "-3", "4", "5", "-4", "7")
TINY = _fractions("0", "1", "-1")
LARGE = _fractions("7", "11", "13/2", "17", "9", "23/2", "29", "15", "31/3")
POOLS: tuple[tuple[fmpq, ...], ...] = (POSITIVE, MIXED, UNIT, NEGATIVE, WHOLE, MIXED, UNIT, LARGE, SMALL, TINY)
NATURALS = (1, 2, 3, 4, 5, 6)
INTEGERS = (2, -1, 3, 1, -2, 4, 0, 5)
MOST_SHOWN = 6  # probabilities in a counterexample
SIMPLE = (fmpq(0), fmpq(1), fmpq(-1), fmpq(2), fmpq(1, 2))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What simple facts say of a name: open or closed bounds, or a finite choice."""

    low: fmpq | None = None
    high: fmpq | None = None
    choices: tuple[fmpq, ...] = ()


@dataclass
class Model:
    """One model: `values` holds what was drawn or set, `touched` what was used since it was last cleared."""

    inventory: Inventory
    seed: bytes
    number: int
    bounds: dict[Name, Bounds] = field(default_factory=dict)
    values: dict[Slot, Any] = field(default_factory=dict)
    touched: dict[Slot, None] = field(default_factory=dict)

    # ------------------------------------------------------------------------------- what evaluation asks

    def symbol(self, symbol: Symbol) -> Number:
        slot = ("symbol", symbol.name, 0)
        self.touched[slot] = None
        if slot not in self.values:
            self.values[slot] = self._draw_symbol(symbol, slot)
        return self.values[slot]

    def entry(self, name: Name, indices: tuple[Number, ...]) -> Number:
        if not all(isinstance(index, fmpq) for index in indices):
            raise Undefined("an index that is not a rational number")
        if is_cut(self.inventory.endless, name, indices, self.reach()):
            return ZERO
        slot = (*name, *indices)
        self.touched[slot] = None
        if slot not in self.values:
            self.values[slot] = self._draw(name, slot)
        return self.values[slot]

    def call(self, name: Name, arguments: tuple[Number, ...], orders: tuple[int, ...]) -> Number:
        return self.polynomial(name)(arguments, orders)

    def polynomial(self, name: Name) -> Polynomial:
        """What an abstract function is in this model."""
        self.touched[name] = None
        if name not in self.values:
            kind, limits = self.inventory.setting.kind(name[1]), self.bounds.get(name)
            positive = kind in ("positive", "nonnegative") or self.number % 3 == 0 or limits is not None
            self.values[name] = draw(name[2], self._bytes(name), positive)
        polynomial: Polynomial = self.values[name]
        return polynomial

    def note_law(self, name: str) -> None:
        """Take note that a law is used."""
        self.touched[("law", name, 0)] = None
        self.values.setdefault(("law", name, 0), {})

    def show_mass(self, law: str, values: Mapping[tuple[str, ...], int], mass: Number) -> None:
        """Keep a probability for the report."""
        shown = self.values[("law", law, 0)]
        if values and len(shown) < MOST_SHOWN:
            events = (
                f"{name}{'_' + ','.join(rest) if rest else ''} = {value}" for (name, *rest), value in values.items()
            )
            shown.setdefault(f"{law}({', '.join(events)})", show(mass, 8))

    def reach(self) -> int:
        """The last index at which a member of an endless family is not 0."""
        return self._base + 1

    def size(self) -> int:
        """How many members a set has whose size the document does not say."""
        uppers = list(self.inventory.uppers)
        if not uppers:
            return self._base
        return max(1, as_integer(Evaluator(self).evaluate(uppers[0], {})))

    # ------------------------------------------------------------------------------------------- drawing

    @property
    def _base(self) -> int:
        return (2, 3, 2, 4)[self.number % 4]

    def _bytes(self, slot: Slot) -> bytes:
        return blake2b(f"{self.number}|{slot}".encode(), key=self.seed, digest_size=32).digest()

    def _choose(self, slot: Slot, pool: Sequence[Any]) -> Any:
        digits = self._bytes(slot)
        return pool[int.from_bytes(digits[:4], "big") % len(pool)]

    def _draw_symbol(self, symbol: Symbol, slot: Slot) -> Number:
        inventory = self.inventory
        if symbol.name in inventory.valued:
            return fmpq(self._choose(slot, range(1, max(2, min(self.size(), 4)) + 1)))
        if symbol in inventory.indices:
            return fmpq(self._choose(slot, self._index_values(symbol)))
        if symbol in inventory.uppers:
            place = list(inventory.uppers).index(symbol)
            spread = 0 if inventory.has_whole else place % 2
            return fmpq(self._base + spread + (2 if symbol in inventory.lowers or inventory.lowers else 0))
        if symbol in inventory.lowers:
            return fmpq(self._choose(slot, (1, 1, 2, 0)))
        if inventory.has_whole and symbol.name in SIZE_LETTERS and symbol.name not in inventory.setting.kinds:
            return fmpq(self.size())
        if symbol in inventory.integers and inventory.setting.kind(symbol.name) == "real":
            return fmpq(self._choose(slot, NATURALS))
        return self._draw((slot[0], slot[1], slot[2]), slot)

    def index_range(self, node: tuple[Any, ...]) -> tuple[int, int] | None:
        """The values that all known ranges of an index share."""
        found = [self._evaluate_range(domain) for domain in self.inventory.ranges(node)]
        known = [pair for pair in found if pair is not None]
        if not known:
            return None
        low, high = max(low for low, _ in known), min(high for _, high in known)
        return (low, high) if low <= high else known[0]

    def _index_values(self, symbol: Symbol) -> tuple[int, ...]:
        known = self.index_range(("symbol", symbol))
        low, high = known if known is not None else (1, max(2, self._base))
        return tuple(range(low, min(high, low + 8) + 1)) or (low,)

    def _evaluate_range(self, domain: Range) -> tuple[int, int] | None:
        if any(symbol in self.inventory.indices for symbol in domain.free_symbols):
            return None
        evaluator = Evaluator(self)
        try:
            return as_integer(evaluator.evaluate(domain.lower, {})), as_integer(evaluator.evaluate(domain.upper, {}))
        except Undefined:
            return None

    def _draw(self, name: Name, slot: Slot) -> Number:
        kind = self.inventory.setting.kind(name[1])
        limits = self.bounds.get(name)
        if name[0] == "family" and name[1] in self.inventory.valued:
            return fmpq(self._choose(slot, range(1, max(2, min(self.size(), 4)) + 1)))
        if limits is not None and limits.choices:
            return self._choose(slot, limits.choices)
        if kind == "integer":
            return fmpq(self._choose(slot, INTEGERS))
        if kind == "natural":
            return fmpq(self._choose(slot, NATURALS))
        pool = POOLS[self.number % len(POOLS)]
        value: fmpq = self._choose(slot, pool)
        if limits is not None:
            low, high = limits.low, limits.high
            if low is not None and high is not None:
                unit: fmpq = self._choose(slot, SMALL if self.number % 2 else UNIT)
                return low + (high - low) * unit
            if low is not None:
                return low + abs(value)
            if high is not None:
                return high - abs(value)
        if kind in ("positive", "nonnegative"):
            return abs(value)
        if kind == "complex":
            # of small argument, so that products of a few stay where logarithms and roots have one convention
            return acb(abs(value), self._choose((*slot, "imaginary"), UNIT) * abs(value) / 4)
        return value

    # ------------------------------------------------------------------------------------------- changing

    def with_value(self, slot: Slot, value: Any) -> Model:
        """The same model with one value changed."""
        return Model(self.inventory, self.seed, self.number, self.bounds, {**self.values, slot: value})

    def candidates(self, slot: Slot) -> Sequence[Any]:
        """The simplest values that a slot could have, simplest first; they end where its present value comes."""
        value, inventory = self.values[slot], self.inventory
        options: list[Any]
        if slot[0] == "law" or slot[1] in inventory.valued:
            return []
        if slot[0] == "function":
            options = list(simple(slot[2]))
        elif slot[0] == "symbol" and (symbol := Symbol(slot[1])) in inventory.indices:
            options = [fmpq(index) for index in self._index_values(symbol)]
        elif slot[0] == "symbol" and symbol in inventory.uppers:
            options = [fmpq(2), fmpq(3)]
        elif slot[0] == "symbol" and (inventory.is_integer(symbol) and inventory.setting.kind(slot[1]) == "real"):
            options = [ONE, fmpq(2)]
        elif slot[0] == "symbol" and inventory.has_whole and slot[1] in SIZE_LETTERS:
            options = []
        else:
            options = [x for x in SIMPLE if self.allows(slot, x)]
        return options[: options.index(value)] if value in options else options

    def allows(self, slot: Slot, value: Any) -> bool:
        """Whether a value is of the kind that its name has."""
        kind = self.inventory.setting.kind(slot[1])
        if kind in ("integer", "natural") and (value.q != 1 or (kind == "natural" and value < 1)):
            return False
        return not (kind == "positive" and not value > 0) and not (kind == "nonnegative" and not value >= 0)


def print_values(model: Model, slots: Sequence[Slot]) -> dict[str, str]:
    """An assignment for people: `x_1` → `2`, `f(t)` → `1 + t^2`."""
    printed: dict[str, str] = {}
    whole = _whole_arrays(model, slots)
    for slot in sorted(slots, key=_order):
        value = model.values[slot]
        if slot[:3] in whole:
            printed[slot[1]] = whole[slot[:3]]
            continue
        if slot[0] == "law":
            printed |= value
        elif slot[0] == "function":
            printed[f"{slot[1]}({', '.join(value.variables)})"] = str(value)
        elif slot[0] == "family":
            printed[_entry_text(slot)] = show(value, 8)
        else:
            printed[slot[1]] = show(value, 8)
    for _, name, places in model.inventory.endless:
        if any(slot[1:3] == (name, places) for slot in slots):
            printed[f"all other {name}"] = "0"
    return printed


def _whole_arrays(model: Model, slots: Sequence[Slot]) -> dict[Slot, str]:
    """The vectors and matrices of which all entries are among the slots, in one piece: `(1, 2)`, `[1, 0; 2, 1]`."""
    entries: dict[Slot, dict[tuple[int, ...], str]] = {}
    for slot in slots if model.inventory.sizes is not None else ():
        if slot[0] == "family" and slot[2] in (100, 200) and ("symbol", slot[1], 0) in model.inventory.names:
            places = tuple(int(index.p) for index in slot[3:])
            entries.setdefault(slot[:3], {})[places] = show(model.values[slot], 8)
    found: dict[Slot, str] = {}
    for name, values in entries.items():
        *rows, last = max(values)
        if name[2] == 100 and len(values) == last:
            found[name] = f"({', '.join(values[(k,)] for k in range(1, last + 1))})"
        elif name[2] == 200 and len(values) == rows[0] * last:
            lines = (", ".join(values[(i, j)] for j in range(1, last + 1)) for i in range(1, rows[0] + 1))
            found[name] = f"[{'; '.join(lines)}]"
    return found


def _order(slot: Slot) -> tuple[int, str, tuple[fmpq, ...]]:
    return (("symbol", "family", "function", "law").index(slot[0]), slot[1], slot[3:])


def _entry_text(slot: Slot) -> str:
    name, places, indices = slot[1], slot[2], [str(index) for index in slot[3:]]
    lower, upper = indices[: places // 100], indices[places // 100 :]
    text = str(name)
    if lower:
        joined = ",".join(lower)
        text += f"_{joined}" if len(joined) == 1 else f"_{{{joined}}}"
    return text + (f"^{{({','.join(upper)})}}" if upper else "")
