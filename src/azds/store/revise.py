"""A stored table with some of its rows changed, without reading the rest of it.

Edits fall into segments; segments are read in runs that begin and end where groups of
the content digest do, so that the digest of the whole follows from the groups of the runs
and those that nobody touched.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from azds.arrow.digest import LARGEST_GROUP, Group, column_digest, content_digest, group_digest
from azds.arrow.layout import Numbers, distinct
from azds.changes.edits import Edits, concat_edits
from azds.changes.positions import positions
from azds.store.segments import Segments, apply_edits
from azds.store.stored import THREADS

__all__ = ["Revised", "revise"]

FindEdits = Callable[[pa.Table, int, int], Edits]
"""The edits of some segments, half-open, given their rows as they are."""


@dataclass(frozen=True, slots=True, eq=False)
class Revised:
    """What became of a table.

    Attributes:
        edits: All that differs from what it was.
        groups: The groups that its content is made of now.
        read: How many of its segments were read.
    """

    edits: Edits
    groups: tuple[Group, ...]
    read: int


def revise(segments: Segments, touched: pa.Table, gone: pa.Table, find: FindEdits) -> Revised:
    """The edits that `find` gives for the segments that hold keys of `touched`.

    Shape: `touched` has at least the key of every row that may come, go or change, and `gone`
    of every one that goes; both have the key columns, in key order, without repeats.
    """
    runs = list(_runs(segments, touched, gone))

    def one(run: tuple[int, int]) -> tuple[Edits, tuple[Group, ...]]:
        rows = pa.concat_tables([segments[number].read() for number in range(*run)])
        rows = rows.combine_chunks() if run[1] - run[0] > 1 else rows
        edits = find(rows, *run)
        after = apply_edits(rows, edits, segments.entry.schema)
        return edits, _groups(segments, run, edits, after)

    if len(runs) > 1:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - 20 ms, for large tables only

        with ThreadPoolExecutor(THREADS) as pool:
            found = list(pool.map(one, runs))
    else:
        found = [one(run) for run in runs]
    groups = _spliced(segments, runs, [groups for _, groups in found])
    edits = concat_edits([edits for edits, _ in found])
    return Revised(edits, tuple(groups), sum(stop - start for start, stop in runs))


def _groups(
    segments: Segments, run: tuple[int, int], edits: Edits, after: pa.Table
) -> tuple[Group, ...]:
    """The groups of a run as it is now; columns in which nothing changed are not hashed anew."""
    schema = segments.entry.schema
    known = segments[run[0]].column_digests() if run[1] - run[0] == 1 else {}
    if (
        not known  # or else it is the group that it was, with the same keys
        or edits.removed.num_rows
        or edits.added.num_rows
        or schema.columns != segments.base.schema.columns
    ):
        return content_digest(after, schema).groups
    columns = b"".join(
        known[name]
        if name in known and name not in edits.cells
        else column_digest(after.column(name))
        for name in schema.names
    )
    return (Group(after.num_rows, group_digest(after.num_rows, columns), columns),)


def _runs(segments: Segments, touched: pa.Table, gone: pa.Table) -> Iterator[tuple[int, int]]:
    """Ranges of segments around what is touched; each starts and ends where a group does."""
    is_edge = _edges(segments, gone)
    done = 0
    for number in distinct(segments.locate(touched)).tolist() or [0]:
        if number < done:
            continue
        start, stop = number, number + 1
        while not is_edge[start]:
            start -= 1
        while not is_edge[stop]:
            stop += 1
        yield start, stop
        done = stop


def _edges(segments: Segments, gone: pa.Table) -> Numbers:
    """Before which segments a group starts whatever becomes of the touched rows, and at the end.

    The row that a segment starts with starts a group by its key alone, as long as it is there,
    unless the group before was cut for being too large.
    """
    edges = np.ones(len(segments) + 1, np.int64)
    if segments.index is None:
        return edges
    for number, group in enumerate(segments.base.groups[:-1]):
        edges[number + 1] = group.rows < LARGEST_GROUP
    starts = segments.index.starts
    for keys in (gone, *([] if segments.edits_since is None else [segments.edits_since.removed])):
        met = positions(starts, keys, tuple(starts.column_names))
        edges[met.rows[met.is_there]] = 0
    edges[0] = 1
    return edges


def _spliced(
    segments: Segments, runs: list[tuple[int, int]], found: list[tuple[Group, ...]]
) -> Iterator[Group]:
    """The groups that there were, with those of the runs in place of their own."""
    offsets = np.cumsum([0, *segments.sizes]).tolist()
    groups = segments.entry.groups
    ends = np.cumsum([group.rows for group in groups]).tolist()
    at = 0
    for (start, stop), new in zip(runs, found, strict=True):
        while at < len(groups) and ends[at] <= offsets[start]:
            yield Group(groups[at].rows, groups[at].digest)
            at += 1
        yield from new
        while at < len(groups) and ends[at] <= offsets[stop]:
            at += 1
    for group in groups[at:]:
        yield Group(group.rows, group.digest)
