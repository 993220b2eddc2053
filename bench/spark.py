# ruff: noqa: INP001, T201 - a script
"""azds on Spark, against a full outer join in plain PySpark: ``python bench/spark.py --rows N``.

Makes two pairs of stores (1 % of the rows edited, scattered; 0.01 % in one range of keys), and
compares each pair in one session, in turns: a join as one would write it, over the stores' own
Parquet files; azds over the same files as if anybody had written them; azds over the stores.
All have to find the same. Prints medians of seconds, and of CPU seconds of Spark and its Python,
and writes ``results/spark.json``. ``--master`` takes a cluster; else two threads of this machine.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import reduce
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from tables import KEYS, Case, pieces

import azds
from azds import spark as on_spark
from azds.dataset.snapshot import Snapshot

__all__ = ["main"]

HERE = Path(__file__).parent
CASES = {"1 % scattered": (0.01, "scattered"), "0.01 % clustered": (0.0001, "clustered")}


def committed(folder: Path, side: str, case: Case) -> Snapshot:
    """One side in a store of its own."""
    table = pa.concat_tables(pieces(side, case))
    dataset = azds.init(folder).create("bench")
    dataset.commit(side, {"things": table}, key=KEYS[case.key])
    return dataset[side]


def file_of(snapshot: Snapshot) -> str:
    """The one Parquet file of its table."""
    return str(snapshot.folder.path / snapshot.manifest.tables["things"].file.path)


def plain(spark: SparkSession, old: str, new: str, key: list[str]) -> list[int]:
    """As one would write it: rows that differ, came and went; what differs is kept."""
    sides = [spark.read.parquet(path) for path in (old, new)]
    names = sides[0].columns
    a, b = (
        side.select(*(f.col(name).alias(f"{mark}_{name}") for name in names))
        for mark, side in zip("ab", sides, strict=True)
    )
    met = reduce(lambda x, y: x & y, (f.col(f"a_{n}") == f.col(f"b_{n}") for n in key))
    differs = reduce(
        lambda x, y: x | y, (~f.col(f"a_{n}").eqNullSafe(f.col(f"b_{n}")) for n in names)
    )
    found: DataFrame = a.join(b, met, "full_outer").where(differs).persist()
    gone, come = f.col(f"b_{key[0]}").isNull(), f.col(f"a_{key[0]}").isNull()
    counts = found.agg(
        f.count(f.when(~gone & ~come, 1)), f.count(f.when(come, 1)), f.count(f.when(gone, 1))
    )
    row = counts.collect()[0]
    found.unpersist(blocking=True)
    return [int(value) for value in row]


def by_azds(spark: SparkSession, old: object, new: object, **options: object) -> list[int]:
    """The same by azds."""
    found = on_spark.diff(spark, old, new, **options)
    (counts,) = found.summary().values()
    found.release()
    return [counts["changed"], counts["added"], counts["removed"]]


def cpu_seconds() -> float:
    """Of this process and all below it, ended or not."""
    parents: dict[int, int] = {}
    spent: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        parents[pid] = int(fields[1])
        spent[pid] = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    own = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in own} - own:
        own |= more
    return sum(spent.get(pid, 0.0) for pid in own)


def contest(runs: dict[str, Callable[[], list[int]]], rounds: int) -> list[dict[str, object]]:
    """All in turn, after one round that does not count."""
    costs: dict[str, list[tuple[float, float]]] = {who: [] for who in runs}
    answers: dict[str, list[int]] = {}
    for number in range(rounds + 1):
        for who, run in runs.items():
            wall, cpu = time.perf_counter(), cpu_seconds()
            answers[who] = run()
            if number:
                costs[who].append((time.perf_counter() - wall, cpu_seconds() - cpu))
    if len({json.dumps(one) for one in answers.values()}) > 1:
        sys.exit(f"not the same: {answers}")
    return [
        {
            "who": who,
            "wall": statistics.median(one[0] for one in spent),
            "cpu": statistics.median(one[1] for one in spent),
            "walls": [round(one[0], 2) for one in spent],
            "found": answers[who],
            "load": round(os.getloadavg()[0], 1),
        }
        for who, spent in costs.items()
    ]


def session(master: str) -> SparkSession:
    """One session for all."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    warnings.simplefilter("ignore")
    builder = SparkSession.builder.master(master).appName("azds bench")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.driver.memory": "4g",
    }.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def main() -> None:
    """All of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--scratch", type=Path, help="where to make the stores")
    parser.add_argument("--results", type=Path, default=HERE / "results")
    given = parser.parse_args()
    results: dict[str, object] = {"rows": given.rows, "master": given.master}
    with tempfile.TemporaryDirectory(dir=given.scratch) as scratch:
        folder = Path(scratch)
        sides = {}
        old = committed(folder / "old", "old", Case(given.rows, "int", 0, "scattered", ()))
        for number, (name, (share, where)) in enumerate(CASES.items()):
            case = Case(given.rows, "int", share, where, ())
            sides[name] = committed(folder / f"new-{number}", "new", case)
        spark = session(given.master)
        for name, new in sides.items():
            paths, key = (file_of(old), file_of(new)), KEYS["int"]
            runs: dict[str, Callable[[], list[int]]] = {
                "plain join": lambda paths=paths, key=key: plain(spark, *paths, key),
                "azds, join": lambda paths=paths, key=key: by_azds(spark, *paths, key=key),
                "azds, stores": lambda new=new: by_azds(spark, old, new),
            }
            found = contest(runs, given.rounds)
            results[name] = found
            print(f"{given.rows:,} rows, {name}, {given.rounds} rounds; found {found[0]['found']}")
            for one in found:
                ratio = float(str(found[0]["wall"])) / float(str(one["wall"]))
                print(
                    f"  {one['who']:13}{one['wall']:8.2f} s{one['cpu']:8.2f} CPU s"
                    f"{ratio:6.1f} times as fast"
                )
        spark.stop()
    given.results.mkdir(parents=True, exist_ok=True)
    kept = given.results / "spark.json"
    before = json.loads(kept.read_text()) if kept.exists() else []
    runs = [one for one in before if one["rows"] != given.rows] + [results]
    kept.write_text(json.dumps(runs, indent=1) + "\n")


if __name__ == "__main__":
    main()
