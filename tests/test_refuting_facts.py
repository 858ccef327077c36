"""What the document states holds in every model that speaks against a step."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sympy import And, Eq, Ge, Gt, Integer, Le, Lt, Ne, Or, exp, log, sqrt, symbols

from derive.meaning.objects import Entry, Partial, Range, SumOver
from derive.meaning.question import Definition, Fact, Question, Setting
from derive.refuting.answers import Agreement, Counterexample, Undecided
from derive.refuting.refuter import refute

x, y, z, n, i, k, s = symbols("x y z n i k s")
P_K = Entry("p", (k,))
SUM = SumOver(P_K, k, Range(Integer(1), n))


def ask(left, right, *facts, **setting):
    return refute(Question(left, "=", right, Setting(facts=tuple(Fact(fact) for fact in facts), **setting)))


def test_an_equation_is_solved_for_a_member_of_a_family() -> None:
    answer = ask(SUM**2 + Entry("p", (1,)), Entry("p", (1,)), Eq(SUM, 1))
    assert isinstance(answer, Counterexample)
    values = {name: value for name, value in answer.values.items() if name.startswith("p_")}
    assert set(values) == {"p_1", "p_2"} and answer.left == "1"


def test_weights_are_positive_and_sum_to_one() -> None:
    entropy = -SumOver(P_K * log(P_K), k, Range(Integer(1), n))
    answer = ask(entropy + SUM, entropy + 1, Eq(SUM, 1), Gt(Entry("p", (i,)), 0))
    assert isinstance(answer, Agreement)


def test_an_equation_between_names_is_met_by_construction() -> None:
    assert isinstance(ask(x**2 - y**2, 0 * x, Eq(x, y)), Agreement)
    assert isinstance(ask(log(s) * x, x * z, Eq(z, log(s))), Agreement)


def test_a_nonlinear_equation_is_solved_within_a_certified_ball() -> None:
    assert isinstance(ask(exp(x) * y, 3 * y, Eq(exp(x), 3)), Agreement)
    assert isinstance(ask(x * y, 2 * y, Eq(exp(x), 3)), Counterexample)


def test_conditions_are_respected() -> None:
    assert isinstance(ask(sqrt(x**2), x, Ge(x, 0)), Agreement)
    assert isinstance(ask(sqrt(x**2), -x, Le(x, 0)), Agreement)
    assert isinstance(ask(sqrt((1 - x) ** 2), 1 - x, And(Gt(x, 0), Lt(x, 1))), Agreement)
    assert isinstance(ask(sqrt(x**2) - x + y, y, kinds={"x": "positive"}), Agreement)
    binary = Or(Eq(y, 0), Eq(y, 1))
    assert isinstance(ask(x * y**2, x * y, binary), Agreement)


def test_kinds_of_determined_names_are_respected() -> None:
    answer = ask(sqrt(x**2), x, Eq(x, y - 3), kinds={"x": "positive"})
    assert isinstance(answer, Agreement)


def test_contradictory_facts_leave_nothing_to_say() -> None:
    answer = ask(x, x + 1, Gt(x, 1), Lt(x, 0))
    assert isinstance(answer, Undecided) and "could not be satisfied" in answer.reason


def test_facts_about_other_names_do_not_matter() -> None:
    assert isinstance(ask(x, x + 1, Gt(z, 1), Lt(z, 0)), Counterexample)


def test_a_held_variable_is_independent_of_its_definition() -> None:
    definition = Definition(y, (), x**2)
    setting = {"definitions": (definition,)}
    assert isinstance(ask(Partial(y * x, y), x, **setting), Agreement)
    assert isinstance(ask(Partial(y * x, x), 3 * x**2, **setting), Agreement)
    assert isinstance(ask(Partial(y * x, x), y, **setting), Counterexample)


def test_distinct_indices() -> None:
    a_i, a_k = Entry("a", (i,)), Entry("a", (k,))
    assert isinstance(ask(Partial(a_i**2 + a_k, a_i), 2 * a_i, Ne(i, k)), Agreement)
    answer = ask(Partial(a_i**2 + a_k, a_i), 2 * a_i)
    assert isinstance(answer, Counterexample) and answer.values["i"] == answer.values["k"]


def test_a_fact_with_shifted_indices_holds_where_the_step_speaks_of_it() -> None:
    above, below = Entry("a", (k + 2,)), Entry("a", (k - 1,))
    recurrence = Eq((k + 1) * (k + 2) * above - below, 0, evaluate=False)
    for definitions in ((), (Definition(k, (), 3 * n + 1),)):
        answer = ask(above, below / ((k + 1) * (k + 2)), recurrence, kinds={"k": "integer"}, definitions=definitions)
        assert isinstance(answer, Agreement)


def test_answers_do_not_depend_on_the_hash_seed() -> None:
    script = (
        "from tests.test_refuting_steps import FALSE\n"
        "from derive.refuting.refuter import refute\n"
        "for question, _ in FALSE[:25]: print(refute(question))\n"
    )
    root = Path(__file__).parent.parent
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_a_letter_for_a_family_of_which_only_derivatives_are_taken() -> None:
    theta, j, b = symbols("theta j b")
    gradient = Partial(exp(x * theta + b), Entry("theta", (j,)))
    assert isinstance(ask(gradient, x * exp(x * theta + b)), Agreement)
    assert isinstance(ask(gradient, -x * exp(x * theta + b)), Counterexample)


def test_a_letter_beside_its_family_is_left_open() -> None:
    theta = symbols("theta")
    answer = ask(Partial(theta * Entry("theta", (k,)), Entry("theta", (k,))), 2 * theta)
    assert isinstance(answer, Undecided)


def test_recursive_definitions_end() -> None:
    first = Definition(Entry("a", (Integer(0),)), (), Integer(1))
    following = Definition(Entry("a", (n,)), (n,), 2 * Entry("a", (n - 1,)) + 1)
    term = Entry("a", (n,))
    assert isinstance(ask(term, 2 ** (n + 1) - 1, definitions=(first, following)), Agreement)
    assert isinstance(ask(term, 2**n, definitions=(first, following)), Counterexample)
    assert isinstance(ask(term, 2**n, definitions=(following,)), Undecided)
