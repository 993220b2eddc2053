"""What interrupted commands left: told apart by `verify`, removed by `gc`.

A leftover is what azds made and no record names. What azds cannot have made is
none, whatever its name; nor is what stands where a record needs it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from azds.errors import FormatError, IntegrityError
from azds.store import canonical, port
from azds.store.canonical import Json
from azds.store.manifests import MOST_MANIFEST, Base, from_stored
from azds.store.names import DATASET_FILE, MANIFEST_FILE, MARKER_FILE, TABLE_ENDING, parse_folder

__all__ = ["completeness", "is_ours", "is_scratch", "paths_in", "scratch_of"]

_SCRATCH = re.compile(r"\.(.+)\.[0-9a-f]{32}")


def is_scratch(name: str) -> bool:
    """Whether an interrupted command gave a file this name.

    >>> is_scratch(f".dataset.toml.{'0f' * 16}"), is_scratch(".dataset.toml.swp")
    (True, False)
    """
    return scratch_of(name) in {DATASET_FILE, MARKER_FILE}


def scratch_of(name: str) -> str | None:
    """The name that a scratch file was to have; None if it is none."""
    match = _SCRATCH.fullmatch(name)
    return match[1] if match else None


def is_ours(path: Path) -> bool:
    """Whether a folder holds only files that a commit writes."""
    return all(
        (name == MANIFEST_FILE or name.endswith(TABLE_ENDING))
        and port.kind_of(path / name) == "file"
        for name in port.list_folder(path) or []
    )


def completeness(path: Path, folder: str) -> Literal["empty", "part", "whole"]:
    """How much of a revision a folder of the dataset at `path` holds.

    Whole means that its manifest can be read and each file that it names has its digest.

    Raises:
        StorageError: `storage-failed`: what cannot be read is not judged.
    """
    if not port.list_folder(path / folder):
        return "empty"
    try:
        data = port.read_file(path / folder / MANIFEST_FILE, MOST_MANIFEST)
        stored = canonical.load(data or b"", kind="manifest-invalid", where=folder)
        document = from_stored(stored, partial(_base, path), where=folder).to_document()
        is_whole = all(_is_there(path, file) for file in _files(document))
    except (FormatError, IntegrityError):
        return "part"
    return "whole" if is_whole else "part"


def _base(path: Path, folder: str) -> Base:
    """The manifest in a folder, as a base for one that no record proves."""
    is_folder = parse_folder(folder) is not None
    data = port.read_file(path / folder / MANIFEST_FILE, MOST_MANIFEST) if is_folder else None
    document = canonical.load(data or b"", kind="manifest-invalid", where=folder)
    return Base.of(folder, document, where=folder)


def paths_in(document: Json) -> Iterator[str]:
    """The path of every file that a manifest's document names, whatever names it there."""
    for file in _files(document):
        yield str(file["path"])


def _files(document: Json) -> Iterator[Mapping[str, Json]]:
    if isinstance(document, Mapping):
        if isinstance(document.get("path"), str) and isinstance(document.get("sha256"), str):
            yield document
        for value in document.values():
            yield from _files(value)
    elif isinstance(document, Sequence) and not isinstance(document, str):
        for value in document:
            yield from _files(value)


def _is_there(path: Path, file: Mapping[str, Json]) -> bool:
    folder, _, name = str(file["path"]).partition("/")
    if parse_folder(folder) is None or "/" in name or not name.endswith(TABLE_ENDING):
        return False  # such a path is data, and opens nothing
    size = file.get("bytes")
    data = port.read_file(path / str(file["path"]), size if isinstance(size, int) else 0)
    return data is not None and canonical.hash_of(data) == file["sha256"]
