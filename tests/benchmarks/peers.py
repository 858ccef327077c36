"""derive and its peers on the same steps, in one run: `python -m tests.benchmarks.peers`.

The peers are installed by an extra of their own, best in an environment apart from the one that derive is tested in:

    python -m venv PLACE && PLACE/bin/pip install -e '.[peers]' && PLACE/bin/python -m tests.benchmarks.peers

The extra pins the ANTLR runtime to 4.11, which SymPy's reader asks for and with which latex2sympy2_extended works too,
so that one environment holds them all. Every program runs in a process of its own all the same, and
`--python NAME=INTERPRETER` lets it run in another environment; one that is not installed is named, and left out.

The steps are those of `step.py`: written for this benchmark (`steps/`), the instances of the rule book, the steps of
the bundled documents. Every program is asked each step in turn before the next step comes. A process that takes longer
for a step than the limit is ended; then the step is undecided and took as long as the limit. Times are seconds of the
processor in one warm process; importing is told apart.

    proved      a true step that is said to hold
    refuted     a false step that is said not to hold
    wrong       a false step that is said to hold, or a true one that is said not to
    unread      a step that is not read, is no question for the program, or is visibly misread and not wrong for that
    undecided   everything else
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from .process import Missing, Process
from .step import Step, read_bundled, read_pages, read_rules
from .tools import TOOLS, Answer

GRADES = ("proved", "refuted", "wrong", "unread", "undecided")
LIMIT = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program made of a step."""

    tool: str
    step: Step
    answer: Answer
    seconds: float

    @property
    def grade(self) -> str:
        word, true = self.answer.word, self.step.true
        if word == ("different" if true else "equal"):
            return "wrong"
        if word == "unread" or self.answer.misread:
            return "unread"
        if word == "undecided":
            return "undecided"
        return "proved" if true else "refuted"


def run(steps: Sequence[Step], tools: Sequence[Process]) -> list[Outcome]:
    """Ask every program every step."""
    outcomes = []
    for number, step in enumerate(steps, 1):
        for tool in tools:
            answer, seconds = tool.ask(step)
            outcomes.append(Outcome(tool.name, step, answer, seconds))
        if sys.stderr.isatty():
            print(f"\r{number} of {len(steps)} steps", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return outcomes


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def row(outcomes: Sequence[Outcome]) -> list[str]:
    """The figures of one program: counts and milliseconds."""
    grades = [outcome.grade for outcome in outcomes]
    true = sum(outcome.step.true for outcome in outcomes)
    of = {"proved": f" of {true}", "refuted": f" of {len(outcomes) - true}"}
    times = [1000 * outcome.seconds for outcome in outcomes]
    counts = [f"{grades.count(grade)}{of.get(grade, '')}" for grade in GRADES]
    return [*counts, f"{median(times):.1f}", f"{percentile(times, 0.95):.1f}"]


HEAD = [*GRADES, "median ms", "p95 ms"]


def totals(outcomes: Sequence[Outcome], tools: Sequence[Process]) -> list[list[str]]:
    """All steps, one row a program."""
    table = [["", "version", "import s", *HEAD]]
    for tool in tools:
        mine = [outcome for outcome in outcomes if outcome.tool == tool.name]
        table.append([tool.name, tool.version, f"{tool.start_seconds:.2f}", *row(mine)])
    return table


def by_topic(outcomes: Sequence[Outcome]) -> list[list[str]]:
    """One row a topic and program."""
    table = [["topic", "", *HEAD]]
    for topic in dict.fromkeys(outcome.step.topic for outcome in outcomes):
        here = [outcome for outcome in outcomes if outcome.step.topic == topic]
        for number, tool in enumerate(dict.fromkeys(outcome.tool for outcome in here)):
            mine = [outcome for outcome in here if outcome.tool == tool]
            table.append(["" if number else topic, tool, *row(mine)])
    return table


def written(table: Sequence[Sequence[str]], markdown: bool) -> str:
    """A table as text, or as Markdown; columns of figures are set to the right."""
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    figures = [column >= len(table[0]) - len(HEAD) for column in range(len(widths))]

    def cells(line: Sequence[str]) -> list[str]:
        return [c.rjust(w) if right else c.ljust(w) for c, w, right in zip(line, widths, figures, strict=True)]

    lines = [cells(line) for line in table]
    if not markdown:
        return "\n".join("  ".join(line).rstrip() for line in lines)
    rule = ["-" * (w - 1) + ":" if right else "-" * w for w, right in zip(widths, figures, strict=True)]
    return "\n".join("| " + " | ".join(line) + " |" for line in (lines[0], rule, *lines[1:]))


def listed(outcomes: Iterable[Outcome], grades: Sequence[str]) -> str:
    """The steps with these grades, with what was said of them."""
    lines = []
    for outcome in outcomes:
        if outcome.grade in grades:
            given = f"   where {', '.join(outcome.step.given)}" if outcome.step.given else ""
            truth = "true" if outcome.step.true else "false"
            why = " ".join((outcome.answer.misread or outcome.answer.why).split())[:160]
            kind = f"{outcome.grade} ({outcome.step.topic}, {truth})"
            lines.append(f"{outcome.tool}: {kind}: {outcome.step.latex}{given}")
            lines.append(f"    {outcome.answer.word} after {1000 * outcome.seconds:.0f} ms: {why}")
    return "\n".join(lines)


def chosen(topics: Sequence[str]) -> list[Step]:
    """All steps, or those of some topics."""
    steps = [*read_bundled(), *read_rules(), *read_pages()]
    return [step for step in steps if not topics or any(topic in step.topic for topic in topics)]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.peers", description=__doc__.splitlines()[0])
    parser.add_argument("--markdown", action="store_true", help="tables in Markdown")
    parser.add_argument("--tools", nargs="+", default=list(TOOLS), choices=list(TOOLS), metavar="NAME")
    parser.add_argument("--topics", nargs="+", default=[], metavar="TOPIC", help="only topics with these words")
    parser.add_argument("--list", nargs="+", default=[], choices=GRADES, metavar="GRADE", help="also list such steps")
    parser.add_argument("--limit", type=float, default=LIMIT, metavar="SECONDS", help="for a step (5)")
    parser.add_argument("--python", nargs="+", default=[], metavar="NAME=INTERPRETER", help="where a program runs")
    options = parser.parse_args(arguments)
    pythons = dict(item.split("=", 1) for item in options.python)
    tools, missing = [], []
    for name in options.tools:
        tool = Process(name, options.limit, pythons.get(name, sys.executable))
        try:
            tool.start()
            tools.append(tool)
        except (Missing, OSError) as why:
            missing.append(f"{name}: not installed ({why})")
    steps = chosen(options.topics)
    try:
        outcomes = run(steps, tools)
    finally:
        for tool in tools:
            tool.stop()
    true = sum(step.true for step in steps)
    print(f"{len(steps)} steps, {true} true and {len(steps) - true} false; {options.limit:g} s a step\n")
    for line in missing:
        print(f"{line}\n")
    if tools and steps:
        print(written(totals(outcomes, tools), options.markdown) + "\n")
        print(written(by_topic(outcomes), options.markdown))
    if options.list:
        print("\n" + listed(outcomes, options.list))
    return 1 if any(outcome.tool == "derive" and outcome.grade == "wrong" for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
