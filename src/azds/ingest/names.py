"""Lists of names in running text: where they divide, and what they mean."""

import re
from collections.abc import Iterator
from itertools import pairwise

from azds.entities import Gazetteer, fold_name
from azds.ingest.blocks import Document, Named, Part

__all__ = ["as_written", "split_names"]

_SEPARATOR = re.compile(r"[,;]|\s[\u00b7\u2022|]\s|\n")
_AND = re.compile(r"\s+and\s+|\s*&\s*")
_LEAD = re.compile(
    r"(?:and|or|of|the|plus|both|also|including|as\s+well\s+as|along\s+with|together\s+with|"
    r"in\s+addition\s+to|neighbou?ring|an?\s+(?:(?:full|founding|active)\s+)?members?\s+of)\s+",
    re.IGNORECASE,
)
_WHOSE = re.compile(r"[A-Z]\w*['’]s\s+")
_QUALIFIER = re.compile(r"\s*\(([^()]{1,80})\)$")
_SINCE = re.compile(r"\s+(?:since|in|on|from)\s+(?:\d{1,2}\s+)?(?:[A-Z][a-z]+\s+)?\d{4}$")
_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_DIVISIBLE = re.compile(r"\s|&|[a-zà-ÿ][A-ZÀ-Þ]")
_MOST = 3
_LONGEST = 240


def split_names(document: Document, part: Part, names: Gazetteer) -> list[Named]:
    """The names of a list in the order of the text.

    A blank may be missing behind a comma, a comma before "and"; names may run
    together; a name may itself hold "and", or commas that the gazetteer knows.
    What does not resolve comes back with `entity` None.
    """
    text = document.text(part)
    cuts = [(m.start(), m.end()) for m in _SEPARATOR.finditer(text)]
    starts = [part.start, *(part.start + end for _, end in cuts)]
    ends = [*(part.start + start for start, _ in cuts), part.end]
    found: list[Named] = []
    at = 0
    while at < len(starts):
        last, named = _longest(document, starts[at : at + _MOST], ends[at : at + _MOST], names)
        found += [named] if named.entity else _divide(document, named, names)
        at += last
    return [named for named in found if named.start < named.end]


def as_written(document: Document, part: Part, names: Gazetteer) -> list[str]:
    """A name as the text writes it, without "the"; two where it stands doubled in two forms."""
    words = document.words(part)
    words = re.sub(r"^[Tt]he\s+", "", words) if names.resolve(words[4:]) else words
    halves = names.halves(words)
    if halves is None:
        return [words]
    return [halves[0]] if fold_name(halves[0]) == fold_name(halves[1]) else list(halves)


def _longest(
    document: Document, starts: list[int], ends: list[int], names: Gazetteer
) -> tuple[int, Named]:
    """The longest name that the first pieces make, and how many pieces it takes; one if none."""
    most = len(starts) if names.continues(document.source.clean[starts[0] : ends[0]]) else 1
    for count in range(most, 1, -1):
        if ends[count - 1] - starts[0] <= _LONGEST:
            whole = _named(document, starts[0], ends[count - 1], names)
            if whole.entity:
                return count, whole
    return 1, _named(document, starts[0], ends[0], names)


def _named(document: Document, start: int, end: int, names: Gazetteer) -> Named:
    """What stands between two separators: lead words and the qualifier are not the name."""
    clean = document.source.clean
    words = clean[start:end]
    start, end = end - len(words.lstrip()), start + len(words.rstrip())
    if end - start > _LONGEST:
        return Named(start, end, None)
    entity = names.resolve(clean[start:end])
    if entity and not clean[start:end].startswith("the "):
        return Named(start, end, entity)
    lead = _LEAD.match(clean, start, end)
    while lead:
        start = lead.end()
        lead = _LEAD.match(clean, start, end)
    body = clean[start:end].rstrip(".")
    if names.resolve(body) is None:
        body = _SINCE.sub("", body)
    entity = names.resolve(body)
    whose = None if entity else _WHOSE.match(body)
    if whose and names.resolve(body[whose.end() :]):
        owned = names.resolve(body[whose.end() :])
        return Named(start + whose.end(), start + len(body), owned)
    qualifier = None if entity else _QUALIFIER.search(body)
    if qualifier:
        bare = body[: qualifier.start()]
        return Named(start, start + len(bare), names.resolve(bare), qualifier[1].strip())
    return Named(start, start + len(body), entity)


def _divide(document: Document, named: Named, names: Gazetteer) -> list[Named]:
    """A stretch that is no name: names joined by "and", or that run together."""
    text = document.text(named)
    if len(text) > _LONGEST or not _DIVISIBLE.search(text):
        return [named]
    for match in _AND.finditer(text):
        left = _named(document, named.start, named.start + match.start(), names)
        right = _named(document, named.start + match.end(), named.end, names)
        qualifier = right.qualifier or named.qualifier
        right = Named(right.start, right.end, right.entity, qualifier)
        if left.entity or right.entity:
            rest = [right] if right.entity else _divide(document, right, names)
            return [left, *rest]
    for pieces in (names.find(text), list(_unglued(text, names))):
        covered = sum(end - start for start, end, _ in pieces)
        if len(pieces) > 1 and covered >= len(re.sub(r"\s|\band\b|\bthe\b", "", text)):
            return [Named(named.start + s, named.start + e, entity) for s, e, entity in pieces]
    return [named]


def _unglued(text: str, names: Gazetteer) -> Iterator[tuple[int, int, str]]:
    """The names of a stretch in which a capital follows a small letter without a blank."""
    cuts = [0, *(m.start() for m in _GLUED.finditer(text)), len(text)]
    for start, end in pairwise(cuts):
        entity = names.resolve(text[start:end])
        if entity:
            yield start, end, entity
