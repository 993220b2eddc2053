"""A dataset, as users hold it: its revisions in order, and what can be asked across them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.dataset.revision import BOOKKEEPING, Revision
from azds.errors import InvalidInputError, NotFoundError
from azds.ids import KeyValue, format_key, near_names
from azds.store.folder import DatasetFolder

if TYPE_CHECKING:  # what loads pyarrow is imported where it is asked for
    import pyarrow as pa

    from azds.checks import Finding
    from azds.dataset.committing import Committed
    from azds.dataset.diff import Diff
    from azds.dataset.history import History
    from azds.dataset.patches import Patch
    from azds.dataset.series import Series
    from azds.dataset.snapshot import Snapshot
    from azds.records import Record

__all__ = ["Dataset"]


class Dataset:
    """Tables with a history: ``dataset["2016"]["relations"]``."""

    def __init__(self, folder: DatasetFolder, types: "Iterable[type[Record]]" = ()) -> None:
        self.folder = folder
        self._types = {one.table_name or one.__name__: one for one in types}
        self._snapshots: dict[str, Snapshot] = {}

    @property
    def name(self) -> str:
        """The dataset's name."""
        return self.folder.name

    @cached_property
    def revisions(self) -> tuple[Revision, ...]:
        """The revisions in their declared order; no table is read."""
        return tuple(Revision(manifest) for manifest in self.folder.revisions())

    def __iter__(self) -> Iterator[str]:
        """The labels, in order."""
        return (revision.label for revision in self.revisions)

    def __len__(self) -> int:
        """How many revisions there are."""
        return len(self.revisions)

    def __repr__(self) -> str:
        """The dataset with its revisions in one line."""
        return f"<Dataset {self.name}: {', '.join(self) or 'no revisions'}>"

    def _repr_html_(self) -> str:
        """The revisions as a table, for notebooks."""
        from azds.dataset.html import dataset_html  # noqa: PLC0415 - for notebooks alone

        return dataset_html(self)

    def __getitem__(self, label: str) -> "Snapshot":
        """The snapshot of a revision.

        Raises:
            NotFoundError: `unknown-revision`, with the near ones.
        """
        from azds.dataset.snapshot import Snapshot  # noqa: PLC0415 - loads pyarrow

        if label not in self._snapshots:
            self._snapshots[label] = Snapshot(self.folder, label, self._types)
        return self._snapshots[label]

    def with_types(self, *types: "type[Record]") -> "Dataset":
        """The same dataset with record types: rows come back as these, commits are checked by them.

        ``store["cities"].with_types(City)``
        """
        return Dataset(self.folder, types)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of all tables of all revisions; the bookkeeping last."""
        names = dict.fromkeys(name for r in self.revisions for name in r.manifest.tables)
        return tuple(sorted(names, key=lambda name: name in BOOKKEEPING))

    def table(self, name: str) -> "pa.Table":
        """A table of all revisions, stacked.

        Shape: the columns ``revision`` and ``coverage``, then those of the table; in
        order of revisions, then keys. Columns that a revision lacks are null there.

        Raises:
            NotFoundError: `unknown-table`.
            InvalidInputError: `bad-column`, if a column changed its type.
        """
        from azds.dataset.stack import stack  # noqa: PLC0415 - loads pyarrow

        self._known(name)
        return stack(name, [self[label] for label in self])

    def commit(  # noqa: PLR0913 - a revision, and what is known of it
        self,
        label: str,
        tables: Mapping[str, object] = MappingProxyType({}),
        *,
        upserts: Mapping[str, object] | None = None,
        deletes: Mapping[str, object] | None = None,
        patches: "Mapping[str, Patch] | None" = None,
        key: "str | Sequence[str] | Mapping[str, Sequence[str]]" = (),
        coverage: Coverage | Mapping[str, Coverage] | None = None,
        date: str | None = None,
        message: str = "",
        author: str = "",
        allow_rejections: int = 0,
        confirm_removals: bool = False,
        most_removed: float = 0.2,
    ) -> "Committed":
        """Store a revision: for each table a path, an Arrow-compatible object, or rows.

        Instead of whole tables, `upserts` puts rows in place of those with their key in the
        revision before, `deletes` takes out the rows of some keys, and `patches` apply; all
        else is as it was there, and is not read.

        `key` names the key columns of tables that are new and not declared;
        `coverage` says how much each table holds where that is not all.
        Message and author stand in the log; no digest of the data depends on them.

        Raises:
            InvalidInputError: the input breaks a rule; nothing was committed.
            RefusedError: `rows-rejected`, `rows-removed`; nothing was committed.
            StorageError, IntegrityError: from the store.
        """
        from azds.dataset.committing import COMPLETE, Options, commit_tables  # noqa: PLC0415

        is_change = bool(upserts or deletes or patches)
        options = Options(
            key=(key,) if isinstance(key, str) else key,
            coverage=coverage if coverage is not None else ({} if is_change else COMPLETE),
            date=date,
            message=message,
            author=author,
            allow_rejections=allow_rejections,
            confirm_removals=confirm_removals,
            most_removed=most_removed,
        )
        if is_change:
            from azds.dataset.changing import Changes, commit_changes  # noqa: PLC0415

            changes = Changes(upserts, deletes, patches)
            if tables:
                raise InvalidInputError(
                    "bad-argument", "a commit has whole tables or changes, not both", where=label
                )
            done = commit_changes(self.folder, label, changes, options)
        else:
            done = commit_tables(self.folder, label, tables, options, self._types)
        self._snapshots.clear()
        self.__dict__.pop("revisions", None)
        return done

    def diff(self, old: str, new: str, tables: Sequence[str] | None = None) -> "Diff":
        """All changes from one revision to another; the order is yours.

        Raises:
            NotFoundError: `unknown-revision`, `unknown-table`.
        """
        from azds.dataset.diff import Diff  # noqa: PLC0415 - loads pyarrow

        return Diff(self[old], self[new], tables)

    def series(self, measure: str) -> "Series":
        """The designated counts of a measure, in the declared order.

        Raises:
            NotFoundError: `unknown-measure`.
        """
        from azds.dataset.series import build_series  # noqa: PLC0415 - loads pyarrow

        return build_series(measure, [self[label] for label in self])

    def schema(self, table: str) -> TableSchema:
        """The columns of a table, as the latest revision that has it declares them.

        Raises:
            NotFoundError: `unknown-table`.
        """
        self._known(table)
        holders = [r.manifest for r in self.revisions if table in r.manifest.tables]
        return holders[-1].tables[table].schema

    def history(self, table: str, *key: KeyValue) -> "History":
        """One key through all revisions: ``history("relations", "BLR")``.

        Raises:
            NotFoundError: `unknown-table`, `unknown-key`.
        """
        return self.history_of(table, format_key(key))

    def history_of(self, table: str, key: str) -> "History":
        """The same by the canonical key string.

        Raises:
            NotFoundError: `unknown-table`, `unknown-key`.
        """
        from azds.dataset.history import build_history  # noqa: PLC0415 - loads pyarrow

        self._known(table)
        return build_history(table, key, [self[label] for label in self])

    def sql(self, query: str) -> "pa.Table":
        """What a query in DuckDB's SQL gives; see `azds.sql`.

        Raises:
            RefusedError: `missing-extra`, without DuckDB.
            InvalidInputError: `bad-argument`, where it is no query that only reads.
        """
        from azds.dataset.sql import sql  # noqa: PLC0415 - an extra

        return sql(self, query)

    def check(self) -> "list[Finding]":
        """What a careful reader should know: contradictions, gaps, doubts. May be empty.

        The shipped rules look at tables of shipped record types; rules of one's own
        (`azds.check`) follow.
        """
        from azds.checks import check_dataset, own_findings  # noqa: PLC0415 - loads pyarrow

        snapshots = [self[label] for label in self]
        tables = {
            (one.label, name): one[name].to_arrow()
            for one in snapshots
            for name, entry in one.manifest.tables.items()
            if entry.schema.record
        }
        keys: dict[str, dict[str, pa.Table]] = {}
        seen = set()
        for one in snapshots:
            for name, entry in one.manifest.tables.items():
                if entry.digest not in seen and entry.schema.key:
                    held = tables.get((one.label, name)) or one[name].to_arrow()
                    keys.setdefault(name, {})[one.label] = held.select(list(entry.schema.key))
                    seen.add(entry.digest)
        manifests = [snapshot.manifest for snapshot in snapshots]
        return [*check_dataset(manifests, tables, keys), *own_findings(self)]

    def _known(self, table: str) -> None:
        if table not in self.tables:
            raise NotFoundError(
                "unknown-table",
                "no such table",
                where=self.name,
                got=repr(table),
                advice=near_names(table, self.tables),
            )
