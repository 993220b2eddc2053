"""Texts read by processes beside this one, in order, while what they say is stored here.

A process beside has one batch at a time, so that no pipe fills up; it lives as long as the
iterator. One that dies is not missed: its texts are read here.
"""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from itertools import chain, islice
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import TypeVar

from azds.dataset.readings import Reader, Text, Told

__all__ = ["read_ahead", "spare_processors"]

_MOST = 2
"""More processes would wait: storing takes as long as two of them read."""

T = TypeVar("T")

Batch = tuple[T, Sequence[Text]]
"""Something of the caller's own, and its texts."""


def spare_processors() -> int:
    """How many processes may read beside this one: one for each other processor, two at most."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(_MOST, (there or 1) - 1)


def read_ahead(
    batches: Iterable[Batch[T]], reader: Reader, workers: int
) -> Generator[tuple[T, Iterable[Told]], None, None]:
    """What the texts of each batch say, batch by batch, in order.

    Args:
        batches: The batches; a few are taken ahead.
        reader: Reads what is read here: all, where there is one batch or no `workers`.
        workers: How many processes to start beside this one.
    """
    coming = iter(batches)
    begun = list(islice(coming, 2 if workers else 0))
    if len(begun) < 2:  # noqa: PLR2004 - nothing to do meanwhile
        for own, texts in chain(begun, coming):
            yield own, map(reader.read, texts)
        return
    beside: list[_Beside] = []
    free, held = deque[_Beside](), deque[tuple[T, Sequence[Text], _Beside]]()

    def take() -> tuple[T, Iterable[Told]]:
        own, texts, worker = held.popleft()
        told = worker.answer()
        free.append(worker)
        return own, map(reader.read, texts) if told is None else told

    try:
        for _ in range(workers):
            beside.append(_Beside(reader.subject, reader.family))
            free.append(beside[-1])
        for own, texts in chain(begun, coming):
            done = None if free else take()
            worker = free.popleft()
            worker.ask(texts)
            held.append((own, texts, worker))
            if done is not None:
                yield done
        while held:
            yield take()
    finally:
        for worker in beside:
            worker.stop()


class _Beside:
    """A process that reads the texts it is sent."""

    def __init__(self, subject: str, family: str) -> None:
        context = multiprocessing.get_context("spawn")
        resource_tracker.ensure_running()  # started later, it would let Ctrl-C through again
        self._line, far = context.Pipe()
        self._process = context.Process(target=_serve, args=(far, subject, family), daemon=True)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()  # it never sees Ctrl-C: to stop is for this process to do
        except OSError:  # no more processes: as one that died
            self._line.close()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            far.close()

    def ask(self, texts: Sequence[Text]) -> None:
        """Send it texts; it must have answered all others."""
        try:
            self._line.send(texts)
        except OSError:
            self.stop()

    def answer(self) -> list[Told] | None:
        """What the texts say; None if the process is no more."""
        try:
            told: list[Told] = self._line.recv()
        except (OSError, EOFError):
            self.stop()
            return None
        return told

    def stop(self) -> None:
        """End it, whatever it does."""
        self._line.close()
        if self._process.pid is not None:
            self._process.kill()
            self._process.join()


def _serve(line: Connection, subject: str, family: str) -> None:
    """Read what is sent until nobody sends."""
    reader = Reader(subject, family)
    while True:
        try:
            texts: Sequence[Text] = line.recv()
            line.send([reader.read(text) for text in texts])
        except (OSError, EOFError):
            return
