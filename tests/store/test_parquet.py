"""Parquet in memory: every type comes back, groups stay, damage is told as such."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from azds.arrow.types import schema_from_arrow, type_from_words
from azds.columns import Column, Role, TableSchema
from azds.errors import IntegrityError, InvalidInputError
from azds.store import parquet
from azds.store.parquet import decode, encode

DAY = dt.date(1992, 4, 2)
NOON = dt.datetime(1992, 4, 2, 12, tzinfo=dt.UTC)

VALUES: dict[str, list[object]] = {
    "bool": [True, False],
    "int8": [-128, 127],
    "uint8": [0, 255],
    "int16": [-(2**15), 1],
    "uint16": [0, 2**16 - 1],
    "int32": [-(2**31), 1],
    "uint32": [0, 2**32 - 1],
    "int64": [-(2**63), 2**63 - 1],
    "uint64": [0, 2**64 - 1],
    "float32": [0.5, float("inf")],
    "float64": [1e300, float("-inf")],
    "string": ["", "Şəki"],
    "binary": [b"", b"\0\xff"],
    "date32": [DAY, dt.date(1, 1, 1)],
    "timestamp[s]": [dt.datetime(1992, 4, 2), dt.datetime(1900, 1, 1)],  # noqa: DTZ001 - naive is a type
    "timestamp[ms]": [dt.datetime(1992, 4, 2), dt.datetime(1900, 1, 1)],  # noqa: DTZ001 - naive is a type
    "timestamp[us, UTC]": [NOON, NOON],
    "timestamp[s, Europe/Berlin]": [NOON, NOON],
    "timestamp[ns, +04:00]": [NOON, NOON],
    "time[s]": [dt.time(1, 2, 3), dt.time(0)],
    "time[us]": [dt.time(1, 2, 3, 4), dt.time(0)],
    "duration[s]": [dt.timedelta(days=-1), dt.timedelta(0)],
    "duration[ns]": [dt.timedelta(days=1), dt.timedelta(0)],
    "decimal128(38, 9)": [Decimal("1.5"), Decimal("-0.000000001")],
    "list<string>": [[], ["a", ""]],
    "list<duration[s]>": [[dt.timedelta(1)], []],
    "list<list<int64>>": [[[], [1]], []],
    "struct<a: int64, b: list<time[s]>>": [{"a": 1, "b": [dt.time(1)]}, {"a": None, "b": None}],
    'struct<"a b": timestamp[s, UTC]>': [{"a b": NOON}, {"a b": None}],
}


@pytest.mark.parametrize("words", VALUES)
def test_values_of_every_type_come_back(words: str) -> None:
    schema = TableSchema(
        "t", 1, (Column("k", "int64", Role.KEY), Column("v", words, Role.FACT, nullable=True))
    )
    values = pa.array([*VALUES[words], None], type_from_words(words))
    table = pa.table({"k": pa.array([1, 2, 3]), "v": values})
    table = table.cast(pa.schema([pa.field("k", pa.int64(), nullable=False), table.field("v")]))
    assert decode(encode(table, [2, 1]), schema, rows=3, where="t").equals(table)


def test_rows_are_grouped_as_told_and_any_reader_opens_them() -> None:
    table = pa.table({"k": list(range(10))})
    file = pq.ParquetFile(pa.BufferReader(encode(table, [4, 0, 5, 1])))
    groups = [file.metadata.row_group(n).num_rows for n in range(file.metadata.num_row_groups)]
    assert groups == [4, 5, 1]
    assert file.read().equals(table)


def test_a_table_without_rows_comes_back() -> None:
    schema = TableSchema("t", 1, (Column("k", "string", Role.KEY),))
    table = pa.table({"k": pa.array([], pa.string())})
    assert decode(encode(table, []), schema, rows=0, where="t").num_rows == 0


def test_chunks_do_not_move_a_byte() -> None:
    names = pa.array([f"city {n}" for n in range(5000)])
    whole = pa.table({"k": names, "n": list(range(5000))})
    pieces = pa.concat_tables([whole.slice(n, 700) for n in range(0, 5000, 700)])
    assert encode(pieces, [3000, 2000]) == encode(whole, [3000, 2000])


@pytest.mark.parametrize("words", ["struct<>", "list<struct<>>", "decimal128(5, -2)"])
def test_a_type_that_parquet_lacks_is_refused(words: str) -> None:
    table = pa.table({"k": pa.array([None], type_from_words(words))})
    with pytest.raises(InvalidInputError) as caught:
        encode(table, [1])
    assert caught.value.kind == "type-unsupported"


@pytest.fixture
def table() -> pa.Table:
    return pa.table({"k": ["a", "b"], "n": [1, 2]})


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1"])
def test_bytes_that_are_no_parquet_are_told_as_damage(table: pa.Table, data: bytes) -> None:
    schema = schema_from_arrow(table.schema, name="t", key=("k",))
    with pytest.raises(IntegrityError) as caught:
        decode(data, schema, rows=2, where="2016/t.parquet")
    assert caught.value.kind == "parquet-unreadable"
    assert caught.value.where == "2016/t.parquet"


def test_every_cut_length_of_a_file_is_told_as_damage(table: pa.Table) -> None:
    schema = schema_from_arrow(table.schema, name="t", key=("k",))
    data = encode(table, [2])
    for length in range(len(data)):
        with pytest.raises(IntegrityError):
            decode(data[:length], schema, rows=2, where="t")


def test_what_declares_too_much_is_not_decoded(
    table: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = schema_from_arrow(table.schema, name="t", key=("k",))
    monkeypatch.setattr(parquet, "_MOST_BYTES", 10)
    with pytest.raises(IntegrityError, match="more than can be decoded"):
        decode(encode(table, [2]), schema, rows=2, where="t")


def test_another_table_than_the_manifest_says_is_told(table: pa.Table) -> None:
    schema = schema_from_arrow(table.schema, name="t", key=("k",))
    with pytest.raises(IntegrityError, match="number of rows") as rows:
        decode(encode(table, [2]), schema, rows=3, where="t")
    with pytest.raises(IntegrityError, match="columns") as columns:
        decode(encode(table.select(["k"]), [2]), schema, rows=2, where="t")
    other = table.set_column(1, "n", pa.array(["x", "y"]))
    with pytest.raises(IntegrityError) as types:
        decode(encode(other, [2]), schema, rows=2, where="t")
    assert rows.value.kind == columns.value.kind == "content-changed"
    assert types.value.kind == "parquet-unreadable"
