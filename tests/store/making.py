"""What the tests of the store share: small revisions, and an `os` that fails when told to."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa

from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.store import Headline, StagedRevision, StagedTable

__all__ = ["CITY", "WRITER", "Cut", "FaultyOs", "broken_text", "city_of", "files", "revision"]

CITY = TableSchema(
    "City",
    1,
    (Column("id", "string", Role.KEY), Column("people", "int64", Role.FACT, nullable=True)),
)
WRITER = {"azds": "0.1.0", "pyarrow": pa.__version__}


def revision(
    label: str, people: Mapping[str, int | None], position: int | None = None
) -> StagedRevision:
    """A revision with one table of cities, and a headline that counts them."""
    rows = pa.table(
        {
            "people": pa.array(people.values(), pa.int64()),
            "id": pa.array(people.keys(), pa.string()),
        }
    )
    table = StagedTable(CITY, Coverage("partial", reason="a sample"), rows)
    return StagedRevision(
        label, {"City": table}, position, headline=(Headline("cities", len(people), "all"),)
    )


def city_of(given: StagedRevision) -> StagedTable:
    """The one table of such a revision."""
    table = given.tables["City"]
    assert isinstance(table, StagedTable)
    return table


def broken_text() -> pa.Table:
    """Text that is no UTF-8, as only a faulty program makes it."""
    offsets, data = pa.py_buffer(bytes([0, 0, 0, 0, 1, 0, 0, 0])), pa.py_buffer(b"\xff")
    names = pa.Array.from_buffers(pa.string(), 1, [None, offsets, data])
    return pa.table({"id": names, "people": pa.array([1])})


def files(folder: Path) -> dict[str, bytes]:
    """All files under a folder, with their bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Cut(BaseException):
    """The process ends here: no handler in the store may catch it."""


class FaultyOs:
    """`os` for the port. Counts its calls, and fails those that `fails` picks."""

    touching = frozenset(
        name
        for kind in (
            ("open", "read", "write", "fsync", "close", "stat", "lstat", "fstat", "listdir"),
            ("mkdir", "rename", "replace", "link", "unlink", "rmdir"),
        )
        for name in kind
    )

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.trace: list[tuple[str, tuple[object, ...], object]] = []
        self.fails: Callable[[int], BaseException | None] = lambda _: None
        self.most_per_write: int | None = None
        self._handles: set[int] = set()

    def __getattr__(self, name: str) -> object:
        real: Callable[..., object] = getattr(os, name)
        if name not in self.touching:
            return real

        def call(*args: object) -> object:
            self.calls.append(name)
            fault = self.fails(len(self.calls))
            if name == "write":
                handle, data = args
                assert isinstance(data, memoryview)
                if fault is not None:
                    real(handle, data[: len(data) // 2])
                args = (handle, data[: self.most_per_write])
            if fault is not None:
                raise fault
            result = real(*args)
            self.trace.append((name, args, result))
            if name == "open":
                assert isinstance(result, int)
                self._handles.add(result)
            elif name == "close":
                assert isinstance(args[0], int)
                self._handles.discard(args[0])
            return result

        return call

    def cut_from(self, number: int) -> None:
        """This call and all later ones do not happen."""
        self.fails = lambda at: Cut(self.calls[-1]) if at >= number else None

    def fail_at(self, number: int, code: int) -> None:
        """This call is refused, once."""
        self.fails = lambda at: OSError(code, os.strerror(code)) if at == number else None

    def interrupt_at(self, number: int) -> None:
        """The user presses Ctrl-C at this call."""
        self.fails = lambda at: KeyboardInterrupt() if at == number else None

    def end(self) -> int:
        """What the system does when a process ends: its files are closed, its locks freed.

        Returns how many calls there were.
        """
        count = len(self.calls)
        self.fails = lambda _: None
        self.calls.clear()
        self.trace.clear()
        for handle in self._handles:
            os.close(handle)
        self._handles.clear()
        return count
