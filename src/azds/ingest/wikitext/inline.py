"""The words of a stretch of wikitext: links, templates, tags and references rendered."""

import html
import re
from collections.abc import Iterator

from azds.entities import states
from azds.ingest.rendering import Rendering
from azds.ingest.wikitext.pairs import Pair, Pairs
from azds.ingest.wikitext.templates import code_name, shown

__all__ = ["Inline"]

_DEEPEST = 30
_MARKUP = re.compile(
    r"(?P<quotes>'{2,5})|(?P<entity>&(?:\#\d{1,7}|\#[xX][\da-fA-F]{1,6}|[a-zA-Z]{2,31});)"
    r"|(?P<br><br\b[^<>]{0,200}>)|(?P<tag></?[a-zA-Z][a-zA-Z0-9]{0,20}(?:\s[^<>]{0,2000})?/?>)"
    r"|\[(?P<url>(?:https?:|ftp:|mailto:)?//[^\s\[\]]{1,2000})(?P<label>\s[^\[\]\n]{0,2000})?\]"
    r"|(?P<switch>__[A-Z]{3,20}__)"
    r"|(?P<variant>-\{|\}-)"
)
_HIDDEN = re.compile(r"<(\w++)(?=[^<>]*>)[^<>]*?display:\s*+none[^<>]*>", re.IGNORECASE)
_NAMED = re.compile(r"\s*(?P<name>[A-Za-z][\w -]{0,40}?|\d{1,2})\s*=")
_NUMBER = re.compile(r"\s*(\d{1,4})\s*")
_REF_NAME = re.compile(r"\bname\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'/<>]+))", re.IGNORECASE)
_REF_GROUP = re.compile(r"\bgroup\s*=", re.IGNORECASE)
_HIDDEN_SPACES = ("file:", "image:", "category:", "media:")
_INTERWIKI = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,8})?:(?!\s)")
_MONTH_LAST = 12
_CIRCA = "c. "
_WHOLE = 3
_DAY_LAST = 31


class Inline:
    """Renders stretches of wikitext; numbers references in their order.

    Attributes:
        references: The pair of each reference that has words, by its number.
        names: The name of each reference by its number, from 1; empty where it has none.
    """

    def __init__(self, rendering: Rendering, pairs: Pairs) -> None:
        self.rendering = rendering
        self.text = rendering.markup
        self.pairs = pairs
        self.references: dict[int, Pair] = {}
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}

    def render(self, start: int, end: int, depth: int = 0) -> None:
        """Add the words of `text[start:end]`."""
        at = start
        for pair in self.pairs.within(start, end):
            self._plain(at, pair.start)
            at = max(pair.end, self._pair(pair, depth))
        self._plain(at, end)

    def _pair(self, pair: Pair, depth: int) -> int:
        if pair.kind == "ref":
            self._reference(pair)
        elif pair.kind == "template" and depth < _DEEPEST:
            self._template(pair, depth)
        elif pair.kind == "link" and depth < _DEEPEST:
            self._link(pair, depth)
        elif pair.kind == "opaque" and self.text[pair.start : pair.inner].lower().startswith(
            "<nowiki"
        ):
            self.rendering.copy(pair.inner, pair.outer)
        return pair.end

    def _plain(self, start: int, end: int) -> None:
        """Text without templates and links: tags, quotes and entities read."""
        if start >= end:
            return
        at = start
        hidden = _HIDDEN.search(self.text, start, end)
        while hidden:
            closing = self.text.find(f"</{hidden[1]}", hidden.end(), end)
            stop = end if closing < 0 else closing
            self._visible(at, hidden.start())
            at = stop
            hidden = _HIDDEN.search(self.text, at, end)
        self._visible(at, end)

    def _visible(self, start: int, end: int) -> None:
        at = start
        for match in _MARKUP.finditer(self.text, start, end):
            self.rendering.copy(at, match.start())
            at = match.end()
            if match["entity"]:
                words = html.unescape(match[0])
                if words == match[0]:
                    self.rendering.copy(match.start(), match.end())
                else:
                    self.rendering.put(
                        " " if words == "\xa0" else words, match.start(), match.end()
                    )
            elif match["br"]:
                self.rendering.put("\n", match.start(), match.end())
            elif match["url"] and match["label"]:
                self._visible(match.start("label") + 1, match.end("label"))
        self.rendering.copy(at, end)

    def _link(self, pair: Pair, depth: int) -> None:
        """The label of a link, or its target; nothing for files, categories, other languages."""
        target = self.text[pair.inner : min(pair.outer, pair.inner + 40)].lstrip().casefold()
        if target.startswith(_HIDDEN_SPACES):
            return
        parts = self.split(pair)
        if len(parts) > 1:
            self.render(*parts[-1], depth + 1)
        elif not _INTERWIKI.match(target):
            lead = pair.inner + (target.startswith(":"))
            self.render(lead, pair.outer, depth + 1)

    def split(self, pair: Pair) -> list[tuple[int, int]]:
        """The stretches between the bars of a template or link, nested ones apart."""
        cuts = list(self.bars(pair.inner, pair.outer))
        return list(zip([pair.inner, *(at + 1 for at in cuts)], [*cuts, pair.outer], strict=True))

    def bars(self, start: int, end: int) -> Iterator[int]:
        """Where the bars of a stretch stand that are in no pair."""
        at = start
        for pair in self.pairs.within(start, end):
            yield from self._bars(at, pair.start)
            at = pair.end
        yield from self._bars(at, end)

    def _bars(self, start: int, end: int) -> Iterator[int]:
        at = self.text.find("|", start, end)
        while at >= 0:
            yield at
            at = self.text.find("|", at + 1, end)

    def _reference(self, pair: Pair) -> None:
        """A mark with the number that the list of references prints."""
        tag = self.text[pair.start : pair.inner]
        if _REF_GROUP.search(tag):
            self.rendering.mark(None, pair.start, pair.end)
            return
        name = _REF_NAME.search(tag)
        words = next((group for group in name.groups() if group), "") if name else ""
        number = self._numbers.get(words) if words else None
        if number is None:
            self.names.append(words)
            number = len(self.names)
            if words:
                self._numbers[words] = number
        if pair.outer > pair.inner:
            self.references.setdefault(number, pair)
        self.rendering.mark(number, pair.start, pair.end)

    def _template(self, pair: Pair, depth: int) -> None:
        parts = self.split(pair)
        name = self._bare(*parts[0])
        kind, words = shown(name)
        if kind == "fixed":
            self.rendering.put(words, pair.start, pair.end)
            if words == _CIRCA:
                for place in self._positional(parts[1:])[:1]:
                    self.render(*self._trim(*place), depth + 1)
        elif kind == "mark":
            self.rendering.mark(None, pair.start, pair.end)
        elif kind == "invoke":
            self._invoked(words, parts[1:], depth)
        elif kind != "nothing":
            places = self._positional(parts[1:])
            self._show(kind, words, pair, places, depth)

    def _invoked(self, module: str, parts: list[tuple[int, int]], depth: int) -> None:
        """``#invoke:flag||X``: the function may be empty, the entity follows it."""
        if module.casefold() in {"flag", "flagg"}:
            places = self._positional(parts[1:])
            if places:
                self._flag(places[0], depth)

    def _show(
        self, kind: str, words: str, pair: Pair, places: list[tuple[int, int]], depth: int
    ) -> None:
        """What a template shows of its arguments; `words` where it has none."""
        if kind in {"asof", "hatnote"}:
            self._opened(kind, pair, places, depth)
        elif kind == "all":
            for place in places:
                self.render(*place, depth + 1)
                self.rendering.put("\n", place[1], place[1])
        elif not places:
            self.rendering.put(words, pair.start, pair.end)
        elif kind == "flag":
            self._flag(places[0], depth)
        elif kind == "date":
            self._date(places, depth)
        else:
            at = min(1, len(places) - 1) if kind == "second" else 0
            self.render(*places[at], depth + 1)

    def _opened(self, kind: str, pair: Pair, places: list[tuple[int, int]], depth: int) -> None:
        """Arguments behind words of the template: "As of", and "See" of a pointer."""
        lead, between, close = ("As of ", " ", "") if kind == "asof" else ("\nSee ", ", ", "\n")
        for position, place in enumerate(places):
            start = place[0] if position else pair.start
            self.rendering.put(between if position else lead, start, place[0])
            self.render(*self._trim(*place), depth + 1)
        self.rendering.put(close, pair.end, pair.end)

    def _flag(self, place: tuple[int, int], depth: int) -> None:
        """A flag shows the entity that its first argument names, a code by its name."""
        start, end = self._trim(*place)
        words = self.text[start:end]
        named = code_name(words) if states().resolve(words) is None else ""
        if named:
            self.rendering.put(named, start, end)
        else:
            self.render(start, end, depth + 1)

    def _date(self, places: list[tuple[int, int]], depth: int) -> None:
        """One argument is words; two or three numbers are year, month and day."""
        filled = [place for one in places if (place := self._trim(*one))[0] < place[1]]
        numbers = [int(m[1]) for one in filled if (m := _NUMBER.fullmatch(self.text, *one))]
        if len(filled) > 1 and len(numbers) == len(filled):
            is_backwards = len(filled) == _WHOLE and numbers[0] <= _DAY_LAST < numbers[2]
            year, *rest = numbers[2::-1] if is_backwards else numbers[:3]
            month, day = (*rest, 0)[:2]
            if month <= _MONTH_LAST and day <= _DAY_LAST:
                words = f"{year:04d}" + "".join(f"-{one:02d}" for one in rest if one)
                self.rendering.put(words, filled[0][0], filled[-1][1])
                return
        if len(filled) > 1 and len(numbers) == len(filled) - 1:
            is_backwards = numbers[0] <= _DAY_LAST < numbers[-1]
            for one in filled[:3] if is_backwards else reversed(filled[:3]):  # year, month, day
                self.render(*one, depth + 1)
                self.rendering.put(" ", one[1], one[1])
        elif filled:
            self.render(*filled[0], depth + 1)

    def _positional(self, parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The arguments without names; ``1=`` counts as one."""
        found: list[tuple[int, int]] = []
        for start, end in parts:
            named = _NAMED.match(self.text, start, min(end, start + 60))
            if named is None:
                found.append((start, end))
            elif named["name"].isdigit():
                found.append((named.end(), end))
        return found

    def _bare(self, start: int, end: int) -> str:
        """The name of a template, comments left out."""
        words = self.text[start : min(end, start + 400)]
        if "<!--" in words:
            words = re.sub(r"<!--.*?(?:-->|$)", "", words, flags=re.DOTALL)
        return words.strip()

    def _trim(self, start: int, end: int) -> tuple[int, int]:
        words = self.text[start:end]
        lead = len(words) - len(words.lstrip())
        return (start + lead, start + len(words.rstrip())) if words.strip() else (start, start)
