"""What repairs do not reach: a slip inside of a macro, whose text stands elsewhere and serves other lines too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.documents.macros import collect_macros
from derive.results import DocumentResult
from derive.source import Source

_CALL = re.compile(r"\\([A-Za-z@]+)")


def macros_in_wrong_lines(text: str, result: DocumentResult) -> Iterator[tuple[int, str]]:
    """The lines with an error that nothing mends, each with a macro of the document's own that is called there."""
    names = {macro.name for macro in collect_macros(text).macros}
    if not names:
        return
    source = Source(result.path, text)
    told: set[int] = set()
    for finding in result.findings:
        place = finding.place
        if finding.severity != "error" or finding.repair is not None or place.line in told:
            continue
        try:
            start, end = source.offset(place.line, place.column), source.offset(place.end_line, place.end_column)
        except ValueError:
            continue
        called = [f"\\{name}" for name in _CALL.findall(text[start:end]) if f"\\{name}" in names]
        if called:
            told.add(place.line)
            yield place.line, called[0]
