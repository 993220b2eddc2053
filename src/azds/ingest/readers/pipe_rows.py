"""Pipe tables: which lines make a row, and which cells it has.

Converters keep the line breaks of cells, so a row may go on over several lines. What
ends it is the number of its bars: as many as the header has, over however many lines.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from azds.entities import states
from azds.ingest.blocks import Part
from azds.ingest.grids import is_date_head, is_state_head

__all__ = ["PipeRows", "Shape", "bars_of", "has_head", "head_lines", "shape_of"]

_BAR = re.compile(r"\{\{[^{}\n]*(?:\}\}|$)|\\\||(?P<bar>\|)")
_HEAD = re.compile(
    r"^(?:[#\d. ]{0,3}\|)?\s?(?P<ruled>[^|\n]{3,60}?)[ ]*\|[^\n]{0,300}\n[ ]*\|?[ ]*:?-{3,}:?[ ]*\|"
    r"|^(?P<cell>[^|\n]{3,60}?)[ ]*\|[ ]*\n(?P<next>[^|\n]{3,60}?)[ ]*\|",
    re.MULTILINE,
)
_PICTURE = re.compile(r"\[?!\[|(?:File|Image):Flag\b", re.IGNORECASE)
_NOTE = re.compile(r"[-*+\u2022]\s|See\s")
_NUMBER_HEAD = frozenset({"#", "No.", "No"})
_MOST_HEADS = 6
_LONGEST_DATE = 4
"""Of how many words a date may be that a stop closes."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the header of a table tells of its rows.

    Attributes:
        bars: How many bars a row has.
        columns: How many cells a row has.
        led: Whether a bar opens each row.
        named: Whether its first column is of states.
    """

    bars: int
    columns: int
    led: bool
    named: bool


def bars_of(words: str) -> list[int]:
    r"""Where the bars stand that divide cells: not those of a template, none behind a backslash.

    >>> bars_of(r"a | {{b|c}} \| d |")
    [2, 17]
    """
    return [match.start() for match in _BAR.finditer(words) if match["bar"]]


def shape_of(lines: Sequence[str]) -> Shape:
    """The shape of a table by its first lines: the header, the rule, a row."""
    widest = max(lines, key=lambda words: len(bars_of(words)))
    bars = len(bars_of(widest))
    led = bars > 0 and widest.startswith("|")
    first = lines[0].strip("| ").partition("|")[0]
    closed = bars > led and widest.endswith("|")
    return Shape(bars, max(bars + 1 - led - closed, 1), led, is_state_head(first))


def head_lines(lines: Sequence[str]) -> int:
    """How many of these lines are a header with one cell a line, a bar behind each; 0 for none."""
    cells: list[str] = []
    for words in lines[:_MOST_HEADS]:
        if not words.endswith("|") or len(bars_of(words)) != 1:
            break
        cells.append(words.rstrip("| "))
    state = next((at for at, words in enumerate(cells) if is_state_head(words)), None)
    if state is None or any(words not in _NUMBER_HEAD for words in cells[:state]):
        return 0
    dates = [at for at, words in enumerate(cells) if at > state and is_date_head(words)]
    if dates[:1] != [state + 1]:
        return 0
    behind = cells[state + 2 : state + 3]
    return state + 2 + sum(words.casefold() in {"notes", "note", "remarks"} for words in behind)


def has_head(text: str) -> bool:
    """Whether a header with a column of states stands in a text: over a rule, or a cell a line."""
    return any(
        is_state_head(match["ruled"] or match["cell"])
        and (match["ruled"] is not None or is_date_head(match["next"]))
        for match in _HEAD.finditer(text)
    )


class PipeRows:
    """The rows of a table, line by line.

    Attributes:
        rows: Each row as its cells, each cell as its lines.
        is_fresh: Whether the next line begins a row, whatever stands open.
    """

    def __init__(self, text: str, shape: Shape) -> None:
        self.text = text
        self.shape = shape
        self.rows: list[list[list[Part]]] = []
        self.is_fresh = True
        self._taken = 0
        self._opens_cell = True

    def add(self, line: Part) -> None:
        """Take a line: it begins a row, or goes on in the row that is open."""
        cuts = [line.start + at for at in bars_of(self.text[line.start : line.end])]
        start = line.start
        if self._begins(line, cuts):
            self.rows.append([])
            self.is_fresh, self._taken, self._opens_cell = False, 0, True
            if self.shape.led and cuts[:1] == [start]:
                start += 1
                self._taken = 1
                del cuts[0]
        else:
            self._go_on(self.text[line.start : [*cuts, line.end][0]].strip())
        self._taken += len(cuts)
        for cut in cuts:
            self._put(Part(start, cut))
            self._opens_cell = True
            start = cut + 1
        if self.text[start : line.end].strip():
            self._put(Part(start, line.end))

    def _begins(self, line: Part, cuts: list[int]) -> bool:
        """Whether a line begins a row: the one before is complete, or this one can be no rest."""
        if self.is_fresh or not cuts:
            return self.is_fresh
        full = self.shape.bars
        if self._taken >= full or self._taken + len(cuts) > full:
            return True
        led = cuts[0] == line.start
        if self.shape.led and led:
            return bool(self.text[cuts[0] + 1 : [*cuts[1:], line.end][0]].strip())
        first = self.text[line.start : cuts[0]].strip()
        is_name = _PICTURE.match(first) is not None or states().resolve(first) is not None
        return self.shape.named and bool(first) and is_name

    def _go_on(self, words: str) -> None:
        """Let the words of a further line go to the cell that is open; notes to the last one."""
        row, columns = self.rows[-1], self.shape.columns
        if self._taken >= self.shape.bars and len(row) >= columns:
            self._opens_cell = False
        tells = words.endswith(".") and len(words.split()) > _LONGEST_DATE
        if self._opens_cell and (tells or _NOTE.match(words)):
            row += [[] for _ in range(columns - 1 - len(row))]

    def _put(self, part: Part) -> None:
        if self._opens_cell:
            self.rows[-1].append([])
            self._opens_cell = False
        self.rows[-1][-1].append(part)
