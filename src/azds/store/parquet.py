"""Tables as Parquet bytes in memory: pyarrow never opens a path.

Loads pyarrow: `azds.store` imports this module where a table is read or written.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq

from azds.arrow.kernels import cast
from azds.arrow.types import to_arrow_schema
from azds.columns import TableSchema
from azds.errors import IntegrityError, InvalidInputError, StorageError

__all__ = ["decode", "decoding", "encode", "footer_of", "refuse_large"]

_MOST_BYTES = 1 << 35
_TAIL = 8


def encode(
    table: pa.Table,
    groups: Iterable[int],
    fields: Mapping[bytes, bytes] | None = None,
    *,
    small: bool = False,
) -> bytes:
    """The table as one Parquet file with row groups of these numbers of rows.

    `fields` are written into the footer. What is `small` is read whole and kept in many
    revisions: it is packed closer, without statistics and dictionaries.

    Shape: The same values give the same bytes under one version of pyarrow, however
    the table is chunked. Types that Parquet lacks become their nearest; `decode`
    restores them from the schema.

    Raises:
        InvalidInputError: `type-unsupported`, for a type that Parquet cannot hold.
    """
    sink = pa.BufferOutputStream()
    try:
        with pq.ParquetWriter(
            sink,
            table.schema,
            compression="zstd" if small else "snappy",
            use_dictionary=not small,
            write_statistics=not small,
            store_schema=False,
            version="2.6",
        ) as writer:
            start = 0
            for rows in groups:
                if rows:
                    writer.write_table(
                        table.slice(start, rows).combine_chunks(), row_group_size=rows
                    )
                start += rows
            if fields:
                writer.add_key_value_metadata(dict(fields))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, OSError) as error:
        raise InvalidInputError(
            "type-unsupported", "this cannot be kept as Parquet", got=str(error)
        ) from error
    return bytes(sink.getvalue())


def footer_of(data: bytes) -> bytes:
    """The footer of a Parquet file, without its length and the closing mark."""
    size = int.from_bytes(data[-_TAIL:-4], "little")
    return data[-_TAIL - size : -_TAIL]


def decode(data: bytes, schema: TableSchema, *, rows: int, where: str) -> pa.Table:
    """The table that these bytes hold: the twin of `encode`.

    The caller has checked the bytes against their digest. What they declare is
    checked before they are decoded.

    Shape: The schema's columns, in its order and types; one chunk a column at most.

    Raises:
        IntegrityError: `parquet-unreadable`, or `content-changed` where the file is
            sound but holds another table than the manifest says.
        StorageError: `storage-failed`: there is not enough memory.
    """
    target = to_arrow_schema(schema)
    with decoding(where):
        file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)  # it is in memory
        _check_declared(file.metadata, file.schema_arrow.names, target.names, rows, where)
        read = file.read(use_threads=False)
        columns = [cast(read.column(field.name), field.type) for field in target]
        return pa.Table.from_arrays(columns, schema=target).combine_chunks()


@contextmanager
def decoding(where: str) -> Iterator[None]:
    """What goes wrong inside is said of this file; that memory is short is no damage of it."""
    try:
        yield
    except MemoryError as error:  # Arrow's own is one too
        raise StorageError(
            "storage-failed", "there is not enough memory to decode this file", where=where
        ) from error
    except (pa.ArrowException, OSError, ValueError, LookupError) as error:
        raise IntegrityError(
            "parquet-unreadable", "this file cannot be decoded", where=where, got=str(error)[:200]
        ) from error


def _check_declared(
    metadata: pq.FileMetaData, names: list[str], wanted: list[str], rows: int, where: str
) -> None:
    refuse_large(metadata, where)
    if metadata.num_rows != rows:
        raise IntegrityError(
            "content-changed",
            "the number of rows is not the manifest's",
            where=where,
            expected=str(rows),
            got=str(metadata.num_rows),
        )
    if names != wanted:
        raise IntegrityError(
            "content-changed",
            "the columns are not the manifest's",
            where=where,
            expected=", ".join(wanted),
            got=", ".join(names),
        )


def refuse_large(metadata: pq.FileMetaData, where: str) -> None:
    """Refuse a file that declares more than may be decoded.

    Raises:
        IntegrityError: `parquet-unreadable`.
    """
    size = sum(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
    if size > _MOST_BYTES:
        raise IntegrityError(
            "parquet-unreadable",
            "this file declares more than can be decoded",
            where=where,
            expected=f"at most {_MOST_BYTES} bytes",
            got=str(size),
        )
