"""The diff of two tables of one's own, as a page: bounded, with the number left out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from azds.render.diff import LIMIT, Reading, cell_counts, rows_counted, table_changes
from azds.render.page import Grid, Note, Page, Title
from azds.render.words import cell

__all__ = ["file_diff_page"]

Document = Mapping[str, Any]  # plain JSON values


def file_diff_page(  # noqa: PLR0913, PLR0917 - the two names, the changes, what stands out, and notes
    old: str,
    new: str,
    document: Document,
    reading: Reading,
    tops: Mapping[str, Document],
    notes: Sequence[str],
    *,
    stat: bool = False,
) -> Page:
    """What changed from one table to the other, for a reader.

    `document` is a diff document of one table with at most `LIMIT` rows of each
    kind; `tops` tells for each column what stands out.
    """
    yield Title(f"{old} → {new}")
    for note in notes:
        yield Note(note)
    table = next(iter(document["summary"]))
    yield rows_counted(document["summary"])
    yield from cell_counts(document["summary"])
    if stat:
        return
    yield from _tops(tops)
    yield from table_changes(document, table, document["tables"][table], reading)


def _tops(tops: Mapping[str, Document]) -> Iterator[Title | Note | Grid]:
    largest: list[Sequence[str]] = [
        [column, one["key"], cell(one["old"]), "→", cell(one["new"]), f"{one['difference']:+g}"]
        for column, top in tops.items()
        for one in top["largest"]
    ]
    frequent: list[Sequence[str]] = [
        [column, cell(one["old"]), "→", cell(one["new"]), f"{one['count']:,}"]
        for column, top in tops.items()
        for one in top["frequent"]
    ]
    if largest:
        yield Title("Largest differences", 2)
        numbers = frozenset({"old", "new", "difference"})
        yield Grid(
            ["column", "key", "old", "", "new", "difference"],
            largest[:LIMIT],
            more=max(0, len(largest) - LIMIT),
            right=numbers,
        )
    if frequent:
        yield Title("Most frequent replacements", 2)
        yield Grid(
            ["column", "old", "", "new", "times"],
            frequent[:LIMIT],
            more=max(0, len(frequent) - LIMIT),
            right=frozenset({"times"}),
        )
