"""Putting a new text in the place of a file: whole or not at all, and only where the file is still the one that was
read."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


class NotReplaced(Exception):
    """The file was left as it is; says why."""


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Puts `after` in the place of a file that holds `before`, keeping its permissions; a link goes on leading to it.

    The text is written beside the file and takes its place in one step, so that nobody meets half of it. Raises
    NotReplaced where the file has changed meanwhile, is not to be written, or cannot be.
    """
    try:
        real = Path(os.path.realpath(path))
        if not os.access(real, os.W_OK):
            raise NotReplaced(f"{path}: not written: you have no permission to")
        handle, name = tempfile.mkstemp(prefix=f".{real.name[:40]}.", suffix=".tmp", dir=real.parent)
    except (OSError, ValueError) as error:
        raise NotReplaced(f"{path}: cannot be written: {_reason(error)}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        _take_over(real, name)
        if real.read_bytes() != before:
            raise NotReplaced(f"{path}: not written: it was changed while it was being checked")
        os.replace(name, real)
    except OSError as error:
        _remove(name)
        raise NotReplaced(f"{path}: cannot be written: {_reason(error)}") from error
    except BaseException:
        _remove(name)
        raise


def _take_over(real: Path, name: str) -> None:
    """Gives the new file the permissions of the old one, and its owner where that is allowed."""
    known = real.stat()
    made = os.stat(name)
    if hasattr(os, "chown") and (known.st_uid, known.st_gid) != (made.st_uid, made.st_gid):
        with suppress(OSError):
            os.chown(name, known.st_uid, known.st_gid)
    os.chmod(name, stat.S_IMODE(known.st_mode))


def _remove(name: str) -> None:
    with suppress(OSError):
        os.unlink(name)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
