"""What a folder says of how its documents are checked: `derive.toml`, or `[tool.derive]` in `pyproject.toml`.

    rules = ["page.md"]                        # pages of rules of one's own; paths are relative to the file
    given = ["x > 0", "A is symmetric"]        # directives that hold for every document
    definitions = ["h(t) = 1/(1 + e^{-t})"]
    kinds = { n = "integer", a = "positive" }
    select = ["E", "I2"]                       # finding codes, as for --select and --ignore
    ignore = ["S301"]

The files are looked for in the folder of the first target (or in the working folder) and in those above; the first one
that speaks of derive counts.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OWN, SHARED = "derive.toml", "pyproject.toml"
KEYS = ("rules", "given", "definitions", "kinds", "select", "ignore")


class BrokenProject(Exception):
    """A project file that cannot be read, or says what derive does not know; says which and what."""


@dataclass(frozen=True, slots=True)
class Project:
    """What a project says: the paths of its pages of rules, its directives, the finding codes it selects and ignores,
    and the file that says so."""

    rules: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    file: str = ""


def find_project(targets: Sequence[str] = ()) -> Project:
    """The project of the first target that is a file or a folder, or of the working folder. Raises BrokenProject."""
    for folder in _folders(targets):
        for name in (OWN, SHARED):
            path = folder / name
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
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BrokenProject(f"{path}: {error}") from None
    if path.name == OWN:
        return whole
    tools = whole.get("tool", {})
    table = tools.get("derive") if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise BrokenProject(f"{path}: [tool.derive] is no table")
    return table


def _project(path: Path, table: dict[str, Any]) -> Project:
    unknown = sorted(set(table) - set(KEYS))
    if unknown:
        raise BrokenProject(f"{path}: {_where(path)} has no setting {unknown[0]!r} (there are: {', '.join(KEYS)})")
    kinds = table.get("kinds", {})
    if not isinstance(kinds, dict) or not all(isinstance(kind, str) for kind in kinds.values()):
        raise BrokenProject(f"{path}: kinds in {_where(path)} is a table of names and their kinds")
    given = (
        *_texts(path, table, "definitions", "formulas"),
        *(f"{name} is {kind}" for name, kind in kinds.items()),
        *_texts(path, table, "given", "directives"),
    )
    rules = tuple(_shown(path.parent / rule) for rule in _texts(path, table, "rules", "paths"))
    codes = "finding codes"
    select, ignore = _texts(path, table, "select", codes), _texts(path, table, "ignore", codes)
    return Project(rules, given, select, ignore, _shown(path))


def _texts(path: Path, table: dict[str, Any], key: str, what: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise BrokenProject(f"{path}: {key} in {_where(path)} is a list of {what}")
    return tuple(value)


def _where(path: Path) -> str:
    return "this file" if path.name == OWN else "[tool.derive]"


def _shown(path: Path) -> str:
    """A path as short as people would write it in the working folder."""
    near = os.path.relpath(path)
    return str(path) if near.startswith(os.pardir) else near
