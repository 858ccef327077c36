"""The lines that a proof is made of: data, which the core replays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sympy.core.basic import Basic

Side = Literal["left", "right", "both"]


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a proof: what is applied, to which side, where (argument positions from the root; a binder on the
    way is opened with the symbol of its level), with which bindings, and the side's subterm before and after."""

    rule: str
    side: Side
    before: Basic
    after: Basic
    place: tuple[int, ...] = ()
    bindings: tuple[tuple[str, Basic], ...] = ()
