"""Whether it is shown how far long work has come: on a terminal, and nowhere else."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded where there is a terminal
    from azds.cli.line import Line

__all__ = ["aside", "shown"]

_line: "Line | None" = None


@contextmanager
def shown() -> Iterator[None]:
    """Show how far work has come while this is entered, if stderr is a terminal."""
    global _line  # noqa: PLW0603 - a process has one terminal
    if not sys.stderr.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        yield
        return
    from azds.cli.line import drawn, on_terminal

    _line = on_terminal()
    try:
        with drawn(_line):
            yield
    finally:
        _line = None


@contextmanager
def aside() -> Iterator[None]:
    """Take the line away, if there is one, while something else is told."""
    if _line is None:
        yield
        return
    with _line.aside():
        yield
