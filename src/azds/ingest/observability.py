"""What a form can show, as coverage: per table the level, the places seen, and the reason.

A fact that a form cannot carry is not observable, never absent. Only a list of
all counterparts, in a form that keeps tables as tables, with every name
resolved, is complete; everything else is partial, so that no diff between two
forms of one text reports a removal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from azds.coverage import Coverage
from azds.ingest.blocks import Document
from azds.ingest.partners import row_counterparts
from azds.ingest.table_topics import relation_rows
from azds.records import Record

__all__ = ["Seen", "observe", "see"]

_WHOLE = frozenset({"wikitext", "html"})
"""Forms that keep tables, lists and references as they are."""

_WITHOUT_TABLES = frozenset({"plain-lines", "wikiextractor"})
_LOST = {
    "bibliography": "list of references",
    "missions": "tables, and no prose tells any",
    "recognitions": "tables, and no prose tells any",
}
"""What a form without tables lacks that holds most rows of a table."""

_FIXED: dict[str, tuple[tuple[str, ...], str]] = {
    "bibliography": (("references",), "entries as this form prints them"),
    "sections": (("lead", "heading"), "sections as this form shows them"),
    "counts": ((), "a number that is not stated again is not withdrawn"),
}
_LEAST_LISTED = 5
_FEW = 0.1
_PLACES = ("lead", "list", "table", "prose")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a document shows of lists and tables.

    Attributes:
        places: The places that it has.
        listed: How many rows its numbered lists have.
        lost: How many rows of tables name no state that is known.
        dated: How many rows of its numbered lists have a date.
    """

    places: tuple[str, ...]
    listed: int
    lost: int
    dated: int


def observe(
    style: str, seen: Sequence[Seen], tables: Mapping[str, Sequence[Record]]
) -> dict[str, Coverage]:
    """The coverage of each of these tables in a text of this form, by what its sections show."""
    places = {place for one in seen for place in one.places}
    whole = Seen(
        tuple(place for place in _PLACES if place in places),
        sum(one.listed for one in seen),
        sum(one.lost for one in seen),
        sum(one.dated for one in seen),
    )
    return {name: _coverage(name, style, whole, rows) for name, rows in tables.items()}


def see(document: Document) -> Seen:
    """What a document, or a section of one, shows of lists and tables."""
    places = {block.place for block in document.blocks if block.kind not in {"notice", "other"}}
    listed = lost = dated = 0
    for _, block in relation_rows(document):
        lost += any(one.entity is None for one in row_counterparts(document, block))
        if block.cell("number"):
            listed += 1
            dated += block.cell("began") is not None
    return Seen(tuple(place for place in _PLACES if place in places), listed, lost, dated)


def _coverage(name: str, style: str, seen: Seen, rows: Sequence[Record]) -> Coverage:
    if name == "relations":
        return _relations(style, seen, rows)
    lost = _LOST.get(name)
    if lost and style in _WITHOUT_TABLES and not rows:
        return Coverage("absent", reason=f"the form {style} carries no {lost}")
    places, reason = _FIXED.get(name, (seen.places, _reason(style)))
    return Coverage("partial", places or seen.places, reason=reason)


def _reason(style: str) -> str:
    if style in _WHOLE:
        return "what the text mentions, never all there is"
    if style in _WITHOUT_TABLES:
        return f"the form {style} carries no tables"
    return f"the form {style} may have lost tables, rows or cells"


def _relations(style: str, seen: Seen, rows: Sequence[Record]) -> Coverage:
    undated = ("began", "ended", "began_also")
    if not rows and style in _WITHOUT_TABLES:
        return Coverage(
            "absent", reason=f"the form {style} carries no tables, and no prose tells any"
        )
    if style not in _WHOLE:
        return Coverage("partial", seen.places, reason=_reason(style))
    columns = undated if seen.listed >= _LEAST_LISTED and seen.dated < _FEW * seen.listed else ()
    if seen.listed < _LEAST_LISTED:
        reason = "no numbered list of all counterparts"
        return Coverage("partial", seen.places, columns, reason=reason)
    if seen.lost:
        reason = f"{seen.lost} rows name no state that is known"
        return Coverage("partial", seen.places, columns, reason=reason)
    reason = "a numbered list of all counterparts"
    return Coverage("complete", seen.places, columns, reason=reason)
