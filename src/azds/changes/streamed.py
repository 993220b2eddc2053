"""The comparison of two tables that are read group by group, as `compare_upgraded` has it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from azds.arrow.types import to_arrow_schema
from azds.arrow.widening import aligned
from azds.changes.classify import Seen, Side
from azds.changes.compare import changes_of_parts, plan_of
from azds.changes.groups import AlignedGroups, Group, Groups
from azds.changes.result import TableChanges
from azds.changes.streams import stream_parts
from azds.changes.upgraded import told_as_declared
from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.progress import task

__all__ = ["diff_groups"]


def diff_groups(  # noqa: PLR0913 - two sides with four things each
    old: Groups,
    new: Groups,
    *,
    old_schema: TableSchema,
    new_schema: TableSchema,
    old_coverage: Coverage,
    new_coverage: Coverage,
    old_seen: Seen | None = None,
    new_seen: Seen | None = None,
    rtol: float = 0.0,
    total: int | None = None,
) -> TableChanges:
    """What changed, and how that is known, without holding more than a few groups of either side.

    Shape: each side sorted by key, in the columns and types of its schema; as
    `azds.changes.upgraded.compare_upgraded` of both tables otherwise. Memory depends on
    the size of the groups and on how much changed. `total`, the rows of both sides where
    they are known, is for who watches the progress.

    >>> from azds.arrow.types import schema_from_arrow
    >>> from azds.changes.groups import TableGroups
    >>> table = pa.table({"id": [1, 2, 3], "x": [5, 6, 7]})
    >>> schema = schema_from_arrow(table.schema, name="t", key=("id",))
    >>> changes = diff_groups(
    ...     TableGroups(table, [2, 1]),
    ...     TableGroups(table.slice(1), [1, 1]),
    ...     old_schema=schema,
    ...     new_schema=schema,
    ...     old_coverage=Coverage("complete"),
    ...     new_coverage=Coverage("complete"),
    ... )
    >>> changes.equal, changes.removed.to_pylist()
    (2, [{'id': 1, 'x': 5}])

    Raises:
        InvalidInputError: `bad-key`, if the key columns differ.
        IntegrityError: `key-order`, `key-null`, where a side is not sorted by its key.
    """
    stored = [to_arrow_schema(schema) for schema in (old_schema, new_schema)]
    empty = [pa.Table.from_batches([], schema) for schema in stored]
    sides = aligned(empty[0], empty[1], old_schema, new_schema)
    has_one = [(c.name, c.type) for c in old_schema.columns] == [
        (c.name, c.type) for c in new_schema.columns
    ]  # else digests, which say nothing of names and types, do not count
    counted = [
        _Counted(groups if has_one else _upgraded(groups, own, side.schema))
        for groups, own, side in zip((old, new), stored, sides, strict=False)
    ]
    plan = plan_of(sides[2], sides[3], old_coverage, new_coverage, rtol)
    with task("comparing", "rows", total) as advance:
        for one in counted:
            one.advance = advance
        parts = list(stream_parts(counted[0], counted[1], plan))
    changes = changes_of_parts(
        parts,
        old_schema=sides[2],
        new_schema=sides[3],
        old=Side(old_coverage, counted[0].rows, old_seen),
        new=Side(new_coverage, counted[1].rows, new_seen),
    )
    return told_as_declared(changes, old_schema, new_schema, sides[2])


def _upgraded(groups: Groups, stored: pa.Schema, schema: pa.Schema) -> Groups:
    return AlignedGroups(groups, schema, dict(zip(schema.names, stored.names, strict=True)))


@dataclass(slots=True)
class _Counted:
    """Groups whose rows are counted as they are read."""

    groups: Groups
    rows: int = 0
    advance: Callable[[int], None] | None = None

    @property
    def schema(self) -> pa.Schema:
        return self.groups.schema

    def __iter__(self) -> Iterator[Group]:
        for group in self.groups:
            self.rows += group.rows
            yield group
            if self.advance:
                self.advance(group.rows)
