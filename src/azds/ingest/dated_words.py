"""Dates in running text with what they leave to the context: "On 3 May", "the next day".

The year that a date does not name is the last one that its paragraph, else
the text before it, has named with a day or month. What a relative date counts
from is the last day named. Goes through the sentences in order.
"""

import datetime as dt
import re
from bisect import bisect_left
from dataclasses import dataclass

from azds.dates import Precision, parse_date
from azds.errors import InvalidInputError
from azds.ingest.calendar_words import find_dates

__all__ = ["DateReader", "Dated"]

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december",
)  # fmt: skip
_MONTH = "|".join(name.capitalize() for name in _MONTHS)
_DASH = r"\s?[\u2010-\u2015-]\s?"
_LIST = r"(?:,\s*|\s+and\s+|\s+or\s+|,\s*and\s+)"
_DAYS = re.compile(
    rf"(?:[Bb]etween|[Ff]rom)\s+(?P<d1>\d\d?)\s+(?:and|to)\s+(?P<d2>\d\d?)\s+(?P<m>{_MONTH})"
    r"\s+(?P<y>[12]\d{3})\b"
    rf"|\b(?P<am>{_MONTH})\s+(?P<a1>\d\d?){_DASH}(?P<a2>\d\d?),\s+(?P<ay>[12]\d{{3}})\b"
)
_PARTIAL = re.compile(
    rf"(?<![\d.,])(?P<day>\d\d?)(?:st|nd|rd|th)?\s+(?P<month>{_MONTH})\b(?!\s+[12]\d{{3}}\b)"
    rf"|\b(?P<a_month>{_MONTH})\s+(?P<a_day>\d\d?)(?:st|nd|rd|th)?\b(?!,?\s+[12]\d{{3}}\b)(?!\d)"
    rf"|\b(?:mid|early|late)[-\s](?P<part>{_MONTH})\b(?!\s+[12]\d{{3}}\b)"
)
_COUNT = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
}  # fmt: skip
_RELATIVE = re.compile(
    r"\b(?:(?P<same>(?:on\s+)?the\s+same\s+day|(?:later|earlier)\s+that\s+day|that\s+same\s+day)"
    r"|(?P<next>(?:on\s+)?the\s+(?:next|following)\s+(?:day|morning))"
    r"|(?P<last>(?:on\s+)?the\s+(?:previous|preceding)\s+(?:day|evening|night))"
    r"|(?P<eve>the\s+preceding\s+morning)"
    r"|(?:(?P<number>two|three|four|five|six|seven|eight|nine|ten)\s+days\s+"
    r"(?P<way>later|earlier)))\b",
    re.IGNORECASE,
)
_BY = re.compile(r"by\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a sentence: where its words stand, its EDTF form, and whether the text says it all.

    `stated` is False where year or day came from the context.
    """

    start: int
    end: int
    edtf: str
    stated: bool = True

    @property
    def precision(self) -> Precision:
        """How precise it is."""
        return parse_date(self.edtf).precision

    @property
    def year(self) -> int:
        """The first year that it can mean; that of its end where its beginning is open."""
        date = parse_date(self.edtf)
        day = date.earliest or date.latest
        return day.year if day else 0


class DateReader:
    """Reads the dates of sentences in their order, and remembers what later ones count from."""

    def __init__(self) -> None:
        self._year: int | None = None
        self._day: dt.date | None = None

    @property
    def known(self) -> tuple[int | None, dt.date | None]:
        """The year and the day that later sentences count from."""
        return self._year, self._day

    @known.setter
    def known(self, known: tuple[int | None, dt.date | None]) -> None:
        self._year, self._day = known

    def read(self, text: str, start: int, end: int) -> list[Dated]:
        """The dates of `text[start:end]`, in order, disjoint."""
        found = [
            Dated(m.start(), m.end(), edtf)
            for m in _DAYS.finditer(text, start, end)
            if (edtf := _days(m)) is not None
        ]
        taken = [(one.start, one.end) for one in found]
        for words in find_dates(text, start, end):
            if not _overlaps(taken, words.start, words.end):
                edtf = words.edtf
                if edtf.startswith("../") and _BY.match(text, words.start, words.end):
                    edtf = edtf[3:]
                found.append(Dated(words.start, words.end, edtf))
        found.sort(key=lambda one: one.start)
        context = found
        taken = [(one.start, one.end) for one in found]
        open_ones = [
            m for m in (*_PARTIAL.finditer(text, start, end), *_RELATIVE.finditer(text, start, end))
            if not _overlaps(taken, m.start(), m.end())
        ]  # fmt: skip
        resolved: list[Dated] = []
        full = iter([*context, None])
        following = next(full)
        for match in sorted(open_ones, key=lambda m: m.start()):
            while following is not None and following.start < match.start():
                self._remember(following)
                following = next(full)
            date = self._resolve(text, match, following)
            if date is not None:
                resolved.append(date)
                self._remember(date)
        while following is not None:
            self._remember(following)
            following = next(full)
        return sorted([*context, *resolved], key=lambda one: one.start)

    def _remember(self, date: Dated) -> None:
        if date.precision is Precision.DAY:
            first, _, last = date.edtf.partition("/")
            self._day = parse_date(last if first == ".." else first).earliest
        if date.precision in {Precision.DAY, Precision.MONTH}:
            self._year = date.year

    def _resolve(self, text: str, match: re.Match[str], following: Dated | None) -> Dated | None:
        if match.re is _RELATIVE:
            return self._relative(match)
        year = self._year
        if following is not None and following.precision is Precision.DAY:
            gap = text[match.end() : following.start]
            if re.fullmatch(_LIST, gap):
                year = following.year
        if year is None:
            return None
        name = match["month"] or match["a_month"] or match["part"]
        month = _MONTHS.index(name.casefold()) + 1
        edtf = f"{year:04d}-{month:02d}"
        if not match["part"]:
            edtf += f"-{int(match['day'] or match['a_day']):02d}"
        return Dated(match.start(), match.end(), edtf, stated=False) if _is_date(edtf) else None

    def _relative(self, match: re.Match[str]) -> Dated | None:
        if self._day is None:
            return None
        days = 0
        if match["next"]:
            days = 1
        elif match["last"]:
            days = -1
        elif match["number"]:
            days = _COUNT[match["number"].casefold()] * (
                1 if match["way"].casefold() == "later" else -1
            )
        day = self._day + dt.timedelta(days=days)
        return Dated(match.start(), match.end(), day.isoformat(), stated=False)


def _days(match: re.Match[str]) -> str | None:
    form = "a" if match["am"] else "d"
    name = match["am"] or match["m"]
    month = f"{match['ay'] or match['y']}-{_MONTHS.index(name.casefold()) + 1:02d}"
    edtf = f"{month}-{int(match[form + '1']):02d}/{month}-{int(match[form + '2']):02d}"
    return edtf if _is_date(edtf) else None


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a stretch meets one of those taken, which are sorted and disjoint."""
    at = bisect_left(taken, (end, 0))
    return at > 0 and taken[at - 1][1] > start


def _is_date(edtf: str) -> bool:
    try:
        parse_date(edtf)
    except InvalidInputError:
        return False
    return True
