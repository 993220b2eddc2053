"""All changes between two revisions, `old` then `new`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from azds.arrow.kernels import is_in, kernel
from azds.arrow.layout import Numbers, distinct, from_numbers, numbers, taken
from azds.changes import TableChanges
from azds.columns import Role
from azds.coverage import Coverage
from azds.dataset.revision import BOOKKEEPING
from azds.dataset.series import Stated, stated
from azds.dataset.snapshot import Snapshot
from azds.dataset.table import Table
from azds.dataset.table_changes import table_changes
from azds.errors import NotFoundError
from azds.ids import format_key, near_names
from azds.qualifiers import can_agree
from azds.store.canonical import Json
from azds.store.documents import coverage_to_document
from azds.store.manifest import Headline

if TYPE_CHECKING:  # an extra; pydantic
    from matplotlib.axes import Axes

    from azds.records import Record

__all__ = ["CATEGORIES", "Diff", "TableDiff", "roles_shown"]

CATEGORIES = ("added", "removed", "newly_stated", "unstated")
"""What rows on one side only can be; those not comparable are only counted."""

_EVERYTHING: int | None = None
_MOST_NAMED = 100_000
"""Tables of more rows are not read for the names of their keys."""


class TableDiff:
    """The changes of one table between two revisions.

    False if no fact of a row, no column and no coverage differs; wording and
    place do not count.
    """

    def __init__(
        self,
        name: str,
        changes: TableChanges,
        *,
        without_key: tuple[int, int] = (0, 0),
        notes: tuple[str, ...] = (),
        record: "type[Record] | None" = None,
    ) -> None:
        self.name = name
        self._record = record
        self.changes = changes
        self.without_key = without_key
        """Rows of old and new that have no key and were set aside, where that was asked for."""
        self.notes = notes
        """What a reader should know of the inputs: mixed columns, files that were not read."""

    def __bool__(self) -> bool:
        """Whether a row's facts, the schema or the coverage differ."""
        return bool(self.changes)

    @property
    def is_changed(self) -> bool:
        """Whether a fact or the schema differs; coverage alone does not count."""
        changes = self.changes
        return (
            bool(changes.schema_change)
            or changes.equal != changes.rows_old
            or changes.equal != changes.rows_new
        )

    def __repr__(self) -> str:
        """The table with its counts in one line."""
        counts = self.summary()
        told = ", ".join(f"{k} {v}" for k, v in counts.items() if k != "columns" and v)
        return f"<TableDiff {self.name}: {told}>"

    def _repr_html_(self) -> str:
        """The counts and the first changed cells as tables, for notebooks."""
        from azds.dataset.html import table_diff_html  # noqa: PLC0415 - for notebooks alone

        return table_diff_html(self)

    @property
    def added(self) -> Table:
        """Rows only in new, which old would have shown."""
        return self._rows("added", self.changes.new_coverage)

    @property
    def removed(self) -> Table:
        """Rows only in old, which new would have shown."""
        return self._rows("removed", self.changes.old_coverage)

    @property
    def newly_stated(self) -> Table:
        """Rows only in new; old could not be relied on to show them."""
        return self._rows("newly_stated", self.changes.new_coverage)

    @property
    def unstated(self) -> Table:
        """Rows only in old; new cannot be relied on to show them."""
        return self._rows("unstated", self.changes.old_coverage)

    @property
    def not_comparable(self) -> int:
        """How many rows stand where the other side's source saw nothing."""
        changes = self.changes
        return int(changes.not_comparable_old.num_rows + changes.not_comparable_new.num_rows)

    @property
    def changed(self) -> list[dict[str, object]]:
        """Rows on both sides with a fact that differs: ``key`` and ``cells``, in key order."""
        return self.changed_rows((Role.FACT,))

    def count_changed(self, roles: tuple[Role, ...] = (Role.FACT,)) -> int:
        """How many rows on both sides have a differing cell of these roles."""
        return len(self._touched(roles))

    def changed_rows(
        self, roles: tuple[Role, ...], limit: int | None = _EVERYTHING
    ) -> list[dict[str, object]]:
        """The first `limit` rows with a differing cell of these roles, with those cells."""
        changes = self.changes
        shown = [cell for cell in changes.cells.values() if cell.column.role in roles]
        touched = self._touched(roles)[:limit]
        keys = taken(changes.keys, touched).to_pylist()
        places = {row: at for at, row in enumerate(touched.tolist())}
        cells: list[dict[str, object]] = [{} for _ in keys]
        for cell in shown:
            mask = is_in(cell.rows, from_numbers(touched))
            parts = [
                kernel("filter", part, mask).to_pylist()
                for part in (cell.rows, cell.old, cell.new, cell.kinds)
            ]
            for row, old, new, kind in zip(*parts, strict=True):
                cells[places[row]][cell.column.name] = {"old": old, "new": new, "kind": kind}
        return [{"key": key, "cells": c} for key, c in zip(keys, cells, strict=True)]

    def change_of(self, key: str) -> tuple[str, dict[str, dict[str, object]]]:
        """What became of a key that a side has: its category, and its changed cells."""
        for category in CATEGORIES:
            if self._rows(category, None).has_key(key):
                return category, {}
        for side in (self.changes.not_comparable_old, self.changes.not_comparable_new):
            if Table(self.changes.schema, side).has_key(key):
                return "not_comparable", {}
        for row in self.changed:
            values, cells = row["key"], row["cells"]
            if isinstance(values, dict) and format_key(values.values()) == key:
                return "changed", cells if isinstance(cells, dict) else {}
        return "equal", {}

    def summary(self, roles: tuple[Role, ...] = (Role.FACT,)) -> dict[str, object]:
        """Counts of rows by category, and of changed cells by column and kind."""
        changes = self.changes
        return {
            "rows_old": changes.rows_old,
            "rows_new": changes.rows_new,
            "equal": changes.equal,
            "changed": changes.changed,
            "added": changes.added.num_rows,
            "removed": changes.removed.num_rows,
            "newly_stated": changes.newly_stated.num_rows,
            "unstated": changes.unstated.num_rows,
            "not_comparable": self.not_comparable,
            "columns": {
                name: {
                    item["values"]: item["counts"]
                    for item in kernel("value_counts", cell.kinds).to_pylist()
                }
                for name, cell in changes.cells.items()
                if cell.column.role in roles
            },
        }

    def to_document(
        self, roles: tuple[Role, ...] = (Role.FACT,), limit: int | None = _EVERYTHING
    ) -> dict[str, object]:
        """As the diff document holds it; at most `limit` rows of each category."""
        changes = self.changes
        rows = {
            category: _shown(getattr(changes, category), self._rows(category, None), roles, limit)
            for category in CATEGORIES
        }
        return {
            "coverage": {
                "old": coverage_to_document(changes.old_coverage),
                "new": coverage_to_document(changes.new_coverage),
            },
            **rows,
            "changed": self.changed_rows(roles, limit),
        }

    def counts(self) -> dict[str, int]:
        """How many rows of each category there are, and 1 under `schema` if it changed."""
        counts = {k: v for k, v in self.summary().items() if isinstance(v, int)}
        return counts | {"schema": int(bool(self.changes.schema_change))}

    def as_document(
        self,
        old: str,
        new: str,
        roles: tuple[Role, ...] = (Role.FACT,),
        limit: int | None = _EVERYTHING,
    ) -> dict[str, object]:
        """A whole diff document (``documents/diff.v1``) of this table alone, for two files."""
        change = self.changes.schema_change
        return {
            "dataset": "",
            "old": old,
            "new": new,
            "headlines": [],
            "summary": {self.name: self.summary(roles)},
            "tables": {self.name: self.to_document(roles, limit)},
            "schema": {self.name: _schema_document(self.changes)} if change else {},
        }

    def to_json(self, old: str = "old", new: str = "new") -> str:
        """`as_document` as JSON text."""
        return json.dumps(self.as_document(old, new), ensure_ascii=False, indent=1, default=str)

    def to_arrow(self, roles: tuple[Role, ...] = (Role.FACT,)) -> pa.Table:
        """One row for each changed cell; see `Diff.to_arrow`."""
        from azds.dataset.cells import cells_table, rows_table  # noqa: PLC0415 - 20 ms, for this alone

        changes = self.changes
        parts = [cells_table(self.name, changes, roles)]
        for category in CATEGORIES:
            side = "old" if category in {"removed", "unstated"} else "new"
            rows = self._rows(category, None)
            parts.append(rows_table(self.name, category, rows.to_arrow(), rows.schema, side, roles))
        return pa.concat_tables(parts)

    def _touched(self, roles: tuple[Role, ...]) -> Numbers:
        """Which of the changed keys have a differing cell of these roles, in key order."""
        found = [numbers(c.rows) for c in self.changes.cells.values() if c.column.role in roles]
        return distinct(np.concatenate([np.empty(0, np.int64), *found]))

    def _rows(self, category: str, coverage: Coverage | None) -> Table:
        rows = getattr(self.changes, category)
        return Table(self.changes.schema, rows, coverage, category, self._record)


class Diff:
    """All changes between two revisions; false if no row, schema or coverage differs."""

    def __init__(self, old: Snapshot, new: Snapshot, tables: Sequence[str] | None = None) -> None:
        """The diff of two snapshots; the bookkeeping tables only where they are named.

        Raises:
            NotFoundError: `unknown-table`, if neither revision has a table of that name.
        """
        self.old = old
        self.new = new
        known = list(dict.fromkeys([*old.tables, *new.tables]))
        for name in tables or ():
            if name not in known:
                raise NotFoundError(
                    "unknown-table",
                    "no such table",
                    where=f"{old.label}, {new.label}",
                    got=repr(name),
                    advice=near_names(name, known),
                )
        self.tables = tuple(
            dict.fromkeys(tables or (name for name in known if name not in BOOKKEEPING))
        )
        self._found: dict[str, TableDiff] = {}

    def __getitem__(self, name: str) -> TableDiff:
        """The changes of one table.

        Raises:
            NotFoundError: `unknown-table`, if this diff does not hold it.
        """
        if name not in self.tables:
            raise NotFoundError(
                "unknown-table",
                "not in this diff",
                got=repr(name),
                advice=near_names(name, self.tables),
            )
        if name not in self._found:
            changes = table_changes(self.old, self.new, name)
            self._found[name] = TableDiff(name, changes, record=self.new.types.get(name))
        return self._found[name]

    def __iter__(self) -> Iterator[TableDiff]:
        """The changes of each table, in order."""
        return (self[name] for name in self.tables)

    def __bool__(self) -> bool:
        """Whether any row, schema or coverage differs."""
        return any(self)

    def __repr__(self) -> str:
        """Both sides, and the tables that differ, in one line."""
        differing = ", ".join(one.name for one in self if one) or "nothing differs"
        return f"<Diff {self.old.label} → {self.new.label}: {differing}>"

    def _repr_html_(self) -> str:
        """The counts as a table, for notebooks."""
        from azds.dataset.html import diff_html  # noqa: PLC0415 - for notebooks alone

        return diff_html(self)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """A picture of what became of the rows; see `azds.dataset.pictures.plot_diff`.

        Raises:
            RefusedError: `missing-extra`, without matplotlib.
        """
        from azds.dataset.pictures import plot_diff  # noqa: PLC0415 - loads an extra

        return plot_diff(self, ax)

    def labels(self) -> dict[str, dict[str, str]]:
        """The names of keys, by table, where a table has a column `name`: for readers."""
        found: dict[str, dict[str, str]] = {}
        for name in self.tables:
            names: dict[str, str] = {}
            for side in (self.old, self.new):  # where both have a name, the new one
                entry = side.manifest.tables.get(name)
                if entry and "name" in entry.schema.names and entry.rows <= _MOST_NAMED:
                    rows = side[name]
                    names |= dict(
                        zip(
                            rows.keys().to_pylist(),
                            (str(one or "") for one in rows.to_arrow()["name"].to_pylist()),
                            strict=True,
                        )
                    )
            if names:
                found[name] = names
        return found

    @cached_property
    def headlines(self) -> list[dict[str, object]]:
        """For each measure: both designated counts, whether they count the same, what changed."""
        old = {h.measure: h for h in self.old.manifest.headline}
        new = {h.measure: h for h in self.new.manifest.headline}
        told: list[dict[str, object]] = []
        for measure in dict.fromkeys([*old, *new]):
            sides = old.get(measure), new.get(measure)
            statements = _statements(measure, self.old, self.new)
            changed = None not in statements and statements[0] != statements[1]
            told.append(
                {
                    "measure": measure,
                    "old": _count_document(sides[0]),
                    "new": _count_document(sides[1]),
                    "same_scope": len({side.scope if side else None for side in sides}) == 1,
                    "statements_changed": changed,
                    "reason": _headline_reason(
                        (self.old.label, self.new.label),
                        sides,
                        changed=changed,
                        redesignated=sides[0] != sides[1]
                        and statements[0] is not None
                        and statements[0] == statements[1],
                    ),
                }
            )
        return told

    def summary(self, roles: tuple[Role, ...] = (Role.FACT,)) -> dict[str, dict[str, object]]:
        """Counts for each table; see `TableDiff.summary`."""
        return {one.name: one.summary(roles) for one in self}

    def to_document(
        self,
        *,
        wording: bool = False,
        place: bool = False,
        limit: int | None = _EVERYTHING,
    ) -> dict[str, object]:
        """The diff document (``documents/diff.v1``), as plain values.

        `wording` and `place` show the columns of those roles too; `limit` is the
        most rows of each category and table (the summary counts them all).
        """
        roles = roles_shown(wording=wording, place=place)
        return {
            "dataset": self.old.manifest.dataset,
            "old": self.old.label,
            "new": self.new.label,
            "headlines": self.headlines,
            "summary": self.summary(roles),
            "tables": {one.name: one.to_document(roles, limit) for one in self},
            "schema": {
                one.name: _schema_document(one.changes) for one in self if one.changes.schema_change
            },
        }

    def to_json(self, *, wording: bool = False, place: bool = False) -> str:
        """The diff document as JSON text."""
        document = self.to_document(wording=wording, place=place)
        return json.dumps(document, ensure_ascii=False, indent=1, default=str)

    def to_arrow(self, *, wording: bool = False, place: bool = False) -> pa.Table:
        """One row for each changed cell.

        Shape: columns table, key (canonical string), change (`changed`, or the
        category of a row on one side only), column, kind (null but for
        `changed`), old, new (as text; lists joined by ``;``). In order of tables, then
        changes, then columns and keys. May be empty.
        """
        roles = roles_shown(wording=wording, place=place)
        return pa.concat_tables([one.to_arrow(roles) for one in self])


def _statements(measure: str, *sides: Snapshot) -> list[set[Stated] | None]:
    """The counts that each revision states; None where its source could not show any.

    Qualifiers count where both could show them: a store from before there were any could not.
    """
    entries = [side.manifest.tables.get("counts") for side in sides]
    there = [None if one is None or one.coverage.level == "absent" else one for one in entries]
    qualified = all("qualifier" in one.schema.names for one in there if one)
    return [
        {one if qualified else replace(one, qualifier=None) for one in stated(measure, side)}
        if entry
        else None
        for side, entry in zip(sides, there, strict=True)
    ]


def _count_document(one: Headline | None) -> dict[str, Json] | None:
    """A designated count without its measure; without a qualifier where it is exact."""
    if one is None:
        return None
    return {name: value for name, value in one.to_document().items() if name != "measure"}


def roles_shown(*, wording: bool, place: bool) -> tuple[Role, ...]:
    """The roles whose columns are shown: facts always, the others where they are asked for."""
    return (Role.FACT, *([Role.WORDING] if wording else []), *([Role.PLACE] if place else []))


def _shown(
    rows: pa.Table, table: Table, roles: tuple[Role, ...], limit: int | None
) -> list[dict[str, object]]:
    there = set(rows.column_names)
    names = [
        column.name
        for column in table.schema.columns
        if column.name in there and (column.role is Role.KEY or column.role in roles)
    ]
    some = rows.slice(0, limit) if limit is not None else rows
    found: list[dict[str, object]] = some.select(names).to_pylist()
    return found


def _headline_reason(
    labels: tuple[str, str],
    sides: tuple[Headline | None, Headline | None],
    *,
    changed: bool,
    redesignated: bool,
) -> str:
    old, new = sides
    if old is None or new is None:
        return "only one side has a headline"
    parts = []
    if old.scope != new.scope:
        words = [one.scope.replace("_", " ").replace("un ", "UN ") for one in (old, new)]
        told = f"{labels[0]} counts {words[0]}, {labels[1]} counts {words[1]}"
        parts.append(f"{told}: not the same thing")
    if redesignated:
        parts.append("both state the same counts, and only the one taken as headline differs")
    if parts:
        return "; ".join(parts)
    if old != new and can_agree((old.value, old.qualifier), (new.value, new.qualifier)):
        return "both numbers may be the same, since not both are exact: no difference follows"
    if changed:
        return "the stated counts differ"
    return "nothing differs" if old == new else "the same is counted, and the number differs"


def _schema_document(changes: TableChanges) -> dict[str, object]:
    change = changes.schema_change
    return {
        "added": [column.name for column in change.added],
        "removed": [column.name for column in change.removed],
        "retyped": [
            {"column": old.name, "old": old.type, "new": new.type} for old, new in change.retyped
        ],
        "renamed": [{"old": old.name, "new": new.name} for old, new in change.renamed],
        "nullable": [
            {"column": new.name, "old": old.nullable, "new": new.nullable}
            for old, new in change.nullable
        ],
    }
