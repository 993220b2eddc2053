"""Tables whose rows came out as one line each: "5  Israel 10 October 1970", "#CountryDate".

A header that names a column of states and one of dates, alone on a line, opens
such a table. Its rows are divided where the name ends and where the date
begins. What is left of a row whose name was lost, and a few odd lines, end no table;
a sentence or a heading does. Where the header names notes, lines behind a row are its notes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from azds.entities import states
from azds.ingest.blocks import Part
from azds.ingest.readers.lines import bare, tells
from azds.ingest.readers.row_words import DATE, LONGEST, RowWords, cut_row, read_head

__all__ = ["EDIT", "LineTable", "divided", "is_row_head"]

EDIT = re.compile(r"\s*\[edit(?:\s\|[^\[\]]{0,20})?\]\s*$")
"""What a wiki prints behind a heading."""

_LITTLE = re.compile(
    rf"(?:{DATE.pattern})[^\w]*|\([^()]*\)[^\w]*|[\d\W]*+(?:Template:\w++[\d\W]*+)*", re.IGNORECASE
)
"""A date, a number, marks or words in brackets alone: what is left of a row, or added to one."""
_NO_HEADING = re.compile(
    r"(?:See|Further|Main|Both|The two)\b|[\u2022*-]|.*\b(?:1[5-9]|20)\d\d\b", re.IGNORECASE
)
_OTHER_HEAD = re.compile(
    r"(?:#|No\.)?\s*(?:Countr(?:y|ies)|States?|Nations?|Organi[sz]ations?|Entity|Name|Date)(?![a-z])"
)
"""How the header of another table begins, or a heading over other states."""
_WORDS = 10
_LEAP = 20
_MOST_ODD = 3


@dataclass(slots=True)
class LineTable:
    """A table of such rows.

    Attributes:
        head: The header, a row too.
        has_notes: Whether the header names notes.
        rows: The rows behind it.
        number: The last number of a row.
    """

    head: RowWords
    has_notes: bool
    rows: list[RowWords] = field(default_factory=list)
    number: int = 0

    def cells(self) -> list[list[list[Part]]]:
        """The lines of each cell of each row; all rows have a cell for a number, or none has."""
        rows = [self.head, *self.rows]
        is_numbered = any(row.number.start < row.number.end for row in rows)
        shown = slice(0 if is_numbered else 1, 4 if self.has_notes else 3)
        return [[[row.number], [row.name], [row.date], row.notes][shown] for row in rows]


def is_row_head(words: str) -> bool:
    """Whether a line is the whole header of a list of states and dates, one line a row.

    Rows with notes, and without numbers, run over many lines: that is another form.
    """
    head = read_head(words)
    return head is not None and _is_list(head) and bool(head["number"] or not head["notes"])


def divided(text: str, lines: Sequence[Part]) -> tuple[list[Part], dict[int, list[LineTable]]]:
    """The lines outside such tables; and the tables, by how many of these stand before."""
    divider = _Divider(text)
    for line in lines:
        divider.take(line)
    divider.close()
    return divider.parts, divider.tables


class _Divider:
    """Takes line after line; knows the table that is open, and odd lines since its last row."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[Part] = []
        self.tables: dict[int, list[LineTable]] = {}
        self.open: LineTable | None = None
        self.odd: list[Part] = []

    def take(self, line: Part) -> None:
        """A line: a header, a row, what goes on in a table, or what ends it."""
        words = self.text[line.start : line.end]
        head = read_head(words)
        if head and _is_list(head):
            self.close()
            self.open = _opened(line, head)
        elif self.open is None:
            self.parts.append(line)
        elif row := self._row(self.open, line):
            if self.open.has_notes and self.open.rows:
                self.open.rows[-1].notes += self.odd
            self.odd = []
            self.open.rows.append(row)
        elif not self._goes_on(self.open, line, words):
            self.close()
            self.parts.append(line)

    def close(self) -> None:
        """The open table ends; odd lines behind its last row are not of it."""
        if self.open:
            self.tables.setdefault(len(self.parts), []).append(self.open)
        self.parts += self.odd
        self.odd = []
        self.open = None

    def _goes_on(self, table: LineTable, line: Part, words: str) -> bool:
        """Whether a line that is no row leaves the table open."""
        if EDIT.search(words) or (_OTHER_HEAD.match(words) and bare(words, _WORDS)):
            return False
        if table.has_notes and table.rows:
            lines = self.odd if self.odd or _may_be_heading(words) else table.rows[-1].notes
            lines.append(line)
            return True
        if _LITTLE.fullmatch(words):
            row = table.rows[-1] if table.rows and not self.odd else None
            if row and not row.is_dated and words[0].isalnum() and DATE.match(words):
                row.date = line
            return True
        is_sentence = words[0] not in "([" and (tells(words) or words[-1] in ".:?!")
        if is_sentence or len(self.odd) >= _MOST_ODD:
            return False
        self.odd.append(line)
        return True

    def _row(self, table: LineTable, line: Part) -> RowWords | None:
        """The row that a line is: with a state's name, a number and a date, or the next number."""
        row = cut_row(self.text, line, has_notes=table.has_notes)
        if row is None or (line.end - line.start > LONGEST and not table.has_notes):
            return None
        name = self.text[row.name.start : row.name.end]
        mark = self.text[row.number.start : row.number.end].rstrip(".")
        number = int(mark) if mark.isdigit() else 0
        if states().resolve(name):
            is_marked = bool(mark) or row.has_picture or (table.has_notes and row.is_dated)
            is_row = is_marked or not self.odd
        else:
            is_next = table.number < number <= table.number + _LEAP
            is_name = name[:1].isupper() and bare(name, _WORDS) and not tells(name)
            is_row = is_name and (is_next or (bool(mark) and row.is_dated))
        if is_row:
            table.number = number or table.number
        return row if is_row else None


def _is_list(head: re.Match[str]) -> bool:
    return head["date"] is not None and not head["recognized"]


def _opened(line: Part, head: re.Match[str]) -> LineTable:
    """The table that a header opens."""
    number, state, date, notes = (
        Part(line.start + max(head.start(name), 0), line.start + max(head.end(name), 0))
        for name in ("number", "state", "date", "notes")
    )
    has_notes = head["notes"] is not None
    return LineTable(RowWords(number, state, date, [notes] if has_notes else []), has_notes)


def _may_be_heading(words: str) -> bool:
    return bare(words, _WORDS) and not tells(words) and not _NO_HEADING.match(words)
