"""How a report is to look: what a writer may know besides the report itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PLAIN_WIDTH = 100
"""Columns of a report that goes to no terminal."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a report is to look.

    `files` gives, for a document whose path is no file (a bundled one), the file where it stands. `encoding` is what
    the report will be written in."""

    width: int = PLAIN_WIDTH
    colour: bool = False
    quiet: bool = False
    verbose: bool = False
    strict: bool = False
    encoding: str = "utf-8"
    files: Mapping[str, str] = field(default_factory=dict)

    def file_of(self, path: str) -> str:
        """The file to open for a document."""
        return self.files.get(path, path)
