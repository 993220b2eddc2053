"""Lists of names in running text: where they divide, and what they mean."""

import re
from collections.abc import Iterator
from itertools import pairwise

from azds.entities import Gazetteer, bodies, fold_name
from azds.ingest.blocks import Document, Named, Part

__all__ = ["as_written", "split_names"]

_SUCH_AS = r"(?:including|such\s+as|namely|notably)"
_SEPARATOR = re.compile(rf",?\s{{1,9}}{_SUCH_AS}\s|[,;]|:\s|\s[\u00b7\u2022|]\s|\n", re.IGNORECASE)
_AS_WELL = r"(?:as\s+well\s+as|along\s+with|together\s+with|in\s+addition\s+to|followed\s+by)"
_AND = re.compile(rf"\s+(?:and|{_AS_WELL})\s+|\s*&\s*")
_LEAD = re.compile(
    rf"(?:and|or|of|the|plus|both|also|{_SUCH_AS}|(?:these|they)\s+are|i\.\s?e\.,?|{_AS_WELL}|"
    r"neighbou?ring|an?\s+(?:(?:full|founding|active)\s+)?members?\s+of)\s+"
    r"|(?-i:the(?=[A-ZÀ-Þ]))",
    re.IGNORECASE,
)
_WHOSE = re.compile(r"[A-Z]\w*['’]s\s+")
_QUALIFIER = re.compile(r"\s*\(([^()]{1,80})\)$")
_INNER = re.compile(r"\((?P<first>[^(),;]{1,80})[,;][^()]{1,400}\)")
_CODE = re.compile(r"\s*\(([A-Z][\w&-]{1,12})\)")
_SINCE = re.compile(
    r"\s+(?:since|in|on|from)\s+(?:(?:\d{1,2}\s+)?(?:[A-Z][a-z]+\s+)?\d{4}|[A-Z][a-z]+\s+\d{1,2})$"
)
_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_DIVISIBLE = re.compile(r"\s|&|[a-zà-ÿ][A-ZÀ-Þ]")
_MOST = 3
_LONGEST = 240
_SHORT = 3
"""A word of so many letters tells little of a name."""


def split_names(document: Document, part: Part, names: Gazetteer) -> list[Named]:
    """The names of a list in the order of the text.

    A blank may be missing behind a comma, a comma before "and"; names may run
    together; a name may itself hold "and", or commas that the gazetteer knows.
    What does not resolve comes back with `entity` None.
    """
    cuts = _cuts(document, part, names)
    starts = [part.start, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), part.end]
    found: list[Named] = []
    at = 0
    while at < len(starts):
        last, named = _longest(document, starts[at : at + _MOST], ends[at : at + _MOST], names)
        found += [named] if named.entity else _divide(document, named, names)
        at += last
    clean = document.source.clean
    return [one for one in found if any(map(str.isalpha, clean[one.start : one.end]))]


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


def _cuts(document: Document, part: Part, names: Gazetteer) -> list[tuple[int, int]]:
    """Where an enumeration divides: at marks, and at brackets that enumerate further bodies."""
    clean = document.source.clean
    cuts = [match.span() for match in _SEPARATOR.finditer(clean, part.start, part.end)]
    brackets = _INNER.finditer(clean, part.start, part.end) if names is bodies() else ()
    for match in brackets:
        if _named(document, *match.span("first"), names).entity:
            cuts += [(match.start(), match.start() + 1), (match.end() - 1, match.end())]
    return sorted(cuts)


def _coded(document: Document, named: Named, names: Gazetteer) -> Named:
    """A stretch with a code in brackets, whose name says half of that of the code's entity."""
    text = document.text(named)
    match = _CODE.search(text)
    bare, code = (text[: match.start()], match[1]) if match else (text, named.qualifier)
    is_name = code.isupper() and bare[:1].isupper()
    found = names.get(names.resolve(code) or "") if is_name else None
    said = set(fold_name(bare).split())
    for name in found.names if found else ():
        telling = {word for word in fold_name(name).split() if len(word) > _SHORT}
        if 2 * len(telling & said) >= len(telling) > 1:
            return Named(named.start, named.start + len(bare), names.resolve(code), code)
    return named


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
        if left.entity or (right.entity and not _is_tail(document, right, names)):
            rest = [right] if right.entity else _divide(document, right, names)
            return [left, *rest]
    for pieces in (names.find(text), list(_unglued(text, names))):
        covered = sum(end - start for start, end, _ in pieces)
        if len(pieces) > 1 and covered >= len(re.sub(r"\s|\band\b|\bthe\b", "", text)):
            return [Named(named.start + s, named.start + e, entity) for s, e, entity in pieces]
    return [_coded(document, named, names)]


def _is_tail(document: Document, named: Named, names: Gazetteer) -> bool:
    """Whether a name behind "and" may be the end of another: "the Peace and Security Council"."""
    written = document.words(named)
    known = names.get(named.entity or "")
    article = document.source.clean.endswith("the ", 0, named.start)
    return known is not None and not article and known.name.endswith(f" {written}")


def _unglued(text: str, names: Gazetteer) -> Iterator[tuple[int, int, str]]:
    """The names of a stretch in which a capital follows a small letter without a blank."""
    cuts = [0, *(m.start() for m in _GLUED.finditer(text)), len(text)]
    for start, end in pairwise(cuts):
        entity = names.resolve(text[start:end])
        if entity:
            yield start, end, entity
