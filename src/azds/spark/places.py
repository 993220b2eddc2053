"""Files where workers read them: the file systems that both Spark and pyarrow know.

Spark hands Python no bytes of a file, so that workers read row groups through pyarrow, by its own
credentials (the environment's). `file`, `s3` (and `s3a`), `gs`, `hdfs`, `abfs` and `abfss`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
from pyarrow import fs

from azds.errors import InvalidInputError, StorageError

__all__ = ["is_address", "list_files", "opened", "read_bytes"]

_SAME = {"s3a": "s3", "s3n": "s3"}


def is_address(path: str) -> bool:
    """Whether this names a file system, and is no plain path."""
    return "://" in path


@contextmanager
def opened(path: str) -> Iterator[pa.NativeFile | None]:
    """A file, open for reading in pieces; None if there is none.

    Raises:
        InvalidInputError: `bad-argument`: a file system that pyarrow does not know.
        StorageError: `storage-failed`.
    """
    system, inner = _place(path)
    try:
        file = system.open_input_file(inner)
    except FileNotFoundError:
        yield None
        return
    except OSError as error:
        raise _failed(path, error) from error
    with file:
        yield file


def read_bytes(path: str, most: int) -> bytes | None:
    """At most `most + 1` bytes of a file; None if there is none."""
    with opened(path) as file:
        try:
            return None if file is None else bytes(file.read(most + 1))
        except OSError as error:
            raise _failed(path, error) from error


def list_files(folder: str) -> list[str]:
    """The names in a folder, sorted; none if it is not there."""
    system, inner = _place(folder)
    try:
        found = system.get_file_info(fs.FileSelector(inner, allow_not_found=True))
    except OSError as error:
        raise _failed(folder, error) from error
    return sorted(one.base_name for one in found)


def _place(path: str) -> tuple[fs.FileSystem, str]:
    if not is_address(path):
        return fs.LocalFileSystem(), path
    scheme, _, rest = path.partition("://")
    root, slash, inner = rest.partition("/")
    system, base = _system(_SAME.get(scheme, scheme), root)
    return system, (base.rstrip("/") + slash + inner) if base else slash + inner


@lru_cache(maxsize=16)
def _system(scheme: str, root: str) -> tuple[fs.FileSystem, str]:
    try:
        found: tuple[fs.FileSystem, str] = fs.FileSystem.from_uri(f"{scheme}://{root}/")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise InvalidInputError(
            "bad-argument",
            "workers cannot read this file system",
            where=f"{scheme}://{root}",
            expected="a path, or an address of file, s3, gs, hdfs, abfs",
            got=str(error).splitlines()[0][:200],
        ) from error
    return found


def join(folder: str | Path, name: str) -> str:
    """A name in a folder."""
    return f"{str(folder).rstrip('/')}/{name}"


def _failed(path: str, error: OSError) -> StorageError:
    reason = error.strerror or str(error).splitlines()[0][:200]
    return StorageError("storage-failed", f"cannot read this file: {reason}", where=path)
