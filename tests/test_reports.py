"""Reports made from samples: golden files (rewritten with `UPDATE_GOLDEN=1 pytest tests/test_reports.py`), the
schema, and what no report may do: overflow, crash, or run what stands in a document."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from rich.cells import cell_len
from sample_reports import SAMPLES, SOFTMAX, VERDICTS

from derive import __version__
from derive.reports import formulas
from derive.reports.encodings import fit_encoding
from derive.reports.formats import ENDINGS, FORMATS, UnknownFormat, find_format, load_writer
from derive.reports.json_report import report_to_json, write_json
from derive.reports.latex_text import escape_text
from derive.reports.order import order_entries
from derive.reports.settings import Settings
from derive.reports.text import summarise, write_text
from derive.reports.wrapping import clean, wrap
from derive.results import DerivationResult, DocumentResult, Finding, Place, Report, StepResult

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = json.loads((resources.files("derive.reports") / "report.schema.json").read_text("utf-8"))
WRITTEN = [
    ("softmax.txt", SOFTMAX, "text", Settings(files={"softmax": "derive/documents/bundled/softmax.md"})),
    ("softmax-80-verbose.txt", SOFTMAX, "text", Settings(width=80, verbose=True)),
    ("softmax-quiet.txt", SOFTMAX, "text", Settings(quiet=True)),
    ("softmax-colour.txt", SOFTMAX, "text", Settings(colour=True)),
    ("softmax.json", SOFTMAX, "json", Settings()),
    ("softmax.tex", SOFTMAX, "latex", Settings()),
    ("verdicts.txt", VERDICTS, "text", Settings()),
    ("verdicts.json", VERDICTS, "json", Settings()),
    ("verdicts-ascii.txt", VERDICTS, "text", Settings(encoding="ascii")),
]


@pytest.mark.parametrize(("name", "report", "form", "settings"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_golden(name: str, report: Report, form: str, settings: Settings) -> None:
    written = load_writer(form)(report, settings).replace(f"{__version__}", "VERSION")
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(written, "utf-8")
    assert written == path.read_text("utf-8")


@pytest.mark.parametrize("name", SAMPLES)
def test_json_is_valid(name: str) -> None:
    report = json.loads(write_json(SAMPLES[name], Settings()))
    jsonschema.validate(report, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert report["summary"]["steps"] == sum(report["summary"][verdict] for verdict in SCHEMA_VERDICTS)


SCHEMA_VERDICTS = SCHEMA["$defs"]["step"]["properties"]["verdict"]["enum"]


def test_schema_is_strict() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    report = report_to_json(SOFTMAX)
    for spoil in (
        lambda r: r.update(more=1),
        lambda r: r["summary"].pop("steps"),
        lambda r: r["documents"][0]["derivations"][1]["steps"][0].update(verdict="passed"),
        lambda r: r["documents"][0]["derivations"][1]["steps"][0].update(opening=True),
        lambda r: r["documents"][0]["findings"][0].update(column=0),
    ):
        spoiled = json.loads(json.dumps(report))
        spoil(spoiled)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(spoiled, SCHEMA)


def test_json_step_has_the_promised_keys() -> None:
    step = report_to_json(SOFTMAX)["documents"][0]["derivations"][1]["steps"][0]
    assert list(step) == [
        "line", "column", "end_line", "end_column", "left", "relation", "right", "verdict", "method", "reason",
        "rules", "assumptions", "readings", "counterexample", "seconds",
    ]  # fmt: skip


def test_json_proofs_line_by_line_when_asked() -> None:
    report = report_to_json(SOFTMAX, verbose=True)
    jsonschema.validate(report, SCHEMA)
    opening, going_on, _ = report["documents"][0]["derivations"][1]["steps"]
    assert [line["rule"] for line in opening["proof"]] == ["derivative-quotient", "delta-same-index"]
    assert opening["proof"][1]["bindings"] == {"f(t)": "e^{z_t}", "j": "i"}
    assert opening["proof"][1]["conditions"] == ["1 ≤ i", "i ≤ n"]
    assert "proof" not in going_on


@pytest.mark.parametrize("width", [20, 60, 80, 120, 200])
@pytest.mark.parametrize("name", SAMPLES)
def test_text_keeps_to_its_width(name: str, width: int) -> None:
    paths = {document.path for document in SAMPLES[name].documents}
    for line in write_text(SAMPLES[name], Settings(width=width, verbose=True)).splitlines():
        if not any(path in line for path in paths):
            assert cell_len(line) <= max(width, 60), line


def test_text_shows_every_step_and_finding() -> None:
    for report in SAMPLES.values():
        text = " ".join(write_text(report, Settings()).split())
        for step in report.steps():
            assert re.search(rf" {step.place.line} ", text)
        for document in report.documents:
            for finding in document.findings:
                assert finding.code in text
                assert f"{document.path}:{finding.place.line}:{finding.place.column}" in text


def test_text_has_colours_only_when_asked() -> None:
    assert "\x1b[" in write_text(SOFTMAX, Settings(colour=True))
    assert "\x1b" not in write_text(SOFTMAX, Settings())


def test_text_of_nothing() -> None:
    assert write_text(Report((), 0.5), Settings()) == "0 documents, 0 steps · 0.50 s\n"
    quiet = write_text(Report((DocumentResult("a.md"),)), Settings(quiet=True))
    assert quiet == "0 steps · 0.00 s\n"
    assert write_text(Report((DocumentResult("a.md"),)), Settings()).startswith("a.md\n  nothing to check\n")


def test_quiet_and_strict_show_what_is_less_than_proved() -> None:
    text = write_text(VERDICTS, Settings(quiet=True, strict=True))
    assert "~ supported" in text and "? unknown" in text and "⊘ unread" in text and "proved  " not in text


def test_text_cannot_steer_the_terminal() -> None:
    place = Place(1, 1, 1, 2)
    step = StepResult(place, "\x1b[31ma", "=", "\x07b\u202e", True, "unknown", reason="\x1b]0;title\x07", rules=("\r",))
    finding = Finding("N501", "unread", "note", "\x1b[2J", place)
    document = DocumentResult("\x1b[1m.md", (DerivationResult(1, 1, "\x1b[0m\n", (step,)),), (finding,))
    text = write_text(Report((document,)), Settings())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_summary_counts() -> None:
    assert summarise(SOFTMAX) == "4 steps: 2 proved, 1 refuted, 1 stated · 2 errors, 1 warning · 0.31 s"


def test_findings_stand_at_their_steps() -> None:
    entries = order_entries(SOFTMAX.documents[0])
    assert [(entry.line, [finding.code for finding in entry.findings]) for entry in entries] == [
        (20, ["S310"]), (31, ["I201"]), (44, []), (45, ["I203"]), (46, ["E101"]),
    ]  # fmt: skip


def test_every_finding_is_in_the_order_once() -> None:
    for report in SAMPLES.values():
        for document in report.documents:
            found = [finding for entry in order_entries(document) for finding in entry.findings]
            assert sorted(map(id, found)) == sorted(map(id, document.findings))


def test_wrap() -> None:
    assert wrap("a + b + c", 5) == ["a + b", "+ c"]
    assert wrap("a + b", 80, title="x: ") == ["x:  a + b"]
    assert wrap("", 10) == [""]
    assert wrap("中文中文中文", 10) == ["中文中文中", "文"]
    assert wrap("x" * 33, 14, 2) == ["x" * 14, "  " + "x" * 12, "  " + "x" * 7]
    assert "".join(wrap("(abc)_{def}+ghi", 10)) == "(abc)_{def}+ghi"


def test_clean() -> None:
    assert clean("a\nb\x1bc\ud800") == "a b[U+001B]c[U+D800]"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "gbk", "no-such-encoding"])
def test_any_encoding_does(encoding: str) -> None:
    text = fit_encoding("✓ ∂ö ∑_α x² ≤ 中 ☃", encoding)
    if encoding != "no-such-encoding":
        text.encode(encoding)
    if encoding == "ascii":
        assert text == "+ do sum_alpha x2 <= ? ?"


def test_formats() -> None:
    assert find_format(None, None) == "text"
    assert find_format("json", "x.tex") == "json"
    assert [find_format(None, "x" + ending) for ending in ENDINGS] == list(FORMATS)
    assert find_format(None, "X.TEX") == "latex"
    with pytest.raises(UnknownFormat, match="no format 'sarif'"):
        find_format("sarif", None)
    with pytest.raises(UnknownFormat, match=r"no format for the ending '\.pdf'"):
        find_format(None, "x.pdf")


@pytest.mark.parametrize(
    "latex",
    [
        r"\input{a}", r"\write18{ls}", r"a $ b", r"a }{ b", r"{a", r"\csname x\endcsname", r"^^5cinput", r"a % b", "#1",
        r"\def\x{}", r"\openin5=a", r"\end{document}", r"\directlua{x}", r"\loop\repeat",
    ],
)  # fmt: skip
def test_untamed_latex_is_not_set(latex: str) -> None:
    assert not formulas.is_tame(latex)


@pytest.mark.parametrize(
    "latex", [r"\frac{a}{b}_{\{i\}}", r"50\%", r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", r"\inf"]
)
def test_tame_latex_is_set(latex: str) -> None:
    assert formulas.is_tame(latex)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("out of time (5 s)", "out of time (5 s)"),
        (r"\theta_{j} is read as \theta", "θ_j is read as θ"),
        (
            r"a_{i} = \frac{\exp(z_{i})}{\sum_{j = 1}^{n} \exp(z_{j})}: line 25",
            "a_i = exp(z_i)/(Σ_{j=1}^n exp(z_j)): line 25",
        ),
        (r"for \theta = 0, b = 0 the left side is 1/2", "for θ = 0, b = 0 the left side is 1/2"),
        (r"the command \foo is not known", r"the command \foo is not known"),
        (
            "h is not defined: assumed h(x) = 1/(e^{−θ x − b} + 1)",
            "h is not defined: assumed h(x) = 1/(e^{−θ x − b} + 1)",
        ),
    ],
)
def test_phrases_have_no_latex(text: str, shown: str) -> None:
    assert formulas.unicode_phrase(text) == shown


def test_escaped_text_is_harmless() -> None:
    escaped = escape_text("\\input{x} $a_b^c$ 50% #1 a&b ~ <Größe> 中")
    assert r"\input" not in escaped
    assert not re.search(r"(?<!\\)[$%#&]", escaped)
    assert r"\other{4E2D}{中}" in escaped


def test_a_formula_that_cannot_be_read_is_shown_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(latex: str, write: object) -> None:
        return None

    monkeypatch.setattr(formulas, "_convert", fail)
    assert formulas.unicode_formula(r"\frac{a}{b_{i}} \, \& x") == "frac (a)(b_i) & x"
    assert formulas.latex_formula("a") is None
    assert r"\rawstep" in load_writer("latex")(SOFTMAX, Settings())


def test_times_alone_differ() -> None:
    slower = replace(SOFTMAX, seconds=9.0)
    assert write_text(slower, Settings()).splitlines()[:-1] == write_text(SOFTMAX, Settings()).splitlines()[:-1]
