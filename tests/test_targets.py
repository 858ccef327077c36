"""What `find_targets` makes of its arguments: everything wrong is a message, never an exception."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from derive.documents.ignoring import is_ignored, read_patterns
from derive.documents.targets import Missing, Target, decode_source, find_targets, list_bundled
from derive.source import Source


def paths(*found: Target | Missing) -> list[str]:
    return [target.path if isinstance(target, Target) else f"! {target.message}" for target in found]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in (
        "b.md",
        "a.tex",
        "c.txt",
        "sub/d.ipynb",
        "sub/build/e.md",
        ".hidden/f.md",
        "sub/keep.rst",
        "sub/not.rst",
    ):
        (tmp_path / "notes" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "notes" / name).write_text("$$a = a$$\n")
    return tmp_path


def test_a_folder_is_walked_in_order(folder: Path) -> None:
    assert paths(*find_targets(["notes"])) == [
        "notes/a.tex",
        "notes/b.md",
        "notes/sub/d.ipynb",
        "notes/sub/keep.rst",
        "notes/sub/not.rst",
        "notes/sub/build/e.md",
    ]


def test_gitignore_is_honoured(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".gitignore").write_text("build/\n*.rst\n!keep.rst\n")
    (folder / "notes" / ".gitignore").write_text("/a.tex\n")
    assert paths(*find_targets(["notes"])) == ["notes/b.md", "notes/sub/d.ipynb", "notes/sub/keep.rst"]


def test_a_file_given_by_name_is_read_even_when_ignored(folder: Path) -> None:
    (folder / "notes" / ".gitignore").write_text("*\n")
    assert paths(*find_targets(["notes/c.txt", "notes/b.md"])) == ["notes/c.txt", "notes/b.md"]


@pytest.mark.parametrize(
    ("pattern", "path", "ignored"),
    [
        ("foo", "a/foo", True),
        ("/foo", "a/foo", False),
        ("a/foo", "a/foo", True),
        ("a/foo", "b/a/foo", False),
        ("**/foo", "b/a/foo", True),
        ("a/**", "a/b/c", True),
        ("a/**", "a", False),
        ("a/**/c", "a/c", True),
        ("a/**/c", "a/b/b/c", True),
        ("*.md", "a/b.md", True),
        ("a/*.md", "a/b/c.md", False),
        ("[!a].md", "b.md", True),
        ("[^b].md", "b.md", False),
        (r"\#x", "#x", True),
        ("# x", "# x", False),
        (r"\*", "a", False),
        ("x/", "x", False),
        ("*a*a*a*a*a*a*a*a*a*a*b", "a" * 200, False),
    ],
)
def test_patterns(pattern: str, path: str, ignored: bool) -> None:
    assert is_ignored([((), read_patterns(pattern))], tuple(path.split("/")), False) is ignored


def test_a_folder_without_documents(folder: Path) -> None:
    (folder / "empty").mkdir()
    (found,) = find_targets(["empty"])
    assert isinstance(found, Missing)
    assert found.message.startswith("empty: no documents in this folder (looked for .ipynb .ltx .markdown")


def test_what_is_missing_is_said_with_the_nearest_name(folder: Path) -> None:
    assert paths(*find_targets(["softmx", "notes/b.mdd", "zzz"])) == [
        "! softmx: no such file, folder or bundled document (did you mean softmax?)",
        "! notes/b.mdd: no such file, folder or bundled document (did you mean notes/b.md?)",
        "! zzz: no such file, folder or bundled document",
    ]


@pytest.mark.parametrize("argument", ["", "a\0b", "x" * 5000, "no/where/at/all"])
def test_impossible_names(folder: Path, argument: str) -> None:
    (found,) = find_targets([argument])
    assert isinstance(found, Missing)


def test_bundled_documents(folder: Path) -> None:
    assert list_bundled() == ("logistic", "softmax")
    (found,) = find_targets(["softmax"])
    assert isinstance(found, Target)
    source = found.load()
    assert isinstance(source, Source)
    assert source.path == "softmax"
    assert "### 2.3 Gradient" in source.text


def test_a_file_wins_over_a_bundled_name(folder: Path) -> None:
    (folder / "softmax").write_text("mine")
    (found,) = find_targets(["softmax"])
    assert isinstance(found, Target)
    assert found.load() == Source("softmax", "mine")


def test_standard_input(folder: Path) -> None:
    (found,) = find_targets(["-"], io.BytesIO(b"$a$"), "notes.tex")
    assert isinstance(found, Target)
    assert found.load() == Source("notes.tex", "$a$")
    assert paths(*find_targets(["-"], io.BytesIO(b""))) == ["<stdin>"]
    assert paths(*find_targets(["-"])) == ["! -: there is no standard input to read"]


def test_a_document_is_given_once(folder: Path) -> None:
    assert paths(*find_targets(["notes/b.md", "notes/../notes/b.md", "softmax", "softmax"])) == [
        "notes/b.md",
        "softmax",
    ]


def test_links(folder: Path) -> None:
    (folder / "notes" / "sub" / "up").symlink_to(folder / "notes", target_is_directory=True)
    (folder / "gone.md").symlink_to(folder / "nowhere")
    assert len(find_targets(["notes"])) == 6
    assert paths(*find_targets(["gone.md"])) == ["! gone.md: a link that leads nowhere"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser reads everything")
def test_a_file_that_may_not_be_read(folder: Path) -> None:
    (folder / "notes" / "b.md").chmod(0)
    (found,) = find_targets(["notes/b.md"])
    assert isinstance(found, Target)
    assert found.load() == Missing("notes/b.md", "notes/b.md: cannot be read: Permission denied")


def test_a_file_that_went_away(folder: Path) -> None:
    (found,) = find_targets(["notes/b.md"])
    (folder / "notes" / "b.md").unlink()
    assert isinstance(found, Target)
    assert found.load() == Missing("notes/b.md", "notes/b.md: cannot be read: No such file or directory")


def test_bytes() -> None:
    assert decode_source("a", b"\xef\xbb\xbf# T\r\n") == Source("a", "# T\r\n")
    assert decode_source("a", b"x\ny\n\xffz") == Missing("a", "a: not UTF-8 text: line 3 has the byte 0xff")
    assert decode_source("a", b"\xef\xbb\xbfx\n\xc3") == Missing("a", "a: not UTF-8 text: line 2 has the byte 0xc3")
