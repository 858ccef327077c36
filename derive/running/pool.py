"""The pool: gives documents to workers, watches their time, replaces the ones that are lost.

One thread, no locks: the parent waits for whichever worker speaks first, or for the next deadline.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any

from derive.results import DocumentResult, PageResult
from derive.running.conduct import (
    DOCUMENTS,
    PAGES,
    Answer,
    Ask,
    Conductor,
    Failed,
    Lost,
    Outcome,
    Result,
    Task,
    Work,
    conduct,
)
from derive.running.options import CheckOptions
from derive.running.process import Process, Source, WorkersUnavailable, describe_end

START_LIMIT = 60.0
"""Seconds that a worker may take to start, its imports included."""

START_ATTEMPTS = 3

Progress = Callable[[int, int, int], None]
"""Told of a document (its number, from 0): how many of how many units are done."""


class Pool:
    """Workers for one run, which `close` (or leaving the `with`) ends together with their source."""

    def __init__(self, options: CheckOptions, source: Source) -> None:
        self.options = options
        self.source = source
        self.lanes: list[Lane] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends all workers."""
        for lane in self.lanes:
            lane.process.connection.close()
        self.source.close()

    def check(
        self, tasks: Sequence[Task], jobs: int | None = None, progress: Progress | None = None
    ) -> Iterator[DocumentResult]:
        """The results of the documents, in their order, each as soon as it and those before it are there. `jobs` is
        how many are worked on at once (None: as many as there are processors)."""
        return self.take(DOCUMENTS, tasks, jobs, progress)

    def try_pages(
        self, tasks: Sequence[Task], jobs: int | None = None, progress: Progress | None = None
    ) -> Iterator[PageResult]:
        """How the rules of pages did on trial, page by page."""
        return self.take(PAGES, tasks, jobs, progress)

    def take(
        self, work: Work[Result], tasks: Sequence[Task], jobs: int | None = None, progress: Progress | None = None
    ) -> Iterator[Result]:
        """The same for any kind of work."""
        while len(self.lanes) < count_workers(jobs, len(tasks)):
            self.lanes.append(Lane(self.source))
        results: dict[int, Any] = {}
        waiting = list(enumerate(tasks))[::-1]
        for number in range(len(tasks)):
            while number not in results:
                for lane in self.lanes:
                    if lane.conductor is None and waiting:
                        index, task = waiting.pop()
                        lane.begin(index, task, work, conduct(task, self.options, _reporter(progress, index), work))
                self._advance(results)
            yield results.pop(number)

    def _advance(self, results: dict[int, Any]) -> None:
        """Waits for the next thing to happen, and takes each lane that it happened to one step on."""
        busy = [lane for lane in self.lanes if lane.conductor is not None]
        pause = max(0.0, min(lane.deadline for lane in busy) - time.monotonic())
        ready = wait([lane.process.connection for lane in busy], pause)
        now = time.monotonic()
        for lane in busy:
            outcome: Outcome | None = None
            if lane.process.connection in ready:
                outcome = lane.receive()
            elif lane.deadline <= now:
                outcome = lane.expire()
            if outcome is not None:
                result = lane.proceed(outcome)
                if result is not None:
                    results[lane.number] = result


class Lane:
    """One worker and the document it is at."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.conductor: Conductor | None = None
        self.task = Task("", "")
        self.work: Work[Any] = DOCUMENTS
        self.number = 0
        self.failures = 0
        self.ask: Ask | None = None
        self._start()

    def _start(self) -> None:
        self.process: Process = self.source.start()
        self.ready = False
        self.deadline = time.monotonic() + START_LIMIT

    def begin(self, number: int, task: Task, work: Work[Any], conductor: Conductor) -> None:
        """Takes up a document."""
        self.number, self.task, self.work, self.conductor = number, task, work, conductor
        self.ask = next(conductor)
        self._send()

    def _send(self) -> None:
        """Sends what is to be asked, once the worker is ready for it."""
        if not self.ready or self.ask is None:
            return
        self.deadline = time.monotonic() + self.ask.limit
        data = json.dumps({**self.ask.message, "limit": self.ask.limit}, ensure_ascii=False)
        # a worker that died just now is found by the next `wait`: its connection is closed
        with suppress(OSError):
            self.process.connection.send_bytes(data.encode("utf-8", "surrogatepass"))

    def receive(self) -> Outcome | None:
        """What the worker says; None when that was only that it is ready."""
        try:
            value = json.loads(self.process.connection.recv_bytes().decode("utf-8", "surrogatepass"))
        except (EOFError, OSError):
            return self._lose("")
        if "broken" in value:
            raise WorkersUnavailable(f"the worker processes cannot be started: {value['broken']}")
        if "ready" in value:
            self.ready, self.failures = True, 0
            self._send()
            return None
        return Failed(value["failed"]) if "failed" in value else Answer(value["answer"])

    def expire(self) -> Outcome | None:
        """The worker is past its deadline: ends it."""
        limit = self.ask.said_limit if self.ask else 0.0
        return self._lose(f"out of time ({limit:g} s)")

    def _lose(self, reason: str) -> Lost | None:
        """Ends the worker and starts another; None when it had not been asked anything yet."""
        status = self.process.stop()
        was_ready = self.ready
        if not was_ready:
            self.failures += 1
            if self.failures >= START_ATTEMPTS:
                raise WorkersUnavailable(f"the worker processes cannot be started: {reason or describe_end(status)}")
        self._start()
        return Lost(reason or describe_end(status)) if was_ready else None

    def proceed(self, outcome: Outcome) -> DocumentResult | PageResult | None:
        """Hands the outcome to the conductor; the result of the document when that was all."""
        assert self.conductor is not None
        try:
            self.ask = self.conductor.send(outcome)
        except StopIteration as stop:
            self.conductor = self.ask = None
            try:
                return self.work.read(stop.value)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                return self.work.give_up(self.task, "checked", f"internal error ({type(error).__name__})")
        self._send()
        return None


def count_workers(jobs: int | None, documents: int) -> int:
    """How many workers a run takes: what was asked for or one for each processor, and no more than documents."""
    return min(jobs or os.cpu_count() or 1, documents)


def _reporter(progress: Progress | None, number: int) -> Callable[[int, int], None]:
    def report(done: int, units: int) -> None:
        if progress is not None:
            progress(number, done, units)

    return report
