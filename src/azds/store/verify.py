"""What is wrong with a stored dataset: every fault, each with a stable code.

`verify` reads everything, never raises on damage, and repairs nothing. People's
input (`dataset.toml`), the lock and `tmp/` are not looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from azds.errors import AzdsError, IntegrityError, StorageError
from azds.progress import task
from azds.store import canonical, port
from azds.store.diagnosis import (
    file_code,
    form_of_manifest,
    manifest_code,
    marker_code,
    record_code,
)
from azds.store.faults import CODES, Fault
from azds.store.folder import MARKER, StoreFolder, open_store
from azds.store.leftovers import completeness, is_scratch
from azds.store.log import LoggedRevision, LogRecord, latest
from azds.store.manifest import FileEntry, Manifest, TableEntry
from azds.store.manifests import MOST_MANIFEST, Bases
from azds.store.names import (
    DATASET_FILE,
    LOCK_FILE,
    LOG_FOLDER,
    MANIFEST_FILE,
    MARKER_FILE,
    TMP_FOLDER,
    record_file,
    record_number,
)
from azds.store.state import is_revision_folder, read_manifest

__all__ = ["CODES", "Fault", "verify"]

_KNOWN = frozenset({DATASET_FILE, LOCK_FILE, LOG_FOLDER, TMP_FOLDER})
_ROOTS = ("record-", "log-", "manifest-", "revision-", "file-unreadable")
_MOST_RECORD = 1 << 24


def verify(store: StoreFolder, dataset: str, *, quick: bool = False) -> list[Fault]:
    """All faults of a dataset; empty if every byte of it is what was written.

    Quick means that tables are looked at for their presence and size only; the log
    and the manifests are read either way.
    """
    check = _Check(store, dataset)
    check.marker()
    before = len(check.faults)
    records = check.log()
    log_is_whole = all(fault.code == "stray-in-log" for fault in check.faults[before:])
    manifests = check.manifests(records)
    check.together(records, manifests)
    check.tables(manifests, quick=quick)
    if not quick:
        check.patches(manifests)
    check.strays(records, manifests, log_is_whole=log_is_whole)
    return check.faults


class _Check:
    """One run of `verify`: each method looks at one kind of thing and notes its faults."""

    def __init__(self, store: StoreFolder, dataset: str) -> None:
        self.store = store.path
        self.dataset = dataset
        self.path = store.path / dataset
        self.faults: list[Fault] = []
        self.hidden: set[str] = set()

    def marker(self) -> None:
        """The store's marker."""
        with self._noting(MARKER_FILE):
            data = port.read_file(self.store / MARKER_FILE, len(MARKER))
            if data == MARKER:
                return
            refused: AzdsError | None = None
            try:
                open_store(self.store)
            except AzdsError as error:
                refused = error
            self._note(marker_code(data, refused), MARKER_FILE)

    def log(self) -> list[LogRecord]:
        """The log; returns the records that can be read."""
        names = self._names(LOG_FOLDER)
        if not names:
            self._no_log(names)
            return []
        records: list[LogRecord] = []
        folders: set[str] = set()
        before = 0
        for name in sorted(names, key=lambda name: (record_number(name) or 0, name)):
            number = record_number(name)
            if number is None:
                self._note("stray-in-log", self._at(LOG_FOLDER, name))
                continue
            if number > before + 1:
                gap = {record_file(before + 1), record_file(number - 1)}
                self._note("record-missing", self._at(LOG_FOLDER, " to ".join(sorted(gap))))
            before = number
            record = self._record(number)
            if record is not None:
                self._in_line(record, records, folders)
                records.append(record)
        if not before:
            self._no_log([])
        return records

    def manifests(self, records: Sequence[LogRecord]) -> dict[str, Manifest]:
        """The manifests of all editions; returns those that can be read, by folder."""
        logged = [made for record in records for made in record.revisions.items()]
        others = {revision.manifest: revision.folder for _, revision in logged}
        bases = Bases(self.path, self.dataset, records)
        manifests = {}
        for label, revision in logged:
            with self._noting(self._at(revision.folder, MANIFEST_FILE), label):
                manifest = self._manifest(label, revision, bases, others)
                if manifest is not None:
                    manifests[revision.folder] = manifest
        return manifests

    def together(self, records: Sequence[LogRecord], manifests: Mapping[str, Manifest]) -> None:
        """What manifests that are each sound may not say together."""
        made = {
            logged.folder: record.number
            for record in records
            for logged in record.revisions.values()
        }
        said: dict[str, FileEntry] = {}
        for folder, manifest in manifests.items():
            where = self._at(folder, MANIFEST_FILE)
            names = [name.casefold() for name in manifest.tables]
            if len(names) > len(set(names)):
                self._note("manifest-case", where, manifest.label)
            for file in _files_of(manifest):
                home = file.path.partition("/")[0]
                if home not in made:
                    self._note("manifest-unlogged", where, manifest.label)
                elif made[home] > made[folder]:
                    self._note("manifest-later", where, manifest.label)
                if said.setdefault(file.path, file) != file:
                    self._note("manifest-disagrees", where, manifest.label)
        places: dict[int, str] = {}
        for label, revision in latest(records).items():
            held = manifests.get(revision.folder)
            if held and places.setdefault(held.position, label) != label:
                self._note("manifest-position", self._at(revision.folder, MANIFEST_FILE), label)

    def tables(self, manifests: Mapping[str, Manifest], *, quick: bool) -> None:
        """Every file that a manifest names, once, and each content that it should have."""
        users: dict[FileEntry, list[tuple[str, TableEntry]]] = {}
        for manifest in manifests.values():
            for entry in manifest.tables.values():
                for file in entry.files:
                    users.setdefault(file, []).append((manifest.label, entry))
        others = {file.sha256: file.path for file in users}
        needs = _needs(manifests)
        with task("verifying", "bytes", sum(file.bytes for file in users)) as advance:
            for file, uses in users.items():
                labels = ", ".join(needs[file])
                with self._noting(self._at(file.path), labels):
                    if quick:
                        self._measure(file, labels)
                    else:
                        self._read(file, labels, uses, others)
                advance(file.bytes)

    def patches(self, manifests: Mapping[str, Manifest]) -> None:
        """What patches make, from each checkpoint on."""
        if not any(file.is_patch for one in manifests.values() for file in _files_of(one)):
            return
        from azds.store.patched import check_patches  # noqa: PLC0415 - loads pyarrow

        roots_are_whole = not any(fault.code.startswith(_ROOTS) for fault in self.faults)
        with self._noting(self.dataset):
            for found in check_patches(self.path, self.dataset, manifests):
                if roots_are_whole or found.code != "patch-chain":  # else its base may be there
                    self._note(found.code, found.file, found.revision, found.message)

    def strays(
        self,
        records: Sequence[LogRecord],
        manifests: Mapping[str, Manifest],
        *,
        log_is_whole: bool,
    ) -> None:
        """What nothing names. A broken log may have named any folder."""
        folders = {logged.folder for record in records for logged in record.revisions.values()}
        for name in self._names("") or []:
            if name in _KNOWN | folders:
                continue
            if is_revision_folder(self.path, name):
                if log_is_whole:
                    with self._noting(self._at(name)):
                        found = completeness(self.path, name)
                        self._note(f"leftover-{found}", self._at(name))
            elif is_scratch(name):
                self._note("leftover-scratch", self._at(name))
            else:
                self._stray(name, _KNOWN | folders)
        for folder, manifest in manifests.items():
            own = {MANIFEST_FILE, *_names_in(folder, manifests)}
            for name in self._names(folder) or []:
                if name not in own:
                    code = "stray-case" if _is_near(name, own) else "file-extra"
                    self._note(code, self._at(folder, name), manifest.label)

    def _no_log(self, names: list[str] | None) -> None:
        """A log that is missing or empty is a fault where there are revisions."""
        if LOG_FOLDER in self.hidden:
            return
        with self._noting(self._at(LOG_FOLDER)):
            if names is None and port.kind_of(self.path / LOG_FOLDER) is not None:
                self._note("log-not-folder", self._at(LOG_FOLDER))
                return
            held = [name for name in self._names("") or [] if is_revision_folder(self.path, name)]
            if names is None and held:
                self._note("log-missing", self._at(LOG_FOLDER))
            elif any(completeness(self.path, name) == "whole" for name in held):
                self._note("log-empty", self._at(LOG_FOLDER))

    def _record(self, number: int) -> LogRecord | None:
        where = self._at(LOG_FOLDER, record_file(number))
        path = self.path / LOG_FOLDER / record_file(number)
        with self._noting(where):
            data = port.read_file(path, _MOST_RECORD)
            if data is None:
                self._note("record-not-file", where)
                return None
            try:
                record = LogRecord.from_bytes(data, where=where)
            except AzdsError as error:
                self._note(record_code(data, number, error), where, "", str(error))
                return None
            if record.number == number:
                return record
            self._note("record-number", where)
        return None

    def _in_line(self, record: LogRecord, before: Sequence[LogRecord], folders: set[str]) -> None:
        """A record follows the one before, and makes folders of its own."""
        where = self._at(LOG_FOLDER, record_file(record.number))
        if not _follows(record, before):
            self._note("record-parent", where)
        made = {logged.folder for logged in record.revisions.values()}
        if made & folders:
            self._note("record-folder", where)
        folders |= made

    def _manifest(
        self, label: str, logged: LoggedRevision, bases: Bases, others: Mapping[str, str]
    ) -> Manifest | None:
        where = self._at(logged.folder, MANIFEST_FILE)
        kind = port.kind_of(self.path / logged.folder)
        if kind != "folder":
            code = "revision-missing" if kind is None else "revision-not-folder"
            self._note(code, self._at(logged.folder), label)
            return None
        path = self.path / logged.folder / MANIFEST_FILE
        data = port.read_file(path, MOST_MANIFEST)
        if data is None:
            is_there = port.kind_of(path) is not None
            self._note(f"manifest-{'not-file' if is_there else 'missing'}", where, label)
            return None
        try:
            manifest = read_manifest(bases, self.dataset, label, logged)
        except AzdsError as error:
            if isinstance(error, StorageError):
                raise
            code, more = manifest_code(data, logged.manifest, others, error)
            self._note(code, where, label, more or str(error))
            return None
        form = form_of_manifest(data)
        if form is not None:
            self._note(form, where, label)
        elif canonical.dump(bases.as_written(manifest, logged)) != data:
            self._note("manifest-invalid", where, label)
        return manifest

    def _measure(self, file: FileEntry, labels: str) -> None:
        path, where = self.path / file.path, self._at(file.path)
        size = port.size_of(path)
        if size is None:
            is_there = port.kind_of(path) is not None
            self._note("file-not-file" if is_there else "file-missing", where, labels)
        elif size != file.bytes:
            code = "file-empty" if not size else "file-short" if size < file.bytes else "file-long"
            self._note(code, where, labels, f"{size} bytes, not {file.bytes}")

    def _read(
        self,
        file: FileEntry,
        labels: str,
        uses: Sequence[tuple[str, TableEntry]],
        others: Mapping[str, str],
    ) -> None:
        where = self._at(file.path)
        data = port.read_file(self.path / file.path, file.bytes * 2)
        if data is None:
            self._measure(file, labels)
            return
        if len(data) != file.bytes or canonical.hash_of(data) != file.sha256:
            code, more = file_code(data, file, others)
            self._note(code, where, labels, more and f"{CODES[code]}: {more}")
            return
        if file.is_patch:  # what it makes is another question: `patches`
            return
        contents: dict[object, list[tuple[str, TableEntry]]] = {}
        for label, entry in uses:
            told = (entry.schema, entry.rows, entry.digest, entry.groups)
            contents.setdefault(told, []).append((label, entry))
        for same in contents.values():
            self._content(data, same[0][1], where, _labels(same))

    def _content(self, data: bytes, entry: TableEntry, where: str, labels: str) -> None:
        from azds.store.content import check_content  # noqa: PLC0415 - loads pyarrow, for tables only
        from azds.store.content_diagnosis import content_code, first_null  # noqa: PLC0415 - likewise

        try:
            check_content(data, entry, where=where)
            column = first_null(data, entry)
        except IntegrityError as error:
            self._note(content_code(data, entry, error), where, labels, str(error))
        else:
            if column is not None:
                self._note("content-null", where, labels, f"{CODES['content-null']}: {column}")

    def _stray(self, name: str, known: frozenset[str]) -> None:
        with self._noting(self._at(name)):
            code = "stray-folder" if port.kind_of(self.path / name) == "folder" else "stray-file"
            self._note("stray-case" if _is_near(name, known) else code, self._at(name))

    def _names(self, folder: str) -> list[str] | None:
        """The names in a folder; None if there is none, nothing if the system refuses."""
        try:
            return port.list_folder(self.path / folder)
        except StorageError as error:
            file = self._at(folder) if folder else self.dataset
            self._note("file-unreadable", file, "", str(error))
            self.hidden.add(folder)
            return []

    def _at(self, *parts: str) -> str:
        return "/".join([self.dataset, *parts])

    def _note(self, code: str, file: str, revision: str = "", message: str = "") -> None:
        file = file.encode("utf-8", "backslashreplace").decode()  # a stray may have any name
        fault = Fault(code, file, revision, message.removeprefix(f"{file}: ") or CODES[code])
        if (code, file, revision) not in {(f.code, f.file, f.revision) for f in self.faults}:
            self.faults.append(fault)

    @contextmanager
    def _noting(self, file: str, revision: str = "") -> Iterator[None]:
        """What the system refuses inside is noted as a fault of this file."""
        try:
            yield
        except StorageError as error:
            self._note("file-unreadable", file, revision, str(error))


def _files_of(manifest: Manifest) -> Iterator[FileEntry]:
    for entry in manifest.tables.values():
        yield from entry.files


def _needs(manifests: Mapping[str, Manifest]) -> dict[FileEntry, list[str]]:
    """By file, the labels that need it, also for a patch that stands on it."""
    needs: dict[FileEntry, dict[str, None]] = {}
    for folder, manifest in manifests.items():
        for file in _files_of(manifest):
            needs.setdefault(file, {})[manifest.label] = None
        for name in manifest.tables:
            for file in _chain(manifests, folder, name):
                needs.setdefault(file, {})[manifest.label] = None
    return {file: list(labels) for file, labels in needs.items()}


def _chain(manifests: Mapping[str, Manifest], folder: str, name: str) -> Iterator[FileEntry]:
    """The files that a table is read from, as far as the manifests tell."""
    seen: set[str] = set()
    while folder in manifests and folder not in seen and name in manifests[folder].tables:
        seen.add(folder)
        file = manifests[folder].tables[name].file
        yield file
        folder = file.on


def _names_in(folder: str, manifests: Mapping[str, Manifest]) -> Iterator[str]:
    """The names in a folder that any manifest gives to a file."""
    for manifest in manifests.values():
        for file in _files_of(manifest):
            home, _, name = file.path.partition("/")
            if home == folder:
                yield name


def _is_near(name: str, known: set[str] | frozenset[str]) -> bool:
    return name.casefold() in {one.casefold() for one in known}


def _labels(uses: Sequence[tuple[str, TableEntry]]) -> str:
    return ", ".join(dict.fromkeys(label for label, _ in uses))


def _follows(record: LogRecord, before: Sequence[LogRecord]) -> bool:
    """Whether a record names the hash of the one before, as far as that can be read."""
    if before and before[-1].number == record.number - 1:
        return record.parent == before[-1].hash
    return (record.parent is None) == (record.number == 1)
