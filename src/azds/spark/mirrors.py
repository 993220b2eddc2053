"""A store on another file system, opened by the copies of its small files; tables stay there."""

import shutil
import tempfile
import weakref
from pathlib import Path

from azds.dataset.snapshot import Snapshot
from azds.dataset.stores import Store
from azds.errors import FormatError
from azds.spark.places import join, list_files, read_bytes
from azds.store import port
from azds.store.folder import DatasetFolder, StoreFolder
from azds.store.folder import open_store as open_here
from azds.store.manifest import FileEntry
from azds.store.names import LOG_FOLDER, MANIFEST_FILE, MARKER_FILE, parse_folder

__all__ = ["bring", "open_store", "root_of"]

_MOST_BYTES = 1 << 28


class _Mirror(StoreFolder):
    """The copies, and where the store is."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(Path(tempfile.mkdtemp(prefix="azds-spark-")))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def open_store(address: str) -> Store:
    """The store at an address (``s3://bucket/market``): its log and manifests are read.

    Revisions of it go into `azds.spark.diff`; a table is only read by those who compare it.

    Raises:
        FormatError: `not-a-store`, `format-unknown`.
        StorageError: `storage-failed`.
        InvalidInputError: `bad-argument`: a file system that workers cannot read.
    """
    mirror = _Mirror(address)
    if not _copy(address, mirror.path, MARKER_FILE):
        raise FormatError(
            "not-a-store",
            "this is no azds store",
            where=address,
            expected=f"a folder with the file {MARKER_FILE}",
        )
    open_here(mirror.path)  # refuses a format that is not known
    for name in list_files(address):
        for record in list_files(join(join(address, name), LOG_FOLDER)):
            _copy(address, mirror.path, f"{name}/{LOG_FOLDER}/{record}")
        if port.kind_of(mirror.path / name) == "folder":
            for folder in list_files(join(address, name)):
                if parse_folder(folder) is not None:
                    _copy(address, mirror.path, f"{name}/{folder}/{MANIFEST_FILE}")
    return Store(mirror)


def root_of(folder: DatasetFolder) -> str:
    """The folder of a dataset, as workers reach it."""
    store = folder.store
    return join(store.address, folder.name) if isinstance(store, _Mirror) else str(folder.path)


def bring(snapshot: Snapshot, file: FileEntry) -> None:
    """Have a file here that this process reads whole; its digest is checked when it does."""
    store = snapshot.folder.store
    if isinstance(store, _Mirror) and port.kind_of(snapshot.folder.path / file.path) is None:
        _copy(store.address, store.path, f"{snapshot.folder.name}/{file.path}", file.bytes)


def _copy(address: str, target: Path, name: str, most: int = _MOST_BYTES) -> bool:
    data = read_bytes(join(address, name), most)
    if data is None:
        return False
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True
