"""The folders of one commit, complete and synced under names that nobody reads.

A large table is stored whole at checkpoints and as patches between (DESIGN section 7).
Loads pyarrow. For `azds.store.commit` alone.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from azds.changes.patch import Patch
from azds.changes.patching import compose_all, make_patch
from azds.columns import TableSchema
from azds.errors import IntegrityError, InvalidInputError, NotFoundError
from azds.store import canonical, port
from azds.store.alike import LIKE
from azds.store.group_index import INDEX_FIELD, index_of
from azds.store.manifest import FileEntry, GroupEntry, Manifest, TableEntry
from azds.store.manifests import Base, to_stored
from azds.store.names import (
    MANIFEST_FILE,
    PATCH_ENDING,
    TABLE_ENDING,
    TMP_FOLDER,
    edition_folder,
    parse_folder,
)
from azds.store.numbered import encode_numbered
from azds.store.parquet import encode, footer_of
from azds.store.patch_file import encode_patch
from azds.store.ready import Ready, end_of, ready_patch, ready_table, ready_upserts
from azds.store.staged import (
    Staged,
    StagedPatch,
    StagedRevision,
    StagedSame,
    StagedTable,
    StagedUpserts,
)
from azds.store.state import State, entry_in
from azds.store.stored import Chain, StoredTable, chain_of

__all__ = ["NewFolder", "Staging"]

_SMALL = 1 << 18
"""No patches by keys stand on a whole table of fewer bytes."""
_TINY = 3 << 12
"""A table of fewer bytes is always stored whole, so that any Parquet reader opens it."""
_NUMBERED_SHARE = 0.2
"""A patch by numbers of rows takes at most this share of the whole table's bytes."""
_SHARE = 0.4
"""Patches since a checkpoint take at most this share of its bytes."""
_MOST_STEPS = 64
"""A longer chain is folded into one patch on its checkpoint, so that reading stays quick."""


@dataclass(frozen=True, slots=True)
class NewFolder:
    """A folder of this commit: complete under `scratch`, to be renamed to `name`."""

    scratch: Path
    name: str
    manifest: str


@dataclass(frozen=True, slots=True)
class _Before:
    """The table that a new one follows: in which folder, and how it is stored."""

    folder: str
    table: StoredTable


@dataclass(frozen=True, slots=True)
class _Whole:
    """A small table that is stored whole, for later ones to be told by."""

    folder: str
    schema: TableSchema
    digest: str
    bytes: int
    rows: pa.Table


class Staging:
    """The folders of one commit, complete and synced under names that nobody reads."""

    def __init__(self, path: Path, dataset: str, state: State, writer: Mapping[str, str]) -> None:
        self.path = path
        self.dataset = dataset
        self.state = state
        self.writer = writer
        self.new: dict[str, NewFolder] = {}
        self.unchanged: list[str] = []
        self.manifests = dict(state.manifests)
        self._editions = Counter[str]()
        for record in state.records:
            for label, logged in record.revisions.items():
                _, edition = parse_folder(logged.folder) or (label, 0)
                self._editions[label] = max(self._editions[label], edition)
        self._intact: dict[str, bool] = {}
        self._base = _last_base(state)
        self._wholes: dict[str, _Whole] = {}

    def stage(self, revision: StagedRevision, given: Mapping[str, Ready | Staged]) -> None:
        """Write one revision, unless what is stored says the same."""
        current = self.manifests.get(revision.label)
        folder = edition_folder(revision.label, self._editions[revision.label] + 1)
        scratch = self.path / TMP_FOLDER / port.fresh_name()
        tables, ready = {}, {}
        for name, table in given.items():
            before = self._before(name, current)
            if isinstance(table, StagedSame):
                tables[name] = _required(name, before).table.entry
                continue
            ready[name] = table if isinstance(table, Ready) else _made_ready(name, table, before)
            files = self._files(name, ready[name], current, before, folder, scratch)
            tables[name] = _entry_of(ready[name], files)
        if revision.measure is not None:
            revision = replace(revision, headline=revision.measure(ready), measure=None)
        manifest = self._manifest(revision, current, tables)
        if current and manifest == replace(current, writer=manifest.writer, unknown=()):
            self.unchanged.append(revision.label)
            return
        stored = to_stored(manifest, self._base)
        if LIKE not in stored:
            self._base = Base.of(folder, stored, where=revision.label)
        data = canonical.dump(stored)
        self._write(scratch, MANIFEST_FILE, data)
        port.sync_folder(scratch)
        self.new[revision.label] = NewFolder(scratch, folder, canonical.hash_of(data))
        self.manifests[revision.label] = manifest

    def _manifest(
        self, revision: StagedRevision, current: Manifest | None, tables: Mapping[str, TableEntry]
    ) -> Manifest:
        position = revision.position
        if position is None:
            others = (manifest.position for manifest in self.manifests.values())
            position = current.position if current else max(others, default=0) + 1
        data = Manifest(  # of the revision's own words, checked by reading them back
            dataset=self.dataset,
            label=revision.label,
            position=position,
            tables=tables,
            writer=self.writer,
            about=revision.about,
            date=revision.date,
            position_declared=revision.position_declared,
            headline=revision.headline,
            source=revision.source,
            repairs=revision.repairs,
            corrections=revision.corrections,
            rejections=revision.rejections,
        ).to_bytes()
        try:
            return Manifest.from_bytes(data, where=revision.label)
        except IntegrityError as error:
            raise InvalidInputError(
                "bad-argument",
                "this revision cannot be kept",
                where=error.where,
                expected=error.expected,
                got=error.got,
            ) from error

    def _files(  # noqa: PLR0913, PLR0917 - what is written, and where it may stand already
        self,
        name: str,
        ready: Ready,
        current: Manifest | None,
        before: _Before | None,
        folder: str,
        scratch: Path,
    ) -> tuple[FileEntry, ...]:
        """The files of a table: those of an equal one, else new ones."""
        files = self._stored(name, ready, current)
        if files is None:
            files = self._written(name, ready, before, folder, scratch)
            self._intact.update({file.path: True for file in files})
        return files

    def _before(self, name: str, current: Manifest | None) -> _Before | None:
        """The table that a new one follows, if one is stored: not one of this very commit."""
        manifests = sorted(self.state.manifests.values(), key=lambda manifest: -manifest.position)
        for manifest in [*([current] if current else []), *manifests]:
            entry = manifest.tables.get(name)
            folder = self.state.folders.get(manifest.label)
            if entry is None or folder is None or manifest.label in self.new:
                continue
            chain = chain_of(entry, self._find(name), where=f"{self.dataset} {name}")
            return _Before(folder.folder, StoredTable(self.path, self.dataset, chain))
        return None

    def _find(self, name: str) -> Callable[[str], TableEntry | None]:
        return lambda folder: entry_in(self.dataset, self.state, folder, name)

    def _written(
        self, name: str, ready: Ready, before: _Before | None, folder: str, scratch: Path
    ) -> tuple[FileEntry, ...]:
        """Write a table: whole, as a patch, or both."""
        room = 0
        if before is not None and before.table.chain.base.file.bytes >= _SMALL:
            room = int(before.table.chain.base.file.bytes * _SHARE)
        patch = self._patch(ready, before) if before is not None and room else None
        if before is None or patch is None:
            told = self._write_numbered(name, ready, before, folder, scratch)
            return (told or self._write_whole(name, ready, folder, scratch),)
        data = encode_patch(patch)
        if len(data) > room:
            return (self._write_whole(name, ready, folder, scratch),)
        last = self._write_patch(name + PATCH_ENDING, data, before.folder, folder, scratch)
        steps = before.table.chain.steps
        if len(data) + sum(step.file.bytes for step in steps) <= room:
            if len(steps) < _MOST_STEPS:
                return (last,)
            folded = encode_patch(compose_all([*before.table.patches(), patch]))
            if len(folded) <= room:
                file, on = f"{name}.base{PATCH_ENDING}", steps[0].file.on
                return (self._write_patch(file, folded, on, folder, scratch), last)
        return (self._write_whole(name, ready, folder, scratch), last)

    def _patch(self, ready: Ready, before: _Before) -> Patch | None:
        """What makes a table of the one before; None where their columns differ."""
        entry = before.table.entry
        if ready.patch is not None and ready.patch.old.digest == entry.digest:
            return ready.patch
        if ready.schema.columns != entry.schema.columns:
            return None
        return make_patch(before.table.read(), ready.load(), end_of(entry), ready.end)

    def _write_whole(self, name: str, ready: Ready, folder: str, scratch: Path) -> FileEntry:
        file, rows = f"{name}{TABLE_ENDING}", ready.load()
        index = index_of(rows, ready.schema, ready.content)
        fields = {INDEX_FIELD: index} if index else None
        data = encode(rows, [g.rows for g in ready.content.groups], fields, small=index is None)
        self._write(scratch, file, data)
        if len(data) < _SMALL:
            digest = ready.content.digest
            self._wholes[name] = _Whole(folder, ready.schema, digest, len(data), rows)
        footer = canonical.hash_of(footer_of(data)) if index else ""
        path = f"{folder}/{file}"
        return FileEntry(path, canonical.hash_of(data), len(data), footer=footer)

    def _write_numbered(
        self, name: str, ready: Ready, before: _Before | None, folder: str, scratch: Path
    ) -> FileEntry | None:
        """Write a small table as what it has of a whole one; None where that saves little."""
        whole = self._whole(name, before)
        if whole is None or whole.schema.columns != ready.schema.columns:
            return None
        if whole.bytes < _TINY or not 0 < ready.rows <= 2 * whole.rows.num_rows:
            return None
        ends = whole.digest, ready.content.digest
        data = encode_numbered(whole.rows, ready.load(), ready.schema, ends)
        if data is None or len(data) > whole.bytes * _NUMBERED_SHARE:
            return None
        file = self._write_patch(name + PATCH_ENDING, data, whole.folder, folder, scratch)
        return replace(file, numbered=True)

    def _whole(self, name: str, before: _Before | None) -> _Whole | None:
        """The small whole table that the one before is told by, or a later one of this commit."""
        if name not in self._wholes and before is not None:
            base, steps = before.table.chain.base, before.table.chain.steps
            folder = steps[0].file.on if steps else before.folder
            if base.file.bytes < _SMALL:
                table = StoredTable(self.path, self.dataset, Chain(base, ()))
                with suppress(IntegrityError):  # then nothing rests on it
                    read = table.read()
                    self._wholes[name] = _Whole(
                        folder, base.schema, base.digest, base.file.bytes, read
                    )
        return self._wholes.get(name)

    def _write_patch(
        self, file: str, data: bytes, on: str, folder: str, scratch: Path
    ) -> FileEntry:
        self._write(scratch, file, data)
        return FileEntry(f"{folder}/{file}", canonical.hash_of(data), len(data), on=on)

    def _stored(
        self, name: str, table: Ready, current: Manifest | None
    ) -> tuple[FileEntry, ...] | None:
        """The files of an equal table that is stored or staged; its own revision's first."""
        for entry in self._known(name, current):
            if _is_same(entry, table) and all(map(self._is_intact, self._needed(name, entry))):
                return entry.files
        return None

    def _needed(self, name: str, entry: TableEntry) -> Iterator[FileEntry]:
        """The files of a table, and the small whole one that its rows are told by."""
        yield from entry.files
        base = self._find(name)(entry.file.on) if entry.file.numbered else None
        if base is not None:  # else it is of this very commit
            yield base.file

    def _known(self, name: str, current: Manifest | None) -> Iterator[TableEntry]:
        for manifest in [*([current] if current else []), *self.manifests.values()]:
            if name in manifest.tables:
                yield manifest.tables[name]

    def _is_intact(self, file: FileEntry) -> bool:
        """Whether a file is what it was, so that another revision may rest on it."""
        if file.path not in self._intact:
            data = port.read_file(self.path / file.path, file.bytes)
            self._intact[file.path] = data is not None and canonical.hash_of(data) == file.sha256
        return self._intact[file.path]

    def _write(self, scratch: Path, file: str, data: bytes) -> None:
        port.make_folder(scratch.parent)
        port.make_folder(scratch)
        port.write_new(scratch / file, data)


def _last_base(state: State) -> Base | None:
    """What the manifest of the last commit is told by; None before the first."""
    if not state.records:
        return None
    return state.bases.base_of(list(state.records[-1].revisions.values())[-1])


def _entry_of(ready: Ready, files: tuple[FileEntry, ...]) -> TableEntry:
    return TableEntry(
        ready.schema,
        ready.rows,
        ready.content.digest,
        tuple(GroupEntry(group.rows, group.digest) for group in ready.content.groups),
        ready.coverage,
        files,
    )


def _made_ready(
    name: str, given: StagedTable | StagedPatch | StagedUpserts, before: _Before | None
) -> Ready:
    if isinstance(given, StagedTable):
        return ready_table(given)
    table = _required(name, before).table
    if isinstance(given, StagedPatch):
        return ready_patch(given, table)
    return ready_upserts(given, table)


def _required(name: str, before: _Before | None) -> _Before:
    if before is None:
        raise NotFoundError(
            "unknown-table",
            "no revision before has this table, so nothing can be changed in it",
            where=name,
            advice="commit it whole first",
        )
    return before


def _is_same(entry: TableEntry, table: Ready) -> bool:
    return (
        entry.digest == table.content.digest
        and entry.rows == table.rows
        and [(column.name, column.type) for column in entry.schema.columns]
        == [(column.name, column.type) for column in table.schema.columns]
    )
