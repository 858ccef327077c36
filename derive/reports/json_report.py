"""The report as JSON, `derive-report/1`: the shape that `report.schema.json` describes, keys always in one order."""

from __future__ import annotations

import json
from typing import Any

from derive import __version__
from derive.reports.settings import Settings
from derive.results import (
    VERDICTS,
    DerivationResult,
    DocumentResult,
    Finding,
    Place,
    ProofLine,
    Repair,
    Report,
    StepResult,
)

SCHEMA = "derive-report/1"


def write_json(report: Report, settings: Settings) -> str:
    """The report as JSON text, indented, with a newline at its end."""
    return json.dumps(report_to_json(report, settings.verbose), ensure_ascii=False, indent=2) + "\n"


def report_to_json(report: Report, verbose: bool = False) -> dict[str, Any]:
    """The report as one JSON object; with `verbose`, proofs stand in it line by line."""
    return {
        "schema": SCHEMA,
        "version": __version__,
        "documents": [_document(document, verbose) for document in report.documents],
        "summary": {
            "documents": len(report.documents),
            "derivations": sum(len(document.derivations) for document in report.documents),
            "steps": len(report.steps()),
            **{verdict: report.count(verdict) for verdict in VERDICTS},
            "errors": report.severities("error"),
            "warnings": report.severities("warning"),
            "seconds": _seconds(report.seconds),
        },
    }


def _document(document: DocumentResult, verbose: bool) -> dict[str, Any]:
    return {
        "path": document.path,
        "derivations": [_derivation(derivation, verbose) for derivation in document.derivations],
        "findings": [_finding(finding) for finding in document.findings],
    }


def _derivation(derivation: DerivationResult, verbose: bool) -> dict[str, Any]:
    return {
        "line": derivation.line,
        "end_line": derivation.end_line,
        "heading": derivation.heading,
        "steps": [_step(step, verbose) for step in derivation.steps],
    }


def _step(step: StepResult, verbose: bool) -> dict[str, Any]:
    counterexample = step.counterexample
    return {
        **_place(step.place),
        "left": step.left,
        "relation": step.relation,
        "right": step.right,
        "verdict": step.verdict,
        "method": step.method,
        "reason": step.reason,
        "rules": list(step.rules),
        "assumptions": list(step.assumptions),
        "readings": list(step.readings),
        "counterexample": counterexample
        and {"values": counterexample.values, "left": counterexample.left, "right": counterexample.right},
        "seconds": _seconds(step.seconds),
        **({"proof": [_line(line) for line in step.proof]} if verbose and step.proof else {}),
    }


def _line(line: ProofLine) -> dict[str, Any]:
    return {
        "rule": line.rule,
        "side": line.side,
        "after": line.after,
        "part": line.part,
        "replacement": line.replacement,
        "bindings": dict(line.bindings),
        "conditions": list(line.conditions),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "message": finding.message,
        **_place(finding.place),
        "repair": finding.repair and _repair(finding.repair),
    }


def _repair(repair: Repair) -> dict[str, Any]:
    return {
        "edits": [{**_place(edit.place), "text": edit.text} for edit in repair.edits],
        "effect": repair.effect,
        "verified": repair.verified,
    }


def _place(place: Place) -> dict[str, int]:
    return {
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def _seconds(seconds: float) -> float:
    return round(seconds, 4)
