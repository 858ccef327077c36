"""What site generators and note programs take for code or for a comment: Liquid's blocks, Obsidian's `%%`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.documents.delimiters import Hidden

_OPENER = re.compile(
    r"\{%-?[ \t]*(highlight|codeblock|code|comment)\b[^\n%]{0,200}%\}|^(%%)[ \t]*$|%%[^%\n$]{1,500}%%", re.M
)
_CLOSERS = {
    name: re.compile(rf"\{{%-?[ \t]*end{name}[ \t]*-?%\}}") for name in ("highlight", "codeblock", "code", "comment")
}
_FENCE = re.compile(r"^%%[ \t]*$", re.M)


def find_site_blocks(text: str) -> Iterator[Hidden]:
    """The blocks in order. One without an end is none, and neither are those of its kind after it."""
    open_ended: set[str] = set()
    position = 0
    while match := _OPENER.search(text, position):
        position = match.end()
        kind = match[1] or match[2]
        if kind is not None:
            end = None
            if kind not in open_ended:
                end = _CLOSERS.get(kind, _FENCE).search(text, position)
            if end is None:
                open_ended.add(kind)
                continue
            position = end.end()
        yield Hidden(match.start(), position, "block", True)
