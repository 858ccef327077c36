"""A reader's own pages of rules: found, read, and put on trial before they are used."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import typer

from derive.commands.exits import fail
from derive.commands.project import BrokenProject, Project, find_project

if TYPE_CHECKING:
    from derive.proving.rulebook import Entry
    from derive.results import PageResult
    from derive.running.conduct import Task


def settle_project(targets: Sequence[str] = ()) -> Project:
    """The project of the targets. Ends the program where its file is broken or has a directive that is not
    understood."""
    try:
        project = find_project(targets)
    except BrokenProject as error:
        fail(str(error))
    if project.given:
        from derive.meaning.directives import misunderstood

        for text in project.given:
            complaint = misunderstood(text)
            if complaint is not None:
                fail(f"{project.file}: {complaint}")
    return project


def find_pages(given: Sequence[str] | None, project: Project | None = None) -> tuple[str, ...]:
    """The paths of the pages to use: those of the project, and those given; each once."""
    paths = [*(project or settle_project()).rules, *(given or ())]
    return tuple({os.path.realpath(path): path for path in reversed(paths)}.values())[::-1]


def load_page(path: str) -> tuple[str, tuple[Entry, ...]]:
    """The text of a page and the rules on it. Ends the program where it is not a page of rules."""
    from derive.proving.rulebook import BrokenPage, read_text

    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
        entries = read_text(text, PurePath(path).stem)
    except (OSError, ValueError) as error:
        if isinstance(error, BrokenPage):
            fail(f"{path}:{error.line}: {error.said}")
        said = error.strerror if isinstance(error, OSError) else "not UTF-8 text" if path else "a page without a name"
        fail(f"{path}: cannot be read: {said or error}")
    if not entries:
        fail(f"{path}: there is no rule on this page (a rule begins with `## name`)")
    return text, entries


def read_pages(paths: Iterable[str]) -> list[Task]:
    """The pages as work for the pool. Ends the program where one can't be read."""
    from derive.running.conduct import Task

    return [Task(path, load_page(path)[0]) for path in paths]


def say_failures(pages: Iterable[PageResult]) -> bool:
    """Tells on standard error which rules failed their tests, and how; whether one did."""
    failures = [
        f"{page.path}:{rule.line}: {rule.name + ': ' if rule.name else ''}{complaint}"
        for page in pages
        for rule in page.failed
        for complaint in rule.complaints
    ]
    for failure in failures:
        typer.echo(f"derive: {failure}", err=True)
    if failures:
        typer.echo("derive: nothing was checked: rules must pass their tests before they are used", err=True)
    return bool(failures)
