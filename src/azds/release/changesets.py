"""What changed in each table from one revision to another, as files: a row a changed cell."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from azds.columns import Role
from azds.dataset.diff import Diff
from azds.dataset.snapshot import Snapshot
from azds.release.encoding import parquet_bytes
from azds.release.names import change_path
from azds.release.opening import OpenRelease

__all__ = ["Change", "Compare", "change_files"]

Compare = Callable[[Snapshot, Snapshot], Diff]
Change = dict[str, str | int]
"""A file of changes, as the record tells it: old, new, table, path, rows."""


def change_files(
    snapshots: Sequence[Snapshot], before: OpenRelease | None, compare: Compare
) -> Iterator[tuple[Change, bytes]]:
    """The changes of each table that differs: facts, wording and places, as Parquet."""
    for old, new, name in _pairs(snapshots, before):
        diff = compare(old, new)
        for table in diff.tables:
            cells = diff[table].to_arrow((Role.FACT, Role.WORDING, Role.PLACE))
            if cells.num_rows:
                told: Change = {"old": name, "new": new.label, "table": table}
                told |= {"path": change_path(table, name, new.label), "rows": cells.num_rows}
                yield told, parquet_bytes(cells)


def _pairs(
    snapshots: Sequence[Snapshot], before: OpenRelease | None
) -> Iterator[tuple[Snapshot, Snapshot, str]]:
    """Revisions that follow each other, and each with the last release's; what old is called."""
    yield from ((old, new, old.label) for old, new in pairwise(snapshots))
    if before is None:
        return
    after = {one.label: one for one in snapshots}
    for old in before.snapshots:
        if old.label in after and _differs(old, after[old.label]):
            yield old, after[old.label], f"{old.label}@{before.record.version}"
    last = before.snapshots[-1]
    if last.label not in after:
        yield last, snapshots[0], last.label


def _differs(old: Snapshot, new: Snapshot) -> bool:
    sides = [
        {name: entry.digest for name, entry in one.manifest.tables.items()} for one in (old, new)
    ]
    return sides[0] != sides[1]
