"""One model for every style: a document is blocks in sections.

Readers make it, extractors read it; neither knows the other. All offsets are
code points of `Source.clean`; `Document.cite` turns them into spans of the
original. What several extractors ask of the same words (sentences, names of
states) is read once and kept.
"""

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Literal

from azds.entities import states
from azds.ids import KeyValue, format_key
from azds.ingest.source import Source
from azds.records import Evidence, Rejection
from azds.spans import words_digest

__all__ = ["Block", "Cell", "Document", "Kind", "Named", "Part"]

Kind = Literal[
    "title", "heading", "paragraph", "item", "head", "row", "note", "reference", "notice", "other"
]
"""`head` is a table's header, `note` a list item in a table row, `other` navigation and legends."""

_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘«(]{0,2}[A-ZÀ-ÞА-Я0-9])|\s{60,}")
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\bU\.S|\bU\.N|\bi\.e|\be\.g|\b(?:Mr|Mrs|Ms|Dr|St|Mt|No|vs|Jr|Sr|Gen|Col|Lt|Capt|Prof|Rev|Hon|"
    r"Amb|Gov|Sen|Rep|cf|ca|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec))\.$"
)
_AFTER = re.compile(r"[\s.,;:)\"'”’]*")
_LONGEST_ABBREVIATION = 12


_digest = functools.lru_cache(maxsize=1 << 14)(words_digest)
"""The digest of cited words; kept, since the revisions of an article cite the same."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document that is read as one: a sentence, a cell, a name."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell(Part):
    """One cell of a table row: its column is `country`, `began` or `notes`; of a header `head`.

    Words over a header, in the table, are its `caption`.
    """

    column: str


@dataclass(frozen=True, slots=True)
class Named(Part):
    """A name: its entity, None where nothing resolves, and the qualifier in brackets behind it."""

    entity: str | None
    qualifier: str = ""


@dataclass(frozen=True, slots=True)
class Block(Part):
    """One block.

    Attributes:
        kind: What it is.
        place: The kind of place, as evidence names it.
        cells: The cells of a row, or of a table's header.
        table: Whether it stands in a table.
        row: For what stands in a table row: the position of the row's block.
        number: A reference's number as printed.
    """

    kind: Kind
    place: str
    cells: tuple[Cell, ...] = ()
    table: bool = False
    row: int | None = None
    number: int | None = None

    def cell(self, column: str) -> Cell | None:
        """The cell of that column, if the row has it."""
        return next((cell for cell in self.cells if cell.column == column), None)


@dataclass(frozen=True)
class Document:
    """A source read by a style: its blocks in order of the text.

    `whole_rows` tells that tables came as tables: what stands in a row is of that row;
    `own_numbers` that the reader numbered the references, so that marks and entries agree.
    """

    source: Source
    style: str
    blocks: tuple[Block, ...]
    whole_rows: bool = False
    own_numbers: bool = False
    _sentences: dict[int, list[Part]] = field(default_factory=dict, repr=False, compare=False)
    _names: dict[tuple[int, int], list[Named]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def text(self, part: Part) -> str:
        """The words of a part, citation marks blanked."""
        return self.source.clean[part.start : part.end]

    def words(self, part: Part) -> str:
        """The words of a part on one line, single blanks between."""
        return " ".join(self.text(part).split())

    def of_kind(self, *kinds: Kind) -> Iterator[Block]:
        """The blocks of these kinds, in order."""
        return (block for block in self.blocks if block.kind in kinds)

    def position(self, part: Part) -> int:
        """The position of the block in which a part starts; the last before it otherwise."""
        return max(bisect_right(self._starts, part.start) - 1, 0)

    def sentences(self, block: Block) -> list[Part]:
        """The sentences of a block; citation marks stay with the sentence before."""
        if block.start not in self._sentences:
            self._sentences[block.start] = list(self._divide(block))
        return self._sentences[block.start]

    def names(self, part: Part) -> list[Named]:
        """The states named in a part, in order."""
        key = (part.start, part.end)
        if key not in self._names:
            found = states().find(self.source.clean, part.start, part.end)
            self._names[key] = [Named(start, end, entity) for start, end, entity in found]
        return self._names[key]

    def names_between(self, part: Part, start: int, end: int) -> list[Named]:
        """Those of the states named in a part that stand between two places."""
        names = self.names(part)
        low = bisect_left(names, start, key=lambda named: named.start)
        return names[low : bisect_right(names, end, lo=low, key=lambda named: named.end)]

    def heading_of(self, part: Part) -> str | None:
        """The heading over a part; None before the first."""
        position = bisect_right(self._headings, part.start, key=lambda block: block.start)
        return self.title_words(self._headings[position - 1]) if position else None

    def topic(self, block: Block, subject: str) -> Named | None:
        """The one state, the subject apart, that the heading over a block names."""
        position = bisect_right(self._headings, block.start, key=lambda head: head.start)
        names = self.names(self._headings[position - 1]) if position else []
        others = [named for named in names if named.entity != subject]
        return others[0] if len({named.entity for named in others}) == 1 else None

    def title_words(self, block: Block) -> str:
        """A heading's words, without the closing stop of its style."""
        return self.words(block).rstrip(".,")

    def markers(self, start: int, end: int) -> tuple[int, ...]:
        """Citation numbers inside a part or directly behind it."""
        marks = self.source.marks
        numbers = []
        reach = end
        at = bisect_left(self.source.marked, start)
        while at < len(marks) and (
            marks[at].start < end
            or _AFTER.fullmatch(self.source.clean, min(reach, marks[at].start), marks[at].start)
        ):
            reach = max(reach, marks[at].end)
            numbers.append(marks[at].number)
            at += 1
        return tuple(number for number in numbers if number is not None)

    def cite(  # noqa: PLR0913, PLR0917 - the columns of evidence
        self, table: str, key: tuple[KeyValue, ...], column: str, start: int, end: int, place: str
    ) -> Evidence:
        """Evidence that these words state this cell; `column` is empty for the row."""
        span = self.source.span(start, end)
        return Evidence(
            table=table,
            key=format_key(key),
            column=column,
            start=span.start,
            end=span.end,
            place=place,
            markers=self.markers(start, end),
            digest=_digest(span.of(self.source.text)),
        )

    def reject(self, table: str, rule: str, reason: str, part: Part) -> Rejection:
        """A candidate for `table` that broke `rule`."""
        span = self.source.span(part.start, part.end)
        return Rejection(
            table=table,
            rule=rule,
            start=span.start,
            end=span.end,
            reason=reason,
            digest=_digest(span.of(self.source.text)),
        )

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    @cached_property
    def _headings(self) -> list[Block]:
        return list(self.of_kind("heading"))

    def _divide(self, block: Block) -> Iterator[Part]:
        clean = self.source.clean
        cuts = [block.start]
        for match in _END.finditer(clean, block.start, block.end):
            stop = match.start() + 1
            if not _ABBREVIATION.search(
                clean, max(block.start, stop - _LONGEST_ABBREVIATION), stop
            ):
                cuts.append(match.end())
        for start, end in pairwise([*cuts, block.end]):
            words = clean[start:end]
            if words.strip():
                lead = len(words) - len(words.lstrip())
                yield Part(start + lead, start + len(words.rstrip()))
