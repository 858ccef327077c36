"""Why a step that fails is not called wrong: its definitions may not be meant, its numbers are rounded, or it claims
nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import sympy as sp
from sympy import Symbol
from sympy.core.expr import Expr

from derive.deciding.conventional import barred
from derive.deciding.naming import closures, targets_of
from derive.deciding.scope import given_before
from derive.meaning import prose
from derive.meaning.context import Context
from derive.meaning.definitions import Written
from derive.meaning.heads import head_key
from derive.meaning.laws import Density, Expectation, Statistic
from derive.meaning.matrices import Determinant, Gradient, MatrixTerm, Trace, arrays_in
from derive.meaning.names import key_of_base
from derive.meaning.objects import Call, Entry, Partial, is_bound, subterms
from derive.meaning.outline import Parsed
from derive.meaning.printing import spoken
from derive.meaning.question import Definition, Fact, Kind, Question, Setting
from derive.meaning.reader import Reader
from derive.meaning.reading import LITERAL
from derive.meaning.survey import names_in
from derive.meaning.traits import traits_at
from derive.meaning.trouble import Trouble
from derive.notation.commands.prose import PROSE_WORDS
from derive.notation.latex import to_latex
from derive.notation.tree import BigOperator, Fenced, Number, Product, Text
from derive.notation.unicode import to_unicode
from derive.notation.walk import walk
from derive.refuting.answers import Agreement, Counterexample
from derive.refuting.dependence import immaterial
from derive.refuting.doubts import is_limit_of
from derive.refuting.refuter import refute
from derive.steps.step import Step


def _is_spoken_of_elsewhere(context: Context, step: Step, name: str) -> bool:
    """Whether another equation before the step begins with this function at an argument that is no plain name: it may
    be about another function of the same name (`f(P(x)) = x`)."""
    for parsed in context.outline.formulas():
        if parsed.position >= step.position:
            return False
        for chain in parsed.chains():
            left = chain.operands[0]
            if chain.signs and isinstance(left, Product) and len(left.factors) == 2 and head_key(left) is None:
                if key_of_base(left.factors[0]) == name and isinstance(left.factors[1], Fenced):
                    return True
    return False


def _is_apart(context: Context, written: Written, definition: Definition) -> bool:
    """Whether a written definition is of another member of the family: `V_1` is not `V_2`."""
    if not isinstance(definition.head, Entry):
        return False
    try:
        head = Reader(context.conventions_at(written.position), LITERAL).side(written.head)
    except Trouble:
        return False
    if not isinstance(head, Entry) or len(head.indices) != len(definition.head.indices):
        return False
    pairs = zip(head.indices, definition.head.indices, strict=True)
    return any(one.is_Integer and other.is_Integer and one != other for one, other in pairs)


_UNIT = re.compile(r"[A-Za-zµΩ°%]{1,4}([/·*^]?[A-Za-z0-9]{1,3})*")
_GAP = 12  # characters of spacing and `\text{` between a number and its unit


def doubtful_definition(context: Context, step: Step, question: Question) -> str | None:
    """Why a definition that the question needs may not be meant here, so that nothing is refuted by it: the document
    defines the name in two ways, or in another section without saying that it defines."""
    outline = context.outline
    names = {key for side in closures(question) for role, key in side if role == "family"}
    for target in (t for side in (question.left, question.right) for t in targets_of(side)):
        if barred(target) in names and not any(d.at(target) is not None for d in question.setting.definitions):
            return f"{spoken(target.name)} may be a mean of {spoken(str(barred(target)))}"
    for definition in question.setting.definitions:
        name = definition.head.name
        if definition.conventional:
            return f"{definition.said}, as a rule: the document does not say so"
        written = [w for w in context.definitions if w.key == name and not _is_apart(context, w, definition)]
        if len({to_latex(w.body) for w in written}) > 1:
            return f"{spoken(name)} is defined more than once"
        if written and not any(
            w.certain
            or _differentiates(question)
            or outline.section_of(w.position) == outline.section_of(step.position)
            for w in written
        ):
            return f"{spoken(name)} is defined in another section"
        if isinstance(definition.head, Call) and _is_spoken_of_elsewhere(context, step, name):
            return f"{spoken(name)} stands in another equation too"
    return None


def unit_beside(context: Context, step: Step) -> str | None:
    """A word in text directly after a number of the step, as units are written: `3 \\text{ km} = 3000 \\text{ m}`."""
    parsed = context.outline.parts[step.position]
    if not isinstance(parsed, Parsed):
        return None
    for remark in parsed.remarks():
        word = remark.parts[0] if remark.kind == "text" and len(remark.parts) == 1 else None
        if not isinstance(word, Text) or not _UNIT.fullmatch(word.text.strip()):
            continue
        if word.text.strip().lower() in PROSE_WORDS:
            continue
        for operand in (step.left, step.right):
            last = operand.factors[-1] if isinstance(operand, Product) else operand
            if isinstance(last, Number) and 0 <= word.span.start - last.span.end <= _GAP:
                return word.text.strip()
    return None


def _differentiates(question: Question) -> bool:
    return any(isinstance(part, Partial | Gradient) for part in subterms(question.left))


def rounded(step: Step, question: Question) -> str | None:
    """Where a side is a decimal to which the other side rounds, or whose digits the other side begins with: equal to
    the digits written, and no more is meant."""
    for node, value, other in ((step.right, question.right, question.left), (step.left, question.left, question.right)):
        written = node.text if isinstance(node, Number) else ""
        text = written.rstrip("%\\")
        if text and ("." in text or text != written) and value.is_Rational and not other.free_symbols:
            digits = len(text.partition(".")[2])
            unit = sp.Rational(1, 10 ** min(digits, 30)) / (100 if text != written else 1)
            if _at_most(sp.Abs(other - value), unit / 2, question.setting) or (
                _at_most(sp.Abs(value), sp.Abs(other), question.setting)
                and _at_most(sp.Abs(other - value), unit, question.setting)
            ):
                return f"equal to the {digits} digits written"
    return None


def _at_most(one: Expr, other: Expr, setting: Setting) -> bool:
    """Whether a number is certainly at most another one."""
    difference = other - one
    if difference.is_Rational:
        return bool(difference >= 0)
    return isinstance(refute(Question(one, "≤", other, setting)), Agreement)


def unclaimed(context: Context, step: Step) -> str | None:
    """Why the text around a step takes away from it what a counterexample would contradict: it calls the formula wrong,
    asks about it, or means equality otherwise; None where it does not."""
    outline = context.outline
    before = context.lead_text(step.position)[-160:]
    after = outline.prose_between(step.position + 1, step.position + 2)[:60]
    for text in (re.split(r"[.。！!？?]\s", before)[-1], re.split(r"[.。！!]\s", after)[0]):
        found = prose.UNCLAIMED.search(text)
        if found is not None:
            return f"the text around it says {found[0]!r}"
    return None


# properties that are no sign of a quantity
_NO_SIGN = re.compile(
    r"even|odd|binary|indicator|normali[sz]ed|involut\w+|nilpotent|roots?|偶|奇|二元|根",
    re.IGNORECASE,
)


_IDEMPOTENT = re.compile(r"idempotent|project\w+|幂等", re.IGNORECASE)


def _is_its_square(key: str) -> Fact:
    symbol = Symbol(key)
    return Fact(sp.Eq(symbol**2, symbol, evaluate=False), f"{spoken(key)} is its square")


def _of_numbers(question: Question) -> bool:
    """Whether a question speaks of no name at all, so that nothing that is said of one can save it."""
    return not any(closures(question))


_PARITY = re.compile(r"even|odd|偶|奇", re.IGNORECASE)
_WHOLE = frozenset("ijklmnpqrsMNKL")  # letters that may stand for whole numbers without the document saying so


def _fails_for_all_parities(question: Question) -> bool:
    """Whether a question without abstract functions is refuted with all that may be whole numbers even, and with all of
    them odd."""
    sides = (question.left, question.right)
    if any(isinstance(part, Call | Entry) for side in sides for part in subterms(side)):
        return False
    free = {part for side in sides for part in side.free_symbols if isinstance(part, Symbol) and not is_bound(part)}
    whole = [s for s in free if s.name in _WHOLE or question.setting.kinds.get(s.name) in ("integer", "natural")]
    for odd in (0, 1):
        values = {s: 2 * s + odd for s in whole}
        left, right = (side.xreplace(values) for side in sides)
        kinds: dict[str, Kind] = {**question.setting.kinds, **{s.name: "natural" for s in whole}}
        changed = replace(question, left=left, right=right, setting=replace(question.setting, kinds=kinds))
        if not isinstance(refute(changed), Counterexample):
            return False
    return True


def in_words(context: Context, step: Step, question: Question) -> str | None:
    """A property that the prose gives to names without a formula (`nonnegative`, `even`), or that a distribution asks
    of its parameters, where the step may hold because of it: with all quantities positive it is not refuted, or the
    property is no sign."""
    arrays = any(isinstance(part, MatrixTerm) for side in (question.left, question.right) for part in subterms(side))
    if arrays and _of_numbers(question):
        return None  # numbers alone may be binary ones
    names = {key for side in closures(question) for role, key in side if role in ("symbol", "family")}
    match = prose.PROPERTY.search(context.outline.prose_between(max(0, step.position - 12), step.position))
    if match is None:
        behind = context.outline.prose_between(step.position + 1, step.position + 5)
        match = prose.PROPERTY.search(re.split(r"[.。]", behind)[0])
    found = [match[0]] if match is not None else [to_unicode(c) for c in context.distributions if names_in(c) & names]
    if not found:
        return None
    if _IDEMPOTENT.fullmatch(found[0]):
        squares = tuple(
            _is_its_square(key) for role, key in closures(question)[0] if role == "symbol" and key.isupper()
        )
        given = replace(question, setting=replace(question.setting, facts=(*question.setting.facts, *squares)))
        return None if isinstance(refute(given), Counterexample) else found[0]
    if _PARITY.fullmatch(found[0]) and _fails_for_all_parities(question):
        return None
    if _NO_SIGN.fullmatch(found[0]):
        return found[0]
    positive_kind: Kind = "positive"
    kinds = {**dict.fromkeys(names, positive_kind), **question.setting.kinds}
    positive = replace(question, setting=replace(question.setting, kinds=kinds))
    return None if isinstance(refute(positive), Counterexample) else found[0]


_SAID_IN_SIGNS = re.compile(r"\\perp|\\in\s*(\\[a-z]+\s*)?\{?(SO|SE|SU|O|U)\}?\s*\(")
"""`u \\perp v`, `R \\in SO(3)`."""


def said_of_arrays(context: Context, step: Step, question: Question) -> str | None:
    """A property that the text of the section gives to vectors or matrices (`orthonormal`, `commute`, `u \\perp v`) and
    that the question does not hold, where it has such: the step may hold because of it."""
    if _of_numbers(question):
        return None
    sides = (question.left, question.right, *(d.body for d in question.setting.definitions))
    if not any(isinstance(part, MatrixTerm | Trace | Determinant) for side in sides for part in subterms(side)):
        return None
    outline = context.outline
    unit = next((key for key in sorted(arrays_in(sides)) if _may_be_unit(context, step, key)), None)
    if unit is not None:
        return f"{spoken(unit)} may be a unit vector"
    chapters = [a for a, _, _ in context.chapters]
    start = max((a for a in chapters if a <= step.position), default=0)
    named = traits_at(context, step.position, None, ())  # what is said of a name holds of this one
    traits = {trait for names in named.values() for trait in names}
    preamble = outline.prose_between(0, min((a for a in chapters if a > 0), default=0))
    for found in prose.ARRAY_PROPERTY.finditer(preamble + " " + outline.prose_between(start, step.position + 6)):
        word = found[0].lower().replace("rotation", "orthogonal")
        if not any(word.startswith(trait) for trait in traits):
            return found[0]
    for part in outline.parts[start : step.position]:
        if isinstance(part, Parsed) and _SAID_IN_SIGNS.search(part.formula.text.text):
            return part.formula.text.text.strip()
    return None


def _may_be_unit(context: Context, step: Step, key: str) -> bool:
    """Whether a name is one that unit vectors have: `e_i`, `\\mathbf{i}`, a hat over a letter that does not stand
    without it (an estimate is one of something)."""
    letters = re.sub(r"\\(mathbf|boldsymbol|bm|vec|hat|widehat)|[{}]", "", key)
    if letters in ("e", "i", "j", "k", "n") and (key != letters or letters == "e"):
        return True
    hat = re.fullmatch(r"\\(?:hat|widehat)\{(.*)\}", key)
    if hat is None:
        return False
    usage = context.conventions_at(step.position).usage(hat[1])
    return not (usage.bare or usage.indexed or usage.called or usage.powers)


def sets_up(context: Context, step: Step) -> bool:
    """Whether an opening equation with a name on one side only sets up a problem, and derives nothing: one side is a
    number, or the prose says that it is given."""
    plain = any(not names_in(side) for side in (step.left, step.right))
    return plain or given_before(context, step.position)


def sets_up_several(context: Context, step: Step) -> bool:
    """Whether the words before a formula say that it lists several equations that are given: "the system", "we wish to
    solve"."""
    return prose.SYSTEM.search(context.lead_text(step.position)[-160:]) is not None


def claims_identity(context: Context, step: Step, question: Question | None) -> bool:
    """Whether an opening equation claims something that can be false: its left side is defined in the document, or both
    sides are about the same names, and the prose does not set it up as an equation to be solved or assumed."""
    if question is None:
        return True
    if _differentiates(question) or is_limit_of(question.left, question.right):
        return True
    if any(isinstance(part, Density | Expectation | Statistic) for part in subterms(question.left)):
        return not given_before(context, step.position)
    if head_key(step.left) is not None or given_before(context, step.position):
        return False
    left, right = set(targets_of(question.left)), set(targets_of(question.right))
    # members of one family that both sides sum over are no unknowns of their own
    summed = [{t.name for t in side if isinstance(t, Entry) and t.free_symbols} for side in (left, right)]
    known = summed[0] & summed[1]
    arrays = arrays_in((question.left, question.right))
    known |= arrays & {str(t.name) for t in left} & {str(t.name) for t in right}  # an array and its entries
    sizes = {symbol for shape in question.setting.sizes.values() for size in shape for symbol in size.free_symbols}
    apart = {
        target
        for target in (left ^ right) - sizes
        if not (
            (isinstance(target, Entry) and target.name in known and all(map(is_bound, target.free_symbols)))
            or target.name in known & arrays
        )
    }
    if not all(isinstance(target, Symbol) and immaterial(question, target.name) for target in apart):
        return False
    if step.role != "opening" or len(step.chain.signs) > 1:
        return True
    # alone in its formula: one more equation about the same unknowns follows from those before, or sets them
    if any(isinstance(part, BigOperator) for part in walk(step.chain)):
        return True
    names = names_in(step.chain)
    if not names or _of_numbers(question):
        return True  # numbers alone are no unknowns
    for _, earlier in context.equations_at(step.position, step.chain):
        one, other = (names_in(operand) for operand in earlier.operands)
        if one != other and names <= one | other:
            return False
    return len(left) > 1 or prose.CONCLUDES.search(context.lead_text(step.position)[-60:]) is not None
