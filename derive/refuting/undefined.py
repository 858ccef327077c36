"""The one way in which an evaluation ends without a value."""

from __future__ import annotations


class Undefined(Exception):
    """There is no value: a division by zero, the logarithm of a negative number, something that cannot be computed.

    `reason` is for people. `imprecise` says that a higher precision may give a value; `lasting` that no other model
    will (the object itself is one that is never evaluated)."""

    def __init__(self, reason: str, *, imprecise: bool = False, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.imprecise = imprecise
        self.lasting = lasting
