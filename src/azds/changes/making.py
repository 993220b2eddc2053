"""Patches made, turned round, and told from each other."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from azds.arrow.equality import equal
from azds.arrow.layout import from_numbers, numbers
from azds.changes.blocks import Part, Plan, compare_blocks
from azds.changes.edits import CellEdits, Edits, edits_of_parts
from azds.changes.patch import End, Patch
from azds.changes.positions import positions
from azds.columns import TableSchema

__all__ = ["has_same_key", "invert", "make_patch", "one_sided", "same_patch"]


def make_patch(old: pa.Table, new: pa.Table, old_end: End, new_end: End) -> Patch:
    """The patch that makes `new` of `old`.

    Shape: both tables as `azds.arrow.tables.conform` makes them by their ends' schemas.

    >>> from azds.arrow.types import schema_from_arrow
    >>> from azds.coverage import Coverage
    >>> tables = pa.table({"id": [1, 2], "x": [5, 6]}), pa.table({"id": [2], "x": [7]})
    >>> schema = schema_from_arrow(tables[0].schema, name="t", key=("id",))
    >>> ends = [End(schema, str(n), t.num_rows, Coverage("complete")) for n, t in enumerate(tables)]
    >>> patch = make_patch(*tables, *ends)
    >>> patch.edits.removed.to_pylist(), patch.edits.cells["x"].new.to_pylist()
    ([{'id': 1, 'x': 5}], [7])
    """
    before, after = old_end.schema, new_end.schema
    if not has_same_key(before, after):
        return Patch(old_end, new_end, Edits(old, new, pa.table({}), {}))
    key = before.key
    shared = tuple(
        column.name
        for column in after.columns
        if column.name in before.names
        and column.name not in key
        and before.column(column.name).type == column.type
    )
    parts = compare_blocks(old, new, Plan(key, shared, key, key))
    edits = edits_of_parts(parts, shared, key)
    alone = one_sided(before, after)
    if alone:
        edits = _with_columns(edits, old, new, parts, alone)
    return Patch(old_end, new_end, edits)


def has_same_key(a: TableSchema, b: TableSchema) -> bool:
    """Whether two schemas have the same key columns, in names, order and types."""
    return [(name, a.column(name).type) for name in a.key] == [
        (name, b.column(name).type) for name in b.key
    ]


def one_sided(old: TableSchema, new: TableSchema) -> tuple[str, ...]:
    """Columns that only one schema has, or both in different types; those of `new` first."""
    types = [{column.name: column.type for column in schema.columns} for schema in (old, new)]
    names = dict.fromkeys([*new.names, *old.names])
    return tuple(name for name in names if types[0].get(name) != types[1].get(name))


def invert(patch: Patch) -> Patch:
    """The patch of the other direction: it takes back what `patch` does."""
    edits = patch.edits
    cells = {name: CellEdits(c.rows, c.new, c.old) for name, c in edits.cells.items()}
    return Patch(patch.new, patch.old, Edits(edits.added, edits.removed, edits.keys, cells))


def same_patch(a: Patch, b: Patch) -> bool:
    """Whether two patches say the same: equal ends and equal edits, by `azds.arrow.equality`."""
    x, y = a.edits, b.edits
    return (
        (a.old, a.new) == (b.old, b.new)
        and x.cells.keys() == y.cells.keys()
        and _same_rows(x.removed, y.removed)
        and _same_rows(x.added, y.added)
        and _same_rows(x.keys, y.keys)
        and all(_same_cells(x.cells[name], y.cells[name]) for name in x.cells)
    )


def _same_rows(a: pa.Table, b: pa.Table) -> bool:
    return (
        a.column_names == b.column_names
        and a.num_rows == b.num_rows
        and all(_same_values(a.column(name), b.column(name)) for name in a.column_names)
    )


def _same_cells(a: CellEdits, b: CellEdits) -> bool:
    return a.rows.equals(b.rows) and _same_side(a.old, b.old) and _same_side(a.new, b.new)


def _same_side(a: pa.Array | None, b: pa.Array | None) -> bool:
    return a is b if a is None or b is None else _same_values(a, b)


def _same_values(a: pa.Array | pa.ChunkedArray, b: pa.Array | pa.ChunkedArray) -> bool:
    return a.type == b.type and len(a) == len(b) and equal(a, b).true_count == len(a)


def _with_columns(
    edits: Edits, old: pa.Table, new: pa.Table, parts: list[Part], names: tuple[str, ...]
) -> Edits:
    """The edits with the cells of columns that only one side has, of every row of both."""
    keys_of = list(edits.keys.column_names)
    only_old, only_new = (
        np.concatenate([getattr(part, side) for part in parts]) for side in ("only_old", "only_new")
    )
    sides = [_without(old, only_old), _without(new, only_new)]
    keys = sides[0].select(keys_of)
    moved = positions(keys, edits.keys, tuple(keys_of)).rows
    cells = {
        name: replace(cell, rows=from_numbers(moved[numbers(cell.rows)]))
        for name, cell in edits.cells.items()
    }
    if keys.num_rows:
        every = from_numbers(np.arange(keys.num_rows))
        for name in names:
            values = [
                side.column(name).combine_chunks() if name in side.column_names else None
                for side in sides
            ]
            cells[name] = CellEdits(every, *values)
    return Edits(edits.removed, edits.added, keys, cells)


def _without(table: pa.Table, rows: np.ndarray) -> pa.Table:
    mask = np.ones(table.num_rows, np.bool_)
    mask[rows] = False
    return table if mask.all() else table.take(from_numbers(np.flatnonzero(mask)))
