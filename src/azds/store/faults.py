"""Every fault that `verify` tells, each with a stable code and a sentence.

Codes are only ever added. `docs/reliability.md` has them as a table, and
`tests/faults/fixtures/` a damaged store for each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["CODES", "Fault"]

_MARKER = {
    "marker-missing": "the store's marker is missing",
    "marker-empty": "the store's marker is empty",
    "marker-format": "the store's marker says a format that this program does not know",
    "marker-changed": "the store's marker is not what was written",
}
_LOG = {
    "log-missing": "there are revisions, but no log that says which count",
    "log-empty": "there are revisions, but the log has no record",
    "log-not-folder": "something that is no folder stands where the log should",
    "record-missing": "a record of the log is missing",
    "record-not-file": "something that is no file stands where a record should",
    "record-empty": "a record of the log is empty",
    "record-not-json": "a record of the log is no JSON object; it may be cut, or added to",
    "record-not-canonical": "a record of the log is JSON, but not as azds writes it",
    "record-hash": "a record of the log does not have the hash that it says of itself",
    "record-number": "this is the record of another number",
    "record-format": "a record of the log has a format that this program does not know",
    "record-invalid": "a record of the log has a right hash, but fields that azds does not write",
    "record-path": "a record of the log names a folder that cannot be one of its label",
    "record-parent": "a record of the log does not follow the one before",
    "record-folder": "a record of the log names a folder that an earlier one made",
}
_MANIFEST = {
    "revision-missing": "the folder of a revision is missing",
    "revision-not-folder": "something that is no folder stands where a revision should",
    "manifest-missing": "a manifest is missing",
    "manifest-not-file": "something that is no file stands where a manifest should",
    "manifest-empty": "a manifest is empty",
    "manifest-swapped": "this is the manifest of another revision of this dataset",
    "manifest-changed": "a manifest is not what was written",
    "manifest-not-json": "a manifest has the logged digest, but is no JSON object",
    "manifest-not-canonical": "a manifest has the logged digest, but not the form that azds writes",
    "manifest-format": "a manifest has a format that this program does not know",
    "manifest-dataset": "a manifest has the logged digest, but is of another dataset",
    "manifest-label": "a manifest has the logged digest, but is of another revision",
    "manifest-path": "a manifest names a file by a path that leaves its place",
    "manifest-groups": "the groups of a table do not have its number of rows",
    "manifest-invalid": "a manifest has the logged digest, but fields that azds does not write",
    "manifest-position": "two revisions stand at one position",
    "manifest-case": "the names of two tables differ in case alone",
    "manifest-unlogged": "a manifest names a file in a folder that no record made",
    "manifest-later": "a manifest names a file in a folder that a later record made",
    "manifest-disagrees": "two manifests say different things of one file",
}
_FILE = {
    "file-missing": "a table's file is missing",
    "file-not-file": "something that is no file stands where a table's file should",
    "file-empty": "a table's file is empty",
    "file-short": "a table's file is shorter than what was written",
    "file-long": "a table's file is longer than what was written",
    "file-doubled": "a table's file is what was written, twice",
    "file-extended": "a table's file is what was written, and more after it",
    "file-swapped": "a table's file holds what was written under another name",
    "file-changed": "a table's file is not what was written",
    "file-extra": "the revision's manifest does not name this",
    "file-unreadable": "the system refuses to read this",
}
_CONTENT = {
    "content-unreadable": "a file has the right digest, but is no Parquet that can be read",
    "content-too-large": "a file has the right digest, but declares more than may be decoded",
    "content-rows": "a table does not have the manifest's number of rows",
    "content-columns": "a table does not have the manifest's columns",
    "content-types": "a column does not have the manifest's type",
    "content-null": "a column has no value in a row, though it must",
    "content-invalid": "a column holds what is no value of its type",
    "key-null": "a row has no key",
    "key-order": "the rows are not in the order of their keys",
    "key-repeated": "two rows have one key",
    "content-groups": "a table is the manifest's, but its groups are not",
    "content-changed": "a table is not the one whose digest the manifest gives",
}
_PATCH = {
    "patch-chain": "a patch applies to a table that is not there, or patches stand on each other",
    "patch-ends": "a patch is not between the tables that the manifests name",
    "patch-content": "a patch does not make the table that the manifest describes",
}
_STRAY = {
    "stray-file": "nothing names this file",
    "stray-folder": "nothing names this folder",
    "stray-in-log": "this is no record of the log",
    "stray-case": "the name of this differs in case alone from one that is stored",
    "leftover-empty": "no record names this revision's folder; it is empty",
    "leftover-part": "no record names this revision's folder; it is not whole",
    "leftover-whole": "no record names this revision's folder; it is whole: is a record lost?",
    "leftover-scratch": "an interrupted command left this file",
}

CODES: Mapping[str, str] = MappingProxyType(
    dict(
        sorted(
            {
                **_MARKER,
                **_LOG,
                **_MANIFEST,
                **_FILE,
                **_CONTENT,
                **_PATCH,
                **_STRAY,
            }.items()
        )
    )
)
"""Every code that a fault may have, and what it means. Codes are only ever added."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a stored dataset.

    Attributes:
        code: One of `CODES`.
        file: The file or folder, from the store's folder, with `/`.
        revision: The labels of the revisions that need the file, joined by `, `; empty where
            none is known (the log, the marker, what nothing names).
        message: What is wrong, in one line.
    """

    code: str
    file: str
    revision: str
    message: str
