"""Comparisons across a change of schema."""

import pyarrow as pa

from azds.arrow.tables import conform
from azds.changes import TableChanges
from azds.changes.upgraded import compare_upgraded
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage

ID = Column("id", "int64", Role.KEY)
COMPLETE = Coverage("complete")


def changes(old: Column, new: Column, values: tuple[object, object]) -> TableChanges:
    """What changed where one column became another, in two rows of which the first is the same."""
    sides = []
    for column, second in zip((old, new), values, strict=True):
        schema = TableSchema("t", 1, (ID, column))
        rows = pa.table({"id": [1, 2], column.name: [7, second]})
        sides.append((conform(rows, schema), schema))
    return compare_upgraded(
        sides[0][0],
        sides[1][0],
        old_schema=sides[0][1],
        new_schema=sides[1][1],
        old_coverage=COMPLETE,
        new_coverage=COMPLETE,
    )


def test_a_renamed_column_compares_under_its_new_name() -> None:
    new = Column("fresh", "int64", Role.FACT, was="old")
    found = changes(Column("old", "int64", Role.FACT), new, (8, 9))
    assert [(a.name, b.name) for a, b in found.schema_change.renamed] == [("old", "fresh")]
    assert (found.schema_change.added, found.schema_change.removed) == ((), ())
    assert len(found.cells["fresh"]) == 1


def test_a_retyped_column_compares_in_the_wider_type_and_is_told_once() -> None:
    found = changes(Column("x", "int32", Role.FACT), Column("x", "float64", Role.FACT), (8, 8.5))
    assert [(a.type, b.type) for a, b in found.schema_change.retyped] == [("int32", "float64")]
    assert found.cells["x"].new.to_pylist() == [8.5]


def test_a_column_that_may_be_null_now_is_told() -> None:
    new = Column("x", "int64", Role.FACT, nullable=True)
    found = changes(Column("x", "int64", Role.FACT), new, (8, None))
    assert [(a.nullable, b.nullable) for a, b in found.schema_change.nullable] == [(False, True)]
    assert found.cells["x"].kinds.to_pylist() == ["emptied"]


def test_the_same_schema_is_no_schema_change() -> None:
    column = Column("x", "int64", Role.FACT, was="y")
    assert not changes(column, column, (8, 8))
