"""What changed in a text, as a unified diff that `patch` takes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from derive.reports.wrapping import clean

CONTEXT = 3
"""Lines around a change that are shown with it."""


def write_difference(path: str, before: str, after: str) -> str:
    """The unified diff of two texts of one file; empty where they are the same. Lines end as they do in the file."""
    return "".join(_rows(path, before, after))


def _rows(path: str, before: str, after: str) -> Iterator[str]:
    name = clean(path)
    for row in difflib.unified_diff(_lines(before), _lines(after), name, name, n=CONTEXT):
        yield row
        if not row.endswith("\n"):
            yield "\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """The lines with their ends. Only a line feed ends one: a form feed or a lone carriage return is a character."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)
