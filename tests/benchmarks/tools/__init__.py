"""The programs that are compared: one module each, read only in the process that runs it.

A module has a function `load` that imports the program, shows that it works, and returns how it answers a step.
`load` raises ImportError where the program is not installed. Answering may raise anything, and take any time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from ..step import Step

Word = Literal["equal", "different", "undecided", "unread"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program says of a step: that it holds (`equal`), that it does not (`different`), that it can't tell, or
    that it can't read it. `misread` names what it visibly took for something else, whatever it said then. `seconds` is
    the time it took, where the answer came with others."""

    word: Word
    why: str = ""
    misread: str = ""
    seconds: float | None = None


Ask = Callable[[Step], Answer]

# name, module, function, the distribution whose version is shown
TOOLS: dict[str, tuple[str, str, str]] = {
    "derive": ("derive", "load", "derive-check"),
    "SymPy (antlr)": ("sympy_latex", "load_antlr", "sympy"),
    "SymPy (lark)": ("sympy_latex", "load_lark", "sympy"),
    "latex2sympy2_extended": ("latex2sympy2", "load", "latex2sympy2_extended"),
    "Math-Verify": ("math_verify", "load", "math-verify"),
    "pycodemath": ("pycodemath", "load", "pycodemath"),
}


def load(name: str) -> Ask:
    """The way to ask a program. Raises ImportError where it is not installed. Only derive reads documents: steps that
    rest on one are no question for the others."""
    module, function, _ = TOOLS[name]
    ask: Ask = getattr(import_module(f"{__name__}.{module}"), function)()
    if module == "derive":
        return ask
    return lambda step: ask(step) if step.alone else Answer("unread", "rests on its document")
