"""How long the search for repairs takes: `python -m tests.benchmarks.repairs`.

Measured are the silent pages, whose false steps are searched as in a document, and a document of sixty lines with three
slips.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from derive.checking import open_document
from derive.running.options import CheckOptions

PAGES = Path(__file__).parent.parent / "silent"
SIXTY = r"""
\begin{align}
\sum_{i=1}^n (x_i - a)^2 &= \sum_{i=1}^n (x_i^2 - 2 a x_i + a^2) \\
&= \sum_{i=1}^n x_i^2 - 2 a \sum_{i=1}^n x_i FIRST n a^2 \\
&= \sum_{i=1}^n x_i (x_i - 2 a) + n a^2 \\
&= n a^2 - 2 a \sum_{i=1}^n x_i + \sum_{i=1}^n x_i^2
\end{align}

\begin{align}
\frac{d}{dx} \frac{1}{1 + e^{-x}} &= \frac{e^{-x}}{(1 + e^{-x})^2} \\
&= \frac{1}{1 + e^{-x}} \cdot \frac{e^{-x}}{1 + e^{-x}} \\
&= \frac{1}{1 + e^{-x}} \left(1 SECOND \frac{1}{1 + e^{-x}}\right) \\
&= \frac{1}{2 + e^{x} + e^{-x}}
\end{align}

\begin{align}
(a + b)^3 - (a - b)^3 &= 6 a^2 b + 2 b^3 \\
&= 2 b (3 a^2 THIRD b^2) \\
&= 2 b (3 (a^2 + b^2) - 2 b^2) \\
&= 6 b (a^2 + b^2) - 4 b^3
\end{align}
"""


def sixty_lines() -> str:
    """The document of sixty lines."""
    right = {"FIRST": "+", "SECOND": "-", "THIRD": "+"}
    wrong = {"FIRST": "-", "SECOND": "+", "THIRD": "-"}
    text = ""
    for number in range(5):
        part = SIXTY
        for k, (place, sign) in enumerate(right.items()):
            part = part.replace(place, wrong[place] if k == number else sign)
        text += part
    return text


def units(text: str) -> tuple[list[float], float]:
    """The seconds of each search for a repair that was made, and of the whole document."""
    start = perf_counter()
    examination = open_document("document.md", text, CheckOptions())
    results: list[dict[str, Any]] = []
    searches = []
    for index, name in enumerate(examination.units):
        began = perf_counter()
        results.append(examination.decide(index, results))
        if name.startswith("repair") and results[int(name.split()[1])]["step"]["verdict"] in ("refuted", "unknown"):
            searches.append(perf_counter() - began)
    return searches, perf_counter() - start


def main() -> None:
    times = sorted(t for page in sorted(PAGES.glob("*.md")) for t in units(page.read_text(encoding="utf-8"))[0])
    print(f"searches {len(times)}: median {1000 * median(times):.1f} ms, largest {times[-1]:.2f} s")
    searches, whole = units(sixty_lines())
    print(f"sixty lines, three slips: {whole:.2f} s in all, {sum(searches):.2f} s of them for repairs")


if __name__ == "__main__":
    main()
