"""The command line: the commands by name. Each is a file in `commands/`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer
from typer.core import TyperCommand

from derive import __version__
from derive.commands.check import check
from derive.commands.explain import explain
from derive.commands.fix import fix
from derive.commands.prove import StatementCommand, prove
from derive.commands.rules import rules

app = typer.Typer(
    name="derive",
    help="Checks mathematical derivations line by line: proves each step, or gives a counterexample.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS: dict[Callable[..., None], type[TyperCommand] | None] = {
    check: None,
    fix: None,
    prove: StatementCommand,
    explain: None,
    rules: None,
}
"""The commands in the order of the help, with a class of their own where their arguments need it."""


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


for _command, _class in COMMANDS.items():
    app.command(_command.__name__, cls=_class)(_command)
