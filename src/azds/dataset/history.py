"""One key through all revisions: what each states, and what became of it since the one before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from azds.arrow.types import to_arrow_schema
from azds.coverage import Coverage
from azds.dataset.diff import TableDiff
from azds.dataset.one_row import find_rows
from azds.dataset.snapshot import Snapshot
from azds.dataset.table import Table
from azds.dataset.table_changes import compared
from azds.errors import NotFoundError
from azds.ids import near_names

__all__ = ["Entry", "History", "build_history"]

_MOST_SUGGESTED = 1_000_000
"""Of more rows, none are suggested in place of one that is not there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one revision states of the key.

    Attributes:
        revision: Its label.
        date: Its date, None where it carries none.
        coverage: The level of the table's coverage.
        row: The row as plain values; None where the revision does not state it.
        change: Against the revision before: ``first``, ``equal``, ``changed``, ``added``,
            ``removed``, ``newly_stated``, ``unstated``, ``not_comparable``; empty where
            neither has it.
        cells: For ``changed``, the changed cells: column to old, new, kind.
    """

    revision: str
    date: str | None
    coverage: str
    row: dict[str, object] | None
    change: str
    cells: dict[str, dict[str, object]]

    def to_document(self) -> dict[str, object]:
        """As plain values."""
        return {
            "revision": self.revision,
            "date": self.date,
            "coverage": self.coverage,
            "row": self.row,
            "change": self.change,
            "cells": self.cells,
        }


@dataclass(frozen=True, slots=True)
class History:
    """One key of one table through the revisions, in their declared order."""

    table: str
    key: str
    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        """The entries, in order."""
        return iter(self.entries)

    def __repr__(self) -> str:
        """The key with its changes in one line."""
        told = ", ".join(f"{e.revision} {e.change or 'not stated'}" for e in self.entries)
        return f"<History {self.table} {self.key}: {told}>"

    def to_document(self) -> list[dict[str, object]]:
        """As `azds history --format json` prints it."""
        return [entry.to_document() for entry in self.entries]


def build_history(table: str, key: str, snapshots: list[Snapshot]) -> History:
    """The history of a key.

    Where patches lead from one revision to the next, they are read and not the tables.

    Raises:
        NotFoundError: `unknown-table`, `unknown-key` (no revision states it).
    """
    rows = find_rows(table, key, snapshots)
    if all(row is None or not row.num_rows for row in rows):
        held = [s for s in snapshots if table in s.tables]
        is_small = sum(s.manifest.tables[table].rows for s in held) <= _MOST_SUGGESTED
        known = sorted({k for s in held for k in s[table].keys().to_pylist()}) if is_small else []
        raise NotFoundError(
            "unknown-key",
            "no revision has a row with this key",
            where=table,
            got=repr(key),
            advice=near_names(key, known) if is_small else None,
        )
    entries: list[Entry] = []
    was_stated = False
    for number, (snapshot, row) in enumerate(zip(snapshots, rows, strict=True)):
        is_same = number > 0 and row is rows[number - 1]
        has_row = row is not None and row.num_rows > 0
        change = "first" if has_row else ""
        cells: dict[str, dict[str, object]] = {}
        if was_stated:
            change, cells = _change(
                table, key, snapshots[number - 1 : number + 1], rows[number - 1 : number + 1]
            )
        was_stated |= has_row
        entry = snapshot.manifest.tables.get(table)
        level = entry.coverage.level if entry else "absent"
        plain = entries[-1].row if is_same else _plain(row)
        entries.append(Entry(snapshot.label, snapshot.manifest.date, level, plain, change, cells))
    return History(table, key, tuple(entries))


def _plain(row: pa.Table | None) -> dict[str, object] | None:
    """A row as plain values; None where it is not stated."""
    return row.to_pylist()[0] if row is not None and row.num_rows else None


def _change(
    table: str, key: str, snapshots: list[Snapshot], rows: Sequence[pa.Table | None]
) -> tuple[str, dict[str, dict[str, object]]]:
    """What became of a row from one revision to the next; empty where neither has it."""
    old, new = rows
    if not any(row is not None and row.num_rows for row in rows):
        return "", {}
    entries = [snapshot.manifest.tables.get(table) for snapshot in snapshots]
    if old is not None and new is not None and old.num_rows == new.num_rows:
        has_same_columns = entries[0] and entries[1] and entries[0].schema == entries[1].schema
        if has_same_columns and (old is new or old.equals(new)):
            return "equal", {}
    sides = []
    for snapshot, other, entry, row in zip(snapshots, snapshots[::-1], entries, rows, strict=True):
        if entry is None or row is None:
            schema = other.manifest.tables[table].schema
            none = to_arrow_schema(schema).empty_table()
            absent = Coverage("absent", reason="this revision has no such table")
            sides.append(Table(schema, none, absent, snapshot.label))
        else:
            sides.append(Table(entry.schema, row, entry.coverage, snapshot.label))
    changes = compared(sides[0], sides[1], snapshots[0], snapshots[1])
    return TableDiff(table, changes).change_of(key)
