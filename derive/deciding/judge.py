"""The verdict of one step: its question under each plausible reading, asked of the prover and then of the refuter.

A step is proved if it is proved under some plausible reading (which is then reported). It is refuted only if it is
refuted as it stands and no plausible reading saves it. Everything else keeps its doubt, by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from derive.deciding.alternatives import alternatives
from derive.deciding.ask import Asked, ask, with_facts
from derive.deciding.assuming import cases, one_hot
from derive.deciding.constraining import constraining
from derive.deciding.double_signs import with_either_sign
from derive.deciding.doubts import (
    claims_identity,
    doubtful_definition,
    in_words,
    rounded,
    said_of_arrays,
    sets_up,
    sets_up_several,
    unclaimed,
    unit_beside,
)
from derive.deciding.introducing import introduces
from derive.deciding.judgement import Judgement, prove_asked, unstated
from derive.deciding.labels import unclear_label
from derive.deciding.naming import groundless, names_of, one_sided, stands_alone
from derive.deciding.premises import as_step, may_follow
from derive.deciding.scope import equations_in_scope
from derive.deciding.substituting import from_earlier
from derive.deciding.unsaid import data_of_parameter, loose_product, recurrence_unsaid, summed_unsaid
from derive.meaning.context import Context
from derive.meaning.definitions import is_operator_applied
from derive.meaning.matrices import AnyEntry
from derive.meaning.printing import spoken
from derive.meaning.question import Definition, Fact, Question
from derive.meaning.reading import ALTERNATIVES, CHOICES, LITERAL
from derive.meaning.trouble import Trouble, Unreadable
from derive.notation.tree import Empty, Name, Script, Text, Unread, Word
from derive.notation.walk import walk
from derive.proving.book import WITHOUT_RULES, Book, with_pages
from derive.proving.core import Proof
from derive.proving.finite import finite_question
from derive.proving.prover import prove
from derive.refuting.answers import Agreement, Counterexample
from derive.refuting.antiderivatives import differentiated
from derive.refuting.dependence import immaterial
from derive.refuting.refuter import refute
from derive.steps.plan import CHECKED_SIGNS
from derive.steps.step import Step


def judge(
    context: Context,
    step: Step,
    assumed: Sequence[Definition] = (),
    only_proof: bool = False,
    searched: bool = True,
) -> Judgement:
    """Decide a step. `assumed` are definitions that the document does not give and derive found (`assumptions.py`).
    With `only_proof`, a step that is not proved is left `unknown` without looking for a counterexample; without
    `searched`, the rule book is not searched for its proof."""
    found = _judge(context, step, assumed, only_proof, searched)
    if found.verdict == "refuted" and step.implied and step.role != "consequence":
        return Judgement(
            "unknown", "whether it follows from what stands before the arrow is not decided", notes=found.notes
        )
    unclear = unclear_label(step.sign)
    if not unclear or found.verdict not in ("proved", "refuted", "supported"):
        return found
    if found.verdict == "proved" and step.sign.sign in ("=", ":="):
        return found  # what is equal is equal in distribution, almost surely, up to a constant
    return Judgement("unknown", f"what {unclear} at the sign makes of it is not known", notes=found.notes)


def _judge(context: Context, step: Step, assumed: Sequence[Definition], only_proof: bool, searched: bool) -> Judgement:
    broken = next((part for side in (step.left, step.right) for part in walk(side) if isinstance(part, Unread)), None)
    colons = [sign for sign in step.chain.signs if sign.sign == ":"]
    if colons and (len(colons) > 1 or not isinstance(step.chain.operands[0], Name | Script | Word | Text)):
        return Judgement("unread", "a colon between formulas", where=colons[0].span)
    if isinstance(step.right, Empty):
        return Judgement("unread", "an operand is missing", where=step.place)
    if broken is not None:
        return Judgement("unread", broken.reason, where=broken.span)
    if step.role == "given":
        if is_operator_applied(step.left) and step.sign.sign == "=" and not only_proof:
            tried = judge(context, replace(step, role="opening"), assumed, True, searched)
            if tried.verdict == "proved":
                return tried
        solved = _rested(context, step, assumed) if searched and not only_proof and may_follow(context, step) else None
        return solved or Judgement("stated", _why_stated(step))
    if step.sign.sign not in CHECKED_SIGNS:
        return Judgement("stated", "an approximation is not checked" if step.sign.sign in "≈≃≅" else "")
    unit = unit_beside(context, step)
    if unit is not None:
        return Judgement("unknown", f"units are not decided yet: {unit}")
    either = with_either_sign(step)
    if either is not None:
        return _both([judge(context, single, assumed, only_proof, searched) for single in either])
    if step.role == "consequence":
        from derive.deciding.consequence import judge_consequence, rests_on_identity

        found = judge_consequence(context, step, only_proof, searched)
        if found.verdict != "unknown" or only_proof or not searched:
            return found
        if not step.implied and rests_on_identity(context, step):
            alone = _judge(context, replace(step, role="opening", before=None), assumed, only_proof, searched)
            if alone.verdict == "refuted":
                return alone
        if not step.implied and sets_up_several(context, step):
            return Judgement("stated", "an equation that is given")
        return _rested(context, step, assumed) or found
    outcomes: list[Judgement] = []
    for asked in _readings(context, step, assumed):
        if isinstance(asked, Trouble):
            outcomes.append(_troubled(asked))
            if isinstance(asked, Unreadable):
                break
            continue
        outcome = _decide(context, step, asked, assumed, only_proof, searched)
        if outcome.verdict == "proved":
            return outcome
        outcomes.append(outcome)
    for asked, others in alternatives(context, step, assumed) if not only_proof else ():
        outcome = _decide(context, step, asked, (*assumed, *others), True, searched)
        if outcome.verdict == "proved":
            return outcome
    if not only_proof and searched and step.role != "claim":
        rested = _rested(context, step, assumed)
        if rested is not None:
            return rested
    if step.role == "claim":
        from derive.deciding.given import follows

        implied = follows(context, step)
        if implied is not None:
            return implied
    return _settle(context, step, outcomes)


def _rested(context: Context, step: Step, assumed: Sequence[Definition]) -> Judgement | None:
    """A `proved` judgement that rests on equations before the step, none of which is refuted itself."""
    for judgement, used in from_earlier(context, step, assumed, with_pages(context.pages)):
        if not any(judge(context, as_step(premise), assumed, searched=False).verdict == "refuted" for premise in used):
            return judgement
    return None


def _both(judgements: list[Judgement]) -> Judgement:
    """What is known of a step with double signs from what is known for the upper and for the lower ones."""
    for verdict in ("refuted", "unread", "unknown", "stated", "supported"):
        for judgement in judgements:
            if judgement.verdict == verdict:
                return judgement
    assumptions = tuple(dict.fromkeys(text for judgement in judgements for text in judgement.assumptions))
    notes = tuple(dict.fromkeys(text for judgement in judgements for text in judgement.notes))
    return replace(judgements[0], assumptions=assumptions, notes=notes)


def _why_stated(step: Step) -> str:
    return "a definition" if step.sign.sign in ("=", ":=", "≡") else "given"


def _troubled(trouble: Trouble) -> Judgement:
    if isinstance(trouble, Unreadable):
        return Judgement("unread", trouble.reason, where=trouble.span)
    return Judgement("unknown", trouble.reason, where=trouble.span)


def _readings(context: Context, step: Step, assumed: Sequence[Definition]) -> Iterator[Asked | Trouble]:
    """The question under each plausible reading, the literal one first; a reading that changes nothing is left out."""
    seen: list[Question] = []
    met: frozenset[str] = frozenset(CHOICES)
    for reading in (LITERAL, *ALTERNATIVES):
        if not any(choice in met and getattr(reading, choice) for choice in CHOICES) and reading != LITERAL:
            continue
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
            met = asked.met if reading == LITERAL else met
            yield asked


def _decide(
    context: Context,
    step: Step,
    asked: Asked,
    assumed: Sequence[Definition],
    only_proof: bool = False,
    searched: bool = True,
) -> Judgement:
    """One question: as it stands, then with what the prose around the step lets one assume."""
    question = asked.question
    said = tuple(definition.said for definition in unstated(question, assumed))
    empty = groundless(question)
    if empty is not None:
        body, variable = empty
        why = f"{spoken(body)} is not built on {spoken(variable)}, so it has no derivative by it"
        return Judgement("unknown", why, notes=asked.notes, groundless=empty, question=question)
    book = with_pages(context.pages) if searched else WITHOUT_RULES
    proved = prove_asked(asked, book, assumed, (), only_proof)
    if isinstance(proved, Judgement):
        return proved
    reason = proved
    at_hand = list(cases(context, step, question))
    for extra, words in (*at_hand, *one_hot(context, step, question)):
        tried = prove_asked(with_facts(asked, *extra), book, assumed, (words,), only_proof)
        if isinstance(tried, Judgement):
            return tried
    if only_proof:
        return Judgement("unknown", reason, notes=asked.notes)
    if asked.missing:
        why = f"the definition of {', '.join(map(spoken, asked.missing))} was not understood"
        return Judgement("unknown", why, notes=asked.notes)
    if asked.unusable:
        why = f"the condition {asked.unusable[0]} was not understood"
        return Judgement("unknown", why, notes=asked.notes, assumptions=said, question=question)
    written = {name for side in (question.left, question.right) for _, name in names_of(side)}
    question = differentiated(question)
    how = "" if question == asked.question else "the derivatives of the two sides differ"
    lonely = stands_alone(question) or next(
        (name for name in one_sided(question) if name not in written or not immaterial(question, name)), None
    )
    if lonely is not None:
        why = f"`{spoken(lonely)}` stands on one side only and is not defined"
        return Judgement("unknown", why, notes=asked.notes, assumptions=said, question=question, lonely=lonely)
    doubt = doubtful_definition(context, step, question)
    if doubt is not None:
        return Judgement("unknown", doubt, notes=asked.notes, assumptions=said, question=question)
    near = rounded(step, question)
    if near is not None:
        return Judgement("supported", near, notes=asked.notes, assumptions=said, question=question)
    extras = [extra for extra, _ in at_hand] or [()]
    answers = [refute(with_facts(asked, *extra).question) for extra in extras]
    if not any(isinstance(answer, Counterexample | Agreement) for answer in answers):
        finite = finite_question(question)
        if finite is not None:
            asked = replace(asked, question=finite)
            answers = [refute(with_facts(asked, *extra).question) for extra in extras]
    if all(isinstance(answer, Counterexample) for answer in answers):
        scope = equations_in_scope(context, step, question, asked.reading)
        binding = [fact for fact in constraining(question, scope) if not _is_identity(fact, question, book)]
        if binding:
            answers = [refute(with_facts(asked, *binding, *extra).question) for extra in extras]
            open_one = not all(isinstance(answer, Counterexample | Agreement) for answer in answers)
            of_arrays = any(fact.statement.has(AnyEntry) for fact in binding)
            opens = open_one and of_arrays and step.role in ("opening", "inline")
            if opens and not claims_identity(context, step, question):
                return Judgement("stated", "an equation that is given")
    if all(isinstance(answer, Counterexample) for answer in answers):
        said_of_them = (
            said_of_arrays(context, step, question)
            or data_of_parameter(question)
            or summed_unsaid(context, step, question)
            or recurrence_unsaid(context, question)
            or loose_product(step)
        )
        if said_of_them is not None:
            why = f"it may hold because of what is said in words: {said_of_them}"
            return Judgement("unknown", why, notes=asked.notes, otherwise=True)
        found = answers[0]
        assert isinstance(found, Counterexample)
        return Judgement("refuted", how, counterexample=found, notes=asked.notes, assumptions=said, question=question)
    agreed = next((a for a in answers if isinstance(a, Agreement)), None)
    if agreed is not None:
        held = "both sides agree" if question.relation == "=" else "it holds"
        why = f"{held} in {agreed.models} models" + (f"; {reason}" if reason else "")
        return Judgement("supported", why, notes=asked.notes, assumptions=said, question=question)
    undecided = next(a for a in answers if not isinstance(a, Counterexample | Agreement))
    return Judgement(
        "unknown", undecided.reason or reason, notes=asked.notes, assumptions=said, question=question,
        otherwise=undecided.otherwise,
    )  # fmt: skip


def _is_identity(fact: Fact, question: Question, book: Book) -> bool:
    """Whether an equation holds for all values, so that it rules nothing out."""
    left, right = fact.statement.args
    return isinstance(prove(replace(question, left=left, relation="=", right=right), book), Proof)


def _never_differs(question: Question | None) -> bool:
    """Whether the sides of a `≠` are equal for all values."""
    return question is not None and isinstance(prove(replace(question, relation="="), WITHOUT_RULES), Proof)


def _settle(context: Context, step: Step, outcomes: list[Judgement]) -> Judgement:
    """The verdict when no reading was proved. Readings under which the step has no sense (a derivative by something
    foreign) don't count beside one under which it has."""
    if not outcomes:
        return Judgement("unknown", "no reading of this line")
    sensible = [o for o in outcomes if o.groundless is None] or outcomes
    if any(o.verdict == "refuted" for o in sensible):
        # a bare name beside its family has lost its index: as a name of its own it makes no sense here
        family = context.conventions_at(step.position).family_of
        sensible = [o for o in sensible if o.lonely is None or family(o.lonely) is None]
    for verdict in ("unread", "supported"):
        for outcome in sensible:
            if outcome.verdict == verdict:
                return outcome
    refuted = [o for o in sensible if o.verdict == "refuted"]
    if refuted and len(refuted) == len(sensible):
        outcome = refuted[0]
        why_not = unclaimed(context, step)
        if why_not is not None:
            why = f"{why_not}: it is not held against the author"
            return Judgement("unknown", why, notes=outcome.notes, otherwise=True)
        word = in_words(context, step, outcome.question) if outcome.question else None
        if word is not None:
            why = f"it may hold by what the text says in words: {word}"
            return Judgement("unknown", why, notes=outcome.notes, otherwise=True)
        if step.sign.sign == "≠" and not _never_differs(outcome.question):
            return Judgement(
                "unknown", "whether the sides differ where it is meant is not decided", notes=outcome.notes
            )
        if step.continued:
            why = "it does not follow from the formula before it, which it may not go on from"
            return Judgement("unknown", why, notes=outcome.notes, otherwise=True)
        if step.role in ("opening", "inline") and not claims_identity(context, step, outcome.question):
            return Judgement("stated", "an equation that is given")
        return outcome
    doubtful = [o for o in sensible if o.verdict == "unknown"]
    if step.role == "opening" and any(o.lonely for o in doubtful) and sets_up(context, step):
        return Judgement("stated", "an equation that is given")
    if len(doubtful) == len(sensible) and introduces(context, step):
        return Judgement("stated", "it introduces a name")
    return doubtful[0] if doubtful else sensible[0]
