"""One program in a process of its own: `python -m tests.benchmarks.serving NAME`.

Steps come as lines of JSON on standard input and answers go back as lines of JSON; what the program prints itself goes
to standard error. The first line says that it is ready, or what is missing.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter
from typing import Any

from .step import Step, make
from .tools import TOOLS, Answer, load

MOST_MEMORY = 4 << 30
WARM_UP = make("warm up", "x + x = 2x", (), True)


def main(name: str) -> None:
    """Serve until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _limit_memory()

    def tell(**said: Any) -> None:
        answers.write(json.dumps(said) + "\n")
        answers.flush()

    begin = perf_counter()
    try:
        ask = load(name)
        loaded = perf_counter() - begin
        ask(WARM_UP)
    except Exception as missing:
        tell(missing=f"{type(missing).__name__}: {missing}".splitlines()[0])
        return
    tell(ready=name, seconds=loaded, version=_version(TOOLS[name][2]))
    for line in sys.stdin:
        told = json.loads(line)
        step = Step(**{**told, "given": tuple(told["given"])})
        begin = perf_counter()
        try:
            answer = ask(step)
        except (Exception, RecursionError) as raised:
            answer = Answer("undecided", f"raised {type(raised).__name__}: {raised}"[:300])
        seconds = perf_counter() - begin if answer.seconds is None else answer.seconds
        tell(**{**asdict(answer), "seconds": seconds})


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    main(sys.argv[1])
