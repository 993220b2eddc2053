"""What a comparison gives: rows by category, cells by kind, and the schema's own changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from azds.columns import Column, TableSchema
from azds.coverage import Coverage

__all__ = ["CellChanges", "Kind", "SchemaChange", "TableChanges"]


class Kind(StrEnum):
    """What became of a cell; the words are those of the diff document."""

    REFINED = "refined"
    """A date says more, within what it said."""
    COARSENED = "coarsened"
    """A date says less, without contradiction."""
    REPLACED = "replaced"
    """Another value; no judgement on which is right."""
    FILLED = "filled"
    """A value where there was none, though the old source could have shown it."""
    EMPTIED = "emptied"
    """No value where there was one, though the new source could have shown it."""
    EXTENDED = "extended"
    """A set with more in it."""
    REDUCED = "reduced"
    """A set with less in it."""
    UNSTATED = "unstated"
    """Less than before, on a new side that is not complete for the column."""
    NEWLY_STATED = "newly_stated"
    """More than before, over an old side that is not complete for the column."""
    REWORDED = "reworded"
    """Written in another way."""
    MOVED = "moved"
    """In another place."""


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """How the columns of a table changed; told once.

    Attributes:
        added: Columns that only the new schema has.
        removed: Columns that only the old schema has.
        retyped: Columns of both that changed their type: the old one and the new one.
        renamed: Columns that the new schema declares to have been others.
        nullable: Columns that took or lost the permission to be null.
    """

    added: tuple[Column, ...] = ()
    removed: tuple[Column, ...] = ()
    retyped: tuple[tuple[Column, Column], ...] = ()
    renamed: tuple[tuple[Column, Column], ...] = ()
    nullable: tuple[tuple[Column, Column], ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.added or self.removed or self.retyped or self.renamed or self.nullable)


@dataclass(frozen=True, slots=True, eq=False)
class CellChanges:
    """The cells of one column that differ, in rows of both sides.

    Shape: `rows`, `old`, `new` and `kinds` are of one length, in key order.

    Attributes:
        column: The column, as the new side declares it.
        rows: Where the row stands in `TableChanges.keys`.
        old: The old values.
        new: The new values.
        kinds: A `Kind` for each.
    """

    column: Column
    rows: pa.Int64Array
    old: pa.Array
    new: pa.Array
    kinds: pa.StringArray

    def __len__(self) -> int:
        """How many cells differ."""
        return len(self.rows)


@dataclass(frozen=True, slots=True, eq=False)
class TableChanges:
    """All changes of one table from `old` to `new`; false if no fact, schema or coverage differs.

    Shape: all tables are in key order. `added` to `not_comparable_new` are whole rows with the
    columns of their own side; `keys` has the key columns of each row that is on both sides
    and has a differing cell of any role.

    Attributes:
        schema: The columns that both sides have with one type, as the new side declares them.
        schema_change: The other columns.
        old_coverage: What the old source could show.
        new_coverage: What the new source could show.
        rows_old: How many rows the old side has.
        rows_new: How many rows the new side has.
        equal: How many rows are on both sides with the same facts.
        added: Only in new, and old would have shown them.
        removed: Only in old, and new would have shown them.
        newly_stated: Only in new; old could not be relied on to show them.
        unstated: Only in old; new cannot be relied on to show them.
        not_comparable_old: Only in old; new saw nothing of where they stood.
        not_comparable_new: Only in new; old saw nothing of where they stand.
        keys: The rows that `cells` speaks of.
        is_changed: For each of `keys`, whether a fact differs.
        cells: By column, in the order of `schema`; only columns with a difference.
    """

    schema: TableSchema
    schema_change: SchemaChange
    old_coverage: Coverage
    new_coverage: Coverage
    rows_old: int
    rows_new: int
    equal: int
    added: pa.Table
    removed: pa.Table
    newly_stated: pa.Table
    unstated: pa.Table
    not_comparable_old: pa.Table
    not_comparable_new: pa.Table
    keys: pa.Table
    is_changed: pa.BooleanArray
    cells: Mapping[str, CellChanges]

    @property
    def changed(self) -> int:
        """How many rows are on both sides with a fact that differs."""
        return int(self.is_changed.true_count)

    def __bool__(self) -> bool:
        """Whether a row's facts, the schema or the coverage differ."""
        return (
            bool(self.schema_change)
            or self.old_coverage != self.new_coverage
            or self.changed > 0
            or self.rows_old > self.equal
            or self.rows_new > self.equal
        )
