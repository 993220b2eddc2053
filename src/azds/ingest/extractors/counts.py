"""Stated numbers of diplomatic relations.

A count needs the words "diplomatic relations with", a number and a unit, said
of the subject and of all its relations today. "More than 130" is one with its
qualifier. Numbers of anything else are rejections.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from azds.entities import states
from azds.ingest.blocks import Block, Document, Named, Part
from azds.ingest.count_words import (
    fault_of,
    is_passive,
    names_follow,
    scope_of,
    stated_numbers,
    whom_of,
)
from azds.ingest.extracted import Extracted
from azds.ingest.names import split_names
from azds.ingest.number_words import NUMBER, qualifier_in, read_number
from azds.ingest.voices import doers
from azds.qualifiers import Qualifier
from azds.records import Count

__all__ = ["Statement", "extract_counts", "find_statements"]

TABLE = "counts"
MEASURE = "diplomatic_relations"

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
_PAIR = 2
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Statement(Part):
    """One stated count: the part is the number with its unit and what it is said of.

    Attributes:
        block: Where it stands.
        number: The part of the number.
        value: The number.
        qualifier: What bounds or estimates it, with where that stands; None where it is exact.
        scope: What it counts.
        includes: Names counted in.
        alongside: Names beside the number.
    """

    block: Block
    number: Part
    value: int
    qualifier: tuple[Qualifier, int, int] | None
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
                "qualifier": statement.qualifier[0] if statement.qualifier else None,
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
    for block in document.of_kind("paragraph", "item", "note", "other"):
        for sentence in document.sentences(block):
            for match in stated_numbers(clean, sentence.start, sentence.end):
                part = Part(match.start(), match.end())
                fault = _fault(document, block, sentence, match, subject)
                if taken is not None:
                    taken.append(part)
                if fault is None:
                    yield _read(document, block, sentence, match)
                elif found is not None:
                    found.rejections.append(document.reject(TABLE, *fault, part))


def _fault(
    document: Document, block: Block, sentence: Part, match: re.Match[str], subject: str
) -> tuple[str, str] | None:
    """Why a stated number is no count of the subject's relations; None where it is one."""
    fault = fault_of(match, document.source.clean, sentence.start, sentence.end)
    if fault:
        return fault
    whom = whom_of(match)
    if whom == "behind":
        named = document.names_between(sentence, match.end(), sentence.end)[:1]
        sides = [one for one in named if one.start == match.end()]
    elif whom:
        sides = document.names_between(sentence, match.start(whom), match.end(whom))
    else:
        sides = doers(document, block, sentence, match.start("verb"), subject=subject)
    if is_passive(match) and not sides:
        said = document.names_between(sentence, sentence.start, match.start("verb"))
        is_own = document.topic(block, subject) is None and not block.table
        return None if is_own and not said else ("other-subject", "it does not say whose they are")
    if [side.entity for side in sides] != [subject]:
        return "other-subject", "it is not said of the subject alone"
    return None


def _read(document: Document, block: Block, sentence: Part, match: re.Match[str]) -> Statement:
    includes: list[Named] = []
    alongside: list[Named] = []
    if names_follow(match):
        includes, rest = _included(document, sentence, match.end())
        alongside = _all_known(document, Part(rest, _stop(document, rest, sentence.end)))
    return Statement(
        start=match.start(),
        end=max([match.end(), *(name.end for name in (*includes, *alongside))]),
        block=block,
        number=Part(match.start("number"), match.end("number")),
        value=read_number(match["number"]),
        qualifier=qualifier_in(match),
        scope=scope_of(match),
        includes=tuple(includes),
        alongside=tuple(alongside),
    )


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
    if statement.qualifier:
        parts.append(("qualifier", Part(*statement.qualifier[1:])))
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
