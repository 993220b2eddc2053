"""The commit: stage, sync, rename, sync, link the record, sync, acknowledge.

The order is the promise. Every file is complete and synced before its folder
gets the name that the record will say; every name is synced before the record
is linked; the link is the commit. What an interruption leaves behind is named by
no record: `tmp/` is emptied by the next commit, a folder in the way of one is
replaced by it, and any other is left for people to see (`azds verify`).

Loads pyarrow. For `DatasetFolder.commit` alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from azds.columns import TableSchema
from azds.errors import InvalidInputError, RefusedError, StorageError
from azds.ids import parse_label, parse_name
from azds.progress import task
from azds.store import port
from azds.store.log import LoggedRevision, LogRecord
from azds.store.names import (
    LOCK_FILE,
    LOG_FOLDER,
    MANIFEST_FILE,
    TABLE_ENDING,
    TMP_FOLDER,
    record_file,
)
from azds.store.ready import Ready, ready_table
from azds.store.staged import Commit, Staged, StagedPatch, StagedRevision, StagedTable
from azds.store.staging import Staging
from azds.store.state import State, read_state

__all__ = ["commit"]

_Checked = tuple[StagedRevision, Mapping[str, Ready | Staged]]


def commit(  # noqa: PLR0913 - what, where, and by whom
    path: Path,
    dataset: str,
    staged: Sequence[StagedRevision],
    *,
    writer: Mapping[str, str],
    message: str = "",
    author: str = "",
) -> Commit:
    """Publish these revisions of the dataset at `path`, all of them or none.

    `message` and `author` stand in the log record alone.

    Raises:
        InvalidInputError: The input breaks a rule; nothing was written.
        IntegrityError: What is stored is damaged; nothing was written.
        RefusedError: `in-the-way`, a folder that azds did not make has a name that is needed.
        StorageError: `storage-failed`, the dataset is as it was; `commit-unknown`,
            the commit can be seen but may not survive a power cut.
    """
    known: dict[tuple[int, TableSchema], Ready] = {}
    ready = [_checked(revision, known) for revision in staged]
    _refuse_repeats([revision.label for revision, _ in ready], "a label stands twice in one commit")
    with port.locked(path / LOCK_FILE):
        tmp = path / TMP_FOLDER
        port.remove_tree(tmp)  # writers that still live hold the lock
        state = read_state(path, dataset)
        staging = Staging(path, dataset, state, writer)
        try:
            with task("storing", "revisions", len(ready)) as advance:
                for revision, tables in ready:
                    staging.stage(revision, tables)
                    advance(1)
            return _publish(path, state, staging, message, author)
        finally:
            with suppress(StorageError):
                port.remove_tree(tmp)


def _publish(path: Path, state: State, staging: Staging, message: str, author: str) -> Commit:
    """Rename, sync, link, sync. Nothing but the link makes the commit."""
    _refuse_repeats(
        [manifest.position for manifest in staging.manifests.values()],
        "two revisions have one position",
    )
    log, last = path / LOG_FOLDER, state.records[-1] if state.records else None
    if port.kind_of(log) is None:  # first, since revisions without a log are damage
        port.make_folder(log)
        port.sync_folder(path)
    for new in staging.new.values():
        _clear(path, new.name)
        port.rename_new(new.scratch, path / new.name)
    port.sync_folder(path)
    port.sync_folder(path.parent)  # the dataset's own name may be as new
    if staging.new:
        last = LogRecord.after(
            last,
            {label: LoggedRevision(new.name, new.manifest) for label, new in staging.new.items()},
            message=message,
            author=author,
        )
        _link(path, last)
    _settle(log)
    return Commit(
        last.number if last else 0,
        MappingProxyType({label: new.name for label, new in staging.new.items()}),
        tuple(staging.unchanged),
    )


def _link(path: Path, record: LogRecord) -> None:
    scratch = path / TMP_FOLDER / port.fresh_name()
    port.write_new(scratch, record.to_bytes())
    target = path / LOG_FOLDER / record_file(record.number)
    if not port.link_new(scratch, target):
        raise StorageError(
            "storage-failed",
            "another writer made this record, though the lock was held",
            where=str(target),
            advice="the file system may not keep locks; run the command again",
        )


def _settle(log: Path) -> None:
    try:
        port.sync_folder(log)
    except StorageError as error:
        raise StorageError(
            "commit-unknown",
            f"the commit can be seen but may not survive a power cut: {error.what}",
            where=error.where,
            advice="run the same command again",
        ) from error


def _clear(path: Path, folder: str) -> None:
    """Remove what an interrupted commit left under a name that no record names."""
    names = port.list_folder(path / folder)
    if names is None:
        return
    for name in names:
        ours = name == MANIFEST_FILE or name.endswith(TABLE_ENDING)
        if not ours or port.kind_of(path / folder / name) != "file":
            raise RefusedError(
                "in-the-way",
                "a folder that azds did not make has the name of a new revision",
                where=str(path / folder),
                got=name,
                advice="move it away and run the command again",
            )
    port.remove_tree(path / folder)


def _checked(revision: StagedRevision, known: dict[tuple[int, TableSchema], Ready]) -> _Checked:
    """A revision whose input was looked at as far as it can be before the lock is taken.

    `known` are the tables of this commit that were, by the identity of their rows.
    """
    parse_label(revision.label)
    for name, table in revision.tables.items():
        schema = _schema_of(table)
        if parse_name(name, "table") != (schema.name if schema else name):
            raise InvalidInputError(
                "bad-name",
                "a table must be staged under the name in its schema",
                where=revision.label,
                expected=schema.name if schema else None,
                got=name,
            )
    _refuse_repeats(
        [name.casefold() for name in revision.tables], "two tables differ in case alone"
    )
    tables = {
        name: _ready(table, known) if isinstance(table, StagedTable) else table
        for name, table in revision.tables.items()
    }
    return revision, tables


def _ready(table: StagedTable, known: dict[tuple[int, TableSchema], Ready]) -> Ready:
    """A whole table, checked. The very same rows in a later revision are not hashed again."""
    same = id(table.rows), table.schema  # the rows live as long as the commit does
    if same not in known:
        known[same] = ready_table(table)
    return replace(known[same], coverage=table.coverage)


def _schema_of(table: Staged) -> TableSchema | None:
    if isinstance(table, StagedTable):
        return table.schema
    return table.patch.new.schema if isinstance(table, StagedPatch) else None


def _refuse_repeats(values: Sequence[str] | Sequence[int], what: str) -> None:
    twice = [str(value) for value, count in Counter(values).items() if count > 1]
    if twice:
        raise InvalidInputError("bad-argument", what, got=", ".join(sorted(twice)))
