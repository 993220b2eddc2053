"""Stored patches come from anywhere: each way to be no patch is told, naming where."""

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.changes.test_patching import CITIES, changed, patch

from azds.changes.json_values import from_json, to_json
from azds.changes.patch_json import patch_from_document, patch_to_document
from azds.changes.patch_parquet import from_parquet, to_parquet
from azds.changes.patch_table import from_table, to_table
from azds.changes.patching import same_patch
from azds.errors import AzdsError, FormatError, InvalidInputError

NEW = pa.concat_tables(
    [
        changed(n=[1, None, 3]).slice(1),
        pa.table({"id": ["d"], "n": [4], "tags": [["z"]]}, CITIES.schema),
    ]
)
PATCH = patch(CITIES, NEW)
TABLE = to_table(PATCH)

Spoil = Callable[[dict[str, Any]], object]


def with_metadata(spoil: Spoil) -> pa.Table:
    document = json.loads(TABLE.schema.metadata[b"azds"])
    spoil(document)
    return TABLE.replace_schema_metadata({b"azds": json.dumps(document).encode()})


def with_rows(spoil: Callable[[list[dict[str, Any]]], object]) -> pa.Table:
    rows = TABLE.to_pylist()
    spoil(rows)
    return pa.Table.from_pylist(rows, TABLE.schema)


def test_the_stored_form_is_small_and_tells_null_from_nothing() -> None:
    assert [tuple(row.values()) for row in TABLE.to_pylist()] == [
        ({"id": "a"}, "removed", None, {"n": 1, "tags": ["x"]}, None),
        ({"id": "b"}, "changed", b"\1", {"n": 2, "tags": None}, {"n": None, "tags": None}),
        ({"id": "d"}, "added", None, None, {"n": 4, "tags": ["z"]}),
    ]
    only = to_table(patch(CITIES, changed(n=[1, 2, 4])))
    assert [field.name for field in only.schema.field("new").type] == ["n"]
    assert to_table(patch(CITIES, CITIES)).column_names == ["key", "change"]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda d: d.update(more=1), "unknown fields; got more"),
        (lambda d: d["old"].update(more=1), "old: unknown fields"),
        (lambda d: d["old"].update(digest="x"), "old.digest: this is no digest"),
        (lambda d: d["old"].update(rows=-1), "old.rows: .*a whole number"),
        (lambda d: d["old"].update(rows=True), "old.rows: .*a whole number"),
        (lambda d: d["new"].update(rows=7), "numbers of rows do not fit; expected 7"),
        (lambda d: d.pop("new"), "patch: new: .*an object"),
        (lambda d: d["old"]["coverage"].update(level="some"), "coverage.level: unknown level"),
        (lambda d: d["old"]["schema"]["columns"][0].update(type="map"), "old"),
        (lambda d: d["old"]["schema"]["columns"][0].update(role="boss"), r"columns\[0\]: a role"),
        (lambda d: d["old"]["schema"].update(columns=[]), "columns: .*a list"),
        (lambda d: d.update(columns=["n", "nope"]), "columns that neither end has"),
        (lambda d: d.update(columns=["n", "n"]), "columns that neither end has"),
        (lambda d: d.update(columns=["id"]), "columns that neither end has"),
        (lambda d: d.update(columns=["tags"]), "cities b old.n: .*a cell that did not change"),
    ],
    ids=[
        "unknown field",
        "unknown field of an end",
        "digest",
        "negative rows",
        "rows true",
        "other rows",
        "no end",
        "level",
        "type",
        "role",
        "no columns",
        "unknown column",
        "column twice",
        "key column",
        "other column",
    ],
)
def test_metadata_that_are_wrong_are_told_by_field(spoil: Spoil, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        from_table(with_metadata(spoil))


def test_another_format_is_told_as_such() -> None:
    with pytest.raises(FormatError, match="expected azds-patch-1, got 'azds-patch-2'"):
        from_table(with_metadata(lambda d: d.update(format="azds-patch-2")))


@pytest.mark.parametrize("data", [b"", b"[1]", b"{", b"\xff", b"[" * 100_000], ids=repr)
def test_metadata_that_are_no_document_are_told(data: bytes) -> None:
    with pytest.raises(AzdsError):
        from_table(TABLE.replace_schema_metadata({b"azds": data}))
    with pytest.raises(InvalidInputError, match="no patch"):
        from_table(TABLE.replace_schema_metadata(None))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda r: r.reverse(), "keys are null, repeat or are out of order"),
        (lambda r: r.append(r[-1]), "keys are null, repeat or are out of order"),
        (lambda r: r[0].update(key=None), "keys are null, repeat or are out of order"),
        (lambda r: r[0].update(change="gone"), "cities a change: no such change; .*got 'gone'"),
        (lambda r: r[0].update(change=None), "cities a change: no such change"),
        (lambda r: r[1].update(mask=None), "cities b mask: a mask is for changed rows"),
        (lambda r: r[0].update(mask=b"\1"), "cities a mask: a mask is for changed rows"),
        (lambda r: r[1].update(mask=b"\1\0"), "cities b mask: a mask of another length"),
        (lambda r: r[1].update(mask=b"\0"), "cities b mask: a mask names no column"),
        (lambda r: r[1].update(mask=b"\3"), "cities b mask: a mask names no column, or one"),
        (lambda r: r[1]["new"].update(n=2), "cities b n: a cell changed to what it was"),
        (lambda r: r[1]["new"].update(tags=["q"]), "cities b new.tags: a value for a cell"),
        (lambda r: r[0].update(new={"n": 1, "tags": None}), "cities a new.n: a value for a side"),
    ],
    ids=[
        "order",
        "twice",
        "no key",
        "unknown change",
        "no change",
        "no mask",
        "mask of a removed row",
        "long mask",
        "empty mask",
        "mask beyond",
        "same value",
        "hidden cell",
        "other side",
    ],
)
def test_rows_that_are_wrong_are_told_by_key_and_column(
    spoil: Callable[[list[dict[str, Any]]], object], told: str
) -> None:
    with pytest.raises(InvalidInputError, match=told):
        from_table(with_rows(spoil))


@pytest.mark.parametrize(
    "table",
    [
        TABLE.append_column("more", pa.array([1, 2, 3])),
        TABLE.drop_columns(["key"]),
        TABLE.drop_columns(["change"]),
        TABLE.drop_columns(["mask"]),
        TABLE.set_column(0, "key", pa.array(["a", "b", "d"])),
        TABLE.set_column(2, "mask", pa.array([1, 2, 3])),
        TABLE.set_column(1, "change", pa.array([1, 2, 3])),
        TABLE.set_column(1, "change", pa.array([{}, {}, {}], pa.map_(pa.string(), pa.string()))),
        TABLE.set_column(3, "old", pa.array([{"n": "x"}, {"n": "y"}, None])),
        TABLE.set_column(3, "old", pa.array([{"nope": 1}, {"nope": 2}, None])),
        TABLE.slice(1),
    ],
    ids=[
        *("more", "no key", "no change", "no mask", "flat key", "mask type"),
        *("change type", "map", "old type", "old column", "rows"),
    ],
)
def test_columns_that_are_wrong_are_told(table: pa.Table) -> None:
    with pytest.raises(InvalidInputError, match="patch"):
        from_table(table.replace_schema_metadata(TABLE.schema.metadata))


def test_parquet_is_checked_before_it_is_decoded() -> None:
    data = to_parquet(PATCH)
    assert same_patch(from_parquet(data), PATCH)
    assert to_parquet(PATCH) == data
    for spoiled in (b"", b"PAR1", data[:-20], data[:40] + b"\0" * 40 + data[80:]):
        with pytest.raises(InvalidInputError):
            from_parquet(spoiled)
    sink = pa.BufferOutputStream()
    table = pa.concat_tables([TABLE] * 100)
    with pq.ParquetWriter(sink, table.schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata(TABLE.schema.metadata)
    with pytest.raises(InvalidInputError, match="more than a patch between these ends can hold"):
        from_parquet(bytes(sink.getvalue()))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda d: d["removed"][0].pop("n"), "cities a: a row with other columns"),
        (lambda d: d["removed"][0].update(m=1), "cities a: a row with other columns"),
        (lambda d: d["removed"][0].update(n="1"), "cities n: a value does not fit its type"),
        (lambda d: d["removed"][0].update(n=1 << 70), "cities n: a value does not fit its type"),
        (lambda d: d["added"][0].update(tags="z"), "cities tags: a value does not fit its type"),
        (lambda d: d["changed"][0].update(cells={}), "cities b: a changed row without"),
        (
            lambda d: d["changed"][0]["cells"].update(id={"old": 1}),
            "cities b id: a cell of a column",
        ),
        (lambda d: d["changed"][0]["cells"]["n"].pop("new"), "cities n: .*without its new value"),
        (lambda d: d["changed"].append(d["changed"][0]), "keys are null, repeat"),
        (lambda d: d["added"].append(d["added"][0]), "keys are null, repeat"),
    ],
    ids=[
        "missing column",
        "more column",
        "text for a number",
        "too large",
        "text for a list",
        "no cells",
        "cell of a key",
        "no new value",
        "changed twice",
        "added twice",
    ],
)
def test_documents_that_are_wrong_are_told(spoil: Spoil, told: str) -> None:
    document = json.loads(json.dumps(patch_to_document(PATCH)))
    spoil(document)
    with pytest.raises(InvalidInputError, match=told):
        patch_from_document(document)


def test_rows_of_a_document_may_stand_in_any_order() -> None:
    new = changed(n=[7, 8, 9], tags=[["y"], [], None])
    document = json.loads(json.dumps(patch_to_document(patch(CITIES, new))))
    document["changed"].reverse()
    assert same_patch(patch_from_document(document), patch(CITIES, new))


@pytest.mark.parametrize(
    ("kind", "counts", "texts"),
    [
        (pa.date32(), [0, -719_162, 3_000_000], ["1970-01-01", "0001-01-01", 3_000_000]),
        (pa.timestamp("ns"), [1], ["1970-01-01T00:00:00.000000001"]),
        (pa.timestamp("ms"), [-1], ["1969-12-31T23:59:59.999"]),
        (pa.timestamp("s", "Asia/Baku"), [0, 1 << 60], ["1970-01-01T00:00:00Z", 1 << 60]),
        (pa.time64("us"), [1, 86_400_000_000], ["00:00:00.000001", 86_400_000_000]),
        (pa.duration("ms"), [-5], [-5]),
    ],
    ids=str,
)
def test_moments_are_written_for_people_and_read_back(
    kind: pa.DataType, counts: list[int], texts: list[object]
) -> None:
    width = pa.int32() if kind.bit_width == 32 else pa.int64()
    array = pa.array(counts, width).cast(kind)
    assert to_json(array) == texts
    assert from_json(texts, kind, "here").equals(array)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (pa.int8(), 200),
        (pa.int64(), 1.5),
        (pa.int64(), True),
        (pa.bool_(), 1),
        (pa.float64(), "many"),
        (pa.binary(), "not base64!"),
        (pa.decimal128(5, 2), "1e9"),
        (pa.decimal128(5, 2), "NaN"),
        (pa.date32(), "2024-02-30"),
        (pa.timestamp("s"), "2024-01-01T00:00:00.5"),
        (pa.timestamp("s"), "2024-01-01T00:00:00Z"),
        (pa.time32("s"), "25:00:00"),
        (pa.duration("s"), "1"),
        (pa.string(), 5),
        (pa.list_(pa.int64()), {"a": 1}),
        (pa.struct([("a", pa.int64())]), {"b": 1}),
    ],
    ids=str,
)
def test_a_value_that_does_not_fit_is_told(kind: pa.DataType, value: object) -> None:
    with pytest.raises(InvalidInputError, match="here"):
        from_json([value], kind, "here")
