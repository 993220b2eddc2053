"""Dates as precise as their source: EDTF level 1.

Spec: Extended Date/Time Format, Library of Congress, 2019 (ISO 8601-2), level
1, without negative years, years of more than four digits and times of day.
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from azds.errors import InvalidInputError

__all__ = ["EdtfDate", "Precision", "Relation", "parse_date", "relate"]

_SIMPLE = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d{2}XX)"
    r"(?:-(?P<month>0[1-9]|1[0-2]|2[1-4]|XX)(?:-(?P<day>0[1-9]|[12]\d|3[01]|XX))?)?"
    r"(?P<qualifier>[?~%]?)",
    re.ASCII,  # else digits of any script are digits
)
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 12)}
_LAST_MONTH = 12


class Precision(StrEnum):
    """How precise a date is; an interval is as precise as its coarser end."""

    CENTURY = "century"
    DECADE = "decade"
    YEAR = "year"
    SEASON = "season"
    MONTH = "month"
    DAY = "day"


class Relation(StrEnum):
    """How a new date relates to an old one."""

    SAME = "same"
    REFINES = "refines"
    COARSENS = "coarsens"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """A date or interval, made by `parse_date`.

    Attributes:
        text: The EDTF form, as written.
        earliest: The first day it can mean; None where the start is open or unknown.
        latest: The last day it can mean; None where the end is open or unknown.
        precision: See `Precision`.
        qualifier: ``""``, ``"?"`` uncertain, ``"~"`` approximate, ``"%"`` both.

    >>> date = parse_date("1992-06")
    >>> str(date), date.latest.isoformat(), date.precision.value
    ('1992-06', '1992-06-30', 'month')
    """

    text: str
    earliest: dt.date | None
    latest: dt.date | None
    precision: Precision
    qualifier: str = ""

    def __str__(self) -> str:
        """The EDTF form."""
        return self.text


def parse_date(text: str) -> EdtfDate:
    """A date from its EDTF form.

    >>> parse_date("1918/1921").latest
    datetime.date(1921, 12, 31)

    Raises:
        InvalidInputError: `bad-date`: not EDTF level 1, or no such day.
    """
    if "/" not in text:
        return _parse_simple(text)
    start, _, end = text.partition("/")
    sides = [_parse_simple(side) for side in (start, end) if side not in {"", ".."}]
    if not sides or "/" in end:
        raise _bad_date(text)
    earliest = sides[0].earliest if start not in {"", ".."} else None
    latest = sides[-1].latest if end not in {"", ".."} else None
    if earliest is not None and latest is not None and earliest > latest:
        raise _bad_date(text)
    order = list(Precision)
    precision = min((side.precision for side in sides), key=order.index)
    qualifiers = {side.qualifier for side in sides} - {""}
    qualifier = "%" if len(qualifiers) > 1 else "".join(qualifiers)
    return EdtfDate(text, earliest, latest, precision, qualifier)


def relate(old: EdtfDate, new: EdtfDate) -> Relation:
    """How `new` relates to `old`.

    A date refines another if all its days lie within the other's and it says
    more: fewer days, or the same days with a doubt less. Dates that overlap
    without one holding the other contradict each other, as disjoint ones do.

    >>> relate(parse_date("1992"), parse_date("1992-04-02")).value
    'refines'
    >>> relate(parse_date("1991"), parse_date("1992-04-07")).value
    'contradicts'
    """
    if (old.earliest, old.latest) == (new.earliest, new.latest):
        doubts = (bool(old.qualifier), bool(new.qualifier))
        if doubts == (True, False):
            return Relation.REFINES
        if doubts == (False, True):
            return Relation.COARSENS
        return Relation.SAME
    if _holds(old, new):
        return Relation.REFINES
    if _holds(new, old):
        return Relation.COARSENS
    return Relation.CONTRADICTS


def _holds(outer: EdtfDate, inner: EdtfDate) -> bool:
    starts = outer.earliest is None or (
        inner.earliest is not None and outer.earliest <= inner.earliest
    )
    ends = outer.latest is None or (inner.latest is not None and inner.latest <= outer.latest)
    return starts and ends


def _parse_simple(text: str) -> EdtfDate:
    match = _SIMPLE.fullmatch(text)
    if match is None:
        raise _bad_date(text)
    year, month, day = match["year"], match["month"], match["day"]
    low, high = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if (
        low == 0  # no such year in `datetime`
        or ("X" in year and month is not None)  # level 2
        or (month == "XX" and day not in {None, "XX"})  # level 2
    ):
        raise _bad_date(text)
    qualifier = match["qualifier"]
    if month is None or month == "XX":
        precision = {0: Precision.YEAR, 1: Precision.DECADE, 2: Precision.CENTURY}[year.count("X")]
        return EdtfDate(text, dt.date(low, 1, 1), dt.date(high, 12, 31), precision, qualifier)
    number = int(month)
    if number > _LAST_MONTH:
        if day:
            raise _bad_date(text)
        return _season(text, low, number, qualifier)
    last = calendar.monthrange(low, number)[1]
    if day is None or day == "XX":
        first, final = dt.date(low, number, 1), dt.date(low, number, last)
        return EdtfDate(text, first, final, Precision.MONTH, qualifier)
    if int(day) > last:
        raise _bad_date(text)
    only = dt.date(low, number, int(day))
    return EdtfDate(text, only, only, Precision.DAY, qualifier)


def _season(text: str, year: int, number: int, qualifier: str) -> EdtfDate:
    """A season, read as on the northern half; winter is December to February."""
    first, last = _SEASONS[number]
    if last == _LAST_MONTH:
        if year == dt.MAXYEAR:
            raise _bad_date(text)
        end = dt.date(year + 1, 3, 1) - dt.timedelta(days=1)
    else:
        end = dt.date(year, last, calendar.monthrange(year, last)[1])
    return EdtfDate(text, dt.date(year, first, 1), end, Precision.SEASON, qualifier)


def _bad_date(text: str) -> InvalidInputError:
    return InvalidInputError(
        "bad-date",
        "not a date in EDTF level 1",
        expected="such as 1992, 1992-06, 1992-06-05, 199X, 1918/1921",
        got=repr(text[:40]),
    )
