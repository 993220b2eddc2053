"""The sections of a document: they partition its source."""

from azds.ingest.blocks import Block, Document, Part
from azds.ingest.extracted import Extracted
from azds.records import Section
from azds.spans import Span, words_digest

__all__ = ["extract_sections"]

TABLE = "sections"


def extract_sections(document: Document) -> Extracted[Section]:
    """The sections in order; the first, before any heading, has the heading ``""``.

    A title is no heading. Offsets are of the original text: 0 to its end,
    each section up to the next.
    """
    found: Extracted[Section] = Extracted()
    source = document.source
    heads: list[Block | None] = [None, *document.of_kind("heading")]
    starts = [0, *(source.span(b.start, b.end).start for b in heads if b is not None)]
    stops = [*starts[1:], len(source.text)]
    seen: dict[str, int] = {}
    for ordinal, (head, start, end) in enumerate(zip(heads, starts, stops, strict=True), 1):
        heading = document.title_words(head) if head else ""
        seen[heading] = seen.get(heading, 0) + 1
        words = Span(start, end).of(source.text)
        found.rows.append(
            Section(
                heading=heading,
                occurrence=seen[heading],
                digest=words_digest(words),
                ordinal=ordinal,
                start=start,
                end=end,
                words=len(words.split()),
            )
        )
        first = head or next(document.of_kind("title"), None) or Part(0, 0)
        place = "heading" if head else "lead"
        key = (heading, seen[heading])
        found.evidence.append(document.cite(TABLE, key, "", first.start, first.end, place))
    return found
