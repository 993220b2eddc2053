"""Reads every Parquet file of this folder with the library that is named, and counts rows."""

import json
import sys
from pathlib import Path

library = sys.argv[1]
if library == "pandas":
    import pandas as pd

    def count(path: str) -> int:
        """Rows, by pandas."""
        return len(pd.read_parquet(path, dtype_backend="pyarrow"))
elif library == "polars":
    import polars as pl

    def count(path: str) -> int:
        """Rows, by polars."""
        return pl.scan_parquet(path).collect().height
else:
    import duckdb

    def count(path: str) -> int:
        """Rows, by DuckDB."""
        return len(duckdb.sql(f"FROM '{path}'").fetchall())


record = json.loads(Path("release.json").read_bytes())
tables = [table for one in record["revisions"] for table in one["tables"].values()]
for table in tables:
    if (rows := count(table["path"])) != table["rows"]:
        sys.exit(f"{table['path']}: expected {table['rows']} rows, got {rows}")
for change in record["changes"]:
    if (rows := count(change["path"])) != change["rows"]:
        sys.exit(f"{change['path']}: expected {change['rows']} rows, got {rows}")
print(f"{len(tables)} tables, {len(record['changes'])} change sets")
