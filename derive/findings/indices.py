"""Indices checked like types."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from derive.findings.codes import finding
from derive.findings.evidence import Evidence
from derive.meaning.differentials import factors_of, written_derivative
from derive.meaning.domains import fenced_index, written_domain
from derive.meaning.names import key_of, key_of_base, split_subscript
from derive.meaning.outline import Parsed
from derive.meaning.printing import spoken
from derive.meaning.survey import Survey
from derive.notation.latex import to_latex
from derive.notation.tree import BigOperator, Ellipsis, Fraction, List, Matrix, Name, Node, Product, Script, Sum
from derive.notation.unicode import to_unicode
from derive.notation.walk import children, walk
from derive.results import Finding
from derive.source import Span
from derive.steps.step import Step

Members = dict[str, Span]  # index letter -> where it stands


def free_letters(node: Node, survey: Survey, bound: frozenset[str] = frozenset()) -> Members:
    """The index letters that stand free in a formula, each with the first member that carries it. What stands beside
    dots says where an enumeration ends."""
    found: Members = {}
    if isinstance(node, Sum | Product | List) and any(isinstance(child, Ellipsis) for child in children(node)):
        return found
    if isinstance(node, BigOperator):
        inner = bound | {key_of(v) for v in written_domain(node).variables}
        return free_letters(node.body, survey, inner)
    if isinstance(node, Script):
        key = key_of_base(node.base)
        indices = list(split_subscript(node.sub, survey.index_letters).indices)
        if fenced_index(node.sup) is not None or (key in survey.superscript_indices and node.sup is not None):
            indices.append(fenced_index(node.sup) or node.sup)  # type: ignore[arg-type]
        for index in indices:
            for part in walk(index):
                if isinstance(part, Name) and key_of(part) in survey.index_letters and key_of(part) not in bound:
                    found.setdefault(key_of(part), node.span)
    for child in children(node):
        for letter, span in free_letters(child, survey, bound).items():
            found.setdefault(letter, span)
    return found


def all_letters(node: Node) -> set[str]:
    """Every letter in a formula, wherever it stands."""
    return {key_of(part) for part in walk(node) if isinstance(part, Name)}


def free_indices(evidence: Evidence) -> Iterator[Finding]:
    """I202: a derivative, or a step that is not proved as it stands, whose sides have other free indices."""
    for step, result in evidence.steps():
        if (
            step.sign.sign != "="
            or result.verdict == "unread"
            or (result.verdict == "stated" and step.role != "opening")
        ):
            continue
        if result.verdict == "proved" and not result.readings:
            continue
        survey = evidence.context.conventions_at(step.position).survey
        left, right = free_letters(step.left, survey), free_letters(step.right, survey)
        lost = {k: v for k, v in left.items() if k not in all_letters(step.right)}
        gained = {k: v for k, v in right.items() if k not in all_letters(step.left)}
        if step.role == "link" and not gained:
            continue
        if not lost or not (gained or _is_derivative(step.left)) or result.verdict == "stated":
            continue
        if not _runs(lost, survey) or not _runs(gained, survey) or _is_array(step) or _renamed(step, lost, gained):
            continue
        words = f"the left side has the free index {_listed(lost)}; "
        words += f"the right side has {_listed(gained)}" if gained else "nothing on the right carries it"
        severity = "error" if gained else "warning"
        yield finding(evidence.context.outline, "I202", step.left.span, words, severity=severity)  # type: ignore[arg-type]


def _runs(letters: Members, survey: Survey) -> bool:
    """Whether all of these letters index as a rule: letters that some operator of the document binds, and i, j, k. An
    `n` or `m` in a subscript may be a number or a label, as in `\\alpha_n` after n observations."""
    return all(letter in ("i", "j", "k") or letter in survey.bound_letters for letter in letters)


def _is_array(step: Step) -> bool:
    """Whether a side is a matrix or a list written out, which stands for all of its entries."""
    return any(isinstance(p, Matrix | List | Ellipsis) for side in (step.left, step.right) for p in walk(side))


def _renamed(step: Step, lost: Members, gained: Members) -> bool:
    """Whether the sides are one formula with another index: `|x_i| = |x_j|` says that all members agree."""
    if len(lost) != 1 or len(gained) != 1:
        return False
    (old,), (new,) = lost, gained
    return re.sub(rf"(?<![\\\\a-zA-Z]){old}(?![a-zA-Z])", new, to_latex(step.left)) == to_latex(step.right)


def _listed(letters: Members) -> str:
    return ", ".join(spoken(letter) for letter in sorted(letters))


def _is_derivative(node: Node) -> bool:
    parts = node.factors if isinstance(node, Product) else (node,)
    return any(isinstance(p, Fraction) and written_derivative(p) is not None for p in parts)


def index_counts(evidence: Evidence) -> Iterator[Finding]:
    """I203: a family is differentiated by, or stands in a step, with another number of indices than its definition or
    its other uses give it."""
    for start, end, conventions in evidence.context.chapters:
        formulas = [p for p in evidence.context.outline.formulas() if start <= p.position < end]
        yield from _index_counts(evidence, formulas, conventions.survey)


def _index_counts(evidence: Evidence, formulas: list[Parsed], survey: Survey) -> Iterator[Finding]:
    for key, usage in sorted(survey.usage.items()):
        if len(usage.indexed) != 2 or usage.called:
            continue
        (usual, many), (odd, few) = sorted(usage.indexed.items(), key=lambda item: (-sum(item[0]), item[0]))
        if sum(usual) <= sum(odd) or sum(usual) != 2 or few != 1 or many < 1:
            continue
        home = next((m for parsed in formulas for m in _members(survey, parsed, key, usual)), None)
        for parsed in formulas:
            for member in _members(survey, parsed, key, odd):
                line = _line(evidence, home)
                said = f"{to_unicode(member)} has {sum(odd)} index here; in line {line} {spoken(key)} has {sum(usual)}"
                if _in_derivative(parsed, member):
                    yield finding(evidence.context.outline, "I203", member.span, said)


def _in_derivative(parsed: Parsed, member: Node) -> bool:
    for part in walk(parsed.passage):
        if isinstance(part, Fraction) and written_derivative(part) is not None:
            if any(inner is member for inner in walk(part)):
                return True
    return False


def _members(survey: Survey, parsed: Parsed, key: str, shape: tuple[int, int]) -> Iterator[Script]:
    for part in walk(parsed.passage):
        if isinstance(part, Script) and key_of_base(part.base) == key:
            lower = len(split_subscript(part.sub, survey.index_letters).indices)
            upper = 1 if fenced_index(part.sup) is not None else 0
            if (lower, upper) == shape:
                yield part


def _line(evidence: Evidence, node: Node | None) -> int:
    return evidence.context.outline.document.source.line_column(node.span.start)[0] if node else 0


def dropped_indices(evidence: Evidence) -> Iterator[Finding]:
    """I204: a step holds only when a bare symbol is read as the member of its family: where each symbol lost its
    index first."""
    told: set[str] = set()
    for step, result in evidence.steps():
        for reading in result.readings:
            if " is read as " not in reading or reading in told:
                continue
            key, member = reading.split(" is read as ")
            if len(member) <= len(key):
                continue  # an index left out on purpose, told by I202
            told.add(reading)
            place = next(
                (p.span for p in walk(step.right) if isinstance(p, Name) and spoken(key_of(p)) == key), step.place
            )
            said = f"{key} has lost its index: read as {member}"
            yield finding(evidence.context.outline, "I204", place, said)


def open_sums(evidence: Evidence) -> Iterator[Finding]:
    """I206: a sum or product with an end and no start."""
    for parsed in evidence.context.outline.formulas():
        for part in walk(parsed.passage):
            if isinstance(part, BigOperator) and part.operator in ("sum", "prod"):
                domain = written_domain(part)
                if domain.understood and domain.variables and domain.lower is None and part.sup is not None:
                    letter = key_of(domain.variables[0])
                    end = to_unicode(part.sup)
                    said = f"the sum over {letter} ends at {end} and does not say where it starts: read as {letter} = 1"
                    span = part.sub.span.cover(part.sup.span) if part.sub else part.span
                    yield finding(evidence.context.outline, "I206", span, said)


def short_sums(evidence: Evidence) -> Iterator[Finding]:
    """I207: `\\sum_i x_i + y_i`: a term after the sum carries the sum's index, which is free there."""
    for parsed in evidence.context.outline.formulas():
        for part in walk(parsed.passage):
            if not isinstance(part, Sum):
                continue
            for k, term in enumerate(part.terms[:-1]):
                operator = _ends_with_sum(term)
                if operator is None:
                    continue
                letters = {key_of(v) for v in written_domain(operator).variables}
                outside = _bound_around(parsed, part)
                rest = part.terms[k + 1]
                survey = evidence.context.conventions_at(parsed.position).survey
                free = {name: at for name, at in free_letters(rest, survey).items() if name in letters - outside}
                if free and not _stands_elsewhere(parsed, part, letters):
                    letter, span = next(iter(sorted(free.items())))
                    body = f"{to_unicode(operator.body)} {part.signs[k + 1]} {to_unicode(rest)}"
                    said = f"the sum over {letter} ends before {to_unicode(rest)}, where {letter} is free"
                    said += f"; meant: the sum of ({body})?"
                    yield finding(evidence.context.outline, "I207", span, said)


def _ends_with_sum(term: Node) -> BigOperator | None:
    last = term.factors[-1] if isinstance(term, Product) else term
    return last if isinstance(last, BigOperator) and last.operator in ("sum", "prod") else None


def _bound_around(parsed: Parsed, inner: Node) -> set[str]:
    letters: set[str] = set()
    for part in walk(parsed.passage):
        if isinstance(part, BigOperator) and part is not inner and any(p is inner for p in walk(part.body)):
            letters |= {key_of(v) for v in written_domain(part).variables}
    return letters


def _stands_elsewhere(parsed: Parsed, where: Node, letters: set[str]) -> bool:
    """Whether one of the letters is free on another side of the relation too, so that it is meant to be free."""
    for chain in parsed.chains():
        if not any(p is where for p in walk(chain)):
            continue
        for operand in chain.operands:
            if not any(p is where for p in walk(operand)) and letters & all_letters(operand):
                return True
    return False


def changed_roles(evidence: Evidence) -> Iterator[Finding]:
    """I205: the derivative of one family by another is written with one index for both in one line, and with two
    different ones where it is worked out."""
    seen: dict[tuple[int, str, str], list[tuple[tuple[str, str], Fraction]]] = defaultdict(list)
    outline = evidence.context.outline
    sound = [step.place for step, result in evidence.steps() if result.verdict == "proved" and not result.assumptions]
    for parsed in outline.formulas():
        if not parsed.formula.display:
            continue
        for part in walk(parsed.passage):
            if (
                isinstance(part, Fraction)
                and (written := written_derivative(part)) is not None
                and len(written.variables) == 1
            ):
                above, below = _single_member(written.body), _single_member(written.variables[0])
                if above and below:
                    seen[(outline.section_of(parsed.position), above[0], below[0])].append(((above[1], below[1]), part))
    for (_, family, other), uses in sorted(seen.items(), key=lambda item: item[1][0][1].span):
        equal = [part for (one, two), part in uses if one == two]
        equal = [
            part for part in equal if not any(p.start >= part.span.end and p.start - part.span.end < 8 for p in sound)
        ]
        different = [(pair, part) for pair, part in uses if pair[0] != pair[1]]
        if equal and different:
            line = _line(evidence, different[0][1])
            said = (f"{to_unicode(equal[-1])} here is {to_unicode(different[0][1])} in line {line}: "
                    f"the indices of {spoken(family)} and {spoken(other)} change their roles")  # fmt: skip
            yield finding(outline, "I205", equal[-1].span, said)


def _single_member(node: Node | None) -> tuple[str, str] | None:
    if not isinstance(node, Script):
        return None
    key, indices = key_of_base(node.base), split_subscript(node.sub).indices
    if key is None or len(indices) != 1 or not isinstance(indices[0], Name):
        return None
    return key, key_of(indices[0])


def broken_chains(evidence: Evidence) -> Iterator[Finding]:
    """E103: `∂L/∂w = ∂L/∂a ∂a/∂z` with nothing from z to w."""
    for step, result in evidence.steps():
        if result.verdict == "proved" or not isinstance(step.left, Fraction):
            continue
        goal = written_derivative(step.left)
        if goal is None or goal.body is None or len(goal.variables) != 1:
            continue
        links = []
        for _, factor in factors_of(step.right):
            written = written_derivative(factor) if isinstance(factor, Fraction) else None
            if written is None or written.body is None or len(written.variables) != 1:
                break
            links.append((_family(written.body), _family(written.variables[0]), written.variables[0]))
        else:
            if len(links) < 2 or any(links[k][1] != links[k + 1][0] for k in range(len(links) - 1)):
                continue
            start, end = _family(goal.body), _family(goal.variables[0])
            if links[0][0] == start and links[-1][1] != end and None not in (start, end):
                last = links[-1][2]
                said = (f"the chain ends at {to_unicode(last)}, not at {to_unicode(goal.variables[0])}: "
                        f"∂{spoken(str(links[-1][1]))}/∂{spoken(str(end))} is missing")  # fmt: skip
                yield finding(evidence.context.outline, "E103", step.right.span, said)


def _family(node: Node) -> str | None:
    return key_of_base(node.base if isinstance(node, Script) else node)


CHECKS = (free_indices, index_counts, dropped_indices, open_sums, short_sums, changed_roles, broken_chains)
