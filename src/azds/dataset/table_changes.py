"""What changed in one table between two revisions, by the way that reads least.

Equal digests: nothing is read. Stored patches between the two: those. Large tables: group by group,
those with equal digests unread. Else both tables, in memory.
"""

import pyarrow as pa

from azds.arrow.keys import key_strings
from azds.arrow.types import to_arrow_schema
from azds.changes import TableChanges, seen
from azds.changes.classify import Seen, Side, classify
from azds.changes.compare import common_columns
from azds.changes.edits import Edits
from azds.changes.upgraded import compare_upgraded
from azds.coverage import Coverage
from azds.dataset.snapshot import Snapshot
from azds.dataset.table import Table
from azds.store.manifest import TableEntry

__all__ = ["compared", "table_changes"]

_LARGE = 1 << 24
"""Tables whose checkpoints together have more bytes are not held in memory."""


def table_changes(old: Snapshot, new: Snapshot, name: str) -> TableChanges:
    """The changes of the table of that name; at least one of the revisions has it.

    Raises:
        InvalidInputError: `bad-key`, if the key columns differ.
        IntegrityError: What is stored is not what was written.
    """
    before, after = old.manifest.tables.get(name), new.manifest.tables.get(name)
    if before is not None and after is not None:
        if before.schema == after.schema and _is_told_by_key(before, after):
            edits = _stored_edits(old, new, name)
            if edits is not None:
                return _classified(edits, old, new, name)
        if before.file.bytes + after.file.bytes > _LARGE:
            return _streamed(old, new, name)
    return compared(_side(old, new, name), _side(new, old, name), old, new)


def _is_told_by_key(before: TableEntry, after: TableEntry) -> bool:
    """Whether what each side covers can be told of a changed row by its key alone."""
    covers = {*before.coverage.covers, *after.coverage.covers}
    return covers <= set(after.schema.key)


def _stored_edits(old: Snapshot, new: Snapshot, name: str) -> Edits | None:
    """What differs, as stored patches have it; None where they do not lead from old to new."""
    before, after = old.manifest.tables[name], new.manifest.tables[name]
    if before.digest == after.digest:
        none = to_arrow_schema(after.schema).empty_table()
        return Edits(none, none, none.select(list(after.schema.key)), {})
    if old.folder.path != new.folder.path:
        return None
    patch = new.folder.patch_between(before, after)
    return None if patch is None else patch.edits


def _classified(edits: Edits, old: Snapshot, new: Snapshot, name: str) -> TableChanges:
    before, after = old.manifest.tables[name], new.manifest.tables[name]
    schema, change = common_columns(before.schema, after.schema)
    return classify(
        edits,
        Side(before.coverage, before.rows, _seen(old, name, after.coverage)),
        Side(after.coverage, after.rows, _seen(new, name, before.coverage)),
        schema=schema,
        schema_change=change,
    )


def _streamed(old: Snapshot, new: Snapshot, name: str) -> TableChanges:
    from azds.changes.streamed import diff_groups  # noqa: PLC0415 - for large tables only

    before, after = old.manifest.tables[name], new.manifest.tables[name]
    stored = [side.folder.stored_table(side.label, name) for side in (old, new)]
    with stored[0].segments() as first, stored[1].segments() as second:
        return diff_groups(
            first,
            second,
            old_schema=before.schema,
            new_schema=after.schema,
            old_coverage=before.coverage,
            new_coverage=after.coverage,
            old_seen=_seen(old, name, after.coverage),
            new_seen=_seen(new, name, before.coverage),
            total=before.rows + after.rows,
        )


def compared(before: Table, after: Table, old: Snapshot, new: Snapshot) -> TableChanges:
    """The changes of tables that are held in memory: whole ones, or some rows of both."""
    name = after.schema.name
    coverages = [side.coverage or Coverage("complete") for side in (before, after)]
    return compare_upgraded(
        before.to_arrow(),
        after.to_arrow(),
        old_schema=before.schema,
        new_schema=after.schema,
        old_coverage=coverages[0],
        new_coverage=coverages[1],
        old_seen=_seen(old, name, coverages[1]),
        new_seen=_seen(new, name, coverages[0]),
    )


def _side(snapshot: Snapshot, other: Snapshot, name: str) -> Table:
    if name in snapshot.manifest.tables:
        return snapshot[name]
    there = other[name]
    absent = Coverage("absent", reason="this revision has no such table")
    return Table(there.schema, there.to_arrow().slice(0, 0), absent, snapshot.label)


def _seen(side: Snapshot, name: str, other: Coverage) -> Seen | None:
    """Whether the other source saw any place where the evidence of each row stands."""
    if not other.places or "evidence" not in side.manifest.tables:
        return None

    schema = side.manifest.tables[name].schema
    places = [schema.names.index(column) for column in schema.key]

    def of_rows(rows: pa.Table) -> pa.BooleanArray:
        key = tuple(rows.column_names[at] for at in places)  # they may have been renamed since
        keys = key_strings(rows, key)
        return seen(side["evidence"].to_arrow(), name, keys, other.places)

    return of_rows
