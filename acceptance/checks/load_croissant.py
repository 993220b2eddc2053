"""Loads every record set of croissant.json in this folder, and counts its records."""

import json
import sys
from pathlib import Path

import mlcroissant

record = json.loads(Path("release.json").read_bytes())
expected = {
    f"{name}_{revision['label']}": table["rows"]
    for revision in record["revisions"]
    for name, table in revision["tables"].items()
}
dataset = mlcroissant.Dataset(jsonld="croissant.json")
found = {one.id: sum(1 for _ in dataset.records(one.id)) for one in dataset.metadata.record_sets}
if found != expected:
    sys.exit(f"expected {expected}, got {found}")
print(f"{len(found)} record sets, {sum(found.values())} records")
