"""Findings that steps and the document itself give rise to: refuted and unread steps, undefined symbols, assumptions,
broken formulas."""

from __future__ import annotations

from collections.abc import Iterator

from derive.findings.codes import finding
from derive.findings.evidence import Evidence
from derive.results import Counterexample, Finding, StepResult
from derive.source import Span


def wrong_steps(evidence: Evidence) -> Iterator[Finding]:
    """E101: every refuted step."""
    for step, result in evidence.steps():
        if result.verdict == "refuted":
            yield finding(evidence.context.outline, "E101", step.place, refuted_in_words(result))


def refuted_in_words(result: StepResult) -> str:
    """Why a refuted step is, as a sentence."""
    said = result.reason or ("the two sides differ" if result.relation == "=" else "the relation fails")
    return said + (f": {in_words(result.counterexample)}" if result.counterexample else "")


def in_words(counterexample: Counterexample) -> str:
    """The counterexample as a sentence."""
    values = ", ".join(f"{name} = {value}" for name, value in list(counterexample.values.items())[:6])
    sides = f"the left side is {counterexample.left} and the right side is {counterexample.right}"
    return f"for {values} {sides}" if values else sides


def unread_steps(evidence: Evidence) -> Iterator[Finding]:
    """N501: every unread step."""
    for step, result in evidence.steps():
        if result.verdict == "unread":
            yield finding(evidence.context.outline, "N501", step.place, result.reason)


def undefined_symbols(evidence: Evidence) -> Iterator[Finding]:
    """S301: a step that stays undecided because of a symbol that nobody defined."""
    for step, result in evidence.steps():
        if result.verdict == "unknown" and "not defined" in result.reason:
            yield finding(evidence.context.outline, "S301", step.place, result.reason)


def assumed_values(evidence: Evidence) -> Iterator[Finding]:
    """A402: a verdict that rests on a value from the prose, told once for each value."""
    told: set[str] = set()
    for step, result in evidence.steps():
        for assumption in result.assumptions:
            if "one-hot" in assumption and assumption not in told:
                told.add(assumption)
                yield finding(evidence.context.outline, "A402", step.place, f"proved for {assumption}")


def broken_formulas(evidence: Evidence) -> Iterator[Finding]:
    """N502: what the document's reader could not make sense of."""
    outline = evidence.context.outline
    for trouble in outline.document.troubles:
        span = Span(trouble.span.start, max(trouble.span.end, trouble.span.start))
        yield finding(outline, "N502", span, trouble.message)


CHECKS = (wrong_steps, unread_steps, undefined_symbols, assumed_values, broken_formulas)
