"""A table as it is stored: a whole table at a checkpoint, and the patches since.

Read whole, or in segments: the rows of one row group of the checkpoint with the
edits that fall into its range of keys. What is read is checked before it is used: a
file by its SHA-256, a segment by the digests of its columns. Loads pyarrow.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue

import pyarrow as pa
import pyarrow.parquet as pq

from azds.changes.edits import Edits
from azds.changes.patch import End, Patch
from azds.changes.patching import compose_all, invert, make_patch
from azds.errors import IntegrityError
from azds.store import canonical, port
from azds.store.group_index import read_index
from azds.store.lineage import FindEntry, Step
from azds.store.manifest import FileEntry, TableEntry
from azds.store.numbered import decode_numbered
from azds.store.parquet import decode
from azds.store.patch_file import decode_patch
from azds.store.segments import Segments, apply_edits, group_reader
from azds.store.state import read_table_file

__all__ = [
    "THREADS",
    "Chain",
    "StoredTable",
    "chain_of",
    "check_footer",
    "composed",
    "read_numbered",
    "read_patch",
]

THREADS = 2
"""How many threads may read segments at once."""
_TAIL = 8
_MAGIC = b"PAR1"
_DIGEST = 32
_MOST_FOOTER = 1 << 28


@dataclass(frozen=True, slots=True)
class Chain:
    """How a table is stored.

    Attributes:
        base: The entry of the checkpoint.
        steps: The entries since, oldest first: each is read by a patch on the one before.
    """

    base: TableEntry
    steps: tuple[TableEntry, ...]


def chain_of(entry: TableEntry, find: FindEntry, *, where: str) -> Chain:
    """From a table back to its checkpoint.

    Raises:
        IntegrityError: `patch-chain`, where a patch stands on a table that is not there, or
            patches stand on each other in a circle.
    """
    steps: list[TableEntry] = []
    seen: set[str] = set()
    while entry.file.is_patch:
        if entry.file.path in seen:
            raise _broken(where, "patches that stand on each other", entry.file)
        seen.add(entry.file.path)
        steps.append(entry)
        before = find(entry.file.on)
        if before is None:
            raise _broken(where, "no table to apply it to", entry.file)
        if entry.file.numbered and before.file.is_patch:
            raise _broken(where, "a table that is no whole one", entry.file)
        entry = before
    return Chain(entry, tuple(reversed(steps)))


def read_patch(
    path: Path, dataset: str, file: FileEntry, old: TableEntry, new: TableEntry
) -> Patch:
    """A stored patch, checked: its bytes, and that its ends are what the manifests say.

    Raises:
        IntegrityError: `file-missing`, `file-changed`, `parquet-unreadable`, `patch-ends`.
    """
    where = f"{dataset}/{file.path}"
    patch = decode_patch(read_table_file(path, dataset, file), where=where)
    for end, entry in ((patch.old, old), (patch.new, new)):
        if (end.digest, end.rows) != (entry.digest, entry.rows):
            raise IntegrityError(
                "patch-ends",
                "this patch is not between the tables that the manifests name",
                where=where,
                expected=entry.digest,
                got=end.digest,
                advice="run `azds verify`",
            )
    return patch


def read_numbered(
    path: Path, dataset: str, file: FileEntry, ends: tuple[TableEntry, TableEntry], rows: pa.Table
) -> pa.Table:
    """What a patch by numbers of rows makes of a whole table, whose rows are given; checked.

    Raises:
        IntegrityError: As `read_patch`, and `content-changed`.
    """
    data = read_table_file(path, dataset, file)
    return decode_numbered(data, rows, ends, where=f"{dataset}/{file.path}")


def composed(path: Path, dataset: str, steps: Sequence[Step]) -> Patch:
    """The patch that some steps make together; at least one.

    Raises:
        IntegrityError: As `read_patch`.
    """
    patches = []
    for step in steps:
        patch = read_patch(path, dataset, step.file, step.before, step.after)
        patches.append(invert(patch) if step.is_back else patch)
    return compose_all(patches)


class StoredTable:
    """One table of one revision."""

    def __init__(self, path: Path, dataset: str, chain: Chain) -> None:
        """The table that a chain ends in, of the dataset at `path`; nothing is read yet."""
        self.path = path
        self.dataset = dataset
        self.chain = chain
        self.entry = chain.steps[-1] if chain.steps else chain.base
        self._edits: Edits | None = None

    def edits(self) -> Edits | None:
        """All that differs from the checkpoint; None where this is the checkpoint."""
        if self._edits is None and self.chain.steps:
            self._edits = compose_all(self.patches()).edits
        return self._edits

    def patches(self) -> list[Patch]:
        """The patches since the checkpoint, oldest first."""
        found = []
        for old, new in pairwise((self.chain.base, *self.chain.steps)):
            if new.file.numbered:
                ends = (End(e.schema, e.digest, e.rows, e.coverage) for e in (old, new))
                rows = self._whole()
                found.append(make_patch(rows, self._by_numbers(rows), *ends))
            else:
                found.append(read_patch(self.path, self.dataset, new.file, old, new))
        return found

    def read(self) -> pa.Table:
        """All rows, in key order.

        Raises:
            IntegrityError: As `read_patch`, and `content-changed`.
        """
        if self.entry.file.numbered:
            return self._by_numbers(self._whole())
        table, edits = self._whole(), self.edits()
        return table if edits is None else apply_edits(table, edits, self.entry.schema)

    def _whole(self) -> pa.Table:
        """The rows of the checkpoint."""
        base = self.chain.base
        where = f"{self.dataset}/{base.file.path}"
        data = read_table_file(self.path, self.dataset, base.file)
        return decode(data, base.schema, rows=base.rows, where=where)

    def _by_numbers(self, rows: pa.Table) -> pa.Table:
        """What the first step makes of the checkpoint, where it tells rows by their numbers."""
        ends = self.chain.base, self.chain.steps[0]
        return read_numbered(self.path, self.dataset, ends[1].file, ends, rows)

    @contextmanager
    def segments(self) -> Iterator["Segments"]:
        """The table in segments, while its file is open.

        Raises:
            IntegrityError: `file-missing`, `file-changed`, `content-changed`.
        """
        base = self.chain.base
        where = f"{self.dataset}/{base.file.path}"
        if not base.file.footer:
            yield Segments(self.entry, base, [lambda names: self.read().select(list(names))])
            return
        path = self.path / base.file.path
        with ExitStack() as stack:
            files = [stack.enter_context(port.opened(path)) for _ in range(THREADS)]
            readers: SimpleQueue[pq.ParquetFile] = SimpleQueue()
            for file in files:
                if file is None:
                    raise IntegrityError("file-missing", "a table's file is missing", where=where)
                check_footer(file.read_at, base.file, where)
                readers.put(pq.ParquetFile(pa.PythonFile(file, mode="r"), pre_buffer=False))
            parquet = readers.get()
            index = read_index(parquet.metadata, base, where=where)
            readers.put(parquet)
            groups = [
                group_reader(readers, base, index, number, where)
                for number in range(len(base.groups))
            ]
            yield Segments(self.entry, base, groups, index, self.edits())


def check_footer(read_at: Callable[[int, int], bytes], entry: FileEntry, where: str) -> None:
    """Refuse a file whose Parquet footer is not the one that was written."""
    tail = read_at(entry.bytes - _TAIL, _TAIL + 1)
    size = int.from_bytes(tail[:4], "little")
    is_whole = len(tail) == _TAIL and tail[4:] == _MAGIC and size <= _MOST_FOOTER
    footer = read_at(entry.bytes - _TAIL - size, size) if is_whole and size < entry.bytes else b""
    if canonical.hash_of(footer) != entry.footer:
        raise IntegrityError(
            "file-changed",
            "the footer of this file is not what was written",
            where=where,
            expected=entry.footer,
            got=canonical.hash_of(footer) if is_whole else "another size",
            advice="run `azds verify`",
        )


def _broken(where: str, got: str, file: FileEntry) -> IntegrityError:
    return IntegrityError(
        "patch-chain",
        f"the patch {file.path} cannot be applied",
        where=where,
        expected=f"this table in the folder {file.on}",
        got=got,
        advice="run `azds verify`",
    )
