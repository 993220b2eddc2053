"""A table divided by a hash of its keys into parts on disk, each small enough to hold."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from azds.arrow.digest import key_hashes
from azds.arrow.layout import taken
from azds.errors import StorageError

__all__ = ["BUDGET", "divide", "parts_for", "read_part"]

BUDGET = 128 * 1024 * 1024
"""Bytes of both sides that are compared at once; beyond, tables are divided."""
_PART = 32 * 1024 * 1024
_FEWEST, _MOST, _UNKNOWN = 16, 128, 64
_PIECE = 8 * 1024 * 1024


def parts_for(sizes: Sequence[int | None]) -> int:
    """In how many parts tables of about these sizes are divided; None: of unknown size.

    What files take is an estimate: encoded, they are smaller than in memory.

    >>> parts_for([1 << 30, 1 << 30]), parts_for([None, 5])
    (128, 64)
    """
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        return _UNKNOWN
    return min(_MOST, max(_FEWEST, 2 * sum(known) // _PART))


def divide(
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
    key: tuple[str, ...],
    count: int,
    folder: Path,
) -> list[Path]:
    """The rows of `batches` in `count` files; rows of one key come into one file.

    The files are this process's own and hold Arrow IPC streams.

    Raises:
        StorageError: `storage-failed`, where the temporary folder is full.
    """
    paths = [Path(f"{folder}-{at}.arrows") for at in range(count)]
    handles = [pa.OSFile(str(path), "wb") for path in paths]
    writers = [pa.ipc.new_stream(handle, schema) for handle in handles]
    try:
        for table in _pieces(batches):
            part = (key_hashes(table, key) % np.uint64(count)).astype(np.uint8)
            ordered = taken(table, np.argsort(part, kind="stable"))  # of bytes, so not by comparing
            ends = np.cumsum(np.bincount(part, minlength=count))
            start = 0
            for writer, end in zip(writers, ends.tolist(), strict=True):
                if end > start:
                    writer.write_table(ordered.slice(start, end - start))
                start = end
        for writer in writers:
            writer.close()
    except OSError as error:
        raise StorageError(
            "storage-failed",
            "the temporary folder cannot hold the parts of a large table",
            where=str(folder.parent),
            got=error.strerror or str(error),
            advice="name a larger one with TMPDIR",
        ) from error
    finally:
        for handle in handles:
            handle.close()
    return paths


def _pieces(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The rows in tables of some size, so that each part gets many rows at once."""
    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size >= _PIECE:
            yield pa.Table.from_batches(held).combine_chunks()
            held, size = [], 0
    if held:
        yield pa.Table.from_batches(held).combine_chunks()


def read_part(path: Path) -> pa.Table:
    """One part, and its file is no longer needed."""
    with pa.OSFile(str(path), "rb") as handle:
        table = pa.ipc.open_stream(handle).read_all()
    path.unlink()
    return table
