"""Where a report goes: standard output or a file, in an encoding that can hold it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from derive.reports.settings import PLAIN_WIDTH, Settings

WIDEST = 140
"""Columns of a report on a terminal that is wider still."""


class OutputError(Exception):
    """The report cannot be written; says why."""


def settings_for_output(
    output: str | None, *, quiet: bool, verbose: bool, strict: bool, files: Mapping[str, str]
) -> Settings:
    """How a report is to look on standard output (`output` is None) or in a file."""
    terminal = output is None and sys.stdout is not None and sys.stdout.isatty()
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    width = min(WIDEST, shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns) if terminal else PLAIN_WIDTH
    encoding = "utf-8" if output is not None or sys.stdout is None else sys.stdout.encoding or "utf-8"
    return Settings(width, terminal and not plain, quiet, verbose, strict, encoding, files)


def write_output(text: str, output: str | None, encoding: str) -> None:
    """Writes a report. A reader of standard output that has gone away is no error."""
    write_bytes(text.encode(encoding, "replace"), output)


def write_bytes(data: bytes, output: str | None = None) -> None:
    """Writes a text that is encoded already."""
    try:
        if output is not None:
            Path(output).write_bytes(data)
        elif sys.stdout is not None:
            sys.stdout.buffer.write(data)
            sys.stdout.flush()
    except BrokenPipeError:
        # what is still in Python's buffer must not fail again when the process ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError as error:
        if output is None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise OutputError(f"{output or 'standard output'}: cannot be written: {error.strerror or error}") from error


def probe_output(output: str) -> None:
    """Says early that a file cannot be written, before the work is done in vain."""
    path = Path(output)
    if path.is_dir():
        raise OutputError(f"{output}: is a folder")
    if not path.parent.is_dir():
        raise OutputError(f"{output}: there is no folder {path.parent}")
