"""Merging: coverage, columns, and rows that one side removed."""

from dataclasses import replace

import pyarrow as pa
import pytest

from azds.arrow.tables import conform
from azds.arrow.types import schema_from_arrow
from azds.changes.merging import State, finish, plan_merge
from azds.coverage import Coverage
from azds.errors import InvalidInputError

COMPLETE = Coverage("complete")
PARTIAL = Coverage("partial", reason="the feed broke off")
BASE = pa.table({"id": [1, 2, 3], "x": [1, 2, 3], "y": ["a", "b", "c"]})


def state(table: pa.Table, coverage: Coverage = COMPLETE, key: str = "id") -> State:
    schema = schema_from_arrow(table.schema, name="t", key=(key,))
    return State(conform(table, schema), schema, coverage)


def with_x(*values: int | None) -> pa.Table:
    return BASE.set_column(1, "x", pa.array(values, pa.int64()))


def merged(base: State, ours: State, theirs: State, *takes: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = finish(plan_merge(base, ours, theirs), takes).rows.to_pylist()
    return rows


def test_a_partial_side_removes_and_empties_nothing_by_silence() -> None:
    newer = with_x(10, None, 3).slice(0, 2)
    assert [row["x"] for row in merged(state(BASE), state(BASE), state(newer, PARTIAL))] == [
        10,
        2,
        3,
    ]
    assert [row["x"] for row in merged(state(BASE), state(BASE), state(newer))] == [10, None]


def test_a_partial_side_removes_what_it_covers() -> None:
    covers = Coverage("partial", covers={"y": ("b",)}, reason="only b")
    newer = BASE.slice(0, 0)
    found = merged(state(BASE), state(BASE), state(newer, covers))
    assert [row["id"] for row in found] == [1, 3]


def test_corrections_outlive_a_newer_source_that_says_less() -> None:
    corrected = BASE.set_column(2, "y", pa.array(["a", "B", "C"]))
    newer = pa.concat_tables(
        [with_x(10, 20, 3).slice(0, 2), pa.table({"id": [4], "x": [4], "y": ["d"]})]
    )
    found = merged(state(BASE), state(corrected), state(newer, PARTIAL))
    assert [tuple(row.values()) for row in found] == [
        (1, 10, "a"),
        (2, 20, "B"),
        (3, 3, "C"),
        (4, 4, "d"),
    ]


@pytest.mark.parametrize(
    ("take", "expected"), [("ours", [1, 2, 30]), ("theirs", [1, 2]), ("base", [1, 2, 3])]
)
def test_a_row_that_one_side_changed_and_the_other_removed_is_a_conflict(
    take: str, expected: list[int]
) -> None:
    sides = state(BASE), state(with_x(1, 2, 30)), state(BASE.slice(0, 2))
    plan = plan_merge(*sides)
    assert plan.conflicts.to_pylist() == [
        {"key": "3", "column": "", "base": "the row", "ours": "changed", "theirs": "removed"}
    ]
    assert [row["x"] for row in merged(*sides, take)] == expected


def test_columns_that_either_side_added_are_both_there() -> None:
    ours = BASE.append_column("mine", pa.array([1.5, 2.5, 3.5]))
    theirs = BASE.append_column("other", pa.array([True, None, False])).slice(1)
    found = merged(state(BASE), state(ours), state(theirs))
    assert found == [
        {"id": 2, "x": 2, "y": "b", "mine": 2.5, "other": None},
        {"id": 3, "x": 3, "y": "c", "mine": 3.5, "other": False},
    ]


def test_a_column_that_a_complete_side_dropped_is_gone_and_a_partial_one_only_lacks_it() -> None:
    newer = BASE.drop_columns(["x"])
    assert list(merged(state(BASE), state(BASE), state(newer))[0]) == ["id", "y"]
    assert merged(state(BASE), state(BASE), state(newer, PARTIAL)) == BASE.to_pylist()


def test_a_dropped_column_takes_no_correction_with_it() -> None:
    newer = BASE.drop_columns(["x"])
    with pytest.raises(InvalidInputError, match="t 3 x: theirs dropped a column in which"):
        plan_merge(state(BASE), state(with_x(1, 2, 30)), state(newer))


def test_a_type_that_one_side_changed_is_that_of_the_merge() -> None:
    theirs = BASE.set_column(1, "x", pa.array([1.0, 2.5, 3.0]))
    found = finish(plan_merge(state(BASE), state(with_x(7, 2, 3)), state(theirs)), [])
    assert found.rows["x"].to_pylist() == [7.0, 2.5, 3.0]
    assert found.schema.column("x").type == "float64"


def test_types_that_do_not_go_together_are_refused() -> None:
    ours = BASE.set_column(1, "x", pa.array(["1", "2", "3"]))
    theirs = BASE.set_column(1, "x", pa.array([True, False, True]))
    with pytest.raises(InvalidInputError, match="x: both sides changed a column"):
        plan_merge(state(BASE), state(ours), state(theirs))
    other_key = state(BASE, key="y")
    with pytest.raises(InvalidInputError, match="different keys do not merge; expected id int64"):
        plan_merge(state(BASE), state(BASE), other_key)


def test_the_merge_is_complete_where_both_sides_are() -> None:
    newer = state(BASE, PARTIAL)
    assert finish(plan_merge(state(BASE), state(BASE), state(BASE)), []).coverage == COMPLETE
    assert plan_merge(state(BASE), state(BASE), newer).aligned.coverage == Coverage(
        "partial", reason="merged: ours is complete; theirs is partial (the feed broke off)"
    )
    assert plan_merge(state(BASE), newer, newer).aligned.coverage == PARTIAL
    absent = replace(PARTIAL, columns_absent=("x",))
    assert plan_merge(state(BASE), newer, state(BASE, absent)).aligned.coverage.columns_absent == ()
