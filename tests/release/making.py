"""What the tests of releases share: a small dataset with a creator, and releases of it."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

import azds
from azds.dataset.dataset import Dataset
from azds.release.build import Built, build_release
from azds.release.contents import Request

__all__ = ["DECLARED", "Maker", "cities", "tampered"]

DECLARED: Mapping[str, str] = {
    "creator": "The clerk of the maps",
    "licence": "CC-BY-4.0",
    "origin": "counted by hand",
}

ROWS = {"baku": 2_300, "ganja": 335, "sumgait": 350}


def cities(rows: Mapping[str, int | None] | None = None, **columns: Sequence[object]) -> pa.Table:
    """Cities with their populations."""
    held = ROWS if rows is None else rows
    return pa.table({"id": list(held), "population": list(held.values()), **columns})


class Maker:
    """A store with a dataset `cities`, and releases of it side by side in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.store = azds.init(folder / "store")
        self.store.create("cities", title="Cities", origin=DECLARED)

    @property
    def dataset(self) -> Dataset:
        """As it is now."""
        return azds.open(self.store.path)["cities"]

    def commit(self, label: str, table: pa.Table | None = None, **options: object) -> "Maker":
        """Commit a revision; the same label again is a correction of it."""
        rows = cities() if table is None else table
        self.dataset.commit(label, {"city": rows}, key="id", confirm_removals=True, **options)  # type: ignore[arg-type]
        return self

    def build(
        self,
        *,
        revisions: Sequence[str] = ("all",),
        version: str | None = None,
        previous: Built | None = None,
        declared: Mapping[str, str] | None = None,
        out: Path | None = None,
    ) -> Built:
        """Build a release of what is committed."""
        request = Request("2026-11-22", tuple(revisions), version, declared or {})
        before = previous.path if previous else None
        return build_release(self.dataset, out or self.out, request, previous=before)


def tampered(release: Path, target: Path, path: str) -> Path:
    """A copy of a release in which one byte of a file is another."""
    copy = target / release.name
    shutil.copytree(release, copy)
    data = bytearray((copy / path).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / path).write_bytes(data)
    return copy
