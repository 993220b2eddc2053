"""Tables that azds wrote, compared row group by row group; no row moves from worker to worker."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from azds._version import __version__
from azds.arrow.types import to_arrow_schema
from azds.changes.blocks import plain_rows
from azds.changes.groups import Group
from azds.changes.streamed import diff_groups
from azds.columns import Role, TableSchema
from azds.dataset.diff import TableDiff
from azds.spark.pairing import Stretch, pair_groups, rows_between
from azds.spark.sides import Numbered, Side
from azds.spark.wire import DDL, answer

__all__ = ["compare_pairs"]


def compare_pairs(
    spark: SparkSession, old: Side, new: Side, roles: tuple[Role, ...]
) -> DataFrame | None:
    """What differs, as workers hand it back (`azds.spark.wire`); None where nothing does.

    Only what is known of the groups is read here; nothing runs yet.

    Raises:
        IntegrityError, StorageError: From the files.
    """
    schemas = old.declared.schema, new.declared.schema
    with old.opened() as first, new.opened() as second:
        before, after = old.groups(first), new.groups(second)
    before = replace(before, starts=before.starts.rename_columns(list(schemas[1].key)))
    if _columns(schemas[0]) != _columns(schemas[1]):  # digests say nothing of names and types
        before = replace(before, digests=[None] * len(before.digests))
    tasks = pair_groups(before, after)
    if not tasks:
        return None
    work = _Work(old, new, tasks, roles)
    return spark.range(0, len(tasks), 1, len(tasks)).mapInArrow(work.run, DDL)


def _columns(schema: TableSchema) -> list[tuple[str, str]]:
    return [(column.name, column.type) for column in schema.columns]


@dataclass(frozen=True, slots=True)
class _Work:
    """What a worker does with the numbers of tasks."""

    old: Side
    new: Side
    tasks: Sequence[Sequence[Stretch]]
    roles: tuple[Role, ...]
    version: str = __version__

    def run(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The changed cells, and what was counted."""
        numbers = (at for batch in batches for at in batch.column(0).to_pylist())
        yield from answer(
            (self._compared(self.tasks[at]) for at in numbers), self.roles, self.version
        )

    def _compared(self, task: Sequence[Stretch]) -> TableDiff:
        before, after = self.old.declared, self.new.declared
        with self.old.opened() as old, self.new.opened() as new:
            changes = diff_groups(
                _Some(old, before.schema, [(one.old, one.since, one.until) for one in task]),
                _Some(new, after.schema, [(one.new, one.since, one.until) for one in task]),
                old_schema=before.schema,
                new_schema=after.schema,
                old_coverage=before.coverage,
                new_coverage=after.coverage,
            )
        return TableDiff(after.schema.name, changes)


_Range = tuple[tuple[int, int], pa.Table | None, pa.Table | None]


@dataclass(frozen=True, slots=True)
class _Some:
    """The groups of one side in some ranges of keys."""

    held: Numbered
    table: TableSchema
    ranges: Sequence[_Range]

    @property
    def schema(self) -> pa.Schema:
        return to_arrow_schema(self.table)

    def __iter__(self) -> Iterator[Group]:
        for (start, stop), since, until in self.ranges:
            for number in range(start, stop):
                edges = since if number == start else None, until if number == stop - 1 else None
                group = self.held[number]
                yield group if edges == (None, None) else self._part(group, *edges)

    def _part(self, group: Group, since: pa.Table | None, until: pa.Table | None) -> Group:
        read = group.read(self.table.key)
        keys = pa.Table.from_batches([plain_rows(read, 0, read.num_rows)])
        start, stop = rows_between(keys, since, until)
        return _Part(group, start, stop - start)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some rows of a group: those between two keys."""

    group: Group
    start: int
    rows: int

    @property
    def digest(self) -> None:
        return None

    def read(self, columns: Sequence[str]) -> pa.Table:
        return self.group.read(columns).slice(self.start, self.rows)

    def same_columns(self, other: Group) -> frozenset[str]:  # noqa: ARG002 - parts have no digests
        return frozenset()
