"""How one document is taken through a worker: what is asked, in which order, and what happens when it is lost.

A conductor is a generator. It yields what it asks of the worker, with a limit in seconds, and is sent the answer, or
`Lost` when the worker is no more; by then a fresh worker stands ready, which has not seen the document. It returns the
result of the document as JSON. It knows neither processes nor time, so every case can be tried without them.

What is taken through may be another kind of work than a document: a statement from the command line, a page of rules.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from derive.results import DocumentResult, Finding, PageResult, Place, RuleResult
from derive.running.options import CheckOptions, options_to_json
from derive.running.wire import Json, document_from_json, page_from_json, to_json

DOCUMENT_LIMIT = 30.0
"""Seconds that reading a document may take, and putting its results together."""

TRIAL_LIMIT = 30.0
"""Seconds that the trial of a rule may take."""

GRACE = 0.5
"""Seconds past its limit that a unit gets, for a worker that keeps the limit by itself."""


@dataclass(frozen=True, slots=True)
class Task:
    """A document to check: its path as shown to the reader, and its characters."""

    path: str
    text: str


Result = TypeVar("Result", DocumentResult, PageResult)


@dataclass(frozen=True, slots=True)
class Work(Generic[Result]):
    """A kind of work: its name in messages, how its result is read from JSON, the result of a task that had to be
    given up (what could not be done, and why), and the seconds that a unit of it has whatever the limit of a step."""

    name: str
    read: Callable[[Json], Result]
    give_up: Callable[[Task, str, str], Result]
    least_limit: float = 0.0


@dataclass(frozen=True, slots=True)
class Ask:
    """A message for the worker, and how many seconds it may take to answer."""

    message: Json
    limit: float
    said_limit: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the worker answered."""

    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The worker lives, and says that it could not do what it was asked."""

    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The worker is no more."""

    reason: str


Outcome = Answer | Failed | Lost
Conductor = Generator[Ask, Outcome, Json]


def give_up_document(task: Task, done: str, reason: str) -> DocumentResult:
    """The result of a document that was not `done` ("read", "checked"): the finding that says so."""
    message = f"the document could not be {done}: {reason}"
    finding = Finding("N590", "document-given-up", "error", message, Place(1, 1, 1, 1))
    return DocumentResult(task.path, (), (finding,))


def give_up_page(task: Task, done: str, reason: str) -> PageResult:
    """The result of a page of rules that was not `done`: a complaint that says so."""
    return PageResult(task.path, (RuleResult("", 1, (f"the page could not be {done}: {reason}",)),))


DOCUMENTS = Work("document", document_from_json, give_up_document)
STATEMENTS = Work("statement", document_from_json, give_up_document)
PAGES = Work("page", page_from_json, give_up_page, TRIAL_LIMIT)


def conduct(
    task: Task, options: CheckOptions, report: Callable[[int, int], None], work: Work[Any] = DOCUMENTS
) -> Conductor:
    """Takes a document through a worker. `report` is told how many of how many units are done.

    Every unit is asked for once, so there is always progress: a unit that takes its worker down is given up by the
    next one, and a worker lost at anything else ends the document."""
    results: list[Json] = []

    def opening() -> Ask:
        message = {"do": "open", "work": work.name, "path": task.path, "text": task.text, "results": list(results)}
        return _ask({**message, "options": options_to_json(options)}, DOCUMENT_LIMIT)

    outcome = yield opening()
    if not isinstance(outcome, Answer):
        return to_json(work.give_up(task, "read", outcome.reason))
    units, limit = len(outcome.value), max(options.time_limit, work.least_limit)
    report(0, units)
    for index in range(units):
        outcome = yield _ask({"do": "decide", "index": index}, limit, GRACE)
        if not isinstance(outcome, Answer):
            reason = outcome.reason
            if isinstance(outcome, Lost):
                outcome = yield opening()
            if not isinstance(outcome, Lost):
                outcome = yield _ask({"do": "give up", "index": index, "reason": reason}, DOCUMENT_LIMIT)
            if not isinstance(outcome, Answer):
                return to_json(work.give_up(task, "checked", outcome.reason))
        results.append(outcome.value)
        report(index + 1, units)
    outcome = yield _ask({"do": "finish"}, DOCUMENT_LIMIT)
    if not isinstance(outcome, Answer):
        return to_json(work.give_up(task, "checked", outcome.reason))
    return dict(outcome.value)


def _ask(message: Json, limit: float, grace: float = 0.0) -> Ask:
    return Ask(message, limit + grace, limit)
