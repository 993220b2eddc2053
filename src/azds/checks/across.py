"""Pairs of states whose articles list each other: whether both give one date.

Each side is the relations of one revision of one article. Where both date the
relation to the day, the days are compared; a coarser date agrees with every day
that it may mean. Which side is right is not judged.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from azds.dates import EdtfDate, Precision, Relation, parse_date, relate

__all__ = ["SIZES", "SLIPS", "Across", "Listed", "OneSided", "Pair", "Side", "compare_sides"]

Kind = Literal["equal", "compatible", "differ", "undated"]

SIZES: tuple[tuple[int, str], ...] = (
    (7, "up to 7 days"),
    (31, "up to 31 days"),
    (366, "up to a year"),
    (1 << 60, "more than a year"),
)
"""Sizes of a disagreement: the most days of each, and how it is called."""

SLIPS = ("day", "month", "year", "exchanged")
"""What alone is another in two days, or that day and month changed places."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What one side says of a counterpart: the status, and when relations began."""

    status: str
    began: str | None = None
    began_also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """The relations of one article.

    Attributes:
        dataset: The dataset that holds it.
        revision: Which revision of it.
        subject: The id of the entity whose relations these are.
        relations: What it says of each counterpart.
        is_complete: Whether a counterpart that it does not list is none, by its own word.
    """

    dataset: str
    revision: str
    subject: str
    relations: Mapping[str, Listed]
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two states that list each other.

    Attributes:
        first: The id of the one, which sorts first.
        second: The id of the other.
        first_began: When relations began by the article on the first; None where it tells no date.
        second_began: The same by the article on the second.
        kind: ``equal``, ``compatible`` (one is coarser, and may mean the other), ``differ``, or
            ``undated``, where a side tells no date.
        days: By how many days they differ at least; 0 where they may be one.
        both_to_the_day: Whether both sides name a day.
        other_date: A date that both sides name, if it is not the one that either puts first.
    """

    first: str
    second: str
    first_began: str | None
    second_began: str | None
    kind: Kind
    days: int
    both_to_the_day: bool
    other_date: str | None = None

    @property
    def size(self) -> str:
        """The size of the disagreement in words; empty where there is none."""
        if self.kind != "differ":
            return ""
        return next(words for most, words in SIZES if self.days <= most)

    @property
    def slip(self) -> str:
        """The one slip of a pen that explains two days, one of `SLIPS`; empty where none does.

        >>> Pair("FJI", "NRU", "1970-05-04", "1970-04-05", "differ", 29, True).slip
        'exchanged'
        """
        if self.kind != "differ" or not self.both_to_the_day:
            return ""
        one, other = (str(began).split("-") for began in (self.first_began, self.second_began))
        if one == [other[0], other[2], other[1]]:
            return "exchanged"
        apart = [
            name for name, a, b in zip(("year", "month", "day"), one, other, strict=True) if a != b
        ]
        return apart[0] if len(apart) == 1 else ""

    def to_document(self) -> dict[str, object]:
        """As plain values."""
        return {
            "first": self.first,
            "second": self.second,
            "first_began": self.first_began,
            "second_began": self.second_began,
            "kind": self.kind,
            "days": self.days,
            "size": self.size,
            "slip": self.slip,
            "both_to_the_day": self.both_to_the_day,
            "other_date": self.other_date,
        }


@dataclass(frozen=True, slots=True)
class OneSided:
    """A relation that one article states and the other, which is complete, does not list."""

    subject: str
    counterpart: str

    def to_document(self) -> dict[str, object]:
        """As plain values."""
        return {"subject": self.subject, "counterpart": self.counterpart}


@dataclass(frozen=True, slots=True)
class Across:
    """How far articles agree with each other.

    Attributes:
        sides: The articles, in order of their subjects.
        pairs: Those that list each other; the largest disagreement first.
        one_sided: Relations that only one side lists.
    """

    sides: tuple[Side, ...]
    pairs: tuple[Pair, ...]
    one_sided: tuple[OneSided, ...]

    @property
    def disagreements(self) -> tuple[Pair, ...]:
        """The pairs whose dates cannot both be right, the largest first."""
        return tuple(pair for pair in self.pairs if pair.kind == "differ")

    def summary(self) -> dict[str, object]:
        """How many pairs there are, of which kind and size; `agreement` is of pairs of days."""
        kinds = Counter(pair.kind for pair in self.pairs)
        days = [pair for pair in self.pairs if pair.both_to_the_day]
        equal = sum(pair.kind == "equal" for pair in days)
        sizes = Counter(pair.size for pair in self.disagreements)
        slips = Counter(pair.slip for pair in self.disagreements)
        return {
            "articles": len(self.sides),
            "pairs": len(self.pairs),
            "equal": kinds["equal"],
            "compatible": kinds["compatible"],
            "differ": kinds["differ"],
            "undated": kinds["undated"],
            "both_to_the_day": len(days),
            "equal_to_the_day": equal,
            "agreement": round(equal / len(days), 4) if days else None,
            "sizes": {words: sizes[words] for _, words in SIZES},
            "slips": {slip: slips[slip] for slip in SLIPS},
            "one_sided": len(self.one_sided),
        }

    def to_document(self) -> dict[str, object]:
        """As plain values, as `azds check --across --format json` gives them."""
        return {
            "articles": [
                {
                    "dataset": side.dataset,
                    "revision": side.revision,
                    "subject": side.subject,
                    "relations": len(side.relations),
                    "complete": side.is_complete,
                }
                for side in self.sides
            ],
            "summary": self.summary(),
            "pairs": [pair.to_document() for pair in self.pairs],
            "one_sided": [one.to_document() for one in self.one_sided],
        }


def compare_sides(sides: Sequence[Side]) -> Across:
    """Every pair of these articles that list each other, and what only one of them lists.

    >>> fiji = Side("fiji", "r1", "FJI", {"NRU": Listed("established", "1970-10-10")})
    >>> nauru = Side("nauru", "r1", "NRU", {"FJI": Listed("established", "1970-10-12")})
    >>> [(pair.kind, pair.days, pair.size) for pair in compare_sides([nauru, fiji]).pairs]
    [('differ', 2, 'up to 7 days')]
    """
    ordered = tuple(sorted(sides, key=lambda side: side.subject))
    pairs: list[Pair] = []
    lone: list[OneSided] = []
    for first, second in combinations(ordered, 2):
        here = first.relations.get(second.subject)
        there = second.relations.get(first.subject)
        if here and there:
            pairs.append(_pair(first.subject, second.subject, here, there))
        elif here and here.status == "established" and second.is_complete:
            lone.append(OneSided(first.subject, second.subject))
        elif there and there.status == "established" and first.is_complete:
            lone.append(OneSided(second.subject, first.subject))
    pairs.sort(key=lambda pair: (-pair.days, pair.first, pair.second))
    return Across(ordered, tuple(pairs), tuple(lone))


def _pair(first: str, second: str, here: Listed, there: Listed) -> Pair:
    """What both sides say of one relation."""
    if here.began is None or there.began is None:
        return Pair(first, second, here.began, there.began, "undated", 0, both_to_the_day=False)
    one, other = parse_date(here.began), parse_date(there.began)
    relation = relate(one, other)
    days = _days_between(one, other) if relation is Relation.CONTRADICTS else 0
    kind: Kind = "differ" if days else "equal" if relation is Relation.SAME else "compatible"
    named = {here.began, *here.began_also} & {there.began, *there.began_also}
    return Pair(
        first,
        second,
        here.began,
        there.began,
        kind,
        days,
        both_to_the_day=one.precision is other.precision is Precision.DAY,
        other_date=min(named) if named and kind == "differ" else None,
    )


def _days_between(one: EdtfDate, other: EdtfDate) -> int:
    """The least number of days between two dates; 0 where they overlap."""
    return max(_gap(one.latest, other.earliest), _gap(other.latest, one.earliest), 0)


def _gap(end: dt.date | None, start: dt.date | None) -> int:
    return (start - end).days if end and start else 0
