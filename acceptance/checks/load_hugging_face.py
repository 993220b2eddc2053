"""Loads every configuration and split of the card in this folder, from disk and streaming."""

import json
import os
import sys
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as home:  # the cache knows a data set by its name alone
    os.environ |= {"HF_HOME": home, "HF_HUB_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
    import datasets

    record = json.loads(Path("release.json").read_bytes())
    rows = {
        (name, revision["split"]): table["rows"]
        for revision in record["revisions"]
        for name, table in revision["tables"].items()
    }
    here = str(Path.cwd())
    splits = 0
    for config in datasets.get_dataset_config_names(here):
        loaded = datasets.load_dataset(here, config)
        for split, table in loaded.items():
            newest = record["revisions"][-1]["split"]
            expected = rows[config, newest if split == "train" else split]
            stream = datasets.load_dataset(here, config, split=split, streaming=True)
            counts = len(table), sum(1 for _ in stream)
            if counts != (expected, expected):
                sys.exit(f"{config} {split}: expected {expected} rows, got {counts}")
            splits += 1
    print(f"{splits} splits")
