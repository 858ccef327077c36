"""Markdown escapes inside mathematics: what a renderer takes away before TeX sees the formula.

Some sites (Hexo, Jekyll, Hugo with old engines) run Markdown's escapes over mathematics, so that authors write `\\_`
for `_` and four backslashes for a row break. Whether a document is written that way is decided by its own formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from derive.documents.tracing import Edit

_GROUP = re.compile(
    r"\\(?:text|mbox|mathrm|operatorname|textrm|textit|textbf|textsf|texttt|mathtt|mathit|label|ref|tag)\*?\s*\{[^{}]*\}"
)
_RUN = re.compile(r"\\{2,}(?=\s|\Z|&|\[)")
_UNDERSCORE = re.compile(r"[A-Za-z0-9})\]'|]\\_(?=\{|\\[A-Za-z]|[A-Za-z0-9](?![A-Za-z]))")
_STAR = re.compile(r"[\^_]\{?\\\*")
_BRACE = re.compile(r"\\(?:left|right|bigl?|bigr|Bigl?|Bigr)\s*\\\\[{}]")
_ENTITY = re.compile(r"&(lt|gt|amp);")
_ESCAPE = re.compile(r"\\\\\\\\|\\\\[{}|,;:!#%_]|\\[_*']|\\.", re.S)
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&"}


class Dialect:
    """How one document is escaped: `rows` when four backslashes break a row, `signs` when `\\_` means `_`."""

    def __init__(self, formulas: Iterable[str]) -> None:
        four = two = signs = 0
        for formula in formulas:
            if "\\" not in formula:
                continue
            for run in _RUN.finditer(formula):
                length = run.end() - run.start()
                four += length == 4
                two += length == 2
            if "\\_" in formula or "\\*" in formula or "\\\\{" in formula or "\\\\}" in formula:
                bare = _GROUP.sub("", formula)
                signs += len(_UNDERSCORE.findall(bare)) + len(_STAR.findall(bare)) + len(_BRACE.findall(bare))
        self.rows = four > two
        self.signs = self.rows or signs > 0

    def unescape(self, text: str, offset: int = 0) -> list[Edit]:
        """The edits that turn a formula as written into what TeX is given; places count from `offset`."""
        edits: list[Edit] = []
        if "&" in text:
            edits += [(offset + m.start(), offset + m.end(), _ENTITIES[m[1]]) for m in _ENTITY.finditer(text)]
        if not self.signs or "\\" not in text:
            return edits
        words = [m.span() for m in _GROUP.finditer(text)]
        k = 0
        for match in _ESCAPE.finditer(text):
            found, start, end = match[0], match.start(), match.end()
            while k < len(words) and words[k][1] <= start:
                k += 1
            quoted = k < len(words) and words[k][0] <= start
            if found == "\\\\\\\\":
                new = "\\\\" if self.rows else found
            elif found.startswith("\\\\") and len(found) == 3:
                new = found if found[2] == "|" and not self.rows else found[1:]
            elif found in ("\\_", "\\*", "\\'"):
                new = found if quoted and found == "\\_" else found[1]
            else:
                continue
            if new != found:
                edits.append((offset + start, offset + end, new))
        return edits
