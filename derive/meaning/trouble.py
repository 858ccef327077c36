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
