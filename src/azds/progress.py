"""How far long work has come, for whoever listens; nobody does unless asked to.

The library tells, at few places, of rows, bytes or files that are done. It reads no
clock and prints nothing: how soon and how often to show it is the listener's affair.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeAlias

__all__ = ["Listener", "Task", "Unit", "listening", "task"]

Unit: TypeAlias = Literal["rows", "bytes", "files", "parts", "revisions"]
"""What is counted."""


class Task:
    """Some work that takes a while.

    Attributes:
        what: What is done, in words: `comparing`.
        unit: What is counted.
        total: How many there are; None where that is not known.
        done: How many are done; about, so it may pass `total` a little.
        is_over: Whether it ended, be it by an error.
    """

    __slots__ = ("done", "is_over", "total", "unit", "what")

    def __init__(self, what: str, unit: Unit, total: int | None, done: int = 0) -> None:
        self.what = what
        self.unit = unit
        self.total = total
        self.done = done
        self.is_over = False


Listener: TypeAlias = Callable[[Task], object]
"""Called when a task begins, goes on and is over; quickly, and from any thread."""

_listener: Listener | None = None


@contextmanager
def listening(listener: Listener | None) -> Iterator[None]:
    """Tell this listener of all work of this process, on whatever thread; None: nobody.

    >>> with listening(lambda one: print(one.what, one.done, "of", one.total)):
    ...     with task("counting", "rows", 2) as advance:
    ...         advance(2)
    counting 0 of 2
    counting 2 of 2
    counting 2 of 2
    """
    global _listener  # noqa: PLW0603 - work goes on in threads, which share no context
    before, _listener = _listener, listener
    try:
        yield
    finally:
        _listener = before


@contextmanager
def task(what: str, unit: Unit, total: int | None) -> Iterator[Callable[[int], None]]:
    """Some work that takes a while; gives what is to be called with how many more are done."""
    tell = _listener
    if tell is None:
        yield _nobody
        return
    one = Task(what, unit, total)

    def advance(more: int) -> None:
        one.done += more
        tell(one)

    tell(one)
    try:
        yield advance
    finally:
        one.is_over = True
        tell(one)


def _nobody(_: int) -> None:
    """Nobody listens."""
