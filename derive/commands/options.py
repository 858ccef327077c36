"""The options that commands share, and what they come down to."""

from __future__ import annotations

from typing import Annotated

import typer

Format = Annotated[str | None, typer.Option(metavar="text|json|latex", help="Form of the report.")]
Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write the report there; .txt .json .tex decide its form."),
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
