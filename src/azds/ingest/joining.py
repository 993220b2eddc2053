"""The sections of a text joined: what each says by itself becomes what the text says.

Places move to where the section stands, references get the numbers that the text
prints, occurrences are counted through. The rules that weigh what several sections say
of one thing stand here; each is that of the extractor of its table.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from azds.ids import format_key
from azds.ingest.blocks import Part
from azds.ingest.dated_words import DateReader
from azds.ingest.extracted import Pointers, key_values
from azds.ingest.extractors.bibliography import reject_entry
from azds.ingest.mentions import Register
from azds.ingest.placing import Place
from azds.ingest.section_facts import Cited, Memory, ReadParts, SectionFacts
from azds.ingest.source import Repair
from azds.records import (
    Event,
    Mission,
    Organization,
    Recognition,
    Record,
    Rejection,
    Section,
)
from azds.spans import words_digest

__all__ = ["Joined", "join", "joined_repairs"]

R = TypeVar("R", bound=Record)


@dataclass(slots=True)
class Joined:
    """What a text says: its tables, where each fact is stated, and what was rejected."""

    tables: dict[str, list[Record]]
    evidence: Pointers
    rejections: list[Rejection]


def join(sections: Sequence[ReadParts], memory: Memory) -> Joined:
    """The tables of the family `foreign-relations` of a text in these sections."""
    return _Join(sections, memory).run()


def joined_repairs(sections: Sequence[ReadParts]) -> tuple[Repair, ...]:
    """What was read otherwise than stored, in the places of the text."""
    return tuple(
        Repair(one.rule, place.of(one.start), place.of(one.end - 1) + 1)
        for part, place in _placed(sections)
        for one in part.document.source.repairs
        if one.start >= part.lead
    )


def _placed(sections: Sequence[ReadParts]) -> list[tuple[SectionFacts, Place]]:
    """All parts of all sections, each with where it stands in the text."""
    starts = [0, *accumulate(len(section.text) for section in sections)]
    return [
        (part.facts, part.place.moved(start))
        for section, start in zip(sections, starts, strict=False)
        for part in section.parts
    ]


class _Join:
    """One text: where its sections stand, and how its references are numbered."""

    def __init__(self, sections: Sequence[ReadParts], memory: Memory) -> None:
        placed = _placed(sections)
        self.text = "".join(section.text for section in sections)
        self.sections = [part for part, _ in placed]
        self.places = [place for _, place in placed]
        self.memory = memory
        self.numbers = _numbers(placed)
        self.evidence = Pointers()
        self.rejections: list[Rejection] = []

    def run(self) -> Joined:
        """All tables."""
        tables: dict[str, list[Record]] = {
            "counts": self._counted([section.cited_counts for section in self.sections]),
            "relations": self._relations(),
            "recognitions": self._recognitions(),
            "missions": self._missions(),
            "organizations": self._organizations(),
            "bibliography": self._bibliography(),
            "sections": self._sections(),
            "events": self._events(),
        }
        for at, section in enumerate(self.sections):
            for found in (
                section.counts,
                section.relations,
                section.recognitions,
                section.missions,
                section.organizations,
            ):
                self._reject(at, found.rejections)
        self.evidence.drop_repeats()
        return Joined(tables, self.evidence, self.rejections)

    def _cite(self, at: int, pointers: Pointers, key: str | None = None) -> None:
        self.evidence.add(pointers, self.places[at], self.numbers[at], key)

    def _reject(self, at: int, rejections: Iterable[Rejection]) -> None:
        place = self.places[at]
        for one in rejections:
            shift = place.shift(one.start)
            moved = {"start": one.start + shift, "end": one.end + shift}
            self.rejections.append(one.model_copy(update=moved) if shift else one)

    def _counted(self, cited: Sequence[Cited[R]]) -> list[Record]:
        """Rows that are told apart by an occurrence, which is counted through the text."""
        rows: list[Record] = []
        seen: dict[tuple[object, ...], int] = {}
        for at, held in enumerate(cited):
            for row, pointers in held:
                *same, occurrence = key_values(row)
                count = seen[tuple(same)] = seen.get(tuple(same), 0) + 1
                if count == occurrence:
                    rows.append(row)
                    self._cite(at, pointers)
                else:
                    rows.append(row.model_copy(update={"occurrence": count}))
                    self._cite(at, pointers, format_key([*same, count]))
        return rows

    def _relations(self) -> list[Record]:
        """One row for each counterpart, by all sections that tell of it."""
        tellers: dict[str, list[int]] = {}
        for at, section in enumerate(self.sections):
            for counterpart in section.relations.said:
                tellers.setdefault(counterpart, []).append(at)
        rows: list[Record] = []
        for counterpart, places in tellers.items():
            weighed = self.memory.weigh(counterpart, [self.sections[at].relations for at in places])
            if weighed is not None:
                rows.append(weighed[0])
                for position, pointers in weighed[1]:
                    self._cite(places[position], pointers)
        return rows

    def _recognitions(self) -> list[Record]:
        """One row for each pair, with the first date that is told."""
        rows: dict[tuple[str, str], Recognition] = {}
        for at, section in enumerate(self.sections):
            for row, pointers in section.cited_recognitions:
                key = (row.recognizer, row.recognized)
                known = rows.get(key)
                dated = known is not None and known.date is not None
                rows[key] = known if known and (dated or row.date is None) else row
                self._cite(at, _without(pointers, "date") if dated else pointers)
        return list(rows.values())

    def _missions(self) -> list[Record]:
        """One row for each key, as first stated, with the first date that is told."""
        rows: dict[tuple[str, str, str, str], Mission] = {}
        for at, section in enumerate(self.sections):
            for row in section.missions.rows:
                key = (row.sender, row.receiver, row.kind, row.city)
                known = rows.setdefault(key, row)
                if known.since is None and row.since is not None:
                    rows[key] = known.model_copy(update={"since": row.since})
            self._cite(at, section.pointers["missions"])
        return list(rows.values())

    def _organizations(self) -> list[Record]:
        """One row for each body, with all its names; the last standing but a member's counts.

        What was told before the subject left a body counts no more.
        """
        rows: dict[str, Organization] = {}
        for at, section in enumerate(self.sections):
            for body in section.organizations.left:
                if rows.pop(body, None):
                    self.evidence.drop("organizations", format_key((body,)))
            for row in section.organizations.rows:
                known = rows.setdefault(row.organization, row)
                if known is not row:
                    names = (*known.names_as_written, *row.names_as_written)
                    status = known.status if row.status == "member" else row.status
                    update = {"status": status, "names_as_written": tuple(dict.fromkeys(names))}
                    rows[row.organization] = known.model_copy(update=update)
            self._cite(at, section.pointers["organizations"])
        return list(rows.values())

    def _bibliography(self) -> list[Record]:
        """The entries by number; of a reference that is defined twice the first counts."""
        places: dict[int, tuple[int, int]] = {}
        for at, section in enumerate(self.sections):
            for own in section.read.printed:
                if own <= section.read.marks:
                    places.setdefault(self.numbers[at][own - 1], (at, own))
        rows: list[Record] = []
        seen: dict[str, int] = {}
        for number, (at, own) in sorted(places.items()):
            section = self.sections[at]
            entry = section.entries.get(own)
            if entry is None:
                continue
            if entry.cells is None:
                self._reject(at, [reject_entry(section.document, entry)])
                continue
            title = str(entry.cells["title"])
            seen[title] = seen.get(title, 0) + 1
            row, pointers = section.entry(own, number, seen[title])
            rows.append(row)
            self._cite(at, pointers)
        return rows

    def _sections(self) -> list[Record]:
        """The sections of the text: they partition it."""
        first = next((at for at, s in enumerate(self.sections) if s.document.source.clean), 0)
        title = next(self.sections[first].document.of_kind("title"), None) or Part(0, 0)
        heads: list[tuple[int, Part, str, int]] = [(first, title, "", 0)]
        for at, section in enumerate(self.sections):
            for block in section.document.of_kind("heading"):
                start = section.document.source.span(block.start, block.end).start
                if start >= section.lead:
                    words = section.document.title_words(block)
                    heads.append((at, block, words, self.places[at].of(start)))
        stops = [*(start for *_, start in heads[1:]), len(self.text)]
        rows: list[Record] = []
        seen: dict[str, int] = {}
        for (at, part, heading, start), end in zip(heads, stops, strict=True):
            seen[heading] = seen.get(heading, 0) + 1
            digest, count = _measured(self.text[start:end])
            row = Section(
                heading=heading,
                occurrence=seen[heading],
                digest=digest,
                ordinal=len(rows) + 1,
                start=start,
                end=end,
                words=count,
            )
            place = "heading" if rows else "lead"
            key = (heading, seen[heading])
            rows.append(row)
            document = self.sections[at].document
            cite = document.cite("sections", key, "", part.start, part.end, place)
            self._cite(at, Pointers([cite]))
        return rows

    def _events(self) -> list[Record]:
        """The dated happenings; stray fragments, and all behind them, are none."""
        last = next(
            (at for at, one in enumerate(self.sections) if one.is_stray), len(self.sections)
        )
        running = self.sections[: last + 1]
        register, reader = Register(), DateReader()
        for section in running:
            section.enter_persons(register)
        held: list[Cited[Event]] = []
        for at, section in enumerate(running):
            held.append(section.happened(register, reader))
            self._reject(at, section.rejected_happenings().rejections)
        return self._counted(held)


def _numbers(placed: Sequence[tuple[SectionFacts, Place]]) -> list[list[int]]:
    """The number that the text prints for each reference of each part.

    References that stand in references have theirs behind all others.
    """
    named: dict[str, int] = {}
    last = 0
    found: list[list[int]] = []
    first: list[int] = []
    for part, place in placed:
        numbers = [first[mark - 1] for mark in place.marks]
        first = first if place.lead else numbers
        found.append(numbers)
        for name in part.read.names[len(numbers) : part.read.marks]:
            number = named.get(name, 0) if name else 0
            if not number:
                number = last = last + 1
                named[name] = number
            numbers.append(number)
    for (part, _), numbers in zip(placed, found, strict=True):
        for name in part.read.names[part.read.marks :]:
            number = named.get(name, 0) if name else 0
            if not number:
                number = last = last + 1
                named[name] = number
            numbers.append(number)
    return found


def _without(pointers: Pointers, column: str) -> Pointers:
    """Those that are not of a column."""
    return Pointers(one for one in pointers if one.column != column)


@functools.lru_cache(maxsize=256)
def _measured(words: str) -> tuple[str, int]:
    """The digest of a section's words, and how many there are."""
    return words_digest(words), len(words.split())
