"""A checker without mathematics: each line of a document is a unit, and says what becomes of it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from typing import Any

from derive.proving.rulebook import read_text
from derive.results import DerivationResult, DocumentResult, Edit, Finding, Place, Repair, RuleResult, StepResult
from derive.running.options import CheckOptions
from derive.running.wire import Json, to_json


class FakeExamination:
    def __init__(self, path: str, text: str, options: CheckOptions) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.options = options

    @property
    def units(self) -> Sequence[str]:
        return [line for line in self.lines if not line.startswith("finish")]

    def decide(self, index: int, earlier: list[Json]) -> Json:
        act(self.lines[index].removeprefix("always "))
        if self.lines[index] == "refuted" or self.lines[index].startswith("slip "):
            return self._step(index, "refuted", "")
        return self._step(index, "proved", f"after {[e['reason'][:5] for e in earlier]}")

    def give_up(self, index: int, reason: str) -> Json:
        if self.lines[index].startswith("always "):
            act(self.lines[index].removeprefix("always "))
        return self._step(index, "unknown", reason)

    def finish(self, results: list[Json]) -> Json:
        if self.lines and self.lines[-1].startswith("finish"):
            act(self.lines[-1].removeprefix("finish "))
        document: Json = to_json(DocumentResult(self.path, (DerivationResult(1, 1, "", ()),)))
        document["derivations"][0]["steps"] = results
        for line in self.lines:
            if line.startswith("finding "):
                _, severity, code = line.split()
                finding = Finding(code, "said-so", severity, "as it says", Place(1, 1, 1, 2))  # type: ignore[arg-type]
                document["findings"] = [to_json(finding)]
        document["findings"] = list(document["findings"])
        document["findings"] += [
            to_json(self._slip(k)) for k, line in enumerate(self.lines) if line.startswith("slip ")
        ]
        return document

    def _slip(self, index: int) -> Finding:
        """A wrong line that is right once its first word is left out."""
        place = Place(index + 1, 1, index + 1, 6)
        repair = Repair((Edit(place, ""),), "1 more step is proved", "a = b", gains=1)
        return Finding("E101", "wrong-step", "error", "a slip", Place(index + 1, 1, index + 1, 2), repair)

    def _step(self, index: int, verdict: Any, reason: str) -> Json:
        place = Place(index + 1, 1, index + 1, 2)
        return to_json(StepResult(place, "a", "=", "b", True, verdict, reason=reason))


def act(line: str) -> None:
    if line == "hang":
        time.sleep(1000)
    elif line == "spin":
        sum(range(10**18))
    elif line == "eat":
        block = []
        while True:
            block.append(bytes(10**7))
    elif line == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif line == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif line == "raise":
        raise ValueError("no such\nthing")
    elif line == "recurse":
        act_deeper()
    elif line == "print":
        print("printed", flush=True)
        os.write(1, b"printed")
    elif line == "malformed":
        raise SystemExit(3)
    elif line.startswith("append to "):
        with open(line.removeprefix("append to "), "a") as file:
            file.write("more")
    elif line.startswith("sleep "):
        time.sleep(float(line.split()[1]))


def act_deeper() -> None:
    act_deeper()


def open_document(path: str, text: str, options: CheckOptions) -> FakeExamination:
    if text.startswith("open "):
        act(text.split(maxsplit=1)[1].strip())
    return FakeExamination(path, text, options)


class FakePage:
    """A page of rules: a rule passes unless its statement tells what is wrong with it."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.entries = read_text(text, "page")

    @property
    def units(self) -> Sequence[str]:
        return [entry.name for entry in self.entries]

    def decide(self, index: int, earlier: list[Json]) -> Json:
        statement = self.entries[index].statement
        act(statement)
        complaints = (statement,) if statement.startswith("wrong") else ()
        return self._rule(index, complaints)

    def give_up(self, index: int, reason: str) -> Json:
        return self._rule(index, (f"its trial was stopped: {reason}",))

    def finish(self, results: list[Json]) -> Json:
        return {"path": self.path, "rules": results}

    def _rule(self, index: int, complaints: tuple[str, ...]) -> Json:
        entry = self.entries[index]
        return to_json(RuleResult(entry.name, entry.line, complaints, ("not evaluated",)))


def open_page(path: str, text: str, options: CheckOptions) -> FakePage:
    return FakePage(path, text)
