"""The rule book as JSON, `derive-rules/1`: every rule with all that stands on its page, and how it did on trial."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from derive import __version__
from derive.proving.rulebook import Entry
from derive.results import PageResult, RuleResult

SCHEMA = "derive-rules/1"


def rules_to_json(
    topics: Mapping[str, Sequence[Entry]],
    procedures: Mapping[str, str],
    pages: Sequence[PageResult] | None = None,
) -> str:
    """The rules by topic as JSON text; `pages` says, for the same topics in the same order, how they did."""
    trials: list[Sequence[RuleResult | None]]
    trials = [[None] * len(entries) for entries in topics.values()] if pages is None else [p.rules for p in pages]
    value = {
        "schema": SCHEMA,
        "version": __version__,
        "topics": [
            {"topic": topic, "rules": _rules(entries, tried)}
            for (topic, entries), tried in zip(topics.items(), trials, strict=True)
        ],
        "procedures": [{"name": name, "sentence": sentence} for name, sentence in procedures.items()],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _rules(entries: Sequence[Entry], trials: Sequence[RuleResult | None]) -> list[dict[str, Any]]:
    if len(entries) != len(trials):  # the page as a whole was given up
        return [{**_entry(entry), **_trial(trials[0])} for entry in entries]
    return [{**_entry(entry), **_trial(trial)} for entry, trial in zip(entries, trials, strict=True)]


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "line": entry.line,
        "rejected": entry.rejected,
        "sentence": entry.sentence,
        "statement": entry.statement,
        "where": list(entry.where),
        "assumes": list(entry.assumes),
        "holds": list(entry.holds),
        "fails": list(entry.fails),
        "counterexample": entry.counterexample or None,
        "source": entry.source,
    }


def _trial(trial: RuleResult | None) -> dict[str, Any]:
    if trial is None:
        return {}
    return {
        "passed": not trial.complaints,
        "complaints": list(trial.complaints),
        "remarks": list(trial.remarks),
        "seconds": round(trial.seconds, 4),
    }
