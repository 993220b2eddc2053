"""What a sentence tells of membership: is a member, joined, left; and of which bodies.

A sentence may go on with another standing ("and an observer of X"), and ends its list
where a clause begins ("which it helped to found", "and has hosted").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from azds.entities import bodies, states
from azds.ingest.blocks import Named, Part

__all__ = ["Telling", "bodies_left", "joined", "memberships"]

_ADVERB = (
    r"(?:(?:also|currently|both|now|still|already|presently|officially|formally|subsequently)\s+)*"
)
_RANK = (
    r"(?:(?:full|active|founding|original|charter|permanent|proud|key|leading|early|standing|dialogue|"
    r"sovereign|equal|regular|(?P<lesser>associate)|first|second|third|[a-z]+(?:th|st)|\d+(?:st|nd|rd|th|d))"
    r"\s+(?:and\s+)?){0,4}"
)
_MEMBER = (
    r"(?P<standing>member|observer|partner)s?(?:[\s-]+(?:members?|states?|countr(?:y|ies)|nations?))?"
    r"\s+(?:of|in|at|to|on)(?:\s+|(?-i:(?=[A-ZÀ-Þ])))"
)
_ONE = r"(?:one\s+of\s+)?(?:an?\s+|the\s+|its\s+)?"
_TELLS = re.compile(
    rf"\b(?:(?:is|are|became|becomes|remains?|(?:has|have)\s+{_ADVERB}(?:been|become))\s+{_ADVERB}"
    rf"|was\s+{_ADVERB}(?=(?:one\s+of\s+the\s+|an?\s+|the\s+)?(?:founding|original|charter)\s))"
    rf"{_ONE}{_RANK}{_MEMBER}"
    r"|\b(?:has|have|holds?|enjoys?|maintains?|retains?|received|gained|obtained|"
    r"(?:was|were|been)\s+(?:granted|given|accorded))\s+(?:an?\s+|permanent\s+|official\s+){0,2}"
    r"(?P<granted>observer)\s+status\s+(?:of|in|at|to|with|on)\s+"
    r"|\b(?:shares?|holds?|maintains?|has|have|enjoys?|gained|obtained|acquired)\s+"
    r"(?:(?:an?|common|full|active|current|permanent)\s+){0,2}memberships?\s+(?:of|in|with|to)\s+"
    r"|\b(?:is|are)\s+(?:an?\s+)?(?:party|participant)\s+(?:to|in)\s+[^.;:,]{0,80}?,?\s{1,9}including\s+"
    r"|\bbelongs?\s+to\s+(?=the\s+[A-Z]|[A-Z])",
    re.IGNORECASE,
)
_A_COUNTRY = re.compile(
    r"\b(?:is|are)\s+(?:an?|the|one\s+of)\s+(?:[\w'’-]+\s+){0,5}?"
    r"(?:country|state|nation|republic|kingdom|island|archipelago|monarchy|city-state|microstate)\b",
    re.IGNORECASE,
)
_AND_MEMBER = re.compile(
    rf"(?:[,;]|\s(?:and|as\s+well\s+as)\b)\s{{0,9}}(?:and\s+)?{_ADVERB}{_ONE}{_RANK}{_MEMBER}",
    re.IGNORECASE,
)
_OF_MEMBER = re.compile(
    rf"\b(?:is|are|became|becomes|(?:has|have)\s+(?:been|become))\s+{_ADVERB}(?:an?|the)\s+{_RANK}"
    r"(?P<body>(?-i:[A-ZÀ-Þ])[^.;:,]{1,80}?)\s+members?\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\s(?:(?<!along )(?<!together )with|which|that|who|whose|where|when|while|although|but|"
    r"after|upon|(?<!the )following|without|because|thanks|despite|until|so|"
    r"and\s+(?:\w+ly\s+|also\s+)?(?:is|are|was|were|has|have|had|plays?|played|participate[sd]?|host(?:s|ed)|"
    r"supports?|supported|served?s?|maintain(?:s|ed)|cooperates?|contribute[sd]?|signed|joined|recogni[sz]e[sd]?|"
    r"t(?:akes|ook)|h(?:olds|eld)|works?|remains?|became|enjoys?|seeks?|withdrew))\b"
)
_JOINS = re.compile(
    r"\b(?:(?:re-?)?joined|acceded\s+to|entered\s+(?=the\s+[A-Z]|[A-Z])|(?:was|were)\s+(?:re-?)?admitted\s+(?:in)?to|"
    r"(?:became|was)\s+the\s+(?:first|second|third|last|[a-z]+th)\s+[^.;,]{0,40}?\sto\s+join)\s+(?:the\s+)?",
    re.IGNORECASE,
)
_LEAVES = re.compile(
    r"\b(?:withdrew|(?:has|have|was)\s+withdrawn|left|quit|seceded|resigned|was\s+expelled|"
    r"ceased\s+to\s+be\s+an?\s+member|(?:is|are)\s+no\s+longer\s+an?\s+member)\s+"
    r"(?:its\s+membership\s+)?(?:from\s+|of\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:\s*\([^()]{1,40}\))?(?P<date>,?\s+(?:in|on|since)\s+(?!\d{1,2}\s*,)[\w\s]{0,20}(?:\d{1,2},\s*)?\d{4}\b)?"
)
_NEXT = re.compile(
    r"\s*(?:,\s*(?:and\s+|followed\s+by\s+)?|\s(?:and|as\s+well\s+as)\s+)(?:the\s+)?"
)
_END = re.compile(
    r"\s*(?:[.;)]|$|,\s+(?:and|becoming|while)\s|,?\s+(?:when|after|upon|following)\s|"
    r"\s+and\s+(?:has|have|is|was|became|later)\s|\s+as\s+(?:an?|its)\s+[\w\s-]{0,20}member)"
)
_LEFT_END = re.compile(r"\s*(?:[.,;)]|$|(?:in|on|at|and|but|after|because|when|over|due|as)\b)")
_OPEN_END = re.compile(r"\s(?:and|it|they|also)?\s*$")
_GAP = 80
_REACH = 400
_MOST = 20


@dataclass(frozen=True, slots=True)
class Telling(Part):
    """Words that tell a standing, and the enumeration behind them.

    Attributes:
        verb: Where the words stand that say whose standing it is.
        standing: `member`, `observer` or `partner`; empty for an associate, who is none of these.
        names: The enumeration of bodies.
    """

    verb: int
    standing: str
    names: Part


def memberships(clean: str, sentence: Part) -> Iterator[Telling]:
    """Each standing that a sentence tells with an enumeration of bodies, in order."""
    anchors = {
        match.start(): match for match in _A_COUNTRY.finditer(clean, sentence.start, sentence.end)
    }
    anchors |= {
        match.start(): match for match in _TELLS.finditer(clean, sentence.start, sentence.end)
    }
    stop = sentence.end
    found: list[list[Telling]] = []
    for at in sorted(anchors, reverse=True):
        closes = _closing(clean, sentence.start, at, sentence.end)
        found.append(list(_chain(clean, anchors[at], closes or stop)))
        stop = stop if closes else at
    for match in _OF_MEMBER.finditer(clean, sentence.start, sentence.end):
        if not match["lesser"]:
            body = Part(*match.span("body"))
            found.append([Telling(match.start(), match.end(), match.start(), "member", body)])
    yield from sorted((told for chain in found for told in chain), key=lambda told: told.start)


def _closing(clean: str, start: int, at: int, stop: int) -> int:
    """Where the bracket closes in which a place of a sentence stands; 0 if in none."""
    low = max(start, at - _REACH)
    is_inside = clean.rfind("(", low, at) > clean.rfind(")", low, at)
    return max(clean.find(")", at, min(stop, at + _REACH)), 0) if is_inside else 0


def _chain(clean: str, anchor: re.Match[str], stop: int) -> Iterator[Telling]:
    """What the words at `anchor` tell, and what "and a member of" goes on with."""
    verb, told = anchor.start(), anchor
    clause = _CLAUSE.search(clean, told.end() - 1, stop)
    while True:
        is_country = told.re is _A_COUNTRY
        reach = min(clause.start() if clause else stop, told.end() + _GAP if is_country else stop)
        further = _AND_MEMBER.search(clean, told.end(), reach)
        end = (
            further.start()
            if further
            else told.end() + len(_OPEN_END.sub("", clean[told.end() : reach]))
        )
        if not is_country:
            yield Telling(told.start(), told.end(), verb, _standing(told), Part(told.end(), end))
        if further is None or _ends_in_state(clean, told.end(), end, is_country=is_country):
            return
        told = further


def _standing(match: re.Match[str]) -> str:
    named = match.groupdict()
    words = named["standing"] or named.get("granted") or "member"
    return "" if named["lesser"] else words.casefold()


def _ends_in_state(clean: str, start: int, end: int, *, is_country: bool) -> bool:
    """Whether a state is named last, so that what follows is said of it."""
    low = (
        start
        if is_country
        else max(start, clean.rfind(",", start, end), clean.rfind(" and ", start, end))
    )
    found = states().find(clean, low, end)
    return any(bodies().first(clean, at, end) is None for at, _, _ in found)


def joined(clean: str, sentence: Part) -> Iterator[tuple[int, list[Named]]]:
    """Where it says that somebody joined bodies, and which; not "joined X in a boycott"."""
    for match in _JOINS.finditer(clean, sentence.start, sentence.end):
        names, end, is_dated = _enumerated(clean, match.end(), sentence.end)
        if names and (is_dated or _END.match(clean, end, sentence.end)):
            yield match.start(), names


def bodies_left(clean: str, sentence: Part) -> Iterator[tuple[int, list[Named]]]:
    """Where it says that somebody left bodies, and which."""
    for match in _LEAVES.finditer(clean, sentence.start, sentence.end):
        names, end, _ = _enumerated(clean, match.end(), sentence.end)
        if names and _LEFT_END.match(clean, end, sentence.end):
            yield match.start(), names


def _enumerated(clean: str, at: int, stop: int) -> tuple[list[Named], int, bool]:
    """The bodies of an enumeration that starts here, where it ends, and whether a date ends it."""
    names: list[Named] = []
    end, is_dated = at, False
    while len(names) < _MOST and (found := bodies().first(clean, at, stop)):
        names.append(Named(at, found[0], found[1]))
        tail = _TAIL.match(clean, found[0], stop)
        end, is_dated = (tail.end(), tail["date"] is not None) if tail else (found[0], False)
        following = _NEXT.match(clean, end, stop)
        if following is None:
            break
        at = following.end()
    return names, end, is_dated
