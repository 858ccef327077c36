"""The trial of a rule: what every rule of the book, and every rule of a reader's own, must pass before it is used.

A rule is on trial with the statement, the conditions and the instances of its page:

- its name is its own, and its statement and conditions can be read;
- some model satisfies its conditions, and no model of them breaks the statement;
- wherever a model gives the left side a value, the right side has one too: a chain of rewrites from left to right must
  not pass through a line that is defined in fewer places than the line before it;
- applied to its own statement, it leads from the left side to the right side (unless the normal form proves the
  statement alone: such a rule only gives a name to what the normal form does);
- what holds is proved with the rule, what fails is refuted; where models can't evaluate what fails, it is not proved.

Infinite sums, improper integrals and limits, which models do not evaluate for certain, are approximated. Models refute
and never prove: a rule that passes is one that has not been broken. A rejected falsehood passes when it
is refuted and not proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sympy import S
from sympy.core.expr import Expr

from derive.meaning.question import Question
from derive.meaning.statement import read_formula, read_statement
from derive.meaning.survey import names_in
from derive.meaning.trouble import Trouble
from derive.notation.tree import Chain
from derive.proving.book import Book, Unusable, is_decided, read_rule, smooth_names
from derive.proving.core import ORDERS, Proof, Refused, replay
from derive.proving.giveup import GaveUp, Stuck
from derive.proving.places import places_in
from derive.proving.proof import Line
from derive.proving.prover import prove
from derive.proving.rule import Rule
from derive.proving.rulebook import RESERVED, Entry, formulas_in, is_name
from derive.proving.search import applications
from derive.refuting.answers import Agreement, Counterexample
from derive.refuting.refuter import refute
from derive.refuting.sampling import near_samples, samples

INDEPENDENT = "not depend on"  # a condition in words that letters keep by themselves: they are constants
NONE_OF_BOOK = Book(())
ENOUGH = 2  # models in which an approximation must agree


@dataclass(frozen=True, slots=True)
class Trial:
    """How a rule did: what it failed, and what could not be tried (`remarks`). It passes where it failed nothing."""

    complaints: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def try_rule(entry: Entry, book: Book) -> Trial:
    """The trial of a rule. `book` is the one it will be used in, which holds it."""
    remarks: list[str] = []
    try:
        complaints = tuple(_complaints(entry, book, remarks))
    except Trouble as trouble:
        complaints = (f"cannot be read: {trouble.reason}",)
    except (Stuck, RecursionError) as stuck:
        complaints = (f"too hard to try: {stuck}",)
    return Trial(complaints, tuple(remarks))


def try_rejected(entry: Entry) -> Trial:
    """The trial of a rejected falsehood: it is refuted, and not proved."""
    remarks: list[str] = []
    try:
        question = ask(entry, entry.statement)
        complaints = tuple(_failing(question, entry.statement, NONE_OF_BOOK, remarks))
    except Trouble as trouble:
        complaints = (f"cannot be read: {trouble.reason}",)
    return Trial(complaints, tuple(remarks))


def ask(entry: Entry, latex: str) -> Question:
    """A formula as a question, with those conditions of the entry that speak of its names. Raises Trouble."""
    names = {name for item in read_formula(latex).items if isinstance(item, Chain) for name in names_in(item)}
    given = [
        text
        for text in formulas_in((*entry.where, *entry.assumes))
        if all(names_in(item) & names for item in read_formula(text).items)
    ]
    return read_statement(latex, given)


def _complaints(entry: Entry, book: Book, remarks: list[str]) -> Iterator[str]:
    if not is_name(entry.name) or entry.name in RESERVED:
        yield "the name is taken by a procedure" if is_name(entry.name) else "this is no name for a rule"
        return
    if book.entries.get(entry.name) != entry:
        yield "the name is taken by another rule"
        return
    try:
        rule = read_rule(entry)
    except Unusable as unusable:
        yield str(unusable).removeprefix(f"{entry.name}: ")
        return
    question = read_statement(entry.statement, formulas_in((*entry.where, *entry.assumes)))
    only_a_name = is_decided(rule) or isinstance(prove(question, NONE_OF_BOOK), Proof)
    if only_a_name:
        remarks.append("a name for what the normal form does")
    else:
        yield from _unread_conditions(entry)
        yield from _pattern(question, rule, book)
    yield from _models(question, remarks, only_a_name)
    for kind, items in (("holds", entry.holds), ("fails", entry.fails)):
        if not all(formulas_in((item,)) for item in items):
            yield f"an instance that {kind} is a formula between dollars"
    for latex in formulas_in(entry.holds):
        yield from _holding(ask(entry, latex), latex, rule, book, only_a_name)
    for latex in formulas_in(entry.fails):
        yield from _failing(ask(entry, latex), latex, book, remarks)


# ------------------------------------------------------------------------------- the statement


def _unread_conditions(entry: Entry) -> Iterator[str]:
    """A condition that nobody understands would not be demanded where the rule is applied."""
    for item in entry.where:
        chains = [part for text in formulas_in((item,)) for part in read_formula(text).items if isinstance(part, Chain)]
        if not any(chain.signs for chain in chains) and INDEPENDENT not in item and not smooth_names(item):
            yield f"the condition is not understood: {item}"


def _pattern(question: Question, rule: Rule, book: Book) -> Iterator[str]:
    """A rule leads from its left side to its right side."""
    if not rule.left.args:
        yield "the left side is a bare name or number: there is no pattern to look for"
    elif rule.relation not in ("=", *ORDERS):
        yield f"a rule does not state {rule.relation}"
    elif not any(_rewrites(_weakened(question), rule, book, whole=True)):
        yield "applied to its own statement it does not lead from left to right: the pattern does not fix its variables"


def _weakened(question: Question) -> Question:
    """The question after which a strict inequality can still be read off when one side has become the other."""
    weak = {"<": "≤", ">": "≥"}.get(question.relation, question.relation)
    return replace(question, relation=weak)  # type: ignore[arg-type]


def _models(question: Question, remarks: list[str], only_a_name: bool) -> Iterator[str]:
    answer = refute(question)
    if isinstance(answer, Counterexample):
        yield f"the statement is refuted: {_told(answer)}"
        return
    found = list(samples(question))
    if not found:
        yield "no model satisfies its conditions"
        return
    broken = next((sample for sample in found if sample.holds is False), None)
    if broken is not None:
        yield f"the statement fails at {_values(broken.values)}"
    bare = next((sample for sample in found if sample.left and sample.right is False), None)
    if bare is not None:
        said = f"the right side has no value where the left side has one: {_values(bare.values)}"
        if only_a_name:  # nothing is rewritten with it
            remarks.append(said)
        else:
            yield said
    if not isinstance(answer, Agreement) and not any(sample.holds for sample in found):
        near = [] if only_a_name else list(near_samples(question))
        failing = next((sample for sample in near if sample.holds is False), None)
        if failing is not None:
            yield f"the statement seems to fail at {_values(failing.values)}"
        elif sum(sample.holds is True for sample in near) >= ENOUGH:
            remarks.append(f"the statement is only approximated{_why(answer)}")
        else:
            remarks.append(f"the statement is not evaluated{_why(answer)}")


# -------------------------------------------------------------------------------- the instances


def _holding(question: Question, latex: str, rule: Rule, book: Book, only_a_name: bool) -> Iterator[str]:
    """What holds is proved, and with the rule."""
    proof = prove(question, book)
    if isinstance(proof, GaveUp):
        yield f"not proved: ${latex}${': ' + proof.reason if proof.reason else ''}"
    elif not (only_a_name or rule.name in proof.rules() or any(_rewrites(_weakened(question), rule, book))):
        alone = prove(question, Book((book.entries[rule.name],)))
        if isinstance(alone, GaveUp) or rule.name not in alone.rules():
            yield f"proved, and not with this rule: ${latex}$"


def _failing(question: Question, latex: str, book: Book, remarks: list[str]) -> Iterator[str]:
    """What fails is refuted; where it can't be evaluated it is at least not proved."""
    if isinstance(prove(question, book), Proof):
        yield f"proved, and it should fail: ${latex}$"
        return
    answer = refute(question)
    if isinstance(answer, Agreement):
        yield f"not refuted: ${latex}$ holds in {answer.models} models"
    elif not isinstance(answer, Counterexample):
        near = [sample.holds for sample in near_samples(question)]
        if False not in near and near.count(True) >= ENOUGH:
            yield f"not refuted: ${latex}$ seems to hold"
        else:
            what = "refuted for certain" if False in near else "evaluated"
            remarks.append(f"not {what}{_why(answer)}: ${latex}$")


def _rewrites(question: Question, rule: Rule, book: Mapping[str, Rule], whole: bool = False) -> Iterator[Proof]:
    """Proofs that begin with this rule at some place of a side (with `whole`, at the left side itself), and then
    compare."""
    closing = "normal-form" if question.relation == "=" else "sign"
    sides: list[tuple[str, Expr, Expr]] = [("left", question.left, question.right)]
    if not whole:
        sides.append(("right", question.right, question.left))
    for side, term, other in sides:
        for found in places_in(term):
            if (whole and found.place) or not found.term.args or not isinstance(found.term, Expr):
                continue
            for lines, after in applications(rule, side, term, found.place, found.term, other, question.setting):
                left, right = (after, other) if side == "left" else (other, after)
                for bindings in ((), (("closed", S.true),)):
                    try:
                        yield replay(question, (*lines, Line(closing, "both", left, right, (), bindings)), book)
                        break
                    except (Refused, Stuck, RecursionError):
                        continue


# ------------------------------------------------------------------------------------- in words


def _told(found: Counterexample) -> str:
    return f"{_values(found.values)} gives {found.left} and {found.right}"


def _values(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items()) or "always"


def _why(answer: object) -> str:
    reason = getattr(answer, "reason", "")
    return f" ({reason})" if reason else ""


__all__ = ["Trial", "ask", "try_rejected", "try_rule"]
