"""A section with a long table split between rows, so that an edit of a row costs a few rows.

Each part but the first repeats, as its lead, the section's heading and the table down
to its header: what is read of the rows needs no more of the section. Where the rows
fall apart is told by the rows themselves, so that an edit moves no other part.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from azds.ingest.announcements import tells_of_none
from azds.ingest.blocks import Document
from azds.ingest.placing import Place
from azds.ingest.readers.folded import has_folded
from azds.ingest.readers.wikitext import ReadSection, read_section
from azds.ingest.source import markup_source
from azds.ingest.table_topics import lists_relations

__all__ = ["is_whole", "split"]

_OPENS = re.compile(r"^[ \t:]*\{\|", re.MULTILINE)
_CLOSES = re.compile(r"^[ \t]*(?:\|\}|=[^\n]*=[ \t]*$)", re.MULTILINE)
_ROW = re.compile(r"^[ \t]*\|-", re.MULTILINE)
_WORD_FIRST = re.compile(r"[ \t]*\|-[^\n<{\[]*\n[^\w<]*(?:\w[^\n<|]*\|(?!\|)[^\w<]*)?+\w")
"""A row that begins with a word: a reference before its first belongs to what stands before."""
_NOT_PLAIN = (_OPENS, re.compile(r"rowspan", re.IGNORECASE))
"""What a table has that cannot be split: a table in it, cells of several rows."""
_LEAST = 3_000
_LEAST_ROWS = 8
_HEAD_ROWS = 5
_LONGEST_LEAD = 2_000
_MANY = 4
"""A part has so many rows, more or less."""
_MOST_REPEATED = 4
"""How often its length a section may repeat in the leads of its parts."""
_SHORTEST = 100
"""How long a part is at least, in the mean: to read one costs time and room of its own."""


def is_whole(read: ReadSection) -> bool:
    """Whether nothing is open at the end of what was read, and nothing closed that was not."""
    pairs = read.pairs
    return not (pairs.is_endless or pairs.is_open or pairs.is_stray or read.in_table)


@dataclass(frozen=True, slots=True)
class _Table:
    """A long table in a section.

    Attributes:
        heading: Where the section's heading ends.
        start: Where the table starts.
        rows: Where its rows start, those down to the header left out.
        end: Where it ends.
        marks: The numbers in the section of the references down to the header.
    """

    heading: int
    start: int
    rows: list[int]
    end: int
    marks: tuple[int, ...]


def split(text: str) -> list[tuple[str, Place]]:
    """The parts of a section: itself, where it has no long table that can be split."""
    table = _long_table(text)
    if table is None:
        return [(text, Place())]
    lead = text[: table.heading] + text[table.start : table.rows[0]]
    rows = [*pairwise(table.rows), (table.rows[-1], table.end)][1:]
    cuts = [at for at, end in rows if _opens_part(text[at:end])]
    if len(cuts) * max(_SHORTEST, len(lead) // _MOST_REPEATED) > len(text):
        return [(text, Place())]
    parts = [(text[: cuts[0]] if cuts else text, Place())]
    for at, end in pairwise([*cuts, len(text)]):
        shift = table.start - table.heading
        steps = ((0, 0), (table.heading, shift), (len(lead), at - len(lead)))
        parts.append((lead + text[at:end], Place(len(lead), steps, table.marks)))
    return parts


def _opens_part(row: str) -> bool:
    """Whether a row begins a part: its words tell, so that edits elsewhere change nothing."""
    told = crc32(row.encode("utf-8", "surrogatepass")) % _MANY == 0
    return told and _WORD_FIRST.match(row) is not None


def _long_table(text: str) -> _Table | None:
    """The first table of a section, where it is long and can be split between its rows."""
    opens = _OPENS.search(text) if len(text) >= _LEAST else None
    if opens is None or has_folded(text):
        return None
    closing = _CLOSES.search(text, opens.end())
    start, end = opens.start(), closing.start() if closing else len(text)
    rows = [match.start() for match in _ROW.finditer(text, opens.end(), end)]
    if len(rows) < _LEAST_ROWS or any(sign.search(text, opens.end(), end) for sign in _NOT_PLAIN):
        return None
    heading = text.find("\n") + 1 if text.startswith("=") else 0
    for position, at in enumerate(rows[:_HEAD_ROWS]):
        if at - start > _LONGEST_LEAD or start < heading:
            return None
        probe = read_section(markup_source(text[:heading] + text[start:at]))
        if next(probe.document.of_kind("head"), None):
            before = read_section(markup_source(text[:at]))
            denies = any(any(tells_of_none(words)) for words in _over(before.document))
            is_told = denies or _lists(before.document) != _lists(probe.document)
            marks = None if is_told or not is_whole(probe) else _marks(probe, before)
            return None if marks is None else _Table(heading, start, rows[position:], end, marks)
    return None


def _marks(lead: ReadSection, before: ReadSection) -> tuple[int, ...] | None:
    """The numbers of the references of a lead in what stands before the first row.

    None where a broken text gives the lead references that are not there.
    """
    unnamed = [number for number, name in enumerate(before.names[: before.marks], 1) if not name]
    own = lead.names[: lead.marks]
    if own.count("") > len(unnamed) or not {name for name in own if name} <= {*before.names}:
        return None
    last = iter(unnamed[len(unnamed) - own.count("") :])
    return tuple(before.names.index(name) + 1 if name else next(last) for name in own)


def _lists(document: Document) -> bool:
    """Whether the first table lists relations."""
    head = next(document.of_kind("head"), None)
    return head is not None and lists_relations(document, document.blocks.index(head))


def _over(document: Document) -> Iterator[str]:
    """The words of what stands over the header of a table."""
    return (
        document.words(block) for block in document.blocks if block.kind in {"heading", "paragraph"}
    )
