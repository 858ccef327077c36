"""What a project says of how it is checked: `[tool.derive]` in its `pyproject.toml`.

    [tool.derive]
    rules = ["page.md"]

The file is looked for in the folder of the first target (or in the working folder) and in those above; the first one
with such a table counts. Paths are relative to the file.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "pyproject.toml"
KEYS = ("rules",)


class BrokenProject(Exception):
    """A project file that cannot be read, or says what derive does not know; says which and what."""


@dataclass(frozen=True, slots=True)
class Project:
    """What a project says: the paths of its pages of rules."""

    rules: tuple[str, ...] = ()


def find_project(targets: Sequence[str] = ()) -> Project:
    """The project of the first target that is a file or a folder, or of the working folder. Raises BrokenProject."""
    for folder in _folders(targets):
        path = folder / FILE
        try:
            if not path.is_file():
                continue
            table = _read(path)
        except OSError as error:
            raise BrokenProject(f"{path}: cannot be read: {error.strerror or error}") from None
        if table is not None:
            return _project(path, table)
    return Project()


def _folders(targets: Sequence[str]) -> Sequence[Path]:
    start = Path.cwd()
    for target in targets:
        try:
            path = Path(target)
            if path.exists():
                start = path.resolve() if path.is_dir() else path.resolve().parent
                break
        except (OSError, ValueError):
            continue
    return (start, *start.parents)


def _read(path: Path) -> dict[str, Any] | None:
    import tomllib

    try:
        tools = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BrokenProject(f"{path}: {error}") from None
    table = tools.get("derive") if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise BrokenProject(f"{path}: [tool.derive] is no table")
    return table


def _project(path: Path, table: dict[str, Any]) -> Project:
    unknown = sorted(set(table) - set(KEYS))
    if unknown:
        raise BrokenProject(f"{path}: [tool.derive] has no setting {unknown[0]!r} (there are: {', '.join(KEYS)})")
    rules = table.get("rules", [])
    if not isinstance(rules, list) or not all(isinstance(rule, str) for rule in rules):
        raise BrokenProject(f"{path}: rules in [tool.derive] is a list of paths")
    return Project(tuple(_shown(path.parent / rule) for rule in rules))


def _shown(path: Path) -> str:
    """A path as short as people would write it in the working folder."""
    near = os.path.relpath(path)
    return str(path) if near.startswith(os.pardir) else near
