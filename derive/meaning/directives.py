"""What authors tell derive in comments, in front matter and in settings: `h(x) = x^2; i = 1..m; A symmetric`.

A directive is read as if the document said it: each of its items becomes a sentence with inline mathematics, `Let
$x > 0$.`, so that it means what it would mean in the text. Items are parted by semicolons or lines; an item is a
relation (a definition, a condition, a membership), a range, or names with what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from derive.documents.document import Directive, Document, Formula, Heading, Macro, Part, Prose, Trouble
from derive.documents.tracing import edit_text, freeze_text
from derive.meaning.heads import head_key
from derive.meaning.sentences import formulas_of
from derive.notation import read_passage
from derive.notation.tree import Chain, Empty, List, Name, Unread
from derive.notation.walk import walk
from derive.source import Span, TracedText

ENVIRONMENT = "directive"  # what formulas of directives carry as their environment: they make no steps

_PARTED = re.compile(r";|\n|；")
_DOTS = re.compile(r"\s*\.\.+\s*(?=[^\s.,])")
_SCRIPTED = r"(?:\{[^{}]*\})?(?:_(?:\w|\{[^{}]*\}))?\$?"
_WORD = r"\$?\\?[A-Za-z]+" + _SCRIPTED
_LETTER = r"\$?(?:[A-Za-z](?![A-Za-z])|\\[A-Za-z]+)" + _SCRIPTED
_AND = r"\s*(?:,\s*and\b|,|\band\b)\s*"
_SAID = r"(?:an?\s+|the\s+)?(?P<said>[a-z]+(?:[- ][a-z]+)*)"
_KINDS = (
    re.compile(rf"(?P<names>{_WORD}(?:{_AND}{_WORD})*)\s+(?:is|are)\s+{_SAID}", re.IGNORECASE),
    # without a verb between them, names are letters or commands
    re.compile(rf"(?P<names>{_LETTER}(?:{_AND}{_LETTER})*)\s+{_SAID}", re.IGNORECASE),
)
_TRAITS = re.compile(
    r"(?:symmetric|orthogonal|idempotent|diagonal|invertible|square|positive (?:semi-?)?definite)(?: matri(?:x|ces))?"
    r"|matri(?:x|ces)|vectors?|random variables?|functions?"
)
_NOUNS = ("x", "ces", "vector", "vectors", "variable", "variables", "function", "functions")


def expand(document: Document, given: Sequence[str] = ()) -> Document:
    """The document with its directives as sentences. `given` are directives from outside, which hold for the
    whole document, as those of its front matter and those before its first heading do. What is not understood becomes
    a trouble of the document."""
    outside = [Directive(Span(0, 0), 0, TracedText(text, (0,) * len(text), 0), True) for text in given]
    own = [part for part in document.parts if isinstance(part, Directive)]
    if not outside and not own:
        return document
    troubles: list[Trouble] = []
    parts: list[Part] = []
    first = next((part.span.start for part in document.parts if isinstance(part, Heading)), 0)
    own = [replace(part, whole=part.whole or part.span.start < first) for part in own]
    everywhere = [part for part in (*outside, *own) if part.whole]
    fixed = [s for part in everywhere for s in _sentences(part, troubles, document.macros)]
    again = [s for s in fixed if not _is_lasting(s)]
    parts.extend(piece for sentence in fixed for piece in sentence)
    for part in document.parts:
        if not isinstance(part, Directive):
            parts.append(part)
            if isinstance(part, Heading):  # conditions hold within a section
                parts.extend(replace(piece, paragraph=part.paragraph) for sentence in again for piece in sentence)
        elif not (part.whole or part.span.start < first):
            parts.extend(piece for s in _sentences(part, troubles, document.macros) for piece in s)
    found = sorted([*document.troubles, *troubles], key=lambda trouble: trouble.span)
    return replace(document, parts=tuple(parts), troubles=tuple(found))


def misunderstood(text: str) -> str | None:
    """The first item of a directive that is not understood, or None."""
    troubles: list[Trouble] = []
    list(_sentences(Directive(Span(0, 0), 0, TracedText(text, (0,) * len(text), 0)), troubles, ()))
    return troubles[0].message if troubles else None


Sentence = tuple[Part, ...]


def _sentences(directive: Directive, troubles: list[Trouble], macros: Sequence[Macro]) -> Iterator[Sentence]:
    text = directive.text
    start = 0
    for end in [*(m.start() for m in _PARTED.finditer(text.text)), len(text)]:
        first, last = start, end
        while first < last and text.text[first] in " \t\r\n-*.":
            first += 1
        while first < last and text.text[last - 1] in " \t\r\n.,":
            last -= 1
        start = end + 1
        if first < last:
            item = freeze_text(text.slice(first, last))
            read = _sentence(item, directive, macros)
            if read is None:
                troubles.append(Trouble(text.span(first, last), f"this directive is not understood: {item.text}"))
            else:
                yield from read


def _sentence(item: TracedText, directive: Directive, macros: Sequence[Macro]) -> list[Sentence] | None:
    """An item as sentences, or None where it is not understood."""
    match = next((found for kind in _KINDS if (found := kind.fullmatch(item.text)) is not None), None)
    if match is not None:
        said = match["said"].strip().lower()
        verb = "are" if "," in match["names"] or " and " in match["names"] else "is"
        formulas = formulas_of(f"{match['names'].replace('$', '')} {verb} {said}")
        if formulas is not None:
            texts = [TracedText(f, (item.origin[0],) * len(f), item.end) for f in formulas]
            return [_said("Let", text, ".", directive) for text in texts]
        if _TRAITS.fullmatch(said) is None:
            return None
        noun = said if said.endswith(_NOUNS) else f"{said} matrix"
        names = item.slice(match.start("names"), match.end("names"))
        return [_said("Let", freeze_text(names), f"be a {noun}.", directive)]
    dots = [(m.start(), m.end(), ", \\ldots, ") for m in _DOTS.finditer(item.text)]
    if dots:
        item = freeze_text(edit_text(item, dots))
    if "$" in item.text:
        item = freeze_text(edit_text(item, [(k, k + 1, " ") for k, c in enumerate(item.text) if c == "$"]))
    passage = read_passage(item, macros)
    chains = [part for part in passage.items if isinstance(part, Chain) and part.signs]
    if not chains or len(chains) < len(passage.items) or any(isinstance(n, Unread | Empty) for n in walk(passage)):
        return None
    return [_said("for" if dots else "Let", item, ".", directive)]


def _said(before: str, formula: TracedText, after: str, directive: Directive) -> Sentence:
    span, paragraph = directive.span, directive.paragraph
    return (
        Prose(Span(span.start, span.start), paragraph, before),
        Formula(formula.span(0, len(formula)), paragraph, formula, False, ENVIRONMENT),
        Prose(Span(span.end, span.end), paragraph, after),
    )


def _is_lasting(sentence: Sentence) -> bool:
    """Whether a sentence holds on in all sections once it is said: a definition that depends on something, a kind."""
    formula = sentence[1]
    assert isinstance(formula, Formula)
    for item in read_passage(formula.text).items:
        if isinstance(item, Chain) and item.signs:
            if item.signs[0].sign == "∈":
                return True
            if item.signs[0].sign in ("=", ":=") and not isinstance(item.operands[0], List):
                return head_key(item.operands[0]) is not None and any(
                    isinstance(n, Name) for n in walk(item.operands[1])
                )
            return False
    return True
