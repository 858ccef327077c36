"""What is known of a step, and the attempt to prove the question that it asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sympy.logic.boolalg import Boolean

from derive.deciding.ask import Asked
from derive.meaning.printing import to_text
from derive.meaning.question import Definition, Question
from derive.proving.book import WITHOUT_RULES, Book
from derive.proving.core import Proof
from derive.proving.prover import prove
from derive.refuting.answers import Counterexample
from derive.refuting.refuter import agrees
from derive.refuting.satisfiable import denied
from derive.results import VerdictName
from derive.source import Span


@dataclass(frozen=True)
class Judgement:
    """What is known of a step, and why. `proof` or `counterexample` is the evidence, where there is one; `notes` are
    the
    readings that mattered, `assumptions` what the verdict rests on beyond the text of the step."""

    verdict: VerdictName
    reason: str = ""
    proof: Proof | None = None
    counterexample: Counterexample | None = None
    notes: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    where: Span | None = None  # the characters that were not understood
    groundless: tuple[str, str] | None = None  # a derivative by something its body does not contain
    lonely: str | None = None  # a name on one side only that nobody defines
    question: Question | None = field(default=None, compare=False)
    otherwise: bool = False  # the sides differ as they are read, and the line may be meant in another way


def prove_asked(
    asked: Asked, book: Book, assumed: Sequence[Definition], words: tuple[str, ...], screened: bool = False
) -> Judgement | str:
    """A `proved` judgement, or the reason why there is none. With `screened`, sides that differ in some model are not
    tried: for the many candidates of a repair."""
    question = asked.question
    if screened and question.relation == "=" and agrees(question.left, question.right, question.setting) is False:
        return "the sides differ in a model"
    outcome = prove(asked.question, book)
    if isinstance(outcome, Proof):
        assumed_here = [condition for condition in outcome.assumptions() if isinstance(condition, Boolean)]
        if denied(question, assumed_here):
            return f"its proof assumes {', '.join(map(to_text, assumed_here))}, which what is given denies"
        put_in = {str(value) for line in outcome.lines for name, value in line.bindings if name == "name"}
        differentiated = any(line.rule == "derivative" for line in outcome.lines)  # definitions are opened on the way
        said = (d.said for d in unstated(question, assumed) if differentiated or d.head.name in put_in)
        # beside what was assumed for the proof (`words`), the conditions in force are listed without a second look
        searched = book if outcome.method == "rules" else WITHOUT_RULES
        conditions = question.setting.facts if words or _needs_conditions(question, searched) else ()
        needed = (to_text(fact.statement) for fact in conditions)
        assumed_too = (to_text(assumption) for assumption in outcome.assumptions())
        new = (text for text in needed if not any(word.startswith(text) for word in words))
        assumptions = tuple(dict.fromkeys((*said, *words, *new, *assumed_too)))
        return Judgement(
            "proved", outcome.explanation(), outcome, None, asked.notes, assumptions, question=asked.question
        )
    return getattr(outcome, "reason", "")


def _needs_conditions(question: Question, book: Book) -> bool:
    """Whether the question is not proved without the conditions of its setting."""
    if not question.setting.facts:
        return False
    bare = replace(question, setting=replace(question.setting, facts=()))
    return not isinstance(prove(bare, book), Proof)


def unstated(question: Question, assumed: Sequence[Definition]) -> Iterator[Definition]:
    """The definitions of a question that the document does not give in so many words."""
    return (d for d in question.setting.definitions if d.conventional or d in assumed)
