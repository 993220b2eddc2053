"""Why a stored table is not the one that its manifest describes: the code of the fault.

Loads pyarrow. For `verify` alone, and only where a table was refused.
"""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from azds.arrow.types import to_arrow_schema
from azds.errors import IntegrityError
from azds.store.manifest import TableEntry

__all__ = ["content_code", "first_null"]


def content_code(data: bytes, entry: TableEntry, error: IntegrityError) -> str:
    """The fault of a file whose digest is right, but which is refused as this table."""
    target = to_arrow_schema(entry.schema)
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        rows, names = file.metadata.num_rows, file.schema_arrow.names
    except (pa.ArrowException, OSError, ValueError):
        return "content-unreadable"
    if rows != entry.rows:
        return "content-rows"
    if names != target.names:
        return "content-columns"
    if error.kind == "parquet-unreadable":
        return _why_unreadable(file, target, error)
    if error.kind == "key-order":
        return _why_unordered(file.read(use_threads=False), entry.schema.key)
    return _why_changed(error)


def first_null(data: bytes, entry: TableEntry) -> str | None:
    """The first column that has no value in a row, though it must; None if there is none."""
    table = pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False)
    return next(
        (
            column.name
            for column in entry.schema.columns
            if not column.nullable and table.column(column.name).null_count
        ),
        None,
    )


def _why_changed(error: IntegrityError) -> str:
    if error.expected is None:
        return "content-invalid"
    return "content-groups" if error.expected == error.got else "content-changed"


def _why_unreadable(file: pq.ParquetFile, target: pa.Schema, error: IntegrityError) -> str:
    if error.expected is not None:
        return "content-too-large"
    try:
        table = file.read(use_threads=False)
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        return "content-unreadable"
    kinds = [field.type for field in target]
    return "content-unreadable" if table.schema.types == kinds else "content-types"


def _why_unordered(table: pa.Table, key: tuple[str, ...]) -> str:
    if any(table.column(name).null_count for name in key):
        return "key-null"
    counts = table.group_by(list(key)).aggregate([([], "count_all")]).column("count_all")
    return "key-repeated" if pc.any(pc.greater(counts, 1)).as_py() else "key-order"
