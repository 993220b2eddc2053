"""What one section of a text says, read by itself, and the memory of sections read before.

All that needs only the section is worked out here, once for each section in a
history: places count from the section's start, references from 1. What needs the
whole text (which occurrence, whose office, which number) is left to `azds.ingest.joining`.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar
from weakref import WeakValueDictionary

from azds.ids import format_key
from azds.ingest.blocks import Document
from azds.ingest.calendar_words import find_years
from azds.ingest.dated_words import DateReader
from azds.ingest.extracted import Extracted, Pointers, key_values
from azds.ingest.extractors.bibliography import Entry, cite_entry, entry_row, read_entries
from azds.ingest.extractors.counts import extract_counts
from azds.ingest.extractors.events import enter_persons, read_events
from azds.ingest.extractors.missions import extract_missions
from azds.ingest.extractors.organizations import Memberships, extract_organizations
from azds.ingest.extractors.recognitions import extract_recognitions
from azds.ingest.extractors.relations import tell_relations
from azds.ingest.mentions import Register, TracedRegister
from azds.ingest.observability import Seen, see
from azds.ingest.placing import Place
from azds.ingest.readers.wikitext import ReadSection, read_section
from azds.ingest.relation_facts import RelationsTold, weigh
from azds.ingest.source import markup_source
from azds.ingest.splitting import is_whole, split
from azds.ingest.suitability import Look, look_at
from azds.ingest.zones import find_zones
from azds.records import (
    BibliographyEntry,
    Count,
    Event,
    Evidence,
    Mission,
    Recognition,
    Record,
    Relation,
)
from azds.spans import words_digest

__all__ = ["Memory", "ReadPart", "ReadParts", "SectionFacts", "latest_year", "wording"]

R = TypeVar("R", bound=Record)

_SENTENCE_WORDS = 8
_MOST_VERSIONS = 4
_MOST_WEIGHED = 1 << 12
_OWN_COST = 1_000
"""What a part costs to keep beside its text, in characters."""

Cited = list[tuple[R, Pointers]]
"""Rows, each with its evidence in the section."""


class SectionFacts:
    """One section, or a part of one, as read, and what it says; worked out once.

    Attributes:
        text: Its own text, without the lead that it repeats.
        lead: How long that is.
    """

    def __init__(self, text: str, lead: int, subject: str) -> None:
        """Read it."""
        self.text = text[lead:]
        self.lead = lead
        self.subject = subject
        self.read: ReadSection = read_section(markup_source(text))
        self.document: Document = self.read.document
        self._persons: list[tuple[TracedRegister, None]] = []
        self._events: list[tuple[TracedRegister, _Happened]] = []
        self._entries: dict[int, tuple[int, int, BibliographyEntry, Pointers]] = {}

    @cached_property
    def look(self) -> Look:
        """What decides whether the text may be read."""
        return look_at(self.document, self.subject, self.lead)

    @cached_property
    def seen(self) -> Seen:
        """What it shows of lists and tables."""
        return see(self.document)

    @cached_property
    def year(self) -> int | None:
        """The latest year that it names."""
        return latest_year(self.document)

    @cached_property
    def wording(self) -> frozenset[str]:
        """The digests of its longer sentences."""
        return wording(self.document)

    @cached_property
    def is_stray(self) -> bool:
        """Whether stray fragments begin in it."""
        return bool(find_zones(self.document).fragments)

    @cached_property
    def counts(self) -> Extracted[Count]:
        """The counts that it states."""
        return extract_counts(self.document, self.subject)

    @cached_property
    def recognitions(self) -> Extracted[Recognition]:
        """The recognitions that it states."""
        return extract_recognitions(self.document, self.subject)

    @cached_property
    def missions(self) -> Extracted[Mission]:
        """The missions that it states."""
        return extract_missions(self.document, self.subject)

    @cached_property
    def organizations(self) -> Memberships:
        """The memberships that it states."""
        return extract_organizations(self.document, self.subject)

    @cached_property
    def relations(self) -> RelationsTold:
        """What it tells of relations."""
        return tell_relations(self.document, self.subject)

    @cached_property
    def entries(self) -> dict[int, Entry]:
        """The entries of its references, by their numbers in the section."""
        return {int(e.block.number or 0): e for e in read_entries(self.document)}

    @cached_property
    def pointers(self) -> dict[str, Pointers]:
        """The evidence of a table whose keys need only the section."""
        return {
            "missions": Pointers(self.missions.evidence),
            "organizations": Pointers(self.organizations.evidence),
        }

    @cached_property
    def cited_counts(self) -> Cited[Count]:
        """The counts, each with its evidence."""
        return cited(self.counts)

    @cached_property
    def cited_recognitions(self) -> Cited[Recognition]:
        """The recognitions, each with its evidence."""
        return cited(self.recognitions)

    def entry(
        self, number: int, printed: int, occurrence: int
    ) -> tuple[BibliographyEntry, Pointers]:
        """The row of an entry that is printed with a number, and its evidence."""
        known = self._entries.get(number)
        if known is None or known[:2] != (printed, occurrence):
            entry = self.entries[number]
            row = entry_row(entry, occurrence).model_copy(update={"number": printed})
            pointers = Pointers(cite_entry(self.document, entry, occurrence))
            known = self._entries[number] = (printed, occurrence, row, pointers)
        return known[2], known[3]

    def enter_persons(self, register: Register) -> None:
        """Enter who is named with an office."""

        def enter(traced: TracedRegister) -> None:
            enter_persons(self.document, traced)

        _again(self._persons, register, enter)

    def happened(self, register: Register, reader: DateReader) -> Cited[Event]:
        """The dated happenings, by what register and reader know of the text before."""
        known = reader.known
        found = _again(self._events, register, self._happen(reader), lambda one: one.known == known)
        reader.known = found.left
        return found.cited

    def _happen(self, reader: DateReader) -> "Callable[[TracedRegister], _Happened]":
        def happen(traced: TracedRegister) -> _Happened:
            known = reader.known
            found = read_events(self.document, traced, reader)
            return _Happened(known, reader.known, found)

        return happen

    def rejected_happenings(self) -> Extracted[Event]:
        """The happenings as worked out last, with what was rejected."""
        return self._events[-1][1].found


Known = tuple[int | None, dt.date | None]


class _Happened:
    """The happenings of a section, and what the reader knew before it and behind it."""

    def __init__(self, known: Known, left: Known, found: Extracted[Event]) -> None:
        self.known = known
        self.left = left
        self.found = found
        self.cited = cited(found)


T = TypeVar("T")


def _again(
    kept: list[tuple[TracedRegister, T]],
    register: Register,
    work: Callable[[TracedRegister], T],
    holds: Callable[[T], bool] = lambda _: True,
) -> T:
    """What `work` gives by a register: as before, if it would read and find the same there.

    The version used is the last of those kept.
    """
    for at, (traced, result) in enumerate(kept):
        if holds(result) and traced.holds(register):
            kept.append(kept.pop(at))
            traced.write(register)
            return result
    traced = TracedRegister(register)
    result = work(traced)
    traced.write(register)
    kept.append((traced.forget(), result))
    del kept[:-_MOST_VERSIONS]
    return result


def cited(found: Extracted[R]) -> Cited[R]:
    """The rows of a table, each with its evidence."""
    by_key: dict[str, list[Evidence]] = {}
    for one in found.evidence:
        by_key.setdefault(one.key, []).append(one)
    return [(row, Pointers(by_key.get(format_key(key_values(row)), []))) for row in found.rows]


def latest_year(document: Document) -> int | None:
    """The latest year that a text names, references left out."""
    body = (b for b in document.blocks if b.kind not in {"reference", "notice", "other"})
    years = [year for block in body for year in find_years(document.text(block))]
    return max(years, default=None)


def wording(document: Document) -> frozenset[str]:
    """The digests of sentences long enough that two texts do not share them by chance."""
    found = set()
    for block in document.of_kind("paragraph", "note"):
        for sentence in document.sentences(block):
            words = document.text(sentence)
            if len(words.split()) >= _SENTENCE_WORDS:
                found.add(words_digest(words))
    return frozenset(found)


Weighed = tuple[Relation, tuple[tuple[int, Pointers], ...]] | None
"""The row of a counterpart, and its evidence by the teller in which it stands."""


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A part of a section: what it says, and where it stands in the section."""

    facts: SectionFacts
    place: Place


@dataclass(frozen=True, slots=True)
class ReadParts:
    """A section in its parts: one, where no long table is split."""

    text: str
    parts: tuple[ReadPart, ...]

    @property
    def read(self) -> ReadSection:
        """The first part as read; of several nothing is open."""
        return self.parts[0].facts.read


class Memory:
    """Sections read before, by subject and text: the same text is read once.

    Attributes:
        characters: How much text it keeps, the latest; each part counts for a thousand more.
    """

    def __init__(self, characters: int = 2_000_000) -> None:
        """Begin with nothing."""
        self.characters = characters
        self._held = 0
        self._sections: OrderedDict[tuple[str, str], ReadParts] = OrderedDict()
        self._parts: WeakValueDictionary[tuple[str, int, str], SectionFacts] = WeakValueDictionary()
        self._weighed: OrderedDict[tuple[str, tuple[int, ...]], Weighed] = OrderedDict()

    def section(self, text: str, subject: str) -> ReadParts:
        """The section of that text."""
        key = (subject, text)
        found = self._sections.get(key)
        if found is not None:
            self._sections.move_to_end(key)
            return found
        parts = [(self._facts(part, place.lead, subject), place) for part, place in split(text)]
        if len(parts) > 1 and not all(is_whole(facts.read) for facts, _ in parts):
            parts = [(self._facts(text, 0, subject), Place())]
        found = ReadParts(text, tuple(ReadPart(*part) for part in parts))
        self._sections[key] = found
        self._held += _cost(found)
        while self._held > self.characters and len(self._sections) > 1:
            _, gone = self._sections.popitem(last=False)
            self._held -= _cost(gone)
        return found

    def _facts(self, text: str, lead: int, subject: str) -> SectionFacts:
        key = (subject, lead, text)
        found = self._parts.get(key)
        if found is None:
            found = self._parts[key] = SectionFacts(text, lead, subject)
        return found

    def weigh(self, counterpart: str, tellers: Sequence[RelationsTold]) -> Weighed:
        """The row of a counterpart by what these sections tell of it."""
        key = (counterpart, tuple(told.serial for told in tellers))
        if key in self._weighed:
            self._weighed.move_to_end(key)
            return self._weighed[key]
        found = weigh(counterpart, tellers)
        weighed: Weighed = None
        if found is not None:
            row, evidence = found
            places = sorted({at for at, _ in evidence})
            weighed = (
                row,
                tuple(
                    (at, Pointers(one for place, one in evidence if place == at)) for at in places
                ),
            )
        self._weighed[key] = weighed
        if len(self._weighed) > _MOST_WEIGHED:
            self._weighed.popitem(last=False)
        return weighed


def _cost(section: ReadParts) -> int:
    """How much it counts for in a memory."""
    return sum(_OWN_COST + len(part.facts.document.source.text) for part in section.parts)
