"""Sentences that tell of diplomatic relations: that they began, exist, ended or do not exist.

A telling needs both sides: the subject of the article and a counterpart, named
in the sentence, in the one before it ("the two countries"), or by the table row.
What is planned, denied or long past is none.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from azds.ingest.blocks import Block, Document, Named, Part
from azds.ingest.calendar_words import DateWords, find_dates
from azds.ingest.sentence_dates import date_at, opening_date
from azds.ingest.voices import doers, is_second_verb, names_from

__all__ = ["Telling", "find_tellings"]

Kind = Literal["none", "severed", "resumed", "once", "began", "exist"]

_FULL = r"(?:(?:full|formal|official|direct|normal|bilateral|ambassadorial)\s+){0,4}"
_TIES = rf"{_FULL}(?P<ties>diplomatic\s+(?:relations|ties|relationships?))\b"
_PASSIVE = (
    r"(?:\s[^.;:]{0,80}?)?\s{1,9}(?:were|was|have\s+been)\s+"
    r"(?:(?:formally|officially|first|also)\s+)?"
)
_BREAK = r"(?:severed|suspended|terminated|broken|broke|cut|ended|froze|frozen)(?:\s+off)?"
_RESUME = r"(?:re-?\s?established|restored|resumed|renewed|normali[sz]ed|reopened)"
_THEIR = r"(?:(?:all|its|their|any)\s+)*"


def _patterns(kind: Kind, *patterns: str) -> list[tuple[Kind, re.Pattern[str]]]:
    return [(kind, re.compile(pattern, re.IGNORECASE)) for pattern in patterns]


_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    *_patterns(
        "none",
        r"\b(?:do|does)(?:\s+not|n['’]t)\s+(?:(?:yet|currently|presently|officially)\s+)?"
        rf"(?:have|maintain)\s+(?:any\s+)?{_FULL}(?P<ties>(?:diplomatic\s+)?(?:relations|ties))\b",
        rf"\bno\s+{_TIES}",
        r"\bno\s+(?:formal|official)\s+(?P<ties>relations|ties)\b",
        r"\b(?:has|have)\s+(?:(?:not|never)\s+(?:yet\s+)?(?:established|had|maintained)|"
        rf"yet\s+to\s+establish)\s+(?:any\s+)?{_TIES}",
        rf"\blacks?\s+{_TIES}",
        r"\bneither\b[^.;:]{0,60}?\s(?:have|has|had)\s+(?:(?:yet|ever)\s+)?(?:established|maintained|had)"
        rf"\s+(?:any\s+)?{_TIES}",
    ),
    *_patterns(
        "severed",
        rf"\b{_BREAK}\s+{_THEIR}{_TIES}",
        rf"\b(?:severed|broke\s+off|cut\s+off|cut|suspended|terminated)\s+{_THEIR}(?P<ties>relations|ties)\b",
        rf"\b{_TIES}{_PASSIVE}{_BREAK}",
    ),
    *_patterns(
        "resumed",
        rf"\b{_RESUME}\s+{_THEIR}{_TIES}",
        rf"\b{_RESUME}\s+(?P<ties>them)\b",
        rf"\b(?P<ties>(?:diplomatic\s+)?(?:relations|ties))\b{_PASSIVE}{_RESUME}",
    ),
    *_patterns(
        "once",
        rf"\bha(?:ve|s|d)\s+(?:had\s+)?{_FULL}(?P<ties>(?:governmental|diplomatic)\s+relations)\s+"
        r"(?=(?:with\s{1,9}[^.;:,]{1,60}?\s{1,9})?(?:between|from)\s+\d)",
    ),
    *_patterns(
        "began",
        rf"(?<![\w-])(?:established|opened|entered\s+into|inaugurated)\s+{_TIES}",
        rf"\b(?:first|second|third|last|next)\s+(?:\w+\s+){{0,4}}to\s+establish\s+{_TIES}",
        r"\b(?:signed\b[^.;:]{0,80}?|since\s+the|after\s+the)\s{1,9}"
        rf"establish(?:ing|ment\s+of)\s+{_TIES}",
        rf"\b{_TIES}{_PASSIVE}established\b",
        r"\b(?P<ties>(?:(?:formal|official|diplomatic)\s+){1,4}(?:relations|ties))\s[^.;:]{0,80}?\bbegan\b",
    ),
    *_patterns(
        "exist",
        r"\b(?:has|have|maintains?|enjoys?|holds?|keeps?)\s+"
        rf"(?:(?!(?:no|not|never)\b)\w+\s+){{0,3}}?{_TIES}",
    ),
)
"""What the words for each kind are; where two overlap, the first counts."""

_AND_RESUMED = re.compile(
    r"[^.;:]{0,60}?\b(?:and|but|then|until)\s+(?:(?:they\s+)?(?:were|was)\s+)?"
    rf"(?:(?:later|then|again|\w+ly)\s+)?{_RESUME}\b(?!\s+(?:\w+\s+)?(?:relations|ties|them)\b)",
    re.IGNORECASE,
)
_ANY_TIES = re.compile(r"relation|ties", re.IGNORECASE)
_PAST = re.compile(r"(?<!have )(?<!has )\b(?:had|were|was)\s+(?:\w+\s+)?$", re.IGNORECASE)
_HEDGED = re.compile(
    r"\b(?:not|never|without|would|will|could|(?-i:may)|might|should|must|if|whether|plans?|planned|"
    r"intends?|intended|hopes?|hoped|wants?|wanted|wish(?:es)?|sought|seeks?|offered|proposed|"
    r"considers?|considered|threatened|threatens|threat|failed|refus(?:es|ed)|decline[sd]?|"
    r"urged|denied|denies|rumou?red|allegedly|reportedly|briefly|temporarily|countries\s+that|states\s+that)\b"
    r"[^.;,]{0,40}$",
    re.IGNORECASE,
)
_UNDONE = re.compile(r"\b(?:not|never|would|will|could|might|should)\b", re.IGNORECASE)
_WITH = re.compile(r"\s*(?:with|between)\s+(?!\d)", re.IGNORECASE)
_ANNOUNCES = re.compile(
    r"\s*(?:with\b)?(?:\s+(?:the\s+)?(?:following|these)\b[^.:]{0,60})?\s*:", re.IGNORECASE
)
_AND_WITH = re.compile(r"\s*,?\s*(?:and|then)\s+with\s+", re.IGNORECASE)
_NO_DOER = re.compile(
    rf"(?:since\s+the\s+|after\s+the\s+)?(?:establishment\s+of\s+)?(?:no\s+)?{_FULL}", re.IGNORECASE
)
_BOTH = re.compile(
    r"\b(?:the|these|those|both|our)\s+(?:(?:two|neighbou?ring)\s+)*"
    r"(?:countries|nations|states|sides|governments|parties)\b|\bthe\s+two\b|\beach\s+other\b"
    r"|\bboth\s+(?=have|has|established|maintain)",
    re.IGNORECASE,
)
_WITH_WHOM = re.compile(r"[(,]\s*with\s+(?:whom|which)\b[^()]{0,80}$", re.IGNORECASE)
_DATED = re.compile(
    r"\s*,?\s*(?:(?!(?:and|but|while|after|before|until|which|when|who)\b)[\w'’-]+\s+){0,6}"
    r"(?P<word>on|in|since)\s+(?:(?:the|early|late|about)\s+|mid-?\s?)?",
    re.IGNORECASE,
)
_DATED_KINDS = frozenset({"began", "severed", "resumed"})
_REACH = 400
_PAIR = 2


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


@dataclass(frozen=True, slots=True)
class _Group:
    """The states behind one "with", and the date behind them."""

    names: list[Named]
    date: DateWords | None


def find_tellings(
    document: Document, block: Block, subject: str, partner: Named | None
) -> Iterator[Telling]:
    """What a block tells of the subject's relations; `partner` is that of its table row."""
    told: dict[str | None, Named] = {}
    for sentence in document.sentences(block):
        spoken = next(iter(told.values())) if len(told) == 1 else document.topic(block, subject)
        context = partner or (spoken if block.row is None else None)
        reader = _Reader(document, block, sentence, subject, context, partner)
        for kind, match in _matches(document, sentence):
            yield from reader.read(kind, match)
        for named in document.names(sentence):
            if named.entity != subject:
                told[named.entity] = named


def _matches(document: Document, sentence: Part) -> list[tuple[Kind, re.Match[str]]]:
    """The patterns found in a sentence; where they overlap, the first in the table counts."""
    clean = document.source.clean
    if _ANY_TIES.search(clean, sentence.start, sentence.end) is None:
        return []
    found: list[tuple[Kind, re.Match[str]]] = []
    taken: set[int] = set()
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(clean, sentence.start, sentence.end):
            announces = _ANNOUNCES.match(clean, match.end("ties"), sentence.end)
            if match.start("ties") not in taken and not announces:
                taken.add(match.start("ties"))
                found.append((kind, match))
    return sorted(found, key=lambda pair: pair[1].start())


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one sentence: who, with whom, when.

    Attributes:
        context: The one state, the subject apart, of which the block spoke last.
        partner: The counterpart of the table row.
    """

    document: Document
    block: Block
    sentence: Part
    subject: str
    context: Named | None
    partner: Named | None

    def read(self, kind: Kind, match: re.Match[str]) -> Iterator[Telling]:
        """The tellings of one match: one for each counterpart."""
        clean = self.document.source.clean
        part = Part(match.start(), match.end())
        ahead = clean[max(self.sentence.start, part.start - _REACH) : part.start]
        if kind == "none" and _PAST.search(ahead):
            return
        if kind != "none" and (_HEDGED.search(ahead) or _UNDONE.search(match[0])):
            return
        groups = list(self._groups(kind, match)) or [_Group([], self._date(kind, part.end))]
        for position, group in enumerate(groups):
            date = group.date
            if date is None and position == 0 and kind in _DATED_KINDS:
                date = opening_date(self.document, self.sentence, part.start)
            counterparts = self._counterparts(match, group.names)
            for counterpart in counterparts:
                yield Telling(kind, part, self.sentence, counterpart, date)
                if kind == "severed":
                    yield from self._resumed(part, counterpart)
            if not counterparts and kind != "exist":
                yield Telling(kind, part, self.sentence, None)

    def _resumed(self, severed: Part, counterpart: Named) -> Iterator[Telling]:
        """What goes on behind "were cut": "and resumed in 1980"."""
        again = _AND_RESUMED.match(self.document.source.clean, severed.end, self.sentence.end)
        if again:
            part, date = Part(severed.start, again.end()), self._date("resumed", again.end())
            yield Telling("resumed", part, self.sentence, counterpart, date)

    def _groups(self, kind: Kind, match: re.Match[str]) -> Iterator[_Group]:
        """The names behind "with" or "between", each group with its date."""
        clean = self.document.source.clean
        for start in dict.fromkeys((match.end("ties"), match.end())):
            joined = _WITH.match(clean, start, self.sentence.end)
            while joined:
                names = names_from(self.document, self.sentence, joined.end())
                if not names:
                    return
                reach = max(names[-1].end, match.end())
                date = self._date(kind, reach)
                yield _Group(names, date)
                joined = _AND_WITH.match(clean, date.end if date else reach, self.sentence.end)

    def _date(self, kind: Kind, at: int) -> DateWords | None:
        """The date that directly follows, behind "on", "in" or "since"."""
        clean = self.document.source.clean
        reach = min(self.sentence.end, at + _REACH)
        if kind == "once":
            dates = find_dates(clean, at, reach)[:1]
            return dates[0] if dates and "/" in dates[0].edtf else None
        dated = _DATED.match(clean, at, reach)
        if dated is None or (kind == "exist" and dated["word"].casefold() != "since"):
            return None
        return date_at(self.document, self.sentence, dated.end())

    def _counterparts(self, match: re.Match[str], named: list[Named]) -> list[Named]:
        """With whom: the sides of the telling without the subject; empty where it is not clear."""
        whom = _WITH_WHOM.search(
            self.document.source.clean,
            max(self.sentence.start, match.start() - _REACH),
            match.start(),
        )
        if whom:
            return self._whom(whom, match)
        if not named:
            return self._unnamed(match)
        among = {one.entity for one in named}
        sides = [one for one in self._acting(match.start(), among) if one.entity not in among]
        if self.subject in among:
            return [one for one in (*named, *sides) if one.entity != self.subject]
        own_row = self.partner is not None and among == {self.partner.entity}
        if any(one.entity == self.subject for one in sides) or own_row:
            return named
        return named if not sides and self._is_passive(match) else []

    def _whom(self, whom: re.Match[str], match: re.Match[str]) -> list[Named]:
        """Of "X, with whom it has not established relations": X."""
        inside = self.document.names_between(self.sentence, whom.start(), match.start())
        if any(one.entity != self.subject for one in inside):
            return []
        acting = self._acting(whom.start() + 1)[-1:]
        return [one for one in acting if one.entity != self.subject]

    def _unnamed(self, match: re.Match[str]) -> list[Named]:
        """The same where no name stands behind "with"."""
        clean = self.document.source.clean
        for start in (match.end("ties"), match.end()):
            joined = _WITH.match(clean, start, self.sentence.end)
            if joined:
                both = _BOTH.match(clean, joined.end(), self.sentence.end)
                return self._context() if both else []
        acting = self._acting(match.start())
        others = [one for one in acting if one.entity != self.subject]
        if len(acting) == _PAIR and len(others) == 1:
            return others
        if acting:
            partner = self.partner or self._other_before(match)
            sides = {self.subject, partner.entity if partner else None}
            return [partner] if partner and all(one.entity in sides for one in acting) else []
        low = max(self.sentence.start, match.start() - _REACH)
        both = _BOTH.search(clean, low, match.start())
        return self._context() if both or self.partner or self._is_passive(match) else []

    def _other_before(self, match: re.Match[str]) -> Named | None:
        """The one other state of which a second verb tells: "recognized X and established ties"."""
        if not is_second_verb(self.document, self.sentence, match.start()):
            return None
        low = max(self.sentence.start, match.start() - _REACH)
        others = [
            one
            for one in self.document.names_between(self.sentence, low, match.start())
            if one.entity != self.subject
        ]
        return others[0] if len({one.entity for one in others}) == 1 else None

    def _acting(self, at: int, apart: AbstractSet[str | None] = frozenset()) -> list[Named]:
        return doers(
            self.document, self.block, self.sentence, at, subject=self.subject, apart=apart
        )

    def _context(self) -> list[Named]:
        """The one counterpart of which the block spoke before."""
        return [self.context] if self.context else []

    def _is_passive(self, match: re.Match[str]) -> bool:
        """Whether the words have no doer: "diplomatic relations were established"."""
        clean = self.document.source.clean
        return _NO_DOER.fullmatch(clean, match.start(), match.start("ties")) is not None
