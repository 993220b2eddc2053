"""The names in a release, and which of them may be opened."""

import re

from azds.release.refused import ReleaseDamagedError
from azds.release.version import Version

__all__ = [
    "MOST_RECORD",
    "MOST_SIGNATURE",
    "MOST_SUMS",
    "OWN_FILES",
    "RECORD_FILE",
    "SIGNATURE_FILE",
    "SUMS_FILE",
    "change_path",
    "csv_path",
    "data_path",
    "parse_path",
    "parse_release",
    "release_name",
    "split_name",
]

RECORD_FILE = "release.json"
SUMS_FILE = "SHA256SUMS"
SIGNATURE_FILE = "SHA256SUMS.sig"
OWN_FILES = frozenset({SUMS_FILE, SIGNATURE_FILE})
"""What the sums do not cover."""
MOST_SUMS = 1 << 24
MOST_RECORD = 1 << 28
MOST_SIGNATURE = 1 << 16
"""Bytes of these files that are read."""

_STEP = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,199}", re.ASCII)
_RELEASE = re.compile(
    r"([A-Za-z][A-Za-z0-9_.-]*)-((?:0|[1-9]\d{0,5})(?:\.(?:0|[1-9]\d{0,5})){2})", re.ASCII
)
_DEEPEST = 6


def release_name(dataset: str, version: Version) -> str:
    """The name of a release and of its folder: the twin of `parse_release`.

    >>> release_name("cities", Version(1, 0, 0))
    'cities-1.0.0'
    """
    return f"{dataset}-{version}"


def parse_release(name: str) -> tuple[str, Version]:
    """The dataset and version that the name of a release says.

    Raises:
        ReleaseDamagedError: `release-invalid`.
    """
    match = _RELEASE.fullmatch(name)
    if match is None:
        raise ReleaseDamagedError(
            "release-invalid",
            "this is no name of a release",
            expected="DATASET-1.2.3",
            got=repr(name[:80]),
        )
    return match[1], Version.parse(match[2])


def parse_path(path: str, where: str) -> str:
    """A path inside a release that stays inside it, on any system.

    Raises:
        ReleaseDamagedError: `release-path`.
    """
    steps = path.split("/")
    if len(steps) > _DEEPEST or not all(_STEP.fullmatch(step) for step in steps):
        raise ReleaseDamagedError(
            "release-path",
            "a path that is none of a release's; nothing was opened",
            where=where,
            expected="names divided by /, inside the folder",
            got=repr(path[:80]),
        )
    return path


def data_path(table: str, label: str) -> str:
    """Where the rows of a table in a revision stand; base names are unique in a release."""
    return f"data/{table}/{table}_{label}.parquet"


def csv_path(table: str, label: str) -> str:
    """Where the copy for spreadsheets and R stands."""
    return f"csv/{table}/{table}_{label}.csv"


def change_path(table: str, old: str, new: str) -> str:
    """Where the changes of a table from one revision to another stand."""
    return f"diffs/{table}/{table}_{old}__{new}.parquet"


def split_name(label: str, taken: set[str]) -> str:
    """The name of a revision as a split: Hugging Face takes letters, digits and underscores.

    >>> split_name("2024-01", set()), split_name("2024.01", {"rev_2024_01"})
    ('rev_2024_01', 'rev_2024_01_2')
    """
    plain = name = "rev_" + re.sub(r"[^A-Za-z0-9]", "_", label)
    number = 1
    while name in taken:
        number += 1
        name = f"{plain}_{number}"
    return name
