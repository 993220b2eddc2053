"""Many writers, readers and gc at once: in every schedule of two, and as processes.

A schedule is every set of at most two preemptions between calls of the port: all of them in
`make faults`; in CI each single one, and a share of the pairs.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.faults.conftest import EVERYTHING
from tests.faults.disk import fingerprint, read_tree
from tests.faults.operations import littered, old_cities
from tests.faults.reading import held
from tests.faults.scheduling import Turns, schedules
from tests.store.making import WRITER, revision

from azds.store import StoreFolder, init_store, verify
from azds.store.gc import collect

Told = list[str | set[str]]
Work = Callable[[], None]


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> Turns:
    return Turns(monkeypatch)


def writer(path: Path, name: str, acknowledged: Told) -> Work:
    def work() -> None:
        dataset = StoreFolder(path).dataset("cities")
        staged = [revision(name, {name: 1}), revision("shared", {name: 1})]
        dataset.commit(staged, writer=WRITER)
        acknowledged.append(name)

    return work


def in_all_schedules(
    tmp_path: Path,
    turns: Turns,
    begins: Callable[[Path], object],
    works: Callable[[Path, Told], list[Work]],
    judge: Callable[[Path, Told], None],
) -> int:
    """Run two works in every schedule; each ends without an error.

    What they told and left is judged once: the same bytes get the same verdict.
    """
    begins(tmp_path / "model")
    shutil.copytree(tmp_path / "model", tmp_path / "count")
    turns.run(works(tmp_path / "count", []), ())
    tried, judged = 0, set[tuple[int, str]]()
    for switches in schedules(turns.steps, 1 if EVERYTHING else 4):
        path = tmp_path / "run"
        shutil.copytree(tmp_path / "model", path)
        told: Told = []
        raised = turns.run(works(path, told), switches)
        assert raised == [], f"switches {switches}"
        left = fingerprint(read_tree(path)), repr(told)
        if left not in judged:
            assert verify(StoreFolder(path), "cities") == [], f"switches {switches}"
            judge(path, told)
            judged.add(left)
        shutil.rmtree(path)
        tried += 1
    print(f"{tried} schedules, {len(judged)} ends")  # noqa: T201 - the figure of docs/reliability.md
    return tried


def test_two_writers_are_both_kept_in_every_schedule(tmp_path: Path, turns: Turns) -> None:
    def works(path: Path, acknowledged: Told) -> list[Work]:
        return [writer(path, name, acknowledged) for name in ("x", "y")]

    def judge(path: Path, acknowledged: Told) -> None:
        dataset = StoreFolder(path).dataset("cities")
        assert set(acknowledged) == {"x", "y"}
        assert [record.number for record in dataset.records()] == [1, 2, 3]
        state = held(path, "cities")
        assert {"x", "y", "shared"} <= set(state)
        assert state["shared"] == state[str(acknowledged[-1])], "the later commit counts"

    assert in_all_schedules(tmp_path, turns, old_cities, works, judge) > 50


def test_gc_never_takes_what_a_writer_made_in_every_schedule(tmp_path: Path, turns: Turns) -> None:
    def works(path: Path, acknowledged: Told) -> list[Work]:
        def tidy() -> None:
            collect(StoreFolder(path), "cities", whole=True)

        return [writer(path, "e", acknowledged), tidy]

    def judge(path: Path, acknowledged: Told) -> None:
        assert acknowledged == ["e"]
        assert set(held(path, "cities")) == {"a", "b", "c", "e", "shared"}
        collect(StoreFolder(path), "cities", whole=True)
        assert verify(StoreFolder(path), "cities") == []

    assert in_all_schedules(tmp_path, turns, littered, works, judge) > 50


def test_a_reader_sees_one_state_in_every_schedule(tmp_path: Path, turns: Turns) -> None:
    def works(path: Path, told: Told) -> list[Work]:
        def read() -> None:
            told.extend(set(held(path, "cities")) for _ in range(2))

        return [read, writer(path, "x", [])]

    def judge(_: Path, seen: Told) -> None:
        old, new = {"a", "b"}, {"a", "b", "x", "shared"}
        assert all(state in (old, new) for state in seen)
        assert seen == sorted(seen, key=len), "what was seen once stays"

    assert in_all_schedules(tmp_path, turns, old_cities, works, judge) > 30


WATCHED = """
import faulthandler, signal
faulthandler.register(signal.SIGALRM, chain=True)
signal.alarm(240)
"""
"""A process that hangs says where, and ends."""

WRITING = """
import pathlib, sys
import pyarrow as pa
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.store import StagedRevision, StagedTable, open_store
name, path, commits = sys.argv[1:]
schema = TableSchema("City", 1, (Column("id", "string", Role.KEY),))
dataset = open_store(pathlib.Path(path)).dataset("cities")
input()
for number in range(int(commits)):
    rows = pa.table({"id": [f"{name}{number}"]})
    table = StagedTable(schema, Coverage("complete"), rows)
    done = dataset.commit([StagedRevision(f"{name}{number}", {"City": table})], writer={})
    print(done.number, flush=True)
"""

READING = """
import json, pathlib, sys
from azds.store import open_store
path, commits = pathlib.Path(sys.argv[1]), int(sys.argv[2])
input()
reads, last = 0, 0
while last < commits:
    dataset = open_store(path).dataset("cities")
    number = len(dataset.records())
    assert number >= last, f"went back from {last} to {number}"
    for manifest in dataset.revisions():
        assert dataset.read_table(manifest.label, "City").num_rows == 1
    reads, last = reads + (number > 0), number
print(json.dumps(reads))
"""


def started(program: str, *words: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", WATCHED + program, *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def go(processes: "list[subprocess.Popen[str]]") -> list[str]:
    """Start all at once; what each printed. None is left behind."""
    try:
        for process in processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        printed = [process.communicate(timeout=300)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    assert [process.returncode for process in processes] == [0] * len(processes)
    return printed


def test_eight_processes_that_commit_at_once_are_all_kept(
    tmp_path: Path, *, everything: bool
) -> None:
    runs, writers, commits = (20, 8, 10) if everything else (1, 4, 5)
    for run in range(runs):
        dataset = init_store(tmp_path / str(run)).create("cities")
        names = "abcdefgh"[:writers]
        printed = go([started(WRITING, name, dataset.store.path, commits) for name in names])
        acknowledged = sorted(int(line) for words in printed for line in words.split())
        assert acknowledged == list(range(1, writers * commits + 1))
        labels = {manifest.label for manifest in dataset.revisions()}
        assert labels == {f"{name}{n}" for name in names for n in range(commits)}
        assert verify(dataset.store, "cities") == []


def test_readers_during_many_commits_never_err_and_never_go_back(
    tmp_path: Path, *, everything: bool
) -> None:
    commits = 60 if everything else 20
    dataset = init_store(tmp_path / "store").create("cities")
    readers = [started(READING, dataset.store.path, commits) for _ in range(2)]
    writers = [started(WRITING, "a", dataset.store.path, commits)]
    began = time.monotonic()
    *reads, _ = go([*readers, *writers])
    total = sum(json.loads(words) for words in reads)
    assert total >= 2
    print(f"{total} reads, {time.monotonic() - began:.1f} s")  # noqa: T201 - the figure
