"""Style `html-text`: the text of an HTML page, tables and references included.

Blank lines divide blocks; a heading is a bare line between blank lines. A
flag in a table leaves a no-break space, or its alt text, before the country,
so names may stand twice. Columns of a table run together in one line; a cell
of several paragraphs becomes paragraphs between the rows, and a row may lose
its first line.
"""

import re

from azds.ingest.blocks import Block, Document, Kind, Part
from azds.ingest.calendar_words import find_dates
from azds.ingest.readers.lines import bare, is_markup, lines_of, tells, trimmed
from azds.ingest.readers.numbered import reference_lines
from azds.ingest.readers.page_rows import PageRows, has_region_table
from azds.ingest.readers.row_words import read_head
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
_MARKED = re.compile(r"\xa0+\S|[ \t]+\u2022\s|[ \t]{1,6}\d{1,4}\.\s")
_NOTE = re.compile(r"\s+\u2022\s+")
_NOTICE = re.compile(
    r"This article is issued from|The text is available under|Retrieved from |"
    r"From Wikipedia, the free|Jump to\b|Last updated$"
)
_SEE = re.compile(r"See\s(?!also$)")
_EDIT = re.compile(r"\s*\[edit(?:\s\|[^\[\]]{0,20})?\]$")
_CAPTION = re.compile(
    r"(?:(?:The\s+)?(?:Embassy|Consulate|Consulate-General|High Commission|Ambassador|President|"
    r"Prime Minister|Foreign Minister|Minister|Headquarters|Building|Logo|Location|Flags?|Map)\b.*"
    r"\b(?:in|of|with|at|and)\b|Countries\s+(?:with|that|which)\b)"
)
_PICTURE = re.compile(r"[^\n]{1,150}\.(?:svg|png|jpe?g|gif)$", re.IGNORECASE)
_BETWEEN_LINKS = re.compile(r"\s[\u00b7\u2022|]\s")
_NAMES_NONE = re.compile(r"(?:Both|The\s+two)\s+(?:countries|states|nations|sides)\b")
_SENTENCE_ENDS = frozenset(".:?!\"'”)")
_ITEM_WORDS = 6
_HEADING_WORDS = 14
_ROW_WORDS = 12
_SIGNS = (
    re.compile(r"^\xa0+\S", re.MULTILINE),
    re.compile(r"^[ \t]+\u2022 ", re.MULTILINE),
    re.compile(r"^[ \t]{1,4}1\. \S", re.MULTILINE),
    re.compile(r"\n\n\S[^\n.]{2,60}\n\n"),
)
_OF_A_PAGE = ("[edit]\n", "[edit | ", "From Wikipedia, the free encyclopedia")
_SURE = 4
_REGION_TABLE = 0.85
_SEEN = 100_000


def looks_like(text: str) -> float:
    """How much a text looks like this style: 0 to 1."""
    signs = sum(sign.search(text) is not None for sign in _SIGNS)
    signs += any(words in text for words in _OF_A_PAGE)
    return max(min(signs / _SURE, 1.0), _REGION_TABLE * has_region_table(text[:_SEEN]))


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
        self.has_begun = False
        self.row: int | None = None
        self.in_table = False
        self.rows = PageRows(source.clean)
        self.after_heading = False
        self.blank_before = 1
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
        if _NOTICE.match(words) or is_markup(words):
            self._add("notice", line, "notice")
            return at + 1
        if words == "See also":
            self.in_table, self.row = False, None
        is_first, self.has_begun = not self.has_begun, True
        if is_first and not (tells(words) and words.endswith(".")):
            self.title = words
            self._add("title", line, "lead")
        elif at in self.references:
            self._add_reference(at)
        elif (head := read_head(words)) or (_HEAD.match(words) and bare(words, _ROW_WORDS)):
            self.in_table, self.row, self.rows.head = True, None, head
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
        if _ROW.match(raw):
            start, end = self.rows.name(line)
            return self.in_table or end > start
        is_apart = self.blank_before > 0 and not raw[0].isspace()
        goes_on = not self._is_blank(at + 1)
        return self.in_table and self.rows.is_row(line, is_apart=is_apart, goes_on=goes_on)

    def _add_row(self, line: Part) -> None:
        self.in_table, self.row = True, len(self.blocks)
        cells = self.rows.cells(line)
        self.blocks.append(Block(line.start, line.end, "row", "table", cells=cells, table=True))

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
            or any(pattern.match(words) for pattern in (_SEE, _CAPTION, _PICTURE))
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
            if self._lost_heading(at):
                self._add("heading", Part(line.start, line.start), "heading")
            self._add("paragraph", line, "prose" if self.after_heading else "lead")
            self.after_colon = words.endswith(":")
        return at + 1

    def _lost_heading(self, at: int) -> bool:
        """Whether a wide gap shows that the heading is lost which named the states meant here."""
        line = self.lines[at]
        is_under = bool(self.blocks) and self.blocks[-1].kind == "heading"
        is_wide = self.blank_before > 1 and self.after_heading and not self.in_table
        return is_wide and not is_under and bool(_NAMES_NONE.match(self.text, line.start, line.end))

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
