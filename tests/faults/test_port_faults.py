"""Every call of every command that writes goes wrong once, in six ways.

The call and all later ones do not happen (a kill; a write stops half-way), the disk fails or
is full, a write is short, the user presses Ctrl-C, memory runs out. Then the store opens at
the old or the new state, says so truly, and the same command works.
"""

import errno
import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.faults.faulty import MODES, Cut, Faulty, Mode
from tests.faults.operations import OPERATIONS, Operation, state_of
from tests.faults.reading import Rows

from azds.errors import StorageError
from azds.store import StoreFolder, verify
from azds.store.gc import collect, find_leftovers

SHARES: dict[Mode, Callable[[int], int]] = {
    "cut": lambda most: most,
    "EIO": lambda most: most // 3,
    "ENOSPC": lambda most: most // 6,
    "short": lambda most: most,
    "interrupt": lambda most: most // 6,
    "MemoryError": lambda most: most // 6,
}
"""How much of an operation's share each mode has."""


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faulty]:
    proxy = Faulty(monkeypatch)
    yield proxy
    proxy.end()


@pytest.fixture(params=OPERATIONS)
def operation(request: pytest.FixtureRequest) -> Operation:
    return OPERATIONS[request.param]


class Runs:
    """The command on a fresh copy of what it begins with, as often as it is asked for."""

    def __init__(self, folder: Path, operation: Operation) -> None:
        self.folder = folder
        self.operation = operation
        self.numbers = itertools.count()
        operation.begins(folder / "model")
        self.old = self.state(folder / "model")
        done = self.fresh()
        operation.does(done)
        self.new = self.state(done)

    def state(self, path: Path) -> Rows | None:
        return state_of(path, self.operation.dataset)

    def fresh(self) -> Path:
        path = self.folder / str(next(self.numbers))
        if (self.folder / "model").exists():
            shutil.copytree(self.folder / "model", path)
        return path

    def finish(self, path: Path, case: str) -> None:
        """The same command works, and leaves nothing that should not be there."""
        self.operation.does(path)
        assert self.state(path) == self.new, case
        store = StoreFolder(path)
        whole = [one for one in find_leftovers(store, self.operation.dataset) if one.is_whole]
        assert whole == [], case
        collect(store, self.operation.dataset)
        assert verify(store, self.operation.dataset) == [], case
        shutil.rmtree(path)


def picked(calls: int, most: int, *, everything: bool) -> Iterator[int]:
    """The calls to try: all, or so many, evenly; and one after the last."""
    step = 1.0 if everything or calls <= most else calls / most
    at = 1.0
    while at <= calls:
        yield int(at)
        at += step
    yield calls + 1


@pytest.mark.parametrize("mode", MODES)
def test_a_command_that_goes_wrong_at_any_call_is_done_or_not_and_can_be_repeated(
    tmp_path: Path, faulty: Faulty, operation: Operation, mode: Mode, *, everything: bool
) -> None:
    runs = Runs(tmp_path, operation)
    path = runs.fresh()
    calls = faulty.count(lambda: operation.does(path))
    shutil.rmtree(path)
    numbers = picked(len(calls), SHARES[mode](operation.most), everything=everything)
    if mode == "short":
        numbers = (at for at, name in enumerate(calls, 1) if name == "write")
    tried = 0
    for number in numbers:
        case = f"{mode} at call {number}"
        path = runs.fresh()
        faulty.arm(mode, number)
        outcome = outcome_of(operation, path)
        faulty.end()
        faulty.short_at = 0
        state = runs.state(path)
        if operation is not OPERATIONS["init"]:
            allowed = {"done": [runs.new], "storage-failed": [runs.old, runs.new]}
            assert state in allowed.get(outcome, [runs.old, runs.new]), case
        if outcome == "commit-unknown":
            assert state == runs.new, f"{case}: what is unknown can be seen"
        if mode == "short":
            assert outcome == "done", case
        runs.finish(path, case)
        tried += 1
    print(f"{tried} runs of {len(calls)} calls, {mode}")  # noqa: T201 - the figure of docs/reliability.md


def outcome_of(operation: Operation, path: Path) -> str:
    """`done`, the kind of the error, or how the process ended."""
    try:
        operation.does(path)
    except StorageError as error:
        return error.kind
    except (Cut, KeyboardInterrupt, MemoryError) as ended:
        return type(ended).__name__
    return "done"


@pytest.mark.parametrize("name", ["first commit", "later commit"])
def test_a_failed_commit_says_truly_whether_it_happened(
    tmp_path: Path, faulty: Faulty, name: str
) -> None:
    """`storage-failed` is the old state, `commit-unknown` the new one."""
    runs = Runs(tmp_path, OPERATIONS[name])
    path = runs.fresh()
    calls = faulty.count(lambda: runs.operation.does(path))
    seen = set()
    for number in range(1, len(calls) + 1):
        path = runs.fresh()
        faulty.arm("EIO", number)
        outcome = outcome_of(runs.operation, path)
        faulty.end()
        told = {"storage-failed": runs.old, "commit-unknown": runs.new, "done": runs.new}
        assert runs.state(path) == told[outcome], f"call {number}"
        seen.add(outcome)
    assert seen == {"done", "storage-failed", "commit-unknown"}


def test_no_sync_is_tried_again_on_the_file_whose_sync_failed(
    tmp_path: Path, faulty: Faulty, operation: Operation
) -> None:
    runs = Runs(tmp_path, operation)
    path = runs.fresh()
    calls = faulty.count(lambda: operation.does(path))
    for number, name in enumerate(calls, 1):
        if name != "fsync":
            continue
        path = runs.fresh()
        faulty.end()
        faulty.fail_at(number, errno.EIO)
        outcome_of(operation, path)
        after = faulty.calls[number:]
        assert after[:1] in ([], ["close"]), "the file is closed, and not synced again"
        faulty.end()


def test_one_byte_at_a_time_gives_the_same_files(tmp_path: Path, faulty: Faulty) -> None:
    from tests.store.making import files

    runs = Runs(tmp_path, OPERATIONS["later commit"])
    whole, slow = runs.fresh(), runs.fresh()
    runs.operation.does(whole)
    faulty.is_always_short = True
    writes = faulty.count(lambda: runs.operation.does(slow)).count("write")
    assert files(slow) == files(whole)
    assert writes > 1_000
