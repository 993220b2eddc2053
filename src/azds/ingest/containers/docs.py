"""``<doc id= url= title=>`` files, as extractors of Wikipedia text write them."""

import html
import re
from collections.abc import Iterator

from azds.ingest.containers.page import PageRevision

__all__ = ["read_docs"]

_OPENING = re.compile(r"<doc\b(?P<attributes>[^<>]{0,2000})>[ \t]*\n?")
_TITLE = re.compile(r"\btitle=\"([^\"]*)\"")


def read_docs(data: bytes) -> Iterator[PageRevision]:
    """Each document, with its lines; the opening and closing lines are left out."""
    text = data.decode("utf-8", errors="replace")
    openings = list(_OPENING.finditer(text))
    for position, opening in enumerate(openings):
        end = openings[position + 1].start() if position + 1 < len(openings) else len(text)
        closing = text.rfind("</doc>", opening.end(), end)
        title = _TITLE.search(opening["attributes"])
        yield PageRevision(
            text=text[opening.start() : end if closing < 0 else closing + len("</doc>")],
            title=html.unescape(title[1]) if title else None,
            form="wikiextractor",
        )
