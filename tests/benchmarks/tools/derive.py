"""derive itself: a step is read, proved, or else refuted."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from time import thread_time
from typing import Any

from ..step import CONSEQUENCE, Step, bundled_text
from . import Answer, Ask


def load() -> Ask:
    return answer


def answer(step: Step) -> Answer:
    """Single relations as `read_statement` reads them; consequences and steps of documents as documents."""
    from derive.meaning.trouble import Beyond, Unreadable

    if step.document:
        verdicts, seconds = _checked(step.document)
        return replace(_verdict(*verdicts[step.line]), seconds=seconds / step.together)
    try:
        return _follows(step) if step.relation == CONSEQUENCE else _relation(step)
    except Unreadable as trouble:
        return Answer("unread", str(trouble))
    except Beyond as trouble:
        return Answer("undecided", str(trouble))


def _relation(step: Step) -> Answer:
    from derive.meaning.statement import read_statement
    from derive.proving.core import Proof
    from derive.proving.prover import prove
    from derive.refuting.answers import Counterexample
    from derive.refuting.refuter import refute

    question = read_statement(step.latex, step.given)
    outcome = prove(question)
    if isinstance(outcome, Proof):
        return Answer("equal", outcome.explanation())
    found = refute(question)
    if isinstance(found, Counterexample):
        return Answer("different", f"at {dict(found.values)}: {found.left} and {found.right}")
    return Answer("undecided", outcome.reason or getattr(found, "reason", ""))


def _follows(step: Step) -> Answer:
    from derive.deciding.document import open_text

    said = "".join(f"Let ${condition}$.\n\n" for condition in step.given)
    rows = f"\\begin{{aligned}}\n{step.left} \\\\\n{step.right}\n\\end{{aligned}}"
    opened = open_text("step.md", f"{said}$$\n{rows}\n$$\n")
    judgement = opened.judge(len(opened.steps) - 1)
    return _verdict(judgement.verdict, judgement.reason)


@cache
def _checked(name: str) -> tuple[dict[int, tuple[str, str]], float]:
    """The verdicts on a bundled document by line, and the seconds that reading, deciding and mending it took."""
    from derive.checking import open_document
    from derive.results import DocumentResult
    from derive.running.options import CheckOptions
    from derive.running.wire import document_from_json

    begin = thread_time()
    examination = open_document(f"{name}.md", bundled_text(name), CheckOptions())
    results: list[dict[str, Any]] = []
    for index in range(len(examination.units)):
        results.append(examination.decide(index, results))
    result: DocumentResult = document_from_json(examination.finish(results))
    steps = [step for derivation in result.derivations for step in derivation.steps]
    return {step.place.line: (step.verdict, step.reason) for step in steps}, thread_time() - begin


def _verdict(verdict: str, reason: str) -> Answer:
    if verdict == "proved":
        return Answer("equal", reason)
    if verdict == "refuted":
        return Answer("different", reason)
    return Answer("unread" if verdict == "unread" else "undecided", reason)
