"""The subject's relations with each counterpart: from lists, tables, counts and sentences."""

import re
from collections.abc import Iterator

from azds.entities import states
from azds.ingest.announcements import find_announcements, tells_of_none
from azds.ingest.began_cells import CellFact, cell_end, is_kept, is_severed, read_cell
from azds.ingest.blocks import Block, Document, Named, Part
from azds.ingest.calendar_words import DateWords
from azds.ingest.extracted import Extracted
from azds.ingest.extractors.counts import find_statements
from azds.ingest.names import as_written
from azds.ingest.partners import Partners, row_counterpart, row_counterparts
from azds.ingest.relation_facts import (
    TABLE,
    Begin,
    Cited,
    Listed,
    Name,
    RelationsTold,
    Said,
    See,
    State,
    Turn,
    TurnTold,
    weigh,
)
from azds.ingest.table_topics import relation_rows
from azds.ingest.tellings import Telling, find_tellings
from azds.records import Relation

__all__ = ["extract_relations", "tell_relations"]

_SEE = re.compile(
    r"(?:^|(?<=[\s(\"“\d]))(?<!Holy )See\s+(?:also\s+)?(?P<titles>[A-ZÀ-Þ][^().\n]*[^().\s\"”])"
)
_REACH = 400
_REACH_OF_DATE = 60
_TITLE_END = re.compile(r"(?<=\brelations)\s+(?=[A-Z0-9\"(|])|\s*\|")


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

    def _say(self, counterpart: str | None, one: Said) -> None:
        self.found.said.setdefault(str(counterpart), []).append((self.source, one))

    def _turned(self, *, ends: bool, told: Part, date: DateWords | None, place: str) -> TurnTold:
        when = Part(date.start, date.end) if date else told
        return TurnTold(Turn(ends, told, Cited(date.edtf if date else "", when, place)))

    def _from_counts(self) -> None:
        """Names counted in or beside a number."""
        for statement in find_statements(self.document, self.subject):
            place = statement.block.place
            stated = Part(statement.start, statement.number.end)
            for named in (*statement.includes, *statement.alongside):
                self._name(named, place)
                self._say(named.entity, State(Cited("established", stated, place)))

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
                elif announced.denies:
                    self._say(named.entity, State(Cited("none", announced.part, "list")))
                else:
                    self._from_item(named, announced.part)

    def _from_item(self, named: Named, announced: Part) -> None:
        """A name in a list, and what stands behind it: "Fiji (12 May 1992)", "Niue (suspended)"."""
        block = self.document.blocks[self.document.position(named)]
        end = min(block.end, named.end + _REACH_OF_DATE) if block.kind == "item" else named.end
        stop = cell_end(self.document.source.clean, named.end, end)
        facts = read_cell(self.document, Part(named.end, stop))
        kept = is_kept(facts) and not is_severed(named.qualifier)
        if kept:
            self._say(named.entity, State(Cited("established", announced, "list")))
        elif not facts:
            turn = self._turned(ends=True, told=named, date=None, place="list")
            self._say(named.entity, turn)
        for fact in facts:
            for one in self._of_cell(fact, announced, "list", within=kept):
                self._say(named.entity, one)

    def _from_rows(self) -> None:
        """Table rows: the country, and the cell that tells when relations began."""
        over: int | None = None
        for head, block in relation_rows(self.document):
            if head is not None and head != over:
                over, self.over = head, self._over(head)
            before = block if head is None else self.document.blocks[head]
            for named in row_counterparts(self.document, block):
                told = named if named.start < named.end else self.partners.of(block) or named
                self._from_row(told, block, before)

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
        cell, is_numbered = block.cell("began"), block.cell("number") is not None
        if cell is None and is_numbered and block.cell("recognized"):
            return  # recognized, and no more
        self._name(named, "table")
        denies, ends = self.over
        if denies or ends:
            if ends:
                turn = self._turned(ends=True, told=head, date=None, place="table")
                self._say(named.entity, turn)
            self._say(named.entity, State(Cited("none", head, "table")))
            return
        facts = read_cell(self.document, cell) if cell else []
        ended = is_severed(named.qualifier)
        kept = not ended and is_kept(facts)
        within = kept and is_numbered
        tells = [one for fact in facts for one in self._of_cell(fact, head, "table", within=within)]
        if ended:
            told = block.cell("country") or block
            tells.append(self._turned(ends=True, told=told, date=None, place="table"))
        if is_numbered:
            stated = Cited("established", head, "table")
            self._say(named.entity, Listed(tuple(tells), kept, stated))
        else:
            for one in tells:
                self._say(named.entity, one)

    def _of_cell(self, fact: CellFact, stated: Part, place: str, *, within: bool) -> Iterator[Said]:
        if fact.kind == "unread":
            self._reject("date-unread", "the cell is no date that can be read", fact.part)
        elif fact.kind == "none":
            yield State(Cited("none", fact.part, place))
        elif fact.kind in {"severed", "resumed"}:
            ends = fact.kind == "severed"
            yield self._turned(ends=ends, told=fact.part, date=fact.date, place=place)
        else:
            yield State(Cited("established", stated, place))
            if fact.date:
                yield Begin(fact.date, place, within)

    def _from_sentences(self) -> None:
        """Sentences that say that relations began, exist, ended, or do not exist."""
        for block in self.document.of_kind("paragraph", "note", "item"):
            if block.kind == "item" and self.document.topic(block, self.subject) is None:
                continue
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
            self._say(counterpart.entity, State(Cited(status, telling.part, place)))
        if telling.date and telling.kind != "none":
            self._say(counterpart.entity, Begin(telling.date, place))

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
                        self._say(entity, See(Cited(words, title, block.place)))

    def _name(self, named: Named, place: str, *, spare: bool = False) -> None:
        written = as_written(self.document, named, states())
        names = tuple(Cited(words, named, place) for words in written)
        self._say(named.entity, Name(names, spare))

    def _unresolved(self, named: Named) -> None:
        self._reject("name-unresolved", "no other entity has this name", named)

    def _reject(self, rule: str, reason: str, part: Part) -> None:
        self.found.rejections.append(self.document.reject(TABLE, rule, reason, part))


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
