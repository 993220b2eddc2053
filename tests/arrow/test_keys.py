"""Canonical key strings, key order, and keys that repeat."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import Side, arrays, key_types, layouts, pairs, table_layouts

from azds.arrow.keys import check_keys, is_strictly_sorted, key_strings, sort_by_key, to_text
from azds.arrow.types import type_from_words
from azds.errors import InvalidInputError
from azds.ids import format_key, format_key_value, split_key


@given(pairs(), st.data())
def test_key_strings_are_those_of_format_key(sides: tuple[Side, Side], data: st.DataObject) -> None:
    key = sides[0].schema.key
    table = data.draw(table_layouts(sides[0].table.select(list(key))))
    expected = [format_key([row[name] for name in key]) for row in table.to_pylist()]
    assert key_strings(table, key).to_pylist() == expected
    assert all(len(split_key(text)) == len(key) for text in expected)


@given(key_types, st.data())
def test_text_is_that_of_format_key_value(words: str, data: st.DataObject) -> None:
    array = data.draw(arrays(type_from_words(words), 4))
    expected = [None if v is None else format_key_value(v) for v in array.to_pylist()]
    assert to_text(data.draw(layouts(array))).to_pylist() == expected


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
@pytest.mark.parametrize(
    "zone", [None, "UTC", "Etc/UTC", "+00:00", "+04:00", "-03:30", "Asia/Baku"]
)
def test_moments_are_written_as_python_writes_them(unit: str, zone: str | None) -> None:
    a_second = {"s": 1, "ms": 1_000, "us": 1_000_000}[unit]
    seconds = np.array([0, 1, -1, 1_600_000_000, 4_000_000_000, -62_135_500_000 * (zone is None)])
    counts = np.concatenate([seconds * a_second, seconds * a_second + a_second // 3])
    array = pa.array(counts, pa.int64()).cast(pa.timestamp(unit, zone))
    assert to_text(array).to_pylist() == [value.isoformat() for value in array.to_pylist()]


def test_nanoseconds_have_nine_digits_only_where_they_count() -> None:
    array = pa.array([0, 1_000, 1], pa.int64()).cast(pa.timestamp("ns", "UTC"))
    assert to_text(array).to_pylist() == [
        "1970-01-01T00:00:00+00:00",
        "1970-01-01T00:00:00.000001+00:00",
        "1970-01-01T00:00:00.000000001+00:00",
    ]


@given(pairs(), st.data())
def test_sorting_orders_by_code_point_and_value(
    sides: tuple[Side, Side], data: st.DataObject
) -> None:
    schema, table = sides[0].schema, sides[0].table
    order = data.draw(st.permutations(range(table.num_rows)))
    mixed = table.take(pa.array(order, pa.int64()))
    assert sort_by_key(mixed, schema.key).to_pylist() == table.to_pylist() or _has_nan(table)
    rows = [tuple(row[name] for name in schema.key) for row in mixed.to_pylist()]
    is_sorted = all(a < b for a, b in pairwise(rows))
    assert is_strictly_sorted(mixed, schema.key) == is_sorted


def _has_nan(table: pa.Table) -> bool:
    return any("float" in str(kind) for kind in table.schema.types)


def test_a_null_is_in_no_order() -> None:
    assert not is_strictly_sorted(pa.table({"k": [None, "a"]}), ("k",))
    assert is_strictly_sorted(pa.table({"k": pa.array([], pa.string())}), ("k",))


def test_repeated_keys_are_named() -> None:
    table = pa.table({"k": ["a", "a", "b", "b", "b", "c"], "n": [1, 1, 2, 2, 2, 3]})
    with pytest.raises(InvalidInputError, match=r"3 row\(s\) repeat .*got a/1, b/2$") as caught:
        check_keys(table, ("k", "n"), "t")
    assert caught.value.kind == "key-repeated"


def test_one_row_repeats_nothing() -> None:
    check_keys(pa.table({"k": ["a"]}), ("k",), "t")


def test_null_keys_are_counted() -> None:
    with pytest.raises(InvalidInputError, match=r"t\.k: 2 row\(s\) have no value") as caught:
        check_keys(pa.table({"k": ["a", None, None]}), ("k",), "t")
    assert caught.value.kind == "key-null"


def test_text_in_many_chunks_sorts_like_text_in_one() -> None:
    texts = [f"{n * 7919 % 1000:04d}" for n in range(1000)]
    chunks = pa.chunked_array([texts[:300], texts[300:]])
    table = sort_by_key(pa.table({"k": chunks, "n": chunks}), ("k",))
    assert table.column("k").to_pylist() == table.column("n").to_pylist() == sorted(texts)
