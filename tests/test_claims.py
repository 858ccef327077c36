"""Relations from the command line with what is given: the sentences that are understood, and the verdicts."""

from __future__ import annotations

import json

import pytest
from examining import TIME_LIMIT, decide

from derive.checking import open_statement
from derive.commands.prove import CHECKED_SIGNS
from derive.meaning.sentences import formulas_of
from derive.results import StepResult
from derive.running.options import CheckOptions
from derive.running.wire import document_from_json
from derive.steps.plan import CHECKED_SIGNS as PLANNED_SIGNS


def steps(claim: str, *given: str) -> tuple[StepResult, ...]:
    examination = open_statement("<statement>", "\n".join((claim, *given)), CheckOptions(verbose=True))
    results: list[dict] = []
    for index in range(len(examination.units)):
        results.append(json.loads(json.dumps(decide(examination, index, results, TIME_LIMIT))))
    (derivation,) = document_from_json(json.loads(json.dumps(examination.finish(results)))).derivations
    return derivation.steps


@pytest.mark.parametrize(
    ("claim", "given", "verdict"),
    [
        (r"(x+1)^2 = x^2 + 2x + 1", (), "proved"),
        (r"\sqrt{x^2} = x", (), "refuted"),
        (r"\sqrt{x^2} = x", ("x > 0",), "proved"),
        (r"x y = x + y", (), "refuted"),
        (r"x = y", (), "unknown"),
        (r"x^2 = 4", ("x = 2",), "proved"),
        (r"x^2 = 4", ("x = 3",), "refuted"),
        (r"f(3) = 9", ("f(x) = x^2",), "proved"),
        (r"f(3) = 6", ("f(x) := x^2",), "refuted"),
        (r"\sum_{i=1}^{n} a_i = \frac{n(n+1)}{2}", ("a_i = i",), "proved"),
        (r"\delta_{ij} x_i = x_i", ("i = j",), "proved"),
        (r"\frac{\partial x_i}{\partial x_j} = 0", (r"i \ne j",), "proved"),
        (r"c^2 - b^2 = a^2", ("a^2 + b^2 = c^2",), "proved"),
        (r"x = 3", ("2x + y = 7", "y - 1 = 0"), "proved"),
        (r"x = 4", ("2x + y = 7", "y - 1 = 0"), "unknown"),
        (r"x^2 \ge 0", (), "proved"),
        (r"x^2 > 0", (), "unknown"),
        (r"x + \frac{1}{x} \ge 2", ("x > 0",), "proved"),
        (r"x \le x^2", (), "refuted"),
        (r"x \le x^2", (r"x \in \mathbb{Z}",), "supported"),
    ],
)
def test_verdicts(claim: str, given: tuple[str, ...], verdict: str) -> None:
    (step,) = steps(claim, *given)
    assert step.verdict == verdict, step


def test_every_given_condition_is_met() -> None:
    given = ("x > 0", r"x \ne 1", r"x \ne 2", r"x \ne 3", r"x \ne \frac{1}{2}", "x < 4")
    (step,) = steps(r"x = \frac{1}{x}", *given)
    assert step.verdict == "refuted" and step.counterexample is not None
    assert step.counterexample.values["x"] not in ("1", "2", "3", "1/2")
    assert not step.counterexample.values["x"].startswith("-")


def test_a_condition_that_has_no_meaning_here_is_never_passed_over() -> None:
    (step,) = steps(r"\sqrt{x^2} = x", r"x \in P")
    assert step.verdict == "unknown"
    assert "x ∈ P" in step.reason


def test_places_are_those_of_the_statement() -> None:
    first, second = steps(r"\sin(2x) = 2 \sin x \cos x = \sin x", "x > 0", "x < 9")
    assert (first.place.line, first.place.column, first.place.end_column) == (1, 10, 27)
    assert (second.place.line, second.place.column) == (1, 28)
    assert (first.verdict, second.verdict) == ("proved", "refuted")
    assert (first.opening, second.opening) == (True, False)


def test_signs_that_can_be_asked() -> None:
    assert CHECKED_SIGNS == PLANNED_SIGNS


@pytest.mark.parametrize(
    ("sentence", "formulas"),
    [
        ("x is positive", ("x > 0",)),
        ("$x$ is a positive number", ("x > 0",)),
        (r"\alpha is nonnegative", (r"\alpha \ge 0",)),
        ("x is non-zero", (r"x \ne 0",)),
        ("x is real.", (r"x \in \mathbb{R}",)),
        ("m and n are integers", (r"m \in \mathbb{Z}", r"n \in \mathbb{Z}")),
        ("$a$, $b$ and $c$ are positive reals", None),
        ("a, b, and c are positive", ("a > 0", "b > 0", "c > 0")),
        ("n is a positive integer", (r"n \in \mathbb{Z}", "n > 0")),
        ("x_1 is a natural number", (r"x_1 \in \mathbb{N}",)),
        ("i and j are different", (r"i \ne j",)),
        ("i and j are equal", ("i = j",)),
        ("A is symmetric", None),
        ("x is positive or zero", None),
        ("x is not positive", None),
        ("x + y is positive", None),
        ("x > 0", None),
        ("the matrix is positive", None),
        ("is positive", None),
        ("i, j and k are different", None),
    ],
)
def test_sentences(sentence: str, formulas: tuple[str, ...] | None) -> None:
    assert formulas_of(sentence) == formulas
