"""All checks, in the order in which their findings are told where they stand at the same place."""

from __future__ import annotations

from derive.findings import broken, indices, steps
from derive.findings.evidence import Evidence
from derive.results import Finding

CHECKS = (*steps.CHECKS, *indices.CHECKS, *broken.CHECKS)


def check_all(evidence: Evidence) -> list[Finding]:
    """Every finding of every check, in the order of the document."""
    found = [f for check in CHECKS for f in check(evidence)]
    return in_order(found)


def in_order(found: list[Finding]) -> list[Finding]:
    """Findings by place, then code; equal ones once."""
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda f: (f.place.line, f.place.column, f.code, f.message))
