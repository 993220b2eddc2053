"""Small tables told by the rows of another."""

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from azds.arrow.equality import equal
from azds.arrow.types import to_arrow_schema
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.errors import IntegrityError
from azds.store.manifest import FileEntry, GroupEntry, TableEntry
from azds.store.numbered import decode_numbered, encode_numbered

SCHEMA = TableSchema(
    "evidence",
    1,
    (
        Column("key", "string", Role.KEY),
        Column("start", "int64", Role.KEY),
        Column("end", "int32", Role.PLACE),
        Column("of", "int64", Role.FACT, nullable=True),
        Column("marks", "list<int64>", Role.PLACE),
        Column("words", "string", Role.FACT, nullable=True),
    ),
)
_ROWS = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.integers(-9, 9) | st.just(2**62)),
    st.tuples(
        st.integers(-(2**31), 2**31 - 1),
        st.none() | st.integers(0, 2),
        st.lists(st.integers(0, 3), max_size=3),
        st.none() | st.sampled_from("xy"),
    ),
    max_size=9,
)
Rows = dict[tuple[str, int], tuple[int, int | None, list[int], str | None]]


def table(rows: Rows) -> pa.Table:
    columns = list(zip(*[(*key, *rows[key]) for key in sorted(rows)], strict=True)) or [()] * 6
    fields = to_arrow_schema(SCHEMA)
    arrays = [pa.array(c, f.type) for c, f in zip(columns, fields, strict=True)]
    return pa.Table.from_arrays(arrays, schema=fields)


def entry(digest: str, rows: int) -> TableEntry:
    file = FileEntry("a/evidence.parquet", "sha256:" + "0" * 64, 1)
    groups = (GroupEntry(rows, digest),)
    return TableEntry(SCHEMA, rows, digest, groups, Coverage("complete"), (file,))


def told(other: pa.Table, new: pa.Table) -> tuple[bytes, tuple[TableEntry, TableEntry]]:
    data = encode_numbered(other, new, SCHEMA, ("old", "new"))
    assert data is not None
    return data, (entry("old", other.num_rows), entry("new", new.num_rows))


def same(a: pa.Table, b: pa.Table) -> bool:
    return a.schema == b.schema and all(
        equal(a.column(name), b.column(name)).false_count == 0 for name in SCHEMA.names
    )


@given(_ROWS, _ROWS.filter(bool))
def test_a_table_is_what_is_told_by_another(old: Rows, new: Rows) -> None:
    data, ends = told(table(old), table(new))
    assert same(decode_numbered(data, table(old), ends, where="t"), table(new))


def test_where_only_places_moved_the_words_are_not_written_again() -> None:
    old: Rows = {(f"{n:04}", 0): (n, None, [n], f"word {n}") for n in range(500)}
    new: Rows = {(key, 7): (end + 7, of, [m + 1 for m in marks], words)
        for (key, _), (end, of, marks, words) in old.items()}  # fmt: skip
    data, _ = told(table(old), table(new))
    assert b"word" not in data
    assert len(data) < 1500


def test_what_stands_on_another_table_is_refused() -> None:
    old: Rows = {("a", 1): (2, None, [], None), ("b", 1): (2, None, [4], None)}
    data, ends = told(table(old), table({**old, ("c", 5): (6, 1, [1], "x")}))
    with pytest.raises(IntegrityError) as caught:
        decode_numbered(data, table(old), (entry("other", 2), ends[1]), where="t")
    assert caught.value.kind == "patch-ends"
    fewer: Rows = {("a", 1): (2, None, [], None)}
    shorter: Rows = {**fewer, ("b", 1): (2, None, [], None)}
    for other in (fewer, shorter):  # whose digest is forged
        with pytest.raises(IntegrityError) as caught:
            decode_numbered(data, table(other), ends, where="t")
        assert caught.value.kind == "content-changed"
    with pytest.raises(IntegrityError) as caught:
        decode_numbered(data, table(old), (ends[0], replace(ends[1], rows=9)), where="t")
    assert caught.value.kind == "content-changed"
    with pytest.raises(IntegrityError) as caught:
        decode_numbered(b"PAR1", table(old), ends, where="t")
    assert caught.value.kind == "parquet-unreadable"


def test_lists_of_numbers_with_nulls_are_not_told_so() -> None:
    rows: Rows = {("a", 1): (2, None, [4], None)}
    nulls = table(rows).set_column(4, "marks", pa.array([[None]], pa.list_(pa.int64())))
    assert encode_numbered(table(rows), nulls, SCHEMA, ("old", "new")) is None
