"""Sentences that tell of diplomatic relations: that they began, exist, ended or do not exist.

A telling needs both sides: the subject of the article and a counterpart, named
in the sentence, in the one before it ("the two countries"), or by the table row.
What is planned, denied or long past is none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from azds.ingest.blocks import Block, Document, Named, Part
from azds.ingest.calendar_words import DateWords, find_dates
from azds.ingest.sentence_dates import date_at, opening_date
from azds.ingest.sides import Sides
from azds.ingest.telling_words import Kind, find_words, is_bare, onward
from azds.ingest.with_whom import (
    Group,
    find_excepted,
    find_groups,
    find_listed,
    is_with_many,
)

__all__ = ["Telling", "find_tellings"]

_PAST = re.compile(r"(?<!have )(?<!has )\b(?:had|were|was)\s+(?:\w+\s+)?$", re.IGNORECASE)
_HEDGED = re.compile(
    r"\b(?:not|never|neither|nor|without|would|will|could|(?-i:may)|might|should|must|if|whether|plans?|planned|"
    r"intends?|intended|hopes?|hoped|wants?|wanted|wish(?:es)?|sought|seeks?|offered|proposed|"
    r"considers?|considered|threatened|threatens|threat|failed|refus(?:es|ed)|decline[sd]?|"
    r"urged|denied|denies|rumou?red|allegedly|reportedly|briefly|temporarily|"
    r"(?:countries|states|nations|members)\s+(?:that|which))\b"
    r"[^.;,]{0,40}$",
    re.IGNORECASE,
)
_UNDONE = re.compile(r"\b(?:not|never|would|will|could|might|should)\b", re.IGNORECASE)
_AMONG = re.compile(
    r"\b(?:one\s+of|among)\s+(?:[\w-]{1,30}\s+){0,5}(?:countries|states|nations|members)\s+"
    r"(?:that|which)\s",
    re.IGNORECASE,
)
"""Of those that did it: "is one of the states that have"."""
_THOSE_THAT = re.compile(
    r"(?:(?!\b(?:is|are|was|were|has|have|had|remains?|maintains?)\b)[^.;:])*"
    r"\b(?:countries|states|nations|members)\s+(?:that|which|who)\b",
    re.IGNORECASE,
)
"""Words of a sentence that opens with whom it tells of: "Countries that have no relations"."""
_DATED = re.compile(
    r"\s*(?:,\s*(?!an?\s|(?:[\w'’-]+\s+){1,6}since\b))?"
    r"(?:(?!(?:and|but|while|after|before|until|which|when|who|whose|that|having|"
    r"being|independent|signed|concluded|ratified|opened)\b)"
    r"[\w'’-]+\s+){0,6}"
    r"(?:(?P<word>on|in|since|is|was)\s+(?:(?:the|early|late|about)\s+|mid-?\s?)?|(?=from\s+\d{4}\b))",
    re.IGNORECASE,
)
"""What may stand before a date; behind a comma nothing that is told of the state named last."""
_RESPECTIVELY = re.compile(r"[^.;:]{0,160}?\brespectively\b", re.IGNORECASE)
_BRACKET = re.compile(r"\s*\((?:(?:since|from|in|on|established)\s+)*", re.IGNORECASE)
_DATED_KINDS = frozenset({"began", "severed", "resumed", "again"})
_REACH = 400
_MOST_TURNS = 6


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing told of relations with one counterpart.

    Attributes:
        kind: What is told; `once` of relations that began and ended.
        part: The words that tell it.
        sentence: The sentence in which they stand.
        counterpart: With whom, and where it is named; None where that is not clear.
        date: When, if it is told.
    """

    kind: Kind
    part: Part
    sentence: Part
    counterpart: Named | None
    date: DateWords | None = None


def find_tellings(
    document: Document, block: Block, subject: str, partner: Named | None
) -> Iterator[Telling]:
    """What a block tells of the subject's relations; `partner` is that of its table row."""
    told: dict[str | None, Named] = {}
    broken: dict[str | None, Named] = {}
    many: _Many | None = None
    sentences = document.sentences(block)
    others = {one.entity for part in sentences for one in document.names(part)} - {subject}
    for sentence in sentences:
        spoken = next(iter(told.values())) if len(told) == 1 else document.topic(block, subject)
        context = partner or (spoken if block.row is None else None)
        sides = Sides(document, block, sentence, subject, context, partner, len(others) == 1)
        reader = _Reader(document, sentence, sides)
        yield from _listed(document, sentence, many) if many else ()
        found = find_words(document, sentence)
        many = next(filter(None, (reader.of_many(*one) for one in found)), None)
        for kind, match in found:
            yield from _taken_up(reader.read(kind, match, broken), broken)
        told |= {one.entity: one for one in document.names(sentence) if one.entity != subject}


def _taken_up(tellings: Iterator[Telling], broken: dict[str | None, Named]) -> Iterator[Telling]:
    """The tellings; what was taken up `again` counts where it was broken before."""
    for telling in tellings:
        if telling.counterpart and telling.kind == "severed":
            broken[telling.counterpart.entity] = telling.counterpart
        if telling.kind != "again":
            yield telling
        elif telling.counterpart and telling.counterpart.entity in broken:
            yield replace(telling, kind="resumed")


@dataclass(frozen=True, slots=True)
class _Many:
    """That there are relations with many states, or none: the sentence behind may name them."""

    kind: Kind
    start: int


def _listed(document: Document, sentence: Part, many: _Many) -> Iterator[Telling]:
    """What "These include" and "The exceptions are" tell behind a sentence about many."""
    excepts, start, names = find_listed(document, sentence)
    if excepts and many.kind == "none":
        return
    part = Part(many.start, start)
    for named in names:
        if named.entity:
            yield Telling("none" if excepts else many.kind, part, sentence, named)
        else:
            yield Telling(many.kind, named, sentence, None)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one sentence: who, with whom, when.

    Attributes:
        sides: Tells with whom.
    """

    document: Document
    sentence: Part
    sides: Sides

    def of_many(self, kind: Kind, match: re.Match[str]) -> _Many | None:
        """That the subject has relations with many states, which the sentence may not name."""
        if kind not in {"exist", "began", "none"} or self._is_open(kind, match):
            return None
        if not is_with_many(self.document.source.clean, match, self.sentence.end):
            return None
        kept: Kind = "none" if kind == "none" else "exist"
        return _Many(kept, match.start()) if self.sides.is_of_subject(match) else None

    def read(
        self, kind: Kind, match: re.Match[str], broken: Mapping[str | None, Named]
    ) -> Iterator[Telling]:
        """The tellings of one match: one for each counterpart; `broken` are ties cut before."""
        if self._is_open(kind, match):
            return
        part = Part(match.start(), match.end())
        sides = self.sides.of_broken(broken) if kind in {"again", "resumed"} else self.sides
        groups = [
            *find_groups(self.document, self.sentence, match, lambda at: self._date(kind, at))
        ] or [Group([], self._date(kind, part.end))]
        for position, group in enumerate(groups):
            date = group.date
            if date is None and position == 0 and kind in _DATED_KINDS:
                date = opening_date(self.document, self.sentence, part.start)
            if kind != "resumed" and not (date or group.names) and is_bare(match):
                return
            counterparts = sides.counterparts(kind, match, group.names)
            end = max([part.end, *(named.end for named in group.names)])
            respective = self._respective(end, len(counterparts)) or [date] * len(counterparts)
            for counterpart, told in zip(counterparts, respective, strict=True):
                own = self._own_date(kind, counterpart) or told
                yield from self._dated(Telling(kind, part, self.sentence, counterpart, own))
                yield from self._onward(kind, part, counterpart)
            if not counterparts and kind not in {"exist", "again"}:
                yield Telling(kind, part, self.sentence, None)
        if kind == "exist":
            yield from self._excepted(match)

    def _is_open(self, kind: Kind, match: re.Match[str]) -> bool:
        """Whether the words are of what was, may be, or is said of nobody in particular."""
        low = max(self.sentence.start, match.start() - _REACH)
        ahead = self.document.source.clean[low : match.start()]
        if kind == "none":
            return bool(_PAST.search(ahead) or _THOSE_THAT.match(ahead))
        said = _AMONG.sub(" ", ahead)
        return bool(_HEDGED.search(said) or _UNDONE.search(match[0]))

    def _dated(self, telling: Telling) -> Iterator[Telling]:
        """The telling; "were cut from 1962 to 1975" tells of an end and of a return."""
        first, _, last = telling.date.edtf.partition("/") if telling.date else ("", "", "")
        if telling.kind != "severed" or not last or ".." in {first, last} or not telling.date:
            yield telling
            return
        yield replace(telling, date=replace(telling.date, edtf=first))
        yield replace(telling, kind="resumed", date=replace(telling.date, edtf=last))

    def _excepted(self, match: re.Match[str]) -> Iterator[Telling]:
        """With whom there are none: "with all states except X"."""
        names = find_excepted(self.document, self.sentence, match)
        for named in self.sides.counterparts("none", match, names) if names else []:
            yield Telling("none", Part(match.start(), named.start), self.sentence, named)

    def _onward(self, kind: Kind, told: Part, counterpart: Named) -> Iterator[Telling]:
        """What goes on behind "were cut": "and resumed in 1980", and so forth."""
        at = told.end
        for _ in range(_MOST_TURNS):
            again = onward(kind, self.document.source.clean, at, self.sentence.end)
            if again is None:
                return
            kind, at = again[0], again[1].end()
            part, date = Part(told.start, at), self._date(kind, at)
            yield Telling(kind, part, self.sentence, counterpart, date)

    def _respective(self, at: int, number: int) -> Sequence[DateWords | None]:
        """The dates that "respectively" gives to so many names; empty where it does not."""
        clean = self.document.source.clean
        told = _RESPECTIVELY.match(clean, at, self.sentence.end) if number > 1 else None
        dates = find_dates(clean, at, told.end()) if told else []
        return dates if len(dates) == number or not told else [None] * number

    def _own_date(self, kind: Kind, counterpart: Named) -> DateWords | None:
        """The date in brackets behind a name: "with Fiji (1991) and Niue (since 1993)"."""
        clean, end = self.document.source.clean, self.sentence.end
        opens = _BRACKET.match(clean, counterpart.end, end) if kind in {"began", "exist"} else None
        date = date_at(self.document, self.sentence, opens.end()) if opens else None
        return date if date and clean.startswith(")", date.end, end) else None

    def _date(self, kind: Kind, at: int) -> DateWords | None:
        """The date that directly follows, behind "on", "in" or "since"."""
        clean = self.document.source.clean
        reach = min(self.sentence.end, at + _REACH)
        if kind == "once":
            dates = find_dates(clean, at, reach)[:1]
            return dates[0] if dates and "/" in dates[0].edtf else None
        dated = _DATED.match(clean, at, reach)
        if dated is None or (kind == "exist" and (dated["word"] or "").casefold() != "since"):
            return None
        return date_at(self.document, self.sentence, dated.end())
