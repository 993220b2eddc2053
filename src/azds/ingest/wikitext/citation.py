"""References of wikitext as a page prints them: title, publisher, date, date of retrieval."""

import re

from azds.ingest.wikitext.inline import Inline
from azds.ingest.wikitext.pairs import Pair

__all__ = ["render_citation"]

_CITES = re.compile(r"(?:#invoke:\s*cite\b|cit(?:e|ation)\b|vcite\b)", re.IGNORECASE)
_FIELD = re.compile(r"\s*(?P<name>[\w-]{1,40})\s*=\s*")
_PUBLISHERS = ("publisher", "website", "work", "newspaper", "journal", "magazine", "agency")


def render_citation(inline: Inline, reference: Pair) -> None:
    """Add the words of a reference: citation templates as they print, all else as it stands."""
    at = reference.inner
    for pair in inline.pairs.within(reference.inner, reference.outer):
        name = inline.text[pair.inner : pair.inner + 40].strip()
        if pair.kind == "template" and _CITES.match(name):
            inline.render(at, pair.start)
            _cite(inline, pair)
            at = pair.end
    inline.render(at, reference.outer)


def _cite(inline: Inline, pair: Pair) -> None:
    fields: dict[str, tuple[int, int]] = {}
    for start, end in inline.split(pair)[1:]:
        named = _FIELD.match(inline.text, start, end)
        words = inline.text[named.end() : end].rstrip() if named else ""
        if named and words:
            fields.setdefault(named["name"].lower(), (named.end(), named.end() + len(words)))
    put = inline.rendering.put
    if "title" in fields:
        start, end = fields["title"]
        put('"', start, start)
        inline.render(start, end, 1)
        put('". ', end, end)
    for names, lead, stop in (
        (_PUBLISHERS, "", ". "),
        (("date", "year", "publication-date"), "", ". "),
        (("archive-date", "archivedate"), "Archived from the original on ", ". "),
        (("access-date", "accessdate"), "Retrieved ", ". "),
        (("language", "lang"), "(in ", "). "),
    ):
        place = next((fields[name] for name in names if name in fields), None)
        if place and not (lead == "(in " and inline.text[place[0] : place[1]].islower()):
            put(lead, place[0], place[0])
            inline.render(*place, 1)
            put(stop, place[1], place[1])
