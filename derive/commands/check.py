"""`derive check`: documents in, a report out. It imports no mathematics; workers do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from derive.commands.exits import fail
from derive.commands.options import Format, Jobs, Output, Pages, Strict, TimeLimit, Verbose, read_codes
from derive.commands.pages import find_pages, settle_project
from derive.commands.run import Loaded, run, want
from derive.results import DocumentResult
from derive.running.options import DEFAULT_TIME_LIMIT, CheckOptions

if TYPE_CHECKING:
    from derive.running.conduct import Task, Work


def check(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="TARGET",
            help="A file, a folder, - for standard input, or a bundled document (logistic, softmax).",
            show_default=False,
        ),
    ],
    format: Format = None,
    output: Output = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="Only findings whose code begins so (E, I2, S301; comma separated)."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="No findings whose code begins so. Refuted steps count all the same."),
    ] = None,
    strict: Strict = False,
    rules: Pages = None,
    jobs: Jobs = None,
    time_limit: TimeLimit = DEFAULT_TIME_LIMIT,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what is wrong, and the summary.")] = False,
    verbose: Verbose = False,
    stdin_filename: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Name for standard input; its ending says how it is read."),
    ] = None,
) -> None:
    """Check documents. Exit status: 0 nothing wrong, 1 something is wrong, 2 could not run."""
    if quiet and verbose:
        raise typer.BadParameter("--quiet and --verbose contradict each other")
    wanted = want(format, output, jobs, quiet)
    project = settle_project(targets)
    try:
        codes = read_codes(list(project.select)), read_codes(list(project.ignore))
    except ValueError as error:
        fail(f"{project.file}: {error}")
    try:
        options = CheckOptions(
            time_limit=time_limit,
            strict=strict,
            verbose=verbose,
            select=read_codes(select) or codes[0],
            ignore=(*codes[1], *read_codes(ignore)),
            rules=find_pages(rules, project),
            given=project.given,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None

    def load() -> tuple[Work[DocumentResult], Loaded]:
        from derive.running.conduct import DOCUMENTS

        return DOCUMENTS, load_documents(targets, stdin_filename)

    raise typer.Exit(run(load, options, wanted))


def load_documents(arguments: list[str], stdin_filename: str | None) -> Loaded:
    """The documents that the arguments name."""
    from importlib import resources

    from derive.documents.targets import Missing, find_targets, list_bundled
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
        if not isinstance(target, Missing) and target.location is None and target.path in list_bundled():
            files[target.path] = str(resources.files("derive.documents") / "bundled" / f"{target.path}.md")
    return Loaded(tasks, files, missing)
