"""The options that commands share, and what they come down to."""

from __future__ import annotations

from typing import Annotated

import typer

from derive.commands.exits import fail
from derive.commands.pages import find_pages, settle_project
from derive.running.options import CheckOptions

Format = Annotated[str | None, typer.Option(metavar="text|json|latex", help="Form of the report.")]
Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write the report there; .txt .json .tex decide its form."),
]
Targets = Annotated[
    list[str],
    typer.Argument(
        metavar="TARGET",
        help="A file, a folder, - for standard input, or a bundled document (logistic, softmax).",
        show_default=False,
    ),
]
Select = Annotated[
    list[str] | None,
    typer.Option(metavar="CODES", help="Only findings whose code begins so (E, I2, S301; comma separated)."),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(metavar="CODES", help="No findings whose code begins so. Refuted steps count all the same."),
]
StdinFilename = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Name for standard input; its ending says how it is read."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Anything less than proved is an error.")]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, metavar="N", help="Worker processes; one for each processor by default."),
]
TimeLimit = Annotated[float, typer.Option(metavar="SECONDS", help="Time for one step.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Proofs line by line as well.")]
Pages = Annotated[
    list[str] | None,
    typer.Option("--rules", metavar="FILE", help="A page of your own rules, which pass their tests first; repeatable."),
]


def read_codes(values: list[str] | None) -> tuple[str, ...]:
    """Prefixes of finding codes from what was given, commas taken apart. Raises ValueError."""
    codes = tuple(code.strip().upper() for value in values or () for code in value.split(",") if code.strip())
    for code in codes:
        if not (code[0] in "EISAN" and code[1:].isdigit() | (len(code) == 1) and len(code) <= 4):
            raise ValueError(f"{code!r} is not the beginning of a finding code (such as E, I2 or S301)")
    return codes


def settle_options(
    targets: list[str],
    select: list[str] | None,
    ignore: list[str] | None,
    rules: list[str] | None,
    time_limit: float,
    strict: bool,
    verbose: bool = False,
) -> CheckOptions:
    """How documents are checked: what the command line says, and the project of the targets. Ends the program where
    one of them says what is not understood."""
    project = settle_project(targets)
    try:
        codes = read_codes(list(project.select)), read_codes(list(project.ignore))
    except ValueError as error:
        fail(f"{project.file}: {error}")
    try:
        return CheckOptions(
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
