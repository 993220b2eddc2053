"""One row of a table through revisions, read from as little as there is."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from azds.arrow.kernels import cast, kernel
from azds.arrow.keys import key_strings
from azds.arrow.layout import Bits, bits, from_strings, kept, numbers, scalar
from azds.arrow.types import to_arrow_schema
from azds.changes.edits import Edits
from azds.columns import TableSchema
from azds.dataset.snapshot import Snapshot
from azds.ids import split_key

__all__ = ["find_rows"]


def find_rows(table: str, key: str, snapshots: Sequence[Snapshot]) -> list[pa.Table | None]:
    """The row of a canonical key string in each revision, as a table.

    Shape: of one row, or of none where the revision does not state it; None where it has no such
    table.
    """
    found: list[pa.Table | None] = []
    for number, snapshot in enumerate(snapshots):
        entry = snapshot.manifest.tables.get(table)
        if entry is None:
            found.append(None)
            continue
        before = snapshots[number - 1].manifest.tables.get(table) if number else None
        row = found[number - 1] if number else None
        if before is not None and row is not None and before.schema == entry.schema:
            if before.digest == entry.digest:
                found.append(row)
                continue
            patch = snapshot.folder.patch_between(before, entry)
            if patch is not None:
                found.append(_patched(row, patch.edits, key, entry.schema))
                continue
        found.append(_stored(table, key, snapshot))
    return found


def _stored(table: str, key: str, snapshot: Snapshot) -> pa.Table:
    """The row as it is stored; of a large table only the segment that holds it is read."""
    schema = snapshot.manifest.tables[table].schema
    wanted = _typed(key, schema)
    if wanted is None:
        return to_arrow_schema(schema).empty_table()
    with snapshot.folder.stored_table(snapshot.label, table).segments() as segments:
        rows = segments[int(segments.locate(wanted)[0])].read()
        return _of_key(rows, key, schema)


def _typed(key: str, schema: TableSchema) -> pa.Table | None:
    """The key as a row of the key columns; None where it is none of this table."""
    texts = split_key(key)
    fields = [field for field in to_arrow_schema(schema) if field.name in schema.key]
    if len(texts) != len(fields):
        return None
    try:
        arrays = [_value(text, field.type) for text, field in zip(texts, fields, strict=True)]
    except (pa.ArrowException, ValueError):
        return None
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _value(text: str, kind: pa.DataType) -> pa.Array:
    if pa.types.is_binary(kind):
        return pa.array([bytes.fromhex(text)], kind)
    if pa.types.is_timestamp(kind) and kind.tz:
        return cast(cast(from_strings([text]), pa.timestamp(kind.unit, "UTC")), kind)
    return cast(from_strings([text]), kind)


def _of_key(rows: pa.Table, key: str, schema: TableSchema) -> pa.Table:
    return kept(rows, _is_key(rows, key, schema)) if rows.num_rows else rows


def _is_key(rows: pa.Table, key: str, schema: TableSchema) -> Bits:
    return bits(kernel("equal", key_strings(rows, schema.key), scalar(key)))


def _patched(row: pa.Table, edits: Edits, key: str, schema: TableSchema) -> pa.Table:
    """The row after a patch."""
    if _of_key(edits.removed, key, schema).num_rows:
        return row.slice(0, 0)
    added = _of_key(edits.added, key, schema)
    if added.num_rows:
        return added
    if not edits.keys.num_rows:
        return row
    at = np.flatnonzero(_is_key(edits.keys, key, schema))
    if not len(at):
        return row
    for name, cells in edits.cells.items():
        places = numbers(cells.rows)
        place = int(places.searchsorted(at[0]))
        is_here = place < len(cells) and places[place] == at[0]
        if is_here and cells.new is not None:
            column = row.schema.get_field_index(name)
            row = row.set_column(column, row.schema.field(column), cells.new.slice(place, 1))
    return row
