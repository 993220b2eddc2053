"""The actors of words of stance: who in a sentence utters or does them."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace

from azds.ingest.lexicons import people_words
from azds.ingest.mentions import Mention, Sentence, settled
from azds.ingest.stances import Anchor

__all__ = ["companion", "listed_behind", "spread", "subject_of", "together"]

_JOINS = re.compile(r"[okq]{0,2}[cai][cadxiAFokqN]{0,7}")
_TRAILS = re.compile(r"[cadxAFokq]{1,8}")
_FRESH = re.compile(r".*[wcai][qw]?[dAxFo]{0,4}q?$")
_PRONOUN = re.compile(r"y[xq]{0,3}$")
_LEAD_WITH = re.compile(r"\b(?:along|together|jointly)\s+with\b", re.IGNORECASE)
_WITH = re.compile(r"\bwith\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_MODAL = re.compile(r"\s+(?:may|might|would|will|could|must|should)\b")
_CITED = re.compile(r"\s{4,}(?=[^\W\d_a-z])")
_FEW = 25
_LONGEST_LINK = 4


def subject_of(
    text: str,
    sentence: Sentence,
    anchor: Anchor,
    before: int,
    inherits: bool,  # noqa: FBT001
) -> list[Mention]:
    """The actors named between two places that may be the subject of these words; may be empty."""
    low = bisect_left(sentence.mentions, before, key=lambda m: m.start)
    high = bisect_right(sentence.mentions, anchor.start, key=lambda m: m.end)
    owned = "main role" in text[anchor.start : anchor.end]
    for at in range(high - 1, max(low, high - _FEW) - 1, -1):
        mention = sentence.mentions[at]
        if not mention.free or (mention.owner and not owned):
            continue
        tail = sentence.between(mention.end, anchor.start)
        group = _group(sentence, at, low)
        if before > sentence.start and not _opens_clause(
            text, sentence, before, group, tail, inherits
        ):
            continue
        if before == sentence.start and inherits and "y" in tail[-4:]:
            continue
        if before == sentence.start and _PRONOUN.search(tail) and not set(tail) & set("rh"):
            return []
        return group
    return []


def _opens_clause(  # noqa: PLR0913, PLR0917 - the words around a name
    text: str,
    sentence: Sentence,
    before: int,
    group: list[Mention],
    tail: str,
    inherits: bool,  # noqa: FBT001
) -> bool:
    """Whether a name after words of stance opens a clause of its own."""
    start = group[0].start
    cited = [m.end() for m in _CITED.finditer(text, before, start + 1)]
    if cited:
        return "y" not in tail and len(tail) <= _FEW
    head = sentence.between(before, start)
    if "h" in head[-3:] or not _FRESH.match(head):
        return False
    if inherits and _MODAL.match(text, group[-1].end):
        return False
    return tail.startswith("r") or ("y" not in tail and len(tail) <= _FEW)


def _group(sentence: Sentence, at: int, low: int) -> list[Mention]:
    """The mention at a position with those before it that are joined to it, in order."""
    group = [sentence.mentions[at]]
    while at > low:
        link = sentence.between(sentence.mentions[at - 1].end, sentence.mentions[at].start)
        earlier = sentence.mentions[at - 1]
        if not _JOINS.fullmatch(link) or not earlier.free or earlier.owner or "i" in link[-2:]:
            break
        at -= 1
        group.append(earlier)
    last = group[0]
    if last.people and last.place:  # "X, Y and Z living in W"
        group = [
            replace(one, name=settled(one.people, last.place), place=last.place)
            if one.people and not one.place else one
            for one in group
        ]  # fmt: skip
    return group[::-1]


def listed_behind(sentence: Sentence, start: int) -> list[Mention]:
    """The actors named in a list that starts at a place."""
    at = bisect_left(sentence.mentions, start, key=lambda m: m.start)
    group: list[Mention] = []
    while at < len(sentence.mentions):
        mention = sentence.mentions[at]
        link = sentence.between(group[-1].end if group else start, mention.start)
        if group and not (_TRAILS.fullmatch(link) and set(link) & set("ca")):
            break
        if not group and (len(link) > _LONGEST_LINK or set(link) & set("wrhc")):
            break
        group.append(replace(mention, free=True))
        at += 1
    return group


def companion(text: str, sentence: Sentence, anchor: Anchor) -> list[Mention]:
    """Whom "with" names right before a participle: "with many X chanting"."""
    at = bisect_right(sentence.mentions, anchor.start, key=lambda m: m.end) - 1
    if at < 0:
        return []
    mention = sentence.mentions[at]
    near = not text[mention.end : anchor.start].strip()
    return (
        [mention] if near and _WITH.search(text, max(0, mention.start - 30), mention.start) else []
    )


def together(text: str, sentence: Sentence, anchor: Anchor) -> list[Mention]:
    """Those of whom the sentence says that the subject acted along with them."""
    lead = _LEAD_WITH.search(text, sentence.start, anchor.start)
    if lead is None:
        return []
    return [
        m for m in sentence.mentions
        if lead.end() <= m.start and m.end <= anchor.start and m.kind != "person" and m.free
    ]  # fmt: skip


def spread(sentence: Sentence, anchor: Anchor, actors: list[Mention]) -> list[Mention]:
    """Communities without a place get those that the clause names: one actor for each place."""
    spread: list[Mention] = []
    for actor in actors:
        places = _places(sentence, anchor) if actor.people and not actor.place else []
        places = [
            one
            for one in places
            if people_words().get(one.entity or "", ("", ""))[1] != actor.people
        ]
        if not places:
            spread.append(actor)
        for place in places:
            where = replace(actor, name=settled(actor.people, place.name), place=place.name)
            spread.append(replace(where, start=place.start, end=place.end))
    return spread


def _places(sentence: Sentence, anchor: Anchor) -> list[Mention]:
    """The states, else the places, in a list behind "in".

    At the head of the sentence or, for a protest, behind its words.
    """
    ranges = [(sentence.start, anchor.start)]
    if anchor.stance == "protest":
        ranges = [(anchor.start, sentence.end), *ranges]
    for low, high in ranges:
        inside = [m for m in sentence.mentions if low <= m.start and m.end <= high and not m.people]
        for at, mention in enumerate(inside):
            gap = sentence.between(low if not at else inside[at - 1].end, mention.start)
            opens = re.fullmatch(r".?.?nd?", gap) is not None and low == sentence.start
            if not opens and not (gap.rstrip("d").endswith("n") or gap.endswith("xf")):
                continue
            if low == sentence.start and not opens:
                continue
            chain = [mention]
            for following in inside[at + 1 :]:
                link = sentence.between(chain[-1].end, following.start)
                if not link or not re.fullmatch(r"c?a?d?", link):
                    break
                chain.append(following)
            named = [m for m in chain if m.kind == "state"]
            if named or opens:
                return named or chain
    return []
