"""Worker processes as the parent sees them: something to talk to, and to stop.

Where the system can fork, workers come from a nursery (see `nursery.py`), which is a session of its own: an interrupt
from the terminal reaches the parent alone, and what the parent's end closes ends the rest. Elsewhere each worker is
a fresh Python.

Whoever is in a hurry calls `open_source` first: this module imports little, and what it starts then imports for long.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

CHECKER = "derive.checking"
"""The module that reads and decides documents; only workers import it."""

OUT_OF_MEMORY = 77
"""The exit status of a worker that ran out of memory."""

PATIENCE = 5.0
"""Seconds that a nursery may take to stop a worker before it is stopped itself."""


class WorkersUnavailable(Exception):
    """No worker process can be had; says why."""


class Process(Protocol):
    """One worker: its connection, and the way to end it, which says how it ended (as `subprocess` does)."""

    connection: Connection

    def stop(self) -> int: ...


class Source(Protocol):
    """Where workers come from."""

    def start(self) -> Process: ...
    def close(self) -> None: ...


class Nursery:
    """The parent's side of `nursery.py`. It starts importing the checker as soon as it is made."""

    def __init__(self, module: str, memory_limit: int, path: tuple[str, ...] = ()) -> None:
        self.command = _python_command(module, memory_limit, path)
        self.started = 0
        self._begin()

    def _begin(self) -> None:
        import socket
        import subprocess

        self.control, theirs = socket.socketpair()
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        with theirs:
            self.child = subprocess.Popen(
                self.command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        self.control.settimeout(PATIENCE)

    def start(self) -> NurseryProcess:
        """A new worker; it says that it is ready when it is."""
        import socket
        from multiprocessing.connection import Connection

        from derive.running.nursery import START, order_text

        if self.child.poll() is not None:
            self.close()
            self._begin()
        self.started += 1
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self.control, [order_text(START, self.started)], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise WorkersUnavailable(f"the worker processes cannot be started: {error}") from error
        return NurseryProcess(self, self.started, Connection(ours.detach()))

    def stop(self, worker: int) -> int:
        """Ends a worker, and the whole nursery where that does not answer."""
        from derive.running.nursery import STOP, order_text

        try:
            self.control.sendall(order_text(STOP, worker))
            answer = self.control.recv(5)
            if answer:
                return int(answer)
        except OSError:
            pass
        self.child.kill()
        self.child.wait()
        return -signal.SIGKILL

    def close(self) -> None:
        """Ends the nursery and all its workers."""
        import subprocess

        self.control.close()
        # ends it while it still imports, and has no workers; later the closed socket does
        self.child.terminate()
        try:
            self.child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


class NurseryProcess:
    """A worker that came from a nursery."""

    def __init__(self, nursery: Nursery, number: int, connection: Connection) -> None:
        self.nursery = nursery
        self.number = number
        self.connection = connection

    def stop(self) -> int:
        """Ends the worker; its exit status."""
        self.connection.close()
        return self.nursery.stop(self.number)


class Spawner:
    """Workers that are fresh Pythons, for systems that cannot fork."""

    def __init__(self, module: str, memory_limit: int, path: tuple[str, ...] = ()) -> None:
        self.module, self.memory_limit, self.path = module, memory_limit, path
        self.processes: list[SpawnedProcess] = []

    def start(self) -> SpawnedProcess:
        """A new worker; it says that it is ready when it is."""
        process = SpawnedProcess(self.module, self.memory_limit, self.path)
        self.processes.append(process)
        return process

    def close(self) -> None:
        """Ends all workers."""
        for process in self.processes:
            process.stop()


class SpawnedProcess:
    """A worker that is a fresh Python."""

    def __init__(self, module: str, memory_limit: int, path: tuple[str, ...]) -> None:
        import multiprocessing

        self.connection, theirs = multiprocessing.Pipe()
        os.environ.setdefault("PYTHONHASHSEED", "0")
        context = multiprocessing.get_context("spawn")
        arguments = (theirs, module, memory_limit, path)
        self.process = context.Process(target=serve_spawned, args=arguments, daemon=True)
        self.process.start()
        theirs.close()

    def stop(self) -> int:
        """Ends the worker; its exit status."""
        self.connection.close()
        self.process.kill()
        self.process.join()
        return self.process.exitcode or 0


def serve_spawned(connection: Connection, module: str, memory_limit: int, path: tuple[str, ...]) -> None:
    """What a fresh Python runs as a worker."""
    from derive.running.worker import load_checker, serve

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.path.extend(path)
    serve(connection, load_checker(module), memory_limit)


def open_source(memory_limit: int) -> Source:
    """The best source of workers that this system has."""
    return (Nursery if hasattr(os, "fork") else Spawner)(CHECKER, memory_limit)


def describe_end(status: int) -> str:
    """Why a worker ended that was not asked to."""
    if status in (OUT_OF_MEMORY, -9):
        return "out of memory"
    if status < 0:
        try:
            return f"the worker stopped ({signal.Signals(-status).name})"
        except ValueError:
            pass
    return f"the worker stopped (status {status})"


def _python_command(module: str, memory_limit: int, path: tuple[str, ...]) -> list[str]:
    """A Python that imports from where this one does, but never from the folder it is called in: that may be the
    folder of a stranger's document."""
    home = str(Path(__file__).resolve().parents[2])
    code = (
        "import sys; sys.path.extend(p for p in sys.argv[3:] if p not in sys.path); "
        "from derive.running.nursery import main; main(sys.argv[1], int(sys.argv[2]))"
    )
    return [sys.executable, "-P", "-c", code, module, str(memory_limit), home, *path]
