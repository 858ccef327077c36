"""The core replays what search proposes, and refuses what was tampered with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from proving_samples import X, Y, a, ask, i, j, k, n, proved, span, total, x, y
from sympy import Eq, Lambda, Ne, S, Symbol, exp, log

from derive.meaning.objects import Call, Delta, Partial, SumOver
from derive.meaning.question import Question
from derive.proving.core import Proof, Refused, replay
from derive.proving.proof import Line
from derive.proving.rule import Rule

g, h = Call("g", (k,)), Call("h", (k,))
lo, hi = Symbol("lo"), Symbol("hi")
SPLIT = Rule(
    "split-sum",
    SumOver(g + h, k, span(lo, hi)),
    SumOver(g, k, span(lo, hi)) + SumOver(h, k, span(lo, hi)),
    ("g", "h", "hi", "lo"),
)
DIFFERENT = Rule("delta-different-index", Delta(i, j), S.Zero, ("i", "j"), assumes=(Ne(i, j),))
BOOK = {"split-sum": SPLIT, "delta-different-index": DIFFERENT}
t = Symbol("t")
BINDINGS = (("g", Lambda((t,), X(t))), ("h", Lambda((t,), Y(t))), ("hi", n), ("lo", S.One))
whole, parts = total(X(i) + Y(i), i), total(X(i), i) + total(Y(i), i)
ASKED = Question(a * whole, "=", a * parts)
HERE = (a * whole).args.index(whole)
LINE = Line("split-sum", "left", whole, parts, (HERE,), BINDINGS)
PROPOSED = (LINE, Line("identical", "both", a * parts, a * parts))


def test_a_named_rewrite_is_replayed() -> None:
    proof = replay(ASKED, PROPOSED, BOOK)
    assert proof.rules() == ("split-sum", "identical")
    assert proof.method == "rules"
    assert proof.explanation().startswith("split sum")


@pytest.mark.parametrize(
    "changes",
    [
        {"place": (1 - HERE,)},
        {"place": (HERE, 0)},
        {"place": (7,)},
        {"side": "right"},
        {"side": "both"},
        {"before": parts, "after": whole},
        {"after": parts + 1},
        {"after": total(X(i), i) - total(Y(i), i)},
        {"rule": "delta-different-index"},
        {"rule": "no-such-rule"},
        {"rule": "definition"},
        {"rule": "normal-form"},
        {"bindings": BINDINGS[1:]},
        {"bindings": (("g", Lambda((t,), Y(t))), *BINDINGS[1:])},
        {"bindings": (*BINDINGS[:2], ("hi", n + 1), BINDINGS[3])},
        {"bindings": (("g", X(t)), *BINDINGS[1:])},
    ],
)
def test_a_tampered_rewrite_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Refused):
        replay(ASKED, (replace(LINE, **changes), PROPOSED[1]), BOOK)  # type: ignore[arg-type]


def test_lines_can_not_be_left_out_or_exchanged() -> None:
    for lines in ((), (LINE,), (PROPOSED[1],), (PROPOSED[1], LINE), (LINE, LINE, PROPOSED[1])):
        with pytest.raises(Refused):
            replay(ASKED, lines, BOOK)


def test_conditions_are_decided_or_listed() -> None:
    question = Question(Delta(i, j) * x, "=", S.Zero)
    lines = (
        Line("delta-different-index", "left", Delta(i, j), S.Zero, (0,), (("i", i), ("j", j))),
        Line("identical", "both", S.Zero, S.Zero),
    )
    place = (question.left.args.index(Delta(i, j)),)
    proof = replay(question, (replace(lines[0], place=place), lines[1]), BOOK)
    assert proof.assumptions() == (Ne(i, j),)


def test_a_condition_on_a_bound_variable_is_refused() -> None:
    question = Question(total(Delta(i, j), i), "=", S.Zero)
    inner = Symbol("⋄0")
    line = Line("delta-different-index", "left", Delta(inner, j), S.Zero, (0,), (("i", inner), ("j", j)))
    with pytest.raises(Refused):
        replay(question, (line, Line("normal-form", "both", total(0, i), S.Zero)), BOOK)


def test_a_rewrite_under_a_binder_does_not_capture() -> None:
    inner = Symbol("⋄0")
    double = total(total(X(i) * Y(j), j), i)
    rule = Rule("swap", X(k) * Y(t), Y(t) * X(k) + 0 * t, ("k", "t"))
    line = Line(
        "swap",
        "left",
        X(inner) * Y(Symbol("⋄1")),
        X(inner) * Y(Symbol("⋄1")),
        (0, 0),
        (("k", inner), ("t", Symbol("⋄1"))),
    )
    proof = replay(Question(double, "=", double), (line, Line("identical", "both", double, double)), {"swap": rule})
    assert "swap" in proof.rules()


def test_procedures_are_computed_again() -> None:
    found = ask(Partial(log(x) * x, x), (x * log(x) + x) / x)
    assert isinstance(found, Proof)
    first, last = found.lines
    assert first.rule == "derivative"
    assert replay(found.question, found.lines).rules() == found.rules()
    for tampered in (
        (replace(first, after=log(x) + 2), replace(last, before=log(x) + 2)),
        (replace(first, before=x), last),
        (first, replace(last, after=log(x))),
        (first, replace(last, rule="identical")),
        (first, replace(last, rule="sign")),
        (last,),
    ):
        with pytest.raises(Refused):
            replay(found.question, tampered)


def test_a_given_equality_is_only_used_where_stated() -> None:
    found = ask(X(i), X(j), given=[Eq(i, j)])
    assert isinstance(found, Proof)
    assert found.rules() == ("given-equality", "normal-form")
    with pytest.raises(Refused):
        replay(replace(found.question, setting=replace(found.question.setting, facts=())), found.lines)


def test_an_equality_at_a_point_is_not_differentiated() -> None:
    assert not proved(Partial(x**2 * y, x), Partial(x**3, x), given=[Eq(y, x)])
    assert not proved(Partial(Call("f", (x,)), y), Partial(Call("f", (y,)), y), given=[Eq(x, y)])


def test_a_second_check_may_object() -> None:
    question = Question(exp(x) * exp(y), "=", exp(x + y))
    lines = (Line("normal-form", "both", question.left, question.right),)
    with pytest.raises(Refused):
        replay(
            replace(question, left=exp(x) ** 2 * exp(y - x)),
            (replace(lines[0], before=exp(x) ** 2 * exp(y - x)),),
            objects=lambda *_: True,
        )


def test_only_the_core_makes_proofs() -> None:
    with pytest.raises(TypeError):
        Proof(ASKED, (), "identical", (), ())
