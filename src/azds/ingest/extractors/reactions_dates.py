"""The date of words of stance: the one that their clause gives."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from azds.dates import Precision
from azds.ingest.dated_words import Dated
from azds.ingest.mentions import Mention, Sentence
from azds.ingest.stances import Anchor

__all__ = ["NEAR", "date_of", "is_adverbial", "joined_run"]

NEAR = 90
"""How far behind words of stance their date or another actor may stand, in characters."""

_ON = re.compile(
    r"(?:\b(?:[Oo]n|[Ii]n|[Oo]f)(?:\s+the\s+(?:night|evening|morning)\s+of)?"
    r"(?:\s+(?:early|late|mid))?\s+)$"
)
_NOUN = re.compile(
    r"\s+(?:[A-Za-z]+\s+){0,2}?(?:cease-?fire|war|attacks?|hostilities|agreement|offensive|truce)\b"
)
_QUOTE = 2_000
_MOST_DATES = 40


def date_of(
    text: str, sentence: Sentence, dates: list[Dated], anchor: Anchor, actor: Mention
) -> Dated | None:
    """The date that the clause of these words gives: behind the actor, else the one that opens."""
    low = bisect_left(dates, sentence.start, key=lambda d: d.start)
    usable = [d for d in dates[low : low + _MOST_DATES] if is_adverbial(text, sentence, d)]
    start = actor.start if sentence.start <= actor.start <= anchor.start else anchor.start
    for date in usable:
        gap = set(sentence.between(anchor.end, date.start))
        if start <= date.start <= anchor.end + NEAR and not gap & set("hw"):
            return date
    earlier = [d for d in usable if d.end <= anchor.start]
    return earlier[-1] if earlier else None


def is_adverbial(text: str, sentence: Sentence, date: Dated) -> bool:
    """Whether a date tells when something was done, not which truce or war is meant."""
    if date.precision not in {Precision.DAY, Precision.MONTH} or _NOUN.match(
        text, date.end, sentence.end
    ):
        return False
    head = text[max(sentence.start, date.start - 30) : date.start]
    relative = (
        text[date.start : date.end]
        .casefold()
        .startswith(("the ", "on the ", "later ", "two ", "three "))
    )
    quoted = (
        sentence.between(max(sentence.start, date.start - _QUOTE), date.start).count("q") % 2 == 1
    )
    return (relative or _ON.search(head) is not None or head.endswith("and ")) and not quoted


def joined_run(text: str, dates: list[Dated]) -> Iterator[Dated]:
    """The first date, and those that "and" joins to it."""
    for at, date in enumerate(dates):
        if at and not re.fullmatch(
            r"\s*(?:,|and|\s)+\s*(?:on\s+)?", text[dates[at - 1].end : date.start]
        ):
            return
        yield date
