"""What the readers find in documents: formulas, headings, prose, macros, and their exact places."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derive.documents.document import Directive, Document, Formula, Heading, Macro, Prose
from derive.documents.formats import READERS, read_document
from derive.documents.latex import read_latex
from derive.source import Source

SHARED = Path(__file__).parent.parent.parent / "shared"
BUNDLED = Path(__file__).parent.parent / "derive" / "documents" / "bundled"


def read(text: str, path: str = "a.md") -> Document:
    return read_document(Source(path, text))


def formulas(document: Document, display: bool | None = None) -> list[tuple[str, str]]:
    return [
        (part.environment, part.text.text.strip())
        for part in document.parts
        if isinstance(part, Formula) and display in (None, part.display)
    ]


def messages(document: Document) -> list[str]:
    return [trouble.message for trouble in document.troubles]


def headings(document: Document) -> list[tuple[int, str]]:
    return [(part.level, part.text) for part in document.parts if isinstance(part, Heading)]


def prose(document: Document) -> list[str]:
    return [part.text for part in document.parts if isinstance(part, Prose)]


def assert_exact(document: Document) -> None:
    """Every place lies in the source, and unescaped characters are the ones that stand there."""
    text = document.source.text
    for part in document.parts:
        assert 0 <= part.span.start <= part.span.end <= len(text)
        if isinstance(part, Formula | Directive):
            origin = list(part.text.origin)
            assert origin == sorted(origin)
            assert all(part.span.start <= place < part.span.end for place in origin)
            assert part.text.text.strip()
    paragraphs = [part.paragraph for part in document.parts]
    assert paragraphs == sorted(paragraphs)


# -------------------------------------------------------------------------------- Markdown, delimiters
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$$a = b$$", [("$$", "a = b")]),
        ("text $$\na\n$$ text", [("$$", "a")]),
        (r"\[ a = b \]", [("\\[", "a = b")]),
        (r"\\[ a = b \\]", [("\\[", "a = b")]),
        ("so \\( x_1 \\) and \\\\( y \\\\)", [("\\(", "x_1"), ("\\(", "y")]),
        ("\\begin{align}\na &= b\n\\end{align}", [("align", "a &= b")]),
        ("\\begin{eqnarray*}\na\n\n&=& b\n\\end{eqnarray*}", [("eqnarray*", "a\n\n&=& b")]),
        ("$$\n\\begin{align*}\na\n\\end{align*}\n$$", [("align*", "a")]),
        ("$$ \\label{eq:a}\n\\begin{split} a \\end{split} \\; .\n$$", [("split", "a")]),
        ("$$ x = \\begin{aligned} a \\end{aligned} $$", [("$$", "x = \\begin{aligned} a \\end{aligned}")]),
        ("$$\\begin{array}{@{}rcl} a \\end{array}$$", [("array", "a")]),
        ("\\begin{equation}\\begin{aligned}[t] a \\end{aligned}\\end{equation}", [("aligned", "a")]),
        ("\\begin{alignat}{2} a \\end{alignat}", [("alignat", "a")]),
        ("$$ x = \\begin{cases} a \\end{cases} $$", [("$$", "x = \\begin{cases} a \\end{cases}")]),
        ("```math\na = b\n```", [("math", "a = b")]),
        ("> ```math\n> a\n> b\n> ```\n", [("math", "a\n b")]),
        ("$`a`$ is", [("$", "a")]),
        ("$$a$$ (eq-1)\n", [("$$", "a")]),
        ("$$x$$ and $$y$$", [("$$", "x"), ("$$", "y")]),
        ("| a | b |\n|---|---|\n| $|x|$ | $y$ |", [("$", "|x|"), ("$", "y")]),
        ("$$ a \\text{ if $x > 0$} $$", [("$$", "a \\text{ if $x > 0$}")]),
        ("$$ a &lt; b $$", [("$$", "a < b")]),
        ("$a$$b$", [("$", "a"), ("$", "b")]),
        ("\\begin{pmatrix} a \\end{pmatrix}", [("pmatrix", "\\begin{pmatrix} a \\end{pmatrix}")]),
    ],
)
def test_delimiters(text: str, expected: list[tuple[str, str]]) -> None:
    document = read(text)
    assert formulas(document) == expected
    assert messages(document) == []
    assert_exact(document)


@pytest.mark.parametrize(
    "text",
    [
        "it costs $5 and $6 today",
        "between $20,000 and $30,000.",
        r"a \$x\$ b",
        "`$x$`",
        "``a ` $x$``",
        "```python\n$$x$$\n```",
        "~~~\n\\begin{align} a \\end{align}\n~~~",
        "text\n\n    code $x$\n",
        "<!-- $$x$$ -->",
        "<pre>\n$$x$$\n</pre>",
        "---\ntitle: $x$\n---\n",
        r"\[citation needed\]",
        r"see \(below\)",
        "$$$$",
        "$x\n\ny$",
        "a $ b",
    ],
)
def test_no_mathematics(text: str) -> None:
    assert formulas(read(text)) == []


@pytest.mark.parametrize(
    "line", ["= b", "- b", "+ b", "* b", "> b", "# b", "| b |", "    b", "1. b", "---", "```", "<p>"]
)
def test_mathematics_wins_over_markup(line: str) -> None:
    document = read(f"before\n$$\na\n{line}\n$$\nafter\n\n# Heading")
    if line == "```":
        assert messages(document) == ["$$ has no $$"]
        return
    assert [text for _, text in formulas(document)] == [f"a\n{line}".strip()]
    assert prose(document) == ["before", "after"]
    assert headings(document) == [(1, "Heading")]
    assert_exact(document)


def test_a_display_may_hold_blank_lines_but_no_prose() -> None:
    document = read(
        "$$\na\n\n= b\n$$\n\n$$\nthere is no end here\n\nThis is just a plain sentence of prose.\n\n$$ c $$\n"
    )
    assert formulas(document) == [("$$", "a\n\n= b"), ("$$", "c")]
    assert messages(document) == ["$$ has no $$"]


def test_quotes_and_lists() -> None:
    document = read("> so\n> $$\n> a\n> > b\n> $$\n\n- item\n\n  $$\n  c\n  $$\n")
    assert [text.split() for _, text in formulas(document)] == [["a", ">", "b"], ["c"]]
    for part in document.parts:
        if isinstance(part, Formula):
            assert all(document.source.text[o] == c for o, c in zip(part.text.origin, part.text.text, strict=True))
    assert_exact(document)


def test_parts_and_paragraphs() -> None:
    document = read("# One $x$ *two*\n\nLet $x$ be\n$$ a $$\nwhere.\n\nNext `c` [link](http://a.b).\n\nSetext\n===\n")
    assert [(type(p).__name__, p.paragraph) for p in document.parts] == [
        ("Heading", 0),
        ("Prose", 1),
        ("Formula", 1),
        ("Prose", 1),
        ("Formula", 1),
        ("Prose", 1),
        ("Prose", 2),
        ("Heading", 3),
    ]
    assert headings(document) == [(1, "One $x$ two"), (1, "Setext")]
    assert prose(document) == ["Let", "be", "where.", "Next c link."]


def test_directives() -> None:
    document = read("a\n\n<!-- derive: i = 1..m; A symmetric -->\n\n`<!-- derive: no -->` <!-- more -->\n")
    assert [part.text.text for part in document.parts if isinstance(part, Directive)] == [" i = 1..m; A symmetric "]
    tex = read("a % derive: x > 0\n%derive: y > 0\n$x$", "a.tex")
    assert [part.text.text for part in tex.parts if isinstance(part, Directive)] == [" x > 0", " y > 0"]


def test_line_endings_and_columns() -> None:
    document = read("a\r\n\r\n$$\r\nx\\\\\r\n= y\r\n$$\r\n")
    (formula,) = (part for part in document.parts if isinstance(part, Formula))
    place = formula.text.text.index("=")
    assert document.source.line_column(formula.text.origin[place]) == (5, 1)


# -------------------------------------------------------------------------------- escapes
def test_escaped_documents() -> None:
    document = read("$$ \\sum\\_{i} x\\_i \\\\{ a \\\\} \\\\, b^\\* \\\\\\\\\n y $$ and $a\\_1$ and $\\text{my\\_var}$")
    assert [text for _, text in formulas(document)] == [
        "\\sum_{i} x_i \\{ a \\} \\, b^* \\\\\n y",
        "a_1",
        "\\text{my\\_var}",
    ]
    first = next(part for part in document.parts if isinstance(part, Formula))
    place = first.text.text.index("_i")
    span = first.text.span(place, place + 1)
    assert document.source.text[span.start : span.end] == "\\_"


def test_documents_without_escapes_stay_as_they_are() -> None:
    text = "a \\\\ b \\\\\n c \\\\\\\\ \\text{my\\_var}_i \\{ x \\}"
    assert formulas(read(f"$${text}$$")) == [("$$", text)]


def test_liquid_tags_are_passed_over() -> None:
    assert formulas(read("{% raw %}\n$$ a $$\n{% endraw %}\n\n$$ {% raw %}b{% endraw %} $$")) == [
        ("$$", "a"),
        ("$$", "b"),
    ]


# -------------------------------------------------------------------------------- macros
def test_macros() -> None:
    document = read(
        "\\newcommand{\\bm}[1]{\\mathbf{#1}}\n\\newcommand\\R{\\mathbb{R}}\n\n"
        "$$\\def\\f#1#2{#1 / #2} \\let\\a\\alpha$$\n"
        "$$\\DeclareMathOperator*{\\argmax}{arg\\,max} x \\newcommand{\\o}[2][z]{#1+#2}$$\n"
    )
    assert document.macros == (
        Macro("\\bm", 1, "\\mathbf{#1}"),
        Macro("\\R", 0, "\\mathbb{R}"),
        Macro("\\f", 2, "#1 / #2"),
        Macro("\\a", 0, "\\alpha"),
        Macro("\\argmax", 0, "\\operatorname*{arg\\,max}"),
        Macro("\\o", 2, "#1+#2", "z"),
    )
    assert formulas(document) == [("$$", "x")]
    assert prose(document) == []


def test_macros_that_open_environments() -> None:
    document = read(
        "\\newcommand{\\be}{\\begin{equation}}\\newcommand{\\ee}{\\end{equation}}\n\\be a = b \\ee", "a.tex"
    )
    assert formulas(document) == [("equation", "a = b")]


# -------------------------------------------------------------------------------- LaTeX
LATEX = r"""\documentclass{article}
\newcommand{\R}{\mathbb{R}}
\input{more}
\title{$no$}
\begin{document}
\section*{One} % $no$
Let $x \in \R$ be \emph{positive}, 50\% of \cite{a}.
\begin{align}\label{a}
a &= b \\[2pt] % no
% no
  &= c
\end{align}
so.

\subsection{Two $y$}
\begin{verbatim}
$no$
\end{verbatim}
\verb|$no$| \[ d \] $$ e $$ \( f \)
\begin{equation*}
\begin{split} g \end{split}
\end{equation*}
\end{document}
$no$
"""


def test_latex() -> None:
    document = read_latex(Source("a.tex", LATEX), {"more": Source("more.tex", "\\def\\v{v}")}.get)
    assert [(name, " ".join(text.split())) for name, text in formulas(document)] == [
        ("$", "x \\in \\R"),
        ("align", "\\label{a} a &= b \\\\[2pt] &= c"),
        ("\\[", "d"),
        ("$$", "e"),
        ("\\(", "f"),
        ("split", "g"),
    ]
    assert headings(document) == [(2, "One"), (3, "Two $y$")]
    assert prose(document) == ["Let", "be positive, 50% of .", "so."]
    assert document.macros == (Macro("\\v", 0, "v"), Macro("\\R", 0, "\\mathbb{R}"))
    assert messages(document) == []
    for part in document.parts:
        if isinstance(part, Formula):
            same = [LATEX[o] == c or LATEX[o] == "%" for o, c in zip(part.text.origin, part.text.text, strict=True)]
            assert all(same)
    assert_exact(document)


@pytest.mark.parametrize(
    ("text", "path", "expected", "read_as"),
    [
        ("$$ a\n\n$b$", "a.md", ["$$ has no $$"], ["b"]),
        ("\\begin{align} a\n\n$$b$$", "a.md", ["\\begin{align} has no \\end{align}"], ["b"]),
        ("\\begin{align} a \\end{align*} $b$", "a.tex", ["\\begin{align} is closed by \\end{align*}"], ["a", "b"]),
        ("\\[ a\n\n\\[ b \\]", "a.tex", ["\\[ has no \\]"], ["b"]),
        ("$a\n\n$b$", "a.tex", ["$ has no $"], ["b"]),
        ("a \\end{align} $b$", "a.tex", ["\\end{align} has no \\begin{align}"], ["b"]),
    ],
)
def test_troubles(text: str, path: str, expected: list[str], read_as: list[str]) -> None:
    document = read(text, path)
    assert messages(document) == expected
    assert [inside for _, inside in formulas(document)] == read_as


# -------------------------------------------------------------------------------- notebooks, reStructuredText
def test_notebooks() -> None:
    cells = [
        {"cell_type": "code", "source": ["print('$no$')"]},
        {
            "cell_type": "markdown",
            "source": ["# T \u00e9\n", "\n", 'Let $\\alpha = "b"$ be\n', "$$\n", "x\\\\\n", "= \U0001d465\n", "$$"],
        },
        {"cell_type": "markdown", "metadata": {"source": "$no$"}, "source": "$y$"},
    ]
    for indent in (None, 1):
        text = json.dumps({"metadata": {"cells": [1]}, "cells": cells, "nbformat": 4}, indent=indent)
        document = read(text, "a.ipynb")
        found = [part for part in document.parts if isinstance(part, Formula)]
        assert [(part.cell, part.text.text) for part in found] == [
            (2, '\\alpha = "b"'),
            (2, "\nx\\\\\n= \U0001d465\n"),
            (3, "y"),
        ]
        assert headings(document) == [(1, "T \u00e9")]
        assert text[found[0].text.origin[0]] == "\\"
        assert text[found[1].text.origin[-2] :].startswith("\\ud835\\udc65")
        assert text[found[2].span.start : found[2].span.end] == "$y$"
        assert_exact(document)
    assert messages(read("[1, 2", "a.ipynb")) == ["this is no notebook: it has no cells"]


RST = """Title
=====

Let :math:`x_1` be *positive*, ``$no$``.

.. math::
   :label: a

   a &= b \\\\
     &= c

   d = e

.. math:: f = g

Sub
---

.. code-block:: python

   :math:`no`

::

   :math:`no`

.. note::

   In a note :math:`h`.
"""


def test_rst() -> None:
    document = read(RST, "a.rst")
    assert [(name, " ".join(text.split())) for name, text in formulas(document)] == [
        ("$", "x_1"),
        ("math", "a &= b \\\\ &= c"),
        ("math", "d = e"),
        ("math", "f = g"),
        ("$", "h"),
    ]
    assert headings(document) == [(1, "Title"), (2, "Sub")]
    assert prose(document)[:2] == ["Let", "be positive, $no$."]
    assert_exact(document)


# -------------------------------------------------------------------------------- whole documents
@pytest.mark.parametrize(("name", "displays"), [("logistic", 2), ("softmax", 6)])
def test_bundled_documents_are_read_whole(name: str, displays: int) -> None:
    document = read((BUNDLED / f"{name}.md").read_text("utf-8"))
    found = formulas(document, True)
    assert len(found) == displays
    assert not any("\\_" in text or "\\\\\\\\" in text for _, text in formulas(document))
    assert document.troubles == ()
    assert_exact(document)


def test_bundled_formulas_are_those_of_the_note() -> None:
    note = SHARED / "documents" / "logistic-softmax.md"
    if not note.exists():
        pytest.skip("the note that the bundled documents follow is not here")
    original = formulas(read(note.read_text("utf-8")))
    ours = [
        formula
        for name in ("logistic", "softmax")
        for formula in formulas(read((BUNDLED / f"{name}.md").read_text("utf-8")))
    ]
    assert [formula for formula in ours if formula not in (("$", "h"), ("$", "y"))] == original


# -------------------------------------------------------------------------------- robustness
PIECES = st.sampled_from(
    [
        "$",
        "$$",
        "\\[",
        "\\]",
        "\\\\[",
        "\\\\]",
        "\\(",
        "\\)",
        "\\begin{align}",
        "\\end{align}",
        "\\begin{split}",
        "\\end{split}",
        "\\begin{array}{c}",
        "\\end{array}",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "# ",
        "    ",
        "```",
        "```math\n",
        "`",
        "<!--",
        "-->",
        "<!-- derive: ",
        "|",
        "|-|",
        "---",
        "=",
        "x",
        "x_i",
        "\\_",
        "\\\\",
        "\\\\\\\\",
        "%",
        "{",
        "}",
        "\\newcommand{\\a}",
        "\\def\\a",
        "[",
        "]",
        "\r\n",
        "\t",
        "\\verb|",
        "{% raw %}",
        "\\section{",
        "\\let\\a\\b",
        "$`",
        "`$",
        "&lt;",
        ".. math::\n\n   ",
        ":math:`",
        '"',
        "\u2028",
        "\x00",
        "1. ",
        '{"cells":[{"cell_type":"markdown","source":"',
        '"}]}',
        "\\u0024",
        "\\n",
        "\\begin{document}",
        "\\end{document}",
        "\ufeff",
        "\\",
        "word ",
    ]
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(READERS)), st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=40).map("".join))
def test_any_text_is_a_document(ending: str, text: str) -> None:
    document = read(text, f"a{ending}")
    for part in document.parts:
        assert 0 <= part.span.start <= part.span.end <= len(text)
        if isinstance(part, Formula | Directive):
            assert len(part.text.text) == len(part.text.origin)
            assert all(0 <= place < len(text) for place in part.text.origin)
            hash(part)
    for trouble in document.troubles:
        assert trouble.span.end <= len(text)
    if ending != ".ipynb" and "\\" not in text and "&" not in text and "%" not in text:
        for part in document.parts:
            if isinstance(part, Formula):
                assert all(text[o] == c for o, c in zip(part.text.origin, part.text.text, strict=True))


@pytest.mark.parametrize("ending", [".md", ".tex", ".ipynb", ".rst"])
@pytest.mark.parametrize(
    "text",
    [
        "a" * 3_000_000,
        "$" * 100_000,
        "$ " * 50_000,
        "$$" + "{" * 100_000 + "}" * 100_000 + "$$",
        "\\begin{align}" * 20_000,
        "\\[" * 50_000,
        "` " * 50_000,
        "<!-- " * 50_000,
        "\\newcommand{\\x}{" * 20_000,
        "\\section{" * 20_000,
        "> " * 20_000,
        "[" * 300_000,
    ],
    ids=[
        "line",
        "dollars",
        "openers",
        "braces",
        "begins",
        "brackets",
        "ticks",
        "comments",
        "definitions",
        "titles",
        "quotes",
        "lists",
    ],
)
def test_hostile_texts_take_linear_time(ending: str, text: str) -> None:
    start = time.perf_counter()
    read(text, f"a{ending}")
    assert time.perf_counter() - start < 10
