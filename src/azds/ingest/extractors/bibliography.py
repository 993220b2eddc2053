"""The list of references, and which number in the text each entry answers."""

from dataclasses import dataclass

from azds.ingest.blocks import Block, Document, Part
from azds.ingest.extracted import Extracted
from azds.ingest.extractors.numbering import align
from azds.ingest.extractors.references import Reference, parse_reference
from azds.records import BibliographyEntry, Evidence, Rejection

__all__ = [
    "Entry",
    "cite_entry",
    "entry_row",
    "extract_bibliography",
    "read_entries",
    "reject_entry",
]

TABLE = "bibliography"
_DATES = ("published", "retrieved", "archived")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the list as read: its cells but for what the whole list tells, and their places.

    Attributes:
        block: Where it stands.
        cells: The row without `occurrence` and `marker`; None where no title could be read.
        parts: Where each cell stands, the row's own place last.
        uses: How often it says that it is used.
    """

    block: Block
    cells: dict[str, object] | None
    parts: dict[str, Part]
    uses: int


def extract_bibliography(document: Document) -> Extracted[BibliographyEntry]:
    """The entries of the list of references in their order; may be empty."""
    found: Extracted[BibliographyEntry] = Extracted()
    entries = read_entries(document)
    answers: list[int | None] = [None] * len(entries)
    if not document.own_numbers:
        answers = align(document, [e.block for e in entries], [e.uses for e in entries])
    seen: dict[str, int] = {}
    for entry, marker in zip(entries, answers, strict=True):
        if entry.cells is None:
            found.rejections.append(reject_entry(document, entry))
            continue
        title = str(entry.cells["title"])
        seen[title] = seen.get(title, 0) + 1
        found.rows.append(entry_row(entry, seen[title], marker))
        found.evidence += cite_entry(document, entry, seen[title])
    return found


def read_entries(document: Document) -> list[Entry]:
    """The entries as they stand, each by itself."""
    return [_read(document, block) for block in document.of_kind("reference")]


def entry_row(entry: Entry, occurrence: int, marker: int | None = None) -> BibliographyEntry:
    """The row of an entry that has a title: the so-manieth of that title."""
    own = {"occurrence": occurrence, "marker": marker}
    return BibliographyEntry.model_validate({**(entry.cells or {}), **own})


def cite_entry(document: Document, entry: Entry, occurrence: int) -> list[Evidence]:
    """Where the cells of an entry stand."""
    key = (str((entry.cells or {})["title"]), occurrence)
    return [
        document.cite(TABLE, key, column, part.start, part.end, "references")
        for column, part in entry.parts.items()
    ]


def reject_entry(document: Document, entry: Entry) -> Rejection:
    """An entry without a title."""
    return document.reject(TABLE, "no-title", "no title could be read", entry.block)


def _read(document: Document, block: Block) -> Entry:
    entry = parse_reference(document.text(block))
    parts = _parts(block, entry)
    title = document.words(parts["title"])
    if not title and not entry.quoted:
        return Entry(block, None, {}, entry.uses)
    cells: dict[str, object] = {
        **dict.fromkeys(("publisher", "language", *_DATES)),
        "title": title,
        "number": block.number,
        **{
            name: document.words(parts[name]) for name in ("publisher", "language") if name in parts
        },
        **{name: entry.dates[name][0] for name in _DATES if name in entry.dates},
    }
    whole = parts["title"] if title else block
    stated = {column: part for column, part in parts.items() if column != "title"}
    return Entry(block, cells, stated | {"": whole}, entry.uses)


def _parts(block: Block, entry: Reference) -> dict[str, Part]:
    """Where each cell stands in the document, by column."""
    parts = {"title": entry.title, "publisher": entry.publisher, "language": entry.language}
    parts |= {name: part for name, (_, part) in entry.dates.items()}
    return {
        column: Part(block.start + part.start, block.start + part.end)
        for column, part in parts.items()
        if part is not None
    }
