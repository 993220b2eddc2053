# ruff: noqa: INP001, T201 - a script
"""A table with a history in a store: ``python bench/history.py --rows 1000000 --share 0.0001``.

Commits one table of 12 columns whole, then upserts of a share of its rows, scattered over all
keys; then diffs neighbours and revisions far apart, reads revisions back, and tells what the
store grew by. The floor reads the whole table twice with pyarrow in a fresh process, as other
tools do before they compare.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tables import KEYS, PIECE, rows

import azds
from azds.dataset.dataset import Dataset


def timed(what: str, work: Callable[[], object]) -> tuple[float, object]:
    """The seconds of one piece of work, told."""
    start, cpu = time.perf_counter(), time.process_time()
    found = work()
    wall = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    spent = time.process_time() - cpu
    print(f"{what:<44} {wall:9.4f} s  {spent:9.4f} s CPU  peak {peak:6.0f} MB", flush=True)
    return wall, found


def size(path: Path) -> float:
    """Megabytes of all files in a folder."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1e6


def edited(table: pa.Table, share: float, seed: int) -> pa.Table:
    """Some rows with other values in two columns."""
    drawn = np.random.default_rng(seed)
    count = max(1, round(table.num_rows * share))
    at = np.sort(drawn.choice(table.num_rows, count, replace=False))
    some = table.take(pa.array(at))
    for name, values in (
        ("count", pa.array(drawn.integers(1000, 2000, count))),
        ("price", pa.array(drawn.normal(100, 15, count).round(4))),
    ):
        some = some.set_column(some.schema.get_field_index(name), name, values)
    return some


def differs(dataset: Dataset, old: str, new: str) -> bool:
    """Whether the table differs."""
    return bool(dataset.diff(old, new)["t"])


def read(dataset: Dataset, label: str) -> int:
    """The rows of the table."""
    return len(dataset[label]["t"])


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--share", type=float, default=0.0001)
    parser.add_argument("--commits", type=int, default=50)
    parser.add_argument("--key", choices=sorted(KEYS), default="int")
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    folder = Path(given.folder or tempfile.mkdtemp(prefix="azds-bench-"))
    try:
        run(folder, given)
    finally:
        if given.folder is None:
            shutil.rmtree(folder)


def run(folder: Path, given: argparse.Namespace) -> None:
    """One history."""
    key = KEYS[given.key]
    pieces = [
        rows(at, min(PIECE, given.rows - at), given.key) for at in range(0, given.rows, PIECE)
    ]
    table = pa.concat_tables(pieces)
    del pieces
    cities = azds.init(folder / "store").create("bench")
    timed("pq.write_table", partial(pq.write_table, table, folder / "plain.parquet"))
    timed("first commit, whole", partial(cities.commit, "r0", {"t": table}, key=key))
    base = size(cities.folder.path)
    print(f"{'store after it':<44} {base:9.2f} MB")
    spent = []
    for number in range(1, given.commits + 1):
        some = edited(table, given.share, number)
        seconds, _ = timed(
            f"upsert of {some.num_rows} rows, commit {number}",
            partial(cities.commit, f"r{number}", upserts={"t": some}),
        )
        spent.append(seconds)
    print(f"{'upserts, median':<44} {statistics.median(spent):9.4f} s")
    grown = size(cities.folder.path) - base
    print(f"{f'grown by {given.commits} commits':<44} {grown:9.2f} MB")
    del table
    last = f"r{given.commits}"
    for _ in range(3):
        for what, old in (
            ("neighbours", f"r{given.commits - 1}"),
            ("the first and the last", "r0"),
        ):
            fresh = Dataset(azds.open(folder / "store")["bench"].folder)
            timed(f"diff of {what}", partial(differs, fresh, old, last))
    for label in ("r0", last):
        fresh = Dataset(azds.open(folder / "store")["bench"].folder)
        timed(f"read {label} back", partial(read, fresh, label))
    code = "import sys, pyarrow.parquet as pq\nfor f in sys.argv[1:]: pq.ParquetFile(f).read()"
    base_file = str(folder / "store" / "bench" / "r0" / "t.parquet")
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, base_file, base_file], check=True)  # noqa: S603 - our own
    floor = time.perf_counter() - start
    print(json.dumps({"floor": round(floor, 3), "cores": os.cpu_count()}))


if __name__ == "__main__":
    main()
