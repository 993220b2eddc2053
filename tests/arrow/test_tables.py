"""What `conform` makes of any table."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import Side, pairs, table_layouts

from azds.arrow.tables import conform
from azds.arrow.types import to_arrow_schema
from azds.columns import Column, Role, TableSchema
from azds.errors import InvalidInputError

_SCHEMA = TableSchema(
    "t", 1, (Column("id", "string", Role.KEY), Column("n", "int32", Role.FACT, nullable=True))
)


@given(pairs(), st.data())
def test_order_and_layout_of_the_input_do_not_matter(
    sides: tuple[Side, Side], data: st.DataObject
) -> None:
    schema, table = sides[0].schema, sides[0].table
    order = data.draw(st.permutations(range(table.num_rows)))
    mixed = data.draw(table_layouts(table.take(pa.array(order, pa.int64()))))
    got = conform(mixed.select(data.draw(st.permutations(mixed.column_names))), schema)
    assert got.schema == to_arrow_schema(schema)
    assert repr(got.to_pylist()) == repr(table.to_pylist())
    assert all(column.num_chunks <= 1 for column in got.columns)
    got.validate(full=True)


@pytest.mark.parametrize(
    ("columns", "kind", "where"),
    [
        ({"id": ["a"]}, "bad-column", "t"),
        ({"id": ["a"], "n": ["many"]}, "bad-column", "t.n"),
        ({"id": ["a"], "n": [1 << 40]}, "bad-column", "t.n"),
        ({"id": ["a", None], "n": [1, 2]}, "key-null", "t.id"),
        ({"id": ["b", "a", "b"], "n": [1, 2, 3]}, "key-repeated", "t"),
    ],
    ids=["missing", "not a number", "too large", "null", "repeated"],
)
def test_a_table_that_does_not_fit_is_refused(
    columns: dict[str, list[object]], kind: str, where: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        conform(pa.table(columns), _SCHEMA)
    assert (caught.value.kind, caught.value.where) == (kind, where)


def test_a_fact_that_may_not_be_null_is_checked() -> None:
    schema = TableSchema(
        "t", 1, (Column("id", "string", Role.KEY), Column("n", "int32", Role.FACT))
    )
    with pytest.raises(InvalidInputError) as caught:
        conform(pa.table({"id": ["a"], "n": [None]}), schema)
    assert (caught.value.kind, caught.value.where) == ("bad-column", "t.n")


def test_columns_that_nobody_declared_are_left_out() -> None:
    assert conform(pa.table({"x": [1], "n": [1], "id": ["a"]}), _SCHEMA).column_names == ["id", "n"]


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="column names repeat"):
        conform(pa.table([["a"], [1], [2]], names=["id", "n", "n"]), _SCHEMA)
