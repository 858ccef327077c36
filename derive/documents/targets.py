"""What the reader of a report asked to have checked: files, folders, standard input, bundled documents."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import BinaryIO

from derive.documents.formats import READERS
from derive.documents.ignoring import Pattern, is_ignored, read_patterns
from derive.source import Source

_BUNDLED = "bundled"
_LARGEST_INPUT = 5_000_000
Rules = list[tuple[tuple[str, ...], tuple[Pattern, ...]]]


@dataclass(frozen=True, slots=True)
class Missing:
    """A target that cannot be checked, and why, in words for its reader."""

    argument: str
    message: str


@dataclass(frozen=True, slots=True)
class Target:
    """One document to check: the path as shown in reports, and where its characters come from.

    `location` is a file; without one the document is `content`: standard input, or a `bundled` document.
    """

    path: str
    location: Path | None = None
    content: bytes | None = None
    bundled: bool = False

    def read(self) -> bytes | Missing:
        """The document as it is stored, or why it cannot be read."""
        if self.content is not None:
            return self.content
        if self.location is None:
            return Missing(self.path, f"{self.path}: there is nothing to read")
        try:
            return self.location.read_bytes()
        except OSError as error:
            return Missing(self.path, f"{self.path}: cannot be read: {error.strerror or error}")
        except ValueError as error:
            return Missing(self.path, f"{self.path}: cannot be read: {error}")

    def load(self) -> Source | Missing:
        """The document's source, or why it cannot be read."""
        data = self.read()
        return data if isinstance(data, Missing) else decode_source(self.path, data)

    def load_beside(self, name: str) -> Source | None:
        """A file that the document inputs by this name (`.tex` or `.sty` may be left out), or None.

        Only files inside the document's own folder are read.
        """
        if self.location is None:
            return None
        try:
            folder = self.location.resolve().parent
            for ending in ("", ".tex", ".sty"):
                path = (folder / (name + ending)).resolve()
                if path.is_relative_to(folder) and path.is_file() and path.stat().st_size < _LARGEST_INPUT:
                    source = decode_source(str(path), path.read_bytes())
                    return source if isinstance(source, Source) else None
        except (OSError, ValueError, RuntimeError):
            pass
        return None


def decode_source(path: str, data: bytes) -> Source | Missing:
    """The source that these bytes are in UTF-8 (a byte order mark is passed over), or the line that is not UTF-8."""
    # the mark is no character of the first line: an editor does not count it in the column
    mark = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    try:
        return Source(path, data[mark:].decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, mark + error.start) + 1
        return Missing(path, f"{path}: not UTF-8 text: line {line} has the byte 0x{data[mark + error.start]:02x}")


def find_targets(
    arguments: Sequence[str], stdin: BinaryIO | None = None, stdin_filename: str | None = None
) -> tuple[Target | Missing, ...]:
    """The documents that the arguments name, in their order; the files of a folder are sorted by name.

    An argument is a file, a folder, `-` for standard input (shown and read as `stdin_filename`), or the name of a
    bundled document. A path that exists comes first. A document that is named twice is given once.
    """
    targets: list[Target | Missing] = []
    seen: set[str] = set()
    for argument in arguments:
        for target in _find(argument, stdin, stdin_filename):
            if target is None or isinstance(target, Missing):
                targets += [target] if target else []
                continue
            key = os.path.realpath(target.location) if target.location else f"\0{target.path}"
            if key not in seen:
                seen.add(key)
                targets.append(target)
    return tuple(targets)


def list_bundled() -> tuple[str, ...]:
    """The names of the bundled documents, sorted."""
    folder = resources.files("derive.documents") / _BUNDLED
    return tuple(sorted(entry.name[:-3] for entry in folder.iterdir() if entry.name.endswith(".md")))


def _find(argument: str, stdin: BinaryIO | None, stdin_filename: str | None) -> Iterator[Target | Missing]:
    if argument == "-":
        yield _read_stdin(stdin, stdin_filename)
        return
    if not argument:
        yield Missing(argument, "a target without a name")
        return
    path = Path(argument)
    try:
        folder, exists = path.is_dir(), path.exists()
        broken = path.is_symlink() and not exists
    except (OSError, ValueError):
        folder = exists = broken = False
    if folder:
        yield from _walk(argument, path)
    elif broken:
        yield Missing(argument, f"{argument}: a link that leads nowhere")
    elif exists and not path.is_file():
        yield Missing(argument, f"{argument}: neither a file nor a folder")
    elif exists:
        yield Target(argument, path)
    elif argument in list_bundled():
        document = resources.files("derive.documents") / _BUNDLED / f"{argument}.md"
        yield Target(argument, content=document.read_bytes(), bundled=True)
    else:
        yield Missing(argument, f"{argument}: no such file, folder or bundled document{_suggest(argument, path)}")


def _suggest(argument: str, path: Path) -> str:
    names = list(list_bundled())
    with suppress(OSError, ValueError):
        names += [str(path.parent / entry.name) for entry in os.scandir(path.parent) if not entry.name.startswith(".")]
    near = get_close_matches(argument, names[:2000], n=1, cutoff=0.7)
    return f" (did you mean {near[0]}?)" if near else ""


def _read_stdin(stdin: BinaryIO | None, filename: str | None) -> Target | Missing:
    if stdin is None:
        return Missing("-", "-: there is no standard input to read")
    try:
        return Target(filename or "<stdin>", content=stdin.read())
    except (OSError, ValueError) as error:
        return Missing("-", f"-: standard input cannot be read: {error}")


def _walk(argument: str, top: Path) -> Iterator[Target | Missing]:
    """The documents below a folder, in order; what cannot be read on the way is said."""
    root, prefix = _find_checkout(top)
    found = False
    stack: list[tuple[Path, tuple[str, ...], Rules, tuple[str, ...]]] = [(top, prefix, _outer_rules(root, prefix), ())]
    while stack:
        folder, path, rules, above = stack.pop()
        real = os.path.realpath(folder)
        if real in above:
            continue
        patterns = _load_patterns(folder / ".gitignore")
        rules = [*rules, (path, patterns)] if patterns else rules
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            found = True
            yield Missing(str(folder), f"{folder}: cannot be read: {error.strerror or error}")
            continue
        # files first, then folders: each in order, so that a report does not jump
        below: list[tuple[Path, tuple[str, ...], Rules, tuple[str, ...]]] = []
        for entry in entries:
            inner = (*path, entry.name)
            is_folder = _is_folder(entry)
            if entry.name.startswith(".") or is_ignored(rules, inner, is_folder):
                continue
            if is_folder:
                below.append((folder / entry.name, inner, rules, (*above, real)))
            elif os.path.splitext(entry.name)[1].lower() in READERS:
                found = True
                yield Target(str(folder / entry.name), folder / entry.name)
        stack += reversed(below)
    if not found:
        endings = " ".join(sorted(READERS))
        yield Missing(argument, f"{argument}: no documents in this folder (looked for {endings})")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _find_checkout(top: Path) -> tuple[Path, tuple[str, ...]]:
    """The root of the checkout that holds a folder (else the folder itself), and the way down to the folder."""
    real = Path(os.path.realpath(top))
    for folder in (real, *real.parents):
        try:
            if (folder / ".git").exists():
                return folder, real.relative_to(folder).parts
        except OSError:
            break
    return real, ()


def _outer_rules(root: Path, prefix: tuple[str, ...]) -> Rules:
    """The patterns above the folder: of the checkout, and of each folder on the way down."""
    rules: Rules = [((), _load_patterns(root / ".git" / "info" / "exclude"))]
    rules += [(prefix[:k], _load_patterns(root.joinpath(*prefix[:k]) / ".gitignore")) for k in range(len(prefix))]
    return [rule for rule in rules if rule[1]]


def _load_patterns(path: Path) -> tuple[Pattern, ...]:
    try:
        return read_patterns(path.read_text("utf-8", errors="replace"))
    except OSError:
        return ()
