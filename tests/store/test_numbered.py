"""Small tables told by the rows of another."""

import json
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from azds.arrow.equality import equal
from azds.arrow.types import to_arrow_schema
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.errors import FormatError, IntegrityError
from azds.store.manifest import FileEntry, GroupEntry, TableEntry
from azds.store.numbered import decode_numbered, encode_numbered
from azds.store.parquet import encode

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


OLD: Rows = {("a", 1): (2, None, [], None), ("b", 1): (2, None, [4], "x")}
SAID: dict[str, object] = {"format": 0, "on": "old", "makes": "new"}
TOLD = {
    "key": pa.array([None, "b"]),
    "start": pa.array([0, 0]),
    "end": pa.array([0, 0]),
    "of": pa.array([0, 0]),
    "marks": pa.array([[], [1]], pa.list_(pa.int64())),
    "words": pa.array(["a", "b"]),
}


def decoded(columns: dict[str, pa.Array], said: object = SAID) -> pa.Table:
    fields = {b"azds.numbered": said if isinstance(said, bytes) else json.dumps(said).encode()}
    data = encode(pa.table(columns), [2], fields, small=True)
    return decode_numbered(data, table(OLD), (entry("old", 2), entry("new", 2)), where="t")


def test_what_is_told_as_azds_tells_it_is_read() -> None:
    both = pa.array([0, 0])
    assert same(decoded({"azds.row": both}), table(OLD))
    swapped = decoded({"azds.row": pa.array([1, -2])})
    assert swapped.column("key").to_pylist() == ["b", "a"]
    told = decoded({**TOLD, "azds.row": pa.array([0, None]), "key": pa.array([None, "c"])})
    assert told.column("key").to_pylist() == ["a", "c"]


@pytest.mark.parametrize(
    "columns",
    [
        {"azds.row": pa.array([0, -1])},  # one row twice
        {"azds.row": pa.array([0, 5])},
        {"azds.row": pa.array([-(2**63), 0])},
        {"azds.row": pa.array([0, 2**63 - 1])},
        {"azds.row": pa.array([0, 0], pa.uint8())},
        {"azds.row": pa.array([0.0, 0.0])},
        {"azds.row": pa.array([True, False])},
        {"azds.row": pa.array(["a", "b"])},
        {"azds.row": pa.array([[0], [1]])},
        {"azds.row": pa.array([0, None])},  # a row that is not told
        {**TOLD, "azds.row": pa.array([0, None]), "key": pa.array([None, None], pa.string())},
        {"other": pa.array([0, 0])},
        {"start": pa.array([True, False])},
        {"start": pa.array([1.5, 2.5])},
        {"start": pa.array([None, 1])},
        {"start": pa.array(["a", "b"])},
        {"start": pa.array([[1], [2]])},
        {"start": pa.array([2**63 - 1, 0])},  # which moves `end` out of its type
        {"end": pa.array([2**40, 0])},
        {"marks": pa.array([0, 1])},
        {"marks": pa.array([[], [None]], pa.list_(pa.int64()))},
        {"marks": pa.array([[], None], pa.list_(pa.int64()))},
        {"marks": pa.array([[1], [1]])},
        {"marks": pa.array([[], ["x"]])},
        {"marks": pa.array([[], [[1]]])},
    ],
)
def test_hostile_numbers_of_rows_and_values_are_refused(columns: dict[str, pa.Array]) -> None:
    with pytest.raises(IntegrityError):
        decoded({"azds.row": pa.array([0, 0])} | columns)


@pytest.mark.parametrize("said", [b"", b"5", b"[]", b"{", b"[" * 99999, {}, {"format": 0}])
def test_hostile_words_of_the_footer_are_refused(said: object) -> None:
    with pytest.raises(IntegrityError) as caught:
        decoded({"azds.row": pa.array([0, 0])}, said)
    assert caught.value.kind == "parquet-unreadable"


def test_a_later_format_is_refused() -> None:
    with pytest.raises(FormatError, match="newer azds"):
        decoded({"azds.row": pa.array([0, 0])}, SAID | {"format": 1})
