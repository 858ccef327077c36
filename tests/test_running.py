"""Workers: order, limits, replacement, and that nothing hangs or stays behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_reports import SAMPLES

from derive.results import DocumentResult
from derive.running.conduct import Answer, Ask, Failed, Lost, Outcome, Task, conduct
from derive.running.options import CheckOptions, options_from_json, options_to_json
from derive.running.pool import Pool, count_workers
from derive.running.process import Nursery, Source, Spawner, WorkersUnavailable, describe_end
from derive.running.wire import document_from_json, to_json

HERE = Path(__file__).parent
OPTIONS = CheckOptions(time_limit=0.3, memory_limit=1 << 29)
SOURCES = [Nursery, Spawner] if hasattr(os, "fork") else [Spawner]


def source_of(kind: type[Source], module: str = "fake_checking") -> Source:
    return kind(module, OPTIONS.memory_limit, (str(HERE),))  # type: ignore[call-arg]


def run(*texts: str, jobs: int = 1, kind: type[Source] = SOURCES[0]) -> list[DocumentResult]:
    tasks = [Task(f"d{k}.md", text) for k, text in enumerate(texts)]
    with Pool(OPTIONS, source_of(kind)) as pool:
        return list(pool.check(tasks, jobs))


def reasons(document: DocumentResult) -> list[str]:
    return [step.reason for derivation in document.derivations for step in derivation.steps]


@pytest.mark.parametrize("kind", SOURCES)
def test_units_are_decided_in_order_and_see_the_earlier_ones(kind: type[Source]) -> None:
    (document,) = run("one\ntwo\nthree", kind=kind)
    assert document.path == "d0.md"
    assert reasons(document) == ["after []", "after ['after']", "after ['after', 'after']"]


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("hang", "out of time (0.3 s)"),
        ("spin", "out of time (0.3 s)"),
        ("eat", "out of memory"),
        ("killed", "out of memory"),
        ("segfault", "the worker stopped (SIGSEGV)"),
        ("raise", "internal error (ValueError: no such thing)"),
        ("recurse", "nested too deeply"),
    ],
)
def test_a_unit_that_is_lost_is_given_up_and_the_rest_goes_on(kind: type[Source], line: str, reason: str) -> None:
    (document,) = run(f"one\n{line}\nthree", kind=kind)
    told = reasons(document)
    assert told == ["after []", reason, f"after ['after', '{reason[:5]}']"]
    assert [step.verdict for step in document.derivations[0].steps] == ["proved", "unknown", "proved"]


def test_every_unit_may_be_lost() -> None:
    (document,) = run("segfault\nhang\nkilled\nsegfault")
    assert len(reasons(document)) == 4
    assert {step.verdict for step in document.derivations[0].steps} == {"unknown"}


@pytest.mark.parametrize(
    "text",
    [
        "open segfault",
        "open raise",
        "one\nfinish segfault",
        "one\nfinish raise",
        "always segfault",
        "always raise",
    ],
)
def test_a_document_that_cannot_be_read_or_finished_is_a_finding(text: str) -> None:
    broken, whole = run(text, "one")
    assert [finding.code for finding in broken.findings] == ["N590"]
    assert broken.findings[0].message.startswith("the document could not be ")
    assert reasons(whole) == ["after []"]


def test_reading_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derive.running.conduct.DOCUMENT_LIMIT", 0.3)
    slow, whole = run("open hang", "one")
    assert slow.findings[0].message == "the document could not be read: out of time (0.3 s)"
    assert reasons(whole) == ["after []"]


def test_jobs_do_not_change_the_results() -> None:
    texts = ["sleep 0.1\none", "two\nsegfault", "", "three\nraise\nfour", "five"]
    assert run(*texts, jobs=1) == run(*texts, jobs=2) == run(*texts, jobs=5)


def test_workers_print_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    run("print")
    assert capfd.readouterr() == ("", "")


def test_progress_is_told() -> None:
    told: list[tuple[int, int, int]] = []
    with Pool(OPTIONS, source_of(SOURCES[0])) as pool:
        list(pool.check([Task("a", "one\ntwo"), Task("b", "")], 1, lambda *news: told.append(news)))
    assert told == [(0, 0, 2), (0, 1, 2), (0, 2, 2), (1, 0, 0)]


def test_a_checker_that_cannot_be_imported_is_said() -> None:
    with (
        pytest.raises(WorkersUnavailable, match="no_such_checker"),
        Pool(OPTIONS, source_of(SOURCES[0], "no_such_checker")) as pool,
    ):
        list(pool.check([Task("a", "one")]))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where workers come from a nursery")
def test_a_nursery_that_dies_is_replaced() -> None:
    nursery = Nursery("fake_checking", OPTIONS.memory_limit, (str(HERE),))
    with Pool(OPTIONS, nursery) as pool:
        assert reasons(next(iter(pool.check([Task("a", "one")])))) == ["after []"]
        nursery.child.kill()
        nursery.child.wait()
        (document,) = pool.check([Task("a", "one\nsegfault\nthree")])
        assert reasons(document)[0] == "after []"
        assert len(reasons(document)) == 3


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
@pytest.mark.parametrize("ending", ["KILL", "INT", "TERM"])
def test_no_worker_outlives_the_parent(ending: str, tmp_path: Path) -> None:
    marker = f"orphan-{os.getpid()}-{ending}"
    script = (
        "import sys; from test_running import *\n"
        "nursery = Nursery('fake_checking', 1 << 29, (sys.argv[1], sys.argv[2]))\n"
        "with Pool(CheckOptions(time_limit=60), nursery) as pool:\n"
        "    print('ready', flush=True); list(pool.check([Task('a', 'spin'), Task('b', 'hang')], 2))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)])}
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(HERE), marker],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ready\n"
    wait_for(lambda: len(list(processes_with(marker))) == 4)
    parent.send_signal(getattr(__import__("signal"), f"SIG{ending}"))
    parent.wait(10)
    wait_for(lambda: not list(processes_with(marker)))
    parent.stdout.close()


def processes_with(marker: str) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and marker.encode() in (entry / "cmdline").read_bytes():
                yield int(entry.name)
        except OSError:
            continue


def wait_for(condition: object) -> None:
    end = time.monotonic() + 10
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


def drive(outcomes: list[Outcome], units: int = 2) -> tuple[list[object], dict[str, object]]:
    """Runs a conductor on given outcomes; what it asked for, and its result."""
    conductor = conduct(Task("a.md", ""), CheckOptions(), lambda done, units: None)
    asked: list[object] = []
    ask: Ask = next(conductor)
    for outcome in outcomes:
        asked.append((ask.message["do"], ask.message.get("index"), ask.message.get("results")))
        try:
            ask = conductor.send(outcome)
        except StopIteration as stop:
            return asked, stop.value
    raise AssertionError("not finished")


def test_conduct_hands_the_results_so_far_to_the_next_worker() -> None:
    opened, first, second = Answer(["u", "v"]), Answer({"r": 1}), Answer({"r": 2})
    asked, result = drive([opened, first, Lost("x"), opened, second, Answer({"path": "a.md"})])
    assert asked == [
        ("open", None, []),
        ("decide", 0, None),
        ("decide", 1, None),
        ("open", None, [{"r": 1}]),
        ("give up", 1, None),
        ("finish", None, None),
    ]
    assert result == {"path": "a.md"}


@pytest.mark.parametrize(
    "outcomes",
    [
        [Lost("x")],
        [Failed("x")],
        [Answer(["u"]), Lost("x"), Lost("x")],
        [Answer(["u"]), Lost("x"), Answer(["u"]), Lost("x")],
        [Answer(["u"]), Failed("x"), Failed("x")],
        [Answer(["u"]), Answer({}), Failed("x")],
    ],
)
def test_conduct_ends_whatever_is_lost(outcomes: list[Outcome]) -> None:
    _, result = drive(outcomes)
    assert [finding["code"] for finding in result["findings"]] == ["N590"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", SAMPLES)
def test_results_survive_the_wire(name: str) -> None:
    for document in SAMPLES[name].documents:
        assert document_from_json(json.loads(json.dumps(to_json(document)))) == document


def test_options_survive_the_wire() -> None:
    options = CheckOptions(2.5, 10, True, True, ("E",), ("N5", "I201"), ("my.md",))
    assert options_from_json(json.loads(json.dumps(options_to_json(options)))) == options


def test_options_select() -> None:
    assert CheckOptions().selects("E101")
    assert CheckOptions(select=("E", "I2")).selects("I201")
    assert not CheckOptions(select=("E",)).selects("I201")
    assert not CheckOptions(ignore=("I2",)).selects("I201")


@pytest.mark.parametrize("limit", [0, -1, float("inf"), float("nan")])
def test_options_refuse_what_is_no_limit(limit: float) -> None:
    with pytest.raises(ValueError, match="not a time limit"):
        CheckOptions(time_limit=limit)


def test_workers_are_no_more_than_documents() -> None:
    assert count_workers(8, 3) == 3
    assert count_workers(2, 3) == 2
    assert count_workers(None, 1) == 1
    assert count_workers(2, 0) == 0


def test_ends_are_described() -> None:
    assert describe_end(77) == "out of memory"
    assert describe_end(-11) == "the worker stopped (SIGSEGV)"
    assert describe_end(3) == "the worker stopped (status 3)"
