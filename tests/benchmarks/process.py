"""The process of a program, seen from the one that asks. It ends at the limit of processor time, whatever it is doing,
and is killed when it keeps silent for much longer than that."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .step import Step
from .tools import Answer

ROOT = Path(__file__).parents[2]
START_LIMIT = 120.0
PATIENCE = 12  # seconds on the clock for one of the processor, on a busy machine


class Missing(Exception):
    """The program is not installed, or does not start."""


class Process:
    """A program that is started when it is first needed, and again after it was killed."""

    def __init__(self, name: str, limit: float, python: str = sys.executable) -> None:
        self.name, self.limit, self.python = name, limit, python
        self.version = ""
        self.start_seconds = 0.0
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str] = queue.Queue()

    def start(self) -> None:
        """Raises Missing."""
        self.stop()
        command = [self.python, "-m", "tests.benchmarks.serving", self.name, str(self.limit)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, encoding="utf-8",
        )  # fmt: skip
        self._lines = queue.Queue()
        threading.Thread(target=_pass_on, args=(self._process, self._lines), daemon=True).start()
        told = self._read(START_LIMIT)
        if told is None or "missing" in told:
            self.stop()
            raise Missing("does not start" if told is None else told["missing"])
        self.version, self.start_seconds = told["version"], told["seconds"]

    def ask(self, step: Step) -> tuple[Answer, float]:
        """The answer on a step and the seconds it took: the limit where it took longer or the process ended. Steps
        that are decided together have their time together. Raises Missing."""
        if self._process is None:
            self.start()
        assert self._process is not None and self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(asdict(step)) + "\n")
            self._process.stdin.flush()
            told = self._read(PATIENCE * max(self.limit, 1.0) * step.together)
        except BrokenPipeError:
            told = None
        if told is None:
            why = "the process ended" if self._ended() else "out of time"
            self.stop()
            return Answer("undecided", why), self.limit
        return Answer(told["word"], told["why"], told["misread"]), told["seconds"]

    def stop(self) -> None:
        """End the process at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _ended(self) -> bool:
        """Whether the process ended by itself, and not for its time."""
        assert self._process is not None
        try:
            status = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            return False
        return status != -getattr(signal, "SIGPROF", 0)

    def _read(self, seconds: float) -> dict[str, Any] | None:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            return None
        return json.loads(line) if line else None


def _pass_on(process: subprocess.Popen[str], lines: queue.Queue[str]) -> None:
    """Each line of a process, and an empty one at its end."""
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put("")
