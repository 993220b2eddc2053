"""Commits of changes alone: rows put in, rows taken out, patches; the rest is as it was.

Only what they touch is read (`azds.store.ready`).
"""

from collections.abc import Mapping

import pyarrow as pa

from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.dataset.committing import (
    Committed,
    Options,
    declared_in,
    headline_of,
    revision_date,
)
from azds.dataset.inputs import open_input
from azds.dataset.patches import Patch
from azds.dataset.row_checks import check_rows_of
from azds.dataset.writer import WRITER
from azds.errors import InvalidInputError, NotFoundError, RefusedError
from azds.ids import near_names, parse_label
from azds.store.folder import DatasetFolder
from azds.store.manifest import Headline, Manifest, TableEntry
from azds.store.ready import Ready
from azds.store.staged import Staged, StagedPatch, StagedRevision, StagedSame, StagedUpserts

__all__ = ["Changes", "commit_changes"]


class Changes:
    """What a commit changes, by table.

    Attributes:
        upserts: Rows that are put in, in place of those with their key.
        deletes: Keys of rows that are taken out.
        patches: Patches that apply to the table of the revision before.
    """

    def __init__(
        self,
        upserts: Mapping[str, object] | None = None,
        deletes: Mapping[str, object] | None = None,
        patches: Mapping[str, Patch] | None = None,
    ) -> None:
        self.upserts = dict(upserts or {})
        self.deletes = dict(deletes or {})
        self.patches = {name: one.edited for name, one in (patches or {}).items()}

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that change."""
        return tuple(dict.fromkeys([*self.upserts, *self.deletes, *self.patches]))


def commit_changes(
    folder: DatasetFolder, label: str, changes: Changes, options: Options
) -> Committed:
    """Store a revision that is the one before with these changes; other tables are as they were.

    The revision before is the label's own, if there is one, else the last.

    Raises:
        InvalidInputError: `bad-label`, `bad-argument`, `bad-column`, `key-null`, `key-repeated`,
            `bad-record`, `patch-misfit`.
        NotFoundError: `unknown-revision` (there is none before), `unknown-table`, `unknown-key`.
        RefusedError: `rows-removed`.
        StorageError, IntegrityError: from the store.
    """
    parse_label(label)
    before = _before(folder, label)
    staged: dict[str, Staged] = {name: StagedSame() for name in before.tables}
    for name in changes.tables:
        entry = _entry(before, name)
        staged[name] = _staged(name, entry, changes, options)
        _guard(name, entry, staged[name], options)
    revision = StagedRevision(
        label=label,
        tables=staged,
        about=before.about,
        date=revision_date(label, options.date),
        measure=lambda ready: _headlines(folder, before, ready),
    )
    commit = folder.commit(
        [revision], writer=WRITER, message=options.message, author=options.author
    )
    manifest = folder.manifest(label)
    return Committed(label, commit, {name: manifest.tables[name].rows for name in changes.tables})


def _headlines(
    folder: DatasetFolder, before: Manifest, ready: Mapping[str, Ready]
) -> tuple[Headline, ...]:
    """The measures: of a table that changed anew, of others as they were."""
    known = {one.measure: one for one in before.headline}
    for measure, one in declared_in(folder).measures.items():
        if one.table in ready:
            found = headline_of(measure, one, ready[one.table].load())
            if found is not None:
                known[measure] = found
    return tuple(known.values())


def _before(folder: DatasetFolder, label: str) -> Manifest:
    held = folder.revisions()
    if not held:
        raise NotFoundError(
            "unknown-revision",
            "there is no revision yet that could be changed",
            where=folder.name,
            advice="commit whole tables first",
        )
    return next((manifest for manifest in held if manifest.label == label), held[-1])


def _entry(before: Manifest, name: str) -> TableEntry:
    if name not in before.tables:
        raise NotFoundError(
            "unknown-table",
            "the revision before has no such table",
            where=before.label,
            got=repr(name),
            advice=near_names(name, before.tables),
        )
    return before.tables[name]


def _staged(name: str, entry: TableEntry, changes: Changes, options: Options) -> Staged:
    given = options.coverage
    coverage = given if isinstance(given, Coverage) else given.get(name, entry.coverage)
    if name in changes.patches:
        if name in changes.upserts or name in changes.deletes:
            raise InvalidInputError(
                "bad-argument", "a table is changed by a patch or by rows, not by both", where=name
            )
        return StagedPatch(coverage, changes.patches[name])
    return StagedUpserts(
        coverage,
        _rows(name, changes.upserts.get(name), entry.schema, options),
        _rows(name, changes.deletes.get(name), _key_schema(entry.schema), options),
    )


def _rows(name: str, given: object, schema: TableSchema, options: Options) -> pa.Table | None:
    if given is None:
        return None
    source = open_input(given, name, encoding=options.encoding)
    missing = [column for column in schema.names if column not in source.schema.names]
    if missing:
        raise InvalidInputError(
            "bad-column", "columns are missing", where=source.name, expected=", ".join(missing)
        )
    checked = check_rows_of(source, schema, most=1)
    if checked.count:
        first = checked.refused[0]
        raise InvalidInputError(
            "bad-record",
            f"{checked.count:,} row(s) break the declaration, nothing was committed",
            where=source.name,
            got=f"row {first.row}: {first.reason}",
        )
    return checked.rows


def _key_schema(schema: TableSchema) -> TableSchema:
    columns = tuple(column for column in schema.columns if column.name in schema.key)
    return TableSchema(schema.name, schema.version, columns)


def _guard(name: str, entry: TableEntry, staged: Staged, options: Options) -> None:
    if isinstance(staged, StagedPatch):
        gone = staged.patch.edits.removed.num_rows
    else:
        deletes = staged.deletes if isinstance(staged, StagedUpserts) else None
        gone = deletes.num_rows if deletes is not None else 0
    if entry.rows and gone / entry.rows > options.most_removed and not options.confirm_removals:
        raise RefusedError(
            "rows-removed",
            f"{gone:,} of {entry.rows:,} rows would be removed, nothing was committed",
            where=name,
            advice="if they are gone, --confirm-removals",
        )
