"""Random rules on random expressions: true steps are proved or left open, slips of them are never proved.

The second route (`objects_to`) is switched off here: what the prover says is held against models afterwards, under the
facts that its proof lists. `-m soak` runs thousands of each."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, Lambda, Rational, S, Symbol, cos, exp, log, nan, oo, sin, zoo
from sympy.core.basic import Basic

from derive.meaning.objects import Call, Entry, IntegralOver, LimitAt, Partial, Range, SumOver, rename, subterms
from derive.meaning.question import Fact, Question, Setting
from derive.proving.book import standard
from derive.proving.core import Proof
from derive.proving.prover import prove
from derive.proving.rule import NotAnInstance, Rule, instantiate
from derive.refuting.answers import Counterexample
from derive.refuting.refuter import refute

x, y, n, i, t = (Symbol(name) for name in "xynit")
LEAVES = [x, y, Entry("z", (i,)), Integer(2), Integer(3), Rational(1, 2), Integer(-1)]


def random_term(chance: random.Random, leaves: list[Expr], depth: int) -> Expr:
    """A small random expression."""
    if depth == 0 or chance.random() < 0.35:
        return chance.choice(leaves)
    first, second = (random_term(chance, leaves, depth - 1) for _ in range(2))
    kind = chance.randrange(7)
    made = [
        lambda: first + second, lambda: first * second, lambda: first - second, lambda: first**2,
        lambda: exp(first), lambda: first / second if second != 0 else first, lambda: sin(first),
    ][kind]()  # fmt: skip
    return first if made.has(zoo, nan, oo) else made


def bindings_for(rule: Rule, chance: random.Random) -> dict[str, Basic]:
    """Random values for the variables of a rule: whole numbers where it binds ranges or asks for them, bodies for its
    functions, expressions for the rest."""
    functions = {
        part.name: len(part.arguments) for side in (rule.left, rule.right) for part in subterms(side)
        if isinstance(part, Call)
    }  # fmt: skip
    whole = {name for name, kind in (*rule.kinds, *rule.assumed_kinds) if kind in ("integer", "natural")}
    for side in (rule.left, rule.right):
        for part in subterms(side):
            if isinstance(part, Range):
                whole |= {s.name for s in part.free_symbols}
    variables = {
        part.variable.name for side in (rule.left, rule.right) for part in subterms(side)
        if isinstance(part, Partial) and isinstance(part.variable, Symbol)
    }  # fmt: skip
    found: dict[str, Basic] = {}
    for name in rule.variables:
        if name in functions:
            places = [Symbol(f"p{k}") for k in range(functions[name])]
            found[name] = Lambda(tuple(places), random_term(chance, [*places, *places, x, Integer(2)], 2))
        elif name in variables:
            found[name] = x
        elif name in whole:
            found[name] = chance.choice([Integer(1), Integer(2), Integer(4), n, n + 1])
        else:
            found[name] = random_term(chance, [*LEAVES, exp(x), y**2 + 1], 1)
    return found


CONTEXTS = [
    lambda u: u, lambda u: u + x * y, lambda u: 3 * u - y, lambda u: u * exp(x), lambda u: u**2 + 1,
    lambda u: SumOver(u * Entry("w", (t,)), t, Range(S.One, n)), lambda u: cos(u) + x,
]  # fmt: skip


@dataclass(frozen=True)
class Sample:
    rule: str
    question: Question


def random_step(chance: random.Random) -> Sample | None:
    """An instance of a rule in a context, with the rule's conditions among the facts; None where there is none."""
    name = chance.choice(RULES)
    rule = standard()[name]
    bindings = bindings_for(rule, chance)
    try:
        left, right = instantiate(rule.left, bindings), instantiate(rule.right, bindings)
        conditions = [instantiate(c, bindings) for c in (*rule.conditions, *rule.assumes)]
    except (NotAnInstance, TypeError):
        return None
    if S.false in conditions or any(side.has(zoo, nan, oo) for side in (left, right)) or left == right:
        return None
    context = chance.choice(CONTEXTS)
    facts = tuple(Fact(c) for c in conditions if c != S.true and not any(f.name[0] == "⋄" for f in c.free_symbols))
    return Sample(name, Question(context(left), "=", context(right), Setting({"n": "natural"}, (), facts)))


def slipped(term: Expr, chance: random.Random) -> Expr:
    """The term with one of its parts changed: a number, a sign, a letter, a function."""
    parts = [p for p in subterms(term) if isinstance(p, Expr) and p.args == () and p not in (oo, -oo)]
    parts += [p for p in subterms(term) if isinstance(p, sin | cos | log | exp)]
    part = chance.choice(parts or [term])
    if part.is_Number:
        new: Expr = part + chance.choice([1, 1, 2])
    elif part == x:
        new = y
    elif part == y:
        new = x
    elif isinstance(part, sin):
        new = cos(*part.args)
    elif isinstance(part, exp):
        new = part + 1
    else:
        new = -part if chance.random() < 0.5 else part + 1
    changed = rename(term, part, new) if isinstance(part, Symbol) else term.xreplace({part: new})
    return changed if chance.random() < 0.8 else -changed


def is_modelled(term: Basic) -> bool:
    """Whether models evaluate a term: no infinite sum, improper integral or limit stands in it."""
    return not any(
        isinstance(part, LimitAt) or (isinstance(part, Range) and any(e in (oo, -oo) for e in part.args))
        or (isinstance(part, IntegralOver) and not isinstance(part.domain, Range))
        for part in subterms(term)
    )  # fmt: skip


RULES = sorted(
    name for name in standard()
    if (rule := standard().rule(name)) is not None and rule.relation == "=" and rule.variables
    and is_modelled(rule.left) and is_modelled(rule.right)
)  # fmt: skip


def contradicted(question: Question, proof: Proof) -> Counterexample | None:
    """A counterexample that satisfies the facts and what the proof lists."""
    listed = tuple(Fact(a) for a in proof.assumptions() if not isinstance(a, str))
    setting = replace(question.setting, facts=(*question.setting.facts, *listed))
    answer = refute(replace(question, setting=setting))
    return answer if isinstance(answer, Counterexample) else None


def run(seeds: range) -> Counter[str]:
    """True steps and slips of them, each held against models: how often what was said."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        chance = random.Random(seed)
        sample = random_step(chance)
        if sample is None:
            continue
        for kind, question in (
            ("true", sample.question),
            ("slip", replace(sample.question, right=slipped(sample.question.right, chance))),
        ):
            if any(part.has(zoo, nan) for part in (question.left, question.right)):
                continue
            outcome = prove(question, objects=None)
            counts[f"{kind} {'proved' if isinstance(outcome, Proof) else 'open'}"] += 1
            if isinstance(outcome, Proof):
                wrong = contradicted(question, outcome)
                assert wrong is None, (seed, sample.rule, kind, question, outcome.lines, wrong)
    return counts


def test_true_steps_are_proved_and_slips_are_not() -> None:
    counts = run(range(220))
    assert counts["true proved"] > 0.7 * (counts["true proved"] + counts["true open"]), counts
    assert counts["slip open"] > 100, counts


@pytest.mark.soak
@pytest.mark.parametrize("block", range(20))
def test_thousands_of_steps(block: int) -> None:
    counts = run(range(1000 * (block + 1), 1000 * (block + 1) + 300))
    assert counts["true proved"] > 0.6 * (counts["true proved"] + counts["true open"]), counts


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(10**6, 10**9))
def test_any_seed(seed: int) -> None:
    run(range(seed, seed + 1))
