"""Wikitext whose lines were folded into one: ``{| class=x |- ! Country |- |Peru |1990 |}``.

Copies of edit pages have it so. A line that opens a table and goes on to its next row
is divided again, blank by blank, so that every other offset stays as it is.
"""

import re
from collections.abc import Iterator

from azds.ingest.blocks import Part
from azds.ingest.wikitext.pairs import Pairs

__all__ = ["has_folded", "unfold"]

_OPENS = "{|"
_NEXT_ROW = " |-"
_MARK = re.compile(
    r"(?P<table>\{\|)|(?<=\s)(?P<row>\|-)|(?<=\s)(?P<close>\|\})|(?<=\s)(?P<cell>\|(?!\|))"
    r"|(?<=\s)(?P<head>!(?!!))|(?<=\s)(?P<item>\*(?=\s?[\[{'A-Z]))"
    r"|(?<!\S)(?P<heading>(?P<equals>={2,6})(?!=)[^=\n]{1,100}(?P=equals)(?!\S))"
)
_ATTRIBUTES = re.compile(
    r"(?:\s*+[\w-]++\s*+=\s*+(?:\"[^\"\n]*+\"|[^\s\"|]++))++\s*+",
)
_ALONE = frozenset({"heading", "close"})
"""What ends its line too."""
_LONGEST_ATTRIBUTES = 400


def has_folded(text: str) -> bool:
    """Whether a table was folded into one line of a text."""
    return next(_folded_lines(text), None) is not None


def unfold(text: str, pairs: Pairs) -> str:
    r"""The text with line feeds in place of blanks before the marks of folded tables.

    >>> from azds.ingest.wikitext.pairs import find_pairs
    >>> text = "== A == {| class=x |- ! B |- |{{c | d}} |}"
    >>> unfold(text, find_pairs(text)).split("\n")
    ['== A ==', '{| class=x', '|-', '! B', '|-', '|{{c | d}}', '|}']
    """
    feeds = [at for line in _folded_lines(text) for at in _feeds(text, line, pairs)]
    parts: list[str] = []
    low = 0
    for at in feeds:
        parts.append(text[low:at])
        low = at + 1
    return "\n".join([*parts, text[low:]]) if feeds else text


def _folded_lines(text: str) -> Iterator[Part]:
    """The lines that open a table and hold its next row."""
    at = text.find(_OPENS)
    while at >= 0:
        start, stop = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        end = len(text) if stop < 0 else stop
        if text.find(_NEXT_ROW, at, end) >= 0:
            yield Part(start, end)
        at = text.find(_OPENS, end)


def _feeds(text: str, line: Part, pairs: Pairs) -> Iterator[int]:
    """The blanks of a line that stand for line feeds."""
    folded = _Folded(text)
    last = -1
    for mark in _free(text, line, pairs):
        if not folded.begins_line(mark):
            continue
        before, behind = mark.start() - 1, mark.end()
        if mark.start() > line.start and text[before].isspace() and before > last:
            last = before
            yield last
        if mark.lastgroup in _ALONE and behind < line.end and text[behind].isspace():
            last = behind
            yield last


class _Folded:
    """Goes through the marks of a line: how many tables are open, and what stands in the row."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0
        self.in_head = False
        self.cell: int | None = None

    def begins_line(self, mark: re.Match[str]) -> bool:
        """Whether a line begins at a mark."""
        kind = mark.lastgroup
        if kind in {"heading", "table"}:
            is_line = kind == "table" or not self.depth
        else:
            is_line = self.depth > 0
        if not is_line:
            return False
        self.depth += (kind == "table") - (kind == "close")
        if kind == "cell":
            return self._opens_cell(mark)
        if kind == "head" and not self.in_head:
            return False
        self.in_head |= kind in {"table", "row"}
        self.cell = mark.end() if kind == "head" else None
        return True

    def _opens_cell(self, mark: re.Match[str]) -> bool:
        """Whether a bar opens a cell: not where it closes the attributes of one."""
        start = mark.start() if self.cell is None else self.cell
        is_short = mark.start() - start <= _LONGEST_ATTRIBUTES
        if is_short and _ATTRIBUTES.fullmatch(self.text, start, mark.start()):
            self.cell = None
            return False
        self.in_head, self.cell = False, mark.end()
        return True


def _free(text: str, line: Part, pairs: Pairs) -> Iterator[re.Match[str]]:
    """The marks of a line that stand in no template, link or reference."""
    inner = iter([*pairs.within(line.start, line.end)])
    pair = next(inner, None)
    for mark in _MARK.finditer(text, line.start, line.end):
        while pair is not None and pair.end <= mark.start():
            pair = next(inner, None)
        if pair is None or mark.start() < pair.start:
            yield mark
