"""The segments of a stored table: row groups of its checkpoint with the edits since.

A segment is read alone, and checked by the digests of its columns. Loads pyarrow.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from azds.arrow.digest import column_digest
from azds.arrow.layout import Numbers
from azds.arrow.types import to_arrow_schema
from azds.changes.edits import Edits, slice_edits
from azds.changes.patch import End, Patch
from azds.changes.patching import apply_patch
from azds.changes.positions import positions
from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.errors import IntegrityError
from azds.store.group_index import GroupIndex
from azds.store.manifest import TableEntry
from azds.store.parquet import decoding

__all__ = ["Read", "Segment", "Segments", "apply_edits", "group_reader"]

_DIGEST = 32

Read = Callable[[Sequence[str]], pa.Table]
"""Gives the columns of these names of one row group, checked."""


class Segments:
    """The segments of a stored table, in key order: its groups, for `azds.changes.streams`.

    Attributes:
        entry: The table.
        base: Its checkpoint.
        index: Of the checkpoint; None where it is read as one segment.
        edits_since: All that differs from the checkpoint; None if nothing does.
        sizes: How many rows each segment has.
    """

    def __init__(
        self,
        entry: TableEntry,
        base: TableEntry,
        readers: Sequence[Read],
        index: GroupIndex | None = None,
        edits: Edits | None = None,
    ) -> None:
        self.entry = entry
        self.base = base
        self.index = index
        self.edits_since = edits
        self.readers = readers
        if index is None:
            self.sizes = np.array([entry.rows])
            return
        self.sizes = np.array([group.rows for group in base.groups])
        if edits is not None:
            self._cuts = {
                name: self.cuts(getattr(edits, name)) for name in ("removed", "added", "keys")
            }
            self.sizes = self.sizes - np.diff(self._cuts["removed"]) + np.diff(self._cuts["added"])

    def __len__(self) -> int:
        """How many segments there are."""
        return len(self.readers)

    def __iter__(self) -> Iterator["Segment"]:
        """The segments, in key order."""
        return (self[number] for number in range(len(self)))

    def __getitem__(self, number: int) -> "Segment":
        """One segment."""
        return Segment(self, number, int(self.sizes[number]), self._edits(number))

    @property
    def schema(self) -> pa.Schema:
        """The columns of each segment."""
        return to_arrow_schema(self.entry.schema)

    def locate(self, rows: pa.Table) -> Numbers:
        """The segment that the key of each row belongs to, whether it is there or not."""
        if self.index is None:
            return np.zeros(rows.num_rows, np.int64)
        starts = self.index.starts
        found = positions(starts, rows, tuple(starts.column_names))
        return np.maximum(found.rows + found.is_there - 1, 0)

    def cuts(self, rows: pa.Table) -> Numbers:
        """Where in key-sorted rows each segment begins; one more than there are segments."""
        cuts: Numbers = np.searchsorted(self.locate(rows), np.arange(len(self) + 1))
        return cuts

    def _edits(self, number: int) -> Edits | None:
        """What differs from the checkpoint in one segment; None if nothing does."""
        if self.edits_since is None or self.index is None:
            return None
        removed, added, keys = (
            (int(cuts[number]), int(cuts[number + 1])) for cuts in self._cuts.values()
        )
        if removed[0] == removed[1] and added[0] == added[1] and keys[0] == keys[1]:
            return None
        return slice_edits(self.edits_since, removed, added, keys)


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """The rows of one row group of the checkpoint, with the edits since.

    Attributes:
        of: The table that it belongs to.
        number: Which one it is.
        rows: How many rows it has.
        edits: What differs from the checkpoint; None if nothing does.
    """

    of: Segments
    number: int
    rows: int
    edits: Edits | None

    @property
    def digest(self) -> str | None:
        """The digest of its content, if known."""
        if self.of.index is None or self.edits is not None:
            return None
        return self.of.base.groups[self.number].digest

    def read(self, columns: Sequence[str] | None = None) -> pa.Table:
        """These columns, in this order; all without a choice."""
        names = self.of.entry.schema.names if columns is None else tuple(columns)
        if self.edits is None:
            return self._stored(names)
        schema, key = self.of.entry.schema, self.of.entry.schema.key
        some = tuple(name for name in schema.names if name in key or name in names)
        table = self._stored(some)
        part = _with_columns(schema, some)
        return apply_edits(table, _edits_of(self.edits, some), part).select(list(names))

    def _stored(self, names: Sequence[str]) -> pa.Table:
        """Columns of the checkpoint as this table declares them, which may allow for nulls."""
        table, schema = self.of.readers[self.number](names), self.of.entry.schema
        if schema.columns == self.of.base.schema.columns:
            return table
        declared = to_arrow_schema(_with_columns(schema, names))
        return pa.Table.from_arrays(table.select(declared.names).columns, schema=declared).select(
            list(names)
        )

    def same_columns(self, other: object) -> frozenset[str]:
        """Columns that are known to hold the same as in another segment."""
        if not isinstance(other, Segment):
            return frozenset()
        own, others = self.column_digests(), other.column_digests()
        return frozenset(name for name, digest in own.items() if others.get(name) == digest)

    def column_digests(self) -> dict[str, bytes]:
        """The digest of each column whose values are those of the checkpoint."""
        index, names = self.of.index, self.of.base.schema.names
        if index is None:
            return {}
        changed = {} if self.edits is None else self.edits.cells
        if self.edits is not None and (self.edits.removed.num_rows or self.edits.added.num_rows):
            return {}
        digests = index.columns[self.number]
        return {
            name: digests[at * _DIGEST : (at + 1) * _DIGEST]
            for at, name in enumerate(names)
            if name not in changed
        }


def _with_columns(schema: TableSchema, names: Sequence[str]) -> TableSchema:
    columns = tuple(column for column in schema.columns if column.name in names)
    return TableSchema(schema.name, schema.version, columns)


def _edits_of(edits: Edits, names: Sequence[str]) -> Edits:
    return Edits(
        edits.removed.select(list(names)),
        edits.added.select(list(names)),
        edits.keys,
        {name: cells for name, cells in edits.cells.items() if name in names},
    )


def group_reader(
    files: "SimpleQueue[pq.ParquetFile]",
    entry: TableEntry,
    index: GroupIndex,
    number: int,
    where: str,
) -> Read:
    """How to read some columns of one row group, checked."""

    def read(names: Sequence[str]) -> pa.Table:
        fields = pa.schema([f for f in to_arrow_schema(entry.schema) if f.name in names])
        file = files.get()  # one reader a thread: two threads must not share one
        try:
            with decoding(where):
                found = file.read_row_group(number, columns=fields.names, use_threads=False)
                table = pa.Table.from_arrays(
                    [found.column(f.name).cast(f.type) for f in fields], schema=fields
                ).combine_chunks()
        finally:
            files.put(file)
        for name in fields.names:
            at = entry.schema.names.index(name) * _DIGEST
            if column_digest(table.column(name)) != index.columns[number][at : at + _DIGEST]:
                raise IntegrityError(
                    "content-changed",
                    f"{name} in row group {number} of this file is not what was written",
                    where=where,
                    advice="run `azds verify`",
                )
        return table.select(list(names))

    return read


def apply_edits(table: pa.Table, edits: Edits, schema: TableSchema) -> pa.Table:
    """A part of a table with the edits of that part; both sides of one schema."""
    end = End(schema, "", 0, Coverage("complete"))  # what it is, nobody asks here
    return apply_patch(table, Patch(end, end, edits))
