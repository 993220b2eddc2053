"""Changes as a table of cells, whole columns at a time."""

import json

import pyarrow as pa
import pyarrow.compute as pc

from azds.arrow.keys import key_strings, to_text
from azds.arrow.layout import from_strings, scalar
from azds.changes import TableChanges
from azds.columns import Role, TableSchema
from azds.dataset.flat import SEPARATOR

__all__ = ["SCHEMA", "cells_table", "rows_table"]

SCHEMA = pa.schema(
    [
        ("table", pa.string()),
        ("key", pa.string()),
        ("change", pa.string()),
        ("column", pa.string()),
        ("kind", pa.string()),
        ("old", pa.string()),
        ("new", pa.string()),
    ]
)
_EMPTY = pa.Table.from_arrays([pa.nulls(0, f.type) for f in SCHEMA], schema=SCHEMA)


def cells_table(name: str, changes: TableChanges, roles: tuple[Role, ...]) -> pa.Table:
    """The changed cells of these roles, one row each."""
    keys = key_strings(changes.keys, changes.schema.key) if changes.keys.num_rows else None
    parts = [_EMPTY]
    for column, cell in changes.cells.items():
        if cell.column.role not in roles or keys is None:
            continue
        count = len(cell)
        parts.append(
            pa.Table.from_arrays(
                [
                    _same(name, count),
                    keys.take(cell.rows),
                    _same("changed", count),
                    _same(column, count),
                    cell.kinds.cast(pa.string()),
                    as_text(cell.old),
                    as_text(cell.new),
                ],
                schema=SCHEMA,
            )
        )
    return pa.concat_tables(parts)


def rows_table(  # noqa: PLR0913, PLR0917 - what the rows are, and what of them is shown
    name: str,
    category: str,
    rows: pa.Table,
    schema: TableSchema,
    side: str,
    roles: tuple[Role, ...],
) -> pa.Table:
    """Rows on one side only, one row for each cell of these roles that holds something.

    A row in which no such cell holds anything comes as one row without a column, and first.
    """
    if not rows.num_rows:
        return _EMPTY
    keys = key_strings(rows, schema.key)
    there = set(rows.column_names)
    texts = {
        column: as_text(rows.column(column))
        for column in schema.with_role(*roles)
        if column in there
    }
    held = {column: _holds(rows.column(column), text) for column, text in texts.items()}
    bare = pc.is_valid(keys)
    for mask in held.values():
        bare = pc.and_not(bare, mask)
    parts = [_rows_part(name, keys.filter(bare), category, None, None, side)]
    parts += [
        _rows_part(name, keys.filter(held[c]), category, c, text.filter(held[c]), side)
        for c, text in texts.items()
    ]
    return pa.concat_tables(parts)


def _rows_part(  # noqa: PLR0913, PLR0917 - the columns of the table
    name: str, keys: pa.Array, category: str, column: str | None, values: pa.Array | None, side: str
) -> pa.Table:
    count = len(keys)
    empty = pa.nulls(count, pa.string())
    shown = empty if values is None else values
    return pa.Table.from_arrays(
        [
            _same(name, count),
            keys,
            _same(category, count),
            empty if column is None else _same(column, count),
            empty,
            shown if side == "old" else empty,
            shown if side == "new" else empty,
        ],
        schema=SCHEMA,
    )


def _holds(values: pa.ChunkedArray, text: pa.Array) -> pa.Array:
    """Whether each value says anything: null and the empty list do not."""
    if not pa.types.is_list(values.type):
        return pc.is_valid(text)
    return pc.and_not(pc.is_valid(text), pc.is_in(text, value_set=from_strings([""])))


def as_text(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Values as text: lists joined, nested values as JSON, null stays null."""
    flat = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    kind = flat.type
    if pa.types.is_list(kind) and not pa.types.is_nested(kind.value_type):
        return pc.binary_join(flat.cast(pa.list_(pa.string())), scalar(SEPARATOR))
    if pa.types.is_nested(kind):
        return pa.array(
            [
                None if v is None else json.dumps(v, default=str, ensure_ascii=False)
                for v in flat.to_pylist()
            ],
            pa.string(),
        )
    return to_text(flat)


def _same(text: str, count: int) -> pa.Array:
    return pa.repeat(scalar(text), count)
