"""Foreign Parquet that becomes far more than it is, refused when it is opened."""

import resource
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from azds.dataset.inputs import open_input
from azds.errors import InvalidInputError
from azds.store import swelling

MB = 1_000_000


def written(path: Path, table: pa.Table, **options: object) -> Path:
    pq.write_table(table, path, store_schema=False, **options)
    return path


def repeated(word: str, times: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0] * times, pa.int32()), [word])


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sixteenth of what any file may become, so that tests need not write gigabytes."""
    monkeypatch.setattr(swelling, "_FREE", 1 << 26)


def refused(path: Path) -> str:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(InvalidInputError) as caught:
        open_input(path)
    assert caught.value.kind == "source-unreadable"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 512 * 1024, "kilobytes"
    assert time.monotonic() - began < 30
    return caught.value.what


def test_a_long_word_that_comes_a_thousand_times_is_refused(tmp_path: Path) -> None:
    """Gigabytes from a few kilobytes, of which the footer tells ten megabytes."""
    table = pa.table({"id": range(1_000), "t": repeated("x" * 10 * MB, 1_000)})
    path = written(tmp_path / "bomb.parquet", table, compression="zstd")
    assert path.stat().st_size < 10_000
    assert refused(path) == "its texts come to more than a file of its size is read for"


@pytest.mark.usefixtures("little")
def test_a_long_word_in_a_list_is_refused_too(tmp_path: Path) -> None:
    words = pa.ListArray.from_arrays(pa.array([0, 50, 100], pa.int32()), repeated("x" * MB, 100))
    path = written(tmp_path / "bomb.parquet", pa.table({"id": [1, 2], "l": words}))
    assert refused(path) == "its texts come to more than a file of its size is read for"


@pytest.mark.usefixtures("little")
def test_one_number_ten_million_times_is_refused_unread(tmp_path: Path) -> None:
    table = pa.table({"n": np.full(10 * MB, 7)})
    path = written(tmp_path / "runs.parquet", table)
    assert path.stat().st_size < MB // 10
    assert refused(path) == "it declares more than a file of its size is read for"


@pytest.mark.usefixtures("little")
def test_a_common_beginning_that_is_written_once_is_decoded_apart(tmp_path: Path) -> None:
    """Of this encoding no dictionary tells the size, so that a process with limits decodes it."""
    path = written(
        tmp_path / "bomb.parquet",
        pa.table({"id": range(100), "t": ["x" * MB] * 100}),
        use_dictionary=False,
        column_encoding={"id": "PLAIN", "t": "DELTA_BYTE_ARRAY"},
        compression="zstd",
    )
    assert path.stat().st_size < 100_000
    assert refused(path) == f"it decodes to more than {1 << 26} bytes"


def test_a_sound_file_is_opened_without_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        pytest.fail("this file is not suspicious")

    monkeypatch.setattr(swelling, "check_parquet", never)
    count = 50_000
    table = pa.table(
        {
            "id": range(count),
            "few": [f"word {n % 5_000}" for n in range(count)],
            "all": [f"text {n}" for n in range(count)],
            "list": [["a", f"b{n % 9}"] for n in range(count)],
            "nested": [{"a": [n]} for n in range(count)],
            "none": pa.nulls(count, pa.string()),
            "long": ["x" * 2_000_000] + ["y"] * (count - 1),
        }
    )
    assert open_input(written(tmp_path / "a.parquet", table)).schema.names == table.column_names
    assert open_input(written(tmp_path / "b.parquet", table.slice(0, 0))).read().num_rows == 0


def test_a_sound_file_of_an_encoding_that_tells_no_size_is_read(tmp_path: Path) -> None:
    texts = [f"a common beginning, then {n:06}" for n in range(60_000)]
    path = written(
        tmp_path / "a.parquet",
        pa.table({"t": texts}),
        use_dictionary=False,
        column_encoding={"t": "DELTA_BYTE_ARRAY"},
    )
    assert open_input(path).read()["t"].to_pylist() == texts
