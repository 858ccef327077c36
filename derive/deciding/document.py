"""A document opened for deciding: read, parsed, its context gathered, its steps planned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from derive.deciding.assumptions import Assumed, discover
from derive.deciding.judge import judge
from derive.deciding.judgement import Judgement
from derive.documents.formats import read_document
from derive.meaning.context import Context, gather
from derive.meaning.directives import expand
from derive.meaning.outline import Parsed, parse
from derive.meaning.question import Definition
from derive.notation import read_passage
from derive.notation.tree import Chain
from derive.source import Source, Span, TracedText
from derive.steps.plan import plan
from derive.steps.step import Derivation, Step


@dataclass(frozen=True)
class Opened:
    """A document and its steps. Nothing is decided by opening it. `opener` makes one from a path, a text and the
    reader's own pages of rules: how this one was opened."""

    context: Context
    derivations: tuple[Derivation, ...]
    opener: Callable[[str, str, tuple[str, ...]], Opened] = field(compare=False)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All steps, in order."""
        return tuple(step for derivation in self.derivations for step in derivation.steps)

    def discover(self) -> tuple[Assumed, ...]:
        """The definitions that the document only names (takes proving)."""
        return tuple(discover(self.context, self.derivations))

    def judge(
        self, index: int, assumed: Sequence[Definition] = (), only_proof: bool = False, searched: bool = True
    ) -> Judgement:
        """Decide one step."""
        return judge(self.context, self.steps[index], assumed, only_proof, searched)

    def reopen(self, text: str) -> Opened:
        """The same document with another text. Raises ValueError where that can't be opened."""
        return self.opener(self.context.outline.document.source.path, text, self.context.pages)

    def with_changed_formula(self, index: int, changes: Sequence[tuple[Span, str]]) -> Step | None:
        """The step as it would be if its formula's source were changed, everything else left alone; None where the
        formula falls apart. Cheap: only the formula is read again."""
        step = self.steps[index]
        parsed = self.context.outline.parts[step.position]
        assert isinstance(parsed, Parsed)
        passage = read_passage(_changed(parsed.formula.text, changes), self.context.outline.document.macros)
        old, new = list(parsed.chains()), [item for item in passage.items if isinstance(item, Chain)]
        if len(old) != len(new):
            return None
        chain = next((n for n, o in zip(new, old, strict=True) if o is step.chain), None)
        if chain is None or len(chain.signs) != len(step.chain.signs):
            return None
        k = next(k for k, operand in enumerate(step.chain.operands) if operand is step.right)
        left = step.left if step.continued else chain.operands[k - 1]
        # the chain stays the one it was: what it defines is known by it, and is no premise of its own steps
        return replace(step, left=left, right=chain.operands[k])


def _changed(text: TracedText, changes: Sequence[tuple[Span, str]]) -> TracedText:
    """Traced text after changes of its source."""
    characters = list(zip(text.text, text.origin, strict=True))
    for span, new in sorted(changes, reverse=True):
        kept_before = [(c, at) for c, at in characters if at < span.start]
        kept_after = [(c, at) for c, at in characters if at >= span.end]
        characters = [*kept_before, *((c, span.start) for c in new), *kept_after]
    return TracedText("".join(c for c, _ in characters), tuple(at for _, at in characters), text.end)


def open_text(path: str, text: str, pages: tuple[str, ...] = (), given: tuple[str, ...] = ()) -> Opened:
    """Open the document with this text; its path's ending says what it is written in. `pages` are the paths of the
    reader's own pages of rules, `given` directives from outside that hold for the whole document."""
    document = expand(read_document(Source(path, text)), given)
    context = replace(gather(parse(document)), pages=pages)
    return Opened(context, plan(context), partial(open_text, given=given))
