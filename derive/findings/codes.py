"""The finding codes: what each is called, and how severe it is. A code, once given, keeps its meaning."""

from __future__ import annotations

from dataclasses import dataclass

from derive.meaning.outline import Outline
from derive.results import Finding, Place, Repair, Severity
from derive.source import Source, Span


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding."""

    code: str
    name: str
    severity: Severity
    meaning: str


CODES: dict[str, Code] = {
    code.code: code
    for code in (
        Code("E101", "wrong-step", "error", "the two sides differ"),
        Code("E102", "wrong-sign", "error", "a derivation and the definition it starts from differ by their sign"),
        Code("E103", "broken-chain", "error", "a product of derivatives does not reach what is differentiated by"),
        Code("E104", "likely-slip", "error", "a line that is not proved holds with one sign, number or symbol changed"),
        Code("I201", "index-slip", "error", "one indexed symbol stands where another was meant"),
        Code("I202", "free-index", "error", "the free indices of the two sides do not agree"),
        Code("I203", "index-count", "error", "a family is used with another number of indices than it has"),
        Code("I204", "dropped-index", "warning", "a symbol has lost the index that it had before"),
        Code("I205", "role-change", "warning", "two indices change their roles between the lines"),
        Code("I206", "open-sum", "note", "a sum does not say where it starts or ends"),
        Code("I207", "short-sum", "warning", "a sum ends before a term that uses its index"),
        Code("I208", "missing-differential", "warning", "an integral does not say what it is over"),
        Code("I209", "stray-differential", "warning", "a differential stands in a sum"),
        Code("I210", "idle-variable", "warning", "a sum or limit is of something that does not contain its variable"),
        Code("S301", "undefined", "note", "a symbol that the document does not define decides a step"),
        Code("S302", "stray-symbol", "error", "a symbol comes from nowhere, where a known one was meant"),
        Code(
            "A401", "assumed-function", "note", "a function is taken to be the well-known one of the name in the prose"
        ),
        Code("A402", "assumed-value", "note", "a value that the prose gives is used"),
        Code("N501", "unread", "note", "part of a formula was not understood"),
        Code("N502", "broken-document", "warning", "the document itself is broken here"),
        Code("N503", "ill-formed", "error", "a delimiter has no partner, or an operator nothing behind it"),
        Code("N590", "document-given-up", "error", "the document could not be read or finished in time"),
    )
}


def place_of(source: Source, span: Span) -> Place:
    """A span as lines and columns from 1."""
    line, column = source.line_column(span.start)
    end_line, end_column = source.line_column(span.end)
    return Place(line, column, end_line, end_column)


def finding(
    outline: Outline,
    code: str,
    span: Span,
    message: str,
    repair: Repair | None = None,
    severity: Severity | None = None,
) -> Finding:
    """A finding of a code at a place of the document."""
    kind = CODES[code]
    place = place_of(outline.document.source, span)
    return Finding(kind.code, kind.name, severity or kind.severity, message, place, repair)
