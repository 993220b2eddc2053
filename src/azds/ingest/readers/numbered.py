"""Numbered lines: which of them are the list of references."""

import re
from dataclasses import dataclass, field

from azds.ingest.blocks import Part
from azds.ingest.source import Source

__all__ = ["NumberedLine", "reference_lines"]

_NUMBERED = re.compile(r"[ \t]{1,6}([1-9]\d{0,3})\.\s+(?=\S)")
_HEADING = re.compile(
    r"(?:notes|references|citations|footnotes|sources|notes and references|works cited)"
    r"(?:\s*\[edit[^\[\]]{0,20}\])?$",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\b(?:Retrieved|Archived|Accessed|ISBN|https?:)|^[ \t]+\d+\.\s+[\"\u201c^]"
)
_NOTICE = re.compile(r"This article is|The text is available|Retrieved from ")
_HIGHEST_FIRST = 3
_MOST_LOST = 2


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A numbered line: its number, and where the words behind it start."""

    number: int
    words: int


@dataclass(slots=True)
class _Run:
    """Numbered lines that follow each other, their numbers rising; blank lines may lie between.

    Attributes:
        under: The line before the first.
        goes_on: Whether a sentence follows the last.
        lines: The lines by their position.
    """

    under: str
    goes_on: bool = False
    lines: dict[int, NumberedLine] = field(default_factory=dict)

    def last(self) -> int:
        """The number of its last line."""
        return next(reversed(self.lines.values())).number


def reference_lines(source: Source, lines: list[Part]) -> dict[int, NumberedLine]:
    """The lines of the lists of references, by their position.

    Lists under a heading that says so; else the last numbered list, if its
    entries look like references or marks in the text cite them.
    """
    runs = _runs(source.clean, lines)
    headed = [run for run in runs if _HEADING.fullmatch(run.under)]
    if headed:
        return {at: line for run in headed for at, line in run.lines.items()}
    if not runs:
        return {}
    last = runs[-1]
    words = (source.clean[lines[at].start : lines[at].end] for at in last.lines)
    highest = max((mark.number or 0 for mark in source.marks), default=0)
    is_cited = 0 < highest <= _MOST_LOST * last.last() and not last.goes_on
    return last.lines if is_cited or any(_REFERENCE.search(line) for line in words) else {}


def _runs(text: str, lines: list[Part]) -> list[_Run]:
    runs: list[_Run] = []
    before = ""
    is_open = False
    for at, line in enumerate(lines):
        words = text[line.start : line.end]
        match = _NUMBERED.match(words)
        if match:
            number = int(match[1])
            if is_open and number <= runs[-1].last():
                is_open = False
            if not is_open and number <= _HIGHEST_FIRST:
                runs.append(_Run(before))
                is_open = True
            if is_open:
                runs[-1].lines[at] = NumberedLine(number, line.start + match.end())
        elif words.strip():
            if is_open:
                runs[-1].goes_on = words.rstrip().endswith(".") and not _NOTICE.match(words)
            is_open = False
            before = words.strip()
    return runs
