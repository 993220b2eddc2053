"""Dates as texts write them, read by a strict grammar into EDTF.

A general date library guesses: it reads ``2 April 1992[14]`` as 2014 and fills
in what is missing from today's date. This grammar reads what is there or
nothing: ``07/09/1992`` may be two days, so it is none.

A bound is an interval open on one side: texts write "before 1982" of what they
find attested in that year, so it is ``../1982``. A decade is ``197X``; "1900s"
may be a decade or a century, so it is neither.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from azds.dates import parse_date
from azds.errors import InvalidInputError

__all__ = ["DateWords", "find_dates", "find_years"]

_MONTHS = (
    ("january", "jan", "januar", "janvier", "enero", "gennaio", "janeiro", "января", "ocak"),
    ("february", "feb", "februar", "février", "febrero", "febbraio", "fevereiro", "февраля"),
    ("march", "mar", "märz", "mars", "marzo", "março", "марта", "mart"),
    ("april", "apr", "avril", "abril", "aprile", "апреля", "nisan"),
    ("may", "mai", "mayo", "maggio", "maio", "мая", "may\u0131s"),
    ("june", "jun", "juni", "juin", "junio", "giugno", "junho", "июня", "haziran"),
    ("july", "jul", "juli", "juillet", "julio", "luglio", "julho", "июля", "temmuz"),
    ("august", "aug", "août", "agosto", "августа", "ağustos"),
    ("september", "sep", "sept", "septembre", "septiembre", "settembre", "setembro", "сентября"),
    ("october", "oct", "oktober", "octobre", "octubre", "ottobre", "outubro", "октября", "ekim"),
    ("november", "nov", "novembre", "noviembre", "novembro", "ноября", "kas\u0131m"),
    ("december", "dec", "dezember", "décembre", "diciembre", "dicembre", "dezembro", "декабря"),
)
_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_MONTH = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_CENTURY = r"(?:(?<![\d.,/$€£])(?<!\d-)|(?<=\bc\.)|(?<=\bca\.))(?:1[5-9]|20)"
_YEAR = rf"{_CENTURY}\d\d(?![\d/]|[.,]\d)"
_DASHES = "\u2010-\u2015\uff0d-"
_DASH = rf"\s?[{_DASHES}]\s?"
_OF = r"(?:\s+(?:of|de|di))?\s+"
_BY = rf"(?:{_OF}|-)"
_START = r"(?:\b|(?-i:(?<=[a-z)])(?=[A-Z][a-z])))"
"""Where a month may begin: at a word, or glued to one as in "MaltaJune 1992"."""

_GRAMMAR = re.compile(
    rf"""
      (?P<iso>(?<![\d/-])(?P<i_year>\d{{4}})(?P<i_by>[/.-])(?P<i_month>\d\d?)(?P=i_by)
        (?P<i_day>\d\d?)(?![\d/-]|\.\d))
    | (?P<named>(?<!\d)(?P<nm_year>{_YEAR})-(?P<nm_month>{_MONTH})-(?P<nm_day>\d\d?)(?![\d-]))
    | (?P<numeric>(?<![\d./])(?P<n_day>\d\d?)(?P<n_by>[./])(?P<n_month>\d\d?)(?P=n_by)
        (?P<n_year>\d{{4}})(?!\d))
    | (?P<days>(?<!\d)(?P<ds_from>\d\d?)(?:{_DASH}|\s?/\s?|\s+or\s+)(?P<ds_to>\d\d?){_OF}
        (?P<ds_month>{_MONTH})\b
        \.?,?\s+(?P<ds_year>{_YEAR}))
    | (?P<day>(?<!\d)(?P<d_day>\d\d?)(?:\.|st|nd|rd|th)?{_BY}(?P<d_month>{_MONTH})\b
        \.?,?{_BY}(?P<d_year>{_YEAR}))
    | (?P<american>{_START}(?P<a_month>{_MONTH})\b\.?\s+(?P<a_day>\d\d?)(?:st|nd|rd|th)?,?\s+
        (?P<a_year>{_YEAR}))
    | (?P<months>{_START}(?P<ms_from>{_MONTH})\b\.?{_DASH}(?P<ms_to>{_MONTH})\b\.?,?\s+
        (?P<ms_year>{_YEAR}))
    | (?P<month>{_START}(?P<m_month>{_MONTH})\b\.?,?{_BY}(?P<m_year>{_YEAR}))
    | (?P<eastern>(?P<e_year>{_YEAR})[年년]\s?(?:(?P<e_month>\d\d?)[月월]\s?
        (?:(?P<e_day>\d\d?)[日일])?)?)
    | (?P<years>(?P<ys_from>{_YEAR})(?P<ys_dash>{_DASH})(?P<ys_to>\d{{4}}|\d\d)(?!\d)年?)
    | (?P<slashed>(?P<sl_from>{_CENTURY}\d\d)/(?P<sl_to>\d{{4}}|\d\d)(?![\d/]))
    | (?P<between>(?:between|from)\s+(?P<b_from>{_YEAR})\s+(?:and|to)\s+(?P<b_to>{_YEAR}))
    | (?P<until>(?P<u_from>{_YEAR})\s+(?:to|until|till)\s+(?P<u_to>{_YEAR}))
    | (?P<decade>{_YEAR})['\u2019]?s(?:\b|(?-i:(?=[A-Z])))
    | (?P<year>{_YEAR})
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BEFORE = (
    (
        re.compile(
            r"(?:\b(?:before|by|prior\s+to|no[t]?\s+later\s+than|(?:since\s+)?at\s+least)\s+|\bpre-)$",
            re.IGNORECASE,
        ),
        "../{}",
    ),
    (re.compile(r"\b(?:after|post|no\s+earlier\s+than)[\s-]+$", re.IGNORECASE), "{}/.."),
    (
        re.compile(
            r"(?:\b(?:circa|about|around|approximately|approx\.?)\s+|\bca?\.\s?|~\s?)$",
            re.IGNORECASE,
        ),
        "{}~",
    ),
)
_BEHIND = (
    (re.compile(r"\s+or\s+(?:before|earlier)\b", re.IGNORECASE), "../{}"),
    (re.compile(r"\s+or\s+(?:after|later)\b", re.IGNORECASE), "{}/.."),
    (re.compile(r"\s?\(\?\)"), "{}?"),
)
_BETWEEN_DATES = re.compile(rf"\s?[{_DASHES}]\s?|\s(?:to|until|till)\s")
_MAY_BE_YEAR = re.compile(r"\d{4}")
_CONTEXT = 2
"""How many characters before a stretch decide what is found in it."""
_LONGEST_KEPT = 1_000
_REACH = 20
_YEAR_LENGTH = 4
_LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class DateWords:
    """A date in running text: where it stands, and its EDTF form."""

    start: int
    end: int
    edtf: str


def find_dates(text: str, start: int = 0, end: int | None = None) -> list[DateWords]:
    """Every date in `text[start:end]`, in order; offsets are of `text`.

    >>> [(d.edtf) for d in find_dates("on April 7, 1992, in late 1995, 1918–20, 12.03.2010")]
    ['1992-04-07', '1995', '1918/1920', '2010-03-12']
    >>> [(d.edtf) for d in find_dates("before 1982; 1970s; 3 May 1990 – 2 June 2001; 07/09/1992")]
    ['../1982', '197X', '1990-05-03/2001-06-02']
    """
    stop = len(text) if end is None else end
    if _MAY_BE_YEAR.search(text, start, stop) is None:
        return []
    low = max(0, start - _CONTEXT)
    if stop - low > _LONGEST_KEPT:
        return _search(text, start, stop)
    found = _found(text[low:stop], start - low)
    return [DateWords(low + date.start, low + date.end, date.edtf) for date in found]


@functools.lru_cache(maxsize=1 << 14)
def _found(text: str, start: int) -> list[DateWords]:
    """The dates of a short text; kept, since the revisions of an article repeat them."""
    return _search(text, start, len(text))


def _search(text: str, start: int, stop: int) -> list[DateWords]:
    found: list[DateWords] = []
    for match in _GRAMMAR.finditer(text, start, stop):
        edtf = _READERS[match.lastgroup or "year"](match)
        if edtf is None or not _is_date(edtf):
            continue
        free = found[-1].end if found else start
        date = _bounded(text, free, stop, DateWords(match.start(), match.end(), edtf))
        joined = _joined(text, found[-1], date) if found else None
        if joined:
            found[-1] = joined
        else:
            found.append(date)
    return found


def find_years(text: str) -> list[int]:
    """Every year named in a text."""
    return [int(match[0]) for match in re.finditer(_YEAR, text)]


def _is_date(edtf: str) -> bool:
    try:
        parse_date(edtf)
    except InvalidInputError:
        return False
    return True


def _bounded(text: str, start: int, stop: int, date: DateWords) -> DateWords:
    """The date with the words before or behind it that make it a bound or a guess."""
    if "/" in date.edtf or "X" in date.edtf:
        return date
    for pattern, form in _BEFORE:
        before = pattern.search(text, max(start, date.start - _REACH), date.start)
        if before:
            return DateWords(before.start(), date.end, form.format(date.edtf))
    for pattern, form in _BEHIND:
        behind = pattern.match(text, date.end, stop)
        if behind:
            return DateWords(date.start, behind.end(), form.format(date.edtf))
    return date


def _joined(text: str, first: DateWords, last: DateWords) -> DateWords | None:
    """Two dates, alike in precision, that a dash or "until" makes one stretch of time."""
    alike = len(first.edtf) == len(last.edtf) > _YEAR_LENGTH and "/" not in first.edtf + last.edtf
    edtf = f"{first.edtf}/{last.edtf}"
    if alike and _BETWEEN_DATES.fullmatch(text, first.end, last.start) and _is_date(edtf):
        return DateWords(first.start, last.end, edtf)
    return None


def _month(match: re.Match[str], group: str) -> str:
    return f"{_NUMBERS[match[group].casefold()]:02d}"


def _day(match: re.Match[str], form: str) -> str:
    return (
        f"{match[form + '_year']}-{_month(match, form + '_month')}-{int(match[form + '_day']):02d}"
    )


def _days(match: re.Match[str]) -> str:
    month = f"{match['ds_year']}-{_month(match, 'ds_month')}"
    return f"{month}-{int(match['ds_from']):02d}/{month}-{int(match['ds_to']):02d}"


def _months(match: re.Match[str]) -> str:
    year = match["ms_year"]
    return f"{year}-{_month(match, 'ms_from')}/{year}-{_month(match, 'ms_to')}"


def _numeric(match: re.Match[str]) -> str | None:
    """Day, month, year; with slashes only where no other order is possible."""
    day, month = int(match["n_day"]), int(match["n_month"])
    if match["n_by"] == "/":
        if day != month and day <= _LAST_MONTH and month <= _LAST_MONTH:
            return None
        if month > _LAST_MONTH:
            day, month = month, day
    return f"{match['n_year']}-{month:02d}-{day:02d}"


def _eastern(match: re.Match[str]) -> str:
    parts = [match["e_year"], *(f"{int(n):02d}" for n in match.group("e_month", "e_day") if n)]
    return "-".join(parts)


def _years(match: re.Match[str]) -> str:
    """A range of years; ``1992-06`` is a month, and ``2004-05`` the year that it is by both."""
    first, last = match["ys_from"], match["ys_to"]
    if len(last) == _YEAR_LENGTH:
        return f"{first}/{last}"
    is_range = last > first[-2:]
    if match["ys_dash"] == "-" and 1 <= int(last) <= _LAST_MONTH:
        return first if is_range else f"{first}-{last}"
    return f"{first}/{first[:-2]}{last}"


def _slashed(match: re.Match[str]) -> str | None:
    """Two years that follow each other, as in 1992/93."""
    first, last = match["sl_from"], match["sl_to"]
    following = str(int(first) + 1)
    return f"{first}/{following}" if following.endswith(last) else None


def _decade(match: re.Match[str]) -> str | None:
    year = match["decade"]
    return f"{year[:3]}X" if year[3] == "0" and year[2] != "0" else None


_READERS: dict[str, Callable[[re.Match[str]], str | None]] = {
    "iso": lambda match: f"{match['i_year']}-{int(match['i_month']):02d}-{int(match['i_day']):02d}",
    "named": lambda match: _day(match, "nm"),
    "numeric": _numeric,
    "days": _days,
    "day": lambda match: _day(match, "d"),
    "american": lambda match: _day(match, "a"),
    "months": _months,
    "month": lambda match: f"{match['m_year']}-{_month(match, 'm_month')}",
    "eastern": _eastern,
    "years": _years,
    "slashed": _slashed,
    "between": lambda match: f"{match['b_from']}/{match['b_to']}",
    "until": lambda match: f"{match['u_from']}/{match['u_to']}",
    "decade": _decade,
    "year": lambda match: match["year"],
}
"""How each form of the grammar is read; the result may still be no day of the calendar."""
