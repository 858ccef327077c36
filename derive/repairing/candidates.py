"""What a wrong line might have been meant to be: small edits from the place of failure outward."""

from __future__ import annotations

from collections.abc import Iterator

from derive.meaning.names import key_of, key_of_base, split_subscript
from derive.meaning.survey import Survey
from derive.notation.tree import Fenced, Function, Name, Node, Number, Script, Sum
from derive.notation.walk import walk
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
    """One symbol replaced by another one that is used in the same way (bare, or with as many indices)."""
    for part in walk(node):
        base = part.base if isinstance(part, Script) else part
        if not isinstance(base, Name) or (isinstance(part, Name) and _is_based(node, part)):
            continue
        key = key_of(base)
        if text[base.span.start : base.span.end] != key or key in survey.index_letters:
            continue
        shape = _shape(part, survey)
        for other in others:
            usage = survey.usage.get(other)
            if other == key or usage is None or other in survey.index_letters:
                continue
            if (shape == (0, 0) and usage.bare) or shape in usage.indexed:
                yield Candidate((Change(base.span, other),), f"{other} for {key}", 3)


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


OTHER_FUNCTION = {"sin": "cos", "cos": "sin", "log": "exp", "ln": "exp", "exp": "log"}


def functions(node: Node, text: str) -> Iterator[Candidate]:
    """Each sine, cosine, logarithm and exponential replaced by its counterpart."""
    for part in walk(node):
        other = OTHER_FUNCTION.get(part.name) if isinstance(part, Function) else None
        written = f"\\{part.name}" if isinstance(part, Function) else ""
        if other and text.startswith(written, part.span.start):
            place = Span(part.span.start, part.span.start + len(written))
            yield Candidate((Change(place, f"\\{other}"),), f"{other} for {written[1:]}", 4)


def around(node: Node, text: str, survey: Survey, others: list[str]) -> list[Candidate]:
    """All single edits of an expression, the likeliest first."""
    found = [
        *signs(node, text), *indices(node, text, survey), *symbols(node, text, survey, others),
        *numbers(node, text), *powers(node, text),
    ]  # fmt: skip
    return sorted(dict.fromkeys(found), key=lambda c: (c.cost, c.changes))
