"""Form `markdown`: text with tables drawn in pipes or in grids, as converters write it.

Pipe tables (``---|---``) come from html2text, markdownify and trafilatura, grids
(``+---+``) from pandoc. A row of a pipe table may go on in further lines. Headings are
``## Words``, ``== Words ==`` or a bare line between blank lines; words in brackets may
be links.
"""

import re
from itertools import pairwise

from azds.ingest.blocks import Block, Document, Kind, Part
from azds.ingest.grids import GridCell, GridRow, read_grid
from azds.ingest.readers.lines import bare, lines_of, tells, trimmed
from azds.ingest.readers.numbered import reference_lines
from azds.ingest.readers.pipe_rows import PipeRows, Shape, bars_of, has_head, head_lines, shape_of
from azds.ingest.rendering import Rendering
from azds.ingest.source import Source

__all__ = ["STYLE", "looks_like", "read"]

STYLE = "markdown"

_RULE = re.compile(r"\s*\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)*\|?\s*")
_PIPES = re.compile(r"\s*\|.*\|\s*")
_BORDER = re.compile(r"\s*\+(?:[-=:]{2,}\+)+\s*")
_HEADING = re.compile(
    r"#{1,6}\s+(?P<words>.*?)\s*#*|(?P<mark>={2,6})\s*(?P<equal>[^=]+?)\s*(?P=mark)"
)
_ITEM = re.compile(r"(?:[-*+\u2022]|\d{1,3}[.)])\s+(?=\S)")
_EDIT = re.compile(r"\s*\[edit(?:\s\|[^\[\]]{0,20})?\](?:\([^()]*\))?\s*$")
_NOISE = re.compile(
    r"(?P<file>!?\[?(?:File|Image):[^\n|\[\]]{1,150}?\.(?:svg|png|jpe?g|gif)(?:\]\([^()\n]{0,400}\))?\s?)"
    r"|(?P<template>Template:(?:Country\s+data|[Ff]lag(?:icon|u|deco|country)?)\s+(?=[A-Z](?!emplate:)))"
    r"|(?P<picture>!\[[^\[\]\n]{0,200}\]\([^()\n]{0,600}(?:\([^()\n]{0,100}\)[^()\n]{0,200})?\)\s?)"
    r"|\[(?P<label>[^\[\]\n]{1,300})\]\([^()\n]{0,600}(?:\([^()\n]{0,100}\)[^()\n]{0,200})?\)"
    r"|(?P<bold>\*\*|__|(?<!\w)\*(?=\w)|(?<=[\w.])\*(?!\w))"
    r"|(?P<escape>\\(?=[\[\]*_#|.()-]))"
)
_REFERENCES = re.compile(
    r"references|notes|notes and references|citations|footnotes", re.IGNORECASE
)
_REFERENCE = re.compile(r"(?:\d{1,4}\.|[-*])\s+(?:[\u2191^]\s*)?(?=\S)|\[\^?\d+\]:?\s+")
_HEADING_WORDS = 10
_LEAST_ROWS = 2
_LONGEST_HEADING = 300


def looks_like(text: str) -> float:
    """How much a text looks like this form: 0 to 1."""
    head = text[:60_000]
    borders = len(re.findall(r"^\s*\+[-=]{3,}", head, re.MULTILINE))
    rules = len(re.findall(r"^\s*\|?\s*:?-{3,}:?\s*\|", head, re.MULTILINE))
    rows = len(re.findall(r"^\|.*\|\s*$", head, re.MULTILINE))
    if borders > _LEAST_ROWS:
        return 0.95
    if rules and len(re.findall(r"^[^|\n]*\|[^|\n]*\|", head, re.MULTILINE)) > _LEAST_ROWS:
        return 0.95
    if has_head(head):
        return 0.9
    if rows > _LEAST_ROWS and not re.search(r"^\{\||^\|-", head, re.MULTILINE):
        return 0.85
    return 0.45 * (re.search(r"^#{2,6} [A-Z][^.\n]*$", head, re.MULTILINE) is not None)


def read(source: Source) -> Document:
    """The blocks of a text in this form."""
    return _Reader(source).read()


class _Reader:
    """Goes through the lines once."""

    def __init__(self, source: Source) -> None:
        self.rendering = Rendering(source, marked=True)
        self.text = self.rendering.markup
        self.raw = list(lines_of(self.text))
        self.lines = [trimmed(self.text, line) for line in self.raw]
        self.numbered = reference_lines(source, self.raw)
        self.blocks: list[Block] = []
        self.place = "lead"
        self.in_references = 0

    def read(self) -> Document:
        """The document."""
        at = 0
        while at < len(self.lines):
            if _BORDER.fullmatch(self._words(at)):
                at = self._grid(at)
            elif self._opens_pipes(at):
                at = self._pipes(at)
            else:
                self._line(at)
                at += 1
        return Document(self.rendering.finish(), STYLE, tuple(self.blocks), whole_rows=True)

    def _words(self, at: int) -> str:
        line = self.lines[at] if at < len(self.lines) else Part(0, 0)
        return self.text[line.start : line.end]

    def _line(self, at: int) -> None:
        line, words = self.lines[at], self._words(at)
        if not words or set(words) <= set("-=*| "):
            return
        heading = self._heading(at)
        reference = _REFERENCE.match(self.text, line.start, line.end)
        if heading:
            self._block(heading, "heading", "heading")
            self.place = "prose"
            head = self.text[heading.start : heading.end]
            self.in_references = 1 if _REFERENCES.fullmatch(_EDIT.sub("", head).strip()) else 0
        elif at in self.numbered:
            entry = self.numbered[at]
            self._reference(Part(entry.words, line.end), entry.number)
        elif self.in_references and reference:
            self._reference(Part(reference.end(), line.end), self.in_references)
            self.in_references += 1
        elif item := _ITEM.match(self.text, line.start, line.end):
            self._block(Part(item.end(), line.end), "item", "list")
        else:
            self._block(line, "paragraph", self.place)

    def _reference(self, part: Part, number: int) -> None:
        shown = self._render(part)
        if shown:
            self.blocks.append(
                Block(shown.start, shown.end, "reference", "references", number=number)
            )

    def _heading(self, at: int) -> Part | None:
        """The words of a heading, marked as such or a bare line between blank lines."""
        line, words = self.lines[at], self._words(at)
        if not words or len(words) > _LONGEST_HEADING:
            return None
        edit = _EDIT.search(words)
        inner = words[: edit.start()] if edit else words
        marked = _HEADING.fullmatch(inner) if "|" not in inner else None
        if marked:
            start, end = marked.span("words" if marked["words"] else "equal")
            return Part(line.start + start, line.start + end)
        alone = (at == 0 or not self._words(at - 1)) and not self._words(at + 1)
        if (edit or alone) and inner and bare(inner, _HEADING_WORDS) and not tells(inner):
            is_title = inner[0].isupper() and not _ITEM.match(inner) and "|" not in inner
            if is_title and self.raw[at].start == line.start and (edit or _known_heading(inner)):
                return Part(line.start, line.start + len(inner))
        return None

    def _block(self, part: Part, kind: Kind, place: str) -> None:
        shown = self._render(part)
        if shown:
            self.blocks.append(Block(shown.start, shown.end, kind, place))

    def _render(self, part: Part) -> Part | None:
        """Copy words without pictures, links and stress; where they stand; None if none do."""
        begun = self.rendering.at
        at = part.start
        for match in _NOISE.finditer(self.text, part.start, part.end):
            self.rendering.copy(at, match.start())
            if match["label"]:
                self.rendering.copy(*match.span("label"))
            at = match.end()
        self.rendering.copy(at, part.end)
        words = self.rendering.text(begun)
        self.rendering.put("\n", part.end, part.end)
        if not words.strip():
            return None
        lead = len(words) - len(words.lstrip())
        return Part(begun + lead, begun + len(words.rstrip()))

    def _opens_pipes(self, at: int) -> bool:
        words = self._words(at)
        if "|" in words and _RULE.fullmatch(self._words(at + 1)):
            return True
        if words and not words.startswith("#") and re.fullmatch(r"-{3,}", self._words(at + 1)):
            return self._words(at + 2).count("|") > 0
        if _PIPES.fullmatch(words) is None:
            return words.endswith("|") and self._heads(at) > 0
        return _PIPES.fullmatch(self._words(at + 1)) is not None

    def _heads(self, at: int) -> int:
        """How many lines from here on are a header with a cell a line."""
        return head_lines([self._words(at + step) for step in range(6)])

    def _pipes(self, at: int) -> int:
        """A pipe table: its rows, and what goes on below them without pipes."""
        heads = self._heads(at)
        firsts = [self._words(at + step) for step in (0, 1, 2)]
        shape = Shape(heads, heads, led=False, named=True) if heads else shape_of(firsts)
        table = PipeRows(self.text, shape)
        last, stop = self._reach(at, shape)
        begun = at
        while at < stop:
            words = self._words(at)
            if not words and at > last and self._is_over(at):
                break
            if shape.columns == 1 and at > begun and "|" not in words and _speaks(words):
                break  # a sidebar; the lead stands right below it
            if words and _RULE.fullmatch(words):
                table.is_fresh = True
            elif words:
                table.add(self.lines[at])
            at += 1
        rows = [GridRow(tuple(self._cell(parts) for parts in row)) for row in table.rows]
        self.blocks += read_grid(self.rendering.between, rows, len(self.blocks))
        return at

    def _reach(self, at: int, shape: Shape) -> tuple[int, int]:
        """Where the last row of a table stands, and where the next heading or table begins."""
        last, stop, taken = at, at + 1, 0
        while stop < len(self.lines):
            words = self._words(stop)
            rule = "|" in words and _RULE.fullmatch(self._words(stop + 1)) is not None
            if self._heading(stop) or _BORDER.fullmatch(words) or (rule and stop > at + 1):
                break
            count = len(bars_of(words)) if "|" in words else 0
            if count >= max(shape.columns - 1, 1) or (0 < taken < shape.bars and count):
                last = stop
            fits = words and taken + count <= shape.bars
            taken = taken + count if fits and taken < shape.bars else count
            stop += 1
        return last, stop

    def _is_over(self, at: int) -> bool:
        """Whether a table ends at a blank line behind its last row: no item of it follows."""
        follows = at
        while follows < len(self.lines) and not self._words(follows):
            follows += 1
        words = self._words(follows)
        if not words or self._heading(follows):
            return True
        return self.raw[follows].start == self.lines[follows].start

    def _cell(self, parts: list[Part]) -> GridCell:
        lines: list[Block] = []
        at = self.rendering.at
        for part in parts:
            words = self.text[part.start : part.end]
            lead = len(words) - len(words.lstrip())
            item = _ITEM.match(self.text, part.start + lead, part.end)
            shown = self._render(Part(item.end() if item else part.start, part.end))
            if shown:
                kind: Kind = "item" if item else "paragraph"
                lines.append(Block(shown.start, shown.end, kind, "table"))
        start = lines[0].start if lines else at
        return GridCell(start, lines[-1].end if lines else at, tuple(lines))

    def _grid(self, at: int) -> int:
        """A grid table: the columns stand where its border has them."""
        border = self._raw(at)
        bars = [n for n, char in enumerate(border) if char == "+"]
        rows: list[GridRow] = []
        held: list[int] = []
        while at < len(self.raw):
            words = self._words(at)
            if _BORDER.fullmatch(words):
                if held:
                    rows.append(self._grid_row(held, bars))
                held = []
            elif words.startswith("|"):
                held.append(at)
            else:
                break
            at += 1
        if held:
            rows.append(self._grid_row(held, bars))
        self.blocks += read_grid(self.rendering.between, rows, len(self.blocks))
        return at

    def _raw(self, at: int) -> str:
        return self.text[self.raw[at].start : self.raw[at].end]

    def _grid_row(self, held: list[int], bars: list[int]) -> GridRow:
        columns: list[list[Part]] = [[] for _ in bars[1:]]
        for at in held:
            line = self.raw[at]
            places = [line.start + bar for bar in bars]
            if not all(p < line.end and self.text[p] == "|" for p in places):
                places = [p for p in range(line.start, line.end) if self.text[p] == "|"]
                places = [*places[: len(bars) - 1], places[-1]] if len(places) >= len(bars) else []
            for column, (low, high) in enumerate(pairwise(places)):
                columns[column].append(Part(low + 1, high))
        return GridRow(tuple(self._cell(parts) for parts in columns))


def _speaks(words: str) -> bool:
    """Whether a line is a sentence."""
    return tells(words) or words.endswith(".")


def _known_heading(words: str) -> bool:
    """Whether a bare line may be a heading: no number, no single mark."""
    return any(char.isalpha() for char in words) and not words[0].isdigit()
