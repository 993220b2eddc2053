# ruff: noqa: INP001, T201, PLC0415 - a script; each contestant imports its own
"""Those who compare two tables in files: ``python bench/peers.py NAME KEY OLD NEW``.

Prints how many rows differ, came and went, and the peak memory of the process, in MB.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from measure import peak_memory

if TYPE_CHECKING:
    from azds.changes import TableChanges

__all__ = ["RUNS", "SMALL"]


def counts(changes: "TableChanges") -> list[int]:
    """Rows that differ, came and went."""
    return [changes.keys.num_rows, changes.added.num_rows, changes.removed.num_rows]


def run_floor(old: str, new: str, key: list[str]) -> None:
    """Only read."""
    import pyarrow.parquet as pq

    del key
    held = [pq.ParquetFile(path).read() for path in (old, new)]
    del held


def run_azds(old: str, new: str, key: list[str]) -> list[int]:
    """As `azds diff`."""
    from azds.dataset.loose import diff

    return counts(diff(old, new, key=key).changes)


def run_digested(old: str, new: str, key: list[str]) -> list[int]:
    """As between two stored tables."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from azds.arrow.types import schema_from_arrow, to_arrow_schema
    from azds.changes.parquet_groups import ParquetGroups
    from azds.changes.streamed import diff_groups
    from azds.coverage import Coverage

    sides, schemas = [], []
    for path in (old, new):
        source = pa.OSFile(path, "rb")
        schema = schema_from_arrow(pq.read_schema(source), name="table", key=tuple(key))
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
    import pyarrow.parquet as pq

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
    import pyarrow.parquet as pq

    joined = pl.scan_parquet(old).join(pl.scan_parquet(new), on=key, how="full", suffix="_new")
    differs = [pl.col(n).ne_missing(pl.col(f"{n}_new")) for n in pq.read_schema(old).names]
    found = joined.filter(pl.any_horizontal(differs)).collect(engine="streaming")
    came, went = (found[name].null_count() for name in (key[0], f"{key[0]}_new"))
    return [found.height - came - went, came, went]


def run_diffly(old: str, new: str, key: list[str]) -> list[int]:
    """Eager, as it is used; whole rows."""
    import diffly
    import polars as pl

    found = diffly.compare_frames(pl.read_parquet(old), pl.read_parquet(new), primary_key=key)
    return [
        found.num_rows_joined_unequal(),
        found.num_rows_right_only(),
        found.num_rows_left_only(),
    ]


def run_datacompy(old: str, new: str, key: list[str]) -> list[int]:
    """On polars, its quickest."""
    import datacompy
    import polars as pl

    found = datacompy.PolarsCompare(pl.read_parquet(old), pl.read_parquet(new), join_columns=key)
    differ = found.intersect_rows.height - found.count_matching_rows()
    return [differ, found.df2_unq_rows.height, found.df1_unq_rows.height]


def run_daff(old: str, new: str, key: list[str]) -> list[int]:
    """Of CSV."""
    import csv

    import daff

    flags = daff.CompareFlags()
    for column in key:
        flags.addPrimaryKey(column)
    flags.show_unchanged = flags.show_unchanged_columns = False
    flags.unchanged_context = 0
    tables = []
    for path in (old, new):
        with Path(path).open(newline="", encoding="utf-8") as handle:
            tables.append(daff.PythonTableView(list(csv.reader(handle))))
    told = daff.PythonTableView([])
    aligned = daff.Coopy.compareTables(tables[0], tables[1], flags).align()
    daff.TableDiff(aligned, flags).hilite(told)
    marks = [told.getCell(0, row) for row in range(told.get_height())]
    return [sum("->" in mark for mark in marks), marks.count("+++"), marks.count("---")]


def run_csv_diff(old: str, new: str, key: list[str]) -> list[int]:
    """Of CSV."""
    import csv_diff

    tables = []
    for path in (old, new):
        with Path(path).open(newline="", encoding="utf-8") as handle:
            tables.append(csv_diff.load_csv(handle, key=key[0]))
    found = csv_diff.compare(*tables)
    return [len(found[what]) for what in ("changed", "added", "removed")]


def run_deepdiff(old: str, new: str, key: list[str]) -> list[int]:
    """Of rows by key, from CSV."""
    import csv

    import deepdiff

    tables = []
    for path in (old, new):
        with Path(path).open(newline="", encoding="utf-8") as handle:
            tables.append({row[key[0]]: row for row in csv.DictReader(handle)})
    found = deepdiff.DeepDiff(*tables)
    changed = {path.split("'")[1] for path in found.get("values_changed", ())}
    came, went = (found.get(f"dictionary_item_{what}", ()) for what in ("added", "removed"))
    return [len(changed), len(came), len(went)]


RUNS: dict[str, Callable[[str, str, list[str]], list[int] | None]] = {
    "floor": run_floor,
    "azds": run_azds,
    "digested": run_digested,
    "duckdb": run_duckdb,
    "polars": run_polars,
    "diffly": run_diffly,
    "datacompy": run_datacompy,
}
SMALL = {
    "azds": run_azds,
    "csv-diff": run_csv_diff,
    "daff": run_daff,
    "deepdiff": run_deepdiff,
}


if __name__ == "__main__":
    name, by, *paths = sys.argv[1:]
    answer = (RUNS | SMALL)[name](*paths, by.split(","))
    print(json.dumps([answer, peak_memory()]))
