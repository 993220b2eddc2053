"""Who recognized whom, and when: sentences that say that it was done."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from azds.ingest.blocks import Block, Document, Named, Part
from azds.ingest.calendar_words import DateWords
from azds.ingest.extracted import Extracted
from azds.ingest.sentence_dates import date_at, opening_date
from azds.ingest.voices import doers, names_from
from azds.records import Recognition

__all__ = ["extract_recognitions"]

TABLE = "recognitions"

_OBJECT = (
    r"(?P<object>(?:the\s+)?(?:full\s+|new\s+)?(?:state\s+)?"
    r"(?:independence|sovereignty|statehood|government|state|republic)\s+of\s+|the\s+newly\s+independent\s+)?"
)
_RECOGNIZE = re.compile(
    r"(?<![\w-])(?P<form>recogni[sz](?:ed|es|ing|e)|(?:gave|extended|granted|accorded)\s+"
    r"(?:(?:its|full|official|formal|diplomatic)\s+){0,2}recognition\s+to)\s+"
    rf"(?!(?:that|as|by)\b){_OBJECT}(?:the\s+)?",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:was|were|is|has\s+been|have\s+been)\s+(?:(?:officially|formally|first|also)\s+)?"
    r"(?P<form>recogni[sz]ed)\s+(?:as\s+(?:an?\s+)?(?:independent|sovereign)(?:\s+(?:state|country|nation))?\s+)?"
    r"by\s+(?:the\s+)?"
    r"|\b(?P<gained>received|obtained|gained|retains?|won|has|have)\s+(?:(?:full|official|formal|diplomatic)\s+){0,2}"
    r"recognition\s+(?:from|by)\s+(?:[^.;:()]{0,60}:\s+|only\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:threaten(?:ed|s)?|intend(?:s|ed)?|intentions?|plan(?:s|ned)?|refus(?:es|ed)|would|will|"
    r"(?-i:may)|might|could|should|not|never|neither|without|if|whether|urg(?:es|ed)|"
    r"call(?:s|ed)\s+(?:on|for)|want(?:s|ed)?|consider(?:s|ed|ing)?|den(?:y|ies|ied)|claim(?:s|ed)?|"
    r"rumou?r(?:s|ed)?|alleged(?:ly)?|reportedly|against|propos(?:es|ed)|opposed|to\s+avoid|"
    r"possib(?:le|ility)|resolution\s+(?:urging|calling))\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:was|were|became|is|being)\s+(?:(?:one\s+of|among)\s+)?(?:the\s+)?(?:very\s+)?"
    r"(?:first|second|third|fourth|fifth|last|only|\d+(?:st|nd|rd|th))\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    r"\b(?:withdrew|withdrawn|revoked|rescinded|retracted|annulled|cancelled)\b", re.IGNORECASE
)
_OTHER_OBJECT = re.compile(
    r"['’]s?\s+(?!(?:independence|sovereignty(?!\s+over)|statehood|government)\b)"
    r"|\s+as\s+(?:an?\s+|the\s+)?(?:integral\s+)?(?:part|aggressor|market|party|winner|host|threat)\b"
    r"|\s+(?:sovereignty|claims?|rights?)\s+over\b",
    re.IGNORECASE,
)
_NOT_THE_STATE = re.compile(
    r"\b(?:opposition|party|parties|senators?|deput(?:y|ies)|lawmakers?|activists?|mayor|province|"
    r"councillors?|academics?|scholars|courts?)\b",
    re.IGNORECASE,
)
_ADVERB = re.compile(r"\s+(?:(?:also|both|formally|officially)\s+)*")
_INCLUDING = re.compile(r"[^.;]{0,160}?\bincluding\s+(?:the\s+)?", re.IGNORECASE)
_AS_STATE = (
    r"(?:\s+as\s+an?\s+(?:independent|sovereign)(?:\s+and\s+\w+)?(?:\s+(?:state|country|nation))?)?"
)
_DAY = re.compile(
    rf"(?:['’]s?\s+\w+)?{_AS_STATE}\s*,?\s*(?:\(\s*(?:(?:on|in)\s+)?|\b(?:on|in)\s+)", re.IGNORECASE
)
_BEFORE_VERB = re.compile(r"\s*,?\s+(?:on|in)\s+")
_OWN_DAY = re.compile(r"\s*\(\s*(?:(?:on|in|since)\s+)?", re.IGNORECASE)
_NEXT = re.compile(
    r"\s*(?:\([^()]{1,40}\))?\s*(?:,\s*(?:and\s+)?|\s+and\s+)(?:the\s+)?", re.IGNORECASE
)
_IN_BRACKETS = re.compile(
    r"\b(?:countries|states|nations)\s*\((?P<names>[^()]{3,300})\)\s+(?:(?:has|have|had|also|\w+ly)\s+)*$"
)
_TAKEN_BACK = re.compile(
    r"\b(?:withdrew|withdrawn|revoked|rescinded|retracted|annulled|cancelled|suspended|froze)\s+"
    r"(?:(?:its|their|the)\s+)?recognition\b(?:\s+of\s+(?:the\s+)?)?",
    re.IGNORECASE,
)
_STATE_ITSELF = re.compile(
    r"(?:['’]s?\s+(?:independence|statehood|sovereignty))?\s*(?:,[^,;]{0,80},\s*)?"
)
_CLAUSE = re.compile(
    r"(?:^|[,;:]\s+|\b(?:and|that|when|after|since|independence\s+of|statehood\s+of|state\s+of|"
    r"(?:on|in)\s+[\w\s]{0,20}\d{4},?)\s+)(?:the\s+|The\s+)?(?:(?:independence|statehood)\s+of\s+)?$"
)
_TAKEN = ("withdrawn", "the text says that it was taken back")
_REACH = 400
_NEAR = 40
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class _Pair:
    """One recognition as a sentence tells it; the parts point into the text."""

    recognizer: Named
    recognized: Named
    date: DateWords | None

    @property
    def part(self) -> Part:
        """From one name to the other."""
        start = min(self.recognizer.start, self.recognized.start)
        return Part(start, max(self.recognizer.end, self.recognized.end))


def extract_recognitions(document: Document, subject: str) -> Extracted[Recognition]:
    """The recognitions that a document states, each pair once; may be empty."""
    found: Extracted[Recognition] = Extracted()
    dates: dict[tuple[str, str], DateWords | None] = {}
    for block in document.of_kind("paragraph", "note", "item"):
        told: list[_Pair] = []
        for sentence in document.sentences(block):
            reader = _Reader(document, block, sentence, subject)
            for pair in reader.taken_back(told):
                told.remove(pair)
                found.rejections.append(document.reject(TABLE, *_TAKEN, pair.part))
            for match, passive in _matches(document, sentence):
                pairs = list(reader.pairs(match, passive=passive))
                fault = _fault(document, sentence, match, pairs)
                if fault:
                    rejected = (document.reject(TABLE, *fault, pair.part) for pair in pairs)
                    found.rejections += rejected
                else:
                    told += pairs
        for pair in told:
            _take(document, block, pair, dates, found)
    for (one, other), date in dates.items():
        found.rows.append(
            Recognition.model_validate(
                {"recognizer": one, "recognized": other, "date": date.edtf if date else None}
            )
        )
    return found


def _take(
    document: Document,
    block: Block,
    pair: _Pair,
    dates: dict[tuple[str, str], DateWords | None],
    found: Extracted[Recognition],
) -> None:
    key = (str(pair.recognizer.entity), str(pair.recognized.entity))
    dates[key] = dates.get(key) or pair.date
    part, date = pair.part, pair.date
    found.evidence.append(document.cite(TABLE, key, "", part.start, part.end, block.place))
    if date and date == dates[key]:
        found.evidence.append(document.cite(TABLE, key, "date", date.start, date.end, block.place))


def _matches(document: Document, sentence: Part) -> Iterator[tuple[re.Match[str], bool]]:
    """Each "recognized X", and each "was recognized by X", which is passive."""
    clean = document.source.clean
    for match in _RECOGNIZE.finditer(clean, sentence.start, sentence.end):
        yield match, False
    for match in _PASSIVE.finditer(clean, sentence.start, sentence.end):
        yield match, True


def _fault(
    document: Document, sentence: Part, match: re.Match[str], pairs: list[_Pair]
) -> tuple[str, str] | None:
    clean = document.source.clean
    before = clean[max(sentence.start, match.start() - _REACH) : match.start()]
    infinitive = (match["form"] or "").casefold() in {"recognize", "recognise"}
    several = len({pair.recognizer.entity for pair in pairs}) > 1
    finite = several and any(
        _ADVERB.fullmatch(clean, pair.recognizer.end, match.start()) for pair in pairs
    )
    if _HEDGED.search(before) or (infinitive and not finite and not _FIRST.search(before)):
        return "not-done", "announced or denied, not done"
    if _WITHDRAWN.search(clean, match.end(), min(sentence.end, match.end() + _REACH)):
        return _TAKEN
    return None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one sentence: who, whom, when."""

    document: Document
    block: Block
    sentence: Part
    subject: str

    def pairs(self, match: re.Match[str], *, passive: bool) -> Iterator[_Pair]:
        """The recognitions that a match tells: one for each pair of states."""
        before = doers(
            self.document, self.block, self.sentence, match.start(), subject=self.subject
        )
        before = before or self._in_brackets(match)
        behind = names_from(self.document, self.sentence, match.end())
        if not passive and match["object"]:
            whole = names_from(self.document, self.sentence, match.start("object"))
            behind = whole or behind
        if passive:
            dated = list(self._dated(match.end()))
            whom = before[-1:] if match["gained"] else self._undergoing(before[-1:], match)
            if any(date for _, date in dated):
                yield from (_Pair(one, whom[0], date) for one, date in dated if whom)
                return
            before, behind = behind, whom
        elif not behind and match["object"]:
            behind = self._included(match)
        if not passive and not self._is_of_the_state(before, match):
            return
        last = max((named.end for named in (*before, *behind)), default=match.end())
        for other in behind:
            if not passive and _OTHER_OBJECT.match(self.document.source.clean, other.end):
                continue
            for one in before:
                if one.entity != other.entity:
                    yield _Pair(one, other, self._date(match, one, last))

    def _in_brackets(self, match: re.Match[str]) -> list[Named]:
        """The states in the brackets before the verb: "two states (X and Y) have recognized"."""
        low = max(self.sentence.start, match.start() - _REACH)
        found = _IN_BRACKETS.search(self.document.source.clean[low : match.start()])
        return names_from(self.document, self.sentence, low + found.start("names")) if found else []

    def _dated(self, at: int) -> Iterator[tuple[Named, DateWords | None]]:
        """The states of an enumeration from a place on, each with its date in brackets."""
        clean = self.document.source.clean
        reach = min(self.sentence.end, at + _LONGEST)
        for named in self.document.names_between(self.sentence, at, reach):
            if named.start != at:
                return
            day = _OWN_DAY.match(clean, named.end, self.sentence.end)
            yield named, date_at(self.document, self.sentence, day.end()) if day else None
            following = _NEXT.match(clean, named.end, self.sentence.end)
            at = following.end() if following else -1

    def taken_back(self, told: list[_Pair]) -> list[_Pair]:
        """Those recognitions of which the sentence says that they were withdrawn."""
        clean = self.document.source.clean
        match = _TAKEN_BACK.search(clean, self.sentence.start, self.sentence.end) if told else None
        if match is None:
            return []
        by = doers(self.document, self.block, self.sentence, match.start(), subject=self.subject)
        who = {one.entity for one in by}
        whom = {one.entity for one in names_from(self.document, self.sentence, match.end())}
        return [
            pair
            for pair in told
            if pair.recognizer.entity in who and (not whom or pair.recognized.entity in whom)
        ]

    def _undergoing(self, named: list[Named], match: re.Match[str]) -> list[Named]:
        """The state that a passive speaks of, where it is itself what was recognized."""
        clean = self.document.source.clean
        return [
            one
            for one in named
            if _STATE_ITSELF.fullmatch(clean, one.end, match.start())
            and _CLAUSE.search(clean[max(self.sentence.start, one.start - _REACH) : one.start])
        ]

    def _included(self, match: re.Match[str]) -> list[Named]:
        """The names behind "including": "the independence of all republics, including X"."""
        including = _INCLUDING.match(self.document.source.clean, match.end(), self.sentence.end)
        return names_from(self.document, self.sentence, including.end()) if including else []

    def _is_of_the_state(self, before: list[Named], match: re.Match[str]) -> bool:
        """Whether the state did it, and not a party or a court of it."""
        if not before:
            return False
        low = max(self.sentence.start, before[0].start - _NEAR)
        words = self.document.source.clean[low : match.start()]
        return _NOT_THE_STATE.search(words[-_REACH:]) is None

    def _date(self, match: re.Match[str], one: Named, last: int) -> DateWords | None:
        """A date behind what was recognized, before the verb, or one that opens the sentence."""
        clean = self.document.source.clean
        behind = _DAY.match(clean, last, self.sentence.end)
        date = date_at(self.document, self.sentence, behind.end()) if behind else None
        before = _BEFORE_VERB.match(clean, one.end, match.start())
        if date is None and before:
            date = date_at(self.document, self.sentence, before.end())
            is_near = date and _ADVERB.fullmatch(clean, date.end, match.start())
            date = date if is_near else None
        return date or opening_date(self.document, self.sentence, match.start())
