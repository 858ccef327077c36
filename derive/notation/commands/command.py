"""What a command is: the kind of thing it makes, its meaning, and how many arguments belong to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """`kind` chooses how the parser goes on, `value` is what the tree will say, `arity` counts the arguments
    in braces that layout commands take with them."""

    kind: str
    value: str = ""
    arity: int = 0


def table(kind: str, names: str) -> dict[str, Command]:
    """Commands that mean their own names: words of a string, one command each."""
    return {name: Command(kind, name) for name in names.split()}


def pairs(kind: str, meanings: dict[str, str]) -> dict[str, Command]:
    """Commands with the meaning given: names are words of the keys."""
    return {name: Command(kind, value) for names, value in meanings.items() for name in names.split()}


def words(text: str) -> frozenset[str]:
    """The words of a string: a table that reads like a line of text."""
    return frozenset(text.split())
