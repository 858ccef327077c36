"""A document as its reader found it: headings, prose and formulas in order, each with its place."""

from __future__ import annotations

from dataclasses import dataclass

from derive.source import Source, Span, TracedText


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a document. `paragraph` numbers the paragraph it stands in: pieces of one paragraph share it
    (a displayed formula belongs to the paragraph that it interrupts only if no blank line parts them)."""

    span: Span
    paragraph: int


@dataclass(frozen=True, slots=True)
class Heading(Part):
    """A heading: its level (1 is the highest) and its text, without markup."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose(Part):
    """A run of prose between formulas. `text` is without markup where that is easy, never with mathematics."""

    text: str


@dataclass(frozen=True, slots=True)
class Formula(Part):
    """A formula: the characters inside its delimiters, unescaped as a renderer would hand them to TeX.

    `display` is False for inline mathematics. `environment` is the outer environment (`align`, `eqnarray*`, …)
    or the delimiter (`$$`, `\\[`, `$`, `\\(`, `math`); environments inside (`aligned`, `split`) are left in `text`,
    and an outer `\\begin{align}` … `\\end{align}` itself is not part of it. `cell` is the number of the notebook
    cell, from 1."""

    text: TracedText
    display: bool
    environment: str
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Directive(Part):
    """What the author tells derive in a comment: `<!-- derive: … -->`, `% derive: …`. `text` is what follows the
    colon. One in the front matter is said of the `whole` document."""

    text: TracedText
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro the document defines: `\\newcommand{\\name}[arity][default]{body}`, `\\def`, `\\DeclareMathOperator`
    (body `\\operatorname{…}`). `body` has `#1` … where the arguments go."""

    name: str
    arity: int
    body: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong with the document itself: an environment without an end, a brace without a partner."""

    span: Span
    message: str


@dataclass(frozen=True)
class Document:
    """A document: its source, its parts in the order of the source, its macros, and what was wrong with it."""

    source: Source
    parts: tuple[Part, ...]
    macros: tuple[Macro, ...] = ()
    troubles: tuple[Trouble, ...] = ()
