"""What the parts of an evaluation hand to one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy.core.symbol import Symbol

from derive.refuting.numbers import Number

Scope = Mapping[Symbol, Number]
"""The values of bound variables and parameters."""

Slot = tuple[Any, ...]
"""A value that a derivative can perturb: a name with the values of its indices or arguments, and its orders."""
