"""How long the search for counterexamples takes: `python -m tests.benchmarks.refutation`."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from derive.meaning.question import Question
from derive.refuting.refuter import agrees, refute
from tests.test_refuting_steps import FALSE, TRUE


def _measure(questions: list[Question], guard: bool = False) -> list[float]:
    times = []
    for question in questions:
        start = perf_counter()
        if guard:
            agrees(question.left, question.right, question.setting)
        else:
            refute(question)
        times.append(1000 * (perf_counter() - start))
    return sorted(times)


def main() -> None:
    equalities = [question for question in TRUE if question.relation == "="]
    for label, questions, guard in (
        ("false steps", [question for question, _ in FALSE], False),
        ("true steps", TRUE, False),
        ("guard", equalities, True),
    ):
        times = _measure(questions, guard)
        print(f"{label:12} {len(times):3} steps: median {median(times):6.2f} ms, largest {times[-1]:7.2f} ms")


if __name__ == "__main__":
    main()
