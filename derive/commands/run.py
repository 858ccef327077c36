"""A run: what was asked for goes through the workers, and a report of it comes out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import typer

from derive.commands.exits import COULD_NOT_RUN, INTERRUPTED, NOTHING_WRONG, WRONG, fail
from derive.commands.pages import read_pages, say_failures
from derive.reports.formats import UnknownFormat, find_format, load_writer
from derive.reports.output import OutputError, probe_output, settings_for_output, write_output
from derive.results import DocumentResult, Report

if TYPE_CHECKING:
    from derive.running.conduct import Task, Work
    from derive.running.options import CheckOptions
    from derive.running.pool import Pool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader wants of a run: the form of the report, where it goes, how many workers, how much is shown."""

    format: str
    output: str | None = None
    jobs: int | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """What there is to do: tasks, the files of those whose path is none, and what is to be said of what is missing."""

    tasks: list[Task]
    files: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def want(format: str | None, output: str | None, jobs: int | None, quiet: bool = False) -> Wanted:
    """The wishes of a reader, looked at before anything is done. Ends the program where they can't be met."""
    try:
        wanted = Wanted(find_format(format, output), output, jobs, quiet)
        if output is not None:
            probe_output(output)
    except UnknownFormat as error:
        raise typer.BadParameter(str(error)) from None
    except OutputError as error:
        fail(str(error))
    return wanted


def run(
    load: Callable[[], tuple[Work[DocumentResult], Loaded]],
    options: CheckOptions,
    wanted: Wanted,
) -> int:
    """Checks what is loaded and writes the report; the exit status. An interrupt ends it without a report."""
    try:
        return _run(load, options, wanted)
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(load: Callable[[], tuple[Work[DocumentResult], Loaded]], options: CheckOptions, wanted: Wanted) -> int:
    begin = time.monotonic()
    with open_pool(options, wanted.jobs) as pool:
        from derive.running.progress import show_progress

        work, loaded = load()
        for message in loaded.missing:
            typer.echo(f"derive: {message}", err=True)
        if loaded.missing and not loaded.tasks and wanted.format == "text":
            return COULD_NOT_RUN
        write = load_writer(wanted.format)
        with show_progress(len(loaded.tasks)) as progress:
            documents = list(pool.take(work, loaded.tasks, wanted.jobs, progress))
    report = Report(tuple(select_findings(document, options) for document in documents), time.monotonic() - begin)
    settings = settings_for_output(
        wanted.output, quiet=wanted.quiet, verbose=options.verbose, strict=options.strict, files=loaded.files
    )
    try:
        encoding = settings.encoding if wanted.format == "text" else "utf-8"
        write_output(write(report, settings), wanted.output, encoding)
    except OutputError as error:
        fail(str(error))
    return COULD_NOT_RUN if loaded.missing else exit_status(report, options.strict)


@contextmanager
def open_pool(options: CheckOptions, jobs: int | None) -> Iterator[Pool]:
    """Within it there are workers, and the reader's own pages of rules have passed their tests. Ends the program where
    they did not, or where there can be no workers."""
    from derive.running.process import WorkersUnavailable, open_source

    # what workers come from imports the mathematics while this process imports the rest
    source = open_source(options.memory_limit)

    from derive.running.pool import Pool

    try:
        with Pool(options, source) as pool:
            pages = read_pages(options.rules)
            if pages and say_failures(pool.try_pages(pages, jobs)):
                raise typer.Exit(COULD_NOT_RUN)
            yield pool
    except WorkersUnavailable as error:
        fail(str(error))


def exit_status(report: Report, strict: bool) -> int:
    """Whether something is wrong: a step is refuted or a finding is an error (strict: or a step is not proved)."""
    wrong = report.count("refuted") or report.severities("error")
    less = report.count("supported") + report.count("unknown") + report.count("unread")
    return WRONG if wrong or (strict and less) else NOTHING_WRONG


def select_findings(document: DocumentResult, options: CheckOptions) -> DocumentResult:
    """The result with the findings that are asked for."""
    return replace(document, findings=tuple(f for f in document.findings if options.selects(f.code)))
