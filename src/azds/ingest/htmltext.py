"""HTML taken apart with the place of every character: tags, text, entities.

Linear in the text whatever it holds: a quotation mark or bracket that is never
closed is looked for once. No tree is built; what machines write (MediaWiki's
parsers, converters) needs none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["VOID", "Tag", "Text", "tokens"]

VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    }
)
"""Elements without an end."""

_NAME = re.compile(r"/?[a-zA-Z][^\s/><]{0,60}")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s=>/\"']+)(\s*=\s*)?")
_RAW = ("script", "style", "textarea", "title", "noscript", "template", "svg", "math")
_MOST_ATTRIBUTES = 60


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of text between two tags."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag: its name in small letters, and the attributes of one that opens, as written."""

    start: int
    end: int
    name: str
    closes: bool = False
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def classes(self) -> frozenset[str]:
        """The words of its class."""
        return frozenset(self.attributes.get("class", "").split())


def tokens(text: str) -> Iterator[Text | Tag]:
    """The tags and texts in order; comments, and what scripts and styles hold, left out.

    >>> [t.name if isinstance(t, Tag) else "text" for t in tokens("<p class=a>x<br>y</p><!-- z")]
    ['p', 'text', 'br', 'text', 'p']
    """
    at = low = 0
    last = {quote: text.rfind(quote) for quote in "\"'>"}
    while True:
        bracket = text.find("<", at)
        if bracket < 0:
            break
        if text.startswith("<!--", bracket) or text.startswith(("<!", "<?"), bracket):
            closing = "-->" if text.startswith("<!--", bracket) else ">"
            if low < bracket:
                yield Text(low, bracket)
            stop = text.find(closing, bracket + 2)
            at = low = len(text) if stop < 0 else stop + len(closing)
            continue
        tag = _tag(text, bracket, last)
        if tag is None:
            at = bracket + 1
            continue
        if low < bracket:
            yield Text(low, bracket)
        yield tag
        at = low = tag.end
        if tag.name in _RAW and not tag.closes and text[tag.end - 2] != "/":
            at = low = _behind(text, tag)
    if low < len(text):
        yield Text(low, len(text))


def _behind(text: str, tag: Tag) -> int:
    """Where the closing tag of an element stands that holds no text to read."""
    for closing in (f"</{tag.name}", f"</{tag.name.upper()}"):
        stop = text.find(closing, tag.end)
        if stop >= 0:
            return stop
    return len(text)


def _tag(text: str, start: int, last: dict[str, int]) -> Tag | None:
    """The tag that starts here; None if it is a bracket of the text."""
    name = _NAME.match(text, start + 1)
    if name is None or last[">"] < start:
        return None
    closes = name[0].startswith("/")
    attributes: dict[str, str] = {}
    at = name.end()
    while at < len(text) and text[at] != ">":
        match = _ATTRIBUTE.match(text, at)
        if match is None:
            at += 1
            continue
        at = match.end()
        if match[2] and at < len(text):
            quote = text[at]
            if quote in "\"'":
                if last[quote] <= at:
                    return Tag(start, len(text), name[0].lower().lstrip("/"), closes, attributes)
                stop = text.find(quote, at + 1)
                value, at = text[at + 1 : stop], stop + 1
            else:
                stop = at
                while stop < len(text) and not text[stop].isspace() and text[stop] != ">":
                    stop += 1
                value, at = text[at:stop], stop
            if len(attributes) < _MOST_ATTRIBUTES:
                attributes.setdefault(match[1].lower(), value)
    return Tag(start, min(at + 1, len(text)), name[0].lower().lstrip("/"), closes, attributes)
