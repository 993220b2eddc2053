"""Style `html-text`: the text of an HTML page, tables and references included.

Blank lines divide blocks; a heading is a bare line between blank lines. A
flag in a table leaves a no-break space, or its alt text, before the country,
so names may stand twice. Columns of a table run together in one line; a cell
of several paragraphs becomes paragraphs between the rows, and a row may lose
its first line.
"""

import re

from azds.entities import states
from azds.ingest.began_cells import cell_end
from azds.ingest.blocks import Block, Cell, Document, Kind, Part
from azds.ingest.calendar_words import find_dates
from azds.ingest.readers.lines import bare, is_markup, lines_of, tells, trimmed
from azds.ingest.readers.numbered import reference_lines
from azds.ingest.source import Source

__all__ = ["STYLE", "looks_like", "read"]

STYLE = "html-text"

_HEAD = re.compile(
    r"(?:(?:#|No\.?)\s+)?(?:Country|State|Region|Organi[sz]ation|Entity)\b.*"
    r"\b(?:beg[au]n|established|since|date|notes?)\b",
    re.IGNORECASE,
)
_HEAD_CELL = re.compile(
    r"(?:#|No\.?|Country|State|Region|Date|Notes?|(?:Formal )?Relations Began|Contents)",
    re.IGNORECASE,
)
_ROW = re.compile(r"\xa0+\S")
_ROW_NUMBER = re.compile(r"[\s\xa0]*(?:\d{1,3}|[\u2013\u2014])[\s\xa0]+(?=[^\W\d_])")
_MARKED = re.compile(r"\xa0+\S|[ \t]+\u2022\s|[ \t]{1,6}\d{1,4}\.\s")
_NOTE = re.compile(r"\s+\u2022\s+")
_NOTICE = re.compile(r"This article is issued from|The text is available under|Retrieved from ")
_SEE = re.compile(r"See\s(?!also$)")
_NOTES = re.compile(r"\bSee\s|(?<=\d)See\s|\bBoth\s|\(")
_EDIT = re.compile(r"\s*\[edit(?:\s\|[^\[\]]{0,20})?\]$")
_CAPTION = re.compile(
    r"(?:(?:The\s+)?(?:Embassy|Consulate|Consulate-General|High Commission|Ambassador|President|"
    r"Prime Minister|Foreign Minister|Minister|Headquarters|Building|Logo|Location|Flags?|Map)\b.*"
    r"\b(?:in|of|with|at|and)\b|Countries\s+(?:with|that|which)\b)"
)
_BETWEEN_LINKS = re.compile(r"\s[\u00b7\u2022|]\s")
_SENTENCE_ENDS = frozenset(".:?!\"'”)")
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015"
_ITEM_WORDS = 6
_HEADING_WORDS = 14
_ROW_WORDS = 12


def looks_like(text: str) -> float:
    """How much a text looks like this style: 0 to 1."""
    signs = (
        re.search(r"^\xa0+\S", text, re.MULTILINE),
        re.search(r"^[ \t]+\u2022 ", text, re.MULTILINE),
        re.search(r"^[ \t]{1,4}1\. \S", text, re.MULTILINE),
        re.search(r"\n\n\S[^\n.]{2,60}\n\n", text),
    )
    return sum(sign is not None for sign in signs) / len(signs)


def read(source: Source) -> Document:
    """The blocks of a text in this style."""
    return Document(source, STYLE, tuple(_Reader(source).read()))


class _Reader:
    """Goes through the lines once; knows the table and row that are open."""

    def __init__(self, source: Source) -> None:
        self.text = source.clean
        self.raw = list(lines_of(source.clean))
        self.lines = [trimmed(source.clean, line) for line in self.raw]
        self.references = reference_lines(source, self.raw)
        self.blocks: list[Block] = []
        self.title = ""
        self.row: int | None = None
        self.in_table = False
        self.after_heading = False
        self.blank_before = 1
        self.named = Part(0, 0), (0, 0)
        self.run_end = 0
        self.run_speaks = True
        self.after_colon = False

    def read(self) -> list[Block]:
        """All blocks, in order."""
        at = 0
        while at < len(self.lines):
            if self._is_blank(at):
                self.blank_before += 1
                at += 1
                continue
            if self.in_table and self.blank_before > 1:
                self.row = None
            at = self._block(at)
            self.blank_before = 0
        return self.blocks

    def _block(self, at: int) -> int:
        line = self.lines[at]
        words = self.text[line.start : line.end]
        raw = self.text[self.raw[at].start : self.raw[at].end]
        note = _NOTE.match(raw)
        if not self.blocks:
            self.title = words
            self._add("title", line, "lead")
        elif _NOTICE.match(words) or is_markup(words):
            self._add("notice", line, "notice")
        elif at in self.references:
            self._add_reference(at)
        elif _HEAD.match(words) and bare(words, _ROW_WORDS):
            self.in_table, self.row = True, None
            self._add("head", line, "table")
        elif note:
            inner = Part(self.raw[at].start + note.end(), line.end)
            self._add("note" if self.in_table else "item", inner, self._place("list"))
        elif self._is_row(at, raw):
            self._add_row(line)
        elif self._is_heading(at, words):
            self._add_heading(line, words)
        else:
            return self._add_run(at)
        return at + 1

    def _is_blank(self, at: int) -> bool:
        return at >= len(self.lines) or self.lines[at].start == self.lines[at].end

    def _is_row(self, at: int, raw: str) -> bool:
        """Whether a line is a row: marked by its flag, or it begins with a name in a table."""
        line = self.lines[at]
        start, end = self._name(line)
        if _ROW.match(raw):
            return self.in_table or end > start
        if not self.in_table:
            return False
        rest = self._behind(end, line.end)
        if end == start or cell_end(self.text, rest, line.end) > rest:
            short = bare(self.text[line.start : line.end], _ROW_WORDS)
            return end > start or (not self.blank_before and short and self._has_date(line))
        if rest == line.end and not self.blank_before:
            return True
        doubled = states().halves(self.text[start:end]) is not None
        return doubled or _SEE.match(self.text, rest, line.end) is not None

    def _has_date(self, line: Part) -> bool:
        return bool(find_dates(self.text, line.start, line.end))

    def _name(self, line: Part) -> tuple[int, int]:
        """Where the name that begins a row starts and ends; empty if no known name does."""
        if self.named[0] != line:
            self.named = line, self._find_name(line)
        return self.named[1]

    def _find_name(self, line: Part) -> tuple[int, int]:
        number = _ROW_NUMBER.match(self.text, line.start, line.end)
        start = number.end() if number else line.start
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

    def _add_row(self, line: Part) -> None:
        """A row and its cells: the country, when relations began, notes."""
        start, end = self._name(line)
        if end == start:
            end = self._before(min(self._cuts(start, line.end)))
        cells = [Cell(start, end, "country")]
        rest = self._behind(end, line.end)
        stop = cell_end(self.text, rest, line.end)
        if stop > rest:
            cells.append(Cell(rest, stop, "began"))
        rest = self._behind(stop, line.end)
        if rest < line.end:
            cells.append(Cell(rest, line.end, "notes"))
        self.in_table, self.row = True, len(self.blocks)
        self.blocks.append(
            Block(line.start, line.end, "row", "table", cells=tuple(cells), table=True)
        )

    def _is_heading(self, at: int, words: str) -> bool:
        edited = _EDIT.search(words) if words.endswith("]") else None
        if edited:
            return bare(words[: edited.start()], _HEADING_WORDS)
        return (
            self.blank_before > 0
            and self._is_blank(at + 1)
            and bare(words, _HEADING_WORDS)
            and words[0].isupper()
            and self.raw[at].start == self.lines[at].start
            and not tells(words)
            and not self._is_other(words)
        )

    def _is_other(self, words: str) -> bool:
        """Whether a bare line is a pointer, a caption, a cell, a date, or navigation."""
        dates = find_dates(words)
        return (
            words == self.title
            or any(date.end - date.start == len(words) for date in dates)
            or any(pattern.match(words) for pattern in (_SEE, _CAPTION))
            or _HEAD_CELL.fullmatch(words) is not None
            or _BETWEEN_LINKS.search(words) is not None
        )

    def _add_heading(self, line: Part, words: str) -> None:
        edited = _EDIT.search(words) if words.endswith("]") else None
        self.in_table, self.row, self.after_heading = False, None, True
        end = line.start + edited.start() if edited else line.end
        self._add("heading", Part(line.start, end), "heading")

    def _add_reference(self, at: int) -> None:
        reference = self.references[at]
        self.in_table, self.row = False, None
        self.blocks.append(
            Block(
                reference.words,
                self.lines[at].end,
                "reference",
                "references",
                number=reference.number,
            )
        )

    def _add_run(self, at: int) -> int:
        """A paragraph; an item after a colon; or lines without sentences: navigation, a legend."""
        line = self.lines[at]
        self._see_run(at)
        if _ROW.match(self.text, self.raw[at].start) or not self.run_speaks:
            self._add("other", line, "other")
            return at + 1
        words = self.text[line.start : line.end]
        if self.after_colon and not self.in_table and bare(words, _ITEM_WORDS):
            self._add("item", line, "list")
        elif self._is_other(words) and bare(words, _HEADING_WORDS) and not _SEE.match(words):
            self._add("other", line, "other")
        else:
            self._add("paragraph", line, "prose" if self.after_heading else "lead")
            self.after_colon = words.endswith(":")
        return at + 1

    def _see_run(self, at: int) -> None:
        """Find where the lines end that follow each other, and whether one is a sentence."""
        if self.run_end > at:
            return
        self.run_end = at
        while not self._is_blank(self.run_end) and not _MARKED.match(
            self.text, self.raw[self.run_end].start
        ):
            self.run_end += 1
        self.run_end = max(self.run_end, at + 1)
        ends = {self.text[line.end - 1] for line in self.lines[at : self.run_end]}
        self.run_speaks = self.run_end == at + 1 or bool(ends & _SENTENCE_ENDS)
        self.after_colon = False

    def _place(self, otherwise: str) -> str:
        return "table" if self.in_table else otherwise

    def _add(self, kind: Kind, part: Part, place: str) -> None:
        inside = self.in_table and kind in {"note", "paragraph"}
        row = self.row if inside else None
        self.blocks.append(Block(part.start, part.end, kind, place, table=inside, row=row))
