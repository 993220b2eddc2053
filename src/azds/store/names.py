"""The names in a store: which file is what (DESIGN section 7)."""

import re

from azds.errors import InvalidInputError
from azds.ids import Label, parse_label

__all__ = [
    "DATASET_FILE",
    "FORMAT",
    "LOCK_FILE",
    "LOG_FOLDER",
    "MANIFEST_FILE",
    "MARKER_FILE",
    "PATCH_ENDING",
    "TABLE_ENDING",
    "TMP_FOLDER",
    "edition_folder",
    "parse_folder",
    "record_file",
    "record_number",
]

FORMAT = 0
"""The format on disk. Until release 1.0.0 it is mended, not carried."""

MARKER_FILE = "azds-store.json"
DATASET_FILE = "dataset.toml"
LOG_FOLDER = "log"
LOCK_FILE = "lock"
TMP_FOLDER = "tmp"
MANIFEST_FILE = "manifest.json"
TABLE_ENDING = ".parquet"
PATCH_ENDING = ".patch.parquet"

_EDITION = re.compile(r"([^@]+)(?:@([1-9][0-9]{0,8}))?")
_RECORD = re.compile(r"([0-9]{6,9})\.json")


def edition_folder(label: str, edition: int) -> str:
    """The folder of a label's edition: the twin of `parse_folder`.

    >>> edition_folder("2016", 1), edition_folder("2016", 2)
    ('2016', '2016@2')
    """
    return label if edition == 1 else f"{label}@{edition}"


def parse_folder(text: str) -> tuple[Label, int] | None:
    """The label and edition that a folder's name says, or None if it is no such name.

    >>> parse_folder("2016@2"), parse_folder("../etc")
    (('2016', 2), None)
    """
    match = _EDITION.fullmatch(text)
    if match is None or match[2] == "1":
        return None
    try:
        return parse_label(match[1]), int(match[2] or 1)
    except InvalidInputError:
        return None


def record_file(number: int) -> str:
    """The name of a record's file.

    >>> record_file(1)
    '000001.json'
    """
    return f"{number:06d}.json"


def record_number(file: str) -> int | None:
    """The number that a file's name says, or None if it is no record: the twin of `record_file`.

    >>> record_number("000012.json"), record_number("12.json")
    (12, None)
    """
    match = _RECORD.fullmatch(file)
    number = int(match[1]) if match else 0
    return number if number and record_file(number) == file else None
