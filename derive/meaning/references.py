"""Numbers and labels of formulas, and the places that refer to them: "from \\eqref{eq:1}", `\\overset{(2)}{=}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.meaning.outline import Outline, Parsed
from derive.notation.tree import Node, Text
from derive.notation.walk import walk

_REFERENCE = re.compile(r"\\(?:eqref|[cC]?ref|autoref)\{([^{}]*)\}|:(?:eq)?ref:`([^`]*)`")
_NUMBER = re.compile(r"[(（]\s*(\d+(?:[.-]\d+)*[a-z']?)\s*[)）]")
_LABEL_BEHIND = re.compile(r"\s*:eqlabel:`([^`]*)`")
_BEHIND = 80  # characters behind a formula in which its label is looked for


def labels(outline: Outline) -> dict[str, int]:
    """The labels and tags of the displayed formulas, each with the place of its formula."""
    found: dict[str, int] = {}
    text = outline.document.source.text
    for parsed in outline.formulas():
        for remark in parsed.remarks():
            if remark.kind in ("label", "tag"):
                for part in remark.parts:
                    if isinstance(part, Text):
                        found.setdefault(_plain(part.text), parsed.position)
        end = parsed.formula.span.end
        behind = _LABEL_BEHIND.match(text[end : end + _BEHIND])
        if behind is not None:
            found.setdefault(_plain(behind[1]), parsed.position)
    return found


def cited(outline: Outline, known: dict[str, int], position: int, label: Node | None = None) -> frozenset[int]:
    """The places of the formulas that the words leading up to a formula refer to, and the label over a sign."""
    start, _ = outline.lead(position)
    part = outline.parts[position]
    if not isinstance(part, Parsed):
        return frozenset()
    first = outline.parts[start]
    begin = first.formula.span.start if isinstance(first, Parsed) else first.span.start
    names = set(_named(outline.document.source.text[begin : part.formula.span.start]))
    for node in walk(label) if label is not None else ():
        if isinstance(node, Text):
            names |= {_plain(node.text), *_named(node.text)}
    return frozenset(known[name] for name in names if name in known and known[name] != position)


def _named(text: str) -> Iterator[str]:
    for match in _REFERENCE.finditer(text):
        yield from (_plain(name) for name in (match[1] or match[2] or "").split(","))
    for match in _NUMBER.finditer(text):
        yield match[1]


def _plain(label: str) -> str:
    return label.strip().strip("()")
