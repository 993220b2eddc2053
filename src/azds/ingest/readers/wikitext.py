"""Form `wikitext`: the source text of a MediaWiki page.

Headings ``== Words ==``, list items, tables ``{| ... |}`` with one cell a line or
several behind ``||``, templates. What it shows is rendered (`azds.ingest.wikitext`);
the references come last, as the page prints them.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from azds.ingest.blocks import Block, Document, Kind, Part
from azds.ingest.grids import GridCell, GridRow, read_grid
from azds.ingest.readers.folded import has_folded, unfold
from azds.ingest.rendering import Rendering
from azds.ingest.source import Source
from azds.ingest.wikitext.citation import render_citation
from azds.ingest.wikitext.inline import Inline
from azds.ingest.wikitext.pairs import Pairs, find_pairs

__all__ = ["STYLE", "ReadSection", "looks_like", "read", "read_section"]

STYLE = "wikitext"

_HEADING = re.compile(r"(?P<mark>={1,6})(?P<words>.+?)(?P=mark)\s*$", re.DOTALL)
_ITEM = re.compile(r"[*#:;]+[ \t]*")
_ATTRIBUTES = re.compile(
    r"(?:\s*+(?:[\w:-]++\s*+=\s*+(?:\"[^\"]*\"?|'[^']*'?|[^\s\"'|]+)|nowrap|scope|\w++\"?))*+\s*+",
)
_SPAN = re.compile(r"\b(?P<name>col|row)span\s*=\s*[\"']?\s*(?P<number>\d{1,3})", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"[\w-]+\s*=")
_SIGNS = (
    re.compile(r"\{\{[^{}\n]{1,80}[|}]"),
    re.compile(r"\[\[[^\[\]\n]{1,200}\]\]"),
    re.compile(r"^\s*\{\|", re.MULTILINE),
    re.compile(r"^={2,6}[^=\n]{1,200}={2,6}\s*$", re.MULTILINE),
    re.compile(r"<ref\b|'''"),
    re.compile(r"^#REDIRECT\b", re.IGNORECASE),
)
_ROW = re.compile(r"^\|-", re.MULTILINE)
_MOST_SPAN = 20
_MOST_ROWS = 1_000
_LONGEST_ATTRIBUTES = 2_000


def looks_like(text: str) -> float:
    """How much a text looks like this form: 0 to 1."""
    found = [sign.search(text) is not None for sign in _SIGNS]
    if found[5]:
        return 1.0
    links = len(_SIGNS[1].findall(text[:50_000]))
    if found[1] and links * 4_000 >= min(len(text), 50_000):
        return 0.6 + 0.1 * sum(found[0:5])
    if (found[2] and _ROW.search(text)) or (found[0] and has_folded(text)):
        return 0.9
    return 0.5 * (found[0] and text.lstrip().startswith(("{{", "{|", "'''")))


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A stretch of a text read by itself: its references are numbered from 1.

    Attributes:
        document: Its blocks; those of its own references are the last.
        names: The name of each reference by its number; empty where it has none.
        marks: How many of these stand in the text; the others stand in references.
        printed: The numbers of those that have words here.
        pairs: What is open at its end.
        in_table: Whether a table that stands in a table is open at its end.
    """

    document: Document
    names: tuple[str, ...]
    marks: int
    printed: tuple[int, ...]
    pairs: Pairs
    in_table: bool


def read(source: Source) -> Document:
    """The blocks of a text in this form."""
    return _Reader(source).read()


def read_section(source: Source) -> ReadSection:
    """A stretch of a text by itself, to be joined with the others (`azds.ingest.dividing`)."""
    reader = _Reader(source)
    document = reader.read()
    return ReadSection(
        document,
        tuple(reader.inline.names),
        reader.marks,
        tuple(reader.printed),
        reader.pairs,
        reader.in_table,
    )


class _Reader:
    """Goes through the lines once; a table is read whole, then its blocks follow."""

    def __init__(self, source: Source) -> None:
        self.rendering = Rendering(source)
        self.pairs = find_pairs(self.rendering.markup)
        self.text = unfold(self.rendering.markup, self.pairs)
        self.inline = Inline(self.rendering, self.pairs)
        self.blocks: list[Block] = []
        self.place = "lead"
        self.marks = 0
        self.printed: list[int] = []
        self.in_table = False

    def read(self) -> Document:
        """The document."""
        lines = list(_lines(self.text, self.pairs))
        at = 0
        while at < len(lines):
            line = lines[at]
            if self.text.startswith("{|", self._skip(line, " \t:")):
                at = self._table(lines, at)
                continue
            self._line(line)
            at += 1
        self._references()
        source = self.rendering.finish()
        return Document(source, STYLE, tuple(self.blocks), whole_rows=True, own_numbers=True)

    def _skip(self, line: Part, blanks: str) -> int:
        at = line.start
        while at < line.end and self.text[at] in blanks:
            at += 1
        return at

    def _line(self, line: Part) -> None:
        """A heading, an item, or a line of a paragraph."""
        heading = (
            _HEADING.match(self.text, line.start, line.end)
            if self.text.startswith("=", line.start)
            else None
        )
        if heading:
            self._block(heading.start("words"), heading.end("words"), "heading", "heading")
            self.place = "prose"
            return
        item = _ITEM.match(self.text, line.start, line.end)
        if item:
            listed = item[0].strip()[-1] in "*#"
            kind: Kind = "item" if listed else "paragraph"
            self._block(item.end(), line.end, kind, "list" if listed else self.place)
            return
        if self.text[line.start : line.end].strip():
            self._block(line.start, line.end, "paragraph", self.place)

    def _block(self, start: int, end: int, kind: Kind, place: str) -> None:
        for part in self._rendered(start, end):
            self.blocks.append(Block(part.start, part.end, kind, place))

    def _rendered(self, start: int, end: int) -> list[Part]:
        """Render a stretch; the lines it shows, without blanks at their ends."""
        at = self.rendering.at
        self.inline.render(start, end)
        parts = list(_shown(self.rendering.text(at), at))
        self.rendering.put("\n", end, end)
        return parts

    def _references(self) -> None:
        """The references as the page prints them, in the order of their numbers."""
        self.marks = len(self.inline.names)
        self.printed = sorted(self.inline.references)
        for number, pair in sorted(self.inline.references.items()):
            at = self.rendering.at
            render_citation(self.inline, pair)
            parts = list(_shown(self.rendering.text(at), at))
            self.rendering.put("\n", pair.end, pair.end)
            if parts:
                self.blocks.append(
                    Block(parts[0].start, parts[-1].end, "reference", "references", number=number)
                )

    def _table(self, lines: list[Part], at: int) -> int:
        """A table from its first line on; the position of the line behind it."""
        table = _Table(self._cell)
        at += 1
        while at < len(lines):
            line = lines[at]
            start = self._skip(line, " \t")
            mark = self.text[start : start + 2]
            at += 1
            if table.depth or mark == "{|":  # a table in a table: its words are those of the cell
                table.depth += (mark == "{|") - (mark == "|}")
                table.go_on(line.end)
            elif mark == "|}":
                break
            elif mark[:1] == "=" and _HEADING.match(self.text, start, line.end):
                at -= 1
                break  # the table was never closed: a heading ends it
            elif mark == "|+":
                table.close()
                self._block(start + 2, line.end, "other", "other")
            elif mark == "|-":
                table.close_row()
            elif mark[:1] in {"|", "!"}:
                for low, high, is_head in self._divided(start + 1, line.end, head=mark[0] == "!"):
                    content = self._content(low, high)
                    table.open(content, high, self.text[low:content], is_head=is_head)
            else:
                table.go_on(line.end)
        self.in_table |= at == len(lines) and table.depth > 0
        table.close_row()
        self.blocks += read_grid(self.rendering.between, table.rows, len(self.blocks))
        return at

    def _divided(self, start: int, end: int, *, head: bool) -> Iterator[tuple[int, int, bool]]:
        """The cells of a line, which ``||`` divides, ``!!`` in a header."""
        cuts: list[tuple[int, int]] = []
        skip = -1
        for at in self.inline.bars(start, end):
            if at <= skip:
                continue
            if self.text.startswith("||", at) and at + 1 < end:
                cuts.append((at, at + 2))
                skip = at + 1
        if head:
            at = self.text.find("!!", start, end)
            while at >= 0:
                if self._is_free(at, start, end):
                    cuts.append((at, at + 2))
                at = self.text.find("!!", at + 2, end)
            cuts.sort()
        low = start
        for cut, behind in cuts:
            yield low, cut, head
            low = behind
        yield low, end, head

    def _is_free(self, at: int, start: int, end: int) -> bool:
        return not any(pair.start <= at < pair.end for pair in self.pairs.within(start, end))

    def _content(self, start: int, end: int) -> int:
        """Where the content of a cell starts, behind its attributes."""
        bar = next(iter(self.inline.bars(start, min(end, start + _LONGEST_ATTRIBUTES))), None)
        if bar is not None and (
            _ATTRIBUTE.search(self.text, start, bar) or _ATTRIBUTES.fullmatch(self.text, start, bar)
        ):
            return bar + 1
        return start

    def _cell(self, pending: "_Pending") -> GridCell:
        """One cell: rendered line by line."""
        at = self.rendering.at
        lines: list[Block] = []
        for line in _lines(self.text, self.pairs, pending.start, pending.end):
            item = _ITEM.match(self.text, line.start, line.end)
            if item and line.start == pending.start and item[0][0] != "*":
                item = None  # a list begins on a line of its own
            kind: Kind = "item" if item and item[0].strip()[-1] in "*#" else "paragraph"
            parts = self._rendered(item.end() if item else line.start, line.end)
            lines += [Block(part.start, part.end, kind, "table") for part in parts]
        spans = {m["name"].lower(): int(m["number"]) for m in _SPAN.finditer(pending.attributes)}
        return GridCell(
            lines[0].start if lines else at,
            lines[-1].end if lines else at,
            tuple(lines),
            pending.is_head,
            min(spans.get("col", 1), _MOST_SPAN),
            min(spans.get("row", 1), _MOST_ROWS),
        )


@dataclass(frozen=True, slots=True)
class _Pending:
    """A cell that is open: where its content starts and ends so far, and its attributes."""

    start: int
    end: int
    attributes: str
    is_head: bool


class _Table:
    """A table that is open: its rows so far, and the row and cell that are open."""

    def __init__(self, make: Callable[[_Pending], GridCell]) -> None:
        self.make = make
        self.rows: list[GridRow] = []
        self.cells: list[GridCell] = []
        self.pending: _Pending | None = None
        self.depth = 0

    def open(self, start: int, end: int, attributes: str, *, is_head: bool) -> None:
        """Begin a cell."""
        self.close()
        self.pending = _Pending(start, end, attributes, is_head)

    def go_on(self, end: int) -> None:
        """Let the open cell reach up to a place."""
        if self.pending is not None:
            self.pending = replace(self.pending, end=end)

    def close(self) -> None:
        """End the cell."""
        if self.pending is not None:
            self.cells.append(self.make(self.pending))
            self.pending = None

    def close_row(self) -> None:
        """End the row."""
        self.close()
        if self.cells:
            self.rows.append(GridRow(tuple(self.cells)))
            self.cells.clear()


def _lines(text: str, pairs: Pairs, start: int = 0, end: int | None = None) -> Iterator[Part]:
    """The lines of a stretch; a line feed inside a template, link or reference ends none."""
    stop = len(text) if end is None else end
    inner = list(pairs.within(start, stop))
    starts = [pair.start for pair in inner]
    at = low = start
    while True:
        feed = text.find("\n", at, stop)
        if feed < 0:
            yield Part(low, stop)
            return
        position = bisect_right(starts, feed) - 1
        if position >= 0 and inner[position].end > feed:
            at = inner[position].end
            continue
        yield Part(low, feed)
        at = low = feed + 1


def _shown(words: str, at: int) -> Iterator[Part]:
    """The lines of rendered words that are not blank, trimmed."""
    for line in words.split("\n"):
        bare = line.strip()
        if bare:
            lead = len(line) - len(line.lstrip())
            yield Part(at + lead, at + lead + len(bare))
        at += len(line) + 1
