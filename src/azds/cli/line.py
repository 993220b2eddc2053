"""The line that tells how far long work has come, with the time that is left.

Nothing is written in the first second of a task. Loaded only where there is a terminal.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from time import monotonic
from typing import TextIO

from azds.progress import Task, listening

__all__ = ["Line", "drawn", "on_terminal", "told"]

_PATIENCE = 1.0
"""Seconds before a task is shown: shorter work shows nothing."""
_PAUSE = 0.2
_ERASE = "\r\x1b[K"
_SCALES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
_BAR = 24
_LONG = 90.0
"""Seconds, and minutes, from which the next larger unit is told."""


class Line:
    """The line: the task begun last of those that take long, and how far it is."""

    def __init__(
        self, stream: TextIO, columns: Callable[[], int], now: Callable[[], float] = monotonic
    ) -> None:
        self._stream = stream
        self._columns = columns
        self._now = now
        self._begun: dict[Task, float] = {}
        self._is_there = False
        self._lock = Lock()

    def note(self, task: Task) -> None:
        """A task began, went on or is over; the line goes with the last one."""
        if task in self._begun and not task.is_over:
            return
        with self._lock:
            if not task.is_over:  # looked at once more: another thread may have ended it
                self._begun.setdefault(task, self._now())
                return
            self._begun.pop(task, None)
            if not self._begun:
                self._erase()

    def draw(self) -> None:
        """Write the line anew, if anything takes long."""
        with self._lock:
            now = self._now()
            long = [one for one, begun in self._begun.items() if now - begun >= _PATIENCE]
            if not long:
                return
            alike = [one for one in long if one.what == long[-1].what]  # both sides of a diff
            passed = now - min(self._begun[one] for one in alike)
            self._is_there = True
            self._write(_ERASE + told(alike, passed, self._columns() - 1))

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the line away while something else is told."""
        with self._lock:
            self._erase()
            yield

    def _erase(self) -> None:
        if self._is_there:
            self._is_there = False
            self._write(_ERASE)

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # the terminal is gone, and the work goes on
            self._begun.clear()


def told(tasks: list[Task], passed: float, width: int) -> str:
    """Tasks of one kind in a line of at most `width` columns, `passed` seconds after they began.

    The bar gives way first, then the counts.

    >>> told([Task("comparing", "rows", 10000000, 2500000)], 4.0, 100)
    'azds: comparing  2,500,000 of 10,000,000 rows  ######..................   25%  12 s left'
    >>> told([Task("comparing", "rows", 10000000, 2500000)], 4.0, 50)
    'azds: comparing   25%  12 s left'
    >>> told([Task("reading", "bytes", None, 3000000)], 4.0, 50)
    'azds: reading  3.0 MB'
    """
    what, unit = tasks[-1].what, tasks[-1].unit
    done = sum(one.done for one in tasks)
    total = sum(one.total or 0 for one in tasks)
    head = f"azds: {what}"
    if not total:
        return f"{head}  {_amount(done, done, unit)} {_name(done, unit)}"[:width]
    share = min(1.0, done / total)
    if not share:
        return f"{head} ..."[:width]
    filled = int(share * _BAR)
    bar = f"  {'#' * filled}{'.' * (_BAR - filled)}"
    tail = f"  {share:4.0%}"
    if share < 1:
        tail += f"  {_duration(passed / share - passed)} left"
    of = f"{_amount(min(done, total), total, unit)} of {_amount(total, total, unit)}"
    counts = f"  {of} {_name(total, unit)}"
    lines = (head + counts + bar + tail, head + counts + tail, head + tail)
    return next((line for line in lines if len(line) <= width), tail.strip()[:width])


def _scale(total: int, unit: str) -> tuple[float, str]:
    scales = _SCALES if unit == "bytes" else ()
    return next(((scale, name) for scale, name in scales if total >= scale), (1.0, unit))


def _name(total: int, unit: str) -> str:
    name = _scale(total, unit)[1]
    return name.removesuffix("s") if total == 1 else name


def _amount(count: int, total: int, unit: str) -> str:
    """A number in the scale in which the total is told."""
    scale = _scale(total, unit)[0]
    return f"{count / scale:.1f}" if scale > 1 else f"{count:,}"


def _duration(seconds: float) -> str:
    """About how long.

    >>> _duration(7.4), _duration(600), _duration(7200)
    ('7 s', '10 min', '2.0 h')
    """
    if seconds < _LONG:
        return f"{max(seconds, 1):.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < _LONG else f"{minutes / 60:.1f} h"


@contextmanager
def drawn(line: Line) -> Iterator[None]:
    """Draw the line, again and again, while this is entered."""
    is_over = Event()

    def draw() -> None:
        while not is_over.wait(_PAUSE):
            line.draw()

    thread = Thread(target=draw, daemon=True)
    thread.start()
    try:
        with listening(line.note):
            yield
    finally:
        is_over.set()
        thread.join()
        with line.aside():
            pass


def on_terminal() -> Line:
    """The line on stderr, as wide as the terminal is."""
    return Line(sys.stderr, _columns)


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80
