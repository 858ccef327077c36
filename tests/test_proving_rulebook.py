"""The pages of rules, and that every name a proof can mention has one."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import Abs, Symbol

from derive.meaning.objects import Call
from derive.meaning.question import Definition
from derive.meaning.statement import read_statement
from derive.proving import calculus, rulebook
from derive.proving.book import is_decided, standard
from derive.proving.core import Proof
from derive.proving.giveup import GaveUp
from derive.proving.procedures import PROCEDURES
from derive.proving.prover import prove

CODE = Path(rulebook.__file__).parent


def test_pages_are_well_formed() -> None:
    entries = rulebook.all_entries()
    assert len(entries) >= 40
    assert all(entry.source and entry.sentence.endswith(".") for entry in entries)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", entry.name) for entry in entries)


def test_rejected_rules_have_counterexamples() -> None:
    entries = rulebook.rejected_entries()
    assert len(entries) >= 10
    assert all(entry.counterexample for entry in entries)
    assert not {entry.name for entry in entries} & {entry.name for entry in rulebook.all_entries()}


def test_every_name_in_a_proof_has_a_page_or_is_a_procedure() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in sorted(CODE.rglob("*.py")))
    names = set(re.findall(r"""use\(\s*"([a-z-]+)"\s*\)""", text))
    names |= set(re.findall(r"""_chain\("([a-z-]+)\"""", text))
    names |= {rule for rule, _ in calculus.OUTER.values()} | {"derivative-of-product", "derivative-of-multiple"}
    assert len(names) > 30
    known = {entry.name for entry in rulebook.all_entries()} | set(PROCEDURES)
    assert names <= known, sorted(names - known)


def test_one_rule_is_found_by_name() -> None:
    entry = rulebook.find_entry("shift-index")
    assert entry is not None
    assert entry.topic == "sums"
    assert entry.where
    assert rulebook.find_entry("no-such-rule") is None


@pytest.mark.parametrize(
    "text",
    [
        "## name\n\nSentence.\n\n- holds: $x$\n- fails: $y$\n- source: s\n",
        "## name\n\n$$ x = x $$\n\n- holds: $x$\n- fails: $y$\n- source: s\n",
        "## name\n\nSentence.\n\n$$ x = x $$\n\n- holds: $x$\n- source: s\n",
        "## name\n\nS.\n\n$$ x = x $$\n\n- holds: $x$\n- fails: $y$\n- source: s\n" * 2,
    ],
)
def test_broken_pages_are_refused(text: str) -> None:
    with pytest.raises(rulebook.BrokenPage):
        rulebook.read_text(text, "mine")


def test_a_pattern_with_nested_sums_gives_up_nothing_else() -> None:
    triangle = read_statement(r"\sum_{j=1}^{n} \sum_{k=1}^{j} \sin(j k) = \sum_{k=1}^{n} \sum_{j=k}^{n} \sin(j k)")
    assert "nested" not in getattr(prove(triangle), "reason", "")


def test_an_instance_without_a_value_is_passed_over() -> None:
    whole = read_statement(r"\int_0^1 \sin(x^2) \, dx = \int_0^1 \sin((1 - x)^2) \, dx")
    assert isinstance(prove(whole), Proof | GaveUp)


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("integration-by-parts", r"\int_0^1 x h'(x) \, dx = h(1) - \int_0^1 h(x) \, dx"),
        ("integral-of-derivative", r"\int_0^y g'(t) \, dt = g(y) - g(0)"),
    ],
)
def test_a_derivative_in_a_pattern_meets_the_derivative_of_an_abstract_function(name: str, latex: str) -> None:
    proof = prove(read_statement(latex))
    assert isinstance(proof, Proof)
    assert name in proof.rules()


def test_no_function_with_singularities_is_taken_for_an_abstract_one() -> None:
    assert not isinstance(prove(read_statement(r"\int_{-1}^{1} \frac{1}{x^2} \, dx = -2")), Proof)


@pytest.mark.parametrize(
    "latex",
    [
        # one side is 1, the other 0
        r"\sum_{i=1}^{\infty} \sum_{j=1}^{\infty} (\delta_{ij} - \delta_{i,j+1})"
        r" = \sum_{j=1}^{\infty} \sum_{i=1}^{\infty} (\delta_{ij} - \delta_{i,j+1})",
        r"\sum_{i=0}^{\infty} \sum_{j=i}^{\infty} f(i, j) = \sum_{j=0}^{\infty} \sum_{i=0}^{j} f(i, j)",
        r"\sum_{i=1}^{\infty} \sum_{j=1}^{\infty} f(i, j) = \sum_{j=1}^{\infty} \sum_{i=1}^{\infty} f(i, j)",
    ],
)
def test_what_is_said_of_finite_sums_is_not_said_of_series(latex: str) -> None:
    assert not isinstance(prove(read_statement(latex)), Proof)


def test_one_series_and_a_finite_sum_may_change_places() -> None:
    latex = r"\sum_{i=1}^{n} \sum_{j=1}^{\infty} f(i, j) = \sum_{j=1}^{\infty} \sum_{i=1}^{n} f(i, j)"
    assert isinstance(prove(read_statement(latex)), Proof)


def test_what_the_normal_form_proves_by_itself_says_so() -> None:
    book = standard()
    wrong = [
        name
        for name, entry in book.entries.items()
        if (rule := book.rule(name)) is not None and rule.left.args and is_decided(rule) != (entry.by == "normal form")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "latex",
    [
        r"\int_{-1}^1 h'(x) \, dx = h(1) - h(-1)",
        r"\int_{-1}^1 x h'(x) \, dx = h(1) + h(-1) - \int_{-1}^1 h(x) \, dx",
        r"\int_{-1}^1 \frac{|x|}{x} g'(x) \, dx = g(1) + g(-1)",
    ],
)
def test_a_rule_about_continuous_functions_needs_them(latex: str) -> None:
    question = read_statement(latex)
    x = Symbol("x")
    jump = Definition(Call("h", (x,)), (x,), Abs(x) / x)
    question = replace(question, setting=replace(question.setting, definitions=(jump,)))
    assert not isinstance(prove(question), Proof)
