"""What the search for a counterexample comes back with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Values that satisfy all facts, at which both sides are defined and the relation fails for certain."""

    values: Mapping[str, str]
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The relation held in so many models, of these sizes (of ranges; empty where there are none)."""

    models: int
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither: why not. `otherwise`: the sides differ as they are read, and the line may be meant in another way."""

    reason: str
    otherwise: bool = False


Answer = Counterexample | Agreement | Undecided
