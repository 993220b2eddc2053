"""Form `cell-lines`: the bare text of a page, each cell of its tables on a line of its own.

What `text_content()` of an HTML library gives. A table is known by its header:
lines that name the columns; a row begins where a number of the list stands, or
the name of a state alone. Rows that came as one line each are divided first.
"""

import re

from azds.entities import states
from azds.ingest.blocks import Block, Document, Kind, Part
from azds.ingest.grids import GridCell, GridRow, is_date_head, is_state_head, read_grid
from azds.ingest.readers.lines import bare, lines_of, tells, trimmed
from azds.ingest.readers.row_lines import EDIT, divided, is_row_head
from azds.ingest.rendering import Rendering
from azds.ingest.source import Source

__all__ = ["STYLE", "looks_like", "read"]

STYLE = "cell-lines"

_PICTURE = re.compile(r"(?:File|Image):[^\n|]{1,150}?\.(?:svg|png|jpe?g|gif)\s*")
_BULLET = re.compile(r"[\u2022*-]\s+")
_ORDINAL = re.compile(r"\d{1,3}\.?|[\u2010-\u2015-]")
_BACK = re.compile(r"(?:\u2191|\^)\s*")
_HEAD_REACH = 3
_HEADING_WORDS = 10
_HEAD_WORDS = 7
_CELL_WORDS = 12


def looks_like(text: str) -> float:
    """How much a text looks like this form: 0 to 1."""
    lines = [words for line in text[:100_000].split("\n") if (words := line.strip())]
    for at, words in enumerate(lines):
        if is_row_head(words):
            return 0.9
        if is_state_head(words) and any(
            _is_date_cell(one) for one in lines[at + 1 : at + 1 + _HEAD_REACH]
        ):
            return 0.9
    return 0.0


def read(source: Source) -> Document:
    """The blocks of a text in this form."""
    return _Reader(source).read()


def _is_date_cell(words: str) -> bool:
    """Whether a line is the head of a column of dates, and no words that announce a list."""
    return is_date_head(words) and bare(words, _HEAD_WORDS)


class _Reader:
    """Goes through the lines that are not blank."""

    def __init__(self, source: Source) -> None:
        self.rendering = Rendering(source, marked=True)
        self.text = self.rendering.markup
        lines = [trimmed(self.text, line) for line in lines_of(self.text)]
        whole = [line for line in lines if line.start < line.end]
        self.lines, self.tables = divided(self.text, whole)
        self.blocks: list[Block] = []
        self.place = "lead"
        self.number = 0

    def read(self) -> Document:
        """The document."""
        at = 0
        while at < len(self.lines):
            self._line_tables(at)
            columns = self._head(at)
            if columns:
                at = self._table(at, columns)
            else:
                self._line(at)
                at += 1
        self._line_tables(at)
        return Document(self.rendering.finish(), STYLE, tuple(self.blocks), whole_rows=True)

    def _words(self, at: int) -> str:
        line = self.lines[at] if at < len(self.lines) else Part(0, 0)
        return self.text[line.start : line.end]

    def _bare(self, at: int) -> str:
        return _PICTURE.sub("", self._words(at)).strip()

    def _head(self, at: int) -> int:
        """How many columns the header has that starts here; 0 if none does."""
        for lead in (0, 1):
            if is_state_head(self._words(at + lead)) and (
                lead == 0 or self._words(at) in {"#", "No."}
            ):
                for reach in range(1, _HEAD_REACH):
                    if _is_date_cell(self._words(at + lead + reach)):
                        notes = self._words(at + lead + reach + 1).casefold() == "notes"
                        return lead + reach + 1 + notes
        return 0

    def _line_tables(self, at: int) -> None:
        """The tables that stand before a line and came with a row a line."""
        for table in self.tables.pop(at, []):
            rows = [GridRow(tuple(self._cell(cell) for cell in row)) for row in table.cells()]
            self.blocks += read_grid(self.rendering.between, rows, len(self.blocks))

    def _table(self, at: int, columns: int) -> int:
        numbered = not is_state_head(self._words(at))
        columns_told = columns if numbered else columns + self._more_heads(at + columns)
        rows = [GridRow(tuple(self._cell([self.lines[at + n]]) for n in range(columns_told)))]
        at += columns_told
        while at < len(self.lines) and not self._ends_table(at):
            begins = self._begins(at, numbered=numbered)
            if not begins:
                if numbered:
                    break
                at += 1
                continue
            at, row = self._row(at, columns, numbered=numbered)
            rows.append(row)
        self.blocks += read_grid(self.rendering.between, rows, len(self.blocks))
        return at

    def _more_heads(self, at: int) -> int:
        """How many short lines stand between the known heads and the first row: more heads."""
        for more in range(_HEAD_REACH):
            if at + more >= len(self.lines) or self._begins(at + more, numbered=False):
                return more
            if len(self._words(at + more).split()) > _HEAD_REACH:
                break
        return 0

    def _begins(self, at: int, *, numbered: bool) -> bool:
        """Whether a row begins with a line: a number and a name behind it, or a name alone."""
        if numbered:
            return _ORDINAL.fullmatch(self._words(at)) is not None
        return states().resolve(self._bare(at)) is not None

    def _row(self, at: int, columns: int, *, numbered: bool) -> tuple[int, GridRow]:
        """One row: its cells are the next lines; what runs on behind the last is notes."""
        if numbered:
            stop = at + 1
            while (
                stop < len(self.lines)
                and stop < at + columns
                and stop not in self.tables
                and not _ORDINAL.fullmatch(self._words(stop))
                and not self._is_heading(stop)
            ):
                stop += 1
            cells = [self._cell([self.lines[n]]) for n in range(at, stop)]
            return stop, GridRow(tuple(cells))
        name = self._cell([self.lines[at]])
        stop = at + 1
        while (
            stop < len(self.lines)
            and not self._begins(stop, numbered=False)
            and not self._ends_table(stop)
        ):
            stop += 1
        behind = self.lines[at + 1 : stop]
        dated = (
            bool(behind)
            and len(self._words(at + 1).split()) <= _CELL_WORDS
            and not tells(self._words(at + 1))
            and re.search(r"\d{4}|unknown|none|^\W*$", self._words(at + 1), re.IGNORECASE)
        )
        date = self._cell(behind[:1] if dated else [])
        notes = self._cell(behind[1:] if dated else behind)
        return stop, GridRow((name, date, notes))

    def _cell(self, parts: list[Part]) -> GridCell:
        at = self.rendering.at
        lines: list[Block] = []
        for part in parts:
            bullet = _BULLET.match(self.text, part.start, part.end)
            shown = self._render(Part(bullet.end() if bullet else part.start, part.end))
            if shown:
                kind: Kind = "item" if bullet else "paragraph"
                lines.append(Block(shown.start, shown.end, kind, "table"))
        return GridCell(
            lines[0].start if lines else at, lines[-1].end if lines else at, tuple(lines)
        )

    def _ends_table(self, at: int) -> bool:
        return at in self.tables or self._is_heading(at) or self._head(at) > 0

    def _is_heading(self, at: int) -> bool:
        words = self._words(at)
        return EDIT.search(words) is not None and bare(EDIT.sub("", words), _HEADING_WORDS)

    def _line(self, at: int) -> None:
        line, words = self.lines[at], self._words(at)
        if self._is_heading(at):
            edit = EDIT.search(words)
            shown = self._render(
                Part(line.start, line.start + (edit.start() if edit else len(words)))
            )
            kind: Kind = "heading"
            self.place = "prose"
        elif back := _BACK.match(self.text, line.start, line.end):
            self.number += 1
            shown = self._render(Part(back.end(), line.end))
            if shown:
                self.blocks.append(
                    Block(shown.start, shown.end, "reference", "references", number=self.number)
                )
            return
        else:
            shown, kind = self._render(line), "paragraph"
        if shown:
            self.blocks.append(
                Block(shown.start, shown.end, kind, "heading" if kind == "heading" else self.place)
            )

    def _render(self, part: Part) -> Part | None:
        picture = _PICTURE.match(self.text, part.start, part.end)
        begun = self.rendering.at
        self.rendering.copy(picture.end() if picture else part.start, part.end)
        end = self.rendering.at
        self.rendering.put("\n", part.end, part.end)
        return Part(begun, end) if end > begun else None
