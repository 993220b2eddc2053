"""Stores, as users hold them: opened where one is, else the shipped one."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from azds.dataset.dataset import Dataset
from azds.errors import NotFoundError, RefusedError
from azds.store.folder import StoreFolder, find_store, init_store, open_store

if TYPE_CHECKING:  # loads pydantic
    from azds.records import Record

__all__ = ["SHIPPED_DATASET", "Store", "init", "open_nearest", "refuse_installed", "shipped_store"]

SHIPPED_DATASET = "foreign-relations"
"""What the shipped store means where no dataset is named."""


class Store:
    """Datasets by name: ``store["foreign-relations"]``."""

    def __init__(self, folder: StoreFolder) -> None:
        self.folder = folder

    @property
    def path(self) -> Path:
        """The store's folder."""
        return self.folder.path

    @property
    def is_shipped(self) -> bool:
        """Whether this is the store that comes with azds."""
        shipped = shipped_store()
        return shipped is not None and shipped == self.path

    def __iter__(self) -> Iterator[str]:
        """The names of the datasets, sorted."""
        return iter(self.folder.datasets())

    def __len__(self) -> int:
        """How many datasets there are."""
        return len(self.folder.datasets())

    def __contains__(self, name: object) -> bool:
        """Whether there is a dataset of that name."""
        return name in self.folder.datasets()

    def __getitem__(self, name: str) -> Dataset:
        """The dataset of that name.

        Raises:
            NotFoundError: `unknown-dataset`, with the near ones.
        """
        return Dataset(self.folder.dataset(name))

    def create(
        self,
        name: str,
        *,
        tables: Iterable["type[Record]"] = (),
        title: str = "",
        origin: Mapping[str, str] | None = None,
    ) -> Dataset:
        """A new dataset without revisions; its tables may be declared by record types.

        Raises:
            InvalidInputError: `bad-name`, `type-unsupported`, `key-type`.
            ExistsError: `dataset-exists`.
            RefusedError: `shipped-store`.
        """
        from azds.dataset.creating import declare  # noqa: PLC0415 - loads pydantic

        refuse_installed(self)
        types = tuple(tables)
        folder = declare(self.folder, name, types, title, dict(origin or {}))
        return Dataset(folder, types)

    def __repr__(self) -> str:
        """The store's place and datasets in one line."""
        return f"<Store {self.path}: {', '.join(self) or 'no datasets'}>"


def init(path: Path | str) -> Store:
    """A new store at `path`; the folder is made with its parents if it is not there.

    Raises:
        ExistsError: `store-exists`.
        StorageError: `storage-failed`.
    """
    return Store(init_store(Path(path)))


def open_nearest(path: Path | str | None = None) -> Store:
    """The store at `path`; else the nearest at or above the working folder; else the shipped one.

    Raises:
        FormatError: `not-a-store`, `format-unknown`.
        NotFoundError: `no-store`, if there is none and none is shipped.
    """
    if path is not None:
        return Store(open_store(Path(path)))
    found = find_store(Path.cwd()) or shipped_store()
    if found is None:
        raise NotFoundError("no-store", "no store here, and none is shipped", where=str(Path.cwd()))
    return Store(open_store(found))


def shipped_store() -> Path | None:
    """Where the shipped store is: in the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / "_store", package.parents[1] / "snapshots"):
        if (candidate / "azds-store.json").is_file():
            return candidate
    return None


def refuse_installed(store: Store) -> None:
    """Refuse to write into the store of an installed package; a checkout's is the maintainer's own.

    Raises:
        RefusedError: `shipped-store`.
    """
    if store.is_shipped and store.path.name == "_store":
        raise RefusedError(
            "shipped-store",
            "the store of the installed package is not written to",
            where=str(store.path),
            advice="name your own with --store, or compare with --check",
        )
