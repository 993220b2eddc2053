"""Whether the patches of a dataset make the tables that its manifests describe.

Each table that patches lead to is made once, from its checkpoint on. Loads pyarrow.
For `verify` alone, after it has read every file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from azds.arrow.digest import content_digest
from azds.changes.patching import apply_patch
from azds.errors import AzdsError, IntegrityError, StorageError
from azds.progress import task
from azds.store.manifest import FileEntry, Manifest, TableEntry
from azds.store.parquet import decode
from azds.store.state import read_table_file
from azds.store.stored import read_numbered, read_patch

__all__ = ["PatchFault", "check_patches"]


@dataclass(frozen=True, slots=True)
class PatchFault:
    """What is wrong with a patch: its code, its file, the revision, and a message."""

    code: str
    file: str
    revision: str
    message: str


@dataclass(frozen=True, slots=True)
class _Edge:
    """A patch from the table of one folder to that of another."""

    file: FileEntry
    label: str
    after: TableEntry
    is_how_it_is_read: bool


def check_patches(
    path: Path, dataset: str, manifests: Mapping[str, Manifest]
) -> Iterator[PatchFault]:
    """The faults of the patches between the tables of these manifests, which are by folder."""
    return _Patches(path, dataset, manifests).faults()


_Place = tuple[str, str]
"""A folder, and the name of a table in it."""


class _Patches:
    """All patches of a dataset, by the table that they apply to."""

    def __init__(self, path: Path, dataset: str, manifests: Mapping[str, Manifest]) -> None:
        self.path = path
        self.dataset = dataset
        self.entries: dict[_Place, TableEntry] = {}
        self.edges: dict[_Place, list[_Edge]] = {}
        known: set[tuple[object, ...]] = set()
        for folder, manifest in manifests.items():
            for name, entry in manifest.tables.items():
                self.entries[folder, name] = entry
                for file in entry.files:
                    edge = _Edge(file, manifest.label, entry, file is entry.file)
                    told = (file.path, edge.is_how_it_is_read, *_told(entry))
                    if file.is_patch and told not in known:
                        known.add(told)
                        self.edges.setdefault((file.on, name), []).append(edge)

    def faults(self) -> Iterator[PatchFault]:
        """Patches that lead nowhere first, then those that do not make what they should."""
        starts = [at for at, entry in self.entries.items() if not entry.file.is_patch]
        for edge in self._unreached(starts):
            message = f"no checkpoint leads to {edge.file.on}"
            yield PatchFault("patch-chain", self._at(edge.file), edge.label, message)
        count = sum(map(len, self.edges.values()))
        with task("following patches", "files", count) as self.advance:
            for at in starts:
                if at in self.edges:
                    yield from self._from_checkpoint(at)

    def _at(self, file: FileEntry) -> str:
        return f"{self.dataset}/{file.path}"

    def _made_by(self, edge: _Edge, name: str) -> list[_Place]:
        """The tables that are read by a patch."""
        return [
            at
            for at, entry in self.entries.items()
            if at[1] == name
            and edge.is_how_it_is_read
            and entry.file == edge.file
            and _told(entry) == _told(edge.after)
        ]

    def _unreached(self, starts: list[_Place]) -> list[_Edge]:
        """Patches on tables that are not there, or that only lead to each other."""
        reached, waiting = set(starts), list(starts)
        while waiting:
            at = waiting.pop()
            for edge in self.edges.get(at, ()):
                ends = set(self._made_by(edge, at[1])) - reached
                reached |= ends
                waiting += ends
        return [edge for at, edges in self.edges.items() if at not in reached for edge in edges]

    def _from_checkpoint(self, at: _Place) -> Iterator[PatchFault]:
        """Follow all patches from one checkpoint; few tables are held at a time."""
        entry = self.entries[at]
        try:
            data = read_table_file(self.path, self.dataset, entry.file)
            table = decode(data, entry.schema, rows=entry.rows, where=self._at(entry.file))
        except StorageError as error:  # it could be read before
            yield _unreadable(self._at(entry.file), self.edges[at][0], error)
            return
        except AzdsError:  # was told when the file was read
            return
        waiting = [(at, entry, table)]
        del table, data
        while waiting:
            place, before, rows = waiting.pop()
            for edge in self.edges.get(place, ()):
                try:
                    made = self._made(edge, before, rows)
                except StorageError as error:
                    yield _unreadable(self._at(edge.file), edge, error)
                    continue
                except IntegrityError as error:
                    if error.kind not in {"file-missing", "file-changed"}:  # told already
                        code = "patch-ends" if error.kind == "patch-ends" else "patch-content"
                        yield PatchFault(code, self._at(edge.file), edge.label, str(error))
                    continue
                finally:
                    self.advance(1)
                waiting += [(end, edge.after, made) for end in self._made_by(edge, place[1])]

    def _made(self, edge: _Edge, before: TableEntry, rows: pa.Table) -> pa.Table:
        where = self._at(edge.file)
        try:
            if edge.file.numbered:
                ends = before, edge.after
                made = read_numbered(self.path, self.dataset, edge.file, ends, rows)
            else:
                patch = read_patch(self.path, self.dataset, edge.file, before, edge.after)
                made = apply_patch(rows, patch)
            made.validate(full=True)
        except (IntegrityError, StorageError, MemoryError):
            raise
        except (AzdsError, pa.ArrowException) as error:
            raise IntegrityError(
                "patch-content", "this patch does not fit", where=where, got=str(error)[:200]
            ) from error
        content = content_digest(made, edge.after.schema)
        groups = [(group.rows, group.digest) for group in content.groups]
        if groups != [(group.rows, group.digest) for group in edge.after.groups]:
            raise IntegrityError(
                "patch-content",
                "this patch makes another table than the manifest describes",
                where=where,
                expected=edge.after.digest,
                got=content.digest,
            )
        return made


def _told(entry: TableEntry) -> tuple[object, ...]:
    """What a manifest says of the rows of a table; others may name the same file for them."""
    return entry.schema, entry.rows, entry.digest, entry.groups


def _unreadable(file: str, edge: _Edge, error: StorageError) -> PatchFault:
    """The system refuses to read it, or memory is short: no word of what it holds."""
    return PatchFault("file-unreadable", file, edge.label, str(error))
