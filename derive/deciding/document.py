"""A document opened for deciding: read, parsed, its context gathered, its steps planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from derive.deciding.assumptions import Assumed, discover
from derive.deciding.judge import Judgement, judge
from derive.documents.formats import read_document
from derive.meaning.context import Context, gather
from derive.meaning.outline import parse
from derive.meaning.question import Definition
from derive.source import Source
from derive.steps.plan import plan
from derive.steps.step import Derivation, Step


@dataclass(frozen=True)
class Opened:
    """A document and its steps. Nothing is decided by opening it."""

    context: Context
    derivations: tuple[Derivation, ...]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All steps, in order."""
        return tuple(step for derivation in self.derivations for step in derivation.steps)

    def discover(self) -> tuple[Assumed, ...]:
        """The definitions that the document only names (takes proving)."""
        return tuple(discover(self.context, self.derivations))

    def judge(self, index: int, assumed: Sequence[Definition] = ()) -> Judgement:
        """Decide one step."""
        return judge(self.context, self.steps[index], assumed)


def open_text(path: str, text: str) -> Opened:
    """Open the document with this text; its path's ending says what it is written in."""
    context = gather(parse(read_document(Source(path, text))))
    return Opened(context, plan(context))
