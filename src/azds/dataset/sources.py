"""Source texts: found by digest among files that people have; never shipped."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from azds.errors import InvalidInputError, NotFoundError, StorageError
from azds.store import port

__all__ = ["find_source"]

MOST_BYTES = 64 * 1024 * 1024
_MOST_FILES = 100_000


def find_source(places: Path | str | Sequence[Path], digest: str, label: str) -> bytes:
    """The bytes of the source that a revision was read from.

    Raises:
        NotFoundError: `source-missing`: no such place, or no file there has the digest.
        InvalidInputError: `source-changed`: one file was named, and it is another text;
            `source-unreadable`: it is too large.
        StorageError: no file there has the digest, and one cannot be read.
    """
    refused: StorageError | None = None
    given = [Path(places)] if isinstance(places, (str, Path)) else [Path(one) for one in places]
    for place in given:
        kind = port.kind_of(place)
        if kind is None:
            raise NotFoundError("source-missing", "no such file or folder", where=str(place))
        for path in _files(place, kind):
            try:
                data = port.read_file(path, MOST_BYTES)
            except StorageError as error:  # another file may be the one
                refused = refused or error
                continue
            if data is not None and _digest(data) == digest:
                return data
            if data is not None and len(data) > MOST_BYTES:
                raise InvalidInputError(
                    "source-unreadable",
                    "this is too large for a source",
                    where=str(path),
                    expected=f"at most {MOST_BYTES} bytes",
                )
            if data is not None and kind == "file" and len(given) == 1:
                raise InvalidInputError(
                    "source-changed",
                    f"this is not the source of revision {label}",
                    where=str(path),
                    expected=digest,
                    got=_digest(data),
                )
    if refused is not None:
        raise refused
    raise NotFoundError(
        "source-missing",
        f"no file here is the source of revision {label}",
        where=", ".join(str(place) for place in given),
        expected=digest,
        advice="give the folder with --sources or AZDS_SOURCES",
    )


def _files(place: Path, kind: str) -> list[Path]:
    if kind == "file":
        return [place]
    names = port.list_folder(place) or []
    paths = [place / name for name in names[:_MOST_FILES]]
    return [
        path
        for path in paths
        if port.kind_of(path) == "file" and (port.size_of(path) or 0) <= MOST_BYTES
    ]


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()
