"""Fragments of mathematics, by family, and how their trees are written: `tests/notation/*.md`.

Lines indented by four spaces hold a fragment, the line after it the expected Unicode behind an arrow.
Run with `DERIVE_UPDATE=1` to write what is said now into the documents, and read the difference.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from derive.notation import outline, read_passage, same, to_latex, to_unicode, walk
from derive.notation.coverage import uncovered
from derive.notation.tree import Chain, Passage, Unread
from derive.source import Source, TracedText

DOCUMENTS = sorted((Path(__file__).parent / "notation").glob("*.md"))
ARROW = "    → "


def read(text: str) -> Passage:
    return read_passage(TracedText.of(Source("fragment", text)))


def fragments() -> list[tuple[str, str, str]]:
    found = []
    for path in DOCUMENTS:
        lines = path.read_text(encoding="utf-8").splitlines()
        for line, following in itertools.pairwise(lines):
            if line.startswith("    ") and following.startswith(ARROW.rstrip()):
                found.append((path.stem, line[4:], following[len(ARROW) :]))
    return found


FRAGMENTS = fragments()
READ = [text for family, text, _ in FRAGMENTS if family != "not-understood"]


def test_there_are_many() -> None:
    assert len(FRAGMENTS) >= 200
    assert len({text for _, text, _ in FRAGMENTS}) >= 200


def test_update() -> None:
    if not os.environ.get("DERIVE_UPDATE"):
        pytest.skip("only rewrites the expected lines when DERIVE_UPDATE is set")
    for path in DOCUMENTS:
        lines = path.read_text(encoding="utf-8").splitlines()
        for k, line in enumerate(lines[1:], 1):
            if line.startswith(ARROW.rstrip()):
                lines[k] = (ARROW + to_unicode(read(lines[k - 1][4:]))).rstrip()
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize(("family", "text", "expected"), FRAGMENTS, ids=[f"{f}:{t}" for f, t, _ in FRAGMENTS])
def test_fragment(family: str, text: str, expected: str) -> None:
    passage = read(text)
    assert to_unicode(passage) == expected
    assert "\\" not in to_unicode(passage)
    assert uncovered(TracedText.of(Source("fragment", text)), passage) == ()
    unread = any(isinstance(node, Unread) for node in walk(passage))
    assert unread == (family == "not-understood")


@pytest.mark.parametrize("text", READ)
def test_latex_reads_back(text: str) -> None:
    for item in read(text).items:
        if isinstance(item, Chain):
            again = read(to_latex(item))
            assert len(again.items) == 1, to_latex(item)
            assert same(again.items[0], item), f"{outline(item)}\n{to_latex(item)}\n{outline(again.items[0])}"


@pytest.mark.parametrize("text", READ)
def test_spans_nest(text: str) -> None:
    passage = read(text)
    for node in walk(passage):
        assert passage.span.start <= node.span.start <= node.span.end <= passage.span.end
