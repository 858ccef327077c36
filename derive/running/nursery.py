"""A process that imports the checker once and forks workers from itself, so that each is ready in milliseconds.

It takes orders on a socket (its standard input): start a worker on the connection that comes along, or stop one. When
the other end is gone, however that came, it kills all its workers and ends. It reaps a worker only when it is told to
stop it, so a process id cannot have passed to a stranger by then.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
from multiprocessing.connection import Connection

from derive.running.worker import Checker, describe_error, load_checker, send, serve

START = b"+"
STOP = b"-"

GARBAGE_THRESHOLD = 20_000
"""Objects between collections: SymPy makes many that last, and little garbage in cycles."""


def main(module: str, memory_limit: int) -> None:
    """Serves orders until the other end of standard input closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    failure = ""
    # what is imported stays: looking through it for garbage would take a tenth of the time
    gc.disable()
    try:
        checker = load_checker(module)
    except Exception as error:
        failure = describe_error(error)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD, 20, 20)
    gc.enable()
    workers: dict[int, int] = {}
    while True:
        try:
            data, descriptors, _, _ = socket.recv_fds(control, len(order_text(START, 0)), 1)
        except OSError:
            break
        if not data:
            break
        order, worker = data[:1], int(data[1:])
        if order == START:
            connection = Connection(descriptors[0])
            if failure:
                send(connection, {"broken": failure})
            else:
                workers[worker] = _fork(control, connection, checker, memory_limit)
            connection.close()
        else:
            pid = workers.pop(worker, 0)
            control.sendall(b"%05d" % (_kill(pid) if pid else 0))
    for pid in workers.values():
        _kill(pid)
    # nothing to clean up: an orderly end would only take apart every module of SymPy
    os._exit(0)


def order_text(order: bytes, worker: int) -> bytes:
    """An order as it goes over the socket: all are of one length, so that two never run into each other."""
    return order + b"%09d" % worker


def _fork(control: socket.socket, connection: Connection, checker: Checker, memory_limit: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        control.close()
        serve(connection, checker, memory_limit)
    finally:
        os._exit(0)


def _kill(pid: int) -> int:
    """Ends a worker; its exit status, negative for a signal, as it was before if it had ended already."""
    try:
        os.kill(pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except (ProcessLookupError, ChildProcessError):
        return 0
