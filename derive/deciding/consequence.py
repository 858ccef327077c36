"""Equations that follow one another: the second must hold wherever the first does.

Asked is whether the second is an identity; whether it follows from the equation before; whether it follows from all
the equations before it in the same formula. A proof under some reading counts; a refutation only as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from sympy import Eq, Ge, Gt, Le, Lt, Ne
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.logic.boolalg import And, Boolean, Or, false

from derive.deciding.ask import inferring, settle
from derive.deciding.constraining import constraining
from derive.deciding.double_signs import choices
from derive.deciding.judgement import Judgement
from derive.deciding.refusing import refuse_parameters
from derive.deciding.scope import equations_in_scope
from derive.deciding.telling import told
from derive.meaning.conditions import restrictions
from derive.meaning.context import Context
from derive.meaning.matrices import related
from derive.meaning.objects import Call, Entry
from derive.meaning.outline import Parsed
from derive.meaning.printing import to_text
from derive.meaning.question import Kind, Question, Setting
from derive.meaning.reader import Reader
from derive.meaning.reading import ALTERNATIVES, LITERAL, Reading
from derive.meaning.statement import RELATIONS
from derive.meaning.trouble import Trouble, Unreadable
from derive.notation.tree import Chain, Empty, Name, Node, Script, Text
from derive.notation.unicode import to_unicode
from derive.notation.walk import walk
from derive.proving.book import WITHOUT_RULES, Book, with_pages
from derive.proving.core import Proof
from derive.proving.ground import sides_of
from derive.proving.implying import conjuncts
from derive.proving.prover import prove
from derive.refuting.answers import Counterexample
from derive.refuting.refuter import refute
from derive.steps.step import Step

MOST_EARLIER = 6
_BUILD = {"=": Eq, "≠": Ne, "<": Lt, "≤": Le, ">": Gt, "≥": Ge}
# words in a formula after which its equations may not hold together
_APART = re.compile(r"\b(or|if|when|case|otherwise|either|unless|for|oder|ou)\b|或|若|当|如果|否则", re.IGNORECASE)


@dataclass(frozen=True)
class _Asked:
    """The equation of a step and those before it, under one reading."""

    conclusion: Boolean
    premise: Boolean
    setting: Setting
    earlier: tuple[tuple[Boolean, Chain], ...]
    together: Setting  # of all these equations
    notes: tuple[str, ...]
    met: frozenset[str]

    @property
    def sides(self) -> tuple[Expr, ...]:
        return (*sides_of(self.conclusion), *sides_of(self.premise))


def judge_consequence(context: Context, step: Step, only_proof: bool = False, searched: bool = True) -> Judgement:
    """Decide an equation after an equation. With `only_proof` no counterexample is looked for; without `searched` the
    rule book is left alone, and so are the equations before the one that it follows."""
    book = with_pages(context.pages) if searched else WITHOUT_RULES
    asked: list[_Asked] = []
    for reading in (LITERAL, *ALTERNATIVES):
        if reading != LITERAL and not any(getattr(reading, choice) for choice in asked[0].met):
            continue
        try:
            question = inferring(reading, lambda reading: _ask(context, step, reading))
        except Trouble as trouble:
            if reading == LITERAL:
                unread = isinstance(trouble, Unreadable)
                return Judgement("unread" if unread else "unknown", trouble.reason, where=trouble.span)
            continue
        asked.append(question)
        proved = _proved(context, question, book)
        if proved is not None:
            return proved
    literal = asked[0]
    found = None if only_proof or _lists_solutions(context, step) else _refuted(context, step, literal)
    if found is not None:
        return Judgement("refuted", "it does not follow from the equation before", None, found, literal.notes)
    whole = Question(literal.premise, "⇒", literal.conclusion, literal.setting)
    why = "whether it follows from the equation before is not decided"
    return Judgement("unknown", why, notes=literal.notes, question=whole)


def _lists_solutions(context: Context, step: Step) -> bool:
    """Whether a row gives one name several values, `x = 2 \\qquad x = 3`: each of them may be the one."""
    parsed = context.outline.parts[step.position]
    if not isinstance(parsed, Parsed) or not isinstance(step.left, Name | Script):
        return False
    own, placed = to_unicode(step.left), list(zip(parsed.passage.items, parsed.passage.rows, strict=True))
    row = next((row for item, row in placed if item is step.chain), None)
    beside = [item for item, other in placed if other == row and isinstance(item, Chain)]
    values = [c for c in beside if [s.sign for s in c.signs] == ["="] and to_unicode(c.operands[0]) == own]
    return len(values) > 1


def rests_on_identity(context: Context, step: Step) -> bool:
    """Whether the equation before a step holds for all values, so that the step must hold without it: `f'(x) = …` after
    the definition of f."""
    try:
        asked = inferring(LITERAL, lambda reading: _ask(context, step, reading))
    except Trouble:
        return False
    if not isinstance(asked.premise, Eq) or not asked.setting.definitions:
        return False
    claimed = Question(asked.premise.lhs, "=", asked.premise.rhs, asked.setting)
    return isinstance(prove(claimed, WITHOUT_RULES), Proof)


def _ask(context: Context, step: Step, reading: Reading) -> _Asked:
    assert step.before is not None
    reader = Reader(context.conventions_at(step.position), reading)
    premise = _statement(reader, step.before)
    conclusion = _link(reader, step.left, step.sign.sign, step.right)
    if premise is None or conclusion is None:
        raise Unreadable(f"no equation after an equation: {step.sign.sign}", step.sign.span)
    earlier = []
    for chain in _before(context, step):
        try:
            statement = _statement(reader, chain)
        except Trouble:
            continue
        if statement is not None:
            earlier.append((statement, chain))
    sides = (*sides_of(conclusion), *sides_of(premise))
    setting, _ = settle(context, step, sides, reading, (), reader.met)
    refuse_parameters(setting, sides)
    together = setting
    if earlier:
        more = tuple(side for statement, _ in earlier for side in sides_of(statement))
        together, _ = settle(context, step, (*sides, *more), reading, (), reader.met)
    notes, met = tuple(reader.notes), frozenset(reader.met)
    return _Asked(conclusion, premise, setting, tuple(earlier), together, notes, met)


def _statement(reader: Reader, chain: Chain) -> Boolean | None:
    """A chain of relations as what it states, link by link as it is written; None where a sign states nothing here."""
    links = []
    for k, sign in enumerate(chain.signs):
        link = _link(reader, chain.operands[k], sign.sign, chain.operands[k + 1])
        if link is None:
            return None
        links.append(link)
    if not links:
        return None
    whole = And(*links)
    return None if whole == false else whole


def _link(reader: Reader, left: Node, sign: str, right: Node) -> Boolean | None:
    """One relation; `x = \\pm 2` states that one of two equations holds."""
    build = _BUILD.get(RELATIONS.get(sign) or "")
    pairs = choices(left, right)
    if build is None or (len(pairs) > 1 and build is not Eq):
        return None
    unevaluated = partial(build, evaluate=False)
    parts = [related(unevaluated, reader.side(one), reader.side(other)) for one, other in pairs]
    return parts[0] if len(parts) == 1 else Or(*parts)


def _before(context: Context, step: Step) -> Iterator[Chain]:
    """The equations of the same formula before the one that the step follows, the nearest first; none where words
    stand in it after which they may not hold together."""
    parsed = context.outline.parts[step.position]
    if not isinstance(parsed, Parsed):
        return
    for remark in parsed.remarks():
        if any(isinstance(part, Text) and _APART.search(part.text) for part in walk(remark)):
            return
    apart = restrictions(parsed)
    found: list[Chain] = []
    for chain in parsed.chains():
        if chain is step.before or chain is step.chain:
            break
        is_equation = [sign.sign for sign in chain.signs] == ["="]
        if is_equation and not any(chain is other for other in apart):
            if not any(isinstance(operand, Empty) for operand in chain.operands):
                found.append(chain)
    yield from reversed(found[-MOST_EARLIER:])


# ----------------------------------------------------------------------------------- proving


def _proved(context: Context, asked: _Asked, book: Book) -> Judgement | None:
    """Proved from the equation before; as an identity; from the equation before among the facts; from all of them."""
    alone = Question(asked.premise, "⇒", asked.conclusion, asked.setting)
    proof = prove(alone, book)
    if isinstance(proof, Proof) and proof.lines[-1].rule == "combination":
        return _judgement(asked, proof, told(proof), _conditions(alone, book))
    if isinstance(asked.conclusion, Eq):
        identity = prove(Question(asked.conclusion.lhs, "=", asked.conclusion.rhs, asked.setting), book)
        if isinstance(identity, Proof):
            return _judgement(asked, identity, identity.explanation())
    if isinstance(proof, Proof):
        return _judgement(asked, proof, told(proof), _conditions(alone, book))
    return None if book is WITHOUT_RULES else _proved_from_all(context, asked, alone, book)


def _proved_from_all(context: Context, asked: _Asked, alone: Question, book: Book) -> Judgement | None:
    if not asked.earlier:
        return None
    statements = (*conjuncts(asked.premise), *(statement for statement, _ in asked.earlier))
    together = replace(alone, left=And(*statements), setting=asked.together)
    if together.left == false:
        return None
    proof = prove(together, book)
    if not isinstance(proof, Proof):
        return None
    used = {value for line in proof.lines for _, value in line.bindings} | {line.before for line in proof.lines}
    whole = proof.lines[-1].rule != "combination"
    source = context.outline.document.source
    said = tuple(
        f"{to_unicode(chain)}: line {source.line_column(chain.span.start)[0]}"
        for statement, chain in asked.earlier
        if whole or statement in used
    )
    return _judgement(asked, proof, told(proof), (*said, *_conditions(together, book)))


def _judgement(asked: _Asked, proof: Proof, how: str, said: tuple[str, ...] = ()) -> Judgement:
    conditions = (to_text(assumption) for assumption in proof.assumptions() if assumption not in _premises(proof))
    assumptions = tuple(dict.fromkeys((*said, *conditions)))
    return Judgement("proved", how, proof, None, asked.notes, assumptions)


def _premises(proof: Proof) -> tuple[Basic, ...]:
    """What the question itself supposes: no assumption beyond it."""
    return conjuncts(proof.question.left) if proof.question.relation == "⇒" else ()


def _conditions(question: Question, book: Book) -> tuple[str, ...]:
    """The conditions in force, where the question is not proved without them."""
    if not question.setting.facts:
        return ()
    bare = replace(question, setting=replace(question.setting, facts=()))
    if isinstance(prove(bare, book), Proof):
        return ()
    return tuple(to_text(fact.statement) for fact in question.setting.facts)


# ----------------------------------------------------------------------------------- refuting


def _refuted(context: Context, step: Step, asked: _Asked) -> Counterexample | None:
    """A solution of the first equation that the second one does not have. Equations in several unknowns may stand side
    by side without following from each other: there an arrow must say that they do."""
    if any(side.has(Entry, Call) for side in asked.sides) or asked.setting.definitions:
        return None
    unknowns = {symbol for side in asked.sides for symbol in side.free_symbols}
    question = Question(asked.premise, "⇒", asked.conclusion, asked.setting)
    answer = refute(question)
    if not isinstance(answer, Counterexample) or len(unknowns) == 1:
        return answer if isinstance(answer, Counterexample) else None
    if not step.implied or not asked.conclusion.free_symbols <= asked.premise.free_symbols:
        return None
    # among several, one root of two is often meant: the step must fail for positive quantities too
    positive: Kind = "positive"
    kinds = {**{str(symbol): positive for symbol in unknowns}, **asked.setting.kinds}
    sides = replace(question, left=asked.sides[0], relation="=", right=asked.sides[1])
    scope = tuple(constraining(question, equations_in_scope(context, step, sides)))
    setting = replace(asked.setting, kinds=kinds, facts=(*asked.setting.facts, *scope))
    bound = refute(replace(question, setting=setting))
    return bound if isinstance(bound, Counterexample) else None
