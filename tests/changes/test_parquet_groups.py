"""Parquet files as groups: what is read, and what is known without decoding."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from azds.arrow.types import schema_from_arrow, to_arrow_schema
from azds.changes import TableChanges
from azds.changes.groups import Group
from azds.changes.parquet_groups import ParquetGroups, coded_columns
from azds.changes.streamed import diff_groups
from azds.coverage import Coverage
from azds.errors import InvalidInputError

ROWS = 4_000
WORDS = pa.array([f"word {n}" for n in range(9)])
COMPLETE = Coverage("complete")


def table() -> pa.Table:
    """Rows with text of few words and of many, lists with nulls, floats with NaN, a struct."""
    drawn = np.random.default_rng(7)
    ends = np.sort(drawn.integers(0, ROWS, ROWS + 1)).astype(np.int32)
    ends[0], ends[-1] = 0, ROWS
    lists = pa.ListArray.from_arrays(ends, WORDS.take(pa.array(drawn.integers(0, 9, ROWS))))
    few = pa.array(drawn.integers(0, 9, ROWS), mask=drawn.random(ROWS) < 0.1)
    return pa.table(
        {
            "id": pa.array(np.arange(ROWS) * 2),
            "few": WORDS.take(few),
            "many": pa.array([f"row {n} of all" for n in range(ROWS)]),
            "lists": pa.array(
                [None if n % 50 == 0 else one for n, one in enumerate(lists.to_pylist())],
                pa.list_(pa.string()),
            ),
            "x": pa.array(np.where(drawn.random(ROWS) < 0.1, np.nan, drawn.random(ROWS))),
            "place": pa.array([{"lat": n / 3} if n % 9 else None for n in range(ROWS)]),
        }
    )


def stored(rows: pa.Table, size: int = 1_000, **options: object) -> pa.NativeFile:
    sink = io.BytesIO()
    pq.write_table(rows, sink, row_group_size=size, **options)
    return pa.BufferReader(sink.getvalue())


def declared(rows: pa.Table) -> pa.Schema:
    return to_arrow_schema(schema_from_arrow(rows.schema, name="t", key=("id",)))


def compared(old: pa.NativeFile, new: pa.NativeFile, rows: pa.Table) -> TableChanges:
    schema = schema_from_arrow(rows.schema, name="t", key=("id",))
    return diff_groups(
        ParquetGroups.of(old, declared(rows)),
        ParquetGroups.of(new, declared(rows)),
        old_schema=schema,
        new_schema=schema,
        old_coverage=COMPLETE,
        new_coverage=COMPLETE,
    )


def edited(rows: pa.Table, at: int, column: str, value: object) -> pa.Table:
    values = rows[column].to_pylist()
    values[at] = value
    number = rows.column_names.index(column)
    return rows.set_column(number, column, pa.array(values, rows.schema.field(column).type))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("few", "word 10"),
        ("few", None),
        ("many", ""),
        ("lists", None),
        ("lists", []),
        ("lists", ["word 3", "another", None]),
        ("x", None),
        ("place", None),
        ("place", {"lat": None}),
    ],
)
@pytest.mark.parametrize("has_come", [False, True], ids=["no row came", "a row came"])
def test_one_cell_that_differs_is_found(column: str, value: object, *, has_come: bool) -> None:
    rows = table()
    at = next(n for n in range(1500, ROWS) if rows[column][n].as_py() not in (value, None))
    new = edited(rows, at, column, value)
    if has_come:
        new = pa.concat_tables([new.slice(0, 7), new.slice(8)])
    changes = compared(stored(rows), stored(new), rows)
    assert changes.keys.to_pylist() == [{"id": 2 * at}]
    assert {n: (c.old.to_pylist(), c.new.to_pylist()) for n, c in changes.cells.items()} == {
        column: ([rows[column][at].as_py()], [value])
    }
    assert changes.removed.to_pylist() == ([rows.slice(7, 1).to_pylist()[0]] if has_come else [])


def test_a_table_does_not_differ_from_itself_however_it_is_written() -> None:
    rows = table()
    new = stored(rows, 700, use_dictionary=False, compression="none")
    changes = compared(stored(rows), new, rows)
    assert not changes
    assert changes.equal == ROWS


def test_text_of_few_words_is_read_as_codes_and_given_as_text() -> None:
    rows = table()
    file = stored(rows)
    paths = coded_columns(pq.read_metadata(file), declared(rows))
    assert [path.partition(".")[0] for path in paths] == ["few", "lists"]
    groups = ParquetGroups.of(file, declared(rows))
    read = next(iter(groups)).read(["few", "lists"])
    assert pa.types.is_dictionary(read.schema.field("few").type)
    assert read.to_pylist() == rows.slice(0, 1_000).select(["few", "lists"]).to_pylist()


def groups_of(rows: pa.Table, **options: object) -> list[Group]:
    return list(ParquetGroups.of(stored(rows, **options), declared(rows)))  # type: ignore[arg-type]  # options of the writer


def test_columns_with_the_same_bytes_are_known_without_decoding() -> None:
    rows = table()
    old, new = groups_of(rows), groups_of(edited(rows, 1_500, "x", 9.0))
    everything = frozenset(rows.column_names)
    assert [a.same_columns(b) for a, b in zip(old, new, strict=True)] == [
        everything,
        everything - {"x"},
        everything,
        everything,
    ]


def test_bytes_that_are_read_in_another_way_are_not_the_same() -> None:
    rows = table()
    plain, packed = groups_of(rows, compression="none"), groups_of(rows, compression="snappy")
    assert plain[0].same_columns(packed[0]) == frozenset()
    whole = groups_of(
        rows.cast(rows.schema.set(4, pa.field("x", pa.float32()))), compression="none"
    )
    assert "x" not in plain[0].same_columns(whole[0])


def test_digests_are_those_of_the_groups() -> None:
    rows = table()
    groups = ParquetGroups.of(stored(rows), declared(rows), ["a", "b", "c", "d"])
    assert [(group.rows, group.digest) for group in groups] == [(1_000, d) for d in "abcd"]


def test_values_that_do_not_fit_the_declared_type_are_refused() -> None:
    rows = table()
    wrong = pa.schema([("id", pa.int64()), ("many", pa.int64())])
    group = next(iter(ParquetGroups.of(stored(rows), wrong)))
    with pytest.raises(InvalidInputError, match="many: values do not fit their type"):
        group.read(["many"])
