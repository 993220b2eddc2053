"""Which row groups of two stored tables have to be compared with which: told without their rows.

Row groups start at keys that the content sets, so that most of those of one side start where those
of the other do. Between two such keys stand the same keys on both sides: one group each, as a
rule, and if their digests are equal so are their rows. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from azds.arrow.layout import Numbers
from azds.changes.grouping import number_keys
from azds.changes.positions import positions

__all__ = ["Groups", "Stretch", "pair_groups", "rows_between"]

_TASK_ROWS = 1 << 19
"""About how many rows of both sides one task compares."""
_MOST = 16
"""Groups between two keys at which both sides start one; beyond, they are cut at other keys."""


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The row groups of one side.

    Attributes:
        starts: The keys at which all but the first begin, which has all that comes before.
        rows: How many rows each has.
        digests: Of its content; None where it is not known.
    """

    starts: pa.Table
    rows: Numbers
    digests: Sequence[str | None]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A range of keys, which one task compares.

    Attributes:
        old: The numbers of the groups of old that hold some of it, half-open.
        new: The same of new.
        since: Where a group begins before it, the key at which it begins; one row.
        until: Where a group ends after it, the key before which it ends; one row.
    """

    old: tuple[int, int]
    new: tuple[int, int]
    since: pa.Table | None = None
    until: pa.Table | None = None


def pair_groups(old: Groups, new: Groups, *, task_rows: int = _TASK_ROWS) -> list[list[Stretch]]:
    """The stretches in which the sides may differ, by tasks; none where nothing does.

    >>> groups = Groups(pa.table({"id": [5, 9]}), np.array([4, 4, 4]), ["a", "b", "c"])
    >>> other = Groups(pa.table({"id": [5, 9]}), np.array([4, 5, 4]), ["a", "x", "c"])
    >>> [[(one.old, one.new) for one in task] for task in pair_groups(groups, other)]
    [[((1, 2), (1, 2))]]
    """
    key = tuple(old.starts.column_names)
    numbered = number_keys([old.starts, new.starts], key)
    at = [np.concatenate([[-1], ids]) for ids in numbered.ids]
    common = np.intersect1d(at[0], at[1])
    cuts = [np.append(np.searchsorted(ids, common), len(ids)) for ids in at]
    sizes = [np.diff(one) for one in cuts]
    alone = np.flatnonzero((sizes[0] == 1) & (sizes[1] == 1))
    first = [one[:-1][alone] for one in cuts]
    digests = [
        np.array(side.digests, object)[ids] for side, ids in zip((old, new), first, strict=True)
    ]
    same_rows = old.rows[first[0]] == new.rows[first[1]]
    is_same = (digests[0] == digests[1]) & (digests[0] != None) & same_rows  # noqa: E711 - of each
    differs = np.ones(len(common), np.bool_)
    differs[alone[is_same.astype(np.bool_)]] = False
    wide = np.maximum(*sizes) > _MOST
    stretches = []
    for unit in np.flatnonzero(differs).tolist():
        ranges = [(int(one[unit]), int(one[unit + 1])) for one in cuts]
        if wide[unit]:
            stretches += _cut(at, ranges, numbered.keys)
        else:
            stretches.append(Stretch(ranges[0], ranges[1]))
    return _tasks(stretches, old.rows, new.rows, task_rows)


def _cut(at: list[Numbers], ranges: list[tuple[int, int]], keys: pa.Table) -> list[Stretch]:
    """One stretch as several, at keys where one side starts a group."""
    begin = [ids[start + 1 : stop] for ids, (start, stop) in zip(at, ranges, strict=True)]
    inner = np.union1d(*begin)[_MOST // 2 :: _MOST].tolist()
    stretches = []
    for since, until in zip([None, *inner], [*inner, None], strict=True):
        held = []
        for ids, (start, stop) in zip(at, ranges, strict=True):
            own = ids[start:stop]
            low = 0 if since is None else max(int(np.searchsorted(own, since, "right")) - 1, 0)
            high = len(own) if until is None else int(np.searchsorted(own, until, "left"))
            held.append((start + low, start + high))
        edges = [None if n is None else keys.slice(n, 1) for n in (since, until)]
        stretches.append(Stretch(held[0], held[1], edges[0], edges[1]))
    return stretches


def _tasks(
    stretches: list[Stretch], old: Numbers, new: Numbers, task_rows: int
) -> list[list[Stretch]]:
    """Neighbours together, until a task has about so many rows."""
    tasks: list[list[Stretch]] = []
    room = 0
    for one in stretches:
        if room <= 0:
            tasks.append([])
            room = task_rows
        tasks[-1].append(one)
        room -= int(old[slice(*one.old)].sum() + new[slice(*one.new)].sum())
    return tasks


def rows_between(keys: pa.Table, since: pa.Table | None, until: pa.Table | None) -> tuple[int, int]:
    """Which rows of these keys, in order, are in a stretch; half-open."""
    key = tuple(keys.column_names)
    edges = [
        fallback if edge is None else int(positions(keys, edge, key).rows[0])
        for edge, fallback in ((since, 0), (until, keys.num_rows))
    ]
    return edges[0], max(edges[0], edges[1])
