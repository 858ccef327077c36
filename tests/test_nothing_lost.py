"""No character of mathematics in any test document is lost on the way to its tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.documents.document import Formula
from derive.documents.formats import read_document
from derive.notation import read_passage, walk
from derive.notation.coverage import uncovered
from derive.source import Source

HERE = Path(__file__).parent
FOLDERS = (HERE / "documents", HERE / "silent", HERE.parent / "derive" / "documents" / "bundled", HERE.parent / "rules")
DOCUMENTS = sorted(
    path for folder in FOLDERS for path in folder.rglob("*") if path.suffix in {".md", ".tex", ".rst", ".ipynb"}
)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_character_is_in_the_tree(path: Path) -> None:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    document = read_document(source)
    macros = {"\\" + macro.name.lstrip("\\") for macro in document.macros}
    lost = []
    for part in document.parts:
        if not isinstance(part, Formula):
            continue
        passage = read_passage(part.text, document.macros)
        for node in walk(passage):
            assert part.span.start <= node.span.start <= node.span.end <= part.span.end
        if not any(name in part.text.text for name in macros):  # a call of a macro stands for its body
            lost += [source.text[span.start : span.end] for span in uncovered(part.text, passage)]
    assert not lost
