"""What edits mean: categories of rows and kinds of cells, by what both sources could show.

Source: DESIGN sections 3 (roles), 4 (coverage) and 6 (kinds).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from azds.arrow.layout import bits, from_bits, kept, numbers
from azds.changes.cells import Cells, kinds_of
from azds.changes.coverage import covered
from azds.changes.edits import Edits
from azds.changes.result import CellChanges, SchemaChange, TableChanges
from azds.columns import Role, TableSchema
from azds.coverage import Coverage

__all__ = ["Seen", "Side", "classify"]

Seen: TypeAlias = Callable[[pa.Table], pa.BooleanArray]
"""Says of each of some rows whether a source saw any place where its evidence stands."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """What is known of one side of a comparison, beside its rows.

    Attributes:
        coverage: What its source could show.
        rows: How many rows it has.
        seen: Says of rows that only this side has whether the source of the other saw any
            place where each one's evidence stands (`azds.changes.seen`); None: it saw all.
        shown: Of each changed row, the columns by which this side says what it covers; None
            where the key has them all.
    """

    coverage: Coverage
    rows: int
    seen: Seen | None = None
    shown: pa.Table | None = None


def classify(
    edits: Edits, old: Side, new: Side, *, schema: TableSchema, schema_change: SchemaChange
) -> TableChanges:
    """The edits with their meaning.

    Shape: `schema` has the columns that both sides have with one type; cells of others in
    `edits` are left to `schema_change`.
    """
    removed, unstated, not_comparable_old = _told_apart(edits.removed, new.coverage, old.seen)
    added, newly_stated, not_comparable_new = _told_apart(edits.added, old.coverage, new.seen)
    old_covered, new_covered = (
        covered(edits.keys if side.shown is None else side.shown, side.coverage)
        for side in (old, new)
    )
    cells, is_changed = {}, np.zeros(edits.keys.num_rows, np.bool_)
    for column in schema.columns:
        found = edits.cells.get(column.name)
        if found is None or found.old is None or found.new is None:
            continue
        rows = numbers(found.rows)
        compared = Cells(
            found.old,
            found.new,
            old_covered[rows] & (column.name not in old.coverage.columns_absent),
            new_covered[rows] & (column.name not in new.coverage.columns_absent),
        )
        kinds = kinds_of(column, compared)
        cells[column.name] = CellChanges(column, found.rows, found.old, found.new, kinds)
        if column.role is Role.FACT:
            is_changed[rows] = True
    return TableChanges(
        schema=schema,
        schema_change=schema_change,
        old_coverage=old.coverage,
        new_coverage=new.coverage,
        rows_old=old.rows,
        rows_new=new.rows,
        equal=old.rows - edits.removed.num_rows - int(is_changed.sum()),
        added=added,
        removed=removed,
        newly_stated=newly_stated,
        unstated=unstated,
        not_comparable_old=not_comparable_old,
        not_comparable_new=not_comparable_new,
        keys=edits.keys,
        is_changed=from_bits(is_changed),
        cells=cells,
    )


def _told_apart(
    rows: pa.Table, other: Coverage, other_saw: Seen | None
) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Rows of one side only: the other would have shown them, may not have, cannot have."""
    if not rows.num_rows:
        return rows, rows, rows
    comparable = np.full(rows.num_rows, other.level != "absent")
    if other_saw is not None:
        comparable &= bits(other_saw(rows))
    whole = covered(rows, other)
    return (
        kept(rows, comparable & whole),
        kept(rows, comparable & ~whole),
        kept(rows, ~comparable),
    )
