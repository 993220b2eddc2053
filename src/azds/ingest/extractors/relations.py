"""The subject's relations with each counterpart: from lists, tables, counts and sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from azds.entities import states
from azds.ingest.announcements import find_announcements, tells_of_none
from azds.ingest.began_cells import CellFact, is_severed, read_cell
from azds.ingest.blocks import Block, Document, Named, Part
from azds.ingest.calendar_words import DateWords, find_dates
from azds.ingest.extracted import Extracted
from azds.ingest.extractors.counts import find_statements
from azds.ingest.names import as_written
from azds.ingest.partners import Partners, row_counterpart, row_counterparts
from azds.ingest.tellings import Telling, find_tellings
from azds.records import Evidence, Rejection, Relation

__all__ = ["RelationsTold", "extract_relations", "tell_relations", "weigh"]

TABLE = "relations"

_SEE = re.compile(
    r"(?:^|(?<=[\s(\"“\d]))(?<!Holy )See\s+(?:also\s+)?(?P<titles>[A-ZÀ-Þ][^().\n]*[^().\s\"”])"
)
_YEAR = 4
_REACH = 400
_REACH_OF_DATE = 60
_LEAD_OF_DATE = re.compile(
    r"[\s(:,\u2010-\u2015-]*(?:(?:since|on|in|established)\s+)*", re.IGNORECASE
)
_TITLE_END = re.compile(r"(?<=\brelations)\s+(?=[A-Z0-9\"(|])|\s*\|")


@dataclass(frozen=True, slots=True)
class _Cited:
    """A value and the part of the text that states it; `teller` is whose part, of several."""

    value: str
    part: Part
    place: str
    teller: int = 0

    def by(self, teller: int) -> "_Cited":
        """The same in another place among those that are weighed."""
        return replace(self, teller=teller) if teller != self.teller else self


@dataclass(frozen=True, slots=True)
class _Turn:
    """That relations ended or came back: the words that tell it, and the date, empty if untold."""

    ends: bool
    told: Part
    date: _Cited


@dataclass(slots=True)
class _Draft:
    """What is known of one counterpart so far.

    Attributes:
        named: Where it is named.
        stated: Where `established` or `none` is stated.
        began: Dates of establishing.
        turns: That relations ended, or came back.
        see_also: Titles of articles.
        listed: Dates that a numbered list of all counterparts gives.
        is_listed: Whether it stands in such a list, not marked as suspended.
    """

    named: list[_Cited] = field(default_factory=list)
    stated: list[_Cited] = field(default_factory=list)
    began: list[_Cited] = field(default_factory=list)
    turns: list[_Turn] = field(default_factory=list)
    see_also: list[_Cited] = field(default_factory=list)
    listed: list[_Cited] = field(default_factory=list)
    is_listed: bool = False

    def end(self) -> _Turn | None:
        """The turn by which relations ended, if none brought them back.

        A list of those with whom relations are maintained says that they were.
        """
        if self.is_listed:
            return None
        dated = sorted((t for t in self.turns if t.date.value), key=lambda turn: turn.date.value)
        turns = dated or self.turns
        return turns[-1] if turns and turns[-1].ends else None

    def status(self) -> str:
        """What is stated; "none" said today outweighs a list."""
        values = {cited.value for cited in self.stated}
        if "none" in values or self.end():
            return "none"
        return "established" if values or self.turns else "not_given"


@dataclass(frozen=True, slots=True)
class _Name:
    """That it is named; `spare` where the name counts only if there is no other so far."""

    names: tuple[_Cited, ...]
    spare: bool = False

    def add_to(self, draft: _Draft, teller: int) -> None:
        """Note the names."""
        if not (self.spare and draft.named):
            draft.named += [name.by(teller) for name in self.names]


@dataclass(frozen=True, slots=True)
class _State:
    """That relations are `established`, or that there are `none`."""

    cited: _Cited

    def add_to(self, draft: _Draft, teller: int) -> None:
        """Note what is stated."""
        draft.stated.append(self.cited.by(teller))


@dataclass(frozen=True, slots=True)
class _Begin:
    """A date of establishing; a stretch of years is a beginning and an end.

    In a list of those with whom relations are kept there is no end: there, it is `within` them.
    """

    date: DateWords
    place: str
    within: bool = False

    def add_to(self, draft: _Draft, teller: int) -> None:
        """Note the date."""
        part = Part(self.date.start, self.date.end)
        first, _, last = self.date.edtf.partition("/")
        is_one = self.within or ".." in {first, last} or first[:_YEAR] == last[:_YEAR]
        if not last or is_one:
            draft.began.append(_Cited(self.date.edtf, part, self.place, teller))
            return
        draft.began.append(_Cited(first, part, self.place, teller))
        end = _Cited(last, part, self.place, teller)
        draft.turns.append(_Turn(ends=True, told=part, date=end))


@dataclass(frozen=True, slots=True)
class _TurnTold:
    """That relations ended or came back."""

    turn: _Turn

    def add_to(self, draft: _Draft, teller: int) -> None:
        """Note the turn."""
        draft.turns.append(replace(self.turn, date=self.turn.date.by(teller)))


@dataclass(frozen=True, slots=True)
class _Listed:
    """A row of a numbered list: what it tells, and whether it says that relations are maintained.

    The first such row that has a date is the one that counts.
    """

    tells: tuple["_Said", ...]
    is_kept: bool
    head: _Cited

    def add_to(self, draft: _Draft, teller: int) -> None:
        """Note what the row tells."""
        known = len(draft.began)
        for one in self.tells:
            one.add_to(draft, teller)
        if not draft.listed:
            draft.listed += draft.began[known:]
            draft.is_listed |= self.is_kept
            if draft.is_listed:
                draft.stated.append(self.head.by(teller))


@dataclass(frozen=True, slots=True)
class _See:
    """The title of an article on these relations."""

    cited: _Cited

    def add_to(self, draft: _Draft, teller: int) -> None:
        """Note the title."""
        draft.see_also.append(self.cited.by(teller))


_Said = _Name | _State | _Begin | _TurnTold | _Listed | _See


@dataclass(slots=True, eq=False)
class RelationsTold:
    """What a document, or a section of one, tells of relations, before it is weighed.

    Attributes:
        document: What was read.
        said: By counterpart, what is said, each with the kind of source that says it: counts
            first, then lists, rows, sentences, pointers.
        rejections: Candidates that broke a rule.
        serial: Its number, which no other has: known by it, it need not be kept.
    """

    document: Document
    said: dict[str, list[tuple[int, _Said]]] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)
    serial: int = field(default_factory=count().__next__)


def extract_relations(document: Document, subject: str) -> Extracted[Relation]:
    """The relations that a document states, one row for each counterpart; may be empty."""
    told = tell_relations(document, subject)
    found: Extracted[Relation] = Extracted(rejections=told.rejections)
    for counterpart in told.said:
        weighed = weigh(counterpart, [told])
        if weighed is not None:
            found.rows.append(weighed[0])
            found.evidence += [evidence for _, evidence in weighed[1]]
    return found


def tell_relations(document: Document, subject: str) -> RelationsTold:
    """What a document tells of the relations of its subject with each counterpart."""
    return _Extraction(document, subject).run()


class _Extraction:
    """Collects what is told of each counterpart."""

    def __init__(self, document: Document, subject: str) -> None:
        self.document = document
        self.subject = subject
        self.partners = Partners(document, subject)
        self.found = RelationsTold(document)
        self.source = 0
        self.over = (False, False)

    def run(self) -> RelationsTold:
        """All sources of relations, one after another."""
        sources = (
            self._from_counts,
            self._from_lists,
            self._from_rows,
            self._from_sentences,
            self._from_pointers,
        )
        for self.source, collect in enumerate(sources):
            collect()
        return self.found

    def _say(self, counterpart: str | None, one: _Said) -> None:
        self.found.said.setdefault(str(counterpart), []).append((self.source, one))

    def _turned(self, *, ends: bool, told: Part, date: DateWords | None, place: str) -> _TurnTold:
        when = Part(date.start, date.end) if date else told
        return _TurnTold(_Turn(ends, told, _Cited(date.edtf if date else "", when, place)))

    def _from_counts(self) -> None:
        """Names counted in or beside a number."""
        for statement in find_statements(self.document, self.subject):
            place = statement.block.place
            stated = Part(statement.start, statement.number.end)
            for named in (*statement.includes, *statement.alongside):
                self._name(named, place)
                self._say(named.entity, _State(_Cited("established", stated, place)))

    def _from_lists(self) -> None:
        """Names in announced lists."""
        for announced in find_announcements(self.document, self.subject):
            if announced.vanished:
                self._reject("list-vanished", "a list is announced, none follows", announced.part)
            for named in announced.names:
                if named.entity in {None, self.subject}:
                    self._unresolved(named)
                    continue
                self._name(named, "list")
                if announced.ends:
                    turn = self._turned(ends=True, told=announced.part, date=None, place="list")
                    self._say(named.entity, turn)
                else:
                    status = "none" if announced.denies else "established"
                    self._say(named.entity, _State(_Cited(status, announced.part, "list")))
                    if status == "established":
                        self._dated_item(named)

    def _dated_item(self, named: Named) -> None:
        """The date behind a name in a list: "Fiji (12 May 1992)", "Fiji – 12 May 1992"."""
        block = self.document.blocks[self.document.position(named)]
        end = min(block.end, named.end + _REACH_OF_DATE) if block.kind == "item" else named.end
        dates = find_dates(self.document.source.clean, named.end, end)
        lead = self.document.source.clean[named.end : dates[0].start] if dates else ""
        if len(dates) == 1 and _LEAD_OF_DATE.fullmatch(lead):
            self._say(named.entity, _Begin(dates[0], "list"))

    def _from_rows(self) -> None:
        """Table rows: the country, and the cell that tells when relations began."""
        head: Block | None = None
        for position, block in enumerate(self.document.blocks):
            if block.kind == "head":
                head = block
                self.over = self._over(position)
            if block.kind != "row":
                continue
            for named in row_counterparts(self.document, block):
                told = named if named.start < named.end else self.partners.of(block) or named
                self._from_row(told, block, head or block)

    def _over(self, position: int) -> tuple[bool, bool]:
        """Whether the line over a table says that these have no relations, or that they ended."""
        before = self.document.blocks[position - 1] if position else None
        if before is None or not self.document.whole_rows:
            return False, False
        if before.kind == "paragraph" and not before.table and self._names_others(before):
            return False, False
        is_line = before.kind in {"heading", "paragraph"} and not before.table
        return tells_of_none(self.document.words(before)) if is_line else (False, False)

    def _names_others(self, block: Block) -> bool:
        return any(named.entity != self.subject for named in self.document.names(block))

    def _from_row(self, named: Named, block: Block, head: Part) -> None:
        """What a row tells of one counterpart."""
        if named.entity in {None, self.subject}:
            self._unresolved(named)
            return
        self._name(named, "table")
        denies, ends = self.over
        if denies or ends:
            if ends:
                turn = self._turned(ends=True, told=head, date=None, place="table")
                self._say(named.entity, turn)
            self._say(named.entity, _State(_Cited("none", head, "table")))
            return
        cell = block.cell("began")
        facts = read_cell(self.document, cell) if cell else []
        ended = is_severed(named.qualifier)
        kinds = [fact.kind for fact in facts]
        is_kept = not ended and kinds[-1:] not in (["severed"], ["none"])
        within = is_kept and block.cell("number") is not None
        tells = [one for fact in facts for one in self._of_cell(fact, head, within=within)]
        if ended:
            told = block.cell("country") or block
            tells.append(self._turned(ends=True, told=told, date=None, place="table"))
        if block.cell("number"):
            kept = _Cited("established", head, "table")
            self._say(named.entity, _Listed(tuple(tells), is_kept, kept))
        else:
            for one in tells:
                self._say(named.entity, one)

    def _of_cell(self, fact: CellFact, head: Part, *, within: bool) -> Iterator[_Said]:
        if fact.kind == "unread":
            self._reject("date-unread", "the cell is no date that can be read", fact.part)
        elif fact.kind == "none":
            yield _State(_Cited("none", fact.part, "table"))
        elif fact.kind in {"severed", "resumed"}:
            ends = fact.kind == "severed"
            yield self._turned(ends=ends, told=fact.part, date=fact.date, place="table")
        else:
            yield _State(_Cited("established", head, "table"))
            if fact.date:
                yield _Begin(fact.date, "table", within)

    def _from_sentences(self) -> None:
        """Sentences that say that relations began, exist, ended, or do not exist."""
        for block in self.document.of_kind("paragraph", "note"):
            partner = self.partners.of(block)
            if partner and block.kind == "note" and self._is_lost_row(block, partner):
                self._name(partner, "table")
            for telling in find_tellings(self.document, block, self.subject, partner):
                self._take_telling(block, telling)

    def _is_lost_row(self, block: Block, partner: Named) -> bool:
        """Whether a note's counterpart is not that of the row on which it hangs."""
        if block.row is None:
            return True
        own = row_counterpart(self.document, self.document.blocks[block.row])
        return own.start < own.end and partner.entity != own.entity

    def _take_telling(self, block: Block, telling: Telling) -> None:
        counterpart, place = telling.counterpart, block.place
        if counterpart is None or counterpart.entity == self.subject:
            self._reject("counterpart-unclear", "it does not say who and with whom", telling.part)
            return
        inside = telling.sentence.start <= counterpart.start < telling.sentence.end
        self._name(counterpart, place, spare=not inside)
        low, high = telling.part.start - _REACH, telling.part.end + _REACH
        for named in self.document.names_between(telling.sentence, low, high):
            if named.entity == counterpart.entity:
                self._name(named, place)
        if telling.kind in {"severed", "resumed"}:
            ends = telling.kind == "severed"
            turn = self._turned(ends=ends, told=telling.part, date=telling.date, place=place)
            self._say(counterpart.entity, turn)
            return
        if telling.kind != "once":
            status = "none" if telling.kind == "none" else "established"
            self._say(counterpart.entity, _State(_Cited(status, telling.part, place)))
        if telling.date and telling.kind != "none":
            self._say(counterpart.entity, _Begin(telling.date, place))

    def _from_pointers(self) -> None:
        """Pointers ("See X–Y relations"): for the counterpart of the row, or that they name."""
        clean = self.document.source.clean
        for block in self.document.of_kind("paragraph", "note", "row"):
            part = block.cell("notes") if block.kind == "row" else block
            matches = list(_SEE.finditer(clean, part.start, part.end)) if part else []
            partner = self.partners.of(block) if matches else None
            for match in matches:
                for title in _titles(clean, match.start("titles"), match.end("titles")):
                    named = {n.entity for n in self.document.names(title)} - {self.subject}
                    own = partner.entity if partner else None
                    entity = own or (named.pop() if len(named) == 1 else None)
                    if entity is not None:
                        words = self.document.words(title)
                        self._say(entity, _See(_Cited(words, title, block.place)))

    def _name(self, named: Named, place: str, *, spare: bool = False) -> None:
        written = as_written(self.document, named, states())
        names = tuple(_Cited(words, named, place) for words in written)
        self._say(named.entity, _Name(names, spare))

    def _unresolved(self, named: Named) -> None:
        self._reject("name-unresolved", "no other entity has this name", named)

    def _reject(self, rule: str, reason: str, part: Part) -> None:
        self.found.rejections.append(self.document.reject(TABLE, rule, reason, part))


def weigh(
    counterpart: str, tellers: Sequence[RelationsTold]
) -> tuple[Relation, list[tuple[int, Evidence]]] | None:
    """The row of one counterpart by what these tell, in their order; None if none names it.

    With its evidence: which of them it stands in, and where there.
    """
    said = [
        (source, at, one)
        for at, told in enumerate(tellers)
        for source, one in told.said.get(counterpart, ())
    ]
    draft = _Draft()
    for _, at, one in sorted(said, key=lambda one: one[:2]):
        one.add_to(draft, at)
    if not draft.named:
        return None
    status, end = draft.status(), draft.end()
    tabled = draft.listed or [d for d in draft.began if d.place == "table"] or draft.began
    began = tabled[0].value if tabled else None
    ended = end.date.value or None if end else None
    draft.named.sort(key=lambda cited: (cited.teller, cited.part.start))
    names = list(dict.fromkeys(cited.value for cited in draft.named))
    row = Relation.model_validate(
        {
            "counterpart": counterpart,
            "status": status,
            "began": began,
            "ended": ended,
            "began_also": tuple(sorted({date.value for date in draft.began} - {began})),
            "name": names[0],
            "names_as_written": tuple(names),
            "see_also": tuple(dict.fromkeys(cited.value for cited in draft.see_also)),
        }
    )
    stated = [cited for cited in draft.stated if cited.value == status]
    turned = [_Cited(status, t.told, t.date.place, t.date.teller) for t in draft.turns]
    columns: list[tuple[str, list[_Cited]]] = [
        ("", draft.named),
        ("status", stated or turned),
        ("began", [cited for cited in draft.began if cited.value == began]),
        ("ended", [turn.date for turn in draft.turns if turn.ends and turn.date.value == ended]),
        ("began_also", [cited for cited in draft.began if cited.value != began]),
        ("see_also", draft.see_also),
    ]
    evidence = []
    for column, parts in columns:
        for cited in _once(parts):
            part, document = cited.part, tellers[cited.teller].document
            found = document.cite(TABLE, (counterpart,), column, part.start, part.end, cited.place)
            evidence.append((cited.teller, found))
    return row, evidence


def _once(parts: list[_Cited]) -> list[_Cited]:
    """The parts without repeats of one stretch."""
    seen: dict[tuple[int, Part, str], _Cited] = {}
    for cited in parts:
        seen.setdefault((cited.teller, cited.part, cited.place), cited)
    return list(seen.values())


def _titles(clean: str, start: int, end: int) -> list[Part]:
    """The titles of a pointer, which commas divide; what runs on behind the last is left out."""
    stop = _TITLE_END.search(clean, start, end)
    if stop:
        end = stop.start()
    titles = []
    for words in clean[start:end].split(", "):
        titles.append(Part(start, start + len(words)))
        start += len(words) + 2
    return titles
