"""How a command ends."""

from __future__ import annotations

from typing import NoReturn

import typer

NOTHING_WRONG, WRONG, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130


def fail(message: str) -> NoReturn:
    """Ends the program: it could not run, for this reason."""
    typer.echo(f"derive: {message}", err=True)
    raise typer.Exit(COULD_NOT_RUN)
