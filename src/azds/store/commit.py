"""The commit: stage, sync, rename, sync, link the record, sync, acknowledge.

The order is the promise. Every file is complete and synced before its folder
gets the name that the record will say; every name is synced before the record
is linked; the link is the commit. What an interruption leaves behind is named by
no record: `tmp/` is emptied by the next commit, a folder in the way of one is
replaced by it, and any other is left for people to see (`azds verify`).

Loads pyarrow. For `DatasetFolder.commit` alone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from azds.arrow.digest import ContentDigest, content_digest
from azds.arrow.tables import conform
from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.errors import IntegrityError, InvalidInputError, RefusedError, StorageError
from azds.ids import parse_label, parse_name
from azds.store import canonical, port
from azds.store.log import LoggedRevision, LogRecord
from azds.store.manifest import FileEntry, GroupEntry, Manifest, TableEntry
from azds.store.names import (
    LOCK_FILE,
    LOG_FOLDER,
    MANIFEST_FILE,
    TABLE_ENDING,
    TMP_FOLDER,
    edition_folder,
    parse_folder,
    record_file,
)
from azds.store.parquet import encode
from azds.store.staged import Commit, StagedRevision, StagedTable
from azds.store.state import State, read_state

__all__ = ["commit"]


@dataclass(frozen=True, slots=True, eq=False)
class _ReadyTable:
    """A table in key order, with its digest."""

    schema: TableSchema
    coverage: Coverage
    rows: pa.Table
    content: ContentDigest


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """A staged revision whose input has been checked."""

    revision: StagedRevision
    tables: Mapping[str, _ReadyTable]


@dataclass(frozen=True, slots=True)
class _NewFolder:
    """A folder of this commit: complete under `scratch`, to be renamed to `name`."""

    scratch: Path
    name: str
    manifest: str


def commit(  # noqa: PLR0913 - what, where, and by whom
    path: Path,
    dataset: str,
    staged: Sequence[StagedRevision],
    *,
    writer: Mapping[str, str],
    message: str = "",
    author: str = "",
) -> Commit:
    """Publish these revisions of the dataset at `path`, all of them or none.

    `message` and `author` stand in the log record alone.

    Raises:
        InvalidInputError: The input breaks a rule; nothing was written.
        IntegrityError: What is stored is damaged; nothing was written.
        RefusedError: `in-the-way`, a folder that azds did not make has a name that is needed.
        StorageError: `storage-failed`, the dataset is as it was; `commit-unknown`,
            the commit can be seen but may not survive a power cut.
    """
    ready = [_checked(revision) for revision in staged]
    _refuse_repeats([one.revision.label for one in ready], "a label stands twice in one commit")
    with port.locked(path / LOCK_FILE):
        tmp = path / TMP_FOLDER
        port.remove_tree(tmp)  # writers that still live hold the lock
        state = read_state(path, dataset)
        staging = _Staging(path, dataset, state, writer)
        try:
            for one in ready:
                staging.stage(one)
            return _publish(path, state, staging, message, author)
        finally:
            with suppress(StorageError):
                port.remove_tree(tmp)


class _Staging:
    """The folders of one commit, complete and synced under names that nobody reads."""

    def __init__(self, path: Path, dataset: str, state: State, writer: Mapping[str, str]) -> None:
        self.path = path
        self.dataset = dataset
        self.writer = writer
        self.new: dict[str, _NewFolder] = {}
        self.unchanged: list[str] = []
        self.manifests = dict(state.manifests)
        self._editions = Counter[str]()
        for record in state.records:
            for label, logged in record.revisions.items():
                _, edition = parse_folder(logged.folder) or (label, 0)
                self._editions[label] = max(self._editions[label], edition)
        self._intact: dict[str, bool] = {}

    def stage(self, ready: _Ready) -> None:
        """Write one revision, unless what is stored says the same."""
        revision = ready.revision
        current = self.manifests.get(revision.label)
        folder = edition_folder(revision.label, self._editions[revision.label] + 1)
        scratch = self.path / TMP_FOLDER / port.fresh_name()
        tables = {
            name: self._entry(name, table, current, folder, scratch)
            for name, table in ready.tables.items()
        }
        manifest, data = self._manifest(revision, current, tables)
        if current and manifest == replace(current, writer=manifest.writer, unknown=()):
            self.unchanged.append(revision.label)
            return
        self._write(scratch, MANIFEST_FILE, data)
        port.sync_folder(scratch)
        self.new[revision.label] = _NewFolder(scratch, folder, canonical.hash_of(data))
        self.manifests[revision.label] = manifest

    def _manifest(
        self, revision: StagedRevision, current: Manifest | None, tables: Mapping[str, TableEntry]
    ) -> tuple[Manifest, bytes]:
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
            return Manifest.from_bytes(data, where=revision.label), data
        except IntegrityError as error:
            raise InvalidInputError(
                "bad-argument",
                "this revision cannot be kept",
                where=error.where,
                expected=error.expected,
                got=error.got,
            ) from error

    def _entry(
        self, name: str, table: _ReadyTable, current: Manifest | None, folder: str, scratch: Path
    ) -> TableEntry:
        files = self._stored(name, table, current)
        if files is None:
            file = f"{name}{TABLE_ENDING}"
            data = encode(table.rows, [group.rows for group in table.content.groups])
            self._write(scratch, file, data)
            files = (FileEntry(f"{folder}/{file}", canonical.hash_of(data), len(data)),)
            self._intact[files[0].path] = True
        return TableEntry(
            table.schema,
            table.rows.num_rows,
            table.content.digest,
            tuple(GroupEntry(group.rows, group.digest) for group in table.content.groups),
            table.coverage,
            files,
        )

    def _stored(
        self, name: str, table: _ReadyTable, current: Manifest | None
    ) -> tuple[FileEntry, ...] | None:
        """The files of an equal table that is stored or staged; its own revision's first."""
        for entry in self._known(name, current):
            if _is_same(entry, table) and all(self._is_intact(file) for file in entry.files):
                return entry.files
        return None

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


def _publish(path: Path, state: State, staging: _Staging, message: str, author: str) -> Commit:
    """Rename, sync, link, sync. Nothing but the link makes the commit."""
    _refuse_repeats(
        [manifest.position for manifest in staging.manifests.values()],
        "two revisions have one position",
    )
    log, last = path / LOG_FOLDER, state.records[-1] if state.records else None
    if port.kind_of(log) is None:  # first, since revisions without a log are damage
        port.make_folder(log)
        port.sync_folder(path)
    for new in staging.new.values():
        _clear(path, new.name)
        port.rename_new(new.scratch, path / new.name)
    port.sync_folder(path)
    port.sync_folder(path.parent)  # the dataset's own name may be as new
    if staging.new:
        last = LogRecord.after(
            last,
            {label: LoggedRevision(new.name, new.manifest) for label, new in staging.new.items()},
            message=message,
            author=author,
        )
        _link(path, last)
    _settle(log)
    return Commit(
        last.number if last else 0,
        MappingProxyType({label: new.name for label, new in staging.new.items()}),
        tuple(staging.unchanged),
    )


def _link(path: Path, record: LogRecord) -> None:
    scratch = path / TMP_FOLDER / port.fresh_name()
    port.write_new(scratch, record.to_bytes())
    target = path / LOG_FOLDER / record_file(record.number)
    if not port.link_new(scratch, target):
        raise StorageError(
            "storage-failed",
            "another writer made this record, though the lock was held",
            where=str(target),
            advice="the file system may not keep locks; run the command again",
        )


def _settle(log: Path) -> None:
    try:
        port.sync_folder(log)
    except StorageError as error:
        raise StorageError(
            "commit-unknown",
            f"the commit can be seen but may not survive a power cut: {error.what}",
            where=error.where,
            advice="run the same command again",
        ) from error


def _clear(path: Path, folder: str) -> None:
    """Remove what an interrupted commit left under a name that no record names."""
    names = port.list_folder(path / folder)
    if names is None:
        return
    for name in names:
        ours = name == MANIFEST_FILE or name.endswith(TABLE_ENDING)
        if not ours or port.kind_of(path / folder / name) != "file":
            raise RefusedError(
                "in-the-way",
                "a folder that azds did not make has the name of a new revision",
                where=str(path / folder),
                got=name,
                advice="move it away and run the command again",
            )
    port.remove_tree(path / folder)


def _checked(revision: StagedRevision) -> _Ready:
    parse_label(revision.label)
    for name, table in revision.tables.items():
        if parse_name(name, "table") != table.schema.name:
            raise InvalidInputError(
                "bad-name",
                "a table must be staged under the name in its schema",
                where=revision.label,
                expected=table.schema.name,
                got=name,
            )
    _refuse_repeats(
        [name.casefold() for name in revision.tables], "two tables differ in case alone"
    )
    return _Ready(revision, {name: _ready(table) for name, table in revision.tables.items()})


def _ready(table: StagedTable) -> _ReadyTable:
    try:
        table.rows.validate(full=True)
    except pa.ArrowInvalid as error:
        raise InvalidInputError(
            "bad-column", "a column is broken", where=table.schema.name, got=str(error)
        ) from error
    rows = conform(table.rows, table.schema)
    return _ReadyTable(table.schema, table.coverage, rows, content_digest(rows, table.schema))


def _is_same(entry: TableEntry, table: _ReadyTable) -> bool:
    return (
        entry.digest == table.content.digest
        and entry.rows == table.rows.num_rows
        and [(column.name, column.type) for column in entry.schema.columns]
        == [(column.name, column.type) for column in table.schema.columns]
    )


def _refuse_repeats(values: Sequence[str] | Sequence[int], what: str) -> None:
    twice = [str(value) for value, count in Counter(values).items() if count > 1]
    if twice:
        raise InvalidInputError("bad-argument", what, got=", ".join(sorted(twice)))
