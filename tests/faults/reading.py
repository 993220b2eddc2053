"""What a store holds, by a reader of its own; and all of a store's files."""

from pathlib import Path

from azds.errors import AzdsError
from azds.store import open_store

__all__ = ["Rows", "held", "stored_files", "what_can_be_read"]

Rows = dict[str, dict[str, str]]
"""By revision and table: the rows, in words."""


def held(store: Path, dataset: str) -> Rows:
    """All that a dataset holds."""
    reader = open_store(store).dataset(dataset)
    return {
        manifest.label: {
            name: repr(reader.read_table(manifest.label, name).to_pylist())
            for name in manifest.tables
        }
        for manifest in reader.revisions()
    }


def what_can_be_read(store: Path, dataset: str) -> dict[tuple[str, str], str]:
    """By revision and table the rows of those that no reader refuses; only typed errors may be."""
    readable = {}
    try:
        reader = open_store(store).dataset(dataset)
        manifests = reader.revisions()
    except AzdsError:
        return {}
    for manifest in manifests:
        for name in manifest.tables:
            try:
                rows = reader.read_table(manifest.label, name).to_pylist()
            except AzdsError:
                continue
            readable[manifest.label, name] = repr(rows)
    return readable


def stored_files(store: Path) -> dict[str, bytes]:
    """All files that azds reads in a store, with their bytes."""
    return {
        path.relative_to(store).as_posix(): path.read_bytes()
        for path in sorted(store.rglob("*"))
        if path.is_file() and path.name not in {"lock", "dataset.toml"}
    }
