"""One key through all revisions: what each states, and what became of it since the one before."""

from collections.abc import Iterator
from dataclasses import dataclass

from azds.dataset.diff import Diff
from azds.dataset.snapshot import Snapshot
from azds.errors import NotFoundError
from azds.ids import near_names

__all__ = ["Entry", "History", "build_history"]


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

    Raises:
        NotFoundError: `unknown-table`, `unknown-key` (no revision states it).
    """
    rows = [_row(table, key, snapshot) for snapshot in snapshots]
    if all(row is None for row in rows):
        known = sorted(
            {k for s in snapshots if table in s.tables for k in s[table].keys().to_pylist()}
        )
        raise NotFoundError(
            "unknown-key",
            "no revision has a row with this key",
            where=table,
            got=repr(key),
            advice=near_names(key, known),
        )
    entries = []
    for number, (snapshot, row) in enumerate(zip(snapshots, rows, strict=True)):
        change: str = "first" if row is not None else ""
        cells: dict[str, dict[str, object]] = {}
        before = rows[number - 1] if number else None
        if before is not None or (row is not None and any(rows[:number])):
            change, cells = Diff(snapshots[number - 1], snapshot, [table])[table].change_of(key)
        entry = snapshot.manifest.tables.get(table)
        level = entry.coverage.level if entry else "absent"
        entries.append(Entry(snapshot.label, snapshot.manifest.date, level, row, change, cells))
    return History(table, key, tuple(entries))


def _row(table: str, key: str, snapshot: Snapshot) -> dict[str, object] | None:
    if table not in snapshot.manifest.tables:
        return None
    try:
        found: dict[str, object] = snapshot[table].row_of(key).to_pylist()[0]
    except NotFoundError as error:
        if error.kind == "unknown-key":
            return None
        raise
    return found
