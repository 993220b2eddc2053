"""Datasets on disk: the only module through which stored bytes pass.

`port` speaks to the operating system and nothing else does. `canonical`, `fields`,
`documents`, `manifest` and `log` say what is written; `parquet` holds tables;
`commit` publishes; `folder` is what other floors hold; `verify` and `compare` judge.

Nothing here trusts what it reads: a record is checked by its own hash and its
parent's, a manifest by its record, a file by its manifest, before it is decoded.
Importing this package loads no pyarrow; the first table that is read or written does.
"""

from azds.store.compare import first_difference
from azds.store.documents import coverage_to_document, schema_to_document
from azds.store.folder import (
    DatasetFolder,
    StoreFolder,
    find_store,
    init_store,
    is_store,
    open_store,
)
from azds.store.log import LoggedRevision, LogRecord
from azds.store.manifest import (
    Correction,
    FileEntry,
    GroupEntry,
    Headline,
    Manifest,
    Repair,
    SourceEntry,
    TableEntry,
)
from azds.store.staged import Commit, StagedPatch, StagedRevision, StagedTable, StagedUpserts
from azds.store.verify import CODES, Fault, verify

__all__ = [
    "CODES",
    "Commit",
    "Correction",
    "DatasetFolder",
    "Fault",
    "FileEntry",
    "GroupEntry",
    "Headline",
    "LogRecord",
    "LoggedRevision",
    "Manifest",
    "Repair",
    "SourceEntry",
    "StagedPatch",
    "StagedRevision",
    "StagedTable",
    "StagedUpserts",
    "StoreFolder",
    "TableEntry",
    "coverage_to_document",
    "find_store",
    "first_difference",
    "init_store",
    "is_store",
    "open_store",
    "schema_to_document",
    "verify",
]
