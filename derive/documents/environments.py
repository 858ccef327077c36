"""LaTeX environments: which ones hold mathematics, where each ends, and what an outer one wraps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# fmt: off
DISPLAYS = frozenset([
    "equation", "align", "alignat", "flalign", "xalignat", "xxalignat", "eqnarray", "subeqnarray", "gather",
    "multline", "displaymath", "dmath", "dgroup", "dseries", "darray", "IEEEeqnarray", "empheq", "aligned",
    "alignedat", "gathered", "multlined", "split", "array", "cases", "dcases", "rcases", "matrix", "pmatrix",
    "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix",
])
VERBATIM = frozenset([
    "verbatim", "Verbatim", "BVerbatim", "LVerbatim", "lstlisting", "minted", "alltt", "comment", "filecontents",
])
ROWS = frozenset([
    "align", "alignat", "flalign", "xalignat", "xxalignat", "eqnarray", "subeqnarray", "gather", "multline",
    "aligned", "alignedat", "gathered", "multlined", "split", "array", "darray", "IEEEeqnarray", "equation",
    "displaymath", "dmath", "dgroup", "dseries", "empheq",
])
"""Environments that a display may consist of: they are then reported in the place of its delimiters."""

WITH_ARGUMENT = frozenset([
    "alignat", "xalignat", "xxalignat", "alignedat", "array", "darray", "IEEEeqnarray", "empheq",
])
WITH_OPTION = frozenset([
    "array", "darray", "IEEEeqnarray", "empheq", "dmath", "dgroup", "dseries",
])
# fmt: on

_TOKEN = re.compile(r"\\(?:(begin|end)[ \t]*\{[ \t]*([A-Za-z]+)[ \t]*(\\?\*)?[ \t]*\}|([A-Za-z]+)|.)", re.S)
_BESIDE = re.compile(
    r"(?:[ \t\r\n.,;]|\\(?:label|tag\*?)[ \t]*\{[^{}]*\}"
    r"|\\(?:nonumber|notag|displaystyle|centering)(?![A-Za-z])|\\[,;! ])*+"
)


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment in a text: where `\\begin` starts, where its inside starts and ends, and where `\\end` ends."""

    name: str
    start: int
    inside: int
    inside_end: int
    end: int

    @property
    def stem(self) -> str:
        """The name without its star."""
        return self.name.rstrip("*")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An environment that is not closed, or closed by another name, at `start` to `end` of the text."""

    start: int
    end: int
    name: str
    message: str


@dataclass(frozen=True)
class Environments:
    """All environments of a text by the place of their `\\begin`, and what did not match."""

    at: Mapping[int, Environment]
    mismatches: tuple[Mismatch, ...]


def match_environments(text: str, aliases: Mapping[str, tuple[str, str]] | None = None) -> Environments:
    """Pair every `\\begin` with its `\\end`, in one pass over the text.

    `aliases` gives macros that stand for a `\\begin` or an `\\end`: name → ("begin" or "end", environment). A `\\begin`
    that is closed by a name that nothing opened is taken as closed there; the difference is reported.
    """
    found: dict[int, Environment] = {}
    wrong: list[Mismatch] = []
    stack: list[tuple[str, int, int]] = []
    depth: Counter[str] = Counter()
    if "\\begin" not in text and "\\end" not in text and not aliases:
        return Environments(found, ())
    for match in _TOKEN.finditer(text):
        kind, name, start, end = match[1], match[2], match.start(), match.end()
        if kind is None:
            if not aliases or match[4] not in aliases:
                continue
            kind, name = aliases[match[4]]
        elif match[3]:
            name += "*"
        if kind == "begin":
            stack.append((name, start, end))
            depth[name] += 1
            continue
        if not stack:
            wrong.append(Mismatch(start, end, name, f"\\end{{{name}}} has no \\begin{{{name}}}"))
            continue
        if stack[-1][0] != name and depth[name]:
            while stack[-1][0] != name:
                other, first, last = stack.pop()
                depth[other] -= 1
                wrong.append(Mismatch(first, last, other, f"\\begin{{{other}}} has no \\end{{{other}}}"))
        opened, first, last = stack[-1]
        if opened != name:
            if opened.rstrip("*") not in DISPLAYS or name.rstrip("*") not in DISPLAYS:
                wrong.append(Mismatch(start, end, name, f"\\end{{{name}}} has no \\begin{{{name}}}"))
                continue
            wrong.append(Mismatch(first, last, opened, f"\\begin{{{opened}}} is closed by \\end{{{name}}}"))
        stack.pop()
        depth[opened] -= 1
        found[first] = Environment(opened, first, last, start, end)
    for name, start, end in stack:
        wrong.append(Mismatch(start, end, name, f"\\begin{{{name}}} has no \\end{{{name}}}"))
    return Environments(found, tuple(sorted(wrong, key=lambda m: m.start)))


def skip_arguments(text: str, environment: Environment) -> int:
    """Where the inside of the environment starts once the arguments of its `\\begin` are passed."""
    at, end = environment.inside, environment.inside_end
    if environment.stem in WITH_OPTION or re.match(r"\[[tbc]\]", text[at : at + 3]):
        at = _skip_group(text, at, end, "[", "]")
    if environment.stem in WITH_ARGUMENT:
        at = _skip_group(text, at, end, "{", "}")
    return at


def _skip_group(text: str, at: int, end: int, left: str, right: str) -> int:
    if not text.startswith(left, at):
        return at
    depth = 0
    for k in range(at, min(end, at + 500)):
        depth += (text[k] == left) - (text[k] == right)
        if depth == 0:
            return k + 1
    return at


def unwrap(text: str, name: str, start: int, end: int, environments: Environments) -> tuple[str, int, int]:
    """What a display is at heart: the environment it consists of, if it holds nothing else but labels.

    Takes the display's name and the ends of its inside, gives the same of the innermost such environment.
    """
    for _ in range(4):
        first = _BESIDE.match(text, start, end)
        at = first.end() if first else start
        inner = environments.at.get(at)
        if inner is None or inner.stem not in ROWS or inner.end > end:
            break
        last = _BESIDE.match(text, inner.end, end)
        if last is not None and last.end() < end:
            break
        name, start, end = inner.name, skip_arguments(text, inner), inner.inside_end
    return name, start, end


def is_display(name: str, known: Sequence[str] = ()) -> bool:
    """Whether the environment of this name (with or without star) holds displayed mathematics."""
    return name.rstrip("*") in DISPLAYS or name in known
