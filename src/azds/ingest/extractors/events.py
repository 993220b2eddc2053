"""Dated happenings in running text: when, what kind, who.

Each date in a sentence stands for one happening, stated in the clause around
it. Dates in lists of references, in table rows and heads, in titles and in
stray fragments are none. Where a sentence names the same time twice, once
coarsely, the finer date stands.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from azds.dates import Precision
from azds.ingest.blocks import Block, Document, Part
from azds.ingest.dated_words import Dated, DateReader
from azds.ingest.extracted import Extracted
from azds.ingest.lexicons import event_kinds
from azds.ingest.mentions import Mention, Register, Sentence, read_sentence
from azds.ingest.zones import find_zones
from azds.records import Evidence
from azds.records.events import Event
from azds.spans import words_digest

__all__ = ["enter_persons", "extract_events", "read_events"]

TABLE = "events"

_Tell = tuple[int, int, int, str]

_OPENS = re.compile(
    r"[\s,;.]*(?:(?:and|or|but|while|when|later|subsequently|however|also|the|its|"
    r"after the war)[\s,]+){0,3}"
    r"(?:(?:on|in|by|at|since|between|from|the|early|late|night|evening|of|beginning|"
    r"despite|as)\s+){0,4}",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:after|before|following|amid|despite)\s+(?:the\s+)?(?:[\w-]+\s+){0,3}[\w-]+,",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[;]|,\s+(?:and|but|while|whereas|when)\s|\s(?:while|whereas)\s|"
    r"\s(?:and|until|from)\s+(?:(?:in|on|by|the|early|late)\s+){1,3}$|,\s+(?:in|on)\s+$"
)
_ATTRIBUTE = re.compile(
    r"(?:[-\s]++[\w'’–]++(?:-[\w'’–]++)*+){0,4}?[-\s]++(?:cease-?fire(?:\s+agreement)?|wars?|attacks?|"
    r"hostilities|offensive|truce|"
    r"agreement|conflict|skirmish(?:es)?|elections?|collapse)\b",
    re.IGNORECASE,
)
_THE = re.compile(r"(?:\b(?:the|its|during|despite|a|an|this)\s+)$", re.IGNORECASE)
_NO_EVENT = re.compile(
    r"\s*(?:UEFA|FIFA|season|edition|census|[A-Z]\w+\s+League|years?\b)|\s*[–-]\d\d\s",
    re.IGNORECASE,
)
_TITLES = re.compile(
    r"(?:^|\b)(?:events\s+of\s+the\s+year|in\s+the\s+year|resolution\s+(?:no\.?\s*)?)\s*$",
    re.IGNORECASE,
)
_ADVERB = re.compile(r"\b(?:in|since|by|until)\s+$", re.IGNORECASE)
_LONGEST = 700
_FAR = 2_000
_MOST_ACTORS = 8
_MOST_NAMES = 12
_CLOSE_BY = 6
_LIST = re.compile(r"(?:This|The\s+following)\s+is\s+a\s+list\s+of\s|Events\s+of\s+the\s+year\s")
_NEAR = 12
_CLOSE = 3
_ONE_SIDED = frozenset({"statement", "protest", "resolution", "report", "decree", "sanction"})
_FIGHTS = frozenset({"war", "ceasefire", "attack"})
_IN = re.compile(r"n[dx]?$")
_JOINS = re.compile(r"(?=[^ca]*[ca])[cadxAFok]{1,6}")


def extract_events(document: Document) -> Extracted[Event]:
    """The dated happenings of a document in order; may be empty."""
    register = Register()
    enter_persons(document, register)
    return read_events(document, register, DateReader())


def enter_persons(document: Document, register: Register) -> None:
    """Enter who is named with an office, since a surname may stand before its office."""
    for block in _running(document):
        for part in document.sentences(block):
            read_sentence(document, part, register)


def read_events(document: Document, register: Register, reader: DateReader) -> Extracted[Event]:
    """The dated happenings, by what register and reader know of the text before."""
    found: Extracted[Event] = Extracted()
    seen: dict[tuple[str, str, int], int] = {}
    for block in _running(document):
        for part in document.sentences(block):
            dates = reader.read(document.source.clean, part.start, part.end)
            if not dates:
                continue
            sentence = read_sentence(document, part, register)
            digest = words_digest(document.text(sentence))
            tells = _tells(document.source.clean, sentence)
            for date, clause in _clauses(document, sentence, dates, found):
                kind, at = _kind(document.source.clean, clause, date, tells)
                actors = ";".join(sorted(_actors(sentence, clause, kind, at)))
                key = _key(kind, actors, date, seen)
                found.rows.append(
                    Event.model_validate(
                        {
                            **dict(zip(("kind", "actors", "year", "occurrence"), key, strict=True)),
                            "date": date.edtf,
                            "words_digest": digest,
                            "section": document.heading_of(block) or None,
                        }
                    )
                )
                found.evidence += _evidence(document, block, sentence, date, clause, key)
    return found


def _running(document: Document) -> tuple[Block, ...]:
    zones = find_zones(document)
    return (*zones.body, *zones.related)


def _key(
    kind: str, actors: str, date: Dated, seen: dict[tuple[str, str, int], int]
) -> tuple[str, str, int, int]:
    same = (kind, actors, date.year)
    seen[same] = seen.get(same, 0) + 1
    return (*same, seen[same])


def _evidence(  # noqa: PLR0913, PLR0917 - one event in all its parts
    document: Document,
    block: Block,
    sentence: Sentence,
    date: Dated,
    clause: Part,
    key: tuple[str, str, int, int],
) -> list[Evidence]:
    """The sentence, of a very long one the stretch around the date; the date; the clause."""
    start = max(sentence.start, date.start - _FAR)
    end = min(sentence.end, date.end + _FAR)
    return [
        document.cite(TABLE, key, "", start, end, block.place),
        document.cite(TABLE, key, "date", date.start, date.end, block.place),
        document.cite(TABLE, key, "kind", clause.start, clause.end, block.place),
    ]


def _clauses(
    document: Document, sentence: Sentence, dates: list[Dated], found: Extracted[Event]
) -> Iterator[tuple[Dated, Part]]:
    """Each date that stands for a happening, with the clause that states it."""
    text = document.source.clean
    kept: list[Dated] = []
    if _LIST.match(text, sentence.start, sentence.end):
        return
    finer = {
        date.year: date for date in dates if date.precision in {Precision.DAY, Precision.MONTH}
    }
    years: set[str] = set()
    for date in dates:
        rule = _no_event(text, sentence, date, finer, years)
        if rule:
            found.rejections.append(document.reject(TABLE, *rule, Part(date.start, date.end)))
        elif kept and kept[-1].edtf == date.edtf and date.start - kept[-1].end <= _CLOSE_BY:
            kept[-1] = date
        else:
            kept.append(date)
            years.add(date.edtf)
    cuts = [_cut(text, one, other) for one, other in pairwise(kept)]
    start = sentence.start
    for at, date in enumerate(kept):
        end = next((cut for cut in cuts[at : at + 1] if cut), None)
        low, high = max(start, date.start - _LONGEST), min(end or sentence.end, date.end + _LONGEST)
        yield date, _noun(text, sentence, date) or Part(low, high)
        start = end or start


def _no_event(
    text: str, sentence: Sentence, date: Dated, finer: dict[int, Dated], years: set[str]
) -> tuple[str, str] | None:
    head = text[max(sentence.start, date.start - 30) : date.start]
    if _NO_EVENT.match(text, date.end, sentence.end) or _TITLES.search(head):
        return "no-happening", "the date names a season, a document or a year, no happening"
    if "/" not in date.edtf and date.precision is Precision.YEAR:
        if date.year in finer and not date.edtf.startswith("..") and not _ADVERB.search(head):
            return "stated-finer", "the sentence dates it more precisely"
        if date.edtf in years:
            return "stated-before", "the sentence has named this year before"
    return None


def _cut(text: str, one: Dated, other: Dated) -> int | None:
    """Where between two dates the clause of the second starts; None where they share one."""
    gap = text[max(one.end, other.start - _LONGEST) : other.start]
    breaks = list(_BREAK.finditer(gap))
    return other.start - len(gap) + breaks[-1].start() if breaks else None


def _noun(text: str, sentence: Sentence, date: Dated) -> Part | None:
    """The name of a happening that a date is part of: "the 10 May truce"."""
    match = _ATTRIBUTE.match(text, date.end, min(sentence.end, date.end + 80))
    head = text[max(sentence.start, date.start - 10) : date.start]
    if (
        match
        and (_THE.search(head) or date.precision is Precision.YEAR)
        and not re.match(r"\s*[,(]", text[date.end : date.end + 3])
    ):
        return Part(date.start, match.end())
    return None


def _tells(text: str, sentence: Sentence) -> list[_Tell]:
    """The words of a sentence that tell a kind: start, rank, end, kind; asides left out."""
    asides = [m.span() for m in _ASIDE.finditer(text, sentence.start, sentence.end)]
    found = sorted(
        (match.start(), rank, match.end(), kind)
        for rank, (kind, pattern) in enumerate(event_kinds())
        if kind != "other"
        for match in pattern.finditer(text, sentence.start, sentence.end)
    )
    ends = [end for _, end in asides]
    return [
        one
        for one in found
        if (at := bisect_right(ends, one[0])) == len(asides) or one[0] < asides[at][0]
    ]


def _kind(text: str, clause: Part, date: Dated, tells: list[_Tell]) -> tuple[str, int]:
    """What the words nearest to the date tell, and where they stand.

    The next behind a date that opens its clause, else the last before it.
    """
    low = bisect_left(tells, clause.start, key=lambda one: one[0])
    high = bisect_left(tells, clause.end, key=lambda one: one[0])
    inside = [one for one in tells[low:high] if one[2] <= clause.end]
    before = [one for one in inside if one[2] <= date.start]
    behind = [one for one in inside if one[0] >= date.start]
    opens = _OPENS.fullmatch(text, clause.start, date.start) is not None
    chosen = (behind or before[::-1]) if opens or not before else before[::-1]
    if chosen:
        return chosen[0][3], chosen[0][0]
    return "other", clause.end if opens else date.start


def _actors(sentence: Sentence, clause: Part, kind: str, at: int) -> set[str]:
    """Who takes part: the subject of the words that tell the kind; of a fight all parties."""
    subjects = _subjects(sentence, clause, at)
    if kind in _ONE_SIDED:
        return {m.entity or m.name for m in subjects}
    communities = [m for m in sentence.inside(clause) if m.kind == "diaspora"]
    parties = _parties(sentence, clause, communities)
    if kind in _FIGHTS and not parties and not subjects:
        around = Part(
            max(sentence.start, clause.start - _LONGEST), min(sentence.end, clause.end + _LONGEST)
        )
        parties = _parties(sentence, around, [])
    if kind == "other":
        return {m.entity or m.name for m in subjects} or set(sorted(parties)[:1])
    named = {m.entity or m.name for m in subjects if m.kind != "person"}
    named |= {m.name for m in communities}
    return set(sorted(parties | named)[:_MOST_ACTORS])


def _parties(sentence: Sentence, clause: Part, communities: list[Mention]) -> set[str]:
    """The states that a clause names, also by an adjective, but for places and communities."""
    return {
        unit.value
        for unit in sentence.parties(clause)
        if unit.sign != "P"
        and not any(m.start <= unit.start < m.end for m in communities)
        and not _IN.search(sentence.between(max(sentence.start, unit.start - _NEAR), unit.start))
    }


def _subjects(sentence: Sentence, clause: Part, at: int) -> list[Mention]:
    """The last name before a place that may act, with those joined to it; else the next one."""
    mentions = sentence.mentions
    low = bisect_left(mentions, clause.start, key=lambda m: m.start)
    high = bisect_right(mentions, at, key=lambda m: m.end)
    for position in range(high - 1, max(low, high - _MOST_NAMES) - 1, -1):
        if _may_act(sentence, mentions[position], at):
            group = [mentions[position]]
            while position > low and _JOINS.fullmatch(
                sentence.between(mentions[position - 1].end, mentions[position].start)
            ):
                position -= 1  # noqa: PLW2901 - the group grows to the left
                if mentions[position].free:
                    group.append(mentions[position])
            return group
    behind = mentions[high : high + 1]
    return [m for m in behind if m.end <= clause.end and m.kind != "person"]


def _may_act(sentence: Sentence, mention: Mention, at: int) -> bool:
    """Whether a name may be a subject; a bare name only right before the verb or as a full name."""
    if not mention.free or mention.owner:
        return False
    near = len(sentence.between(mention.end, at)) <= _CLOSE
    return mention.kind != "person" or bool(mention.person) or near
