"""The diff of any two tables with a key."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from azds.coverage import Coverage
from azds.dataset import loose, parts
from azds.dataset.loose import diff
from azds.errors import InvalidInputError

OLD = pa.table({"id": [1, 2, 3], "x": [5, 6, 7], "s": ["a", "b", "c"]})
NEW = pa.table({"id": [2, 3, 4], "x": [6, 8, 9], "s": ["b", "c", "d"]})


def csv(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "values",
    [
        ["a/b", "~", ""],
        [1, -(2**63), 2**63 - 1],
        [dt.date(2024, 1, 1), dt.date(1, 1, 1), dt.date(9999, 12, 31)],
        [dt.datetime(2024, 1, n, tzinfo=dt.UTC) for n in (1, 2, 3)],
        [Decimal("1.50"), Decimal(0), Decimal("-2.25")],
        [b"", b"\xff", b"a"],
    ],
    ids=["string", "integer", "date", "timestamp", "decimal", "binary"],
)
def test_a_composite_key_of_every_type_identifies(values: list[object]) -> None:
    old = pa.table({"k": values, "flag": [True, False, True], "v": [1, 2, 3]})
    new = old.take([2, 1, 0]).set_column(2, "v", pa.array([3, 2, 9]))
    found = diff(old, new, key=["k", "flag"])
    assert (found.changes.equal, found.changes.changed) == (2, 1)
    assert found.changed[0]["key"] == {"k": values[0], "flag": True}


def test_a_csv_file_and_a_parquet_file_of_the_same_data_do_not_differ(tmp_path: Path) -> None:
    stamp = dt.datetime(2024, 6, 3, 10, 30)  # noqa: DTZ001 - without a zone
    table = pa.table(
        {
            "id": [1, 2],
            "zip": ["12345", "54321"],
            "day": [dt.date(2024, 6, 3), None],
            "at": pa.array([stamp, None], pa.timestamp("ns")),
            "price": pa.array([Decimal("1.50"), None], pa.decimal128(8, 2)),
            "small": pa.array([1, None], pa.int16()),
            "flag": [True, None],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    pc.write_csv(table, tmp_path / "a.csv")
    assert not diff(tmp_path / "a.parquet", tmp_path / "a.csv", key="id")
    assert not diff(tmp_path / "a.csv", tmp_path / "a.parquet", key="id")


def test_a_column_without_values_takes_the_type_of_the_other_side() -> None:
    found = diff(OLD.set_column(2, "s", pa.nulls(3)), OLD, key="id")
    assert found.summary()["columns"] == {"s": {"filled": 3}}
    assert not found.changes.schema_change


def test_columns_of_one_side_are_a_schema_change_and_the_rest_compares() -> None:
    found = diff(OLD.append_column("extra", pa.array([1, 2, 3])), NEW, key="id")
    assert [column.name for column in found.changes.schema_change.removed] == ["extra"]
    assert found.summary()["columns"] == {"x": {"replaced": 1}}


def test_a_wider_type_compares_and_is_told() -> None:
    old = OLD.set_column(1, "x", OLD["x"].cast(pa.int16()))
    found = diff(old, NEW, key="id")
    [(before, after)] = found.changes.schema_change.retyped
    assert (before.type, after.type) == ("int16", "int64")
    assert found.summary()["columns"] == {"x": {"replaced": 1}}


def test_time_stamps_with_and_without_a_zone_are_told_and_not_compared() -> None:
    old = pa.table({"id": [1], "t": pa.array([0], pa.timestamp("us"))})
    new = pa.table({"id": [1], "t": pa.array([0], pa.timestamp("us", "UTC"))})
    found = diff(old, new, key="id")
    assert found
    assert len(found.changes.schema_change.retyped) == 1
    with pytest.raises(InvalidInputError, match="two types"):
        diff(old, new, key="t")


def test_one_moment_in_two_zones_is_the_same() -> None:
    old = pa.table({"id": [1], "t": pa.array([0], pa.timestamp("us", "UTC"))})
    new = pa.table({"id": [1], "t": pa.array([0], pa.timestamp("ns", "Europe/Berlin"))})
    assert diff(old, new, key="id").changes.equal == 1


def test_columns_and_small_differences_are_left_out_where_that_is_asked() -> None:
    old = pa.table({"id": [1], "x": [1.0], "t": [1]})
    new = pa.table({"id": [1], "x": [1.0 + 1e-9], "t": [2]})
    assert diff(old, new, key="id", ignore="t").changes.changed == 1
    assert not diff(old, new, key="id", ignore=["t"], rtol=1e-6)


def test_what_a_partial_side_lacks_was_not_removed() -> None:
    part = Coverage("partial", covers={"s": ("a",)}, reason="one letter")
    found = diff(OLD, NEW.slice(0, 0), key="id", new_coverage=part)
    assert (len(found.removed), len(found.unstated)) == (1, 2)


def test_rows_without_a_key_are_refused_with_their_numbers_or_counted() -> None:
    broken = pa.table({"id": [2, None, None], "x": [6, 1, 2], "s": ["b", "", ""]})
    with pytest.raises(InvalidInputError, match=r"2 row\(s\).*row 2, 3") as caught:
        diff(OLD, broken, key="id")
    assert caught.value.kind == "key-null"
    found = diff(OLD, broken, key="id", null_keys=True)
    assert found.without_key == (0, 2)
    assert (found.changes.rows_new, found.changes.equal) == (1, 1)


def test_keys_in_several_rows_are_listed_with_the_numbers_of_their_rows(tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", "id,x\n7,1\n8,1\n7,1\n8,2\n9,1\n")
    with pytest.raises(InvalidInputError, match=r"7 \(rows 1, 3\), 8 \(rows 2, 4\)") as caught:
        diff(path, OLD.select(["id", "x"]), key="id")
    assert caught.value.kind == "key-repeated"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"key": "idd"}, "did you mean id"),
        ({"key": ()}, "got none"),
        ({"key": ["id", "id"]}, "each once"),
        ({"key": "id", "ignore": ["id"]}, "a key column is not ignored"),
        ({"key": "id", "ignore": ["z"]}, "no such column to ignore"),
        ({"key": "id", "rtol": -1.0}, "no relative tolerance"),
        ({"key": "id", "rtol": float("nan")}, "no relative tolerance"),
        (
            {"key": "id", "new_coverage": Coverage("partial", covers={"z": ("1",)}, reason="r")},
            "columns that are compared",
        ),
    ],
    ids=str,
)
def test_wrong_use_is_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        diff(OLD, NEW, **options)  # type: ignore[arg-type]  # each is right but for its value


def test_a_key_that_one_side_has_and_no_common_column_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="old has it"):
        diff(OLD, NEW.drop_columns(["id"]), key="id")
    with pytest.raises(InvalidInputError, match="no column in common"):
        diff(OLD, pa.table({"id": [1], "q": [1]}), key="id")
    with pytest.raises(InvalidInputError, match="never a float"):
        diff(pa.table({"id": [1.5]}), pa.table({"id": [1.5]}), key="id")
    with pytest.raises(InvalidInputError, match="expected int64, got string"):
        diff(OLD, NEW.set_column(0, "id", pa.array(["2", "3", "4"])), key="id")


def test_a_column_that_cannot_be_kept_is_named_and_can_be_ignored() -> None:
    maps = pa.array([[("a", 1)], None, None], pa.map_(pa.string(), pa.int64()))
    old = OLD.append_column("m", maps)
    with pytest.raises(InvalidInputError, match=r"old: m.*--ignore"):
        diff(old, NEW, key="id")
    assert diff(old, NEW, key="id", ignore="m").changes.changed == 1


def test_notes_tell_of_mixed_columns(tmp_path: Path) -> None:
    old = csv(tmp_path / "a.csv", "id,x\n1,5\n2,6\n")
    new = csv(tmp_path / "b.csv", "id,x\n1,5\n2,n/a\n")
    found = diff(old, new, key="id")
    assert "is compared as text: 'n/a' is no int64" in found.notes[0]
    assert json.loads(found.to_json())["summary"]["table"]["columns"] == {"x": {"replaced": 1}}


def test_large_tables_are_compared_in_parts_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 5000
    ids = np.arange(count)
    old = pa.table({"id": ids, "x": ids * 0.5, "s": [f"row {n % 7}" for n in ids]})
    new = old.slice(10).set_column(1, "x", pa.array(np.where(ids[10:] % 100, ids[10:] * 0.5, -1)))
    shuffled = new.take(np.random.default_rng(1).permutation(new.num_rows))
    whole = diff(old, new, key="id").to_json()
    monkeypatch.setattr(loose, "BUDGET", 10_000)
    monkeypatch.setattr(parts, "_PIECE", 20_000)
    pq.write_table(shuffled, tmp_path / "new.parquet")
    pc.write_csv(shuffled, tmp_path / "new.csv")
    for held in (shuffled, shuffled.to_reader(), tmp_path / "new.parquet", tmp_path / "new.csv"):
        assert diff(old, held, key="id").to_json() == whole
    twice = pa.concat_tables([shuffled, shuffled.slice(0, 1)])
    with pytest.raises(InvalidInputError, match=rf"\(rows 1, {count - 9}\)"):
        diff(old, twice, key="id")
    for error in ({"key": "s"}, {"key": "id", "rtol": 2.0}):
        with pytest.raises(InvalidInputError):
            diff(old, shuffled, **error)
