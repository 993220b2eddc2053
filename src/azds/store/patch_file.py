"""Patches as Parquet bytes in memory. Apart from tables: what patches need, most reads do without.

Loads pyarrow.
"""

import pyarrow as pa
import pyarrow.parquet as pq

from azds.changes.patch import Patch
from azds.changes.patch_table import from_table, to_table
from azds.errors import IntegrityError, InvalidInputError
from azds.store.parquet import decoding, encode, refuse_large

__all__ = ["decode_patch", "encode_patch"]

_SMALL = 1 << 14


def encode_patch(patch: Patch) -> bytes:
    """A patch as one Parquet file (`azds.changes.patch_table`): the twin of `decode_patch`.

    Raises:
        InvalidInputError: `type-unsupported`, for a type that Parquet cannot hold.
    """
    table = to_table(patch)
    fields = dict(table.schema.metadata or {})
    small = table.num_rows <= _SMALL
    return encode(table.replace_schema_metadata(None), [table.num_rows], fields, small=small)


def decode_patch(data: bytes, *, where: str) -> Patch:
    """The patch that these bytes hold. What they declare is checked before they are decoded.

    Raises:
        IntegrityError: `parquet-unreadable`, or `content-changed` where this is no patch.
        StorageError: `storage-failed`: there is not enough memory.
    """
    with decoding(where):
        file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)
        refuse_large(file.metadata, where)
        table = file.read(use_threads=False).combine_chunks()
        try:
            return from_table(table)
        except InvalidInputError as error:
            raise IntegrityError(
                "content-changed", error.what, where=where, expected=error.expected, got=error.got
            ) from error
