"""The stored form of a patch: one table, a row per key.

Columns: ``key`` (a struct of the key columns), ``change`` (``added``, ``removed`` or ``changed``),
``mask`` (which columns changed in a changed row: bit ``i % 8``, least first, of byte
``i // 8`` stands for ``columns[i]`` of the metadata, so that a change to or from null is told
from none), ``old`` and ``new`` (structs of the other columns: whole rows where removed or
added, else the cells that differ). In key order. What would hold nothing is left out: a
column of ``old`` or ``new`` without values, a whole struct, ``mask`` where nothing changed.
Where the two ends have different keys there is no ``key``, and the structs hold all columns.

The Arrow schema's metadata has ``azds``: JSON with the format, both ends (digest, rows, coverage
and columns; the new end's columns only where they differ), and the names of ``columns``.
`azds.changes.patch_reading` reads it back.
"""

import json

import numpy as np
import pyarrow as pa

from azds.arrow.kernels import compute, kernel
from azds.arrow.layout import Numbers, from_bits, from_numbers, from_strings, numbers
from azds.arrow.types import to_arrow_schema
from azds.changes.edits import CellEdits
from azds.changes.end_documents import Json, end_to_document
from azds.changes.making import has_same_key
from azds.changes.patch import Patch
from azds.changes.patch_metadata import FORMAT
from azds.changes.patch_reading import from_table

__all__ = ["FORMAT", "from_table", "to_table"]

_CHANGES = ("added", "removed", "changed")


def to_table(patch: Patch) -> pa.Table:
    r"""The patch as one table.

    Shape: a row per key that differs; see the module.

    >>> from azds.arrow.types import schema_from_arrow
    >>> from azds.changes.patching import make_patch
    >>> from azds.changes.patch import End
    >>> from azds.coverage import Coverage
    >>> tables = pa.table({"id": [1, 2], "x": [5, 6]}), pa.table({"id": [2], "x": [7]})
    >>> schema = schema_from_arrow(tables[0].schema, name="t", key=("id",))
    >>> ends = [End(schema, "d:0123456789abcdef", t.num_rows, Coverage("complete")) for t in tables]
    >>> for row in to_table(make_patch(*tables, *ends)).to_pylist():
    ...     print(row)
    {'key': {'id': 1}, 'change': 'removed', 'mask': None, 'old': {'x': 5}, 'new': None}
    {'key': {'id': 2}, 'change': 'changed', 'mask': b'\x01', 'old': {'x': 6}, 'new': {'x': 7}}
    """
    edits = patch.edits
    key = patch.old.schema.key if has_same_key(patch.old.schema, patch.new.schema) else ()
    names = tuple(name for name in _other_names(patch, key) if name in edits.cells)
    tables = (edits.added, edits.removed, edits.keys)
    counts = [table.num_rows for table in tables]
    order = np.arange(sum(counts))
    columns: dict[str, pa.Array] = {}
    if key:
        keyed = [table.select(list(key)) for table in tables]
        keys = pa.concat_tables(keyed, promote_options="default").combine_chunks()  # null or not
        by = compute.SortOptions([(name, "ascending") for name in key])
        sort = kernel("sort_indices", keys, options=by)
        order = numbers(sort).astype(np.int64)
        columns["key"] = _struct(keys.take(from_numbers(order)), to_arrow_schema(patch.old.schema))
    what = np.repeat(np.arange(len(counts)), counts)[order]
    columns["change"] = from_strings(_CHANGES).take(from_numbers(what))
    if names:
        rows = np.argsort(order)[counts[0] + counts[1] :]
        columns["mask"] = _masks([edits.cells[n] for n in names], counts[2], rows, len(order))
    for side, whole, start, schema in (
        ("old", edits.removed, counts[0], patch.old.schema),
        ("new", edits.added, 0, patch.new.schema),
    ):
        values = {}
        for name in schema.names:
            if name not in key:
                cells = edits.cells.get(name)
                found = _values(
                    (whole.column(name), start),
                    None if cells is None else (getattr(cells, side), numbers(cells.rows)),
                    counts[0] + counts[1],
                    order,
                )
                if found is not None:
                    values[name] = found
        if values:
            other = 0 if side == "old" else 1
            columns[side] = _struct(
                pa.table(values), to_arrow_schema(schema), mask=from_bits(what == other)
            )
    table = pa.table(columns)
    text = json.dumps(_metadata(patch, names), ensure_ascii=False, separators=(",", ":"))
    return table.replace_schema_metadata({b"azds": text.encode()})


def _other_names(patch: Patch, key: tuple[str, ...]) -> tuple[str, ...]:
    """All columns of either end but the key, the new end's first."""
    names = dict.fromkeys([*patch.new.schema.names, *patch.old.schema.names])
    return tuple(name for name in names if name not in key)


def _metadata(patch: Patch, names: tuple[str, ...]) -> dict[str, Json]:
    old, new = end_to_document(patch.old), end_to_document(patch.new)
    if patch.old.schema == patch.new.schema:
        del new["schema"]
    return {"format": FORMAT, "old": old, "new": new, "columns": list(names)}


def _masks(cells: list[CellEdits], changed: int, rows: Numbers, count: int) -> pa.Array:
    """The mask of each row; null where the row did not change."""
    width = -(-len(cells) // 8)
    packed = np.zeros((changed, width), np.uint8)
    for bit, cell in enumerate(cells):
        packed[numbers(cell.rows), bit // 8] |= np.uint8(1 << bit % 8)
    fixed = pa.Array.from_buffers(pa.binary(width), changed, [None, pa.py_buffer(packed.tobytes())])
    at = np.full(count, changed)
    at[rows] = np.arange(changed)
    values = pa.concat_arrays([fixed.cast(pa.binary()), pa.nulls(1, pa.binary())])
    return values.take(from_numbers(at))


def _values(
    whole: tuple[pa.ChunkedArray, int],
    cells: tuple[pa.Array | None, Numbers] | None,
    first_changed: int,
    order: Numbers,
) -> pa.Array | None:
    """A column of `old` or `new`, a value per row of the stored table; None where all are null."""
    rows, start = whole
    at = np.full(len(order), -1)
    parts = []
    if rows.null_count < len(rows):
        parts += rows.chunks
        at[start : start + len(rows)] = np.arange(len(rows))
    held = sum(map(len, parts))
    if cells is not None and cells[0] is not None and cells[0].null_count < len(cells[0]):
        parts.append(cells[0])
        at[first_changed + cells[1]] = np.arange(len(cells[0])) + held
        held += len(cells[0])
    if not parts:
        return None
    at[at < 0] = held
    values = pa.concat_arrays([*parts, pa.nulls(1, rows.type)])
    return values.take(from_numbers(at[order]))


def _struct(table: pa.Table, schema: pa.Schema, mask: pa.BooleanArray | None = None) -> pa.Array:
    fields = [pa.field(name, schema.field(name).type) for name in table.column_names]
    arrays = [
        column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        for column in table.columns
    ]
    return pa.StructArray.from_arrays(arrays, fields=fields, mask=mask)
