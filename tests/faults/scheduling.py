"""Two threads that take turns call by call, so that every schedule can be tried.

Before each call of the port a thread waits for its turn. A schedule says after which steps
the other thread goes on; where a thread waits for the lock, or ends, the other goes on too.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from types import SimpleNamespace

import pytest
from tests.store.making import FaultyOs

from azds.store import port

__all__ = ["Turns", "schedules"]

PATIENCE = 20.0
SPARSER = 40
CALLS = FaultyOs.touching


class Turns:
    """The port's `os` and `fcntl` for two threads; `run` lets them take turns."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._turn = threading.Condition()
        self._ours = threading.local()
        self._now = 0
        self._ended: set[int] = set()
        self._switches: frozenset[int] = frozenset()
        self.steps = 0
        monkeypatch.setattr(port, "os", self)
        monkeypatch.setattr(
            port, "fcntl", SimpleNamespace(flock=self._flock, LOCK_EX=fcntl.LOCK_EX)
        )

    def __getattr__(self, name: str) -> object:
        real: Callable[..., object] = getattr(os, name)
        if name not in CALLS:
            return real

        def call(*args: object) -> object:
            self._step()
            return real(*args)

        return call

    def run(self, works: Sequence[Callable[[], None]], switches: Sequence[int]) -> list[str]:
        """Let two threads work, switching after these steps; what they raised."""
        self._now, self.steps = 0, 0
        self._ended.clear()
        self._switches = frozenset(switches)
        raised: list[str] = []
        threads = [
            threading.Thread(target=self._work, args=(number, work, raised), daemon=True)
            for number, work in enumerate(works)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), f"stuck at step {self.steps}, switches {switches}"
        return raised

    def _work(self, number: int, work: Callable[[], None], raised: list[str]) -> None:
        self._ours.number = number
        try:
            self._wait()
            work()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            raised.append(f"{type(error).__name__}: {error}")
        finally:
            with self._turn:
                self._ended.add(number)
                self._now = 1 - number
                self._turn.notify_all()

    def _step(self) -> None:
        if not hasattr(self._ours, "number"):
            return  # the test itself
        self.steps += 1
        if self.steps in self._switches:
            self._give_way()

    def _give_way(self) -> None:
        number = self._ours.number
        with self._turn:
            if 1 - number in self._ended:
                return
            self._now = 1 - number
            self._turn.notify_all()
        self._wait()

    def _wait(self) -> None:
        number = self._ours.number
        with self._turn:
            assert self._turn.wait_for(lambda: self._now == number, PATIENCE)

    def _flock(self, handle: int, how: int) -> None:
        """The lock, without waiting for it while the other cannot go on."""
        self._step()
        while True:
            try:
                fcntl.flock(handle, how | fcntl.LOCK_NB)
            except BlockingIOError:
                self._give_way()
            else:
                return


def schedules(steps: int, share: int) -> Iterator[tuple[int, ...]]:
    """No switch, each one, and each set of two; of these one in `share`, of sets one in its square.

    The first is always among them.
    """
    yield ()
    yield from ((at,) for at in range(1, steps + 1, share))
    for number, pair in enumerate(combinations(range(1, steps + 1), 2)):
        if number % (share * share * SPARSER if share > 1 else 1) == 0:
            yield pair
