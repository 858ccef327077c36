"""`derive check`: documents in, a report out. It imports no mathematics; workers do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from derive.commands.options import (
    Format,
    Ignore,
    Jobs,
    Output,
    Pages,
    Select,
    StdinFilename,
    Strict,
    Targets,
    TimeLimit,
    Verbose,
    settle_options,
)
from derive.commands.run import Loaded, run, want
from derive.results import DocumentResult
from derive.running.options import DEFAULT_TIME_LIMIT

if TYPE_CHECKING:
    from derive.running.conduct import Task, Work


def check(
    targets: Targets,
    format: Format = None,
    output: Output = None,
    select: Select = None,
    ignore: Ignore = None,
    strict: Strict = False,
    rules: Pages = None,
    jobs: Jobs = None,
    time_limit: TimeLimit = DEFAULT_TIME_LIMIT,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what is wrong, and the summary.")] = False,
    verbose: Verbose = False,
    stdin_filename: StdinFilename = None,
) -> None:
    """Check documents. Exit status: 0 nothing wrong, 1 something is wrong, 2 could not run."""
    if quiet and verbose:
        raise typer.BadParameter("--quiet and --verbose contradict each other")
    wanted = want(format, output, jobs, quiet)
    options = settle_options(targets, select, ignore, rules, time_limit, strict, verbose)

    def load() -> tuple[Work[DocumentResult], Loaded]:
        from derive.running.conduct import DOCUMENTS

        return DOCUMENTS, load_documents(targets, stdin_filename)

    raise typer.Exit(run(load, options, wanted))


def load_documents(arguments: list[str], stdin_filename: str | None) -> Loaded:
    """The documents that the arguments name."""
    from importlib import resources

    from derive.documents.targets import Missing, find_targets
    from derive.running.conduct import Task

    tasks: list[Task] = []
    files: dict[str, str] = {}
    missing: list[str] = []
    for target in find_targets(arguments, sys.stdin.buffer if sys.stdin else None, stdin_filename):
        source = target if isinstance(target, Missing) else target.load()
        if isinstance(source, Missing):
            missing.append(source.message)
            continue
        tasks.append(Task(source.path, source.text))
        if not isinstance(target, Missing) and target.bundled:
            files[target.path] = str(resources.files("derive.documents") / "bundled" / f"{target.path}.md")
    return Loaded(tasks, files, missing)
