"""Style `wikiextractor`: one paragraph a line, no tables, headings as ``Words.`` alone.

Newer versions write ``## Words.``, and list items with a dash; a ``<doc ...>``
line may open the text.
"""

import re

from azds.ingest.blocks import Block, Document, Kind
from azds.ingest.readers.lines import is_markup, lines_of, tells, trimmed
from azds.ingest.source import Source

__all__ = ["STYLE", "looks_like", "read"]

STYLE = "wikiextractor"

_HEADING = re.compile(
    r"(?:#{2,6}\s+(?P<marked>[^\n]+?)|(?P<plain>(?:[^.?!:;\n]|(?<=\b[A-Z])\.|(?<=\bSt)\.)+))\.?"
)
_CONTAINER = re.compile(r"</?doc\b")
_ITEM = re.compile(r"(?:[-*\u2022]|\d{1,3}[.)])\s+(?=\S)")
_HEADING_WORDS = 9
_MOST = 200
_LEAST_HEADED = 12


def looks_like(text: str) -> float:
    """How much a text looks like this style: 0 to 1."""
    if _CONTAINER.match(text):
        return 1.0
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    headings = sum(_is_heading(line) for line in lines[1:])
    if lines and _is_heading(lines[0]):
        return 0.9 * (headings > 0)
    return 0.4 * (headings > 1 and headings >= len(lines) / _LEAST_HEADED)


def read(source: Source) -> Document:
    """The blocks of a text in this style."""
    blocks: list[Block] = []
    place, titled = "lead", False
    contained = _CONTAINER.match(source.clean) is not None
    for line in lines_of(source.clean):
        part = trimmed(source.clean, line)
        words = source.clean[part.start : part.end]
        if not words:
            continue
        kind, lead = _kind(words)
        if kind in {"heading", "paragraph", "item"} and not titled:
            titled = True
            if contained or not tells(words):
                kind, lead = "title", 0
        if kind == "heading":
            place = "prose"
        where = {"paragraph": place, "item": "list", "title": "lead"}.get(kind, kind)
        blocks.append(Block(part.start + lead, part.end, kind, where))
    return Document(source, STYLE, tuple(blocks))


def _kind(words: str) -> tuple[Kind, int]:
    """What a line is, and how many characters of markup open it."""
    if _CONTAINER.match(words) or is_markup(words):
        return "notice", 0
    if _is_heading(words):
        return "heading", len(words) - len(words.lstrip("# "))
    item = _ITEM.match(words)
    return ("item", item.end()) if item else ("paragraph", 0)


def _is_heading(words: str) -> bool:
    """Whether a line is a heading: marked as such, or few words without a verb, then a stop."""
    match = _HEADING.fullmatch(words) if len(words) <= _MOST else None
    if match is None:
        return False
    if match["marked"]:
        return True
    return (
        words.endswith(".")
        and (words[0].isupper() or words[0].isdigit() or words[0] in "\"'(")
        and len(words.split()) <= _HEADING_WORDS
        and not tells(words)
    )
