"""Readers: one for each style of text, all to the same blocks."""

from collections.abc import Callable

from azds.errors import InvalidInputError
from azds.ingest.blocks import Document
from azds.ingest.readers import (
    cell_lines,
    html,
    html_text,
    markdown,
    plain_lines,
    wikiextractor,
    wikitext,
)
from azds.ingest.source import Source

__all__ = ["STYLES", "read_document", "sniff"]

STYLES: dict[str, Callable[[Source], Document]] = {
    html_text.STYLE: html_text.read,
    plain_lines.STYLE: plain_lines.read,
    wikiextractor.STYLE: wikiextractor.read,
    wikitext.STYLE: wikitext.read,
    html.STYLE: html.read,
    markdown.STYLE: markdown.read,
    cell_lines.STYLE: cell_lines.read,
}


def sniff(source: Source) -> str:
    """The style that a text most looks like, by its form alone."""
    scores = {
        html_text.STYLE: html_text.looks_like(source.clean),
        wikiextractor.STYLE: wikiextractor.looks_like(source.clean),
        plain_lines.STYLE: plain_lines.looks_like(source.clean),
        wikitext.STYLE: wikitext.looks_like(source.mended),
        html.STYLE: html.looks_like(source.mended),
        markdown.STYLE: markdown.looks_like(source.mended),
        cell_lines.STYLE: cell_lines.looks_like(source.clean),
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
