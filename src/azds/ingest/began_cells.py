"""The cell of a table row that tells when relations began.

Mostly one date; else several ("1919 and 5 May 1992"), what came of them
("broke off 29 November 2003. Restored 27 September 2019"), or words instead:
"Unknown" is a relation without a date, "No diplomatic relations" is none.
"""

import re
from dataclasses import dataclass
from typing import Literal

from azds.ingest.blocks import Document, Part
from azds.ingest.calendar_words import DateWords, find_dates

__all__ = ["CellFact", "cell_end", "is_kept", "is_note", "is_severed", "read_cell"]

Kind = Literal["began", "severed", "resumed", "none", "undated", "unread"]

_NONE = re.compile(
    r"\b(?:none\b|no\s+(?:(?:formal|diplomatic|official)\s+)*(?:relations|ties)\b|not\s+established\b)",
    re.IGNORECASE,
)
_NONE_SINCE = re.compile(rf"(?:{_NONE.pattern})\s*\(?since\b", re.IGNORECASE)
_UNDATED = re.compile(
    r"\b(?:unknown|(?:date\s+)?(?:not|un)\s?known|no\s+date|undated|established|"
    r"(?:maintain|have|has)s?\s+(?:(?:full|formal|official|diplomatic)\s+)*(?:relations|ties))\b",
    re.IGNORECASE,
)
_SEVERED = re.compile(
    r"\b(?:sever(?:ed|s)|br(?:oke|oken|eaks)(?:\s+off)?|cuts?|suspend(?:ed|s)|terminated|ended|frozen|"
    r"interrupted)\b|^\W*(?:until|till)\b",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    r"[(\[]\s*(?:(?:relations|currently|now)\s+)*(?:severed|broken\s+off|suspended|terminated|frozen)\s*[)\]]",
    re.IGNORECASE,
)
_RESUMED = re.compile(
    r"\b(?:re-?\s?established|restored|resumed|renewed|normali[sz]ed|again)\b", re.IGNORECASE
)
_MEANINGLESS = re.compile(r"[\s\u2010-\u2015?.,;:/()\[\]*-]*(?:N/?A)?[\s.]*", re.IGNORECASE)
_NUMERIC = re.compile(r"\b\d\d?[/-]\d\d?[/-]\d{2,4}\b")
_MARKS = r"[\s,;:.&/()\u2010-\u2015-]*"
_LINK = re.compile(
    rf"{_MARKS}(?:(?:and|but|or|then|until|till|to|in|on|since|again|first|formally|officially|"
    r"diplomatic|consular|relations|ties|were|was|from|(?:re-?\s?)?established|restored|resumed|"
    r"renewed|normali[sz]ed|severed|severs|broke|broken|breaks|off|cut|cuts|suspended|suspends|"
    rf"terminated|ended|frozen|interrupted|date|unknown)\b{_MARKS})*",
    re.IGNORECASE,
)
"""What may stand between two dates of one cell."""
_NOTE = re.compile(r"\s*(?:See\s|Main\s+articles?\b)", re.IGNORECASE)
_OTHER_DATE = re.compile(
    r"\b(?:after|following|when|during|despite|upgraded|elevated)\b", re.IGNORECASE
)
"""Behind it a cell dates something else: "1982 after a visit in 1981"."""
_OF_ELSE = re.compile(
    r"\b(?:recogni[sz]\w*|(?:consular|trade)(?:\s+(?:relations|ties))?|negotiat\w*|"
    r"embassy\s+(?:opened|established))(?:[\s:]|\b(?:in|on|since|from)\b)*$",
    re.IGNORECASE,
)
"""Right before a date: it is of something else, the next one may be of relations."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_MOST_STRANGE = 4
"""How many words that are no link may stand before a date of the cell; a sentence has more."""
_TAIL = re.compile(
    r"\s*(?:\(\s*(?:suspended|severed|terminated|broken\s+off|frozen)[^()]{0,40}\)|"
    r"[,;]\s*(?:suspended|severed|terminated|broken\s+off|frozen)\b|"
    r"\((?:re-?established|restored|resumed)[^()]{0,40}\)|"
    r"\(?\?\)?(?=\s|$)|\))",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"\s*(?:(?:established,?\s+)?(?:date\s+)?unknown|unknown\s+date|no\s+date(?:\s+given)?|undated|none|"
    r"no\s+(?:(?:formal|official|diplomatic)\s+)*relations|not\s+established|N/A|\?|"
    r"\d\d?[/-]\d\d?[/-]\d{4}|[(\[](?:suspended|severed|terminated|broken\s+off|frozen)[^()\[\]]{0,40}[)\]]|"
    r"[\u2012-\u2015-])(?=[\s.,;(]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CellFact:
    """One thing that a cell tells, the words that tell it, and when."""

    kind: Kind
    part: Part
    date: DateWords | None = None


def read_cell(document: Document, cell: Part) -> list[CellFact]:
    """What the cell tells, in order; empty where it is empty, or a note and no date."""
    text = document.text(cell)
    if is_note(text):
        return []
    clean = document.source.clean
    dates = find_dates(clean, cell.start, cell.end)
    if _NONE_SINCE.search(text) or (_NONE.search(text) and not dates):
        return [CellFact("none", cell)]
    facts: list[CellFact] = []
    at, end = cell.start, cell.end
    for date in dates:
        words = clean[at : date.start]
        if not _is_linked(words):
            end = at
            break
        if _OF_ELSE.search(words):
            at = date.end
            continue
        bracketed = _BRACKETED.search(words)
        if bracketed:
            told = Part(at + bracketed.start(), at + bracketed.end())
            facts.append(CellFact("severed", told))
            words = words[bracketed.end() :]
        facts += _dated(_kind(words), date)
        at = date.end
    tail = clean[at:end]
    if _SEVERED.search(tail) or (facts and _RESUMED.search(tail)):
        facts.append(CellFact(_kind(tail), Part(at, end)))
    if facts or _MEANINGLESS.fullmatch(text):
        return facts
    if _UNDATED.search(text):
        return [CellFact("undated", cell)]
    numeric = [CellFact("undated", cell)] if _NUMERIC.search(text) else []
    return [*numeric, CellFact("unread", cell)]


def is_note(words: str) -> bool:
    """Whether words in the place of a date are a note: a pointer to an article."""
    return _NOTE.match(words) is not None


def is_kept(facts: list[CellFact]) -> bool:
    """Whether relations are kept by what a cell tells: their end is not the last of it."""
    if facts and facts[-1].kind == "none":
        return False
    undated = [fact.kind for fact in facts if fact.kind in {"severed", "resumed"} and not fact.date]
    if undated:
        return undated[-1] == "resumed"
    dated = sorted((fact.date.edtf, at) for at, fact in enumerate(facts) if fact.date)
    return not dated or facts[dated[-1][1]].kind != "severed"


def _is_linked(words: str) -> bool:
    """Whether the date behind these words is one that the cell gives for relations."""
    if _OTHER_DATE.search(words):
        return False
    strange = [word for word in _WORD.findall(words) if _LINK.fullmatch(word) is None]
    return len(strange) <= _MOST_STRANGE


def _dated(kind: Kind, date: DateWords) -> list[CellFact]:
    """What a date is of; what was broken off from one year to another was taken up again."""
    part = Part(date.start, date.end)
    first, _, last = date.edtf.partition("/")
    if kind != "severed" or not last or ".." in {first, last}:
        return [CellFact(kind, part, date)]
    ended, resumed = (DateWords(date.start, date.end, edtf) for edtf in (first, last))
    return [CellFact("severed", part, ended), CellFact("resumed", part, resumed)]


def is_severed(words: str) -> bool:
    """Whether words beside a name tell that relations ended or are suspended."""
    return _kind(words) == "severed"


def cell_end(text: str, start: int, end: int) -> int:
    """Where the cell ends that starts here with dates or words for them; `start` if none does.

    >>> line = "1974 (suspended) See Fiji's relations with Nauru since 1970"
    >>> line[: cell_end(line, 0, len(line))]
    '1974 (suspended)'
    """
    at = start
    for date in find_dates(text, start, end):
        if _LINK.fullmatch(text, at, date.start) is None:
            break
        at = date.end
    if at > start:
        tail = _TAIL.match(text, at, end)
        return tail.end() if tail else at
    words = _WORDS.match(text, start, end)
    return words.end() if words else start


def _kind(words: str) -> Kind:
    """What a date is of, by the last word before it that tells."""
    severed = max((match.end() for match in _SEVERED.finditer(words)), default=0)
    resumed = max((match.end() for match in _RESUMED.finditer(words)), default=0)
    if severed == resumed == 0:
        return "began"
    return "severed" if severed > resumed else "resumed"
