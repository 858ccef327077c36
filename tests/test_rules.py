"""Every rule of the book through its own tests: the statement survives models, `holds` is proved, `fails` is refuted;
every tempting falsehood of the rejected page is refuted."""

from __future__ import annotations

import re

import pytest

from derive.meaning.question import Question
from derive.meaning.statement import read_formula, read_statement
from derive.meaning.survey import names_in
from derive.notation.tree import Chain
from derive.proving import rulebook
from derive.proving.core import Proof
from derive.proving.prover import prove
from derive.refuting.answers import Counterexample
from derive.refuting.refuter import refute

ENTRIES = rulebook.all_entries()


def formulas(items: tuple[str, ...]) -> list[str]:
    return [formula for item in items for formula in re.findall(r"\$(.+?)\$", item)]


def ask(latex: str, where: tuple[str, ...]) -> Question:
    """The statement with those of the rule's conditions that speak of its names."""
    (chain,) = (item for item in read_formula(latex).items if isinstance(item, Chain))
    names = names_in(chain)
    given = [text for text in formulas(where) if all(names_in(item) & names for item in read_formula(text).items)]
    return read_statement(latex, given)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_the_statement_survives_models(entry: rulebook.Entry) -> None:
    assert not isinstance(refute(ask(entry.statement, entry.where)), Counterexample)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_what_holds_is_proved(entry: rulebook.Entry) -> None:
    for latex in formulas(entry.holds):
        assert isinstance(prove(ask(latex, entry.where)), Proof), latex


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_what_fails_is_refuted(entry: rulebook.Entry) -> None:
    for latex in formulas(entry.fails):
        assert isinstance(refute(ask(latex, entry.where)), Counterexample), latex


@pytest.mark.parametrize("entry", rulebook.rejected_entries(), ids=lambda entry: entry.name)
def test_rejected_falsehoods_are_refuted(entry: rulebook.Entry) -> None:
    question = ask(entry.statement, entry.where)
    assert not isinstance(prove(question), Proof)
    assert isinstance(refute(question), Counterexample)
