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
from azds.ingest.readers.row_lines import divided, is_row_head
from azds.ingest.rendering import Rendering
from azds.ingest.source import Source

__all__ = ["STYLE", "looks_like", "read"]

STYLE = "cell-lines"

_PICTURE = re.compile(r"(?:File|Image):[^\n|]{1,150}?\.(?:svg|png|jpe?g|gif)\s*")
_EDIT = re.compile(r"\s*\[edit(?:\s\|[^\[\]]{0,20})?\]\s*$")
_ORDINAL = re.compile(r"\d{1,3}\.?|[\u2010-\u2015-]")
_BACK = re.compile(r"(?:\u2191|\^)\s*")
_HEAD_REACH = 3
_HEADING_WORDS = 10
_CELL_WORDS = 12


def looks_like(text: str) -> float:
    """How much a text looks like this form: 0 to 1."""
    lines = [words for line in text[:100_000].split("\n") if (words := line.strip())]
    for at, words in enumerate(lines):
        if is_row_head(words):
            return 0.9
        if is_state_head(words) and any(
            is_date_head(one) for one in lines[at + 1 : at + 1 + _HEAD_REACH]
        ):
            return 0.9
    return 0.0


def read(source: Source) -> Document:
    """The blocks of a text in this form."""
    return _Reader(source).read()


class _Reader:
    """Goes through the lines that are not blank."""

    def __init__(self, source: Source) -> None:
        self.rendering = Rendering(source, marked=True)
        self.text = self.rendering.markup
        lines = [trimmed(self.text, line) for line in lines_of(self.text)]
        whole = [line for line in lines if line.start < line.end]
        self.lines, self.row_starts = divided(self.text, whole)
        self.blocks: list[Block] = []
        self.place = "lead"
        self.number = 0

    def read(self) -> Document:
        """The document."""
        at = 0
        while at < len(self.lines):
            columns = self._head(at)
            if columns:
                at = self._table(at, columns)
            else:
                self._line(at)
                at += 1
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
                    if is_date_head(self._words(at + lead + reach)):
                        notes = self._words(at + lead + reach + 1).casefold() == "notes"
                        return lead + reach + 1 + notes
        return 0

    def _table(self, at: int, columns: int) -> int:
        numbered = not is_state_head(self._words(at))
        rows = [GridRow(tuple(self._cell([self.lines[at + n]]) for n in range(columns)))]
        at += columns
        while at < len(self.lines) and not self._is_heading(at) and not self._head(at):
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

    def _begins(self, at: int, *, numbered: bool) -> bool:
        """Whether a row begins with a line: a number and a name behind it, or a name alone."""
        if at in self.row_starts:
            return True
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
                and stop not in self.row_starts
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
            and not self._is_heading(stop)
            and not self._head(stop)
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
        lines = [
            Block(shown.start, shown.end, "paragraph", "table")
            for part in parts
            if (shown := self._render(part))
        ]
        return GridCell(
            lines[0].start if lines else at, lines[-1].end if lines else at, tuple(lines)
        )

    def _is_heading(self, at: int) -> bool:
        words = self._words(at)
        return _EDIT.search(words) is not None and bare(_EDIT.sub("", words), _HEADING_WORDS)

    def _line(self, at: int) -> None:
        line, words = self.lines[at], self._words(at)
        if self._is_heading(at):
            edit = _EDIT.search(words)
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
