"""The verdict of one step: its question under each plausible reading, asked of the prover and then of the refuter.

A step is proved if it is proved under some plausible reading (which is then reported). It is refuted only if it is
refuted as it stands and no plausible reading saves it. Everything else keeps its doubt, by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import sympy as sp
from sympy.core.basic import Basic
from sympy.core.expr import Expr

from derive.deciding.ask import Asked, ask, equations_in_scope, free_indices, groundless, one_sided, targets_of, with_facts
from derive.meaning import prose
from derive.meaning.context import Context, head_key
from derive.meaning.objects import Entry, Partial, subterms
from derive.meaning.question import Definition, Fact, Question, Setting
from derive.meaning.reading import LITERAL, Reading
from derive.meaning.trouble import Trouble, Unreadable
from derive.notation.latex import to_latex
from derive.notation.tree import Number
from derive.proving.core import Proof
from derive.proving.prover import prove
from derive.refuting.answers import Agreement, Counterexample
from derive.refuting.refuter import agrees, refute
from derive.results import VerdictName
from derive.source import Span
from derive.steps.plan import CHECKED_SIGNS
from derive.steps.step import Step


READINGS = (LITERAL, Reading(restored=True), Reading(loose_slash=True), Reading(narrow=True))


@dataclass(frozen=True)
class Judgement:
    """What is known of a step, and why. `proof` or `counterexample` is the evidence, where there is one; `notes` are the
    readings that mattered, `assumptions` what the verdict rests on beyond the text of the step."""

    verdict: VerdictName
    reason: str = ""
    proof: Proof | None = None
    counterexample: Counterexample | None = None
    notes: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    where: Span | None = None  # the characters that were not understood
    groundless: tuple[str, str] | None = None  # a derivative by something its body does not contain
    question: Question | None = field(default=None, compare=False)


def judge(context: Context, step: Step, assumed: Sequence[Definition] = (), only_proof: bool = False) -> Judgement:
    """Decide a step. `assumed` are definitions that the document does not give and derive found (`assumptions.py`).
    With `only_proof`, a step that is not proved is left `unknown` without looking for a counterexample."""
    if step.role == "given":
        return Judgement("stated", _why_stated(step))
    if step.sign.sign not in CHECKED_SIGNS:
        return Judgement("stated", "an approximation is not checked" if step.sign.sign in "≈≃≅" else "")
    if step.role == "consequence":
        from derive.deciding.consequence import judge_consequence

        return judge_consequence(context, step)
    outcomes: list[Judgement] = []
    for asked in _readings(context, step, assumed):
        if isinstance(asked, Trouble):
            outcomes.append(_troubled(asked))
            if isinstance(asked, Unreadable):
                break
            continue
        outcome = _decide(context, step, asked, assumed, only_proof)
        if outcome.verdict == "proved":
            return outcome
        outcomes.append(outcome)
    return _settle(context, step, outcomes)


def _why_stated(step: Step) -> str:
    return "a definition" if step.sign.sign in ("=", ":=", "≡") else "given"


def _troubled(trouble: Trouble) -> Judgement:
    if isinstance(trouble, Unreadable):
        return Judgement("unread", trouble.reason, where=trouble.span)
    return Judgement("unknown", trouble.reason, where=trouble.span)


def _readings(context: Context, step: Step, assumed: Sequence[Definition]) -> Iterator[Asked | Trouble]:
    """The question under each plausible reading, the literal one first; a reading that changes nothing is left out."""
    seen: list[Question] = []
    for reading in READINGS:
        try:
            asked = ask(context, step, reading, assumed)
        except Trouble as trouble:
            if reading == LITERAL:
                yield trouble
                if isinstance(trouble, Unreadable):
                    return
            continue
        key = replace(asked.question, setting=type(asked.question.setting)())
        if key not in seen or reading == LITERAL:
            seen.append(key)
            yield asked


def _decide(
    context: Context, step: Step, asked: Asked, assumed: Sequence[Definition], only_proof: bool = False
) -> Judgement:
    """One question: as it stands, then with what the prose around the step lets one assume."""
    question = asked.question
    said = tuple(_used_assumed(question, assumed))
    empty = groundless(question)
    if empty is not None:
        body, variable = empty
        return Judgement(
            "unknown", f"{body} is not built on {variable}, so it has no derivative by it", notes=asked.notes,
            groundless=empty, question=question,
        )  # fmt: skip
    proved = _prove(asked, said, only_proof)
    if isinstance(proved, Judgement):
        return proved
    reason = proved
    cases = list(_cases(context, step, question))
    for extra, words in (*cases, *_one_hot(context, step, question)):
        tried = _prove(with_facts(asked, *extra), (*said, words), only_proof)
        if isinstance(tried, Judgement):
            return tried
    if only_proof:
        return Judgement("unknown", reason, notes=asked.notes)
    if asked.missing:
        return Judgement("unknown", f"the definition of {', '.join(asked.missing)} was not understood", notes=asked.notes)
    lonely = one_sided(question)
    if lonely is not None:
        why = f"`{lonely}` stands on one side only and is not defined"
        return Judgement("unknown", why, notes=asked.notes, assumptions=said, question=question)
    doubt = _doubtful_definition(context, step, question)
    if doubt is not None:
        return Judgement("unknown", doubt, notes=asked.notes, assumptions=said, question=question)
    rounded = _rounded(step, question)
    if rounded is not None:
        return Judgement("supported", rounded, notes=asked.notes, assumptions=said, question=question)
    asked = with_facts(asked, *equations_in_scope(context, step, question))
    answers = [refute(with_facts(asked, *extra).question) for extra, _ in cases] or [refute(asked.question)]
    if all(isinstance(answer, Counterexample) for answer in answers):
        found = answers[0]
        assert isinstance(found, Counterexample)
        return Judgement("refuted", "", counterexample=found, notes=asked.notes, assumptions=said, question=question)
    agreed = next((a for a in answers if isinstance(a, Agreement)), None)
    if agreed is not None:
        return Judgement("supported", f"both sides agree in {agreed.models} models; {reason}" if reason else
                         f"both sides agree in {agreed.models} models", notes=asked.notes, assumptions=said, question=question)  # fmt: skip
    undecided = next(a for a in answers if not isinstance(a, Counterexample | Agreement))
    return Judgement("unknown", undecided.reason or reason, notes=asked.notes, assumptions=said, question=question)


def _prove(asked: Asked, said: tuple[str, ...], screened: bool = False) -> Judgement | str:
    """A `proved` judgement, or the reason why there is none. With `screened`, sides that differ in some model are not
    tried: for the many candidates of a repair."""
    question = asked.question
    if screened and question.relation == "=" and agrees(question.left, question.right, question.setting) is False:
        return "the sides differ in a model"
    outcome = prove(asked.question)
    if isinstance(outcome, Proof):
        assumptions = (*said, *(str(a) for a in outcome.assumptions() if str(a) not in said))
        return Judgement("proved", outcome.explanation(), outcome, None, asked.notes, assumptions, question=asked.question)
    return getattr(outcome, "reason", "")


def _used_assumed(question: Question, assumed: Sequence[Definition]) -> Iterator[str]:
    for definition in assumed:
        if definition in question.setting.definitions:
            yield definition.said


def _cases(context: Context, step: Step, question: Question) -> Iterator[tuple[tuple[Fact, ...], str]]:
    """Where the prose speaks of cases and a derivative of one member by another stands in the step: the case that both
    indices are equal, and the case that they differ, unless the document says which."""
    pairs = _delta_pairs(question)
    stated = {frozenset(f.statement.args) for f in question.setting.facts if isinstance(f.statement, sp.Eq | sp.Ne)}
    pairs = [pair for pair in pairs if frozenset(pair) not in stated]
    if len(pairs) != 1 or not prose.mentions_case(context.lead_text(step.position)):
        return
    one, other = pairs[0]
    yield (Fact(sp.Eq(one, other), "the case at hand"),), f"{one} = {other}"
    yield (Fact(sp.Ne(one, other), "the case at hand"),), f"{one} ≠ {other}"


def _delta_pairs(question: Question) -> list[tuple[sp.Symbol, sp.Symbol]]:
    """Pairs of free indices of which one belongs to a differentiated member and the other to what it is differentiated
    by: the derivative has a Kronecker delta of the two."""
    pairs: set[tuple[sp.Symbol, sp.Symbol]] = set()
    for side in (question.left, question.right):
        for part in subterms(side):
            if isinstance(part, Partial) and isinstance(part.variable, Entry):
                below = [i for i in part.variable.indices if i.is_Symbol]
                above = free_indices(part.body)
                for index in below:
                    for other in sorted(above - {index}, key=lambda s: s.name):
                        pairs.add(tuple(sorted((index, other), key=lambda s: s.name)))  # type: ignore[arg-type]
    return sorted(pairs, key=str)


def _one_hot(context: Context, step: Step, question: Question) -> Iterator[tuple[tuple[Fact, ...], str]]:
    """Where the prose says that a target is one-hot: the entry at the free index of the step is the target's, 1."""
    text = context.text_before(step.position)
    said = prose.ONE_HOT.search(text)
    if said is None:
        return
    sentence = text[max(0, said.start() - 120) : said.end() + 40]
    letters = prose.single_letters(sentence)
    indices = sorted(free_indices(question.left) | free_indices(question.right), key=lambda s: s.name)
    defined = {definition.head.name for definition in question.setting.definitions}
    families = sorted({d.name for d in _families(question) if d.name in letters - defined and len(d.indices) == 1})
    for family in families:
        facts = tuple(Fact(sp.Eq(Entry(family, (index,)), 1), "one-hot target") for index in indices)
        if facts:
            yield facts, f"{family}_{indices[0]} = 1: the target is one-hot"


def _doubtful_definition(context: Context, step: Step, question: Question) -> str | None:
    """Why a definition that the question needs may not be meant here, so that nothing is refuted by it: the document
    defines the name in two ways, or in another section without saying that it defines."""
    outline = context.outline
    for definition in question.setting.definitions:
        name = definition.head.name
        written = [w for w in context.definitions if w.key == name]
        if len({to_latex(w.body) for w in written}) > 1:
            return f"{name} is defined more than once"
        if written and not any(
            w.certain or _differentiates(question) or outline.section_of(w.position) == outline.section_of(step.position)
            for w in written
        ):
            return f"{name} is defined in another section"
    return None


def _differentiates(question: Question) -> bool:
    return any(isinstance(part, Partial) for part in subterms(question.left))


def _rounded(step: Step, question: Question) -> str | None:
    """Where a side is a decimal to which the other side rounds: equal to the digits written, and no more is meant."""
    for node, value, other in ((step.right, question.right, question.left), (step.left, question.left, question.right)):
        if isinstance(node, Number) and "." in node.text and value.is_Rational and not other.free_symbols:
            digits = len(node.text.partition(".")[2])
            unit = sp.Rational(1, 10**min(digits, 30))
            if agrees_within(other, value, unit, question.setting):
                return f"equal to the {digits} digits written"
    return None


def agrees_within(one: Expr, other: Expr, unit: Expr, setting: Setting) -> bool:
    """Whether two numbers certainly lie within one unit of each other."""
    answer = refute(Question(sp.Abs(one - other), "≤", unit, setting))
    return isinstance(answer, Agreement) or (not isinstance(answer, Counterexample) and bool(_close(one, other, unit)))


def _close(one: Expr, other: Expr, unit: Expr) -> bool:
    difference = one - other
    return bool(difference.is_Rational and abs(difference) <= unit)


def _families(question: Question) -> Iterator[Entry]:
    terms: list[Basic] = [question.left, question.right, *(d.body for d in question.setting.definitions)]
    for term in terms:
        for part in subterms(term):
            if isinstance(part, Entry):
                yield part


def _settle(context: Context, step: Step, outcomes: list[Judgement]) -> Judgement:
    """The verdict when no reading was proved. Readings under which the step has no sense (a derivative by something
    foreign) don't count beside one under which it has."""
    if not outcomes:
        return Judgement("unknown", "no reading of this line")
    sensible = [o for o in outcomes if o.groundless is None] or outcomes
    for verdict in ("unread", "supported"):
        for outcome in sensible:
            if outcome.verdict == verdict:
                return outcome
    refuted = [o for o in sensible if o.verdict == "refuted"]
    if refuted and len(refuted) == len(sensible):
        outcome = refuted[0]
        if step.continued:
            return Judgement("unknown", "it does not follow from the formula before it, which it may not go on from", notes=outcome.notes)
        if step.role in ("opening", "inline") and not _claims_identity(context, step, outcome.question):
            return Judgement("stated", "an equation that is given")
        return outcome
    doubtful = [o for o in sensible if o.verdict == "unknown"]
    return doubtful[0] if doubtful else sensible[0]


def _claims_identity(context: Context, step: Step, question: Question | None) -> bool:
    """Whether an opening equation claims something that can be false: its left side is defined in the document, or both
    sides are about the same names, and the prose does not set it up as an equation to be solved or assumed."""
    if question is None:
        return True
    if _differentiates(question):
        return True
    if head_key(step.left) is not None or prose.GIVEN.search(context.lead_text(step.position)[-200:]):
        return False
    left, right = set(targets_of(question.left)), set(targets_of(question.right))
    if left != right:
        return False
    alone = step.role == "opening" and len(step.chain.signs) == 1 and len(left) == 1
    return not alone or prose.CONCLUDES.search(context.lead_text(step.position)[-60:]) is not None
