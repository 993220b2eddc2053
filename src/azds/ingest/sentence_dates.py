"""Which date of a sentence belongs to what it tells: one directly behind, or one that opens.

It opens the sentence or the clause: "and in 1992 X recognized Y".
"""

import re

from azds.ingest.blocks import Document, Part
from azds.ingest.calendar_words import DateWords, find_dates

__all__ = ["date_at", "opening_date"]

_OPENS = re.compile(r"(?:(?:On|In|Since)\s+)?(?:the\s+)?(?:early\s+|late\s+|mid-?\s?)?")
_OPENS_CLAUSE = re.compile(
    r"(?:;|\b(?:and|but))\s+(?:on|in)\s+(?:the\s+)?(?:early\s+|late\s+|mid-?\s?)?$"
)
_NO_OTHER_VERB = re.compile(
    r"[\s,.]*(?:(?:[A-ZÀ-Þ][\w'’-]*|and|the|both|two|these|those|countries|nations|states|sides|"
    r"between|with|first|also|of|its|their|it|they|government|president|parliament|announced|"
    r"declared|that|became|was|were|one|among|very|member|country|state|nation|to|[a-z]+ly|"
    r"second|third|[a-z]+th|\d+(?:st|nd|rd|th))(?![\w'’-])[\s,.]*)*"
)
_LONGEST_DATE = 60
_REACH = 400
_NEAR = 40


def date_at(document: Document, sentence: Part, at: int) -> DateWords | None:
    """The date that starts right at a place of the sentence."""
    reach = min(sentence.end, at + _LONGEST_DATE)
    dates = find_dates(document.source.clean, at, reach)[:1]
    return dates[0] if dates and dates[0].start == at else None


def opening_date(document: Document, sentence: Part, at: int) -> DateWords | None:
    """The date that opens the sentence or a clause, if no verb but the one at `at` is between."""
    clean = document.source.clean
    if at - sentence.start > _REACH:
        return None
    dates = find_dates(clean, sentence.start, at)
    for date in (*dates[:1], *dates[1:][-1:]):
        is_near = _NO_OTHER_VERB.fullmatch(clean, date.end, at)
        if is_near and _opens(clean, sentence, date.start):
            return date
    return None


def _opens(clean: str, sentence: Part, at: int) -> bool:
    """Whether a date that starts here opens the sentence, or a clause of it."""
    before = clean[max(sentence.start, at - _NEAR) : at]
    return bool(_OPENS.fullmatch(clean, sentence.start, at) or _OPENS_CLAUSE.search(before))
