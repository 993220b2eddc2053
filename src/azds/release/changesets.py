"""The change sets of a release: what changed in a table from one revision to another, as a file.

One row for each changed cell (`Diff.to_arrow`). A stored patch can take the place of these rows:
then `change_bytes` is what has to change, and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from azds.columns import Role
from azds.dataset.diff import Diff
from azds.dataset.snapshot import Snapshot
from azds.release.encoding import parquet_bytes

__all__ = ["ChangeSet", "Pair", "change_bytes", "change_sets"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two snapshots to compare, and how the files of their changes name them."""

    old: Snapshot
    new: Snapshot
    old_name: str
    new_name: str


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The changes of one table; never empty."""

    old: str
    new: str
    table: str
    rows: int
    data: bytes


def change_sets(pair: Pair, diff: Diff) -> Iterator[ChangeSet]:
    """The changes of each table that differs, in the order of tables."""
    for name in diff.tables:
        rows, data = change_bytes(diff, name)
        if rows:
            yield ChangeSet(pair.old_name, pair.new_name, name, rows, data)


def change_bytes(diff: Diff, table: str) -> tuple[int, bytes]:
    """The changes of one table as Parquet bytes, with their number: facts, wording and places."""
    cells = diff[table].to_arrow((Role.FACT, Role.WORDING, Role.PLACE))
    return cells.num_rows, parquet_bytes(cells) if cells.num_rows else b""
