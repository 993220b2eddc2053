"""Lines with their offsets, and what readers ask of a line."""

import re
from collections.abc import Iterator

from azds.entities import states
from azds.ingest.blocks import Part

__all__ = ["bare", "is_markup", "left_over", "lines_of", "tells", "trimmed"]

_LEFT_OPENS = frozenset("T{S<")
_STOPS = ".:;,?!"
_INNER_STOP = re.compile(r"(?<!\bSt)(?<!\b[A-Z])[.?!]\s")
_MARKUP = re.compile(r"(?:File|Image|Template|Category):|\{[{|]|[|!]\s?\S|\|\}|<!--")
_LEFT = re.compile(
    r"(?:\{\{[^{}\n]*+\}\}\s*+|<!--(?:(?!-->)[^\n])*+-->\s*+"
    r"|Script error: No such module \"[^\"\n]{1,80}\"\.\s*+"
    r"|Template:(?:Use [A-Z]\w+ English|[A-Za-z][a-z-]*+(?:\s+(?!(?:of|in)\b)[a-z]+)*+"
    r"(?:\s+(?P<of>of|in)\b(?:\s+the\b)?)?)\s*+)"
)
"""What is left of the templates over an article: by its name alone, or as it was written."""
_GLUED = re.compile(r"[A-Z][a-z]+(?=[A-Z][a-z])")

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
    """The line without blanks at its ends, nor templates left before a sentence; may be empty."""
    words = text[line.start : line.end]
    lead = len(words) - len(words.lstrip())
    end = max(lead, len(words.rstrip()))
    if words[lead : lead + 1] in _LEFT_OPENS:
        lead += left_over(words[lead:end])
    return Part(line.start + min(lead, len(words)), line.start + end)


def left_over(words: str) -> int:
    """How many characters templates left before the sentence of a line; 0 where none is there.

    >>> words = "Template:Short description Template:Politics of Fiji Fiji has an envoy."
    >>> words[left_over(words) :], left_over("Template:Short description")
    ('Fiji has an envoy.', 0)
    """
    at = 0
    while match := _LEFT.match(words, at):
        at = match.end()
        if match["of"] is not None:
            glued = _GLUED.match(words, at)
            name = states().first(words, at, len(words))
            at = glued.end() if glued else name[0] if name else at
            at += len(words[at:]) - len(words[at:].lstrip())
    return at if tells(words[at:]) else 0


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
