"""`derive rules`: the rule book, listed or put on trial."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from derive.commands.exits import INTERRUPTED, NOTHING_WRONG, WRONG, fail
from derive.commands.options import Jobs, Verbose
from derive.commands.pages import find_pages, load_page
from derive.reports.output import settings_for_output, write_output
from derive.running.options import CheckOptions

if TYPE_CHECKING:
    from derive.proving.rulebook import Entry
    from derive.reports.settings import Settings
    from derive.results import PageResult
    from derive.running.conduct import Task


def rules(
    pages: Annotated[
        list[str] | None,
        typer.Argument(metavar="PAGE", help="Pages of your own rules, next to the book.", show_default=False),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Put every rule through its own tests.")] = False,
    format: Annotated[str, typer.Option(metavar="text|json", help="Form of the list.")] = "text",
    jobs: Jobs = None,
    verbose: Verbose = False,
) -> None:
    """List the rules that proofs may use. With --check: exit status 0 all pass, 1 one fails, 2 could not run."""
    if format not in ("text", "json"):
        raise typer.BadParameter(f"no format {format!r} (there are: text, json)")
    own = find_pages(pages)
    tried: list[PageResult] | None = None
    begin = time.monotonic()
    if check:
        try:
            tried = _try(own, jobs)
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
    settings = settings_for_output(None, quiet=False, verbose=verbose, strict=False, files={})
    _write(_list(own, tried, format, time.monotonic() - begin, settings), settings, format)
    raise typer.Exit(WRONG if any(page.failed for page in tried or ()) else NOTHING_WRONG)


def _list(own: Sequence[str], tried: list[PageResult] | None, format: str, seconds: float, settings: Settings) -> str:
    from derive.proving.procedures import PROCEDURES
    from derive.proving.rulebook import REJECTED, read_page, topics
    from derive.reports.rule_pages import write_book, write_trials
    from derive.reports.rules_json import rules_to_json

    book: dict[str, Sequence[Entry]] = {topic: read_page(topic) for topic in topics()}
    if tried is not None:
        book[REJECTED] = read_page(REJECTED)
    book |= {path: load_page(path)[1] for path in own}
    if format == "json":
        return rules_to_json(book, PROCEDURES, tried)
    return write_book(book, PROCEDURES, settings) if tried is None else write_trials(tried, seconds, settings)


def _try(own: Sequence[str], jobs: int | None) -> list[PageResult]:
    """How all rules did, page by page. Ends the program where a page can't be read."""
    from derive.running.process import WorkersUnavailable, open_source

    options = CheckOptions(rules=tuple(own))
    source = open_source(options.memory_limit)

    from derive.running.pool import Pool
    from derive.running.progress import show_progress

    try:
        with Pool(options, source) as pool:
            tasks = _tasks(own)
            with show_progress(len(tasks)) as progress:
                return list(pool.try_pages(tasks, jobs, progress))
    except WorkersUnavailable as error:
        fail(str(error))


def _tasks(own: Sequence[str]) -> list[Task]:
    from derive.proving.rulebook import REJECTED, BrokenPage, all_entries, book_folder, topics
    from derive.running.conduct import Task

    try:
        all_entries()
    except BrokenPage as error:
        fail(str(error))
    folder = book_folder()
    book = [Task(name, (folder / f"{name}.md").read_text(encoding="utf-8")) for name in (*topics(), REJECTED)]
    return book + [Task(path, load_page(path)[0]) for path in own]


def _write(text: str, settings: Settings, format: str) -> None:
    write_output(text, None, settings.encoding if format == "text" else "utf-8")
