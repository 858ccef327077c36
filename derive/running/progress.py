"""The progress bar on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from derive.running.pool import Progress


@contextmanager
def show_progress(documents: int) -> Iterator[Progress | None]:
    """Within it, what it gives draws a bar; None where nobody would see one."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("checking", total=None)
        counts: dict[int, tuple[int, int]] = {}

        def progress(document: int, done: int, units: int) -> None:
            counts[document] = (done, units)
            total = sum(units for _, units in counts.values())
            # documents that are not read yet count as much as the ones that are
            expected = total * documents // len(counts)
            bar.update(task, completed=sum(done for done, _ in counts.values()), total=expected)

        yield progress
