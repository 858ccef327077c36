"""The search for named rewrites: what it finds does not depend on the order of the rules, and the core refuses lines
that were tampered with."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from sympy import Ge, Gt, Symbol, exp, log, sqrt

from derive.meaning.question import Fact, Question, Setting
from derive.meaning.statement import read_statement
from derive.proving.book import Book, standard
from derive.proving.core import Proof, Refused, replay
from derive.proving.giveup import Stuck
from derive.proving.proof import Line
from derive.proving.prover import prove
from derive.proving.rule import Rule

x, y = Symbol("x"), Symbol("y")
STEPS = [
    (r"\sum_{k=0}^{n} \binom{n}{k} p^k (1-p)^{n-k} = 1", ()),
    (r"3 + \sum_{k=0}^{m} \binom{m}{k} a^k b^{m-k} = (a+b)^m + 3", ()),
    (r"\sum_{k=0}^{n} \binom{n}{k} 2^k = 3^n", ()),
    (r"\int_{-\infty}^{\infty} e^{-\frac{(x-\mu)^2}{2 \sigma^2}} \, dx = \sqrt{2 \pi} \sigma", (r"\sigma > 0",)),
    (r"\sum_{k=0}^{\infty} \frac{\lambda^k}{k!} e^{-\lambda} = 1", ()),
    (r"\lim_{x \to 0} \frac{\sin x}{x} = 1", ()),
    (r"|x + y| + 1 \le |x| + |y| + 1", ()),
    (r"\log(1 + x^2) \le x^2", ()),
    (r"\int_0^{2} x e^{x} \, dx = e^2 + 1", ()),
]


def ask(latex: str, given: tuple[str, ...]) -> Question:
    return read_statement(latex, given)


def shuffled(seed: int) -> Book:
    entries = list(standard().entries.values())
    random.Random(seed).shuffle(entries)
    return Book(entries)


@pytest.mark.parametrize(("latex", "given"), STEPS)
def test_the_order_of_rules_changes_nothing(latex: str, given: tuple[str, ...]) -> None:
    question = ask(latex, given)
    first = prove(question)
    assert isinstance(first, Proof)
    for seed in (1, 2):
        other = prove(question, shuffled(seed))
        assert isinstance(other, Proof)
        assert other.lines == first.lines
        assert other.assumptions() == first.assumptions()


def proofs() -> list[Proof]:
    found = [prove(ask(latex, given)) for latex, given in STEPS]
    return [proof for proof in found if isinstance(proof, Proof)]


PROOFS = proofs()


def tampered(proof: Proof, at: int) -> list[tuple[str, tuple[Any, ...]]]:
    """The lines of a proof with one of them changed in each way that could matter."""
    lines, line = proof.lines, proof.lines[at]
    other = Symbol("q")
    changes: list[tuple[str, dict[str, Any]]] = [
        ("wrong place", {"place": (*line.place, 0)}),
        ("a place that is none", {"place": (99,)}),
        ("another result", {"after": line.after + other}),
        ("another beginning", {"before": line.before + other}),
        ("swapped", {"before": line.after, "after": line.before}),
        ("the other side", {"side": "right" if line.side == "left" else "left"}),
        ("another rule", {"rule": "no-such-rule"}),
    ]
    if line.bindings:
        (name, value), *rest = line.bindings
        changes.append(("a binding dropped", {"bindings": tuple(rest)}))
        wrong = value * other if not hasattr(value, "variables") else exp(other)
        changes.append(("a wrong binding", {"bindings": ((name, wrong), *rest)}))
    made = [
        (what, (*lines[:at], replace(line, **change), *lines[at + 1 :])) for what, change in changes
        if replace(line, **change) != line
    ]  # fmt: skip
    made.append(("left out", (*lines[:at], *lines[at + 1 :])))
    return made


CASES = [
    pytest.param(proof, changed, id=f"{k}-{at}-{what}".replace(" ", "-"))
    for k, proof in enumerate(PROOFS)
    for at, line in enumerate(proof.lines)
    for what, changed in tampered(proof, at)
]


@pytest.mark.parametrize(("proof", "lines"), CASES)
def test_tampered_lines_are_refused(proof: Proof, lines: tuple[Any, ...]) -> None:
    try:
        again = replay(proof.question, lines, standard())
    except (Refused, Stuck):
        return
    # what was changed did not matter: the lines that are left still lead from one side to the other
    assert again.question == proof.question
    assert len(lines) < len(proof.lines)


def test_a_condition_that_is_not_known_is_demanded() -> None:
    question = ask(r"\sqrt{x^2} + 1 = x + 1", ())
    assert not isinstance(prove(question), Proof)
    assert isinstance(prove(ask(r"\sqrt{x^2} + 1 = x + 1", (r"x \ge 0",))), Proof)


def test_a_condition_of_a_rule_must_be_known_where_it_is_used() -> None:
    rule = Rule("root-of-square-of-number", sqrt(x**2), x, ("x",), (Ge(x, 0),))
    line = Line(rule.name, "left", sqrt(y**2), y, (), (("x", y),))
    lines = (line, Line("identical", "both", y, y))
    with pytest.raises(Refused):
        replay(Question(sqrt(y**2), "=", y), lines, {rule.name: rule})
    known = Question(sqrt(y**2), "=", y, Setting(facts=(Fact(Gt(y, 0)),)))
    assert replay(known, lines, {rule.name: rule}).rules() == (rule.name, "identical")
    without = replace(rule, conditions=())
    assert replay(Question(sqrt(y**2), "=", y), lines, {rule.name: without})  # what the condition is for


def test_an_inequality_is_used_where_the_side_grows_with_it() -> None:
    rule = Rule("log-below-line", log(x), x - 1, ("x",), relation="≤")
    book = {rule.name: rule}
    upward = Question(log(y) + 2, "≤", y + 1)
    line = Line(rule.name, "left", log(y), y - 1, ((log(y) + 2).args.index(log(y)),), (("x", y),))
    assert replay(upward, (line, Line("sign", "both", y + 1, y + 1)), book)
    for left, right, relation in ((2 - log(y), 3 - y, "≤"), (log(y) + 2, y + 1, "≥"), (log(y) + 2, y + 1, "=")):
        place = (left.args.index(next(a for a in left.args if a.has(log))),)
        place = place if left.args[place[0]] == log(y) else (*place, 1)
        changed = left.xreplace({log(y): y - 1})
        with pytest.raises(Refused):
            closing = "normal-form" if relation == "=" else "sign"
            replay(
                Question(left, relation, right),  # type: ignore[arg-type]
                (replace(line, place=place), Line(closing, "both", changed, right)),
                book,
            )


def test_proofs_replay() -> None:
    assert len(PROOFS) == len(STEPS)
    for proof in PROOFS:
        assert replay(proof.question, proof.lines, standard()).rules() == proof.rules()
