"""Groups: a key-sorted table as stretches of rows that are read one by one.

A table that does not fit in memory is an iterable of groups. A group says how many rows it
has before it is read, may say the digest of its content, and gives the columns
that are asked for. `azds.changes.streams` compares two such tables.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from azds.arrow.kernels import cast

__all__ = ["AlignedGroups", "Group", "Groups", "TableGroup", "TableGroups"]


class Group(Protocol):
    """A stretch of rows, in key order.

    It is read by several threads, at most once for the key and once or, where
    rows share a group with both of their neighbours, a few times for the other columns.
    """

    @property
    def rows(self) -> int:
        """How many rows it has."""

    @property
    def digest(self) -> str | None:
        """The digest of its content, if known: groups with equal ones are equal."""

    def read(self, columns: Sequence[str]) -> pa.Table:
        """These columns, in this order."""

    def same_columns(self, other: "Group") -> frozenset[str]:
        """Columns that are known to hold the same as in `other`, without decoding them."""


class Groups(Protocol):
    """A key-sorted table in groups; read from the start by each `iter`, if at all twice."""

    @property
    def schema(self) -> pa.Schema:
        """The columns of each group."""

    def __iter__(self) -> Iterator[Group]:
        """The groups, in key order."""


@dataclass(frozen=True, slots=True)
class TableGroup:
    """A group in memory.

    Attributes:
        table: Its rows.
        digest: The digest of its content, if known.
    """

    table: pa.Table
    digest: str | None = None

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.table.num_rows)

    def read(self, columns: Sequence[str]) -> pa.Table:
        """These columns, in this order."""
        return self.table.select(list(columns))

    def same_columns(self, other: Group) -> frozenset[str]:  # noqa: ARG002 - as any group
        """None: nothing is known of them."""
        return frozenset()


@dataclass(frozen=True, slots=True)
class TableGroups:
    """A table in memory as groups.

    Attributes:
        table: The table, sorted by key.
        rows: How many rows each group has; together all.
        digests: The digest of each group; None: not known.
    """

    table: pa.Table
    rows: Sequence[int]
    digests: Sequence[str] | None = None

    @property
    def schema(self) -> pa.Schema:
        """The columns of each group."""
        return self.table.schema

    def __iter__(self) -> Iterator[Group]:
        """The groups, in key order."""
        start = 0
        for at, rows in enumerate(self.rows):
            digest = None if self.digests is None else self.digests[at]
            yield TableGroup(self.table.slice(start, rows), digest)
            start += rows


@dataclass(frozen=True, slots=True)
class _Aligned:
    """A group whose columns are renamed and cast as they are read."""

    group: Group
    schema: pa.Schema
    stored: Mapping[str, str]

    @property
    def rows(self) -> int:
        return self.group.rows

    @property
    def digest(self) -> None:
        return None

    def read(self, columns: Sequence[str]) -> pa.Table:
        read = self.group.read([self.stored[name] for name in columns])
        fields = [self.schema.field(name) for name in columns]
        pairs = zip(fields, read.columns, strict=True)
        arrays = [cast(values, field.type) for field, values in pairs]
        return pa.Table.from_arrays(arrays, schema=pa.schema(fields))

    def same_columns(self, other: Group) -> frozenset[str]:  # noqa: ARG002 - types may differ
        return frozenset()


@dataclass(frozen=True, slots=True)
class AlignedGroups:
    """Groups under the names and in the types of another schema; their digests do not count.

    Attributes:
        groups: As they are stored.
        schema: As they are to be.
        stored: The stored name of each column of `schema`.
    """

    groups: Groups
    schema: pa.Schema
    stored: Mapping[str, str]

    def __iter__(self) -> Iterator[Group]:
        """The groups, in key order."""
        return (_Aligned(group, self.schema, self.stored) for group in self.groups)
