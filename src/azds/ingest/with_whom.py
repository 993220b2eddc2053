"""The states behind "with" and "between": one after another, in groups with a date each.

Also those that words such as "including" pick out of many, those excepted from many,
and those that the sentence behind names: "These include", "The exceptions are".
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from azds.entities import states
from azds.ingest.blocks import Document, Named, Part
from azds.ingest.calendar_words import DateWords
from azds.ingest.names import split_names
from azds.ingest.voices import names_from

__all__ = ["Group", "find_excepted", "find_groups", "find_listed", "is_with_many", "leads_to_names"]

_MANY = r"(?:countries|states|nations|neighbou?rs|members|republics|powers)"
_WITH = re.compile(r"\s*(?:with|between)\s+(?!\d)", re.IGNORECASE)
_MANY_AND_WITH = re.compile(
    rf"\s+with\s[^.;:,]{{0,80}}?\b{_MANY}\b[^.;:,]{{0,40}}?,?\s+(?:and|as\s+well\s+as)\s+with\s+",
    re.IGNORECASE,
)
_AND_WITH = re.compile(
    r"\s*,?\s*(?:(?:and|then)\s+with|as\s+well\s+as(?:\s+with)?)\s+", re.IGNORECASE
)
_SUCH_AS = re.compile(
    rf"(?:[\w'’-]{{1,30}}\s+){{0,8}}?{_MANY}\b"
    r"(?:\s+(?:of|in|around|across|from|the|world|region|(?-i:[A-ZÀ-Þ])[\w-]{0,30})){0,6}?"
    r"\s*[,(]?\s*(?:including|such\s+as|namely|notably|especially|particularly)\s*:?\s+",
    re.IGNORECASE,
)
_REGION = re.compile(r"(?:the\s+)?[A-ZÀ-Þ][\w-]{1,30}\s+(?:countries|states|nations),\s+")
_WITH_MANY = re.compile(rf"\s+with\s(?!no\b|few\b)[^.;:]{{0,80}}?\b{_MANY}\b", re.IGNORECASE)
_WITH_ALL = re.compile(
    r"\s+with\s(?!no\b|few\b)[^;:]{0,120}?\b(?:countr(?:ies|y)|states?|nations?|members?)\b",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    r"\b(?:except(?:ing)?(?:\s+for)?|with\s+the\s+(?:\w+\s+)?exceptions?\s+of)\s+", re.IGNORECASE
)
_THESE = re.compile(r"(?:These|They|Those|Among\s+(?:them|these))\s+(?:include|are)\s*:?\s+")
_EXCEPTIONS = re.compile(r"(?:The|Its)\s+(?:\w+\s+){0,2}exceptions?\s+(?:is|are)\s*:?\s+")
_NEAR = 240
_FEW = 0.2
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Group:
    """The states behind one "with", and the date behind them."""

    names: list[Named]
    date: DateWords | None


def find_groups(
    document: Document,
    sentence: Part,
    match: re.Match[str],
    date_behind: Callable[[int], DateWords | None],
) -> Iterator[Group]:
    """The names behind "with" or "between" in a sentence, each group with its date."""
    clean = document.source.clean
    for start in dict.fromkeys((match.end("ties"), match.end())):
        joined = _WITH.match(clean, start, sentence.end)
        names = _names_at(document, sentence, joined.end()) if joined else []
        if not names:
            joined = _MANY_AND_WITH.match(clean, start, sentence.end) or joined
        while joined:
            names = _names_at(document, sentence, joined.end())
            if not names:
                return
            reach = max(names[-1].end, match.end())
            date = date_behind(reach)
            yield Group(names, date)
            joined = _AND_WITH.match(clean, date.end if date else reach, sentence.end)


def leads_to_names(clean: str, match: re.Match[str], end: int) -> int | None:
    """Where what "with" or "between" leads to begins; None where there is neither."""
    found = (_WITH.match(clean, start, end) for start in (match.end("ties"), match.end()))
    return next((joined.end() for joined in found if joined), None)


def is_with_many(clean: str, match: re.Match[str], end: int) -> bool:
    """Whether relations are told to be "with N countries", "with most members"."""
    return _WITH_MANY.match(clean, match.end("ties"), end) is not None


def find_excepted(document: Document, sentence: Part, match: re.Match[str]) -> list[Named]:
    """Those with whom there are none: "with all states except X and Y"; may be empty."""
    clean, start = document.source.clean, match.end("ties")
    reach = min(sentence.end, start + _NEAR)
    excepted = _EXCEPT.search(clean, start, reach)
    if excepted is None or not _WITH_ALL.match(clean, start, excepted.start()):
        return []
    return names_from(document, sentence, excepted.end())


def find_listed(document: Document, sentence: Part) -> tuple[bool, int, list[Named]]:
    """The names of a sentence that goes on about many states; empty where it does not.

    Whether they are the exceptions, and where they begin; those without an entity are
    unknown names among them.
    """
    clean = document.source.clean
    excepts = _EXCEPTIONS.match(clean, sentence.start, sentence.end)
    opens = excepts or _THESE.match(clean, sentence.start, sentence.end)
    if opens is None:
        return False, sentence.start, []
    names = split_names(document, Part(opens.end(), sentence.end), states())
    unknown = sum(named.entity is None for named in names)
    is_list = unknown <= _FEW * len(names) and (excepts or len(names) >= _PAIR)
    return excepts is not None, opens.end(), names if is_list else []


def _names_at(document: Document, sentence: Part, at: int) -> list[Named]:
    """The names that stand there, or that "many countries, including" picks out there."""
    names = names_from(document, sentence, at)
    if names:
        return names
    clean, reach = document.source.clean, min(sentence.end, at + _NEAR)
    such = _SUCH_AS.match(clean, at, reach)
    if such:
        return names_from(document, sentence, such.end())
    region = _REGION.match(clean, at, reach)
    names = names_from(document, sentence, region.end()) if region else []
    return names if len(names) >= _PAIR else []
