"""Stated numbers of diplomatic relations.

A count needs the words "diplomatic relations with", a number and a unit, said
of the subject and of all its relations today. Numbers of anything else are
rejections.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from azds.entities import states
from azds.ingest.blocks import Block, Document, Named, Part
from azds.ingest.extracted import Extracted
from azds.ingest.names import split_names
from azds.ingest.number_words import NUMBER, read_number
from azds.ingest.voices import doers
from azds.records import Count

__all__ = ["Statement", "extract_counts", "find_statements"]

TABLE = "counts"
MEASURE = "diplomatic_relations"

_UN = r"(?:United\s+Nations|UN|U\.N\.)"
_UNIT = (
    rf"(?P<un>(?:other\s+)?(?:{_UN}(?:[\s-]member)?\s+(?:member\s+)?"
    r"(?:states|countries|nations|members)|"
    rf"(?:member[\s-](?:states|countries|nations)|members)\s+of\s+the\s+{_UN}))"
    r"|(?P<states>(?:(?:sovereign|independent|other)\s+)*states)"
    r"|(?P<countries>(?:(?:sovereign|independent|other|foreign)\s+)*(?:countries|nations))"
)
_HEDGE = (
    r"(?P<hedge>(?:more\s+than|less\s+than|fewer\s+than|over|nearly|almost|about|around|some|roughly|"
    r"approximately|close\s+to|at\s+least|at\s+most|up\s+to|no\s+fewer\s+than|as\s+many\s+as)\s+)?"
)
_HAS = (
    r"\b(?P<verb>has|have|had|maintains?|maintained|enjoys?|holds?|established|keeps)\s+"
    r"(?P<between>(?:\w+\s+){0,3}?)(?:diplomatic\s+(?:relations(?:hips)?|ties)|"
    r"(?:formal|official|full)\s+(?:relations|ties))\s+"
    r"(?:at\s+(?:the\s+)?(?:\w+\s+)?level\s+)?with\s+"
)
_STATEMENT = re.compile(
    rf"{_HAS}"
    rf"{_HEDGE}(?:(?:a\s+total\s+of|exactly|all|all\s+of\s+the|all\s+the|the\s+following)\s+)?"
    rf"(?P<number>{NUMBER})(?P<open>\s?\+)?"
    rf"(?:\s+\(?(?:out\s+)?of\s+(?:(?:the|all)\s+)*{NUMBER}\)?|\s+\(as\s+of\s[^()]{{4,20}}\))?"
    rf"\s+(?:{_UNIT})\b",
    re.IGNORECASE,
)
_OF_THOSE = re.compile(
    rf"(?<![\w-])(?:out\s+)?of\s+(?:(?:the|all)\s+)*{NUMBER}\s+(?:{_UNIT}),\s+"
    rf"(?:[^\s.,;:]+\s+){{1,6}}?{_HAS}{_HEDGE}(?P<number>{NUMBER})(?P<open>\s?\+)?"
    r"(?=\s*[.,;)]|\s+(?:of\s+(?:them|these|those)|and)\b|$)",
    re.IGNORECASE,
)
"""\"Of the 193 UN member states, it maintains diplomatic relations with 152\"."""

_WITH_WHICH = re.compile(
    rf"(?<![\w-]){_HEDGE}(?P<number>{NUMBER})(?P<open>\s?\+)?\s+(?:{_UNIT})\s+"
    r"with\s+(?:which|whom)\s+(?:[^\s.,;:]+\s+){1,6}?"
    r"(?P<verb>has|have|maintains?|enjoys?|holds?|established)\s+(?P<between>(?:\w+\s+){0,3}?)"
    r"diplomatic\s+(?:relations(?:hips)?|ties)\b",
    re.IGNORECASE,
)
_NUMBER_OF = re.compile(
    rf"\bnumber\s+of\s+(?:{_UNIT})\s+with\s+(?:which|whom)\s+(?:[^\s.,;:]+\s+){{1,6}}?"
    r"(?P<verb>has|have|maintains?|enjoys?|holds?|established)\s+(?P<between>(?:\w+\s+){0,3}?)"
    r"diplomatic\s+(?:relations(?:hips)?|ties)\s+(?:(?:is|stands\s+at|now\s+stands\s+at|stood\s+at|"
    r"(?:has\s+)?(?:reached|increased\s+to|grown\s+to|risen\s+to))\s+)"
    rf"{_HEDGE}(?P<number>{NUMBER})(?P<open>\s?\+)?(?=\s*[.,;)(]|\s+as\s+of\b|$)",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"(?<![\w-])diplomatic\s+(?:relations(?:hips)?|ties)\s+"
    r"(?P<verb>have)\s+(?P<between>(?:(?:so\s+far|now|already|also)\s+)?)been\s+established\s+with\s+"
    rf"{_HEDGE}(?:(?:a\s+total\s+of|all)\s+)?(?P<number>{NUMBER})(?P<open>\s?\+)?\s+(?:{_UNIT})\b",
    re.IGNORECASE,
)
_INVERSE = re.compile(
    rf"(?<![\w-]){_HEDGE}(?P<number>{NUMBER})(?P<open>\s?\+)?\s+(?:{_UNIT})\s+"
    r"(?P<verb>have|maintain|enjoy|hold)\s+(?P<between>(?:\w+\s+){0,3}?)"
    r"diplomatic\s+(?:relations(?:hips)?|ties)\s+with\s+(?:the\s+)?(?=[A-ZÀ-Þ])",
    re.IGNORECASE,
)
_OF_SOME = re.compile(
    r"\s+(?:(?:in|of|from|across|within|on)\s+(?:the\s+)?[A-Z]|that\b|which\s+(?:are|were|have)\b)"
)
_NEGATED = re.compile(
    r"\b(?:not|no|never|neither|lacks?|without|yet\s+to|would|will|(?-i:may)|might|could|plans?|"
    r"hopes?|aims?|intends?|wants?|seeks?)\b[^.;:]{0,80}$",
    re.IGNORECASE,
)
_IN_A_TIME = re.compile(
    r"\b(?:in\s+(?!total\b|addition\b|all\b)|during\s|between\s|from\s|under\s|later\s|within\s|throughout\s|"
    r"after\s|following\s|over\s|by\s\d|that\s+(?:year|month|decade))",
    re.IGNORECASE,
)
_IN_A_TIME_BEHIND = re.compile(
    r"\s+(?:more\s+)?(?:in|during|between|from|under|within|throughout|over|on|that\s+year|alone)\b",
    re.IGNORECASE,
)
_AS_OF = re.compile(r"\bas\s+of\s+[^.;:]{0,40}\d{4}[^.;:]{0,80}$", re.IGNORECASE)
_AS_OF_BEHIND = re.compile(r",?\s+as\s+of\s+[^.;:]{0,20}\d{4}", re.IGNORECASE)
_INCLUDING = re.compile(
    r"\s*[(,]?\s*(?:including|among\s+them|which\s+include|inclusive\s+of)\s+", re.IGNORECASE
)
_STOP = re.compile(
    r"[.:;](?=\s|$)|,?\s+(?:and|but|while|which|where|of\s+which|of\s+whom|as\s+of|since|who)\s+(?:(?:it|they|"
    r"has|have|is|are|was|were|maintains?|recogni[sz]es|hosts)\b|\d)"
)
_OTHER_NUMBER = re.compile(
    rf"\b(?:all\s+)?(?!(?:1[5-9]|20)\d\d\b)(?P<value>{NUMBER})\s+(?:[^\W\d]+(?:-\w+)?\s+){{0,3}}?"
    r"(?:countries|states|nations|republics|members|embassies|ambassadors|missions)\b",
    re.IGNORECASE,
)
_REACH = 400
_PAIR = 2
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Statement(Part):
    """One stated count: the part is the number with its unit and what it is said of.

    Attributes:
        block: Where it stands.
        number: The part of the number.
        value: The number.
        scope: What it counts.
        includes: Names counted in.
        alongside: Names beside the number.
    """

    block: Block
    number: Part
    value: int
    scope: str
    includes: tuple[Named, ...]
    alongside: tuple[Named, ...]


def extract_counts(document: Document, subject: str) -> Extracted[Count]:
    """The counts that a document states, in order of the text; may be empty."""
    found: Extracted[Count] = Extracted()
    occurrences: dict[str, int] = {}
    taken: list[Part] = []
    for statement in find_statements(document, subject, found, taken):
        scope = statement.scope
        occurrences[scope] = occurrences.get(scope, 0) + 1
        row = Count.model_validate(
            {
                "measure": MEASURE,
                "scope": scope,
                "occurrence": occurrences[scope],
                "value": statement.value,
                "includes": _ids(statement.includes),
                "alongside": _ids(statement.alongside),
                "section": document.heading_of(statement) or None,
            }
        )
        found.rows.append(row)
        _cite(document, statement, (row.measure, row.scope, row.occurrence), found)
    _reject_other_numbers(document, taken, found)
    return found


def find_statements(
    document: Document,
    subject: str,
    found: Extracted[Count] | None = None,
    taken: list[Part] | None = None,
) -> Iterator[Statement]:
    """Each count of the subject's relations.

    Candidates that fail go to `found.rejections`; all, good or not, to `taken`.
    """
    clean = document.source.clean
    for block in document.of_kind("paragraph", "item", "note"):
        for sentence in document.sentences(block):
            for match in _matches(clean, sentence):
                part = Part(match.start(), match.end())
                fault = _fault(document, block, sentence, match, subject)
                if taken is not None:
                    taken.append(part)
                if fault is None:
                    yield _read(document, block, sentence, match)
                elif found is not None:
                    found.rejections.append(document.reject(TABLE, *fault, part))


def _matches(clean: str, sentence: Part) -> list[re.Match[str]]:
    """What a sentence states, said of the subject or of those who have relations with it."""
    if "with" not in clean[sentence.start : sentence.end]:
        return []
    found = [
        match
        for pattern in (_OF_THOSE, _STATEMENT, _INVERSE, _WITH_WHICH, _NUMBER_OF, _PASSIVE)
        for match in pattern.finditer(clean, sentence.start, sentence.end)
    ]
    once = {match.start("number"): match for match in reversed(found)}
    return sorted(once.values(), key=lambda match: match.start())


def _fault(  # noqa: PLR0911 - one return for each rule
    document: Document, block: Block, sentence: Part, match: re.Match[str], subject: str
) -> tuple[str, str] | None:
    clean = document.source.clean
    verb = match.start("verb")
    before = clean[max(sentence.start, verb - _REACH) : verb]
    if _NEGATED.search(before + match["verb"] + " " + match["between"]):
        return "count-negated", "it tells with how many there are none, or only may be"
    if match["hedge"] or match["open"]:
        return "count-hedged", "a bound or an estimate is no count"
    behind = clean[match.end() : min(sentence.end, match.end() + _REACH)]
    is_past = match["verb"].casefold() in {"had", "maintained"}
    if is_past and not _AS_OF.search(before) and not _AS_OF_BEHIND.match(behind):
        return "count-past", "a number of the past, without a date that it holds for"
    told_once = match.re is _STATEMENT and match["verb"].casefold() == "established"
    if told_once and not (_AS_OF.search(before) or _AS_OF_BEHIND.match(behind)):
        since = re.match(r"\s*since\b", before, re.IGNORECASE)
        if _IN_A_TIME_BEHIND.match(behind) or (_IN_A_TIME.search(before) and not since):
            return "count-of-a-time", "how many were added in some time, not how many there are"
    if not match["un"] and _OF_SOME.match(clean, match.end(), sentence.end):
        return "count-of-some", "the number of some of the states, not of all"
    if match.re is _INVERSE:
        named = document.names_between(sentence, match.end(), sentence.end)[:1]
        sides = [one for one in named if one.start == match.end()]
    else:
        sides = doers(document, block, sentence, verb, subject=subject)
    if match.re is _PASSIVE and not sides:
        said = document.names_between(sentence, sentence.start, verb)
        is_own = document.topic(block, subject) is None and not block.table
        return None if is_own and not said else ("other-subject", "it does not say whose they are")
    if [side.entity for side in sides] != [subject]:
        return "other-subject", "it is not said of the subject alone"
    return None


def _read(document: Document, block: Block, sentence: Part, match: re.Match[str]) -> Statement:
    if match.re not in {_STATEMENT, _PASSIVE}:
        return _alone(block, match)
    includes, rest = _included(document, sentence, match.end())
    beside = Part(rest, _stop(document, rest, sentence.end))
    alongside = _all_known(document, beside)
    last = max([match.end(), *(name.end for name in (*includes, *alongside))])
    return Statement(
        start=match.start(),
        end=last,
        block=block,
        number=Part(match.start("number"), match.end("number")),
        value=read_number(match["number"]),
        scope=_scope(match),
        includes=tuple(includes),
        alongside=tuple(alongside),
    )


def _alone(block: Block, match: re.Match[str]) -> Statement:
    """A count whose words name nobody counted in or beside it."""
    return Statement(
        start=match.start(),
        end=match.end(),
        block=block,
        number=Part(match.start("number"), match.end("number")),
        value=read_number(match["number"]),
        scope=_scope(match),
        includes=(),
        alongside=(),
    )


def _scope(match: re.Match[str]) -> str:
    return "un_members" if match["un"] else "states" if match["states"] else "countries"


def _included(document: Document, sentence: Part, at: int) -> tuple[list[Named], int]:
    """The names that "including" counts in, and where they end."""
    clean = document.source.clean
    match = _INCLUDING.match(clean, at, sentence.end)
    if match is None:
        return [], at
    reach = min(sentence.end, match.end() + _LONGEST)
    closing = clean.find(")", match.end(), reach) if "(" in match[0] else -1
    stop = closing if closing >= 0 else _stop(document, match.end(), sentence.end)
    if stop - match.end() > _LONGEST:
        return [], at
    names = split_names(document, Part(match.end(), stop), states())
    return [name for name in names if name.entity], stop + (closing >= 0)


def _all_known(document: Document, part: Part) -> list[Named]:
    """The names of a part that is nothing but names."""
    if not 0 < part.end - part.start <= _LONGEST:
        return []
    names = split_names(document, part, states())
    return names if all(name.entity for name in names) else []


def _stop(document: Document, start: int, end: int) -> int:
    match = _STOP.search(document.source.clean, start, min(end, start + _LONGEST))
    return match.start() if match else end


def _ids(names: tuple[Named, ...]) -> tuple[str, ...]:
    return tuple(sorted({name.entity for name in names if name.entity}))


def _cite(
    document: Document, statement: Statement, key: tuple[str, str, int], found: Extracted[Count]
) -> None:
    number, place = statement.number, statement.block.place
    parts: list[tuple[str, Part]] = [("", statement), ("value", number)]
    parts += [("includes", name) for name in statement.includes]
    parts += [("alongside", name) for name in statement.alongside]
    found.evidence += [
        document.cite(TABLE, key, column, part.start, part.end, place) for column, part in parts
    ]


def _reject_other_numbers(document: Document, taken: list[Part], found: Extracted[Count]) -> None:
    """Numbers of states that count something else: kept, so that a reader sees them refused."""
    starts = [part.start for part in taken]
    for block in document.of_kind("paragraph", "note"):
        for match in _OTHER_NUMBER.finditer(document.source.clean, block.start, block.end):
            position = bisect_right(starts, match.start()) - 1
            inside = position >= 0 and match.end() <= taken[position].end
            if not inside and read_number(match["value"]) > _PAIR:
                part = Part(match.start(), match.end())
                reason = "a number of states or missions, but not of relations"
                found.rejections.append(document.reject(TABLE, "not-relations", reason, part))
