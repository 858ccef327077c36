"""Results as plain JSON objects and back: the only form in which they cross between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from derive.results import (
    Counterexample,
    DerivationResult,
    DocumentResult,
    Edit,
    Finding,
    PageResult,
    Place,
    ProofLine,
    Repair,
    RuleResult,
    StepResult,
)

Json = dict[str, Any]


def to_json(value: DocumentResult | DerivationResult | StepResult | Finding | PageResult | RuleResult) -> Json:
    """A result as a JSON object: its fields by name, tuples as lists after a passage through JSON."""
    return asdict(value)


def place_from_json(value: Mapping[str, Any]) -> Place:
    """A place from its JSON object."""
    return Place(value["line"], value["column"], value["end_line"], value["end_column"])


def line_from_json(value: Mapping[str, Any]) -> ProofLine:
    """A line of a proof from its JSON object."""
    bindings = tuple((name, meaning) for name, meaning in value["bindings"])
    return ProofLine(**{**value, "bindings": bindings, "conditions": tuple(value["conditions"])})


def step_from_json(value: Mapping[str, Any]) -> StepResult:
    """A step from its JSON object."""
    counterexample = value["counterexample"]
    return StepResult(
        place=place_from_json(value["place"]),
        left=value["left"],
        relation=value["relation"],
        right=value["right"],
        opening=value["opening"],
        verdict=value["verdict"],
        method=value["method"],
        reason=value["reason"],
        rules=tuple(value["rules"]),
        assumptions=tuple(value["assumptions"]),
        readings=tuple(value["readings"]),
        counterexample=counterexample
        and Counterexample(dict(counterexample["values"]), counterexample["left"], counterexample["right"]),
        seconds=value["seconds"],
        proof=tuple(line_from_json(line) for line in value["proof"]),
    )


def derivation_from_json(value: Mapping[str, Any]) -> DerivationResult:
    """A derivation from its JSON object."""
    steps = tuple(step_from_json(step) for step in value["steps"])
    return DerivationResult(value["line"], value["end_line"], value["heading"], steps)


def repair_from_json(value: Mapping[str, Any]) -> Repair:
    """A repair from its JSON object."""
    edits = tuple(Edit(place_from_json(edit["place"]), edit["text"]) for edit in value["edits"])
    return Repair(edits, value["effect"], value["repaired"], value["verified"], value["gains"])


def finding_from_json(value: Mapping[str, Any]) -> Finding:
    """A finding from its JSON object."""
    repair = value["repair"]
    return Finding(
        code=value["code"],
        name=value["name"],
        severity=value["severity"],
        message=value["message"],
        place=place_from_json(value["place"]),
        repair=None if repair is None else repair_from_json(repair),
    )


def document_from_json(value: Mapping[str, Any]) -> DocumentResult:
    """The result of a document from its JSON object."""
    return DocumentResult(
        value["path"],
        tuple(derivation_from_json(derivation) for derivation in value["derivations"]),
        tuple(finding_from_json(finding) for finding in value["findings"]),
    )


def rule_from_json(value: Mapping[str, Any]) -> RuleResult:
    """How a rule did, from its JSON object."""
    lists = {key: tuple(value[key]) for key in ("complaints", "remarks")}
    return RuleResult(value["name"], value["line"], **lists, seconds=value["seconds"])


def page_from_json(value: Mapping[str, Any]) -> PageResult:
    """How a page did, from its JSON object."""
    return PageResult(value["path"], tuple(rule_from_json(rule) for rule in value["rules"]))
