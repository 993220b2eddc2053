"""Tables that are compared group by group: what is read, what is held, what is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pytest

from azds.changes import TableChanges
from azds.changes.blocks import Plan
from azds.changes.groups import Group, TableGroups
from azds.changes.streamed import diff_groups
from azds.changes.streams import stream_parts
from azds.changes.upgraded import compare_upgraded
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.errors import IntegrityError, InvalidInputError

COMPLETE = Coverage("complete")
SCHEMA = pa.schema([("id", pa.int64()), ("x", pa.int64()), ("y", pa.int64())])
PLAN = Plan(("id",), ("x", "y"), ("id",), ("id",))


@dataclass
class Made:
    """A group that is made when it is read, and remembers what was asked for."""

    start: int
    rows: int
    shift: int = 0
    same: frozenset[str] = frozenset()
    digest: str | None = None
    asked: list[str] = field(default_factory=list)

    def read(self, columns: Sequence[str]) -> pa.Table:
        self.asked += columns
        at = np.arange(self.start, self.start + self.rows)
        made = {"id": at, "x": at + self.shift, "y": at}
        return pa.table({name: made[name] for name in columns})

    def same_columns(self, other: Group) -> frozenset[str]:
        del other
        return self.same


@dataclass
class Several:
    groups: list[Made]
    schema: pa.Schema = SCHEMA

    def __iter__(self) -> Iterator[Group]:
        return iter(self.groups)


def run(old: list[Made], new: list[Made]) -> tuple[list[object], int]:
    parts = list(stream_parts(Several(old), Several(new), PLAN))
    keys = [row["id"] for part in parts for row in part.changed_old.to_pylist()]
    return keys, sum(part.old_rows.num_rows + part.new_rows.num_rows for part in parts)


def test_equal_groups_are_not_read_and_the_walk_is_in_step_again_after_an_edit() -> None:
    old = [Made(n * 10, 10, digest=str(n)) for n in range(4)]
    new = [
        Made(0, 10, digest="0"),
        Made(10, 4, shift=1, digest="first half"),
        Made(14, 5, digest="second half, a row less"),
        Made(20, 10, digest="2"),
        Made(30, 10, digest="3"),
    ]
    assert run(old, new) == ([10, 11, 12, 13], 1)
    assert [bool(group.asked) for group in old] == [False, True, False, False]
    assert [bool(group.asked) for group in new] == [False, True, True, False, False]


def test_columns_known_to_be_the_same_are_not_read() -> None:
    old, new = [Made(0, 9, same=frozenset({"y"}))], [Made(0, 9, shift=1)]
    assert run(old, new) == (list(range(9)), 0)
    assert (old[0].asked, new[0].asked) == (["id", "x"], ["id", "x"])


def test_what_is_known_of_columns_does_not_count_where_keys_differ() -> None:
    old, new = [Made(0, 9, same=frozenset({"x", "y"}))], [Made(1, 9, shift=1)]
    assert run(old, new) == (list(range(1, 9)), 2)


def test_a_group_that_overlaps_two_others_is_read_once() -> None:
    old, new = [Made(0, 100)], [Made(0, 30), Made(30, 30), Made(60, 40, shift=1)]
    assert run(old, new) == (list(range(60, 100)), 0)
    assert old[0].asked == ["id", "x", "y"]


def test_only_a_few_groups_are_held() -> None:
    rows, count = 20_000, 60

    @dataclass
    class Many:
        shift: int
        schema: pa.Schema = SCHEMA

        def __iter__(self) -> Iterator[Group]:
            return (Made(n * rows, rows, shift=self.shift) for n in range(count))

    plan = Plan(("id",), ("x",), ("id",), ("id",))
    start, most, found = pa.total_allocated_bytes(), 0, 0
    for part in stream_parts(Many(0), Many(0), plan):
        most = max(most, pa.total_allocated_bytes() - start)
        found += part.changed_old.num_rows
    assert found == 0
    assert most < 20 * rows * 8 * 3  # bytes of twenty of the hundred and twenty groups


@pytest.mark.parametrize("at", [0, 1])
def test_a_key_that_is_null_is_refused(at: int) -> None:
    whole = pa.table({"id": [1, 2, 3], "x": [1, 2, 3], "y": [1, 2, 3]})
    holed = whole.set_column(0, "id", pa.array([1, None, 3]))
    sides = [TableGroups(whole, [1, 2]), TableGroups(holed, [1, 2])]
    with pytest.raises(IntegrityError, match="id") as error:
        list(stream_parts(sides[at], sides[1 - at], PLAN))
    assert error.value.kind == "key-order"


def test_what_a_group_raises_comes_out() -> None:
    class Broken(Made):
        def read(self, columns: Sequence[str]) -> pa.Table:
            if "x" in columns:
                raise InvalidInputError("bad-column", "no such values")
            return super().read(columns)

    groups = [Made(0, 9), Broken(9, 9), Made(18, 9), Made(27, 9), Made(36, 9)]
    with pytest.raises(InvalidInputError, match="no such values"):
        run(groups, [Made(n * 9, 9, shift=1) for n in range(5)])


def schema_of(*columns: Column) -> TableSchema:
    return TableSchema("t", 1, (Column("id", "int64", Role.KEY, nullable=False), *columns))


def both_ways(
    old: pa.Table, new: pa.Table, old_schema: TableSchema, new_schema: TableSchema
) -> list[TableChanges]:
    """By groups that claim to be equal, and at once."""
    digests = ["the same"]
    groups = [TableGroups(table, [table.num_rows], digests) for table in (old, new)]
    told = {
        "old_schema": old_schema,
        "new_schema": new_schema,
        "old_coverage": COMPLETE,
        "new_coverage": COMPLETE,
    }
    return [
        diff_groups(groups[0], groups[1], **told),  # type: ignore[arg-type]  # schemas and coverages
        compare_upgraded(old, new, **told),  # type: ignore[arg-type]  # the same
    ]


def test_digests_do_not_count_where_columns_have_other_names_or_types() -> None:
    old, new = pa.table({"id": [1, 2], "x": [5, 6]}), pa.table({"id": [1, 2], "y": [5.0, 7.5]})
    found = both_ways(
        old,
        new,
        schema_of(Column("x", "int64", Role.FACT)),
        schema_of(Column("y", "float64", Role.FACT, was="x")),
    )
    for changes in found:
        assert changes.cells["y"].old.to_pylist() == [6.0]
        assert changes.cells["y"].new.to_pylist() == [7.5]
        assert [(a.name, b.name) for a, b in changes.schema_change.renamed] == [("x", "y")]
        assert [(a.type, b.type) for a, b in changes.schema_change.retyped] == [
            ("int64", "float64")
        ]
    assert found[0].schema_change == found[1].schema_change


def test_swapped_columns_with_one_digest_differ() -> None:
    x, y = Column("x", "int64", Role.FACT), Column("y", "int64", Role.FACT)
    old, new = pa.table({"id": [1], "x": [5], "y": [6]}), pa.table({"id": [1], "y": [5], "x": [6]})
    for changes in both_ways(old, new, schema_of(x, y), schema_of(y, x)):
        assert sorted(changes.cells) == ["x", "y"]
