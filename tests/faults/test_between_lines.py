"""Ctrl-C, or no memory, between any two lines of the storage modules; then the process ends.

Not only at calls of the system: an interruption comes between lines of Python, in a handler
and in a `finally` too.
"""

import itertools
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from tests.faults.faulty import Faulty
from tests.faults.forging import patched_store
from tests.faults.operations import OPERATIONS
from tests.faults.reading import held

import azds.store
from azds.errors import StorageError
from azds.store import Fault, StoreFolder, verify

LINES_OF = str(Path(azds.store.__file__).parent)
DECODERS = {"parquet.py", "patch_file.py", "patched.py"}
SHARE = {"first commit": 12, "later commit": 24, "patched commit": 8, "gc": 12}


class Lines:
    """Counts the lines of the storage modules that run, and raises before one of them."""

    def __init__(self, number: int = 0, error: type[BaseException] = KeyboardInterrupt) -> None:
        self.number = number
        self.error = error
        self.met: list[tuple[str, int]] = []

    def during(self, does: Callable[[], object]) -> str:
        """`done`, or what came of it."""
        before = sys.gettrace()
        sys.settrace(self._called)
        try:
            does()
        except (KeyboardInterrupt, MemoryError, StorageError) as error:
            return type(error).__name__
        finally:
            sys.settrace(before)
        return "done"

    def _called(self, frame: FrameType, _event: str, _arg: object) -> Any:  # noqa: ANN401 - as sys has it
        return self._line if frame.f_code.co_filename.startswith(LINES_OF) else None

    def _line(self, frame: FrameType, event: str, _arg: object) -> Any:  # noqa: ANN401 - as sys has it
        if event == "line":
            self.met.append((frame.f_code.co_filename, frame.f_lineno))
            if len(self.met) == self.number:
                raise self.error
        return self._line


def picked(met: list[tuple[str, int]], most: int | None) -> list[int]:
    """Where each line is met first and last: all of these, or so many, evenly, and the end."""
    first = {line: at for at, line in reversed(list(enumerate(met, 1)))}
    last = {line: at for at, line in enumerate(met, 1)}
    numbers = sorted({*first.values(), *last.values()})
    return numbers if most is None else [*numbers[:: len(numbers) // most], *numbers[-2:]]


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("name", SHARE)
def test_a_command_that_ends_between_any_two_lines_is_done_or_not_and_can_be_repeated(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    error: type[BaseException],
    *,
    everything: bool,
) -> None:
    operation, faulty = OPERATIONS[name], Faulty(monkeypatch)
    model, numbers = tmp_path / "model", itertools.count()
    operation.begins(model)
    old = held(model, "cities")

    def fresh() -> Path:
        return Path(shutil.copytree(model, tmp_path / str(next(numbers))))

    path, counted = fresh(), Lines()
    assert counted.during(lambda: operation.does(path)) == "done"
    new = held(path, "cities")
    numbers_of_lines = picked(counted.met, None if everything else SHARE[name])
    assert len(counted.met) > 300
    raised = seen = 0
    for number in numbers_of_lines:
        path = fresh()
        outcome = Lines(number, error).during(partial(operation.does, path))
        faulty.end()  # the process ends: its files are closed
        raised += outcome != "done"
        state = held(path, "cities")
        assert state in ([new] if outcome == "done" else [old, new]), f"line {number}"
        seen += state == new
        assert all(
            fault.code.startswith(("leftover-", "log-empty"))
            for fault in verify(StoreFolder(path), "cities")
        ), f"line {number}"
        operation.does(path)
        faulty.end()
        assert held(path, "cities") == new, f"line {number}"
        shutil.rmtree(path)
    assert raised > len(numbers_of_lines) // 2
    assert seen
    print(f"{name}, {error.__name__}: {raised} of {len(counted.met)} lines")  # noqa: T201 - the figure


def test_verify_without_memory_says_so_and_claims_no_damage(
    tmp_path: Path, *, everything: bool
) -> None:
    store = patched_store(tmp_path / "store").store
    counted, told = Lines(), []
    assert counted.during(lambda: what_is_found(store)) == "done"
    for number in picked(counted.met, None):
        if not everything and Path(counted.met[number - 1][0]).name not in DECODERS:
            continue
        outcome = Lines(number, MemoryError).during(lambda: told.append(what_is_found(store)))
        assert outcome in {"done", "MemoryError", "StorageError"}, f"line {number}"
    codes = {fault.code for faults in told for fault in faults}
    assert codes <= {"file-unreadable"}, "the system refused"


def what_is_found(store: Path) -> list[Fault]:
    """All files are read, and the tables in them made."""
    return verify(StoreFolder(store), "cities")
