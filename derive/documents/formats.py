"""Which reader reads which file: by the ending of its name, and by its first lines where that says nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from derive.documents.document import Document
from derive.documents.latex import Load, read_latex
from derive.documents.markdown import read_markdown
from derive.documents.notebook import read_notebook, write_string
from derive.documents.rst import read_rst
from derive.source import Source

Reader = Callable[[Source], Document]

READERS: dict[str, Reader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".mdown": read_markdown,
    ".qmd": read_markdown,
    ".rmd": read_markdown,
    ".tex": read_latex,
    ".ltx": read_latex,
    ".ipynb": read_notebook,
    ".rst": read_rst,
}
"""The endings that are looked for in a folder, in lower case."""


def read_document(source: Source, load: Load | None = None) -> Document:
    """The document in a source. Any text is a document; `load` gives the files that a LaTeX document inputs."""
    reader = READERS.get(PurePath(source.path).suffix.lower(), _read_unnamed)
    return read_latex(source, load) if reader is read_latex else reader(source)


def write_text(path: str, text: str) -> str:
    """Characters of a formula as they are written in a document of this path: escaped where its format asks for it."""
    return write_string(text) if PurePath(path).suffix.lower() == ".ipynb" else text


def _read_unnamed(source: Source) -> Document:
    if "\\documentclass" in source.text or "\\begin{document}" in source.text:
        return read_latex(source)
    return read_markdown(source)
