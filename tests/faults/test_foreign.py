"""Foreign Parquet is decoded in a process of its own, with limits; none of it harms this one."""

import random
import resource
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.store.making import broken_text

from azds.errors import InvalidInputError
from azds.store.foreign import Limits, check_parquet

SMALL = Limits(decoded=1 << 28, memory=1 << 31, seconds=20)


def written(path: Path, table: pa.Table, **options: object) -> Path:
    pq.write_table(table, path, store_schema=False, **options)
    return path


def refused(path: Path, limits: Limits = SMALL) -> str:
    began = time.monotonic()
    with pytest.raises(InvalidInputError) as caught:
        check_parquet(path, limits)
    assert caught.value.kind == "source-unreadable"
    assert caught.value.where == str(path)
    seconds = time.monotonic() - began
    assert seconds < 30
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    print(f"refused in {seconds:.1f} s, at most {peak} MiB so far: {caught.value.what}")  # noqa: T201 - the figure
    return caught.value.what


def test_a_sound_file_is_told_by_its_rows_and_bytes(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", pa.table({"id": list(range(5_000))}))
    found = check_parquet(path, SMALL)
    assert found.rows == 5_000
    assert 40_000 <= found.bytes < 41_000


def test_a_small_file_that_decodes_to_gigabytes_is_refused(tmp_path: Path) -> None:
    """One string of 4 MB in a dictionary, a thousand times."""
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000, pa.int32()), ["x" * 4_000_000])
    path = written(tmp_path / "bomb.parquet", pa.table({"t": text}), compression="zstd")
    assert path.stat().st_size < 5_000
    assert "more than" in refused(path, Limits(decoded=1 << 28, memory=1 << 30))


def test_a_column_of_one_value_is_refused_once_it_is_too_long(tmp_path: Path) -> None:
    values = pa.DictionaryArray.from_arrays(pa.array([0] * 10_000_000, pa.int8()), pa.array([7]))
    path = written(tmp_path / "runs.parquet", pa.table({"n": values.dictionary_decode()}))
    assert path.stat().st_size < 2_000_000
    limits = Limits(decoded=1 << 26, memory=1 << 31)
    assert refused(path, limits) == f"it decodes to more than {1 << 26} bytes"


def test_what_is_declared_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", pa.table({"id": list(range(5_000))}))
    assert refused(path, Limits(decoded=100, memory=1 << 31)).startswith("it declares ")


def test_text_that_is_none_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", broken_text())
    assert "UTF8" in refused(path)


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" * 9, b"no parquet at all" * 9])
def test_what_is_no_parquet_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(data)
    assert refused(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "none.parquet")


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", pa.table({"id": [1]}))
    assert refused(path, Limits(seconds=0.01)) == "decoding it takes more than 0.01 seconds"


def test_a_decoder_without_memory_ends_and_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", pa.table({"id": [1]}))
    assert refused(path, Limits(memory=1 << 24))


def test_broken_files_are_read_or_refused_and_this_process_lives(
    tmp_path: Path, *, everything: bool
) -> None:
    """Bytes flipped, cut, doubled or set to an end of their range; most of them in the footer."""
    draw = random.Random(6)  # noqa: S311 - no secret
    table = pa.table(
        {
            "n": list(range(200)),
            "t": [str(n) for n in range(200)],
            "l": [[n, n] for n in range(200)],
        }
    )
    ends = {"read": 0, "refused": 0}
    for number in range(2_000 if everything else 6):
        codec = draw.choice(["none", "snappy", "zstd"])
        path = written(tmp_path / f"{number}.parquet", table, compression=codec)
        data = bytearray(path.read_bytes())
        footer = int.from_bytes(data[-8:-4], "little") + 8
        start = len(data) - footer if draw.random() < 0.6 else 0
        at = draw.randrange(start, len(data))
        kind = draw.choice(["flip", "end", "cut", "more"])
        if kind == "flip":
            data[at] ^= 1 << draw.randrange(8)
        elif kind == "end":
            data[at] = draw.choice([0, 0x7F, 0x80, 0xFF])
        elif kind == "cut":
            del data[at : at + draw.randrange(1, 9)]
        else:
            data[at:at] = data[at : at + draw.randrange(1, 9)]
        path.write_bytes(data)
        try:
            check_parquet(path, SMALL)
            ends["read"] += 1
        except InvalidInputError:
            ends["refused"] += 1
        path.unlink()
    assert sum(ends.values()) >= 6
    print(ends)  # noqa: T201 - the figure of docs/reliability.md
