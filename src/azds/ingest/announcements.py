"""Lists of countries that a sentence announces: "has relations with the following countries:".

The list follows the colon, or as items, or as a paragraph of names alone. It may
have vanished: then the next line, heading or the end of the text is not its
first item.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from azds.entities import states
from azds.ingest.blocks import Block, Document, Named, Part
from azds.ingest.calendar_words import find_dates
from azds.ingest.names import split_names

__all__ = ["Announcement", "find_announcements", "tells_of_none"]

_TIES = (
    r"(?<![\w-])diplomatic\b(?:(?:,?\s+\w+){0,3}?\s+(?:relations|ties|relationships?|links)\b|"
    r"(?=\s+with\b))"
)
_LEAD = re.compile(rf"{_TIES}[^:]{{0,300}}:", re.IGNORECASE)
_OPEN = re.compile(rf"{_TIES}[^:]{{0,300}}", re.IGNORECASE)
_FOLLOWING = re.compile(
    r"\bfollowing\s+(?:\w+\s+){0,3}(?:countries|states|nations)\b", re.IGNORECASE
)
"""What announces a list without a colon."""
_COUNTRIES = re.compile(r"\bwith\b|\b(?:countries|states|nations)\b", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:not|no|never|lacks?|without|yet\s+to)\b", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:suspended|severed|terminated|broken|broke|cut)\b", re.IGNORECASE)
_HEDGES = re.compile(
    r"\b(?:would|will|plans?|planned|intends?|hopes?|seeks?|may|might|could|had|negotiat\w+|"
    r"consider\w*|visas?|embass(?:y|ies)|missions?|consulates?)\b",
    re.IGNORECASE,
)
_HEADING_DENIES = re.compile(
    r"\b(?:no|without|lacking|never|not)\b.{0,60}\b(?:relations|ties|recognition)\b|"
    r"\b(?:relations|ties)\b.{0,30}\bnot\b",
    re.IGNORECASE,
)
_HEADING_ENDS = re.compile(
    r"\b(?:suspended|severed|terminated|broken|former|ended)\b.{0,60}\b(?:relations|ties)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"(?:[\s,;:/()\[\]*&.\u2010-\u2015\u2020-]|\b(?:and|or|the|since|in|on|from|until|established|"
    r"suspended|severed|broken|off|terminated|frozen|resumed|restored|relations|diplomatic|date|"
    r"unknown)\b)*",
    re.IGNORECASE,
)
"""What an item may hold beside names and dates."""
_PICTURE = re.compile(r"[^\n]{1,150}\.(?:svg|png|jpe?g|gif)", re.IGNORECASE)
_LONGEST_HEADING = 160
_REACH = 400
_LEAST = 3
_MOST_UNKNOWN = 0.4


@dataclass(frozen=True, slots=True)
class Announcement:
    """One announced list.

    Attributes:
        part: The words that announce it, up to the colon.
        denies: Whether these are countries with which there are no relations.
        ends: Whether these are countries with which relations ended or were suspended.
        names: The names listed.
        vanished: Whether no list follows: neither names nor a table.
    """

    part: Part
    denies: bool
    ends: bool
    names: list[Named]
    vanished: bool


def find_announcements(document: Document, subject: str) -> Iterator[Announcement]:
    """The lists that sentences about the subject's relations announce, in order."""
    for position, block in enumerate(document.blocks):
        if block.kind == "heading":
            yield from _headed(document, position)
        if block.kind not in {"paragraph", "note", "item"}:
            continue
        for sentence in document.sentences(block):
            part = _announcing(document, sentence, subject)
            if part:
                words = document.text(part)
                names = _names(document, position, sentence, part)
                if not names and not words.endswith(":"):
                    continue
                yield Announcement(
                    part,
                    denies=_DENIES.search(words) is not None,
                    ends=_ENDS.search(words) is not None,
                    names=names,
                    vanished=not names and not _is_table(document, position + 1),
                )


def tells_of_none(words: str) -> tuple[bool, bool]:
    """Whether words over a list say that there are no relations, and that they ended.

    >>> tells_of_none("Countries without diplomatic relations"), tells_of_none("Relations")
    ((True, False), (False, False))
    """
    if len(words) > _LONGEST_HEADING:
        return False, False
    ends = _HEADING_ENDS.search(words) is not None
    return not ends and _HEADING_DENIES.search(words) is not None, ends


def _headed(document: Document, position: int) -> Iterator[Announcement]:
    """The list right under a heading which says that these are states without relations."""
    heading = document.blocks[position]
    denies, ends = tells_of_none(document.words(heading))
    if not denies and not ends:
        return
    behind = (document.blocks[at] for at in range(position + 1, len(document.blocks)))
    items = list(takewhile(lambda block: block.kind == "item", behind))
    names = [name for item in items for name in _item_names(document, item)]
    if names and _are_states(names, _MOST_UNKNOWN):
        yield Announcement(heading, denies=denies, ends=ends, names=names, vanished=False)


def _announcing(document: Document, sentence: Part, subject: str) -> Part | None:
    """The words that announce a list of the subject's relations, if the sentence has them."""
    clean = document.source.clean
    match = _LEAD.search(clean, sentence.start, sentence.end)
    if match is None and _FOLLOWING.search(clean, sentence.start, sentence.end):
        match = _OPEN.search(clean, sentence.start, sentence.end)
    if match is None or match.start() - sentence.start > _REACH:
        return None
    if match.re is _OPEN and match.end() < sentence.end:
        return None
    part = Part(sentence.start, match.end())
    words = document.text(part)
    if not _COUNTRIES.search(words) or _HEDGES.search(words):
        return None
    doing = document.names_between(sentence, part.start, match.start())[-1:]
    told = doing or document.names_between(sentence, match.start(), part.end)
    return part if all(named.entity == subject for named in told) else None


def _names(document: Document, position: int, sentence: Part, part: Part) -> list[Named]:
    """The names behind the colon, in the items that follow, or in a paragraph of names alone."""
    if document.source.clean[part.end : sentence.end].strip():
        names = split_names(document, Part(part.end, sentence.end), states())
        return names if _are_states(names, _MOST_UNKNOWN) else []
    if sentence.end < document.blocks[position].end:
        return []
    behind = (document.blocks[at] for at in range(position + 1, len(document.blocks)))
    items = list(takewhile(lambda block: block.kind == "item", behind))
    if items:
        names = [name for item in items for name in _item_names(document, item)]
        return names if _are_states(names, _MOST_UNKNOWN) else []
    following = document.blocks[position + 1 : position + 2]
    if following and following[0].kind == "paragraph":
        names = split_names(document, following[0], states())
        return names if len(names) >= _LEAST and _are_states(names, 0) else []
    return []


def _item_names(document: Document, item: Block) -> list[Named]:
    """The names of a list item; beside them it may have a date, and bars between them."""
    names = split_names(document, item, states())
    if all(name.entity for name in names):
        return names
    known = document.names(item)
    dates = find_dates(document.source.clean, item.start, item.end)
    rest = list(document.text(item))
    for start, end in [(one.start, one.end) for one in known] + [(d.start, d.end) for d in dates]:
        rest[start - item.start : end - item.start] = " " * (end - start)
    return known if known and _BETWEEN.fullmatch("".join(rest)) else names


def _is_table(document: Document, position: int) -> bool:
    """Whether a table stands at a position among the blocks, notices and pictures left out."""
    behind = (document.blocks[at] for at in range(position, len(document.blocks)))
    passed = dropwhile(lambda block: _is_passed(document, block), behind)
    following = next(passed, None)
    return following is not None and following.kind in {"head", "row"}


def _is_passed(document: Document, block: Block) -> bool:
    return (
        block.kind in {"notice", "other"}
        or _PICTURE.fullmatch(document.source.clean, block.start, block.end) is not None
    )


def _are_states(names: list[Named], most_unknown: float) -> bool:
    return sum(name.entity is None for name in names) <= most_unknown * len(names)
