"""A patch as Parquet bytes in memory, and back, with limits before anything is decoded."""

import pyarrow as pa
import pyarrow.parquet as pq

from azds.changes.misfits import broken
from azds.changes.patch import Patch
from azds.changes.patch_metadata import read_metadata
from azds.changes.patch_reading import from_table
from azds.changes.patch_table import to_table
from azds.errors import InvalidInputError

__all__ = ["from_parquet", "to_parquet"]

_MOST_BYTES = 1 << 34
_MOST_COLUMNS = 100_000


def to_parquet(patch: Patch) -> bytes:
    """The patch as the bytes of one Parquet file, alike under one version of pyarrow.

    Raises:
        InvalidInputError: `type-unsupported`, for a type that Parquet cannot hold.
    """
    table = to_table(patch)
    sink = pa.BufferOutputStream()
    try:
        with pq.ParquetWriter(
            sink,
            table.schema,
            compression="zstd",
            store_schema=False,
            version="2.6",
            write_statistics=False,
        ) as writer:
            writer.write_table(table, row_group_size=max(table.num_rows, 1))
            writer.add_key_value_metadata(table.schema.metadata)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, OSError) as error:
        raise InvalidInputError(
            "type-unsupported", "this cannot be kept as Parquet", got=str(error)[:200]
        ) from error
    return bytes(sink.getvalue())


def from_parquet(data: bytes) -> Patch:
    """The patch that these bytes hold: the twin of `to_parquet`.

    Raises:
        FormatError: `format-unknown`.
        InvalidInputError: they are no Parquet, or hold no patch.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        said = read_metadata(file.metadata.metadata)
        metadata = file.metadata
        size = sum(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
        most = said.old.rows + said.new.rows
        if size > _MOST_BYTES or metadata.num_columns > _MOST_COLUMNS or metadata.num_rows > most:
            raise broken(
                "more than a patch between these ends can hold",
                f"patch: {said.new.schema.name}",
                f"at most {most} rows in {_MOST_BYTES} bytes",
                f"{metadata.num_rows} rows, {metadata.num_columns} columns, {size} bytes",
            )
        table = file.read(use_threads=False)
    except (pa.ArrowException, OSError, MemoryError) as error:
        got = " ".join(str(error).split())[:120]
        raise broken("not a Parquet file that can be decoded", "patch", got=got) from error
    return from_table(table.replace_schema_metadata(file.metadata.metadata))
