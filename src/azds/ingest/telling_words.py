"""The words by which sentences tell of diplomatic relations, each kind with its patterns.

A pattern has the group `ties`, the words for the relations. Relations that are not
called diplomatic count where nothing says of which other kind they are, and where a
name or a date stands by them.
"""

import re
from typing import Literal

from azds.ingest.blocks import Document, Part

__all__ = ["FULL", "Kind", "find_words", "is_bare", "onward"]

Kind = Literal["none", "severed", "resumed", "again", "once", "began", "exist"]
"""`again` is a resumption that counts only if the block told before of a break with the same."""

_ADJECTIVES = "full|formal|official|foreign|direct|normal|bilateral|ambassadorial"
FULL = rf"(?:(?:{_ADJECTIVES})\s+){{0,4}}"
_NOUN = r"(?:relations|ties|relationships?)"
_TIES = rf"{FULL}(?P<ties>diplomatic\s+{_NOUN})\b"
_ANY = r"(?P<ties>(?:diplomatic\s+)?(?:relations|ties))\b"
_BARE = r"(?P<ties>relations|ties)\b"
_OF_STATES = (
    r"(?=\s+(?:with|between)\s)(?!\s+(?:with|between)\s[^.,;:]{1,40}['’]s?\s+(?!government\b)[a-z])"
)
_WERE = r"\s{1,9}(?:were|was|have\s+been)\s+(?:(?:formally|officially|first|also|later|again)\s+)?"
_PASSIVE = rf"(?:\s[^.;:]{{0,80}}?)?{_WERE}"
_WITH_WHOM = r"(?:\s+(?:with|between)\s[^.,;:]{1,60}?)?"
_CUT = r"severed|suspended|terminated|broken|broke|cut(?!\s+to\b)|dropped|cancell?ed"
_BREAK = rf"(?:{_CUT}|ended|froze|frozen)(?:\s+off)?"
_RESUME = r"(?:re-?\s?established|restored|resumed|renewed|normali[sz]ed|reopened)"
_RESUMING = r"(?:re-?\s?establishing|restoring|resuming|renewing|normali[sz]ing)"
_THEIR = r"(?:(?:all|its|their|any)\s+)*"
_LAST = (
    r"(?:(?:very\s+)?first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|latest|newest|"
    r"next|most\s+recent|\d{1,3}(?:st|nd|rd|th))"
)


def _patterns(kind: Kind, *patterns: str) -> list[tuple[Kind, re.Pattern[str]]]:
    return [(kind, re.compile(pattern, re.IGNORECASE)) for pattern in patterns]


_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    *_patterns(
        "none",
        r"\b(?:do|does)(?:\s+not|n['’]t)\s+(?:(?:yet|currently|presently|officially)\s+)?"
        rf"(?:have|maintain)\s+(?:any\s+)?{FULL}{_ANY}",
        rf"\bno\s+{_TIES}",
        rf"\bno\s+(?:formal|official)\s+{_BARE}",
        rf"\b(?:has|have)\s+no\s+{_BARE}{_OF_STATES}",
        r"\b(?:has|have)\s+(?:(?:not|never)\s+(?:yet\s+)?(?:established|had|maintained)|"
        rf"yet\s+to\s+establish)\s+(?:any\s+)?{FULL}{_ANY}",
        rf"\blacks?\s+{_TIES}",
        r"\bneither\b[^.;:]{0,60}?\s(?:have|has|had|maintains?)\s+(?:(?:yet|ever)\s+)?"
        rf"(?:(?:established|maintained|had)\s+)?(?:any\s+)?{_TIES}",
    ),
    *_patterns(
        "severed",
        rf"\b{_BREAK}\s+{_THEIR}{_TIES}",
        rf"\b(?:{_CUT})(?:\s+off)?\s+{_THEIR}{_BARE}(?!\s+with\s[^.,;:]{{1,40}}['’]s?\s)",
        rf"\b{_TIES}{_PASSIVE}{_BREAK}",
        rf"\b{_TIES}\s+are\s+(?:severed|suspended|broken\s+off)\b",
        rf"\b{_BARE}{_WITH_WHOM}{_WERE}{_BREAK}",
    ),
    *_patterns(
        "resumed",
        rf"\b{_RESUME}\s+{_THEIR}{_TIES}",
        rf"\b{_RESUME}\s+(?P<ties>them)\b",
        rf"\b{_ANY}{_PASSIVE}{_RESUME}",
        rf"\b{_ANY}{_WITH_WHOM}\s+(?:resumed|normali[sz]ed)(?=\s+(?:on|in)\s)",
    ),
    *_patterns(
        "again",
        rf"\b{_RESUME}\s+(?:the\s+)?{_THEIR}{_BARE}",
        rf"\b(?P<ties>they)\s+(?:were|have\s+been)\s+{_RESUME}",
    ),
    *_patterns(
        "once",
        rf"\bha(?:ve|s|d)\s+(?:had\s+)?{FULL}(?P<ties>(?:governmental|diplomatic)\s+relations)\s+"
        r"(?=(?:with\s{1,9}[^.;:,]{1,60}?\s{1,9})?(?:between|from)\s+\d)",
    ),
    *_patterns(
        "began",
        rf"(?<![\w-])(?:established|opened|entered\s+into|inaugurated)\s+{_TIES}",
        rf"(?<![\w-])established\s+{FULL}{_BARE}(?:{_OF_STATES}|(?=\s+(?:on|in)\s+(?:[A-Z]\w+\s+)?\d))",
        rf"\b{_LAST}\s+(?:\w+\s+){{0,4}}to\s+establish\s+{_TIES}",
        rf"\b{_LAST}\s+(?:\w+\s+){{0,4}}to\s+establish\s+{FULL}{_BARE}{_OF_STATES}",
        r"\b(?:signed\b[^.;:]{0,80}?|since\s+the|after\s+the)\s{1,9}"
        rf"establish(?:ing|ment\s+of)\s+{_TIES}",
        rf"\bestablishment\s+of\s+{_TIES}(?=\s+(?:with|between)\s[^.,;:]{{1,80}}?\s"
        r"(?:(?:is|was)\s+(?:on\s+)?(?:[A-Z]\w+\s+)?\d|began|started|took\s+place))",
        rf"\b{_TIES}{_PASSIVE}established\b",
        rf"\b(?P<ties>(?:diplomatic\s+)?{_NOUN})\b{_WITH_WHOM}{_WERE}(?:established|opened)\b",
        rf"\b(?P<ties>(?:(?:formal|official|diplomatic)\s+){{1,4}}{_NOUN})\s[^.;:]{{0,80}}?\bbegan\b",
        rf"\b(?P<ties>(?:(?:formal|official|diplomatic)\s+){{1,4}}{_NOUN}){_WITH_WHOM}\s+(?:started|commenced)\b",
    ),
    *_patterns(
        "exist",
        r"\b(?:has|have|maintains?|enjoys?|holds?|keeps?|retains?)\s+"
        rf"(?:(?!(?:no|not|never)\b)\w+\s+){{0,3}}?{_TIES}",
    ),
)
"""What the words for each kind are; where two overlap, the first counts."""

_ANY_TIES = re.compile(r"relation|ties|\bthey\b", re.IGNORECASE)
_ANNOUNCES = re.compile(
    r"\s*(?:with\b)?(?:\s+(?:the\s+)?(?:following|these)\b[^.:]{0,60})?\s*:", re.IGNORECASE
)
_DIPLOMATIC = re.compile(r"diplomatic|formal|official|governmental|them|they", re.IGNORECASE)
_ADVERBS = r"(?:(?:later|then|again|once|(?!briefly|temporarily)\w+ly)\s+){0,2}"
_JOINED = r"[^.;:]{0,120}?\b(?:and|but|then|until|yet)\s+"
_AND_RESUMED = re.compile(
    rf"{_JOINED}(?:(?:they\s+)?(?:were|was)\s+)?{_ADVERBS}{_RESUME}\b"
    r"(?!\s+(?:\w+\s+)?(?:relations|ties|them)\b)"
    rf"|[^.;:]{{0,120}}?(?:,|\bbefore|\band|\bwith)\s+{_ADVERBS}(?:"
    rf"{_RESUMING}\s+(?:(?:the|their|diplomatic)\s+)*(?:relations|ties|them)\b(?!\s+with\b)|"
    rf"(?:diplomatic\s+)?(?:relations|ties)\s+being\s+{_RESUME}\b|{_RESUME}(?=\s+(?:in|on)\s))",
    re.IGNORECASE,
)
_AND_BROKEN = re.compile(
    rf"{_JOINED}(?:(?:they|it)\s+)?(?:(?:were|was)\s+)?{_ADVERBS}{_BREAK}(?:\s+(?:them|off|again))*"
    r"(?=\s*(?:[.,;)]|$)|\s+(?:on|in|over|after|following|by|due|because)\b)"
    rf"|(?:(?!\b(?:and|but)\b)[^.;:,]){{0,60}},\s+{_ADVERBS}{_BREAK}(?:\s+again)?(?=\s+(?:in|on)\s)",
    re.IGNORECASE,
)
_ONWARD: dict[Kind, tuple[Kind, re.Pattern[str]]] = {
    "began": ("severed", _AND_BROKEN),
    "severed": ("resumed", _AND_RESUMED),
    "resumed": ("severed", _AND_BROKEN),
    "again": ("severed", _AND_BROKEN),
}
_REACH = 400
_NEAR = 24
_BEFORE_BARE = re.compile(
    r"(?:(?:^|[.,;:()\"“\n])\s*|\b(?:the|its|their|all|these|those|and|but|when|that|after|until|as|"
    rf"political|mutual|{_ADJECTIVES})\s+)$",
    re.IGNORECASE,
)


def find_words(document: Document, sentence: Part) -> list[tuple[Kind, re.Match[str]]]:
    """The patterns found in a sentence; where they overlap, the first in the table counts."""
    clean = document.source.clean
    if _ANY_TIES.search(clean, sentence.start, sentence.end) is None:
        return []
    found: list[tuple[Kind, re.Match[str]]] = []
    taken: dict[int, re.Match[str]] = {}
    for kind, pattern in _PATTERNS:
        match = pattern.search(clean, sentence.start, sentence.end)
        while match:
            ties = match.start("ties")
            is_taken = ties in taken and not (kind == "began" and _are_two(match, taken[ties]))
            announces = _ANNOUNCES.match(clean, match.end("ties"), sentence.end)
            if not (is_taken or announces or _is_of_another_kind(document, sentence, match)):
                taken[ties] = match
                found.append((kind, match))
            reach = match.end("ties") if is_taken else match.end()
            match = pattern.search(clean, reach, sentence.end)
    return sorted(found, key=lambda pair: pair[1].start())


def _are_two(active: re.Match[str], passive: re.Match[str]) -> bool:
    """Whether both hold of the same ties: "established ties with X, which were cut"."""
    return passive.start() == passive.start("ties") and active.end() == active.end("ties")


def onward(kind: Kind, clean: str, start: int, end: int) -> tuple[Kind, re.Match[str]] | None:
    """What goes on behind words of this kind: "were cut" "and resumed"."""
    following = _ONWARD.get(kind)
    again = following[1].match(clean, start, min(end, start + _REACH)) if following else None
    return (following[0], again) if following and again else None


def is_bare(match: re.Match[str]) -> bool:
    """Whether the words begin with relations that nothing calls diplomatic."""
    return match.start() == match.start("ties") and not _DIPLOMATIC.match(match["ties"])


def _is_of_another_kind(document: Document, sentence: Part, match: re.Match[str]) -> bool:
    """Whether bare relations are told to be of trade, say, by the word before them."""
    if not is_bare(match):
        return False
    low = max(sentence.start, match.start() - _NEAR)
    before = document.source.clean[low : match.start()]
    named = document.names_between(sentence, low - _REACH, match.start())[-1:]
    joins = named and not document.source.clean[named[0].end : match.start()].strip()
    return not (joins or _BEFORE_BARE.search(before))
