"""Reports made by hand, for the tests of what is made from reports."""

from __future__ import annotations

from derive.results import (
    Counterexample,
    DerivationResult,
    DocumentResult,
    Edit,
    Finding,
    Place,
    ProofLine,
    Repair,
    Report,
    StepResult,
)

SUM = r"\sum_{k=1}^{n}\,e^{z_k}"

STATED = StepResult(
    Place(31, 12, 31, 60), r"a_i", "=", r"\frac{exp(x_i)}{\sum_{j=1}^{n}\,exp(x_j)}", True, "stated", seconds=0.001
)
OPENING = StepResult(
    Place(44, 38, 44, 121),
    r"\frac{\partial\,a_j}{\partial\,z_{i}}",
    "=",
    rf"\frac{{e^{{z_j}}\,{SUM}\,-\,e^{{z_j}}\,e^{{z_j}}}}{{({SUM})^2}}",
    True,
    "proved",
    "rules",
    "quotient rule with i = j",
    ("derivative-quotient", "derivative-of-sum", "delta-same-index"),
    ("i = j", "Σ_k e^{z_k} ≠ 0"),
    ("a is an indexed family", "e is Euler's number"),
    seconds=0.0041,
    proof=(
        ProofLine(
            "derivative-quotient", rf"\frac{{e^{{z_j}} {SUM} - e^{{z_j}} \sum_k \delta_{{k i}} e^{{z_k}}}}{{({SUM})^2}}"
        ),
        ProofLine(
            "delta-same-index",
            rf"\frac{{e^{{z_j}} {SUM} - e^{{z_j}} e^{{z_j}}}}{{({SUM})^2}}",
            "left",
            r"\sum_k \delta_{k i} e^{z_k}",
            r"e^{z_i}",
            (("f(t)", r"e^{z_t}"), ("j", "i")),
            ("1 ≤ i", "i ≤ n"),
        ),
    ),
)
GOING_ON = StepResult(
    Place(45, 2, 45, 144),
    OPENING.right,
    "=",
    rf"\frac{{e^{{z_j}}}}{{{SUM}}}\,-\,\frac{{e^{{z_j}}}}{{{SUM}}}\,\frac{{e^{{z_j}}}}{{{SUM}}}",
    False,
    "proved",
    "normal-form",
    "same normal form",
    seconds=0.0012,
)
REFUTED = StepResult(
    Place(46, 2, 46, 20),
    GOING_ON.right,
    "=",
    r"a_j\,(1\,+\,a_j)",
    False,
    "refuted",
    "model",
    "differs at n = 2",
    counterexample=Counterexample({"n": "2", "j": "1", "z_1": "0", "z_2": "0"}, "0.25 ± 1e-20", "0.75 ± 1e-20"),
    seconds=0.02,
)
SLIP = Finding(
    "I201",
    "index-slip",
    "error",
    "z_j is defined just above and never used; a_i is built on x",
    Place(31, 12, 31, 15),
    Repair(
        (Edit(Place(31, 25, 31, 28), r"z\_i"), Edit(Place(31, 60, 31, 63), r"z\_j")),
        "6 more steps are proved",
        r"a_i = \frac{exp(z_i)}{\sum_{j=1}^{n}\,exp(z_j)}",
    ),
)
WRONG = Finding(
    "E101",
    "wrong-step",
    "error",
    "the sides differ, e.g. for n = 2",
    Place(46, 2, 46, 20),
    Repair((Edit(Place(46, 10, 46, 11), "-"),), "this step is proved"),
)
START = Finding("S310", "sum-without-start", "note", "the sum has no start; read as i = 1", Place(20, 4, 20, 20))
DROPPED = Finding(
    "I203", "dropped-index", "warning", "y had the index i in line 12 and has none here", Place(45, 30, 45, 31)
)

SOFTMAX = Report(
    (
        DocumentResult(
            "softmax",
            (
                DerivationResult(30, 31, "2.3 Gradient", (STATED,)),
                DerivationResult(43, 47, "2.3 Gradient", (OPENING, GOING_ON, REFUTED)),
            ),
            (START, SLIP, DROPPED, WRONG),
        ),
    ),
    0.31,
)


def _step(line: int, left: str, right: str, verdict: str, **more: object) -> StepResult:
    relation = str(more.pop("relation", "="))
    opening = bool(more.pop("opening", True))
    return StepResult(Place(line, 5, line, 30), left, relation, right, opening, verdict, **more)  # type: ignore[arg-type]


WIDE = " + ".join(
    rf"\frac{{x_{{{k}}}^{{2}} \log(1 + e^{{-(x_{{{k}}}\theta + b)}})}}{{{k} + \lambda}}" for k in range(1, 41)
)
PART = " + \\frac".join(WIDE.split(" + \\frac")[:12])
DEEP = rf"\sqrt{{\frac{{{PART}}}{{\left( {PART} \right)^2}}}}"
VERDICTS = Report(
    (
        DocumentResult(
            "notes/第一章_a%b#c&d~e^f{g}$h\\i.md",
            (
                DerivationResult(
                    3,
                    9,
                    "第一章 Größen & 100 % α≤β_1 \\input{/etc/passwd}",
                    (
                        _step(3, "f(x)", "x^2", "stated", relation=":="),
                        _step(
                            4, r"(a+b)^2", r"a^2 + 2ab + b^2", "proved", method="normal-form", reason="same normal form"
                        ),
                        _step(
                            5,
                            r"\sin x",
                            r"\cos(\tfrac{\pi}{2} - x)",
                            "supported",
                            method="model",
                            reason="agrees in 20 models",
                        ),
                        _step(6, r"\|A\|_2", r"\sigma_{\max}(A)", "unknown", reason="out of time (5 s)"),
                        _step(7, r"x \foo y", r"\input{/etc/passwd}", "unread", reason=r"\foo is not known"),
                        _step(
                            8,
                            "2x + 4 = 10",
                            "2x = 6",
                            "proved",
                            relation="⇒",
                            method="rules",
                            rules=("add-both-sides",),
                        ),
                        _step(
                            9,
                            "x^2",
                            "0",
                            "refuted",
                            relation=r"\le",
                            counterexample=Counterexample({"x": "1"}, "1", "0"),
                        ),
                    ),
                ),
                DerivationResult(
                    20,
                    22,
                    "",
                    (
                        _step(20, "S", WIDE, "proved", method="normal-form"),
                        _step(21, WIDE, DEEP, "unknown", opening=False, reason="out of the rule book " * 20),
                        _step(22, DEEP, r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "unknown", opening=False),
                    ),
                ),
            ),
            (
                Finding("E101", "wrong-step", "error", "x² ≤ 0 fails for x = 1", Place(9, 5, 9, 30)),
                Finding("N501", "unread", "warning", r"the command \foo is not known 𝔄 ☃", Place(7, 8, 7, 12)),
                Finding("N510", "stray-brace", "note", "a brace without a partner", Place(90, 1, 90, 2)),
            ),
        ),
        DocumentResult("empty.md"),
    ),
    1.5,
)
SAMPLES = {"softmax": SOFTMAX, "verdicts": VERDICTS, "empty": Report(())}
