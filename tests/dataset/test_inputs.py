"""Files, folders, globs and objects as inputs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from azds.dataset import inputs
from azds.dataset.inputs import open_input
from azds.errors import AzdsError, InvalidInputError, NotFoundError

ROWS = [{"id": 1, "x": "a"}, {"id": 2, "x": None}]
TABLE = pa.Table.from_pylist(ROWS)


def put(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    "given",
    [
        TABLE,
        TABLE.to_batches()[0],
        pd.DataFrame({"id": [1, 2], "x": ["a", None]}),
        pl.DataFrame(ROWS),
        ROWS,
        [{"id": 1, "x": "a"}, {"id": 2}],
    ],
    ids=["arrow", "batch", "pandas", "polars", "rows", "ragged rows"],
)
def test_any_table_is_read(given: object) -> None:
    found = open_input(given).read()
    assert found.column_names == ["id", "x"]
    assert found.to_pylist() == ROWS


@pytest.mark.parametrize("kind", ["reader", "batches"])
def test_a_stream_is_read_once_batch_by_batch(kind: str) -> None:
    pulled = []

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in TABLE.to_batches(max_chunksize=1):
            pulled.append(batch)
            yield batch

    stream = pa.RecordBatchReader.from_batches(TABLE.schema, batches())
    found = open_input(stream if kind == "reader" else batches())
    assert len(pulled) < TABLE.num_rows
    assert found.is_once
    assert found.read().to_pylist() == ROWS
    with pytest.raises(InvalidInputError, match="read once"):
        found.read()


def test_an_index_that_nobody_named_is_no_column() -> None:
    frame = pd.DataFrame({"id": [1, 2, 3]})
    assert open_input(frame[frame["id"] > 1]).schema.names == ["id"]


def test_a_name_that_only_a_later_row_has_is_a_column() -> None:
    assert open_input([{"id": 1}, {"id": 2, "late": 5}]).read().to_pylist()[1]["late"] == 5


def test_files_of_all_kinds_hold_the_same(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "a.parquet")
    paths = [
        put(tmp_path / "a.csv", "id,x\n1,a\n2,\n"),
        put(tmp_path / "a.tsv", "id\tx\n1\ta\n2\t\n"),
        put(tmp_path / "bom.csv", b"\xef\xbb\xbfid,x\n1,a\n2,\n"),
        put(tmp_path / "a.jsonl", "\n".join(json.dumps(row) for row in ROWS)),
        tmp_path / "a.parquet",
    ]
    for path in paths:
        rows = open_input(path).read().to_pylist()
        assert [(int(row["id"]), row["x"]) for row in rows] == [(1, "a"), (2, None)]


def test_only_the_columns_asked_for_are_read(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "a.parquet")
    for path in (tmp_path / "a.parquet", put(tmp_path / "a.csv", "id,x\n1,a\n")):
        assert [b.schema.names for b in open_input(path).batches(["x"])] == [["x"]]


def test_what_looks_like_a_time_in_json_lines_is_text(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", '{"id": 1, "d": "2024-06-03"}\n')
    found = open_input(path)
    assert found.text == {"d"}
    assert found.read().to_pylist() == [{"id": 1, "d": "2024-06-03"}]


def test_a_folder_and_a_glob_are_one_table_and_what_is_not_read_is_told(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.csv", "id,x\n1,a\n")
    put(tmp_path / "in" / "b.csv", "x,id\nb,2\n")
    put(tmp_path / "in" / "notes.md", "")
    folder = open_input(tmp_path / "in")
    assert folder.read().to_pylist() == [{"id": "1", "x": "a"}, {"id": "2", "x": "b"}]
    assert folder.notes == (f"{tmp_path / 'in'}: not read: notes.md",)
    assert open_input(str(tmp_path / "in" / "*.csv")).read().num_rows == 2


def test_a_cell_larger_than_a_block_is_read_and_no_row_comes_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "_CSV_BLOCK", 1024)
    rows = [(str(n), "z" * (50_000 if n == 500 else 5)) for n in range(1000)]
    path = put(tmp_path / "a.csv", "id,x\n" + "".join(f"{n},{x}\n" for n, x in rows))
    found = open_input(path).read()
    assert [(row["id"], row["x"]) for row in found.to_pylist()] == rows


def test_a_line_break_in_a_header_or_a_cell_is_kept(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", '"i\nd",x\n1,"a\nb"\n')
    assert open_input(path).read().to_pylist() == [{"i\nd": "1", "x": "a\nb"}]


def test_an_encoding_is_named(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", "id,x\n1,é\n".encode("latin-1"))
    with pytest.raises(InvalidInputError, match="--encoding"):
        open_input(path).read()
    assert open_input(path, encoding="latin-1").read()["x"].to_pylist() == ["é"]


@pytest.mark.parametrize(
    ("name", "data", "kind", "words"),
    [
        ("a.csv", "", "source-unreadable", "the file is empty"),
        ("a.csv", "\nid\n", "source-unreadable", "the first line is empty"),
        ("a.csv", "id,id\n1,2\n", "bad-column", "column names repeat; got id"),
        ("a.csv", "id,\n1,2\n", "bad-column", "none in column 2"),
        ("a.csv", "id,x\n1,2,3\n", "source-unreadable", "Expected 2 columns, got 3"),
        ("a.parquet", "no parquet", "source-unreadable", "not a parquet file"),
        ("a.jsonl", '{"id": 1', "source-unreadable", "JSON parse error"),
        ("a.xlsx", "x", "bad-argument", "got .xlsx"),
        ("a", "x", "bad-argument", "got no ending"),
    ],
    ids=["empty", "blank", "twice", "unnamed", "ragged", "parquet", "json", "xlsx", "none"],
)
def test_a_file_that_is_no_table_is_refused_in_one_line(
    tmp_path: Path, name: str, data: str, kind: str, words: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        open_input(put(tmp_path / name, data)).read()
    assert caught.value.kind == kind
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_of_several_kinds_or_columns_make_no_one_table(tmp_path: Path) -> None:
    put(tmp_path / "a.csv", "id,x\n")
    put(tmp_path / "a.jsonl", '{"id": 1}\n')
    with pytest.raises(InvalidInputError, match=r"several kinds.*\*\.csv"):
        open_input(tmp_path)
    put(tmp_path / "b.csv", "id,y\n")
    with pytest.raises(InvalidInputError, match=r"expected also x, got y besides"):
        open_input(str(tmp_path / "*.csv"))


@pytest.mark.parametrize("given", [None, 5, {"id": [1]}, [1], [], b"x"], ids=repr)
def test_what_is_no_table_is_refused(given: object) -> None:
    with pytest.raises(InvalidInputError) as caught:
        open_input(given)
    assert caught.value.kind == "bad-argument"


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    for given, words in (
        ("none.csv", "no such file"),
        ("*.csv", "nothing matches"),
        ("", "no file"),
    ):
        with pytest.raises(AzdsError, match=words) as caught:
            open_input(str(tmp_path / given))
        assert isinstance(caught.value, NotFoundError)


def test_ten_thousand_columns_are_read_and_more_than_twice_that_refused(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(20_001)]
    path = put(tmp_path / "a.csv", ",".join(names[:10_000]) + "\n")
    assert open_input(path).schema.names == names[:10_000]
    with pytest.raises(InvalidInputError, match="too many columns"):
        open_input(put(tmp_path / "b.csv", ",".join(names) + "\n"))


def test_text_in_parquet_that_is_none_is_refused(tmp_path: Path) -> None:
    bad = pa.StringArray.from_buffers(
        1, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")
    )
    pq.write_table(pa.table({"id": [1], "t": bad}), tmp_path / "a.parquet")
    found = open_input(tmp_path / "a.parquet")
    with pytest.raises(InvalidInputError, match="UTF8") as caught:
        found.read()
    assert (caught.value.kind, caught.value.where) == (
        "source-unreadable",
        str(tmp_path / "a.parquet"),
    )
