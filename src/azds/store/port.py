# The port speaks to the operating system in its own words:
# ruff: noqa: PTH102, PTH104, PTH105, PTH106, PTH108, PTH116, PTH208
"""Files and folders: the only module of azds through which stored bytes pass.

Every call of the operating system that touches a store is here, by its name in
`os` or `fcntl`, so that a test can count, cut or fail each of them. What the
system refuses becomes `StorageError` in one line. Nothing in a store is ever
written in place: a file is written once under a name that nobody reads, synced,
and then renamed or linked to its own name, which must not exist.

Files that are no part of a store (sources, exports) may be read and written
through here as well.
"""

import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from azds.errors import StorageError

if sys.platform != "win32":
    import fcntl

__all__ = [
    "Kind",
    "OpenFile",
    "fresh_name",
    "kind_of",
    "link_new",
    "list_folder",
    "locked",
    "make_folder",
    "opened",
    "read_file",
    "remove_tree",
    "rename_new",
    "replace_file",
    "size_of",
    "size_of_tree",
    "sync_folder",
    "write_new",
]

Kind = Literal["file", "folder", "other"]

_PIECE = 1 << 20
_BINARY: int = getattr(os, "O_BINARY", 0)
# O_NONBLOCK: a pipe that stands where a file should must not hang the reader.
_TO_READ = os.O_RDONLY | _BINARY | getattr(os, "O_NONBLOCK", 0)
_TO_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY


@contextmanager
def _told(doing: str, path: Path) -> Iterator[None]:
    """What the system refuses inside becomes one line that names the path."""
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StorageError(
            "storage-failed", f"cannot {doing}: {reason}", where=str(path)
        ) from error


def fresh_name() -> str:
    """A name that nobody has used or will use."""
    return os.urandom(16).hex()


def kind_of(path: Path) -> Kind | None:
    """What stands at this path; None if nothing does. Links are followed."""
    with _told("look at this path", path):
        try:
            mode = os.stat(path).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def size_of(path: Path) -> int | None:
    """The size of a file in bytes; None if there is no file."""
    with _told("look at this file", path):
        try:
            found = os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def size_of_tree(path: Path) -> int:
    """The size of all files in a folder and below, or of a file; links are not followed."""
    with _told("look at this path", path):
        return _size(path)


def _size(path: Path) -> int:
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return 0
    if stat.S_ISDIR(found.st_mode):
        return sum(_size(path / name) for name in os.listdir(path))
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def list_folder(path: Path) -> list[str] | None:
    """The names in a folder, sorted; None if there is no folder."""
    with _told("list this folder", path):
        try:
            return sorted(os.listdir(path))
        except (FileNotFoundError, NotADirectoryError):
            return None


def read_file(path: Path, most: int) -> bytes | None:
    """The bytes of a file; None if there is no file.

    Shape: At most `most + 1` bytes, so that a file that is too long never fits a
    size or a digest, and never fills the memory.
    """
    with _told("read this file", path):
        try:
            handle = os.open(path, _TO_READ)
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return None
            return _read(handle, most + 1)
        finally:
            os.close(handle)


def _read(handle: int, wanted: int) -> bytes:
    pieces = []
    while wanted > 0 and (piece := os.read(handle, min(wanted, _PIECE))):
        pieces.append(piece)
        wanted -= len(piece)
    return b"".join(pieces)


class OpenFile(io.FileIO):
    """A file that is open for reading in pieces."""

    def read_at(self, start: int, wanted: int) -> bytes:
        """At most `wanted` bytes from `start`; less at the end of the file."""
        with _told("read this file", Path(str(self.name))):
            pieces = []
            while wanted > 0 and (piece := os.pread(self.fileno(), wanted, start)):
                pieces.append(piece)
                start, wanted = start + len(piece), wanted - len(piece)
        return b"".join(pieces)


@contextmanager
def opened(path: Path) -> Iterator[OpenFile | None]:
    """A file, open for reading in pieces; None if there is no file."""
    with _told("read this file", path):
        try:
            handle = os.open(path, _TO_READ)
        except (FileNotFoundError, NotADirectoryError):
            handle = -1
    if handle < 0:
        yield None
        return
    try:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            with OpenFile(handle, closefd=False) as file:
                yield file
        else:
            yield None
    finally:
        os.close(handle)


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not exist, and sync it. Its name is not synced yet."""
    with _told("write this file", path):
        handle = os.open(path, _TO_WRITE, 0o666)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)  # never tried again on the same file: the second would lie
        finally:
            os.close(handle)


def replace_file(path: Path, data: bytes) -> None:
    """Write a user's file whole or not at all, over what stood there: an export, not the store.

    Its name is synced too, so that it is kept once this returns.
    """
    scratch = path.with_name(f".{path.name}.{fresh_name()}")
    try:
        write_new(scratch, data)
        with _told("write this file", path):
            os.replace(scratch, path)
        sync_folder(path.parent)
    finally:
        with suppress(StorageError):
            remove_tree(scratch)


def make_folder(path: Path) -> None:
    """Make a folder in one that exists; fine if it is there. Its name is not synced yet."""
    with _told("make this folder", path):
        try:
            os.mkdir(path)
        except FileExistsError:
            if not stat.S_ISDIR(os.stat(path).st_mode):
                raise


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    with _told("sync this folder", path):
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def rename_new(source: Path, target: Path) -> None:
    """Rename a folder to a name that must not exist. The caller holds the lock."""
    with _told("rename a folder to this name", target):
        try:
            os.lstat(target)
        except FileNotFoundError:
            os.rename(source, target)
        else:
            raise FileExistsError(None, "the name is taken")


def link_new(source: Path, target: Path) -> bool:
    """Give a file a second name; False if that name exists, which is then untouched."""
    with _told("link a file to this name", target):
        try:
            os.link(source, target)
        except FileExistsError:
            return False
    return True


def remove_tree(path: Path) -> None:
    """Remove a file, or a folder with all that is in it; links are not followed."""
    with _told("remove", path):
        _remove(path)


def _remove(path: Path) -> None:
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        for name in os.listdir(path):
            _remove(path / name)
        os.rmdir(path)
    else:
        os.unlink(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone among writers, until the block ends or the process dies; waits its turn."""
    if sys.platform == "win32":
        raise StorageError("storage-failed", "cannot lock: no `flock` here", where=str(path))
    with _told("lock", path):
        handle = _lock(path)
    try:
        yield
    finally:
        with suppress(OSError):  # what was written stands, whatever becomes of the lock
            os.close(handle)


def _lock(path: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if sys.platform != "win32":
                fcntl.flock(handle, fcntl.LOCK_EX)
            if _is_same(handle, path):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # replaced while this process waited: that lock counts for nobody


def _is_same(handle: int, path: Path) -> bool:
    try:
        there = os.stat(path)
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(handle), there)
