"""A store and its datasets, as folders.

A store is a folder with a marker file; each dataset is a folder in it. Readers
take no lock and write nothing. To open a store, and to read what its manifests
say, loads no pyarrow.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from azds.errors import (
    ExistsError,
    FormatError,
    IntegrityError,
    InvalidInputError,
    NotFoundError,
    StorageError,
)
from azds.ids import near_names, parse_name
from azds.store import canonical, port
from azds.store.lineage import FindEntry, steps_between
from azds.store.log import LogRecord
from azds.store.manifest import Manifest, TableEntry
from azds.store.names import DATASET_FILE, FORMAT, LOG_FOLDER, MANIFEST_FILE, MARKER_FILE
from azds.store.staged import Commit, StagedRevision
from azds.store.state import State, entry_in, is_revision_folder, read_state, read_table_file

if TYPE_CHECKING:  # a store opens without pyarrow; nothing of azds is imported here
    import pyarrow as pa

    from azds.changes.patch import Patch
    from azds.store.stored import StoredTable

__all__ = [
    "MARKER",
    "DatasetFolder",
    "StoreFolder",
    "find_store",
    "init_store",
    "is_store",
    "open_store",
]

_KIND = "azds-store"
_MOST_BYTES = 1 << 16
MARKER = canonical.dump({"format": FORMAT, "kind": _KIND})
"""The bytes of the marker file."""


class StoreFolder:
    """A store: a folder with a marker, and a folder for each dataset."""

    def __init__(self, path: Path) -> None:
        """The store at `path`, unchecked: `open_store` checks."""
        self.path = path.absolute()

    def datasets(self) -> tuple[str, ...]:
        """The names of the datasets, sorted."""
        return tuple(name for name in port.list_folder(self.path) or [] if self._holds(name))

    def dataset(self, name: str) -> "DatasetFolder":
        """The dataset of that name.

        Raises:
            NotFoundError: `unknown-dataset`.
        """
        names = self.datasets()
        if name not in names:
            raise NotFoundError(
                "unknown-dataset",
                "no such dataset",
                where=str(self.path),
                got=repr(name),
                advice=near_names(name, names),
            )
        return DatasetFolder(self, name)

    def create(self, name: str) -> "DatasetFolder":
        """A new dataset without revisions. A folder with a `dataset.toml` alone is none yet.

        Raises:
            InvalidInputError: `bad-name`.
            ExistsError: `dataset-exists`, also where only the case of letters differs.
            StorageError: `storage-failed`.
        """
        parse_name(name, "dataset")
        path = self.path / name
        for other in self.datasets():
            is_taken = other != name or _has_begun(path)
            if other.casefold() == name.casefold() and is_taken:
                raise ExistsError("dataset-exists", "there is such a dataset already", where=other)
        port.make_folder(path)
        port.make_folder(path / LOG_FOLDER)
        port.sync_folder(path)
        port.sync_folder(self.path)
        return DatasetFolder(self, name)

    def _holds(self, name: str) -> bool:
        path = self.path / name
        try:
            parse_name(name, "dataset")
        except InvalidInputError:
            return False
        return port.kind_of(path / DATASET_FILE) == "file" or _has_begun(path)


class DatasetFolder:
    """One dataset of a store.

    Its state is chosen at the first question and kept: what others commit later
    is seen by a new `DatasetFolder`, and by this one after a commit of its own.
    """

    def __init__(self, store: StoreFolder, name: str) -> None:
        """The dataset of that name, unchecked: `StoreFolder.dataset` checks."""
        self.store = store
        self.name = name
        self.path = store.path / name
        self._state: State | None = None

    def state(self) -> State:
        """The records and manifests that count, each checked.

        Raises:
            IntegrityError: `record-changed`, `log-broken`, `file-missing`,
                `manifest-changed`, `manifest-invalid`.
            FormatError: `format-unknown`.
        """
        if self._state is None:
            self._state = read_state(self.path, self.name)
        return self._state

    def records(self) -> tuple[LogRecord, ...]:
        """The commits, in order."""
        return self.state().records

    def revisions(self) -> tuple[Manifest, ...]:
        """The manifests of the revisions, in their declared order."""
        return tuple(self.state().manifests.values())

    def manifest(self, label: str) -> Manifest:
        """The manifest of a revision.

        Raises:
            NotFoundError: `unknown-revision`.
        """
        manifests = self.state().manifests
        if label not in manifests:
            raise NotFoundError(
                "unknown-revision",
                "no such revision",
                where=self.name,
                got=repr(label),
                advice=near_names(label, manifests),
            )
        return manifests[label]

    def table_entry(self, label: str, name: str) -> TableEntry:
        """What the manifest says of a table.

        Raises:
            NotFoundError: `unknown-revision`, `unknown-table`.
        """
        tables = self.manifest(label).tables
        if name not in tables:
            raise NotFoundError(
                "unknown-table",
                "no such table",
                where=f"{self.name} {label}",
                got=repr(name),
                advice=near_names(name, tables),
            )
        return tables[name]

    def read_table(self, label: str, name: str) -> "pa.Table":
        """A table of a revision, its bytes checked before they are decoded.

        Shape: The schema's columns in its order and types, sorted by key.

        Raises:
            NotFoundError: `unknown-revision`, `unknown-table`.
            IntegrityError: `file-missing`, `file-changed`, `parquet-unreadable`,
                `content-changed`.
        """
        entry = self.table_entry(label, name)
        if entry.file.is_patch:
            return self.stored_table(label, name).read()
        data = read_table_file(self.path, self.name, entry.file)
        from azds.store.parquet import decode  # noqa: PLC0415 - loads pyarrow, for tables only

        where = f"{self.name}/{entry.file.path}"
        return decode(data, entry.schema, rows=entry.rows, where=where)

    def stored_table(self, label: str, name: str) -> "StoredTable":
        """A table of a revision as it is stored, to be read whole or in parts.

        Raises:
            NotFoundError: `unknown-revision`, `unknown-table`.
            IntegrityError: `patch-chain`.
        """
        from azds.store.stored import StoredTable, chain_of  # noqa: PLC0415 - loads pyarrow

        entry, where = self.table_entry(label, name), f"{self.name} {label} {name}"
        return StoredTable(self.path, self.name, chain_of(entry, self._finder(name), where=where))

    def patch_between(self, old: TableEntry, new: TableEntry) -> "Patch | None":
        """The patch from one table of this dataset to a later or earlier state of it.

        Composed of stored ones; None where none lead there, or reading both tables costs less.

        Raises:
            IntegrityError: `file-missing`, `file-changed`, `parquet-unreadable`, `patch-ends`.
        """
        steps = steps_between(old, new, self._finder(new.schema.name))
        if not steps:
            return None
        from azds.store.stored import composed  # noqa: PLC0415 - loads pyarrow

        return composed(self.path, self.name, steps)

    def _finder(self, name: str) -> FindEntry:
        return lambda folder: entry_in(self.name, self.state(), folder, name)

    def commit(
        self,
        staged: Sequence[StagedRevision],
        *,
        writer: Mapping[str, str],
        message: str = "",
        author: str = "",
    ) -> Commit:
        """Publish these revisions, all of them in one record or none.

        A revision that says the same as the stored one is left alone, whoever wrote
        that. `writer` names the versions of the programs that write: `azds`, `pyarrow`;
        `message` and `author` stand in the log record, and in no digest of the data.

        Raises:
            InvalidInputError: The input breaks a rule; nothing was published.
            IntegrityError: What is stored is damaged; nothing was published.
            RefusedError: `in-the-way`.
            StorageError: `storage-failed`, nothing was published; `commit-unknown`, it was,
                but may not survive a power cut. Either way the same commit may be repeated.
        """
        from azds.store.commit import commit  # noqa: PLC0415 - loads pyarrow, for tables only

        self._state = None
        try:
            return commit(
                self.path, self.name, staged, writer=writer, message=message, author=author
            )
        finally:  # who asked meanwhile, was told what was before
            self._state = None


def init_store(path: Path) -> StoreFolder:
    """A new store at `path`, which is made with its parents if it is not there.

    Raises:
        ExistsError: `store-exists`.
        StorageError: `storage-failed`.
    """
    store = StoreFolder(path)
    _make_folders(store.path)
    marker = store.path / MARKER_FILE
    scratch = store.path / f".{MARKER_FILE}.{port.fresh_name()}"
    try:
        port.write_new(scratch, MARKER)
        is_new = port.link_new(scratch, marker)
    finally:
        with suppress(StorageError):
            port.remove_tree(scratch)
    port.sync_folder(store.path)
    if not is_new:
        raise ExistsError("store-exists", "there is a store already", where=str(store.path))
    return store


def open_store(path: Path) -> StoreFolder:
    """The store at `path`.

    Raises:
        FormatError: `not-a-store`, or `format-unknown` for a store of a newer program.
        StorageError: `storage-failed`.
    """
    store = StoreFolder(path)
    data = port.read_file(store.path / MARKER_FILE, _MOST_BYTES)
    if data is None:
        raise FormatError(
            "not-a-store",
            "this is no azds store",
            where=str(store.path),
            expected=f"a folder with the file {MARKER_FILE}",
            advice="make one with `azds init`",
        )
    try:
        marker = canonical.parse(data, kind="manifest-invalid", where=str(store.path))
    except IntegrityError as error:
        marker = {"kind": str(error)}
    if marker.get("kind") != _KIND or not isinstance(marker.get("format"), int):
        raise FormatError(
            "not-a-store",
            "the marker of this store is damaged",
            where=str(store.path / MARKER_FILE),
            expected=MARKER.decode(),
        )
    if marker["format"] != FORMAT:
        raise FormatError(
            "format-unknown",
            "this store has a format that this program does not know",
            where=str(store.path),
            expected=str(FORMAT),
            got=str(marker["format"]),
            advice="use a newer azds",
        )
    return store


def is_store(path: Path) -> bool:
    """Whether `path` is marked as a store, even one that cannot be opened."""
    return port.kind_of(path / MARKER_FILE) == "file"


def find_store(start: Path) -> Path | None:
    """The nearest store at `start` or above it."""
    start = start.absolute()
    return next((path for path in [start, *start.parents] if is_store(path)), None)


def _has_begun(path: Path) -> bool:
    """Whether a dataset's folder has a log, or revisions that lost theirs."""
    names = port.list_folder(path) or []
    return LOG_FOLDER in names or any(
        is_revision_folder(path, name) and port.kind_of(path / name / MANIFEST_FILE) == "file"
        for name in names
    )


def _make_folders(path: Path) -> None:
    """Make a folder and what is missing above it, each name synced."""
    missing = []
    while port.kind_of(path) is None:
        missing.append(path)
        path = path.parent
    for folder in reversed(missing):
        port.make_folder(folder)
        port.sync_folder(folder.parent)
