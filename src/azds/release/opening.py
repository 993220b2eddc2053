"""Opening a release as a store: checked first, then kept as a store in the cache.

A release is no store: its files are named for the tools of others. On first use its tables are
checked against `SHA256SUMS`, and committed to a store under the user's cache, which is named by
the digest of the sums; the second use opens that. A folder that changed has other sums, or fails.
"""

import hashlib
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from azds.dataset.stores import Store, open_nearest
from azds.errors import InvalidInputError, NotFoundError, StorageError
from azds.release.folder import is_release, make_folders, read_part
from azds.release.names import MOST_RECORD, MOST_SUMS, RECORD_FILE, SUMS_FILE, release_name
from azds.release.refused import ReleaseDamagedError, WithdrawnWarning
from azds.release.sums import parse_sums
from azds.render.page import clean
from azds.store import port
from azds.store.folder import DatasetFolder, StoreFolder, init_store, open_store
from azds.store.manifest import Manifest

if TYPE_CHECKING:  # azds.open() of a store loads none of it
    import pyarrow as pa

    from azds.dataset.dataset import Dataset
    from azds.dataset.diff import Diff
    from azds.dataset.snapshot import Snapshot
    from azds.release.bump import Side
    from azds.release.record import Record

__all__ = [
    "OpenRelease",
    "cache_folder",
    "checked",
    "diff_releases",
    "is_release",
    "open_any",
    "open_release",
]

_LAYOUT = "1"
"""Of the stores in the cache: a new number where their format changes."""


def open_any(path: Path | str | None = None) -> Store:
    """The store or the release at `path`; else the nearest store, as `open_nearest`.

    Raises:
        FormatError: `not-a-store`, `format-unknown`.
        NotFoundError: `no-store`.
        IntegrityError: a release whose files are not those of its sums.

    Warns:
        WithdrawnWarning: a release that the last pull saw withdrawn.
    """
    if path is not None and is_release(Path(path)):
        return _warned(open_release(Path(path))).store
    return open_nearest(path)


def diff_releases(old: Path | str, new: Path | str, tables: Sequence[str] | None = None) -> "Diff":
    """All changes between the newest revisions of two releases of one dataset.

    Raises:
        InvalidInputError: `bad-argument`, if they are of different datasets.
        NotFoundError: `unknown-table`.
        IntegrityError: as `open_release`.
    """
    from azds.dataset.diff import Diff  # noqa: PLC0415 - loads pyarrow

    sides = _warned(open_release(Path(old))), _warned(open_release(Path(new)))
    if sides[0].record.dataset != sides[1].record.dataset:
        raise InvalidInputError(
            "bad-argument",
            "these are releases of different datasets",
            expected=sides[0].record.dataset,
            got=sides[1].record.dataset,
        )
    return Diff(sides[0].snapshots[-1], sides[1].snapshots[-1], tables)


def _warned(release: "OpenRelease") -> "OpenRelease":
    """The same release; a warning, if it is known to be withdrawn, where the caller's caller is."""
    from azds.release.seen import withdrawn  # noqa: PLC0415 - azds.open() of a store needs none

    if told := withdrawn(release.sums):
        warnings.warn(clean(told), WithdrawnWarning, stacklevel=3)
    return release


@dataclass(frozen=True)
class OpenRelease:
    """A release that was opened: its folder, what its record says, the digest of its sums."""

    path: Path
    record: "Record"
    sums: str

    @cached_property
    def digests(self) -> dict[str, str]:
        """By path, the SHA-256 that each file has to have."""
        return dict(parse_sums(read_part(self.path, SUMS_FILE, MOST_SUMS), str(self.path)))

    @cached_property
    def store(self) -> Store:
        """The release as a store with one dataset."""
        return Store(_store_of(self))

    @cached_property
    def dataset(self) -> "Dataset":
        """Its dataset, with the revisions that are in the release; to be compared with others."""
        from azds.dataset.dataset import Dataset  # noqa: PLC0415 - as the others here

        return Dataset(DatasetFolder(self.store.folder, self.record.dataset))

    @cached_property
    def snapshots(self) -> "tuple[Snapshot, ...]":
        """Its revisions, in order."""
        return tuple(self.dataset[label] for label in self.dataset)

    def check_rows(self) -> None:
        """Decode every table, and compare its rows with the content digests of the record.

        Raises:
            IntegrityError: the first table whose rows are not what the record says.
        """
        from azds.arrow.digest import content_digest  # noqa: PLC0415 - loads pyarrow

        for (name, label), table in self.record.tables.items():
            rows = self.rows(name, label)
            actual = content_digest(rows, table.schema).digest
            _same_rows(self.path / table.path, table.digest, actual)

    def rows(self, name: str, label: str) -> "pa.Table":
        """The rows of a table in a revision, their bytes checked before they are decoded.

        Raises:
            IntegrityError: `release-changed`, `parquet-unreadable`, `content-changed`.
        """
        from azds.store.parquet import decode  # noqa: PLC0415 - loads pyarrow

        table = self.record.tables[name, label]
        data = self.read(table.path)
        return decode(data, table.schema, rows=table.rows, where=str(self.path / table.path))

    def changelog(self) -> str:
        """Its changelog."""
        return self.read("CHANGELOG.md").decode()

    def read(self, path: str) -> bytes:
        """A file of the release, checked.

        Raises:
            ReleaseDamagedError: `release-changed`.
        """
        if path not in self.digests:
            raise ReleaseDamagedError(
                "release-changed", "the sums know no such file", where=str(self.path / path)
            )
        most = self.record.sizes.get(path, MOST_RECORD)
        return checked(read_part(self.path, path, most), self.digests[path], str(self.path / path))

    def side(self) -> "Side":
        """As the bump sees it."""
        from azds.release.bump import Side  # noqa: PLC0415 - loads pyarrow

        tables = self.record.tables
        return Side(
            self.snapshots,
            self.record.held,
            {at: table.path for at, table in tables.items()},
            {at: self.digests[table.path] for at, table in tables.items()},
            self.record.words,
        )


def open_release(path: Path) -> OpenRelease:
    """The release at `path`: its sums and its record are read, its tables when asked for.

    Raises:
        NotFoundError: `no-store`, if there is no release.
        ReleaseDamagedError: `release-changed`, `release-invalid`, `release-path`.
    """
    from azds.release.record import read_record  # noqa: PLC0415 - azds.open() of a store needs none

    folder = path.absolute()
    if not is_release(folder):
        raise NotFoundError(
            "no-store",
            "this is no release",
            where=str(path),
            expected=f"a folder with {RECORD_FILE} and {SUMS_FILE}",
        )
    sums = read_part(folder, SUMS_FILE, MOST_SUMS)
    digests = parse_sums(sums, str(folder / SUMS_FILE))
    where = str(folder / RECORD_FILE)
    if RECORD_FILE not in digests:
        raise ReleaseDamagedError("release-invalid", "the sums do not cover it", where=where)
    data = checked(read_part(folder, RECORD_FILE, MOST_RECORD), digests[RECORD_FILE], where)
    record = read_record(data, where)
    return OpenRelease(folder, record, f"sha256:{hashlib.sha256(sums).hexdigest()}")


def checked(data: bytes, digest: str, where: str) -> bytes:
    """The same bytes, if they have this SHA-256.

    Raises:
        ReleaseDamagedError: `release-changed`.
    """
    actual = hashlib.sha256(data).hexdigest()
    if actual != digest:
        raise ReleaseDamagedError(
            "release-changed",
            "this file is not what was released",
            where=where,
            expected=f"sha256:{digest}",
            got=f"sha256:{actual}",
            advice="pull the release again, into another folder",
        )
    return data


def cache_folder() -> Path:
    """Where azds keeps what it can make again: ``$XDG_CACHE_HOME/azds``."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(home) if Path(home).is_absolute() else Path.home() / ".cache") / "azds"


def _store_of(release: OpenRelease) -> StoreFolder:
    """The store of a release in the cache; made where there is none."""
    parent = cache_folder() / "stores"
    home = parent / f"{release.sums.partition(':')[2]}-{_LAYOUT}"
    if port.kind_of(home) is None:
        make_folders(Path(home.anchor), parent)
        scratch = parent / f".{port.fresh_name()}"
        try:
            _fill(scratch, release)
            try:
                port.rename_new(scratch, home)
            except StorageError:
                if port.kind_of(home) is None:  # else another process was first
                    raise
        finally:
            port.remove_tree(scratch)
    else:
        for table in release.record.tables.values():  # the folder has to be what it was
            release.read(table.path)
    return open_store(home)


def _fill(path: Path, release: OpenRelease) -> None:
    """Commit the tables of a release to a new store, each checked before it is decoded."""
    from dataclasses import replace  # noqa: PLC0415 - with what follows

    from azds.dataset.writer import WRITER  # noqa: PLC0415 - loads pyarrow
    from azds.store.staged import StagedTable  # noqa: PLC0415 - with the others

    record = release.record
    staged = []
    for revision in record.revisions:
        tables = {
            name: StagedTable(table.schema, table.coverage, release.rows(name, label))
            for (name, label), table in record.tables.items()
            if label == revision.label
        }
        staged.append(replace(revision, tables=tables))
    folder = init_store(path).create(record.dataset)
    folder.commit(
        staged, writer=WRITER, message=f"release {release_name(record.dataset, record.version)}"
    )
    _compare(folder.state().manifests, release)


def _compare(manifests: Mapping[str, Manifest], release: OpenRelease) -> None:
    """The rows have to be those whose digests the record states."""
    for (name, label), table in release.record.tables.items():
        actual = manifests[label].tables[name].digest
        _same_rows(release.path / table.path, table.digest, actual)


def _same_rows(path: Path, expected: str, actual: str) -> None:
    if actual != expected:
        raise ReleaseDamagedError(
            "release-changed",
            "these rows are not what the record says",
            where=str(path),
            expected=expected,
            got=actual,
        )
