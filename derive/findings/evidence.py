"""What the checks look at: the document, its steps, and what was decided of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.meaning.context import Context
from derive.results import StepResult
from derive.steps.step import Derivation, Step


@dataclass(frozen=True)
class Evidence:
    """The context of a document, its derivations, and the result of each step, in the order of the steps."""

    context: Context
    derivations: tuple[Derivation, ...]
    results: tuple[StepResult, ...]

    def steps(self) -> Iterator[tuple[Step, StepResult]]:
        """Each step with its result."""
        return zip((s for d in self.derivations for s in d.steps), self.results, strict=True)
