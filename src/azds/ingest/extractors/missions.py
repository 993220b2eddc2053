"""Diplomatic missions: embassies and consulates, and accreditation from elsewhere.

A high commission is an embassy by its kind. A mission needs who sends it, to
whom, and the city; what is planned, denied or closed is none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from azds.entities import cities
from azds.ingest.blocks import Block, Document, Named, Part
from azds.ingest.calendar_words import DateWords
from azds.ingest.extracted import Extracted, unique_evidence
from azds.ingest.mission_cities import City, city_at
from azds.ingest.partners import Partners
from azds.ingest.sentence_dates import opening_date
from azds.ingest.voices import doers, names_from
from azds.records import Mission

__all__ = ["extract_missions"]

TABLE = "missions"

_KIND = re.compile(
    r"(?:honorary\s+consul(?:ate)?s?(?:[\s-]+general)?|consulates?[\s-]+generals?|"
    r"(?:(?:honorary|general)\s+){0,2}consulates?|embass(?:y|ies)|high\s+commissions?)\b",
    re.IGNORECASE,
)
_A = r"(?:(?:an?|its|their|the|one|two|three|four|five|six|several|also|\d{1,2})\s+)*"
_JOIN = r"\s*(?:,\s*(?:and\s+|as\s+well\s+as\s+)?|\s(?:and|as\s+well\s+as)\s+)(?:also\s+)?"
_KINDS = rf"(?i:(?P<kinds>{_KIND.pattern}(?:{_JOIN}{_A}(?:\w+\s+){{0,2}}?{_KIND.pattern}){{0,4}}))"
_IN = r"(?:\s+(?:located|based|situated))?\s+\(?in\s+"
_HAS = re.compile(
    r"\b(?P<verb>has|have|maintains?|opened|operates?|keeps?|runs?|established|inaugurated)\s+"
    r"(?:(?:an?|its|their|the|own|only|also|both|currently|now|still|resident|non-resident|small|large|"
    r"first|new|permanent|full|separate|opened|maintained|had|established|operated|one|two|three|four|"
    r"five|six|seven|eight|nine|ten|several|\d+)\s+){0,6}"
    rf"{_KINDS}{_IN}"
)
_MORE_KINDS = re.compile(rf"{_JOIN}{_A}(?:(?:resident|further)\s+)?{_KINDS}{_IN}")
_MORE_CITIES = re.compile(rf"{_JOIN}(?:in\s+)?")
_BY = r"(?:(?:through|from|via|by)\s+){1,2}"
_THROUGH = re.compile(
    r"\b(?:is|are)\s+(?:(?:also|currently|concurrently)\s+)*(?:represented\s+in|accredited\s+to)\s+"
    r"(?P<to>(?:(?!\s(?:through|from|via|by)\s)[^.;]){1,200}),?\s{1,9}"
    rf"{_BY}(?:[^.;]{{1,120}}?\s(?:and|as\s+well\s+as)\s+{_BY})??"
    rf"(?:its|their|the|an?)\s+(?:[\w-]+\s+){{0,3}}?{_KINDS}{_IN}"
)
_AND_THROUGH = re.compile(
    rf"{_JOIN}(?:{_BY})?(?:its|their|the|an?|two|three|several)\s+"
    rf"(?:[\w-]+\s+){{0,2}}?{_KINDS}{_IN}"
)
_OPENING = re.compile(r"\b(?:opened|established|inaugurated)\b")
_HEDGED = re.compile(
    r"\b(?:not|no|never|neither|nor|without|would|will|(?-i:may)|might|could|should|if|whether|"
    r"plans?|planned|intends?|intended|hopes?|hoped|wants?|wanted|wish(?:es)?|sought|seeks?|offered|"
    r"proposed|considers?|considered|considering|yet\s+to|once|formerly|previously)\b[^.;,]{0,40}$",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"[^.;]{0,100}?\b(?:no\s+longer|until|till|closed|shut|ceased|withdrawn|recalled|evacuated)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"(?:ies|s|s[\s-]+general)$", re.IGNORECASE)
_ONE_AND_NONE = 2
_UNCLEAR = ("parties-unclear", "the sentence does not say who sends it to whom")
_LONGEST = 1_000
_REACH = 400


@dataclass(frozen=True, slots=True)
class _Posting:
    """One mission as a sentence states it.

    Attributes:
        verb: Where the verb stands.
        kind: The kind, as records name it.
        words: The words for the kind.
        city: The city.
        receivers: To whom it is sent, named where it is not resident.
        opens: Whether the verb tells that it was opened.
    """

    verb: int
    kind: str
    words: Part
    city: City
    receivers: list[Named]
    opens: bool = False


def extract_missions(document: Document, subject: str) -> Extracted[Mission]:
    """The missions that a document states, each key once; may be empty."""
    found: Extracted[Mission] = Extracted()
    rows: dict[tuple[str, str, str, str], Mission] = {}
    partners = Partners(document, subject)
    for block in document.of_kind("paragraph", "note", "item"):
        partner = partners.of(block)
        for sentence in document.sentences(block):
            reader = _Reader(document, block, sentence, subject, partner)
            for posting in reader.postings():
                fault = reader.fault(posting)
                missions = [] if fault else list(reader.missions(posting))
                if not missions:
                    rule, reason = fault or _UNCLEAR
                    part = Part(posting.words.start, posting.city.end)
                    found.rejections.append(document.reject(TABLE, rule, reason, part))
                for mission, parts in missions:
                    key = (mission.sender, mission.receiver, mission.kind, mission.city)
                    rows[key] = _with_since(rows.get(key, mission), mission)
                    found.evidence += [
                        document.cite(TABLE, key, column, part.start, part.end, block.place)
                        for column, part in parts.items()
                    ]
    found.rows = list(rows.values())
    found.evidence = unique_evidence(found.evidence)
    return found


def _with_since(mission: Mission, other: Mission) -> Mission:
    """A mission, dated by another statement of it if it is not dated itself."""
    return mission if mission.since else mission.model_copy(update={"since": other.since})


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one sentence: which missions, whose, to whom."""

    document: Document
    block: Block
    sentence: Part
    subject: str
    partner: Named | None

    def postings(self) -> Iterator[_Posting]:
        """Each mission that the sentence states, one for each kind and city."""
        clean = self.document.source.clean
        if _KIND.search(clean, self.sentence.start, self.sentence.end) is None:
            return
        for match in _THROUGH.finditer(clean, self.sentence.start, self.sentence.end):
            receivers = names_from(self.document, self.sentence, match.start("to"))
            if receivers and receivers[-1].end <= match.end("to"):
                yield from self._through(match, receivers)
        for match in _HAS.finditer(clean, self.sentence.start, self.sentence.end):
            yield from self._resident(match)

    def _through(self, match: re.Match[str], receivers: list[Named]) -> Iterator[_Posting]:
        """Who is represented to these: from elsewhere, or by a mission that stands with one."""
        clean = self.document.source.clean
        more: re.Match[str] | None = match
        while more:
            words = Part(more.start("kinds"), more.end("kinds"))
            kind = _kind(clean[words.start : words.end])
            at, city = more.end(), self.city(more.end())
            while city:
                if city.host is None and kind != "embassy" and len(receivers) == 1:
                    city = replace(city, host=receivers[0].entity)
                is_there = any(named.entity == city.host for named in receivers)
                to, how = ([], kind) if is_there else (receivers, "non_resident")
                yield _Posting(match.start(), how, words, city, to)
                at = city.reach
                joined = _MORE_CITIES.match(clean, at, self.sentence.end)
                city = self.city(joined.end(), known=True) if joined else None
            more = _AND_THROUGH.match(clean, at, self.sentence.end) if at > more.end() else None

    def _resident(self, match: re.Match[str]) -> Iterator[_Posting]:
        clean = self.document.source.clean
        opens = _OPENING.search(clean, match.start(), match.start("kinds")) is not None
        hosts = {""}
        more: re.Match[str] | None = match
        while more:
            kinds = [
                Part(kind.start(), kind.end())
                for kind in _KIND.finditer(clean, more.start("kinds"), more.end("kinds"))
            ]
            several = _SEVERAL.search(clean, more.start("kinds"), more.end("kinds")) is not None
            at, city = more.end(), self.city(more.end(), opens=opens)
            while city:
                hosts.add(city.host or "")
                if city.host is None and len(hosts) == _ONE_AND_NONE:
                    city = replace(city, host=max(hosts))
                for kind in kinds:
                    words = clean[kind.start : kind.end]
                    yield _Posting(match.start(), _kind(words), kind, city, [], opens=opens)
                at = city.reach
                joined = _MORE_CITIES.match(clean, at, self.sentence.end)
                following = joined.end() if joined else self.sentence.end
                city = self.city(following, opens=opens, known=not several)
            more = _MORE_KINDS.match(clean, at, self.sentence.end) if at > more.end() else None

    def city(self, at: int, *, opens: bool = False, known: bool = False) -> City | None:
        """The city named at a place; only a `known` one."""
        return city_at(self.document, self.sentence, at, opens=opens, known=known)

    def fault(self, posting: _Posting) -> tuple[str, str] | None:
        """Why a posting is no mission of today."""
        clean = self.document.source.clean
        low = max(self.sentence.start, posting.verb - _REACH)
        if _HEDGED.search(clean[low : posting.verb]):
            return "not-done", "planned or denied, not there"
        if _CLOSED.match(clean, posting.city.reach, self.sentence.end):
            return "mission-closed", "the sentence says that it is there no longer"
        return None

    def missions(self, posting: _Posting) -> Iterator[tuple[Mission, dict[str, Part]]]:
        """The missions of a posting, with the parts that state row, host and since."""
        senders = doers(
            self.document, self.block, self.sentence, posting.verb, subject=self.subject
        )
        words = self.document.words(posting.city)
        known = cities().resolve(words)
        host = posting.city.host
        since = posting.city.since
        if since is None and posting.opens:
            since = opening_date(self.document, self.sentence, posting.verb)
        for sender in senders:
            for receiver in self._receivers(posting, sender, host):
                mission = Mission.model_validate(
                    {
                        "sender": sender.entity,
                        "receiver": receiver,
                        "kind": posting.kind,
                        "city": known or words,
                        "host": host if posting.receivers else receiver,
                        "since": since.edtf if since else None,
                        "kind_as_written": self.document.words(posting.words),
                        "city_as_written": words,
                    }
                )
                yield mission, self._parts(posting, sender, since)

    def _receivers(self, posting: _Posting, sender: Named, host: str | None) -> list[str]:
        """To whom it is sent; the subject must be one of the two sides."""
        if posting.receivers:
            receivers = [named.entity for named in posting.receivers]
        elif host:
            receivers = [host]
        elif self.partner and sender.entity in {self.subject, self.partner.entity}:
            to_partner = sender.entity == self.subject
            receivers = [self.partner.entity if to_partner else self.subject]
        else:
            receivers = []
        return [
            receiver
            for receiver in receivers
            if receiver and receiver != sender.entity and self.subject in {receiver, sender.entity}
        ]

    def _parts(self, posting: _Posting, sender: Named, since: DateWords | None) -> dict[str, Part]:
        city = posting.city
        near = self.sentence.start <= sender.start < posting.verb
        start = sender.start if near else max(self.sentence.start, posting.verb - _REACH)
        end = max(city.end, city.state.end if city.state else 0)
        parts = {
            "": Part(start if end - start <= _LONGEST else city.start, end),
            "host": city.state or Part(city.start, city.end),
        }
        if since:
            parts["since"] = Part(since.start, since.end)
        return parts


def _kind(words: str) -> str:
    folded = words.casefold()
    if folded.startswith("honorary"):
        return "honorary_consulate"
    if "consulate" in folded:
        return "consulate_general" if "general" in folded else "consulate"
    return "embassy"
