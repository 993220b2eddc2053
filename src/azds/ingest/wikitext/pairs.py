"""Which brackets of wikitext belong together: templates, links, references, comments.

One pass, linear in the text whatever it holds. What has no partner is plain
text, as in MediaWiki; only a comment without end reaches to the end of the text.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

__all__ = ["Pair", "Pairs", "find_pairs"]

Kind = Literal["template", "link", "ref", "comment", "opaque"]

_OPAQUE = (
    "nowiki|pre|math|gallery|timeline|imagemap|syntaxhighlight|source|score|templatedata|"
    "templatestyles|graph|chem|ce|hiero|inputbox|mapframe|maplink"
)
_TOKEN = re.compile(
    rf"<!--|<(?P<opaque>{_OPAQUE})\b[^<>]*>|<(?P<ref>ref)\b[^<>]*>|(?P<unref></ref\s*>)"
    r"|(?P<open>\{\{|\[\[)|(?P<close>\}\}|\]\])",
    re.IGNORECASE,
)
_OPEN_TAG = re.compile(rf"<(?:{_OPAQUE}|ref)\b[^<>]*", re.IGNORECASE)
_KINDS: dict[str, Kind] = {"{{": "template", "}}": "template", "[[": "link", "]]": "link"}


@dataclass(frozen=True, slots=True)
class Pair:
    """What opens and closes: the whole is `start` to `end`, the inside `inner` to `outer`."""

    kind: Kind
    start: int
    inner: int
    outer: int
    end: int


_Open = tuple[Kind, int, int]
"""What is open: its kind, where it starts, and where its inside starts."""


class Pairs:
    """The pairs of a text by where they start, and the outermost ones in order.

    Attributes:
        is_endless: Whether a comment, a tag, or what a tag holds would go on behind the text.
        is_open: Whether a template, link or reference is never closed.
        is_stray: Whether something is closed that was not open.
    """

    def __init__(self, pairs: dict[int, Pair], finder: "_Finder | None" = None) -> None:
        self._pairs = pairs
        self.is_endless = finder is not None and finder.is_endless
        self.is_open = finder is not None and len(finder.stack) > 1
        self.is_stray = finder is not None and finder.is_stray
        self._starts = sorted(pairs)
        self._outer: list[Pair] = []
        for start in self._starts:
            if not self._outer or start >= self._outer[-1].end:
                self._outer.append(pairs[start])

    def at(self, start: int) -> Pair | None:
        """The pair that opens at a place, or None."""
        return self._pairs.get(start)

    def outermost(self) -> list[Pair]:
        """The pairs that stand in no other, in order."""
        return self._outer

    def within(self, start: int, end: int) -> list[Pair]:
        """The pairs of a stretch that stand in no other of it, in order."""
        starts = self._starts
        at = bisect_left(starts, start)
        found: list[Pair] = []
        while at < len(starts) and starts[at] < end:
            pair = self._pairs[starts[at]]
            if pair.end <= end:
                found.append(pair)
                at = bisect_left(starts, pair.end, lo=at)
            else:
                at += 1
        return found


def find_pairs(text: str) -> Pairs:
    """The pairs of a text.

    >>> [(p.kind, p.start, p.end) for p in find_pairs("{{a|[[b]]}} }} <!-- c").outermost()]
    [('template', 0, 11), ('comment', 15, 21)]
    """
    finder = _Finder(text)
    return Pairs({pair.start: pair for pair in finder.run()}, finder)


class _Finder:
    """Goes through the text once.

    `stack` is what is open. `grounds` holds, for the text and for each open
    reference, its place on the stack and how many templates and links are open in it.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = _lower(text)
        self.stack: list[_Open] = [("ref", 0, 0)]  # the ground: nothing closes it
        self.grounds: list[tuple[int, dict[Kind, int]]] = [(0, {})]
        self.found: list[Pair] = []
        self.last: dict[str, int] = {}
        self.is_endless = self.is_stray = False

    def run(self) -> list[Pair]:
        """All pairs, in the order in which they close."""
        at = 0
        while match := _TOKEN.search(self.text, at):
            at = self._token(match)
        self.is_endless |= _OPEN_TAG.fullmatch(self.text, max(self.text.rfind("<"), 0)) is not None
        return self.found

    def _token(self, match: re.Match[str]) -> int:
        if match["opaque"]:
            return self._opaque(match)
        if match["ref"]:
            if match[0].endswith("/>"):
                self._add("ref", match.start(), match.end(), match.end(), match.end())
            else:
                self.grounds.append((len(self.stack), {}))
                self.stack.append(("ref", match.start(), match.end()))
        elif match["unref"]:
            self._close_ref(match)
        elif match["open"]:
            kind = _KINDS[match["open"]]
            counts = self.grounds[-1][1]
            counts[kind] = counts.get(kind, 0) + 1
            self.stack.append((kind, match.start(), match.end()))
        elif match["close"]:
            self._close(_KINDS[match["close"]], match)
        else:
            stop = self.text.find("-->", match.end())
            end = len(self.text) if stop < 0 else stop + 3
            self.is_endless |= stop < 0
            self._add("comment", match.start(), match.end(), end, end)
            return end
        return match.end()

    def _opaque(self, match: re.Match[str]) -> int:
        """What a tag holds that is no wikitext: up to its closing tag, if it has one."""
        if match[0].endswith("/>"):
            self._add("opaque", match.start(), match.end(), match.end(), match.end())
            return match.end()
        closing = "</" + match["opaque"].lower()
        if closing not in self.last:
            self.last[closing] = self.lower.rfind(closing)
        if self.last[closing] < match.end():
            self.is_endless = True
            return match.end()
        outer = self.lower.find(closing, match.end())
        stop = self.text.find(">", outer)
        self.is_endless |= stop < 0
        end = len(self.text) if stop < 0 else stop + 1
        self._add("opaque", match.start(), match.end(), outer, end)
        return end

    def _close_ref(self, match: re.Match[str]) -> None:
        if len(self.grounds) > 1:
            place, _ = self.grounds.pop()
            _, start, inner = self.stack[place]
            del self.stack[place:]
            self._add("ref", start, inner, match.start(), match.end())
        else:
            self.is_stray = True

    def _close(self, kind: Kind, match: re.Match[str]) -> None:
        counts = self.grounds[-1][1]
        while counts.get(kind):
            last, start, inner = self.stack.pop()
            counts[last] -= 1
            if last == kind:
                self._add(kind, start, inner, match.start(), match.end())
                return
        self.is_stray = True

    def _add(self, kind: Kind, start: int, inner: int, outer: int, end: int) -> None:
        self.found.append(Pair(kind, start, inner, outer, end))


def _lower(text: str) -> str:
    """The text in small letters, character by character: a capital that becomes two stays."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(char.lower() if char.isascii() else char for char in text)
