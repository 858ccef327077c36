"""The nouns of a report, as `contract` names them: what is known of every step, and what was found wrong.

These values cross between processes as JSON and are what every output format is made from. They hold text only:
no tree, no SymPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

VerdictName = Literal["proved", "refuted", "supported", "unknown", "unread", "stated"]
VERDICTS: tuple[VerdictName, ...] = ("proved", "refuted", "supported", "unknown", "unread", "stated")
WORTH: Mapping[VerdictName, int] = {
    "proved": 3, "stated": 2, "supported": 2, "unknown": 1, "unread": 1, "refuted": 0,
}  # fmt: skip
"""How good each verdict is: a step is worse where it is worth less."""

Severity = Literal["error", "warning", "note"]
Method = Literal["identical", "normal-form", "rules", "model"]


@dataclass(frozen=True, slots=True)
class Place:
    """A range of the source as people count: lines and columns from 1, `end_column` one past the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Values (exact, or decimal with the radius of the enclosure) under which both sides differ."""

    values: dict[str, str]
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class ProofLine:
    """One replayed line of a proof, for `--verbose`: the rule or procedure, and the side it changed as it is then (for
    a comparison, both sides). `side` is `left`, `right` or `both`; `part` was replaced by `replacement` (empty where
    that was the whole side); `bindings` says what the variables of a rule stand for, and `conditions`, in words, what
    it demands of them. Formulas are LaTeX."""

    rule: str
    after: str
    side: str = "both"
    part: str = ""
    replacement: str = ""
    bindings: tuple[tuple[str, str], ...] = ()
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step: `left relation right` (LaTeX as written, macros expanded), its verdict and why.

    `place` begins at the relation sign and ends where the right side ends. `opening` is False where the step
    goes on from the right side of the step before it (so a report need not repeat `left`)."""

    place: Place
    left: str
    relation: str
    right: str
    opening: bool
    verdict: VerdictName
    method: Method | None = None
    reason: str = ""
    rules: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    seconds: float = 0.0
    proof: tuple[ProofLine, ...] = ()


@dataclass(frozen=True, slots=True)
class DerivationResult:
    """Steps that belong together: the lines of one displayed formula, or of the inline mathematics of a paragraph."""

    line: int
    end_line: int
    heading: str
    steps: tuple[StepResult, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` in place of the characters at `place`."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A change of the source that was verified; `effect` says what it brings, `gains` how many steps are proved by it;
    `repaired` is the mended formula as LaTeX."""

    edits: tuple[Edit, ...]
    effect: str
    repaired: str = ""
    verified: bool = True
    gains: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader should know: its code and name (`I201`, `index-slip`), where, and perhaps a repair."""

    code: str
    name: str
    severity: Severity
    message: str
    place: Place
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """All that is known of one document."""

    path: str
    derivations: tuple[DerivationResult, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run: its documents in the order asked for, and its wall time."""

    documents: tuple[DocumentResult, ...]
    seconds: float = 0.0

    def steps(self) -> tuple[StepResult, ...]:
        """All steps of all documents, in order."""
        return tuple(s for d in self.documents for v in d.derivations for s in v.steps)

    def count(self, verdict: VerdictName) -> int:
        """How many steps have this verdict."""
        return sum(step.verdict == verdict for step in self.steps())

    def severities(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(f.severity == severity for d in self.documents for f in d.findings)


@dataclass(frozen=True, slots=True)
class RuleResult:
    """How one rule of a page did on trial: what it failed, and what could not be tried. It passed where it failed
    nothing."""

    name: str
    line: int
    complaints: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class PageResult:
    """How the rules of one page did on trial."""

    path: str
    rules: tuple[RuleResult, ...] = ()

    @property
    def failed(self) -> tuple[RuleResult, ...]:
        """The rules that failed something."""
        return tuple(rule for rule in self.rules if rule.complaints)
