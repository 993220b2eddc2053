"""What a dataset is at one moment: its records, and the manifests that count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from azds.errors import IntegrityError
from azds.store import canonical, port
from azds.store.log import LoggedRevision, LogRecord, latest, read_log
from azds.store.manifest import FileEntry, Manifest, TableEntry
from azds.store.manifests import Bases
from azds.store.names import MANIFEST_FILE, parse_folder

__all__ = [
    "State",
    "entry_in",
    "is_revision_folder",
    "read_manifest",
    "read_state",
    "read_table_file",
]


@dataclass(frozen=True, slots=True)
class State:
    """One state of a dataset, chosen once.

    Attributes:
        records: The whole log.
        folders: The folder that counts for each label.
        editions: Every folder that the log names, with its label.
        bases: How all manifests are read.
        manifests: The manifest that counts for each label; each is read when it is asked for.
    """

    records: tuple[LogRecord, ...]
    folders: Mapping[str, LoggedRevision]
    editions: Mapping[str, tuple[str, LoggedRevision]]
    bases: Bases
    manifests: "Manifests"


class Manifests(Mapping[str, Manifest]):
    """The manifests of a dataset by label, in position order, checked as they are read."""

    def __init__(self, bases: Bases, dataset: str, folders: Mapping[str, LoggedRevision]) -> None:
        self._bases = bases
        self._dataset = dataset
        self._folders = folders
        self._read: dict[str, Manifest] = {}
        self._ordered: tuple[str, ...] | None = None

    def __getitem__(self, label: str) -> Manifest:
        """One manifest.

        Raises:
            KeyError: There is no such revision.
            IntegrityError, FormatError: As `read_manifest`.
        """
        if label not in self._read:
            logged = self._folders[label]
            self._read[label] = read_manifest(self._bases, self._dataset, label, logged)
        return self._read[label]

    def __contains__(self, label: object) -> bool:
        """Whether there is such a revision; nothing is read."""
        return label in self._folders

    def __len__(self) -> int:
        """How many revisions there are; nothing is read."""
        return len(self._folders)

    def __iter__(self) -> Iterator[str]:
        """The labels, in position order, for which all are read."""
        if self._ordered is None:
            self._ordered = tuple(
                sorted(self._folders, key=lambda label: (self[label].position, label))
            )
        return iter(self._ordered)


def read_state(path: Path, dataset: str) -> State:
    """The state of the dataset at `path`, every record checked; manifests are, as they are read.

    Raises:
        IntegrityError: `record-changed`, `log-broken`.
        FormatError: `format-unknown`.
    """
    records = read_log(path, where=dataset)
    if records is None:
        _refuse_folders(path, dataset)
        records = ()
    folders, bases = latest(records), Bases(path, dataset, records)
    return State(
        records,
        MappingProxyType(folders),
        {
            logged.folder: (label, logged)
            for record in records
            for label, logged in record.revisions.items()
        },
        bases,
        Manifests(bases, dataset, folders),
    )


def read_manifest(bases: Bases, dataset: str, label: str, logged: LoggedRevision) -> Manifest:
    """The manifest of one edition, checked against its record before it is parsed.

    Raises:
        IntegrityError: `file-missing`, `manifest-changed`, `manifest-invalid`.
        FormatError: `format-unknown`.
    """
    manifest = bases.manifest(logged)
    if (manifest.dataset, manifest.label) != (dataset, label):
        raise IntegrityError(
            "manifest-invalid",
            "this is the manifest of another revision",
            where=f"{dataset}/{logged.folder}/{MANIFEST_FILE}",
            expected=f"{dataset} {label}",
            got=f"{manifest.dataset} {manifest.label}",
        )
    return manifest


def entry_in(dataset: str, state: State, folder: str, name: str) -> TableEntry | None:
    """What the manifest in a folder that the log names says of a table; None if there is none.

    Raises:
        IntegrityError: `file-missing`, `manifest-changed`, `manifest-invalid`.
        FormatError: `format-unknown`.
    """
    if folder not in state.editions:
        return None
    label, logged = state.editions[folder]
    if state.folders.get(label) == logged:
        return state.manifests[label].tables.get(name)
    return read_manifest(state.bases, dataset, label, logged).tables.get(name)


def read_table_file(path: Path, dataset: str, file: FileEntry) -> bytes:
    """The bytes of a stored table, checked against their size and digest.

    Raises:
        IntegrityError: `file-missing`, `file-changed`.
    """
    where = f"{dataset}/{file.path}"
    data = port.read_file(path / file.path, file.bytes)
    if data is None:
        raise IntegrityError("file-missing", "a table's file is missing", where=where)
    actual = canonical.hash_of(data)
    if actual != file.sha256:
        is_whole = len(data) == file.bytes
        raise IntegrityError(
            "file-changed",
            "this file is not what was written",
            where=where,
            expected=file.sha256 if is_whole else f"{file.bytes} bytes",
            got=actual if is_whole else "another size",
            advice="run `azds verify`",
        )
    return data


def is_revision_folder(path: Path, name: str) -> bool:
    """Whether `name` in the dataset at `path` is a folder that a commit may have made."""
    return parse_folder(name) is not None and port.kind_of(path / name) == "folder"


def _refuse_folders(path: Path, dataset: str) -> None:
    names = port.list_folder(path) or []
    if any(is_revision_folder(path, name) for name in names):
        raise IntegrityError(
            "log-broken",
            "there are revisions, but no log that says which count",
            where=dataset,
            advice="run `azds verify`",
        )
