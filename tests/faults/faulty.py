"""The port's `os` and `fcntl`, each call of which can be cut, refused or shortened."""

import errno
import fcntl
from collections.abc import Callable
from types import SimpleNamespace
from typing import Literal

import pytest
from tests.store.making import Cut, FaultyOs

from azds.store import port

__all__ = ["MODES", "Cut", "Faulty", "Mode"]

Mode = Literal["cut", "EIO", "ENOSPC", "short", "interrupt", "MemoryError"]
MODES: tuple[Mode, ...] = ("cut", "EIO", "ENOSPC", "short", "interrupt", "MemoryError")


class Faulty(FaultyOs):
    """`FaultyOs` that counts the lock as well, and can be told a mode by its name."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.short_at = 0
        self.is_always_short = False
        monkeypatch.setattr(port, "os", self)
        names = {name: getattr(fcntl, name) for name in ("LOCK_EX", "LOCK_SH", "LOCK_NB")}
        monkeypatch.setattr(port, "fcntl", SimpleNamespace(flock=self._flock, **names))

    def __getattr__(self, name: str) -> object:
        call = super().__getattr__(name)
        if name != "write":
            return call

        def write(handle: int, data: memoryview) -> object:
            is_short = self.is_always_short or len(self.calls) + 1 == self.short_at
            self.most_per_write = 1 if is_short else None
            assert callable(call)
            return call(handle, data)

        return write

    def _flock(self, handle: int, how: int) -> None:
        self.calls.append("flock")
        fault = self.fails(len(self.calls))
        if fault is not None:
            raise fault
        fcntl.flock(handle, how)

    def arm(self, mode: Mode, number: int) -> None:
        """This call (for `cut`: and all later ones) goes wrong."""
        self.end()
        self.short_at = number if mode == "short" else 0
        if mode == "cut":
            self.cut_from(number)
        elif mode == "interrupt":
            self.interrupt_at(number)
        elif mode == "MemoryError":
            self.fails = lambda at: MemoryError() if at == number else None
        elif mode != "short":
            self.fail_at(number, {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC}[mode])

    def count(self, does: Callable[[], object]) -> list[str]:
        """The calls that something makes."""
        self.end()
        does()
        calls = list(self.calls)
        self.end()
        return calls
