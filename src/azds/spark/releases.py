"""Releases: row groups of their Parquet files, paired by the keys at which they begin."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from azds.arrow.types import to_arrow_schema
from azds.changes.groups import Group
from azds.changes.parquet_groups import ParquetGroups
from azds.errors import NotFoundError
from azds.release.names import RECORD_FILE, SUMS_FILE
from azds.release.opening import checked
from azds.release.record import Record, RecordedTable, read_record
from azds.release.refused import ReleaseDamagedError
from azds.release.sums import parse_sums
from azds.spark.pairing import Groups
from azds.spark.places import join, opened, read_bytes
from azds.spark.sides import Declared
from azds.spark.stored import missing
from azds.store import canonical
from azds.store.canonical import Json
from azds.store.documents import (
    coverage_from_fields,
    coverage_to_document,
    schema_from_fields,
    schema_to_document,
)
from azds.store.fields import Fields

__all__ = ["Release", "ReleasedSide", "is_release", "open_release"]

_MOST_BYTES = 1 << 28
_PIECE = 1 << 22


@dataclass(frozen=True, slots=True)
class Release:
    """A release on any file system: what its record says, checked against its sums.

    Attributes:
        address: Its folder.
        record: What it holds.
        digests: By path, the SHA-256 that each file has to have.
    """

    address: str
    record: Record
    digests: dict[str, str]

    @property
    def label(self) -> str:
        """The newest revision that it holds, which is the one that compares."""
        return self.record.revisions[-1].label

    @property
    def tables(self) -> dict[str, RecordedTable]:
        """The tables of that revision."""
        own = self.record.tables.items()
        return {name: table for (name, label), table in own if label == self.label}

    def side(self, name: str) -> "ReleasedSide":
        """One table, its file read once to see that it is what was released.

        Raises:
            ReleaseDamagedError: `release-changed`.
            StorageError: `storage-failed`.
        """
        table = self.tables[name]
        where = join(self.address, table.path)
        digest = hashlib.sha256()
        with opened(where) as file:
            while piece := b"" if file is None else file.read(_PIECE):
                digest.update(piece)
        if digest.hexdigest() != self.digests.get(table.path):
            raise ReleaseDamagedError(
                "release-changed",
                "this file is not what was released",
                where=where,
                expected=f"sha256:{self.digests.get(table.path)}",
                got=f"sha256:{digest.hexdigest()}",
            )
        told: dict[str, Json] = {
            "schema": schema_to_document(table.schema),
            "coverage": coverage_to_document(table.coverage),
            "rows": table.rows,
        }
        return ReleasedSide(where, canonical.dump(told))


def is_release(address: str) -> bool:
    """Whether a folder looks like a release."""
    parts = (read_bytes(join(address, name), 0) for name in (RECORD_FILE, SUMS_FILE))
    return all(part is not None for part in parts)


def open_release(address: str) -> Release:
    """The release at an address or path: its sums and its record are read.

    Raises:
        NotFoundError: `no-store`, if there is none.
        ReleaseDamagedError: `release-changed`, `release-invalid`, `release-path`.
        StorageError: `storage-failed`.
    """
    sums, record = (
        read_bytes(join(address, name), _MOST_BYTES) for name in (SUMS_FILE, RECORD_FILE)
    )
    if sums is None or record is None:
        raise NotFoundError(
            "no-store",
            "this is no release",
            where=address,
            expected=f"a folder with {RECORD_FILE} and {SUMS_FILE}",
        )
    digests = dict(parse_sums(sums, join(address, SUMS_FILE)))
    where = join(address, RECORD_FILE)
    if RECORD_FILE not in digests:
        raise ReleaseDamagedError("release-invalid", "the sums do not cover it", where=where)
    return Release(
        address, read_record(checked(record, digests[RECORD_FILE], where), where), digests
    )


@dataclass(frozen=True, slots=True)
class ReleasedSide:
    """One table of a release; goes to the workers as it is.

    Attributes:
        path: Its Parquet file, as workers reach it.
        told: Its schema, coverage and rows, as canonical JSON.
    """

    path: str
    told: bytes

    @property
    def declared(self) -> Declared:
        """What the record says of the table."""
        return _declared(self.told)

    @contextmanager
    def opened(self) -> Iterator[Sequence[Group]]:
        """Its row groups, while its file is open.

        Raises:
            StorageError: `storage-failed`, also where this machine does not see the file.
        """
        with opened(self.path) as file:
            if file is None:
                raise missing(self.path)
            yield list(ParquetGroups.of(file, to_arrow_schema(self.declared.schema)))

    def groups(self, opened: Sequence[Group]) -> Groups:
        """Its row groups, of each the first key."""
        schema = self.declared.schema
        fields = pa.schema([to_arrow_schema(schema).field(name) for name in schema.key])
        starts = [fields.empty_table(), *(_first(group, fields) for group in opened[1:])]
        rows = np.array([group.rows for group in opened])
        return Groups(pa.concat_tables(starts), rows, [None] * len(rows))


def _first(group: Group, fields: pa.Schema) -> pa.Table:
    return group.read(fields.names).slice(0, 1).cast(fields)


@lru_cache(maxsize=8)
def _declared(told: bytes) -> Declared:
    document = canonical.load(told, kind="manifest-invalid", where="release")
    fields = Fields(document, kind="manifest-invalid", where="release")
    return Declared(
        schema_from_fields(fields.child("schema")),
        coverage_from_fields(fields.child("coverage")),
        fields.number("rows"),
    )
