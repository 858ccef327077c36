"""The report as a LaTeX document of its own: every line set, with its verdict and what it rests on beneath it.

Formulas are written anew from their trees; no text of a document reaches TeX unescaped."""

from __future__ import annotations

import re
from importlib.resources import files

from derive import __version__
from derive.reports.formulas import (
    latex_formula,
    show_counterexample,
    unicode_phrase,
    unicode_relation,
)
from derive.reports.latex_text import MATHEMATICS, escape_text
from derive.reports.order import count, explain_verdict, order_entries, says_rules
from derive.reports.settings import Settings
from derive.reports.wrapping import clean
from derive.results import VERDICTS, DocumentResult, Finding, Repair, Report, StepResult, VerdictName

VERDICT_SIGNS: dict[VerdictName, str] = {
    "proved": r"\checkmark",
    "refuted": r"\times",
    "supported": r"\sim",
    "unknown": "?",
    "unread": r"\oslash",
    "stated": r"\cdot",
}

LONGEST_SOURCE = 1000
"""Characters that are shown of a step which cannot be set as a formula."""


def write_latex(report: Report, settings: Settings) -> str:
    """The report as a file that pdflatex and xelatex compile."""
    preamble = (files("derive.reports") / "preamble.tex").read_text("utf-8")
    body = "\n".join(line for document in report.documents for line in _document(document, settings))
    known = [rf"\knowcommand{{{name}}}" for name in sorted(set(re.findall(r"\\([a-zA-Z]+)", body)))]
    return "\n".join(
        [
            preamble.rstrip(),
            *known,
            r"\hypersetup{pdftitle={derive report}}",
            r"\begin{document}",
            *_title(report),
            "",
            body,
            r"\end{document}",
            "",
        ]
    )


def _title(report: Report) -> list[str]:
    """The head of the report: how many of what, in all and by document."""
    columns = (*VERDICTS, "errors", "warnings")
    head = " & ".join(["", *(rf"\scriptsize {name}" for name in columns)])
    lines = [
        rf"{{\LARGE\bfseries derive report}}\hfill{{\small\color{{faint}}derive {__version__}}}\par\bigskip",
        rf"\begingroup\small\setlength{{\tabcolsep}}{{3pt}}\begin{{longtable}}[l]{{@{{}}p{{44mm}}*{{{len(columns)}}}{{w{{r}}{{12mm}}}}@{{}}}}",
        rf"{head} \\ \hline\endhead",
    ]
    for document in report.documents:
        lines.append(_row(document.path, Report((document,))))
    if len(report.documents) != 1:
        lines.append(r"\hline")
        lines.append(_row("all", report))
    lines.append(r"\end{longtable}\endgroup")
    steps = len(report.steps())
    found = f"{count(report.severities('error'), 'error')}, {count(report.severities('warning'), 'warning')}"
    lines.append(rf"{{\small {count(steps, 'step')}; {found}; {report.seconds:.2f} s}}\par")
    return lines


def _row(title: str, report: Report) -> str:
    counts = [report.count(verdict) for verdict in VERDICTS]
    counts += [report.severities("error"), report.severities("warning")]
    name = rf"\raggedright {escape_text(clean(title))}"
    return " & ".join([name, *map(str, counts)]) + r" \\"


def _document(document: DocumentResult, settings: Settings) -> list[str]:
    """One document, in the order in which it is read."""
    file = settings.file_of(document.path)
    lines = [rf"\section*{{\raggedright {escape_text(clean(document.path))}}}"]
    if file != document.path:
        lines.append(rf"\inner[0mm]{{\footnotesize\ttfamily\color{{faint}}{escape_text(clean(file))}}}")
    entries = order_entries(document)
    if not entries:
        lines.append("Nothing to check.")
    heading = ""
    for entry in entries:
        if entry.heading is not None and entry.heading != heading:
            heading = entry.heading
            lines.append(rf"\subsection*{{\raggedright {escape_text(clean(heading))}}}")
        if entry.step is not None:
            lines.extend(_step(entry.step))
        for finding in entry.findings:
            lines.extend(_finding(finding, file))
    return [*lines, ""]


def _step(step: StepResult) -> list[str]:
    """A step: its formula, its verdict, and what that rests on."""
    relation = _relation(step.relation)
    right = latex_formula(step.right)
    left = latex_formula(step.left) if step.opening else r"\quad"
    if left is None or right is None:
        lines = [rf"\rawstep{{{step.place.line}}}{{{escape_text(_source_text(step))}}}"]
    else:
        lines = [rf"\step{{{step.place.line}}}{{{left} {relation} {right}}}"]
    why = clean(unicode_phrase(explain_verdict(step)))
    lines.append(
        rf"\verdict{{{step.verdict}}}{{{VERDICT_SIGNS[step.verdict]}}}{{{step.verdict}}}{{{escape_text(why)}}}"
    )
    rules = () if says_rules(step) else step.rules
    for kind, items, joint in (
        ("rules", rules, ", "),
        ("assuming", step.assumptions, "; "),
        ("reading", step.readings, "; "),
    ):
        if items:
            lines.append(_ground(kind, joint.join(map(unicode_phrase, items))))
    if step.counterexample is not None:
        word = "for" if step.counterexample.values else "since"
        lines.append(_ground(word, show_counterexample(step.counterexample)))
    return lines


def _source_text(step: StepResult) -> str:
    """A step that cannot be set as a formula, as it stands in the document."""
    text = f"{step.left} {step.relation} {step.right}" if step.opening else f"{step.relation} {step.right}"
    shown = text if len(text) <= LONGEST_SOURCE else text[:LONGEST_SOURCE] + " …"
    return clean(shown)


def _finding(finding: Finding, file: str) -> list[str]:
    """A finding and how to mend it."""
    title = f"{finding.severity} {finding.code} {finding.name.replace('-', ' ')}"
    where = f"{clean(file)}:{finding.place.line}:{finding.place.column}"
    lines = [
        rf"\finding{{{finding.severity}}}{{{escape_text(title)}}}{{{escape_text(clean(unicode_phrase(finding.message)))}}}{{{escape_text(where)}}}"
    ]
    if finding.repair is not None:
        lines.append(_repair(finding.repair))
    return lines


def _repair(repair: Repair) -> str:
    proof = f"{'verified' if repair.verified else 'not verified'}: {clean(repair.effect)}"
    mended = latex_formula(repair.repaired) if repair.repaired else None
    if mended is not None:
        return rf"\groundformula{{did you mean ({escape_text(proof)})}}{{{mended}}}"
    edits = "; ".join(
        f"{edit.place.line}:{edit.place.column}–{edit.place.end_line}:{edit.place.end_column} becomes "
        f"{clean(edit.text) or 'nothing'}"
        for edit in repair.edits
    )
    return _ground("mend", f"{edits} ({proof})")


def _ground(kind: str, text: str) -> str:
    return rf"\ground{{{kind}}}{{{escape_text(clean(text))}}}"


def _relation(relation: str) -> str:
    sign = unicode_relation(relation)
    return MATHEMATICS.get(sign) or (
        sign if sign in ("=", "<", ">", ":=") else rf"\mathrel{{\text{{{escape_text(sign)}}}}}"
    )
