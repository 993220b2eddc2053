"""Parquet files that are in key order already, read as they are: no copy, nothing sorted.

Row groups are groups; those too large to hold are read in batches, on a thread of each side.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from azds.changes.groups import Group, TableGroup
from azds.changes.parquet_groups import ParquetGroups, coded_columns

__all__ = ["FilesInOrder", "may_be_ordered"]

_MOST_GROUP = 24 * 1024 * 1024
"""Bytes of a row group that is read at once."""
_BATCH = 8 * 1024 * 1024
_MOST_ROWS = 1 << 16
_BUFFER = 1 << 18

_T = TypeVar("_T")


def may_be_ordered(paths: Sequence[Path], key: str) -> bool:
    """Whether no footer speaks against rows in the order of this column, without nulls.

    Statistics cost nothing to read; what they do not tell is seen when the rows are.
    """
    last = None
    for path in paths:
        with path.open("rb") as handle:
            metadata = pq.read_metadata(handle)
        at = next((n for n in range(metadata.num_columns) if _is_column(metadata, n, key)), None)
        if at is None:
            return False
        for group in range(metadata.num_row_groups):
            found = metadata.row_group(group).column(at).statistics
            if found is None or not found.has_min_max:
                continue
            if found.null_count or (last is not None and found.min < last):
                return False
            last = found.max
    return True


def _is_column(metadata: pq.FileMetaData, at: int, name: str) -> bool:
    return bool(metadata.schema.column(at).path == name)


@dataclass(frozen=True, slots=True)
class FilesInOrder:
    """Parquet files, one after the other, as groups in the columns and types of a schema.

    Attributes:
        paths: The files.
        schema: The columns to give, in the types to give them in.
        files: Holds what is open; the caller closes it when all is read.
    """

    paths: Sequence[Path]
    schema: pa.Schema
    files: ExitStack

    def __iter__(self) -> Iterator[Group]:
        """The groups, as the files have them."""
        for path in self.paths:
            source = self.files.enter_context(pa.OSFile(str(path), "rb"))
            groups = ParquetGroups.of(source, self.schema)
            sizes = _sizes(groups.metadata)
            if max(sizes, default=0) <= _MOST_GROUP:
                yield from groups
            else:
                yield from _ahead(_batches(groups, sizes))


def _sizes(metadata: pq.FileMetaData) -> list[int]:
    """About how many bytes each row group takes, decoded."""
    groups = (metadata.row_group(at) for at in range(metadata.num_row_groups))
    return [max(group.total_byte_size, 8 * group.num_rows) for group in groups]


def _batches(groups: ParquetGroups, sizes: Sequence[int]) -> Iterator[Group]:
    """Row groups in pieces, each read once, in order."""
    metadata, names = groups.metadata, groups.schema.names
    file = pq.ParquetFile(
        groups.source,
        metadata=metadata,
        pre_buffer=False,
        buffer_size=_BUFFER,
        read_dictionary=coded_columns(metadata, groups.schema),
    )
    for at, size in enumerate(sizes):
        rows = metadata.row_group(at).num_rows
        count = max(1, min(_MOST_ROWS, rows * _BATCH // max(size, 1)))
        for batch in file.iter_batches(count, row_groups=[at], columns=names, use_threads=False):
            yield TableGroup(groups.typed(pa.Table.from_batches([batch]), names))


def _ahead(items: Iterator[_T]) -> Iterator[_T]:
    """The items, the next of which is made on another thread."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item
