# ruff: noqa: INP001, T201, PLC0415, PLR2004 - a script; each contestant imports its own
"""The diff of two unrelated tables, against its peers: ``python bench/engine.py --rows 1000000``.

Makes two tables of 12 columns and, in one interleaved run, compares them with azds, with DuckDB
and polars where they are installed, and reads both with pyarrow as the floor. Each is a process
of its own. Prints medians of seconds, of CPU seconds and of peak memory, as they are and as
ratios to the floor, and checks that all who compare find the same. Layouts of the files:

- ``grouped``: row groups cut by content, as azds writes them;
- ``digested``: the same, with the digests of the groups known, as in a store;
- ``plain``: in key order, as pyarrow writes them;
- ``shuffled``: in no order.
"""

import argparse
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:  # the floor and the peers do not pay for azds
    from azds.changes import TableChanges
    from azds.columns import TableSchema

KEYS = {"int": ["id"], "string": ["id"], "compound": ["tenant", "at"]}
LAYOUTS = ("grouped", "digested", "plain", "shuffled")
PIECE = 1_000_000
EDITED = ("name", "category", "count", "price", "tags", "place")
LIMIT = (1 << 64) // (1 << 14)


def rows(start: int, count: int, key: str) -> pa.Table:
    """Rows of the old table."""
    drawn = np.random.default_rng(start)
    at = np.arange(start, start + count)
    keys = {"id": pa.array(at * 3)}
    if key == "string":
        keys = {
            "id": pc.binary_join_element_wise(
                "k", pc.utf8_lpad(pa.array(at).cast("string"), 10, "0"), ""
            )
        }
    elif key == "compound":
        stamps = pa.array(at % 5000 * 60_000_000, pa.timestamp("us"))
        keys = {"tenant": pa.array(at // 5000, pa.int32()), "at": stamps}
    names, words = (
        [f"{what} {n}" for n in range(many)]
        for what, many in (("name of thing", 100_000), ("kind", 50))
    )
    ends = np.concatenate([[0], np.cumsum(drawn.integers(0, 4, count))]).astype(np.int32)
    ratio = np.where(drawn.random(count) < 0.02, np.nan, drawn.random(count))
    return pa.table(
        keys
        | {
            "name": pa.array(names).take(pa.array(drawn.integers(0, len(names), count))),
            "category": pa.array(words).take(pa.array(drawn.integers(0, len(words), count))),
            "count": drawn.integers(0, 1000, count),
            "size": drawn.integers(0, 1 << 40, count),
            "price": pa.array(
                drawn.normal(100, 15, count).round(4), mask=drawn.random(count) < 0.05
            ),
            "ratio": ratio,
            "day": pa.array(drawn.integers(15_000, 20_000, count).astype("int32"), pa.date32()),
            "active": drawn.random(count) < 0.5,
            "seen": pa.array(
                drawn.integers(1_600_000_000, 1_700_000_000, count), pa.timestamp("s")
            ),
            "tags": pa.ListArray.from_arrays(
                ends, pa.array(words).take(pa.array(drawn.integers(0, 50, ends[-1])))
            ),
            "place": pa.StructArray.from_arrays(
                [drawn.random(count), drawn.integers(0, 9, count).astype("int32")], ["lat", "zone"]
            ),
        }
    )


def edited(table: pa.Table, hit: np.ndarray, seed: int, key: list[str]) -> pa.Table:
    """The new rows: of those hit a tenth goes, a tenth gets a new one beside it, others differ."""
    drawn, count = np.random.default_rng([seed, 1]), table.num_rows
    fate = drawn.random(count)
    for name in EDITED:
        order = np.arange(count)
        mine = np.flatnonzero(hit & (drawn.random(count) < 0.3))
        order[mine] = (mine + 17) % count
        table = table.set_column(
            table.column_names.index(name), name, table[name].take(pa.array(order))
        )
    more = table.filter(pa.array(hit & (fate >= 0.9)))
    last = more[key[-1]]
    after = (
        pc.binary_join_element_wise(last, "x", "")
        if last.type == "string"
        else pc.add(last.cast("int64"), 1).cast(last.type)
    )
    more = more.set_column(table.column_names.index(key[-1]), key[-1], after)
    kept = table.filter(pa.array(~(hit & (fate < 0.1))))
    return (
        pa.concat_tables([kept, more])
        .sort_by([(name, "ascending") for name in key])
        .combine_chunks()
    )


def pieces(side: str, given: argparse.Namespace) -> Iterator[pa.Table]:
    """One side, in key order, in pieces."""
    clustered = (given.rows * 0.9, given.rows * (0.9 + given.share))
    for start in range(0, given.rows, PIECE):
        count = min(PIECE, given.rows - start)
        table = rows(start, count, given.key)
        if side == "new":
            at = np.arange(start, start + count)
            hit = np.random.default_rng([start, 2]).random(count) < given.share
            if given.where == "clustered":
                hit = (at >= clustered[0]) & (at < clustered[1])
            table = edited(table, hit, start, KEYS[given.key])
        yield table


def write(side: str, given: argparse.Namespace, folder: Path) -> None:
    """The files of one side in all layouts that are asked for."""
    from azds.arrow.digest import content_digest, key_hashes

    key = KEYS[given.key]
    plain = grouped = None
    left: pa.Table | None = None
    for table in pieces(side, given):
        if "plain" in given.layouts:
            plain = plain or pq.ParquetWriter(folder / f"{side}-plain.parquet", table.schema)
            plain.write_table(table)
        grouped = grouped or pq.ParquetWriter(folder / f"{side}-grouped.parquet", table.schema)
        whole = table if left is None else pa.concat_tables([left, table]).combine_chunks()
        starts = [0, *np.flatnonzero(key_hashes(whole, tuple(key))[1:] < LIMIT) + 1]
        for a, b in pairwise(starts):
            grouped.write_table(whole.slice(a, b - a), row_group_size=int(b - a))
        left = whole.slice(starts[-1])
    if grouped and left is not None:
        grouped.write_table(left, row_group_size=max(1, left.num_rows))
        grouped.close()
    if plain:
        plain.close()
    if "shuffled" in given.layouts:
        whole = pq.ParquetFile(folder / f"{side}-grouped.parquet").read()
        order = np.random.default_rng(5).permutation(whole.num_rows)
        with pq.ParquetWriter(folder / f"{side}-shuffled.parquet", whole.schema) as shuffled:
            for at in range(0, len(order), PIECE):
                shuffled.write_table(whole.take(pa.array(order[at : at + PIECE])))
    if "digested" in given.layouts:
        file = pq.ParquetFile(folder / f"{side}-grouped.parquet")
        schema = declared(file.schema_arrow, key)
        groups = (file.read_row_group(n) for n in range(file.num_row_groups))
        digests = ["".join(g.digest for g in content_digest(one, schema).groups) for one in groups]
        (folder / f"{side}-digests.json").write_text(json.dumps(digests))


def declared(schema: pa.Schema, key: list[str]) -> "TableSchema":
    """The schema of a table that nobody declared."""
    from azds.arrow.types import schema_from_arrow

    return schema_from_arrow(schema, name="table", key=tuple(key))


def counts(changes: "TableChanges") -> list[int]:
    """Rows that differ, came and went."""
    return [changes.keys.num_rows, changes.added.num_rows, changes.removed.num_rows]


def run_floor(old: str, new: str, key: list[str]) -> None:
    """Only read."""
    del key
    held = [pq.ParquetFile(path).read() for path in (old, new)]
    del held


def run_azds(old: str, new: str, key: list[str]) -> list[int]:
    """As `azds diff`."""
    from azds.dataset.loose import diff

    return counts(diff(old, new, key=key).changes)


def run_digested(old: str, new: str, key: list[str]) -> list[int]:
    """As between two stored tables."""
    from azds.arrow.types import to_arrow_schema
    from azds.changes.parquet_groups import ParquetGroups
    from azds.changes.streamed import diff_groups
    from azds.coverage import Coverage

    sides, schemas = [], []
    for path in (old, new):
        source = pa.OSFile(path, "rb")
        schema = declared(pq.read_schema(source), key)
        digests = json.loads(Path(path.replace("-grouped.parquet", "-digests.json")).read_text())
        sides.append(ParquetGroups.of(source, to_arrow_schema(schema), digests))
        schemas.append(schema)
    return counts(
        diff_groups(
            sides[0],
            sides[1],
            old_schema=schemas[0],
            new_schema=schemas[1],
            old_coverage=Coverage("complete"),
            new_coverage=Coverage("complete"),
        )
    )


def run_duckdb(old: str, new: str, key: list[str]) -> list[int]:
    """A full outer join, on as many threads as azds takes."""
    import duckdb

    connection = duckdb.connect(config={"threads": 2})
    names = pq.read_schema(old).names
    both = ", ".join(f"a.{n} AS old_{n}, b.{n} AS new_{n}" for n in names)
    met = " AND ".join(f"a.{n} = b.{n}" for n in key)
    differs = " OR ".join(f"a.{n} IS DISTINCT FROM b.{n}" for n in names)
    query = f"SELECT {both} FROM '{old}' a FULL OUTER JOIN '{new}' b ON {met} WHERE {differs}"  # noqa: S608 - our own files
    found = connection.sql(query).to_arrow_table()
    came, went = (found.column(f"{side}_{key[0]}").null_count for side in ("old", "new"))
    return [found.num_rows - came - went, came, went]


def run_polars(old: str, new: str, key: list[str]) -> list[int]:
    """A full join, streamed."""
    import polars as pl

    joined = pl.scan_parquet(old).join(pl.scan_parquet(new), on=key, how="full", suffix="_new")
    differs = [pl.col(n).ne_missing(pl.col(f"{n}_new")) for n in pq.read_schema(old).names]
    found = joined.filter(pl.any_horizontal(differs)).collect(engine="streaming")
    came, went = (found[name].null_count() for name in (key[0], f"{key[0]}_new"))
    return [found.height - came - went, came, went]


RUNS: dict[str, Callable[[str, str, list[str]], list[int] | None]] = {
    "floor": run_floor,
    "azds": run_azds,
    "digested": run_digested,
    "duckdb": run_duckdb,
    "polars": run_polars,
}


def measured(who: str, layout: str, key: str, folder: Path) -> tuple[float, float, float, str]:
    """Seconds, CPU seconds, peak memory in MB, and what was found, of one run in a process."""
    paths = [str(folder / f"{side}-{layout}.parquet") for side in ("old", "new")]
    command = [sys.executable, __file__, "--run", who, "--key", key, *paths]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603 - this script
        found = child.stdout.read() if child.stdout else ""
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{who} on {layout} failed with exit code {child.returncode}")
    seconds = time.perf_counter() - began
    answer, memory = json.loads(found)
    return seconds, used.ru_utime + used.ru_stime, memory, json.dumps(answer)


def peak_memory() -> float:
    """The most memory that this process has had, in MB.

    Not `ru_maxrss` where that can be helped, which starts from what the parent had.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def contest(given: argparse.Namespace, folder: Path) -> None:
    """Make the tables, run all in turn, print the medians."""
    for side in ("old", "new"):
        write(side, given, folder)
    peers = [name for name in ("duckdb", "polars") if importlib.util.find_spec(name)]
    if given.no_polars and "polars" in peers:
        peers.remove("polars")
    cases = [
        (who, "grouped" if layout == "digested" else layout)
        for layout in given.layouts
        for who in (["digested"] if layout == "digested" else ["floor", "azds", *peers])
    ]
    results: dict[tuple[str, str], list[tuple[float, float, float, str]]] = {c: [] for c in cases}
    for _ in range(given.rounds):
        for who, layout in cases:
            results[who, layout].append(measured(who, layout, given.key, folder))
    said = {one[3] for (who, _), runs in results.items() if who != "floor" for one in runs}
    print(
        f"{given.rows:,} rows, {given.key} key, {given.share:.2%} {given.where}, "
        f"{given.rounds} rounds"
    )
    is_one = "" if len(said) == 1 else "  NOT THE SAME"
    print(f"differ, came, went: {' | '.join(sorted(said))}{is_one}")
    heads = ("wall s", "cpu s", "MB", "x floor", "cpu", "x duckdb", "cpu")
    widths = (8, 8, 7, 8, 6, 9, 6)
    print(" " * 20, *(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True)))
    middle = {
        case: [statistics.median(one[n] for one in runs) for n in range(3)]  # type: ignore[type-var]  # the first three are numbers
        for case, runs in results.items()
    }
    for (who, layout), (wall, cpu, memory) in middle.items():
        ratios = ""
        for other, width in (("floor", 8), ("duckdb", 9)):
            if (base := middle.get((other, layout))) is not None:
                ratios += f" {wall / base[0]:{width}.2f} {cpu / base[1]:6.2f}"
        print(f"{who:10}{layout:10} {wall:8.2f} {cpu:8.2f} {memory:7.0f}{ratios}")


def main() -> None:
    """Parse the arguments; run one contestant, or all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--key", choices=KEYS, default="int")
    parser.add_argument(
        "--share", type=float, default=0.01, help="of the rows, how many are edited"
    )
    parser.add_argument("--where", choices=("scattered", "clustered"), default="scattered")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--layouts", nargs="+", choices=LAYOUTS, default=["grouped", "digested", "plain"]
    )
    parser.add_argument("--no-polars", action="store_true", help="it takes much memory")
    parser.add_argument(
        "--folder", type=Path, help="where to make the tables; else a temporary one"
    )
    parser.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("paths", nargs="*", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        answer = RUNS[given.run](*given.paths, KEYS[given.key])
        print(json.dumps([answer, peak_memory()]))
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        contest(given, Path(folder))


if __name__ == "__main__":
    main()
