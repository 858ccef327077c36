"""Why a formula got no meaning."""

from __future__ import annotations

from derive.source import Span


class Trouble(Exception):
    """Common to both: `reason` in words, and where."""

    def __init__(self, reason: str, span: Span | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.span = span


class Unreadable(Trouble):
    """Characters were not understood: the step is unread."""


class Beyond(Trouble):
    """Understood, and nothing derive can decide (yet): the step is unknown, for this reason."""


class ShapeClash(Beyond):
    """A number stands where a vector or matrix must: `inferred` are the names that are then none, with their forms."""

    def __init__(self, reason: str, inferred: tuple[tuple[str, str], ...]) -> None:
        super().__init__(reason)
        self.inferred = inferred


class NeedsArrays(Beyond):
    """Vectors or matrices stand where numbers were read: the reading that knows them may give a meaning."""
