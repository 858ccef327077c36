"""The two bundled documents, the notes they come from, and changes of them."""

from __future__ import annotations

import re
from functools import cache

from examining import BUNDLED, HERE, check, steps_of

from derive.results import DocumentResult, StepResult

ORIGINAL = HERE.parent.parent / "shared" / "documents" / "logistic-softmax.md"
MINUS = (r"= \frac{1}{m}\sum\_{i=1}^{m}\left[y^{i}\,log", r"= -\frac{1}{m}\sum\_{i=1}^{m}\left[y^{i}\,log")
BUILT_ON_Z = (
    r"a\_i = \frac{exp(x\_i)}{\sum\_{j=1}^{n}\,exp(x\_j)}",
    r"a\_i = \frac{exp(z\_i)}{\sum\_{j=1}^{n}\,exp(z\_j)}",
)


@cache
def seed(name: str) -> str:
    return (BUNDLED / f"{name}.md").read_text(encoding="utf-8")


def changed(text: str, *changes: tuple[str, str]) -> str:
    """The text after changes, each of which must fit exactly once."""
    for old, new in changes:
        assert text.count(old) == 1, f"{text.count(old)} times in the document: {old}"
        text = text.replace(old, new)
    return text


def line_changed(text: str, line: int, old: str, new: str, occurrence: int = 1) -> str:
    """The text with one occurrence of something on one line changed."""
    lines = text.split("\n")
    parts = lines[line - 1].split(old)
    assert len(parts) > occurrence, f"line {line} has not {occurrence} times {old}: {lines[line - 1]}"
    lines[line - 1] = old.join(parts[:occurrence]) + new + old.join(parts[occurrence:])
    return "\n".join(lines)


def mended(name: str) -> str:
    """The document as its author meant it."""
    return changed(seed(name), MINUS if name == "logistic" else BUILT_ON_Z)


def renamed(text: str, names: dict[str, str]) -> str:
    """The formulas of a text with letters and words renamed, all at once: names on both sides, commands with `\\\\`."""
    pattern = re.compile(r"\\[a-zA-Z]+|[a-zA-Z]+")

    def swap(match: re.Match[str]) -> str:
        word = match[0]
        if word in names:
            touching = match.start() > 0 and match.string[match.start() - 1].isalpha()
            return (" " if touching else "") + names[word]
        if word.startswith("\\") or len(word) > 3 or word in ("log", "exp", "ln"):
            return word
        return "".join(names.get(letter, letter) for letter in word)  # w_{ij}, J(\theta)

    def formula(match: re.Match[str]) -> str:
        kept = re.split(r"(\\begin\{\w+\}|\\end\{\w+\})", match[0])
        return "".join(part if k % 2 else pattern.sub(swap, part) for k, part in enumerate(kept))

    return re.sub(r"\$\$.*?\$\$|\$[^$]*\$", formula, text, flags=re.DOTALL)


def outcome(result: DocumentResult) -> list[str]:
    """Verdicts and findings without their places and words."""
    verdicts = [step.verdict for step in steps_of(result)]
    return verdicts + sorted(f"{f.code} {f.severity}{' repair' if f.repair else ''}" for f in result.findings)


def shape(step: StepResult) -> tuple[str, tuple[str, ...]]:
    return step.verdict, step.rules


__all__ = [
    "BUILT_ON_Z",
    "MINUS",
    "ORIGINAL",
    "changed",
    "check",
    "line_changed",
    "mended",
    "outcome",
    "renamed",
    "seed",
    "shape",
]
