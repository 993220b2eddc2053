"""The comparison of two states of one table."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from azds.arrow.layout import Bits, Numbers, bits, from_bits, from_numbers, numbers
from azds.changes.blocks import Part, Plan, compare_blocks
from azds.changes.cells import Cells, kinds_of
from azds.changes.coverage import covered
from azds.changes.result import CellChanges, SchemaChange, TableChanges
from azds.columns import Role, TableSchema
from azds.coverage import Coverage
from azds.errors import InvalidInputError

__all__ = ["compare"]


def compare(  # noqa: PLR0913 - two sides with three things each
    old: pa.Table,
    new: pa.Table,
    *,
    old_schema: TableSchema,
    new_schema: TableSchema,
    old_coverage: Coverage,
    new_coverage: Coverage,
    old_seen: pa.BooleanArray | None = None,
    new_seen: pa.BooleanArray | None = None,
    rtol: float = 0.0,
) -> TableChanges:
    """What changed in a table from `old` to `new`, and how that is known.

    Shape: both tables as `azds.arrow.tables.conform` makes them by their schemas; either may
    be empty. `old_seen` says for each row of `old` whether the source of `new` saw any place
    where that row's evidence stands (`seen`), `new_seen` the mirror image; None: all.
    Units: `rtol` is the relative tolerance for floats, as in `azds.arrow.equality.equal`.

    >>> from azds.arrow.types import schema_from_arrow
    >>> old, new = pa.table({"id": [1, 2], "x": [5, 5]}), pa.table({"id": [2, 3], "x": [6, 7]})
    >>> schema = schema_from_arrow(old.schema, name="t", key=("id",))
    >>> half = Coverage("partial", reason="the feed broke off")
    >>> changes = compare(
    ...     old,
    ...     new,
    ...     old_schema=schema,
    ...     new_schema=schema,
    ...     old_coverage=Coverage("complete"),
    ...     new_coverage=half,
    ... )
    >>> changes.changed, changes.removed.num_rows, changes.unstated.num_rows, changes.added.num_rows
    (1, 0, 1, 1)
    >>> changes.cells["x"].kinds.to_pylist()
    ['replaced']

    Raises:
        InvalidInputError: `bad-key`, if the key columns differ.
    """
    common, schema_change = _common_columns(old_schema, new_schema)
    key = common.key
    plan = Plan(
        key,
        tuple(name for name in common.names if name not in key),
        _shown(key, old_coverage, old_schema),
        _shown(key, new_coverage, new_schema),
        rtol,
    )
    parts = compare_blocks(old, new, plan)
    only_old = np.concatenate([part.only_old for part in parts])
    only_new = np.concatenate([part.only_new for part in parts])
    removed, unstated, not_comparable_old = _told_apart(
        _one_table([part.old_rows for part in parts]), new_coverage, old_seen, only_old
    )
    added, newly_stated, not_comparable_new = _told_apart(
        _one_table([part.new_rows for part in parts]), old_coverage, new_seen, only_new
    )
    changed_old = _one_table([part.changed_old for part in parts])
    cells = _cells(
        common,
        parts,
        _Sides(
            old_coverage,
            new_coverage,
            covered(changed_old, old_coverage),
            covered(_one_table([part.changed_new for part in parts]), new_coverage),
        ),
    )
    is_changed = np.zeros(changed_old.num_rows, np.bool_)
    for changes in cells.values():
        if changes.column.role is Role.FACT:
            is_changed[numbers(changes.rows)] = True
    return TableChanges(
        schema=common,
        schema_change=schema_change,
        old_coverage=old_coverage,
        new_coverage=new_coverage,
        rows_old=old.num_rows,
        rows_new=new.num_rows,
        equal=old.num_rows - len(only_old) - int(is_changed.sum()),
        added=added,
        removed=removed,
        newly_stated=newly_stated,
        unstated=unstated,
        not_comparable_old=not_comparable_old,
        not_comparable_new=not_comparable_new,
        keys=changed_old.select(list(key)),
        is_changed=from_bits(is_changed),
        cells=cells,
    )


@dataclass(frozen=True, slots=True)
class _Sides:
    """What each side could have shown of the changed rows."""

    old_coverage: Coverage
    new_coverage: Coverage
    old_covered: Bits
    new_covered: Bits


def _common_columns(old: TableSchema, new: TableSchema) -> tuple[TableSchema, SchemaChange]:
    """The columns that compare, as new declares them, and what became of the others."""
    old_key, new_key = (
        ", ".join(f"{name} {schema.column(name).type}" for name in schema.key)
        for schema in (old, new)
    )
    if old_key != new_key:
        raise InvalidInputError(
            "bad-key",
            "tables with different keys do not compare",
            where=new.name,
            expected=old_key,
            got=new_key,
            advice="declare one key for both",
        )
    before, after = ({column.name: column for column in s.columns} for s in (old, new))
    change = SchemaChange(
        added=tuple(column for column in new.columns if column.name not in before),
        removed=tuple(column for column in old.columns if column.name not in after),
        retyped=tuple(
            (before[column.name], column)
            for column in new.columns
            if column.name in before and before[column.name].type != column.type
        ),
    )
    columns = (c for c in new.columns if c.name in before and before[c.name].type == c.type)
    return TableSchema(new.name, new.version, tuple(columns), new.record), change


def _shown(key: tuple[str, ...], coverage: Coverage, schema: TableSchema) -> tuple[str, ...]:
    """The key, and the columns by which a side says what it covers."""
    others = (name for name in coverage.covers if name in schema.names and name not in key)
    return (*key, *others)


def _told_apart(
    rows: pa.Table, other: Coverage, other_saw: pa.BooleanArray | None, at: Numbers
) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Rows of one side only: the other would have shown them, may not have, cannot have."""
    comparable = np.full(len(at), other.level != "absent")
    if other_saw is not None:
        comparable &= bits(other_saw)[at]
    whole = covered(rows, other)
    return (
        _filtered(rows, comparable & whole),
        _filtered(rows, comparable & ~whole),
        _filtered(rows, ~comparable),
    )


def _filtered(rows: pa.Table, mask: Bits) -> pa.Table:
    if mask.all():
        return rows
    return rows.filter(from_bits(mask)) if mask.any() else rows.slice(0, 0)


def _one_table(parts: list[pa.RecordBatch]) -> pa.Table:
    table = pa.Table.from_batches(parts)
    return table if len(parts) == 1 else table.combine_chunks()


def _cells(common: TableSchema, parts: list[Part], sides: _Sides) -> dict[str, CellChanges]:
    starts = np.cumsum([0, *(part.changed_old.num_rows for part in parts)])
    cells = {}
    for column in common.columns:
        found = [
            (at, *part.cells[column.name])
            for at, part in zip(starts, parts, strict=False)
            if column.name in part.cells
        ]
        if not found:
            continue
        rows = np.concatenate([at + rows for at, rows, _, _ in found])
        old, new = (pa.concat_arrays([part[side] for part in found]) for side in (2, 3))
        compared = Cells(
            old,
            new,
            sides.old_covered[rows] & (column.name not in sides.old_coverage.columns_absent),
            sides.new_covered[rows] & (column.name not in sides.new_coverage.columns_absent),
        )
        kinds = kinds_of(column, compared)
        cells[column.name] = CellChanges(column, from_numbers(rows), old, new, kinds)
    return cells
