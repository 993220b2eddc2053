"""What a text tells of the relations with each counterpart, and how that is weighed to a row.

Extraction says one thing after another: a name, a state of affairs, a date, a turn. Weighing
takes what all sections say of one counterpart, and gives its row and where that is stated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from azds.dates import Relation as Between
from azds.dates import parse_date, relate
from azds.ingest.blocks import Document, Part
from azds.ingest.calendar_words import DateWords
from azds.records import Evidence, Rejection, Relation

__all__ = [
    "TABLE", "Begin", "Cited", "Listed", "Name", "RelationsTold", "Said", "See", "State", "Turn",
    "TurnTold", "weigh",
]  # fmt: skip

TABLE = "relations"
_YEAR = 4


@dataclass(frozen=True, slots=True)
class Cited:
    """A value and the part of the text that states it; `teller` is whose part, of several."""

    value: str
    part: Part
    place: str
    teller: int = 0

    def by(self, teller: int) -> "Cited":
        """The same in another place among those that are weighed."""
        return replace(self, teller=teller) if teller != self.teller else self


@dataclass(frozen=True, slots=True)
class Turn:
    """That relations ended or came back: the words that tell it, and the date, empty if untold."""

    ends: bool
    told: Part
    date: Cited


@dataclass(slots=True)
class Draft:
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

    named: list[Cited] = field(default_factory=list)
    stated: list[Cited] = field(default_factory=list)
    began: list[Cited] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    see_also: list[Cited] = field(default_factory=list)
    listed: list[Cited] = field(default_factory=list)
    is_listed: bool = False

    def end(self) -> Turn | None:
        """The turn by which relations ended, if none brought them back.

        A list of those with whom relations are maintained says that they were.
        """
        if self.is_listed:
            return None
        if self.turns and not (self.turns[-1].ends or self.turns[-1].date.value):
            return None
        dated = sorted((t for t in self.turns if t.date.value), key=lambda turn: turn.date.value)
        turns = dated or self.turns
        return turns[-1] if turns and turns[-1].ends and not self._began_after(turns[-1]) else None

    def _began_after(self, end: Turn) -> bool:
        """Whether relations began anew later than they ended."""
        ended = parse_date(end.date.value).latest if end.date.value else None
        starts = [parse_date(one.value).earliest for one in self.began] if ended else []
        return ended is not None and any(start and start > ended for start in starts)

    def status(self) -> str:
        """What is stated; "none" said today outweighs a list."""
        values = {cited.value for cited in self.stated}
        if "none" in values or self.end():
            return "none"
        return "established" if values or self.turns else "not_given"


@dataclass(frozen=True, slots=True)
class Name:
    """That it is named; `spare` where the name counts only if there is no other so far."""

    names: tuple[Cited, ...]
    spare: bool = False

    def add_to(self, draft: Draft, teller: int) -> None:
        """Note the names."""
        if not (self.spare and draft.named):
            draft.named += [name.by(teller) for name in self.names]


@dataclass(frozen=True, slots=True)
class State:
    """That relations are `established`, or that there are `none`."""

    cited: Cited

    def add_to(self, draft: Draft, teller: int) -> None:
        """Note what is stated."""
        draft.stated.append(self.cited.by(teller))


@dataclass(frozen=True, slots=True)
class Begin:
    """A date of establishing; a stretch of years is a beginning and an end.

    In a list of those with whom relations are kept there is no end: there, it is `within` them.
    """

    date: DateWords
    place: str
    within: bool = False

    def add_to(self, draft: Draft, teller: int) -> None:
        """Note the date."""
        part = Part(self.date.start, self.date.end)
        first, _, last = self.date.edtf.partition("/")
        is_one = self.within or ".." in {first, last} or first[:_YEAR] == last[:_YEAR]
        if not last or is_one:
            draft.began.append(Cited(self.date.edtf, part, self.place, teller))
            return
        draft.began.append(Cited(first, part, self.place, teller))
        end = Cited(last, part, self.place, teller)
        draft.turns.append(Turn(ends=True, told=part, date=end))


@dataclass(frozen=True, slots=True)
class TurnTold:
    """That relations ended or came back."""

    turn: Turn

    def add_to(self, draft: Draft, teller: int) -> None:
        """Note the turn."""
        draft.turns.append(replace(self.turn, date=self.turn.date.by(teller)))


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a numbered list: what it tells, and whether it says that relations are maintained.

    The first such row that has a date is the one that counts.
    """

    tells: tuple["Said", ...]
    is_kept: bool
    head: Cited

    def add_to(self, draft: Draft, teller: int) -> None:
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
class See:
    """The title of an article on these relations."""

    cited: Cited

    def add_to(self, draft: Draft, teller: int) -> None:
        """Note the title."""
        draft.see_also.append(self.cited.by(teller))


Said = Name | State | Begin | TurnTold | Listed | See


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
    said: dict[str, list[tuple[int, Said]]] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)
    serial: int = field(default_factory=count().__next__)


def is_another(date: str, began: str) -> bool:
    """Whether a date tells another beginning, or tells it nearer: not the same, nor only coarser.

    >>> is_another("1978", "1978-02-01"), is_another("1978-02", "1978")
    (False, True)
    """
    told = relate(parse_date(date), parse_date(began))
    return told in {Between.CONTRADICTS, Between.COARSENS}


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
    draft = Draft()
    for _, at, one in sorted(said, key=lambda one: one[:2]):
        one.add_to(draft, at)
    if not draft.named:
        return None
    status, end = draft.status(), draft.end()
    tabled = draft.listed or [d for d in draft.began if d.place == "table"] or draft.began
    began = tabled[0].value if tabled else None
    also = [one for one in draft.began if began and is_another(one.value, began)]
    ended = end.date.value or None if end else None
    draft.named.sort(key=lambda cited: (cited.teller, cited.part.start))
    names = list(dict.fromkeys(cited.value for cited in draft.named))
    row = Relation.model_validate(
        {
            "counterpart": counterpart,
            "status": status,
            "began": began,
            "ended": ended,
            "began_also": tuple(sorted({date.value for date in also})),
            "name": names[0],
            "names_as_written": tuple(names),
            "see_also": tuple(dict.fromkeys(cited.value for cited in draft.see_also)),
        }
    )
    stated = [cited for cited in draft.stated if cited.value == status]
    turned = [Cited(status, t.told, t.date.place, t.date.teller) for t in draft.turns]
    columns: list[tuple[str, list[Cited]]] = [
        ("", draft.named),
        ("status", stated or turned),
        ("began", [cited for cited in draft.began if cited.value == began]),
        ("ended", [turn.date for turn in draft.turns if turn.ends and turn.date.value == ended]),
        ("began_also", also),
        ("see_also", draft.see_also),
    ]
    evidence = []
    for column, parts in columns:
        for cited in _once(parts):
            part, document = cited.part, tellers[cited.teller].document
            found = document.cite(TABLE, (counterpart,), column, part.start, part.end, cited.place)
            evidence.append((cited.teller, found))
    return row, evidence


def _once(parts: list[Cited]) -> list[Cited]:
    """The parts without repeats of one stretch."""
    seen: dict[tuple[int, Part, str], Cited] = {}
    for cited in parts:
        seen.setdefault((cited.teller, cited.part, cited.place), cited)
    return list(seen.values())
