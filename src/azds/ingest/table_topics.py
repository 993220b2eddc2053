"""What a table with a column of states is about: relations with them, or something else.

Visits, memberships, agreements, trade, visas, ambassadors and polls are listed in tables with
a column of states and one of dates, too. The heads decide, then the caption, the line right
above and the heading. A head that names relations or ties settles it, so that a table "Country,
Formal Relations Began, Notes" is of relations wherever it stands. Without such a head no word
may tell of another subject, and beside a bare "Date" no column may hold anything unknown;
but where the words over the table tell of relations, missions may stand behind the date.
"""

import re
from collections.abc import Iterator, Sequence

from azds.ingest.blocks import Block, Document
from azds.ingest.grids import head_role, is_date_head, is_state_head

__all__ = ["is_of_relations", "lists_relations", "relation_rows"]

_RELATIONS = re.compile(
    r"\b(?<!trade )(?<!economic )(?<!commercial )(?<!consular )(?<!cultural )(?<!military )"
    r"(?<!public )(?:relations?|ties|relationships?)(?![a-z])|^formal\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"\b(?:establish\w*|beg[au]n|commence\w*|initiated)\b", re.IGNORECASE)
_AGAIN = re.compile(r"\b(?:re-?\)?\s?establish\w*|resumed|restored|normali[sz]ed)\b", re.IGNORECASE)
"""What is told of relations alone."""
_MISSION = (
    r"embass(?:y|ies)|consul\w*|missions?|ambassadors?|high commission\w*|envoys?|accredit\w*|"
    r"representatives?"
)
_MISSIONS = re.compile(rf"\b(?:{_MISSION})\b", re.IGNORECASE)
"""Of what else a table of states tells, what a list of relations may tell too, behind the date."""
_OTHER = re.compile(
    rf"\b(?:{_MISSION}|credentials?|"
    r"visit(?:s|ed|ors?)?|trips?|tours?|travel\w*|summits?|meetings?|conferences?|visas?|passports?|"
    r"member(?:s|ships?)?|appli(?:ed|cations?)|admi(?:ssions?|tted)|accessions?|"
    r"joined|observers?|trade|trading|exports?|imports?|economic|commercial|investments?|aid|loans?|"
    r"agreements?|treat(?:y|ies)|accords?|protocols?|conventions?|pacts?|sign(?:ed|ing)|signatures?|"
    r"ratifi\w*|in(?:to)? force|sanctions?|"
    r"trust|polls?|opinions?|(?:un)?favou?rabl[ey]|approv\w*|vot(?:es?|ed|ing)|"
    r"purposes?|locations?|venues?|cit(?:y|ies)|troops|peacekeep\w*|recogni\w*|independence|refugees|"
    r"events?|incidents?|guests?|hosts?|flights?|donat\w*|presidents?|leaders?|ministers?|delegations?|sister|twin)\b",
    re.IGNORECASE,
)
"""Words for what else a table of states tells."""
_WITH_WHOM = re.compile(
    r"\b(?:non-?\s?)?(?:UN|United Nations) (?:members?|observers?)(?: states?)?\b"
    r"|\b(?:non-?\s?)?(?:members?|observers?) (?:(?:states|countries) )?of the "
    r"(?:UN|United Nations)\b"
    r"|\b(?:since|after|before|following|post|pre)[ -](?:the )?independence\b",
    re.IGNORECASE,
)
"""What stands over lists of relations too: which states they are, or from when on."""
_POINTER = re.compile(
    r"(?:see|main articles?|(?:for )?(?:more|further) (?:information|details|reading))\b",
    re.IGNORECASE,
)
"""How a line begins that points to other articles, whatever they are about."""
_BODY = re.compile(r"\W*(?:international\s+)?organi[sz]ations?\W*", re.IGNORECASE)
_BESIDE = re.compile(
    r"\W*|(?:(?:ref(?:erence)?|source|citation|link|region|continent|flag|note)(?:s|\(s\))?|"
    r"(?:current )?status|level|capital(?: city)?|(?:further|additional) information|"
    r"(?:main )?articles?|see also|[ /])+\W*",
    re.IGNORECASE,
)
"""Heads of columns that a list of relations may have beside the usual ones."""
_LONGEST_HEAD = 60
_LONGEST_LINE = 160
_LONGEST = 1_000


def is_of_relations(heads: Sequence[str], over: Sequence[str] = ()) -> bool:
    """Whether a table with these heads, and these words over it, lists relations.

    >>> is_of_relations(["#", "Country", "Date"]), is_of_relations(["Country", "Date", "Purpose"])
    (True, False)
    >>> is_of_relations(["Country", "Date", "Embassy"], ["Diplomatic relations"])
    True
    >>> is_of_relations(["Country", "Since", "Remarks"], ["Visa-free travel"])
    False
    """
    if any(_RELATIONS.search(head) or _AGAIN.search(head) for head in heads):
        return True
    told = any(_RELATIONS.search(words) for words in over)
    if not told and any(_tells_of_other(words) for words in over):
        return False
    numbers, beside = _divided([head.strip(" :.*") for head in heads])
    dated = [head for head in beside if is_date_head(head)]
    has_notes = any(head_role(head) == "notes" for head in beside)
    if has_notes or (told and dated):
        beside = [head for head in beside if head_role(head) != "recognized"]
    if told and dated:
        at = beside.index(dated[0])
        beside = [*beside[:at], *(head for head in beside[at:] if not _MISSIONS.search(head))]
    if any(_OTHER.search(head) for head in beside):
        return False
    is_usual = all(_is_usual(head) for head in beside)
    is_of_bodies = any(_BODY.fullmatch(head) for head in heads)
    if any(_BEGINS.search(head) for head in dated) and (is_usual or not is_of_bodies):
        return True
    if (dated and is_of_bodies) or not is_usual:
        return told and bool(dated)
    return told or has_notes or bool(dated or numbers)


def relation_rows(document: Document) -> Iterator[tuple[int | None, Block]]:
    """The rows of the tables that list relations, in order, each with where its header stands."""
    head: int | None = None
    lists = True
    for position, block in enumerate(document.blocks):
        if block.kind == "head":
            head, lists = position, lists_relations(document, position)
        elif block.kind == "row" and lists:
            yield head, block


def lists_relations(document: Document, position: int) -> bool:
    """Whether the table lists relations whose header stands at a position among the blocks."""
    head = document.blocks[position]
    if not head.cells:  # the columns of this form run together, captions look like headings
        words = document.words(head)
        before = document.blocks[position - 1] if position else head
        over = document.words(before) if before.kind == "heading" else ""
        return _RELATIONS.search(words) is not None or not _tells_of_other(f"{over} {words}")
    heads = [document.words(cell) for cell in head.cells if cell.column == "head"]
    captions = [document.words(cell) for cell in head.cells if cell.column == "caption"]
    return is_of_relations(heads, [*captions, *_over(document, position)])


def _over(document: Document, position: int) -> Iterator[str]:
    """The caption of a table, the line right above it where it is no sentence, the heading."""
    heading = document.heading_of(document.blocks[position])
    if heading is not None:
        yield heading[:_LONGEST]
    for at in range(position - 1, -1, -1):
        block = document.blocks[at]
        words = document.words(block)[:_LONGEST]
        if block.kind == "other" and not block.table:
            yield words
        elif block.kind == "paragraph" and not block.table and not _POINTER.match(words):
            is_sentence = words.endswith(".") or len(words) > _LONGEST_LINE
            if not is_sentence or _RELATIONS.search(words):
                yield words
            return
        elif block.kind != "notice" and not _POINTER.match(words):
            return


def _divided(heads: Sequence[str]) -> tuple[list[str], list[str]]:
    """The heads of numbers before the column of states, and all others but those of states."""
    state = next((at for at, head in enumerate(heads) if is_state_head(head)), len(heads))
    numbers = [head for head in heads[:state] if head_role(head) == "number"]
    others = [head for head in heads[:state] if head_role(head) != "number"] + list(heads[state:])
    return numbers, [head for head in others if not is_state_head(head)]


def _tells_of_other(over: str) -> bool:
    """Whether words over a table tell of another subject."""
    return _OTHER.search(_WITH_WHOM.sub(" ", over)) is not None


def _is_usual(head: str) -> bool:
    return (
        is_date_head(head)
        or head_role(head) == "notes"
        or (len(head) <= _LONGEST_HEAD and _BESIDE.fullmatch(head) is not None)
    )
