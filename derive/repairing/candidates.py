"""What a wrong line might have been meant to be: small edits from the place of failure outward."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.meaning.domains import written_domain
from derive.meaning.names import is_transpose, key_of, key_of_base, split_subscript
from derive.meaning.survey import Survey
from derive.notation.tree import BigOperator, Fenced, Fraction, Function, Name, Node, Number, Script, Sum
from derive.notation.walk import same, walk
from derive.repairing.edit import Candidate, Change
from derive.source import Span


def signs(node: Node, text: str) -> Iterator[Candidate]:
    """The sign of the whole, then of each term."""
    yield from whole_sign(node, text)
    for part in walk(node):
        if not isinstance(part, Sum):
            continue
        for k in range(1, len(part.terms)):
            if part.signs[k] in "+-" and part.signs[k]:
                place = _sign_between(text, part.terms[k - 1].span.end, part.terms[k].span.start, part.signs[k])
                if place is not None:
                    other = "-" if part.signs[k] == "+" else "+"
                    yield Candidate((Change(place, other),), f"{other} for {part.signs[k]}", 2)


def whole_sign(node: Node, text: str) -> Iterator[Candidate]:
    """A minus before the whole of an expression, put in or taken away."""
    start = node.span.start
    if isinstance(node, Sum) and node.signs[0] == "-":
        stop = node.terms[0].span.start
        place = _sign_between(text, start, stop, "-")
        if place is not None:
            yield Candidate((Change(place, ""),), "without the leading minus", 1)
        return
    if not (isinstance(node, Sum) and len(node.terms) > 1):
        yield Candidate((Change(Span(start, start), "-"),), "with a minus before it", 1)


def _sign_between(text: str, start: int, stop: int, sign: str) -> Span | None:
    found = text.find(sign, start, max(stop, start))
    return Span(found, found + 1) if found >= 0 and text.find(sign, found + 1, stop) < 0 else None


def indices(node: Node, text: str, survey: Survey) -> Iterator[Candidate]:
    """Each index letter replaced by another one of the same formula."""
    places: list[tuple[Span, str]] = []
    for part in walk(node):
        if isinstance(part, Script):
            for index in split_subscript(part.sub, survey.index_letters).indices:
                places += [(p.span, key_of(p)) for p in walk(index) if isinstance(p, Name)]
            if isinstance(part.sup, Name) and key_of(part.sup) in survey.index_letters:
                places.append((part.sup.span, key_of(part.sup)))
    letters = sorted({letter for _, letter in places})
    for span, letter in places:
        for other in letters:
            if other != letter and text[span.start : span.end] == letter:
                yield Candidate((Change(span, other),), f"{other} for {letter}", 2)


def lost_indices(node: Node, text: str, survey: Survey) -> Iterator[Candidate]:
    """The index put back to a bare name that stands with one beside it."""
    members: dict[str, set[str]] = {}
    for part in walk(node):
        if isinstance(part, Script) and (key := key_of_base(part.base)) is not None:
            for index in split_subscript(part.sub, survey.index_letters).indices:
                if isinstance(index, Name) and index.letters == text[index.span.start : index.span.end]:
                    members.setdefault(key, set()).add(index.letters)
    for part in walk(node):
        if isinstance(part, Name) and key_of(part) in members and not _is_based(node, part):
            at = Span(part.span.end, part.span.end)
            for letter in sorted(members[key_of(part)]):
                what = f"{key_of(part)}_{letter} for {key_of(part)}"
                yield Candidate((Change(at, f"_{letter}"),), what, 2, loses_index=True)


def families(node: Node, text: str, survey: Survey, old: str, new: str) -> Candidate | None:
    """Every member of one family replaced by the member of another one: `x_i`, `x_j` by `z_i`, `z_j`."""
    changes = []
    for part in walk(node):
        if isinstance(part, Script) and part.base is not None and key_of_base(part.base) == old:
            span = part.base.span
            if text[span.start : span.end] != old:
                return None
            changes.append(Change(span, new))
    return Candidate(tuple(changes), f"{new} for {old}", 1) if changes else None


def symbols(node: Node, text: str, survey: Survey, others: list[str]) -> Iterator[Candidate]:
    """One symbol replaced by another one that is used in the same way (bare, or with as many indices) and written in
    the same style (`\\mathbf{v}` by `\\mathbf{z}`)."""
    bound = {key_of(v) for part in walk(node) if isinstance(part, BigOperator) for v in written_domain(part).variables}
    for part in walk(node):
        base = part.base if isinstance(part, Script) else part
        if not isinstance(base, Name) or (isinstance(part, Name) and _is_based(node, part)):
            continue
        key = key_of(base)
        at = _letters_of(base, key, text)
        if at is None or key in survey.index_letters:
            continue
        shape = _shape(part, survey)
        before, _, after = _shell(key)
        for other in others:
            usage = survey.usage.get(other)
            prefix, letters, suffix = _shell(other)
            if other == key or usage is None or (prefix, suffix) != (before, after):
                continue
            if other in survey.index_letters and other not in bound:
                continue
            if (shape == (0, 0) and (usage.bare or other in bound)) or shape in usage.indexed:
                yield Candidate((Change(at, letters),), f"{other} for {key}", 3)


_SHELL = re.compile(r"((?:\\[A-Za-z]+\{)*)(\\?[A-Za-z]+)(\}*)")


def _shell(key: str) -> tuple[str, str, str]:
    """A name as the accents and the style around its letters, the letters, and what closes them."""
    found = _SHELL.fullmatch(key)
    return (found[1], found[2], found[3]) if found else ("", key, "")


def _letters_of(name: Name, key: str, text: str) -> Span | None:
    """Where the letters of a name stand in the source; None where they come from a macro."""
    _, letters, _ = _shell(key)
    span = name.span
    written = text[span.start : span.end]
    if written == letters:
        return span
    if written.replace(" ", "") == key.replace(" ", "") and letters in written:
        start = span.start + written.rindex(letters)
        return Span(start, start + len(letters))
    return None


def _is_based(root: Node, name: Node) -> bool:
    return any(isinstance(p, Script) and p.base is name for p in walk(root))


def _shape(part: Node, survey: Survey) -> tuple[int, int]:
    if isinstance(part, Script):
        return len(split_subscript(part.sub, survey.index_letters).indices), 0
    return 0, 0


def numbers(node: Node, text: str) -> Iterator[Candidate]:
    """Each small whole number, one more or one less."""
    for part in walk(node):
        if isinstance(part, Number) and part.text.isdigit() and len(part.text) < 4:
            if text[part.span.start : part.span.end] != part.text:
                continue
            value = int(part.text)
            for other in (value - 1, value + 1):
                if other >= 0:
                    yield Candidate((Change(part.span, str(other)),), f"{other} for {value}", 3)


def powers(node: Node, text: str) -> Iterator[Candidate]:
    """A square put on a name or a fenced group, or taken away."""
    for part in walk(node):
        if isinstance(part, Script) and isinstance(part.sup, Number) and part.base is not None and part.sub is None:
            yield Candidate((Change(Span(part.base.span.end, part.span.end), ""),), "without the power", 3)
        elif (
            isinstance(part, Name)
            and not _is_based(node, part)
            and text[part.span.start : part.span.end] == key_of(part)
        ) or (_can_be_squared(part) and not _is_based(node, part)):
            yield Candidate((Change(Span(part.span.end, part.span.end), "^2"),), "squared", 4)


def _can_be_squared(part: Node) -> bool:
    """A member of a family, or a group in parentheses or brackets."""
    if isinstance(part, Script):
        return isinstance(part.base, Name) and part.sub is not None and part.sup is None
    return isinstance(part, Fenced) and part.left in ("(", "[")


def transposes(node: Node, text: str, spelling: str) -> Iterator[Candidate]:
    """A transpose taken away, or put on a name or a fenced group as the formula spells it elsewhere."""
    for part in walk(node):
        if isinstance(part, Script) and part.sup is not None and is_transpose(part.sup) and part.base is not None:
            end = max(part.base.span.end, part.sub.span.end if part.sub is not None else 0)
            if end < part.span.end:
                yield Candidate((Change(Span(end, part.span.end), ""),), "without the transpose", 3)
        elif (
            (isinstance(part, Script) and part.sup is None)
            or (isinstance(part, Name) and text[part.span.start : part.span.end] == key_of(part))
            or (isinstance(part, Fenced) and part.left in ("(", "["))
        ) and not _is_based(node, part):
            yield Candidate((Change(Span(part.span.end, part.span.end), spelling),), "transposed", 3)


OTHER_FUNCTION = {"sin": "cos", "cos": "sin", "log": "exp", "ln": "exp", "exp": "log"}


def functions(node: Node, text: str) -> Iterator[Candidate]:
    """Each sine, cosine, logarithm and exponential replaced by its counterpart."""
    for part in walk(node):
        other = OTHER_FUNCTION.get(part.name) if isinstance(part, Function) else None
        written = f"\\{part.name}" if isinstance(part, Function) else ""
        if other and text.startswith(written, part.span.start):
            place = Span(part.span.start, part.span.start + len(written))
            yield Candidate((Change(place, f"\\{other}"),), f"{other} for {written[1:]}", 4)


def repeated(node: Node, text: str) -> Iterator[Candidate]:
    """A function that stands twice in a row (`\\ln \\ln x`), once."""
    for part in walk(node):
        if isinstance(part, Function) and isinstance(part.argument, Function) and part.name == part.argument.name:
            start, stop = part.span.start, part.argument.span.start
            if text[start:stop].strip().startswith(f"\\{part.name}"):
                yield Candidate((Change(Span(start, stop), ""),), f"with {part.name} once", 2)


def fractions(node: Node, text: str) -> Iterator[Candidate]:
    """Each fraction turned upside down."""
    for part in walk(node):
        if isinstance(part, Fraction):
            above, below = part.numerator.span, part.denominator.span
            if above.end <= below.start and not isinstance(part.numerator, Number):
                changes = (Change(above, text[below.start : below.end]), Change(below, text[above.start : above.end]))
                yield Candidate(changes, "with the fraction upside down", 4)


def coefficients(node: Node) -> Iterator[Candidate]:
    """A two that was lost before a term, and the half."""
    terms = [term for part in walk(node) if isinstance(part, Sum) for term in part.terms] or [node]
    for term in terms:
        at = Span(term.span.start, term.span.start)
        yield Candidate((Change(at, "2 "),), "twice a term", 4)
        yield Candidate((Change(at, "\\frac{1}{2} "),), "half a term", 4)


def dropped_terms(node: Node, before: Node, text: str) -> Iterator[Candidate]:
    """A term of the line before that has no equal in this one, put at its end."""
    terms = node.terms if isinstance(node, Sum) else (node,)
    signs = node.signs if isinstance(node, Sum) else ("",)
    if not isinstance(before, Sum):
        return
    for sign, term in zip(before.signs, before.terms, strict=True):
        if not any(same(term, other) and (sign or "+") == (s or "+") for s, other in zip(signs, terms, strict=True)):
            added = f" {sign or '+'} {text[term.span.start : term.span.end]}"
            yield Candidate(
                (Change(Span(node.span.end, node.span.end), added),), "with a term of the line before", 5, adds=True
            )


def transpose_spelling(node: Node, text: str) -> str | None:
    """How a formula writes a transpose (`^\\top`), where it has one."""
    for part in walk(node):
        if isinstance(part, Script) and is_transpose(part.sup) and part.sup is not None:
            found = text[part.sup.span.start : part.sup.span.end]
            return f"^{found}" if len(found) == 1 or (found.startswith("\\") and "{" not in found) else f"^{{{found}}}"
    return None


def around(node: Node, text: str, survey: Survey, others: list[str], chain: Node, before: Node) -> list[Candidate]:
    """All single edits of an expression of a chain, the likeliest first. `before` is the other side of its step, whose
    terms may have been lost; `others` are the names to put for its own."""
    spelling = transpose_spelling(chain, text)
    found = [
        *signs(node, text), *indices(node, text, survey), *lost_indices(node, text, survey),
        *symbols(node, text, survey, others),
        *numbers(node, text), *powers(node, text), *functions(node, text), *repeated(node, text),
        *(transposes(node, text, spelling) if spelling else ()),
        *fractions(node, text), *coefficients(node), *dropped_terms(node, before, text),
    ]  # fmt: skip
    return sorted(dict.fromkeys(found), key=lambda c: (c.cost, c.changes))
