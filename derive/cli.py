"""The command line: options in, reports out, exit status. It imports no mathematics; workers do."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from derive import __version__
from derive.reports.formats import UnknownFormat, find_format, load_writer
from derive.reports.output import OutputError, probe_output, settings_for_output, write_output
from derive.results import DocumentResult, Report
from derive.running.options import DEFAULT_TIME_LIMIT, CheckOptions

if TYPE_CHECKING:
    from derive.running.conduct import Task

NOTHING_WRONG, WRONG, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="derive",
    help="Checks mathematical derivations line by line: proves each step, or gives a counterexample.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """The entry point of the program."""
    app()


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"derive {__version__}")
        raise typer.Exit


@app.callback()
def derive(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Checks mathematical derivations line by line: proves each step, or gives a counterexample."""


@app.command()
def check(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="TARGET",
            help="A file, a folder, - for standard input, or a bundled document (logistic, softmax).",
            show_default=False,
        ),
    ],
    format: Annotated[str | None, typer.Option(metavar="text|json|latex", help="Form of the report.")] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the report there; .txt .json .tex decide its form."),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="Only findings whose code begins so (E, I2, S301; comma separated)."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="No findings whose code begins so. Refuted steps count all the same."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Anything less than proved is an error.")] = False,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, metavar="N", help="Worker processes; one for each processor by default."),
    ] = None,
    time_limit: Annotated[float, typer.Option(metavar="SECONDS", help="Time for one step.")] = DEFAULT_TIME_LIMIT,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what is wrong, and the summary.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Proofs line by line as well.")] = False,
    stdin_filename: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Name for standard input; its ending says how it is read."),
    ] = None,
) -> None:
    """Check documents. Exit status: 0 nothing wrong, 1 something is wrong, 2 could not run."""
    if quiet and verbose:
        raise typer.BadParameter("--quiet and --verbose contradict each other")
    try:
        name = find_format(format, output)
        options = CheckOptions(
            time_limit=time_limit, strict=strict, verbose=verbose, select=_codes(select), ignore=_codes(ignore)
        )
        if output is not None:
            probe_output(output)
    except (UnknownFormat, ValueError) as error:
        raise typer.BadParameter(str(error)) from None
    except OutputError as error:
        _fail(str(error))
    try:
        status = run_check(targets, name, output, options, jobs, quiet, stdin_filename)
    except KeyboardInterrupt:
        status = INTERRUPTED
    raise typer.Exit(status)


def run_check(
    arguments: list[str],
    format_name: str,
    output: str | None,
    options: CheckOptions,
    jobs: int | None,
    quiet: bool,
    stdin_filename: str | None,
) -> int:
    """Checks the documents that the arguments name and writes the report; the exit status."""
    from derive.running.process import WorkersUnavailable, open_source

    begin = time.monotonic()
    # what workers come from imports the mathematics while this process imports the rest
    source = open_source(options.memory_limit)

    from derive.running.pool import Pool
    from derive.running.progress import show_progress

    try:
        with Pool(options, source) as pool:
            tasks, files, missing = _load_tasks(arguments, stdin_filename)
            for message in missing:
                typer.echo(f"derive: {message}", err=True)
            if missing and not tasks and format_name == "text":
                return COULD_NOT_RUN
            write = load_writer(format_name)
            with show_progress(len(tasks)) as progress:
                documents = list(pool.check(tasks, jobs, progress))
    except WorkersUnavailable as error:
        _fail(str(error))
    report = Report(tuple(_select(document, options) for document in documents), time.monotonic() - begin)
    settings = settings_for_output(output, quiet=quiet, verbose=options.verbose, strict=options.strict, files=files)
    try:
        write_output(write(report, settings), output, settings.encoding if format_name == "text" else "utf-8")
    except OutputError as error:
        _fail(str(error))
    return COULD_NOT_RUN if missing else exit_status(report, options.strict)


def _load_tasks(arguments: list[str], stdin_filename: str | None) -> tuple[list[Task], dict[str, str], list[str]]:
    """The documents to check, the files of those whose path is none, and what is to be said of the others."""
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
    return tasks, files, missing


def exit_status(report: Report, strict: bool) -> int:
    """Whether something is wrong: a step is refuted or a finding is an error (strict: or a step is not proved)."""
    wrong = report.count("refuted") or report.severities("error")
    less = report.count("supported") + report.count("unknown") + report.count("unread")
    return WRONG if wrong or (strict and less) else NOTHING_WRONG


def _select(document: DocumentResult, options: CheckOptions) -> DocumentResult:
    return replace(document, findings=tuple(f for f in document.findings if options.selects(f.code)))


def _codes(values: list[str] | None) -> tuple[str, ...]:
    """Prefixes of finding codes from what was given, commas taken apart."""
    codes = tuple(code.strip().upper() for value in values or () for code in value.split(",") if code.strip())
    for code in codes:
        if not (code[0] in "EISAN" and code[1:].isdigit() | (len(code) == 1) and len(code) <= 4):
            raise ValueError(f"{code!r} is not the beginning of a finding code (such as E, I2 or S301)")
    return codes


def _fail(message: str) -> NoReturn:
    typer.echo(f"derive: {message}", err=True)
    raise typer.Exit(COULD_NOT_RUN)


def _missing_command(name: str) -> Callable[[], None]:
    def command() -> None:
        _fail(f"this version has no command {name!r}")

    return command


MISSING_COMMANDS = ("prove", "fix", "explain", "rules")
"""Commands that are foreseen and not there yet."""

for _name in MISSING_COMMANDS:
    app.command(
        _name,
        hidden=True,
        add_help_option=False,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(_missing_command(_name))
