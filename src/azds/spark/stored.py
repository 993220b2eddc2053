"""A stored table as workers open it: its file, what the manifest says of it, its edits."""

import platform
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from queue import SimpleQueue

import pyarrow as pa
import pyarrow.parquet as pq

from azds.changes.edits import Edits
from azds.errors import IntegrityError, StorageError
from azds.spark.pairing import Groups
from azds.spark.places import join, opened, read_bytes
from azds.spark.sides import Declared
from azds.store import canonical
from azds.store.fields import Fields
from azds.store.group_index import read_index
from azds.store.manifest import TableEntry
from azds.store.parquet import decode
from azds.store.segments import Read, Segments, apply_edits, group_reader
from azds.store.stored import THREADS, StoredTable, check_footer

__all__ = ["StoredSide", "missing"]


@dataclass(frozen=True, slots=True, eq=False)
class StoredSide:
    """One table of one revision; goes to the workers as it is.

    Attributes:
        root: The dataset's folder, as workers reach it.
        dataset: Its name.
        told: What the manifest says of the table, as canonical JSON.
        base: The same of its checkpoint.
        edits: All that differs from the checkpoint; None if nothing does.
    """

    root: str
    dataset: str
    told: bytes
    base: bytes
    edits: Edits | None

    @classmethod
    def of(cls, root: str, stored: StoredTable) -> "StoredSide":
        """A table that the driver has found."""
        told, base = (
            canonical.dump(one.to_document()) for one in (stored.entry, stored.chain.base)
        )
        return cls(root, stored.dataset, told, base, stored.edits())

    @property
    def declared(self) -> Declared:
        """What the manifest says of the table."""
        entry = _entry(self.told)
        return Declared(entry.schema, entry.coverage, entry.rows)

    @contextmanager
    def opened(self) -> Iterator[Segments]:
        """The table in segments, while its file is open; see `StoredTable.segments`.

        Raises:
            IntegrityError: `file-changed`, `content-changed`, `parquet-unreadable`.
            StorageError: `storage-failed`, also where this machine does not see the file.
        """
        entry, base = _entry(self.told), _entry(self.base)
        where = join(self.root, base.file.path)
        if not base.file.footer:
            yield Segments(entry, base, [_whole(self, entry, base, where)])
            return
        with ExitStack() as stack:
            files = [stack.enter_context(opened(where)) for _ in range(THREADS)]
            readers: SimpleQueue[pq.ParquetFile] = SimpleQueue()
            metadata = None
            for file in files:
                if file is None:
                    raise missing(where)
                if metadata is None:
                    check_footer(partial(_at, file), base.file, where)
                    metadata = pq.read_metadata(file)
                readers.put(pq.ParquetFile(file, metadata=metadata, pre_buffer=False))
            index = read_index(metadata, base, where=where)
            groups = [
                group_reader(readers, base, index, number, where)
                for number in range(len(base.groups))
            ]
            yield Segments(entry, base, groups, index, self.edits)

    def groups(self, segments: Segments) -> Groups:
        """Its groups, as `pair_groups` wants them."""
        inner = segments.schema.empty_table() if segments.index is None else segments.index.starts
        starts = inner.select(list(self.declared.schema.key)).slice(1)
        return Groups(starts, segments.sizes, [one.digest for one in segments])


@lru_cache(maxsize=8)
def _entry(told: bytes) -> TableEntry:
    document = canonical.load(told, kind="manifest-invalid", where="manifest")
    fields = Fields(document, kind="manifest-invalid", where="manifest")
    return TableEntry.from_fields(fields, fields.child("schema").text("name"))


def _at(file: pa.NativeFile, start: int, wanted: int) -> bytes:
    size = file.size()
    return bytes(file.read_at(min(wanted, size - start), start)) if 0 <= start < size else b""


def _whole(side: StoredSide, entry: TableEntry, base: TableEntry, where: str) -> Read:
    """How to read some columns of a table of one group."""

    def read(names: Sequence[str]) -> pa.Table:
        data = read_bytes(where, base.file.bytes)
        if data is None:
            raise missing(where)
        if canonical.hash_of(data) != base.file.sha256:
            raise IntegrityError(
                "file-changed",
                "this file is not what was written",
                where=where,
                expected=base.file.sha256,
                got=canonical.hash_of(data),
                advice="run `azds verify`",
            )
        table = decode(data, base.schema, rows=base.rows, where=where)
        whole = table if side.edits is None else apply_edits(table, side.edits, entry.schema)
        return whole.select(list(names))

    return read


def missing(where: str) -> StorageError:
    """A file that the driver knows, and this machine does not see."""
    return StorageError(
        "storage-failed",
        "this machine does not see the file",
        where=where,
        got=f"none on {platform.node()}",
        advice="keep the store where the driver and all workers read it under one path",
    )
