"""The city in which a mission stands, as a sentence names it: with its state and since when."""

import re
from dataclasses import dataclass

from azds.entities import Entity, cities, states
from azds.ingest.blocks import Document, Named, Part
from azds.ingest.calendar_words import DateWords
from azds.ingest.sentence_dates import date_at

__all__ = ["City", "city_at"]

_CITY = re.compile(
    r"(?:The\s+)?[A-ZÀ-Þ][\w'’-]*(?:\.\s?[A-Z]\.)?"
    r"(?:\s+(?:(?:de|da|do|di|la|al|es|of|el)\s+)?[A-ZÀ-Þ][\w'’-]*){0,3}"
)
_THE = re.compile(r"(?:the\s+(?:cit(?:y|ies)\s+of\s+|capital,?\s+)?)?")
_STATE = re.compile(r"\s*(?P<by>[(,])\s*(?:the\s+)?")
_SINCE = re.compile(r"\s*,?\s*\(?since\s+", re.IGNORECASE)
_OPENED = re.compile(r"\s*,?\s*(?:in|on)\s+", re.IGNORECASE)
_REGION = re.compile(
    r"(?:(?:Northern|Southern|Eastern|Western|Central|North|South|East|West|Latin|Middle|Sub-Saharan)\s+)*"
    r"(?:Africa|Asia|Europe|America|Oceania|Pacific|Caribbean|East|Balkans|Caucasus|Scandinavia|England|Scotland|Wales)$"
)
_ACTS = re.compile(
    r"\s+(?:has|have|had|is|are|was|were|opened|maintains?|and\s+[A-Z][\w\s]{0,40}\s(?:have|are))\b"
)
_BEHIND_CITY = re.compile(
    r"\s*(?:[.,;:()]|$|(?:and|as|since|in|on|from|until|which|where|to|is)\b)"
)
_LONGEST_CITY = 80


@dataclass(frozen=True, slots=True)
class City(Part):
    """A city where a mission stands.

    Attributes:
        host: The state in which it lies, if that is known.
        state: That state, named with it.
        since: Since when the mission is there.
        reach: Where all that is said of the city ends.
    """

    host: str | None
    state: Named | None
    since: DateWords | None
    reach: int


def city_at(
    document: Document, sentence: Part, at: int, *, opens: bool = False, known: bool = False
) -> City | None:
    """The city named at a place, with the state and the date behind it; only a `known` one."""
    clean = document.source.clean
    end = sentence.end
    the = _THE.match(clean, at, end)
    at = the.end() if the else at
    written = _CITY.match(clean, at, min(end, at + _LONGEST_CITY))
    found = cities().first(clean, at, end)
    stop = found[0] if found else at
    if written and (cities().resolve(written[0]) or not (found or known)):
        stop = max(stop, written.end())
    city = cities().get(cities().resolve(clean[at:stop]) or "")
    if (
        stop == at
        or not (city or _may_be_city(document, sentence, at, stop))
        or _is_state(document, sentence, at, stop, city)
    ):
        return None
    state, reach = _state_behind(document, sentence, stop)
    since = _since(document, sentence, reach, opens=opens)
    host = state.entity if state else city.kind if city else None
    return City(at, stop, host, state, since, since.end if since else reach)


def _may_be_city(document: Document, sentence: Part, start: int, stop: int) -> bool:
    """Whether an unknown name could be that of a city: no region, and no verb behind it."""
    clean = document.source.clean
    is_region = _REGION.match(clean[start:stop]) is not None
    return not is_region and _BEHIND_CITY.match(clean, stop, sentence.end) is not None


def _is_state(
    document: Document, sentence: Part, start: int, stop: int, city: Entity | None
) -> bool:
    """Whether a state is named here, and not the city of its name."""
    state = states().first(document.source.clean, start, sentence.end)
    return state is not None and (state[0] > stop or (state[0] == stop and city is None))


def _state_behind(document: Document, sentence: Part, at: int) -> tuple[Named | None, int]:
    """The state in brackets or behind a comma after a city, and where it ends."""
    clean = document.source.clean
    match = _STATE.match(clean, at, sentence.end)
    found = states().first(clean, match.end(), sentence.end) if match else None
    if match is None or found is None:
        return None, at
    stop, entity = found
    closes = clean.startswith(")", stop)
    if match["by"] == "(" and not closes:
        return None, at
    if match["by"] == "," and _ACTS.match(clean, stop, sentence.end):
        return None, at
    return Named(match.end(), stop, entity), stop + (match["by"] == "(")


def _since(document: Document, sentence: Part, at: int, *, opens: bool) -> DateWords | None:
    clean = document.source.clean
    since = _SINCE.match(clean, at, sentence.end)
    if since is None and opens:
        since = _OPENED.match(clean, at, sentence.end)
    return date_at(document, sentence, since.end()) if since else None
