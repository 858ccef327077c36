"""Documents checked inside the test process, and test documents: any Markdown, LaTeX or other file in `documents/`
whose lines carry what is expected of them.

A remark stands at the end of its line, where TeX does not see it: `% proved` in a displayed
formula, `<!-- proved -->` beside inline mathematics or behind a closing `$$`. It says, for the steps whose relation
signs stand on that line, in order, with commas between them:

    proved                      the verdict
    proved: i = j; one-hot      ... and each of these is part of one of its assumptions
    refuted E101 repair         ... and this finding stands on the line, with a verified repair
    I202 warning                a finding with another severity than its code usually has
    proved (today: unknown)     what should come, and what comes today (`none`: no step); fails once it comes

On a line without a remark nothing may be refuted and no finding may be an error.
"""

from __future__ import annotations

import json
import re
import signal
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from derive.checking import Examination, open_document
from derive.findings.codes import CODES
from derive.results import VERDICTS, DocumentResult, Edit, Finding, StepResult
from derive.running.options import CheckOptions
from derive.running.wire import document_from_json

HERE = Path(__file__).parent
BUNDLED = HERE.parent / "derive" / "documents" / "bundled"
TIME_LIMIT = 10.0

# ------------------------------------------------------------------------------------------------ checking in process


class OutOfTime(BaseException):
    """A unit took too long. Not an Exception, so that nothing on the way takes it for one of its own."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def decide(examination: Examination, index: int, earlier: list[dict], seconds: float) -> dict:
    try:
        with time_limit(seconds):
            return examination.decide(index, earlier)
    except OutOfTime:
        return examination.give_up(index, "out of time")


@lru_cache(maxsize=256)
def check(
    text: str, path: str = "note.md", repairs: bool = True, lines: frozenset[int] | None = None
) -> DocumentResult:
    """The result of a document. Without `repairs` no refuted step is mended (quicker); with `lines`, only the steps
    on these lines are decided."""
    examination = open_document(path, text, CheckOptions())
    source = examination.opened.context.outline.document.source
    results: list[dict] = []
    for index, name in enumerate(examination.units):
        kind, _, number = name.partition(" ")
        wanted = kind != "repair" or repairs
        if kind == "step" and lines is not None:
            step = examination.opened.steps[int(number) - 1]
            wanted = source.line_column(step.place.start)[0] in lines
        result = decide(examination, index, results, TIME_LIMIT) if wanted else examination.give_up(index, "not asked")
        results.append(json.loads(json.dumps(result)))
    return document_from_json(json.loads(json.dumps(examination.finish(results))))


def steps_of(result: DocumentResult) -> list[StepResult]:
    return [step for derivation in result.derivations for step in derivation.steps]


def steps_on(result: DocumentResult, line: int) -> list[StepResult]:
    return [step for step in steps_of(result) if step.place.line == line]


def findings_on(result: DocumentResult, line: int) -> list[Finding]:
    return [finding for finding in result.findings if finding.place.line == line]


def verdicts(result: DocumentResult) -> list[str]:
    return [step.verdict for step in steps_of(result)]


def told(step: StepResult) -> str:
    """A step in one line, for messages."""
    said = f"{step.place.line}: {step.verdict}: {step.left} {step.relation} {step.right}"
    return (
        said
        + (f"  [{step.reason}]" if step.reason else "")
        + (f"  {step.counterexample}" if step.counterexample else "")
    )


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """The text with the edits of a repair made."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def offset(line: int, column: int) -> int:
        return starts[line - 1] + column - 1

    for edit in sorted(edits, key=lambda e: (e.place.line, e.place.column), reverse=True):
        start, end = offset(edit.place.line, edit.place.column), offset(edit.place.end_line, edit.place.end_column)
        text = text[:start] + edit.text + text[end:]
    return text


# ---------------------------------------------------------------------------------------------------- test documents

_VERDICT = "|".join(VERDICTS)
_CODE = r"[EISAN]\d{3}"
_BEGINS = rf"(?:(?:{_VERDICT})\b|{_CODE}\b)"
# in a notebook the line ends with its JSON
_REMARK = re.compile(rf"""(?:(?<!\\)%|<!--|^\.\.)\s*(?P<remark>{_BEGINS}.*?)\s*(?:-->)?\s*(?:\\n)?(?:",?)?\s*$""")
_ITEM = re.compile(
    rf"^(?P<verdict>{_VERDICT})?(?P<findings>(?:\s*{_CODE}(?:\s+(?:error|warning|note))?(?:\s+repair)?)*)"
    r"(?:\s*:\s*(?P<assumptions>[^()]+?))?\s*(?:\(today: (?P<today>[^()]+)\))?$"
)
_FINDING = re.compile(rf"(?P<code>{_CODE})(?:\s+(?P<severity>error|warning|note))?(?P<repair>\s+repair)?")


@dataclass(frozen=True)
class ExpectedFinding:
    code: str
    severity: str
    repair: bool


@dataclass(frozen=True)
class Expected:
    """What is expected of one step (or, with `verdict` None, of findings alone), and what comes until then."""

    line: int
    verdict: str | None
    findings: tuple[ExpectedFinding, ...] = ()
    assumptions: tuple[str, ...] = ()
    today: Expected | None = None
    text: str = field(default="", compare=False)


def read_remarks(text: str) -> list[Expected]:
    """The remarks of a document. Raises ValueError for a remark that can't be read."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _REMARK.search(line)
        if match is not None:
            for item in re.split(rf",\s+(?={_BEGINS})", match["remark"]):
                found.append(_expected(item, number))
    return found


def _expected(item: str, line: int) -> Expected:
    match = _ITEM.match(item.strip())
    if match is None:
        raise ValueError(f"line {line}: not a remark: {item}")
    findings = tuple(
        ExpectedFinding(f["code"], f["severity"] or CODES[f["code"]].severity, bool(f["repair"]))
        for f in _FINDING.finditer(match["findings"] or "")
    )
    assumptions = tuple(a.strip() for a in (match["assumptions"] or "").split(";") if a.strip())
    today = None
    if match["today"]:
        today = Expected(line, "none") if match["today"] == "none" else _expected(match["today"], line)
    return Expected(line, match["verdict"], findings, assumptions, today, item)


def differences(result: DocumentResult, expected: Sequence[Expected], strictly: bool = False) -> list[str]:
    """What is not as expected, line by line; with `strictly`, as it should come and not as it is today."""
    told_wrong: list[str] = []
    by_line: dict[int, list[Expected]] = defaultdict(list)
    for item in expected:
        by_line[item.line].append(item)
    for line, items in sorted(by_line.items()):
        steps = iter(steps_on(result, line))
        for item in items:
            step = next(steps, None) if item.verdict is not None else None
            choices = [item] if strictly or item.today is None else [item, item.today]
            complaints = [_complaint(choice, step, findings_on(result, line)) for choice in choices]
            if all(complaints):
                actual = told(step) if step else f"{line}: no step"
                told_wrong.append(f"line {line}: expected {item.text}\n    {complaints[0]}\n    actual {actual}")
        if any(item.verdict is not None for item in items):
            told_wrong += [f"line {line}: a step without a remark\n    actual {told(step)}" for step in steps]
    if strictly:
        return told_wrong
    told_wrong += _noise(result, by_line)
    return told_wrong


def _complaint(item: Expected, step: StepResult | None, findings: list[Finding]) -> str:
    if item.verdict == "none":
        return "" if step is None else "there is a step"
    if item.verdict is not None:
        if step is None:
            return "there is no such step"
        if step.verdict != item.verdict:
            return f"the verdict is {step.verdict}"
        if item.verdict == "refuted" and step.counterexample is None:
            return "refuted without a counterexample"
        for assumption in item.assumptions:
            if not any(assumption in said for said in step.assumptions):
                return f"no assumption says {assumption}: {step.assumptions}"
    for wanted in item.findings:
        same = [f for f in findings if f.code == wanted.code]
        if not same:
            return f"no finding {wanted.code} on this line"
        if wanted.severity not in {f.severity for f in same}:
            return f"{wanted.code} is not of severity {wanted.severity}"
        if wanted.repair and not any(f.repair and f.repair.verified for f in same):
            return f"{wanted.code} offers no verified repair"
    return ""


def _noise(result: DocumentResult, by_line: dict[int, list[Expected]]) -> Iterator[str]:
    """Alarms that no remark speaks of."""
    for step in steps_of(result):
        if step.verdict == "refuted" and step.place.line not in by_line:
            yield f"line {step.place.line}: refuted without a remark\n    actual {told(step)}"
    for found in result.findings:
        items = by_line.get(found.place.line, [])
        either = [choice for item in items for choice in (item, item.today) if choice is not None]
        named = {wanted.code for item in either for wanted in item.findings}
        tells_refuted = found.code[0] in "EI" and any(item.verdict == "refuted" for item in either)
        if found.severity == "error" and found.code not in named and not tells_refuted:
            yield f"line {found.place.line}: an error without a remark\n    actual {found.code}: {found.message}"
    refuted = {step.place.line for step in steps_of(result) if step.verdict == "refuted"}
    errors = {found.place.line for found in result.findings if found.severity == "error"}
    for line in sorted(refuted - errors):
        yield f"line {line}: refuted, and no finding says so"
