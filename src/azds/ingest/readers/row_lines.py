"""Tables whose rows came out as one line each: "5  Israel 10 October 1970", "#CountryDate".

Bare text glues the cells of a row together, with a blank, a tab, or nothing.
A header that names a column of states and one of dates, alone on a line, opens
such a table; its rows are divided where the name ends and where the date begins.
"""

import re
from collections.abc import Sequence

from azds.entities import states
from azds.ingest.blocks import Part
from azds.ingest.grids import is_date_head, is_state_head

__all__ = ["divided", "is_row_head"]

_HEAD = re.compile(
    r"(?P<number>#|No\.|N[o°º]\.?)?\s*(?P<state>[A-Z][a-z]+(?: [a-z]+)?)\s*"
    r"(?P<date>[A-Z][A-Za-z ]*)"
)
_NUMBER = re.compile(
    r"(?P<number>\d{1,3}\.?|[\u2010-\u2015-])?\s*"
    r"(?:(?:File:|Image:)?[\w ,.()'-]{1,80}\.(?:svg|png)\s*)?(?=\S)"
)
_DATE = re.compile(
    r"(?:\b[Bb]efore\s*|\b[Aa]fter\s*|\bc\.\s*|\()?(?:(?:\d{1,2}\s+)?(?:January|February|March|April|May|June|July|"
    r"August|September|October|November|December)(?:\s+\d{1,2},?)?\s+)?(?:1[5-9]|20)\d\d\b|"
    r"[Uu]nknown\b|\bNo\s+date\b|\(?[Ss]uspended\b|\(?[Ss]evered\b"
)
_MORE = re.compile(r"Notes?\b|Remarks\b|Comments?\b")
"""A column behind the dates: its words cannot be told from them in a line."""

_LONGEST = 160


def is_row_head(words: str) -> bool:
    """Whether a line is the whole header of a table of states and dates."""
    match = _head(words)
    return match is not None


def divided(text: str, lines: Sequence[Part]) -> tuple[list[Part], set[int]]:
    """The lines, with those of such tables divided into cells; and where a row starts.

    The second is positions in the first. A header has a cell for each column it names;
    a row too, and its number is empty where it has none.
    """
    parts: list[Part] = []
    starts: set[int] = set()
    numbered: bool | None = None
    for line in lines:
        words = text[line.start : line.end]
        head = _head(words)
        if head:
            numbered = head["number"] is not None
            parts += [
                Part(line.start + head.start(name), line.start + head.end(name))
                for name in ("number", "state", "date")
                if head[name] is not None
            ]
            continue
        cells = None if numbered is None else _cells(words, numbered=numbered)
        if cells is None:
            numbered = None
            parts.append(line)
        else:
            starts.add(len(parts))
            parts += [Part(line.start + start, line.start + end) for start, end in cells]
    return parts, starts


def _head(words: str) -> re.Match[str] | None:
    match = _HEAD.fullmatch(words.strip()) if len(words) <= _LONGEST else None
    if match is None or _MORE.search(match["date"]):
        return None
    return match if is_state_head(match["state"]) and is_date_head(match["date"]) else None


def _cells(words: str, *, numbered: bool) -> list[tuple[int, int]] | None:
    """Where the cells of a row stand in its line; None for a line that is no row.

    A row has a number and a date, or the name of a state.
    """
    number = _NUMBER.match(words)
    if number is None or len(words) > _LONGEST:
        return None
    date = _DATE.search(words, number.end())
    end = date.start() if date else len(words)
    name = words[number.end() : end]
    is_row = bool(name.strip()) and (
        states().resolve(name.strip()) is not None or (number["number"] and date)
    )
    if not is_row:
        return None
    first = [(number.start(), number.end("number") if number["number"] else 0)] if numbered else []
    return [*first, (number.end(), number.end() + len(name.rstrip())), (end, len(words))]
