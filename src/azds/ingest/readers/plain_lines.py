"""Style `plain-lines`: one paragraph or list item a line, no tables, headings only where marked.

A page number and the title may open the text, each closed by a comma, as in a
CSV record. A heading is marked as ``== Words ==``; most texts have none.
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from azds.ingest.blocks import Block, Document, Kind, Part
from azds.ingest.calendar_words import find_dates
from azds.ingest.readers.lines import bare, is_markup, lines_of, tells, trimmed
from azds.ingest.source import Source

__all__ = ["STYLE", "looks_like", "read"]

STYLE = "plain-lines"

_PAGE_NUMBER = re.compile(r"\d+,")
_HEADING = re.compile(r"(?P<mark>={2,6})\s*(?P<words>[^=]{1,200}?)\s*(?P=mark)")
_ITEM = re.compile(r"[-*\u2022]\s+(?=\S)")
_NUMBER = re.compile(r"\d{1,3}[.)]\s+(?=\S)")
_TABLE = re.compile(r"\{\||\s\|-")
_FOLDED = re.compile(
    r"(?P<heading>={2,6}\s[^=]{1,200}\s={2,6})|\|[-}]|\{\||\|{1,3}|\s\*\s?(?=[A-Z])|\s!"
)
_ENTITLES = re.compile(r"(?:The\s+following|This)\s+(?:is|are)\s")
_BEFORE_DATE = " \t,;(-\u2010\u2011\u2012\u2013\u2014\u2015"
_HEADING_LENGTH = 240
_ITEM_WORDS = 6
_ITEM_LENGTH = 60
_LIST_LENGTH = 3
_TITLE_WORDS = 14


def looks_like(text: str) -> float:
    """How much a text looks like this style: 0 to 1. What looks like nothing else is read so."""
    return 1.0 if _PAGE_NUMBER.match(text.lstrip()) else 0.3


def read(source: Source) -> Document:
    """The blocks of a text in this style."""
    text = source.clean
    lines = [part for line in lines_of(text) for part in _pieces(text, line)]
    body = [part for line in lines if (part := trimmed(text, line)).start < part.end]
    pages = sum(1 for _ in takewhile(lambda p: _PAGE_NUMBER.fullmatch(text, p.start, p.end), body))
    blocks = [Block(page.start, page.end, "other", "other") for page in body[:pages]]
    body = body[pages:]
    if body and _is_title(text[body[0].start : body[0].end]):
        blocks.append(Block(body[0].start, body[0].end, "title", "lead"))
        body = body[1:]
    items = _items(text, body)
    place = "lead"
    for position, part in enumerate(body):
        block = _block(text, part, "item" if position in items else "paragraph", place)
        blocks.append(block)
        if block.kind in {"paragraph", "heading"}:
            place = "prose"
    return Document(source, STYLE, tuple(blocks))


def _is_title(words: str) -> bool:
    """Whether the first line is the title, and not the first sentence of a text without one."""
    is_short = bare(words.rstrip(",."), _TITLE_WORDS)
    return is_short and (not tells(words) or _ENTITLES.match(words) is not None)


def _pieces(text: str, line: Part) -> Iterator[Part]:
    """A line, divided where a wiki table or list was folded into it."""
    at = line.start
    if _TABLE.search(text, line.start, line.end):
        for match in _FOLDED.finditer(text, line.start, line.end):
            yield Part(at, match.start())
            at = match.start() if match["heading"] else match.end()
            if match["heading"]:
                yield Part(at, match.end())
                at = match.end()
    yield Part(at, line.end)


def _block(text: str, part: Part, kind: Kind, place: str) -> Block:
    """The block of a line: of the kind given, if no mark says otherwise."""
    words = text[part.start : part.end]
    heading = _HEADING.fullmatch(words) if len(words) <= _HEADING_LENGTH else None
    item = _ITEM.match(words) or (_NUMBER.match(words) if kind == "item" else None)
    if heading:
        start = part.start + heading.start("words")
        return Block(start, part.start + heading.end("words"), "heading", "heading")
    if is_markup(words):
        return Block(part.start, part.end, "notice", "notice")
    if item or kind == "item":
        return Block(part.start + (item.end() if item else 0), part.end, "item", "list")
    return Block(part.start, part.end, kind, place)


def _items(text: str, parts: list[Part]) -> set[int]:
    """The positions of lines that stand in a list: several short ones in a row."""
    short = [_is_short(text[part.start : part.end]) for part in parts]
    found: set[int] = set()
    at = 0
    while at < len(short):
        end = at
        while end < len(short) and short[end]:
            end += 1
        if end - at >= _LIST_LENGTH:
            found.update(range(at, end))
        at = max(end, at + 1)
    return found


def _is_short(words: str) -> bool:
    """Whether a line is a few words and no sentence; its number and its date do not count."""
    if len(words) > _ITEM_LENGTH or is_markup(words):
        return False
    number = _NUMBER.match(words)
    words = words[number.end() :] if number else words
    dates = find_dates(words)
    if dates and len(words.rstrip(")")) == dates[-1].end:
        words = words[: dates[-1].start].rstrip(_BEFORE_DATE) or words
    return bare(words, _ITEM_WORDS)
