"""The report in the terminal: each line of the document with its verdict beside it, like a proof-reader's margin."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from derive.reports.console import render, width_of
from derive.reports.formulas import show_counterexample, strip_latex, unicode_formula, unicode_phrase, unicode_relation
from derive.reports.order import Entry, count, explain_verdict, order_entries, says_rules
from derive.reports.settings import Settings
from derive.reports.wrapping import clean, pad, wrap
from derive.results import (
    VERDICTS,
    DocumentResult,
    Finding,
    ProofLine,
    Repair,
    Report,
    Severity,
    StepResult,
    VerdictName,
)

VERDICT_SIGNS: dict[VerdictName, tuple[str, str]] = {
    "proved": ("✓ proved", "green"),
    "refuted": ("✗ refuted", "bold red"),
    "supported": ("~ supported", "cyan"),
    "unknown": ("? unknown", "yellow"),
    "unread": ("⊘ unread", "magenta"),
    "stated": ("stated", "dim"),
}
SEVERITY_SIGNS: dict[Severity, tuple[str, str]] = {
    "error": ("✗", "bold red"),
    "warning": ("!", "yellow"),
    "note": ("·", "blue"),
}
GUTTER = 9
"""Columns before a formula: the line number and its margins."""

GAP = 3

LONGEST_FORMULA = 8
"""Lines of a formula that are shown; the rest is `…` unless `verbose` is asked for."""


def write_text(report: Report, settings: Settings) -> str:
    """The report as text, with terminal colours if asked for."""
    width = width_of(settings)
    lines: list[Text] = []
    for document in report.documents:
        page = DocumentPage(document, settings, width).lines()
        lines += [*page, Text()] if page else []
    good = not report.severities("error") and not report.count("refuted")
    lines += [Text(row, "bold" if good else "bold red") for row in wrap(summarise(report), width, 2)]
    return render(lines, settings)


class DocumentPage:
    """One document's part of the report."""

    def __init__(self, document: DocumentResult, settings: Settings, width: int) -> None:
        self.document = document
        self.settings = settings
        self.width = width
        self.file = clean(settings.file_of(document.path))
        self.entries = order_entries(document)
        self.formulas = {
            id(entry.step): show_step(entry.step) for entry in self.entries if entry.step and self.shows(entry.step)
        }
        widest = max((indent + cell_len(text) for indent, text in self.formulas.values()), default=0)
        self.column = max(20, min(widest, (width - GUTTER - GAP) * 3 // 5))

    def shows(self, step: StepResult) -> bool:
        """Whether the step is printed."""
        wanted = ("refuted", "supported", "unknown", "unread") if self.settings.strict else ("refuted",)
        return not self.settings.quiet or step.verdict in wanted

    def lines(self) -> list[Text]:
        """The document's lines, its title first; none where there is nothing to say and `quiet` is asked for."""
        body: list[Text] = []
        heading = ""
        for entry in self.entries:
            shown = entry.step is not None and self.shows(entry.step)
            if not shown and not entry.findings:
                continue
            if entry.heading is not None and entry.heading != heading:
                heading = entry.heading
                body.extend(Text("  " + line, "bold") for line in wrap(clean(heading), self.width - 2, 2))
            if entry.step is not None and shown:
                body.extend(self.step_lines(entry.step))
            body.extend(self.entry_findings(entry, shown))
        if not body:
            return [] if self.settings.quiet else [self.title(), Text("  nothing to check", "dim")]
        return [self.title(), *body]

    def title(self) -> Text:
        """The document's path, and its file where that is another."""
        title = Text().append(clean(self.document.path), "bold underline")
        if self.file != clean(self.document.path):
            title.append("  ").append(self.file, "dim")
        return title

    def step_lines(self, step: StepResult) -> list[Text]:
        """A step: its formula, its verdict beside it, and below what the verdict rests on."""
        indent, formula = self.formulas[id(step)]
        indent = min(indent, self.column // 3)
        rows = wrap(formula, self.column - indent, 0 if indent else 4)
        if len(rows) > LONGEST_FORMULA and not self.settings.verbose:
            rows[LONGEST_FORMULA - 1 :] = [rows[LONGEST_FORMULA - 1][: self.column - indent - 2] + " …"]
        left = [" " * indent + row for row in rows]
        sign, style = VERDICT_SIGNS[step.verdict]
        beside = self.width - GUTTER - GAP - self.column
        why = clean(unicode_phrase(explain_verdict(step)))
        right = wrap(why, beside, 2, sign + " ")
        below = len(right) > max(len(left), 3)
        if below:
            right = [sign]
        lines = []
        for number in range(max(len(left), len(right))):
            line = Text().append(f"{step.place.line:>{GUTTER - 2}}  " if number == 0 else " " * GUTTER, "dim")
            formula_style = "dim" if step.verdict == "stated" else "none"
            line.append(pad(left[number] if number < len(left) else "", self.column + GAP), formula_style)
            text = right[number] if number < len(right) else ""
            # the sign may itself be broken over lines where the margin is narrow
            line.append(text[: len(sign)] if number == 0 else "", style)
            line.append(text[len(sign) :] if number == 0 else text, "dim")
            lines.append(line)
        if below:
            lines.extend(self.note("", why, "dim"))
        for kind, text in self.grounds(step):
            lines.extend(self.note(kind, text, "dim"))
        return lines

    def grounds(self, step: StepResult) -> list[tuple[str, str]]:
        """What stands below a step."""
        grounds = []
        if step.assumptions:
            grounds.append(("assuming", "; ".join(map(unicode_phrase, step.assumptions))))
        if step.readings:
            grounds.append(("reading", "; ".join(map(unicode_phrase, step.readings))))
        if step.counterexample:
            grounds.append(("for" if step.counterexample.values else "since", show_counterexample(step.counterexample)))
        if self.settings.verbose:
            if step.rules and not says_rules(step):
                grounds.append(("rules", ", ".join(step.rules)))
            grounds.extend(ground for line in step.proof for ground in show_line(line))
        return grounds

    def entry_findings(self, entry: Entry, shown: bool) -> list[Text]:
        """The findings of an entry; the first carries the line number where no step does."""
        lines: list[Text] = []
        for finding in entry.findings:
            found = self.finding_lines(finding)
            if not shown:
                found[0] = Text().append(f"{finding.place.line:>{GUTTER - 2}}  ", "dim") + found[0][GUTTER:]
            lines.extend(found)
        return lines

    def finding_lines(self, finding: Finding) -> list[Text]:
        """A finding: what, where, and how to mend it."""
        sign, style = SEVERITY_SIGNS[finding.severity]
        title = f"{sign} {finding.code} {finding.name.replace('-', ' ')}"
        where = f"{self.file}:{finding.place.line}:{finding.place.column}"
        rows = wrap(clean(unicode_phrase(finding.message)), self.width - GUTTER, 2, title + " ")
        lines = [Text(" " * GUTTER + row) for row in rows]
        lines[0].stylize(style, GUTTER, GUTTER + len(title))
        if cell_len(lines[-1].plain) + 2 + cell_len(where) > self.width:
            # a path stays in one piece, so that it can be clicked
            lines.append(Text(" " * (GUTTER + 2) + where, "dim"))
        else:
            lines[-1].append("  " + where, "dim")
        if finding.repair is not None:
            lines.extend(self.note(*show_repair(finding.repair), "green"))
        return lines

    def note(self, kind: str, text: str, style: str) -> list[Text]:
        """A line under a step or a finding: a word (set in by blanks before it), dimmed, and what it introduces."""
        column = GUTTER + 2 + len(kind) - len(kind.lstrip())
        rows = wrap(f"{kind} {clean(text)}".strip(), self.width - column, 2)
        lines = [Text(" " * column + row, style) for row in rows]
        lines[0].stylize("dim", 0, GUTTER + 2 + len(kind))
        return lines


def show_step(step: StepResult) -> tuple[int, str]:
    """A step as one line of Unicode, with the columns that it stands in from the margin (a step that goes on from
    the one before it stands under that one's right side)."""
    right = f"{unicode_relation(step.relation)} {unicode_formula(step.right)}"
    if step.opening:
        return 0, clean(f"{unicode_formula(step.left)} {right}")
    return 6, clean(right)


def show_line(line: ProofLine) -> Iterator[tuple[str, str]]:
    """A line of a proof in words: how each row begins, and the rest."""
    side = {"left": " on the left", "right": " on the right"}.get(line.side, "")
    yield f"by {line.rule}{side}:", " ⇒ ".join(map(unicode_formula, line.after.split(r" \Rightarrow ")))
    if line.part:
        yield "  replacing", f"{unicode_formula(line.part)} by {unicode_formula(line.replacement)}"
    if line.bindings:
        bound = (f"{unicode_formula(name)} = {unicode_formula(meaning)}" for name, meaning in line.bindings)
        yield "  with", ", ".join(bound)
    if line.conditions:
        yield "  where", "; ".join(map(unicode_phrase, line.conditions))


def show_repair(repair: Repair) -> tuple[str, str]:
    """A repair in words: how it begins, and the rest."""
    proof = f"({'verified' if repair.verified else 'not verified'}: {clean(repair.effect)})"
    if repair.repaired:
        return "did you mean", f"{clean(unicode_formula(repair.repaired))} ?  {proof}"
    edits = []
    for edit in repair.edits:
        begin, end = f"{edit.place.line}:{edit.place.column}", f"{edit.place.end_line}:{edit.place.end_column}"
        text = clean(strip_latex(edit.text))
        if begin == end:
            edits.append(f"put {text} at {begin}")
        else:
            edits.append(f"put {text} for {begin} to {end}" if text else f"leave out {begin} to {end}")
    return "mend:", f"{'; '.join(edits)} {proof}"


def summarise(report: Report) -> str:
    """The last line: how many steps, with which verdicts, how many findings, how long."""
    verdicts = [f"{report.count(verdict)} {verdict}" for verdict in VERDICTS if report.count(verdict)]
    steps = len(report.steps())
    counts = count(steps, "step") + (": " + ", ".join(verdicts) if verdicts else "")
    documents = f"{count(len(report.documents), 'document')}, " if len(report.documents) != 1 else ""
    errors, warnings = report.severities("error"), report.severities("warning")
    found = [count(number, word) for number, word in ((errors, "error"), (warnings, "warning")) if number]
    parts = [documents + counts, ", ".join(found), f"{report.seconds:.2f} s"]
    return " · ".join(part for part in parts if part)
