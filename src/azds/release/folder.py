"""Release folders: written under a name that nobody reads, then renamed; read within limits."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from azds.errors import StorageError
from azds.release.names import RECORD_FILE, SUMS_FILE, parse_path
from azds.release.refused import ReleaseDamagedError, ReleaseRefusedError
from azds.store import port

__all__ = [
    "MOST_BYTES",
    "Made",
    "Staging",
    "is_release",
    "list_files",
    "make_folders",
    "put_in_place",
    "read_part",
    "staging",
]

MOST_BYTES = 1 << 36
"""Of one file of a release."""
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Made:
    """A file of the release that is written: its size and digest, and its rows if it is a table."""

    path: str
    size: int
    sha256: str
    rows: int | None = None


class Staging:
    """A release in the making: files are added, hashed as they are written.

    A durable one syncs each file, as a place of publishing has to; one that is built can be
    built again, and is verified before it is published.
    """

    def __init__(self, folder: Path, *, is_durable: bool = False) -> None:
        self.folder = folder
        self.is_durable = is_durable
        self.files: dict[str, Made] = {}

    def add(self, path: str, data: bytes, rows: int | None = None) -> Made:
        """Write a file of the release; its folders are made."""
        parse_path(path, "the release that is built")
        target = self.folder / path
        make_folders(self.folder, target.parent)
        if self.is_durable:
            port.write_new(target, data)
        else:
            _write(target, data)
        made = Made(path, len(data), hashlib.sha256(data).hexdigest(), rows)
        self.files[path] = made
        return made


def _write(target: Path, data: bytes) -> None:
    try:
        with target.open("xb") as file:
            file.write(data)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(
            "storage-failed", f"cannot write this file: {reason}", where=str(target)
        ) from error


@contextmanager
def staging(parent: Path, *, is_durable: bool = False) -> Iterator[Staging]:
    """A folder in `parent` to build in; gone afterwards, unless `put_in_place` renamed it."""
    make_folders(Path(parent.anchor or "."), parent)
    folder = parent / f".azds-release-{port.fresh_name()}"
    port.make_folder(folder)
    try:
        yield Staging(folder, is_durable=is_durable)
    finally:
        with suppress(StorageError):
            port.remove_tree(folder)


def put_in_place(staged: Staging, target: Path) -> None:
    """Give the staged folder its name, which nothing may have.

    Raises:
        ReleaseRefusedError: `release-exists`.
        StorageError: `storage-failed`.
    """
    if port.kind_of(target) is not None:
        raise already_there(target)
    if staged.is_durable:
        sync_folders(staged.folder)
    try:
        port.rename_new(staged.folder, target)
    except StorageError as error:
        if port.kind_of(target) is not None:
            raise already_there(target) from error
        raise
    port.sync_folder(target.parent)


def already_there(target: Path) -> ReleaseRefusedError:
    """A release is never written over."""
    return ReleaseRefusedError(
        "release-exists",
        "there is something of this name already, and a release is never written over",
        where=str(target),
        advice="remove it, or choose another folder or version",
    )


def make_folders(root: Path, folder: Path) -> None:
    """Make a folder and what is missing above it, down from `root`."""
    missing = []
    while folder != root and port.kind_of(folder) is None:
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        port.make_folder(one)


def sync_folders(folder: Path) -> None:
    """Make the names in a folder and all below it durable."""
    for name in port.list_folder(folder) or []:
        if port.kind_of(folder / name) == "folder":
            sync_folders(folder / name)
    port.sync_folder(folder)


def is_release(path: Path) -> bool:
    """Whether a folder looks like a release."""
    return all(port.kind_of(path / name) == "file" for name in (RECORD_FILE, SUMS_FILE))


def list_files(folder: Path) -> list[str]:
    """The paths of all files in a release, sorted; links and other things are no files of one.

    Raises:
        ReleaseDamagedError: `release-path`, `release-invalid`.
    """
    return sorted(_walk(folder, "", 0))


def _walk(folder: Path, prefix: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise ReleaseDamagedError("release-path", "folders too deep for a release", where=prefix)
    for name in port.list_folder(folder / prefix if prefix else folder) or []:
        path = f"{prefix}/{name}" if prefix else name
        at = folder / path
        if at.is_symlink() or port.kind_of(at) not in {"file", "folder"}:
            raise ReleaseDamagedError(
                "release-path", "a link, or no file, stands in this release", where=str(at)
            )
        if port.kind_of(at) == "folder":
            yield from _walk(folder, path, depth + 1)
        else:
            yield path


def read_part(folder: Path, path: str, most: int = MOST_BYTES) -> bytes:
    """A file of a release.

    Raises:
        ReleaseDamagedError: `release-changed` if it is missing or longer than `most`.
    """
    at = folder / parse_path(path, str(folder))
    data = None if at.is_symlink() else port.read_file(at, most)
    if data is None:
        raise ReleaseDamagedError("release-changed", "a file is missing", where=str(at))
    if len(data) > most:
        raise ReleaseDamagedError(
            "release-changed",
            "this file is longer than the release says",
            where=str(at),
            expected=f"{most:,} bytes",
            advice="pull the release again, into another folder",
        )
    return data
