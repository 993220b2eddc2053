"""What is wrong with a stored dataset: every fault, each with a stable code.

`verify` reads everything, never raises on damage, and repairs nothing. People's
input (`dataset.toml`), the lock and `tmp/` are not looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from azds.errors import AzdsError, StorageError
from azds.store import canonical, port
from azds.store.folder import MARKER, StoreFolder
from azds.store.log import LogRecord, read_record
from azds.store.manifest import FileEntry, Manifest, TableEntry
from azds.store.names import (
    DATASET_FILE,
    LOCK_FILE,
    LOG_FOLDER,
    MANIFEST_FILE,
    MARKER_FILE,
    TABLE_ENDING,
    TMP_FOLDER,
    record_file,
    record_number,
)
from azds.store.state import is_revision_folder, read_manifest, read_table_file

__all__ = ["CODES", "Fault", "verify"]

CODES: Mapping[str, str] = {
    "content-changed": "a table is not the one whose digest, rows and order the manifest gives",
    "file-changed": "a table's file is not what was written",
    "file-extra": "nothing names this file or folder",
    "file-missing": "a table's file is missing",
    "file-unreadable": "the system refuses to read this",
    "leftover": "no record names this revision's folder",
    "log-missing": "there are revisions, but no log",
    "manifest-changed": "a manifest is not what was written",
    "manifest-invalid": "a manifest is what was written, but no program should have written it",
    "manifest-missing": "a manifest is missing",
    "marker-changed": "the store's marker is not what was written",
    "marker-missing": "the store's marker is missing",
    "record-changed": "a record of the log is not what was written",
    "record-missing": "a record of the log is missing",
    "record-parent": "a record of the log does not follow those before it",
}
"""Every code that a fault may have, and what it means. Codes are only ever added."""

_KNOWN = frozenset({DATASET_FILE, LOCK_FILE, LOG_FOLDER, TMP_FOLDER})


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a stored dataset.

    Attributes:
        code: One of `CODES`.
        file: The file or folder, from the store's folder, with `/`.
        revision: The labels of the revisions that need the file, joined by `, `; empty where
            none is known (the log, the marker, what nothing names).
        message: What is wrong, in one line.
    """

    code: str
    file: str
    revision: str
    message: str


def verify(store: StoreFolder, dataset: str, *, quick: bool = False) -> list[Fault]:
    """All faults of a dataset; empty if every byte of it is what was written.

    Quick means that tables are looked at for their presence and size only; the log
    and the manifests are read either way.
    """
    check = _Check(store, dataset)
    check.marker()
    before = len(check.faults)
    records = check.log()
    log_is_whole = all(fault.code == "file-extra" for fault in check.faults[before:])
    manifests = check.manifests(records)
    check.tables(manifests, quick=quick)
    check.strays(records, manifests, log_is_whole=log_is_whole)
    return check.faults


class _Check:
    """One run of `verify`: each method looks at one kind of thing and notes its faults."""

    def __init__(self, store: StoreFolder, dataset: str) -> None:
        self.store = store.path
        self.dataset = dataset
        self.path = store.path / dataset
        self.faults: list[Fault] = []

    def marker(self) -> None:
        """The store's marker."""
        with self._noting(MARKER_FILE):
            data = port.read_file(self.store / MARKER_FILE, len(MARKER))
            if data != MARKER:
                self._note("marker-missing" if data is None else "marker-changed", MARKER_FILE)

    def log(self) -> list[LogRecord]:
        """The log; returns the records that can be read."""
        names = self._names(LOG_FOLDER)
        if names is None:
            if any(is_revision_folder(self.path, name) for name in self._names("") or []):
                self._note("log-missing", self._at(LOG_FOLDER))
            return []
        records: list[LogRecord] = []
        folders: set[str] = set()
        before = 0
        for name in sorted(names, key=lambda name: (record_number(name) or 0, name)):
            number = record_number(name)
            if number is None:
                self._note("file-extra", self._at(LOG_FOLDER, name))
                continue
            if number > before + 1:
                gap = {record_file(before + 1), record_file(number - 1)}
                self._note("record-missing", self._at(LOG_FOLDER, " to ".join(sorted(gap))))
            before = number
            record = self._record(number)
            if record is not None:
                made = {logged.folder for logged in record.revisions.values()}
                if not _follows(record, records) or made & folders:
                    self._note("record-parent", self._at(LOG_FOLDER, name))
                folders |= made
                records.append(record)
        return records

    def manifests(self, records: list[LogRecord]) -> dict[str, Manifest]:
        """The manifests of all editions; returns those that can be read, by folder."""
        manifests = {}
        for record in records:
            for label, logged in record.revisions.items():
                file = self._at(logged.folder, MANIFEST_FILE)
                with self._noting(file, label):
                    manifest = read_manifest(self.path, self.dataset, label, logged)
                    manifests[logged.folder] = manifest
                    if canonical.hash_of(manifest.to_bytes()) != logged.manifest:
                        self._note("manifest-invalid", file, label)
        return manifests

    def tables(self, manifests: Mapping[str, Manifest], *, quick: bool) -> None:
        """Every file that a manifest names, once, and each content that it should have."""
        users: dict[FileEntry, list[tuple[str, TableEntry]]] = {}
        for manifest in manifests.values():
            for entry in manifest.tables.values():
                for file in entry.files:
                    users.setdefault(file, []).append((manifest.label, entry))
        for file, uses in users.items():
            with self._noting(self._at(file.path), _labels(uses)):
                if quick:
                    self._measure(file, _labels(uses))
                else:
                    self._read(file, uses)

    def strays(
        self, records: list[LogRecord], manifests: Mapping[str, Manifest], *, log_is_whole: bool
    ) -> None:
        """What nothing names. A broken log may have named any folder."""
        folders = {logged.folder for record in records for logged in record.revisions.values()}
        for name in self._names("") or []:
            if name in _KNOWN | folders:
                continue
            if not is_revision_folder(self.path, name):
                self._note("file-extra", self._at(name))
            elif log_is_whole:
                self._note("leftover", self._at(name))
        for folder, manifest in manifests.items():
            own = {file.path for entry in manifest.tables.values() for file in entry.files}
            for name in self._names(folder) or []:
                if name != MANIFEST_FILE and f"{folder}/{name}" not in own:
                    self._note("file-extra", self._at(folder, name), manifest.label)

    def _record(self, number: int) -> LogRecord | None:
        where = self._at(LOG_FOLDER, record_file(number))
        try:
            return read_record(self.path, number, where=where)
        except AzdsError as error:
            self._note(_code(error, where), where, "", str(error))
            return None

    def _measure(self, file: FileEntry, labels: str) -> None:
        size = port.size_of(self.path / file.path)
        if size != file.bytes:
            code = "file-missing" if size is None else "file-changed"
            self._note(code, self._at(file.path), labels)

    def _read(self, file: FileEntry, uses: Sequence[tuple[str, TableEntry]]) -> None:
        data = read_table_file(self.path, self.dataset, file)
        from azds.store.content import check_content  # noqa: PLC0415 - loads pyarrow, for tables only

        contents: dict[object, list[tuple[str, TableEntry]]] = {}
        for label, entry in uses:
            told = (entry.schema, entry.rows, entry.digest, entry.groups)
            contents.setdefault(told, []).append((label, entry))
        for same in contents.values():
            with self._noting(self._at(file.path), _labels(same)):
                check_content(data, same[0][1], where=self._at(file.path))

    def _names(self, folder: str) -> list[str] | None:
        """The names in a folder; None if there is none, nothing if the system refuses."""
        try:
            return port.list_folder(self.path / folder)
        except StorageError as error:
            file = self._at(folder) if folder else self.dataset
            self._note("file-unreadable", file, "", str(error))
            return []

    def _at(self, *parts: str) -> str:
        return "/".join([self.dataset, *parts])

    def _note(self, code: str, file: str, revision: str = "", message: str = "") -> None:
        file = file.encode("utf-8", "backslashreplace").decode()  # a stray may have any name
        self.faults.append(Fault(code, file, revision, message or CODES[code]))

    @contextmanager
    def _noting(self, file: str, revision: str = "") -> Iterator[None]:
        """An error inside is noted as a fault of this file."""
        try:
            yield
        except AzdsError as error:
            self._note(_code(error, file), file, revision, str(error))


def _code(error: AzdsError, file: str) -> str:
    """The code of the fault that an error tells; some kinds are shared by kinds of files."""
    if isinstance(error, StorageError):
        return "file-unreadable"
    if error.kind in {"file-changed", "manifest-changed"}:
        return error.kind
    if file.endswith(f"/{MANIFEST_FILE}"):
        return "manifest-missing" if error.kind == "file-missing" else "manifest-invalid"
    if file.endswith(TABLE_ENDING):
        return "file-missing" if error.kind == "file-missing" else "content-changed"
    return "record-missing" if error.kind == "log-broken" else "record-changed"


def _labels(uses: Sequence[tuple[str, TableEntry]]) -> str:
    return ", ".join(dict.fromkeys(label for label, _ in uses))


def _follows(record: LogRecord, before: list[LogRecord]) -> bool:
    """Whether a record names the hash of the one before, as far as that can be read."""
    if before and before[-1].number == record.number - 1:
        return record.parent == before[-1].hash
    return (record.parent is None) == (record.number == 1)
