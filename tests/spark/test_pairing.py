"""Which row groups are compared: without Spark, against all pairs that share a key."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from azds.spark.pairing import Groups, Stretch, pair_groups, rows_between

KEYS = st.lists(st.integers(0, 400), min_size=1, unique=True).map(sorted)


def grouped(keys: list[int], starts: set[int]) -> tuple[list[list[int]], Groups]:
    """Keys in groups that begin at the first and at these; each digest tells the keys."""
    groups: list[list[int]] = []
    for key in keys:
        if not groups or key in starts:
            groups.append([])
        groups[-1].append(key)
    inner = pa.table({"id": pa.array([one[0] for one in groups[1:]], pa.int64())})
    sizes = np.array([len(one) for one in groups])
    return groups, Groups(inner, sizes, [str(one) for one in groups])


def seen(groups: list[list[int]], stretch: Stretch, numbers: tuple[int, int]) -> list[int]:
    """The keys of one side that a task looks at for a stretch."""
    found: list[int] = []
    for number in range(*numbers):
        table = pa.table({"id": pa.array(groups[number], pa.int64())})
        start, stop = rows_between(
            table,
            stretch.since if number == numbers[0] else None,
            stretch.until if number == numbers[1] - 1 else None,
        )
        found += groups[number][start:stop]
    return found


@given(KEYS, KEYS, st.sets(st.integers(0, 400), max_size=200), st.integers(1, 100))
def test_each_key_is_compared_once_unless_both_sides_have_its_group(
    old: list[int], new: list[int], starts: set[int], task_rows: int
) -> None:
    (old_groups, first), (new_groups, second) = grouped(old, starts), grouped(new, starts)
    stretches = [one for task in pair_groups(first, second, task_rows=task_rows) for one in task]
    before = [seen(old_groups, one, one.old) for one in stretches]
    after = [seen(new_groups, one, one.new) for one in stretches]
    same = {k for one in old_groups if one in new_groups for k in one}
    for whole, parts in ((old, before), (new, after)):
        looked_at = [key for part in parts for key in part]
        assert looked_at == sorted(set(looked_at))  # once, in order
        assert set(whole) - set(looked_at) <= same
    skipped = set(old) - {key for part in before for key in part}
    assert skipped == set(new) - {key for part in after for key in part}
    for left, right in zip(before, after, strict=True):  # a key of both is looked at in one place
        assert set(left) & set(new) == set(right) & set(old)


def test_groups_without_digests_are_all_compared() -> None:
    starts = pa.table({"id": [5]})
    groups = Groups(starts, np.array([4, 4]), [None, None])
    assert [(one.old, one.new) for task in pair_groups(groups, groups) for one in task] == [
        ((0, 1), (0, 1)),
        ((1, 2), (1, 2)),
    ]
