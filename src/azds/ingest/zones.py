"""The zones of a text: the article's body, summaries of related articles, stray fragments.

Some extracts end with short summaries of the articles that a navigation box
points to, and with fragments of templates and quotations. The body is cited,
the summaries are not: they stand behind the last paragraph with a citation
mark. Fragments start at the first line that is a template and nothing else.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

from azds.ingest.blocks import Block, Document

__all__ = ["Zones", "find_zones"]

_TEMPLATE = re.compile(r"\{\{[^{}\n]{1,80}\}\}")


@dataclass(frozen=True, slots=True)
class Zones:
    """The blocks of running text by zone, each in order."""

    body: tuple[Block, ...]
    related: tuple[Block, ...]
    fragments: tuple[Block, ...]


def find_zones(document: Document) -> Zones:
    """The zones of a document; without citation marks all text is body."""
    clean = document.source.clean
    blocks = [b for b in document.of_kind("paragraph", "note", "item", "notice") if b.start < b.end]
    stray = next(
        (n for n, b in enumerate(blocks) if _TEMPLATE.fullmatch(clean, b.start, b.end)), len(blocks)
    )
    running = [b for b in blocks[:stray] if b.kind != "notice"]
    stray_blocks = [b for b in blocks[stray:] if b.kind != "notice"]
    cited = [n for n, block in enumerate(running) if _is_cited(document, block)]
    divided = cited and all(block.kind == "paragraph" for block in running[cited[-1] + 1 :])
    last = (
        cited[-1] + 1
        if divided and not list(document.of_kind("heading", "reference"))
        else len(running)
    )
    return Zones(tuple(running[:last]), tuple(running[last:]), tuple(stray_blocks))


def _is_cited(document: Document, block: Block) -> bool:
    marks = document.source.marks
    at = bisect_left(document.source.marked, block.start)
    return at < len(marks) and marks[at].start < block.end
