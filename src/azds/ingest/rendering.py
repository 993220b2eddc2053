"""Markup to the words that it shows, with the way back to every character.

A reader of markup does not look for facts in tags and braces: it renders the
text as a browser would show it, piece by piece, and each piece remembers the
stretch of the source that it stands for. The result is a `Source` whose `clean`
is the rendered text, so that the extractors, and the spans of their evidence,
are the same for every form.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

from azds.ingest.source import Mark, Source, Step

__all__ = ["Rendering"]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Where words start in the rendered text, and the stretch of markup that they stand for."""

    at: int
    start: int
    end: int
    exact: bool


class Rendering:
    """A text in the making: words are copied from the markup, or put in place of it.

    Attributes:
        markup: What is rendered: the source's text, repaired.
        at: How long the rendered text is so far.
    """

    def __init__(self, source: Source, *, marked: bool = False) -> None:
        """Begin; where the text prints citation marks, `marked` keeps those of the source."""
        self.source = source
        self.markup = source.clean if marked else source.mended
        self._known = source.marks if marked else ()
        self.at = 0
        self._words: list[str] = []
        self._pieces: list[_Piece] = []
        self._marks: list[Mark] = []

    def copy(self, start: int, end: int) -> None:
        """The characters of the markup from `start` to `end`, as they are."""
        if start < end:
            self._add(self.markup[start:end], start, end, exact=True)

    def put(self, words: str, start: int, end: int) -> None:
        """Words that stand for a stretch of the markup."""
        if words:
            self._add(words, start, end, exact=False)

    def mark(self, number: int | None, start: int, end: int) -> None:
        """A citation mark: a blank in the text, and its number."""
        at = self.at
        self.put(" ", start, end)
        self._marks.append(Mark(at, self.at, number))

    def text(self, start: int) -> str:
        """What was rendered from a place in the rendered text on."""
        parts: list[str] = []
        at = self.at
        for words in reversed(self._words):
            if at <= start:
                break
            at -= len(words)
            parts.append(words)
        whole = "".join(reversed(parts))
        return whole[max(start - at, 0) :]

    def between(self, start: int, end: int) -> str:
        """What was rendered between two places in the rendered text."""
        at = bisect_right(self._pieces, start, key=lambda piece: piece.at) - 1
        parts: list[str] = []
        low = self._pieces[at].at if 0 <= at < len(self._pieces) else 0
        place = low
        while 0 <= at < len(self._pieces) and place < end:
            parts.append(self._words[at])
            place += len(self._words[at])
            at += 1
        return "".join(parts)[start - low : end - low]

    @property
    def source_end(self) -> int:
        """Where the markup ends of what was rendered last."""
        return self._pieces[-1].end if self._pieces else 0

    def finish(self) -> Source:
        """The source, read as it was rendered."""
        steps = [step for piece in self._pieces for step in self._steps(piece)]
        if not steps:
            steps = [Step(0, 0, len(self.source.text), exact=False)]
        marks = self._marks + [mark for piece in self._pieces for mark in self._carried(piece)]
        marks.sort(key=lambda mark: mark.start)
        return replace(
            self.source, clean="".join(self._words), marks=tuple(marks), steps=tuple(steps)
        )

    def _carried(self, piece: _Piece) -> list[Mark]:
        """The marks of the source that stand in a piece."""
        if not piece.exact or not self._known:
            return []
        low = bisect_left(self._known, piece.start, key=lambda mark: mark.start)
        high = bisect_left(self._known, piece.end, lo=low, key=lambda mark: mark.start)
        shift = piece.at - piece.start
        return [Mark(m.start + shift, m.end + shift, m.number) for m in self._known[low:high]]

    def _add(self, words: str, start: int, end: int, *, exact: bool) -> None:
        self._words.append(words)
        self._pieces.append(_Piece(self.at, start, end, exact))
        self.at += len(words)

    def _steps(self, piece: _Piece) -> list[Step]:
        """The piece in characters of the text as stored; divided where a repair lies in it."""
        if not self.source.repairs:
            return [Step(piece.at, piece.start, piece.end, piece.exact)]
        if not piece.exact:
            span = self.source.span(piece.start, piece.end)
            return [Step(piece.at, span.start, span.end, exact=False)]
        steps = []
        for start, end, exact in self.source.stretches(piece.start, piece.end):
            span = self.source.span(start, end)
            steps.append(Step(piece.at + start - piece.start, span.start, span.end, exact))
        return steps
