"""One page of rules from its text to its result: each rule is a unit of work, its trial."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from derive.proving.book import with_pages
from derive.proving.rulebook import Entry, read_text
from derive.proving.trial import try_rejected, try_rule
from derive.results import PageResult, RuleResult
from derive.running.options import CheckOptions
from derive.running.wire import rule_from_json, to_json

Json = dict[str, Any]


class PageExamination:
    """A page under examination. Raises BrokenPage where it is not written as pages are."""

    def __init__(self, path: str, text: str, options: CheckOptions) -> None:
        self.path = path
        self.entries: tuple[Entry, ...] = read_text(text, PurePath(path).stem)
        self.units: Sequence[str] = tuple(entry.name for entry in self.entries)
        self._book = with_pages(options.rules)

    def decide(self, index: int, earlier: list[Json]) -> Json:
        """The result of one rule."""
        start = time.perf_counter()
        entry = self.entries[index]
        trial = try_rejected(entry) if entry.rejected else try_rule(entry, self._book)
        seconds = round(time.perf_counter() - start, 6)
        return to_json(RuleResult(entry.name, entry.line, trial.complaints, trial.remarks, seconds))

    def give_up(self, index: int, reason: str) -> Json:
        """The result of a rule whose trial was stopped."""
        entry = self.entries[index]
        return to_json(RuleResult(entry.name, entry.line, (f"its trial was stopped: {reason}",)))

    def finish(self, results: list[Json]) -> Json:
        """The result of the page."""
        return to_json(PageResult(self.path, tuple(rule_from_json(result) for result in results)))
