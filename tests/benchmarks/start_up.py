"""How long the start takes, against importing SymPy: `python tests/benchmarks/start_up.py [ROUNDS]`.

Runs each command several times, one after the other in turn so that a busy moment meets them all, and prints medians
and ratios. Fails when `derive --help` takes more than half as long as `import sympy`, or `derive check softmax` more
than three times as long.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

BASE = "import sympy"
COMMANDS: dict[str, tuple[list[str], float]] = {
    BASE: (["-c", "import sympy"], 1.0),
    "derive --help": (["-m", "derive", "--help"], 0.5),
    "derive check softmax": (["-m", "derive", "check", "softmax"], 3.0),
}


def measure(arguments: list[str]) -> float:
    """Seconds from start to end of a fresh Python with these arguments."""
    begin = time.perf_counter()
    run = subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if run.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(arguments)} ended with {run.returncode}: {run.stderr.decode()}")
    return time.perf_counter() - begin


def main(rounds: int) -> int:
    """Prints the table; the exit status."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for number in range(rounds + 1):
        for name, (arguments, _) in COMMANDS.items():
            seconds = measure(arguments)
            # the first round warms the caches of the disk and writes the compiled modules
            if number:
                times[name].append(seconds)
    base = statistics.median(times[BASE])
    status = 0
    for name, (_, bar) in COMMANDS.items():
        median = statistics.median(times[name])
        ratio = median / base
        late = ratio > bar
        status |= late
        print(f"{name:<22} {median:6.3f} s   {ratio:5.2f} x   (bar {bar:g} x){'   TOO SLOW' if late else ''}")
    return status


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
