"""`derive prove`: one relation from the command line, with what is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from derive.commands.exits import fail
from derive.commands.options import Format, Output, Pages, Strict, TimeLimit, Verbose
from derive.commands.pages import find_pages
from derive.commands.run import Loaded, run, want
from derive.running.options import DEFAULT_TIME_LIMIT, CheckOptions

if TYPE_CHECKING:
    from derive.notation.tree import Chain
    from derive.results import DocumentResult
    from derive.running.conduct import Work

PATH = "<statement>"
CHECKED_SIGNS = frozenset("=≡≠<≤>≥∝")
SENTENCES = "formulas are, such as x > 0, and sentences such as 'x is positive' or 'm and n are integers'"
CONDITIONS = "words stand in it; what holds is said with --given"
_NEGATIVE = re.compile(r"-[^-].*([=<>]|\\(le|ge|ne|lt|gt|equiv|propto|leq|geq|neq)\b)", re.DOTALL)
_WORDS = re.compile(
    r"(?<!\S)(and|or|not|if|when|where|for|is|are|all|any|every|some|then|with|such|that|than|the|let|be|but)(?!\S)"
)


class StatementCommand(TyperCommand):
    """A command whose argument is a formula, which may begin with a minus sign."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As usual, but a formula is no option: a blank before it says so."""
        return super().parse_args(ctx, [f" {arg}" if _NEGATIVE.match(arg) else arg for arg in args])


def prove(
    statement: Annotated[
        str, typer.Argument(metavar="'LEFT = RIGHT'", help="An equality or inequality in LaTeX.", show_default=False)
    ],
    given: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="What holds: 'x > 0', 'n \\in \\mathbb{N}', 'x is positive'; repeatable."),
    ] = None,
    format: Format = None,
    output: Output = None,
    strict: Strict = False,
    rules: Pages = None,
    time_limit: TimeLimit = DEFAULT_TIME_LIMIT,
    verbose: Verbose = False,
) -> None:
    """Check one relation. Exit status: 0 not wrong, 1 refuted (--strict: or not proved), 2 could not run."""
    wanted = want(format, output, 1)
    try:
        options = CheckOptions(time_limit=time_limit, strict=strict, verbose=verbose, rules=find_pages(rules))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    lines = [_claim(statement), *(formula for text in given or () for formula in _formulas(text))]

    def load() -> tuple[Work[DocumentResult], Loaded]:
        from derive.running.conduct import STATEMENTS, Task

        return STATEMENTS, Loaded([Task(PATH, "\n".join(lines))])

    raise typer.Exit(run(load, options, wanted))


def _claim(text: str) -> str:
    """The statement in one line. Ends the program where it is not one relation, or one that is not checked."""
    line = _one_line(text)
    chain = _read(line, f"the statement '{text}'", CONDITIONS)
    unchecked = [sign.sign for sign in chain.signs if sign.sign not in CHECKED_SIGNS]
    if unchecked:
        fail(f"the statement '{text}': the relation {unchecked[0]} is not checked")
    return line


def _formulas(text: str) -> Iterator[str]:
    """The formulas that a given text comes to. Ends the program where it is not understood."""
    from derive.meaning.sentences import formulas_of

    line = _one_line(text)
    said = formulas_of(line)
    if said is not None:
        yield from said
        return
    for part in re.split(r"\s+and\s+", line):
        part = _one_line(part)
        _read(part, f"--given '{text}'", SENTENCES)
        yield part


def _one_line(text: str) -> str:
    """A formula in one line and without the dollars around it."""
    line = " ".join(text.split())
    for fence in ("$$", "$"):
        if line.startswith(fence) and line.endswith(fence) and len(line) > 2 * len(fence):
            line = line[len(fence) : -len(fence)].strip()
    return line


def _read(line: str, what: str, instead: str) -> Chain:
    """The relation in a line. Ends the program where there is none, or more, or words (saying what to do instead)."""
    from derive.notation import read_passage
    from derive.notation.tree import Chain, Empty, Unread
    from derive.notation.walk import walk
    from derive.source import TracedText

    if _WORDS.search(line) is not None or "$" in line:
        fail(f"{what} is not understood: {instead}")
    passage = read_passage(TracedText(line, range(len(line))))
    unread = next((node for node in walk(passage) if isinstance(node, Unread)), None)
    if unread is not None:
        fail(f"{what} cannot be read: {unread.reason}")
    chains = [item for item in passage.items if isinstance(item, Chain)]
    if len(chains) != 1 or len(passage.items) != 1 or not chains[0].signs:
        fail(f"{what} is not one relation, such as x > 0")
    if any(isinstance(operand, Empty) for operand in chains[0].operands):
        fail(f"{what}: one side of the relation is missing")
    return chains[0]
