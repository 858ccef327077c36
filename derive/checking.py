"""One document from its text to its result, in units of work that can be decided, given up, and repeated apart.

The units of a document, in order: the definitions it only names; each step; the repair of definitions that steps
show to
be built on the wrong family; the repair of each refuted step. A unit sees the results of those before it as JSON,
so that any process can go on where another was stopped.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from derive.deciding.claim import open_claim
from derive.deciding.document import Opened, open_text
from derive.deciding.judgement import Judgement
from derive.documents.formats import write_text
from derive.findings.checks import check_all, in_order
from derive.findings.codes import finding, place_of
from derive.findings.evidence import Evidence
from derive.findings.steps import refuted_in_words
from derive.meaning.printing import spoken, to_text
from derive.meaning.question import Definition
from derive.notation.latex import to_latex
from derive.pages import PageExamination
from derive.proving.book import standard, with_pages
from derive.proving.telling import tell
from derive.repairing.bench import Bench, Found
from derive.repairing.near import near_line
from derive.repairing.search import mend_definition, mend_step
from derive.results import (
    Counterexample,
    DerivationResult,
    DocumentResult,
    Edit,
    Finding,
    Place,
    ProofLine,
    Repair,
    StepResult,
)
from derive.running.options import CheckOptions
from derive.running.wire import finding_from_json, step_from_json, to_json

Json = dict[str, Any]


def open_document(path: str, text: str, options: CheckOptions) -> Examination:
    """Read a document and plan its units."""
    return Examination(open_text(path, text, options.rules, options.given), options)


def open_statement(path: str, text: str, options: CheckOptions) -> Examination:
    """Read a statement with what is given beside it, and plan its units."""
    return Examination(open_claim(path, text, options.rules), options)


def open_page(path: str, text: str, options: CheckOptions) -> PageExamination:
    """Read a page of rules, to try each of them."""
    return PageExamination(path, text, options)


class Examination:
    """A document under examination."""

    def __init__(self, opened: Opened, options: CheckOptions) -> None:
        self.opened = opened
        self.options = options
        count = len(opened.steps)
        self.units: Sequence[str] = (
            "assumptions",
            *(f"step {k + 1}" for k in range(count)),
            "definitions",
            *(f"repair {k + 1}" for k in range(count)),
        )
        self._assumed: tuple[Definition, ...] | None = None

    # ------------------------------------------------------------------------------------ units

    def decide(self, index: int, earlier: list[Json]) -> Json:
        """The result of one unit."""
        count = len(self.opened.steps)
        if index == 0:
            return self._find_assumptions()
        if index <= count:
            return self._decide_step(index - 1, earlier)
        if index == count + 1:
            return self._mend_definitions(earlier)
        return self._mend_step(index - count - 2, earlier)

    def give_up(self, index: int, reason: str) -> Json:
        """The result of a unit that was stopped."""
        count = len(self.opened.steps)
        if 0 < index <= count:
            result = self._result(index - 1, Judgement("unknown", reason), 0.0)
            return {"step": to_json(result), "groundless": None, "otherwise": True}
        return {"assumed": [], "findings": [], "steps": {}}

    def finish(self, results: list[Json]) -> Json:
        """The document's result, with all findings."""
        count = len(self.opened.steps)
        steps = [step_from_json(result["step"]) for result in results[1 : count + 1]]
        for key, value in results[count + 1]["steps"].items():
            steps[int(key)] = step_from_json(value)
        found = check_all(Evidence(self.opened.context, self.opened.derivations, tuple(steps)))
        found += [finding_from_json(value) for value in results[0]["findings"]]
        for result in results[count + 1 :]:
            found += [finding_from_json(value) for value in result["findings"]]
        found = in_order(_with_repairs(found))
        source = self.opened.context.outline.document.source
        derivations, k = [], 0
        for derivation in self.opened.derivations:
            place = place_of(source, derivation.span)
            size = len(derivation.steps)
            derivations.append(
                DerivationResult(place.line, place.end_line, derivation.heading, tuple(steps[k : k + size]))
            )
            k += size
        selected = tuple(f for f in found if self.options.selects(f.code))
        return to_json(DocumentResult(source.path, tuple(derivations), selected))

    # ------------------------------------------------------------------------- what the units do

    def _find_assumptions(self) -> Json:
        found = self.opened.discover()
        self._assumed = tuple(assumed.definition for assumed in found)
        outline = self.opened.context.outline
        notes = [
            finding(
                outline,
                "A401",
                assumed.step.place,
                f"{spoken(assumed.function)} is not defined: assumed {assumed.definition.said}",
            )
            for assumed in found
        ]
        return {
            "assumed": [assumed.function for assumed in found],
            "findings": [to_json(n) for n in notes],
            "steps": {},
        }

    def _assumptions(self, earlier: list[Json]) -> tuple[Definition, ...]:
        """The definitions found by the first unit; found again where another process had done it."""
        if not earlier[0]["assumed"]:
            return ()
        if self._assumed is None:
            self._find_assumptions()
        return self._assumed or ()

    def _decide_step(self, number: int, earlier: list[Json]) -> Json:
        start = time.perf_counter()
        judgement = self.opened.judge(number, self._assumptions(earlier))
        result = self._result(number, judgement, time.perf_counter() - start)
        return {
            "step": to_json(result),
            "groundless": judgement.groundless if judgement.verdict == "unknown" else None,
            "otherwise": judgement.otherwise,
        }

    def _bench(self, earlier: list[Json]) -> Bench:
        steps = earlier[1 : len(self.opened.steps) + 1]
        return Bench(self.opened, [result["step"]["verdict"] for result in steps], self._assumptions(earlier))

    def _mend_definitions(self, earlier: list[Json]) -> Json:
        groundless = {
            k: (result["groundless"][0], result["groundless"][1])
            for k, result in enumerate(earlier[1:])
            if result["groundless"]
        }
        if not groundless:
            return {"findings": [], "steps": {}}
        findings, steps = [], {}
        for found in mend_definition(self._bench(earlier), groundless):
            findings.append(to_json(self._slip(found, groundless)))
            for k, judgement in found.gained:
                line = self._line(found)
                assumed = f"{spoken(found.repaired)}: line {line} as repaired"
                judgement = replace(judgement, assumptions=(*judgement.assumptions, assumed))
                steps[str(k)] = to_json(self._result(k, judgement, earlier[k + 1]["step"]["seconds"]))
        return {"findings": findings, "steps": steps}

    def _mend_step(self, number: int, earlier: list[Json]) -> Json:
        mended = earlier[len(self.opened.steps) + 1]["steps"]
        verdict = earlier[number + 1]["step"]["verdict"]
        if str(number) in mended:
            return {"findings": [], "steps": {}}
        if verdict == "unknown" and not earlier[number + 1]["otherwise"]:
            return self._slipped(number, earlier)
        if verdict != "refuted":
            return {"findings": [], "steps": {}}
        result = step_from_json(earlier[number + 1]["step"])
        outline, step = self.opened.context.outline, self.opened.steps[number]
        if self._holds_with_line_before(number, earlier):
            line = place_of(outline.document.source, self.opened.steps[number - 1].sign.span).line
            said = f"{refuted_in_words(result)}; it holds once line {line} is mended"
            return {"findings": [to_json(finding(outline, "E101", step.place, said))], "steps": {}}
        found = mend_step(self._bench(earlier), number)
        if found is None:
            return {"findings": [], "steps": {}}
        repair = self._repair(found)
        if found.in_definition:
            span = found.candidate.changes[0].span
            line = place_of(outline.document.source, step.sign.span).line
            said = f"line {line} is −1 times what this definition gives"
            findings = [finding(outline, "E102", span, said, repair)]
        else:
            findings = [finding(outline, "E101", step.place, refuted_in_words(result), repair)]
        return {"findings": [to_json(f) for f in findings], "steps": {}}

    def _holds_with_line_before(self, number: int, earlier: list[Json]) -> bool:
        """Whether the line before, which this one goes on from, is refuted too, and its repair gets both proved."""
        step, before = self.opened.steps[number], self.opened.steps[number - 1] if number else None
        if before is None or before.chain is not step.chain or earlier[number]["step"]["verdict"] != "refuted":
            return False
        offered = earlier[len(self.opened.steps) + 1 + number]["findings"]
        return any(f["code"] == "E101" and f["repair"] and f["repair"]["gains"] > 1 for f in offered)

    def _slipped(self, number: int, earlier: list[Json]) -> Json:
        """The finding of a line that is next to one that is proved."""
        near = near_line(self._bench(earlier), number)
        if near is None:
            return {"findings": [], "steps": {}}
        new, among, old = near.found.candidate.what.partition(" for ")
        changed = f"with {spoken(new)} in place of {spoken(old)}" if among else new
        said = f"not proved as it is written; {changed}, it is proved"
        step = self.opened.steps[number]
        told = finding(self.opened.context.outline, near.code, step.place, said, self._repair(near.found), "error")
        return {"findings": [to_json(told)], "steps": {}}

    # ---------------------------------------------------------------------------------- results

    def _slip(self, found: Found, groundless: dict[int, tuple[str, str]]) -> Finding:
        body, variable = next(groundless[k] for k, _ in found.gained if k in groundless)
        _, old = found.candidate.what.split(" for ")
        body, old, variable = spoken(body), spoken(old), spoken(variable)
        said = f"{body} is built on {old}; it is differentiated by {variable} below, and does not contain it"
        return finding(self.opened.context.outline, "I201", found.candidate.changes[0].span, said, self._repair(found))

    def _line(self, found: Found) -> int:
        return self._place(found.candidate.changes[0].span).line

    def _place(self, span: Any) -> Place:
        return place_of(self.opened.context.outline.document.source, span)

    def _repair(self, found: Found) -> Repair:
        count = len(found.gained)
        effect = "1 more step is proved" if count == 1 else f"{count} more steps are proved"
        path = self.opened.context.outline.document.source.path
        edits = tuple(Edit(self._place(c.span), write_text(path, c.text)) for c in found.candidate.changes)
        return Repair(edits, effect, found.repaired, gains=count)

    def _result(self, number: int, judgement: Judgement, seconds: float) -> StepResult:
        """A judgement as the report tells it."""
        step = self.opened.steps[number]
        proof = judgement.proof
        counterexample = judgement.counterexample
        lines: tuple[ProofLine, ...] = ()
        if proof is not None and self.options.verbose:
            lines = tuple(ProofLine(**asdict(line)) for line in tell(proof, with_pages(self.options.rules)))
        reason = judgement.reason
        if judgement.verdict == "unread" and judgement.where is not None:
            reason = f"{reason}: {self._characters(judgement.where)}"
        left, right = to_latex(step.left), to_latex(step.right)
        if step.before is not None:  # one whole equation after another
            left, right = to_latex(step.before), f"{left} {to_latex(step.sign)} {right}"
        return StepResult(
            self._place(step.place), left, _relation(step), right,
            step.role not in ("link", "consequence") or step.continued, judgement.verdict,
            proof.method if proof else ("model" if counterexample or judgement.verdict == "supported" else None),
            reason, proof.rules() if proof else (), self._assumed_by(judgement), judgement.notes,
            _shown(counterexample) if counterexample else None,
            round(seconds, 6), lines,
        )  # fmt: skip

    def _assumed_by(self, judgement: Judgement) -> tuple[str, ...]:
        """What a verdict rests on, the reader's own rules included: they have been tried, and not been proved."""
        said = tuple(to_text(assumption) for assumption in judgement.assumptions)
        used = judgement.proof.rules() if judgement.proof and self.options.rules else ()
        book = with_pages(self.options.rules)
        own = (name for name in used if name in book and name not in standard())
        return (*said, *(f"the rule {name} of {book.entries[name].topic}" for name in own))

    def _characters(self, span: Any) -> str:
        text = self.opened.context.outline.document.source.text[span.start : span.end].strip()
        return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}…`"


def _relation(step: Any) -> str:
    return "⇒" if step.role == "consequence" else str(step.sign.sign)


def _shown(found: Any) -> Counterexample:
    """A counterexample with its names readable."""
    return Counterexample({spoken(name): value for name, value in found.values.items()}, found.left, found.right)


def _with_repairs(found: list[Finding]) -> list[Finding]:
    """One finding for each code and place: the one with a repair, where one has it. That a symbol is not defined is
    not told beside what was meant."""
    mended = {item.place for item in found if item.repair is not None}
    found = [item for item in found if item.code != "S301" or item.place not in mended]
    best: dict[tuple[str, Place], Finding] = {}
    for item in found:
        key = (item.code, item.place)
        old = best.get(key)
        if old is None or (old.repair is None and (item.repair is not None or item.message.startswith(old.message))):
            best[key] = item
    return list(best.values())
