"""The version that a change asks for, under the two published conventions and azds's own.

Frictionless Data (https://datapackage.org/recipes/data-package-version/) counts a corrected value
as a patch, Croissant 1.1 as a major change; azds takes the larger of both, row by row of `RULES`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from azds.columns import Role, TableSchema
from azds.dataset.diff import CATEGORIES, Diff, TableDiff
from azds.dataset.snapshot import Snapshot
from azds.release.version import Level, larger
from azds.store.manifest import TableEntry

__all__ = ["RULES", "Bump", "Reason", "Side", "compute_bump"]

RULES: Mapping[str, tuple[Level, Level, Level]] = {
    "first-release": ("none", "none", "none"),
    "revision-added": ("minor", "minor", "minor"),
    "table-added": ("minor", "minor", "minor"),
    "rows-added": ("minor", "major", "major"),
    "values-corrected": ("patch", "major", "major"),
    "rows-removed": ("major", "major", "major"),
    "revision-removed": ("major", "major", "major"),
    "table-removed": ("major", "major", "major"),
    "key-changed": ("major", "major", "major"),
    "column-added": ("major", "minor", "major"),
    "column-changed": ("major", "major", "major"),
    "bytes-rewritten": ("none", "patch", "patch"),
    "wording-changed": ("patch", "none", "patch"),
    "coverage-restated": ("patch", "patch", "patch"),
    "path-moved": ("none", "patch", "major"),
}
"""What each kind of change asks for: Frictionless, Croissant, and the larger, or azds's ruling
where a change breaks readers and neither convention says so (`path-moved`)."""

_WORDS = {
    "first-release": "the first release",
    "revision-added": "a new revision",
    "table-added": "a new table",
    "rows-added": "rows added inside a published revision",
    "values-corrected": "values corrected inside a published revision",
    "rows-removed": "rows removed from a published revision",
    "revision-removed": "a published revision is gone",
    "table-removed": "a published table is gone",
    "key-changed": "the key of a table changed",
    "column-added": "columns added",
    "column-changed": "columns removed, reordered or retyped",
    "bytes-rewritten": "the same rows in other bytes",
    "wording-changed": "title, description or attribution say something else",
    "coverage-restated": "how much a source could show is stated anew",
    "path-moved": "a file has another path",
}
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a version: the rule, where, how many rows, and the first of their keys."""

    rule: str
    where: str = ""
    rows: int = 0
    keys: tuple[str, ...] = ()

    @property
    def levels(self) -> tuple[Level, Level, Level]:
        """Under Frictionless, Croissant, azds."""
        return RULES[self.rule]

    def __str__(self) -> str:
        """The reason in one line."""
        where = f"{self.where}: " if self.where else ""
        more = " ..." if self.rows > len(self.keys) else ""
        keys = f": {', '.join(self.keys)}{more}" if self.keys else ""
        rows = f" ({self.rows:,} row{'' if self.rows == 1 else 's'}{keys})" if self.rows else ""
        return f"{where}{_WORDS[self.rule]}{rows}"

    def to_document(self) -> dict[str, object]:
        """As ``release.json`` holds it."""
        frictionless, croissant, azds = self.levels
        return {
            "rule": self.rule,
            "where": self.where,
            "rows": self.rows,
            "keys": list(self.keys),
            "frictionless": frictionless,
            "croissant": croissant,
            "azds": azds,
            "says": str(self),
        }


@dataclass(frozen=True, slots=True)
class Bump:
    """How far the version has to move, and why."""

    reasons: tuple[Reason, ...]

    @property
    def frictionless(self) -> Level:
        """Under the convention of Frictionless Data."""
        return larger(*(one.levels[0] for one in self.reasons))

    @property
    def croissant(self) -> Level:
        """Under that of Croissant 1.1."""
        return larger(*(one.levels[1] for one in self.reasons))

    @property
    def chosen(self) -> Level:
        """The larger of both, and of azds's own rulings."""
        return larger(*(one.levels[2] for one in self.reasons))

    def to_document(self) -> dict[str, object]:
        """As ``release.json`` holds it."""
        return {
            "frictionless": self.frictionless,
            "croissant": self.croissant,
            "chosen": self.chosen,
            "reasons": [one.to_document() for one in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Side:
    """A release as the bump sees it, built or about to be.

    Attributes:
        snapshots: The revisions in it, in order.
        held: All labels that its store has, in the release or not.
        paths: Of the Parquet files, by table and label.
        sha256: Of the same files.
        words: Title, description, attribution: what people read.
    """

    snapshots: Sequence[Snapshot]
    held: frozenset[str]
    paths: Mapping[tuple[str, str], str]
    sha256: Mapping[tuple[str, str], str]
    words: Mapping[str, str]


def compute_bump(old: Side | None, new: Side) -> Bump:
    """What the change from one release to the next asks for; `old` is None for the first."""
    if old is None:
        return Bump((Reason("first-release"),))
    return Bump(tuple(_reasons(old, new)))


def _reasons(old: Side, new: Side) -> Iterator[Reason]:
    before = {one.label: one for one in old.snapshots}
    after = {one.label: one for one in new.snapshots}
    for label in before:
        if label not in after and label not in new.held:
            yield Reason("revision-removed", label)
    yield from (Reason("revision-added", label) for label in after if label not in before)
    for label, one in after.items():
        if label in before:
            yield from _snapshot_reasons(before[label], one)
    newest = old.snapshots[-1], new.snapshots[-1]
    if newest[1].label not in before:
        yield from _rolled_reasons(*newest, is_whole=len(new.snapshots) > 1)
    yield from _file_reasons(old, new)
    if changed := sorted(
        n for n in {*old.words, *new.words} if old.words.get(n) != new.words.get(n)
    ):
        yield Reason("wording-changed", ", ".join(changed))


def _snapshot_reasons(old: Snapshot, new: Snapshot) -> Iterator[Reason]:
    """The same revision in both releases."""
    before, after = old.manifest.tables, new.manifest.tables
    for name, entry in before.items():
        if name not in after:
            yield Reason("table-removed", f"{old.label} {name}", entry.rows)
    for name, entry in after.items():
        where = f"{new.label} {name}"
        if name not in before:
            yield Reason("table-added", where)
            continue
        yield from _schema_reasons(where, before[name].schema, entry.schema)
        if before[name].schema.key == entry.schema.key and before[name].digest != entry.digest:
            yield from _row_reasons(where, Diff(old, new, [name])[name])
        if before[name].coverage != entry.coverage:
            yield Reason("coverage-restated", where)


def _rolled_reasons(old: Snapshot, new: Snapshot, *, is_whole: bool) -> Iterator[Reason]:
    """The newest revision is another one: its tables have to be read as those before were."""
    before, after = old.manifest.tables, new.manifest.tables
    for name, entry in before.items():
        if name not in after and not is_whole:
            yield Reason("table-removed", f"{new.label} {name}", entry.rows)
    for name, entry in after.items():
        where = f"{new.label} {name}"
        if name not in before:
            yield Reason("table-added", where)
        else:
            yield from _schema_reasons(where, before[name].schema, entry.schema)


def _schema_reasons(where: str, old: TableSchema, new: TableSchema) -> Iterator[Reason]:
    if old.key != new.key:
        yield Reason("key-changed", where)
    before = [(column.name, column.type) for column in old.columns]
    after = [(column.name, column.type) for column in new.columns]
    if before == after:
        return
    is_added = [column for column in after if column in before] == before
    yield Reason("column-added" if is_added else "column-changed", where)


def _row_reasons(where: str, found: TableDiff) -> Iterator[Reason]:
    changes = found.changes
    counts = {name: getattr(changes, name).num_rows for name in CATEGORIES}
    added = counts["added"] + counts["newly_stated"] + changes.not_comparable_new.num_rows
    removed = counts["removed"] + counts["unstated"] + changes.not_comparable_old.num_rows
    corrected = found.count_changed((Role.FACT, Role.WORDING, Role.PLACE))
    if added:
        yield Reason("rows-added", where, added, _keys([found.added, found.newly_stated]))
    if removed:
        yield Reason("rows-removed", where, removed, _keys([found.removed, found.unstated]))
    if corrected or not (added or removed or changes.schema_change):
        yield Reason("values-corrected", where, corrected)


def _keys(tables: Iterable[object]) -> tuple[str, ...]:
    keys = [key for table in tables for key in table.keys()[:_SHOWN].to_pylist()]  # type: ignore[attr-defined]
    return tuple(keys[:_SHOWN])


def _file_reasons(old: Side, new: Side) -> Iterator[Reason]:
    entries = _entries(old), _entries(new)
    for at, path in new.paths.items():
        if at not in old.paths:
            continue
        where = f"{at[1]} {at[0]}"
        if old.paths[at] != path:
            yield Reason("path-moved", where)
        is_equal = entries[0][at].digest == entries[1][at].digest
        if is_equal and old.sha256[at] != new.sha256[at]:
            yield Reason("bytes-rewritten", where)


def _entries(side: Side) -> dict[tuple[str, str], TableEntry]:
    return {
        (name, one.label): entry
        for one in side.snapshots
        for name, entry in one.manifest.tables.items()
    }
