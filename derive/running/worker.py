"""The worker's side: answers what it is asked of one document after the other, until nobody asks any more."""

from __future__ import annotations

import importlib
import json
import os
import signal
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any, Protocol

from derive.running.options import CheckOptions, options_from_json
from derive.running.process import OUT_OF_MEMORY
from derive.running.wire import Json

ALARM_MARGIN = 5.0
"""Seconds past the limit after which a worker that nobody watches any more ends by itself."""


class Examination(Protocol):
    """A document that was read: its units of work, and what it takes to decide them."""

    @property
    def units(self) -> Sequence[str]: ...
    def decide(self, index: int, earlier: list[Json]) -> Json: ...
    def give_up(self, index: int, reason: str) -> Json: ...
    def finish(self, results: list[Json]) -> Json: ...


class Checker(Protocol):
    """The module that reads and decides documents."""

    def open_document(self, path: str, text: str, options: CheckOptions) -> Examination: ...
    def open_statement(self, path: str, text: str, options: CheckOptions) -> Examination: ...
    def open_page(self, path: str, text: str, options: CheckOptions) -> Examination: ...


def load_checker(module: str) -> Checker:
    """The checker of that name, imported here and now."""
    checker: Any = importlib.import_module(module)
    return checker


def serve(connection: Connection, checker: Checker, memory_limit: int) -> None:
    """Answers each message on the connection until the other end closes it. Never returns alive from a `MemoryError`:
    what is left of the heap then is nothing to build on."""
    limit_resources(memory_limit)
    send(connection, {"ready": True})
    desk = Desk(checker)
    while True:
        try:
            message = json.loads(connection.recv_bytes())
        except (EOFError, OSError):
            return
        set_alarm(message.get("limit", 0.0) + ALARM_MARGIN)
        try:
            answer = {"answer": desk.handle(message)}
            send(connection, answer)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except OSError:
            return
        except Exception as error:
            send(connection, {"failed": describe_error(error)})
        set_alarm(0.0)


class Desk:
    """The one document a worker has open, with the results so far."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker
        self.examination: Examination | None = None
        self.results: list[Json] = []

    def handle(self, message: Json) -> Any:
        """Does what one message asks."""
        if message["do"] == "open":
            options = options_from_json(message["options"])
            self.results = list(message["results"])
            self.examination = self._open(message["work"], message["path"], message["text"], options)
            return list(self.examination.units)
        if self.examination is None:
            raise ValueError("no document is open")
        if message["do"] == "finish":
            return self.examination.finish(list(self.results))
        if message["do"] == "decide":
            result = self.examination.decide(message["index"], list(self.results))
        else:
            result = self.examination.give_up(message["index"], message["reason"])
        # the same value as a worker gets that takes over: lists for tuples, text for enumerations
        self.results.append(json.loads(json.dumps(result)))
        return result

    def _open(self, work: str, path: str, text: str, options: CheckOptions) -> Examination:
        if work == "statement":
            return self.checker.open_statement(path, text, options)
        if work == "page":
            return self.checker.open_page(path, text, options)
        return self.checker.open_document(path, text, options)


def send(connection: Connection, value: Json) -> None:
    """Sends one JSON object."""
    connection.send_bytes(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def describe_error(error: Exception) -> str:
    """One line for an exception that nobody expected."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    text = " ".join(str(error).split())
    return f"internal error ({type(error).__name__}{': ' + text[:200] if text else ''})"


def limit_resources(memory_limit: int) -> None:
    """Limits this process for good: no more memory than that, no core files. Where the system knows no such limits,
    only time is limited."""
    try:
        import resource
    except ImportError:
        return
    for kind, limit in ((resource.RLIMIT_AS, memory_limit), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (ValueError, OSError):
            continue


def set_alarm(seconds: float) -> None:
    """Ends this process in so many seconds (0: never), even inside C code: the default action of the signal does."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
