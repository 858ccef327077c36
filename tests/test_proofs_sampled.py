"""Every proof is sampled: what is proved in the documents is put through finite models too, and none may object."""

from __future__ import annotations

from pathlib import Path

import pytest
from examining import BUNDLED, HERE

from derive.deciding.document import open_text
from derive.refuting.answers import Agreement, Counterexample
from derive.refuting.refuter import refute

DOCUMENTS = sorted([*(HERE / "documents").glob("*.md"), *(HERE / "documents").glob("*.tex"), *BUNDLED.glob("*.md")])


def sampled(path: Path) -> tuple[int, int, list[str]]:
    """How many steps are proved, how many of them hold in models, and those that fail in one."""
    opened = open_text(path.name, path.read_text(encoding="utf-8"))
    assumed = [found.definition for found in opened.discover()]
    proved, agreed, failed = 0, 0, []
    for index in range(len(opened.steps)):
        proof = opened.judge(index, assumed, only_proof=True).proof
        if proof is None:
            continue
        proved += 1
        answer = refute(proof.question)
        agreed += isinstance(answer, Agreement)
        if isinstance(answer, Counterexample):
            failed.append(f"{proof.question}: {answer}")
    return proved, agreed, failed


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_model_objects_to_a_proof(path: Path) -> None:
    _, _, failed = sampled(path)
    assert failed == []


def test_most_proofs_are_seen_in_models() -> None:
    counts = [sampled(path)[:2] for path in DOCUMENTS]
    proved, agreed = (sum(column) for column in zip(*counts, strict=True))
    assert agreed >= 0.7 * proved > 50, (agreed, proved)
