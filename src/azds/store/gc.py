"""What interrupted commands left in a dataset: found, and removed when that is asked for.

Nothing that a record needs is ever removed: the marks come from every record of
the log and every manifest that one names, all editions, under the lock that
writers take; if one of them cannot be read, nothing is removed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from azds.errors import IntegrityError
from azds.store import port
from azds.store.canonical import Json
from azds.store.folder import StoreFolder
from azds.store.leftovers import completeness, is_ours, is_scratch, paths_in
from azds.store.log import read_log
from azds.store.manifests import Bases
from azds.store.names import LOCK_FILE, TMP_FOLDER
from azds.store.state import is_revision_folder, read_manifest

__all__ = ["Leftover", "collect", "find_leftovers"]


@dataclass(frozen=True, slots=True)
class Leftover:
    """A file or folder that no record needs.

    Attributes:
        file: Its path from the store's folder, with `/`.
        bytes: What it takes.
        is_whole: Whether it is a whole revision, so that it may be the only copy of one
            whose record was lost.
    """

    file: str
    bytes: int
    is_whole: bool = False


def find_leftovers(store: StoreFolder, dataset: str) -> list[Leftover]:
    """What `collect` would remove now, and whole revisions; takes no lock, writes nothing.

    While a commit is under way, what it has written so far is among them.

    Raises:
        IntegrityError: A record or a manifest that one names is missing or damaged.
        StorageError: `storage-failed`.
    """
    path = store.path / dataset
    marked = _marked(path, dataset)
    return [
        Leftover(f"{dataset}/{name}", port.size_of_tree(path / name), _is_whole(path, name))
        for name in port.list_folder(path) or []
        if _is_leftover(path, name, marked)
    ]


def collect(store: StoreFolder, dataset: str, *, whole: bool = False) -> list[Leftover]:
    """Remove what interrupted commands left, and return it. `whole` revisions stay otherwise.

    Waits for the lock that writers take, so that nothing of a commit under way is removed.

    Raises:
        IntegrityError: A record or a manifest that one names is missing or damaged;
            nothing was removed.
        StorageError: `storage-failed`; what is left can be removed by the same call.
    """
    path = store.path / dataset
    with port.locked(path / LOCK_FILE):
        found = find_leftovers(store, dataset)
        removed = [one for one in found if whole or not one.is_whole]
        for one in removed:
            port.remove_tree(store.path / one.file)
        if removed:
            port.sync_folder(path)
    return removed


def _marked(path: Path, dataset: str) -> frozenset[str]:
    """The folders that records need: what they name, and what their manifests name."""
    records = read_log(path, where=dataset)
    if records is None:
        if any(is_revision_folder(path, name) for name in port.list_folder(path) or []):
            raise IntegrityError(
                "log-broken",
                "there are revisions, but no log that says which count",
                where=dataset,
                advice="run `azds verify`",
            )
        return frozenset()
    bases = Bases(path, dataset, records)
    return frozenset(
        folder
        for record in records
        for label, logged in record.revisions.items()
        for folder in [
            logged.folder,
            *_folders(read_manifest(bases, dataset, label, logged).to_document()),
        ]
    )


def _folders(document: Json) -> Iterator[str]:
    for file in paths_in(document):
        yield file.partition("/")[0]


def _is_leftover(path: Path, name: str, marked: frozenset[str]) -> bool:
    if name in marked:
        return False
    if name == TMP_FOLDER:
        return port.kind_of(path / name) == "folder"
    if is_scratch(name):
        return port.kind_of(path / name) == "file"
    return is_revision_folder(path, name) and is_ours(path / name)


def _is_whole(path: Path, name: str) -> bool:
    return is_revision_folder(path, name) and completeness(path, name) == "whole"
