"""Macro definitions of a document: `\\newcommand`, `\\def`, `\\let`, `\\DeclareMathOperator` and their kin."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from derive.documents.document import Macro
from derive.documents.environments import is_display

_START = re.compile(
    r"\\(?:(newcommand|renewcommand|providecommand|DeclareRobustCommand)\*?(?![A-Za-z])"
    r"|(?:long\\|global\\)?(def|gdef|edef|xdef)(?![A-Za-z])|(let)(?![A-Za-z])"
    r"|(DeclareMathOperator)(\*?)|(DeclarePairedDelimiter)\*?(?![A-Za-z])|((?:re)?newenvironment)\*?(?![A-Za-z])|.)",
    re.S,
)
_NAME = re.compile(r"\s*(?:\{\s*\\([A-Za-z@]+|[^A-Za-z@\s])\s*\}|\\([A-Za-z@]+|[^A-Za-z@\s]))")
_COUNT = re.compile(r"\s*\[\s*([0-9])\s*\]")
_PARAMETERS = re.compile(r"\s*((?:#[1-9])*)\s*(?=\{)")
_LET = re.compile(r"\s*(?:=\s*)?(\\(?:[A-Za-z@]+|[^A-Za-z@\s])|[^\s\\{}])")
_BRACE = re.compile(r"\\.|[{}\[\]]", re.S)
_SPACE = re.compile(r"\s*")
_LONGEST = 20_000
_FAILURES = 200


@dataclass(frozen=True)
class Definitions:
    """The macros of a text, where their definitions stand, and the macros that only open or close an environment."""

    macros: tuple[Macro, ...]
    places: tuple[tuple[int, int], ...]
    aliases: dict[str, tuple[str, str]]
    environments: tuple[str, ...]

    def within(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """The places of definitions that reach into characters `start` to `end`."""
        first = bisect_right(self.places, (start, start))
        if first and self.places[first - 1][1] > start:
            first -= 1
        return self.places[first : bisect_left(self.places, (end, end))]


def collect_macros(text: str) -> Definitions:
    """Every definition in the text, in order; what cannot be read as one is left alone."""
    macros: list[Macro] = []
    places: list[tuple[int, int]] = []
    aliases: dict[str, tuple[str, str]] = {}
    environments: list[str] = []
    if not re.search(r"\\(?:(?:re)?new|provide|Declare|[gex]?def|let)", text):
        return Definitions((), (), aliases, ())
    position = failures = 0
    while failures < _FAILURES and (match := _START.search(text, position)):
        position = match.end()
        if match.lastindex is None:
            continue
        read = _read_environment(text, position) if match[7] else _read(text, match)
        if read is None:
            failures += 1
            continue
        what, end = read
        if isinstance(what, Macro):
            macros.append(what)
            shorthand = re.fullmatch(r"\s*\\(begin|end)\{([A-Za-z]+\*?)\}\s*", what.body)
            if shorthand and is_display(shorthand[2]):
                aliases[what.name.lstrip("\\")] = (shorthand[1], shorthand[2])
        elif what:
            environments.append(what)
        places.append((match.start(), end))
        position = end
    return Definitions(tuple(macros), tuple(places), aliases, tuple(environments))


def _read(text: str, match: re.Match[str]) -> tuple[Macro, int] | None:
    """The macro that is defined after this command, and where its definition ends."""
    named = _NAME.match(text, match.end())
    if named is None:
        return None
    name, at = "\\" + (named[1] or named[2]), named.end()
    if match[3]:
        target = _LET.match(text, at)
        return (Macro(name, 0, target[1]), target.end()) if target else None
    arity, default = 0, None
    if match[2]:
        parameters = _PARAMETERS.match(text, at)
        if parameters is None:
            return None
        arity, at = len(parameters[1]) // 2, parameters.end()
    elif match[1] and (count := _COUNT.match(text, at)):
        arity, at = int(count[1]), count.end()
        optional = read_group(text, at, "[", "]")
        if optional:
            default, at = text[optional[0] : optional[1]], optional[1] + 1
    body = read_group(text, at, "{", "}")
    if body is None:
        return None
    inside = text[body[0] : body[1]]
    if match[4]:
        return Macro(name, 0, f"\\operatorname{match[5]}{{{inside}}}"), body[1] + 1
    if match[6]:
        right = read_group(text, body[1] + 1, "{", "}")
        if right is None:
            return None
        return Macro(name, 1, f"{inside} #1 {text[right[0] : right[1]]}"), right[1] + 1
    return Macro(name, arity, inside, default), body[1] + 1


def _read_environment(text: str, at: int) -> tuple[str, int] | None:
    """The name of an environment that only renames a display (else ""), and where its definition ends."""
    name = read_group(text, at, "{", "}")
    if name is None:
        return None
    at = name[1] + 1
    while optional := read_group(text, at, "[", "]"):
        at = optional[1] + 1
    first = read_group(text, at, "{", "}")
    last = first and read_group(text, first[1] + 1, "{", "}")
    if not first or not last:
        return None
    stands = re.fullmatch(r"\s*\\begin\{([A-Za-z]+\*?)\}\s*", text[first[0] : first[1]])
    return (text[name[0] : name[1]] if stands and is_display(stands[1]) else ""), last[1] + 1


def read_group(text: str, at: int, left: str, right: str, longest: int = _LONGEST) -> tuple[int, int] | None:
    """The inside of the group that starts at `at` (after blanks): its start, and the place of its closing sign."""
    space = _SPACE.match(text, at)
    at = space.end() if space else at
    if not text.startswith(left, at):
        return None
    depth = braces = 0
    for token in _BRACE.finditer(text, at, min(len(text), at + longest)):
        sign = token[0]
        if left != "{" and sign in "{}":
            braces += 1 if sign == "{" else -1
        elif sign == left and not braces:
            depth += 1
        elif sign == right and not braces:
            depth -= 1
            if depth == 0:
                return at + 1, token.start()
    return None
