"""Readers: one for each style of text, all to the same blocks."""

from collections.abc import Callable

from azds.errors import InvalidInputError
from azds.ingest.blocks import Document
from azds.ingest.readers import html_text, plain_lines, wikiextractor
from azds.ingest.source import Source

__all__ = ["STYLES", "read_document", "sniff"]

STYLES: dict[str, Callable[[Source], Document]] = {
    html_text.STYLE: html_text.read,
    plain_lines.STYLE: plain_lines.read,
    wikiextractor.STYLE: wikiextractor.read,
}


def sniff(source: Source) -> str:
    """The style that a text most looks like, by its form alone."""
    scores = {
        html_text.STYLE: html_text.looks_like(source.clean),
        wikiextractor.STYLE: wikiextractor.looks_like(source.clean),
        plain_lines.STYLE: plain_lines.looks_like(source.clean),
    }
    return max(scores, key=lambda style: scores[style])


def read_document(source: Source, style: str | None = None) -> Document:
    """The blocks of a source, by the style given or the one it looks like.

    Raises:
        InvalidInputError: `source-style`, if the style is not known.
    """
    chosen = style or sniff(source)
    if chosen not in STYLES:
        raise InvalidInputError(
            "source-style", "unknown style", expected=" or ".join(sorted(STYLES)), got=repr(chosen)
        )
    return STYLES[chosen](source)
