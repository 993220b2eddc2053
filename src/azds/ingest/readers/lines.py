"""Lines with their offsets, and what readers ask of a line."""

import re
from collections.abc import Iterator

from azds.ingest.blocks import Part

__all__ = ["bare", "is_markup", "lines_of", "tells", "trimmed"]

_STOPS = ".:;,?!"
_INNER_STOP = re.compile(r"(?<!\bSt)(?<!\b[A-Z])[.?!]\s")
_MARKUP = re.compile(r"(?:File|Image|Template|Category):|\{[{|]|[|!]\s?\S|\|\}|<!--")

_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|could|may|must|"
    r"maintains?|recogni[sz]e[sd]?|established?|signed|opened|closed|began|became|joined|left|"
    r"supports?|supported|opposed|exports?|imports?|visited|remains?|hosts?|hosted|sent|sends|"
    r"gained|took|gave|ended|resumed|severed|restored|seeks|continues|continued|includes?|said|"
    r"announced|share|shares|agreed|enjoys?|belongs?|supplies)\b"
)
_RELATIVE = re.compile(r"\b(?:which|that|who|whom|where)\b")
_SENTENCE_OPENS = re.compile(r"Both\s|The\s+two\s|(?:In|On|Since)\s[^,]{0,20}\d{4},\s")


def lines_of(text: str) -> Iterator[Part]:
    """Each line without its line feed; blank lines too."""
    at = 0
    for line in text.split("\n"):
        yield Part(at, at + len(line))
        at += len(line) + 1


def trimmed(text: str, line: Part) -> Part:
    """The line without blanks at its ends; empty lines stay empty."""
    words = text[line.start : line.end]
    lead = len(words) - len(words.lstrip())
    return Part(line.start + min(lead, len(words)), line.start + max(lead, len(words.rstrip())))


def bare(words: str, most: int) -> bool:
    """Whether these words could stand as a heading or an item: few, and no sentence."""
    return (
        0 < len(words.split(None, most)) <= most
        and words[-1] not in _STOPS
        and not _INNER_STOP.search(words)
    )


def tells(words: str) -> bool:
    """Whether words tell something, as a sentence does, closed by a stop or not."""
    verb = _VERB.search(words)
    relative = _RELATIVE.search(words)
    if _SENTENCE_OPENS.match(words):
        return True
    return verb is not None and (relative is None or verb.start() < relative.start())


def is_markup(words: str) -> bool:
    """Whether a line is what a converter left of a template, a picture or a table."""
    return _MARKUP.match(words) is not None
