"""How fast formulas are read: the time of a side, and whether it grows with its length and no faster.

    python -m tests.benchmarks.reading

Reads every side of a relation in the test documents, and formulas of growing length. Prints the median and the slowest
side in milliseconds, the time a character takes at each length, and `linear` or `not linear`. Ends with status 1 where
the median is over a millisecond or the time of a character more than doubles between the lengths."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from derive.documents.document import Formula
from derive.documents.formats import read_document
from derive.notation import read_passage, to_latex
from derive.notation.tree import Chain
from derive.source import Source, TracedText

DOCUMENTS = Path(__file__).parents[1] / "documents"
LENGTHS = (50, 100, 200, 400, 800)
PIECES = {
    "aligned rows": r"\frac{\partial a_j}{\partial z_i} &= \frac{e^{z_j}\sum_{k=1}^n e^{z_k}}{(\sum_k e^{z_k})^2} \\ ",
    "bars and halves": r"\left[ p(x|y) + |x| \right. \\ \left. - \log h \right] = a, \; b > 0 \text{ for } i \ne j \\ ",
    "one long sum": r"+ \int_0^1 x^{2} \, dx + \binom{n}{k} \hat{\theta}_{\text{max}}^{(t)} ",
}
MOST_MILLISECONDS = 1.0
MOST_GROWTH = 2.0


def sides() -> Iterator[str]:
    """The sides of relations in the test documents, as LaTeX."""
    for path in sorted(DOCUMENTS.rglob("*")):
        if path.suffix not in {".md", ".tex", ".rst", ".ipynb"}:
            continue
        document = read_document(Source(path.name, path.read_text(encoding="utf-8")))
        for part in document.parts:
            if isinstance(part, Formula):
                for item in read_passage(part.text, document.macros).items:
                    if isinstance(item, Chain) and item.signs:
                        yield from (to_latex(operand) for operand in item.operands)


def seconds(text: str, times: int = 3) -> float:
    """The best time of reading a formula."""
    traced = TracedText(text, range(len(text)))
    best = float("inf")
    for _ in range(times):
        begun = time.process_time()
        read_passage(traced)
        best = min(best, time.process_time() - begun)
    return best


def main() -> int:
    """Print the figures; 1 where a bar is missed."""
    gc.disable()
    measured = sorted(1000 * seconds(side) for side in sides())
    median = statistics.median(measured)
    print(
        f"{len(measured)} sides: median {median:.3f} ms, nine of ten below {measured[len(measured) * 9 // 10]:.3f} ms"
    )
    missed = median > MOST_MILLISECONDS
    for name, piece in PIECES.items():
        rates = [1e6 * seconds(piece * n) / (len(piece) * n) for n in LENGTHS]
        growth = max(rates[1:]) / rates[0]
        missed |= growth > MOST_GROWTH
        told = "  ".join(f"{len(piece) * n}: {rate:.2f}" for n, rate in zip(LENGTHS, rates, strict=True))
        print(f"{name} (characters: microseconds each)  {told}  {'linear' if growth <= MOST_GROWTH else 'not linear'}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
