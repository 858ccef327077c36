"""Finding proofs: a few proposals in a fixed order, each replayed by the core. The first that is accepted counts.

Proposals for an equation: the sides as they are; with derivatives carried out; with definitions unfolded that stand on
one side only; with all of them; each with sums in closed form. As a last resort, what these lead to is handed to the
search for named rewrites (`search`), unless a model tells the sides apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sympy import S
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.symbol import Str

from derive.meaning.matrices import Gradient
from derive.meaning.objects import Antiderivative, IntegralOver, Partial, ProductOver, SumOver, subterms
from derive.meaning.question import Question, Setting, entrywise
from derive.proving.book import Book, standard
from derive.proving.calculus import carry_out
from derive.proving.comparing import compare
from derive.proving.consequences import implications
from derive.proving.core import ORDERS, Check, Proof, Refused, replay, substitute_equal
from derive.proving.drawing import speaks_of_laws, with_laws
from derive.proving.giveup import GaveUp, Stuck
from derive.proving.integration import concrete_integrals, evaluate, propose
from derive.proving.ordering import decide_order
from derive.proving.places import NoSuchPlace, replace_at, setting_at
from derive.proving.proof import Line, Side
from derive.proving.search import rewritten
from derive.proving.unfolding import defined_names, names_in, unfold
from derive.refuting.refuter import agrees
from derive.refuting.structures import objects_to

MOST_SIZE = 6000
NO_RULES = Book(())


def prove(question: Question, book: Book | None = None, objects: Check | None = objects_to) -> Proof | GaveUp:
    """A proof of the question, or why none was found. `book` holds the rules that are searched (the standard book if
    none is given); `objects` is the second route that may object."""
    book = standard() if book is None else book
    question = entrywise(question)
    if question.relation not in ("=", "∝", "⇒", *ORDERS):
        return GaveUp(f"the relation {question.relation} is not proved yet")
    sizes = [sum(1 for _ in subterms(side)) for side in (question.left, question.right)]
    if max(sizes) > MOST_SIZE:
        return GaveUp("the step is too large")
    reason = ""
    tried: set[tuple[Basic, ...]] = set()
    if question.relation == "⇒":
        # with premises among the facts, models for a search of named rewrites would be too costly
        proposals = implications(question, lambda asked: prove(asked, NO_RULES, objects))
    else:
        proposals = _proposals(question, book)
    while True:
        try:
            lines = next(proposals)
        except StopIteration:
            return GaveUp(reason)
        except Stuck as stuck:
            return GaveUp(reason or str(stuck))
        key = (Str(lines[-1].rule), lines[-1].before, lines[-1].after, *(value for _, value in lines[-1].bindings))
        if key in tried:
            continue
        tried.add(key)
        try:
            return replay(question, lines, book, objects)
        except Refused as refused:
            reason = reason or ("" if "does not decide" in str(refused) else str(refused))
        except (Stuck, RecursionError) as stuck:
            reason = reason or (str(stuck) if isinstance(stuck, Stuck) else "the expression is nested too deeply")


def _proposals(question: Question, book: Book) -> Iterator[tuple[Line, ...]]:
    if question.left == question.right and question.relation in ("=", "≤", "≥"):
        yield (Line("identical", "both", question.left, question.right),)
    seen: list[tuple[Line, ...]] = []
    why: Stuck | None = None
    if any(isinstance(part, Partial | Gradient) for side in (question.left, question.right) for part in subterms(side)):
        yield _Lines(question).closed(False)
    for start in _starts(question):
        lines = _Lines(question)
        lines.extend(start)
        try:
            lines.carry_out()
        except Stuck as stuck:
            why = why or stuck
            continue
        lines.equalities()
        seen.append(lines.closed(False))
        yield lines.closed(False)
        if not start:
            one_sided = _one_sided(lines.left, lines.right, question.setting)
            if one_sided:
                lines.unfold(one_sided)
                lines.carry_out()
                lines.equalities()
                seen.append(lines.closed(False))
                yield lines.closed(False)
    if any(speaks_of_laws(side, question.setting) for side in (question.left, question.right)):
        yield from _by_law(question)
    if question.relation == "=":
        yield from _integrals(question)
    for found in seen if question.relation == "=" else ():
        closing = found[-1]
        if any(
            isinstance(part, (SumOver, ProductOver))
            for side in (closing.before, closing.after)
            for part in subterms(side)
        ):
            yield (*found[:-1], replace(closing, bindings=(("closed", S.true),)))
    yield from _searched(question, seen, book)
    if why is not None:
        raise why


def _searched(question: Question, seen: list[tuple[Line, ...]], book: Book) -> Iterator[tuple[Line, ...]]:
    """Named rewrites from where the plain proposals ended, for sides that no model tells apart."""
    if question.relation == "∝" or not seen or not book:
        return
    if question.relation == "=" and agrees(question.left, question.right, question.setting, models=2) is False:
        return
    procedure = "normal-form" if question.relation == "=" else "sign"
    for found in (seen[0], *seen[-1:]) if len(seen) > 1 else seen:
        closing = found[-1]
        for state in rewritten(question, found[:-1], closing.before, closing.after, book):
            if _closes(question, state.left, state.right):
                yield (*state.lines, Line(procedure, "both", state.left, state.right))


def _closes(question: Question, left: Basic, right: Basic) -> bool:
    """Whether the sides of a state are worth a replay: they compare as the question asks."""
    assert isinstance(left, Expr) and isinstance(right, Expr)
    try:
        if question.relation in ORDERS:
            return decide_order(left, question.relation, right, question.setting).equal
        return compare(left, right, question.setting).equal
    except (Stuck, RecursionError):
        return False


def _integrals(question: Question) -> Iterator[tuple[Line, ...]]:
    """Definite integrals evaluated on both sides; indefinite ones undone by differentiating."""
    if any(isinstance(part, Antiderivative) for side in (question.left, question.right) for part in subterms(side)):
        yield (Line("antiderivative", "both", question.left, question.right),)
    for names in _starts(question):
        lines = _Lines(question)
        lines.extend(names)
        if lines.integrate():
            lines.carry_out()
            lines.equalities()
            yield lines.closed(False)


def _by_law(question: Question) -> Iterator[tuple[Line, ...]]:
    """The laws that variables follow by name put in, as they stand and with integrals evaluated."""
    for names in _starts(question):
        lines = _Lines(question)
        lines.extend(names)
        if not lines.by_law():
            continue
        lines.carry_out()
        lines.equalities()
        yield lines.closed(False)
        yield lines.closed(True)
        if question.relation == "=" and lines.integrate():
            yield lines.closed(False)


def _starts(question: Question) -> Iterator[tuple[str, ...]]:
    yield ()
    names = _names_to_unfold(question)
    if names:
        yield names


def _names_to_unfold(question: Question) -> tuple[str, ...]:
    """The defined names that stand in the question, or in the definitions of those that do."""
    setting = question.setting
    present = names_in(question.left) | names_in(question.right)
    bodies: dict[str, set[str]] = {}
    for definition in setting.definitions:
        bodies.setdefault(str(definition.head.name), set()).update(names_in(definition.body))
    while more := {name for known in present for name in bodies.get(known, ()) if name not in present}:
        present |= more
    return tuple(name for name in defined_names(setting) if name in present)


def _one_sided(left: Basic, right: Basic, setting: Setting) -> tuple[str, ...]:
    """The defined names that stand on one side only."""
    here, there = names_in(left), names_in(right)
    return tuple(name for name in defined_names(setting) if (name in here) != (name in there))


class _Lines:
    """Lines proposed so far, and the sides they lead to."""

    def __init__(self, question: Question) -> None:
        self.left: Basic = question.left
        self.right: Basic = question.right
        self._setting = question.setting
        self._closing = {"=": "normal-form", "∝": "ratio"}.get(question.relation, "sign")
        self._lines: list[Line] = []

    def _set(self, rule: str, side: str, after: Basic, bindings: tuple[tuple[str, Basic], ...] = ()) -> None:
        before = self.left if side == "left" else self.right
        if after == before:
            return
        if side == "left":
            self._lines.append(Line(rule, "left", before, after, (), bindings))
            self.left = after
        else:
            self._lines.append(Line(rule, "right", before, after, (), bindings))
            self.right = after

    def integrate(self) -> bool:
        """Evaluate the definite integrals that have an antiderivative; whether there was one."""
        changed = False
        for side in ("left", "right"):
            for _ in range(4):
                term = self.left if side == "left" else self.right
                if not self._integrate_one(side, term):
                    break
                changed = True
        return changed

    def _integrate_one(self, side: Side, term: Basic) -> bool:
        for found in concrete_integrals(term):
            here = setting_at(term, found.place, self._setting)
            assert isinstance(found.term, IntegralOver)
            antiderivative = propose(found.term, here)
            if antiderivative is None:
                continue
            try:
                value, _ = evaluate(found.term, antiderivative, here)
                after = replace_at(term, found.place, found.term, value)
            except (Stuck, NoSuchPlace):
                continue
            line = Line("integral", side, found.term, value, found.place, (("antiderivative", antiderivative),))
            self._lines.append(line)
            if side == "left":
                self.left = after
            else:
                self.right = after
            return True
        return False

    def extend(self, names: tuple[str, ...]) -> None:
        if names:
            self.unfold(names)

    def unfold(self, names: tuple[str, ...]) -> None:
        bindings: tuple[tuple[str, Basic], ...] = tuple(("name", Str(name)) for name in names)
        self._set("definition", "left", unfold(self.left, self._setting, names), bindings)
        self._set("definition", "right", unfold(self.right, self._setting, names), bindings)

    def by_law(self) -> bool:
        """Put in the laws of variables; whether there was one to put in."""
        before = (self.left, self.right)
        self._set("law-of-a-variable", "left", with_laws(self.left, self._setting)[0])
        self._set("law-of-a-variable", "right", with_laws(self.right, self._setting)[0])
        return before != (self.left, self.right)

    def carry_out(self) -> None:
        for side, term in (("left", self.left), ("right", self.right)):
            if any(isinstance(part, Partial | Gradient) for part in subterms(term)):
                carried = carry_out(term, self._setting)
                if carried.vanishes:
                    body, variable = carried.vanishes[0]
                    raise Stuck(f"{variable} does not stand in what is differentiated by it ({body})")
                self._set("derivative", side, carried.value)

    def equalities(self) -> None:
        self._set("given-equality", "left", substitute_equal(self.left, self._setting)[0])
        self._set("given-equality", "right", substitute_equal(self.right, self._setting)[0])

    def closed(self, closed_forms: bool) -> tuple[Line, ...]:
        closing = Line(self._closing, "both", self.left, self.right, (), (("closed", S.true),) if closed_forms else ())
        return (*self._lines, closing)
