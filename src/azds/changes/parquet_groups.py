"""Parquet files as groups: row groups that are read one by one, by several threads.

Pure: the bytes come from a file object that somebody else opened.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import local

import pyarrow as pa
import pyarrow.parquet as pq

from azds.arrow.types import plain_type
from azds.changes.groups import Group
from azds.errors import InvalidInputError

__all__ = ["ParquetGroups", "coded_columns"]

_FEW = 3
"""Bytes that a value of a column of few different words takes at most, encoded."""
_PIECE = 1 << 16
_LIST = (".list.element", ".list.item")


@dataclass(frozen=True, slots=True, eq=False)
class ParquetGroups:
    """A key-sorted Parquet file as groups: its row groups.

    Attributes:
        source: The file, open; read at any place by several threads, and never closed.
        metadata: What its footer says.
        schema: The columns to give, in the types to give them in.
        digests: The digest of each row group; None: not known.
    """

    source: pa.NativeFile
    metadata: pq.FileMetaData
    schema: pa.Schema
    digests: Sequence[str] | None = None
    _open: local = field(default_factory=local)

    @classmethod
    def of(
        cls, source: pa.NativeFile, schema: pa.Schema, digests: Sequence[str] | None = None
    ) -> "ParquetGroups":
        """The groups of an open file.

        Raises:
            pyarrow.ArrowException: The file is no Parquet, or damaged.
        """
        return cls(source, pq.read_metadata(source), schema, digests)

    def __iter__(self) -> Iterator[Group]:
        """The groups, in key order."""
        for at in range(self.metadata.num_row_groups):
            rows = self.metadata.row_group(at).num_rows
            yield _RowGroup(self, at, rows, None if self.digests is None else self.digests[at])

    def typed(self, read: pa.Table, columns: Sequence[str]) -> pa.Table:
        """These columns of what was read, in their types or in codes for them.

        Raises:
            InvalidInputError: `bad-column`, where values do not fit their type.
        """
        arrays = [_in_type(read.column(name), self.schema.field(name)) for name in columns]
        return pa.Table.from_arrays(arrays, names=list(columns))

    def file(self) -> pq.ParquetFile:
        """A reader of this thread's own."""
        file = getattr(self._open, "file", None)
        if file is None:
            file = self._open.file = pq.ParquetFile(
                self.source,
                metadata=self.metadata,
                pre_buffer=False,
                read_dictionary=coded_columns(self.metadata, self.schema),
            )
        return file


@dataclass(frozen=True, slots=True, eq=False)
class _RowGroup:
    """One row group of a file."""

    groups: ParquetGroups
    at: int
    rows: int
    digest: str | None

    def read(self, columns: Sequence[str]) -> pa.Table:
        file = self.groups.file()
        read = file.read_row_group(self.at, columns=list(columns), use_threads=False)
        return self.groups.typed(read, columns)

    def same_columns(self, other: Group) -> frozenset[str]:
        """Columns whose encoded bytes, and all that says how to decode them, are the same."""
        if not isinstance(other, _RowGroup) or self.rows != other.rows:
            return frozenset()
        a, b = self.groups, other.groups
        if a.metadata.schema != b.metadata.schema:
            return frozenset()
        mine, theirs = a.metadata.row_group(self.at), b.metadata.row_group(other.at)
        same: dict[str, bool] = {}
        for at in range(a.metadata.num_columns):
            column = mine.column(at)
            name = column.path_in_schema.partition(".")[0]
            if same.get(name, True):
                same[name] = _are_same(column, a.source, theirs.column(at), b.source)
        return frozenset(name for name, is_same in same.items() if is_same)


def _are_same(
    a: pq.ColumnChunkMetaData,
    a_source: pa.NativeFile,
    b: pq.ColumnChunkMetaData,
    b_source: pa.NativeFile,
) -> bool:
    """Whether two column chunks of one declared type are the same bytes, read in the same way."""
    chunks = [
        (
            chunk.compression,
            chunk.num_values,
            chunk.total_compressed_size,
            chunk.total_uncompressed_size,
            chunk.encodings,
            chunk.has_dictionary_page,
            chunk.data_page_offset - _start(chunk),
        )
        for chunk in (a, b)
    ]
    if chunks[0] != chunks[1]:
        return False
    size, offsets = a.total_compressed_size, (_start(a), _start(b))
    for at in range(0, size, _PIECE):
        count = min(_PIECE, size - at)
        piece = a_source.read_at(count, offsets[0] + at)
        if len(piece) != count or piece != b_source.read_at(count, offsets[1] + at):
            return False
    return True


def _start(chunk: pq.ColumnChunkMetaData) -> int:
    """Where a column chunk begins: with its dictionary, if it has one."""
    if chunk.has_dictionary_page and chunk.dictionary_page_offset is not None:
        return min(int(chunk.dictionary_page_offset), int(chunk.data_page_offset))
    return int(chunk.data_page_offset)


def _in_type(values: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    if values.type == field.type or plain_type(values.type) == field.type:
        return values
    try:
        return values.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InvalidInputError(
            "bad-column",
            "values do not fit their type",
            where=field.name,
            expected=str(field.type),
            got=str(values.type),
        ) from error


def coded_columns(metadata: pq.FileMetaData, schema: pa.Schema) -> list[str]:
    """The paths of columns of text, or of lists of it, with few different words.

    They are told by their encoded size in the first row group.
    """
    if not metadata.num_row_groups:
        return []
    found = []
    group = metadata.row_group(0)
    for at in range(metadata.num_columns):
        column = group.column(at)
        path = column.path_in_schema
        name = next((path.removesuffix(end) for end in _LIST if path.endswith(end)), path)
        kind = schema.field(name).type if schema.get_field_index(name) >= 0 else None
        is_text = kind in {pa.string(), pa.list_(pa.string())}
        if is_text and column.total_uncompressed_size < _FEW * column.num_values:
            found.append(path)
    return found
