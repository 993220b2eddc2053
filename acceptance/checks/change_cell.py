"""Changes one cell of a table in a copy of a release: its folder, then `parquet` or `csv`."""

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

folder, kind = Path(sys.argv[1]), sys.argv[2]
record = json.loads((folder / "release.json").read_bytes())
tables = record["revisions"][-1]["tables"]
skipped = ("evidence", "rejections")
table = max((t for n, t in tables.items() if n not in skipped), key=lambda t: t["rows"])
if kind == "csv":
    path = folder / table["csv"]
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[1] = (
        lines[1].replace("member", "friend", 1) if "member" in lines[1] else f'"x{lines[1][1:]}'
    )
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
else:
    path = folder / table["path"]
    rows = pq.read_table(path)
    at = next(n for n, field in enumerate(rows.schema) if field.type == pa.string())
    values = rows.column(at).to_pylist()
    values[0] = f"{values[0]}?"
    changed = rows.set_column(at, rows.schema.field(at), pa.array(values, pa.string()))
    pq.write_table(changed, path, compression="snappy", store_schema=False)
print(path.relative_to(folder))
