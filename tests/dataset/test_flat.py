"""Tables as spreadsheets and data frames want them."""

import datetime as dt

import pyarrow as pa
import pytest

from azds.columns import Column, Role, TableSchema
from azds.dataset.flat import flatten

SCHEMA = TableSchema(
    "t",
    1,
    (
        Column("id", "string", Role.KEY),
        Column("on", "string", Role.FACT, nullable=True, meaning="date"),
        Column("tags", "list<string>", Role.FACT, nullable=True),
        Column("sizes", "list<int64>", Role.FACT, nullable=True),
        Column("page", "int64", Role.PLACE),
    ),
)


def rows(**columns: list[object]) -> pa.Table:
    """A table with these values; the rest empty."""
    count = len(next(iter(columns.values())))
    plain: dict[str, list[object]] = {
        "id": [str(number) for number in range(count)],
        "on": [None] * count,
        "tags": [None] * count,
        "sizes": [None] * count,
        "page": [1] * count,
        **columns,
    }
    types = {"tags": pa.list_(pa.string()), "sizes": pa.list_(pa.int64()), "on": pa.string()}
    return pa.table({name: pa.array(v, types.get(name)) for name, v in plain.items()})


def test_place_columns_are_left_out_and_days_stand_beside_dates() -> None:
    flat = flatten(rows(on=["1992"]), SCHEMA)
    assert flat.column_names == ["id", "on", "on_earliest", "on_latest", "tags", "sizes"]


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("1992", dt.date(1992, 1, 1), dt.date(1992, 12, 31)),
        ("1992-06-05", dt.date(1992, 6, 5), dt.date(1992, 6, 5)),
        ("1918/1921", dt.date(1918, 1, 1), dt.date(1921, 12, 31)),
        ("../1991", None, dt.date(1991, 12, 31)),
        ("0001-01-01", dt.date(1, 1, 1), dt.date(1, 1, 1)),
        (None, None, None),
        ("late 1995", None, None),
    ],
    ids=str,
)
def test_a_date_has_its_first_and_last_day(
    date: str | None, first: dt.date | None, last: dt.date | None
) -> None:
    [row] = flatten(rows(on=[date]), SCHEMA).to_pylist()
    assert (row["on_earliest"], row["on_latest"]) == (first, last)


@pytest.mark.parametrize(
    ("tags", "joined"),
    [(["a", "b"], "a;b"), ([], ""), (["a;b", "c"], "a,b;c"), (None, None), (["x"], "x")],
    ids=str,
)
def test_a_list_is_one_cell_and_its_items_can_be_told_apart(
    tags: list[str] | None, joined: str | None
) -> None:
    [row] = flatten(rows(tags=[tags]), SCHEMA).to_pylist()
    assert row["tags"] == joined


def test_lists_of_numbers_are_joined_too_and_slices_keep_their_place() -> None:
    table = rows(sizes=[[9], [1, 2], None, []]).slice(1, 3)
    assert flatten(table, SCHEMA)["sizes"].to_pylist() == ["1;2", None, ""]


def test_no_rows_are_flat_already() -> None:
    assert flatten(rows(on=["1992"]).slice(0, 0), SCHEMA).num_rows == 0


def test_chunks_make_no_difference() -> None:
    whole = rows(on=["1992", None, "1992"], tags=[["a"], None, ["b", "c"]])
    parts = pa.concat_tables([whole.slice(0, 1), whole.slice(1)])
    assert flatten(parts, SCHEMA).to_pylist() == flatten(whole, SCHEMA).to_pylist()
