"""One equation after another: what follows is proved, what does not follow never is."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from consequence_samples import (
    Sample,
    doubtful,
    equation,
    follow,
    holds,
    random_equation,
    random_fallacy,
    random_inequality,
    random_point,
    slip,
)
from examining import check, steps_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proving_samples import X, Y, a, b, f, i, k, n, total, x, y, z
from sympy import (
    Abs,
    And,
    Ge,
    Gt,
    Integer,
    Le,
    Lt,
    Ne,
    Or,
    Rational,
    acos,
    asin,
    atan,
    cos,
    exp,
    log,
    nan,
    oo,
    sin,
    sqrt,
    symbols,
    tan,
    zoo,
)
from sympy.core.basic import Basic

from derive.deciding.telling import told
from derive.meaning.objects import Antiderivative, Partial
from derive.meaning.question import Fact, Question, Setting
from derive.proving.core import Proof, Refused, replay
from derive.proving.giveup import GaveUp, Stuck
from derive.proving.proof import Line
from derive.proving.prover import prove

c, t = symbols("c t")
E = equation


def less(left, right):
    return Lt(left, right, evaluate=False)


def ask(premise, conclusion, given=(), kinds=None, **more) -> Proof | GaveUp:
    facts = tuple(Fact(statement) for statement in given)
    return prove(Question(premise, "⇒", conclusion, Setting(kinds or {}, (), facts)), **more)


TRUE = {
    "number moved": (E(2 * x + 4, 10), E(2 * x, 6)),
    "divided by a number": (E(2 * x, 6), E(x, 3)),
    "sides exchanged": (E(x, y), E(y, x)),
    "times the denominator": (E(x + 1, 1 / x), E(x**2 + x - 1, 0)),
    "divided by what the conclusion divides by": (E(k * y, k + 1), E(y, 1 + 1 / k)),
    "solved for a factor": (E(x * (b - 1 + a - 1), a - 1), E(x, (a - 1) / (a + b - 2))),
    "common factor that is not 0": (E(exp(x) * y, exp(x) * z), E(y, z)),
    "common factor of squares": (E((x**2 + 1) * y, (x**2 + 1) * z), E(y, z)),
    "squared": (E(x, -1), E(x**2, 1)),
    "a power is 0": (E((x - 1) ** 2, 0), E(x, 1)),
    "logarithms": (E(exp(k * cos(x)), exp(k) / 2), E(k * cos(x), k - log(2))),
    "logarithm of a product": (E(f(x), c * x**n), E(log(f(x)), log(c) + n * log(x))),
    "exponential": (E(log(x), 3), E(x, exp(3))),
    "exponentials taken away": (E(exp(a), exp(b)), E(a, b)),
    "logarithms taken away": (E(log(a), log(b)), E(a, b)),
    "isolated, then the logarithm": (E(2 * exp(x) - 4, 0), E(x, log(2))),
    "root taken away": (E(sqrt(x + 1), y), E(x, y**2 - 1)),
    "tangent of an arctangent": (E(atan(y), x + c), E(y, tan(x + c))),
    "sine of an arcsine": (E(asin(y), x), E(y, sin(x))),
    "cosine of an arccosine": (E(acos(y), x), E(y, cos(x))),
    "cube": (E(x**3, 8), E(x, 2)),
    "product": (E(x * y, 0), Or(E(x, 0), E(y, 0))),
    "two roots": (E(x**2, 4), Or(E(x, 2), E(x, -2))),
    "magnitude": (E(Abs(x), 3), Or(E(x, 3), E(x, -3))),
    "quadratic": (
        E(a * x**2 + b * x + c, 0),
        Or(*[E(x, (-b + s * sqrt(b**2 - 4 * a * c)) / (2 * a)) for s in (1, -1)]),
    ),
    "from one of two": (Or(E(x, 1), E(x, 2)), E(x**2 - 3 * x + 2, 0)),
    "system": (And(E(x + y, 3), E(x - y, 1)), E(x, 2)),
    "system with a parameter": (And(E(x + y, a), E(x - y, b)), E(2 * x, a + b)),
    "name replaced": (And(E(y, 2 * x), E(z, sin(y))), E(z, sin(2 * x))),
    "name replaced, not by itself": (E(2 * y, x), E(exp(y), exp(x / 2))),
    "both parts": (E(x, y), And(E(2 * x, 2 * y), E(x - y, 0))),
    "sums": (E(0, total(Y(i) - a - b * X(i), i)), E(0, total(Y(i), i) - n * a - b * total(X(i), i))),
    "identity": (E(x, 3), E((y + 1) ** 2, y**2 + 2 * y + 1)),
    "factor of a power": (E(n * x ** (n - 1), y), E(x ** (n - 1), y / n)),
    "smaller, roots": (less(x, y), less(sqrt(x), sqrt(y))),
    "integrating factor": (
        E(exp(Antiderivative(f(x), x)) * y, c),
        E(y, c * exp(-Antiderivative(f(x), x))),
    ),
    "smaller, added and scaled": (less(x, y), less(2 * x + 1, 2 * y + 1)),
    "smaller, exponential": (less(x, y), less(exp(x), exp(y))),
    "smaller, logarithm": (And(Gt(x, 0), less(x, y)), less(log(x), log(y))),
    "smaller, cubes": (less(x, y), less(x**3, y**3)),
    "at least two": (Ge(x, 2), Ge(x**2, 4)),
    "weaker": (less(x, y), Le(x, y, evaluate=False)),
    "chain": (And(less(x, y), less(y, z)), less(x, z)),
    "not equal, scaled": (Ne(x, y, evaluate=False), Ne(2 * x, 2 * y, evaluate=False)),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_follows_is_proved(name: str) -> None:
    premise, conclusion = TRUE[name]
    assert isinstance(ask(premise, conclusion), Proof)


GIVEN = {
    "positive root": (E(x**2, 4), E(x, 2), x > 0),
    "negative root": (E(x**2, 4), E(x, -2), x < 0),
    "fourth root": (E(y**-4, exp(x)), E(y, exp(-x / 4)), y > 0),
    "factor that is not 0": (E(x * y, x * z), E(y, z), Ne(x, 0)),
    "scaled inequality": (less(x, y), less(a * x, a * y), a > 0),
    "turned inequality": (less(x, y), Gt(a * x, a * y, evaluate=False), a < 0),
    "reciprocals": (less(x, y), Gt(1 / x, 1 / y, evaluate=False), x > 0),
    "squares": (less(x, y), less(x**2, y**2), x > 0),
}


@pytest.mark.parametrize("name", GIVEN)
def test_what_follows_by_a_condition_needs_it(name: str) -> None:
    premise, conclusion, condition = GIVEN[name]
    assert isinstance(ask(premise, conclusion, [condition]), Proof)
    assert isinstance(ask(premise, conclusion, objects=None), GaveUp)


FALSE = {
    "divided by what may be 0": (E(x**2, x), E(x, 1)),
    "common factor that may be 0": (E(x * y, x * z), E(y, z)),
    "factor of a product": (E(x * y, 0), E(x, 0)),
    "one of two roots": (E(x**2, 1), E(x, 1)),
    "root of squares": (E(x**2, y**2), E(x, y)),
    "root of a fourth power": (E(x**4, y**2), E(x**2, y)),
    "fourth root": (E(y**-4, exp(x)), E(y, exp(-x / 4))),
    "one magnitude": (E(Abs(x), 3), E(x, 3)),
    "magnitudes": (E(Abs(x), Abs(y)), E(x, y)),
    "arcsine": (E(sin(x), y), E(x, asin(y))),
    "arctangent": (E(tan(x), y), E(x, atan(y))),
    "cosines taken away": (E(cos(x), cos(y)), E(x, y)),
    "power that may be 0": (E(x**a, x * y), E(x ** (a - 1), y)),
    "power of a natural exponent that may be 0": (E(x**n, x * y), E(x ** (n - 1), y)),
    "one equation for two unknowns": (E(x + y, 3), E(x, 2)),
    "wrong sign": (E(x + y, 3), E(x, 3 + y)),
    "no solution": (E(x**2, -1), E(x, 5)),
    "negative root": (E(sqrt(x), -1), E(x, 1)),
    "defined nowhere": (E(log(x), log(-x)), E(x, 7)),
    "contradiction": (And(E(x, 1), E(x, 2)), E(x, 7)),
    "contradiction of three": (And(E(x, y), E(y, z), E(x, z + 1)), E(x, 7)),
    "never smaller": (less(x**2, 0), E(x, 7)),
    "derivative at a point": (E(y, x**2), E(Partial(y, x), 2 * x)),
    "derivative of a value": (E(f(x), 0), E(Partial(f(x), x), 0)),
    "scaled by an unknown sign": (less(x, y), less(a * x, a * y)),
    "squares of unknown sign": (less(x, y), less(x**2, y**2)),
    "reciprocals of unknown sign": (less(x, y), Gt(1 / x, 1 / y, evaluate=False)),
    "not turned": (less(x, y), less(-x, -y)),
    "stronger": (Le(x, y, evaluate=False), less(x, y)),
    "not equal, squares": (Ne(x, y, evaluate=False), Ne(x**2, y**2, evaluate=False)),
    "not equal, times what may be 0": (Ne(x, y, evaluate=False), Ne(a * x, a * y, evaluate=False)),
    "sum of a product": (E(total(X(i) * Y(i), i), 0), E(total(X(i), i) * total(Y(i), i), 0)),
    "another member": (E(X(1), a), E(X(2), a)),
}


@pytest.mark.parametrize("name", FALSE)
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "bare"])
def test_what_does_not_follow_is_not_proved(name: str, guarded: bool) -> None:
    premise, conclusion = FALSE[name]
    kinds = {"n": "natural"}
    outcome = ask(premise, conclusion, kinds=kinds) if guarded else ask(premise, conclusion, kinds=kinds, objects=None)
    assert isinstance(outcome, GaveUp)


@pytest.mark.parametrize(
    ("premise", "conclusion", "follows"),
    [
        (E(exp(a) * y, exp(a) * z), E(y, z), True),
        (E(exp(a), exp(b)), E(a, b), False),
        (E((a**2 + 1) * y, (a**2 + 1) * z), E(y, z), False),
        (E(Abs(a), Abs(b)), E(a**2, b**2), False),
        (E(log(a), log(b)), E(a, b), True),
    ],
)
def test_over_complex_numbers(premise: Basic, conclusion: Basic, follows: bool) -> None:
    kinds = {"a": "complex", "b": "complex"}
    assert isinstance(ask(premise, conclusion, kinds=kinds, objects=None), Proof) == follows


@pytest.mark.parametrize(
    ("premise", "conclusion", "listed"),
    [
        (E(k * y, k + 1), E(y, 1 + 1 / k), [Ne(k, 0)]),
        (E(1 / x, y), E(x, 1 / y), [Ne(y, 0)]),
        (E(x + 1, 1 / x), E(x**2 + x, 1), []),
        (E(f(x), c), E(log(f(x)), log(c)), [Gt(f(x), 0)]),
        (E(x, 2), E(2 * x, 4), []),
        (less(x, y), less(log(x), log(y)), [Gt(x, 0)]),
    ],
)
def test_what_is_divided_by_is_listed(premise: Basic, conclusion: Basic, listed: list[Basic]) -> None:
    proof = ask(premise, conclusion)
    assert isinstance(proof, Proof)
    assert list(proof.assumptions()) == listed


# ---------------------------------------------------------------------------------------- the core

KX = Question(E(2 * x, 6), "⇒", E(x, 3))
HALF = (("known", E(2 * x, 6)), ("times", Rational(1, 2)))
CLOSING = Line("combination", "both", E(2 * x, 6), E(x, 3), (), HALF)
TAKEN = Question(E(x**2, x), "⇒", E(x, 1))


@pytest.mark.parametrize(
    "changes",
    [
        {"bindings": (("known", E(2 * x, 6)), ("times", Rational(1, 3)))},
        {"bindings": (("known", E(x, 3)), ("times", Integer(1)))},
        {"bindings": (("times", Rational(1, 2)), ("known", E(2 * x, 6)))},
        {"bindings": (*HALF, ("power", Integer(2)))},
        {"bindings": (*HALF, ("power", Integer(99)))},
        {"bindings": ()},
        {"after": E(x, 4)},
        {"before": E(x, 3)},
        {"side": "left"},
        {"side": "right"},
        {"place": (0,)},
        {"rule": "definition"},
        {"rule": "logarithm-of-both-sides"},
        {"rule": "no-such-rule"},
    ],
)
def test_a_tampered_certificate_is_refused(changes: dict[str, object]) -> None:
    assert replay(KX, (CLOSING,)).method == "normal-form"
    with pytest.raises((Refused, Stuck)):
        replay(KX, (replace(CLOSING, **changes),))  # type: ignore[arg-type]


def test_lines_are_neither_left_out_nor_invented() -> None:
    question = Question(E(exp(x), 2), "⇒", E(x, log(2)))
    proof = prove(question)
    assert isinstance(proof, Proof)
    assert "logarithm-of-both-sides" in proof.rules()
    for lines in ((), proof.lines[:1], proof.lines[1:], (*proof.lines, proof.lines[-1])):
        with pytest.raises(Refused):
            replay(question, lines)


@pytest.mark.parametrize("cofactor", [1 / x, 1 / (x * (y**2 + 1)), log(x), x ** (-a)])
def test_a_cofactor_without_a_value_is_refused(cofactor: Basic) -> None:
    line = Line("combination", "both", TAKEN.left, TAKEN.right, (), (("known", TAKEN.left), ("times", cofactor)))
    with pytest.raises((Refused, Stuck)):
        replay(TAKEN, (line,), objects=None)


@pytest.mark.parametrize(
    ("rule", "premise", "after", "bindings"),
    [
        ("logarithm-of-both-sides", E(x, y), E(log(x), log(y)), ()),
        ("logarithm-of-both-sides", E(x, -1), E(log(x), log(-1)), ()),
        ("logarithm-of-both-sides", less(x, y), less(log(x), log(y)), ()),
        ("tangent-of-both-sides", E(x, y), E(tan(x), tan(y)), ()),
        ("sine-of-both-sides", less(x, y), less(sin(x), sin(y)), ()),
        ("power-of-both-sides", E(x, y), E(1 / x, 1 / y), (("exponent", Integer(-1)),)),
        ("power-of-both-sides", E(x, y), E(sqrt(x), sqrt(y)), (("exponent", Rational(1, 2)),)),
        ("power-of-both-sides", less(x, y), less(x**2, y**2), (("exponent", Integer(2)),)),
        ("power-of-both-sides", less(x, y), Gt(1 / x, 1 / y, evaluate=False), (("exponent", Integer(-1)),)),
        ("power-of-both-sides", E(x, y), E(x**2, y**3), (("exponent", Integer(2)),)),
        ("power-of-both-sides", E(x, y), E(1, 1), (("exponent", Integer(0)),)),
    ],
)
def test_a_function_without_a_value_is_refused(rule: str, premise: Basic, after: Basic, bindings: tuple) -> None:
    question = Question(premise, "⇒", E(z, z + 1))
    with pytest.raises(Refused, match=r"not known|not monotone|something else|needs its exponent"):
        replay(question, (Line(rule, "left", premise, after, (), bindings), CLOSING), objects=None)


def test_a_premise_with_a_root_may_need_a_finer_exponent_than_the_conclusion() -> None:
    premise, turned = Ge(sqrt(y) + z, y, evaluate=False), Le((sqrt(y) + z) / z**2, y / z**2, evaluate=False)
    assert isinstance(ask(premise, turned), GaveUp)
    assert isinstance(ask(premise, Ge((sqrt(y) + z) / z**2, y / z**2, evaluate=False)), Proof)


# ---------------------------------------------------------------------------------------- in words


@pytest.mark.parametrize(
    ("premise", "conclusion", "words"),
    [
        (E(2 * x + 4, 10), E(2 * x, 6), "the same equation"),
        (E(2 * x, 6), E(x, 3), "the equation before, divided by 2"),
        (E(x + 1, 1 / x), E(x**2 + x, 1), "the equation before, times x"),
        (E(k * y, k + 1), E(y, 1 + 1 / k), "the equation before, divided by k"),
        (E(exp(x), 2), E(x, log(2)), "logarithms of both sides"),
        (E(2 * exp(x) - 4, 0), E(x, log(2)), "solved for e^x, logarithms of both sides"),
        (E(sqrt(x), y), E(x, y**2), "squares of both sides"),
        (E(x * y, 0), Or(E(x, 0), E(y, 0)), "a product is 0 where one of its factors is"),
        (E((x - 1) ** 2, 0), E(x, 1), "a power is 0 only where its base is"),
        (E(x, 3), E(y + y, 2 * y), "it holds by itself"),
    ],
)
def test_it_is_told_what_was_done(premise: Basic, conclusion: Basic, words: str) -> None:
    proof = ask(premise, conclusion)
    assert isinstance(proof, Proof)
    assert told(proof) == words


def test_the_other_equations_of_a_system_are_named() -> None:
    text = "$$ \\begin{aligned} x + y &= 3 \\\\ x - y &= 1 \\\\ 2x &= 4 \\end{aligned} $$"
    step = steps_of(check(text))[-1]
    assert step.verdict == "proved"
    assert step.assumptions == ("x + y = 3: line 1",)


# ---------------------------------------------------------------------------------- random equations


def _usable(*statements: Basic) -> bool:
    return not any(statement.has(nan, oo, zoo) for statement in statements)


def _asked(premise: Basic, conclusion: Basic) -> bool:
    """Whether the prover alone, without models to object, proves a consequence."""
    return _usable(premise, conclusion) and isinstance(prove(Question(premise, "⇒", conclusion), objects=None), Proof)


RANDOM = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
SURE = ("added", "multiplied", "squared", "exponential", "all on one side", "exchanged", "expanded")


@RANDOM
@given(st.integers(0, 10**9))
def test_what_follows_from_random_equations(seed: int) -> None:
    chance = random.Random(seed)
    point = random_point(chance)
    premise = random_equation(chance, point)
    if premise is None or not holds(premise, point):
        return
    conclusion, how = follow(chance, premise)
    if not _usable(premise, conclusion):
        return
    assert holds(conclusion, point) is not False
    outcome = prove(Question(premise, "⇒", conclusion))
    assert isinstance(outcome, Proof) or how not in SURE or outcome.reason
    for _ in range(2):
        wrong = slip(chance, conclusion)
        if holds(wrong, point) is False:
            assert not _asked(premise, wrong), (premise, wrong, point)


@RANDOM
@given(st.integers(0, 10**9))
def test_random_fallacies_are_not_proved(seed: int) -> None:
    chance = random.Random(seed)
    sample: Sample | None = None
    while sample is None:
        sample = random_fallacy(chance, random_point(chance))
    assert not _asked(sample.premise, sample.conclusion), sample


@RANDOM
@given(st.integers(0, 10**9))
def test_random_inequalities_are_not_turned_wrong(seed: int) -> None:
    chance = random.Random(seed)
    point = random_point(chance)
    premise = random_inequality(chance, point)
    if premise is None:
        return
    conclusion, _ = doubtful(chance, premise)
    if _usable(conclusion) and holds(conclusion, point) is False:
        assert not _asked(premise, conclusion), (premise, conclusion, point)
