"""Short sentences about names, and the formulas that say the same: `x is positive`, `m and n are integers`."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"(?P<names>.+?)\s+(?:is|are)\s+(?P<said>[^$]+?)\.?")
_NAME = re.compile(r"\\?[A-Za-z]+(?:\{[^{}]*\})?(?:_(?:\w|\{[^{}]*\}))?|[A-Za-z]+\([A-Za-z]\)")
_WHAT = r"(?:(?:an?|the)\s+)?(?:{})(?:\s+(?:numbers?|constants?|scalars?|values?))?"
_SAID: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?:strictly\s+)?positive(?:\s+real)?", ("{} > 0",)),
    (r"(?:strictly\s+)?negative(?:\s+real)?", ("{} < 0",)),
    (r"non-?negative(?:\s+real)?", (r"{} \ge 0",)),
    (r"non-?zero|not\s+(?:zero|0)|different\s+from\s+(?:zero|0)", (r"{} \ne 0",)),
    (r"reals?", (r"{} \in \mathbb{{R}}",)),
    (r"complex", (r"{} \in \mathbb{{C}}",)),
    (r"integers?|whole", (r"{} \in \mathbb{{Z}}",)),
    (r"naturals?", (r"{} \in \mathbb{{N}}",)),
    (r"positive\s+integers?", (r"{} \in \mathbb{{Z}}", "{} > 0")),
    (r"non-?negative\s+integers?", (r"{} \in \mathbb{{Z}}", r"{} \ge 0")),
)
_DIFFERENT = re.compile(r"different|distinct|not\s+equal", re.IGNORECASE)
_EQUAL = re.compile(r"equal|the\s+same", re.IGNORECASE)


def formulas_of(sentence: str) -> tuple[str, ...] | None:
    """The formulas in LaTeX that say what a sentence says; None where it is not understood."""
    match = _SENTENCE.fullmatch(sentence.strip())
    if match is None:
        return None
    names = [name.strip("$ ") for name in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", match["names"])]
    if not all(_NAME.fullmatch(name) for name in names):
        return None
    said = match["said"].strip()
    if len(names) == 2 and (_DIFFERENT.fullmatch(said) or _EQUAL.fullmatch(said)):
        return (f"{names[0]} {'=' if _EQUAL.fullmatch(said) else chr(92) + 'ne'} {names[1]}",)
    for pattern, formulas in _SAID:
        if re.fullmatch(_WHAT.format(pattern), said, re.IGNORECASE):
            return tuple(formula.format(name) for name in names for formula in formulas)
    return None
