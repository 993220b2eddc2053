"""The diff document as a page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from azds.columns import TableSchema
from azds.ids import format_key
from azds.render.nested import nested_change
from azds.render.page import Grid, Note, Page, Title
from azds.render.words import cell, count_words, dated, plural
from azds.store.manifest import Manifest

__all__ = ["LIMIT", "Reading", "diff_page"]

LIMIT = 20
"""Rows shown of each kind of change and table."""

Document = Mapping[str, Any]  # the diff document, as plain JSON values

_COUNTS = (
    ("rows_old", "old"),
    ("rows_new", "new"),
    ("equal", "equal"),
    ("changed", "changed"),
    ("added", "added"),
    ("removed", "removed"),
    ("newly_stated", "newly stated"),
    ("unstated", "unstated"),
    ("not_comparable", "not comparable"),
)
_ROWS = (
    ("added", "added"),
    ("removed", "removed"),
    ("newly_stated", "only in {new}; {old} does not show all there was, so not called added"),
    ("unstated", "only in {old}; {new} does not show all there is, so not called removed"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What helps to read the changes of one table.

    Attributes:
        schema: The columns of both sides.
        changed: How many rows have a differing cell of the roles shown.
        names: Names for keys; empty where the table has none, or shows them anyway.
    """

    schema: TableSchema
    changed: int
    names: Mapping[str, str]

    @property
    def digests(self) -> set[str]:
        """The columns that stand for words not shipped."""
        return {column.name for column in self.schema.columns if column.meaning == "digest"}


def diff_page(
    document: Document,
    old: Manifest,
    new: Manifest,
    readings: Mapping[str, Reading],
    *,
    stat: bool = False,
) -> Page:
    """What changed, for a reader.

    `document` holds at most `LIMIT` rows of each kind; `stat` stops after the counts.
    Digests are told as text that differs.
    """
    yield Title(f"{document['dataset']}: {old.label} ({dated(old)}) → {new.label} ({dated(new)})")
    yield from _headlines(document["headlines"])
    summary = document["summary"]
    yield Title("Rows, by table", 2)
    yield rows_counted(summary)
    if stat:
        yield from cell_counts(summary)
        return
    for table, changes in document["tables"].items():
        yield from table_changes(document, table, changes, readings[table])


def rows_counted(summary: Document) -> Grid:
    """The counts of rows of each table."""
    names = [name for name, _ in _COUNTS]
    return Grid(
        ["table", *(words for _, words in _COUNTS)],
        [[table, *(_number(counts[name]) for name in names)] for table, counts in summary.items()],
        right=frozenset(words for _, words in _COUNTS),
    )


def _headlines(headlines: Sequence[Document]) -> Iterator[Title | Note | Grid]:
    for one in headlines:
        told = f"{count_words(one['old'])} → {count_words(one['new'])}"
        yield Note(f"{one['measure'].replace('_', ' ')}: {told}")
        yield Note(one["reason"], 1)


def cell_counts(summary: Document) -> Iterator[Title | Note | Grid]:
    """The counts of changed cells of each column, by kind."""
    rows = [
        [
            f"{table}.{column}",
            ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in kinds.items()),
        ]
        for table, counts in summary.items()
        for column, kinds in counts["columns"].items()
    ]
    if rows:
        yield Title("Cells, by column", 2)
        yield Grid(["column", "changes"], rows)


def table_changes(
    document: Document, table: str, changes: Document, reading: Reading
) -> Iterator[Title | Note | Grid]:
    """The changes of one table: its coverage, then its rows by what became of them."""
    summary = document["summary"][table]
    schema = document["schema"].get(table)
    shown = [name for name, _ in _ROWS if summary[name]]
    if not (shown or changes["changed"] or schema or summary["not_comparable"]):
        return
    yield Title(f"{table}: {_told(summary)}", 2)
    for side in ("old", "new"):
        coverage = changes["coverage"][side]
        if coverage["level"] != "complete":
            part = "; ".join(f"{n} {', '.join(v)}" for n, v in coverage.get("covers", {}).items())
            held = f"; it holds {part}" if part and part not in coverage["reason"] else ""
            yield Note(f"{document[side]} is {coverage['level']}: {coverage['reason']}{held}", 1)
        if coverage.get("columns_absent"):
            yield Note(f"{document[side]} does not carry {cell(coverage['columns_absent'])}", 1)
    if schema:
        yield Note(f"columns: {_schema_words(schema)}", 1)
    for name, words in _ROWS:
        if summary[name]:
            yield Note(words.format(old=document["old"], new=document["new"]) + ":", 1)
            yield _row_grid(changes[name], reading, summary[name])
    if changes["changed"]:
        yield Note("changed:", 1)
        yield _change_grid(changes["changed"], reading)
    if summary["not_comparable"]:
        count = plural(summary["not_comparable"], "row")
        yield Note(
            f"{count} not comparable: the other source lacks the places where they are stated", 1
        )


def _told(summary: Document) -> str:
    parts = [f"{summary[name]} {words}" for name, words in _COUNTS[2:] if summary[name]]
    return ", ".join(parts) or "nothing on either side"


def _row_grid(rows: Sequence[Document], reading: Reading, total: int) -> Grid:
    shown = rows[:LIMIT]
    columns = [name for name in shown[0] if name not in reading.digests] if shown else []
    is_named = bool(reading.names) and "name" not in columns
    body = [
        [
            *(cell(row[name]) for name in columns),
            *([_name(row, reading)] if is_named else []),
        ]
        for row in shown
    ]
    return Grid([*columns, *(["name"] if is_named else [])], body, more=total - len(shown))


def _change_grid(changes: Sequence[Document], reading: Reading) -> Grid:
    rows = []
    shown = changes[:LIMIT]
    for change in shown:
        key = format_key(change["key"].values())
        for column, one in change["cells"].items():
            is_digest = column in reading.digests
            old, new = ("the text", "another text") if is_digest else _sides(one)
            name = [_name(change["key"], reading)] if reading.names else []
            rows.append([key, *name, column, old, "→", new, one["kind"].replace("_", " ")])
    columns = ["key", *(["name"] if reading.names else []), "column", "old", "", "new", "kind"]
    return Grid(columns, rows, more=reading.changed - len(shown))


def _name(row: Document, reading: Reading) -> str:
    return reading.names.get(format_key(row[name] for name in reading.schema.key), "")


def _sides(change: Document) -> tuple[str, str]:
    nested = nested_change(change["old"], change["new"])
    return nested or (cell(change["old"]), cell(change["new"]))


def _schema_words(schema: Document) -> str:
    parts = [f"{name} {kind}" for kind in ("added", "removed") for name in schema[kind]]
    parts += [f"{one['column']} from {one['old']} to {one['new']}" for one in schema["retyped"]]
    parts += [f"{one['old']} renamed {one['new']}" for one in schema["renamed"]]
    parts += [
        f"{one['column']} {'may now be null' if one['new'] else 'may no longer be null'}"
        for one in schema["nullable"]
    ]
    return ", ".join(parts)


def _number(count: int) -> str:
    return f"{count:,}" if count else "·"
