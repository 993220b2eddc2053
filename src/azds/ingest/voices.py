"""Whose deed a sentence tells: the state named before the verb, or that a pronoun stands for.

Asides ("like Romania", "which borders Ukraine") do not act. A second verb ("and
maintains", "and it has") has the subject of the first. A pronoun stands for the
state that the nearest earlier sentence of the same block speaks of; "the country"
with none before it is the subject of the article.
"""

import re
from bisect import bisect_left
from collections.abc import Set as AbstractSet

from azds.ingest.blocks import Block, Document, Named, Part

__all__ = ["doers", "is_second_verb", "joined_names", "names_from", "spoken_of"]

_REACH = 400
_SENTENCES = 6
_PAIR = 2
_NEAR = 24
_MOST_NAMES = 300
_ASIDE = re.compile(
    r"\([^()]{0,200}\)"
    r"|,\s+(?:like|unlike|along\s+with|as\s+well\s+as|as\s+an?|together\s+with|besides|including|"
    r"alongside|which|who|whose|where|when|after|before|following|despite|with|under|as\s+the|"
    r"an?|one\s+of|formerly|then|though|although)\s[^,;]{0,200},"
    r"|(?:^|(?<=[;:]))\s*(?:Like|Unlike|Along\s+with|Together\s+with|Besides|Apart\s+from|As\s+with|"
    r"After|Following|Despite|Since|Before|Under|With)\s(?!(?:\w+\s){0,2}\d{4}\s+[A-Z])[^,;]{0,200},"
    r"|(?:^|(?<=[;:]))\s*(?:In|At|From|Within)\s+(?:the\s+)?[A-ZÀ-Þ][\w'’-]*"
    r"(?:\s+(?:and\s+)?[A-ZÀ-Þ][\w'’-]*){0,4},"
)
_COORDINATE = re.compile(
    r"(?:,|\b(?:and|but|or)\b)\s+(?:(?:also|later|then|since|subsequently|has|have|\w+ly)\s+)*$"
)
_AND = re.compile(r"\s*(?P<comma>,)?\s*(?:\band\b|&)\s*(?:the\s+)?", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s*(?:the\s+)?", re.IGNORECASE)
_GOVERNED = re.compile(
    r"(?:\b(?:with|to|from|in|for|by|against|over|towards|between|"
    r"(?<!nations )(?<!countries )(?<!states )(?<!governments )(?<!republics )(?<!presidents )of)|"
    r"\w(?:ed|ing|es))\s+(?:the\s+)?$"
)
_LEAD = re.compile(
    r"(?:(?:both|the|its|neighbou?rs?|neighbou?ring|nearby|(?:north|south|east|west)\w{0,3}|of|,),?\s+)*",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"\s*(?:\((?!\s*(?:suspend|sever|brok))[^()]{0,40}\)\s*)?(?P<comma>,)?\s*(?P<and>\b(?:and|or)\b|&)?\s*(?:with\s+)?(?:(?:the|neighbou?ring)\s+)?",
    re.IGNORECASE,
)
_OWN_VERB = re.compile(
    r"\s+(?:(?:also|later|then|soon|[a-z]+ly)\s+)?(?:(?:was|is|has|had|does|did)(?!\s+been\b)|sent|opened|"
    r"became|took|gave|made|left|[a-z]{2,20}ed(?!\s+(?:in|on|by|since|from|at|to)\b))\s"
)
_BETWEEN = re.compile(r"\bbetween\s+$", re.IGNORECASE)
_CLOSES = re.compile(r"\s*(?:[.;:)]|$)")
_PRONOUN = re.compile(r"\b(?:it|they)\b", re.IGNORECASE)
_THE_COUNTRY = re.compile(
    r"\bthe\s+(?:country|nation|republic|state|islands?|kingdom|principality|archipelago|"
    r"island\s+(?:country|nation|state))\b",
    re.IGNORECASE,
)
_IT = re.compile(r"It\s")
_GOES_ON = re.compile(rf"(?:It|They)\b|{_THE_COUNTRY.pattern}", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:(?:In|On|From|Since|By|As\s+of|Between|Until)\s[^,]{0,40}\d{4}[^,]{0,10},?\s+)?"
    r"(?:[A-Z][a-z]+(?:ed|ing)\s[^,;]{0,60},\s+)?(?:The\s+)?(?:(?:Republic|Kingdom|[Gg]overnment|[Pp]arliament)\s+of\s+)?(?:the\s+)?"
)


def doers(  # noqa: PLR0913 - a place in a document takes three names
    document: Document,
    block: Block,
    sentence: Part,
    at: int,
    *,
    subject: str,
    apart: AbstractSet[str | None] = frozenset(),
) -> list[Named]:
    """The states that do what the verb at `at` tells; several where "and" joins them.

    `apart` are states that it is done to. Empty where the sentence leaves it open.
    """
    low = max(sentence.start, at - _REACH)
    words = _without_asides(document.source.clean[low:at])
    near = [n for n in document.names_between(sentence, low, at) if n.entity not in apart]
    acting = [named for named in near if words[named.start - low].strip()]
    pronoun = _PRONOUN.search(words) or _THE_COUNTRY.search(words)
    if acting and not (_COORDINATE.search(words) or _PRONOUN.search(words, acting[-1].end - low)):
        return joined_names(document, sentence, acting)
    if acting and (pronoun is None or acting[0].start < low + pronoun.start()):
        return _enumerated(document, sentence, acting[0].start)[0] or acting[:1]
    if pronoun is None:
        return []
    named = spoken_of(document, block, sentence)
    ahead = [one for one in near if one.start < low + pronoun.start()]
    if (
        named is None
        and not (ahead or block.table)
        and _means_subject(document, block, sentence, subject)
    ):
        named = Named(sentence.start, sentence.start, subject)
    return [named] if named else []


def is_second_verb(document: Document, sentence: Part, at: int) -> bool:
    """Whether the verb at `at` follows another one of the same subject: "and maintains"."""
    words = document.source.clean[max(sentence.start, at - _REACH) : at]
    return _COORDINATE.search(words) is not None


def joined_names(document: Document, sentence: Part, names: list[Named]) -> list[Named]:
    """The last of these names, with those before it that an enumeration with "and" joins to it.

    In "with X and Y has" and "saw X, and Y has" the "and" joins no names.
    """
    clean = document.source.clean
    group = [names[-1]]
    joined = _AND.fullmatch(clean, names[-2].end, names[-1].start) if len(names) > 1 else None
    if joined:
        group.insert(0, names[-2])
        for named in reversed(names[:-2]):
            if not _COMMA.fullmatch(clean, named.end, group[0].start):
                break
            group.insert(0, named)
    is_clause = joined is not None and joined["comma"] is not None and len(group) == _PAIR
    low = max(sentence.start, group[0].start - _NEAR)
    governed = _GOVERNED.search(clean[low : group[0].start])
    return names[-1:] if is_clause or governed else group


def names_from(document: Document, sentence: Part, at: int) -> list[Named]:
    """The states of the enumeration that starts at `at`; empty if no name stands there.

    Commas alone join names only where the enumeration closes the sentence. A last name
    that has a verb of its own opens a new clause ("recognized X and Y was"), but behind
    "between".
    """
    names, ands = _enumerated(document, sentence, at)
    clean = document.source.clean
    is_pair = _BETWEEN.search(clean[max(sentence.start, at - _NEAR) : at])
    if len(names) > 1 and not is_pair and _OWN_VERB.match(clean, names[-1].end, sentence.end):
        return names[: next((sure for sure in reversed(ands) if sure < len(names)), 1)]
    return names


def _enumerated(document: Document, sentence: Part, at: int) -> tuple[list[Named], list[int]]:
    """The names of an enumeration, and how many there are up to each "and"."""
    clean = document.source.clean
    names = document.names(sentence)
    first = bisect_left(names, at, key=lambda named: named.start)
    lead = _LEAD.match(clean, at, sentence.end)
    if lead is None or first == len(names) or names[first].start > lead.end():
        return [], []
    found = [names[first]]
    ands = [1]
    for named in names[first + 1 : first + _MOST_NAMES]:
        joint = _JOINT.fullmatch(clean, found[-1].end, named.start)
        if joint is None or not (joint["comma"] or joint["and"]):
            break
        found.append(named)
        if joint["and"]:
            ands.append(len(found))
    closed = found[-1].end >= sentence.end or _CLOSES.match(clean, found[-1].end, sentence.end)
    return found if closed else found[: ands[-1]], ands


def spoken_of(document: Document, block: Block, sentence: Part) -> Named | None:
    """The state that the nearest earlier sentence of the block with names speaks of.

    None where that sentence names several and opens with none of them. A
    sentence that itself opens with a pronoun goes on about what came before.
    """
    for earlier in reversed(_earlier(document, block, sentence)):
        names = document.names(earlier)
        if names and not _GOES_ON.match(document.source.clean, earlier.start):
            alone = all(named.entity == names[0].entity for named in names)
            opens = _OPENING.fullmatch(document.source.clean, earlier.start, names[0].start)
            return names[0] if alone or opens else None
    return None


def _means_subject(document: Document, block: Block, sentence: Part, subject: str) -> bool:
    """Whether "the country" stands here, or before "it", and no state was named before.

    An "It" that opens a paragraph, under a heading that names no other state, means it too.
    """
    earlier = _earlier(document, block, sentence)
    clean = document.source.clean
    going_on = [part for part in earlier if _GOES_ON.match(clean, part.start)]
    named = any(document.names(part) for part in earlier if part not in going_on)
    opening = sentence if not earlier else going_on[0] if len(going_on) == len(earlier) else None
    if opening and _IT.match(clean, opening.start) and block.kind == "paragraph":
        return document.topic(block, subject) is None
    return not named and any(
        _THE_COUNTRY.search(clean, part.start, min(part.end, part.start + _REACH))
        for part in (*going_on, sentence)
    )


def _earlier(document: Document, block: Block, sentence: Part) -> list[Part]:
    """The last few sentences of the block before this one."""
    sentences = document.sentences(block)
    position = bisect_left(sentences, sentence.start, key=lambda part: part.start)
    return sentences[max(0, position - _SENTENCES) : position]


def _without_asides(words: str) -> str:
    """The words with asides blanked, so that offsets stay."""
    return _ASIDE.sub(lambda aside: " " * len(aside[0]), words)
