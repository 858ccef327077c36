"""Reader of Jupyter notebooks: the Markdown cells, each character traced to its place in the JSON file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from derive.documents.document import Document, Macro, Part, Trouble
from derive.documents.markdown import read_text
from derive.documents.tracing import Edit, edit_text, join_texts
from derive.source import Source, Span, TracedText

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}:,]|[^\s\[\]{}:,"]++', re.S)
_ESCAPE = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\(.)", re.S)
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_DEEPEST = 8


@dataclass
class _Cell:
    kind: str = ""
    sources: list[tuple[int, int]] = field(default_factory=list)


def read_notebook(source: Source) -> Document:
    """The document in a notebook's Markdown cells. A file that is no notebook gives no parts and says so."""
    traced = TracedText.of(source)
    parts: list[Part] = []
    macros: list[Macro] = []
    troubles: list[Trouble] = []
    number = paragraph = 0
    for number, cell in enumerate(_walk_cells(source.text), 1):
        if cell.kind != "markdown" or not cell.sources:
            continue
        text = join_texts([_decode(traced, start, end) for start, end in cell.sources])
        reading = read_text(text, number, paragraph)
        parts += reading.parts
        macros += reading.macros
        troubles += reading.troubles
        paragraph = max([paragraph, *(part.paragraph + 1 for part in reading.parts)])
    if not number and not re.search(r'"(?:cells|worksheets)"\s*:', source.text):
        troubles.append(Trouble(Span(0, 0), "this is no notebook: it has no cells"))
    return Document(source, tuple(parts), tuple(macros), tuple(troubles))


def write_string(text: str) -> str:
    """The text as it stands inside a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _walk_cells(text: str) -> Iterator[_Cell]:
    """The cells in order, with the places of their source strings, without recursion and whatever the file holds."""
    stack: list[str] = []
    keys: list[str] = []
    depth = 0
    key, expects_key = "", False
    cell: _Cell | None = None
    cell_depth = -1
    for match in _TOKEN.finditer(text):
        sign = match[0]
        if sign in ("{", "["):
            depth += 1
            if depth <= _DEEPEST:
                stack.append(sign)
                keys.append(key)
                if sign == "{" and cell is None and _holds_cells(stack, keys):
                    cell, cell_depth = _Cell(), depth
            key, expects_key = "", sign == "{"
        elif sign in ("}", "]"):
            if cell is not None and depth == cell_depth:
                yield cell
                cell = None
            if 0 < depth <= _DEEPEST:
                stack.pop()
                keys.pop()
            depth = max(0, depth - 1)
            expects_key = False
        elif sign == ",":
            expects_key = 0 < depth <= _DEEPEST and stack[-1] == "{"
        elif sign[0] == '"' and depth <= _DEEPEST:
            if expects_key:
                key, expects_key = sign[1:-1], False
            elif cell is not None and depth == cell_depth and key == "cell_type":
                cell.kind = sign[1:-1]
            elif cell is not None and (
                (depth == cell_depth and key == "source")
                or (depth == cell_depth + 1 and stack[-1] == "[" and keys[-1] == "source")
            ):
                cell.sources.append((match.start() + 1, match.end() - 1))


def _holds_cells(stack: list[str], keys: list[str]) -> bool:
    """Whether the object that just opened is a cell: in the list `cells` of the notebook, or of a worksheet."""
    if stack == ["{", "[", "{"]:
        return keys[1] == "cells"
    return stack == ["{", "[", "{", "[", "{"] and keys[1] == "worksheets" and keys[3] == "cells"


def _decode(traced: TracedText, start: int, end: int) -> TracedText:
    """The characters of a JSON string whose inside stands at `start` to `end`."""
    text = traced.slice(start, end)
    edits: list[Edit] = []
    for match in _ESCAPE.finditer(text.text):
        if match[1]:
            high, low = int(match[1], 16), int(match[2], 16)
            new = chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        elif match[3]:
            new = chr(int(match[3], 16))
            if "\ud800" <= new <= "\udfff":
                new = "\ufffd"
        else:
            new = _SHORT.get(match[4], match[4])
        edits.append((match.start(), match.end(), new))
    return edit_text(text, edits)
