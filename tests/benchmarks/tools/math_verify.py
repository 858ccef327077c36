"""Math-Verify: `verify(parse(left), parse(right))`. It compares answers and knows only yes and no; inequalities and
equations that follow from one another are no question for it, and count as unread."""

from __future__ import annotations

import logging

from ..step import Step
from . import Answer, Ask


def load() -> Ask:
    import sympy as sp
    from math_verify import parse, verify

    from .misreading import misread

    logging.disable(logging.CRITICAL)

    def answer(step: Step) -> Answer:
        if step.relation != "=":
            return Answer("unread", "no question for it")
        sides = [parse(f"${side}$") for side in (step.left, step.right)]
        read = [next((item for item in side if isinstance(item, sp.Basic)), None) for side in sides]
        found = [side for side in read if side is not None]
        if len(found) < 2:
            return Answer("unread", f"read as {sides}"[:200])
        return Answer("equal" if verify(*sides) else "different", f"read as {read}"[:200], misread(step.latex, found))

    return answer
