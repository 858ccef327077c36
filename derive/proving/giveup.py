"""Why something could not be decided: the exceptions of search, and the value that `prove` hands back."""

from __future__ import annotations

from dataclasses import dataclass


class Stuck(Exception):
    """Deciding stopped; the text is the reason a reader sees."""


class TooLarge(Stuck):
    """Going on would take more terms, digits or nesting than a step is allowed."""


class Undefined(Stuck):
    """An expression has no value anywhere: a division by zero, a logarithm of zero."""


class NotCarriedOut(Stuck):
    """A derivative, or another operation, is outside what the rules cover."""


@dataclass(frozen=True, slots=True)
class GaveUp:
    """No proof was found. `reason` is empty where the search simply ended."""

    reason: str = ""
