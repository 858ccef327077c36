"""`derive fix`: makes the repairs that were verified, in the files themselves, or shows them.

Files are written at the end, each whole or not at all, and only where it still holds what was read. Standard input
comes out mended, like from a filter, and what is said of it goes to standard error; so does what is said beside a diff.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from derive.commands.exits import COULD_NOT_RUN, INTERRUPTED, WRONG, fail
from derive.commands.options import (
    Ignore,
    Jobs,
    Pages,
    Select,
    StdinFilename,
    Strict,
    Targets,
    TimeLimit,
    settle_options,
)
from derive.commands.replacing import NotReplaced, replace_file
from derive.commands.run import exit_status, open_pool, select_findings
from derive.reports.output import OutputError, settings_for_output, write_bytes, write_output
from derive.results import Report
from derive.running.options import DEFAULT_TIME_LIMIT, CheckOptions

if TYPE_CHECKING:
    from derive.documents.targets import Missing, Target
    from derive.repairing.mending import Mended
    from derive.running.pool import Pool
    from derive.source import Source

MARK = "\ufeff"


def fix(
    targets: Targets,
    diff: Annotated[bool, typer.Option("--diff", help="Show what would be changed, and write nothing.")] = False,
    select: Select = None,
    ignore: Ignore = None,
    strict: Strict = False,
    rules: Pages = None,
    jobs: Jobs = None,
    time_limit: TimeLimit = DEFAULT_TIME_LIMIT,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what is wrong still, and the summary.")] = False,
    stdin_filename: StdinFilename = None,
) -> None:
    """Make the repairs that were verified. Exit status: 0 nothing is wrong, 1 something is wrong still (--diff: or
    would be changed), 2 could not run."""
    if "-" in targets and len(set(targets)) > 1 and not diff:
        fail("-: standard input comes out mended, so that it is fixed alone")
    options = settle_options(targets, select, ignore, rules, time_limit, strict)
    try:
        status = _fix(targets, stdin_filename, options, Wishes(diff, quiet, jobs, targets == ["-"] and not diff))
    except KeyboardInterrupt:
        status = INTERRUPTED
    except OutputError as error:
        fail(str(error))
    raise typer.Exit(status)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the reader wants to see: a diff instead of changed files, little, how many workers; `filter` is standard
    input that comes out mended."""

    diff: bool
    quiet: bool
    jobs: int | None
    filter: bool


@dataclass(frozen=True, slots=True)
class Original:
    """A document as it was read: its bytes, and the source in them."""

    target: Target
    data: bytes
    source: Source

    def with_text(self, text: str) -> bytes:
        """The document with another text; a byte order mark stays."""
        mark = MARK if self.data.startswith(MARK.encode()) else ""
        return (mark + text).encode("utf-8")


def _fix(targets: list[str], stdin_filename: str | None, options: CheckOptions, wishes: Wishes) -> int:
    begin = time.monotonic()
    with open_pool(options, wishes.jobs) as pool:
        originals, complaints = _load(targets, stdin_filename, wishes.diff)
        for complaint in complaints:
            _say(complaint)
        if not originals:
            return COULD_NOT_RUN
        mended = _mend(pool, originals, options, wishes.jobs)
    for document in mended:
        _say_limits(document)
    pairs = list(zip(originals, mended, strict=True))
    if wishes.diff:
        _show_difference(pairs)
        if not wishes.quiet:
            _say_difference(mended)
    elif wishes.filter:
        write_bytes(originals[0].with_text(mended[0].text))
        _tell(mended, time.monotonic() - begin, options, wishes)
    else:
        written = [pair for pair in pairs if _write(*pair)]
        complaints += ["not written"] * (len(pairs) - len(written))
        mended = [after for _, after in written]
        _tell(mended, time.monotonic() - begin, options, wishes)
    if complaints:
        return COULD_NOT_RUN
    if wishes.diff and any(original.source.text != after.text for original, after in pairs):
        return WRONG
    return exit_status(Report(tuple(document.result for document in mended)), options.strict)


def _load(targets: list[str], stdin_filename: str | None, diff: bool) -> tuple[list[Original], list[str]]:
    """The documents that the arguments name, and what is to be said of those that cannot be fixed."""
    from derive.documents.targets import Missing, find_targets

    originals: list[Original] = []
    complaints: list[str] = []
    for target in find_targets(targets, sys.stdin.buffer if sys.stdin else None, stdin_filename):
        found = target if isinstance(target, Missing) else _read(target, diff)
        if isinstance(found, Missing):
            complaints.append(found.message)
        else:
            originals.append(found)
    return originals, complaints


def _read(target: Target, diff: bool) -> Original | Missing:
    """A document with its bytes, or why it cannot be fixed."""
    from derive.documents.targets import Missing, decode_source

    if target.bundled and not diff:
        said = f"{target.path}: comes with derive and is not written; --diff shows what would be changed"
        return Missing(target.path, said)
    data = target.read()
    if isinstance(data, Missing):
        return data
    source = decode_source(target.path, data)
    return source if isinstance(source, Missing) else Original(target, data, source)


def _mend(pool: Pool, originals: Sequence[Original], options: CheckOptions, jobs: int | None) -> list[Mended]:
    """The documents mended: what each wants checked next goes through the workers together."""
    from derive.repairing.mending import mend
    from derive.running.conduct import DOCUMENTS, Task
    from derive.running.progress import show_progress

    mendings = [mend(original.source.path, original.source.text) for original in originals]
    wanted = {number: next(mending) for number, mending in enumerate(mendings)}
    mended: dict[int, Mended] = {}
    while wanted:
        tasks = [Task(originals[number].source.path, text) for number, text in wanted.items()]
        with show_progress(len(tasks)) as progress:
            results = list(pool.take(DOCUMENTS, tasks, jobs, progress))
        numbers, wanted = list(wanted), {}
        for number, result in zip(numbers, results, strict=True):
            try:
                wanted[number] = mendings[number].send(select_findings(result, options))
            except StopIteration as done:
                mended[number] = done.value
    return [mended[number] for number in range(len(originals))]


def _say_limits(mended: Mended) -> None:
    """Says what could not be mended, and why, where the report does not."""
    from derive.repairing.reach import macros_in_wrong_lines

    path = mended.result.path
    for line, macro in macros_in_wrong_lines(mended.text, mended.result):
        _say(f"{path}:{line}: {macro} is used here; what a macro stands for is not changed")
    if mended.unfinished:
        _say(f"{path}: it was checked very often; another run may find more to mend")


def _write(original: Original, mended: Mended) -> bool:
    """Writes what has changed. Whether the file is as it should be now; if it stays as it was, the reason is said."""
    location = original.target.location
    try:
        if location is not None and mended.text != original.source.text:
            replace_file(location, original.data, original.with_text(mended.text))
    except NotReplaced as error:
        _say(str(error))
        return False
    return True


def _tell(mended: Sequence[Mended], seconds: float, options: CheckOptions, wishes: Wishes) -> None:
    """The report of what was mended and what is wrong still."""
    from derive.reports.repairs import write_repairs

    settings = settings_for_output(None, quiet=wishes.quiet, verbose=False, strict=options.strict, files={})
    text = write_repairs(mended, seconds, settings)
    if wishes.filter:
        typer.echo(text, err=True, nl=False)
    else:
        write_output(text, None, settings.encoding)


def _show_difference(pairs: Sequence[tuple[Original, Mended]]) -> None:
    from derive.reports.difference import write_difference

    rows = [
        write_difference(original.source.path, original.data.decode(), original.with_text(after.text).decode())
        for original, after in pairs
    ]
    write_bytes("".join(rows).encode("utf-8"))


def _say_difference(mended: Sequence[Mended]) -> None:
    """What would be done, beside a diff."""
    from derive.reports.order import count
    from derive.reports.repairs import count_repairs

    files = sum(bool(document.made) for document in mended)
    errors = Report(tuple(document.result for document in mended)).severities("error")
    _say(f"{count_repairs(mended)} in {count(files, 'document')}; {count(errors, 'error')} would be left")


def _say(message: str) -> None:
    typer.echo(f"derive: {message}", err=True)
