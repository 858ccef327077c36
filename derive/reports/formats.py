"""The table of formats: name, writer, and the ending of a file that asks for it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from derive.reports.settings import Settings
from derive.results import Report

Writer = Callable[[Report, Settings], str]

FORMATS: dict[str, tuple[str, str]] = {
    "text": ("derive.reports.text", "write_text"),
    "json": ("derive.reports.json_report", "write_json"),
    "latex": ("derive.reports.latex", "write_latex"),
}
"""Where each format's writer is; imported when it is asked for, to keep the start quick."""

ENDINGS: dict[str, str] = {".txt": "text", ".json": "json", ".tex": "latex"}


class UnknownFormat(Exception):
    """There is no such format; says which there are."""


def find_format(name: str | None, output: str | None) -> str:
    """The name of the format: the one asked for, else the one that the output's ending stands for, else text."""
    if name is None and output is not None:
        ending = Path(output).suffix.lower()
        if ending not in ENDINGS:
            known = ", ".join(ENDINGS)
            raise UnknownFormat(f"no format for the ending {ending!r} of {output} (known: {known}); use --format")
        return ENDINGS[ending]
    if name is not None and name not in FORMATS:
        raise UnknownFormat(f"no format {name!r} (there are: {', '.join(FORMATS)})")
    return name or "text"


def load_writer(name: str) -> Writer:
    """The writer of a format: makes the text of the report, a newline at its end."""
    module, function = FORMATS[name]
    writer: Writer = getattr(import_module(module), function)
    return writer
