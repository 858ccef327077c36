"""Formulas that are broken as they are written, whatever their names mean: integrals without a differential and
differentials without an integral, operators whose variable their body does not contain, brackets without a partner."""

from __future__ import annotations

from collections.abc import Iterator

from derive.findings.codes import finding
from derive.findings.evidence import Evidence
from derive.findings.indices import all_letters
from derive.meaning.differentials import factors_of, is_d
from derive.meaning.domains import written_domain
from derive.meaning.names import key_of, key_of_base, split_subscript
from derive.meaning.outline import Parsed
from derive.notation.commands.operators import INTEGRALS
from derive.notation.tree import BigOperator, Chain, Empty, Fraction, Name, Node, Script, Sum, Unread
from derive.notation.unicode import to_unicode
from derive.notation.walk import same, walk
from derive.results import Finding
from derive.source import Span


def _operands(evidence: Evidence) -> Iterator[tuple[Parsed, Chain, Node]]:
    for parsed in evidence.context.outline.formulas():
        for chain in parsed.chains():
            for operand in chain.operands:
                yield parsed, chain, operand


def _has_differential(node: Node) -> bool:
    return any(isinstance(part, Name) and is_d(part) for part in walk(node))


def missing_differentials(evidence: Evidence) -> Iterator[Finding]:
    """I208: an integral from one bound to another, and no differential anywhere in its side."""
    for _, chain, operand in _operands(evidence):
        if _has_differential(operand):
            continue
        for part in walk(operand):
            if isinstance(part, BigOperator) and part.operator == "int" and part.sub and part.sup:
                if isinstance(part.body, Empty) or not chain.signs or _names_its_variable(part):
                    continue
                said = f"nothing says what {to_unicode(part)} is integrated over"
                yield finding(evidence.context.outline, "I208", part.span, said)
                break


def _names_its_variable(part: BigOperator) -> bool:
    return isinstance(part.sub, Chain) and len(part.sub.operands) > 1


def stray_differentials(evidence: Evidence) -> Iterator[Finding]:
    """I209: a sum that ends with a differential, and no integral in its side."""
    for _, _, operand in _operands(evidence):
        parts = list(walk(operand))
        if any(isinstance(part, BigOperator) and part.operator in INTEGRALS for part in parts):
            continue
        for part in parts:
            if not isinstance(part, BigOperator) or part.operator != "sum":
                continue
            factors = factors_of(part.body)
            if len(factors) < 3 or not is_d(factors[-2][1]) or not isinstance(factors[-1][1], Name):
                continue
            letter, d = factors[-1][1], factors[-2][1]
            bound = {key_of(v) for v in written_domain(part).variables}
            if key_of(letter) in bound or (isinstance(d, Name) and d.style):
                said = f"a sum with the differential d{to_unicode(letter)}: an integral, or a differential too many?"
                yield finding(evidence.context.outline, "I209", Span(d.span.start, letter.span.end), said)


def idle_variables(evidence: Evidence) -> Iterator[Finding]:
    """I210: a limit of something that does not contain its variable and has another free index; a sum below a fraction
    bar whose summand is the numerator itself and does not contain the index."""
    for parsed, _, operand in _operands(evidence):
        indices = evidence.context.conventions_at(parsed.position).survey.index_letters
        for part in walk(operand):
            if isinstance(part, Fraction) and isinstance(part.denominator, BigOperator):
                below = part.denominator
                letters = {key_of(v) for v in written_domain(below).variables}
                above = {id(node): node for _, node in factors_of(part.numerator)}
                summand = below.body
                if below.operator == "sum" and letters and not letters & all_letters(summand):
                    if any(same(node, summand) for node in above.values()) and _free_indices(summand, indices):
                        said = f"the sum over {', '.join(sorted(letters))} is of {to_unicode(summand)}, which does not "
                        said += "contain it, and stands over itself"
                        yield finding(evidence.context.outline, "I210", below.span, said)
            if isinstance(part, BigOperator) and part.operator == "lim":
                goes = part.sub.operands[0] if isinstance(part.sub, Chain) else None
                letters = {key_of(goes)} if isinstance(goes, Name) else set()
                free = _free_indices(part.body, indices)
                if letters and free and not letters & all_letters(part.body):
                    said = f"the limit over {', '.join(sorted(letters))} is of {to_unicode(part.body)}, which does not "
                    said += f"contain it but {', '.join(sorted(free))}"
                    yield finding(evidence.context.outline, "I210", part.span, said)


def _free_indices(node: Node, letters: frozenset[str]) -> set[str]:
    """The index letters in the subscripts of a formula that nothing in it binds."""
    bound = {key_of(v) for part in walk(node) if isinstance(part, BigOperator) for v in written_domain(part).variables}
    found: set[str] = set()
    for part in walk(node):
        if isinstance(part, Script) and key_of_base(part.base) is not None:
            for index in split_subscript(part.sub, letters).indices:
                found |= {key_of(p) for p in walk(index) if isinstance(p, Name) and key_of(p) in letters}
    return found - bound


def ill_formed(evidence: Evidence) -> Iterator[Finding]:
    """N503: a round bracket without its partner in a formula that has not as many of one kind as of the other; an
    operator with nothing behind it where the line goes on with a relation."""
    outline = evidence.context.outline
    for parsed in outline.formulas():
        text = parsed.formula.text.text
        unequal = text.count("(") != text.count(")")
        for chain in parsed.chains():
            for k, operand in enumerate(chain.operands):
                for part in walk(operand):
                    if unequal and isinstance(part, Unread) and part.text in ("(", ")"):
                        yield finding(outline, "N503", part.span, f"{part.text} has no partner")
                last = operand.terms[-1] if isinstance(operand, Sum) else None
                if isinstance(last, Empty) and k < len(chain.signs):
                    span = operand.span
                    yield finding(outline, "N503", span, "an operator with nothing behind it")


CHECKS = (missing_differentials, stray_differentials, idle_variables, ill_formed)
