"""The list of references, and which number in the text each entry answers."""

from azds.ingest.blocks import Block, Document, Part
from azds.ingest.extracted import Extracted
from azds.ingest.extractors.numbering import align
from azds.ingest.extractors.references import Reference, parse_reference
from azds.records import BibliographyEntry

__all__ = ["extract_bibliography"]

TABLE = "bibliography"
_DATES = ("published", "retrieved", "archived")


def extract_bibliography(document: Document) -> Extracted[BibliographyEntry]:
    """The entries of the list of references in their order; may be empty."""
    found: Extracted[BibliographyEntry] = Extracted()
    blocks = list(document.of_kind("reference"))
    entries = [parse_reference(document.text(block)) for block in blocks]
    answers = align(document, blocks, [entry.uses for entry in entries])
    seen: dict[str, int] = {}
    for block, entry, marker in zip(blocks, entries, answers, strict=True):
        parts = _parts(block, entry)
        title = document.words(parts["title"])
        if not title and not entry.quoted:
            reason = "no title could be read"
            found.rejections.append(document.reject(TABLE, "no-title", reason, block))
            continue
        seen[title] = seen.get(title, 0) + 1
        cells: dict[str, object] = {
            "title": title,
            "occurrence": seen[title],
            "number": block.number,
            "marker": marker,
            **{
                name: document.words(parts[name])
                for name in ("publisher", "language")
                if name in parts
            },
            **{name: entry.dates[name][0] for name in _DATES if name in entry.dates},
        }
        empty = dict.fromkeys(("publisher", "language", *_DATES))
        row = BibliographyEntry.model_validate(empty | cells)
        found.rows.append(row)
        whole = parts["title"] if title else block
        key = (row.title, row.occurrence)
        found.evidence += [
            document.cite(TABLE, key, column, part.start, part.end, "references")
            for column, part in {**parts, "": whole}.items()
            if column != "title"
        ]
    return found


def _parts(block: Block, entry: Reference) -> dict[str, Part]:
    """Where each cell stands in the document, by column."""
    parts = {"title": entry.title, "publisher": entry.publisher, "language": entry.language}
    parts |= {name: part for name, (_, part) in entry.dates.items()}
    return {
        column: Part(block.start + part.start, block.start + part.end)
        for column, part in parts.items()
        if part is not None
    }
