"""Who took which stance, and when: sentences of the body, by words of stance and who utters them.

In each sentence the words of stance (`azds.ingest.stances`) look for their
actor: the last one named before them that no preposition governs, with those
that "and" or commas join to it; a list behind them ("in favour are ..."); or
the one that a pronoun takes from the sentence before. A statement with a
citation of its own is a statement of its own.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from azds.ingest.blocks import Document, Part
from azds.ingest.dated_words import Dated, DateReader
from azds.ingest.extracted import Extracted, unique_evidence
from azds.ingest.extractors.reactions_actors import (
    companion,
    listed_behind,
    spread,
    subject_of,
    together,
)
from azds.ingest.extractors.reactions_dates import NEAR, date_of, is_adverbial, joined_run
from azds.ingest.mentions import Mention, Register, Sentence, read_sentence
from azds.ingest.stances import Anchor, find_anchors
from azds.ingest.vocabulary import Setting, Vocabulary
from azds.ingest.zones import find_zones
from azds.records.war_reactions import UNDATED, Reaction

__all__ = ["extract_reactions"]

TABLE = "reactions"

_AGAIN = re.compile(
    r"(?:(?:further|furthermore|similarly|also|later|then),?\s+)?"
    r"(?:it|he|she|they|the (?:group|ministry|organi[sz]ation|council|deputies|party|community|"
    r"protesters|demonstrators))\b",
    re.IGNORECASE,
)
_DIRECT = re.compile(
    r"(?:[,\"“”'’(]|\b(?:and|while|by|but|then|also|were|was|are|is|had|has|have|been|as|did))"
    r"\s*$"
)
_SAME = re.compile(
    r"(?:,\s+(?:and\s+)?)?(?:as (?:did|had|has|have)|followed by|joined by)\s+", re.IGNORECASE
)
_PASSIVE = re.compile(r"\b(?:was|were|been|being|be|is|are)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_PRONOUN = re.compile(r"y[xq]{0,3}$")
_SHORT = 4
_BEHIND = 60
_FAR = 2_000


@dataclass(frozen=True, slots=True)
class _Found:
    """One reaction before it is numbered."""

    actor: Mention
    stance: str
    date: str
    target: str | None
    parts: tuple[tuple[str, int, int], ...]
    statement: int
    sentence: int
    plain: bool


@dataclass(slots=True)
class _Memory:
    """What a sentence takes from those before it in its paragraph: their actors and date."""

    actors: list[Mention] = field(default_factory=list)
    date: Dated | None = None
    statement: int = -1
    voices: set[str] = field(default_factory=set)


def extract_reactions(document: Document, setting: Setting) -> Extracted[Reaction]:
    """The reactions that the body of a document states, in order; may be empty."""
    found: Extracted[Reaction] = Extracted()
    body = find_zones(document).body
    register = Register()
    for block in body:  # a surname may stand before the office that it goes with
        for part in document.sentences(block):
            read_sentence(document, part, register)
    reader = DateReader()
    candidates: list[_Found] = []
    for block in body:
        memory = _Memory()
        for part in document.sentences(block):
            sentence = read_sentence(document, part, register)
            dates = reader.read(document.source.clean, part.start, part.end)
            told = _Telling(document, sentence, dates, memory, setting.vocabulary)
            candidates += told.read()
            found.rejections += [
                document.reject(TABLE, "no-actor", "words of stance without an actor", words)
                for words in told.without_actor
            ]
    _number(document, candidates, setting, found)
    return found


class _Telling:
    """Goes through the words of stance of one sentence; knows whose they are so far."""

    def __init__(
        self,
        document: Document,
        sentence: Sentence,
        dates: list[Dated],
        memory: _Memory,
        vocabulary: Vocabulary,
    ) -> None:
        self.document = document
        self.text = document.source.clean
        self.sentence = sentence
        self.dates = dates
        self.memory = memory
        self.vocabulary = vocabulary
        self.cuts = _segments(document, sentence)
        self.again = _AGAIN.match(self.text, sentence.start, sentence.end) is not None
        self.subject: list[Mention] = list(memory.actors) if self.again else []
        self.inherited = memory.date if self.again else None
        self.first: list[Mention] = []
        self.before = sentence.start
        self.by_group = False
        self.without_actor: list[Part] = []

    def read(self) -> list[_Found]:
        """The reactions of the sentence; the memory then holds what the next one may take."""
        made = [
            one
            for anchor in find_anchors(self.text, self.sentence, self.vocabulary)
            for one in self._told(anchor)
        ]
        if self.first:
            self.memory.actors = list(self.subject or self.first)
            if all(one.date == UNDATED for one in made):
                self.memory.date = None
        elif not self.again:
            named = [m for m in self.sentence.mentions[:_SHORT] if m.free and not m.owner]
            self.memory.actors = named[:1]
        return made

    def _told(self, anchor: Anchor) -> Iterator[_Found]:
        if anchor.is_plain and _says_nothing(self.text, self.sentence, anchor):
            return
        actors = self._actors(anchor)
        if actors is None:
            return
        actors = [one for one in actors if not _is_self(one, anchor)]
        if not actors:
            if not anchor.is_plain:
                self.without_actor.append(Part(anchor.start, anchor.end))
            return
        self.first = self.first or actors
        date = self._date(anchor, actors)
        segment = _segment(self.cuts, anchor.start)
        for one in spread(self.sentence, anchor, actors):
            yield from self._found(anchor, one, date, segment, whole=anchor.actor == "before")
        yield from self._echo(anchor)

    def _actors(self, anchor: Anchor) -> list[Mention] | None:
        """Whose words they are; None where they only describe a name before them."""
        fresh = self._fresh(anchor)
        loose = _is_participle(self.text, anchor) and not fresh and not self.by_group
        if fresh:
            self.subject, self.inherited = fresh, None
        self.before = anchor.end
        near = max(self.sentence.start, anchor.start - 12)
        if loose and not _DIRECT.search(self.text, near, anchor.start):
            return None
        self.by_group = anchor.actor == "by"
        if anchor.actor == "before":
            return self.subject
        behind = listed_behind(self.sentence, anchor.end)
        if self.by_group and behind:
            self.before = max(self.before, behind[-1].end)
            behind = self.subject = spread(self.sentence, anchor, behind)
        return behind

    def _fresh(self, anchor: Anchor) -> list[Mention]:
        """An actor that the sentence names anew for these words; may be empty."""
        fresh = subject_of(
            self.text, self.sentence, anchor, self.before, inherits=bool(self.subject)
        )
        if _is_participle(self.text, anchor):
            return companion(self.text, self.sentence, anchor) if self.first or not fresh else fresh
        if fresh or self.subject:
            return fresh
        opening = self.sentence.between(self.sentence.start, anchor.start)
        if _PRONOUN.search(opening):
            return [*self.memory.actors, *together(self.text, self.sentence, anchor)]
        return []

    def _date(self, anchor: Anchor, actors: list[Mention]) -> Dated | None:
        """The date that the sentence gives, else that of the statement which it continues."""
        date = date_of(self.text, self.sentence, self.dates, anchor, actors[0]) or self.inherited
        statement = _statement(self.document, anchor.start)
        memory = self.memory
        if date is None and memory.statement == statement and _voice(actors[0]) in memory.voices:
            date = memory.date
        if date is not None:
            memory.date, memory.statement = date, statement
            memory.voices = {_voice(one) for one in actors}
        return date

    def _found(
        self,
        anchor: Anchor,
        actor: Mention,
        date: Dated | None,
        segment: tuple[int, int],
        *,
        whole: bool,
    ) -> Iterator[_Found]:
        """Reactions with their evidence: the clause, or the name alone where it is in a list."""
        here = self.sentence.start <= actor.start < self.sentence.end
        if here and (not whole or actor.start < segment[0]):
            row = (actor.start, actor.end)
        else:
            leads = here and actor.start < anchor.start
            start = max(actor.start, anchor.start - _FAR) if leads else anchor.start
            row = (start, min(segment[1], anchor.end + _FAR))
        parts = [("", *row), ("stance", anchor.start, anchor.end)]
        if here:
            parts.append(("actor", actor.start, actor.end))
        if date is not None:
            parts.append(("date", date.start, date.end))
        for stance, target in _stances(anchor, self.vocabulary, actor):
            yield _Found(
                actor,
                stance,
                date.edtf if date else UNDATED,
                target,
                tuple(parts),
                _statement(self.document, anchor.start),
                self.sentence.start,
                anchor.is_plain,
            )

    def _echo(self, anchor: Anchor) -> Iterator[_Found]:
        """Others who did the same: "as did X on 3 May, and Y followed by Z"."""
        end = self.sentence.end
        at = _SAME.search(self.text, anchor.end, min(end, anchor.end + NEAR))
        while at is not None:
            behind = listed_behind(self.sentence, at.end())[:1]
            around = Part(max(anchor.end, at.start() - NEAR), at.start())
            earlier = [
                m for m in self.sentence.inside(around) if m.free and at.start() - 3 <= m.end
            ]
            for actor in [*earlier, *behind]:
                own = [
                    d
                    for d in self.dates
                    if actor.end <= d.start <= actor.end + NEAR
                    and is_adverbial(self.text, self.sentence, d)
                ]
                dated: list[Dated | None] = list(joined_run(self.text, own))
                segment = _segment(self.cuts, actor.start)
                for date in dated or [None]:
                    yield from self._found(anchor, actor, date, segment, whole=False)
            last = behind[-1].end if behind else at.end()
            at = _SAME.search(self.text, last, min(end, last + 2 * NEAR))


def _is_participle(text: str, anchor: Anchor) -> bool:
    first = text[anchor.start : anchor.end].split(maxsplit=1)[0]
    return anchor.actor == "before" and first.endswith("ing")


def _voice(actor: Mention) -> str:
    """Who speaks: the person, where one is named for a state or body."""
    return actor.person or actor.name


def _says_nothing(text: str, sentence: Sentence, anchor: Anchor) -> bool:
    """Whether a verb of saying is passive, or nothing of what was said follows it."""
    if anchor.actor != "before":
        return False
    if _PASSIVE.search(text, max(sentence.start, anchor.start - 20), anchor.start):
        return True
    behind = text[anchor.end : min(anchor.end + _BEHIND, sentence.end)]
    return len(behind.split()) < _SHORT and "statement" in behind


def _statement(document: Document, at: int) -> int:
    """The number of the citation mark behind a place: what no mark divides is one statement."""
    return bisect_left(document.source.marks, at, key=lambda mark: mark.start)


def _is_self(actor: Mention, anchor: Anchor) -> bool:
    """Whether an actor would condemn itself: then the words are not its own."""
    return (
        anchor.stance == "condemns"
        and actor.entity is not None
        and anchor.parties == (actor.entity,)
    )


def _stances(
    anchor: Anchor, vocabulary: Vocabulary, actor: Mention
) -> Iterator[tuple[str, str | None]]:
    """The stances that words come to, each with its target."""
    parties = [one for one in anchor.parties if one != actor.entity]
    words = vocabulary.parties
    if anchor.stance == "condemns":
        if sum(one in vocabulary.sides for one in parties) > 1:
            yield "condemns_both", None
            parties = [one for one in parties if one not in vocabulary.sides]
        yield from ((f"condemns_{words[one]}", one) for one in parties)
    elif anchor.stance == "opposes":
        against = {one: vocabulary.opponent(one) for one in parties[:1]}
        yield from ((f"supports_{words[other]}", one) for one, other in against.items() if other)
    elif anchor.stance == "supports":
        helped = parties[:2] or list(vocabulary.claimants)[:1]
        allies = vocabulary.allies
        yield from ((f"supports_{words[allies.get(one, one)]}", one) for one in helped)
    elif anchor.stance == "recognizes":
        claimants = vocabulary.claimants
        yield from ((f"recognizes_{words[one]}", one) for one in parties if one in claimants)
    else:
        directed = anchor.stance in {"sanction", "other"} and len(parties) == 1
        yield anchor.stance, parties[0] if directed else None


def _segments(document: Document, sentence: Sentence) -> list[int]:
    """Where the citation marks of a sentence stand, one place for each run of marks."""
    marks = document.source.marks
    at = bisect_left(marks, sentence.start, key=lambda mark: mark.start)
    cuts: list[int] = []
    last = -1
    while at < len(marks) and marks[at].start <= sentence.end:
        if last < 0 or document.source.clean[last : marks[at].start].strip():
            cuts.append(marks[at].start)
        last = marks[at].end
        at += 1
    return [sentence.start, *cuts, sentence.end]


def _segment(cuts: list[int], at: int) -> tuple[int, int]:
    """The stretch between citation marks in which a place stands."""
    position = bisect_right(cuts, at)
    return cuts[max(position - 1, 0)], cuts[min(position, len(cuts) - 1)]


def _number(
    document: Document, candidates: list[_Found], setting: Setting, found: Extracted[Reaction]
) -> None:
    """Rows with their occurrence; what repeats a statement only adds evidence."""
    specific = {(one.actor.name, one.sentence) for one in candidates if not one.plain}
    seen: dict[tuple[str, str, str], int] = {}
    merged: dict[tuple[str, str, str, int], tuple[str, str, str, int]] = {}
    for one in candidates:
        if one.plain and (one.actor.name, one.sentence) in specific:
            continue
        same = (one.actor.name, one.stance, one.date)
        key = merged.get((*same, one.statement))
        if key is None:
            seen[same] = seen.get(same, 0) + 1
            key = (*same, seen[same])
            merged[*same, one.statement] = key
            found.rows.append(_row(document, one, key, setting))
        for column, start, end in one.parts:
            place = document.blocks[document.position(Part(start, end))].place
            found.evidence.append(document.cite(TABLE, key, column, start, end, place))
    found.evidence = unique_evidence(found.evidence)


def _row(
    document: Document, one: _Found, key: tuple[str, str, str, int], setting: Setting
) -> Reaction:
    actor, stance, date, occurrence = key
    kind = one.actor.kind
    if one.actor.entity in setting.vocabulary.claimants:
        kind = "unrecognized_state"
    return Reaction.model_validate(
        {
            "actor": actor,
            "stance": stance,
            "date": date,
            "occurrence": occurrence,
            "actor_kind": kind,
            "entity": one.actor.entity,
            "target": one.target,
            "actor_as_written": document.words(one.actor),
            "section": document.heading_of(one.actor) or None,
        }
    )
