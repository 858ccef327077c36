"""A step as it is written, and the derivation it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from derive.notation.tree import Chain, Node, Sign
from derive.source import Span

Role = Literal["link", "opening", "given", "consequence", "inline", "claim"]


@dataclass(frozen=True, slots=True)
class Step:
    """`left sign right`, as written.

    `role`: `link` goes on from the right side of the step before; `opening` is the first relation of a chain;
    `given` is an opening that only states (a definition, a relation with nothing to check); `consequence` is a whole
    equation after another one (`before`), which must follow from it; `inline` is an equality in the text; `claim` is a
    relation on its own that is to be proved, whatever its sides are.
    `place` runs from the relation sign to the end of the right side."""

    left: Node
    sign: Sign
    right: Node
    role: Role
    chain: Chain
    position: int
    place: Span
    before: Chain | None = None
    continued: bool = False  # the left side was taken over from the formula before this one
    implied: bool = False  # an arrow says that the equation follows from the one before


@dataclass(frozen=True, slots=True)
class Derivation:
    """Steps that belong together, in order."""

    steps: tuple[Step, ...]
    heading: str
    span: Span
