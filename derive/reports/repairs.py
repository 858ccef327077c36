"""The report of `derive fix`: which repairs were made, from what to what, and what is wrong still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.text import Text

from derive.repairing.mending import Made, Mended
from derive.reports.console import render, width_of
from derive.reports.formulas import strip_latex, unicode_formula, unicode_relation
from derive.reports.order import count
from derive.reports.settings import Settings
from derive.reports.text import write_text
from derive.reports.wrapping import clean, wrap
from derive.results import DocumentResult, Report, StepResult

INDENT = 2


def write_repairs(mended: Sequence[Mended], seconds: float, settings: Settings) -> str:
    """The repairs of each document (with `quiet`: none of them), then what is wrong still, as `derive check --quiet`
    tells it, without its notes."""
    lines: list[Text] = []
    for document in mended:
        if document.made and not settings.quiet:
            title = Text().append(clean(document.result.path), "bold underline")
            lines.append(title.append(f"  {count_repairs([document])}", "green"))
            for made in document.made:
                lines += _repair(made, settings.file_of(document.result.path), settings)
            lines.append(Text())
    report = Report(tuple(_without_notes(document.result) for document in mended), seconds)
    return render(lines, settings) + write_text(report, replace(settings, quiet=True))


def _without_notes(result: DocumentResult) -> DocumentResult:
    return replace(result, findings=tuple(f for f in result.findings if f.severity != "note"))


def count_repairs(mended: Sequence[Mended]) -> str:
    """How many repairs there are: `2 repairs`."""
    return count(sum(len(document.made) for document in mended), "repair")


def _repair(made: Made, file: str, settings: Settings) -> list[Text]:
    finding, repair = made.finding, made.finding.repair
    assert repair is not None and repair.edits
    place, width = repair.edits[0].place, width_of(settings)
    head = Text(" " * INDENT).append(f"{clean(file)}:{place.line}:{place.column}", "dim")
    lines = [head.append(f"  {finding.code} {finding.name.replace('-', ' ')}")]
    before = _shown(made.step) if made.step and repair.repaired else ""
    edits = "; ".join(strip_latex(edit.text) for edit in repair.edits)
    after = unicode_formula(repair.repaired) if repair.repaired else edits
    for text, style in ((before, "red"), (f"→ {after}  ({repair.effect})", "green")):
        if text:
            rows = wrap(clean(text), width - 3 * INDENT, INDENT)
            lines += [Text(" " * 2 * INDENT + row, style) for row in rows]
    return lines


def _shown(step: StepResult) -> str:
    """A step as its repair shows it: of an equation that follows from another one, that equation alone."""
    right = unicode_formula(step.right)
    if step.relation == "⇒":
        return right
    return f"{unicode_formula(step.left)} {unicode_relation(step.relation)} {right}"
