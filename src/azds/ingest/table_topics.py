"""What a table with a column of states is about: relations with them, or something else.

Visits, memberships, agreements, trade, visas, ambassadors and polls are listed in tables with
a column of states and one of dates, too. The heads decide, then the caption, the line right
above and the heading. A head that names relations or ties settles it, so that a table "Country,
Formal Relations Began, Notes" is of relations wherever it stands. Without such a head no word
may tell of another subject, and beside a bare "Date" no column may hold anything unknown.
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
_OTHER = re.compile(
    r"\b(?:visit(?:s|ed|ors?)?|trips?|tours?|travel\w*|summits?|meetings?|conferences?|visas?|passports?|"
    r"member(?:s|ships?)?|appli(?:ed|cations?)|admi(?:ssions?|tted)|accessions?|"
    r"joined|observers?|trade|trading|exports?|imports?|economic|commercial|investments?|aid|loans?|"
    r"agreements?|treat(?:y|ies)|accords?|protocols?|conventions?|pacts?|signed|signatures?|"
    r"ratifi\w*|in(?:to)? force|sanctions?|embass(?:y|ies)|consul\w*|missions?|ambassadors?|"
    r"envoys?|accredit\w*|representatives?|trust|polls?|opinions?|(?:un)?favou?rabl[ey]|approv\w*|vot(?:es?|ed|ing)|"
    r"purposes?|locations?|venues?|cit(?:y|ies)|troops|peacekeep\w*|recogni\w*|independence|refugees|"
    r"presidents?|leaders?|ministers?|delegations?|sister|twin)\b",
    re.IGNORECASE,
)
"""Words for what else a table of states tells."""
_BODY = re.compile(r"\W*(?:international\s+)?organi[sz]ations?\W*", re.IGNORECASE)
_BESIDE = re.compile(
    r"\W*|(?:ref(?:erence)?s?|sources?|citations?|links?|regions?|continents?|status|flags?|"
    r"see also)\W*",
    re.IGNORECASE,
)
"""Heads of columns that a list of relations may have beside the usual ones."""
_LONGEST_LINE = 160
_LONGEST = 1_000


def is_of_relations(heads: Sequence[str], over: Sequence[str] = ()) -> bool:
    """Whether a table with these heads, and these words over it, lists relations.

    >>> is_of_relations(["#", "Country", "Date"]), is_of_relations(["Country", "Date", "Purpose"])
    (True, False)
    >>> is_of_relations(["Country", "Since", "Remarks"], ["Visa-free travel"])
    False
    """
    if any(_RELATIONS.search(head) or _AGAIN.search(head) for head in heads):
        return True
    beside = [words for head in heads if not is_state_head(words := head.strip(" :.*"))]
    has_notes = any(head_role(head) == "notes" for head in beside)
    told = any(_RELATIONS.search(words) for words in over)
    if not told and any(_OTHER.search(words) for words in over):
        return False
    if has_notes:
        beside = [head for head in beside if head_role(head) != "recognized"]
    if any(_OTHER.search(head) for head in beside):
        return False
    if any(_BEGINS.search(head) for head in beside):
        return True
    dated = [head for head in beside if is_date_head(head)]
    joins = dated and any(_BODY.fullmatch(head) for head in heads)
    if joins or not all(_is_usual(head) for head in beside):
        return told and bool(dated)
    return told or has_notes or bool(dated) or any(head_role(head) == "number" for head in beside)


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
        return _RELATIONS.search(words) is not None or _OTHER.search(f"{over} {words}") is None
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
        elif block.kind == "paragraph" and not block.table:
            is_sentence = words.endswith(".") or len(words) > _LONGEST_LINE
            if not is_sentence or _RELATIONS.search(words):
                yield words
            return
        elif block.kind != "notice":
            return


def _is_usual(head: str) -> bool:
    return (
        is_date_head(head)
        or head_role(head) in {"number", "notes"}
        or _BESIDE.fullmatch(head) is not None
    )
