"""One printed reference, taken apart: title, publisher, dates, language.

Templates print ``"Title". Publisher. Date. Retrieved date.``; entries written
by hand have the title up to an evident publisher or date (DESIGN section 5).
"""

import functools
import re
from dataclasses import dataclass, field
from importlib import resources
from itertools import pairwise

from azds.entities import cities
from azds.ingest.blocks import Part
from azds.ingest.calendar_words import find_dates

__all__ = ["Reference", "parse_reference"]

_BACK = re.compile(r"(?:[\^\u2191]\s*)?(?P<marks>(?:(?:\d{1,2}(?:\.\d+)?|[a-z])\s+){2,}(?=\S))?")
_DATE = (
    r"(?P<date>[^.()\"]{0,12}(?:\b[A-Z][a-z]{2,3}\.)?[^.()\"]{0,16}?\d{4}(?:-\d\d-\d\d)?|"
    r"\d{1,2}\.\s[^.()\"]{3,12}\s\d{4})"
)
_CLAUSES = (
    (
        "retrieved",
        re.compile(
            r"\b(?:(?:Link\s+|Last\s+)?[Aa]ccessed|Retrieved|Consultado|Consulté|Consultato|Abgerufen)"
            rf"\s+(?:(?:on|el|le|il|am)\s+)?{_DATE}\.?"
        ),
    ),
    (
        "archived",
        re.compile(rf"\bArchived\s+from\s+the\s+original\s+(?:\(\w+\)\s+)?on\s+{_DATE}\.?"),
    ),
    ("archived", re.compile(rf"\bArchived\s+{_DATE}\s+at\s+the\s+Wayback\s+Machine\.?")),
)
_NOISE = re.compile(
    r"\bExternal\s+link\s+in\s+\|\w+=(?:\s*\(help\))?|\bISBN\s+[\d-]+X?|"
    r"\bp{1,2}\.\s*\d+(?:[\u2013-]\d+)?\.?|\(PDF\)|\bRetrieved\s*\.|\bdoi:\S+"
)
_QUOTED = re.compile(
    r"\"(?P<words>(?:[^\"]|\"(?!\s*(?:[.,;:)(]|$|[A-ZÀ-Þ\u0400-\u042f\d])))*)\""
    r"|“(?P<curly>[^”]*)”|«(?P<angled>[^»]*)»"
)
_LANGUAGES = (
    "Arabic|Armenian|Azeri|Azerbaijani|Belarusian|Bulgarian|Chinese|Croatian|Czech|Danish|Dutch|"
    "English|Estonian|Finnish|French|Georgian|German|Greek|Hebrew|Hungarian|Italian|Japanese|"
    "Korean|Latvian|Lithuanian|Norwegian|Persian|Polish|Portuguese|Romanian|Russian|Serbian|"
    "Slovak|Slovene|Spanish|Swedish|Thai|Turkish|Ukrainian|Vietnamese"
)
_LANGUAGE = re.compile(rf"\((?:in\s+(?P<named>[A-Z][\w\s,]*)|(?P<bare>{_LANGUAGES}))\)")
_STOP = re.compile(r"(?<!\b\d)(?<!\b\d\d)\.(?=\s|$)")
_SITE = re.compile(r"(?<!\S)[A-Z\u0410-\u042f][\w-]*\.[A-Za-z]{2,3}(?=[\s,.]|$)")
_LETTER = re.compile(r"[^\W\d_]")
_OUTLET_WORDS = re.compile(r"(?:The\s+)?[A-ZÀ-Þ\u0400-\u042f][^\d,;:()]{1,40}")
_BEFORE_YEAR = re.compile(r"[,.(;:]\s*$")
_EDGES = " \t\xa0.,;:"
_BEHIND_DATE = _EDGES + "()\u0433"
_YEAR = 4
_LONGEST = 2_000


@dataclass(slots=True)
class Reference:
    """What one entry says; each part is where, in offsets of the text given."""

    title: Part
    quoted: bool = False
    uses: int = 1
    publisher: Part | None = None
    language: Part | None = None
    dates: dict[str, tuple[str, Part]] = field(default_factory=dict)


def parse_reference(entry: str) -> Reference:
    """The parts of one entry.

    >>> entry = '"Talks resume". The Herald. 3 May 2012. Retrieved 4 June 2013.'
    >>> found = parse_reference(entry)
    >>> entry[found.publisher.start:found.publisher.end], found.dates["published"][0]
    ('The Herald', '2012-05-03')
    """
    return _Parser(entry[:_LONGEST]).parse()


class _Parser:
    """Reads an entry; `rest` is what is not yet understood, the rest blanked out."""

    def __init__(self, entry: str) -> None:
        back = _BACK.match(entry)
        marks = (back["marks"] or "").split() if back else []
        self.entry = entry
        self.start = back.end() if back else 0
        self.rest = entry
        self.found = Reference(Part(self.start, len(entry)), uses=max(len(marks), 1))

    def parse(self) -> Reference:
        """All parts, one after another."""
        self._take_clauses()
        quoted = _QUOTED.search(self.rest, self.start)
        if quoted is None:
            self._read_unquoted()
            return self.found
        group = quoted.lastgroup or "words"
        inner = self._trimmed(quoted.start(group), quoted.end(group), " \xa0")
        before = self.rest[self.start : quoted.start()].strip()
        if before and not before.endswith((".", ")", ":")):
            self.found.title = self._trimmed(self.start, quoted.start())
            self.found.publisher = inner if inner.start < inner.end else None
            self._take_published(quoted.end(), len(self.rest))
        else:
            self.found.title, self.found.quoted = inner, True
            self._read_behind(quoted.end())
        return self.found

    def _take_clauses(self) -> None:
        """Note dates of retrieval and languages; blank them and noise out."""
        for name, pattern in _CLAUSES:
            for match in pattern.finditer(self.rest, self.start):
                dates = find_dates(self.rest, match.start("date"), match.end("date"))
                if dates:
                    last = dates[-1]
                    part = Part(last.start, last.end)
                    self.found.dates.setdefault(name, (last.edtf, part))
                    self._blank(match)
        quoted = _QUOTED.search(self.rest, self.start)
        for match in _LANGUAGE.finditer(self.rest, self.start):
            if quoted is None or not quoted.start() <= match.start() < quoted.end():
                group = "named" if match["named"] else "bare"
                self.found.language = Part(match.start(group), match.end(group))
                self._blank(match)
        for match in _NOISE.finditer(self.rest, self.start):
            self._blank(match)

    def _read_behind(self, start: int) -> None:
        """Behind a quoted title: a date and a publisher, each between stops."""
        cuts = [start, *(m.end() for m in _STOP.finditer(self.rest, start)), len(self.rest)]
        for left, right in pairwise(cuts):
            if _LETTER.search(self.rest, left, right) or find_dates(self.rest, left, right):
                date = self._take_published(left, right)
                words = self._trimmed(left, date.start if date else right)
                named = self.rest[words.start : words.end]
                is_outlet = date is None or _OUTLET_WORDS.fullmatch(named) is not None
                if self.found.publisher is None and is_outlet and named:
                    self.found.publisher = words

    def _read_unquoted(self) -> None:
        """Without quotation marks: the title is what stands before a publisher or a date."""
        published = self._take_published(self.start, len(self.rest))
        stop = published.start if published else len(self.rest)
        outlet = self._outlet(stop)
        if outlet:
            self.found.publisher = outlet
            self.found.title = self._trimmed(self.start, outlet.start)
            return
        if published and not self.rest[self.start : stop].rstrip().endswith("."):
            stop = self._publisher_behind_comma(stop)
        elif published or {"retrieved", "archived"} & self.found.dates.keys():
            cut = self._last_stop(stop)
            if cut is not None:
                self.found.publisher = self._trimmed(cut, stop)
                stop = cut
        self.found.title = self._trimmed(self.start, stop)

    def _publisher_behind_comma(self, stop: int) -> int:
        """Take the words behind the last comma as the publisher, a city left out."""
        end = stop
        while True:
            comma = self.rest.rfind(",", self.start, self._trimmed(self.start, end).end)
            words = self._trimmed(comma + 1, end) if comma >= 0 else Part(0, 0)
            named = self.rest[words.start : words.end]
            if not named[:1].isupper():
                return stop
            if cities().resolve(named) is None:
                self.found.publisher = words
                return comma
            end = comma

    def _last_stop(self, stop: int) -> int | None:
        """Where the last sentence before `stop` begins, if there is more than one."""
        inside = [
            match.end()
            for match in _STOP.finditer(self.rest, self.start, stop)
            if _LETTER.search(self.rest, match.end(), stop)
        ]
        return inside[-1] if inside else None

    def _take_published(self, start: int, end: int) -> Part | None:
        """The last date of a stretch as the date of publication, if it closes it or nearly.

        A year alone needs a mark before it; else it belongs to the title.
        """
        dates = find_dates(self.rest, start, end)
        if not dates or "published" in self.found.dates:
            return None
        last = dates[-1]
        is_year = len(last.edtf.partition("/")[0]) == _YEAR
        if is_year and not _BEFORE_YEAR.search(self.rest[start : last.start] or "."):
            return None
        if len(self.rest[last.end : end].strip(_BEHIND_DATE).split()) > 1:
            return None
        part = Part(last.start, last.end)
        self.found.dates["published"] = (last.edtf, part)
        return part

    def _outlet(self, stop: int) -> Part | None:
        """A news outlet known by name, or a site, that closes the stretch."""
        end = self._trimmed(self.start, stop).end
        body = self.rest[self.start : end]
        for name in outlets():
            if body.endswith(name) and len(body) > len(name) and not body[-len(name) - 1].isalnum():
                return Part(end - len(name), end)
        sites = [
            match for match in _SITE.finditer(self.rest, self.start, end) if match.end() == end
        ]
        return Part(sites[-1].start(), end) if sites else None

    def _trimmed(self, start: int, end: int, edges: str = _EDGES) -> Part:
        words = self.rest[start:end]
        lead = len(words) - len(words.lstrip(edges))
        length = len(words.strip(edges))
        return Part(start + lead, start + lead + length) if length else Part(start, start)

    def _blank(self, match: re.Match[str]) -> None:
        start, end = match.span()
        self.rest = self.rest[:start] + " " * (end - start) + self.rest[end:]


@functools.cache
def outlets() -> tuple[str, ...]:
    """News outlets by name, longest first: ``data/outlets.txt``."""
    text = resources.files("azds").joinpath("data", "outlets.txt").read_text(encoding="utf-8")
    names = [line for line in text.splitlines() if line and not line.startswith("# ")]
    return tuple(sorted(names, key=len, reverse=True))
