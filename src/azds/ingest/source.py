"""Bytes to text: decoding, and repairs that keep the way back to the original.

Spans always point into the text as it was stored. `Source.clean` is the text
that rules read: mojibake mended, and citation marks (``[12]``) blanked out, so
that offsets stay as they are.
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import ftfy

from azds.errors import InvalidInputError
from azds.spans import Span

__all__ = [
    "Mark",
    "Repair",
    "Source",
    "Step",
    "decode",
    "digest_of",
    "markup_source",
    "read_source",
]

LIMIT = 4 * 1024 * 1024
"""The largest source read, in bytes (an article has at most 2 MB of wikitext)."""

_NOT_ASCII = re.compile(r"[^\x00-\x7f]{2,}")
_LONGEST_MOJIBAKE = 2_000
_HIGH = "\u00c0-\u00ff"
_NO_LATIN = re.compile(r"[^A-Za-z0-9\n\"]+")
_UTF_8_BEHIND = "\u20ac\u0080-\u009f"
_HIGH_WORDS = re.compile(rf"[{_HIGH}]{{3,}}(?:[^{_HIGH}]+[{_HIGH}]+(?![{_UTF_8_BEHIND}]))*")
_SOME_HIGH = re.compile(rf"[{_HIGH}]{{3}}")
_MARK = re.compile(
    r"\[(?P<number>\d{1,4})\]|\[(?:(?:note|nb|n|lower-alpha)\s?\d{1,3}|[a-z]|"
    r"(?:citation|clarification|better source|page|quotation) needed|"
    r"(?:who|when|where|which|why|by whom|according to whom)\?|"
    r"failed verification|dead link|disputed[^\[\]\n]{0,20}|dubious[^\[\]\n]{0,20})\]"
)


@dataclass(frozen=True, slots=True)
class Repair:
    """A stretch of the original that is read otherwise than it is stored."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation mark in `Source.clean`; `number`, from 1, is None for ``[citation needed]``."""

    start: int
    end: int
    number: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """Where a stretch of `clean` starts, and where what it stands for starts and ends.

    `exact` tells that the two correspond character by character.
    """

    clean: int
    start: int
    end: int
    exact: bool


@dataclass(frozen=True)
class Source:
    """The stored text of one revision of an article.

    Attributes:
        text: As stored; spans point into it.
        clean: Repaired, citation marks blanked; what the rules read.
        digest: ``sha256:`` and the hex digest of the bytes.
        repairs: What `clean` reads otherwise.
        marks: Citation marks, in order.
        mended: Repaired, citation marks still in it; what readers of markup render anew.
    """

    text: str
    clean: str
    digest: str
    repairs: tuple[Repair, ...]
    marks: tuple[Mark, ...]
    steps: tuple[Step, ...] = field(repr=False)
    mended: str = field(default="", repr=False, compare=False)

    def span(self, start: int, end: int) -> Span:
        """The span in the original of a stretch of `clean`.

        A stretch that cuts a repair which changed the length takes in the whole repair.
        """
        first = self._step(start)
        if end <= start:
            place = first.start + (start - first.clean if first.exact else 0)
            return Span(place, place)
        last = self._step(end - 1)
        low = first.start + (start - first.clean if first.exact else 0)
        high = last.start + (end - last.clean) if last.exact else last.end
        if high < low:  # rendered in another order than stored, as the fields of a citation are
            low, high = last.start, first.end
        return Span(low, high)

    def stretches(self, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """A stretch of `mended`, divided where repairs begin and end; each, and whether exact."""
        first = bisect_right(self._stepped, start) - 1
        stops = [step.clean for step in self.steps[first + 1 :] if step.clean < end]
        for step, low, high in zip(
            self.steps[first:], [start, *stops], [*stops, end], strict=False
        ):
            yield low, high, step.exact

    def _step(self, at: int) -> Step:
        return self.steps[bisect_right(self._stepped, at) - 1]

    @cached_property
    def marked(self) -> list[int]:
        """Where each mark starts."""
        return [mark.start for mark in self.marks]

    @cached_property
    def _stepped(self) -> list[int]:
        """Where each step starts in `clean`."""
        return [step.clean for step in self.steps]


def read_source(data: bytes) -> Source:
    """A source from its bytes.

    Raises:
        InvalidInputError: `source-unreadable`: too large, not UTF-8, or binary.
    """
    source = markup_source(decode(data), digest_of(data))
    mended = source.mended
    marks = tuple(
        Mark(m.start(), m.end(), int(m["number"] or 0) or None) for m in _MARK.finditer(mended)
    )
    clean = _MARK.sub(lambda m: " " * len(m[0]), mended)
    return replace(source, clean=clean, marks=marks)


def markup_source(text: str, digest: str = "") -> Source:
    """A text, or a section of one, to be rendered: repaired line by line, no mark looked for."""
    found = _mojibake(text)
    mended, steps = _repair(text, found)
    return Source(text, mended, digest, tuple(repair for repair, _ in found), (), steps, mended)


def digest_of(data: bytes) -> str:
    """The digest by which a source is known."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def decode(data: bytes) -> str:
    """The text of these bytes.

    Raises:
        InvalidInputError: as `read_source`.
    """
    if len(data) > LIMIT:
        raise InvalidInputError(
            "source-unreadable",
            "the source is too large",
            expected=f"at most {LIMIT} bytes",
            got=f"{len(data)} bytes",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            "source-unreadable",
            "the source is not UTF-8",
            got=f"byte {data[error.start]:#04x} at {error.start}",
            advice="convert it to UTF-8 first",
        ) from error
    if "\x00" in text:
        raise InvalidInputError("source-unreadable", "the source is binary, not text")
    return text


def _mojibake(text: str) -> list[tuple[Repair, str]]:
    """Each stretch that was decoded wrongly, and what it says; disjoint, in order."""
    cyrillic = list(_cyrillic_stretches(text))
    taken = [repair.start for repair, _ in cyrillic]
    found = list(cyrillic)
    for match in _NOT_ASCII.finditer(text):
        position = bisect_right(taken, match.end() - 1)
        if position and cyrillic[position - 1][0].end > match.start():
            continue
        if len(match[0]) <= _LONGEST_MOJIBAKE:
            mended = ftfy.fix_encoding(match[0])
            if mended != match[0]:
                found.append((Repair("utf-8-as-cp1252", match.start(), match.end()), mended))
    return sorted(found, key=lambda pair: pair[0].start)


def _cyrillic_stretches(text: str) -> Iterator[tuple[Repair, str]]:
    """Words of cp1251 that were read as Latin-1, mended.

    Accented letters alone do not make up whole words of any language in Latin
    script; the result must be Cyrillic letters throughout.
    """
    if _SOME_HIGH.search(text) is None:
        return
    for stretch in _NO_LATIN.finditer(text):
        match = _HIGH_WORDS.search(text, *_whole_words(text, stretch.start(), stretch.end()))
        if match is None:
            continue
        try:
            mended = match[0].encode("latin-1").decode("cp1251")
        except UnicodeError:
            continue
        if all("\u0400" <= char <= "\u04ff" for char in mended if char.isalpha()):
            yield Repair("cp1251-as-latin-1", match.start(), match.end()), mended


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the parts of words that have ASCII letters further out."""
    if start and text[start - 1].isascii() and text[start - 1].isalpha():
        while start < end and text[start].isalpha():
            start += 1
    if end < len(text) and text[end].isascii() and text[end].isalpha():
        while end > start and text[end - 1].isalpha():
            end -= 1
    return start, end


def _repair(text: str, found: list[tuple[Repair, str]]) -> tuple[str, tuple[Step, ...]]:
    """The repaired text, and how its stretches correspond to the original."""
    parts: list[str] = []
    steps: list[Step] = []
    at = length = 0
    for repair, mended in found:
        for start, end, words in (
            (at, repair.start, text[at : repair.start]),
            (repair.start, repair.end, mended),
        ):
            if words:
                steps.append(Step(length, start, end, exact=len(words) == end - start))
                parts.append(words)
                length += len(words)
        at = repair.end
    parts.append(text[at:])
    steps.append(Step(length, at, len(text), exact=True))
    return "".join(parts), tuple(steps)
