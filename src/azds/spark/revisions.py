"""Two revisions, table by table: what this process answers at once, and what workers compare."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession

from azds.arrow.types import to_arrow_schema
from azds.changes.upgraded import compare_upgraded
from azds.columns import Role
from azds.dataset.diff import Diff, TableDiff
from azds.dataset.revision import BOOKKEEPING
from azds.dataset.snapshot import Snapshot
from azds.errors import InvalidInputError, NotFoundError
from azds.ids import near_names
from azds.spark.mirrors import bring, root_of
from azds.spark.pairs import compare_pairs
from azds.spark.releases import Release
from azds.spark.sides import Declared, EmptySide, Side
from azds.spark.stored import StoredSide
from azds.store.lineage import steps_between
from azds.store.manifest import FileEntry, TableEntry
from azds.store.state import entry_in

__all__ = ["Part", "parts_of", "parts_of_releases"]

_SMALL = 1 << 18
"""Rows of both sides that this process compares sooner than a cluster begins."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One table of a diff.

    Attributes:
        told: Its diff, of all rows that may differ; of none where workers compare them.
        found: What workers hand back; None where they have nothing to do.
        totals: How many rows both sides have.
    """

    told: TableDiff
    found: DataFrame | None
    totals: tuple[int, int]


def parts_of(
    spark: SparkSession,
    old: Snapshot,
    new: Snapshot,
    tables: Sequence[str] | None,
    roles: tuple[Role, ...],
) -> Iterator[Part]:
    """The tables of a diff of two revisions, in order.

    What stored patches tell, small tables, and tables whose rows compare by the places where
    their evidence stands are compared here, as without Spark.

    Raises:
        NotFoundError: `unknown-table`.
        InvalidInputError: `bad-key`, if the key columns differ.
        IntegrityError, StorageError: From the stores.
    """
    diff = Diff(old, new, tables)
    for name in diff.tables:
        before, after = (side.manifest.tables.get(name) for side in (old, new))
        rows = before.rows if before else 0, after.rows if after else 0
        if _is_for_here(old, new, before, after):
            for side in (old, new):
                _bring(side, name)
                _bring(side, "evidence")
            yield Part(diff[name], None, rows)
        else:
            yield _part(spark, _side(old, new, name), _side(new, old, name), roles)


def parts_of_releases(
    spark: SparkSession,
    old: Release,
    new: Release,
    tables: Sequence[str] | None,
    roles: tuple[Role, ...],
) -> Iterator[Part]:
    """The same of the newest revisions of two releases, all compared by workers.

    Raises:
        NotFoundError: `unknown-table`.
        InvalidInputError: `bad-key`; `bad-argument`, of different datasets, or with tables that
            compare by evidence.
    """
    if old.record.dataset != new.record.dataset:
        raise InvalidInputError(
            "bad-argument",
            "these are releases of different datasets",
            expected=old.record.dataset,
            got=new.record.dataset,
        )
    known = list(dict.fromkeys([*old.tables, *new.tables]))
    for name in tables or [name for name in known if name not in BOOKKEEPING]:
        if name not in known:
            raise NotFoundError(
                "unknown-table", "no such table", got=repr(name), advice=near_names(name, known)
            )
        sides = [
            one.side(name) if name in one.tables else EmptySide(other.tables[name].schema)
            for one, other in ((old, new), (new, old))
        ]
        if any(
            two.declared.coverage.places and "evidence" in one.tables
            for one, two in zip((old, new), sides[::-1], strict=True)
        ):
            raise InvalidInputError(
                "bad-argument",
                "tables of articles compare by their evidence, which is done without a cluster",
                where=name,
                advice="leave --engine spark out",
            )
        yield _part(spark, sides[0], sides[1], roles)


def _part(spark: SparkSession, old: Side, new: Side, roles: tuple[Role, ...]) -> Part:
    before, after = old.declared, new.declared
    found = compare_pairs(spark, old, new, roles)
    return Part(_without_rows(before, after), found, (before.rows, after.rows))


def _side(own: Snapshot, other: Snapshot, name: str) -> Side:
    if name not in own.manifest.tables:
        return EmptySide(other.manifest.tables[name].schema)
    _bring(own, name, whole=False)
    return StoredSide.of(root_of(own.folder), own.folder.stored_table(own.label, name))


def _is_for_here(
    old: Snapshot, new: Snapshot, before: TableEntry | None, after: TableEntry | None
) -> bool:
    rows = sum(entry.rows for entry in (before, after) if entry)
    if rows <= _SMALL or _needs_evidence(old, after) or _needs_evidence(new, before):
        return True
    if before is None or after is None:
        return False
    is_told_by_key = {*before.coverage.covers, *after.coverage.covers} <= set(after.schema.key)
    if before.schema != after.schema or not is_told_by_key:
        return False
    if before.digest == after.digest:
        return True
    return (
        old.folder.path == new.folder.path
        and steps_between(before, after, lambda folder: _entry(new, folder, after.schema.name))
        is not None
    )


def _needs_evidence(side: Snapshot, other: TableEntry | None) -> bool:
    return bool(other and other.coverage.places) and "evidence" in side.manifest.tables


def _entry(side: Snapshot, folder: str, name: str) -> TableEntry | None:
    own = side.folder
    return entry_in(own.name, own.state(), folder, name)


def _files(side: Snapshot, entry: TableEntry) -> Iterator[FileEntry]:
    """The files that a table is made of, and the patches by which its neighbours are known."""
    seen = set()
    waiting = [entry]
    while waiting:
        one = waiting.pop()
        for file in one.files:
            if file.path not in seen:
                seen.add(file.path)
                yield file
                before = _entry(side, file.on, entry.schema.name) if file.is_patch else None
                waiting += [] if before is None else [before]


def _bring(side: Snapshot, name: str, *, whole: bool = True) -> None:
    """Have the files of a table here, if they are elsewhere."""
    entry = side.manifest.tables.get(name)
    for file in () if entry is None else _files(side, entry):
        if whole or file.is_patch:
            bring(side, file)


def _without_rows(before: Declared, after: Declared) -> TableDiff:
    empty = [to_arrow_schema(side.schema).empty_table() for side in (before, after)]
    changes = compare_upgraded(
        empty[0],
        empty[1],
        old_schema=before.schema,
        new_schema=after.schema,
        old_coverage=before.coverage,
        new_coverage=after.coverage,
    )
    return TableDiff(after.schema.name, changes)
