"""A wikitext divided into sections that can be read by themselves.

A section is cut at the line of a heading. Where something is open at that line (a
comment, a template that a later section closes, a table in a table), or where the
line turns out to be no heading, the stretches on both sides are one section.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

from azds.ingest.readers.wikitext import ReadSection

__all__ = ["divide"]

_FEW = 200
_SHORTEST = 200
"""How long a section is at least, in the mean, where there are more than a few."""
_HEADING = re.compile(r"^=[^\n]*=[ \t]*$", re.MULTILINE)


class _Read(Protocol):
    """What was read of a section."""

    @property
    def read(self) -> ReadSection:
        """The section as read by itself."""


S = TypeVar("S", bound=_Read)


def divide(text: str, read: Callable[[str], S]) -> list[S]:
    """The sections of a text in order, each read; together they are the text.

    One, where headings stand so close that to read each by itself would cost far more.
    Linear in the text: a stretch is read again only where it is joined to others, and a
    section is joined at most once for each of the four reasons.
    """
    cuts = [0, *(match.start() for match in _HEADING.finditer(text) if match.start())]
    if len(cuts) > _FEW + len(text) // _SHORTEST:
        cuts = [0]
    pieces = [text[start:end] for start, end in pairwise([*cuts, len(text)])]
    held = [read(piece) for piece in pieces]
    last_stray = max((at for at, one in enumerate(held) if one.read.pairs.is_stray), default=-1)
    found: list[S] = []
    at = 0
    while at < len(pieces):
        one, stop = held[at], at + 1
        while (reach := _reach(one, held, stop, last_stray)) > stop:
            stop = reach
            one = read("".join(pieces[at:stop]))
        found.append(one)
        at = stop
    return found


def _reach(one: S, held: Sequence[S], stop: int, last_stray: int) -> int:
    """Up to which stretch the section reaches that was read up to `stop`."""
    if one.read.pairs.is_endless or one.read.in_table:
        return len(held)
    if one.read.pairs.is_open and last_stray >= stop:
        return last_stray + 1
    while stop < len(held) and not _is_headed(held[stop]):
        stop += 1
    return stop


def _is_headed(one: S) -> bool:
    blocks = one.read.document.blocks
    return bool(blocks) and blocks[0].kind == "heading"
