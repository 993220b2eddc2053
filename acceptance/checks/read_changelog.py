"""Parses CHANGELOG.md as Keep a Changelog, and finds the version of the release."""

import json
import sys
from pathlib import Path

import keepachangelog

record = json.loads(Path("release.json").read_bytes())
found = keepachangelog.to_dict("CHANGELOG.md")
if record["version"] not in found:
    sys.exit(f"expected {record['version']}, got {list(found)}")
print(", ".join(name for name in found[record["version"]] if name != "metadata"))
