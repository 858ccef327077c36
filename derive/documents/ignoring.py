"""What `.gitignore` says about a path, segment by segment, without running git."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a `.gitignore`: its segments, and what it applies to."""

    segments: tuple[str, ...]
    negated: bool
    folders_only: bool

    def matches(self, path: tuple[str, ...], folder: bool) -> bool:
        """Whether the line speaks of this path, given from the folder of its `.gitignore`."""
        return (folder or not self.folders_only) and _match(self.segments, path)


def read_patterns(text: str) -> tuple[Pattern, ...]:
    """The patterns of a `.gitignore` in order."""
    return tuple(pattern for line in text.splitlines() if (pattern := _read_line(line)) is not None)


def is_ignored(rules: list[tuple[tuple[str, ...], tuple[Pattern, ...]]], path: tuple[str, ...], folder: bool) -> bool:
    """Whether the last pattern that speaks of the path ignores it.

    `rules` are the pattern lists from the outermost folder inwards, each with the path of its folder; `path` counts
    from the same root.
    """
    for base, patterns in reversed(rules):
        inner = path[len(base) :]
        for pattern in reversed(patterns):
            if pattern.matches(inner, folder):
                return not pattern.negated
    return False


def _read_line(line: str) -> Pattern | None:
    line = re.sub(r"(?<!\\)[ \t\r]+$", "", line)
    if not line or line.startswith("#"):
        return None
    negated = line.startswith("!")
    line = line[1:] if negated else line
    folders_only = line.endswith("/")
    line = line.rstrip("/")
    if not line:
        return None
    segments = line.split("/")
    if len(segments) == 1:
        segments = ["**", *segments]
    elif segments[0] == "":
        segments = segments[1:]
    return Pattern(tuple(s for s in segments if s), negated, folders_only)


def _match(segments: tuple[str, ...], path: tuple[str, ...]) -> bool:
    # one row of the table a segment: `reach[k]` says that the segments so far can match the first k names
    reach = [True] + [False] * len(path)
    for n, segment in enumerate(segments):
        if segment == "**":
            first = reach.index(True) if True in reach else len(reach)
            # a closing `**` means everything inside, not the folder itself
            first += n == len(segments) - 1
            reach = [k >= first for k in range(len(reach))]
        else:
            matcher = _segment(segment)
            reach = [False] + [reach[k] and matcher.match(name) is not None for k, name in enumerate(path)]
    return reach[-1]


@lru_cache(maxsize=4096)
def _segment(segment: str) -> re.Pattern[str]:
    plain = re.sub(r"\\(.)", lambda m: f"[{m[1]}]" if m[1] in "*?[" else m[1], segment).replace("[^", "[!")
    return re.compile(translate(plain))
