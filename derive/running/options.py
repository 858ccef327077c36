"""What a run was asked to do, as plain data that crosses to the worker processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

DEFAULT_TIME_LIMIT = 5.0
DEFAULT_MEMORY_LIMIT = 1 << 30


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How documents are checked.

    `time_limit` (seconds) and `memory_limit` (bytes) hold for each unit of work. `select` and `ignore` are prefixes
    of finding codes (no `select` means all). `rules` are paths of pages of the reader's own rules, `given` directives
    that hold for every document."""

    time_limit: float = DEFAULT_TIME_LIMIT
    memory_limit: int = DEFAULT_MEMORY_LIMIT
    strict: bool = False
    verbose: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    given: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.time_limit < float("inf"):
            raise ValueError(f"not a time limit: {self.time_limit}")
        if self.memory_limit <= 0:
            raise ValueError(f"not a memory limit: {self.memory_limit}")

    def selects(self, code: str) -> bool:
        """Whether a finding of this code is asked for."""
        return (not self.select or code.startswith(self.select)) and not code.startswith(self.ignore)


def options_to_json(options: CheckOptions) -> dict[str, Any]:
    """The options as a JSON object."""
    return asdict(options)


def options_from_json(value: Mapping[str, Any]) -> CheckOptions:
    """The options back from what `options_to_json` made, with or without JSON in between."""
    lists = {key: tuple(value[key]) for key in ("select", "ignore", "rules", "given")}
    return CheckOptions(**{**value, **lists})
