"""Warnings of the library, told by the command line in one line each on stderr."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from azds.cli.opening import say
from azds.release.refused import WithdrawnWarning

__all__ = ["told_warnings"]


@contextmanager
def told_warnings() -> Iterator[None]:
    """While the block runs, a warning is a line for people, without a place in the code."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", WithdrawnWarning)
        warnings.showwarning = _tell
        yield


def _tell(message: Warning | str, *_: object, **__: object) -> None:
    say(f"warning: {message}")
