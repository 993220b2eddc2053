"""Rows of tables in the text of a page: one line for the country, the date and how notes begin.

A flag leaves a no-break space, its alt text, or the name of its file before the
country, so names may stand twice. Rows of other forms are in `row_lines`.
"""

import re

from azds.entities import states
from azds.ingest.blocks import Cell, Part
from azds.ingest.calendar_words import find_dates
from azds.ingest.readers.lines import bare, lines_of, trimmed
from azds.ingest.readers.row_words import LEAD, LONGEST, SEE, began_end, cut_row, read_head

__all__ = ["PageRows", "has_region_table"]

_NOTES = re.compile(rf"{SEE.pattern}|\bBoth\s|\(")
_POINTER = re.compile(r"See\s(?!also$)")
_NOTES_LAST = re.compile(r"(?:Notes?|Remarks?|Comments?)\s*$", re.MULTILINE)
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015"
_ROW_WORDS = 12
_REACH = 40
_LEAST = 2


def has_region_table(text: str) -> bool:
    """Whether rows stand under the one line that heads a table of states, dates and notes."""
    rows, left = 0, 0
    for line in lines_of(text) if _NOTES_LAST.search(text) else ():
        words = text[line.start : line.end]
        head = read_head(words)
        if head and head["notes"]:
            rows, left = 0, _REACH
        elif left and words.strip():
            row = cut_row(text, trimmed(text, line), has_notes=True)
            left -= 1
            rows += row is not None and bool(states().resolve(text[row.name.start : row.name.end]))
            if rows >= _LEAST:
                return True
    return False


class PageRows:
    """What stands in the lines of a text that are rows; keeps the last header and name found.

    Attributes:
        head: The columns of the last header, where its words are all of relations.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.head: re.Match[str] | None = None
        self._named = Part(0, 0), (0, 0)

    def is_row(self, line: Part, *, is_apart: bool, goes_on: bool) -> bool:
        """Whether a line in a table is a row: it begins with a name, and a date or nothing follows.

        `is_apart` tells that a blank line stands before it, `goes_on` that none follows.
        """
        start, end = self.name(line)
        rest = self._behind(end, line.end)
        if end == start or began_end(self.text, rest, line.end) > rest:
            short = bare(self.text[line.start : line.end], _ROW_WORDS)
            has_date = bool(find_dates(self.text, line.start, line.end))
            return end > start or (not is_apart and short and has_date)
        if rest == line.end and (not is_apart or goes_on or start > line.start):
            return True
        doubled = states().halves(self.text[start:end]) is not None
        return doubled or _POINTER.match(self.text, rest, line.end) is not None

    def name(self, line: Part) -> tuple[int, int]:
        """Where the name that begins a row starts and ends; empty if no known name does."""
        if self._named[0] != line:
            self._named = line, self._find_name(line)
        return self._named[1]

    def cells(self, line: Part) -> tuple[Cell, ...]:
        """The cells of a row: the country, when relations began, notes."""
        start, end = self.name(line)
        if end == start:
            end = self._before(min(self._cuts(start, line.end)))
        rest = self._behind(end, line.end)
        stop = began_end(self.text, rest, line.end)
        notes = self._behind(stop, line.end)
        return (
            Cell(start, end, "country"),
            *(self._dated(rest, stop) if rest < stop else ()),
            *([Cell(notes, line.end, "notes")] if notes < line.end else ()),
        )

    def _dated(self, start: int, end: int) -> list[Cell]:
        """The cells of dates; where the header names recognition too, a lone one may be either."""
        if self.head is None or not self.head["recognized"]:
            return [Cell(start, end, "began")]
        if self.head["date"] is None:
            return [Cell(start, end, "recognized")]
        dates = find_dates(self.text, start, end)
        if len(dates) < _LEAST:
            return []
        first = dates[0].end
        return [Cell(start, first, "recognized"), Cell(self._behind(first, end), end, "began")]

    def _find_name(self, line: Part) -> tuple[int, int]:
        lead = LEAD.match(self.text, line.start, min(line.end, line.start + LONGEST))
        start = lead.end() if lead and lead["number"] != "-" else line.start
        for end in self._cuts(start, line.end):
            if states().resolve(self.text[start:end]):
                return start, self._before(end)
        first = states().first(self.text, start, line.end)
        if first is None:
            return start, start
        again = states().first(self.text, self._behind(first[0], line.end), line.end)
        return start, again[0] if again and again[1] == first[1] else first[0]

    def _cuts(self, start: int, end: int) -> list[int]:
        """Where the name may end at the latest: before the date, or before the notes."""
        dates = find_dates(self.text, start, end)[:1]
        notes = _NOTES.search(self.text, start + 1, end)
        return [dates[0].start if dates else end, *([notes.start()] if notes else [])]

    def _behind(self, at: int, end: int) -> int:
        """The next place that is no blank."""
        while at < end and self.text[at].isspace():
            at += 1
        return at

    def _before(self, at: int) -> int:
        """The place behind the last character that is no blank and no dash."""
        while self.text[at - 1].isspace() or self.text[at - 1] in _DASHES:
            at -= 1
        return at
