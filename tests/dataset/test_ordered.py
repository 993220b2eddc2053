"""Large Parquet files: read as they are where they are in key order, sorted where not."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from azds.dataset import loose, ordered
from azds.dataset.loose import diff
from azds.errors import InvalidInputError

ROWS = 5_000


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loose, "_LARGE", 0)
    monkeypatch.setattr(loose, "BUDGET", 10_000)


def rows(start: int = 0, *, shift: int = 0) -> pa.Table:
    at = np.arange(start, ROWS)
    return pa.table({"id": at, "x": (at + shift) % 7, "name": [f"n{n % 5}" for n in at]})


def summary(old: object, new: object) -> tuple[int, int, int]:
    found = diff(old, new, key="id").changes
    return found.changed, found.removed.num_rows, found.added.num_rows


def written(path: Path, table: pa.Table, size: int = 1_000) -> Path:
    pq.write_table(table, path, row_group_size=size)
    return path


@pytest.mark.parametrize("most", [0, 1 << 30], ids=["in batches", "in row groups"])
def test_files_in_order_are_not_divided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(ordered, "_MOST_GROUP", most)
    monkeypatch.setattr(ordered, "_BATCH", 4_000)
    monkeypatch.setattr(loose, "divide", None)
    old = written(tmp_path / "old.parquet", rows())
    new = written(tmp_path / "new.parquet", rows(10, shift=1), size=700)
    assert summary(old, new) == (ROWS - 10, 10, 0)
    assert summary(old, old) == (0, 0, 0)


def test_several_files_in_order_are_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loose, "divide", None)
    whole = rows()
    old = written(tmp_path / "old.parquet", whole)
    folder = tmp_path / "new"
    folder.mkdir()
    written(folder / "a.parquet", whole.slice(0, 2_000))
    written(folder / "b.parquet", whole.slice(2_000, 2_999))
    assert summary(old, folder) == (0, 1, 0)


@pytest.mark.parametrize("groups", [1, 5])
def test_files_out_of_order_are_sorted(tmp_path: Path, groups: int) -> None:
    mixed = rows(10, shift=1).take(np.random.default_rng(3).permutation(ROWS - 10))
    old = written(tmp_path / "old.parquet", rows())
    new = written(tmp_path / "new.parquet", mixed, size=-(-ROWS // groups))
    assert summary(old, new) == (ROWS - 10, 10, 0)


def test_a_last_row_out_of_order_is_found(tmp_path: Path) -> None:
    whole = rows()
    late = pa.concat_tables([whole.slice(1), whole.slice(0, 1)])
    old = written(tmp_path / "old.parquet", whole)
    assert summary(old, written(tmp_path / "new.parquet", late, size=ROWS)) == (0, 0, 0)


def test_repeated_keys_in_order_are_named_with_their_rows(tmp_path: Path) -> None:
    whole = rows()
    twice = pa.concat_tables([whole.slice(0, 1_000), whole.slice(999)])
    old, new = written(tmp_path / "old.parquet", whole), written(tmp_path / "new.parquet", twice)
    with pytest.raises(InvalidInputError, match=r"999 \(rows 1000, 1001\)"):
        diff(old, new, key="id")


def test_types_of_both_sides_meet_in_the_wider(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loose, "divide", None)
    whole = rows()
    narrow = whole.cast(whole.schema.set(1, pa.field("x", pa.int16())))
    old, new = written(tmp_path / "old.parquet", whole), written(tmp_path / "new.parquet", narrow)
    found = diff(old, new, key="id").changes
    assert found.changed == 0
    assert [(a.type, b.type) for a, b in found.schema_change.retyped] == [("int64", "int16")]


def test_a_damaged_file_is_told_of_by_its_name(tmp_path: Path) -> None:
    old = written(tmp_path / "old.parquet", rows())
    data = bytearray(old.read_bytes())
    data[100:2_000] = bytes(1_900)
    new = tmp_path / "new.parquet"
    new.write_bytes(data)
    with pytest.raises(InvalidInputError, match=r"new\.parquet"):
        diff(old, new, key="id")
