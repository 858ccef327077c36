r"""The steps that derive and its peers are compared on, each with its truth.

Three sources: the pages in `steps/`, the instances on the pages of the rule book, and the steps of the bundled
documents. A page is a topic; its pairs are separated by blank lines, in the notation of the rule book:

    - holds: $\sum_{k=1}^{n} k = \frac{n(n+1)}{2}$
    - fails: $\sum_{k=1}^{n} k = \frac{n(n-1)}{2}$
    - where: $n \in \mathbb{N}$

What holds is true for all values that satisfy the conditions and at which both sides are defined; what fails is false
for some. `A \Rightarrow B` says that every solution of A satisfies B. Numbers are real.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "steps"
CONSEQUENCE = r"\Rightarrow"
RELATIONS = ("=", r"\le", r"\ge", r"\leq", r"\geq", "<", ">")
BUNDLED = "bundled documents"
RULES = "rule book"

_ITEM = re.compile(r"^- (holds|fails|where): \$(.+)\$$")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\S")


class BrokenPage(ValueError):
    """A page of steps that is not written as pages are."""


@dataclass(frozen=True, slots=True)
class Step:
    """`left relation right` as it is written, with the conditions `given` and its truth. `document` and `line` say
    where it stands, when it is a step of a bundled document; then what it means rests on that document."""

    topic: str
    latex: str
    left: str
    relation: str
    right: str
    given: tuple[str, ...]
    true: bool
    document: str = ""
    line: int = 0
    together: int = 1
    alone: bool = True


def read_pages() -> tuple[Step, ...]:
    """The steps of all pages, in order. Raises BrokenPage."""
    return tuple(step for page in sorted(FOLDER.glob("*.md")) for step in read_page(page))


def read_page(page: Path) -> Iterator[Step]:
    """The steps of one page, each true one followed by its false twin."""
    topic = page.stem.replace("-", " ")
    head, *blocks = page.read_text(encoding="utf-8").strip().split("\n\n- ")
    if not head.startswith("# ") or not blocks:
        raise BrokenPage(f"{page.name}: needs a heading and pairs of steps")
    for block in blocks:
        items: dict[str, list[str]] = {"holds": [], "fails": [], "where": []}
        for line in f"- {block}".splitlines():
            found = _ITEM.match(line)
            if found is None:
                raise BrokenPage(f"{page.name}: not an item: {line}")
            items[found[1]].append(found[2])
        if len(items["holds"]) != 1 or len(items["fails"]) != 1:
            raise BrokenPage(f"{page.name}: needs one step that holds and one that fails: {block}")
        for truth in ("holds", "fails"):
            yield make(topic, items[truth][0], tuple(items["where"]), truth == "holds")


def read_rules() -> tuple[Step, ...]:
    """The instances on the pages of the rule book: those that hold and those that fail, under the conditions of their
    rule that speak of their names. Instances that are not one relation of `RELATIONS` are left out."""
    from derive.meaning.statement import read_formula
    from derive.meaning.survey import names_in
    from derive.notation.tree import Chain
    from derive.proving import rulebook

    def conditions(latex: str, where: tuple[str, ...]) -> tuple[str, ...]:
        names = {name for item in read_formula(latex).items if isinstance(item, Chain) for name in names_in(item)}
        return tuple(c for c in where if all(names_in(item) & names for item in read_formula(c).items))

    found = []
    for entry in rulebook.all_entries():
        where = _formulas((*entry.where, *entry.assumes))
        for items, true in ((entry.holds, True), (entry.fails, False)):
            for latex in _formulas(items):
                with suppress(BrokenPage):
                    found.append(make(RULES, latex, conditions(latex, where), true))
    return tuple(found)


def read_bundled() -> tuple[Step, ...]:
    """The equality steps of the bundled documents that `tests/expected/` calls proved or refuted."""
    from derive.deciding.document import open_text
    from derive.notation.latex import to_latex

    found = []
    for name in ("logistic", "softmax"):
        opened = open_text(f"{name}.md", bundled_text(name))
        source = opened.context.outline.document.source
        truths = _expected(name)
        steps = {source.line_column(step.sign.span.start)[0]: step for step in opened.steps if step.sign.sign == "="}
        asked = [line for line in steps if line in truths]
        for line in asked:
            left, right = to_latex(steps[line].left), to_latex(steps[line].right)
            true, alone = truths[line]
            latex = f"{left} = {right}"
            found.append(Step(BUNDLED, latex, left, "=", right, (), true, name, line, len(asked), alone))
    return tuple(found)


def bundled_text(name: str) -> str:
    """The text of a bundled document."""
    folder = Path(__file__).parents[2] / "derive" / "documents" / "bundled"
    return (folder / f"{name}.md").read_text(encoding="utf-8")


def make(topic: str, latex: str, given: tuple[str, ...], true: bool) -> Step:
    """A step from its formula. Raises BrokenPage where that is not one relation."""
    for relations in ((CONSEQUENCE,), RELATIONS):
        places = _outside(latex, relations)
        if len(places) == 1:
            ((start, relation),) = places
            left, right = latex[:start].strip(), latex[start + len(relation) :].strip()
            return Step(topic, latex, left, relation, right, given, true)
        if places:
            break
    raise BrokenPage(f"not one relation: {latex}")


def _outside(latex: str, signs: tuple[str, ...]) -> list[tuple[int, str]]:
    """Where these signs stand outside all braces and parentheses."""
    depth, found = 0, []
    for token in _TOKEN.finditer(latex):
        depth += (token[0] in "{([") - (token[0] in "})]")
        if depth == 0 and token[0] in signs:
            found.append((token.start(), token[0]))
    return found


def _formulas(items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(formula for item in items for formula in re.findall(r"\$(.+?)\$", item))


def _expected(name: str) -> dict[int, tuple[bool, bool]]:
    """The lines of a bundled document whose truth is known, from the first table of what is expected of it: the truth,
    and whether it needs nothing but normal form: no definition, assumption or choice of reading."""
    text = (FOLDER.parents[1] / "expected" / f"{name}.md").read_text(encoding="utf-8")
    truths: dict[int, tuple[bool, bool]] = {}
    for line in text.splitlines():
        number, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        if number.isdigit() and len(cells) == 6 and cells[2] in ("proved", "refuted"):
            truths[int(number)] = cells[2] == "proved", not any(cells[3:]) or cells[3:] == ["normal-form", "", ""]
    return truths
