"""Which number in the text each printed reference answers.

A list that lost entries is misnumbered from there on. The numbers are aligned
with the citation marks in the text: the shift never falls, and each step up
must be earned by what entry and cited words share: a date, a name, words, and
how often the entry says that it is used.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from azds.entities import states
from azds.ingest.blocks import Block, Document, Part
from azds.ingest.calendar_words import find_dates

__all__ = ["align"]

_LARGEST_SHIFT = 12
_STEP_COST = 2.0
_SAME_DATE = 3.0
_SAME_NAMES = 2.0
_SAME_WORD = 0.5
_USES = 2.0
_UNCITED = -1.0
_WORD = re.compile(r"\w{5,}")
_MOST_SHARED = 6.0
_MOST_CITATIONS = 40


@dataclass(frozen=True, slots=True)
class _Traits:
    """What can be compared of an entry and of words that cite it."""

    dates: frozenset[str]
    names: frozenset[str]
    words: frozenset[str]


@dataclass(slots=True)
class _Citations:
    """Where the text cites each number, and the traits of those places, read once."""

    document: Document
    places: dict[int, list[tuple[int, Block]]] = field(default_factory=dict)
    known: dict[int, tuple[list[_Traits], int]] = field(default_factory=dict)
    seen: dict[int, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note the places of all marks outside references."""
        for mark in self.document.source.marks if self.document.blocks else ():
            block = self.document.blocks[self.document.position(Part(mark.start, mark.end))]
            if mark.number is not None and block.kind not in {"reference", "notice"}:
                self.places.setdefault(mark.number, []).append((mark.start, block))

    def of(self, number: int) -> tuple[list[_Traits], int]:
        """The traits of places that cite a number, and how many places do."""
        if number not in self.known:
            places = self.places.get(number, [])
            traits = [self._traits(*place) for place in places[:_MOST_CITATIONS]]
            self.known[number] = traits, len(places)
        return self.known[number]

    def _traits(self, at: int, block: Block) -> _Traits:
        part = self._sentence_before(at, block)
        clean = self.document.source.clean
        return _Traits(
            frozenset(date.edtf for date in find_dates(clean, part.start, at)),
            frozenset(entity for _, _, entity in states().find(clean, part.start, at)),
            self._words(block),
        )

    def _sentence_before(self, at: int, block: Block) -> Part:
        if block.kind == "row":
            return block
        sentences = self.document.sentences(block)
        position = bisect_right(sentences, at - 1, key=lambda part: part.start)
        return sentences[position - 1] if position else block

    def _words(self, block: Block) -> frozenset[str]:
        if block.start not in self.seen:
            self.seen[block.start] = _long_words(self.document.text(block))
        return self.seen[block.start]


def align(document: Document, blocks: list[Block], uses: list[int]) -> list[int | None]:
    """For each entry the number in the text that it answers, where that is not its own.

    None stands for an entry that answers its own number. Of several lists only
    the longest is aligned. Linear in the entries.
    """
    answers: list[int | None] = [None] * len(blocks)
    citations = _Citations(document)
    first, last = _longest_list(blocks)
    if citations.places:
        shifts = _best_shifts(document, blocks[first:last], uses[first:last], citations)
        for at, shift in enumerate(shifts, first):
            answers[at] = (blocks[at].number or 0) + shift if shift else None
    return answers


def _longest_list(blocks: list[Block]) -> tuple[int, int]:
    """Where the longest stretch of rising numbers starts and ends."""
    cuts = [0, *(at for at in range(1, len(blocks)) if not _rises(blocks, at)), len(blocks)]
    return max(pairwise(cuts), key=lambda cut: cut[1] - cut[0])


def _rises(blocks: list[Block], at: int) -> bool:
    return (blocks[at].number or 0) > (blocks[at - 1].number or 0)


def _best_shifts(
    document: Document, blocks: list[Block], uses: list[int], citations: _Citations
) -> list[int]:
    """By how much each entry's number is too low: the best path by dynamic programming."""
    shifts = range(_LARGEST_SHIFT + 1)
    totals = [0.0 if shift == 0 else float("-inf") for shift in shifts]
    chosen: list[list[int]] = []
    for block, used in zip(blocks, uses, strict=True):
        own = _entry_traits(document, block)
        back = [_best_before(totals, shift) for shift in shifts]
        totals = [
            _stepped(totals[back[shift]], back[shift], shift)
            + _score(own, used, *citations.of((block.number or 0) + shift))
            for shift in shifts
        ]
        chosen.append(back)
    path = [max(shifts, key=lambda shift: (totals[shift], -shift))]
    for back in reversed(chosen[1:]):
        path.append(back[path[-1]])
    return path[::-1] if blocks else []


def _best_before(totals: list[float], shift: int) -> int:
    """The best shift up to this one from which to go on; the least where several are."""
    return max(
        range(shift + 1), key=lambda before: (_stepped(totals[before], before, shift), -before)
    )


def _stepped(total: float, before: int, shift: int) -> float:
    return total - _STEP_COST * (before < shift)


def _entry_traits(document: Document, block: Block) -> _Traits:
    clean = document.source.clean
    return _Traits(
        frozenset(date.edtf for date in find_dates(clean, block.start, block.end)),
        frozenset(entity for _, _, entity in states().find(clean, block.start, block.end)),
        _long_words(document.text(block)),
    )


def _long_words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))


def _score(own: _Traits, used: int, citations: list[_Traits], count: int) -> float:
    """How well an entry fits the `count` places that cite a number; below zero where none may."""
    if not count:
        return _UNCITED if used > 1 else 0.0
    score = _USES * (used == count > 1) - _USES * (used != count)
    shared = 0.0
    for near in citations:
        same = _SAME_DATE * bool(own.dates & near.dates)
        same += _SAME_NAMES * len(own.names & near.names) / max(1, len(own.names | near.names))
        same += _SAME_WORD * len(own.words & near.words)
        shared = max(shared, same)
    return score + min(shared, _MOST_SHARED)
