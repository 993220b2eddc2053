"""The index in a large table's Parquet footer: where its groups start, and what is in them.

So that a part of the table is found, read and checked without the rest. The
footer's own digest stands in the manifest; each group's covers its columns'.
Loads pyarrow.
"""

import base64
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from azds.arrow.digest import ContentDigest, group_digest
from azds.arrow.layout import from_numbers
from azds.arrow.types import to_arrow_schema
from azds.columns import TableSchema
from azds.errors import IntegrityError, StorageError
from azds.store.manifest import TableEntry

__all__ = ["INDEX_FIELD", "GroupIndex", "index_of", "read_index"]

INDEX_FIELD = b"azds.groups"
"""The field of the footer: the Base64 of a Parquet file with one row for each group."""

_DIGEST = 32
_MOST_BYTES = 1 << 27


@dataclass(frozen=True, slots=True, eq=False)
class GroupIndex:
    """The groups of a table.

    Attributes:
        starts: The key of the first row of each group, in key order.
        columns: For each group, the 32 bytes of each column's digest, in the schema's order.
    """

    starts: pa.Table
    columns: tuple[bytes, ...]


def index_of(rows: pa.Table, schema: TableSchema, content: ContentDigest) -> bytes | None:
    """The index of a table in key order; None where there are not two groups to tell apart."""
    if len(content.groups) < 2:  # noqa: PLR2004 - one group is the table
        return None
    at = from_numbers(np.cumsum([0, *(group.rows for group in content.groups[:-1])]))
    starts = rows.select(list(schema.key)).take(at)
    table = pa.table(
        {
            "key": pa.StructArray.from_arrays(
                [column.combine_chunks() for column in starts.columns], list(schema.key)
            ),
            "columns": _binary([group.columns for group in content.groups]),
        }
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="snappy", store_schema=False, version="2.6")
    return base64.b64encode(sink.getvalue())


def read_index(metadata: pq.FileMetaData, entry: TableEntry, *, where: str) -> GroupIndex:
    """The index of the table that `entry` describes, from a footer whose digest was checked.

    Raises:
        IntegrityError: `content-changed`, where it is not what the entry's groups say.
    """
    schema = entry.schema
    wanted = [f for f in to_arrow_schema(schema) if f.name in schema.key]
    try:
        data = base64.b64decode((metadata.metadata or {})[INDEX_FIELD], validate=True)
        file = pq.ParquetFile(pa.BufferReader(data))
        declared = sum(
            file.metadata.row_group(n).total_byte_size for n in range(file.metadata.num_row_groups)
        )
        if declared > _MOST_BYTES or file.metadata.num_rows != len(entry.groups):
            raise _changed(where, "an index of another size")
        table = file.read(use_threads=False)
        keys = table.column("key").combine_chunks()
        starts = pa.Table.from_arrays(
            [keys.field(f.name).cast(f.type) for f in wanted], schema=pa.schema(wanted)
        )
        columns = tuple(table.column("columns").to_pylist())
    except MemoryError as error:
        raise StorageError(
            "storage-failed", "there is not enough memory to read its index", where=where
        ) from error
    except (pa.ArrowException, OSError, ValueError, LookupError) as error:
        raise _changed(where, str(error)[:200]) from error
    for group, digests in zip(entry.groups, columns, strict=True):
        whole = len(digests) == _DIGEST * len(schema.columns)
        if not whole or group_digest(group.rows, digests) != group.digest:
            raise _changed(where, "other digests of groups")
    return GroupIndex(starts, columns)


def _binary(values: list[bytes]) -> pa.BinaryArray:
    ends = np.cumsum([0, *map(len, values)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(values))]
    return pa.Array.from_buffers(pa.binary(), len(values), buffers)


def _changed(where: str, got: str) -> IntegrityError:
    return IntegrityError(
        "content-changed",
        "the index of this file is not the manifest's",
        where=where,
        got=got,
        advice="run `azds verify`",
    )
