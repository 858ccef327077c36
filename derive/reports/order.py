"""The order in which people read a document's results: steps and findings as they stand in the document."""

from __future__ import annotations

from dataclasses import dataclass

from derive.results import DocumentResult, Finding, StepResult


@dataclass(frozen=True, slots=True)
class Entry:
    """A step with the findings at its lines, or findings alone (`step` is None) where no step stands."""

    line: int
    heading: str | None
    step: StepResult | None
    findings: tuple[Finding, ...]


def order_entries(document: DocumentResult) -> list[Entry]:
    """Everything there is to say of a document, by line. Each finding occurs once: under the first step that begins
    where it does, else under the first that reaches over its line, else alone."""
    steps = [(step, derivation.heading) for derivation in document.derivations for step in derivation.steps]
    under: dict[int, list[Finding]] = {}
    alone: list[Finding] = []
    for finding in sorted(document.findings, key=lambda f: (f.place.line, f.place.column, f.code)):
        number = _find_step([step for step, _ in steps], finding)
        if number is None:
            alone.append(finding)
        else:
            under.setdefault(number, []).append(finding)
    entries = [
        Entry(step.place.line, heading, step, tuple(under.get(number, ())))
        for number, (step, heading) in enumerate(steps)
    ]
    for finding in alone:
        entries.append(Entry(finding.place.line, None, None, (finding,)))
    entries.sort(key=lambda entry: entry.line)
    return entries


def _find_step(steps: list[StepResult], finding: Finding) -> int | None:
    begin = (finding.place.line, finding.place.column)
    for number, step in enumerate(steps):
        if (step.place.line, step.place.column) == begin:
            return number
    reaching = [k for k, step in enumerate(steps) if step.place.line <= finding.place.line <= step.place.end_line]
    # of several steps on one line, the first that ends past the finding
    inside = [k for k in reaching if (steps[k].place.end_line, steps[k].place.end_column) > begin]
    return next(iter(inside or reaching), None)


def count(number: int, noun: str) -> str:
    """A number and its noun: `1 step`, `2 steps`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def says_rules(step: StepResult) -> bool:
    """Whether the reason of a step names its rules already."""
    if not step.reason:
        return True
    return "".join(step.rules).replace("-", " ") == step.reason.replace("; ", "") or step.method == "identical"


def explain_verdict(step: StepResult) -> str:
    """The words beside a verdict; none where the verdict or the counterexample says it all."""
    if step.verdict == "stated":
        return ""
    return step.reason or ", ".join(step.rules) or ("" if step.counterexample else step.method or "")
