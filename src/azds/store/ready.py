"""Tables that are ready to be written: checked, in key order, with the digest of their content.

Loads pyarrow. Pure but for what `StoredTable` reads.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from azds.arrow.digest import ContentDigest, content_digest, digest_of_groups
from azds.arrow.keys import check_keys, key_strings, sort_by_key
from azds.arrow.layout import from_numbers
from azds.arrow.tables import conform
from azds.arrow.types import to_arrow_schema
from azds.changes.edits import Edits, slice_edits
from azds.changes.patch import End, Patch
from azds.changes.patching import apply_patch, make_patch
from azds.changes.positions import positions
from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.errors import InvalidInputError, NotFoundError
from azds.store.manifest import TableEntry
from azds.store.revise import Revised, revise
from azds.store.segments import apply_edits
from azds.store.staged import StagedPatch, StagedTable, StagedUpserts
from azds.store.stored import StoredTable

__all__ = ["Ready", "end_of", "ready_patch", "ready_table", "ready_upserts"]

_SHOWN = 5


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A table to be written.

    Attributes:
        schema: Its columns.
        coverage: How much of it the source could show.
        content: The digest of its rows.
        patch: What makes it of the table before, where that is known already.
        load: Gives the rows, in key order.
    """

    schema: TableSchema
    coverage: Coverage
    content: ContentDigest
    patch: Patch | None
    load: Callable[[], pa.Table]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(group.rows for group in self.content.groups)

    @property
    def end(self) -> End:
        """What it is at the end of a patch."""
        return End(self.schema, self.content.digest, self.rows, self.coverage)


def end_of(entry: TableEntry) -> End:
    """What a stored table is at the end of a patch."""
    return End(entry.schema, entry.digest, entry.rows, entry.coverage)


def ready_table(table: StagedTable) -> Ready:
    """A whole table, checked.

    Raises:
        InvalidInputError: `bad-column`, `key-null`, `key-repeated`.
    """
    try:
        table.rows.validate(full=True)
    except pa.ArrowInvalid as error:
        raise InvalidInputError(
            "bad-column", "a column is broken", where=table.schema.name, got=str(error)
        ) from error
    rows = conform(table.rows, table.schema)
    content = content_digest(rows, table.schema)
    return Ready(table.schema, table.coverage, content, None, lambda: rows)


def ready_patch(staged: StagedPatch, stored: StoredTable) -> Ready:
    """What a patch makes of a stored table; reads only the segments that it touches.

    Raises:
        InvalidInputError: `patch-misfit`, where it starts from another table, or does not lead to
            the one that it names.
    """
    patch, entry = staged.patch, stored.entry
    if patch.old.digest != entry.digest or patch.old.schema.columns != entry.schema.columns:
        raise InvalidInputError(
            "patch-misfit",
            "the patch does not start from the table that is stored",
            where=entry.schema.name,
            expected=entry.digest,
            got=patch.old.digest,
            advice="make the patch from the revision that it is applied to",
        )
    if patch.new.schema.columns != entry.schema.columns:
        rows = apply_patch(stored.read(), patch)
        ready = ready_table(StagedTable(patch.new.schema, staged.coverage, rows))
        _check_end(patch, ready.content)
        return ready
    edits, key = patch.edits, list(entry.schema.key)
    touched = sort_by_key(
        pa.concat_tables([t.select(key) for t in (edits.removed, edits.added, edits.keys)]),
        entry.schema.key,
    )
    with stored.segments() as segments:
        cuts = [segments.cuts(table) for table in (edits.removed, edits.added, edits.keys)]

        def find(_: pa.Table, start: int, stop: int) -> Edits:
            removed, added, keys = ((int(cut[start]), int(cut[stop])) for cut in cuts)
            return slice_edits(edits, removed, added, keys)

        revised = revise(segments, touched, edits.removed.select(key), find)
    content = _content(entry.schema, revised)
    _check_end(patch, content)
    return Ready(
        entry.schema,
        staged.coverage,
        content,
        patch,
        lambda: apply_edits(stored.read(), edits, entry.schema),
    )


def ready_upserts(staged: StagedUpserts, stored: StoredTable) -> Ready:
    """What upserts and deletes make of a stored table; reads only the segments that they touch.

    Raises:
        InvalidInputError: `bad-column`, `key-null`, `key-repeated`.
        NotFoundError: `unknown-key`, where a row that should go is not there.
    """
    schema, key = stored.entry.schema, list(stored.entry.schema.key)
    whole = to_arrow_schema(schema)
    rows = staged.upserts if staged.upserts is not None else whole.empty_table()
    upserts = ready_table(StagedTable(schema, staged.coverage, rows)).load()
    gone = _keys_of(staged.deletes, schema)
    touched = sort_by_key(pa.concat_tables([upserts.select(key), gone]), schema.key)
    check_keys(touched, schema.key, schema.name)
    end = end_of(stored.entry)
    with stored.segments() as segments:
        cuts = [segments.cuts(table) for table in (upserts, gone)]

        def find(there: pa.Table, start: int, stop: int) -> Edits:
            given = upserts.slice(cuts[0][start], cuts[0][stop] - cuts[0][start])
            going = gone.slice(cuts[1][start], cuts[1][stop] - cuts[1][start])
            keys = sort_by_key(pa.concat_tables([given.select(key), going]), schema.key)
            found = positions(there, keys, schema.key)
            met = there.take(from_numbers(found.rows[found.is_there]))
            _refuse_missing(going, met, schema)
            return make_patch(met, given, end, end).edits

        revised = revise(segments, touched, gone, find)
    content = _content(schema, revised)
    patch = Patch(
        end_of(stored.entry),
        End(schema, content.digest, sum(g.rows for g in content.groups), staged.coverage),
        revised.edits,
    )
    return Ready(
        schema,
        staged.coverage,
        content,
        patch,
        lambda: apply_edits(stored.read(), revised.edits, schema),
    )


def _keys_of(deletes: pa.Table | None, schema: TableSchema) -> pa.Table:
    columns = tuple(column for column in schema.columns if column.name in schema.key)
    keys = TableSchema(schema.name, schema.version, columns)
    if deletes is None:
        return to_arrow_schema(keys).empty_table()
    return conform(deletes, keys)


def _refuse_missing(going: pa.Table, met: pa.Table, schema: TableSchema) -> None:
    lost = np.flatnonzero(~positions(met, going, schema.key).is_there)
    if len(lost):
        some = key_strings(going.take(from_numbers(lost[:_SHOWN])), schema.key).to_pylist()
        raise NotFoundError(
            "unknown-key",
            f"{len(lost)} row(s) that should be deleted are not there",
            where=schema.name,
            got=", ".join(some) + (", ..." if len(lost) > _SHOWN else ""),
        )


def _content(schema: TableSchema, revised: Revised) -> ContentDigest:
    return ContentDigest(digest_of_groups(schema, revised.groups), revised.groups)


def _check_end(patch: Patch, content: ContentDigest) -> None:
    if patch.new.digest != content.digest:
        raise InvalidInputError(
            "patch-misfit",
            "the patch does not lead to the table that it names",
            where=patch.new.schema.name,
            expected=patch.new.digest,
            got=content.digest,
        )
