"""One program in a process of its own: `python -m tests.benchmarks.serving NAME SECONDS`.

Steps come as lines of JSON on standard input and answers go back as lines of JSON; what the program prints itself goes
to standard error. The first line says that it is ready, or what is missing.

Seconds are those of the processor, so that a busy machine counts against nobody. The process arms a timer before each
step that the kernel ends it by: no handler has to run, and code in C is ended like any other. (While that timer is
armed, only the clock of the thread is finer than the kernel's ticks.)
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from time import thread_time
from typing import Any

from .step import Step, make
from .tools import TOOLS, Answer, load

MOST_MEMORY = 4 << 30
WARM_UP = make("warm up", "x + x = 2x", (), True)


def main(name: str, limit: float) -> None:
    """Serve until standard input ends, or a step takes longer than the limit."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _limit_memory()

    def tell(**said: Any) -> None:
        answers.write(json.dumps(said) + "\n")
        answers.flush()

    begin = thread_time()
    try:
        ask = load(name)
        loaded = thread_time() - begin
        ask(WARM_UP)
    except Exception as missing:
        tell(missing=f"{type(missing).__name__}: {missing}".splitlines()[0])
        return
    tell(ready=name, seconds=loaded, version=_version(TOOLS[name][2]))
    for line in sys.stdin:
        told = json.loads(line)
        step = Step(**{**told, "given": tuple(told["given"])})
        _die_after(limit * step.together)
        begin = thread_time()
        try:
            answer = ask(step)
        except (Exception, RecursionError) as raised:
            answer = Answer("undecided", f"raised {type(raised).__name__}: {raised}"[:300])
        _die_after(0)
        seconds = thread_time() - begin if answer.seconds is None else answer.seconds
        tell(**{**asdict(answer), "seconds": seconds})


def _die_after(seconds: float) -> None:
    """End this process after so many seconds of the processor; 0 takes that back."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)


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
    main(sys.argv[1], float(sys.argv[2]))
